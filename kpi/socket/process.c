// SPDX-License-Identifier: GPL-2.0
/*
 * Handles of processes' sockets, for filters.
 *
 * No descriptor is held, so the process may close its socket at any time. The handle
 * has the inode, which is the memory of the struct socket, and the struct sock. When
 * the socket is released, calls in progress are waited for; those that come later
 * find it closed. A kext may retain the handle beyond that.
 */

#include <linux/fs.h>
#include <linux/net.h>
#include <linux/rcupdate.h>

#include "handle.h"
#include "process.h"
#include "receive.h"

/* A handle for a socket that nobody releases meanwhile; NULL without memory. */
struct __socket *kpi_so_of_process(struct socket *sock)
{
	struct __socket *so = kpi_so_alloc_process();

	if (!so)
		return NULL;
	if (kpi_so_adopt(so, sock, NULL)) {
		kpi_so_discard(so);
		return NULL;
	}
	ihold(SOCK_INODE(sock));
	sock_hold(so->sk);
	kpi_so_leave(so);
	return so;
}

/* The last user gives the inode back. Who ends the socket may wait for this one. */
void kpi_so_leave_process(struct __socket *so)
{
	struct socket *sock = so->sock;
	bool last;

	rcu_read_lock();
	last = refcount_dec_and_test(&so->users);
	if (!last)
		wake_up_all(&so->wait);
	rcu_read_unlock();
	if (!last)
		return;
	kpi_stash_free(so);
	iput(SOCK_INODE(sock));
	kpi_so_put(so);
}

/* The socket is about to be released: nobody gets at it by the handle any more. */
void kpi_so_end_process(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	WRITE_ONCE(so->closing, true);
	spin_unlock_bh(&so->lock);
	smp_mb();			/* see kpi_so_enter() */
	wake_up_all(&so->wait);
	wait_event(so->wait, refcount_read(&so->users) == 1);
}

/* Undoes one sock_retain(), also after the end; false if there was none. */
bool kpi_so_release_process(struct __socket *so)
{
	bool retained;

	spin_lock_bh(&so->lock);
	retained = so->retains;
	so->retains -= retained;
	spin_unlock_bh(&so->lock);
	if (retained)
		kpi_so_put(so);
	return retained;
}
