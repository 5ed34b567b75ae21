// SPDX-License-Identifier: GPL-2.0
/*
 * Scenario SCA4: memory runs out. For every allocation that a call makes, the
 * call is made once with just that allocation failing. It may then fail for want
 * of memory, or do less; it may not lose a byte or deliver one twice.
 */

#include "scenario.h"

#define MAX_ALLOCATIONS	300
#define SIZE		20000
#define MUCH		300000

struct attempt {
	struct kunit *test;
	struct st_tcp t;
	struct st_udp u;
	socket_t listener;
	u_int16_t port;
	socket_t so;
	mbuf_t m;
	int freed;		/* attached buffers that came back */
	int given;		/* and that were handed out */
	size_t done;		/* bytes of the pattern that went through */
	errno_t error;		/* of the call */
	size_t len;
	u_int8_t buf[SIZE];
};

/* What comes before and after each call, with memory; and the call, without. */
struct fallible {
	void (*prepare)(struct attempt *a);
	void (*call)(struct attempt *a);
	void (*verify)(struct attempt *a);
};

static struct attempt *attempt(struct kunit *test)
{
	struct attempt *a = st_alloc(test, sizeof(*a));

	if (!st_can_fail())
		st_skip(test, "this kernel cannot make allocations fail");
	a->test = test;
	return a;
}

static int out_of_memory(errno_t error)
{
	return error == ENOMEM || error == ENOBUFS || error == EWOULDBLOCK;
}

static void fail_each(struct attempt *a, const struct fallible *f)
{
	struct kunit *test = a->test;
	unsigned int n, left;

	for (n = 1; n < MAX_ALLOCATIONS; n++) {
		if (f->prepare)
			f->prepare(a);
		st_fail_nth(n);
		f->call(a);
		left = st_fail_nth(0);
		if (f->verify)
			f->verify(a);
		if (left)
			break;
		if (a->error)
			ASSERT(test, out_of_memory(a->error));
	}
	st_note(test, "%u allocations", n - 1);
	EXPECT(test, n < MAX_ALLOCATIONS);
	EXPECT_EQ(test, a->error, 0);
}

static void with(struct attempt *a, struct st_io io)
{
	a->error = io.error;
	a->len = io.len;
}

/* Making sockets. */

static void call_socket(struct attempt *a)
{
	a->so = ST_NO_SOCKET;
	a->error = sock_socket(AF_INET, SOCK_STREAM, 0, NULL, NULL, &a->so);
}

static void call_accept(struct attempt *a)
{
	a->so = ST_NO_SOCKET;
	a->error = sock_accept(a->listener, NULL, 0, MSG_DONTWAIT, NULL, NULL, &a->so);
}

static void close_new(struct attempt *a)
{
	if (!a->error)
		sock_close(a->so);
	else
		EXPECT(a->test, !a->so || a->so == ST_NO_SOCKET);
}

/* Kexts know one word for it here. */
static void new_or_no_buffers(struct attempt *a)
{
	close_new(a);
	EXPECT(a->test, !a->error || a->error == ENOBUFS);
}

static void one_client(struct attempt *a)
{
	st_client(a->test, a->port);
}

void SCA4_socket(struct kunit *test)
{
	static const struct fallible f = { .call = call_socket, .verify = new_or_no_buffers };

	fail_each(attempt(test), &f);
}

void SCA4_accept(struct kunit *test)
{
	static const struct fallible f = { one_client, call_accept, close_new };
	struct attempt *a = attempt(test);

	a->listener = st_listener(test, &a->port);
	fail_each(a, &f);
}

static void new_socket(struct attempt *a)
{
	a->so = st_socket(a->test, AF_INET, SOCK_STREAM);
}

static void call_connect(struct attempt *a)
{
	struct sockaddr_in to;

	a->error = sock_connect(a->so, st_in(&to, a->port), 0);
}

static void end_connection(struct attempt *a)
{
	EXPECT_EQ(a->test, sock_isconnected(a->so), !a->error);
	st_close(a->test, a->so);
}

void SCA4_connect(struct kunit *test)
{
	static const struct fallible f = { new_socket, call_connect, end_connection };
	struct attempt *a = attempt(test);

	a->listener = st_listener(test, &a->port);
	fail_each(a, &f);
}

/* Sending: what is said to have gone arrives, and nothing else ever does. */

static void fill(struct attempt *a)
{
	st_fill(a->buf, SIZE, a->done);
}

static void attach(struct attempt *a)
{
	a->m = st_mbuf_attached(a->test, SIZE, a->done, &a->freed);
	a->given++;
}

