// SPDX-License-Identifier: GPL-2.0
/* Shutting down one direction of a connection, or both. */

#include <linux/sizes.h>
#include <linux/udp.h>
#include <net/tcp.h>

#include "event.h"
#include "receive.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

/* Bytes, or datagrams. */
static ssize_t queued(struct __socket *so)
{
	if (so->transport->stream)
		return so->transport->queued(so);
	if (so->transport == &kpi_udp_transport)
		return skb_queue_len_lockless(&udp_sk(so->sk)->reader_queue) +
		       skb_queue_len_lockless(&so->sk->sk_receive_queue);
	return skb_queue_len_lockless(&so->sk->sk_receive_queue);
}

/*
 * Throws away what was received and nobody wants any more. What comes meanwhile does not
 * keep the caller: its event makes kpi_so_drain_late() go on.
 */
static void drain(struct __socket *so)
{
	bool stream = so->transport->stream;
	struct msghdr msg = {};
	ssize_t left, n;

	if (kpi_so_input_begin(so))
		return;
	mutex_lock(&so->in->lock);
	kpi_stash_free(so);
	for (left = queued(so); left > 0; left -= stream ? n : 1) {
		iov_iter_discard(&msg.msg_iter, ITER_DEST, SZ_1M);
		n = kpi_recvmsg(so, &msg, 0);
		if (n < 0 || (!n && stream))
			break;
	}
	mutex_unlock(&so->in->lock);
}

/*
 * What comes after the read side was shut down is dropped; on TCP it resets the
 * connection, since nobody will ever open the window again. What was there before has
 * to be gone first.
 */
void kpi_so_drain_late(struct __socket *so)
{
	if (likely(!READ_ONCE(so->read_down)) || !refcount_inc_not_zero(&so->users))
		return;

	smp_mb__after_atomic();		/* either this sees that it is, or shut_read() sees the data */
	if (!READ_ONCE(so->drained) || READ_ONCE(so->closing) || !so->transport->has_data(so))
		;
	else if (kpi_so_is_tcp(so))
		tcp_abort(so->sk, 0);
	else
		drain(so);
	kpi_so_leave(so);
}

/* The read upcall is called one last time; Linux's own event comes too late for it. */
static void end_read_upcall(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	so->read_upcall_ends = !so->process && so->read_upcall.fn;
	spin_unlock_bh(&so->lock);
	kpi_so_post_state(so, true, false, 0);
}

static void shut_read(struct __socket *so)
{
	WRITE_ONCE(so->read_down, true);
	end_read_upcall(so);
	if (!kpi_so_is_connecting(so))	/* where Linux would give the attempt up */
		kernel_sock_shutdown(so->sock, SHUT_RD);
	drain(so);
	drain(so);			/* what lies behind an urgent byte */
	if (so->process)
		return;
	smp_store_mb(so->drained, true);	/* see kpi_so_drain_late() */
	kpi_so_drain_late(so);
}

static void shut_write(struct __socket *so)
{
	if (kpi_so_is_connecting(so))	/* the attempt is given up: nothing to read either */
		WRITE_ONCE(so->read_down, true);
	WRITE_ONCE(so->write_down, true);
	kernel_sock_shutdown(so->sock, SHUT_WR);
	kpi_so_post_state(so, false, true, KPI_SO_FILT_HINT_CANTSENDMORE);
}

/* Older kexts end a thread in sock_accept() this way; the listener goes on. */
static void end_accepts(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	WRITE_ONCE(so->accepts_ended, so->accepts_ended + 1);
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

static int shut_down(struct __socket *so, int how)
{
	bool write_closed;

	if (how != KPI_SHUT_RD && how != KPI_SHUT_WR && how != KPI_SHUT_RDWR)
		return -EINVAL;
	if (kpi_so_is_listening(so) && how != KPI_SHUT_WR)
		end_accepts(so);
	if (!kpi_so_is_connected(so) && !kpi_so_is_connecting(so))
		return -ENOTCONN;

	/* once the read side is shut down, what the peer sends may end everything */
	write_closed = kpi_so_write_closed(so);
	if (how != KPI_SHUT_WR) {
		if (kpi_so_read_closed(so))
			return -ENOTCONN;
		shut_read(so);
	}
	if (how != KPI_SHUT_RD) {
		if (write_closed)
			return -ENOTCONN;
		shut_write(so);
	}
	return 0;
}

/**
 * kpi_sock_shutdown() - end one direction of a connection, or both
 * @so:  the socket, borrowed
 * @how: SHUT_RD, SHUT_WR or SHUT_RDWR
 *
 * Of the read side: what is queued is thrown away, receives find the end of
 * file, the read upcall is called one last time. TCP data that comes later
 * resets the connection. Of the write side: the peer finds the end of file
 * after what is queued, sends find EPIPE. A direction that is shut down
 * already, the read side also by the peer, is ENOTCONN.
 *
 * macOS difference: on a listener the result is ENOTCONN, as in macOS's newest
 * versions; threads that wait in sock_accept() there are woken all the same, with
 * ECONNABORTED, as in older ones. A thread that calls it later waits.
 *
 * Context: Process context.
 * Return: 0, EINVAL, or ENOTCONN.
 */
errno_t kpi_sock_shutdown(socket_t so, int how)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = shut_down(so, how);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_shutdown);

/**
 * kpi_socket_defunct() - make a socket useless
 * @p:     the process it is taken from
 * @so:    the socket, borrowed
 * @level: how useless
 *
 * macOS difference: not offered; no kext but Apple's can link it there.
 *
 * Context: Any.
 * Return: EOPNOTSUPP.
 */
errno_t kpi_socket_defunct(proc_t p, socket_t so, int level)
{
	return EOPNOTSUPP;
}
KPI_EXPORT(kpi_socket_defunct);
