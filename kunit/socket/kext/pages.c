// SPDX-License-Identifier: GPL-2.0
/*
 * Scenarios: payload is not copied, seen by where it is. What both ends of a
 * connection have as mbufs must be the same memory; what an ordinary socket
 * sent must not have gone into clusters.
 */

#include "scenario.h"

#define MANY	64

/* Where the bytes of a chain stand. */
struct places {
	struct {
		u_int8_t *data;
		size_t len;
	} at[MANY];
	int n;
};

static void note_places(struct kunit *test, struct places *places, mbuf_t m)
{
	for (places->n = 0; m; m = mbuf_next(m), places->n++) {
		ASSERT(test, places->n < MANY);
		places->at[places->n].data = mbuf_data(m);
		places->at[places->n].len = mbuf_len(m);
	}
}

static int is_there(const struct places *places, const u_int8_t *data, size_t len)
{
	int i;

	for (i = 0; i < places->n; i++)
		if (data >= places->at[i].data &&
		    data + len <= places->at[i].data + places->at[i].len)
			return 1;
	return 0;
}

/* A received mbuf may go on over several of the sent ones that are neighbours. */
static size_t bytes_there(const struct places *places, mbuf_t m)
{
	const size_t step = 256;
	size_t found = 0, off, n;

	for (off = 0; off < mbuf_len(m); off += n) {
		n = mbuf_len(m) - off < step ? mbuf_len(m) - off : step;
		if (is_there(places, (u_int8_t *)mbuf_data(m) + off, n))
			found += n;
	}
	return found;
}

/* Both ends are the layer's. */
static void connect_pair(struct kunit *test, socket_t *out, socket_t *in)
{
	struct sockaddr_in sin;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	*out = st_stream(test);
	ASSERT_EQ(test, sock_connect(*out, st_in(&sin, port), 0), 0);
	ASSERT_EQ(test, sock_accept(listener, NULL, 0, 0, NULL, NULL, in), 0);
	st_track(test, *in);
}

static mbuf_t take(struct kunit *test, socket_t so, size_t want)
{
	size_t len = want;
	mbuf_t m = NULL;

	SETTLES(test, st_readable(test, so) >= (int)want);
	ASSERT_EQ(test, sock_receivembuf(so, NULL, &m, 0, &len), 0);
	EXPECT_EQ(test, len, want);
	return m;
}

/* A chain of clusters of one size, filled with the pattern. */
static mbuf_t of_clusters(struct kunit *test, size_t size, size_t len)
{
	u_int8_t *bytes = st_alloc(test, len);
	mbuf_t head = NULL, last = NULL, m;
	size_t off, n;

	st_fill(bytes, len, 0);
	for (off = 0; off < len; off += n, last = m) {
		n = len - off < size ? len - off : size;
		m = NULL;
		ASSERT_EQ(test, mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, size, &m), 0);
		memcpy(mbuf_data(m), bytes + off, n);
		mbuf_setlen(m, n);
		if (last)
			mbuf_setnext(last, m);
		else
			head = m;
	}
	return head;
}

/* As it was, and from @least of its bytes on where it was. */
static void arrives_in_place(struct kunit *test, socket_t out, socket_t in, mbuf_t m,
			     size_t len, size_t least)
{
	struct places *sent = st_alloc(test, sizeof(*sent));
	u_int8_t *bytes = st_alloc(test, len);
	size_t found = 0;
	mbuf_t got;

	note_places(test, sent, m);
	EXPECT_IO(test, st_sendm(out, m, 0), 0, len);
	got = take(test, in, len);
	for (m = got; m; m = mbuf_next(m))
		found += bytes_there(sent, m);
	EXPECT(test, found >= least);
	EXPECT_EQ(test, mbuf_copydata(got, 0, len, bytes), 0);
	EXPECT_EQ(test, st_match(bytes, len, 0), len);
	mbuf_freem(got);
}

