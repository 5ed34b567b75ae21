// SPDX-License-Identifier: GPL-2.0
/* Scenarios: sending on a stream. */

#include "scenario.h"

/* The peer reads nothing until it is told to. */
static size_t limited_and_full(struct kunit *test, struct st_tcp *t)
{
	st_tcp_limited(test, t);
	return st_fill_up(test, t->so);
}

/* The peer reads exactly n bytes, then what is sent now, then the end. */
static void nothing_else_arrives(struct kunit *test, struct st_tcp *t, size_t n)
{
	EXPECT_EQ(test, st_peer_read(t->peer, 0, n), n);
	st_send_pattern(test, t->so, n, 100);
	EXPECT_EQ(test, sock_shutdown(t->so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t->peer, n), 100);
}

void SND1_mbuf(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 1000, 0), 0), 0, 1000);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), 1000);
}

void SND2_mbuf_and_iov(struct kunit *test)
{
	struct iovec iov = { test, 1 };
	struct msghdr both = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct msghdr count = { .msg_iovlen = 1 };
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &both, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_EQ(test, len, ST_UNTOUCHED);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &count, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, &both, st_mbuf_attached(test, 10, 0, freed),
					       0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 3);
}

void SND3_null(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_misuse_expected(test);
	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(NULL, NULL, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(NULL, NULL, st_mbuf_attached(test, 10, 0, freed),
					       0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	EXPECT_EQ(test, sock_sendmbuf(t.so, NULL, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, NULL, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, NULL, st_mbuf(test, 10, 0), 0, NULL), 0);
}

void SND4_beyond_limit(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;

	st_tcp_limited(test, &t);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, ST_SEND_LIMIT + 1, 0, freed), 0),
		  EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, ST_SEND_LIMIT + 1, 0, freed), 0),
		  EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 2);
	nothing_else_arrives(test, &t, 0);
}

/* Exactly the limit goes. */
void limit_is_inclusive(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, ST_SEND_LIMIT), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, ST_SEND_LIMIT, 0), 0), 0, ST_SEND_LIMIT);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, ST_SEND_LIMIT), ST_SEND_LIMIT);
}

void SND5_no_room(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 7, freed), 0),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 0), 0);
	nothing_else_arrives(test, &t, sent);
}

void SND6_waits_for_room(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	sender = st_block_in_sendmbuf(test, t.so, st_mbuf(test, 10000, sent));
	EXPECT(test, !st_ended(sender->thread));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent + 10000), sent + 10000);
	EXPECT_IO(test, st_result(test, sender), 0, 10000);
}

void SND7_timeout(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);
	long long begin;

	ASSERT_EQ(test, st_set_time(t.so, SO_SNDTIMEO, 0, 300000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 7, freed), 0),
		  EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 300);
	EXPECT_EQ(test, *freed, 1);
	nothing_else_arrives(test, &t, sent);
}

void SND9_partial(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1 << 20);
	struct st_tcp t;
	size_t sent = 0;
	struct st_io io;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_fill(buf, 1 << 20, 0);
	io = st_send(t.so, buf, 1 << 20, 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len >= 2048 && io.len < 1 << 20);
	while (!io.error) {
		EXPECT(test, io.len >= 2048);
		sent += io.len;
		io = st_send(t.so, buf + sent, (1 << 20) - sent, 0);
	}
	EXPECT_EQ(test, io.error, EWOULDBLOCK);
	EXPECT_EQ(test, io.len, 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
}

void SND10_probe(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte = 0;

	st_tcp(test, &t);
	EXPECT_IO(test, st_send(t.so, &byte, 0, 0), 0, 0);
	EXPECT_IO(test, st_send(t.so, &byte, 0, MSG_DONTWAIT), 0, 0);
	st_send_pattern(test, t.so, 0, 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1), 1);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	EXPECT_IO(test, st_send(t.so, &byte, 0, MSG_DONTWAIT), EPIPE, 0);
}

static void send_after_shutdown(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_send(b->so, "x", 1, 0);
	b->flags = st_sigpipe_pending();
}

void SND11_shutdown_write(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	b->so = t.so;
	b->thread = st_thread(test, send_after_shutdown, b);
	EXPECT_IO(test, st_result(test, b), EPIPE, 0);
	EXPECT_EQ(test, b->flags, 0);
	EXPECT(test, st_peer_at_eof(t.peer));
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10, 0), 0), EPIPE, 0);
}

static void send_after_reset(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_sendm(b->so, b->m, 0);
	b->flags = st_sigpipe_pending();
}

/* Nor does the mbuf side raise the signal. */
void no_sigpipe_from_mbufs(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	b->so = t.so;
	b->m = st_mbuf(test, 5000, 0);
	b->thread = st_thread(test, send_after_reset, b);
	EXPECT_IO(test, st_result(test, b), EPIPE, 0);
	EXPECT_EQ(test, b->flags, 0);
}

void SND12_end_of_record(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_EOR), EINVAL, 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10, 0, freed), MSG_EOR), EINVAL, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_EOF), 0, 1);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
}

void SND13_connecting(struct kunit *test)
{
	socket_t so = st_connecting(test);

	EXPECT_IO(test, st_send(so, "x", 1, 0), ENOTCONN, 0);
	EXPECT_IO(test, st_sendm(so, st_mbuf(test, 10, 0), 0), ENOTCONN, 0);
	EXPECT_IO(test, st_send(so, "x", 0, 0), ENOTCONN, 0);
}

void SND14_signal(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	struct st_io io;

	st_tcp_limited(test, &t);
	sender = st_block_in_send(test, t.so, 0, 1 << 20);
	EXPECT(test, !st_ended(sender->thread));
	st_signal(sender->thread);
	io = st_result(test, sender);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len >= 10000 && io.len < 1 << 20);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, io.len), io.len);
}

