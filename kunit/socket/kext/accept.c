// SPDX-License-Identifier: GPL-2.0
/* Scenarios: listening and accepting. */

#include "scenario.h"

static errno_t accept(socket_t so, int flags, socket_t *new_so)
{
	*new_so = ST_NO_SOCKET;
	return sock_accept(so, NULL, 0, flags, NULL, NULL, new_so);
}

/* The oldest connection, which is complete: the peer's connect has returned. */
static socket_t accepted(struct kunit *test, socket_t listener)
{
	socket_t so = NULL;

	ASSERT_EQ(test, accept(listener, MSG_DONTWAIT, &so), 0);
	return st_track(test, so);
}

void LIS1_nobody_waiting(struct kunit *test)
{
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);

	EXPECT_EQ(test, accept(listener, MSG_DONTWAIT, &so), EWOULDBLOCK);
	EXPECT(test, so == ST_NO_SOCKET);
}

void LIS2_nonblocking(struct kunit *test)
{
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);

	ASSERT_EQ(test, st_nonblocking(listener, 1), 0);
	EXPECT_EQ(test, accept(listener, 0, &so), EWOULDBLOCK);
	EXPECT(test, so == ST_NO_SOCKET);
}

void LIS3_receive_timeout_does_not_apply(struct kunit *test)
{
	struct st_blocked *acceptor;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	ASSERT_EQ(test, st_set_time(listener, SO_RCVTIMEO, 0, 50000), 0);
	acceptor = st_block_in_accept(test, listener);
	st_pause_ms(200);
	EXPECT(test, st_asleep(acceptor->thread));
	st_client(test, port);
	EXPECT_EQ(test, st_result(test, acceptor).error, 0);
	ASSERT(test, acceptor->new_so != ST_NO_SOCKET);
	sock_close(acceptor->new_so);
}

void LIS4_address(struct kunit *test)
{
	struct sockaddr_in from;
	u_int16_t port;
	socket_t so = NULL, listener = st_listener(test, &port);
	struct st_peer *client = st_client(test, port);

	bzero(&from, sizeof(from));
	ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&from, sizeof(from), 0,
				    NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, from.sin_len, 16);
	EXPECT_EQ(test, from.sin_family, AF_INET);
	EXPECT_EQ(test, ntohs(from.sin_port), st_peer_port(client));
	EXPECT_EQ(test, ntohl(from.sin_addr.s_addr), INADDR_LOOPBACK);
	EXPECT_EQ(test, sock_isconnected(so), 1);
}

void LIS5_address_cut_off(struct kunit *test)
{
	u_int8_t from[16];
	u_int16_t port;
	socket_t so = NULL, listener = st_listener(test, &port);
	unsigned int i;

	st_client(test, port);
	memset(from, 0xee, sizeof(from));
	ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)from, 8, 0,
				    NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, from[0], 16);
	EXPECT_EQ(test, from[1], AF_INET);
	EXPECT_EQ(test, from[4], 127);
	for (i = 8; i < sizeof(from); i++)
		EXPECT_EQ(test, from[i], 0xee);
}

void LIS6_refused_flags(struct kunit *test)
{
	static const int flags[] = {
		(int)MSG_USEUPCALL, MSG_PEEK, MSG_WAITALL, MSG_OOB, MSG_NBIO,
		MSG_PEEK | MSG_DONTWAIT,
	};
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);
	unsigned int i;

	st_client(test, port);
	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		EXPECT_EQ(test, accept(listener, flags[i], &so), ENOTSUP);
		EXPECT(test, so == ST_NO_SOCKET);
	}
	accepted(test, listener);
}

void LIS7_not_listening(struct kunit *test)
{
	socket_t so, fresh = st_socket(test, AF_INET, SOCK_STREAM);
	struct st_tcp t;
	struct st_udp u;

	st_tcp(test, &t);
	st_udp(test, &u);
	EXPECT_EQ(test, accept(fresh, 0, &so), EINVAL);
	EXPECT_EQ(test, accept(t.so, 0, &so), EINVAL);
	EXPECT_EQ(test, accept(u.so, 0, &so), EINVAL);
	EXPECT(test, so == ST_NO_SOCKET);
	EXPECT_EQ(test, sock_accept(fresh, NULL, 0, 0, NULL, NULL, NULL), EINVAL);
}

