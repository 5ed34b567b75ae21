/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of the user process whose thread is running. */
#ifndef _KPI_USER_H
#define _KPI_USER_H

#include <kpi/handles.h>

int kpi_copyin(const user_addr_t uaddr, void *kaddr, size_t len);
int kpi_copyout(const void *kaddr, user_addr_t uaddr, size_t len);
int kpi_copyinstr(const user_addr_t uaddr, void *kaddr, size_t len, size_t *done);
int kpi_copyoutstr(const void *kaddr, user_addr_t uaddr, size_t len, size_t *done);
int kpi_copystr(const void *from, void *to, size_t len, size_t *done);

int kpi_fubyte(user_addr_t addr);
int kpi_subyte(user_addr_t addr, int byte);
long kpi_fuword(user_addr_t addr);
int kpi_suword(user_addr_t addr, long word);
int64_t kpi_fulong(user_addr_t addr);
int kpi_sulong(user_addr_t addr, int64_t value);

#endif /* _KPI_USER_H */
