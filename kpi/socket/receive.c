// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving: sock_receive() and sock_receivembuf().
 *
 * Both go through the same states: have the receive lock; decide whether what
 * is there will do, whether this is the end, or whether to wait; take. Data
 * comes before a pending error, the error before the end of file, and the end
 * of file comes again and again.
 */

#include <linux/net.h>

#include "address.h"
#include "buffer.h"
#include "others.h"
#include "receive.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

/* What to do next; errors are negative. */
enum verdict {
	TAKE,
	END = KPI_RX_END,	/* nothing more will come */
	WAIT,
	NOTHING = KPI_RX_NOTHING	/* what seemed to be there was nothing after all */
};

/*
 * Linux's own receive, never waiting. @msg says where to. Descriptors, credentials and
 * labels that came by AF_UNIX are dropped here: a kext gets none.
 */
ssize_t kpi_recvmsg(struct __socket *so, struct msghdr *msg, int flags)
{
	ssize_t n = sock_recvmsg(so->sock, msg,
				 (flags & (KPI_MSG_PEEK | KPI_MSG_OOB)) | MSG_DONTWAIT);

	if (unlikely(msg->msg_flags & MSG_CTRUNC) && !kpi_so_is_inet(so))
		so->control_cut = true;
	return n;
}

/* Only to who asked for control messages, as on macOS. */
static void tell_cut_control(struct kpi_rx *rx)
{
	if (rx->msg && rx->msg->msg_control)
		rx->result |= KPI_MSG_CTRUNC;
	if (!kpi_rx_peeks(rx))
		rx->so->control_cut = false;
}

/* MSG_WAITALL is kept as a promise only for what the receive buffer could hold. */
bool kpi_rx_wants_all(const struct kpi_rx *rx)
{
	return rx->so->transport->stream && (rx->flags & KPI_MSG_WAITALL) &&
	       rx->want <= kpi_so_rcv_limit(rx->so);
}

static bool must_wait(const struct kpi_rx *rx, size_t unread)
{
	const struct __socket *so = rx->so;

	if (!unread)
		return true;
	if ((rx->flags & KPI_MSG_DONTWAIT) || !so->transport->stream || unread >= rx->want)
		return false;
	return unread < so->rcv_lowat || kpi_rx_wants_all(rx);
}

/* An urgent byte is in the queue: what is in front of it will get no longer. */
static bool is_before_mark(const struct __socket *so)
{
	return kpi_so_is_tcp(so) && kpi_tcp_has_mark(so);
}

/*
 * Nothing to take at the first look. With the socket locked, so that data,
 * error and end are seen in the order in which they came.
 */
static int judge(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	int err = kpi_so_error(so);
	bool closed = kpi_so_read_closed(so);
	size_t unread;

	smp_rmb();	/* what came before error or end is seen, also where no lock orders them */
	unread = kpi_so_unread(so);
	rx->queued = unread;
	if (!must_wait(rx, unread))
		return TAKE;
	if (err)
		return unread ? TAKE : kpi_rx_peeks(rx) ? err : kpi_so_take_error(so);
	if (closed)
		return unread ? TAKE : END;
	if (unread && is_before_mark(so))
		return TAKE;
	if (so->transport->stream && !kpi_so_is_connected(so) && !kpi_so_is_connecting(so))
		return -ENOTCONN;
	if (rx->nonblocking)
		return rx->starved ? -ENOBUFS : -EAGAIN;
	return WAIT;
}

static int judge_locked(struct kpi_rx *rx)
{
	struct sock *sk = rx->so->sk;
	int verdict;

	lock_sock(sk);
	verdict = judge(rx);
	release_sock(sk);
	return verdict;
}

/* How much has to be in the stash before anything can be said. */
static size_t stash_wanted(const struct kpi_rx *rx)
{
	if (kpi_rx_wants_all(rx))
		return rx->want;
	if (likely(kpi_so_is_direct(rx->so) || !rx->so->transport->stream))
		return 0;
	return min_t(size_t, rx->want, rx->so->rcv_lowat);	/* where bytes cannot be counted */
}

/* Of what a BPF map has, Linux's receive does not tell the length first, but of bytes. */
static bool is_taken(const struct __socket *so)
{
	return kpi_so_is_claimed(so) || (!kpi_so_is_plain(so) && !kpi_so_is_tcp(so));
}

static int decide(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;

	if (READ_ONCE(so->closing) || READ_ONCE(so->read_down))
		return END;
	if (unlikely(is_taken(so)))
		return -EBUSY;
	if (so->transport->stream ? !must_wait(rx, kpi_so_unread(so)) : kpi_so_has_data(so))
		return TAKE;
	rx->starved = kpi_stash_fill(so, stash_wanted(rx)) == -ENOMEM;
	return judge_locked(rx);
}

