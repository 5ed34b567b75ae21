// SPDX-License-Identifier: GPL-2.0
/* Scenarios: sending on a stream. */

#include "socket_scenario.h"

/* The peer reads nothing until it is told to. */
static size_t limited_and_full(struct kunit *test, struct st_tcp *t)
{
	st_tcp_limited(test, t);
	return st_fill_up(test, t->so);
}

/* The peer reads exactly n bytes, then what is sent now, then the end. */
static void nothing_else_arrives(struct kunit *test, struct st_tcp *t, size_t n)
{
	EXPECT_EQ(test, st_peer_read(t->peer, 0, n), n);
	st_send_pattern(test, t->so, n, 100);
	EXPECT_EQ(test, sock_shutdown(t->so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t->peer, n), 100);
}

void SND1_mbuf(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 1000, 0), 0), 0, 1000);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), 1000);
}

void SND2_mbuf_and_iov(struct kunit *test)
{
	struct iovec iov = { test, 1 };
	struct msghdr both = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct msghdr count = { .msg_iovlen = 1 };
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &both, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_EQ(test, len, ST_UNTOUCHED);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &count, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, &both, st_mbuf_attached(test, 10, 0, freed),
					       0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 3);
}

void SND3_null(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_misuse_expected(test);
	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(NULL, NULL, st_mbuf_attached(test, 10, 0, freed), 0,
				      &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(NULL, NULL, st_mbuf_attached(test, 10, 0, freed),
					       0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	EXPECT_EQ(test, sock_sendmbuf(t.so, NULL, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, NULL, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, NULL, st_mbuf(test, 10, 0), 0, NULL), 0);
}

void SND4_beyond_limit(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;

	st_tcp_limited(test, &t);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, ST_SEND_LIMIT + 1, 0, freed), 0),
		  EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, ST_SEND_LIMIT + 1, 0, freed), 0),
		  EMSGSIZE, 0);
	EXPECT_EQ(test, *freed, 2);
	nothing_else_arrives(test, &t, 0);
}

/* Exactly the limit goes. */
void limit_is_inclusive(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, ST_SEND_LIMIT), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, ST_SEND_LIMIT, 0), 0), 0, ST_SEND_LIMIT);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, ST_SEND_LIMIT), ST_SEND_LIMIT);
}

void SND5_no_room(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 7, freed), 0),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 0), 0);
	nothing_else_arrives(test, &t, sent);
}

void SND6_waits_for_room(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	sender = st_block_in_sendmbuf(test, t.so, st_mbuf(test, 10000, sent));
	EXPECT(test, !st_ended(sender->thread));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent + 10000), sent + 10000);
	EXPECT_IO(test, st_result(test, sender), 0, 10000);
}

void SND7_timeout(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);
	long long begin;

	ASSERT_EQ(test, st_set_time(t.so, SO_SNDTIMEO, 0, 300000), 0);
	begin = st_now_ms();
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 7, freed), 0),
		  EWOULDBLOCK, 0);
	EXPECT(test, st_now_ms() - begin >= 300);
	EXPECT_EQ(test, *freed, 1);
	nothing_else_arrives(test, &t, sent);
}

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

void SND9_partial(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1 << 20);
	struct st_tcp t;
	size_t sent = 0;
	struct st_io io;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_fill(buf, 1 << 20, 0);
	io = st_send(t.so, buf, 1 << 20, 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len >= 2048 && io.len < 1 << 20);
	while (!io.error) {
		EXPECT(test, io.len >= 2048);
		sent += io.len;
		io = st_send(t.so, buf + sent, (1 << 20) - sent, 0);
	}
	EXPECT_EQ(test, io.error, EWOULDBLOCK);
	EXPECT_EQ(test, io.len, 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
}

void SND10_probe(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte = 0;

	st_tcp(test, &t);
	EXPECT_IO(test, st_send(t.so, &byte, 0, 0), 0, 0);
	EXPECT_IO(test, st_send(t.so, &byte, 0, MSG_DONTWAIT), 0, 0);
	st_send_pattern(test, t.so, 0, 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1), 1);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	EXPECT_IO(test, st_send(t.so, &byte, 0, MSG_DONTWAIT), EPIPE, 0);
}

static void send_after_shutdown(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_send(b->so, "x", 1, 0);
	b->flags = st_sigpipe_pending();
}

void SND11_shutdown_write(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	b->so = t.so;
	b->thread = st_thread(test, send_after_shutdown, b);
	EXPECT_IO(test, st_result(test, b), EPIPE, 0);
	EXPECT_EQ(test, b->flags, 0);
	EXPECT(test, st_peer_at_eof(t.peer));
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10, 0), 0), EPIPE, 0);
}

