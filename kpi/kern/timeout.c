// SPDX-License-Identifier: GPL-2.0
/* timeout, bsd_timeout: thread calls that run once and are gone then. */

#include <linux/types.h>

#include <kpi/clock.h>

#include "kern_priv.h"
#include "thread_call_priv.h"
#include "wait.h"

static unsigned long timeout_key(kpi_timeout_func_t fn, void *arg)
{
	return (unsigned long)fn ^ (unsigned long)arg;
}

static void timeout_start(kpi_timeout_func_t fn, void *arg, u64 interval)
{
	gfp_t gfp = kpi_may_sleep() ? GFP_KERNEL | __GFP_NOFAIL : GFP_ATOMIC;
	struct thread_call *call = kpi_call_alloc(arg, gfp);

	if (!call) {
		pr_err("netkpi: no memory for a timeout of %s, which is lost\n",
		       kpi_kext_name(kpi_kext_of(fn)));
		return;
	}
	call->timeout = fn;
	call->kext = kpi_kext_of(fn);
	refcount_inc(&call->refs);	/* somebody may take it back at once */
	kpi_call_hash(call, timeout_key(fn, arg));
	kpi_call_enter(call, NULL, kpi_deadline_after(ktime_get_ns(), interval));
	kpi_call_put(call);
}

/* Takes the timeout that is due first; its reference is the caller's then. */
static struct thread_call *timeout_take(kpi_timeout_func_t fn, void *arg)
{
	struct thread_call *call, *first = NULL;
	unsigned long flags;

	spin_lock_irqsave(&kpi_calls_lock, flags);
	hash_for_each_possible(kpi_calls, call, node, timeout_key(fn, arg))
		if (call->timeout == fn && call->param0 == arg &&
		    (!first || READ_ONCE(call->deadline) < READ_ONCE(first->deadline)))
			first = call;
	if (first)
		hash_del(&first->node);
	spin_unlock_irqrestore(&kpi_calls_lock, flags);
	return first;
}

/**
 * kpi_bsd_timeout() - call a function once, later
 * @fn:  called as fn(arg) in a thread that may sleep
 * @arg: for @fn
 * @ts:  how much later; NULL or zero: at once
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_bsd_timeout(kpi_timeout_func_t fn, void *arg, struct bsd_timespec *ts)
{
	u64 interval = 0;

	if (ts && ts->tv_sec >= 0 && ts->tv_nsec >= 0)
		interval = ts->tv_sec >= KTIME_SEC_MAX ? KTIME_MAX :
			   (u64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
	timeout_start(fn, arg, interval);
}
KPI_EXPORT(kpi_bsd_timeout);

/**
 * kpi_bsd_untimeout() - take one call of kpi_bsd_timeout() back
 * @fn:  the function
 * @arg: its argument
 *
 * Does not wait for a function that is running.
 *
 * macOS difference: none.
 *
 * Context: Any but hard interrupts.
 */
void kpi_bsd_untimeout(kpi_timeout_func_t fn, void *arg)
{
	struct thread_call *call = timeout_take(fn, arg);

	if (!call)
		return;
	kpi_call_cancel(call);
	kpi_call_put(call);
}
KPI_EXPORT(kpi_bsd_untimeout);

/**
 * kpi_timeout() - call a function once, some ticks later
 * @fn:    called as fn(arg) in a thread that may sleep
 * @arg:   for @fn
 * @ticks: how much later, in 1/100 s
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_timeout(kpi_timeout_func_t fn, void *arg, int ticks)
{
	timeout_start(fn, arg, ticks > 0 ? ticks * KPI_TICK_NSEC : 0);
}
KPI_EXPORT(kpi_timeout);

/**
 * kpi_untimeout() - take one call of kpi_timeout() back
 * @fn:  the function
 * @arg: its argument
 *
 * macOS difference: none.
 *
 * Context: Any but hard interrupts.
 */
void kpi_untimeout(kpi_timeout_func_t fn, void *arg)
{
	kpi_bsd_untimeout(fn, arg);
}
KPI_EXPORT(kpi_untimeout);