void tcp_arrives_where_it_was(struct kunit *test)
{
	static const size_t clusters[] = { 16384, 4096, 2048 };
	static const size_t sizes[] = { 65536, 16384, 4096 };
	socket_t out, in;
	int i, j;

	connect_pair(test, &out, &in);
	for (i = 0; i < 3; i++)
		for (j = 0; j < 3; j++)
			arrives_in_place(test, out, in, of_clusters(test, clusters[i], sizes[j]),
					 sizes[j], sizes[j]);
}

/* The packets mbuf_allocpacket() makes. */
void allocated_packet_arrives_where_it_was(struct kunit *test)
{
	socket_t out, in;

	connect_pair(test, &out, &in);
	arrives_in_place(test, out, in, st_mbuf(test, 65536, 0), 65536, 65536);
	arrives_in_place(test, out, in, st_mbuf(test, 20000, 0), 20000, 16384);
}

void udp_arrives_where_it_was(struct kunit *test)
{
	static const size_t sizes[] = { 2048, 8192, 40000 };
	struct sockaddr_in sin;
	socket_t out = st_dgram(test), in = st_dgram(test);
	int i;

	ASSERT_EQ(test, sock_bind(in, st_in(&sin, 0)), 0);
	ASSERT_EQ(test, sock_connect(out, st_in(&sin, st_port(test, in)), 0), 0);
	for (i = 0; i < 3; i++)
		arrives_in_place(test, out, in, of_clusters(test, 16384, sizes[i]), sizes[i],
				 sizes[i]);
}

/* Pages in front, and what is no page behind them: a datagram is all of one kind. */
void udp_of_pages_and_more(struct kunit *test)
{
	u_int8_t *bytes = st_alloc(test, 4098);
	socket_t out = st_dgram(test), in = st_dgram(test);
	mbuf_t m = of_clusters(test, 4096, 4096);
	struct sockaddr_in sin;
	struct msghdr to = { .msg_name = &sin, .msg_namelen = sizeof(sin) };
	size_t sent = 0;

	ASSERT_EQ(test, sock_bind(in, st_in(&sin, 0)), 0);
	st_in(&sin, st_port(test, in));
	st_fill(bytes, 4097, 0);
	ASSERT_EQ(test, mbuf_copyback(m, 4096, 1, bytes + 4096, MBUF_WAITOK), 0);
	EXPECT_EQ(test, sock_sendmbuf(out, &to, m, 0, &sent), 0);
	EXPECT_EQ(test, sent, 4097);
	memset(bytes, 0, 4097);
	ASSERT(test, SETTLES(test, st_readable(test, in)));
	EXPECT_IO(test, st_recv(in, bytes, 4098, 0), 0, 4097);
	EXPECT_EQ(test, st_match(bytes, 4097, 0), 4097);
}

/* What a copy of the chain still refers to is not the receiver's to write to. */
void kept_copy_stays_as_it_was(struct kunit *test)
{
	u_int8_t *bytes = st_alloc(test, 65536);
	mbuf_t m, kept = NULL, got, one;
	socket_t out, in;

	connect_pair(test, &out, &in);
	m = of_clusters(test, 16384, 65536);
	ASSERT_EQ(test, mbuf_copym(m, 0, MBUF_COPYALL, MBUF_WAITOK, &kept), 0);
	EXPECT_IO(test, st_sendm(out, m, 0), 0, 65536);
	got = take(test, in, 65536);
	for (one = got; one; one = mbuf_next(one))
		memset(mbuf_data(one), 0xee, mbuf_len(one));
	mbuf_freem(got);
	EXPECT_EQ(test, mbuf_copydata(kept, 0, 65536, bytes), 0);
	EXPECT_EQ(test, st_match(bytes, 65536, 0), 65536);
	mbuf_freem(kept);
}

static void looked_at_in_place(struct kunit *test, socket_t so, size_t len)
{
	struct st_held before = st_held(), now;
	mbuf_t m = take(test, so, len);

	now = st_held();
	EXPECT_EQ(test, now.clusters, before.clusters);
	EXPECT(test, now.views > before.views);
	mbuf_freem(m);
	now = st_held();
	EXPECT_EQ(test, now.views, before.views);
}

