// SPDX-License-Identifier: GPL-2.0
/*
 * Sending: sock_send(), sock_sendmbuf() and sock_sendmbuf_can_wait().
 *
 * All three go through the same states: see whether the connection stands and
 * whether there is space, hand over, or wait and begin again. Space is counted
 * in bytes, as macOS does. A chain goes as a whole or not at all, also on a
 * stream; memory goes as far as there is space.
 */

#include <linux/net.h>

#include "../mbuf/header.h"
#include "buffer.h"
#include "event.h"
#include "others.h"
#include "send.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

/* Room beyond the limit for an urgent byte. */
#define URGENT_ROOM	1024

static size_t space_left(const struct kpi_tx *tx, size_t unsent)
{
	size_t limit = tx->so->snd_limit;

	if (tx->flags & KPI_MSG_OOB)
		limit += URGENT_ROOM;
	return limit > unsent ? limit - unsent : 0;
}

/* Whether what is left may go, or, of a stream's bytes, a worthwhile part of it. */
static bool is_enough(const struct kpi_tx *tx, size_t space)
{
	size_t control = tx->sent ? 0 : tx->control_len;

	if (space >= tx->len - tx->sent + control)
		return true;
	return !tx->atomic && space >= min(tx->so->snd_lowat, tx->so->snd_limit) &&
	       space > control;
}

bool kpi_tx_has_space(const struct kpi_tx *tx, size_t unsent)
{
	return is_enough(tx, space_left(tx, unsent));
}

/* What macOS looks at before the space. */
static int check_connection(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;
	int err;

	if (READ_ONCE(so->closing) || kpi_so_write_closed(so))
		return -EPIPE;
	if (kpi_so_is_claimed(so))
		return -EBUSY;
	err = kpi_so_take_error(so);
	if (err)
		return err;
	if (likely(kpi_so_is_connected(so)))
		return 0;
	if (so->transport->stream)
		return !tx->len && tx->control_len ? 0 : -ENOTCONN;
	if (kpi_so_is_system(so))
		return -ENOTCONN;
	return tx->msg && tx->msg->msg_name ? 0 : -EDESTADDRREQ;
}

/* Datagrams have a limit only if the kext set one; else it is Linux's. */
static bool is_too_long(const struct kpi_tx *tx)
{
	const struct __socket *so = tx->so;

	if (!so->transport->stream && !so->sndbuf_set)
		return false;
	return (tx->atomic && tx->len > so->snd_limit) || tx->control_len > so->snd_limit;
}

/**
 * kpi_tx_admit() - how much may be sent now
 * @tx:     the send call
 * @unsent: bytes that still wait in the socket
 *
 * Return: bytes, 0 only if there are none to send; -EAGAIN to wait for space;
 * -errno.
 */
ssize_t kpi_tx_admit(struct kpi_tx *tx, size_t unsent)
{
	size_t left = tx->len - tx->sent;
	size_t space = space_left(tx, unsent);
	int err = check_connection(tx);

	if (err)
		return err;
	if (is_too_long(tx))
		return -EMSGSIZE;
	if (!tx->so->transport->stream)
		return left;
	return is_enough(tx, space) ? min(left, space) : -EAGAIN;
}

static bool is_worth_a_try(void *arg)
{
	struct kpi_tx *tx = arg;
	struct __socket *so = tx->so;

	return READ_ONCE(so->closing) || kpi_so_write_closed(so) || kpi_so_error(so) ||
	       so->transport->may_push(tx);
}

static int wait_for_space(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;
	long timeout = kpi_so_timeout(so->snd_timeout.sec, so->snd_timeout.usec);
	int err;

	atomic_inc(&so->writers);
	kpi_so_want_space(so);
	if (unlikely(tx->starved))
		err = kpi_so_nap(so, is_worth_a_try, tx, timeout, &tx->napped);
	else
		err = kpi_so_wait(so, is_worth_a_try, tx, !so->nointerrupt, timeout);
	atomic_dec(&so->writers);
	return err;
}

static int send_waiting(struct kpi_tx *tx)
{
	int err;

	do {
		err = tx->so->transport->push(tx);
		if (err != -EAGAIN)
			return err;
		if (tx->nonblocking) {
			if (tx->starved)
				kpi_so_lacks_memory(tx->so);
			return err;
		}
		err = wait_for_space(tx);
	} while (!err);
	return err;
}

