// SPDX-License-Identifier: GPL-2.0
/*
 * Nobody's bytes but the kext's own: what was lent to the network, and what came
 * from it, while somebody else may still read it.
 */

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/xarray.h>

#include <net/sock.h>

#include <netkpi/skb.h>

#include "mbuf/storage.h"
#include "socket/socket_priv.h"
#include "test_skb.h"
#include "test_sharing.h"

#define LEN	KPI_MCLBYTES

#define SPARE		20000	/* more clusters than are ready after all suites before */
#define TRIES		8	/* what a block is entered in may need memory, too, and gets none */
#define MAX_BLOCK	9	/* order of the largest blocks of pages to begin with */

static mbuf_t copy_of(struct kunit *test, mbuf_t m)
{
	mbuf_t copy;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(m, 0, MBUF_COPYALL, MBUF_WAITOK, &copy), 0);
	return copy;
}

/* One that kept its storage while a copy of it was sent. */
static void expect_lent(struct kunit *test, mbuf_t m)
{
	size_t leading = kpi_mbuf_leadingspace(m);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(m), 1);
	KUNIT_EXPECT_EQ(test, leading, (size_t)0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(m), (size_t)0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_align_32(m, 0), EOPNOTSUPP);
}

/* A packet whose storage the network has, and who can make it let go. */
struct lender {
	const char *name;
	int type;
	size_t len;
};

static const struct lender lenders[] = {
	{ "a stream's", SOCK_STREAM, LEN },
	{ "a datagram's", SOCK_DGRAM, LEN },
	{ "a large datagram's", SOCK_DGRAM, 4 * LEN },
};

KUNIT_ARRAY_PARAM_DESC(lender, lenders, name);

/* mbuf_copym(), sock_sendmbuf() of the copy: the original is not the kext's alone yet. */
static void what_was_sent_is_shared_until_it_is_received_test(struct kunit *test)
{
	const struct lender *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	struct socket *peer;
	socket_t so;

	sharing_to_linux(test, c->type, &so, &peer);
	f->m = sharing_cluster(test, KPI_M16KCLBYTES, c->len, 'A');
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 0);
	sharing_send(test, so, copy_of(test, f->m));

	expect_lent(test, f->m);
	sharing_scribble(f->m, 'B', true);
	sharing_expect(test, peer, c->len, 'A');
	KUNIT_EXPECT_TRUE_MSG(test, sharing_settles(!kpi_mbuf_mclhasreference(f->m)),
			      "and that ends");
	KUNIT_EXPECT_GT(test, kpi_mbuf_trailingspace(f->m), (size_t)0);
}

/* What was copied into Linux's own memory is the kext's again at once. */
static void what_was_copied_is_not_shared_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct socket *peer;
	socket_t so;

	sharing_to_linux(test, SOCK_STREAM, &so, &peer);
	f->n = sharing_cluster(test, KPI_MCLBYTES, LEN, 'A');
	sharing_send(test, so, copy_of(test, f->n));
	f->m = sharing_cluster(test, KPI_MCLBYTES, 1000, 'A');	/* the same block */
	sharing_send(test, so, copy_of(test, f->m));
	expect_lent(test, f->n);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 0);
	sharing_expect(test, peer, LEN + 1000, 'A');
}

/* A neighbour in the same block of pages does not make it so. */
static void lending_is_said_of_what_was_lent_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct socket *peer;
	socket_t so;

	sharing_to_linux(test, SOCK_STREAM, &so, &peer);
	f->peer[0] = sharing_cluster(test, KPI_MCLBYTES, LEN / 2, 'A');
	f->m = sharing_cluster(test, KPI_MCLBYTES, LEN, 'A');
	f->peer[1] = sharing_cluster(test, KPI_MCLBYTES, LEN / 2, 'A');
	sharing_send(test, so, copy_of(test, f->m));
	expect_lent(test, f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->peer[0]), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->peer[0]), (size_t)LEN / 2);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->peer[1]), 0);
	sharing_expect(test, peer, LEN, 'A');
}

/* The same bytes to two peers; the second one is a kext and writes to what it got. */
static void two_peers_have_their_own_test(struct kunit *test)
{
	const struct lender *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	socket_t to_linux, to_layer, peer;
	struct socket *ordinary;

	sharing_to_linux(test, c->type, &to_linux, &ordinary);
	sharing_to_layer(test, c->type, &to_layer, &peer);
	f->m = sharing_cluster(test, KPI_M16KCLBYTES, c->len, 'A');
	sharing_send(test, to_linux, copy_of(test, f->m));
	sharing_send(test, to_layer, f->m);
	f->m = sharing_receive(test, peer, c->len);
	sharing_scribble(f->m, 'X', false);
	sharing_expect(test, ordinary, c->len, 'A');
}

