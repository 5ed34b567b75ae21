// SPDX-License-Identifier: GPL-2.0
/* Scenarios: connecting. */

#include "scenario.h"

void CON1_blocking(struct kunit *test)
{
	struct sockaddr_in name;
	socket_t so = st_stream(test);
	u_int16_t port;

	st_listener(test, &port);
	EXPECT_EQ(test, sock_connect(so, st_in(&name, port), 0), 0);
	EXPECT_EQ(test, sock_isconnected(so), 1);
	bzero(&name, sizeof(name));
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, name.sin_len, 16);
	EXPECT_EQ(test, name.sin_family, AF_INET);
	EXPECT_EQ(test, ntohs(name.sin_port), port);
	EXPECT_EQ(test, ntohl(name.sin_addr.s_addr), INADDR_LOOPBACK);
}

void CON2_refused(struct kunit *test)
{
	u_int16_t port = st_closed_port(test, SOCK_STREAM);
	struct sockaddr_in to;
	socket_t so = st_stream(test);
	u_int8_t byte;

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), ECONNREFUSED);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	EXPECT_IO(test, st_recv(so, &byte, 1, 0), 0, 0);
	EXPECT_IO(test, st_send(so, &byte, 1, 0), EPIPE, 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), EINVAL);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINVAL);
}

static void connects_without_waiting(struct kunit *test, int nonblocking, int flags)
{
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
	struct sockaddr_in to;
	u_int16_t port;

	st_listener(test, &port);
	ASSERT_EQ(test, st_nonblocking(so, nonblocking), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), flags), EINPROGRESS);
	SETTLES(test, sock_isconnected(so));
	st_called(cb, 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), flags), EISCONN);
}

void CON3_dontwait(struct kunit *test)
{
	connects_without_waiting(test, 0, MSG_DONTWAIT);
}

void CON4_connecting(struct kunit *test)
{
	socket_t so = st_connecting(test);
	struct sockaddr_in to;
	u_int8_t byte;

	st_in_at(&to, ST_BLACKHOLE, 9);
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&to, MSG_DONTWAIT), EALREADY);
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&to, 0), EISCONN);
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&to, MSG_DONTWAIT), EALREADY);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	EXPECT_IO(test, st_recv(so, &byte, 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	EXPECT_IO(test, st_send(so, &byte, 1, 0), ENOTCONN, 0);
}

void CON5_refused_later(struct kunit *test)
{
	u_int16_t port = st_closed_port(test, SOCK_STREAM);
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
	struct sockaddr_in to;

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	st_called(cb, 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_ERROR), 0);
	EXPECT_EQ(test, sock_isconnected(so), 0);
}

void CON6_connectwait_refused(struct kunit *test)
{
	u_int16_t port = st_closed_port(test, SOCK_STREAM);
	struct timeval tv = { .tv_sec = 2 };
	struct sockaddr_in to;
	socket_t so = st_stream(test);

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	EXPECT_EQ(test, sock_connectwait(so, &tv), ECONNREFUSED);
	EXPECT_EQ(test, sock_connectwait(so, &tv), EINVAL);
}

void CON7_connectwait_in_progress(struct kunit *test)
{
	struct timeval tv = { .tv_usec = 200000 };
	socket_t so = st_connecting(test);
	long long begin = st_now_ms();

	EXPECT_EQ(test, sock_connectwait(so, &tv), EINPROGRESS);
	EXPECT(test, st_now_ms() - begin >= 200);
	EXPECT_EQ(test, sock_connectwait(so, &tv), EINPROGRESS);
	EXPECT(test, st_now_ms() - begin >= 400);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_ERROR), 0);
}

void CON8_connectwait_range(struct kunit *test)
{
	static const struct timeval bad[] = {
		{ -1, 0 }, { 328, 0 }, { 0, 1000000 }, { 0, -1 },
	};
	socket_t so = st_connecting(test);
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		EXPECT_EQ(test, sock_connectwait(so, &bad[i]), EDOM);
}

