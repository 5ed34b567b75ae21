// SPDX-License-Identifier: GPL-2.0
/* Scenarios: upcalls and event callbacks. */

#include "socket_scenario.h"

static void send_byte(struct kunit *test, struct st_tcp *t)
{
	ASSERT_EQ(test, st_peer_send(t->peer, "x", 1), 1);
}

/* The upcall is inside, at its gate. */
static void let_in(struct kunit *test, struct st_cb *cb, struct st_tcp *t)
{
	send_byte(test, t);
	ASSERT(test, st_event_wait(cb->entered));
	ASSERT_EQ(test, st_inside(cb), 1);
}

static void no_more_calls(struct kunit *test, struct st_cb *cb)
{
	int calls = st_calls(cb);

	NEVER(test, st_calls(cb) != calls);
}

/* All is told that was to be told: no call for a while. */
static int quiet(struct st_cb *cb)
{
	long long end = st_now_ms() + ST_DEADLINE_MS, since = st_now_ms();
	int calls = st_calls(cb);

	while (st_now_ms() - since < 50 && st_now_ms() < end) {
		st_pause_ms(1);
		if (st_calls(cb) == calls && !st_inside(cb))
			continue;
		calls = st_calls(cb);
		since = st_now_ms();
	}
	return calls;
}

void UPC1_arguments_and_context(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	send_byte(test, &t);
	st_called(cb, 0);
	quiet(cb);
	EXPECT(test, cb->so == t.so);
	EXPECT_EQ(test, cb->waitf, MBUF_DONTWAIT);
	EXPECT_EQ(test, cb->slept, st_calls(cb));
}

void UPC2_read_until_empty(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	size_t total = st_rounds(300000, 10000000);
	struct st_thread *sender;
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	sender = st_peer_stream(t.peer, total, 1, 1500);
	EXPECT(test, st_join(sender));
	SETTLES(test, st_bytes(cb) == total);
	EXPECT_EQ(test, cb->overlaps, 0);
}

/* Remembers how many sends it could have seen when it began. */
struct last_seen {
	int sent;
	int seen;
};

static void body_look_and_sleep(struct st_cb *cb, socket_t so)
{
	struct last_seen *l = cb->arg;

	l->seen = __atomic_load_n(&l->sent, __ATOMIC_SEQ_CST);
	st_pause_ms(60);
}

void UPC3_none_lost_while_running(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_look_and_sleep);
	struct last_seen *l = st_alloc(test, sizeof(*l));
	struct st_tcp t;
	int i;

	cb->arg = l;
	st_tcp_upcall(test, &t, st_upcall, cb);
	quiet(cb);
	for (i = 0; i < 3; i++) {
		__atomic_fetch_add(&l->sent, 1, __ATOMIC_SEQ_CST);
		send_byte(test, &t);
		st_pause_ms(20);
	}
	SETTLES(test, __atomic_load_n(&l->seen, __ATOMIC_SEQ_CST) == 3);
}

void UPC4_end(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	u_int8_t byte;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	calls = quiet(cb);
	st_peer_close(t.peer);
	st_called(cb, calls);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT), 0, 0);
}

void UPC5_reset(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	u_int8_t byte;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	calls = quiet(cb);
	st_peer_reset(t.peer);
	st_called(cb, calls);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT), ECONNRESET, 0);
}

