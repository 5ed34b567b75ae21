// SPDX-License-Identifier: GPL-2.0
/* Kext world: upcalls that count, and calls that block. */

#include "scenario.h"

struct st_cb *st_cb(struct kunit *test, void (*body)(struct st_cb *cb, socket_t so))
{
	struct st_cb *cb = st_alloc(test, sizeof(*cb));

	cb->test = test;
	cb->body = body;
	cb->entered = st_event(test);
	cb->gate = st_event(test);
	return cb;
}

void st_upcall(socket_t so, void *cookie, int waitf)
{
	struct st_cb *cb = cookie;

	if (__atomic_fetch_add(&cb->inside, 1, __ATOMIC_SEQ_CST))
		__atomic_fetch_add(&cb->overlaps, 1, __ATOMIC_SEQ_CST);
	cb->so = so;
	cb->waitf = waitf;
	cb->slept += st_may_sleep();
	cb->noio += st_keeps_off_io();
	__atomic_fetch_add(&cb->calls, 1, __ATOMIC_SEQ_CST);
	st_event_set(cb->entered);
	if (cb->body)
		cb->body(cb, so);
	__atomic_fetch_sub(&cb->inside, 1, __ATOMIC_SEQ_CST);
}

int st_calls(struct st_cb *cb)
{
	return __atomic_load_n(&cb->calls, __ATOMIC_SEQ_CST);
}

int st_inside(struct st_cb *cb)
{
	return __atomic_load_n(&cb->inside, __ATOMIC_SEQ_CST);
}

size_t st_bytes(struct st_cb *cb)
{
	return __atomic_load_n(&cb->bytes, __ATOMIC_SEQ_CST);
}

int st_got(struct st_cb *cb)
{
	return __atomic_load_n(&cb->got, __ATOMIC_SEQ_CST);
}

int st_called(struct st_cb *cb, int calls)
{
	return SETTLES(cb->test, st_calls(cb) > calls);
}

void st_body_gate(struct st_cb *cb, socket_t so)
{
	EXPECT(cb->test, st_event_wait(cb->gate));
}

void st_body_drain(struct st_cb *cb, socket_t so)
{
	size_t len;
	mbuf_t m;

	for (;;) {
		len = 1 << 20;
		cb->error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (cb->error || !m)
			return;
		for (mbuf_t n = m; n; n = mbuf_next(n)) {
			EXPECT_PATTERN(cb->test, mbuf_data(n), mbuf_len(n), cb->bytes);
			__atomic_fetch_add(&cb->bytes, mbuf_len(n), __ATOMIC_SEQ_CST);
		}
		mbuf_freem(m);
	}
}

void st_send_byte(struct kunit *test, struct st_tcp *t)
{
	ASSERT_EQ(test, st_peer_send(t->peer, "x", 1), 1);
}

/* The upcall is inside, at its gate. */
void st_let_in(struct kunit *test, struct st_cb *cb, struct st_tcp *t)
{
	st_send_byte(test, t);
	ASSERT(test, st_event_wait(cb->entered));
	ASSERT_EQ(test, st_inside(cb), 1);
}

void st_no_more_calls(struct kunit *test, struct st_cb *cb)
{
	int calls = st_calls(cb);

	NEVER(test, st_calls(cb) != calls);
}

/* All is told that was to be told: no call for a while. */
int st_quiet(struct st_cb *cb)
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

void st_body_take_one(struct st_cb *cb, socket_t so)
{
	u_int8_t buf[10];

	if (st_recv(so, buf, sizeof(buf), MSG_DONTWAIT).error)
		cb->empty++;
	else
		cb->got++;
}

/* Calls that block. */

static struct st_blocked *blocked(struct kunit *test, socket_t so, size_t len, int flags)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));

	b->so = so;
	b->len = len;
	b->flags = flags;
	b->io.len = ST_UNTOUCHED;
	b->new_so = ST_NO_SOCKET;
	if (len)
		b->buf = st_alloc(test, len);
	return b;
}

/* Until the call sleeps, or has returned, which st_result() will tell. */
static struct st_blocked *start(struct kunit *test, struct st_blocked *b, void (*fn)(void *arg))
{
	b->thread = st_thread(test, fn, b);
	SETTLES(test, st_asleep(b->thread) || st_ended(b->thread));
	return b;
}

static void receive_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_recv(b->so, b->buf, b->len, b->flags);
}

static void receivembuf_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io.len = b->len;
	b->io.error = sock_receivembuf(b->so, NULL, &b->m, b->flags, &b->io.len);
	if (b->m) {
		mbuf_copydata(b->m, 0, b->io.len, b->buf);
		mbuf_freem(b->m);
	}
}

static void send_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_send(b->so, b->buf, b->len, b->flags);
}

static void sendmbuf_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_sendm(b->so, b->m, b->flags);
}

static void can_wait_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io.error = sock_sendmbuf_can_wait(b->so, NULL, b->m, b->flags, &b->io.len);
}

static void accept_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io.error = sock_accept(b->so, NULL, 0, b->flags, NULL, NULL, &b->new_so);
}

static void connect_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io.error = sock_connect(b->so, (struct sockaddr *)&b->to, b->flags);
}

struct st_blocked *st_block_in_receive(struct kunit *test, socket_t so, size_t len, int flags)
{
	return start(test, blocked(test, so, len, flags), receive_thread);
}

struct st_blocked *st_block_in_receivembuf(struct kunit *test, socket_t so, size_t len,
					   int flags)
{
	return start(test, blocked(test, so, len, flags), receivembuf_thread);
}

struct st_blocked *st_block_in_send(struct kunit *test, socket_t so, size_t off, size_t len)
{
	struct st_blocked *b = blocked(test, so, len, 0);

	st_fill(b->buf, len, off);
	return start(test, b, send_thread);
}

struct st_blocked *st_block_in_sendmbuf(struct kunit *test, socket_t so, mbuf_t m)
{
	struct st_blocked *b = blocked(test, so, 0, 0);

	b->m = m;
	return start(test, b, sendmbuf_thread);
}

struct st_blocked *st_block_in_can_wait(struct kunit *test, socket_t so, mbuf_t m)
{
	struct st_blocked *b = blocked(test, so, 0, 0);

	b->m = m;
	return start(test, b, can_wait_thread);
}

struct st_blocked *st_block_in_accept(struct kunit *test, socket_t so)
{
	return start(test, blocked(test, so, 0, 0), accept_thread);
}

struct st_blocked *st_block_in_connect(struct kunit *test, socket_t so, u_int32_t host,
				       u_int16_t port)
{
	struct st_blocked *b = blocked(test, so, 0, 0);

	st_in_at(&b->to, host, port);
	return start(test, b, connect_thread);
}

struct st_io st_result(struct kunit *test, struct st_blocked *b)
{
	ASSERT(test, st_join(b->thread));
	return b->io;
}

/* Many datagrams. */

static void flood_thread(void *arg)
{
	struct st_flood *f = arg;
	int i;

	for (i = 0; i < f->packets; i++)
		st_peer_send_to(f->u.peer, f->u.port, "x", 1);
}

struct st_thread *st_flood(struct kunit *test, struct st_flood *f, unsigned int cpu)
{
	return st_thread_on(test, cpu, flood_thread, f);
}
