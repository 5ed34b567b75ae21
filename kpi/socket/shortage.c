// SPDX-License-Identifier: GPL-2.0
/*
 * When there is no memory.
 *
 * Nobody tells a socket when there is some again. So who waits for it looks
 * again after a moment, as Linux's own senders do; and a kext that does not
 * wait, and was told that nothing goes, has its upcalls called after one.
 */

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/random.h>
#include <linux/spinlock.h>

#include "event.h"
#include "wait.h"

static void call_again(struct work_struct *work);

static LIST_HEAD(short_of_memory);		/* W: list_lock; each holds a ref */
static DEFINE_SPINLOCK(list_lock);
static DECLARE_DELAYED_WORK(soon, call_again);

/* Not all at once: they would take it away from each other. */
static long a_moment(void)
{
	return 2 + get_random_u32() % (HZ / 5);
}

/**
 * kpi_so_nap() - sleep because there is no memory
 * @so:      the socket
 * @done:    whether something else has happened; called without locks
 * @arg:     for @done
 * @timeout: how long to go on with this in all, in jiffies
 * @napped:  how long that was until now
 *
 * Return: 0 to look again; -EAGAIN after @timeout; -ERESTARTSYS after a signal.
 */
int kpi_so_nap(struct __socket *so, bool (*done)(void *arg), void *arg, long timeout,
	       long *napped)
{
	long moment = min(a_moment(), timeout - *napped);
	int err = kpi_so_wait(so, done, arg, !so->nointerrupt, moment);

	*napped = err == -EAGAIN ? *napped + moment : 0;
	return err == -EAGAIN && *napped < timeout ? 0 : err;
}

static struct __socket *take_first(struct list_head *list)
{
	struct __socket *so;

	spin_lock(&list_lock);
	so = list_first_entry_or_null(list, struct __socket, short_node);
	if (so)
		list_del_init(&so->short_node);
	spin_unlock(&list_lock);
	return so;
}

/* Whether it is worth it the kext finds out. */
static void call_again(struct work_struct *work)
{
	struct __socket *so;
	LIST_HEAD(now);

	spin_lock(&list_lock);
	list_splice_init(&short_of_memory, &now);
	spin_unlock(&list_lock);

	while ((so = take_first(&now))) {
		kpi_so_post_state(so, false, true, 0);
		kpi_so_post_data(so);
		kpi_so_put(so);
	}
}

/**
 * kpi_so_lacks_memory() - call the upcalls again in a moment
 * @so: a socket that is entered, and did not get something for want of memory
 */
void kpi_so_lacks_memory(struct __socket *so)
{
	if (so->process)
		return;			/* it has no upcalls */
	spin_lock(&list_lock);
	if (list_empty(&so->short_node) && !READ_ONCE(so->closing)) {
		refcount_inc(&so->refs);
		list_add_tail(&so->short_node, &short_of_memory);
	}
	spin_unlock(&list_lock);
	queue_delayed_work(kpi_event_queue, &soon, a_moment());
}

/* It is closing. */
void kpi_so_lacks_nothing(struct __socket *so)
{
	bool listed;

	spin_lock(&list_lock);
	listed = !list_empty(&so->short_node);
	list_del_init(&so->short_node);
	spin_unlock(&list_lock);
	if (listed)
		kpi_so_put(so);
}

/* There are no sockets any more. */
void kpi_shortage_exit(void)
{
	cancel_delayed_work_sync(&soon);
}
