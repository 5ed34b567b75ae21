// SPDX-License-Identifier: GPL-2.0
/* Accepting connections. */

#include <linux/sched.h>

#include "../filter/socket/ask.h"
#include "address.h"
#include "event.h"
#include "handle.h"
#include "privilege.h"
#include "state.h"
#include "wait.h"

/* One call: the listener, and how often calls had been ended when it began. */
struct accept_call {
	struct __socket *so;
	u32 ended;
};

static bool is_gone(struct __socket *so)
{
	return READ_ONCE(so->closing) || !kpi_so_is_listening(so);
}

static bool is_ended(const struct accept_call *call)
{
	return READ_ONCE(call->so->accepts_ended) != call->ended;
}

static bool may_accept(void *arg)
{
	const struct accept_call *call = arg;
	struct __socket *so = call->so;

	return is_gone(so) || is_ended(call) || kpi_so_has_connection(so) || kpi_so_error(so);
}

/* Waits for a connection; one that was there may have gone to another thread by the next line. */
static int wait_for_connection(struct accept_call *call, bool nonblocking)
{
	struct __socket *so = call->so;
	int err;

	if (nonblocking)
		return kpi_so_has_connection(so) ? kpi_so_take_error(so) : -EAGAIN;

	err = kpi_so_wait(so, may_accept, call, true, MAX_SCHEDULE_TIMEOUT);
	if (err)
		return err;
	if (is_gone(so) || (is_ended(call) && !kpi_so_has_connection(so)))
		return -ECONNABORTED;
	return kpi_so_take_error(so);
}

/* The connection's user is the creator, as the listener's is. */
static int linux_accept(struct __socket *so, struct socket **sock)
{
	const struct cred *old = kpi_so_cred_begin(so);
	int err = kernel_accept(so->sock, sock, O_NONBLOCK);

	kpi_so_cred_end(old);
	return err;
}

static int take_connection(struct __socket *so, bool nonblocking, struct socket **sock)
{
	struct accept_call call = { .so = so, .ended = READ_ONCE(so->accepts_ended) };
	int err;

	do {
		err = wait_for_connection(&call, nonblocking);
		if (err)
			return err;
		err = linux_accept(so, sock);
	} while (err == -EAGAIN && !nonblocking);
	return err == -EINVAL ? -ECONNABORTED : err;	/* no listener any more */
}

/* The peer's address, if it is still there: a connection may have been reset meanwhile. */
static void tell_peer(struct __socket *so, struct bsd_sockaddr *from, int fromlen)
{
	struct bsd_sockaddr_storage name;

	if (from && !kpi_so_name(so, true, &name))
		kpi_addr_copy_out(&name, from, fromlen);
}

/* A filter does not want the connection; nobody has it yet. */
static void refuse(struct __socket *fresh)
{
	spin_lock_bh(&fresh->lock);
	fresh->owner_gone = true;
	spin_unlock_bh(&fresh->lock);
	kpi_so_close(fresh);
	kpi_so_leave(fresh);
}

/* On failure there is no fresh socket any more. */
static int accept_into(struct __socket *so, struct __socket *fresh, bool nonblocking,
		       const struct kpi_upcall *upcall)
{
	const struct kpi_upcall none = {};
	struct socket *sock;
	int err;

	err = take_connection(so, nonblocking, &sock);
	if (err) {
		kpi_so_discard(fresh);
		return err;
	}

	WRITE_ONCE(so->progress, true);
	err = kpi_so_adopt(fresh, sock, so);
	if (err) {
		sock_release(sock);
		kpi_so_discard(fresh);
		return err;
	}
	err = kpi_sflt_greet_accepted(fresh, so);
	if (err) {
		refuse(fresh);
		return err;
	}
	kpi_upcall_hold(fresh);
	kpi_upcall_set(fresh, upcall, &none);
	return 0;
}

