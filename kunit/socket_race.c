// SPDX-License-Identifier: GPL-2.0
/*
 * Two things at once, again and again, on as many CPUs as there are. What these
 * find is mostly found by KASAN and lockdep, not by their own expectations.
 */

#include "socket_scenario.h"

/* Threads wait here for each other, so that they begin together. */
struct start {
	int waiting;
};

static void together(struct start *s, int threads)
{
	long long end = st_now_ms() + ST_DEADLINE_MS;

	__atomic_fetch_add(&s->waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&s->waiting, __ATOMIC_SEQ_CST) < threads && st_now_ms() < end)
		st_pause_ms(0);
}

struct racer {
	struct start *start;
	struct st_tcp *t;
	socket_t so;
	void *arg;
	int rounds;
	size_t bytes;
	errno_t error;
};

static struct racer *racer(struct kunit *test, struct start *start, struct st_tcp *t)
{
	struct racer *r = st_alloc(test, sizeof(*r));

	r->start = start;
	r->t = t;
	r->so = t ? t->so : NULL;
	return r;
}

/* A call is blocked; data and close come at the same time. */
static void peer_sends(void *arg)
{
	struct racer *r = arg;
	char data[100] = "";

	together(r->start, 2);
	st_peer_send(r->t->peer, data, sizeof(data));
}

void close_against_blocked_receive(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct start *start = st_alloc(test, sizeof(*start));
		struct st_blocked *receiver;
		struct st_thread *thread;
		struct st_tcp t;
		struct st_io io;

		st_tcp(test, &t);
		receiver = i & 1 ? st_block_in_receive(test, t.so, 100, 0) :
			st_block_in_receivembuf(test, t.so, 1000, MSG_WAITALL);
		thread = st_thread_on(test, st_cpus() - 1, peer_sends, racer(test, start, &t));
		together(start, 2);
		st_close(test, t.so);
		io = st_result(test, receiver);
		EXPECT_EQ(test, io.error, 0);
		EXPECT(test, io.len == 0 || io.len == 100);
		ASSERT(test, st_join(thread));
		st_peer_close(t.peer);
	}
}

static void peer_reads(void *arg)
{
	struct racer *r = arg;

	together(r->start, 2);
	st_peer_drain(r->t->peer, 0);
}

void close_against_blocked_send(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(4, 2000);

	for (i = 0; i < rounds; i++) {
		struct start *start = st_alloc(test, sizeof(*start));
		int *freed = st_alloc(test, sizeof(*freed));
		struct st_blocked *sender;
		struct st_thread *thread;
		struct st_tcp t;
		size_t sent;

		st_tcp_limited(test, &t);
		sent = st_fill_nearly(test, t.so);
		sender = i & 1 ? st_block_in_send(test, t.so, sent, 60000) :
			st_block_in_sendmbuf(test, t.so,
					     st_mbuf_attached(test, 25000, sent, freed));
		thread = st_thread_on(test, st_cpus() - 1, peer_reads, racer(test, start, &t));
		together(start, 2);
		st_close(test, t.so);
		st_result(test, sender);
		ASSERT(test, st_join(thread));
		if (!(i & 1))
			SETTLES(test, *freed == 1);
		st_peer_close(t.peer);
	}
}

static void client_connects(void *arg)
{
	struct racer *r = arg;

	together(r->start, 2);
	r->error = st_peer_connect(r->t->peer, (u_int16_t)r->rounds);
}

void close_against_blocked_accept(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct start *start = st_alloc(test, sizeof(*start));
		struct st_tcp *t = st_alloc(test, sizeof(*t));
		struct racer *r = racer(test, start, t);
		struct st_blocked *acceptor;
		struct st_thread *thread;
		u_int16_t port;
		socket_t listener = st_listener(test, &port);

		t->peer = st_peer(test, AF_INET, SOCK_STREAM);
		r->rounds = port;
		acceptor = st_block_in_accept(test, listener);
		thread = st_thread_on(test, st_cpus() - 1, client_connects, r);
		together(start, 2);
		st_close(test, listener);
		if (!st_result(test, acceptor).error)
			sock_close(acceptor->new_so);
		else
			EXPECT_EQ(test, acceptor->io.error, ECONNABORTED);
		ASSERT(test, st_join(thread));
		st_peer_close(t->peer);
	}
}