static void allocate(struct attempt *a)
{
	a->m = st_mbuf(a->test, SIZE, a->done);
}

static void call_send(struct attempt *a)
{
	with(a, st_send(a->t.so, a->buf, SIZE, 0));
}

static void call_sendmbuf(struct attempt *a)
{
	with(a, st_sendm(a->t.so, a->m, 0));
}

static void call_can_wait(struct attempt *a)
{
	a->error = sock_sendmbuf_can_wait(a->t.so, NULL, a->m, 0, &a->len);
}

static void arrives(struct attempt *a)
{
	if (a->error)
		EXPECT_EQ(a->test, a->len, 0);
	EXPECT_EQ(a->test, st_peer_read(a->t.peer, a->done, a->len), a->len);
	a->done += a->len;
}

static void arrives_whole(struct attempt *a)
{
	EXPECT(a->test, a->error || a->len == SIZE);
	arrives(a);
	SETTLES(a->test, a->freed == a->given);
}

static void stream_out(struct kunit *test, const struct fallible *f)
{
	struct attempt *a = attempt(test);

	st_tcp(test, &a->t);
	fail_each(a, f);
	EXPECT_EQ(test, sock_shutdown(a->t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(a->t.peer, a->done), 0);
}

void SCA4_send(struct kunit *test)
{
	static const struct fallible f = { fill, call_send, arrives };

	stream_out(test, &f);
}

void SCA4_sendmbuf(struct kunit *test)
{
	static const struct fallible f = { allocate, call_sendmbuf, arrives_whole };

	stream_out(test, &f);
}

void SCA4_sendmbuf_attached(struct kunit *test)
{
	static const struct fallible f = { attach, call_sendmbuf, arrives_whole };

	stream_out(test, &f);
}

/* So long that the memory for its second half is another allocation. */
static void attach_much(struct attempt *a)
{
	a->m = st_mbuf_attached(a->test, MUCH, a->done, &a->freed);
	a->given++;
}

static void much_arrives_whole(struct attempt *a)
{
	EXPECT(a->test, a->error || a->len == MUCH);
	arrives(a);
	SETTLES(a->test, a->freed == a->given);
}

void SCA4_sendmbuf_much(struct kunit *test)
{
	static const struct fallible f = { attach_much, call_sendmbuf, much_arrives_whole };

	stream_out(test, &f);
}

/*
 * TCP has no memory: who sends waits for it, or is told later; nobody burns the
 * CPU, is held for ever, or gets half of a message out.
 */
#define HUGE	(4 << 20)
#define PART	(256 << 10)

struct starved {
	struct kunit *test;
	struct st_tcp t;
	size_t sent;
	errno_t error;
	int *freed;
	int given;
};

/* As an upcall would: nothing in here may wait. */
static void send_until_starved(void *arg)
{
	struct starved *s = arg;
	struct st_io io = {};

	while (!io.error && s->sent < HUGE) {
		mbuf_t m = st_mbuf_attached(s->test, PART, s->sent, s->freed);

		s->given++;
		io = st_sendm(s->t.so, m, MSG_DONTWAIT);
		s->sent += io.len;
	}
	s->error = io.error;
}

static struct starved *starved(struct kunit *test)
{
	struct starved *s = st_alloc(test, sizeof(*s));

	s->test = test;
	s->freed = st_alloc(test, sizeof(*s->freed));
	st_tcp(test, &s->t);
	ASSERT_EQ(test, st_set(s->t.so, SOL_SOCKET, SO_SNDBUF, HUGE), 0);
	st_peer_tight(s->t.peer, 1);
	ASSERT(test, st_join(st_thread(test, send_until_starved, s)));
	ASSERT_EQ(test, s->error, EWOULDBLOCK);
	ASSERT(test, s->sent > 0 && s->sent < HUGE);
	return s;
}

static void all_arrives(struct starved *s, size_t more)
{
	EXPECT_EQ(s->test, st_peer_read(s->t.peer, 0, s->sent + more), s->sent + more);
	SETTLES(s->test, __atomic_load_n(s->freed, __ATOMIC_SEQ_CST) == s->given);
}

void SCA4_sender_sleeps(struct kunit *test)
{
	struct starved *s = starved(test);
	struct st_blocked *sender = st_block_in_send(test, s->t.so, s->sent, 50000);

	EXPECT(test, st_asleep(sender->thread));
	EXPECT(test, !st_ended(sender->thread));
	st_peer_tight(s->t.peer, 0);
	all_arrives(s, 50000);
	EXPECT_IO(test, st_result(test, sender), 0, 50000);
}

void SCA4_message_sleeps(struct kunit *test)
{
	struct starved *s = starved(test);
	mbuf_t m = st_mbuf(test, 50000, s->sent);
	struct st_blocked *sender = st_block_in_sendmbuf(test, s->t.so, m);

	EXPECT(test, st_asleep(sender->thread));
	EXPECT(test, !st_ended(sender->thread));
	st_signal(sender->thread);
	EXPECT_INTERRUPTED(test, st_result(test, sender).error);
	st_peer_tight(s->t.peer, 0);
	all_arrives(s, 0);
}

/* The time limit counts, although it is looked at now and then. */
void SCA4_sender_gives_up(struct kunit *test)
{
	struct starved *s = starved(test);
	long long begin = st_now_ms();

	ASSERT_EQ(test, st_set_time(s->t.so, SO_SNDTIMEO, 0, 500000), 0);
	EXPECT_IO(test, st_sendm(s->t.so, st_mbuf(test, 50000, 0), 0), EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 500);
	st_peer_tight(s->t.peer, 0);
	all_arrives(s, 0);
}

/* Nothing of its own is on the way that could bring some; it hears all the same. */
void SCA4_write_upcall_later(struct kunit *test)
{
	struct starved *s = starved(test);
	struct st_cb *w = st_cb(test, NULL);
	struct st_tcp t;
	int calls;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, HUGE), 0);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, w), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, PART, 0), MSG_DONTWAIT), EWOULDBLOCK, 0);
	calls = st_calls(w);
	st_called(w, calls);
	st_peer_tight(s->t.peer, 0);
	all_arrives(s, 0);
}