static int accept_on(struct __socket *so, struct bsd_sockaddr *from, int fromlen, int flags,
			 const struct kpi_upcall *upcall, struct kpi_kext *owner,
			 socket_t *new_so)
{
	struct __socket *fresh;
	int err;

	if (!new_so || (from && fromlen < 0) || !kpi_so_is_listening(so))
		return -EINVAL;
	if (flags & ~KPI_MSG_DONTWAIT)
		return -EOPNOTSUPP;

	fresh = kpi_so_alloc(owner ?: upcall->kext);
	if (!fresh)
		return -ENOBUFS;

	err = accept_into(so, fresh, so->nonblocking || flags, upcall);
	if (err)
		return err;
	tell_peer(fresh, from, fromlen);
	*new_so = fresh;
	kpi_so_leave(fresh);
	return 0;
}

static errno_t accept_for(socket_t so, struct bsd_sockaddr *from, int fromlen, int flags,
			  sock_upcall callback, void *cookie, struct kpi_kext *owner,
			  unsigned long caller, socket_t *new_so)
{
	const struct kpi_upcall upcall = kpi_upcall_of(callback, cookie);
	int err;

	if (kpi_so_enter(so, caller))
		return EINVAL;
	err = accept_on(so, from, fromlen, flags, &upcall, owner, new_so);
	kpi_so_leave(so);
	return kpi_errno(err);
}

/**
 * kpi_sock_accept() - take a connection from a listener
 * @so:       the listener, borrowed
 * @from:     where the peer's address goes, or NULL
 * @fromlen:  room there; a longer address is cut without notice
 * @flags:    MSG_DONTWAIT: do not wait for a connection; nothing else
 * @callback: upcall of the new socket, or NULL for none
 * @cookie:   what @callback is given
 * @new_so:   where the socket goes; untouched on failure
 *
 * Returns the socket to the caller, who must give it to sock_close(). It has the
 * listener's FIONBIO, options and buffer limits, but not its upcalls, timeouts,
 * low-water marks and SO_UPCALLCLOSEWAIT. When called inside an upcall, the new
 * socket's own upcall is called only after that one has returned.
 *
 * A connection that was reset while it waited is delivered all the same: its
 * data, its error and its end can be read.
 *
 * macOS difference: a negative @fromlen is EINVAL.
 *
 * Context: Process context.
 * Return: 0; EWOULDBLOCK; EINVAL for what is no listener; ENOTSUP for other
 * flags; ECONNABORTED if the listener is closed, or sock_shutdown() is called on it,
 * while the caller waits; EINTR or ERESTART; ENOBUFS.
 */
errno_t kpi_sock_accept(socket_t so, struct bsd_sockaddr *from, int fromlen, int flags,
			sock_upcall callback, void *cookie, socket_t *new_so)
{
	return accept_for(so, from, fromlen, flags, callback, cookie, kpi_kext_caller(),
			  _RET_IP_, new_so);
}
KPI_EXPORT(kpi_sock_accept);

/**
 * kpi_sock_accept_internal() - take a connection from a listener
 * @so:       as in sock_accept()
 * @from:     as in sock_accept()
 * @fromlen:  as in sock_accept()
 * @flags:    as in sock_accept()
 * @callback: as in sock_accept()
 * @cookie:   as in sock_accept()
 * @new_so:   as in sock_accept()
 *
 * The name that sock_accept() has in macOS's own builds. Returns the socket to
 * the caller.
 *
 * macOS difference: as sock_accept().
 *
 * Context: Process context.
 * Return: as sock_accept().
 */
errno_t kpi_sock_accept_internal(socket_t so, struct bsd_sockaddr *from, int fromlen, int flags,
				 sock_upcall callback, void *cookie, socket_t *new_so)
{
	return accept_for(so, from, fromlen, flags, callback, cookie, kpi_kext_caller(),
			  _RET_IP_, new_so);
}
KPI_EXPORT(kpi_sock_accept_internal);
