// SPDX-License-Identifier: GPL-2.0
/*
 * Data that goes out. A program's bytes are copied into mbufs, the filters see them,
 * and what is left goes to Linux.
 *
 * Of a stream there is space first, and the filters see what then goes: a chunk that
 * they have passed is sent as a whole, with Linux's limit out of the way, so that a
 * program is never told that less was taken than they saw. Only for memory it may
 * wait, in a non-blocking call, too.
 */

#include <linux/in.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <net/tcp.h>

#include <kpi/socknum.h>

#include "../../compat/socket.h"
#include "../../mbuf/chain.h"
#include "../../mbuf/header.h"
#include "../../socket/address.h"
#include "../../socket/send.h"
#include "../../socket/transport.h"
#include "calls.h"
#include "data.h"
#include "event.h"
#include "filtered.h"
#include "turn.h"

/* What must not go to Linux with our memory instead of the program's. */
#define NOT_OURS	(MSG_ZEROCOPY | MSG_SPLICE_PAGES)

/* One call of a program's. */
struct sending {
	struct kpi_filtered *f;
	struct msghdr *msg;
	struct sock *sk;
	size_t sent;
	long timeo;
};

static bool has_passive_fastopen(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV && rcu_access_pointer(tcp_sk(sk)->fastopen_rsk);
}

/* With the socket locked, what Linux would look at before it takes the first byte. */
static int wait_for_space(struct sock *sk, long *timeo)
{
	int err = 0;

	if (!((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)) &&
	    !has_passive_fastopen(sk))
		err = sk_stream_wait_connect(sk, timeo);
	if (!err && (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN)))
		err = -EPIPE;
	if (!err && !sk_stream_memory_free(sk))
		err = sk_stream_wait_memory(sk, timeo);
	return err;
}

/* The error is the program's only if nothing was sent before. */
static int admit(struct sending *s)
{
	struct sock *sk = s->sk;
	int err;

	lock_sock(sk);
	err = wait_for_space(sk, &s->timeo);
	if (err && !s->sent)
		err = sk_stream_error(sk, s->msg->msg_flags, err);
	release_sock(sk);
	return err;
}

/* By Linux's own call, until all is gone. Who is killed leaves the rest. */
static int send_by_linux(struct kpi_filtered *f, mbuf_t data, const struct msghdr *like)
{
	struct msghdr msg = *like;
	struct kpi_sflt_vec v __uninitialized;
	int n = kpi_sflt_vec(&v, data, &msg.msg_iter);

	if (n)
		return n;
	msg.msg_flags &= ~NOT_OURS;
	msg.msg_ubuf = NULL;
	do {
		n = f->linux_ops->sendmsg(f->sock, &msg, msg_data_left(&msg));
		if (n == -EAGAIN && f->stream) {
			schedule_timeout_killable(HZ / 50 + 1);
			n = fatal_signal_pending(current) ? -EINTR : 1;
		}
	} while (n > 0 && msg_data_left(&msg));
	kpi_sflt_vec_free(&v);
	return min(n, 0);
}