/* A wrong length is refused before a connection is taken. */
void accept_refuses_negative_length(struct kunit *test)
{
	struct sockaddr_in from;
	u_int16_t port;
	socket_t so = ST_NO_SOCKET, listener = st_listener(test, &port);

	st_client(test, port);
	EXPECT_EQ(test, sock_accept(listener, (struct sockaddr *)&from, -1, 0,
				    NULL, NULL, &so), EINVAL);
	EXPECT(test, so == ST_NO_SOCKET);
	accepted(test, listener);
}

/* Takes one connection per call, as the NFS callback server does. */
static void body_accept_one(struct st_cb *cb, socket_t so)
{
	socket_t new_so;
	errno_t error = accept(so, MSG_DONTWAIT, &new_so);

	if (error) {
		cb->empty++;
		return;
	}
	__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
	sock_close(new_so);
}

void LIS8_one_connection_per_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_accept_one);
	u_int16_t port;
	int i;

	st_listener_upcall(test, &port, st_upcall, cb);
	for (i = 0; i < 20; i++)
		st_client(test, port);
	SETTLES(test, st_got(cb) == 20);
	NEVER(test, st_got(cb) != 20);
	EXPECT_EQ(test, cb->empty, 0);
}

void LIS9_inheritance(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct timeval tv = { 1, 1 };
	struct st_peer *client;
	u_int16_t port;
	socket_t so, listener = st_listener_upcall(test, &port, st_upcall, cb);
	int len = sizeof(tv), calls;

	ASSERT_EQ(test, st_nonblocking(listener, 1), 0);
	ASSERT_EQ(test, st_set_time(listener, SO_RCVTIMEO, 5, 0), 0);
	ASSERT_EQ(test, st_set(listener, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	ASSERT_EQ(test, st_set(listener, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	client = st_client(test, port);
	st_called(cb, 0);
	so = accepted(test, listener);
	calls = st_calls(cb);

	st_peer_send_pattern(test, client, 0, 10);
	SETTLES(test, st_readable(test, so) == 10);
	NEVER(test, st_calls(cb) != calls);
	EXPECT_EQ(test, sock_isnonblocking(so), 1);
	EXPECT_EQ(test, sock_getsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, &len), 0);
	EXPECT_EQ(test, tv.tv_sec, 0);
	EXPECT_EQ(test, tv.tv_usec, 0);
	EXPECT(test, st_get(test, so, IPPROTO_TCP, TCP_NODELAY) != 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_UPCALLCLOSEWAIT), 0);
}

/* The rest of what an accepted socket has and has not from its listener. */
static const struct inherited_case {
	const char *name;
	int level, option, set;
	int inherited;
} inherited_cases[] = {
	{ "SO_KEEPALIVE",  SOL_SOCKET,  SO_KEEPALIVE,  1,      1 },
	{ "SO_OOBINLINE",  SOL_SOCKET,  SO_OOBINLINE,  1,      1 },
	{ "SO_REUSEADDR",  SOL_SOCKET,  SO_REUSEADDR,  1,      1 },
	{ "SO_NOSIGPIPE",  SOL_SOCKET,  SO_NOSIGPIPE,  1,      1 },
	{ "SO_NOADDRERR",  SOL_SOCKET,  SO_NOADDRERR,  1,      1 },
	{ "SO_SNDBUF",     SOL_SOCKET,  SO_SNDBUF,     40000,  1 },
	{ "SO_RCVBUF",     SOL_SOCKET,  SO_RCVBUF,     50000,  1 },
	{ "TCP_NOPUSH",    IPPROTO_TCP, TCP_NOPUSH,    1,      1 },
	{ "TCP_KEEPALIVE", IPPROTO_TCP, TCP_KEEPALIVE, 77,     1 },
	{ "TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, 7,      1 },
	{ "TCP_KEEPCNT",   IPPROTO_TCP, TCP_KEEPCNT,   3,      1 },
	{ "IP_TTL",        IPPROTO_IP,  IP_TTL,        33,     1 },
	{ "SO_RCVLOWAT",   SOL_SOCKET,  SO_RCVLOWAT,   100,    0 },
	{ "SO_SNDLOWAT",   SOL_SOCKET,  SO_SNDLOWAT,   100,    0 },
};

void inherited_and_not(struct kunit *test)
{
	const struct inherited_case *c;
	const struct inherited_case *end =
		inherited_cases + sizeof(inherited_cases) / sizeof(*c);
	struct linger linger = { .l_onoff = 1, .l_linger = 500 }, got = { };
	int before[16], len = sizeof(got);
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);

	for (c = inherited_cases; c < end; c++) {
		before[c - inherited_cases] = st_get(test, listener, c->level, c->option);
		EXPECT_EQ(test, st_set(listener, c->level, c->option, c->set), 0);
	}
	ASSERT_EQ(test, sock_setsockopt(listener, SOL_SOCKET, SO_LINGER,
					&linger, sizeof(linger)), 0);
	ASSERT_EQ(test, st_set_time(listener, SO_SNDTIMEO, 5, 0), 0);
	st_client(test, port);
	so = accepted(test, listener);

	for (c = inherited_cases; c < end; c++) {
		int want = c->inherited ? c->set : before[c - inherited_cases];
		int have = st_get(test, so, c->level, c->option);

		if (want == 1 ? !have : have != want)
			st_fail(test, __FILE__, __LINE__, "%s is %d, not %d",
				c->name, have, want);
	}
	EXPECT_EQ(test, sock_getsockopt(so, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT(test, got.l_onoff != 0);
	EXPECT_EQ(test, got.l_linger, 500);
}

/* A thread blocked on an accepted socket can be interrupted, whatever the listener was. */
void nointerrupt_is_not_inherited(struct kunit *test)
{
	struct st_blocked *receiver;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	ASSERT_EQ(test, sock_nointerrupt(listener, 1), 0);
	st_client(test, port);
	receiver = st_block_in_receive(test, accepted(test, listener), 10, 0);
	st_signal(receiver->thread);
	EXPECT_INTERRUPTED(test, st_result(test, receiver).error);
}

void accept_send_timeout_not_inherited(struct kunit *test)
{
	struct timeval tv = { 1, 1 };
	int len = sizeof(tv);
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	ASSERT_EQ(test, st_set_time(listener, SO_SNDTIMEO, 5, 0), 0);
	st_client(test, port);
	EXPECT_EQ(test, sock_getsockopt(accepted(test, listener), SOL_SOCKET, SO_SNDTIMEO,
					&tv, &len), 0);
	EXPECT_EQ(test, tv.tv_sec, 0);
	EXPECT_EQ(test, tv.tv_usec, 0);
}

struct late_store {
	struct st_cb *child;
	socket_t stored;
	int listener_returned;
	int too_early;
};

/* The first upcall of the new socket finds it where the listener's upcall put it. */
static void body_look_up(struct st_cb *cb, socket_t so)
{
	struct late_store *s = cb->arg;

	if (__atomic_load_n(&s->stored, __ATOMIC_SEQ_CST) != so)
		s->too_early++;
	st_body_drain(cb, so);
}

static void body_accept_and_store_late(struct st_cb *cb, socket_t so)
{
	struct late_store *s = cb->arg;
	socket_t new_so = NULL;

	if (sock_accept(so, NULL, 0, MSG_DONTWAIT, st_upcall, s->child, &new_so))
		return;
	st_pause_ms(100);
	__atomic_store_n(&s->stored, new_so, __ATOMIC_SEQ_CST);
	__atomic_store_n(&s->listener_returned, 1, __ATOMIC_SEQ_CST);
}

/* U9, too. */
void LIS10_U9_stored_after_accept(struct kunit *test)
{
	struct late_store *s = st_alloc(test, sizeof(*s));
	struct st_cb *cb = st_cb(test, body_accept_and_store_late);
	struct st_peer *client;
	u_int16_t port;

	cb->arg = s;
	s->child = st_cb(test, body_look_up);
	s->child->arg = s;
	st_listener_upcall(test, &port, st_upcall, cb);
	client = st_client(test, port);
	st_peer_send_pattern(test, client, 0, 100);

	SETTLES(test, st_bytes(s->child) == 100);
	EXPECT(test, s->listener_returned);
	EXPECT_EQ(test, s->too_early, 0);
	st_track(test, s->stored);
}

void LIS11_reset_while_queued(struct kunit *test)
{
	struct st_peer *client;
	struct sockaddr_in from;
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);
	u_int8_t buf[10];

	client = st_client(test, port);
	st_peer_send_pattern(test, client, 0, 5);
	st_peer_reset(client);
	ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&from, sizeof(from), 0,
				    NULL, NULL, &so), 0);
	st_track(test, so);
	SETTLES(test, !sock_isconnected(so));
	EXPECT_IO(test, st_recv(so, buf, sizeof(buf), 0), 0, 5);
	EXPECT_PATTERN(test, buf, 5, 0);
	EXPECT_IO(test, st_recv(so, buf, sizeof(buf), 0), ECONNRESET, 0);
	EXPECT_IO(test, st_recv(so, buf, sizeof(buf), 0), 0, 0);
}

void LIS12_cannot_listen(struct kunit *test)
{
	socket_t fresh = st_socket(test, AF_INET, SOCK_STREAM);
	socket_t unbound = st_socket(test, AF_UNIX, SOCK_STREAM);
	socket_t refused = st_socket(test, AF_INET, SOCK_STREAM);
	struct sockaddr_in sin;
	struct st_tcp t;
	struct st_udp u;

	st_udp(test, &u);
	st_tcp(test, &t);
	st_in(&sin, st_closed_port(test, SOCK_STREAM));
	EXPECT_EQ(test, sock_connect(refused, (struct sockaddr *)&sin, 0), ECONNREFUSED);
	EXPECT_EQ(test, sock_listen(refused, 5), EINVAL);
	EXPECT_EQ(test, sock_listen(u.so, 5), EOPNOTSUPP);
	EXPECT_EQ(test, sock_listen(t.so, 5), EINVAL);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_EQ(test, sock_listen(st_connecting(test), 5), EINVAL);
	EXPECT_EQ(test, sock_listen(unbound, 5), EINVAL);
	EXPECT_EQ(test, sock_listen(st_socket(test, AF_UNIX, SOCK_DGRAM), 5), EOPNOTSUPP);
	EXPECT_EQ(test, sock_listen(fresh, 5), 0);
}

void LIS13_unbound(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);

	EXPECT_EQ(test, sock_listen(so, 5), 0);
	EXPECT(test, st_port(test, so) != 0);
	st_client(test, st_port(test, so));
	accepted(test, so);
}