void close_against_connect(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(100, 10000);
	struct st_cb *cb = st_cb(test, NULL);
	u_int16_t port, nobody = st_closed_port(test, SOCK_STREAM);
	socket_t listener = st_listener(test, &port);

	for (i = 0; i < rounds; i++) {
		socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
		struct sockaddr_in to;

		sock_connect(so, st_in(&to, i & 1 ? port : nobody), MSG_DONTWAIT);
		st_close(test, so);
		if (i & 1 && !sock_accept(listener, NULL, 0, 0, NULL, NULL, &so))
			sock_close(so);
	}
}

static void body_accept_all(struct st_cb *cb, socket_t so)
{
	socket_t new_so;

	while (!sock_accept(so, NULL, 0, MSG_DONTWAIT, st_upcall, cb->arg, &new_so)) {
		__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
		sock_close(new_so);
	}
}

static void clients_connect(void *arg)
{
	struct racer *r = arg;
	struct st_peer **peer = r->arg;
	int i;

	for (i = 0; i < 5; i++)
		st_peer_connect(peer[i], (u_int16_t)r->rounds);
}

/* Accepting in the upcall while the listener is closed under it. */
void close_against_accepting_upcall(struct kunit *test)
{
	unsigned int i, j, rounds = st_rounds(30, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, body_accept_all);
		struct st_peer **peer = st_alloc(test, 5 * sizeof(*peer));
		struct racer *r = racer(test, NULL, NULL);
		struct st_thread *thread;
		u_int16_t port;
		socket_t listener;

		cb->arg = st_cb(test, st_body_drain);
		listener = st_listener_upcall(test, &port, st_upcall, cb);
		for (j = 0; j < 5; j++)
			peer[j] = st_peer(test, AF_INET, SOCK_STREAM);
		r->arg = peer;
		r->rounds = port;
		thread = st_thread_on(test, st_cpus() - 1, clients_connect, r);
		st_event_wait(cb->entered);
		st_close(test, listener);
		ASSERT(test, st_join(thread));
		SETTLES(test, !st_inside(cb));
		for (j = 0; j < 5; j++)
			st_peer_close(peer[j]);
	}
}

/* The cookie is dead when a waiting close has returned. */
struct mortal {
	struct st_cb cb;
	int dead;
};

static void mortal_upcall(socket_t so, void *cookie, int waitf)
{
	struct mortal *m = cookie;
	u_int8_t buf[64];

	__atomic_fetch_add(&m->cb.inside, 1, __ATOMIC_SEQ_CST);
	EXPECT(m->cb.test, !__atomic_load_n(&m->dead, __ATOMIC_SEQ_CST));
	st_recv(so, buf, sizeof(buf), MSG_DONTWAIT);
	EXPECT(m->cb.test, !__atomic_load_n(&m->dead, __ATOMIC_SEQ_CST));
	__atomic_fetch_sub(&m->cb.inside, 1, __ATOMIC_SEQ_CST);
}

void closewait_against_upcall(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(100, 10000);

	for (i = 0; i < rounds; i++) {
		struct mortal *m = st_alloc(test, sizeof(*m));
		struct st_thread *sender;
		struct st_tcp t;

		m->cb.test = test;
		st_tcp_upcall(test, &t, mortal_upcall, m);
		ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
		sender = st_peer_stream(t.peer, 2000, 1, 200);
		st_untrack(test, t.so);
		if (i & 1)
			st_pause_ms(0);
		sock_close(t.so);
		EXPECT_EQ(test, st_inside(&m->cb), 0);
		__atomic_store_n(&m->dead, 1, __ATOMIC_SEQ_CST);
		ASSERT(test, st_join(sender));
		st_peer_close(t.peer);
	}
}

/* An upcall that was replaced does not begin again. */
struct replaced {
	int allowed;		/* which one may begin; BOTH around a change */
	int inside;
	int wrong;
	int calls;
};

#define BOTH	2

static void replaced_upcall(struct replaced *r, int who, socket_t so)
{
	u_int8_t buf[64];

	__atomic_fetch_add(&r->inside, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&r->allowed, __ATOMIC_SEQ_CST) == !who)
		r->wrong++;
	r->calls++;
	st_recv(so, buf, sizeof(buf), MSG_DONTWAIT);
	__atomic_fetch_sub(&r->inside, 1, __ATOMIC_SEQ_CST);
}

static void upcall_0(socket_t so, void *cookie, int waitf)
{
	replaced_upcall(cookie, 0, so);
}

static void upcall_1(socket_t so, void *cookie, int waitf)
{
	replaced_upcall(cookie, 1, so);
}

static void peer_streams(void *arg)
{
	struct racer *r = arg;

	while (!__atomic_load_n(&r->rounds, __ATOMIC_SEQ_CST))
		if (st_peer_send(r->t->peer, "x", 1) < 0)
			break;
}

