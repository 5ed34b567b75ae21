// SPDX-License-Identifier: GPL-2.0
/* Races against the close. */

#include "race.h"

/* A call is blocked; data and close come at the same time. */
static void peer_sends(void *arg)
{
	struct st_racer *r = arg;
	char data[100] = "";

	st_together(r->start, 2);
	st_peer_send(r->t->peer, data, sizeof(data));
}

void close_against_blocked_receive(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
		struct st_blocked *receiver;
		struct st_thread *thread;
		struct st_tcp t;
		struct st_io io;

		st_tcp(test, &t);
		receiver = i & 1 ? st_block_in_receive(test, t.so, 100, 0) :
			st_block_in_receivembuf(test, t.so, 1000, MSG_WAITALL);
		thread = st_thread_on(test, st_cpus() - 1, peer_sends, st_racer(test, start, &t));
		st_together(start, 2);
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
	struct st_racer *r = arg;

	st_together(r->start, 2);
	st_peer_drain(r->t->peer, 0);
}

void close_against_blocked_send(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(4, 1000);

	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
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
		thread = st_thread_on(test, st_cpus() - 1, peer_reads, st_racer(test, start, &t));
		st_together(start, 2);
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
	struct st_racer *r = arg;

	st_together(r->start, 2);
	r->error = st_peer_connect(r->t->peer, (u_int16_t)r->rounds);
}

void close_against_blocked_accept(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
		struct st_tcp *t = st_alloc(test, sizeof(*t));
		struct st_racer *r = st_racer(test, start, t);
		struct st_blocked *acceptor;
		struct st_thread *thread;
		u_int16_t port;
		socket_t listener = st_listener(test, &port);

		t->peer = st_peer(test, AF_INET, SOCK_STREAM);
		r->rounds = port;
		acceptor = st_block_in_accept(test, listener);
		thread = st_thread_on(test, st_cpus() - 1, client_connects, r);
		st_together(start, 2);
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

static void signal_arrives(void *arg)
{
	struct st_racer *r = arg;

	st_together(r->start, 2);
	st_signal(r->arg);
}

/* A call is blocked; a signal and close come at the same time. */
void close_against_blocked_connect(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	st_blackhole(test, 1);
	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
		struct st_racer *r = st_racer(test, start, NULL);
		socket_t so = st_stream(test);
		struct st_blocked *connector;
		struct st_thread *thread;
		errno_t error;

		connector = st_block_in_connect(test, so, ST_BLACKHOLE, 9);
		r->arg = connector->thread;
		thread = st_thread_on(test, st_cpus() - 1, signal_arrives, r);
		st_together(start, 2);
		st_close(test, so);
		ASSERT(test, st_join(thread));
		error = st_result(test, connector).error;
		EXPECT(test, error == ECONNABORTED || error == EINTR || error == ERESTART);
	}
}

static void connects(void *arg)
{
	struct st_racer *r = arg;
	struct sockaddr_in to;

	r->error = sock_connect(r->so, st_in(&to, (u_int16_t)r->rounds), 0);
}

/* The call has begun when the socket has a port; nobody may begin one later. */
void close_and_connect_at_once(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 2000);
	u_int16_t port, nobody = st_closed_port(test, SOCK_STREAM);
	socket_t new_so, listener = st_listener(test, &port);

	for (i = 0; i < rounds; i++) {
		struct st_racer *r = st_racer(test, NULL, NULL);
		struct st_thread *thread;

		r->so = st_stream(test);
		r->rounds = i & 1 ? port : nobody;
		thread = st_thread_on(test, st_cpus() - 1, connects, r);
		while (!st_ended(thread) && !st_port(test, r->so))
			st_pause_ms(0);
		st_close(test, r->so);
		ASSERT(test, st_join(thread));
		EXPECT(test, r->error == (i & 1 ? 0 : ECONNREFUSED) || r->error == ECONNABORTED);
		while (!sock_accept(listener, NULL, 0, MSG_DONTWAIT, NULL, NULL, &new_so))
			sock_close(new_so);
	}
}

/* What may be asked of a socket that is closed meanwhile, by its own upcall only. */
static void body_ask(struct st_cb *cb, socket_t so)
{
	u_int16_t *port = cb->arg;
	struct sockaddr_in name;
	u_int8_t buf[64];
	int n;

	st_recv(so, buf, sizeof(buf), MSG_DONTWAIT);
	if (cb->calls & 1)	/* which is an event of its own: not for ever */
		sock_connect(so, st_in(&name, *port), MSG_DONTWAIT);
	st_send(so, "x", 1, MSG_DONTWAIT);
	sock_getsockname(so, (struct sockaddr *)&name, sizeof(name));
	sock_ioctl(so, FIONREAD, &n);
	st_set(so, SOL_SOCKET, SO_RCVBUF, 20000 + *port);
}

/* Only a call that was on its way when the socket was closed still begins. */
static void close_in_the_midst(struct kunit *test, socket_t so, struct st_cb *cb)
{
	int calls;

	ASSERT(test, st_event_wait(cb->entered));
	st_close(test, so);
	calls = st_calls(cb);
	SETTLES(test, !st_inside(cb));
	EXPECT(test, st_calls(cb) <= calls + 1);
}

void close_against_upcall(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, st_body_drain);
		struct st_thread *sender;
		struct st_tcp t;

		st_tcp_upcall(test, &t, st_upcall, cb);
		sender = st_peer_stream(t.peer, 20000, 1, 200);
		close_in_the_midst(test, t.so, cb);
		ASSERT(test, st_join(sender));
		st_peer_close(t.peer);
	}
}

void close_against_calls_in_upcall(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, body_ask);
		struct st_flood *f = st_alloc(test, sizeof(*f));
		struct st_thread *sender;

		st_udp_upcall(test, &f->u, st_upcall, cb);
		cb->arg = &f->u.peer_port;
		f->packets = 20;
		sender = st_flood(test, f, st_cpus() - 1);
		close_in_the_midst(test, f->u.so, cb);
		ASSERT(test, st_join(sender));
		st_peer_close(f->u.peer);
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
	struct st_racer *r = arg;
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
		struct st_racer *r = st_racer(test, NULL, NULL);
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

static void body_close_at_once(struct st_cb *cb, socket_t so)
{
	if (!__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST))
		sock_close(so);
}

/* The new socket's upcall closes it before the accept has told whose it was. */
void accept_against_closing_upcall(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 2000);
	u_int16_t port;
	socket_t new_so, listener = st_listener(test, &port);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, body_close_at_once);
		struct st_peer *client = st_client(test, port);
		struct sockaddr_in from;

		st_peer_send(client, "x", 1);
		ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&from, sizeof(from), 0,
					    st_upcall, cb, &new_so), 0);
		SETTLES(test, st_got(cb) && !st_inside(cb));
		st_peer_close(client);
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
	unsigned int i, rounds = st_rounds(100, 3000);

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

/* Users with a reference each, and an owner who closes. */
static void use_and_release(void *arg)
{
	struct st_racer *r = arg;
	int i;

	st_together(r->start, 3);
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
	unsigned int i, j, rounds = st_rounds(50, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
		struct st_thread *thread[2];
		struct st_racer *r[2];
		struct st_tcp t;
		char buf[100];
		long n, got = 0;

		st_tcp(test, &t);
		for (j = 0; j < 2; j++) {
			sock_retain(t.so);
			r[j] = st_racer(test, start, &t);
			thread[j] = st_thread_on(test, j % st_cpus(), use_and_release, r[j]);
		}
		st_together(start, 3);
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
