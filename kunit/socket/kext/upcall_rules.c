// SPDX-License-Identifier: GPL-2.0
/* Scenarios: how often an upcall is called, and when not any more. */

#include "scenario.h"

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

void UPC19_somebody_else_reads(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct drainer *d = st_alloc(test, sizeof(*d));
	struct st_thread *thread;
	struct st_udp u;
	int i, empty;

	st_udp_upcall(test, &u, st_upcall, cb);
	ASSERT_EQ(test, st_set(u.so, SOL_SOCKET, SO_RCVBUF, 4 << 20), 0);	/* none is lost */
	d->u = &u;
	thread = st_thread(test, drain_thread, d);
	for (i = 0; i < 1000; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_readable(test, u.so) == 0);
	st_quiet(cb);
	__atomic_store_n(&d->stop, 1, __ATOMIC_SEQ_CST);
	ASSERT(test, st_join(thread));
	EXPECT_EQ(test, cb->got + d->taken, 1000);
	/* all taken long ago: not one call more; and alone it never finds nothing */
	empty = cb->empty;
	st_no_more_calls(test, cb);
	for (i = 0; i < 200; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) + d->taken == 1200);
	st_quiet(cb);
	EXPECT_EQ(test, cb->empty, empty);
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
	struct st_flood *f = st_alloc(test, sizeof(*f));
	struct st_cb *cb = st_cb(test, body_count_all);
	struct st_thread *thread[8];
	int i, senders = st_cpus() < 8 ? st_cpus() : 8;

	f->packets = st_rounds(500, 20000);
	st_udp_upcall(test, &f->u, st_upcall, cb);
	for (i = 0; i < senders; i++)
		thread[i] = st_flood(test, f, i);
	for (i = 0; i < senders; i++)
		EXPECT(test, st_join(thread[i]));
	SETTLES(test, st_readable(test, f->u.so) == 0);
	st_quiet(cb);
	EXPECT(test, st_got(cb) > 0);
	EXPECT_EQ(test, cb->overlaps, 0);
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

		st_send_byte(test, &t);
		if (!st_called(cb, calls))
			break;
	}
}

/* U2: as often as there were events, while something is there. */
void U2_as_often_as_events(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct st_udp u;
	int i;

	st_udp(test, &u);
	ASSERT_EQ(test, sock_setupcall(u.so, st_upcall, cb), 0);
	for (i = 0; i < 100; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_got(cb) == 100);
	EXPECT_EQ(test, st_quiet(cb), 100);
	EXPECT_EQ(test, cb->empty, 0);
}

/* U2: also for what was there before the upcall, as long as it makes progress. */
void U2_progress_goes_on(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_take_one);
	struct st_udp u;
	int i;

	st_udp(test, &u);
	for (i = 0; i < 40; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT) == 40);
	ASSERT_EQ(test, sock_setupcall(u.so, st_upcall, cb), 0);
	SETTLES(test, st_got(cb) == 40);
	EXPECT_EQ(test, st_quiet(cb), 40);
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
	EXPECT_EQ(test, st_quiet(cb), 1);
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
	calls = st_quiet(cb);
	EXPECT(test, calls <= 5);
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	st_called(cb, calls);
}

/* Nor are events of data that somebody else took saved up for what comes later. */
void U4_after_data_that_is_gone(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct st_udp u;
	int i, calls;
	char byte;

	st_udp_upcall(test, &u, st_upcall, cb);
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	ASSERT(test, st_event_wait(cb->entered));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_get(test, u.so, SOL_SOCKET, SO_NUMRCVPKT) == 6);
	for (i = 0; i < 6; i++)
		EXPECT_IO(test, st_recv(u.so, &byte, 1, MSG_DONTWAIT), 0, 1);
	st_event_set(cb->gate);
	calls = st_quiet(cb);
	ASSERT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	st_called(cb, calls);
	EXPECT_EQ(test, st_quiet(cb), calls + 1);
}

/* U5: who never stops making progress does not starve the neighbour. */
void U5_fairness(struct kunit *test)
{
	struct st_cb *busy = st_cb(test, st_body_take_one), *cb = st_cb(test, st_body_drain);
	struct st_flood *f = st_alloc(test, sizeof(*f));
	struct st_thread *thread;
	struct st_tcp t;

	f->packets = 300;
	st_udp_upcall(test, &f->u, st_upcall, busy);
	st_tcp_upcall(test, &t, st_upcall, cb);
	thread = st_flood(test, f, st_cpus() - 1);
	st_peer_send_pattern(test, t.peer, 0, 10);
	SETTLES(test, st_bytes(cb) == 10);
	EXPECT(test, st_join(thread));
	SETTLES(test, st_readable(test, f->u.so) == 0);
	st_quiet(busy);
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
	calls = st_quiet(w);
	NEVER(test, st_calls(w) != calls);
}

/* ... also to who comes when it is full already. */
void U6_installed_when_full(struct kunit *test)
{
	struct st_cb *w = st_cb(test, NULL);
	struct st_tcp t;
	size_t sent;
	int calls;

	st_tcp_limited(test, &t);
	sent = st_fill_up(test, t.so);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	calls = st_quiet(w);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_called(w, calls);
}

/* ... and to who never found it full. */
void U6_installed_when_empty(struct kunit *test)
{
	struct st_cb *w = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	calls = st_quiet(w);
	st_send_pattern(test, t.so, 0, 100);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 100), 100);
	st_called(w, calls);
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
	st_quiet(cb);
	st_quiet(w);
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
	st_quiet(w);
	st_peer_reset(t.peer);
	SETTLES(test, st_got(w));
	st_no_more_calls(test, w);
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
	st_quiet(old);			/* it looks once more, and would take what is the new one's */
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, new), 0);
	calls = st_calls(old);
	sender = st_peer_stream(t.peer, 50000, 1, 1000);
	(void)sender;
	st_called(new, 0);
	st_quiet(new);
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
	calls = st_quiet(cb);
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
	st_send_byte(test, &t);
	st_called(cb, 0);
	calls = st_quiet(cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVLOWAT, 1), 0);
	st_called(cb, calls);
	calls = st_quiet(w);
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
		st_send_byte(test, &t);
	}
	SETTLES(test, st_inside(asleep) == sleepers);
	st_tcp_upcall(test, &t, st_upcall, cb);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_bytes(cb) == 100);
	st_event_set(asleep->gate);
	SETTLES(test, st_inside(asleep) == 0);
}