/* Whether it is worth looking again. */
static bool is_woken(void *arg)
{
	struct kpi_rx *rx = arg;
	struct __socket *so = rx->so;

	return READ_ONCE(so->closing) || kpi_so_unread(so) != rx->queued ||
	       kpi_so_error(so) || kpi_so_read_closed(so);
}

/* Every sleep has the whole SO_RCVTIMEO, as on macOS: new data starts it anew. */
int kpi_rx_sleep(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	long timeout = kpi_so_timeout(so->rcv_timeout.sec, so->rcv_timeout.usec);

	if (unlikely(rx->starved))
		return kpi_so_nap(so, is_woken, rx, timeout, &rx->napped);
	return kpi_so_wait(so, is_woken, rx, !so->nointerrupt, timeout);
}

static int take(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	int err = so->transport->stream ? kpi_rx_stream(rx) : kpi_rx_datagram(rx);

	if (err)
		return err;
	if (unlikely(so->control_cut))
		tell_cut_control(rx);
	if (unlikely(so->want_more) && kpi_so_unread(so))
		rx->result |= KPI_MSG_HAVEMORE;
	if (!kpi_rx_peeks(rx))
		WRITE_ONCE(so->progress, true);
	return 0;
}

/* A FIN seen half-way looks like a byte; a datagram may have been bad. */
static int look_again(struct kpi_rx *rx)
{
	int verdict = judge_locked(rx);

	if (verdict == TAKE)
		verdict = take(rx);
	if (verdict == NOTHING)
		verdict = rx->nonblocking ? -EAGAIN : WAIT;
	return verdict;
}

/* TAKE when something was taken, END, WAIT or an error; the receive lock is free again. */
static int try_receive(struct kpi_rx *rx)
{
	int verdict = kpi_so_input_begin(rx->so);

	verdict = verdict ?: kpi_so_lock(rx->so, &rx->so->in->lock, rx->flags);
	if (verdict)
		return verdict;
	verdict = decide(rx);
	if (verdict == TAKE)
		verdict = take(rx);
	if (verdict == NOTHING)
		verdict = look_again(rx);
	mutex_unlock(&rx->so->in->lock);
	return verdict;
}

static int receive(struct kpi_rx *rx)
{
	int verdict, err;

	do {
		verdict = try_receive(rx);
		if (verdict != WAIT)
			return verdict;
		err = kpi_rx_sleep(rx);
	} while (!err);
	return err;
}

/* Only what came with data; msg_namelen is never touched. */
static void tell_name(const struct kpi_rx *rx)
{
	struct bsd_msghdr *msg = rx->msg;

	if (rx->named && msg->msg_name && msg->msg_namelen)
		kpi_addr_copy_out(rx->name, msg->msg_name, min_t(u32, msg->msg_namelen, INT_MAX));
}

static void tell_results(struct kpi_rx *rx)
{
	struct bsd_msghdr *msg = rx->msg;

	if (!msg)
		return;
	tell_name(rx);
	if (msg->msg_control)
		msg->msg_controllen = rx->control_len;
	msg->msg_flags = rx->flags | rx->result;
}

/* What a call finds: 0 with rx filled, or -errno. The end of file is 0 with nothing. */
static int run(struct kpi_rx *rx)
{
	int verdict;

	rx->nonblocking = rx->so->nonblocking ||
			  (rx->flags & (KPI_MSG_DONTWAIT | KPI_MSG_NBIO));
	verdict = receive(rx);
	if (unlikely(verdict == -ENOBUFS))
		kpi_so_lacks_memory(rx->so);
	if (verdict < 0)
		return verdict;
	if (verdict == END) {
		rx->got = 0;
		rx->result = 0;
	}
	tell_results(rx);
	return 0;
}

static int receive_urgent(struct kpi_rx *rx)
{
	int err = kpi_rx_urgent(rx);

	if (err)
		return err;
	rx->result = KPI_MSG_OOB;
	tell_results(rx);
	return 0;
}

/* The sum of the lengths, or -EINVAL for what is no place to receive into. */
static ssize_t iov_room(const struct bsd_msghdr *msg)
{
	size_t room = 0;
	int i;

	if (!msg || msg->msg_iovlen < 1 || msg->msg_iovlen > KPI_IOV_MAX || !msg->msg_iov)
		return -EINVAL;
	if (!msg->msg_iov[0].iov_len || !msg->msg_iov[0].iov_base)
		return -EINVAL;

	for (i = 0; i < msg->msg_iovlen; i++) {
		if (msg->msg_iov[i].iov_len > INT_MAX - room)
			return -EINVAL;
		room += msg->msg_iov[i].iov_len;
	}
	return room;
}

static_assert(sizeof(struct bsd_iovec) == sizeof(struct kvec));
static_assert(offsetof(struct bsd_iovec, iov_len) == offsetof(struct kvec, iov_len));

