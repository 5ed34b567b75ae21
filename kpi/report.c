// SPDX-License-Identifier: GPL-2.0
/* The way out for errors, and the report of a kext's mistakes. */

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

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

/* Places get a number when the first mistake is made there, from 1 on. */
static unsigned int number_of(atomic_t *place)
{
	static atomic_t places;
	int number = atomic_read(place);

	if (number)
		return number;
	number = atomic_inc_return(&places);
	return atomic_cmpxchg(place, 0, number) ?: number;
}

/* What is over the limit is not forgotten: the next time it is as new as now. */
bool kpi_misuse_is_new(atomic_t *place, unsigned long caller)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 20);
	unsigned long *told = kpi_kext_told(kpi_kext_at(caller));
	unsigned int number = min_t(unsigned int, number_of(place), KPI_MISUSE_PLACES - 1);

	return !test_bit(number, told) && __ratelimit(&limit) && !test_and_set_bit(number, told);
}
KPI_EXPORT(kpi_misuse_is_new);	/* for tests */

#ifdef KPI_DEBUG
#define warn_or_say(fmt, ...)	WARN(1, fmt, ##__VA_ARGS__)
#else
#define warn_or_say(fmt, ...)	do { pr_warn(fmt, ##__VA_ARGS__); dump_stack(); } while (0)
#endif

void kpi_report_misuse(atomic_t *place, const char *func, unsigned long caller,
		       const char *what)
{
	atomic_long_inc(&misuses);
	if (misuse_quiet || !kpi_misuse_is_new(place, caller))
		return;

	warn_or_say("netkpi: %s: %s(): %s; called from %pS\n",
		    kpi_kext_name(kpi_kext_at(caller)), func, what, (void *)caller);
}

const char *kpi_why_awake(void)
{
	if (kpi_is_direct())
		return "sleeps in a filter that runs directly";
	if (in_hardirq() || in_serving_softirq())
		return "sleeps in an interrupt";
	return "sleeps with a spin lock held";
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
