/* SPDX-License-Identifier: GPL-2.0 */
/* SO_NKE: a program asks for a filter on its socket. */
#ifndef _KPI_SFLT_NKE_H
#define _KPI_SFLT_NKE_H

#include <linux/sockptr.h>

struct socket;

int kpi_sflt_attach_by_option(struct socket *sock, sockptr_t value, unsigned int len);
void kpi_nke_init(void);
void kpi_nke_exit(void);

#endif /* _KPI_SFLT_NKE_H */
