// SPDX-License-Identifier: GPL-2.0
/* Scenarios: urgent data. */

#include "scenario.h"

static void urgent(struct kunit *test, struct st_tcp *t)
{
	st_peer_send_pattern(test, t->peer, 0, 10);
	ASSERT_EQ(test, st_peer_send_flags(t->peer, "!", 1, MSG_OOB), 1);
	st_peer_send_pattern(test, t->peer, 10, 10);
}

void RCV24_urgent(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];

	st_tcp(test, &t);
	EXPECT_IO(test, st_recv(t.so, buf, 1, MSG_OOB), EINVAL, 0);
	urgent(test, &t);
	SETTLES(test, st_recv(t.so, buf, 1, MSG_OOB | MSG_PEEK).error == 0);
	EXPECT_EQ(test, st_at_mark(test, t.so), 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, 0), 0, 10);
	EXPECT_PATTERN(test, buf, 10, 0);
	EXPECT_EQ(test, st_at_mark(test, t.so), 1);
	EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_OOB), 0, 1);
	EXPECT_EQ(test, buf[0], '!');
	EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_OOB), EINVAL, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, 0), 0, 10);
	EXPECT_PATTERN(test, buf, 10, 10);
}

void RCV25_urgent_mbuf(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[20];
	size_t got = 0;

	st_tcp(test, &t);
	urgent(test, &t);
	while (got < sizeof(buf)) {
		struct st_io io = st_recvm(test, t.so, buf + got, sizeof(buf) - got, 0);

		ASSERT_EQ(test, io.error, 0);
		ASSERT(test, io.len > 0);
		got += io.len;
	}
	EXPECT_PATTERN(test, buf, 20, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* The call that loses the byte on the original is refused, and the byte stays. */
void urgent_by_mbuf_refused(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1];
	size_t len = 1;
	mbuf_t m;

	st_tcp(test, &t);
	urgent(test, &t);
	SETTLES(test, st_recv(t.so, buf, 1, MSG_OOB | MSG_PEEK).error == 0);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, MSG_OOB, &len), EINVAL);
	EXPECT_IO(test, st_recv(t.so, buf, 1, MSG_OOB), 0, 1);
	EXPECT_EQ(test, buf[0], '!');
}

/* Whoever must read on to the mark in a stream of megabytes can do so by mbufs. */
void urgent_in_the_middle_of_much(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t *buf = st_alloc(test, 60000);
	size_t got = 0;

	st_tcp(test, &t);
	st_peer_send_pattern(test, t.peer, 0, 30000);
	ASSERT_EQ(test, st_peer_send_flags(t.peer, "!", 1, MSG_OOB), 1);
	st_peer_send_pattern(test, t.peer, 30000, 30000);
	while (got < 60000) {
		struct st_io io = st_recvm(test, t.so, buf + got, 7000, 0);

		ASSERT_EQ(test, io.error, 0);
		ASSERT(test, io.len > 0);
		got += io.len;
	}
	EXPECT_EQ(test, got, 60000);
	EXPECT_PATTERN(test, buf, 60000, 0);
}

void RCV26_urgent_inline(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];
	size_t got = 0;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_OOBINLINE, 1), 0);
	urgent(test, &t);
	SETTLES(test, st_readable(test, t.so) > 0);
	EXPECT_IO(test, st_recv(t.so, buf, 1, MSG_OOB), EINVAL, 0);
	while (got < 21) {
		struct st_io io = st_recv(t.so, buf + got, 21 - got, 0);

		ASSERT_EQ(test, io.error, 0);
		ASSERT(test, io.len > 0);
		got += io.len;
	}
	EXPECT_PATTERN(test, buf, 10, 0);
	EXPECT_EQ(test, buf[10], '!');
	EXPECT_PATTERN(test, buf + 11, 10, 10);
}

/* With SO_WANTOOBFLAG a receive takes the urgent byte first and says so. */
void wantoobflag(struct kunit *test)
{
	u_int8_t buf[100];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct st_tcp t;
	size_t len;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_WANTOOBFLAG, 1), 0);
	urgent(test, &t);
	SETTLES(test, st_recv(t.so, buf, 1, MSG_OOB | MSG_PEEK).error == 0);
	EXPECT_EQ(test, sock_receive(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 1);
	EXPECT_EQ(test, buf[0], '!');
	EXPECT(test, msg.msg_flags & MSG_OOB);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 20));
}