static void send_after_reset(void *arg)
{
	struct st_blocked *b = arg;

	b->io = st_sendm(b->so, b->m, 0);
	b->flags = st_sigpipe_pending();
}

/* Nor does the mbuf side raise the signal. */
void no_sigpipe_from_mbufs(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	b->so = t.so;
	b->m = st_mbuf(test, 5000, 0);
	b->thread = st_thread(test, send_after_reset, b);
	EXPECT_IO(test, st_result(test, b), EPIPE, 0);
	EXPECT_EQ(test, b->flags, 0);
}

void SND12_end_of_record(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_EOR), EINVAL, 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10, 0, freed), MSG_EOR), EINVAL, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_EOF), 0, 1);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
}

void SND13_connecting(struct kunit *test)
{
	socket_t so = st_connecting(test);

	EXPECT_IO(test, st_send(so, "x", 1, 0), ENOTCONN, 0);
	EXPECT_IO(test, st_sendm(so, st_mbuf(test, 10, 0), 0), ENOTCONN, 0);
	EXPECT_IO(test, st_send(so, "x", 0, 0), ENOTCONN, 0);
}

void SND14_signal(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	struct st_io io;

	st_tcp_limited(test, &t);
	sender = st_block_in_send(test, t.so, 0, 1 << 20);
	EXPECT(test, !st_ended(sender->thread));
	st_signal(sender->thread);
	io = st_result(test, sender);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len >= 10000 && io.len < 1 << 20);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, io.len), io.len);
}

void signal_before_anything_went(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	sender = st_block_in_send(test, t.so, 0, 1 << 20);
	st_signal(sender->thread);
	EXPECT_INTERRUPTED(test, st_result(test, sender).error);
	EXPECT_EQ(test, sender->io.len, 0);
	sender = st_block_in_sendmbuf(test, t.so, st_mbuf_attached(test, 10000, 0, freed));
	st_signal(sender->thread);
	EXPECT_INTERRUPTED(test, st_result(test, sender).error);
	EXPECT_EQ(test, sender->io.len, 0);
	EXPECT_EQ(test, *freed, 1);
	nothing_else_arrives(test, &t, sent);
}

void signal_does_not_end_nointerrupt(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	EXPECT_EQ(test, sock_nointerrupt(t.so, 1), 0);
	sender = st_block_in_send(test, t.so, sent, 50000);
	st_signal(sender->thread);
	EXPECT(test, st_asleep(sender->thread));
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent + 50000), sent + 50000);
	EXPECT_IO(test, st_result(test, sender), 0, 50000);
}

/* Time runs out after some went: success, and how much it was. */
void timeout_after_progress(struct kunit *test)
{
	u_int8_t *buf = st_alloc(test, 1 << 20);
	struct st_tcp t;
	struct st_io io;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, st_set_time(t.so, SO_SNDTIMEO, 0, 100000), 0);
	st_fill(buf, 1 << 20, 0);
	io = st_send(t.so, buf, 1 << 20, 0);
	EXPECT_EQ(test, io.error, 0);
	EXPECT(test, io.len > 0 && io.len < 1 << 20);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, io.len), io.len);
}

static void can_wait_thread(void *arg)
{
	struct st_blocked *b = arg;

	b->io.error = sock_sendmbuf_can_wait(b->so, NULL, b->m, b->flags, &b->io.len);
}

/* V9 for its NULL message. */
void SND15_V9_can_wait(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
	struct st_tcp t;

	st_tcp_limited(test, &t);
	b->so = t.so;
	b->m = st_mbuf(test, 500000, 0);
	b->thread = st_thread(test, can_wait_thread, b);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 500000), 500000);
	EXPECT_IO(test, st_result(test, b), 0, 500000);
}

/* V9: more mbufs in a chain than the original takes. */
void V9_can_wait_many_mbufs(struct kunit *test)
{
	struct st_blocked *b = st_alloc(test, sizeof(*b));
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
	b->so = t.so;
	b->m = head;
	b->thread = st_thread(test, can_wait_thread, b);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 30000), 30000);
	EXPECT_IO(test, st_result(test, b), 0, 30000);
}

void can_wait_does_not_wait_if_told(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t), len = ST_UNTOUCHED;

	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_EQ(test, sock_sendmbuf_can_wait(t.so, NULL,
					       st_mbuf_attached(test, 100000, sent, freed),
					       0, &len), EWOULDBLOCK);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, *freed, 1);
	ASSERT_EQ(test, st_nonblocking(t.so, 0), 0);
	nothing_else_arrives(test, &t, sent);
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