static socket_t unanswered(struct kunit *test, u_int16_t port)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct sockaddr_in to;

	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	return so;
}

/* Clients that get through without anybody accepting; one more than asked for on Linux. */
static int admitted(struct kunit *test, int backlog, int clients)
{
	socket_t listener = st_socket(test, AF_INET, SOCK_STREAM);
	socket_t *so = st_alloc(test, clients * sizeof(*so));
	u_int16_t port;
	int i, n = 0;

	ASSERT_EQ(test, sock_listen(listener, backlog), 0);
	port = st_port(test, listener);
	for (i = 0; i < clients; i++) {
		so[i] = unanswered(test, port);
		if (i % 10 == 0)
			st_pause_ms(1);
	}
	for (i = 0; i < clients; i++)
		n += sock_isconnected(so[i]);
	return n;
}

void LIS14_backlog(struct kunit *test)
{
	EXPECT_EQ(test, admitted(test, -1, 140), 140);
	EXPECT_EQ(test, admitted(test, 0, 20), 20);
	EXPECT_EQ(test, admitted(test, 1000000, 20), 20);
	EXPECT(test, admitted(test, 3, 12) <= 4);
}

/* A second listen changes the backlog, and connections in the queue stay. */
void listen_again_adjusts_backlog(struct kunit *test)
{
	socket_t listener = st_socket(test, AF_INET, SOCK_STREAM);
	u_int16_t port;
	int i;

	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	port = st_port(test, listener);
	st_client(test, port);
	EXPECT_EQ(test, sock_listen(listener, 20), 0);
	for (i = 0; i < 15; i++)
		st_client(test, port);
	for (i = 0; i < 16; i++)
		accepted(test, listener);
}

