// SPDX-License-Identifier: GPL-2.0
/* What a program reads: copied once, from the mbufs that it was sent in. */

#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <net/tcp_states.h>

#include "../mbuf/chain.h"
#include "control_priv.h"

/* Bytes of a packet from @off on; how many were copied. */
static size_t copy_out(mbuf_t m, size_t off, size_t len, struct iov_iter *to)
{
	struct kpi_walk walk = { .m = m, .off = off };
	struct kpi_piece piece;
	size_t done = 0;

	while (done < len && kpi_walk_next(&walk, &piece)) {
		size_t want = min(piece.len, len - done);
		size_t n = copy_to_iter(piece.addr, want, to);

		done += n;
		if (n < want)
			break;
	}
	return done;
}

/* Nothing comes any more: 0, or what is wrong. What is there is read before. */
static int end_of(const struct kpi_sys_socket *s)
{
	if (READ_ONCE(s->sk.sk_shutdown) & RCV_SHUTDOWN)
		return 0;
	return -ENOTCONN;
}

static bool has_end(const struct kpi_sys_socket *s)
{
	return READ_ONCE(s->sk.sk_state) != TCP_ESTABLISHED ||
	       READ_ONCE(s->sk.sk_shutdown) & RCV_SHUTDOWN;
}

/* Waits for data: 1 if there is some; 0 at the end; -EAGAIN; after a signal -EINTR or the like. */
static int wait_for_data(struct kpi_sys_socket *s, long *timeo)
{
	long left;

	if (kpi_sys_is_readable(s))
		return 1;
	if (has_end(s))
		return end_of(s);
	if (!*timeo)
		return -EAGAIN;

	left = wait_event_interruptible_timeout(*sk_sleep(&s->sk),
						kpi_sys_is_readable(s) || has_end(s),
						*timeo);
	if (left < 0)
		return sock_intr_errno(*timeo);
	*timeo = left;
	if (!left && !kpi_sys_is_readable(s))
		return -EAGAIN;
	return kpi_sys_is_readable(s) ? 1 : end_of(s);
}

/* The first datagram, or -EAGAIN if another reader was quicker. */
static int take_datagram(struct kpi_sys_socket *s, struct msghdr *msg, size_t size, int flags)
{
	mbuf_t m = kpi_sys_first(s);
	size_t len, n;

	if (!m)
		return -EAGAIN;
	len = kpi_mbuf_pkthdr_len(m);
	n = copy_out(m, 0, min(len, size), &msg->msg_iter);
	if (kpi_mbuf_flags(m) & MBUF_EOR)
		msg->msg_flags |= MSG_EOR;
	if (!(flags & MSG_PEEK))
		kpi_sys_drop_first(s);

	if (n < min(len, size))
		return -EFAULT;
	if (len > size)
		msg->msg_flags |= MSG_TRUNC;
	return flags & MSG_TRUNC ? len : n;
}

static int read_datagram(struct kpi_sys_socket *s, struct msghdr *msg, size_t size,
			 int flags, long timeo)
{
	int n;

	do {
		n = wait_for_data(s, &timeo);
		if (n <= 0)
			return n;
		if (mutex_lock_interruptible(&s->reader))
			return sock_intr_errno(timeo);
		n = take_datagram(s, msg, size, flags);
		mutex_unlock(&s->reader);
	} while (n == -EAGAIN);
	return n;
}

/* Whether a record ends with this packet, of which the program has the last byte now. */
static bool ends_record(const mbuf_t m, struct msghdr *msg)
{
	if (!(kpi_mbuf_flags(m) & MBUF_EOR))
		return false;
	msg->msg_flags |= MSG_EOR;
	return true;
}

/* Bytes that are there, up to a record's end; a fault counts if nothing was read before. */
static int take_stream(struct kpi_sys_socket *s, struct msghdr *msg, size_t size, bool *end)
{
	size_t got = 0;
	mbuf_t m;

	while (!*end && got < size && (m = kpi_sys_first(s))) {
		size_t left = kpi_mbuf_pkthdr_len(m) - s->offset;
		size_t want = min(left, size - got);
		size_t n = copy_out(m, s->offset, want, &msg->msg_iter);

		got += n;
		kpi_sys_taken(s, n);
		if (n < want)
			return got ?: -EFAULT;
		if (n == left) {
			*end = got && ends_record(m, msg);
			kpi_sys_drop_first(s);
		}
	}
	return got;
}

/* The same bytes stay to be read. */
static int peek_stream(struct kpi_sys_socket *s, struct msghdr *msg, size_t size, bool *end)
{
	mbuf_t m = kpi_sys_first(s);
	size_t off = s->offset;
	size_t got = 0;

	while (m && got < size) {
		size_t want = min(kpi_mbuf_pkthdr_len(m) - off, size - got);
		size_t n = copy_out(m, off, want, &msg->msg_iter);

		got += n;
		if (n < want)
			return got ?: -EFAULT;
		if (got && want == kpi_mbuf_pkthdr_len(m) - off && ends_record(m, msg))
			break;
		m = kpi_sys_next(s, m);
		off = 0;
	}
	*end = got;		/* nothing: another reader was quicker */
	return got;
}

static int read_some(struct kpi_sys_socket *s, struct msghdr *msg, size_t size, int flags,
		     long *timeo, bool *end)
{
	int n = wait_for_data(s, timeo);

	if (n <= 0) {
		*end = true;
		return n;
	}
	if (mutex_lock_interruptible(&s->reader))
		return sock_intr_errno(*timeo);
	if (flags & MSG_PEEK)
		n = peek_stream(s, msg, size, end);
	else
		n = take_stream(s, msg, size, end);
	mutex_unlock(&s->reader);
	return n;
}

static int read_stream(struct kpi_sys_socket *s, struct msghdr *msg, size_t size, int flags,
		       long timeo)
{
	bool end = false;
	size_t got = 0;

	do {
		int n = read_some(s, msg, size - got, flags, &timeo, &end);

		if (n < 0)
			return got ?: n;
		got += n;
	} while (got < size && !end && (!got || flags & MSG_WAITALL));
	return got;
}

int kpi_sys_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct kpi_sys_socket *s = kpi_sys_of(sock->sk);
	long timeo = sock_rcvtimeo(sock->sk, flags & MSG_DONTWAIT);

	if (flags & (MSG_OOB | MSG_ERRQUEUE))
		return -EOPNOTSUPP;
	msg->msg_namelen = 0;
	if (s->sk.sk_type != SOCK_STREAM)
		return read_datagram(s, msg, size, flags, timeo);
	return size ? read_stream(s, msg, size, flags, timeo) : 0;
}
