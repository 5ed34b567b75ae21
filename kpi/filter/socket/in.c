// SPDX-License-Identifier: GPL-2.0
/*
 * Data that comes in, when somebody reads it: the pull model.
 *
 * What Linux has is taken into mbufs, never waiting, shown to the filters, and what
 * they pass is queued in front of Linux's own queue; the reader has it from there. As
 * much is taken as is there, up to a chunk, so that filters see what a segment had
 * and not what a program's buffer has room for. Whoever asks whether there is
 * something to read (poll, FIONREAD) makes the filters look, too, so that the answer
 * is what a read will find.
 *
 * Waiting is done here, on the socket's own wait queue.
 */

#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <asm/ioctls.h>
#include <net/tcp.h>

#include "../../compat/socket.h"
#include "../../mbuf/chain.h"
#include "../../mbuf/header.h"
#include "../../mbuf/reshape.h"
#include "../../socket/receive.h"
#include "../../socket/transport.h"
#include "calls.h"
#include "data.h"
#include "filtered.h"
#include "hands.h"
#include "passed.h"
#include "turn.h"

/* More than all control messages that a datagram brings. */
#define CONTROL_ROOM	512

/* What a look at the queues came to; errors are negative. */
enum { WAIT, DONE };

/* One call of a program's. */
struct reading {
	struct kpi_filtered *f;
	struct sock *sk;
	struct msghdr *msg;
	size_t want, got, target;
	size_t skip;			/* when peeking: SO_PEEK_OFF */
	int flags;
	void *control;			/* of a stream: of the last bytes that were read */
	size_t control_len;
};

static bool peeks(const struct reading *r)
{
	return r->flags & MSG_PEEK;
}

/* Bytes of a stream that Linux has, up to the urgent one. */
static size_t linux_has(const struct kpi_filtered *f)
{
	return max(tcp_inq(f->sk), 0);
}

static bool is_udp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_UDP && sk->sk_type == SOCK_DGRAM;
}

static bool linux_has_datagram(const struct kpi_filtered *f)
{
	struct sock *sk = f->sk;

	if (!skb_queue_empty_lockless(&sk->sk_receive_queue))
		return true;
	return is_udp(sk) && !skb_queue_empty_lockless(&udp_sk(sk)->reader_queue);
}

/* Whether a read may find something there, or with whoever has put another protocol in the place. */
static bool linux_is_readable(const struct kpi_filtered *f)
{
	return (f->stream ? linux_has(f) : linux_has_datagram(f)) || sk_is_readable(f->sk);
}

/* Linux's receive, which must not move the program's SO_PEEK_OFF. */
static int linux_recv(struct kpi_filtered *f, struct msghdr *msg, size_t len, int flags)
{
	struct sock *sk = f->sk;
	int off = READ_ONCE(sk->sk_peek_off);
	int n;

	if (unlikely(off >= 0))
		WRITE_ONCE(sk->sk_peek_off, -1);
	n = f->linux_ops->recvmsg(f->sock, msg, len, flags | MSG_DONTWAIT);
	if (unlikely(off >= 0))
		WRITE_ONCE(sk->sk_peek_off, off);
	return n;
}

/* What was received goes past the filters into the queue, or not. Consumes @p. */
static void pass(struct kpi_filtered *f, struct kpi_passed *p, const struct bsd_sockaddr *from)
{
	mbuf_t control = NULL;
	int result = kpi_sflt_show(f, false, from, &p->data, f->stream ? NULL : &control, 0);

	if (result)
		p->data = NULL;
	else
		kpi_chain_free(control);
	p->len = p->data ? kpi_chain_len(p->data) : 0;
	if (p->len || (p->data && !f->stream))
		kpi_passed_add(f, p);
	else
		kpi_passed_free(f, p);
}

static void keep_control(struct kpi_passed *p, const void *control, size_t len)
{
	if (!len)
		return;
	p->control = kmemdup(control, len, GFP_KERNEL);
	p->control_len = p->control ? len : 0;
}