static int check_flags(const struct kpi_tx *tx)
{
	if ((tx->flags & KPI_MSG_OOB) && !kpi_so_is_tcp(tx->so))
		return -EOPNOTSUPP;
	if ((tx->flags & KPI_MSG_EOR) && tx->so->transport->stream)
		return -EINVAL;
	return 0;
}

/* TCP drops control messages; an AF_UNIX stream has use only for what a kext does not have. */
static int refuse_descriptors(const struct kpi_tx *tx)
{
	if (tx->so->transport != &kpi_unix_transport)
		return 0;
	return kpi_control_to_linux(tx->msg, NULL, 0);
}

/* macOS puts control messages into one plain mbuf. */
static int check_control(struct kpi_tx *tx)
{
	const struct bsd_msghdr *msg = tx->msg;

	if (!msg || !msg->msg_control)
		return 0;
	if (msg->msg_controllen < sizeof(struct bsd_cmsghdr) || msg->msg_controllen > KPI_MLEN)
		return -EINVAL;
	tx->control_len = msg->msg_controllen;
	return refuse_descriptors(tx);
}

/* What was sent before the wait for more was cut short counts as success. */
static bool is_short_count(const struct kpi_tx *tx, int err)
{
	return tx->sent && !tx->atomic &&
	       (err == -EAGAIN || err == -EINTR || err == -ERESTARTSYS);
}

static int run(struct kpi_tx *tx, size_t *sentlen)
{
	struct __socket *so = tx->so;
	struct kpi_feed feed __uninitialized;
	int err;

	tx->feed = &feed;
	tx->atomic |= !so->transport->stream;
	tx->nonblocking = so->nonblocking || (tx->flags & (KPI_MSG_DONTWAIT | KPI_MSG_NBIO));

	err = check_control(tx) ?: check_flags(tx) ?: send_waiting(tx);
	if (is_short_count(tx, err))
		err = 0;
	if (err)
		return err;
	WRITE_ONCE(so->answers, true);
	if (sentlen)
		*sentlen = tx->sent;
	return 0;
}

/* The sum of the lengths, or -errno for what cannot be sent from. */
static ssize_t iov_len(const struct bsd_msghdr *msg)
{
	size_t len = 0;
	int i;

	if (msg->msg_iovlen > KPI_IOV_MAX)
		return -ENOMEM;
	for (i = 0; i < msg->msg_iovlen; i++) {
		if (msg->msg_iov[i].iov_len > INT_MAX - len)
			return -EINVAL;
		len += msg->msg_iov[i].iov_len;
	}
	return len;
}

/* A handle that is no good: the error the call ends with. */
static errno_t bad_handle(int err)
{
	return err == -ESHUTDOWN ? EPIPE : EINVAL;
}

/**
 * kpi_sock_send() - send from memory
 * @so:      the socket, borrowed
 * @msg:     msg_iov, and for datagrams name and control messages; borrowed
 * @flags:   MSG_DONTWAIT, MSG_OOB, MSG_DONTROUTE
 * @sentlen: out: bytes sent; may be NULL
 *
 * A stream takes what there is space for and waits for more; if that is cut
 * short, what went out is reported as success. A datagram goes as a whole. No
 * bytes are a probe of a stream's state, and an empty datagram. No signal is
 * ever raised. The memory may be used again at once.
 *
 * macOS difference: MSG_DONTWAIT never waits for space.
 *
 * Context: Process context.
 * Return: 0; EWOULDBLOCK; EPIPE; ENOTCONN; EDESTADDRREQ; EISCONN; EMSGSIZE;
 * ENOBUFS; EINVAL; ENOMEM for more than 1024 elements; EOPNOTSUPP; EINTR or
 * ERESTART; or the pending error of the socket.
 */
errno_t kpi_sock_send(socket_t so, const struct bsd_msghdr *msg, int flags, size_t *sentlen)
{
	struct kpi_tx tx = { .so = so, .msg = msg, .flags = flags };
	ssize_t len;
	int err;

	if (!msg || !msg->msg_iov || msg->msg_iovlen < 1)
		return EINVAL;
	if (sentlen)
		*sentlen = 0;
	len = iov_len(msg);
	if (len < 0)
		return kpi_errno(len);

	err = KPI_SO_ENTER(so);
	if (err)
		return bad_handle(err);
	tx.len = len;
	err = run(&tx, sentlen);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_send);

