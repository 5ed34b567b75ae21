// SPDX-License-Identifier: GPL-2.0
/* Scenarios: upcalls. */

#include "scenario.h"

void UPC1_arguments_and_context(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	st_send_byte(test, &t);
	st_called(cb, 0);
	st_quiet(cb);
	EXPECT(test, cb->so == t.so);
	EXPECT_EQ(test, cb->waitf, MBUF_DONTWAIT);
	EXPECT_EQ(test, cb->slept, st_calls(cb));
	EXPECT_EQ(test, cb->noio, st_calls(cb));
}

void UPC2_read_until_empty(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_drain);
	size_t total = st_rounds(300000, 3000000);
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
	st_quiet(cb);
	for (i = 0; i < 3; i++) {
		__atomic_fetch_add(&l->sent, 1, __ATOMIC_SEQ_CST);
		st_send_byte(test, &t);
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
	calls = st_quiet(cb);
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
	calls = st_quiet(cb);
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
	st_send_byte(test, &t);
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
	st_send_byte(test, &t);
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
	st_send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_readable(test, t.so) == 100);
	st_no_more_calls(test, cb);
	EXPECT(test, st_recv_pattern(test, t.so, 0, 100));
}

void UPC10_removed_while_running(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	st_let_in(test, cb, &t);
	EXPECT_EQ(test, sock_setupcall(t.so, NULL, NULL), 0);
	EXPECT_EQ(test, st_inside(cb), 1);
	calls = st_calls(cb);
	st_send_byte(test, &t);
	st_event_set(cb->gate);
	SETTLES(test, !st_inside(cb));
	st_send_byte(test, &t);
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
	st_let_in(test, cb, &t);
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
	st_let_in(test, cb, &t);
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

/* Meanwhile it is no socket any more for anybody else. */
void calls_fail_while_close_waits(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, st_body_gate);
	struct closing *c = st_alloc(test, sizeof(*c));
	struct st_thread *closer;
	struct sockaddr_in sin;
	struct st_tcp t;

	st_tcp_upcall(test, &t, st_upcall, cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	EXPECT_EQ(test, sock_getsockname(t.so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	st_let_in(test, cb, &t);
	c->cb = cb;
	c->so = t.so;
	st_untrack(test, t.so);
	closer = st_thread(test, close_and_look, c);
	EXPECT(test, st_asleep(closer));
	EXPECT_EQ(test, sock_getsockname(t.so, (struct sockaddr *)&sin, sizeof(sin)), EINVAL);
	st_event_set(cb->gate);
	EXPECT(test, st_join(closer));
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
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	sock_retain(t.so);
	st_let_in(test, cb, &t);
	c->cb = cb;
	c->so = t.so;
	c->inside_after = -1;
	releaser = st_thread(test, release_and_look, c);
	EXPECT(test, st_asleep(releaser));
	st_event_set(cb->gate);
	EXPECT(test, st_join(releaser));
	EXPECT_EQ(test, c->inside_after, 0);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	calls = st_calls(cb);
	st_send_byte(test, &t);			/* it has taken the upcalls away, too */
	SETTLES(test, st_readable(test, t.so) == 2);
	NEVER(test, st_calls(cb) != calls);
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
	st_let_in(test, cb, &t);
	st_close(test, t.so);
	EXPECT_EQ(test, st_inside(cb), 1);
	st_event_set(cb->gate);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	st_no_more_calls(test, cb);
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
	st_send_byte(test, &t);
	SETTLES(test, st_got(cb) == 1 && !st_inside(cb));
	st_no_more_calls(test, cb);
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
	st_send_byte(test, &t);
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
	st_send_byte(test, &t);
	SETTLES(test, st_readable(test, t.so) == 1);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	st_called(cb, 0);
	EXPECT_EQ(test, st_quiet(cb), 1);
}

/* Nothing there, nothing said. */
void installation_on_quiet_socket(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_setupcall(t.so, st_upcall, cb), 0);
	st_no_more_calls(test, cb);
	EXPECT_EQ(test, st_calls(cb), 0);
}

void UPC18_ignored_data(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	int before, after;

	st_tcp_upcall(test, &t, st_upcall, cb);
	before = st_quiet(cb);
	st_peer_send_pattern(test, t.peer, 0, 100);
	st_called(cb, before);
	after = st_quiet(cb);
	EXPECT_EQ(test, after, before + 1);
	/* the next event tells again */
	st_send_byte(test, &t);
	st_called(cb, after);
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
	reads = st_quiet(r);
	writes = st_quiet(w);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_called(w, writes);
	st_quiet(w);
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
	st_quiet(w);
	w->calls = 0;
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_send_byte(test, &t);
	st_called(r, 0);
	NEVER(test, st_calls(w) != 0);
}

void UPC22_shutdown_read(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp_upcall(test, &t, st_upcall, cb);
	calls = st_quiet(cb);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	EXPECT(test, st_quiet(cb) <= calls + 1);
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
	st_quiet(cb);
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
	calls = st_quiet(w);
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
	st_let_in(test, victim, &b);
	cb->arg = b.so;
	st_untrack(test, b.so);
	st_tcp_upcall(test, &a, st_upcall, cb);
	st_send_byte(test, &a);
	SETTLES(test, st_got(cb) >= 1 && !st_inside(cb));
	EXPECT_EQ(test, st_inside(victim), 1);
	st_event_set(victim->gate);
	SETTLES(test, !st_inside(victim));
	st_no_more_calls(test, victim);
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
	calls = st_quiet(cb);
	ASSERT_EQ(test, st_peer_send(t.peer, "ab", 2), 2);
	st_called(cb, calls);
	EXPECT_EQ(test, st_quiet(cb), calls + 1);
	EXPECT_EQ(test, cb->got, 0);
	ASSERT_EQ(test, st_peer_send(t.peer, "cd", 2), 2);
	SETTLES(test, st_got(cb) == 1);
	EXPECT(test, !memcmp(&cb->waitf, "abcd", 4));
	EXPECT_EQ(test, cb->error, 0);
}