static int copy_stream(struct kpi_filtered *f, struct kpi_passed *p, struct kpi_chain *chain,
		       size_t want)
{
	char control[CONTROL_ROOM] __aligned(sizeof(size_t)) __uninitialized;
	struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
	struct kpi_rx_copy copy;
	int n;

	if (kpi_rx_copy_begin(&copy, &msg, want, f->so))
		return -ENOMEM;
	n = linux_recv(f, &msg, want, 0);
	kpi_rx_copy_end(&copy, max(n, 0), chain);
	if (n > 0)
		keep_control(p, control, sizeof(control) - msg.msg_controllen);
	return n;
}

/* When bytes came only Linux's receive tells. */
static bool times_are_told(const struct sock *sk)
{
	return sock_flag(sk, SOCK_RCVTSTAMP) || READ_ONCE(sk->sk_tsflags);
}

/* Takes up to @want bytes of the stream: how many, 0 at its end, -EAGAIN, -errno. */
static int take_stream(struct kpi_filtered *f, size_t want)
{
	struct kpi_passed *p = kpi_passed_alloc(f);
	struct kpi_chain chain = {};
	int n = 0;

	if (!p)
		return -ENOMEM;
	if (likely(!times_are_told(f->sk)))
		n = kpi_tcp_view(f->so, &chain, want);
	if (n <= 0)		/* what it is that ends the stream Linux's receive knows */
		n = copy_stream(f, p, &chain, want);
	if (n <= 0) {
		kpi_passed_free(f, p);
		return n;
	}
	p->data = kpi_chain_finish(&chain);
	pass(f, p, NULL);
	return n;
}

static bool is_ping(const struct sock *sk)
{
	return sk->sk_type == SOCK_DGRAM && sk->sk_protocol != IPPROTO_UDP;
}

/* Of these Linux tells how much it has copied, not how long they are. */
static int next_ping_length(struct sock *sk)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	const struct sk_buff *skb;
	int len;

	spin_lock_bh(&queue->lock);
	skb = skb_peek(queue);
	len = skb ? (int)skb->len : -EAGAIN;
	spin_unlock_bh(&queue->lock);
	return len < 0 ? sock_error(sk) ?: len : len;
}

/* The length of the next datagram, which is good then; -EAGAIN; -errno. */
static int next_length(struct kpi_filtered *f)
{
	struct msghdr msg = {};

	if (unlikely(is_ping(f->sk)))
		return next_ping_length(f->sk);
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, NULL, 0, 0);
	return linux_recv(f, &msg, 0, MSG_PEEK | MSG_TRUNC);
}

/* -EAGAIN if the queue is empty, -EINVAL if it is not known whether its first is good. */
static int length_of_first(struct sk_buff_head *queue)
{
	const struct sk_buff *skb;
	int len = -EAGAIN;

	if (skb_queue_empty_lockless(queue))
		return len;
	spin_lock_bh(&queue->lock);
	skb = skb_peek(queue);
	if (skb)
		len = skb_csum_unnecessary(skb) ? skb->len : -EINVAL;
	spin_unlock_bh(&queue->lock);
	return len;
}

/* The same as next_length() of what can be seen without Linux: most of UDP; else negative. */
static int seen_length(const struct kpi_filtered *f)
{
	struct sock *sk = f->sk;
	int len;

	if (!is_udp(sk))
		return -EINVAL;
	len = length_of_first(&udp_sk(sk)->reader_queue);
	return len == -EAGAIN ? length_of_first(&sk->sk_receive_queue) : len;
}