void setupcall_against_events(struct kunit *test)
{
	struct replaced *r = st_alloc(test, sizeof(*r));
	unsigned int i, rounds = st_rounds(50, 5000);
	struct st_thread *thread;
	struct racer *sender;
	struct st_tcp t;

	st_tcp(test, &t);
	sender = racer(test, NULL, &t);
	thread = st_thread_on(test, st_cpus() - 1, peer_streams, sender);
	for (i = 0; i < rounds; i++) {
		__atomic_store_n(&r->allowed, BOTH, __ATOMIC_SEQ_CST);
		ASSERT_EQ(test, sock_setupcall(t.so, i & 1 ? upcall_1 : upcall_0, r), 0);
		/* one that was on its way may still begin, and return */
		st_pause_ms(1);
		SETTLES(test, !__atomic_load_n(&r->inside, __ATOMIC_SEQ_CST));
		__atomic_store_n(&r->allowed, i & 1, __ATOMIC_SEQ_CST);
		st_pause_ms(1);
	}
	sock_setupcall(t.so, NULL, NULL);
	__atomic_store_n(&sender->rounds, 1, __ATOMIC_SEQ_CST);
	st_peer_shutdown(t.peer, SHUT_RDWR);
	EXPECT(test, st_join(thread));
	EXPECT(test, r->calls > 0);
	EXPECT_EQ(test, r->wrong, 0);
}

/* Users with a reference each, and an owner who closes. */
static void use_and_release(void *arg)
{
	struct racer *r = arg;
	int i;

	together(r->start, 3);
	for (i = 0; i < 5; i++) {
		sock_retain(r->so);
		if (!st_send(r->so, "12345", 5, 0).error)
			r->bytes += 5;
		sock_release(r->so);
	}
	sock_release(r->so);
}

void release_against_close(struct kunit *test)
{
	unsigned int i, j, rounds = st_rounds(50, 5000);

	for (i = 0; i < rounds; i++) {
		struct start *start = st_alloc(test, sizeof(*start));
		struct st_thread *thread[2];
		struct racer *r[2];
		struct st_tcp t;
		char buf[100];
		long n, got = 0;

		st_tcp(test, &t);
		for (j = 0; j < 2; j++) {
			sock_retain(t.so);
			r[j] = racer(test, start, &t);
			thread[j] = st_thread_on(test, j % st_cpus(), use_and_release, r[j]);
		}
		together(start, 3);
		st_close(test, t.so);
		ASSERT(test, st_join(thread[0]) && st_join(thread[1]));
		EXPECT_EQ(test, r[0]->bytes + r[1]->bytes, 50);
		while ((n = st_peer_recv(t.peer, buf, sizeof(buf))) > 0)
			got += n;
		EXPECT_EQ(test, n, 0);
		EXPECT_EQ(test, got, 50);
		st_peer_close(t.peer);
	}
}

/* Two senders, two receivers, both directions, one socket. */
static void send_marks(void *arg)
{
	struct racer *r = arg;
	mbuf_t m;
	int i;

	for (i = 0; i < r->rounds; i++) {
		m = NULL;
		if (mbuf_allocpacket(MBUF_WAITOK, 3000, NULL, &m))
			break;
		mbuf_setlen(m, 3000);
		mbuf_pkthdr_setlen(m, 3000);
		memset(mbuf_data(m), *(char *)r->arg, 3000);
		r->error = st_sendm(r->so, m, 0).error;
		if (r->error)
			break;
		r->bytes += 3000;
	}
}

static void receive_all(void *arg)
{
	struct racer *r = arg;
	u_int8_t buf[900];

	for (;;) {
		struct st_io io = st_recv(r->so, buf, sizeof(buf), 0);

		if (io.error || !io.len)
			break;
		r->bytes += io.len;
	}
}

static size_t read_marks(struct kunit *test, struct st_peer *peer, int blocks)
{
	u_int8_t *buf = st_alloc(test, 3000);
	int i, j;

	for (i = 0; i < blocks; i++) {
		if (st_peer_recv_flags(peer, buf, 3000, MSG_WAITALL) != 3000)
			break;
		for (j = 1; j < 3000 && buf[j] == buf[0]; j++)
			;
		if (!EXPECT_EQ(test, j, 3000))
			break;
	}
	return (size_t)i * 3000;
}

