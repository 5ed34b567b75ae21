// SPDX-License-Identifier: GPL-2.0
/*
 * Sleepers on hashed wait queues.
 *
 * A kext sleeps on an address, so there is nothing to put a wait queue head
 * into: the address picks one of a few queues, and the wake function lets only
 * sleepers of the same address go. A sleeper is on its queue before the kext's
 * lock is dropped; from then on nothing is lost, whoever wakes it and when.
 */

#include <linux/hash.h>
#include <linux/hrtimer.h>
#include <linux/sched/signal.h>

#include "../kpi_priv.h"
#include "wait.h"

#define QUEUE_BITS	8

static wait_queue_head_t queues[KPI_WAIT_KINDS][1 << QUEUE_BITS];

struct wake_order {
	const void *key;
	wait_result_t result;
	bool one;
};

void kpi_wait_init(void)
{
	int kind, i;

	for (kind = 0; kind < KPI_WAIT_KINDS; kind++)
		for (i = 0; i < ARRAY_SIZE(queues[kind]); i++)
			init_waitqueue_head(&queues[kind][i]);
}

wait_queue_head_t *kpi_wait_queue(enum kpi_wait_kind kind, const void *key)
{
	return &queues[kind][hash_ptr(key, QUEUE_BITS)];
}

/* Called with the queue's lock held; taking the entry off is the last access to it. */
static int sleeper_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct kpi_sleeper *s = container_of(wait, struct kpi_sleeper, wait);
	const struct wake_order *order = key;

	if (s->key != order->key)
		return 0;

	s->result = order->result;
	s->chosen = order->one;
	WRITE_ONCE(s->woken, true);
	default_wake_function(wait, mode, flags, key);
	list_del_init_careful(&wait->entry);
	return 1;
}

void kpi_sleeper_init(struct kpi_sleeper *s, enum kpi_wait_kind kind, const void *key,
		      unsigned int state)
{
	init_wait(&s->wait);
	s->wait.func = sleeper_wake;
	s->queue = kpi_wait_queue(kind, key);
	s->key = key;
	s->state = state;
	s->woken = false;
	s->chosen = false;
}

/* The sleeper goes to the end of the line; the task is about to sleep. */
void kpi_sleeper_enter(struct kpi_sleeper *s)
{
	s->woken = false;
	prepare_to_wait_exclusive(s->queue, &s->wait, s->state);
}

/* A sleeping kernel thread counts neither as load nor as hung. */
static unsigned int sleep_state(bool interruptible)
{
	if (interruptible)
		return TASK_INTERRUPTIBLE;
	return current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE;
}

void kpi_channel_enter(struct kpi_sleeper *s, const void *channel, bool interruptible)
{
	kpi_sleeper_init(s, KPI_WAIT_CHANNEL, channel, sleep_state(interruptible));
	kpi_sleeper_enter(s);
}

/* False when the deadline has come. */
static bool sleep_until(u64 deadline)
{
	ktime_t expires = min_t(u64, deadline, KTIME_MAX);

	if (deadline == KPI_FOREVER) {
		schedule();
		return true;
	}
	return schedule_hrtimeout(&expires, HRTIMER_MODE_ABS) != 0;
}

static void wake(wait_queue_head_t *queue, struct wake_order *order)
{
	if (wq_has_sleeper(queue))
		__wake_up(queue, TASK_NORMAL, order->one ? 1 : 0, order);
}

/* Who was chosen says it was interrupted instead: the wake-up is somebody else's then. */
static void pass_on(const struct kpi_sleeper *s)
{
	struct wake_order order = { s->key, s->result, .one = true };

	wake(s->queue, &order);
}

/**
 * kpi_sleeper_wait() - sleep until woken, interrupted or late
 * @s:        a sleeper that has entered its queue
 * @deadline: in absolute time, or KPI_FOREVER
 *
 * Return: the waker's result, THREAD_TIMED_OUT or THREAD_INTERRUPTED. A wake-up
 * wins over the deadline; a signal wins over both.
 */
wait_result_t kpi_sleeper_wait(struct kpi_sleeper *s, u64 deadline)
{
	wait_result_t result = THREAD_AWAKENED;
	bool interrupted;

	while (!READ_ONCE(s->woken) && result == THREAD_AWAKENED) {
		if (signal_pending_state(s->state, current))
			break;
		if (!sleep_until(deadline))
			result = THREAD_TIMED_OUT;
		set_current_state(s->state);
	}

	interrupted = signal_pending_state(s->state, current);
	finish_wait(s->queue, &s->wait);
	if (!interrupted)
		return s->woken ? s->result : result;
	if (s->chosen)
		pass_on(s);
	return THREAD_INTERRUPTED;
}

/**
 * kpi_wake() - let sleepers of a key go
 * @kind:   of the queue
 * @key:    the channel or lock
 * @one:    only the one that sleeps longest
 * @result: what they are told
 *
 * Context: Any.
 */
void kpi_wake(enum kpi_wait_kind kind, const void *key, bool one, wait_result_t result)
{
	struct wake_order order = { key, result, one };

	wake(kpi_wait_queue(kind, key), &order);
}