/* Linux's receive into the memory of @m, with name and control messages. */
static int receive(struct kpi_filtered *f, struct kpi_passed *p, size_t len)
{
	char control[CONTROL_ROOM] __aligned(sizeof(size_t)) __uninitialized;
	struct sockaddr_storage name = {};
	struct msghdr msg = { .msg_name = &name, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct kpi_sflt_vec v __uninitialized;
	int n = kpi_sflt_vec(&v, p->data, &msg.msg_iter);

	if (n)
		return n;
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, v.vec, msg.msg_iter.nr_segs, len);
	n = linux_recv(f, &msg, len, 0);
	kpi_sflt_vec_free(&v);
	if (n < 0)
		return n;
	p->cut = msg.msg_flags & MSG_CTRUNC;
	p->namelen = min_t(int, msg.msg_namelen, sizeof(p->name));
	memcpy(&p->name, &name, p->namelen);
	keep_control(p, control, sizeof(control) - msg.msg_controllen);
	return n;
}

/* The same two layouts, but for the first two bytes. */
static void keep_name(struct kpi_passed *p, const struct bsd_sockaddr_storage *from)
{
	p->namelen = from->ss_len;
	memcpy(&p->name, from, sizeof(p->name));
	p->name.sin6_family = from->ss_family;
}

/* Without a copy: 1, -EAGAIN, -errno. */
static int take_bare(struct kpi_filtered *f)
{
	struct bsd_sockaddr_storage from __uninitialized;
	struct kpi_passed *p = kpi_passed_alloc(f);
	int err = 0;

	if (!p)
		return -ENOMEM;
	p->data = kpi_udp_take(f->so, &from, &err);
	if (!p->data) {
		kpi_passed_free(f, p);
		return err;
	}
	keep_name(p, &from);
	pass(f, p, (struct bsd_sockaddr *)&from);
	return 1;
}

static void pass_datagram(struct kpi_filtered *f, struct kpi_passed *p)
{
	struct kpi_sflt_name name __uninitialized;

	if (p->namelen)
		kpi_sflt_name_begin(&name, &p->name, p->namelen);
	pass(f, p, p->namelen ? (struct bsd_sockaddr *)&name.name : NULL);
}

/* Takes a datagram: 1, -EAGAIN, -errno. */
static int take_datagram(struct kpi_filtered *f)
{
	struct kpi_passed *p;
	int len, n;

	if (likely(is_udp(f->sk) && kpi_udp_is_bare(f->sk)))
		return take_bare(f);
	len = seen_length(f);
	if (len < 0)
		len = next_length(f);
	if (len < 0)
		return len;
	p = kpi_passed_alloc(f);
	if (!p)
		return -ENOMEM;
	p->data = kpi_sflt_packet(len);
	n = p->data ? receive(f, p, len) : -ENOMEM;
	if (n < 0) {
		kpi_passed_free(f, p);
		return n;
	}
	if (n < len)
		kpi_chain_trim(p->data, n - len);
	pass_datagram(f, p);
	return 1;
}

/* Where the next bytes for the reader are: of @len at most, how many went there, or -EFAULT. */
static ssize_t copy_out(const struct reading *r, const struct kpi_passed *p, size_t off, size_t len)
{
	struct kpi_walk walk = {};
	struct kpi_piece piece;
	size_t done = 0;

	walk.m = (mbuf_t)kpi_chain_seek(p->data, &off);
	walk.off = off;
	while (done < len && kpi_walk_next(&walk, &piece)) {
		size_t n = min(len - done, piece.len);
		size_t copied = copy_to_iter(piece.addr, n, &r->msg->msg_iter);

		done += copied;
		if (copied == n)
			continue;
		iov_iter_revert(&r->msg->msg_iter, done);
		return -EFAULT;
	}
	return done;
}

/* When the last bytes came is what a reader of several is told. */
static void hold_control(struct reading *r, const struct kpi_passed *p)
{
	if (likely(!p->control))
		return;
	kfree(r->control);
	r->control = kmemdup(p->control, p->control_len, GFP_KERNEL);
	r->control_len = r->control ? p->control_len : 0;
}