static void connect_upcall(struct kunit *test, u_int16_t port, int connected)
{
	struct st_cb *cb = st_cb(test, NULL), *wcb = st_cb(test, NULL);
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct sockaddr_in to;

	ASSERT_EQ(test, sock_setupcalls(so, st_upcall, cb, st_upcall, wcb), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	st_called(cb, 0);
	st_called(wcb, 0);
	EXPECT_EQ(test, sock_isconnected(so), connected);
}

void UPC6_connect(struct kunit *test)
{
	u_int16_t port;

	st_listener(test, &port);
	connect_upcall(test, port, 1);
	connect_upcall(test, st_closed_port(test, SOCK_STREAM), 0);
}

static void body_use_own_socket(struct st_cb *cb, socket_t so)
{
	struct sockaddr_in6 name;
	int len = 4, type = 0;
	u_int8_t byte;

	if (st_recv(so, &byte, 1, MSG_DONTWAIT).len != 1)
		return;
	EXPECT_IO(cb->test, st_send(so, "reply", 5, 0), 0, 5);
	EXPECT_EQ(cb->test, st_set(so, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT_EQ(cb->test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(cb->test, sock_getsockname(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(cb->test, sock_getsockopt(so, SOL_SOCKET, SO_TYPE, &type, &len), 0);
	EXPECT_EQ(cb->test, sock_isconnected(so), 1);
	EXPECT_EQ(cb->test, sock_setupcall(so, st_upcall, cb), 0);
	sock_retain(so);
	sock_release(so);
	EXPECT_EQ(cb->test, sock_shutdown(so, SHUT_WR), 0);
	st_event_set(cb->gate);
}

void UPC7_calls_on_own_socket(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_use_own_socket);
	struct st_tcp t;
	char buf[10];

	st_tcp_upcall(test, &t, st_upcall, cb);
	send_byte(test, &t);
	EXPECT(test, st_event_wait(cb->gate));
	EXPECT_EQ(test, st_peer_recv_flags(t.peer, buf, 5, MSG_WAITALL), 5);
	EXPECT(test, st_peer_at_eof(t.peer));
}

/* Receives what is there and hands the socket over to another upcall. */
static void body_hand_over(struct st_cb *cb, socket_t so)
{
	u_int8_t buf[10];

	if (st_recv(so, buf, sizeof(buf), MSG_DONTWAIT).error)
		return;
	EXPECT_EQ(cb->test, sock_setupcall(so, cb->arg ? st_upcall : NULL, cb->arg), 0);
	__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void UPC8_replaced_inside(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_hand_over), *next = st_cb(test, st_body_drain);
	struct st_tcp t;

	cb->arg = next;
	next->bytes = 0;
	st_tcp_upcall(test, &t, st_upcall, cb);
	send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_bytes(next) == 100);
	EXPECT_EQ(test, st_got(cb), 1);
	EXPECT(test, next->so == t.so);
}

void UPC9_removed_inside(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_hand_over);
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_readable(test, t.so) == 100);
	no_more_calls(test, cb);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 100));
}

void UPC10_removed_while_running(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	let_in(test, cb, &t);
	EXPECT_EQ(test, sock_setupcall(t.so, NULL, NULL), 0);
	EXPECT_EQ(test, st_inside(cb), 1);
	calls = st_calls(cb);
	send_byte(test, &t);
	st_event_set(cb->gate);
	SETTLES(test, !st_inside(cb));
	send_byte(test, &t);
	SETTLES(test, st_readable(test, t.so) == 3);
	NEVER(test, st_calls(cb) != calls);
}

/* The guest's lock is the gate: whoever calls here holds what the upcall waits for. */
void UPC11_callers_may_hold_the_upcalls_lock(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct st_tcp t;
	u_int8_t byte;

	st_tcp_upcall(test, &t, st_upcall, cb);
	let_in(test, cb, &t);
	EXPECT_EQ(test, sock_setupcall(t.so, NULL, NULL), 0);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, 0), 0, 1);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	st_close(test, t.so);
	EXPECT_EQ(test, st_inside(cb), 1);
	st_event_set(cb->gate);
	SETTLES(test, !st_inside(cb));
}

struct closing {
	struct st_cb *cb;
	socket_t so;
	int inside_after;		/* when close had returned */
};

static void close_and_look(void *arg)
{
	struct closing *c = arg;

	sock_close(c->so);
	c->inside_after = st_inside(c->cb);
}

void UPC12_close_waits(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct closing *c = st_alloc(test, sizeof(*c));
	struct st_thread *closer;
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	let_in(test, cb, &t);
	c->cb = cb;
	c->so = t.so;
	c->inside_after = -1;
	st_untrack(test, t.so);
	closer = st_thread(test, close_and_look, c);
	EXPECT(test, st_asleep(closer));
	st_signal(closer);
	EXPECT(test, st_asleep(closer));
	calls = st_calls(cb);
	st_event_set(cb->gate);
	EXPECT(test, st_join(closer));
	EXPECT_EQ(test, c->inside_after, 0);
	EXPECT_EQ(test, st_calls(cb), calls);
}