static int receive_iov(struct __socket *so, struct bsd_msghdr *msg, int flags, size_t room,
		       size_t *got)
{
	struct bsd_sockaddr_storage name __uninitialized;
	struct kpi_rx rx = { .so = so, .msg = msg, .flags = flags, .want = room, .name = &name };
	int err;

	iov_iter_kvec(&rx.iter, ITER_DEST, (struct kvec *)msg->msg_iov, msg->msg_iovlen, room);
	if (flags & KPI_MSG_OOB)
		err = receive_urgent(&rx);
	else if (likely(!so->want_oob) || receive_urgent(&rx))
		err = run(&rx);
	else
		err = 0;
	*got = rx.got;
	return err;
}

/**
 * kpi_sock_receive() - receive into memory
 * @so:       the socket, borrowed
 * @msg:      where to: msg_iov, and what else is wanted; borrowed
 * @flags:    MSG_DONTWAIT, MSG_WAITALL, MSG_PEEK, MSG_OOB ...
 * @recvdlen: out: bytes received; may be NULL. The room is that of msg_iov
 *
 * End of file is 0 with length 0; an empty datagram looks the same. What a
 * datagram has too much is lost, and MSG_TRUNC is set, unless SO_DONTTRUNC.
 * MSG_WAITALL for no more than SO_RCVBUF takes all or nothing: until so much is
 * there (or the end, or an error) it waits, or is EWOULDBLOCK and leaves the
 * data where it is.
 *
 * macOS difference: MSG_DONTWAIT beside MSG_WAITALL takes what is there and
 * does not wait for the rest; more than 1024 elements are EINVAL.
 *
 * Context: Process context.
 * Return: 0; EWOULDBLOCK; EINVAL; ENOTCONN; EINTR or ERESTART; or the pending
 * error of the socket.
 */
errno_t kpi_sock_receive(socket_t so, struct bsd_msghdr *msg, int flags, size_t *recvdlen)
{
	ssize_t room = iov_room(msg);
	size_t got = 0;
	int err;

	if (recvdlen)
		*recvdlen = 0;
	if (room < 0)
		return EINVAL;
	err = KPI_SO_ENTER(so);
	if (err)
		return err == -ESHUTDOWN ? 0 : EINVAL;

	err = receive_iov(so, msg, flags, room, &got);
	kpi_so_leave(so);
	if (!err && recvdlen)
		*recvdlen = got;
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_receive);

static int receive_mbuf(struct __socket *so, struct bsd_msghdr *msg, mbuf_t *data, int flags,
			size_t *len)
{
	struct bsd_sockaddr_storage name __uninitialized;
	struct kpi_rx rx = {
		.so = so, .msg = msg, .flags = flags, .want = *len, .to_mbuf = true, .name = &name,
	};
	int err;

	*len = 0;
	if (flags & KPI_MSG_OOB)
		return -EINVAL;

	err = run(&rx);
	if (err)
		return err;
	*data = rx.packet;
	*len = rx.got;
	return 0;
}

/**
 * kpi_sock_receivembuf() - receive as an mbuf chain
 * @so:      the socket, borrowed
 * @msg:     for the address, control messages and flags; borrowed, may be NULL,
 *           must have no msg_iov
 * @data:    out: the chain; NULL on failure and at the end of file
 * @flags:   as in sock_receive(), but for MSG_OOB
 * @recvlen: in: most bytes wanted; out: bytes received
 *
 * Returns the chain to the caller, who frees it with mbuf_freem(). What was
 * received is not copied where that can be helped; mbuf_mclhasreference() says of
 * each mbuf whether somebody else may read it, too, and the module's parameter
 * private_receive has everything copied. An empty datagram is a chain of length 0,
 * the end of file no chain at all. With MSG_PEEK there is only the length. Otherwise
 * as sock_receive().
 *
 * macOS difference: the chain always has a packet header with the right length;
 * MSG_OOB is EINVAL; as sock_receive().
 *
 * Context: Process context.
 * Return: as sock_receive(), or ENOBUFS without memory.
 */
errno_t kpi_sock_receivembuf(socket_t so, struct bsd_msghdr *msg, mbuf_t *data, int flags,
			     size_t *recvlen)
{
	int err;

	if (!data || !recvlen || !*recvlen || !so)
		return EINVAL;
	if (msg && (msg->msg_iov || msg->msg_iovlen))
		return EINVAL;
	if (*recvlen > INT_MAX) {
		*recvlen = 0;
		return EINVAL;
	}

	err = KPI_SO_ENTER(so);
	*data = NULL;
	if (err) {
		*recvlen = 0;
		return err == -ESHUTDOWN ? 0 : EINVAL;
	}
	err = receive_mbuf(so, msg, data, flags, recvlen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_receivembuf);
