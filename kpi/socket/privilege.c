// SPDX-License-Identifier: GPL-2.0
/*
 * On whose behalf a socket's calls are made: its creator's, whatever thread they
 * come from. Linux asks the running thread for its capabilities and its user,
 * and upcalls run in a kernel thread, which may do everything; so wherever
 * Linux asks, the thread goes by the credentials of the socket.
 */

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/user_namespace.h>

#include "privilege.h"
#include "socket_priv.h"

/**
 * kpi_so_cred_begin() - act as the socket may
 * @so: the socket
 *
 * Return: for kpi_so_cred_end().
 */
const struct cred *kpi_so_cred_begin(struct __socket *so)
{
	const struct cred *cred;

	spin_lock_bh(&so->lock);	/* against sock_setpriv() */
	cred = get_cred(so->cred);
	spin_unlock_bh(&so->lock);
	return override_creds(cred);
}

void kpi_so_cred_end(const struct cred *old)
{
	const struct cred *used = current_cred();

	revert_creds(old);
	put_cred(used);
}

/**
 * kpi_so_set_cred() - say what a socket's calls are made with
 * @so:   the socket
 * @cred: the credentials; consumed
 */
void kpi_so_set_cred(struct __socket *so, const struct cred *cred)
{
	spin_lock_bh(&so->lock);
	swap(so->cred, cred);
	spin_unlock_bh(&so->lock);
	put_cred(cred);			/* NULL in a socket that is new */
}

/* An accepted socket may do what the listener may. */
void kpi_so_inherit_cred(struct __socket *so, struct __socket *listener)
{
	const struct cred *cred;

	spin_lock_bh(&listener->lock);
	cred = get_cred(listener->cred);
	spin_unlock_bh(&listener->lock);
	kpi_so_set_cred(so, cred);
}

/* The same user, who may do everything on this machine. */
static void empower(struct cred *cred)
{
	put_user_ns(cred->user_ns);
	cred->user_ns = get_user_ns(&init_user_ns);
	cred->cap_permitted = CAP_FULL_SET;
	cred->cap_effective = CAP_FULL_SET;
}

/* The same user, who may do nothing that takes a capability. */
static void weaken(struct cred *cred)
{
	cap_clear(cred->cap_inheritable);
	cap_clear(cred->cap_permitted);
	cap_clear(cred->cap_effective);
	cap_clear(cred->cap_ambient);
}

static int set_privileged(struct __socket *so, bool on)
{
	const struct cred *old = kpi_so_cred_begin(so);
	struct cred *cred = prepare_creds();

	kpi_so_cred_end(old);
	if (!cred)
		return -ENOBUFS;
	if (on)
		empower(cred);
	else
		weaken(cred);
	kpi_so_set_cred(so, cred);
	return 0;
}

/**
 * kpi_sock_setpriv() - set or clear the privileged bit
 * @so: the socket, borrowed
 * @on: non-zero: reserved ports and the like are allowed
 *
 * As long as it is not called a socket may do what its creator may; an accepted
 * one what its listener may.
 *
 * macOS difference: who creates a socket is privileged by capabilities of the
 * network namespace's users, not by being root.
 *
 * Context: Process context.
 * Return: 0, EINVAL, or ENOBUFS without memory.
 */
errno_t kpi_sock_setpriv(socket_t so, int on)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = set_privileged(so, on);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_setpriv);