/* Releasing does, too, also when it is not the last reference. */
static void release_and_look(void *arg)
{
	struct closing *c = arg;

	sock_release(c->so);
	c->inside_after = st_inside(c->cb);
}

void release_waits(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct closing *c = st_alloc(test, sizeof(*c));
	struct st_thread *releaser;
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	sock_retain(t.so);
	let_in(test, cb, &t);
	c->cb = cb;
	c->so = t.so;
	c->inside_after = -1;
	releaser = st_thread(test, release_and_look, c);
	EXPECT(test, st_asleep(releaser));
	st_event_set(cb->gate);
	EXPECT(test, st_join(releaser));
	EXPECT_EQ(test, c->inside_after, 0);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
}

static void body_gate_then_use(struct st_cb *cb, socket_t so)
{
	struct sockaddr_in6 name;
	u_int8_t byte;

	st_body_gate(cb, so);
	if (!cb->arg)
		return;
	EXPECT_IO(cb->test, st_recv(so, &byte, 1, 0), 0, 0);
	EXPECT_IO(cb->test, st_recvm(cb->test, so, &byte, 1, 0), 0, 0);
	EXPECT_IO(cb->test, st_send(so, "x", 1, 0), EPIPE, 0);
	EXPECT(cb->test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)) != 0);
	EXPECT_EQ(cb->test, sock_isconnected(so), 0);
	EXPECT(cb->test, st_set(so, SOL_SOCKET, SO_KEEPALIVE, 1) != 0);
	EXPECT(cb->test, sock_shutdown(so, SHUT_RDWR) != 0);
	sock_setupcall(so, st_upcall, cb);
	cb->got = 1;
}

void UPC13_close_does_not_wait(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_gate_then_use);
	struct st_tcp t;

	cb->arg = cb;
	st_tcp_upcall(test, &t, st_upcall, cb);
	let_in(test, cb, &t);
	st_close(test, t.so);
	EXPECT_EQ(test, st_inside(cb), 1);
	st_event_set(cb->gate);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	no_more_calls(test, cb);
}

static void body_close(struct st_cb *cb, socket_t so)
{
	if (__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST))
		return;
	sock_close(so);
}

static void close_inside(struct kunit *test, int closewait)
{
	struct st_cb *cb = st_cb(test, body_close);
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, closewait), 0);
	st_untrack(test, t.so);
	ASSERT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	no_more_calls(test, cb);
	/* the byte was not read */
	EXPECT(test, st_peer_got_reset(t.peer));
}

void UPC14_close_inside(struct kunit *test)
{
	close_inside(test, 0);
}

void UPC15_close_inside_closewait(struct kunit *test)
{
	close_inside(test, 1);
}

static void body_release(struct st_cb *cb, socket_t so)
{
	if (!__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST))
		sock_release(so);
}

/* V6: neither does a release inside. */
void V6_release_inside_closewait(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_release);
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	sock_retain(t.so);
	ASSERT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
}

void UPC16_close_against_data(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(100, 10000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, st_body_drain);
		struct st_thread *sender;
		struct st_tcp t;

		st_tcp_upcall(test, &t, st_upcall, cb);
		sender = st_peer_stream(t.peer, 20000, 1, 3000);
		if (i & 1)
			st_event_wait(cb->entered);
		st_close(test, t.so);
		ASSERT(test, st_join(sender));
		st_peer_close(t.peer);
	}
}

/* V3: the original says nothing about what was there before. */
void UPC17_V3_readable_at_installation(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp(test, &t);
	send_byte(test, &t);
	SETTLES(test, st_readable(test, t.so) == 1);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	st_called(cb, 0);
	EXPECT_EQ(test, quiet(cb), 1);
}

/* Nothing there, nothing said. */
void installation_on_quiet_socket(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	no_more_calls(test, cb);
	EXPECT_EQ(test, st_calls(cb), 0);
}

void UPC18_ignored_data(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	int before, after;

	st_tcp_upcall(test, &t, st_upcall, cb);
	before = quiet(cb);
	st_peer_send_pattern(test, t.peer, 0, 100);
	st_called(cb, before);
	after = quiet(cb);
	EXPECT_EQ(test, after, before + 1);
	/* the next event tells again */
	send_byte(test, &t);
	st_called(cb, after);
}

