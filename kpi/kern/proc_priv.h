/* SPDX-License-Identifier: GPL-2.0 */
/* Between proc.c and cred.c. */
#ifndef _KPI_PROC_PRIV_H
#define _KPI_PROC_PRIV_H

#include <kpi/proc.h>

#include "../kpi_priv.h"

void kpi_proc_init(void);

/* The leader of a process, with a reference; NULL if it is gone or kernproc. */
struct task_struct *kpi_proc_task(proc_t p);

#endif /* _KPI_PROC_PRIV_H */
