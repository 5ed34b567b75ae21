/* SPDX-License-Identifier: GPL-2.0 */
/* Internet addresses as text. */
#ifndef _KPI_INET_H
#define _KPI_INET_H

#include <kpi/types.h>

struct bsd_in_addr;

const char *kpi_inet_ntop(int af, const void *src, char *dst, u_int32_t size);
int kpi_inet_aton(const char *s, struct bsd_in_addr *addr);

#endif /* _KPI_INET_H */