/* To TCP by reference, as a kext's packets go. */
static int send_to_tcp(struct kpi_filtered *f, mbuf_t data, const struct msghdr *like, bool more)
{
	struct kpi_feed feed __uninitialized;
	struct kpi_tx tx = {
		.so = f->so, .chain = data, .len = kpi_chain_len(data), .atomic = true,
		.flags = like->msg_flags & MSG_OOB && !more ? KPI_MSG_OOB : 0, .feed = &feed,
		.end_flags = more ? MSG_MORE : like->msg_flags & (MSG_MORE | MSG_EOR),
	};
	int err;

	while ((err = kpi_tcp_send_all(&tx)) == -EAGAIN) {
		schedule_timeout_killable(HZ / 50 + 1);
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	if (tx.lent)
		kpi_chain_lend(data);
	if (unlikely(err == -EBUSY && !tx.sent))	/* another protocol came in between */
		err = send_by_linux(f, data, like);
	return err;
}

/* What a call may ask for whose datagram goes to UDP as it is. */
#define BARE_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL)

/* Of UDP by reference, too, if that is all; *@data is NULL then. */
static int send_passed_datagram(struct kpi_filtered *f, mbuf_t *data, const struct msghdr *like)
{
	int err = 1;

	if (likely(f->so->transport == &kpi_udp_transport && !like->msg_name &&
		   !like->msg_controllen && !(like->msg_flags & ~BARE_FLAGS)))
		err = kpi_udp_send_passed(f->so, *data);
	if (err > 0)
		return send_by_linux(f, *data, like);
	*data = NULL;
	return err;
}

static int send_passed(struct kpi_filtered *f, mbuf_t *data, const struct msghdr *like, bool more)
{
	if (!f->stream)
		return send_passed_datagram(f, data, like);
	if (!kpi_chain_len(*data))
		return 0;
	if (like->msg_controllen || f->sk->sk_prot != f->sk->sk_prot_creator)
		return send_by_linux(f, *data, like);
	return send_to_tcp(f, *data, like, more);
}

/* The socket may be released while a kext's thread runs the filters: not from here on. */
static bool enter(struct kpi_filtered *f)
{
	if (!refcount_inc_not_zero(&f->so->users))
		return false;
	smp_mb__after_atomic();		/* see kpi_so_enter() */
	if (!READ_ONCE(f->so->closing))
		return true;
	kpi_so_leave(f->so);
	return false;
}

/* What was passed goes; consumed. */
static int hand_over(struct kpi_filtered *f, mbuf_t data, const struct msghdr *like, bool more)
{
	int err = -EPIPE;

	if (enter(f)) {
		err = send_passed(f, &data, like, more);
		kpi_so_leave(f->so);
	}
	kpi_chain_free(data);
	return err;
}

static sflt_data_flag_t data_flags(const struct msghdr *msg, bool more)
{
	return msg->msg_flags & MSG_OOB && !more ? sock_data_filt_flag_oob : 0;
}

/* Seen and sent while nobody else sends: in the order in which it was seen. */
static int pass(struct kpi_filtered *f, const struct bsd_sockaddr *to, mbuf_t data, mbuf_t control,
		const struct msghdr *like, bool more)
{
	int nested = kpi_turn_take(f, &f->writing);
	int err;

	if (nested < 0) {
		kpi_chain_free(data);
		kpi_chain_free(control);
		return nested;
	}
	err = kpi_sflt_show(f, true, to, &data, &control, data_flags(like, more));
	if (!err) {
		kpi_chain_free(control);
		err = hand_over(f, data, like, more);
	}
	if (!nested)
		kpi_turn_end(f, &f->writing);
	return min(err, 0);
}

static int send_chunk(struct sending *s)
{
	size_t left = msg_data_left(s->msg), before = left;
	mbuf_t data;
	int err;

	data = kpi_sflt_copy_in(&s->msg->msg_iter, min_t(size_t, left, KPI_SFLT_CHUNK), &err);
	if (!data)
		return err;
	left = msg_data_left(s->msg);
	err = pass(s->f, NULL, data, NULL, s->msg, left);
	if (!err)
		s->sent += before - left;
	else if (!s->sent)
		err = err == -EPIPE ? sk_stream_error(s->sk, s->msg->msg_flags, err) : err;
	return err;
}

/*
 * A program that sends without a copy waits to be told that its memory is its own
 * again. That it is at once, since it was copied; and that is what it is told, once for
 * each call.
 */
static int zerocopy_begin(struct sock *sk, const struct msghdr *msg, size_t size,
			  struct ubuf_info **uarg)
{
	*uarg = NULL;
	if (likely(!(msg->msg_flags & MSG_ZEROCOPY)) || !size || msg->msg_ubuf ||
	    !sock_flag(sk, SOCK_ZEROCOPY))
		return 0;
	lock_sock(sk);
	*uarg = kpi_compat_zerocopy_alloc(sk, size);
	release_sock(sk);
	if (!*uarg)
		return -ENOBUFS;
	uarg_to_msgzc(*uarg)->zerocopy = 0;
	return 0;
}

static void zerocopy_end(struct ubuf_info *uarg, int sent)
{
	if (likely(!uarg))
		return;
	if (sent > 0)
		net_zcopy_put(uarg);
	else
		net_zcopy_put_abort(uarg, true);
}

static int send_stream(struct kpi_filtered *f, struct msghdr *msg)
{
	struct sending s = {
		.f = f, .msg = msg, .sk = f->sk,
		.timeo = sock_sndtimeo(f->sk, msg->msg_flags & MSG_DONTWAIT),
	};
	int err = 0;

	while (!err && msg_data_left(msg)) {
		err = admit(&s);
		if (!err)
			err = send_chunk(&s);
	}
	return s.sent ?: err;
}

/*
 * A connection that begins with the first data begins without them: the filters are
 * asked whom it goes to, and see the data when it stands.
 */
static int begin_fastopen(struct kpi_filtered *f, const struct msghdr *msg)
{
	struct msghdr nothing = *msg;
	struct kvec none = {};
	int err = 0;

	if (msg->msg_flags & MSG_FASTOPEN && msg->msg_name)
		err = kpi_sflt_ask_connect(f, msg->msg_name, msg->msg_namelen);
	if (err)
		return err;
	iov_iter_kvec(&nothing.msg_iter, ITER_SOURCE, &none, 0, 0);
	nothing.msg_flags &= ~NOT_OURS;
	err = f->linux_ops->sendmsg(f->sock, &nothing, 0);
	kpi_sflt_tell_bound(f);
	kpi_sflt_tell_state(f);
	if (err == -EINPROGRESS && !(msg->msg_flags & MSG_FASTOPEN))
		err = -EAGAIN;		/* who writes to a connection knows of no beginning */
	return min(err, 0);
}

/* Bytes of a connection that is being restored are none that a program sends. */
static int sendmsg_stream(struct kpi_filtered *f, struct msghdr *msg, size_t size)
{
	struct sock *sk = f->sk;
	struct ubuf_info *uarg;
	int err;

	if (tcp_sk(sk)->repair)
		return f->linux_ops->sendmsg(f->sock, msg, size);
	if (unlikely(msg->msg_flags & MSG_FASTOPEN || kpi_compat_defer_connect(sk))) {
		err = begin_fastopen(f, msg);
		if (err || !msg_data_left(msg))
			return min(err, 0);
		msg->msg_flags &= ~MSG_FASTOPEN;	/* it stands, or is on its way */
	}
	if (!msg_data_left(msg) || !kpi_filtered_wants(f, KPI_SFLT_OUT))
		return f->linux_ops->sendmsg(f->sock, msg, size);
	err = zerocopy_begin(sk, msg, size, &uarg);
	if (err)
		return err;
	err = send_stream(f, msg);
	zerocopy_end(uarg, err);
	return err;
}

/* No space, and nobody waits: the filters are not bothered. */
static bool would_block(struct sock *sk, const struct msghdr *msg)
{
	if (!(msg->msg_flags & MSG_DONTWAIT) ||
	    sk_wmem_alloc_get(sk) < READ_ONCE(sk->sk_sndbuf))
		return false;
	sk_set_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	return sk_wmem_alloc_get(sk) >= READ_ONCE(sk->sk_sndbuf);
}

static int send_datagram(struct kpi_filtered *f, struct msghdr *msg, size_t size)
{
	struct kpi_sflt_name name __uninitialized;
	struct bsd_sockaddr *to = NULL;
	struct ubuf_info *uarg;
	mbuf_t data;
	int err;

	if (would_block(f->sk, msg))
		return -EAGAIN;
	if (msg->msg_name && msg->msg_namelen >= (int)sizeof(struct sockaddr_in)) {
		kpi_sflt_name_begin(&name, msg->msg_name, msg->msg_namelen);
		to = (struct bsd_sockaddr *)&name.name;
	}
	data = kpi_sflt_copy_in(&msg->msg_iter, size, &err);
	if (!data)
		return err;
	if (msg_data_left(msg)) {	/* some could not be read */
		kpi_chain_free(data);
		return -EFAULT;
	}
	err = zerocopy_begin(f->sk, msg, size, &uarg);
	if (err) {
		kpi_chain_free(data);
		return err;
	}
	err = pass(f, to, data, NULL, msg, false) ?: size;
	zerocopy_end(uarg, err);
	return err;
}

static bool has_destination(const struct sock *sk, const struct msghdr *msg)
{
	if (msg->msg_name || READ_ONCE(sk->sk_state) == TCP_ESTABLISHED)
		return true;
	return sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP &&
	       READ_ONCE(udp_sk(sk)->pending);
}

/* What Linux refuses at once filters do not see. */
static bool is_refused(const struct sock *sk, const struct msghdr *msg, size_t size)
{
	return size > 0xffff || msg->msg_flags & MSG_OOB || !has_destination(sk, msg);
}

static int sendmsg_datagram(struct kpi_filtered *f, struct msghdr *msg, size_t size)
{
	int n;

	if (!kpi_filtered_wants(f, KPI_SFLT_OUT) || is_refused(f->sk, msg, size))
		n = f->linux_ops->sendmsg(f->sock, msg, size);
	else
		n = send_datagram(f, msg, size);
	kpi_sflt_tell_bound(f);
	return n;
}

int kpi_sflt_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct kpi_here here = kpi_here(sock);
	int n;

	if (!here.f)
		n = here.linux_ops->sendmsg(sock, msg, size);
	else if (sock->type == SOCK_STREAM)
		n = sendmsg_stream(here.f, msg, size);
	else
		n = sendmsg_datagram(here.f, msg, size);
	kpi_here_end(&here);
	return n;
}