/* A capture keeps what came in, whatever a kext makes of it. */
static struct socket *capture(struct kunit *test)
{
	struct socket *packet = sharing_linux(test, AF_PACKET, SOCK_RAW,
					      (__force int)htons(ETH_P_ALL));
	int on = 1;

	KUNIT_ASSERT_EQ(test, packet->ops->setsockopt(packet, SOL_PACKET, PACKET_IGNORE_OUTGOING,
						      KERNEL_SOCKPTR(&on), sizeof(on)), 0);
	return packet;
}

/* The payload bytes at the end of what was captured, which are not 'A'. */
static void expect_captured(struct kunit *test, struct socket *packet, size_t len)
{
	u8 *frame = kunit_kzalloc(test, SZ_128K, GFP_KERNEL);
	size_t payload = 0;
	int n;

	KUNIT_ASSERT_NOT_NULL(test, frame);
	while ((n = sharing_read(packet, frame, SZ_128K, MSG_DONTWAIT)) > 0) {
		int headers = ETH_HLEN + (frame[ETH_HLEN + 9] == IPPROTO_UDP ? 28 : 52);

		if (n <= headers)
			continue;
		payload += n - headers;
		KUNIT_EXPECT_NULL_MSG(test, memchr_inv(frame + headers, 'A', n - headers),
				      "a capture shows what was sent");
	}
	KUNIT_EXPECT_EQ_MSG(test, payload, len, "all of it");
}

struct captured {
	const char *name;
	int type;
	size_t len;
	unsigned int times;
	bool layer;		/* it is the layer that sends */
};

static const struct captured captures[] = {
	{ "a stream's, one packet", SOCK_STREAM, 1000, 1 },
	{ "a stream's, many packets", SOCK_STREAM, 1000, 20 },
	{ "a stream's, large", SOCK_STREAM, 40000, 3 },
	{ "a stream's, from clusters", SOCK_STREAM, 16000, 5, true },
	{ "a datagram's", SOCK_DGRAM, 1000, 3 },
	{ "a large datagram's", SOCK_DGRAM, 40000, 3 },
	{ "a datagram's, from clusters", SOCK_DGRAM, 16000, 3, true },
};

KUNIT_ARRAY_PARAM_DESC(captured, captures, name);

/* The sender's own copies of what it could send are gone. */
static bool is_acknowledged(const struct sock *sk)
{
	return READ_ONCE(tcp_sk(sk)->snd_una) == READ_ONCE(tcp_sk(sk)->snd_nxt);
}

/* Who sends what is captured, and who receives it. */
struct captured_pair {
	socket_t so, sender;
	struct socket *ordinary;
};

static void send_captured(struct kunit *test, const struct captured *c,
			  const struct captured_pair *pair)
{
	const struct sock *sk = c->layer ? pair->sender->sk : pair->ordinary->sk;
	unsigned int i;

	for (i = 0; i < c->times; i++) {
		if (c->layer)
			sharing_send(test, pair->sender,
				     sharing_cluster(test, KPI_M16KCLBYTES, c->len, 'A'));
		else
			sharing_write(test, pair->ordinary, c->len, 'A');
	}
	if (c->type == SOCK_STREAM)
		KUNIT_EXPECT_TRUE(test, sharing_settles(is_acknowledged(sk)));
}

static void scribble_over(struct kunit *test, socket_t so, size_t len)
{
	struct mbuf_fixture *f = test->priv;

	f->m = sharing_receive(test, so, len);
	sharing_scribble(f->m, 'X', false);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
}

static void a_capture_keeps_what_came_test(struct kunit *test)
{
	const struct captured *c = test->param_value;
	struct captured_pair pair;
	struct socket *packet;
	unsigned int i;

	if (c->layer)
		sharing_to_layer(test, c->type, &pair.sender, &pair.so);
	else
		sharing_to_linux(test, c->type, &pair.so, &pair.ordinary);
	packet = capture(test);
	send_captured(test, c, &pair);
	if (c->type == SOCK_STREAM)
		scribble_over(test, pair.so, c->len * c->times);
	for (i = 0; i < c->times && c->type == SOCK_DGRAM; i++)
		scribble_over(test, pair.so, c->len);
	expect_captured(test, packet, c->len * c->times);
}