/* As many of the queue's bytes as are wanted; 0 or -EFAULT. */
static int serve_stream(struct reading *r)
{
	size_t skip = peeks(r) ? r->skip + r->got : 0;
	struct kpi_passed *p, *next;

	list_for_each_entry_safe(p, next, kpi_passed_list(r->f), node) {
		size_t left = p->len - p->off, n;

		if (skip >= left) {
			skip -= left;
			continue;
		}
		n = min(left - skip, r->want - r->got);
		if (!n)
			break;
		if (!(r->flags & MSG_TRUNC) && copy_out(r, p, p->off + skip, n) < 0)
			return -EFAULT;
		hold_control(r, p);
		r->got += n;
		skip = 0;
		if (!peeks(r))
			kpi_passed_consume(r->f, p, n);
	}
	return 0;
}

/* How much there is to read is not what it was. */
static bool is_inq(const struct cmsghdr *cmsg)
{
	return cmsg->cmsg_level == SOL_TCP && cmsg->cmsg_type == TCP_CM_INQ;
}

static void tell_control(struct reading *r, void *control, size_t len)
{
	struct msghdr from = { .msg_control = control, .msg_controllen = len };
	struct cmsghdr *cmsg;

	for_each_cmsghdr(cmsg, &from) {
		if (!CMSG_OK(&from, cmsg))
			return;
		if (is_inq(cmsg))
			continue;
		put_cmsg(r->msg, cmsg->cmsg_level, cmsg->cmsg_type,
			 cmsg->cmsg_len - sizeof(*cmsg), CMSG_DATA(cmsg));
	}
}

/* The first datagram that SO_PEEK_OFF has not passed. */
static struct kpi_passed *first_datagram(const struct reading *r, size_t *skip)
{
	struct kpi_passed *p;

	*skip = peeks(r) ? r->skip : 0;
	list_for_each_entry(p, kpi_passed_list(r->f), node) {
		if (!*skip || *skip < p->len)
			return p;
		*skip -= p->len;
	}
	return NULL;
}

/* A datagram that cannot be written to the reader's memory is lost, as it is in Linux. */
static int serve_datagram(struct reading *r)
{
	size_t skip, len;
	struct kpi_passed *p = first_datagram(r, &skip);
	ssize_t n;

	if (!p)
		return WAIT;
	len = p->len - skip;
	n = copy_out(r, p, skip, min(len, r->want));
	if (n >= 0) {
		r->got = r->flags & MSG_TRUNC ? len : n;
		if (len > n)
			r->msg->msg_flags |= MSG_TRUNC;
		if (r->msg->msg_name && p->namelen) {
			memcpy(r->msg->msg_name, &p->name, p->namelen);
			r->msg->msg_namelen = p->namelen;
		}
		tell_control(r, p->control, p->control_len);
		r->msg->msg_flags |= p->cut;
	}
	if (!peeks(r))
		kpi_passed_consume(r->f, p, p->len);
	return n < 0 ? n : DONE;
}

/* In front of an urgent byte a read ends, as long as it has anything. */
static bool is_at_mark(const struct reading *r)
{
	const struct tcp_sock *tp = tcp_sk(r->sk);

	return unlikely(READ_ONCE(tp->urg_data)) && READ_ONCE(tp->urg_seq) == READ_ONCE(tp->copied_seq) &&
	       (r->got || kpi_sflt_has_passed(r->f));
}

/*
 * While the program has a low-water mark nothing is read ahead: TCP would not say when
 * the rest is there.
 */
static size_t chunk(const struct kpi_filtered *f, size_t wanted)
{
	bool ahead = READ_ONCE(f->sk->sk_rcvlowat) <= 1 && kpi_sflt_may_look_ahead();
	size_t most = ahead ? KPI_SFLT_CHUNK : max_t(size_t, wanted, 1);
	size_t has = linux_has(f);

	if (f->sk->sk_prot != f->sk->sk_prot_creator)
		has = max_t(size_t, has, SZ_4K);	/* nobody can tell */
	return clamp_t(size_t, has, 1, most);
}

/* What is only looked at stays, so no more is taken than Linux would have kept. */
static bool may_take(const struct reading *r)
{
	return !peeks(r) || kpi_sflt_memory(r->f) < READ_ONCE(r->sk->sk_rcvbuf);
}