struct drainer {
	struct st_udp *u;
	int stop;
	int taken;
};

static void drain_thread(void *arg)
{
	struct drainer *d = arg;
	u_int8_t buf[10];

	while (!__atomic_load_n(&d->stop, __ATOMIC_SEQ_CST))
		if (!st_recv(d->u->so, buf, sizeof(buf), MSG_DONTWAIT).error)
			d->taken++;
		else
			st_pause_ms(0);
}

static void body_take_one(struct st_cb *cb, socket_t so)
{
	u_int8_t buf[10];

	if (st_recv(so, buf, sizeof(buf), MSG_DONTWAIT).error)
		cb->empty++;
	else
		cb->got++;
}

void UPC19_somebody_else_reads(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_take_one);
	struct drainer *d = st_alloc(test, sizeof(*d));
	struct st_thread *thread;
	struct st_udp u;
	int i, empty;

	st_udp_upcall(test, &u, st_upcall, cb);
	d->u = &u;
	thread = st_thread(test, drain_thread, d);
	for (i = 0; i < 1000; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_readable(test, u.so) == 0);
	quiet(cb);
	__atomic_store_n(&d->stop, 1, __ATOMIC_SEQ_CST);
	ASSERT(test, st_join(thread));
	EXPECT_EQ(test, cb->got + d->taken, 1000);
	/* all taken long ago: not one call more; and alone it never finds nothing */
	empty = cb->empty;
	no_more_calls(test, cb);
	for (i = 0; i < 200; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) + d->taken == 1200);
	quiet(cb);
	EXPECT_EQ(test, cb->empty, empty);
}

void UPC20_write_slot(struct kunit *test)
{
	struct st_cb *r = st_cb(test, NULL), *w = st_cb(test, NULL);
	struct st_tcp t;
	int reads, writes;
	size_t sent;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, st_upcall, r, st_upcall, w), 0);
	sent = st_fill_up(test, t.so);
	reads = quiet(r);
	writes = quiet(w);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_called(w, writes);
	quiet(w);
	EXPECT(test, w->so == t.so);
	EXPECT_EQ(test, st_calls(r), reads);
}

void UPC21_setupcall_removes_write_slot(struct kunit *test)
{
	struct st_cb *r = st_cb(test, NULL), *w = st_cb(test, NULL);
	struct st_tcp t;
	size_t sent;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, st_upcall, r, st_upcall, w), 0);
	sent = st_fill_up(test, t.so);
	ASSERT_EQ(test, sock_setupcall(t.so, st_upcall, r), 0);
	quiet(w);
	w->calls = 0;
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	send_byte(test, &t);
	st_called(r, 0);
	NEVER(test, st_calls(w) != 0);
}

void UPC22_shutdown_read(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	calls = quiet(cb);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	EXPECT(test, quiet(cb) <= calls + 1);
	calls = st_calls(cb);
	st_peer_send(t.peer, "x", 1);
	NEVER(test, st_calls(cb) != calls);
}

/* Installed again, the upcall hears again. */
void installed_after_shutdown_read(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL), *again = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	quiet(cb);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, again), 0);
	st_called(again, 0);
}

void shutdown_write_tells_writer(struct kunit *test)
{
	struct st_cb *w = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	calls = quiet(w);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	st_called(w, calls);
}

static void body_close_other(struct st_cb *cb, socket_t so)
{
	if (!__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST))
		sock_close(cb->arg);
}

void UPC23_closes_another(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_close_other), *victim = st_cb(test, st_body_gate);
	struct st_tcp a, b;

	st_tcp_upcall(test, &b, st_upcall, victim);
	let_in(test, victim, &b);
	cb->arg = b.so;
	st_untrack(test, b.so);
	st_tcp_upcall(test, &a, st_upcall, cb);
	send_byte(test, &a);
	SETTLES(test, st_got(cb) >= 1 && !st_inside(cb));
	EXPECT_EQ(test, st_inside(victim), 1);
	st_event_set(victim->gate);
	SETTLES(test, !st_inside(victim));
	no_more_calls(test, victim);
}

struct events {
	int calls[2];
	u_int32_t seen[2];
};

