// SPDX-License-Identifier: GPL-2.0
/* The filters of a socket one by one, newest first; and what may go wrong with them. */

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>

#include "../../socket/wait.h"
#include "attach.h"
#include "event.h"
#include "filtered.h"
#include "registry.h"
#include "turn.h"
#include "walk.h"

/* A call that has run for so long is named. */
#define LONG_CALL	(30 * HZ)

/* The next filter, held; @a is let go. NULL after the oldest. */
struct kpi_attached *kpi_sflt_next(struct kpi_filtered *f, struct kpi_attached *a)
{
	struct kpi_filter *next;

	if (!a && list_empty_careful(&f->list.filters))
		return NULL;
	next = kpi_filter_next(&f->list, a ? a->filter.number : KPI_ALL_FILTERS);
	if (a)
		kpi_filter_put(&a->filter, false);
	return next ? container_of(next, struct kpi_attached, filter) : NULL;
}

/* Of several threads in the same function one is watched. */
void kpi_sflt_begin(struct kpi_attached *a)
{
	if (!READ_ONCE(a->since))
		WRITE_ONCE(a->since, jiffies | 1);
}

void kpi_sflt_end(struct kpi_attached *a)
{
	WRITE_ONCE(a->since, 0);
}

/* What a filter's function said, in Linux's terms. */
int kpi_sflt_result(struct kpi_attached *a, const char *function, int error)
{
	if (likely(!error))
		return 0;
	if (error == KPI_EJUSTRETURN)
		return KPI_SFLT_JUST_RETURN;
	if (error == KPI_ERESTART)	/* only a signal makes Linux do it again */
		return signal_pending(current) ? -ERESTARTSYS : -EINTR;
	if (error > 0 && error < ERESTARTSYS)
		return -error;
	pr_warn_once("netkpi: %s: %s returned %d, which is no error\n",
		     kpi_kext_name(a->sflt->kext), function, error);
	return -EINVAL;
}

bool kpi_turn_try(struct kpi_turn *turn)
{
	return !cmpxchg(&turn->owner, NULL, current);
}

/**
 * kpi_turn_take() - wait for one's turn to read or write
 * @f:    the socket
 * @turn: which of them
 *
 * No lock of Linux's: what a kext does in a function that is called meanwhile, with
 * other sockets, too, is in no order that anybody could check.
 *
 * Return: 1 if it is the caller's already, in a filter's function it has called;
 * 0; -ERESTARTSYS if the caller is killed meanwhile.
 */
int kpi_turn_take(struct kpi_filtered *f, struct kpi_turn *turn)
{
	might_sleep();
	if (READ_ONCE(turn->owner) == current)
		return 1;
	if (likely(kpi_turn_try(turn)))
		return 0;
	return wait_event_killable(f->so->wait, kpi_turn_try(turn));
}

void kpi_turn_end(struct kpi_filtered *f, struct kpi_turn *turn)
{
	smp_store_release(&turn->owner, NULL);	/* pairs with kpi_turn_try() */
	kpi_so_wake(f->so);
}

static void look_at(struct kpi_filtered *f, void *unused)
{
	struct kpi_attached *a = NULL;

	if (kpi_filtered_is_lost(f))
		kpi_sflt_work(f);
	while ((a = kpi_sflt_next(f, a))) {
		unsigned long since = READ_ONCE(a->since);

		if (!since || time_before(jiffies, since + LONG_CALL) ||
		    test_and_set_bit(0, &a->sflt->told))
			continue;
		pr_warn("netkpi: %s: a function of socket filter \"%s\" has not returned for %u seconds; who uses its socket waits\n",
			kpi_kext_name(a->sflt->kext), a->sflt->f.sf_name, LONG_CALL / HZ);
	}
}

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(looking, look);

static void look(struct work_struct *work)
{
	kpi_sflt_each_socket(look_at, NULL);
	if (kpi_sflt_any())
		queue_delayed_work(kpi_sflt_queue, &looking, LONG_CALL / 3);
}

void kpi_watchdog_start(void)
{
	queue_delayed_work(kpi_sflt_queue, &looking, LONG_CALL / 3);
}

void kpi_watchdog_stop(void)
{
	cancel_delayed_work_sync(&looking);
}