void LIS15_close_with_queue(struct kunit *test)
{
	struct st_peer *client[3];
	u_int16_t port;
	socket_t listener = st_listener(test, &port);
	int i;

	for (i = 0; i < 3; i++)
		client[i] = st_client(test, port);
	st_close(test, listener);
	for (i = 0; i < 3; i++)
		EXPECT(test, st_peer_got_reset(client[i]));
}

void accept_is_interrupted(struct kunit *test)
{
	struct st_blocked *acceptor;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	acceptor = st_block_in_accept(test, listener);
	st_signal(acceptor->thread);
	EXPECT_INTERRUPTED(test, st_result(test, acceptor).error);
	EXPECT(test, acceptor->new_so == ST_NO_SOCKET);
	st_client(test, port);
	accepted(test, listener);
}

/* As older kexts end such threads; the listener itself goes on. */
void shutdown_ends_waiting_accepts(struct kunit *test)
{
	struct st_blocked *one, *two;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	one = st_block_in_accept(test, listener);
	two = st_block_in_accept(test, listener);
	EXPECT_EQ(test, sock_shutdown(listener, SHUT_WR), ENOTCONN);
	st_pause_ms(50);
	EXPECT(test, st_asleep(one->thread) && st_asleep(two->thread));
	EXPECT_EQ(test, sock_shutdown(listener, SHUT_RDWR), ENOTCONN);
	EXPECT_EQ(test, st_result(test, one).error, ECONNABORTED);
	EXPECT_EQ(test, st_result(test, two).error, ECONNABORTED);
	EXPECT(test, one->new_so == ST_NO_SOCKET && two->new_so == ST_NO_SOCKET);

	st_client(test, port);
	accepted(test, listener);
	one = st_block_in_accept(test, listener);
	EXPECT_EQ(test, sock_shutdown(listener, SHUT_RD), ENOTCONN);
	EXPECT_EQ(test, st_result(test, one).error, ECONNABORTED);
}

