// SPDX-License-Identifier: GPL-2.0
/* Scenarios: receiving from a stream. */

#include "scenario.h"

void RCV1_all(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp_with(test, &t, 100);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, 0), 0, 100);
	EXPECT_PATTERN(test, buf, 100, 0);
}

void RCV2_in_parts(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp_with(test, &t, 100);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 40, 0), 0, 40);
	EXPECT_IO(test, st_recvm(test, t.so, buf + 40, 1000 - 40, 0), 0, 60);
	EXPECT_PATTERN(test, buf, 100, 0);
}

void RCV3_nothing(struct kunit *test)
{
	mbuf_t m = (mbuf_t)ST_NO_SOCKET;
	struct st_tcp t;
	u_int8_t byte;
	size_t len = 100;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, MSG_DONTWAIT, &len), EWOULDBLOCK);
	EXPECT(test, m == NULL);
	EXPECT_EQ(test, len, 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_NBIO), EWOULDBLOCK, 0);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), EWOULDBLOCK, 0);
}

void RCV4_timeout(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;
	long long begin;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set_time(t.so, SO_RCVTIMEO, 0, 300000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 300);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
}

void RCV5_data_then_end(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp_with(test, &t, 100);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, 0), 0, 100);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, 0), 0, 0);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, 0), 0, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 1000, 0), 0, 0);
}

void RCV6_waitall(struct kunit *test)
{
	struct st_blocked *reader;
	struct st_tcp t;
	int i;

	st_tcp(test, &t);
	reader = st_block_in_receivembuf(test, t.so, 1000, MSG_WAITALL);
	for (i = 0; i < 4; i++) {
		EXPECT(test, st_asleep(reader->thread));
		st_peer_send_pattern(test, t.peer, i * 250, 250);
	}
	EXPECT_IO(test, st_result(test, reader), 0, 1000);
	EXPECT_PATTERN(test, reader->buf, 1000, 0);
}

void RCV7_waitall_end(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp_with(test, &t, 300);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL), 0, 300);
	EXPECT_PATTERN(test, buf, 300, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL), 0, 0);
}

void RCV8_waitall_reset(struct kunit *test)
{
	struct st_blocked *reader;
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp(test, &t);
	reader = st_block_in_receivembuf(test, t.so, 1000, MSG_WAITALL);
	st_peer_send_pattern(test, t.peer, 0, 300);
	EXPECT(test, st_asleep(reader->thread));
	st_peer_reset(t.peer);
	EXPECT_IO(test, st_result(test, reader), 0, 300);
	EXPECT_PATTERN(test, reader->buf, 300, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL), ECONNRESET, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL), 0, 0);
}

void RCV9_waitall_nonblocking(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[4];

	st_tcp(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_arrived(test, &t, 0, 3);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 4, MSG_WAITALL), EWOULDBLOCK, 0);
	EXPECT_EQ(test, st_readable(test, t.so), 3);
	EXPECT_EQ(test, st_get(test, t.so, SOL_SOCKET, SO_NREAD), 3);
	EXPECT_IO(test, st_recv(t.so, buf, 4, MSG_WAITALL), EWOULDBLOCK, 0);
	st_arrived(test, &t, 3, 1);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 4, MSG_WAITALL), 0, 4);
	EXPECT_PATTERN(test, buf, 4, 0);
}

void RCV10_waitall_timeout(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];
	long long begin;

	st_tcp_with(test, &t, 300);
	ASSERT_EQ(test, st_set_time(t.so, SO_RCVTIMEO, 0, 300000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_recv(t.so, buf, 1000, MSG_WAITALL), EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 300);
	EXPECT_EQ(test, st_readable(test, t.so), 300);
	EXPECT_IO(test, st_recv(t.so, buf, 1000, 0), 0, 300);
	EXPECT_PATTERN(test, buf, 300, 0);
}

/* V2: the original takes what is there and then waits. */
void RCV11_V2_waitall_dontwait(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp_with(test, &t, 300);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL | MSG_DONTWAIT), 0, 300);
	EXPECT_PATTERN(test, buf, 300, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 1000, MSG_WAITALL | MSG_DONTWAIT),
		  EWOULDBLOCK, 0);
}

/* V2, the other half: more than the buffer holds is never waited for, either. */
void V2_nonblocking_waitall_beyond_buffer(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t *buf = st_alloc(test, 20000);

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 10000), 0);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_arrived(test, &t, 0, 3000);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 20000, MSG_WAITALL), 0, 3000);
	EXPECT_PATTERN(test, buf, 3000, 0);
}