static void on_event(socket_t so, void *cookie, u_int32_t event)
{
	struct events *e = cookie;
	int i = __atomic_load_n(&e->calls[0], __ATOMIC_SEQ_CST) ? 1 : 0;

	e->seen[i] = event;
	__atomic_fetch_add(&e->calls[i], 1, __ATOMIC_SEQ_CST);
}

/* After the peer has done something, one callback with exactly these bits. */
static struct events *expect_events(struct kunit *test, struct st_tcp *t, u_int32_t mask)
{
	struct events *e = st_alloc(test, sizeof(*e));

	st_tcp(test, t);
	ASSERT_EQ(test, sock_catchevents(t->so, on_event, e, mask), 0);
	return e;
}

void UPC24_events(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_CONNRESET | SO_FILT_HINT_CANTRCVMORE);
	st_peer_close(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CANTRCVMORE);

	e = expect_events(test, &t, SO_FILT_HINT_CONNRESET);
	st_peer_reset(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CONNRESET);
	NEVER(test, e->calls[1] != 0);

	e = expect_events(test, &t, SO_FILT_HINT_LOCKED | SO_FILT_HINT_CANTRCVMORE);
	st_peer_close(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_LOCKED | SO_FILT_HINT_CANTRCVMORE);
}

void events_masked_out(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_TIMEOUT);
	st_peer_close(t.peer);
	NEVER(test, e->calls[0] != 0);
	e = expect_events(test, &t, SO_FILT_HINT_CANTRCVMORE);
	EXPECT_EQ(test, sock_catchevents(t.so, NULL, NULL, 0), 0);
	st_peer_close(t.peer);
	NEVER(test, e->calls[0] != 0);
}

void events_of_connecting(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct events *e = st_alloc(test, sizeof(*e));
	struct sockaddr_in to;
	u_int16_t port;

	st_listener(test, &port);
	ASSERT_EQ(test, sock_catchevents(so, on_event, e, SO_FILT_HINT_CONNECTED |
					 SO_FILT_HINT_CONNINFO_UPDATED), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), MSG_DONTWAIT), EINPROGRESS);
	SETTLES(test, e->calls[0] >= 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CONNECTED | SO_FILT_HINT_CONNINFO_UPDATED);
}

void events_of_ending(struct kunit *test)
{
	struct events *e;
	struct st_tcp t;

	e = expect_events(test, &t, SO_FILT_HINT_CANTSENDMORE);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_CANTSENDMORE);

	e = expect_events(test, &t, SO_FILT_HINT_DISCONNECTED);
	st_peer_reset(t.peer);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], SO_FILT_HINT_DISCONNECTED);
}

static void on_event_use_socket(socket_t so, void *cookie, u_int32_t event)
{
	struct events *e = cookie;
	u_int8_t byte;

	e->seen[0] = st_recv(so, &byte, 1, MSG_DONTWAIT).error;
	e->seen[1] = sock_shutdown(so, SHUT_WR);
	__atomic_fetch_add(&e->calls[0], 1, __ATOMIC_SEQ_CST);
}

/* V14: on the original this would deadlock. */
void V14_event_callback_may_call(struct kunit *test)
{
	struct events *e = st_alloc(test, sizeof(*e));
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_catchevents(t.so, on_event_use_socket, e,
					 SO_FILT_HINT_CANTRCVMORE), 0);
	st_peer_shutdown(t.peer, SHUT_WR);
	SETTLES(test, e->calls[0] == 1);
	EXPECT_EQ(test, e->seen[0], 0);
	EXPECT_EQ(test, e->seen[1], 0);
}

struct flood {
	struct st_udp u;
	int packets;
};

static void flood_thread(void *arg)
{
	struct flood *f = arg;
	int i;

	for (i = 0; i < f->packets; i++)
		st_peer_send_to(f->u.peer, f->u.port, "x", 1);
}

