// SPDX-License-Identifier: GPL-2.0
/* Scenarios: datagrams. */

#include "scenario.h"

void DGR1_source_address(struct kunit *test)
{
	struct st_message *m = st_message(test, 0);
	struct st_udp u;
	size_t len = 1000000;
	mbuf_t data = NULL;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 100);
	m->msg.msg_iov = NULL;
	m->msg.msg_iovlen = 0;
	EXPECT_EQ(test, sock_receivembuf(u.so, &m->msg, &data, 0, &len), 0);
	EXPECT_EQ(test, len, 100);
	EXPECT_EQ(test, mbuf_pkthdr_len(data), 100);
	EXPECT_EQ(test, mbuf_copydata(data, 0, 100, m->buf), 0);
	EXPECT_PATTERN(test, m->buf, 100, 0);
	mbuf_freem(data);
	EXPECT_EQ(test, m->name.sin.sin_len, 16);
	EXPECT_EQ(test, m->name.sin.sin_family, AF_INET);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
	EXPECT_EQ(test, ntohl(m->name.sin.sin_addr.s_addr), INADDR_LOOPBACK);
	EXPECT_EQ(test, m->msg.msg_namelen, 128);
	EXPECT_EQ(test, m->msg.msg_flags, 0);
}

void DGR2_longer_than_asked_for(struct kunit *test)
{
	struct msghdr msg = { };
	struct st_udp u;
	u_int8_t buf[300];
	size_t len = 300;
	mbuf_t m = NULL;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 1000);
	st_from_peer(test, &u, 0, 5);
	EXPECT_EQ(test, sock_receivembuf(u.so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 300);
	EXPECT(test, msg.msg_flags & MSG_TRUNC);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), 300);
	EXPECT_EQ(test, mbuf_copydata(m, 0, 300, buf), 0);
	EXPECT_PATTERN(test, buf, 300, 0);
	mbuf_freem(m);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 300, 0), 0, 5);
	EXPECT_PATTERN(test, buf, 5, 0);
	EXPECT_IO(test, st_recv(u.so, buf, 300, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* The same by sock_receive(). */
void longer_than_buffer(struct kunit *test)
{
	struct st_message *m = st_message(test, 300);
	struct st_udp u;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 1000);
	st_from_peer(test, &u, 0, 5);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_PATTERN(test, m->buf, 300, 0);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 5);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_TRUNC, 0);
}

/* Whatever packet it came in: the bytes are right, and what is behind them is the mbuf's to fill. */
void every_length_into_mbufs(struct kunit *test)
{
	u_int8_t buf[700];
	struct st_udp u;
	size_t len, got;
	mbuf_t m;

	st_udp(test, &u);
	for (len = 1; len <= sizeof(buf); len += 9) {
		m = NULL;
		got = len;
		st_from_peer(test, &u, len, len);
		ASSERT_EQ(test, sock_receivembuf(u.so, NULL, &m, 0, &got), 0);
		EXPECT_EQ(test, got, len);
		memset((u_int8_t *)mbuf_data(m) + mbuf_len(m), 0x5a, mbuf_trailingspace(m));
		EXPECT_EQ(test, mbuf_copydata(m, 0, len, buf), 0);
		EXPECT_PATTERN(test, buf, len, len);
		mbuf_freem(m);
	}
}

/* What of a datagram nobody has read, and from whom it came. */
void rest_goes_with_the_socket(struct kunit *test)
{
	struct st_message *m = st_message(test, 300);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	st_from_peer(test, &u, 0, 1000);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	st_close(test, u.so);
}

void DGR3_donttrunc(struct kunit *test)
{
	struct st_message *m = st_message(test, 300);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	st_from_peer(test, &u, 0, 1000);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 300);
	EXPECT(test, m->msg.msg_flags & MSG_RCVMORE);
	EXPECT_PATTERN(test, m->buf, 300, 0);
	m->iov.iov_len = 1000;
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 700);
	EXPECT_EQ(test, m->msg.msg_flags & (MSG_RCVMORE | MSG_TRUNC), 0);
	EXPECT_PATTERN(test, m->buf, 700, 300);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
}