/* Whether a stream's reader has all; who wants nothing has it when there is something. */
static bool has_all(const struct reading *r)
{
	return r->got == r->want && (r->want || kpi_sflt_has_passed(r->f));
}

/* What ends a read that has nothing more to come; the error is left for the next one. */
static int end_of_look(struct reading *r, int n)
{
	if (n == -EAGAIN)
		return r->got >= r->target ? DONE : WAIT;
	if (n < 0 && r->got) {
		r->f->err = n;
		return DONE;
	}
	return n < 0 ? n : DONE;
}

static int look_stream(struct reading *r)
{
	int n, err;

	for (;;) {
		kpi_passed_collect(r->f);
		err = serve_stream(r);
		if (err)
			return r->got ? DONE : err;
		if (has_all(r) || is_at_mark(r))
			return DONE;
		if ((r->got && !linux_is_readable(r->f)) || !may_take(r))
			n = -EAGAIN;
		else if (r->f->err)
			n = xchg(&r->f->err, 0);
		else
			n = take_stream(r->f, chunk(r->f, r->want - r->got));
		if (n <= 0)
			return end_of_look(r, n);
	}
}

static int look_datagram(struct reading *r)
{
	int n;

	for (;;) {
		kpi_passed_collect(r->f);
		if (READ_ONCE(r->sk->sk_err) && kpi_sflt_has_passed(r->f))
			return sock_error(r->sk) ?: WAIT;
		n = serve_datagram(r);
		if (n != WAIT)
			return n;
		n = may_take(r) ? take_datagram(r->f) : -EAGAIN;
		if (n < 0)
			return n == -EAGAIN ? WAIT : n;
	}
}

static int look(struct reading *r)
{
	int nested = kpi_turn_take(r->f, &r->f->reading);
	int result;

	if (nested < 0)
		return nested;
	if (READ_ONCE(r->f->ended))
		result = WAIT;
	else
		result = r->f->stream ? look_stream(r) : look_datagram(r);
	if (!nested)
		kpi_turn_end(r->f, &r->f->reading);
	return result;
}

/* Nothing more will come. TCP says so itself, unless a part is there. */
static bool is_over(const struct reading *r)
{
	bool down = READ_ONCE(r->sk->sk_shutdown) & RCV_SHUTDOWN;

	return r->f->stream ? r->got && (down || READ_ONCE(r->sk->sk_err)) : down;
}

/* The entry is on the queue before the look, so that nothing that happens is missed. */
static int look_waiting(struct reading *r, long timeo)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	wait_queue_head_t *queue = sk_sleep(r->sk);
	int result;

	add_wait_queue(queue, &wait);
	while ((result = look(r)) == WAIT) {
		if (READ_ONCE(r->f->ended))
			break;
		result = is_over(r) ? DONE : timeo ? 0 : -EAGAIN;
		if (!result && signal_pending(current))
			result = sock_intr_errno(timeo);
		if (result)
			break;
		sk_set_bit(SOCKWQ_ASYNC_WAITDATA, r->sk);
		timeo = wait_woken(&wait, TASK_INTERRUPTIBLE, timeo);
		sk_clear_bit(SOCKWQ_ASYNC_WAITDATA, r->sk);
	}
	remove_wait_queue(queue, &wait);
	return result;
}

static void tell_inq(const struct reading *r)
{
	int inq = min_t(size_t, kpi_sflt_unread(r->f) + linux_has(r->f), INT_MAX);

	if (tcp_sk(r->sk)->recvmsg_inq)
		put_cmsg(r->msg, SOL_TCP, TCP_CM_INQ, sizeof(inq), &inq);
	if (r->msg->msg_get_inq)
		r->msg->msg_inq = inq;
}

static void tell_of_stream(struct reading *r)
{
	tell_control(r, r->control, r->control_len);
	kfree(r->control);
	tell_inq(r);
}