/* total bytes by WAITALL of want bytes each, sent in pieces of min to max bytes */
static void waitall_stream(struct kunit *test, size_t total, size_t min, size_t max,
			   size_t want, int use_mbufs)
{
	u_int8_t *buf = st_alloc(test, want);
	struct st_thread *sender;
	struct st_tcp t;
	size_t off;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 65536), 0);
	ASSERT_EQ(test, st_set_time(t.so, SO_RCVTIMEO, ST_DEADLINE_MS / 1000, 0), 0);
	sender = st_peer_stream(t.peer, total, min, max);
	for (off = 0; off < total; off += want) {
		size_t expect = total - off < want ? total - off : want;
		struct st_io io = use_mbufs ? st_recvm(test, t.so, buf, want, MSG_WAITALL) :
			st_recv(t.so, buf, want, MSG_WAITALL);

		ASSERT_EQ(test, io.error, 0);
		ASSERT_EQ(test, io.len, expect);
		EXPECT_PATTERN(test, buf, expect, off);
	}
	EXPECT_IO(test, st_recv(t.so, buf, want, MSG_WAITALL), 0, 0);
	EXPECT(test, st_join(sender));
}

void RCV12_waitall_small_writes(struct kunit *test)
{
	waitall_stream(test, 200000, 1, 1400, 60000, 1);
	waitall_stream(test, 200000, 1, 1400, 60000, 0);
}

/* One byte per segment costs Linux far more memory than the byte. */
void waitall_single_bytes(struct kunit *test)
{
	waitall_stream(test, st_rounds(3000, 200000), 1, 1, st_rounds(1500, 60000), 1);
}

void RCV13_waitall_beyond_buffer(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 300000);
	struct st_thread *sender;
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 65536), 0);
	sender = st_peer_stream(t.peer, 100000, 4000, 10000);
	EXPECT_IO(test, st_recv(t.so, buf, 300000, MSG_WAITALL), 0, 100000);
	EXPECT_PATTERN(test, buf, 100000, 0);
	EXPECT(test, st_join(sender));
}

void RCV14_peek(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[50];

	st_tcp_with(test, &t, 50);
	EXPECT_IO(test, st_recv(t.so, buf, 20, MSG_PEEK), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 50, MSG_PEEK), 0, 50);
	EXPECT_PATTERN(test, buf, 50, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 50, 0), 0, 50);
	EXPECT_PATTERN(test, buf, 50, 0);
}

/* Peeking sees what the layer keeps as well as what Linux keeps. */
void peek_over_stash(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];

	st_tcp(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_arrived(test, &t, 0, 30);
	EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_WAITALL), EWOULDBLOCK, 0);
	st_arrived(test, &t, 30, 30);
	memset(buf, 0, sizeof(buf));
	EXPECT_IO(test, st_recv(t.so, buf, 50, MSG_PEEK), 0, 50);
	EXPECT_PATTERN(test, buf, 50, 0);
	EXPECT_EQ(test, st_readable(test, t.so), 60);
	EXPECT_IO(test, st_recv(t.so, buf, 40, 0), 0, 40);
	EXPECT_PATTERN(test, buf, 40, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 100, 0), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 40);
}

void RCV15_peek_mbuf(struct kunit *test)
{
	mbuf_t m = (mbuf_t)ST_NO_SOCKET;
	struct st_tcp t;
	size_t len = 20;

	st_tcp_with(test, &t, 50);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, MSG_PEEK, &len), 0);
	EXPECT_EQ(test, len, 20);
	EXPECT(test, m == NULL);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 50));
}

void RCV16_mbuf_arguments(struct kunit *test)
{
	struct iovec iov = { .iov_base = test, .iov_len = 1 };
	struct msghdr with_iov = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct msghdr only_iov = { .msg_iov = &iov };
	struct msghdr only_count = { .msg_iovlen = 1 };
	mbuf_t m = (mbuf_t)ST_NO_SOCKET;
	struct st_tcp t;
	size_t len = 10, none = 0, huge = 0x80000000UL;

	st_tcp_with(test, &t, 10);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, 0, NULL), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, 0, &none), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, &with_iov, &m, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, &only_iov, &m, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, &only_count, &m, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receivembuf(t.so, NULL, &m, 0, &huge), EINVAL);
	EXPECT(test, m == (mbuf_t)ST_NO_SOCKET);
	EXPECT_EQ(test, len, 10);
	EXPECT_EQ(test, none, 0);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 10));
}