void signal_before_anything_went(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	sender = st_block_in_send(test, t.so, 0, 1 << 20);
	st_signal(sender->thread);
	EXPECT_INTERRUPTED(test, st_result(test, sender).error);
	EXPECT_EQ(test, sender->io.len, 0);
	sender = st_block_in_sendmbuf(test, t.so, st_mbuf_attached(test, 10000, 0, freed));
	st_signal(sender->thread);
	EXPECT_INTERRUPTED(test, st_result(test, sender).error);
	EXPECT_EQ(test, sender->io.len, 0);
	EXPECT_EQ(test, *freed, 1);
	nothing_else_arrives(test, &t, sent);
}

void signal_does_not_end_nointerrupt(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	EXPECT_EQ(test, sock_nointerrupt(t.so, 1), 0);
	sender = st_block_in_send(test, t.so, sent, 50000);
	st_signal(sender->thread);
	EXPECT(test, st_asleep(sender->thread));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent + 50000), sent + 50000);
	EXPECT_IO(test, st_result(test, sender), 0, 50000);
}

/* Time runs out after some went: success, and how much it was. */
void timeout_after_progress(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1 << 20);
	struct st_tcp t;
	struct st_io io;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, st_set_time(t.so, SO_SNDTIMEO, 0, 100000), 0);
	st_fill(buf, 1 << 20, 0);
	io = st_send(t.so, buf, 1 << 20, 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len > 0 && io.len < 1 << 20);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, io.len), io.len);
}

/* V9 for its NULL message. */
void SND15_V9_can_wait(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;

	st_tcp_limited(test, &t);
	sender = st_block_in_can_wait(test, t.so, st_mbuf(test, 500000, 0));
	EXPECT(test, !st_ended(sender->thread));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 500000), 500000);
	EXPECT_IO(test, st_result(test, sender), 0, 500000);
}

void can_wait_does_not_wait_if_told(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t), len = ST_UNTOUCHED;

	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, NULL,
					       st_mbuf_attached(test, 100000, sent, freed),
					       0, &len), EWOULDBLOCK);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 0), 0);
	nothing_else_arrives(test, &t, sent);
}

void SND18_control(struct kunit *test)
{
	u_int8_t *control = st_alloc(test, 4000);
	struct iovec iov = { "data", 4 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct msghdr only_control = { .msg_control = control };
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	msg.msg_controllen = only_control.msg_controllen = 5;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &only_control,
				      st_mbuf_attached(test, 10, 0, freed), 0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	msg.msg_controllen = only_control.msg_controllen = 4000;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &only_control,
				      st_mbuf_attached(test, 10, 0, freed), 0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	/* on TCP it is taken and dropped */
	((struct cmsghdr *)control)->cmsg_len = 16;
	msg.msg_controllen = 16;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 4);
}

void SND19_many_elements(struct kunit *test)
{
	struct iovec *iov = st_alloc(test, 1025 * sizeof(*iov));
	u_int8_t *buf = st_alloc(test, 1025);
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1025 };
	struct st_tcp t;
	size_t len;
	int i;

	st_tcp(test, &t);
	st_fill(buf, 1025, 0);
	for (i = 0; i < 1025; i++) {
		iov[i].iov_base = buf + i;
		iov[i].iov_len = 1;
	}
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), ENOMEM);
	msg.msg_iovlen = 1024;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 1024);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1024), 1024);
}

void send_arguments(struct kunit *test)
{
	struct iovec huge[2] = { { test, 0x7fffffff }, { test, 0x7fffffff } };
	struct msghdr no_iov = { .msg_iovlen = 1 };
	struct msghdr none = { .msg_iov = huge };
	struct msghdr negative = { .msg_iov = huge, .msg_iovlen = -1 };
	struct msghdr too_long = { .msg_iov = huge, .msg_iovlen = 2 };
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_send(t.so, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &no_iov, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &none, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &negative, 0, &len), EINVAL);
	EXPECT_EQ(test, len, ST_UNTOUCHED);
	EXPECT_EQ(test, sock_send(t.so, &too_long, 0, &len), EINVAL);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
}

void SND20_name_is_ignored(struct kunit *test)
{
	struct sockaddr_in name;
	struct msghdr msg = { .msg_name = st_in(&name, 9), .msg_namelen = sizeof(name) };
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &msg, st_mbuf(test, 10, 0), 0, &len), 0);
	EXPECT_EQ(test, len, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
}

void SND21_write_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	size_t sent;
	int calls;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, cb), 0);
	sent = st_fill_up(test, t.so);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10000, sent), 0), EWOULDBLOCK, 0);
	calls = st_calls(cb);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_called(cb, calls);
	SETTLES(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE) == 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10000, sent), 0), 0, 10000);
	EXPECT_EQ(test, st_peer_read(t.peer, sent, 10000), 10000);
}

/* V1: the original waits in spite of the flag. */
void SND22_V1_dontwait(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	u_int8_t *little = st_alloc(test, 2048);
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 0, freed), MSG_DONTWAIT),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 0, freed), MSG_NBIO),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 2);
	/* less than the low-water mark may be free */
	EXPECT_IO(test, st_send(t.so, little, 2048, MSG_DONTWAIT), EWOULDBLOCK, 0);
	nothing_else_arrives(test, &t, sent);
}

void urgent_byte_goes_out(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_IO(test, st_send(t.so, "!", 1, MSG_OOB), 0, 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
	SETTLES(test, st_peer_recv_flags(t.peer, &byte, 1, MSG_OOB) == 1);
	EXPECT_EQ(test, byte, '!');
}
