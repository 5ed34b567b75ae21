// SPDX-License-Identifier: GPL-2.0
/* Races while a socket is open. */

#include "race.h"

/* Who spins begins at the same moment; where there is another CPU, that is. */
void st_together(struct st_start *start, int threads)
{
	long long end = st_now_ms() + ST_DEADLINE_MS;
	int spins = st_cpus() > 1 ? 1000 : 0;

	__atomic_fetch_add(&start->waiting, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&start->waiting, __ATOMIC_SEQ_CST) < threads && st_now_ms() < end) {
		if (spins-- > 0)
			st_give_way();
		else
			st_pause_ms(0);
	}
}

struct st_racer *st_racer(struct kunit *test, struct st_start *start, struct st_tcp *t)
{
	struct st_racer *r = st_alloc(test, sizeof(*r));

	r->start = start;
	r->t = t;
	r->so = t ? t->so : NULL;
	return r;
}

/*
 * An upcall that was replaced may be on its way, and still begin; but no more
 * when the new one has begun.
 */
struct replaced {
	int allowed;		/* which one may begin; BOTH around a change */
	int begun[2];
	int wrong;
};

#define BOTH	2

static void replaced_upcall(struct replaced *r, int who, socket_t so)
{
	u_int8_t buf[64];

	if (__atomic_load_n(&r->allowed, __ATOMIC_SEQ_CST) == !who)
		r->wrong++;
	__atomic_fetch_add(&r->begun[who], 1, __ATOMIC_SEQ_CST);
	st_recv(so, buf, sizeof(buf), MSG_DONTWAIT);
}

static void upcall_0(socket_t so, void *cookie, int waitf)
{
	replaced_upcall(cookie, 0, so);
}

static void upcall_1(socket_t so, void *cookie, int waitf)
{
	replaced_upcall(cookie, 1, so);
}

static int begun(struct replaced *r, int who)
{
	return __atomic_load_n(&r->begun[who], __ATOMIC_SEQ_CST);
}

/*
 * Datagrams: what finds no room is lost, and nobody waits for a timer. Now and
 * then a rest: a receiver works off what comes meanwhile before it returns.
 */
static void peer_floods(void *arg)
{
	struct st_racer *r = arg;
	struct st_udp *u = r->arg;
	int i;

	for (i = 1; !__atomic_load_n(&r->rounds, __ATOMIC_SEQ_CST); i++) {
		st_peer_send_to(u->peer, u->port, "x", 1);
		if (i % 64 == 0)
			st_pause_ms(0);
	}
}

static int replace(struct kunit *test, struct replaced *r, int who, socket_t so)
{
	int before = begun(r, who);

	__atomic_store_n(&r->allowed, BOTH, __ATOMIC_SEQ_CST);
	EXPECT_EQ(test, sock_setupcall(so, who ? upcall_1 : upcall_0, r), 0);
	if (!SETTLES(test, begun(r, who) != before)) {
		st_note(test, "%d bytes to read, %d calls", st_readable(test, so),
			begun(r, 0) + begun(r, 1));
		return 0;
	}
	__atomic_store_n(&r->allowed, who, __ATOMIC_SEQ_CST);
	return 1;
}

void setupcall_against_events(struct kunit *test)
{
	struct replaced *r = st_alloc(test, sizeof(*r));
	unsigned int i, rounds = st_rounds(50, 5000);
	struct st_thread *thread;
	struct st_racer *sender;
	struct st_udp u;

	st_udp(test, &u);
	sender = st_racer(test, NULL, NULL);
	sender->arg = &u;
	thread = st_thread_on(test, st_cpus() - 1, peer_floods, sender);
	for (i = 0; i < rounds && replace(test, r, i & 1, u.so); i++)
		st_pause_ms(1);
	sock_setupcall(u.so, NULL, NULL);
	__atomic_store_n(&sender->rounds, 1, __ATOMIC_SEQ_CST);
	EXPECT(test, st_join(thread));
	EXPECT_EQ(test, r->wrong, 0);
}