void RCV17_message_arguments(struct kunit *test)
{
	u_int8_t buf[10];
	struct iovec good[2] = { { buf, 5 }, { buf + 5, 5 } };
	struct iovec empty = { buf, 0 }, null = { NULL, 10 };
	struct iovec huge[2] = { { buf, 0x7fffffff }, { buf, 0x7fffffff } };
	struct msghdr none = { .msg_iov = good };
	struct msghdr negative = { .msg_iov = good, .msg_iovlen = -1 };
	struct msghdr first_empty = { .msg_iov = &empty, .msg_iovlen = 1 };
	struct msghdr first_null = { .msg_iov = &null, .msg_iovlen = 1 };
	struct msghdr too_long = { .msg_iov = huge, .msg_iovlen = 2 };
	struct st_tcp t;
	size_t len;

	st_tcp_with(test, &t, 10);
	EXPECT_EQ(test, sock_receive(t.so, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receive(t.so, &none, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receive(t.so, &negative, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receive(t.so, &first_empty, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receive(t.so, &first_null, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_receive(t.so, &too_long, 0, &len), EINVAL);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 10));
}

void receive_1024_elements_at_most(struct kunit *test)
{
	struct iovec *iov = st_alloc(test, 1025 * sizeof(*iov));
	u_int8_t *buf = st_alloc(test, 1025);
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1025 };
	struct st_tcp t;
	size_t len;
	int i;

	for (i = 0; i < 1025; i++) {
		iov[i].iov_base = buf + i;
		iov[i].iov_len = 1;
	}
	st_tcp_with(test, &t, 1100);
	EXPECT_EQ(test, sock_receive(t.so, &msg, 0, &len), EINVAL);
	msg.msg_iovlen = 1024;
	EXPECT_EQ(test, sock_receive(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 1024);
	EXPECT_PATTERN(test, buf, 1024, 0);
	EXPECT(test, st_recv_pattern(test, t.so, 1024, 76));
}

/* The length is optional. */
void receive_without_length(struct kunit *test)
{
	u_int8_t buf[10];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct st_tcp t;

	st_tcp_with(test, &t, 10);
	EXPECT_EQ(test, sock_receive(t.so, &msg, 0, NULL), 0);
	EXPECT_PATTERN(test, buf, 10, 0);
}

void RCV18_scatter(struct kunit *test)
{
	u_int8_t a[10], b[20];
	struct iovec iov[3] = { { a, 10 }, { NULL, 0 }, { b, 20 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 3, .msg_flags = 0x77 };
	struct st_tcp t;
	size_t len;

	st_tcp_with(test, &t, 30);
	EXPECT_EQ(test, sock_receive(t.so, &msg, MSG_DONTWAIT, &len), 0);
	EXPECT_EQ(test, len, 30);
	EXPECT_PATTERN(test, a, 10, 0);
	EXPECT_PATTERN(test, b, 20, 10);
	EXPECT_EQ(test, msg.msg_flags, MSG_DONTWAIT);
	EXPECT_EQ(test, iov[0].iov_len, 10);
	EXPECT(test, iov[2].iov_base == b);
}

/* An error leaves the message as it was. */
void error_leaves_message(struct kunit *test)
{
	u_int8_t buf[10];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_flags = 0x77 };
	struct st_tcp t;
	size_t len = ST_UNTOUCHED;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_receive(t.so, &msg, MSG_DONTWAIT, &len), EWOULDBLOCK);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, msg.msg_flags, 0x77);
}

/* MSG_TRUNC on input would make Linux throw the data away. */
void result_flags_on_input(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];

	st_tcp_with(test, &t, 60);
	EXPECT_IO(test, st_recv(t.so, buf, 20, MSG_TRUNC | MSG_CTRUNC | MSG_EOR), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 20, MSG_TRUNC), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 20);
	EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_NOSIGNAL | MSG_NEEDSA), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 40);
}

void RCV19_unconnected(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	u_int8_t byte;

	EXPECT_IO(test, st_recv(so, &byte, 1, 0), ENOTCONN, 0);
	EXPECT_IO(test, st_recv(so, &byte, 1, MSG_DONTWAIT), ENOTCONN, 0);
	EXPECT_IO(test, st_recvm(test, so, &byte, 1, 0), ENOTCONN, 0);
}

void RCV20_reset(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_tcp_reset(test, &t);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), ECONNRESET, 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 0);
	EXPECT_IO(test, st_send(t.so, &byte, 1, 0), EPIPE, 0);
}

void RCV21_reset_send_first(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_tcp_reset(test, &t);
	EXPECT_IO(test, st_send(t.so, &byte, 1, 0), EPIPE, 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), ECONNRESET, 0);
}

