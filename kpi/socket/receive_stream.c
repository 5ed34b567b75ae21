// SPDX-License-Identifier: GPL-2.0
/*
 * Taking bytes from streams.
 *
 * TCP's are not copied: tcp_read_sock() shows the received packets, and the
 * mbufs are views of them. Urgent data is the exception: tcp_read_sock() never
 * gets past it, so while there is any, Linux's own receive copies.
 */

#include <linux/skbuff.h>
#include <net/af_unix.h>
#include <net/tcp.h>

#include "../compat/socket.h"
#include "../filter/socket/ask.h"
#include "others.h"
#include "receive.h"
#include "state.h"
#include "transport.h"

/*
 * How far the urgent byte is from the next one to be read. Negative if there is
 * none in the queue. Also called without lock_sock().
 */
static int distance_to_mark(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 copied = READ_ONCE(tp->copied_seq), mark = READ_ONCE(tp->urg_seq);

	if (likely(!READ_ONCE(tp->urg_data)))
		return -1;
	if (before(mark, copied) || !before(mark, READ_ONCE(tp->rcv_nxt)))
		return -1;
	return mark - copied;
}

/* What is in the stash was in front of the mark. */
bool kpi_tcp_has_mark(const struct __socket *so)
{
	int distance = distance_to_mark(so->sk);

	return distance > 0 || (!distance && READ_ONCE(so->in->stash.len));
}

/* In order, but for a FIN, which counts as a byte; Linux says so a moment later. */
static u32 received_in_order(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 bytes = READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq);

	if ((1 << READ_ONCE(sk->sk_state)) & (TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_LISTEN))
		return 0;
	return bytes && sock_flag(sk, SOCK_DONE) ? bytes - 1 : bytes;
}

/*
 * What somebody in between has for us, as one byte: how much it is nobody can tell.
 * While that is TLS, TCP's queue has its records, and what is left of them is not
 * to be read. It may look at them later, in a thread of its own; but when the peer's
 * FIN has come, too, this is where the rest is, and only TLS knows if it is any good.
 */
static size_t queued_behind(struct sock *sk)
{
	bool closed = READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN;
	u32 bytes = received_in_order(sk);

	if (sk_is_readable(sk))
		return 1;
	if (READ_ONCE(inet_csk(sk)->icsk_ulp_ops) && READ_ONCE(sk->sk_prot)->sock_is_readable)
		return bytes && closed;
	return bytes;
}

size_t kpi_tcp_queued(struct __socket *so)
{
	struct sock *sk = so->sk;
	int distance = distance_to_mark(sk);
	u32 bytes;

	if (!kpi_so_is_plain(so))
		return queued_behind(sk);
	if (unlikely(READ_ONCE(so->filtered)))
		return kpi_sflt_so_unread(so) + received_in_order(sk);
	bytes = received_in_order(sk);
	if (likely(distance < 0))
		return bytes;
	if (distance || READ_ONCE(so->in->stash.len))
		return distance;
	return sock_flag(sk, SOCK_URGINLINE) ? bytes : bytes - 1;
}

bool kpi_tcp_has_data(struct __socket *so)
{
	return kpi_tcp_queued(so);
}

struct take {
	struct kpi_chain *chain;
	struct kpi_kext *owner;
	gfp_t gfp;
	int err;
};

/*
 * A packet that is used up to its end is freed at once, when it belongs to
 * nobody; else Linux would leave that to the CPU it came from, and the view
 * would stay a shared one until then.
 */
static int take_views(read_descriptor_t *desc, struct sk_buff *skb, unsigned int off, size_t len)
{
	struct take *take = desc->arg.data;
	int n = min(len, desc->count);

	if (!n)
		return 0;
	n = kpi_chain_view(take->chain, skb, off, n, take->gfp, take->owner);
	if (n <= 0) {
		take->err = n;
		return 0;
	}
	desc->count -= n;
	if (off + n == skb->len)
		skb_orphan(skb);
	return n;
}

static ssize_t take_by_view(struct __socket *so, struct kpi_chain *chain, size_t want)
{
	struct sock *sk = so->sk;
	struct take take = { .chain = chain, .owner = so->owner, .gfp = sk->sk_allocation };
	read_descriptor_t desc = { .arg.data = &take, .count = want };
	int n;

	lockdep_assert(lockdep_sock_is_held(sk));

	n = so->sock->ops->read_sock(sk, &desc, take_views);
	return n ?: take.err;
}

