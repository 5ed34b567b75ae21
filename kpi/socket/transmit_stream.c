// SPDX-License-Identifier: GPL-2.0
/*
 * Handing bytes to TCP, by its own functions, with the socket locked.
 *
 * The space was counted in bytes before; Linux counts memory. So that a message
 * that was admitted is never stopped half-way, Linux's limit is raised for as
 * long as it takes.
 */

#include <linux/net.h>
#include <linux/sched.h>
#include <net/tcp.h>

#include "../compat/socket.h"
#include "../mbuf/storage.h"
#include "event.h"
#include "others.h"
#include "send.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

size_t kpi_tcp_unsent(struct __socket *so)
{
	const struct tcp_sock *tp = tcp_sk(so->sk);

	return READ_ONCE(tp->write_seq) - READ_ONCE(tp->snd_una);
}

/* The limit is macOS's, and grows with Linux's as long as the kext has set none. */
static void update_limit(struct __socket *so)
{
	int half = so->sk->sk_sndbuf / 2;

	if (!so->sndbuf_set && half > so->snd_limit)
		WRITE_ONCE(so->snd_limit, half);
}

/*
 * The task's page for small writes is not for a thread that came here out of
 * memory reclaim, in the middle of a send of its own; but that of an upcall's
 * worker is free.
 */
static bool may_use_task_frag(void)
{
	if (likely(!(current->flags & (PF_MEMALLOC | PF_MEMALLOC_NOIO | PF_MEMALLOC_NOFS))))
		return true;
	return kpi_upcall_current();
}

/* Pages by reference, or bytes to be copied. How many Linux took; -errno if none. */
static ssize_t hand_over(struct kpi_tx *tx, struct msghdr *msg, bool pages, bool shared)
{
	struct __socket *so = tx->so;
	ssize_t n;

	msg->msg_flags |= MSG_DONTWAIT | MSG_NOSIGNAL;
	if (pages) {
		msg->msg_flags |= shared ? 0 : MSG_NO_SHARED_FRAGS;
		tx->lent = true;
		n = kpi_compat_send_pages_locked(so->sock, msg);
	} else {
		n = tcp_sendmsg_locked(so->sk, msg, msg_data_left(msg));
	}
	if (n > 0)
		tx->sent += n;
	return n;
}

/* What ends the message ends with the urgent byte, if there is one. */
static int end_flags(const struct kpi_tx *tx)
{
	return (tx->flags & KPI_MSG_OOB ? MSG_OOB : 0) | tx->end_flags;
}

/* Whether all of it is in one piece, as most messages are. */
static bool is_one_piece(const struct kpi_tx *tx, struct kpi_piece *piece)
{
	if (tx->chain) {
		*piece = kpi_piece_of(kpi_mcb(tx->chain));
		return !kpi_next(tx->chain);
	}
	*piece = (struct kpi_piece){ .addr = tx->msg->msg_iov->iov_base };
	return tx->msg->msg_iovlen == 1;
}

/* Of such a message the next @len bytes. */
static ssize_t send_piece(struct kpi_tx *tx, struct kpi_piece *piece, size_t len)
{
	struct msghdr msg = { .msg_flags = end_flags(tx) };
	struct bio_vec page __uninitialized;
	struct kvec copied __uninitialized;
	bool pages;

	piece->addr += tx->sent;
	piece->len = len;
	pages = kpi_piece_has_pages(piece);
	if (pages) {
		kpi_piece_to_page(piece, &page);
		iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, &page, 1, len);
	} else {
		copied = (struct kvec){ piece->addr, len };
		iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &copied, 1, len);
	}
	return hand_over(tx, &msg, pages, piece->shared);
}

/* Of the current run at most @max bytes. */
static ssize_t send_run(struct kpi_tx *tx, size_t max, bool more)
{
	struct kpi_feed *feed = tx->feed;
	struct msghdr msg = {
		.msg_flags = more ? MSG_MORE : end_flags(tx),
		.msg_iter = feed->iter,
	};
	ssize_t n;

	iov_iter_truncate(&msg.msg_iter, max);
	n = hand_over(tx, &msg, feed->pages, feed->shared);
	if (n > 0)
		iov_iter_advance(&feed->iter, n);
	return n;
}

/* At most @len bytes; how many, or -errno if none. */
static ssize_t send_runs(struct kpi_tx *tx, size_t len)
{
	struct kpi_piece piece __uninitialized;
	size_t sent = 0;

	if (is_one_piece(tx, &piece))
		return send_piece(tx, &piece, len);
	if (!tx->sent)
		kpi_feed_begin(tx);

	while (sent < len) {
		struct iov_iter *iter = &tx->feed->iter;
		size_t part;
		ssize_t n;

		if (!iov_iter_count(iter))
			kpi_feed_next(tx->feed, len - sent);
		part = min(iov_iter_count(iter), len - sent);
		n = send_run(tx, part, sent + part < len);
		if (n <= 0)
			return sent ?: n;
		sent += n;
	}
	return sent;
}

/*
 * With Linux's limits out of the way. What a socket has of TCP's memory was
 * looked at before; to let Linux moderate the buffer is to let it have the rest.
 */