/*
 * All memory that ordinary allocations can have, so that only those with access to
 * reserves work. Nobody else may want any meanwhile: preemption is off.
 */
static void hoard(struct list_head *pages)
{
	int order;

	for (order = MAX_BLOCK; order >= 0; order--) {
		struct page *page;

		while ((page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN | __GFP_COMP, order)))
			list_add(&page->lru, pages);
	}
}

static void release(struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru)
		__free_pages(page, compound_order(page));
}

/* Nodes of the table of blocks, which are not taken from the reserves. */
static void have_nodes_ready(void)
{
	struct xarray nodes;
	unsigned long i;

	xa_init(&nodes);
	for (i = 0; i < 1000; i++)
		xa_store(&nodes, i << 6, xa_mk_value(1), GFP_KERNEL);
	xa_destroy(&nodes);
	rcu_barrier();
}

/* As swapping over a kext's socket would: until a cluster is of emergency memory. */
static mbuf_t take_emergency_cluster(mbuf_t spare[], unsigned int n)
{
	unsigned int reclaim, i;
	LIST_HEAD(pages);
	mbuf_t m = NULL;

	preempt_disable();
	hoard(&pages);
	reclaim = memalloc_noreclaim_save();
	for (i = 0; i < n && !m; i++) {
		if (kpi_mbuf_getcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, LEN, &spare[i]))
			break;
		if (page_is_pfmemalloc(virt_to_head_page(kpi_mbuf_data(spare[i]))))
			m = spare[i];
	}
	memalloc_noreclaim_restore(reclaim);
	release(&pages);
	preempt_enable();
	return m;
}

static void emergency_memory_serves_one_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t *spare = kunit_kcalloc(test, SPARE, sizeof(*spare), GFP_KERNEL);
	u8 *wire = kunit_kzalloc(test, LEN, GFP_KERNEL);
	struct socket *peer;
	unsigned int i;
	socket_t so;
	mbuf_t m;

	if (num_online_cpus() > 1)
		kunit_skip(test, "other CPUs want memory, too");
	KUNIT_ASSERT_TRUE(test, spare && wire);
	sharing_to_linux(test, SOCK_DGRAM, &so, &peer);
	for (i = 0; i < SPARE; i++)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &spare[i]), 0);
	for (i = 0, m = NULL; i < TRIES && !m; i++) {
		have_nodes_ready();
		m = take_emergency_cluster(spare + i * (SPARE / TRIES), SPARE / TRIES);
	}
	f->n = sharing_cluster(test, LEN, LEN, 'B');	/* by an ordinary allocation */

	KUNIT_EXPECT_NOT_NULL_MSG(test, m, "emergency memory");
	if (m) {
		KUNIT_EXPECT_EQ_MSG(test, page_size(virt_to_head_page(kpi_mbuf_data(m))), PAGE_SIZE,
				    "no more than is asked");
		memset(kpi_mbuf_data(m), 'A', LEN);
		kpi_mbuf_setlen(m, LEN);
		kpi_mbuf_pkthdr_setlen(m, LEN);
		sharing_send(test, so, copy_of(test, m));
		KUNIT_EXPECT_EQ_MSG(test, sharing_read(peer, wire, LEN, MSG_PEEK | MSG_DONTWAIT), LEN,
				    "ordinary sockets receive it");
	}
	KUNIT_EXPECT_FALSE_MSG(test, page_is_pfmemalloc(virt_to_head_page(kpi_mbuf_data(f->n))),
			       "others have other memory");
	for (i = 0; i < SPARE; i++)
		kpi_mbuf_freem(spare[i]);
}

static struct kunit_case sharing_cases[] = {
	KUNIT_CASE_PARAM(what_was_sent_is_shared_until_it_is_received_test, lender_gen_params),
	KUNIT_CASE(what_was_copied_is_not_shared_test),
	KUNIT_CASE(lending_is_said_of_what_was_lent_test),
	KUNIT_CASE_PARAM(two_peers_have_their_own_test, lender_gen_params),
	KUNIT_CASE_PARAM(a_capture_keeps_what_came_test, captured_gen_params),
	KUNIT_CASE(emergency_memory_serves_one_test),
	{ }
};

MBUF_TEST_SUITE(sharing_suite, "mbuf_sharing", sharing_cases);
