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

static void one_client(struct attempt *a)
{
	st_client(a->test, a->port);
}

void SCA4_socket(struct kunit *test)
{
	static const struct fallible f = { .call = call_socket, .verify = close_new };

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
 * A message waits half-way for memory. Nobody else gets in between: who may not
 * wait is told so, who may is next.
 */
#define HUGE	(4 << 20)

static int all_are(struct st_peer *peer, u_int8_t mark, int len)
{
	u_int8_t buf[1000];
	int n, i;

	for (; len; len -= n) {
		n = st_peer_recv(peer, buf, len < 1000 ? len : 1000);
		for (i = 0; i < n && buf[i] == mark; i++)
			;
		if (n <= 0 || i < n)
			return 0;
	}
	return 1;
}

void SCA4_half_sent(struct kunit *test)
{
	struct st_blocked *first, *second;
	u_int8_t other = 'b';
	int freed = 0;
	struct st_tcp t;
	mbuf_t m;

	st_tcp(test, &t);
	st_set(t.so, SOL_SOCKET, SO_SNDBUF, HUGE);
	m = st_mbuf_attached(test, HUGE, 0, &freed);
	memset(mbuf_data(m), 'a', HUGE);
	st_peer_tight(t.peer, 1);
	first = st_block_in_sendmbuf(test, t.so, m);
	EXPECT_EQ(test, st_send(t.so, &other, 1, MSG_DONTWAIT).error, EWOULDBLOCK);
	second = st_block_in_send(test, t.so, 0, 1);
	EXPECT_EQ(test, freed, 0);
	st_peer_tight(t.peer, 0);
	EXPECT_EQ(test, st_send(t.so, &other, 1, MSG_DONTWAIT).error, EWOULDBLOCK);

	EXPECT(test, all_are(t.peer, 'a', HUGE));
	EXPECT_EQ(test, st_result(test, first).len, HUGE);
	EXPECT_EQ(test, st_result(test, second).len, 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1), 1);
	SETTLES(test, freed == 1);
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