/* Whether the socket is one that never waits; its user asks. */
static bool is_nonblocking(const struct kpi_filtered *f)
{
	const struct file *file = READ_ONCE(f->sock->file);

	return f->own ? f->so->nonblocking : file && file->f_flags & O_NONBLOCK;
}

static int look_for_space(struct kpi_filtered *f, long timeo)
{
	struct sock *sk = f->sk;
	int err;

	lock_sock(sk);
	err = wait_for_space(sk, &timeo);
	if (err == -EPIPE)
		err = sock_error(sk) ?: -EPIPE;
	release_sock(sk);
	return err;
}

/* Space for a kext's data; the process may close its socket meanwhile. */
static int wait_to_inject(struct kpi_filtered *f)
{
	bool nonblocking = false;
	int err = -EAGAIN;

	while (err == -EAGAIN && !nonblocking && !signal_pending(current)) {
		if (!enter(f))
			return -EPIPE;
		nonblocking = is_nonblocking(f);
		err = look_for_space(f, nonblocking ? 0 : HZ / 10);
		kpi_so_leave(f->so);
	}
	return err;
}

static int inject_stream(struct kpi_filtered *f, mbuf_t data, mbuf_t control,
			 sflt_data_flag_t flags)
{
	const struct msghdr like = {
		.msg_flags = MSG_NOSIGNAL | (flags & sock_data_filt_flag_oob ? MSG_OOB : 0),
	};
	int err = wait_to_inject(f);

	if (!err)
		return pass(f, NULL, data, control, &like, false);
	kpi_chain_free(data);
	kpi_chain_free(control);
	return err;
}