/*
 * How much to make room for: no more than there is. If nobody can tell how much
 * that is, a little, again and again.
 */
#define READY_UNKNOWN	2000

size_t kpi_stream_ready(struct __socket *so, size_t want)
{
	size_t queued = so->transport->queued(so);

	if (queued && kpi_so_is_tcp(so) && !kpi_so_is_plain(so))
		queued = READY_UNKNOWN;
	return min(want, queued);
}

/*
 * Linux's receive, told apart: 0 if there is nothing now, -ENODATA if there will be
 * nothing more. That counts where somebody is in between: who else can tell?
 */
static ssize_t receive_now(struct __socket *so, struct msghdr *msg, int flags)
{
	ssize_t n = kpi_recvmsg(so, msg, flags);

	if (unlikely(!n && kpi_so_is_tcp(so) && !kpi_so_is_plain(so)))
		return -ENODATA;
	return n == -EAGAIN ? 0 : n;
}

/* Bytes into mbufs of their own, by Linux's receive. */
static ssize_t take_by_copy(struct __socket *so, struct kpi_chain *chain, size_t want)
{
	struct msghdr msg = {};
	struct kpi_rx_copy copy;
	ssize_t n;

	want = kpi_stream_ready(so, want);
	if (!want)
		return 0;
	n = kpi_rx_copy_begin(&copy, &msg, want, so);
	if (n)
		return n;
	n = receive_now(so, &msg, 0);
	kpi_rx_copy_end(&copy, max_t(ssize_t, n, 0), chain);
	return n;
}

/*
 * Bytes where Linux has them: how many, 0 if there are none now, -errno; -EOPNOTSUPP if
 * they have to be copied.
 */
ssize_t kpi_tcp_view(struct __socket *so, struct kpi_chain *chain, size_t want)
{
	struct sock *sk = so->sk;
	ssize_t n = -EOPNOTSUPP;

	lock_sock(sk);
	if (likely(!tcp_sk(sk)->urg_data && so->sock->ops->read_sock) && kpi_so_is_plain(so))
		n = take_by_view(so, chain, want);
	release_sock(sk);
	return n;
}

ssize_t kpi_tcp_take(struct __socket *so, struct kpi_chain *chain, size_t want)
{
	ssize_t n = -EOPNOTSUPP;

	if (kpi_so_is_direct(so))
		n = kpi_tcp_view(so, chain, want);
	return n == -EOPNOTSUPP ? take_by_copy(so, chain, want) : n;
}

/* Linux has an urgent byte here, too, and an ordinary read skips it. */
static const struct sk_buff *urgent_byte(const struct sock *sk)
{
#if IS_ENABLED(CONFIG_AF_UNIX_OOB)
	if (!sock_flag(sk, SOCK_URGINLINE))
		return READ_ONCE(unix_sk(sk)->oob_skb);
#endif
	return NULL;
}

size_t kpi_unix_queued(struct __socket *so)
{
	struct sock *sk = so->sk;
	long bytes;

	if (skb_queue_empty_lockless(&sk->sk_receive_queue))
		return 0;
	bytes = kpi_compat_unix_inq(sk) - !!urgent_byte(sk);
	return max(bytes, 0L);
}

/* Under a lock that softirqs take, under which the queue's must not be taken: only compares. */
bool kpi_unix_has_data(struct __socket *so)
{
	const struct sk_buff_head *queue = &so->sk->sk_receive_queue;
	const struct sk_buff *urgent = urgent_byte(so->sk);

	if (skb_queue_empty_lockless(queue))
		return false;
	return !urgent || READ_ONCE(queue->next) != urgent || READ_ONCE(queue->prev) != urgent;
}

ssize_t kpi_unix_take(struct __socket *so, struct kpi_chain *chain, size_t want)
{
	return take_by_copy(so, chain, want);
}

/* What is queued, into the chain or to where the kext said. Bytes, 0 or -errno. */
static ssize_t pull(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	struct msghdr msg = {};
	ssize_t n;

	if (rx->to_mbuf)
		return so->transport->take(so, &rx->chain, rx->want - rx->got);

	msg.msg_iter = rx->iter;
	n = receive_now(so, &msg, 0);
	if (n > 0)
		rx->iter = msg.msg_iter;
	return n;
}

/* What was taken ends at the urgent byte, and so does this receive. */
static bool is_at_mark(const struct kpi_rx *rx)
{
	return rx->got && kpi_so_is_tcp(rx->so) && unlikely(!distance_to_mark(rx->so->sk));
}

