// SPDX-License-Identifier: GPL-2.0
/* Calls that sleep until something happens on their socket, or another call lets its lock go. */

#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/wait.h>

#include "wait.h"

/* What SO_RCVTIMEO and SO_SNDTIMEO mean in jiffies; the one that runs now does not count. */
long kpi_so_timeout(long sec, s32 usec)
{
	if (!sec && !usec)
		return MAX_SCHEDULE_TIMEOUT;
	if (sec >= MAX_SCHEDULE_TIMEOUT / HZ - 1)
		return MAX_SCHEDULE_TIMEOUT;
	return sec * HZ + usecs_to_jiffies(usec) + 1;
}

/**
 * kpi_so_wait() - sleep until something has happened on a socket
 * @so:            the socket
 * @done:          whether it has; called without locks
 * @arg:           for @done
 * @interruptible: whether a signal ends the sleep
 * @timeout:       in jiffies
 *
 * Return: 0; -EAGAIN after @timeout; -ERESTARTSYS after a signal.
 */
int kpi_so_wait(struct __socket *so, bool (*done)(void *arg), void *arg, bool interruptible,
		long timeout)
{
	long left;

	if (interruptible)
		left = wait_event_interruptible_timeout(so->wait, done(arg), timeout);
	else
		left = wait_event_idle_timeout(so->wait, done(arg), timeout);
	if (left < 0)
		return left;
	return left ? 0 : -EAGAIN;
}

/* The input's lock or snd_lock when somebody else has it. */
int kpi_so_lock_taken(const struct __socket *so, struct mutex *lock, int flags)
{
	if (flags & KPI_MSG_DONTWAIT)
		return -EAGAIN;
	if (!so->nointerrupt)
		return mutex_lock_interruptible(lock);
	mutex_lock(lock);
	return 0;
}