void DGR4_empty(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte[10];
	size_t len = 100;
	mbuf_t m = NULL;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 0);
	st_from_peer(test, &u, 0, 7);
	EXPECT(test, st_readable(test, u.so) > 0);
	EXPECT_EQ(test, sock_receivembuf(u.so, NULL, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	ASSERT(test, m != NULL);
	EXPECT_EQ(test, mbuf_len(m), 0);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), 0);
	mbuf_freem(m);
	EXPECT_IO(test, st_recvm(test, u.so, byte, 10, 0), 0, 7);
	st_from_peer(test, &u, 0, 0);
	EXPECT_IO(test, st_recv(u.so, byte, 10, 0), 0, 0);
	EXPECT_IO(test, st_recv(u.so, byte, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

void DGR5_no_destination(struct kunit *test)
{
	struct st_udp u;

	st_udp(test, &u);
	EXPECT_IO(test, st_send(u.so, "x", 1, 0), EDESTADDRREQ, 0);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 10, 0), 0), EDESTADDRREQ, 0);
}

void DGR6_connected_with_name(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send_to(u.so, u.peer_port, "named", 5), EISCONN, 0);
	EXPECT_IO(test, st_send(u.so, "x", 1, 0), 0, 1);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, sizeof(buf)), 1);
	EXPECT_EQ(test, buf[0], 'x');
}

void DGR7_too_long(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf_attached(test, 65508, 0, freed), 0), EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 65507, 0), 0), 0, 65507);
	EXPECT_EQ(test, st_peer_read(u.peer, 0, 1), 1);
}

void DGR8_send_limit(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 3000);
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_SNDBUF, 2000), 0);
	EXPECT_IO(test, st_send(u.so, buf, 2001, 0), EMSGSIZE, 0);
	EXPECT_IO(test, st_send(u.so, buf, 2000, 0), 0, 2000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 3000), 2000);
}

/* V7: without SO_SNDBUF the host's limits hold, not the original's 9216. */
void V7_default_limit_is_the_hosts(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 60000);
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, buf, 60000, 0), 0, 60000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 60000), 60000);
}

static void refuse(struct kunit *test, struct st_udp *u, struct st_cb *cb)
{
	int calls = st_calls(cb);

	st_peer_close(u->peer);
	EXPECT_IO(test, st_send(u->so, "?", 1, 0), 0, 1);
	st_called(cb, calls);
}

void DGR9_refused(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_peer *late;
	struct st_udp u;
	u_int8_t byte;

	st_udp_upcall(test, &u, st_upcall, cb);
	st_udp_connect(test, &u);
	st_called(cb, 0);
	refuse(test, &u, cb);
	late = st_peer(test, AF_INET, SOCK_DGRAM);
	ASSERT_EQ(test, st_peer_bind(late, u.peer_port), 0);
	EXPECT_IO(test, st_send(u.so, "1", 1, 0), ECONNREFUSED, 0);
	EXPECT_IO(test, st_recv(u.so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	/* once, and nothing of that was sent */
	EXPECT_IO(test, st_send(u.so, "2", 1, 0), 0, 1);
	EXPECT_EQ(test, st_peer_recv(late, &byte, 1), 1);
	EXPECT_EQ(test, byte, '2');
}

void DGR10_data_then_refused(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_udp u;
	u_int8_t buf[10];

	st_udp_upcall(test, &u, st_upcall, cb);
	st_udp_connect(test, &u);
	st_from_peer(test, &u, 0, 5);
	SETTLES(test, st_calls(cb) >= 2);
	refuse(test, &u, cb);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), 0, 5);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), ECONNREFUSED, 0);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* A blocked receiver hears of it. */
void refusal_wakes_receiver(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	st_peer_close(u.peer);
	EXPECT_IO(test, st_send(u.so, "?", 1, 0), 0, 1);
	EXPECT_IO(test, st_result(test, receiver), ECONNREFUSED, 0);
}