static ssize_t send_runs_unlimited(struct kpi_tx *tx, size_t len)
{
	struct sock *sk = tx->so->sk;
	u8 locked = sk->sk_userlocks & SOCK_SNDBUF_LOCK;
	int limit = sk->sk_sndbuf;
	int raised = min_t(s64, (s64)sk->sk_wmem_queued + kpi_memory_for(len), INT_MAX);
	ssize_t n;

	raised = max(raised, limit);
	WRITE_ONCE(sk->sk_sndbuf, raised);
	sk->sk_userlocks &= ~SOCK_SNDBUF_LOCK;
	n = send_runs(tx, len);
	sk->sk_userlocks |= locked;
	if (locked || sk->sk_sndbuf == raised)	/* or Linux has thought better of it meanwhile */
		WRITE_ONCE(sk->sk_sndbuf, limit);
	return n;
}

/*
 * Whether TCP has memory for a message, which then is the socket's. Of one that
 * would need most of what TCP may have at all, there has to be some of it.
 */
static bool has_memory(struct sock *sk, size_t len)
{
	size_t half = (size_t)sk_prot_mem_limits(sk, 2) << (PAGE_SHIFT - 1);
	size_t most = clamp_t(size_t, half, SZ_16K, INT_MAX);

	return sk_wmem_schedule(sk, min(len + len / 8 + SZ_4K, most));
}

static bool is_dead(void *arg)
{
	struct __socket *so = arg;

	return kpi_so_write_closed(so) || READ_ONCE(so->sk->sk_err);
}

/*
 * The machine has no memory for the rest of a message that was begun, and nobody
 * will say when it has. The message was admitted, so the rest is waited for, in
 * a non-blocking call, too; nobody else may send in between.
 */
static int wait_for_memory(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;

	WRITE_ONCE(so->midway, true);
	release_sock(so->sk);
	kpi_so_wait(so, is_dead, so, false, HZ / 50 + 1);
	lock_sock(so->sk);
	WRITE_ONCE(so->midway, false);
	kpi_so_wake(so);
	return is_dead(so) ? -EPIPE : 0;
}

static int send_atomic(struct kpi_tx *tx)
{
	ssize_t n;
	int err;

	while (tx->sent < tx->len) {
		if (unlikely(!kpi_so_is_plain(tx->so)))		/* since the last wait */
			return -EBUSY;
		n = send_runs_unlimited(tx, tx->len - tx->sent);
		if (n > 0)
			continue;
		if (n != -EAGAIN || !tx->sent)
			return n;
		err = wait_for_memory(tx);
		if (err)
			return err;
	}
	return 0;
}

static int push_locked(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;
	ssize_t n;

	lockdep_assert(lockdep_sock_is_held(so->sk));

	do {
		update_limit(so);
		n = kpi_tx_admit(tx, kpi_tcp_unsent(so));
		if (n <= 0)
			return n;
		if (sk_stream_wspace(so->sk) <= 0)
			return -EAGAIN;
		if (tx->atomic)
			return has_memory(so->sk, tx->len) ? send_atomic(tx) : -EAGAIN;
		n = send_runs(tx, n);
	} while (n > 0 && tx->sent < tx->len);
	return min_t(ssize_t, n, 0);
}

static bool has_room(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;

	return !READ_ONCE(so->midway) && kpi_tx_has_space(tx, kpi_tcp_unsent(so)) &&
	       sk_stream_memory_free(so->sk);
}

/* There is room, and yet nothing goes: there is no memory. */
static void note_shortage(struct kpi_tx *tx)
{
	tx->starved = has_room(tx);
	tx->queued = tx->so->sk->sk_wmem_queued;
	set_bit(SOCK_NOSPACE, &tx->so->sock->flags);
}

int kpi_tcp_push(struct kpi_tx *tx)
{
	struct __socket *so = tx->so;
	struct sock *sk = so->sk;
	int err = -EAGAIN;

	lock_sock(sk);
	sk->sk_use_task_frag = may_use_task_frag();
	if (unlikely(!kpi_so_is_direct(so))) {
		release_sock(sk);
		err = kpi_sendmsg_push(tx);
		lock_sock(sk);
	} else if (likely(!so->midway)) {
		err = push_locked(tx);
	}
	if (unlikely(err == -EAGAIN))
		note_shortage(tx);
	release_sock(sk);
	return err;
}

/**
 * kpi_tcp_send_all() - hand over what somebody else has admitted
 * @tx: the send call
 *
 * Return: 0; -EAGAIN with nothing sent, without memory; -errno.
 */
int kpi_tcp_send_all(struct kpi_tx *tx)
{
	struct sock *sk = tx->so->sk;
	int err;

	lock_sock(sk);
	sk->sk_use_task_frag = may_use_task_frag();
	err = has_memory(sk, tx->len) ? send_atomic(tx) : -EAGAIN;
	release_sock(sk);
	return err;
}

/* What comes back of the socket's own memory may be enough. */
bool kpi_tcp_may_push(struct kpi_tx *tx)
{
	if (unlikely(tx->starved))
		return READ_ONCE(tx->so->sk->sk_wmem_queued) < tx->queued;
	return has_room(tx);
}