static void body_count_all(struct st_cb *cb, socket_t so)
{
	u_int8_t buf[4];

	while (!st_recv(so, buf, sizeof(buf), MSG_DONTWAIT).error)
		__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

/* V8, too: as many threads as CPUs make events, one at a time hears of them. */
void UPC26_V8_never_twice_at_once(struct kunit *test)
{
	struct flood *f = st_alloc(test, sizeof(*f));
	struct st_cb *cb = st_cb(test, body_count_all);
	struct st_thread *thread[8];
	int i, senders = st_cpus() < 8 ? st_cpus() : 8;

	f->packets = st_rounds(500, 20000);
	st_udp_upcall(test, &f->u, st_upcall, cb);
	for (i = 0; i < senders; i++)
		thread[i] = st_thread_on(test, i, flood_thread, f);
	for (i = 0; i < senders; i++)
		EXPECT(test, st_join(thread[i]));
	SETTLES(test, st_readable(test, f->u.so) == 0);
	quiet(cb);
	EXPECT(test, st_got(cb) > 0);
	EXPECT_EQ(test, cb->overlaps, 0);
}

/* The sample of the original's documentation. */
static void body_four_bytes(struct st_cb *cb, socket_t so)
{
	size_t len = 4;
	mbuf_t m;
	errno_t error = sock_receivembuf(so, NULL, &m, MSG_WAITALL, &len);

	if (error == EWOULDBLOCK) {
		__atomic_fetch_add(&cb->empty, 1, __ATOMIC_SEQ_CST);
		return;
	}
	cb->error = error;
	if (error || !m)
		return;
	EXPECT_EQ(cb->test, mbuf_copydata(m, 0, len, &cb->waitf), 0);
	mbuf_freem(m);
	__atomic_fetch_add(&cb->got, 1, __ATOMIC_SEQ_CST);
}

void UPC27_header_in_two_parts(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_four_bytes);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	calls = quiet(cb);
	ASSERT_EQ(test, st_peer_send(t.peer, "ab", 2), 2);
	st_called(cb, calls);
	EXPECT_EQ(test, quiet(cb), calls + 1);
	EXPECT_EQ(test, cb->got, 0);
	ASSERT_EQ(test, st_peer_send(t.peer, "cd", 2), 2);
	SETTLES(test, st_got(cb) == 1);
	EXPECT(test, !memcmp(&cb->waitf, "abcd", 4));
	EXPECT_EQ(test, cb->error, 0);
}

/* U1: however events and calls interleave, one call begins after the last event. */
void U1_call_after_last_event(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	unsigned int i, rounds = st_rounds(200, 20000);
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	for (i = 0; i < rounds; i++) {
		int calls = st_calls(cb);

		send_byte(test, &t);
		if (!st_called(cb, calls))
			break;
	}
}

/* U2: as often as there were events, while something is there. */
void U2_as_often_as_events(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_take_one);
	struct st_udp u;
	int i;

	st_udp(test, &u);
	ASSERT_EQ(test, sock_setupcall(u.so, st_upcall, cb), 0);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) == 100);
	EXPECT_EQ(test, quiet(cb), 100);
	EXPECT_EQ(test, cb->empty, 0);
}

/* U2: also for what was there before the upcall, as long as it makes progress. */
void U2_progress_goes_on(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, body_take_one);
	struct st_udp u;
	int i;

	st_udp(test, &u);
	for (i = 0; i < 40; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT) == 40);
	ASSERT_EQ(test, sock_setupcall(u.so, st_upcall, cb), 0);
	SETTLES(test, st_got(cb) == 40);
	EXPECT_EQ(test, quiet(cb), 40);
	EXPECT_EQ(test, cb->empty, 0);
}

/* U3: not for data that is gone. Held back by its own first call, it finds none and is spared. */
void U3_not_for_data_that_is_gone(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct st_udp u;
	u_int8_t buf[4];
	int i;

	st_udp_upcall(test, &u, st_upcall, cb);
	for (i = 0; i < 10; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	ASSERT(test, st_event_wait(cb->entered));
	SETTLES(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT) == 10);
	for (i = 0; i < 10; i++)
		EXPECT_IO(test, st_recv(u.so, buf, sizeof(buf), MSG_DONTWAIT), 0, 1);
	st_event_set(cb->gate);
	SETTLES(test, !st_inside(cb));
	EXPECT_EQ(test, quiet(cb), 1);
}

/* U3: state events are told although there is nothing to read. */
void U3_state_events_always(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
	struct sockaddr_in to;
	u_int16_t port;

	st_listener(test, &port);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), 0);
	st_called(cb, 0);
	EXPECT_EQ(test, st_readable(test, so), 0);
}

