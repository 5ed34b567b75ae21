// SPDX-License-Identifier: GPL-2.0
/*
 * Received bytes: which are looked at where they are, which are copied, and what a
 * kext that asks is told.
 */

#include <linux/fs.h>
#include <linux/if_packet.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include <netkpi/skb.h>

#include "compat/files.h"
#include "mbuf/storage.h"
#include "test_skb.h"
#include "test_sharing.h"

static const struct mbuf_test_skb_case plain = { "", .linear = 1000, .frags = 2, .frag = 1500 };

static mbuf_t receive(struct kunit *test, struct sk_buff *skb)
{
	mbuf_t m = kpi_mbuf_from_skb(skb, KPI_INBOUND, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	return m;
}

/* Whether any of the chain is somebody else's memory, looked at where it is. */
static bool is_viewed(mbuf_t m)
{
	for (; m; m = kpi_next(m))
		if (kpi_mcb(m)->store && kpi_mcb(m)->store->kind != KPI_STORE_CLUSTER)
			return true;
	return false;
}

static bool is_shared(mbuf_t m)
{
	for (; m; m = kpi_mbuf_next(m))
		if (kpi_mbuf_mclhasreference(m))
			return true;
	return false;
}

/* The test's references to a packet's pages go. */
static void let_go(struct mbuf_test_skb *made)
{
	while (made->npages)
		put_page(made->pages[--made->npages]);
}

/*
 * Two packets with a header each and the same pages, which neither of them shows:
 * what a firewall leaves that marked one of two clones.
 */
static struct sk_buff *with_header_of_its_own(struct kunit *test, struct sk_buff *skb)
{
	struct sk_buff *other = skb_clone(skb, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_ASSERT_EQ(test, pskb_expand_head(other, 0, 0, GFP_KERNEL), 0);
	KUNIT_EXPECT_FALSE(test, skb_cloned(skb) || skb_cloned(other));
	return other;
}

static void a_fragment_is_shared_until_nobody_else_has_its_page_test(struct kunit *test)
{
	struct mbuf_test_skb *made = mbuf_test_skb(test, &plain);
	struct mbuf_fixture *f = test->priv;

	made->other = with_header_of_its_own(test, made->skb);
	let_go(made);
	f->m = receive(test, made->skb);
	KUNIT_EXPECT_TRUE_MSG(test, is_viewed(f->m), "it is not copied");
	KUNIT_EXPECT_FALSE_MSG(test, kpi_mbuf_mclhasreference(f->m), "the head is its own");
	KUNIT_EXPECT_TRUE(test, kpi_mbuf_mclhasreference(kpi_mbuf_next(f->m)));
	sharing_scribble(f->m, 0xee, true);
	mbuf_test_expect_skb(test, made->other, 0, made->len, "the other packet");

	kfree_skb(made->other);
	made->other = NULL;
	f->n = f->m;
	f->m = kpi_mbuf_next(f->n);	/* what keeps the head keeps its packet */
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->n, NULL), 0);
	kpi_mbuf_freem(f->n);
	f->n = NULL;
	KUNIT_EXPECT_FALSE_MSG(test, is_shared(f->m), "now it is the kext's alone");
}

/* Room behind and in front that a kext has made itself may be others' bytes. */
static void the_layer_does_not_write_where_others_read_test(struct kunit *test)
{
	static const struct mbuf_test_skb_case one = { "", .frags = 2, .frag = 2000 };
	struct mbuf_test_skb *made = mbuf_test_skb(test, &one);
	struct mbuf_fixture *f = test->priv;
	mbuf_t at;
	size_t off;

	made->other = with_header_of_its_own(test, made->skb);
	f->m = receive(test, made->skb);
	kpi_mbuf_adj(f->m, 500);
	kpi_mbuf_setlen(f->m, 1000);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), (size_t)0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), (size_t)0);
	kpi_mbuf_adj(kpi_mbuf_next(f->m), 100);

	off = 900;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pulldown(f->m, &off, 150, &at), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_prepend(&f->m, 40, MBUF_WAITOK), 0);
	memset(kpi_mbuf_data(f->m), 0xee, 40);
	off = mbuf_test_bytes(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, off, 300, mbuf_test_source(), MBUF_WAITOK), 0);
	mbuf_test_expect_skb(test, made->other, 0, made->len, "the other packet");
}

struct kind {
	const char *name;
	u8 type;
	bool copied;
};

static const struct kind kinds[] = {
	{ "for this host", PACKET_HOST, false },
	{ "broadcast", PACKET_BROADCAST, true },
	{ "multicast", PACKET_MULTICAST, true },
	{ "for another host", PACKET_OTHERHOST, true },
	{ "going out", PACKET_OUTGOING, true },
	{ "a sender's own, of a multicast", PACKET_LOOPBACK, true },
};

