/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that sleep on channels and for locks, in hashed wait queues; and until when. */
#ifndef _KPI_KERN_WAIT_H
#define _KPI_KERN_WAIT_H

#include <linux/sched.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <kpi/sleep.h>

#define KPI_FOREVER	0ull	/* a deadline that never comes */

/* now + an interval; never passes the end of time. */
static inline u64 kpi_deadline_after(u64 now, u64 interval)
{
	return now + interval < now ? U64_MAX : now + interval;
}

/*
 * Sleepers. A channel and a lock may have the same address, so they are on
 * different wait queues.
 */
enum kpi_wait_kind {
	KPI_WAIT_CHANNEL,
	KPI_WAIT_LOCK,
	KPI_WAIT_KINDS
};

struct kpi_sleeper {
	struct wait_queue_entry wait;
	wait_queue_head_t *queue;
	const void *key;
	unsigned int state;		/* the task's state while it sleeps */
	bool woken;			/* W: queue->lock */
	bool chosen;			/* W: queue->lock; nobody else was woken */
	wait_result_t result;		/* W: queue->lock; what the waker said */
};

wait_queue_head_t *kpi_wait_queue(enum kpi_wait_kind kind, const void *key);
void kpi_sleeper_init(struct kpi_sleeper *s, enum kpi_wait_kind kind, const void *key,
		      unsigned int state);
void kpi_sleeper_enter(struct kpi_sleeper *s);
wait_result_t kpi_sleeper_wait(struct kpi_sleeper *s, u64 deadline);
void kpi_wake(enum kpi_wait_kind kind, const void *key, bool one, wait_result_t result);
void kpi_wait_init(void);

/* Enters the channel; the caller then drops its lock and waits. */
void kpi_channel_enter(struct kpi_sleeper *s, const void *channel, bool interruptible);

void kpi_clear_wait(struct task_struct *task);
wait_result_t kpi_announced_sleep(void);
void kpi_announce_exit(void);

#endif /* _KPI_KERN_WAIT_H */