void two_senders_two_receivers(struct kunit *test)
{
	int blocks = st_rounds(100, 5000), i;
	struct st_thread *thread[4], *stream;
	struct racer *r[4];
	struct st_tcp t;

	st_tcp(test, &t);
	for (i = 0; i < 4; i++) {
		r[i] = racer(test, NULL, &t);
		r[i]->rounds = blocks;
		r[i]->arg = i & 1 ? "a" : "b";
		thread[i] = st_thread_on(test, i % st_cpus(), i < 2 ? send_marks : receive_all,
					 r[i]);
	}
	stream = st_peer_stream(t.peer, blocks * 1000, 1, 3000);
	EXPECT_EQ(test, read_marks(test, t.peer, 2 * blocks), 2 * blocks * 3000);
	EXPECT(test, st_join(stream));
	for (i = 0; i < 4; i++)
		EXPECT(test, st_join(thread[i]));
	EXPECT_EQ(test, r[0]->error, 0);
	EXPECT_EQ(test, r[1]->error, 0);
	EXPECT_EQ(test, r[2]->bytes + r[3]->bytes, blocks * 1000);
}

/* Everything that may be asked, while data flows. */
static void ask_everything(void *arg)
{
	struct racer *r = arg;
	struct sockaddr_in6 name;
	int i, value, len;

	for (i = 0; !__atomic_load_n(&r->rounds, __ATOMIC_SEQ_CST); i++) {
		len = sizeof(value);
		sock_getsockopt(r->so, SOL_SOCKET, SO_ERROR, &value, &len);
		sock_getsockname(r->so, (struct sockaddr *)&name, sizeof(name));
		sock_getpeername(r->so, (struct sockaddr *)&name, sizeof(name));
		sock_isconnected(r->so);
		sock_ioctl(r->so, FIONREAD, &value);
		st_set(r->so, SOL_SOCKET, SO_RCVLOWAT, 1 + i % 3);
		st_set(r->so, SOL_SOCKET, SO_KEEPALIVE, i & 1);
		st_set(r->so, IPPROTO_TCP, TCP_NODELAY, i & 1);
		sock_setupcall(r->so, i & 1 ? st_upcall : NULL, r->arg);
		sock_nointerrupt(r->so, i & 1);
		st_give_way();
	}
}

void questions_against_data(struct kunit *test)
{
	size_t total = st_rounds(300000, 30000000);
	struct st_thread *asker, *sender;
	struct racer *r;
	struct st_tcp t;

	st_tcp(test, &t);
	r = racer(test, NULL, &t);
	r->arg = st_cb(test, NULL);
	asker = st_thread_on(test, st_cpus() - 1, ask_everything, r);
	sender = st_peer_stream(t.peer, total, 1, 3000);
	EXPECT(test, st_recv_pattern(test, t.so, 0, total));
	__atomic_store_n(&r->rounds, 1, __ATOMIC_SEQ_CST);
	EXPECT(test, st_join(asker) && st_join(sender));
}

/* A shutdown ends whatever goes on, in either direction. */
static void do_shutdown(void *arg)
{
	struct racer *r = arg;

	together(r->start, 2);
	r->error = sock_shutdown(r->so, SHUT_RDWR);
}

void shutdown_against_blocked(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct start *start = st_alloc(test, sizeof(*start));
		struct st_blocked *receiver;
		struct st_thread *thread;
		struct st_tcp t;
		struct racer *r;

		st_tcp(test, &t);
		r = racer(test, start, &t);
		receiver = st_block_in_receive(test, t.so, 100, 0);
		thread = st_thread_on(test, st_cpus() - 1, do_shutdown, r);
		together(start, 2);
		st_peer_send(t.peer, "x", 1);
		ASSERT(test, st_join(thread));
		EXPECT_EQ(test, r->error, 0);
		EXPECT_EQ(test, st_result(test, receiver).error, 0);
		st_close(test, t.so);
		st_peer_close(t.peer);
	}
}

/* Reset and everything else at once. */
void reset_against_traffic(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 5000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, st_body_drain);
		struct racer *r;
		struct st_thread *sender;
		struct st_tcp t;

		st_tcp_upcall(test, &t, st_upcall, cb);
		r = racer(test, NULL, &t);
		r->rounds = 1000;
		r->arg = "a";
		sender = st_thread_on(test, st_cpus() - 1, send_marks, r);
		st_peer_send_pattern(test, t.peer, 0, 1000);
		st_peer_reset(t.peer);
		ASSERT(test, st_join(sender));
		EXPECT(test, r->error == EPIPE || r->error == ECONNRESET);
		SETTLES(test, !sock_isconnected(t.so));
		st_close(test, t.so);
	}
}
