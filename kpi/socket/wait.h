/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that sleep: for what happens on the socket, for its locks, for memory. */
#ifndef _KPI_SOCKET_WAIT_H
#define _KPI_SOCKET_WAIT_H

#include <linux/mutex.h>
#include <linux/wait.h>

#include "socket_priv.h"

/* wait.c */
int kpi_so_wait(struct __socket *so, bool (*done)(void *arg), void *arg, bool interruptible,
		long timeout);
long kpi_so_timeout(long sec, s32 usec);
int kpi_so_lock_taken(const struct __socket *so, struct mutex *lock, int flags);

static inline int kpi_so_lock(const struct __socket *so, struct mutex *lock, int flags)
{
	return likely(mutex_trylock(lock)) ? 0 : kpi_so_lock_taken(so, lock, flags);
}

/* Wakes whoever sleeps in a call; what they wait for is stored before. */
static inline void kpi_so_wake(struct __socket *so)
{
	if (wq_has_sleeper(&so->wait))
		wake_up_all(&so->wait);
}

/* shortage.c: when there is no memory */
int kpi_so_nap(struct __socket *so, bool (*done)(void *arg), void *arg, long timeout,
	       long *napped);
void kpi_so_lacks_memory(struct __socket *so);
void kpi_so_lacks_nothing(struct __socket *so);
void kpi_shortage_exit(void);

#endif /* _KPI_SOCKET_WAIT_H */
