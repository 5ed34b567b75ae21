// SPDX-License-Identifier: GPL-2.0
/* Sockets go: close, retain, release. */

#include "event.h"
#include "handle.h"
#include "process.h"
#include "transport.h"
#include "wait.h"

static void disable_upcalls(struct __socket *so)
{
	lockdep_assert_held(&so->lock);

	so->read_upcall = (struct kpi_upcall){};
	so->write_upcall = (struct kpi_upcall){};
	if (so->events)
		so->events->fn = NULL;
	so->data_events = 0;
	so->read_event = false;
	so->write_event = false;
}

/* Never for our own upcall: a kext may close a socket in the socket's upcall. */
static void wait_for_upcall(struct __socket *so)
{
	if (kpi_upcall_current() != so)
		wait_event(so->wait, !READ_ONCE(so->running));
}

/* What tells an orderly end from a reset. */
static void prepare_linger(struct __socket *so)
{
	struct sock *sk = so->sk;

	if (READ_ONCE(so->in->stash.len) && kpi_so_is_tcp(so)) {
		sock_no_linger(sk);
		return;
	}
	if (!so->nonblocking)
		return;

	lock_sock(sk);
	if (sock_flag(sk, SOCK_LINGER) && sk->sk_lingertime)
		sock_reset_flag(sk, SOCK_LINGER);
	release_sock(sk);
}

/*
 * Before sock_release(): the struct sock outlives it, in FIN_WAIT or because of packets on their
 * way, and would go on calling. Who begins to listen at the same time sees that it is closing, or
 * is seen here.
 */
static void stop_hearing(struct __socket *so)
{
	lock_sock(so->sk);
	kpi_so_unhook(so);
	release_sock(so->sk);
	if (so->watch)
		kpi_so_unwatch(so);
}

/* Who sleeps inside Linux does not hear of the close otherwise. */
static void end_connection(struct __socket *so)
{
	prepare_linger(so);
	stop_hearing(so);
	wake_up_all(&so->wait);
	smp_mb();			/* see kpi_so_enter() */
	if (refcount_read(&so->users) > 2)
		kernel_sock_shutdown(so->sock, SHUT_RDWR);
}

/* The process goes on with its socket. */
static void give_back(struct __socket *so)
{
	kpi_so_unwatch(so);
	kpi_so_forget_handle(so);
	wake_up_all(&so->wait);
}

/**
 * kpi_so_close() - the real close, once
 * @so: the socket; the caller is a user of its own
 *
 * The struct socket goes with the last user, so whoever sleeps in a call is
 * woken first.
 */
void kpi_so_close(struct __socket *so)
{
	bool wait;

	spin_lock_bh(&so->lock);
	if (so->closing || so->retains || !so->owner_gone) {	/* somebody was quicker */
		spin_unlock_bh(&so->lock);
		return;
	}
	WRITE_ONCE(so->closing, true);
	disable_upcalls(so);
	wait = so->closewait;
	spin_unlock_bh(&so->lock);

	if (wait)
		wait_for_upcall(so);

	kpi_kext_charge(so->owner, KPI_HELD_SOCKET, -1);
	kpi_connect_timer_stop(so);
	kpi_so_lacks_nothing(so);
	if (so->borrowed)
		give_back(so);
	else
		end_connection(so);
	kpi_so_leave(so);
}

/**
 * kpi_sock_close() - close a socket
 * @so: the socket, or NULL
 *
 * Consumes the socket. While it is retained it stays open; the sock_release()
 * that takes the last retain count closes it then. No upcall starts once this
 * was called. Threads that sleep in a call on the socket return: a receive with
 * end of file, a send with EPIPE, an accept with ECONNABORTED.
 *
 * A running upcall is not waited for, unless SO_UPCALLCLOSEWAIT is on. May be
 * called from the socket's own upcall, which goes on to its end.
 *
 * The socket of a process's descriptor is not the kext's to close: that is
 * reported, and nothing happens.
 *
 * macOS difference: no upcall is called by the close itself; sleepers on an
 * unconnected datagram socket are woken, too; with SO_UPCALLCLOSEWAIT, a close
 * in the own upcall does not wait for itself but returns.
 *
 * Context: Process context. Sleeps for SO_UPCALLCLOSEWAIT and SO_LINGER.
 */
void kpi_sock_close(socket_t so)
{
	bool retained, again;

	if (!so || KPI_SO_ENTER(so))
		return;
	if (kpi_so_is_lent(so)) {
		kpi_misuse(so->process ? "closes a process's socket"
				       : "closes the socket of a descriptor; file_drop() gives it back");
		kpi_so_leave(so);
		return;
	}

	spin_lock_bh(&so->lock);
	again = so->owner_gone;
	so->owner_gone = true;
	retained = so->retains;
	spin_unlock_bh(&so->lock);

	if (again)
		kpi_misuse("socket closed twice");
	else if (!retained)
		kpi_so_close(so);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_close);

/**
 * kpi_sock_retain() - keep a socket open
 * @so: the socket, or NULL
 *
 * Shares the socket: it stays open until as many calls of sock_release() have
 * been made, even if the owner closes it before.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 */
void kpi_sock_retain(socket_t so)
{
	if (!so || KPI_SO_ENTER(so))
		return;

	spin_lock_bh(&so->lock);
	so->retains++;
	spin_unlock_bh(&so->lock);
	if (so->process)
		refcount_inc(&so->refs);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_retain);

/* Takes one retain count away; -1 if there was none, 1 if the socket is to be closed now. */
static int drop_retain(struct __socket *so, bool *wait)
{
	int verdict = -1;

	spin_lock_bh(&so->lock);
	*wait = so->closewait && so->running;
	if (so->retains) {
		so->retains--;
		verdict = !so->retains && so->owner_gone;
		if (*wait)
			disable_upcalls(so);
	}
	spin_unlock_bh(&so->lock);
	return verdict;
}

/**
 * kpi_sock_release() - undo sock_retain()
 * @so: the socket, or NULL
 *
 * Closes the socket if its owner has closed it and nobody else retains it. With
 * SO_UPCALLCLOSEWAIT and an upcall running, every release takes the upcalls away
 * and waits for the running one.
 *
 * macOS difference: a release too many is reported and ignored, where macOS
 * panics; an AF_UNIX socket is closed also when it is not connected; in the own
 * upcall it does not wait for itself.
 *
 * Context: Process context. Sleeps as sock_close().
 */
void kpi_sock_release(socket_t so)
{
	bool wait;
	int verdict;

	if (!so)
		return;
	if (kpi_so_is_process(so)) {		/* also after its end */
		if (!kpi_so_release_process(so))
			kpi_misuse("socket released more often than retained");
		return;
	}
	if (KPI_SO_ENTER(so))
		return;

	verdict = drop_retain(so, &wait);
	if (verdict < 0)
		kpi_misuse("socket released more often than retained");
	else if (wait)
		wait_for_upcall(so);
	if (verdict > 0)
		kpi_so_close(so);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_release);