/* So long that Linux does not look at the checksum before somebody receives. */
static void send_bad(struct kunit *test, struct st_udp *u)
{
	ASSERT(test, st_send_bad_checksum(test, u->peer_port, u->port, 300));
}

void DGR11_bad_checksum(struct kunit *test)
{
	size_t len = 500;
	struct st_udp u;
	u_int8_t buf[10];
	mbuf_t m;

	st_udp(test, &u);
	send_bad(test, &u);
	EXPECT_EQ(test, sock_receivembuf(u.so, NULL, &m, MSG_PEEK | MSG_DONTWAIT, &len),
		  EWOULDBLOCK);
	send_bad(test, &u);
	send_bad(test, &u);
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "good", 4), 4);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10, 0), 0, 4);
	EXPECT(test, !memcmp(buf, "good", 4));
	send_bad(test, &u);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

/* Alone it neither ends a wait nor is it an empty datagram. */
void bad_checksum_alone(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;

	st_udp(test, &u);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	send_bad(test, &u);
	EXPECT(test, st_asleep(receiver->thread));
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "good", 4), 4);
	EXPECT_IO(test, st_result(test, receiver), 0, 4);
}

void DGR12_name_cut_off(struct kunit *test)
{
	struct st_message *m = st_message(test, 10);
	u_int8_t *name = (u_int8_t *)&m->name;
	struct st_udp u;
	int i;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 5);
	m->msg.msg_namelen = 8;
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, name[0], 16);
	EXPECT_EQ(test, name[1], AF_INET);
	EXPECT_EQ(test, name[7], 1);
	for (i = 8; i < 128; i++)
		EXPECT_EQ(test, name[i], 0xee);
	EXPECT_EQ(test, m->msg.msg_namelen, 8);

	/* no room at all */
	st_from_peer(test, &u, 0, 5);
	m->msg.msg_namelen = 0;
	memset(name, 0xee, 128);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, name[0], 0xee);
}

static void body_receive_one(struct st_cb *cb, socket_t so)
{
	u_int8_t byte[4];
	struct st_io io = st_recv(so, byte, sizeof(byte), MSG_DONTWAIT);

	if (io.error)
		cb->empty++;
	else
		__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void DGR13_one_per_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_receive_one);
	struct st_udp u;
	int i;

	st_udp_upcall(test, &u, st_upcall, cb);
	for (i = 0; i < 50; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) == 50);
	NEVER(test, st_got(cb) != 50);
	EXPECT_EQ(test, cb->empty, 0);
	EXPECT_EQ(test, st_calls(cb), 50);
}

void DGR14_shutdown_unconnected(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_RDWR), ENOTCONN);
	st_from_peer(test, &u, 0, 5);
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), 0, 5);
	EXPECT_IO(test, st_send_to(u.so, u.peer_port, "x", 1), 0, 1);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 10), 1);
}

void DGR15_shutdown_connected(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[10];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_RD), 0);
	st_peer_send_to(u.peer, u.port, "x", 1);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_DONTWAIT), 0, 0);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10, MSG_DONTWAIT), 0, 0);
	EXPECT_IO(test, st_send(u.so, "y", 1, 0), 0, 1);
	EXPECT_EQ(test, sock_shutdown(u.so, SHUT_WR), 0);
	EXPECT_IO(test, st_send(u.so, "z", 1, 0), EPIPE, 0);
}

void DGR16_fragmented(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 20000);
	struct st_udp u;

	st_loopback_mtu(test, 1500);
	st_udp(test, &u);
	st_from_peer(test, &u, 0, 20000);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 20000, 0), 0, 20000);
	EXPECT_PATTERN(test, buf, 20000, 0);
	st_from_peer(test, &u, 7, 20000);
	EXPECT_IO(test, st_recv(u.so, buf, 20000, 0), 0, 20000);
	EXPECT_PATTERN(test, buf, 20000, 7);
	/* cut off in the middle of the fragments, too */
	st_from_peer(test, &u, 9, 20000);
	EXPECT_IO(test, st_recvm(test, u.so, buf, 10001, 0), 0, 10001);
	EXPECT_PATTERN(test, buf, 10001, 9);
	/* and out */
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 20000, 11), 0), 0, 20000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 20000), 20000);
	EXPECT_PATTERN(test, buf, 20000, 11);
}