/* Somebody else has the socket now, or filters anew. */
static int recv_elsewhere(struct kpi_filtered *f, struct msghdr *msg, size_t size, int flags)
{
	return kpi_bare_wait(f->sock) ?: READ_ONCE(f->sock->ops)->recvmsg(f->sock, msg, size, flags);
}

static int recv_filtered(struct kpi_filtered *f, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = f->sk;
	struct reading r = {
		.f = f, .sk = sk, .msg = msg, .want = size, .flags = flags,
		.target = sock_rcvlowat(sk, flags & MSG_WAITALL, size),
		.skip = flags & MSG_PEEK ? max(READ_ONCE(sk->sk_peek_off), 0) : 0,
	};
	long timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	int result = look(&r);

	if (result == WAIT)
		result = timeo || READ_ONCE(f->ended) ? look_waiting(&r, timeo) : -EAGAIN;
	if (result == WAIT && !r.got)
		return recv_elsewhere(f, msg, size, flags);
	if (result < 0 && !r.got)
		return result;
	if (READ_ONCE(sk->sk_peek_off) >= 0)
		peeks(&r) ? sk_peek_offset_fwd(sk, r.got) : sk_peek_offset_bwd(sk, r.got);
	if (f->stream)
		tell_of_stream(&r);
	return r.got;
}

/* A connection that is being saved or restored has its queues looked at, not read. */
static bool is_seen(const struct kpi_filtered *f)
{
	if (f->stream && unlikely(tcp_sk(f->sk)->repair))
		return false;
	return kpi_filtered_wants(f, KPI_SFLT_IN) || kpi_sflt_has_passed(f) || READ_ONCE(f->err);
}

/*
 * What is received is nothing that filters see: errors, urgent bytes, memory of a device,
 * the names of a datagram that the kernel's NFS server takes from the queue by itself.
 */
static bool is_beside(const struct kpi_filtered *f, const struct msghdr *msg, size_t size,
		      int flags)
{
	if (flags & (MSG_OOB | MSG_ERRQUEUE | MSG_SOCK_DEVMEM) || READ_ONCE(f->sk->sk_state) == TCP_LISTEN)
		return true;
	return !f->stream && flags & MSG_PEEK && !size && iov_iter_is_kvec(&msg->msg_iter) &&
	       !f->own && !kpi_sflt_has_passed(f);
}

int kpi_sflt_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct kpi_here here = kpi_here(sock);
	int n;

	if (!here.f || !is_seen(here.f) || is_beside(here.f, msg, size, flags))
		n = here.linux_ops->recvmsg(sock, msg, size, flags);
	else
		n = recv_filtered(here.f, msg, size, flags);
	kpi_here_end(&here);
	return n;
}

/* A datagram's socket has it still: SO_ERROR tells it, and whatever is called next. */
static void keep_error(struct kpi_filtered *f, int err)
{
	if (f->stream)
		f->err = err;
	else
		cmpxchg(&f->sk->sk_err, 0, -err);
}

/* Who asks whether there is something to read has the filters look first. */
static void look_ahead(struct kpi_filtered *f)
{
	int n = 1;

	kpi_passed_collect(f);
	if (f->stream && READ_ONCE(f->sk->sk_rcvlowat) > 1)
		return;
	while (n > 0 && !kpi_sflt_has_passed(f) && !f->err) {
		if (READ_ONCE(f->ended) || !linux_is_readable(f) || !kpi_sflt_may_look_ahead())
			return;
		n = f->stream ? take_stream(f, chunk(f, KPI_SFLT_CHUNK)) : take_datagram(f);
	}
	if (n < 0 && n != -EAGAIN && n != -ENOMEM)
		keep_error(f, n);
}

/* With readers in the way they know better. */
static bool try_look_ahead(struct kpi_filtered *f)
{
	if (!kpi_turn_try(&f->reading))
		return false;
	look_ahead(f);
	kpi_turn_end(f, &f->reading);
	return true;
}

#define READABLE	(EPOLLIN | EPOLLRDNORM)