/* U4: no progress, no events: no call, although data is there. */
void U4_no_spinning(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_udp u;
	int i, calls;

	st_udp_upcall(test, &u, st_upcall, cb);
	for (i = 0; i < 5; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT) == 5);
	st_called(cb, 0);
	calls = quiet(cb);
	EXPECT(test, calls <= 5);
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	st_called(cb, calls);
}

/* U5: who never stops making progress does not starve the neighbour. */
void U5_fairness(struct kunit *test)
{
	struct st_cb *busy = st_cb(test, body_take_one), *cb = st_cb(test, st_body_drain);
	struct flood *f = st_alloc(test, sizeof(*f));
	struct st_thread *thread;
	struct st_tcp t;

	f->packets = 1000;
	st_udp_upcall(test, &f->u, st_upcall, busy);
	st_tcp_upcall(test, &t, st_upcall, cb);
	thread = st_thread(test, flood_thread, f);
	st_peer_send_pattern(test, t.peer, 0, 10);
	SETTLES(test, st_bytes(cb) == 10);
	EXPECT(test, st_join(thread));
	SETTLES(test, st_readable(test, f->u.so) == 0);
	quiet(busy);
}

/* U6: at least one write call after the last event. */
void U6_write_event(struct kunit *test)
{
	struct st_cb *w = st_cb(test, NULL);
	struct st_tcp t;
	size_t sent;
	int i, calls;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	for (i = 0; i < 2; i++) {
		sent = st_fill_up(test, t.so);
		calls = st_calls(w);
		EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
		st_called(w, calls);
	}
}

/* U7: the end is not told before the data that came first can be read. */
static void body_order(struct st_cb *cb, socket_t so)
{
	u_int8_t buf[64];
	struct st_io io;

	do {
		io = st_recv(so, buf, sizeof(buf), MSG_DONTWAIT);
		cb->bytes += io.len;
	} while (!io.error && io.len);
	if (!io.error)
		cb->got++;
}

void U7_data_before_end(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(30, 2000);

	for (i = 0; i < rounds; i++) {
		struct st_cb *cb = st_cb(test, body_order);
		struct st_tcp t;

		st_tcp_upcall(test, &t, st_upcall, cb);
		st_peer_send_pattern(test, t.peer, 0, 1000);
		st_peer_close(t.peer);
		SETTLES(test, st_got(cb) > 0);
		if (!EXPECT_EQ(test, cb->bytes, 1000))
			break;
		st_close(test, t.so);
	}
}

/* V4: the original calls from inside close. */
void V4_close_makes_no_call(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL), *w = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, st_upcall, cb, st_upcall, w), 0);
	quiet(cb);
	quiet(w);
	cb->calls = w->calls = 0;
	st_close(test, t.so);
	NEVER(test, st_calls(cb) || st_calls(w));
}

static void body_close_for_both(struct st_cb *cb, socket_t so)
{
	sock_close(so);
	/* the cookies may be gone from here on */
	__atomic_store_n(&((struct st_cb *)cb->arg)->got, 1, __ATOMIC_SEQ_CST);
}

static void body_remove_both(struct st_cb *cb, socket_t so)
{
	EXPECT_EQ(cb->test, sock_setupcalls(so, NULL, NULL, NULL, NULL), 0);
	__atomic_store_n(&((struct st_cb *)cb->arg)->got, 1, __ATOMIC_SEQ_CST);
}

static void body_must_not_be(struct st_cb *cb, socket_t so)
{
	EXPECT(cb->test, !st_got(cb));
}

/* A reset is for both upcalls; the first takes care that the second does not come. */
static void first_ends_second(struct kunit *test, void (*body)(struct st_cb *cb, socket_t so),
			      int closes)
{
	struct st_cb *r = st_cb(test, body), *w = st_cb(test, body_must_not_be);
	struct st_tcp t;

	r->arg = w;
	st_tcp(test, &t);
	if (closes)
		st_untrack(test, t.so);
	ASSERT_EQ(test, sock_setupcalls(t.so, st_upcall, r, st_upcall, w), 0);
	quiet(w);
	st_peer_reset(t.peer);
	SETTLES(test, st_got(w));
	no_more_calls(test, w);
	EXPECT_EQ(test, st_calls(r), 1);
}