/* Two senders, two receivers, both directions, one socket. */
static void send_marks(void *arg)
{
	struct st_racer *r = arg;
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
	struct st_racer *r = arg;
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
	int blocks = st_rounds(100, 50000), i;
	struct st_thread *thread[4], *stream;
	struct st_racer *r[4];
	struct st_tcp t;

	st_tcp(test, &t);
	for (i = 0; i < 4; i++) {
		r[i] = st_racer(test, NULL, &t);
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
	struct st_racer *r = arg;
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
	r->bytes = i;
}

void questions_against_data(struct kunit *test)
{
	size_t piece = 3000, off, total = piece * st_rounds(100, 10000);
	struct st_thread *asker, *sender;
	struct st_racer *r;
	struct st_tcp t;

	st_tcp(test, &t);
	r = st_racer(test, NULL, &t);
	r->arg = st_cb(test, NULL);
	asker = st_thread_on(test, st_cpus() - 1, ask_everything, r);
	sender = st_peer_stream(t.peer, total, 1, piece);
	for (off = 0; off < total; off += piece)
		if (!st_recv_pattern(test, t.so, off, piece))
			break;
	__atomic_store_n(&r->rounds, 1, __ATOMIC_SEQ_CST);
	EXPECT(test, st_join(asker) && st_join(sender));
	EXPECT(test, r->bytes > 0);
}

/* A shutdown ends whatever goes on, in either direction. */
static void do_shutdown(void *arg)
{
	struct st_racer *r = arg;

	st_together(r->start, 2);
	r->error = sock_shutdown(r->so, SHUT_RDWR);
}

void shutdown_against_blocked(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(20, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_start *start = st_alloc(test, sizeof(*start));
		struct st_blocked *receiver;
		struct st_thread *thread;
		struct st_tcp t;
		struct st_racer *r;

		st_tcp(test, &t);
		r = st_racer(test, start, &t);
		receiver = st_block_in_receive(test, t.so, 100, 0);
		thread = st_thread_on(test, st_cpus() - 1, do_shutdown, r);
		st_together(start, 2);
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
		struct st_racer *r;
		struct st_thread *sender;
		struct st_tcp t;

		st_tcp_upcall(test, &t, st_upcall, cb);
		r = st_racer(test, NULL, &t);
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

/* Two threads try at once: one attempt, one time limit, and nothing is left of the other. */
static void connect_somewhere(void *arg)
{
	struct st_racer *r = arg;
	struct sockaddr_in to;

	st_together(r->start, 2);
	r->error = sock_connect(r->so, st_in_at(&to, ST_BLACKHOLE, 9), MSG_DONTWAIT);
}

static void connect_twice(struct kunit *test)
{
	struct st_start *start = st_alloc(test, sizeof(*start));
	struct st_thread *thread[2];
	struct st_racer *r[2];
	int i;

	for (i = 0; i < 2; i++)
		r[i] = st_racer(test, start, NULL);
	r[0]->so = r[1]->so = st_stream(test);
	ASSERT_EQ(test, st_set(r[0]->so, IPPROTO_TCP, TCP_CONNECTIONTIMEOUT, 30), 0);
	for (i = 0; i < 2; i++)
		thread[i] = st_thread_on(test, i % st_cpus(), connect_somewhere, r[i]);
	for (i = 0; i < 2; i++)
		ASSERT(test, st_join(thread[i]));
	EXPECT(test, r[0]->error == EINPROGRESS || r[1]->error == EINPROGRESS);
	EXPECT(test, r[0]->error == EALREADY || r[1]->error == EALREADY);
	st_close(test, r[0]->so);
}

void two_connects_at_once(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(50, 2000);

	st_blackhole(test, 1);
	for (i = 0; i < rounds; i++)
		connect_twice(test);
}