/* As much as there is: positive if nothing went wrong. */
static ssize_t fill(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	ssize_t n = 1;

	while (n > 0 && rx->got < rx->want && !is_at_mark(rx) && so->transport->queued(so)) {
		n = pull(rx);
		if (n > 0)
			rx->got += n;
	}
	return n;
}

/*
 * There is waiting in the middle only for more than the receive buffer could
 * hold, or when there is no memory for what is there.
 */
static bool waits_for_more(const struct kpi_rx *rx)
{
	struct __socket *so = rx->so;

	if (rx->got == rx->want || rx->nonblocking || is_at_mark(rx))
		return false;
	if (!(rx->flags & (KPI_MSG_WAITALL | KPI_MSG_WAITSTREAM)))
		return false;
	if (READ_ONCE(so->closing))
		return false;
	return rx->starved || (!kpi_so_error(so) && !kpi_so_read_closed(so));
}

/* Until there is as much as is wanted, or the wait is over; what the last look said. */
static ssize_t fill_waiting(struct kpi_rx *rx)
{
	ssize_t n = fill(rx);

	rx->starved = n == -ENOMEM;
	while ((n > 0 || rx->starved) && waits_for_more(rx)) {
		rx->queued = rx->starved ? kpi_so_unread(rx->so) : 0;
		if (kpi_rx_sleep(rx))
			break;
		n = fill(rx);
		rx->starved = n == -ENOMEM;
	}
	return n;
}

/* What a receive that got nothing has learned. */
static int nothing(ssize_t n)
{
	if (n == -ENODATA)
		return KPI_RX_END;
	return n == -ENOMEM ? -ENOBUFS : n < 0 ? n : KPI_RX_NOTHING;
}

/* A record that is not whole because there was no memory stays where it is. */
static bool is_broken(const struct kpi_rx *rx)
{
	return rx->starved && rx->to_mbuf && rx->got < rx->want && kpi_rx_wants_all(rx) &&
	       !(rx->flags & KPI_MSG_DONTWAIT);
}

static int peek(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	struct msghdr msg = {};
	ssize_t n = 0;
	int err;

	if (rx->to_mbuf) {
		rx->got = min(rx->want, kpi_so_unread(so));
		return rx->got ? 0 : KPI_RX_NOTHING;
	}

	err = kpi_stash_deliver(rx);
	if (err)
		return err;
	if (rx->got < rx->want && !is_at_mark(rx) && so->transport->queued(so)) {
		msg.msg_iter = rx->iter;
		n = receive_now(so, &msg, KPI_MSG_PEEK);
	}
	if (n > 0)
		rx->got += n;
	return rx->got ? 0 : nothing(n);
}

/**
 * kpi_rx_stream() - take bytes from a stream
 * @rx: the receive call; it was decided that there is something
 *
 * Return: 0; KPI_RX_NOTHING; KPI_RX_END; or -errno with nothing taken.
 */
int kpi_rx_stream(struct kpi_rx *rx)
{
	ssize_t n;
	int err;

	if (kpi_rx_peeks(rx))
		return peek(rx);

	err = kpi_stash_deliver(rx);
	if (err)
		return err;
	if (unlikely(kpi_so_is_tcp(rx->so) && sock_flag(rx->so->sk, SOCK_URGINLINE) &&
		     !rx->got && !distance_to_mark(rx->so->sk)))
		rx->result |= KPI_MSG_OOB;

	n = fill_waiting(rx);
	if (unlikely(is_broken(rx)))
		kpi_stash_take_back(rx);
	if (!rx->got)
		return nothing(n);
	if (rx->to_mbuf)
		rx->packet = kpi_chain_finish(&rx->chain);
	return 0;
}

/**
 * kpi_rx_urgent() - take the urgent byte
 * @rx: the receive call
 *
 * Never waits, as on macOS.
 *
 * Return: 0; -EAGAIN if it was announced and has not come; -EINVAL if there is
 * none; -EOPNOTSUPP for what is no TCP socket.
 */
int kpi_rx_urgent(struct kpi_rx *rx)
{
	struct msghdr msg = { .msg_iter = rx->iter };
	ssize_t n;

	if (!kpi_so_is_tcp(rx->so))
		return -EOPNOTSUPP;

	n = kpi_recvmsg(rx->so, &msg, KPI_MSG_OOB | (rx->flags & KPI_MSG_PEEK));
	if (n > 0) {
		rx->got = n;
		return 0;
	}
	return !n ? -EAGAIN : n == -ENOTCONN ? -EINVAL : n;
}
