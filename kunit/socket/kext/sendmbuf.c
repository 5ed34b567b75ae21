// SPDX-License-Identifier: GPL-2.0
/* Scenarios: sending mbufs: what chains are made of, and how many. */

#include "scenario.h"

#define BLOCK	5000

struct block_sender {
	struct kunit *test;
	socket_t so;
	u_int8_t mark;
	int blocks;
	int failed;
};

static void send_blocks(void *arg)
{
	struct block_sender *s = arg;
	u_int8_t block[256];
	mbuf_t m;
	int i, off;

	memset(block, s->mark, sizeof(block));
	for (i = 0; i < s->blocks; i++) {
		m = NULL;
		if (mbuf_allocpacket(MBUF_WAITOK, BLOCK, NULL, &m))
			break;
		for (off = 0; off < BLOCK; off += sizeof(block))
			mbuf_copyback(m, off, BLOCK - off < (int)sizeof(block) ?
				      BLOCK - off : (int)sizeof(block), block, MBUF_WAITOK);
		if (st_sendm(s->so, m, 0).len != BLOCK)
			s->failed++;
	}
}

/* Every block is of one mark from end to end. */
void SND8_two_senders(struct kunit *test)
{
	int blocks = st_rounds(100, 1000), seen[2] = { }, i, j;
	u_int8_t *block = st_alloc(test, BLOCK);
	struct block_sender *s[2];
	struct st_thread *thread[2];
	struct st_tcp t;

	st_tcp_limited(test, &t);
	for (i = 0; i < 2; i++) {
		s[i] = st_alloc(test, sizeof(*s[i]));
		s[i]->so = t.so;
		s[i]->mark = 'a' + i;
		s[i]->blocks = blocks;
		thread[i] = st_thread(test, send_blocks, s[i]);
	}
	for (i = 0; i < 2 * blocks; i++) {
		ASSERT_EQ(test, st_peer_recv_flags(t.peer, block, BLOCK, MSG_WAITALL), BLOCK);
		for (j = 0; j < BLOCK && block[j] == block[0]; j++)
			;
		ASSERT_EQ(test, j, BLOCK);
		seen[block[0] - 'a']++;
	}
	for (i = 0; i < 2; i++) {
		EXPECT(test, st_join(thread[i]));
		EXPECT_EQ(test, s[i]->failed, 0);
		EXPECT_EQ(test, seen[i], blocks);
	}
}

/* V9: more mbufs in a chain than the original takes. */
void V9_can_wait_many_mbufs(struct kunit *test)
{
	struct st_blocked *sender;
	mbuf_t head = NULL, last, m;
	struct st_tcp t;
	int i;

	ASSERT_EQ(test, mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head), 0);
	for (last = head, i = 0; i < 3000; i++, last = m) {
		ASSERT_EQ(test, mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
		mbuf_setlen(m, 10);
		st_fill(mbuf_data(m), 10, 10 * i);
		mbuf_setnext(last, m);
	}
	mbuf_pkthdr_setlen(head, 30000);
	st_tcp(test, &t);
	sender = st_block_in_can_wait(test, t.so, head);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 30000), 30000);
	EXPECT_IO(test, st_result(test, sender), 0, 30000);
}

/* linear, cluster of the layer, attached buffer; the last one freed exactly once */
static mbuf_t mixed_chain(struct kunit *test, int *freed)
{
	mbuf_t head = NULL, cluster = NULL, attached = NULL;

	ASSERT_EQ(test, mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head), 0);
	mbuf_setlen(head, 100);
	st_fill(mbuf_data(head), 100, 0);
	ASSERT_EQ(test, mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 16384, &cluster), 0);
	mbuf_setlen(cluster, 16000);
	st_fill(mbuf_data(cluster), 16000, 100);
	mbuf_setnext(head, cluster);
	attached = st_mbuf_attached(test, 9000, 16100, freed);
	mbuf_setnext(cluster, attached);
	mbuf_pkthdr_setlen(head, 25100);
	return head;
}

/* What was a cluster is given to somebody else at once, if it can be. */
static void reuse_memory(struct kunit *test)
{
	mbuf_t m[32];
	int i;

	for (i = 0; i < 32; i++) {
		m[i] = NULL;
		ASSERT_EQ(test, mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 16384, &m[i]), 0);
		memset(mbuf_data(m[i]), 0xff, 16384);
	}
	for (i = 0; i < 32; i++)
		mbuf_freem(m[i]);
}