static bool has_enough(const struct kpi_filtered *f)
{
	struct sock *sk = f->sk;

	if (!f->stream)
		return kpi_sflt_has_passed(f);
	return kpi_sflt_unread(f) && kpi_sflt_unread(f) + linux_has(f) >=
				     sock_rcvlowat(sk, 0, INT_MAX);
}

/* What Linux says, but of what is to be read what the filters have left of it. */
static __poll_t poll_mask(struct kpi_filtered *f, __poll_t mask)
{
	bool ended = READ_ONCE(f->sk->sk_shutdown) & RCV_SHUTDOWN;

	if (READ_ONCE(f->err))
		return mask | READABLE | EPOLLERR;
	if (has_enough(f))
		return mask | READABLE;
	if (mask & READABLE && !ended && !linux_is_readable(f))
		mask &= ~READABLE;
	return mask;
}

static __poll_t filtered_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct kpi_here here = kpi_here(sock);
	__poll_t mask = here.linux_ops->poll(file, sock, wait);

	if (here.f && is_seen(here.f) && READ_ONCE(sock->sk->sk_state) != TCP_LISTEN &&
	    poll_requested_events(wait) & READABLE &&
	    (!(mask & READABLE) || kpi_sflt_has_passed(here.f) || try_look_ahead(here.f)))
		mask = poll_mask(here.f, mask);
	kpi_here_end(&here);
	return mask;
}

/* What FIONREAD tells: bytes of a stream, or of the first datagram; -ENODATA if Linux knows. */
static int readable_bytes(struct kpi_filtered *f)
{
	struct kpi_passed *p;

	look_ahead(f);
	p = list_first_entry_or_null(kpi_passed_list(f), struct kpi_passed, node);
	if (!f->stream)
		return p ? min_t(size_t, p->len, INT_MAX) : -ENODATA;
	return min_t(size_t, kpi_sflt_unread(f) + linux_has(f), INT_MAX);
}

/* That, or -errno. */
int kpi_sflt_inq(struct kpi_filtered *f)
{
	int nested = kpi_turn_take(f, &f->reading);
	int n;

	if (nested < 0)
		return nested;
	n = readable_bytes(f);
	if (!nested)
		kpi_turn_end(f, &f->reading);
	return n;
}

static int tell_readable(struct kpi_filtered *f, int __user *place)
{
	int n = kpi_sflt_inq(f);

	if (n == -ENODATA)
		return f->linux_ops->ioctl(f->sock, SIOCINQ, (unsigned long)place);
	return n < 0 ? n : put_user(n, place);
}

/* A request that the filters have let pass. */
int kpi_sflt_ioctl(struct kpi_filtered *f, unsigned int request, int __user *place)
{
	if (is_seen(f) && READ_ONCE(f->sk->sk_state) != TCP_LISTEN) {
		if (request == SIOCINQ)
			return tell_readable(f, place);
		if (request == SIOCATMARK && kpi_sflt_unread(f))
			return put_user(0, place);
	}
	return f->linux_ops->ioctl(f->sock, request, (unsigned long)place);
}

/* By way of a read into pages while the filters have to see it. */
static ssize_t filtered_splice_read(struct socket *sock, loff_t *ppos, struct pipe_inode_info *pipe,
				    size_t len, unsigned int flags)
{
	struct kpi_here here = kpi_here(sock);
	ssize_t n;

	if ((here.f && is_seen(here.f)) || !here.linux_ops->splice_read)
		n = kpi_compat_splice_read(sock->file, ppos, pipe, len, flags);
	else
		n = here.linux_ops->splice_read(sock, ppos, pipe, len, flags);
	kpi_here_end(&here);
	return n;
}

void kpi_sflt_fill_data(struct proto_ops *ops)
{
	ops->sendmsg = kpi_sflt_sendmsg;
	ops->recvmsg = kpi_sflt_recvmsg;
	ops->poll = filtered_poll;
	if (ops->splice_read)
		ops->splice_read = filtered_splice_read;
	kpi_compat_no_sendpage(ops);
}