/* Where to, and how; -EPIPE without a socket. */
static int address(struct kpi_filtered *f, const struct bsd_sockaddr *to, struct msghdr *like)
{
	int len = 0;

	if (!enter(f))
		return -EPIPE;
	if (to)
		len = kpi_addr_to_linux(f->so, to, like->msg_name);
	if (is_nonblocking(f))
		like->msg_flags |= MSG_DONTWAIT;
	kpi_so_leave(f->so);
	return len;
}

static int inject_datagram(struct kpi_filtered *f, const struct bsd_sockaddr *to, mbuf_t data,
			   mbuf_t control)
{
	struct sockaddr_storage addr;
	struct msghdr like = { .msg_flags = MSG_NOSIGNAL, .msg_name = &addr };
	int len = address(f, to, &like);

	if (len < 0) {
		kpi_chain_free(data);
		kpi_chain_free(control);
		return len;
	}
	like.msg_namelen = len;
	if (!len)
		like.msg_name = NULL;
	return pass(f, to, data, control, &like, false);
}

int kpi_sflt_send_chain(struct kpi_filtered *f, const struct bsd_sockaddr *to, mbuf_t data,
			mbuf_t control, sflt_data_flag_t flags)
{
	if (f->stream)
		return inject_stream(f, data, control, flags);
	return inject_datagram(f, to, data, control);
}