void SND18_control(struct kunit *test)
{
	u_int8_t *control = st_alloc(test, 4000);
	struct iovec iov = { "data", 4 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct msghdr only_control = { .msg_control = control };
	int *freed = st_alloc(test, sizeof(*freed));
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	msg.msg_controllen = only_control.msg_controllen = 5;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &only_control,
				      st_mbuf_attached(test, 10, 0, freed), 0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 1);
	msg.msg_controllen = only_control.msg_controllen = 4000;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &only_control,
				      st_mbuf_attached(test, 10, 0, freed), 0, &len), EINVAL);
	EXPECT_EQ(test, *freed, 2);
	/* on TCP it is taken and dropped */
	((struct cmsghdr *)control)->cmsg_len = 16;
	msg.msg_controllen = 16;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 4);
}

void SND19_many_elements(struct kunit *test)
{
	struct iovec *iov = st_alloc(test, 1025 * sizeof(*iov));
	u_int8_t *buf = st_alloc(test, 1025);
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1025 };
	struct st_tcp t;
	size_t len;
	int i;

	st_tcp(test, &t);
	st_fill(buf, 1025, 0);
	for (i = 0; i < 1025; i++) {
		iov[i].iov_base = buf + i;
		iov[i].iov_len = 1;
	}
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), ENOMEM);
	msg.msg_iovlen = 1024;
	EXPECT_EQ(test, sock_send(t.so, &msg, 0, &len), 0);
	EXPECT_EQ(test, len, 1024);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1024), 1024);
}

void send_arguments(struct kunit *test)
{
	struct iovec huge[2] = { { test, 0x7fffffff }, { test, 0x7fffffff } };
	struct msghdr no_iov = { .msg_iovlen = 1 };
	struct msghdr none = { .msg_iov = huge };
	struct msghdr negative = { .msg_iov = huge, .msg_iovlen = -1 };
	struct msghdr too_long = { .msg_iov = huge, .msg_iovlen = 2 };
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_send(t.so, NULL, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &no_iov, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &none, 0, &len), EINVAL);
	EXPECT_EQ(test, sock_send(t.so, &negative, 0, &len), EINVAL);
	EXPECT_EQ(test, len, ST_UNTOUCHED);
	EXPECT_EQ(test, sock_send(t.so, &too_long, 0, &len), EINVAL);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), 0, 1);
}

void SND20_name_is_ignored(struct kunit *test)
{
	struct sockaddr_in name;
	struct msghdr msg = { .msg_name = st_in(&name, 9), .msg_namelen = sizeof(name) };
	size_t len = ST_UNTOUCHED;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_sendmbuf(t.so, &msg, st_mbuf(test, 10, 0), 0, &len), 0);
	EXPECT_EQ(test, len, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
}

void SND21_write_upcall(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);
	struct st_tcp t;
	size_t sent;
	int calls;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setupcalls(t.so, NULL, NULL, st_upcall, cb), 0);
	sent = st_fill_up(test, t.so);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10000, sent), 0), EWOULDBLOCK, 0);
	calls = st_calls(cb);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent), sent);
	st_called(cb, calls);
	SETTLES(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE) == 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10000, sent), 0), 0, 10000);
	EXPECT_EQ(test, st_peer_read(t.peer, sent, 10000), 10000);
}

/* V1: the original waits in spite of the flag. */
void SND22_V1_dontwait(struct kunit *test)
{
	int *freed = st_alloc(test, sizeof(*freed));
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 0, freed), MSG_DONTWAIT),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 1);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf_attached(test, 10000, 0, freed), MSG_NBIO),
		  EWOULDBLOCK, 0);
	EXPECT_EQ(test, *freed, 2);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	nothing_else_arrives(test, &t, sent);
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

void urgent_byte_goes_out(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte;

	st_tcp(test, &t);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_IO(test, st_send(t.so, "!", 1, MSG_OOB), 0, 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
	SETTLES(test, st_peer_recv_flags(t.peer, &byte, 1, MSG_OOB) == 1);
	EXPECT_EQ(test, byte, '!');
}

/* The sender is busy as long as another thread's message is not all in. */
void send_busy(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent = limited_and_full(test, &t);

	sender = st_block_in_send(test, t.so, sent, 200000);
	EXPECT_IO(test, st_send(t.so, "x", 1, MSG_DONTWAIT), EWOULDBLOCK, 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, sent + 200000), sent + 200000);
	EXPECT_IO(test, st_result(test, sender), 0, 200000);
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