void nothing_after_close_in_read(struct kunit *test)
{
	first_ends_second(test, body_close_for_both, 1);
}

void nothing_after_removal_in_read(struct kunit *test)
{
	first_ends_second(test, body_remove_both, 0);
}

static void on_event_close(socket_t so, void *cookie, u_int32_t event)
{
	struct st_cb *r = cookie;

	sock_close(so);
	__atomic_store_n(&r->got, 1, __ATOMIC_SEQ_CST);
}

void nothing_after_close_in_event(struct kunit *test)
{
	struct st_cb *r = st_cb(test, body_must_not_be);
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_catchevents(t.so, on_event_close, r, SO_FILT_HINT_CANTRCVMORE), 0);
	ASSERT_EQ(test, sock_setupcall(t.so, st_upcall, r), 0);
	quiet(r);
	st_untrack(test, t.so);
	st_peer_shutdown(t.peer, SHUT_WR);
	SETTLES(test, st_got(r));
	no_more_calls(test, r);
	EXPECT_EQ(test, st_calls(r), 0);
}

/* After replacing from outside no call of the old one begins; the new one hears all. */
void replaced_outside(struct kunit *test)
{
	struct st_cb *old = st_cb(test, st_body_drain), *new = st_cb(test, st_body_drain);
	struct st_thread *sender;
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, old);
	st_peer_send_pattern(test, t.peer, 0, 10);
	SETTLES(test, st_bytes(old) == 10);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, new), 0);
	calls = st_calls(old);
	sender = st_peer_stream(t.peer, 50000, 1, 1000);
	(void)sender;
	st_called(new, 0);
	quiet(new);
	EXPECT_EQ(test, st_calls(old), calls);
}

/* A write upcall may send from inside, and so feed a whole stream. */
static void body_feed(struct st_cb *cb, socket_t so)
{
	size_t total = *(size_t *)cb->arg;
	u_int8_t buf[1000];
	struct st_io io;

	while (cb->bytes < total) {
		size_t n = total - cb->bytes < sizeof(buf) ? total - cb->bytes : sizeof(buf);

		st_fill(buf, n, cb->bytes);
		io = st_send(so, buf, n, MSG_DONTWAIT);
		if (io.error)
			return;
		cb->bytes += io.len;
	}
}

void write_upcall_feeds_a_stream(struct kunit *test)
{
	struct st_cb *w = st_cb(test, body_feed);
	size_t *total = st_alloc(test, sizeof(*total));
	struct st_tcp t;

	*total = st_rounds(500000, 20000000);
	w->arg = total;
	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, 30000), 0);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	/* there is room already, which this makes an event */
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDLOWAT, 1), 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, *total), *total);
}

static void body_hold(struct st_cb *cb, socket_t so)
{
	st_event_wait(cb->gate);
}

/* Urgent data has no call of its own, but what came with it has. */
void urgent_data_is_no_loss(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	calls = quiet(cb);
	ASSERT_EQ(test, st_peer_send_flags(t.peer, "abc", 3, MSG_OOB), 3);
	st_called(cb, calls);
	SETTLES(test, st_readable(test, t.so) == 2);
}

/* Low-water marks whose condition already holds are an event. */
void low_water_marks_are_events(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL), *w = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, st_upcall, cb, st_upcall, w), 0);
	send_byte(test, &t);
	st_called(cb, 0);
	calls = quiet(cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVLOWAT, 1), 0);
	st_called(cb, calls);
	calls = quiet(w);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDLOWAT, 1), 0);
	st_called(w, calls);
}

/* Many sockets whose upcalls sleep for ever do not stop the others. */
void sleeping_upcalls_block_nobody_else(struct kunit *test)
{
	int sleepers = st_rounds(20, 300), i;
	struct st_cb *cb = st_cb(test, st_body_drain), *asleep;
	struct st_tcp t;

	asleep = st_cb(test, body_hold);
	for (i = 0; i < sleepers; i++) {
		st_tcp_upcall(test, &t, st_upcall, asleep);
		send_byte(test, &t);
	}
	SETTLES(test, st_inside(asleep) == sleepers);
	st_tcp_upcall(test, &t, st_upcall, cb);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_bytes(cb) == 100);
	st_event_set(asleep->gate);
	SETTLES(test, st_inside(asleep) == 0);
}