void CON9_connectwait_connected(struct kunit *test)
{
	struct timeval tv = { .tv_sec = -1 };
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_connectwait(t.so, &tv), 0);
}

void CON10_connectwait_unconnected(struct kunit *test)
{
	struct timeval tv = { .tv_sec = 1 };

	EXPECT_EQ(test, sock_connectwait(st_stream(test), &tv), EINVAL);
}

static void connectwait_forever(void *arg)
{
	static const struct timeval forever;
	struct st_blocked *b = arg;

	do {
		b->io.error = sock_connectwait(b->so, &forever);
	} while (b->io.error == EINPROGRESS);
}

/* Zero is no limit; a signal does not end it; success does. */
void connectwait_without_limit(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct sockaddr_in any;
	socket_t listener = st_stream(test);
	u_int16_t port;

	ASSERT_EQ(test, sock_bind(listener, st_in_at(&any, INADDR_ANY, 0)), 0);
	ASSERT_EQ(test, sock_listen(listener, 5), 0);
	port = st_port(test, listener);

	b->so = st_stream(test);
	st_blackhole(test, 1);
	ASSERT_EQ(test, sock_connect(b->so, st_in_at(&b->to, ST_BLACKHOLE, port), MSG_DONTWAIT),
		  EINPROGRESS);
	b->thread = st_thread(test, connectwait_forever, b);
	EXPECT(test, st_asleep(b->thread));
	st_signal(b->thread);
	EXPECT(test, st_asleep(b->thread));
	st_blackhole(test, 0);
	EXPECT_EQ(test, st_result(test, b).error, 0);
	EXPECT_EQ(test, sock_isconnected(b->so), 1);
}

/* The time-out of sending is not one of connecting, and a signal ends the call only. */
void CON11_signal_ends_the_call(struct kunit *test)
{
	struct sockaddr_in any;
	socket_t listener = st_stream(test), so = st_stream(test);
	struct st_blocked *connector;
	u_int16_t port;

	ASSERT_EQ(test, sock_bind(listener, st_in_at(&any, INADDR_ANY, 0)), 0);
	ASSERT_EQ(test, sock_listen(listener, 5), 0);
	port = st_port(test, listener);

	st_blackhole(test, 1);
	ASSERT_EQ(test, st_set_time(so, SO_SNDTIMEO, 0, 50000), 0);
	connector = st_block_in_connect(test, so, ST_BLACKHOLE, port);
	st_pause_ms(200);
	EXPECT(test, st_asleep(connector->thread));
	st_signal(connector->thread);
	EXPECT_INTERRUPTED(test, st_result(test, connector).error);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	st_blackhole(test, 0);
	SETTLES(test, sock_isconnected(so));
}

void CON12_listener(struct kunit *test)
{
	struct sockaddr_in to;
	u_int16_t port;
	socket_t so = st_listener(test, &port);

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), EOPNOTSUPP);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EOPNOTSUPP);
}

static const struct address_case {
	const char *name;
	u_int8_t len, family;
	u_int32_t host;
	u_int16_t port;
	errno_t error;
} address_cases[] = {
	{ "length 0",	0,  AF_INET,  INADDR_LOOPBACK, 80, EINVAL },
	{ "length 1",	1,  AF_INET,  INADDR_LOOPBACK, 80, EINVAL },
	{ "length 15",	15, AF_INET,  INADDR_LOOPBACK, 80, EINVAL },
	{ "length 17",	17, AF_INET,  INADDR_LOOPBACK, 80, EINVAL },
	{ "length 255",	255, AF_INET, INADDR_LOOPBACK, 80, EINVAL },
	{ "inet6",	16, AF_INET6, INADDR_LOOPBACK, 80, EAFNOSUPPORT },
	{ "unix",	16, AF_UNIX,  INADDR_LOOPBACK, 80, EAFNOSUPPORT },
	{ "port 0",	16, AF_INET,  INADDR_LOOPBACK, 0,  EADDRNOTAVAIL },
	{ "multicast",	16, AF_INET,  0xe0000001,      80, EAFNOSUPPORT },
	{ "broadcast",	16, AF_INET,  0xffffffff,      80, EAFNOSUPPORT },
};