void accept_takes_the_oldest(struct kunit *test)
{
	struct st_peer *client[5];
	struct sockaddr_in from;
	u_int16_t port;
	socket_t so, listener = st_listener(test, &port);
	int i;

	for (i = 0; i < 5; i++)
		client[i] = st_client(test, port);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&from, sizeof(from),
					    MSG_DONTWAIT, NULL, NULL, &so), 0);
		EXPECT_EQ(test, ntohs(from.sin_port), st_peer_port(client[i]));
		sock_close(so);
	}
}

/* U8: data that came before the upcall was there is told. */
void U8_data_before_accept(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	struct st_peer *client;
	u_int16_t port;
	socket_t so = NULL, listener = st_listener(test, &port);

	client = st_client(test, port);
	st_peer_send_pattern(test, client, 0, 100);
	ASSERT_EQ(test, sock_accept(listener, NULL, 0, 0, st_upcall, cb, &so), 0);
	st_track(test, so);
	SETTLES(test, st_bytes(cb) == 100);
}

/* So is an end that came before. */
void U8_end_before_accept(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_peer *client;
	u_int16_t port;
	socket_t so = NULL, listener = st_listener(test, &port);
	u_int8_t byte;

	client = st_client(test, port);
	st_peer_shutdown(client, SHUT_RDWR);
	ASSERT_EQ(test, sock_accept(listener, NULL, 0, 0, st_upcall, cb, &so), 0);
	st_track(test, so);
	st_called(cb, 0);
	SETTLES(test, st_recv(so, &byte, 1, MSG_DONTWAIT).error == 0);
}
