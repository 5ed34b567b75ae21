/* SPDX-License-Identifier: GPL-2.0 */
/* Between sysctl.c, the files, and sysctl_value.c, the handlers. */
#ifndef _KPI_SYSCTL_PRIV_H
#define _KPI_SYSCTL_PRIV_H

#include <linux/completion.h>

#include <kpi/errno.h>
#include <kpi/sysctl.h>

#include "kern_priv.h"

/* A request whose value comes from text or becomes text. */
struct text_request {
	struct bsd_sysctl_req req;
	bool is_number;
	s64 number;			/* what was written, if it is a number */
	char value[];			/* what was read, or bytes that were written */
};

struct bsd_sysctl_oid *kpi_sysctl_find(const char *name, void **handle);
void kpi_sysctl_put(void *handle);

#endif /* _KPI_SYSCTL_PRIV_H */