void DGR17_no_urgent_data(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, "x", 1, MSG_OOB), EOPNOTSUPP, 0);
	EXPECT_IO(test, st_sendm(u.so, st_mbuf(test, 10, 0), MSG_OOB), EOPNOTSUPP, 0);
	EXPECT_IO(test, st_recv(u.so, &byte, 1, MSG_OOB), EOPNOTSUPP, 0);
}

void DGR18_send_nothing(struct kunit *test)
{
	struct iovec iov[2] = { { test, 0 }, { test, 0 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	struct st_udp u;
	u_int8_t byte;
	size_t len = ST_UNTOUCHED;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, sock_send(u.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, st_peer_recv(u.peer, &byte, 1), 0);
}

/* An end of record means nothing here. */
void end_of_record_is_ignored(struct kunit *test)
{
	struct st_udp u;
	u_int8_t byte[4];

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_IO(test, st_send(u.so, "abc", 3, MSG_EOR), 0, 3);
	EXPECT_EQ(test, st_peer_recv(u.peer, byte, 4), 3);
}

void peek_datagram(struct kunit *test)
{
	struct st_message *m = st_message(test, 20);
	struct st_udp u;
	size_t len = 100;
	mbuf_t data = (mbuf_t)ST_NO_SOCKET;

	st_udp(test, &u);
	st_from_peer(test, &u, 0, 50);
	EXPECT_EQ(test, st_receive(u.so, m, MSG_PEEK), 0);
	EXPECT_EQ(test, m->len, 20);
	EXPECT(test, m->msg.msg_flags & MSG_TRUNC);
	EXPECT_EQ(test, ntohs(m->name.sin.sin_port), u.peer_port);
	EXPECT_EQ(test, sock_receivembuf(u.so, NULL, &data, MSG_PEEK, &len), 0);
	EXPECT_EQ(test, len, 50);
	EXPECT(test, data == NULL);
	m->iov.iov_len = 100;
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->len, 50);
	EXPECT_PATTERN(test, m->buf, 50, 0);
}

/* The time-out, the signal and WAITALL of a datagram socket. */
void waits_like_a_stream(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;
	u_int8_t buf[10];
	long long begin;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set_time(u.so, SO_RCVTIMEO, 0, 100000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_recv(u.so, buf, 10, 0), EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 100);
	ASSERT_EQ(test, st_set_time(u.so, SO_RCVTIMEO, 0, 0), 0);
	receiver = st_block_in_receive(test, u.so, 10, 0);
	st_signal(receiver->thread);
	EXPECT_INTERRUPTED(test, st_result(test, receiver).error);
	st_from_peer(test, &u, 0, 3);
	EXPECT_IO(test, st_recv(u.so, buf, 10, MSG_WAITALL), 0, 3);
}

static const struct name_case {
	const char *name;
	u_int8_t len, family;
	u_int16_t port;
	errno_t error;
} name_cases[] = {
	{ "inet6",	16,  AF_INET6, 9, EAFNOSUPPORT },
	{ "short",	15,  AF_INET,  9, EINVAL },
	{ "one",	1,   AF_INET,  9, EINVAL },
	{ "beyond 128",	129, AF_INET,  9, EINVAL },
};

/* Names that no datagram can go to. */
void bad_names_on_send(struct kunit *test)
{
	struct st_message *m = st_message(test, 10);
	const struct name_case *c;
	struct st_udp u;

	st_udp(test, &u);
	for (c = name_cases; c < name_cases + sizeof(name_cases) / sizeof(*c); c++) {
		errno_t error;

		st_in(&m->name.sin, c->port);
		m->name.sin.sin_len = c->len;
		m->name.sin.sin_family = c->family;
		error = sock_send(u.so, &m->msg, 0, &m->len);
		if (error != c->error || m->len)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
	}
	/* length 0: the length of the message counts */
	st_in(&m->name.sin, u.peer_port)->sa_len = 0;
	m->msg.msg_namelen = 16;
	EXPECT_EQ(test, sock_send(u.so, &m->msg, 0, &m->len), 0);
	EXPECT_EQ(test, st_peer_recv(u.peer, m->buf, 100), 10);
}

/* What the queue holds, by option and by request. */
void queue_is_told(struct kunit *test)
{
	struct st_udp u;
	u_int8_t buf[100];

	st_udp(test, &u);
	EXPECT_EQ(test, st_readable(test, u.so), 0);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NREAD), 0);
	st_from_peer(test, &u, 0, 33);
	st_from_peer(test, &u, 0, 44);
	EXPECT_EQ(test, st_readable(test, u.so), 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NREAD), 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT), 2);
	EXPECT_IO(test, st_recv(u.so, buf, 100, 0), 0, 33);
	EXPECT_EQ(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT), 1);
}

