// SPDX-License-Identifier: GPL-2.0
/* Scenarios: many sockets. */

#include "scenario.h"

/* An echo server: the listener's upcall accepts, the connections' upcalls echo. */
struct echo {
	struct kunit *test;
	socket_t *so;
	int accepted;
	int closed;
	int max;
};

static void echo_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len, sent;
	mbuf_t m;

	for (;;) {
		len = 4096;
		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) || !m)
			return;
		if (sock_sendmbuf(so, NULL, m, 0, &sent))
			return;
	}
}

static void accept_upcall(socket_t so, void *cookie, int waitf)
{
	struct echo *echo = cookie;
	socket_t new_so;

	while (!sock_accept(so, NULL, 0, MSG_DONTWAIT, echo_upcall, echo, &new_so)) {
		echo->so[echo->accepted] = new_so;
		__atomic_fetch_add(&echo->accepted, 1, __ATOMIC_SEQ_CST);
	}
}

static void close_all(void *arg)
{
	struct echo *echo = arg;
	int i;

	for (i = 0; i < echo->accepted; i++)
		sock_close(echo->so[i]);
	echo->accepted = 0;
}

static struct echo *echo_server(struct kunit *test, int max, u_int16_t *port)
{
	struct echo *echo = st_alloc(test, sizeof(*echo));
	socket_t listener;

	echo->test = test;
	echo->max = max;
	echo->so = st_alloc(test, max * sizeof(*echo->so));
	st_defer(test, ST_CLOSE_SOCKETS, close_all, echo);
	listener = st_listener_upcall(test, port, accept_upcall, echo);
	ASSERT_EQ(test, sock_listen(listener, 0), 0);
	return echo;
}

/* One message to each and its echo; nanoseconds per message. */
static long echo_round(struct kunit *test, struct st_peer **client, int n)
{
	long long begin = st_now_ns();
	char buf[8];
	int i;

	for (i = 0; i < n; i++)
		if (st_peer_send(client[i], "message", 7) != 7)
			st_fail(test, __FILE__, __LINE__, "client %d cannot send", i);
	for (i = 0; i < n; i++)
		if (st_peer_recv_flags(client[i], buf, 7, MSG_WAITALL) != 7)
			st_fail(test, __FILE__, __LINE__, "client %d has no answer", i);
	return (st_now_ns() - begin) / n;
}

void SCA1_echo_server(struct kunit *test)
{
	int n = st_rounds(100, 10000), few_rounds = st_rounds(10, 1000), i;
	struct st_peer **client = st_alloc(test, n * sizeof(*client));
	struct echo *echo;
	u_int16_t port;
	long few, many;

	echo = echo_server(test, n, &port);
	for (i = 0; i < n; i++)
		client[i] = st_client(test, port);
	SETTLES(test, __atomic_load_n(&echo->accepted, __ATOMIC_SEQ_CST) == n);
	for (i = 0; i < 3; i++)
		echo_round(test, client, n);
	few = echo_round(test, client, 10);
	for (i = 0; i < few_rounds; i++) {
		long again = echo_round(test, client, 10);

		few = again < few ? again : few;
	}
	many = echo_round(test, client, n);
	for (i = 0; i < 3; i++) {
		long again = echo_round(test, client, n);

		many = again < many ? again : many;
	}
	st_note(test, "round trip of a message: %ld ns each of 10, %ld ns each of %d",
		few, many, n);
}

void SCA2_udp_upcalls(struct kunit *test)
{
	int n = st_rounds(300, 10000), i;
	struct st_cb *cb = st_cb(test, NULL);
	struct st_peer *peer = st_peer(test, AF_INET, SOCK_DGRAM);
	u_int16_t *port = st_alloc(test, n * sizeof(*port));
	struct sockaddr_in sin;
	socket_t so;

	for (i = 0; i < n; i++) {
		so = st_socket_upcall(test, AF_INET, SOCK_DGRAM, st_upcall, cb);
		ASSERT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
		port[i] = st_port(test, so);
	}
	for (i = 0; i < n; i++)
		ASSERT_EQ(test, st_peer_send_to(peer, port[i], "x", 1), 1);
	SETTLES(test, st_calls(cb) == n);
	NEVER(test, st_calls(cb) != n);
	EXPECT_EQ(test, st_inside(cb), 0);
}

static void body_sleep_on(struct st_cb *cb, socket_t so)
{
	while (!st_event_wait(cb->gate))
		;
}

void SCA3_one_sleeps(struct kunit *test)
{
	int n = st_rounds(100, 600), i;
	struct st_cb *asleep = st_cb(test, body_sleep_on), *cb = st_cb(test, NULL);
	struct st_peer *peer = st_peer(test, AF_INET, SOCK_DGRAM);
	struct sockaddr_in sin;
	struct st_udp u;
	socket_t so;

	st_udp_upcall(test, &u, st_upcall, asleep);
	ASSERT_EQ(test, st_peer_send_to(peer, u.port, "x", 1), 1);
	ASSERT(test, st_event_wait(asleep->entered));
	for (i = 0; i < n; i++) {
		so = st_socket_upcall(test, AF_INET, SOCK_DGRAM, st_upcall, cb);
		ASSERT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
		ASSERT_EQ(test, st_peer_send_to(peer, st_port(test, so), "x", 1), 1);
	}
	SETTLES(test, st_calls(cb) == n);
	EXPECT_EQ(test, st_inside(asleep), 1);
	st_event_set(asleep->gate);
	SETTLES(test, !st_inside(asleep));
}