void RCV22_end_then_reset(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_peer_shutdown(t.peer, SHUT_WR);
	SETTLES(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT | MSG_PEEK).error == 0);
	st_tcp_reset(test, &t);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), ECONNRESET, 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 0);
}

/* Data first, then the error, then the end. */
void data_then_reset(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[100];

	st_tcp_with(test, &t, 100);
	st_tcp_reset(test, &t);
	EXPECT_IO(test, st_recv(t.so, buf, 60, 0), 0, 60);
	EXPECT_IO(test, st_recvm(test, t.so, buf + 60, 40, 0), 0, 40);
	EXPECT_PATTERN(test, buf, 100, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, MSG_PEEK), ECONNRESET, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, 0), ECONNRESET, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 100, 0), 0, 0);
}

void RCV23_receiver_busy(struct kunit *test)
{
	struct st_blocked *reader;
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 65536), 0);
	reader = st_block_in_receive(test, t.so, 300000, MSG_WAITALL);
	st_peer_send_pattern(test, t.peer, 0, 40000);
	SETTLES(test, st_readable(test, t.so) == 0);
	EXPECT(test, st_asleep(reader->thread));
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_result(test, reader), 0, 40000);
	EXPECT_PATTERN(test, reader->buf, 40000, 0);
}

void RCV27_signal(struct kunit *test)
{
	struct st_blocked *reader;
	struct st_tcp t;

	st_tcp(test, &t);
	reader = st_block_in_receive(test, t.so, 10, MSG_WAITALL);
	st_peer_send_pattern(test, t.peer, 0, 5);
	EXPECT(test, st_asleep(reader->thread));
	st_signal(reader->thread);
	EXPECT_INTERRUPTED(test, st_result(test, reader).error);
	EXPECT_EQ(test, reader->io.len, 0);
	EXPECT_EQ(test, st_readable(test, t.so), 5);

	EXPECT_EQ(test, sock_nointerrupt(t.so, 1), 0);
	reader = st_block_in_receive(test, t.so, 10, MSG_WAITALL);
	st_signal(reader->thread);
	EXPECT(test, st_asleep(reader->thread));
	st_peer_send_pattern(test, t.peer, 5, 5);
	EXPECT_IO(test, st_result(test, reader), 0, 10);
	EXPECT_PATTERN(test, reader->buf, 10, 0);
}

void RCV28_no_name_on_a_stream(struct kunit *test)
{
	u_int8_t name[32];
	struct msghdr msg = { .msg_name = name, .msg_namelen = sizeof(name) };
	struct st_tcp t;
	size_t len = 100, i;
	mbuf_t m = NULL;

	st_tcp_with(test, &t, 100);
	memset(name, 0xee, sizeof(name));
	EXPECT_EQ(test, sock_receivembuf(t.so, &msg, &m, 0, &len), 0);
	mbuf_freem(m);
	EXPECT_EQ(test, msg.msg_namelen, 32);
	for (i = 0; i < sizeof(name); i++)
		EXPECT_EQ(test, name[i], 0xee);
}

void RCV29_low_water(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[1000];

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVLOWAT, 100), 0);
	ASSERT_EQ(test, st_set_time(t.so, SO_RCVTIMEO, 0, 300000), 0);
	st_arrived(test, &t, 0, 50);
	EXPECT_IO(test, st_recv(t.so, buf, 1000, 0), EWOULDBLOCK, 0);
	EXPECT_IO(test, st_recv(t.so, buf, 1000, MSG_DONTWAIT), 0, 50);
	EXPECT_PATTERN(test, buf, 50, 0);
	/* who asks for less than the mark gets it */
	st_arrived(test, &t, 50, 50);
	EXPECT_IO(test, st_recv(t.so, buf, 20, 0), 0, 20);
}

/* What Linux keeps in fragments comes whole and in order, however it is asked for. */
void every_size_of_read(struct kunit *test)
{
	static const size_t sizes[] = { 1, 7, 100, 1447, 1448, 4096, 20000, 1 << 20 };
	u_int8_t *buf = st_alloc(test, 1 << 20);
	struct st_tcp t;
	size_t got = 0, i = 0;

	st_tcp(test, &t);
	st_peer_stream(t.peer, 400000, 1, 30000);
	for (;;) {
		size_t want = sizes[i++ % (sizeof(sizes) / sizeof(*sizes))];
		struct st_io io = i & 1 ? st_recvm(test, t.so, buf, want, 0) :
			st_recv(t.so, buf, want, 0);

		ASSERT_EQ(test, io.error, 0);
		if (!io.len)
			break;
		if (!EXPECT_PATTERN(test, buf, io.len, got))
			break;
		got += io.len;
	}
	EXPECT_EQ(test, got, 400000);
}

