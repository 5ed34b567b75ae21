// SPDX-License-Identifier: GPL-2.0
/* assert_wait: a sleep is announced, and thread_block() begins it. */

#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kpi/clock.h>
#include <kpi/thread.h>

#include "../kpi_priv.h"
#include "wait.h"

/* What assert_wait() announced and thread_block() will do. */
struct announced_wait {
	struct hlist_node node;		/* W: announced_lock */
	struct task_struct *task;
	u64 deadline;
	struct kpi_sleeper sleeper;
};

static DEFINE_HASHTABLE(announced, 6);
static DEFINE_SPINLOCK(announced_lock);

/* Takes the current thread's announced wait off the table. */
static struct announced_wait *announced_take(struct task_struct *task)
{
	struct announced_wait *w;
	unsigned long flags;

	spin_lock_irqsave(&announced_lock, flags);
	hash_for_each_possible(announced, w, node, (unsigned long)task) {
		if (w->task == task) {
			hash_del(&w->node);
			goto found;
		}
	}
	w = NULL;
found:
	spin_unlock_irqrestore(&announced_lock, flags);
	return w;
}

static void announced_put(struct announced_wait *w)
{
	unsigned long flags;

	spin_lock_irqsave(&announced_lock, flags);
	hash_add(announced, &w->node, (unsigned long)w->task);
	spin_unlock_irqrestore(&announced_lock, flags);
}

/* Withdraws a wait that was announced and never begun. */
void kpi_clear_wait(struct task_struct *task)
{
	struct announced_wait *w = announced_take(task);

	if (!w)
		return;
	finish_wait(w->sleeper.queue, &w->sleeper.wait);
	kfree(w);
}

void kpi_announce_exit(void)
{
	struct announced_wait *w;
	struct hlist_node *next;
	int i;

	hash_for_each_safe(announced, i, next, w, node) {
		hash_del(&w->node);
		finish_wait(w->sleeper.queue, &w->sleeper.wait);
		kfree(w);
	}
}

/**
 * kpi_assert_wait_deadline() - announce a sleep until an absolute time
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @deadline:      absolute time; 0: for ever
 *
 * From now on a wake-up of @event ends the sleep that thread_block() begins.
 *
 * macOS difference: without memory thread_block() returns at once, as if woken.
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait_deadline(event_t event, wait_interrupt_t interruptible,
				       u_int64_t deadline)
{
	struct announced_wait *w;

	kpi_clear_wait(current);
	w = kmalloc(sizeof(*w), GFP_ATOMIC);
	if (!w)
		return THREAD_WAITING;

	w->task = current;
	w->deadline = deadline;
	kpi_channel_enter(&w->sleeper, event, interruptible != THREAD_UNINT);
	/* until thread_block() the thread runs on, and may be preempted or sleep */
	__set_current_state(TASK_RUNNING);
	announced_put(w);
	return THREAD_WAITING;
}
KPI_EXPORT(kpi_assert_wait_deadline);

/**
 * kpi_assert_wait() - announce a sleep
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: as kpi_assert_wait_deadline().
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait(event_t event, wait_interrupt_t interruptible)
{
	return kpi_assert_wait_deadline(event, interruptible, KPI_FOREVER);
}
KPI_EXPORT(kpi_assert_wait);

/**
 * kpi_assert_wait_timeout() - announce a sleep of a limited time
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @interval:      how many units
 * @scale_factor:  nanoseconds in a unit
 *
 * macOS difference: as kpi_assert_wait_deadline().
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait_timeout(event_t event, wait_interrupt_t interruptible,
				      u_int32_t interval, u_int32_t scale_factor)
{
	u_int64_t deadline;

	kpi_clock_interval_to_deadline(interval, scale_factor, &deadline);
	return kpi_assert_wait_deadline(event, interruptible, deadline);
}
KPI_EXPORT(kpi_assert_wait_timeout);

/* Begins the sleep that was announced; gives way if there is none. */
wait_result_t kpi_announced_sleep(void)
{
	struct announced_wait *w = announced_take(current);
	wait_result_t result;

	if (!w) {
		schedule();
		return THREAD_AWAKENED;
	}
	set_current_state(w->sleeper.state);
	result = kpi_sleeper_wait(&w->sleeper, w->deadline);
	kfree(w);
	return result;
}