/* Who has set no limit yields as every socket does: Linux makes its buffer small. */
void SCA4_buffer_is_moderated(struct kunit *test)
{
	struct starved *s = starved(test);
	u_int8_t *buf = st_alloc(test, 16384);
	struct st_tcp t;
	size_t sent = 0;
	int i;

	st_tcp(test, &t);
	for (i = 0; i < 100; i++) {
		st_fill(buf, 16384, sent);
		sent += st_send(t.so, buf, 16384, MSG_DONTWAIT).len;
	}
	EXPECT(test, sent < 100000);
	st_peer_tight(s->t.peer, 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	all_arrives(s, 0);
}

void SCA4_sendmbuf_can_wait(struct kunit *test)
{
	static const struct fallible f = { allocate, call_can_wait, arrives };

	stream_out(test, &f);
}

/* Receiving: what is not given now is given later. */

static void some_data(struct attempt *a)
{
	size_t there = st_readable(a->test, a->t.so);

	st_peer_send_pattern(a->test, a->t.peer, a->done + there, 5000);
	SETTLES(a->test, st_readable(a->test, a->t.so) == (int)there + 5000);
}

static void call_receive(struct attempt *a)
{
	with(a, st_recv(a->t.so, a->buf, 3000, MSG_DONTWAIT));
}

static void call_receivembuf(struct attempt *a)
{
	a->m = NULL;
	a->len = 3000;
	a->error = sock_receivembuf(a->t.so, NULL, &a->m, MSG_DONTWAIT, &a->len);
}

static void call_waitall(struct attempt *a)
{
	a->m = NULL;
	a->len = 1 << 18;
	a->error = sock_receivembuf(a->t.so, NULL, &a->m, MSG_WAITALL, &a->len);
	/* there never is that much; the failure was met if it was */
	if (a->error == EWOULDBLOCK)
		a->error = 0;
}

static void was_right(struct attempt *a)
{
	EXPECT_PATTERN(a->test, a->buf, a->len, a->done);
	a->done += a->len;
}

static void chain_was_right(struct attempt *a)
{
	if (a->m) {
		EXPECT_EQ(a->test, mbuf_pkthdr_len(a->m), a->len);
		EXPECT_EQ(a->test, mbuf_copydata(a->m, 0, a->len, a->buf), 0);
		mbuf_freem(a->m);
	}
	was_right(a);
}

static void nothing_is_missing(struct attempt *a)
{
	size_t there = st_readable(a->test, a->t.so);

	EXPECT_EQ(a->test, a->len, 0);
	EXPECT(a->test, st_recv_pattern(a->test, a->t.so, a->done, there));
	EXPECT(a->test, there % 5000 == 0);
	a->done += there;
}

static void stream_in(struct kunit *test, const struct fallible *f, int nonblocking)
{
	struct attempt *a = attempt(test);

	st_tcp(test, &a->t);
	ASSERT_EQ(test, st_nonblocking(a->t.so, nonblocking), 0);
	fail_each(a, f);
	EXPECT(test, st_recv_pattern(test, a->t.so, a->done, st_readable(test, a->t.so)));
}

void SCA4_receive(struct kunit *test)
{
	static const struct fallible f = { some_data, call_receive, was_right };

	stream_in(test, &f, 0);
}

void SCA4_receivembuf(struct kunit *test)
{
	static const struct fallible f = { some_data, call_receivembuf, chain_was_right };

	stream_in(test, &f, 0);
}

void SCA4_waitall(struct kunit *test)
{
	static const struct fallible f = { some_data, call_waitall, nothing_is_missing };

	stream_in(test, &f, 1);
}

/* A record goes in one piece, into memory and into mbufs, or stays. */
#define RECORD	40000

static void a_record(struct attempt *a)
{
	if (st_readable(a->test, a->t.so))
		return;
	st_peer_send_pattern(a->test, a->t.peer, a->done, RECORD);
	SETTLES(a->test, st_readable(a->test, a->t.so) == RECORD);
}

static void call_for_record(struct attempt *a)
{
	a->m = NULL;
	a->len = RECORD;
	a->error = sock_receivembuf(a->t.so, NULL, &a->m, MSG_WAITALL, &a->len);
}

static void record_is_whole(struct attempt *a)
{
	mbuf_t m = a->m;
	size_t seen = 0;

	EXPECT_EQ(a->test, a->len, a->error ? 0 : RECORD);
	for (; m; seen += mbuf_len(m), m = mbuf_next(m))
		EXPECT_PATTERN(a->test, mbuf_data(m), mbuf_len(m), a->done + seen);
	EXPECT_EQ(a->test, seen, a->len);
	if (a->error)
		EXPECT_EQ(a->test, st_readable(a->test, a->t.so), RECORD);
	mbuf_freem(a->m);
	a->done += a->len;
}

/* Half of it was taken already, and there is no memory for the other half. */
static void second_half_without_memory(struct attempt *a)
{
	struct kunit *test = a->test;

	st_peer_send_pattern(test, a->t.peer, a->done, RECORD / 2);
	SETTLES(test, st_readable(test, a->t.so) == RECORD / 2);
	call_for_record(a);
	EXPECT_EQ(test, a->error, EWOULDBLOCK);
	st_peer_send_pattern(test, a->t.peer, a->done + RECORD / 2, RECORD / 2);
	SETTLES(test, st_readable(test, a->t.so) == RECORD);
	st_no_mbufs_for(test, a->t.so, 1);
	call_for_record(a);
	st_no_mbufs_for(test, a->t.so, 0);
	EXPECT_EQ(test, a->error, ENOBUFS);
	record_is_whole(a);
	call_for_record(a);
	EXPECT_EQ(test, a->error, 0);
	record_is_whole(a);
}

/* Then each mbuf and each view of it is once the one that cannot be had. */
void SCA4_record(struct kunit *test)
{
	struct attempt *a = st_alloc(test, sizeof(*a));
	unsigned int n;
	int refused = 1;

	a->test = test;
	st_tcp(test, &a->t);
	ASSERT_EQ(test, st_nonblocking(a->t.so, 1), 0);
	second_half_without_memory(a);
	for (n = 1; n < MAX_ALLOCATIONS && refused; n++) {
		a_record(a);
		st_refuse_nth(n);
		call_for_record(a);
		refused = st_refuse_nth(0);
		record_is_whole(a);
		ASSERT(test, !a->error || a->error == ENOBUFS);
	}
	EXPECT(test, n > 3);
	EXPECT_EQ(test, a->error, 0);
}

/* Memory that comes back is noticed, though nothing else happens: the window is closed. */
#define LONG_RECORD	300000

/* All that the window lets through is there; the last of it by a timer of the peer's. */
static void window_closes(struct kunit *test, struct st_tcp *t)
{
	long long since = st_now_ms(), end = since + ST_DEADLINE_MS;
	int there = 0;

	while (st_now_ms() - since < 1000 && st_now_ms() < end) {
		int now = st_readable(test, t->so);

		if (now != there)
			since = st_now_ms();
		there = now;
		st_pause_ms(1);
	}
	ASSERT(test, there > 0 && there < LONG_RECORD);
}

static void record_comes_later(struct kunit *test,
			       struct st_blocked *(*block)(struct kunit *test, socket_t so,
							   size_t len, int flags))
{
	struct st_thread *sender;
	struct st_blocked *b;
	struct st_tcp t;

	st_tcp(test, &t);
	sender = st_peer_stream(t.peer, LONG_RECORD, 10000, 10000);
	window_closes(test, &t);
	st_no_mbufs_for(test, t.so, 1);
	b = block(test, t.so, LONG_RECORD, MSG_WAITALL);
	EXPECT(test, !st_ended(b->thread));
	st_no_mbufs_for(test, t.so, 0);
	EXPECT_IO(test, st_result(test, b), 0, LONG_RECORD);
	EXPECT_PATTERN(test, b->buf, LONG_RECORD, 0);
	EXPECT(test, st_join(sender));
}

void SCA4_record_comes_later(struct kunit *test)
{
	record_comes_later(test, st_block_in_receive);
}

void SCA4_record_of_mbufs_comes_later(struct kunit *test)
{
	record_comes_later(test, st_block_in_receivembuf);
}

/* Datagrams: each once, whole, or still there. */

static void one_datagram(struct attempt *a)
{
	if (st_get(a->test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT))
		return;
	st_fill(a->buf, SIZE, a->done);
	ASSERT_EQ(a->test, st_peer_send_to(a->u.peer, a->u.port, a->buf, 9000), 9000);
	SETTLES(a->test, st_get(a->test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT) == 1);
}

static void call_datagram(struct attempt *a)
{
	a->m = NULL;
	a->len = SIZE;
	a->error = sock_receivembuf(a->u.so, NULL, &a->m, MSG_DONTWAIT, &a->len);
}

static void datagram_was_right(struct attempt *a)
{
	EXPECT(a->test, a->error || a->len == 9000);
	if (a->error)
		EXPECT_EQ(a->test, st_get(a->test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT), 1);
	chain_was_right(a);
}

void SCA4_datagram_receive(struct kunit *test)
{
	static const struct fallible f = { one_datagram, call_datagram, datagram_was_right };
	struct attempt *a = attempt(test);

	st_udp(test, &a->u);
	fail_each(a, &f);
	EXPECT_EQ(test, st_get(test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT), 0);
}

/* Each mbuf and each view of it is once the one that cannot be had: it stays, and comes first. */
void SCA4_datagram_without_mbufs(struct kunit *test)
{
	struct attempt *a = st_alloc(test, sizeof(*a));
	unsigned int n;
	int refused = 1;

	a->test = test;
	st_udp(test, &a->u);
	for (n = 1; n < MAX_ALLOCATIONS && refused; n++) {
		one_datagram(a);
		st_refuse_nth(n);
		call_datagram(a);
		refused = st_refuse_nth(0);
		datagram_was_right(a);
		EXPECT_EQ(test, a->error, refused ? ENOBUFS : 0);
	}
	EXPECT(test, n > 3);
	EXPECT_EQ(test, a->error, 0);
	EXPECT_EQ(test, st_get(test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT), 0);
	one_datagram(a);
	call_datagram(a);
	datagram_was_right(a);
	EXPECT_EQ(test, a->error, 0);
}

/* One of the layer's own, which becomes an mbuf again. */
static void one_packet(struct attempt *a)
{
	if (st_get(a->test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT))
		return;
	ASSERT_EQ(a->test, st_sendm(a->so, st_mbuf(a->test, 9000, a->done), 0).error, 0);
	SETTLES(a->test, st_get(a->test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT) == 1);
}

void SCA4_packet_receive(struct kunit *test)
{
	static const struct fallible f = { one_packet, call_datagram, datagram_was_right };
	struct attempt *a = attempt(test);
	struct sockaddr_in sin;

	st_udp(test, &a->u);
	a->so = st_dgram(test);
	ASSERT_EQ(test, sock_connect(a->so, st_in(&sin, a->u.port), 0), 0);
	fail_each(a, &f);
	EXPECT_EQ(test, st_get(test, a->u.so, SOL_SOCKET, SO_NUMRCVPKT), 0);
}

static void call_datagram_send(struct attempt *a)
{
	with(a, st_sendm(a->u.so, a->m, 0));
}

static void datagram_arrives(struct attempt *a)
{
	long n = st_peer_recv_flags(a->u.peer, a->buf, SIZE, MSG_DONTWAIT);

	EXPECT_EQ(a->test, n, a->error ? -EAGAIN : SIZE);
	SETTLES(a->test, a->freed == a->given);
}

void SCA4_datagram_send(struct kunit *test)
{
	static const struct fallible f = { attach, call_datagram_send, datagram_arrives };
	struct attempt *a = attempt(test);

	st_udp(test, &a->u);
	st_udp_connect(test, &a->u);
	fail_each(a, &f);
}

void SCA4_packet_send(struct kunit *test)
{
	static const struct fallible f = { allocate, call_datagram_send, datagram_arrives };
	struct attempt *a = attempt(test);

	st_udp(test, &a->u);
	st_udp_connect(test, &a->u);
	fail_each(a, &f);
}