/* A chain belongs to who received it: the socket may go, the bytes stay. */
void chain_outlives_socket(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 50000);
	struct st_tcp t;
	size_t len = 50000;
	mbuf_t m = NULL;

	st_tcp_with(test, &t, 50000);
	ASSERT_EQ(test, sock_receivembuf(t.so, NULL, &m, 0, &len), 0);
	st_close(test, t.so);
	st_peer_close(t.peer);
	EXPECT_EQ(test, mbuf_copydata(m, 0, len, buf), 0);
	EXPECT_PATTERN(test, buf, len, 0);
	mbuf_freem(m);
}

/* Writing into one's own chain changes nobody else's bytes. */
void chain_is_writable(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[200];
	size_t len = 100;
	mbuf_t m = NULL, n;

	st_tcp_with(test, &t, 300);
	ASSERT_EQ(test, sock_receivembuf(t.so, NULL, &m, 0, &len), 0);
	for (n = m; n; n = mbuf_next(n))
		memset(mbuf_data(n), 0xff, mbuf_len(n));
	EXPECT_IO(test, st_recv(t.so, buf, 200, 0), 0, 200);
	EXPECT_PATTERN(test, buf, 200, 100);
	mbuf_freem(m);
}

/* Two readers: every byte goes to exactly one of them. */
static void count_thread(void *arg)
{
	struct st_blocked *b = arg;
	u_int8_t buf[500];

	for (;;) {
		struct st_io io = st_recv(b->so, buf, sizeof(buf), 0);

		if (io.error || !io.len)
			break;
		b->len += io.len;
	}
}

void two_readers_share(struct kunit *test)
{
	struct st_blocked *reader[2];
	struct st_tcp t;
	int i;

	st_tcp(test, &t);
	for (i = 0; i < 2; i++) {
		reader[i] = st_alloc(test, sizeof(*reader[i]));
		reader[i]->so = t.so;
		reader[i]->thread = st_thread(test, count_thread, reader[i]);
	}
	st_peer_stream(t.peer, 300000, 1, 5000);
	for (i = 0; i < 2; i++)
		EXPECT(test, st_join(reader[i]->thread));
	EXPECT_EQ(test, reader[0]->len + reader[1]->len, 300000);
}

/* Part of what the layer keeps, by mbufs; then the rest of it with what Linux has. */
void part_of_the_stash(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t buf[300];

	st_tcp(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_arrived(test, &t, 0, 50);
	st_arrived(test, &t, 50, 50);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 300, MSG_WAITALL), EWOULDBLOCK, 0);
	st_arrived(test, &t, 100, 50);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 20, 0), 0, 20);
	EXPECT_PATTERN(test, buf, 20, 0);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 40, 0), 0, 40);
	EXPECT_PATTERN(test, buf, 40, 20);
	EXPECT_IO(test, st_recvm(test, t.so, buf, 300, 0), 0, 90);
	EXPECT_PATTERN(test, buf, 90, 60);
}

/* A receiver that is not to be interrupted waits for another one, too. */
void busy_and_nointerrupt(struct kunit *test)
{
	struct st_blocked *first, *second;
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 65536), 0);
	ASSERT_EQ(test, sock_nointerrupt(t.so, 1), 0);
	first = st_block_in_receive(test, t.so, 300000, MSG_WAITALL);
	st_peer_send_pattern(test, t.peer, 0, 1000);
	SETTLES(test, st_readable(test, t.so) == 0);
	second = st_block_in_receive(test, t.so, 100, 0);
	EXPECT(test, !st_ended(second->thread));
	st_signal(second->thread);
	EXPECT(test, st_asleep(second->thread));
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_result(test, first), 0, 1000);
	EXPECT_IO(test, st_result(test, second), 0, 0);
}

void busy_and_interrupted(struct kunit *test)
{
	struct st_blocked *first, *second;
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, 65536), 0);
	first = st_block_in_receive(test, t.so, 300000, MSG_WAITALL);
	st_peer_send_pattern(test, t.peer, 0, 1000);
	SETTLES(test, st_readable(test, t.so) == 0);
	second = st_block_in_receive(test, t.so, 100, 0);
	st_signal(second->thread);
	EXPECT_INTERRUPTED(test, st_result(test, second).error);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_result(test, first), 0, 1000);
}
