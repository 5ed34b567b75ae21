/* SPDX-License-Identifier: GPL-2.0 */
/* Between proc.c, cred.c and vfs_context.c. */
#ifndef _KPI_PROC_PRIV_H
#define _KPI_PROC_PRIV_H

#include <kpi/proc.h>

#include "../kpi_priv.h"

void kpi_proc_init(void);

/* The leader of a process, with a reference; NULL if it is gone or kernproc. */
struct task_struct *kpi_proc_task(proc_t p);

/* A credential of macOS is Linux's, under another name. */
static inline const struct cred *kpi_cred_of(kauth_cred_t cred)
{
	return (const struct cred *)cred;
}

static inline kauth_cred_t kpi_kauth_of(const struct cred *cred)
{
	return (kauth_cred_t)cred;
}

#endif /* _KPI_PROC_PRIV_H */