void SND16_storage(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;

	st_tcp(test, &t);
	st_lose_data_to(test, st_peer_port(t.peer));
	EXPECT_IO(test, st_sendm(t.so, mixed_chain(test, freed), 0), 0, 25100);
	reuse_memory(test);
	st_lose_data_to(test, 0);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), 25100);
	SETTLES(test, *freed == 1);
	NEVER(test, *freed != 1);
}

/* A message shorter than a page, too, goes only as far as there is space. */
void can_wait_sends_a_short_part(struct kunit *test)
{
	mbuf_t m = st_mbuf(test, 1500, 0);
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, 1000), 0);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, NULL, m, MSG_DONTWAIT, &len), 0);
	EXPECT_EQ(test, len, 1000);
}

void what_is_no_mbuf_is_found_out(struct kunit *test)
{
	struct st_tcp t;

	if (!st_handles_are_checked())
		st_skip(test, "this build does not look mbufs up");
	st_misuse_expected(test);
	st_tcp(test, &t);
	EXPECT_IO(test, st_sendm(t.so, st_alloc(test, 4096), 0), EINVAL, ST_UNTOUCHED);
}

void SND17_retransmission(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	mbuf_t chain = mixed_chain(test, freed), copy = NULL;
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, mbuf_copym(chain, 0, MBUF_COPYALL, MBUF_WAITOK, &copy), 0);
	st_lose_data_to(test, st_peer_port(t.peer));
	EXPECT_IO(test, st_sendm(t.so, copy, 0), 0, 25100);
	mbuf_freem(chain);
	reuse_memory(test);
	if (st_shape(test) != ST_INET6)
		EXPECT(test, st_lost() > 0);
	st_lose_data_to(test, 0);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), 25100);
	SETTLES(test, *freed == 1);
}

/* A chain of every shape arrives as it was: empty mbufs, one byte each, odd offsets. */
void chains_of_every_shape(struct kunit *test)
{
	static const size_t sizes[] = { 1, 2, 0, 3, 287, 288, 0, 1, 4096, 1, 16384, 5 };
	mbuf_t head = NULL, last, m;
	struct st_tcp t;
	size_t off = 0, i;

	ASSERT_EQ(test, mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head), 0);
	for (last = head, i = 0; i < sizeof(sizes) / sizeof(*sizes); i++, last = m) {
		m = NULL;
		if (sizes[i] > 288)
			ASSERT_EQ(test, mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 16384, &m), 0);
		else
			ASSERT_EQ(test, mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
		mbuf_setlen(m, sizes[i]);
		st_fill(mbuf_data(m), sizes[i], off);
		off += sizes[i];
		mbuf_setnext(last, m);
	}
	mbuf_pkthdr_setlen(head, off);
	st_tcp(test, &t);
	EXPECT_IO(test, st_sendm(t.so, head, 0), 0, off);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, off), off);
}

/* A header that lies is reported; what is sent is what is there. */
void wrong_packet_length(struct kunit *test)
{
	struct st_tcp t;
	mbuf_t m = st_mbuf(test, 1000, 0);

	st_misuse_expected(test);
	st_tcp(test, &t);
	mbuf_pkthdr_setlen(m, 10);
	EXPECT_IO(test, st_sendm(t.so, m, 0), 0, 1000);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1000), 1000);
}

struct mbuf_stream {
	socket_t so;
	size_t total;
	u_int8_t *buf;
	errno_t error;
};

#define MESSAGE	65536

static void send_mbufs(void *arg)
{
	struct mbuf_stream *s = arg;
	size_t off;
	mbuf_t m;

	for (off = 0; off < s->total && !s->error; off += MESSAGE) {
		m = NULL;
		st_fill(s->buf, MESSAGE, off);
		s->error = mbuf_allocpacket(MBUF_WAITOK, MESSAGE, NULL, &m);
		if (s->error)
			return;
		mbuf_copyback(m, 0, MESSAGE, s->buf, MBUF_WAITOK);
		s->error = st_sendm(s->so, m, 0).error;
	}
}

void megabytes_of_mbufs(struct kunit *test)
{
	struct mbuf_stream *s = st_alloc(test, sizeof(*s));
	struct st_thread *sender;
	struct st_tcp t;

	st_tcp(test, &t);
	s->so = t.so;
	s->total = (size_t)st_rounds(2, 100) << 20;
	s->buf = st_alloc(test, MESSAGE);
	sender = st_thread(test, send_mbufs, s);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, s->total), s->total);
	EXPECT(test, st_join(sender));
	EXPECT_EQ(test, s->error, 0);
}
