// SPDX-License-Identifier: GPL-2.0
/* The way out for errors, and the report of a kext's mistakes. */

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/errno.h>

#include "kpi_priv.h"

/* "Restart the system call": -1 on macOS, Linux's number of that name here. */
#define KPI_ERESTART	85

static atomic_long_t misuses;
static bool misuse_quiet;

errno_t kpi_errno(int err)
{
	switch (err) {
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return KPI_ERESTART;
	case -ENOTSUPP:
	case -ENOIOCTLCMD:
		return EOPNOTSUPP;
	default:
		return err < 0 ? -err : err;
	}
}

void kpi_report_misuse(bool *reported, const char *func, unsigned long caller,
		       const char *what)
{
	atomic_long_inc(&misuses);
	if (misuse_quiet || xchg(reported, true))
		return;

	WARN(1, "netkpi: %s(): %s; called from %pS\n", func, what, (void *)caller);
}

unsigned long kpi_misuse_count(void)
{
	return atomic_long_read(&misuses);
}
KPI_EXPORT(kpi_misuse_count);

void kpi_misuse_quiet(bool quiet)
{
	misuse_quiet = quiet;
}
KPI_EXPORT(kpi_misuse_quiet);