/* A raw socket is given the IP header, too. */
void raw_socket_sees_headers(struct kunit *test)
{
	socket_t raw = NULL;
	struct st_udp u;
	u_int8_t buf[200];
	struct st_io io;

	ASSERT_EQ(test, sock_socket(AF_INET, SOCK_RAW, IPPROTO_UDP, NULL, NULL, &raw), 0);
	st_track(test, raw);
	st_udp(test, &u);
	st_from_peer(test, &u, 0, 10);
	io = st_recvm(test, raw, buf, sizeof(buf), 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT_EQ(test, io.len, 20 + 8 + 10);
	EXPECT_EQ(test, buf[0] >> 4, 4);
	EXPECT_EQ(test, buf[9], IPPROTO_UDP);
	EXPECT_PATTERN(test, buf + 28, 10, 0);
}

/* V13: how much is queued goes by the host's accounting; what is queued is whole. */
void V13_drops_by_memory(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1000);
	struct st_udp u;
	int i, got = 0;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	st_fill(buf, 1000, 0);
	for (i = 0; i < 300; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, buf, 1000), 1000);
	while (!st_recv(u.so, buf, 1000, MSG_DONTWAIT).error) {
		EXPECT_PATTERN(test, buf, 1000, 0);
		got++;
	}
	EXPECT(test, got >= 10 && got < 300);
	st_from_peer(test, &u, 0, 1000);
	EXPECT_IO(test, st_recv(u.so, buf, 1000, 0), 0, 1000);
}

/* Linux's send buffer is full of packets that are still on their way: the sender waits. */
void waits_for_send_buffer(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1000);
	struct st_blocked *sender;
	struct st_io io = { 0, 0 };
	struct st_udp u;
	int i;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_SNDBUF, 5000), 0);
	st_hold_datagrams_to(test, u.peer_port);
	for (i = 0; i < 1000 && !io.error; i++)
		io = st_send(u.so, buf, 1000, MSG_DONTWAIT);
	EXPECT_EQ(test, io.error, EWOULDBLOCK);
	sender = st_block_in_send(test, u.so, 0, 1000);
	EXPECT(test, !st_ended(sender->thread));
	st_let_go();
	EXPECT_IO(test, st_result(test, sender), 0, 1000);
}

/* So does one whose mbufs are the packets: they count like any other's. */
void mbufs_wait_for_send_buffer(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_io io = { 0, 0 };
	struct st_udp u;
	int i;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_SNDBUF, 5000), 0);
	st_hold_datagrams_to(test, u.peer_port);
	for (i = 0; i < 100 && !io.error; i++)
		io = st_sendm(u.so, st_mbuf(test, 1000, 0), MSG_DONTWAIT);
	EXPECT_EQ(test, io.error, EWOULDBLOCK);
	sender = st_block_in_sendmbuf(test, u.so, st_mbuf(test, 1000, 0));
	EXPECT(test, !st_ended(sender->thread));
	st_let_go();
	EXPECT_IO(test, st_result(test, sender), 0, 1000);
}