void CON13_bad_address(struct kunit *test)
{
	const struct address_case *c;
	socket_t so = st_stream(test);
	union {
		struct sockaddr_in sin;
		u_int8_t room[256];
	} to;

	EXPECT_EQ(test, sock_connect(so, NULL, 0), EINVAL);
	for (c = address_cases; c < address_cases + sizeof(address_cases) / sizeof(*c); c++) {
		errno_t error;

		bzero(&to, sizeof(to));
		st_in_at(&to.sin, c->host, c->port);
		to.sin.sin_len = c->len;
		to.sin.sin_family = c->family;
		error = sock_connect(so, (struct sockaddr *)&to, MSG_DONTWAIT);
		if (error != c->error)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
	}
	/* none of these was an attempt */
	EXPECT_EQ(test, sock_isconnected(so), 0);
	st_in(&to.sin, st_closed_port(test, SOCK_STREAM));
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&to, 0), ECONNREFUSED);
}

void CON14_udp(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct sockaddr_in name;
	struct st_udp u;
	int calls;

	st_udp_upcall(test, &u, st_upcall, cb);
	EXPECT_EQ(test, sock_isconnected(u.so), 0);
	EXPECT_EQ(test, sock_connect(u.so, st_in(&name, u.peer_port), 0), 0);
	EXPECT_EQ(test, sock_isconnected(u.so), 1);
	st_called(cb, 0);
	calls = st_calls(cb);

	EXPECT_EQ(test, sock_connect(u.so, st_in(&name, 4242), 0), 0);
	st_called(cb, calls);
	EXPECT_EQ(test, sock_getpeername(u.so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, ntohs(name.sin_port), 4242);
}

/* No family: the old association goes, and that is an error. */
void udp_disconnects_by_no_family(struct kunit *test)
{
	struct sockaddr_in to;
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	st_in(&to, 1)->sa_family = AF_UNSPEC;
	EXPECT_EQ(test, sock_connect(u.so, (struct sockaddr *)&to, 0), EAFNOSUPPORT);
	EXPECT_EQ(test, sock_isconnected(u.so), 0);
	EXPECT_IO(test, st_send(u.so, "x", 1, 0), EDESTADDRREQ, 0);
}

void CON15_nonblocking(struct kunit *test)
{
	connects_without_waiting(test, 1, 0);
}

void CON16_close_connecting(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_connecting(test);
	int calls;

	EXPECT_EQ(test, sock_setupcall(so, st_upcall, cb), 0);
	st_close(test, so);
	calls = st_calls(cb);
	NEVER(test, st_calls(cb) != calls);
}

/* Other bits of flags mean nothing here. */
void connect_ignores_other_flags(struct kunit *test)
{
	struct sockaddr_in to;
	socket_t so = st_stream(test);
	u_int16_t port;

	st_listener(test, &port);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_PEEK | MSG_OOB | MSG_EOR), 0);
	EXPECT_EQ(test, sock_isconnected(so), 1);
}

/* A blocking connect collects what an earlier one left behind. */
void refused_later_is_told_once(struct kunit *test)
{
	u_int16_t port = st_closed_port(test, SOCK_STREAM);
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
	struct sockaddr_in to;

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	st_called(cb, 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), ECONNREFUSED);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), EINVAL);
}

void connect_to_any_is_this_host(struct kunit *test)
{
	struct sockaddr_in to;
	socket_t so = st_stream(test);
	u_int16_t port;

	st_listener(test, &port);
	EXPECT_EQ(test, sock_connect(so, st_in_at(&to, INADDR_ANY, port), 0), 0);
	EXPECT_EQ(test, sock_isconnected(so), 1);
}

/* Between attempt and end of a connection isconnected follows what the wire did. */
void isconnected_follows_the_connection(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	st_peer_shutdown(t.peer, SHUT_WR);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 0);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	SETTLES(test, !sock_isconnected(t.so));

	st_tcp(test, &t);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
}
