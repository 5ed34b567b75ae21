// SPDX-License-Identifier: GPL-2.0
/*
 * Listening to a socket by its wait queue, as poll does, where the callbacks are
 * not ours to take: those of a descriptor's socket are the process's, connections
 * would inherit those of a listener, and a connection may have been taken by
 * somebody else in the kernel before it was accepted.
 */

#include <linux/poll.h>
#include <linux/slab.h>

#include "event.h"
#include "wait.h"

struct kpi_watch {
	struct __socket *so;
	struct wait_queue_entry wait;
	atomic_t events;		/* EPOLL... that were seen */
	struct work_struct work;	/* reports them */
};

static void report(struct work_struct *work)
{
	struct kpi_watch *watch = container_of(work, struct kpi_watch, work);

	kpi_so_post_poll(watch->so, (__force __poll_t)atomic_xchg(&watch->events, 0));
}

/* With the wait queue's lock held and interrupts off: only wake, and note what has happened. */
static int noticed(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct kpi_watch *watch = container_of(wait, struct kpi_watch, wait);
	__poll_t events = key_to_poll(key) ?: EPOLLHUP;

	atomic_or((__force int)events, &watch->events);
	queue_work(kpi_event_queue, &watch->work);
	kpi_so_wake(watch->so);
	return 0;
}

/* The entry, unless there is one, or nobody wants to hear of the socket any more. */
static bool put_entry(struct __socket *so, struct kpi_watch *watch)
{
	bool wanted;

	lock_sock(so->sk);
	wanted = !so->watch && !READ_ONCE(so->closing);
	if (wanted) {
		so->watch = watch;
		kpi_so_unhook(so);
		add_wait_queue(&so->sock->wq.wait, &watch->wait);
	}
	release_sock(so->sk);
	return wanted;
}

/**
 * kpi_so_watch() - hear of what happens to a socket by its wait queue from now on
 * @so: the socket; a second time does nothing
 *
 * Gives callbacks that were hooked back. Like these, the entry stays until
 * kpi_so_close() calls kpi_so_unwatch().
 *
 * Return: 0, or -ENOBUFS.
 */
int kpi_so_watch(struct __socket *so)
{
	struct kpi_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL);

	if (!watch)
		return -ENOBUFS;
	watch->so = so;
	init_waitqueue_func_entry(&watch->wait, noticed);
	INIT_WORK(&watch->work, report);
	if (!put_entry(so, watch))
		kfree(watch);
	smp_mb();	/* who queues data looks for sleepers; the caller looks for data */
	return 0;
}

/**
 * kpi_so_unwatch() - hear no more of it
 * @so: the socket, closing
 *
 * A report may be under way, but never waits for anything.
 */
void kpi_so_unwatch(struct __socket *so)
{
	struct kpi_watch *watch = so->watch;

	remove_wait_queue(&so->sock->wq.wait, &watch->wait);
	cancel_work_sync(&watch->work);
}