void tcp_from_a_peer_is_looked_at(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_send_pattern(test, t.peer, 0, 65536);
	looked_at_in_place(test, t.so, 65536);
	st_peer_send_pattern(test, t.peer, 0, 16384);
	looked_at_in_place(test, t.so, 16384);
}

void udp_from_a_peer_is_looked_at(struct kunit *test)
{
	u_int8_t *bytes = st_alloc(test, 40000);
	struct st_udp u;

	st_udp(test, &u);
	EXPECT_EQ(test, st_peer_send_to(u.peer, u.port, bytes, 8192), 8192);
	looked_at_in_place(test, u.so, 8192);
	EXPECT_EQ(test, st_peer_send_to(u.peer, u.port, bytes, 40000), 40000);
	looked_at_in_place(test, u.so, 40000);
}

/* One byte of it keeps one view, and that goes with the byte. */
void one_byte_keeps_one_view(struct kunit *test)
{
	struct st_held before = st_held();
	struct st_tcp t;
	mbuf_t m;

	st_tcp(test, &t);
	st_peer_send_pattern(test, t.peer, 0, 65536);
	m = take(test, t.so, 65536);
	while (mbuf_next(m))
		m = mbuf_free(m);
	mbuf_adj(m, 1 - (int)mbuf_len(m));
	EXPECT_EQ(test, mbuf_len(m), 1);
	EXPECT_EQ(test, st_held().views, before.views + 1);
	EXPECT_EQ(test, st_held().mbufs, before.mbufs + 1);
	mbuf_freem(m);
	EXPECT_EQ(test, st_held().views, before.views);
}

/* One CPU sends, another reads: Linux would leave the packet for the first one to free, some time. */
struct across {
	socket_t out, in;
	mbuf_t m;
	errno_t error;
	int shared;			/* mbufs that are not the reader's alone */
};

static void send_across(void *arg)
{
	struct across *a = arg;

	a->error = st_sendm(a->out, a->m, 0).error;
}

static void take_across(void *arg)
{
	struct across *a = arg;
	size_t len = 16384;
	mbuf_t m;

	a->m = NULL;
	a->error = sock_receivembuf(a->in, NULL, &a->m, 0, &len);
	for (m = a->m; m; m = mbuf_next(m))
		a->shared += mbuf_mclhasreference(m);
}

void used_up_packets_are_free_at_once(struct kunit *test)
{
	struct across *a = st_alloc(test, sizeof(*a));

	if (st_cpus() < 2)
		st_skip(test, "there is one CPU");
	connect_pair(test, &a->out, &a->in);
	a->m = of_clusters(test, 16384, 16384);
	ASSERT(test, st_join(st_thread_on(test, 1, send_across, a)));
	ASSERT_EQ(test, a->error, 0);
	SETTLES(test, st_readable(test, a->in) == 16384);
	SETTLES(test, st_get(test, a->out, SOL_SOCKET, SO_NWRITE) == 0);
	/* who has acknowledged it has let go of the sender */
	EXPECT_EQ(test, st_set(a->out, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	ASSERT(test, st_join(st_thread_on(test, 0, take_across, a)));
	EXPECT_EQ(test, a->error, 0);
	EXPECT_EQ(test, a->shared, 0);
	mbuf_freem(a->m);
}

/*
 * A kext that does not read closes the window: the peer has to wait with all but
 * what the two buffers hold. Nothing is lost when the kext reads again.
 */
void slow_reader_closes_the_window(struct kunit *test)
{
	const int total = 8 << 20, buffer = 65536;
	struct st_thread *stream;
	int there = 0, before;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_RCVBUF, buffer), 0);
	stream = st_peer_stream(t.peer, total, 1000, 20000);
	do {
		before = there;
		st_pause_ms(100);
		there = st_readable(test, t.so);
	} while (!there || there != before);
	EXPECT(test, there <= 2 * buffer);
	EXPECT(test, !st_ended(stream));
	for (before = 0; before < total; before += 4096)
		ASSERT(test, st_recv_pattern(test, t.so, before, 4096));
	EXPECT(test, st_join(stream));
}