/* macOS believes the packet header; a kext that does not set it would send nonsense there. */
static bool header_is_wrong(const struct kpi_tx *tx)
{
	return kpi_is_packet(tx->chain) && kpi_hdr(tx->chain)->len != tx->len;
}

/* On a socket that is entered. The chain is consumed, here or on the way. */
static int run_chain(struct kpi_tx *tx, size_t *sentlen, unsigned long caller)
{
	int err = -EMSGSIZE;

	tx->len = kpi_chain_len(tx->chain);
	if (unlikely(tx->atomic && header_is_wrong(tx)))
		kpi_misuse_from(caller, "the packet header's length is not the chain's");
	if (tx->len <= INT_MAX)
		err = run(tx, sentlen);
	if (tx->lent)
		kpi_chain_lend(tx->chain);
	kpi_chain_free(tx->chain);
	return err;
}

/* Both calls that send a chain. */
static errno_t send_chain(struct kpi_tx *tx, size_t *sentlen, unsigned long caller)
{
	const char *wrong = tx->chain ? kpi_mbuf_wrong(tx->chain) : NULL;
	const struct bsd_msghdr *msg = tx->msg;
	int err;

	if (unlikely(wrong)) {
		kpi_misuse_from(caller, wrong);
		return EINVAL;
	}
	if (msg && (msg->msg_iov || msg->msg_iovlen)) {
		kpi_chain_free(tx->chain);
		return EINVAL;
	}
	if (sentlen)
		*sentlen = 0;
	if (!tx->chain)
		return EINVAL;
	err = kpi_so_enter(tx->so, caller);
	if (err) {
		kpi_chain_free(tx->chain);
		return bad_handle(err);
	}

	err = run_chain(tx, sentlen, caller);
	kpi_so_leave(tx->so);
	return kpi_errno(err);
}

/**
 * kpi_sock_sendmbuf() - send an mbuf chain
 * @so:      the socket, borrowed
 * @msg:     for datagrams name and control messages; borrowed, may be NULL, must
 *           have no msg_iov
 * @data:    the chain
 * @flags:   as in sock_send()
 * @sentlen: out: bytes sent, all or none; may be NULL
 *
 * Consumes the chain, whatever happens. All of it is sent, in one piece, or
 * nothing: on a stream, too, where it waits until there is space for all.
 * Memory that may be is handed to the network without copying; who shares it
 * must leave it alone until mbuf_mclhasreference() says that nobody has it.
 *
 * macOS difference: the length is that of the chain, whatever the packet header
 * says; MSG_DONTWAIT never waits for space.
 *
 * Context: Process context.
 * Return: as sock_send(); EMSGSIZE for more than SO_SNDBUF.
 */
errno_t kpi_sock_sendmbuf(socket_t so, const struct bsd_msghdr *msg, mbuf_t data, int flags,
			  size_t *sentlen)
{
	struct kpi_tx tx = {
		.so = so, .msg = msg, .chain = data, .flags = flags, .atomic = true,
	};

	return send_chain(&tx, sentlen, _RET_IP_);
}
KPI_EXPORT(kpi_sock_sendmbuf);

/**
 * kpi_sock_sendmbuf_can_wait() - send an mbuf chain that may be larger than the buffer
 * @so:      the socket, borrowed
 * @msg:     as in sock_sendmbuf()
 * @data:    the chain
 * @flags:   as in sock_send()
 * @sentlen: out: bytes sent; may be NULL
 *
 * Consumes the chain, whatever happens. On a stream it goes out in pieces, as
 * there is space; if the wait is cut short, what went out is reported as
 * success. Otherwise as sock_sendmbuf().
 *
 * macOS difference: @msg may be NULL, and the chain may have any number of mbufs.
 *
 * Context: Process context.
 * Return: as sock_send().
 */
errno_t kpi_sock_sendmbuf_can_wait(socket_t so, const struct bsd_msghdr *msg, mbuf_t data,
				   int flags, size_t *sentlen)
{
	struct kpi_tx tx = {
		.so = so, .msg = msg, .chain = data, .flags = flags,
	};

	return send_chain(&tx, sentlen, _RET_IP_);
}
KPI_EXPORT(kpi_sock_sendmbuf_can_wait);