/* More pieces than fit into what the layer keeps on the stack. */
void datagram_of_many_pieces(struct kunit *test)
{
	mbuf_t head = NULL, last, m;
	u_int8_t *buf = st_alloc(test, 2000);
	struct st_udp u;
	int i;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	ASSERT_EQ(test, mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head), 0);
	for (last = head, i = 0; i < 100; i++, last = m) {
		ASSERT_EQ(test, mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
		mbuf_setlen(m, 20);
		st_fill(mbuf_data(m), 20, 20 * i);
		mbuf_setnext(last, m);
	}
	mbuf_pkthdr_setlen(head, 2000);
	EXPECT_IO(test, st_sendm(u.so, head, 0), 0, 2000);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, 2000), 2000);
	EXPECT_PATTERN(test, buf, 2000, 0);
}

/* The rest of a datagram by mbufs, too, and over IPv6. */
static void donttrunc_by_mbuf(struct kunit *test, int family)
{
	socket_t so = st_socket(test, family, SOCK_DGRAM);
	struct st_peer *peer = st_peer(test, family, SOCK_DGRAM);
	struct sockaddr_storage name;
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;
	struct msghdr msg = { .msg_name = &name, .msg_namelen = sizeof(name) };
	u_int8_t buf[1000];
	size_t len = 300;
	mbuf_t m = NULL;

	ASSERT_EQ(test, st_set(so, SOL_SOCKET, SO_DONTTRUNC, 1), 0);
	ASSERT_EQ(test, sock_bind(so, family == AF_INET ? st_in(&sin, 0) : st_in6(&sin6, 0)), 0);
	ASSERT_EQ(test, st_peer_bind(peer, 0), 0);
	st_fill(buf, 1000, 0);
	ASSERT_EQ(test, st_peer_send_to(peer, st_port(test, so), buf, 1000), 1000);
	EXPECT_EQ(test, sock_receivembuf(so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 300);
	EXPECT(test, msg.msg_flags & MSG_RCVMORE);
	mbuf_freem(m);
	EXPECT_EQ(test, st_readable(test, so), 700);
	bzero(&name, sizeof(name));
	len = 1000;
	EXPECT_EQ(test, sock_receivembuf(so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 700);
	EXPECT_EQ(test, msg.msg_flags & MSG_RCVMORE, 0);
	EXPECT_EQ(test, mbuf_copydata(m, 0, len, buf), 0);
	EXPECT_PATTERN(test, buf, 700, 300);
	EXPECT_EQ(test, ntohs(((struct sockaddr_in *)&name)->sin_port), st_peer_port(peer));
	mbuf_freem(m);
	EXPECT_IO(test, st_recv(so, buf, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

void donttrunc_mbuf(struct kunit *test)
{
	donttrunc_by_mbuf(test, AF_INET);
	donttrunc_by_mbuf(test, AF_INET6);
}

/* What cannot be reached: the old association is gone all the same. */
void failed_reconnect_dissolves(struct kunit *test)
{
	struct sockaddr_in to;
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, sock_connect(u.so, st_in_at(&to, 0xc6336401, 9), 0), ENETUNREACH);
	EXPECT_EQ(test, sock_isconnected(u.so), 0);
}

/* SO_WANTMORE says whether there is more. */
void wantmore(struct kunit *test)
{
	struct st_message *m = st_message(test, 100);
	struct st_udp u;

	st_udp(test, &u);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_WANTMORE, 1), 0);
	st_from_peer(test, &u, 0, 10);
	st_from_peer(test, &u, 0, 10);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT(test, m->msg.msg_flags & MSG_HAVEMORE);
	EXPECT_EQ(test, st_receive(u.so, m, 0), 0);
	EXPECT_EQ(test, m->msg.msg_flags & MSG_HAVEMORE, 0);
}