KUNIT_ARRAY_PARAM_DESC(kind, kinds, name);

/* What goes to many is on its way elsewhere, too; kexts that do not ask write to it. */
static void a_packet_for_many_is_copied_test(struct kunit *test)
{
	struct mbuf_test_skb *made = mbuf_test_skb(test, &plain);
	const struct kind *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	made->skb->pkt_type = c->type;
	made->other = with_header_of_its_own(test, made->skb);
	f->m = receive(test, made->skb);
	KUNIT_EXPECT_EQ(test, is_viewed(f->m), !c->copied);
	if (!c->copied)
		return;
	KUNIT_EXPECT_FALSE(test, is_shared(f->m));
	sharing_scribble(f->m, 0xee, false);
	mbuf_test_expect_skb(test, made->other, 0, made->len, "the other packet");
}

static void set_private_receive(struct kunit *test, const char *value)
{
	struct file *f = kpi_compat_open("/sys/module/netkpi/parameters/private_receive", O_WRONLY, 0);
	loff_t pos = 0;

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(f), "the parameter private_receive");
	KUNIT_EXPECT_EQ(test, kernel_write(f, value, 1, &pos), 1);
	filp_close(f, NULL);
}

static void unset_private_receive(void *test)
{
	set_private_receive(test, "0");
}

/* For kexts that never ask, everything is theirs. */
static void the_parameter_copies_everything_test(struct kunit *test)
{
	struct mbuf_test_skb *made = mbuf_test_skb(test, &plain);
	struct mbuf_fixture *f = test->priv;
	struct socket *peer;
	socket_t so, layer;

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, unset_private_receive, test), 0);
	set_private_receive(test, "1");
	made->other = with_header_of_its_own(test, made->skb);
	f->m = receive(test, made->skb);
	KUNIT_EXPECT_FALSE(test, is_viewed(f->m) || is_shared(f->m));
	sharing_scribble(f->m, 0xee, false);
	mbuf_test_expect_skb(test, made->other, 0, made->len, "the other packet");

	sharing_to_linux(test, SOCK_STREAM, &so, &peer);
	sharing_write(test, peer, 30000, 'A');
	f->n = sharing_receive(test, so, 30000);
	KUNIT_EXPECT_FALSE(test, is_viewed(f->n) || is_shared(f->n));
	sharing_to_layer(test, SOCK_DGRAM, &so, &layer);
	sharing_send(test, so, sharing_cluster(test, KPI_MCLBYTES, 2000, 'A'));
	f->peer[0] = sharing_receive(test, layer, 2000);
	KUNIT_EXPECT_FALSE(test, is_viewed(f->peer[0]) || is_shared(f->peer[0]));
}

/* From a kext, when both ends and the allocator are through with it. */
static void what_a_kext_sent_becomes_the_receivers_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	socket_t so, peer;

	sharing_to_layer(test, SOCK_STREAM, &so, &peer);
	f->n = sharing_cluster(test, KPI_M16KCLBYTES, KPI_M16KCLBYTES, 'A');
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->n, 0, 5000, MBUF_WAITOK, &f->peer[0]), 0);
	sharing_send(test, so, f->n);
	f->n = NULL;
	f->m = sharing_receive(test, peer, KPI_M16KCLBYTES);
	KUNIT_EXPECT_FALSE_MSG(test, is_viewed(f->m), "the sender kept some: a copy");
	kpi_mbuf_freem(f->m);
	kpi_mbuf_freem(f->peer[0]);
	f->peer[0] = NULL;

	sharing_send(test, so, sharing_cluster(test, KPI_M16KCLBYTES, KPI_M16KCLBYTES, 'A'));
	f->m = sharing_receive(test, peer, KPI_M16KCLBYTES);
	KUNIT_EXPECT_TRUE(test, is_viewed(f->m));
	KUNIT_EXPECT_TRUE_MSG(test, sharing_settles(!is_shared(f->m)), "all let go of it");
}

static struct kunit_case received_cases[] = {
	KUNIT_CASE(a_fragment_is_shared_until_nobody_else_has_its_page_test),
	KUNIT_CASE(the_layer_does_not_write_where_others_read_test),
	KUNIT_CASE_PARAM(a_packet_for_many_is_copied_test, kind_gen_params),
	KUNIT_CASE(the_parameter_copies_everything_test),
	KUNIT_CASE(what_a_kext_sent_becomes_the_receivers_test),
	{ }
};

MBUF_TEST_SUITE(received_suite, "mbuf_received", received_cases);
