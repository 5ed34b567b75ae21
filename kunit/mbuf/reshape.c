// SPDX-License-Identifier: GPL-2.0
/* Bytes in front of a chain, and a chain cut in two: prepend, split. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>

#include "test.h"

/*
 * mbuf_prepend()
 */

static const struct prepend_case {
	const char *name;
	const char *given;
	size_t len;
	bool same;		/* the head must be the same mbuf */
	const char *shape;	/* NULL: any */
	size_t total;		/* also the packet length if it starts with h */
} prepend_cases[] = {
	{ "into the room in front", "h10@20", 4, true, "h14@16", 14 },
	{ "all the room in front", "h10@20", 20, true, "h30", 30 },
	{ "one more than the room in front", "h10@20", 21, false, NULL, 31 },
	{ "no room", "h10", 4, false, NULL, 14 },
	{ "no room and no header", "10", 4, false, NULL, 14 },
	{ "to an empty first mbuf", "h0,5", 4, false, NULL, 9 },
	{ "room in front of shared data is not used", "h10c*@100", 4, false, NULL, 14 },
	{ "room in a caller's buffer", "h10x@100", 4, true, "h14x@96", 14 },
	{ "nothing", "h10", 0, true, "h10", 10 },
	{ "nothing to shared data", "h10c*", 0, true, "h10c*", 10 },
	{ "a whole header mbuf", "h10", MHLEN, false, NULL, 10 + MHLEN },
	{ "more than a header mbuf", "h10", MHLEN + 1, false, NULL, 11 + MHLEN },
	{ "more than a plain mbuf", "10", MLEN + 1, false, NULL, 11 + MLEN },
};

KUNIT_ARRAY_PARAM_DESC(prepend, prepend_cases, name);

/* The original goes down when no single mbuf takes so much; failing is as good as more room. */
static bool may_fail(const struct prepend_case *c)
{
	return c->len > MHLEN;
}

static void prepend_test(struct kunit *test)
{
	const struct prepend_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t before = f->m = mbuf_test_chain(test, c->given);
	bool packet = kpi_mbuf_flags(f->m) & MBUF_PKTHDR;
	errno_t err = kpi_mbuf_prepend(&f->m, c->len, MBUF_WAITOK);

	if (err && may_fail(c)) {
		KUNIT_EXPECT_EQ(test, err, ENOMEM);
		KUNIT_EXPECT_NULL(test, f->m);
		return;
	}

	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, f->m == before, c->same);
	if (c->shape)
		mbuf_test_expect_shape(test, f->m, c->shape);
	KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->m), c->total);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), packet ? c->total : 0);
	KUNIT_EXPECT_GE_MSG(test, kpi_mbuf_len(f->m), c->len, "new bytes are contiguous");
	if (f->m != before)
		KUNIT_EXPECT_FALSE_MSG(test, kpi_mbuf_flags(before) & MBUF_PKTHDR,
				       "the header has moved");

	memset(kpi_mbuf_data(f->m), 0xee, c->len);
	kpi_mbuf_adj(f->m, c->len);
	KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->m), c->total - c->len);
	if (f->peer[0])
		mbuf_test_expect_bytes(test, f->peer[0], "0..9");
	mbuf_test_expect_bytes(test, f->m, c->total - c->len == 5 ? "0..4" : "0..9");
}

static void prepend_without_memory_frees_the_chain_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h10,5x");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_prepend(&f->m, 4, MBUF_DONTWAIT), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);

	KUNIT_EXPECT_NULL(test, f->m);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
}

static void prepend_moves_the_packet_to_the_new_head_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t old;

	old = f->m = mbuf_test_chain(test, "h10");
	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 4, MBUF_WAITOK), 0);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, old, 1, NULL), EINVAL);
}

static void prepend_keeps_or_moves_the_packet_list_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t old, found;

	old = f->m = mbuf_test_chain(test, "h10,5");
	f->n = mbuf_test_chain(test, "h3");
	kpi_mbuf_setnextpkt(f->m, f->n);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 4, MBUF_WAITOK), 0);

	found = kpi_mbuf_nextpkt(f->m) ?: kpi_mbuf_nextpkt(old);
	KUNIT_EXPECT_PTR_EQ_MSG(test, found, f->n, "the next packet must not be lost");
	kpi_mbuf_setnextpkt(f->m, NULL);
	kpi_mbuf_setnextpkt(old, NULL);
}

static void headroom_is_used_up_step_by_step_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t before;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	before = f->m;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setdata(f->m, kpi_mbuf_datastart(f->m) + 64, 0), 0);
	memset(kpi_mbuf_data(f->m), 7, 4);
	kpi_mbuf_setlen(f->m, 4);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 4, MBUF_WAITOK), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 60, MBUF_WAITOK), 0);

	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	mbuf_test_expect_shape(test, f->m, "68");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, ((u8 *)kpi_mbuf_data(f->m))[64], 7);
}

/*
 * mbuf_split()
 */

static const struct split_case {
	const char *name;
	const char *given;
	size_t off;
	errno_t error;
	const char *front, *back;	/* shapes; NULL: any */
	size_t front_pktlen, back_pktlen;
} split_cases[] = {
	{ "packet on a boundary", "h3,5,2", 3, 0, "h3", NULL, 3, 7 },
	{ "chain on a boundary", "3,5,2", 3, 0, "3", "5,2" },
	{ "packet inside", "h3,5,2", 5, 0, "h3,2", NULL, 5, 5 },
	{ "chain inside", "3,5,2", 5, 0, "3,2", "3@280,2" },
	{ "packet on the second boundary", "h3,5,2", 8, 0, "h3,5", NULL, 8, 2 },
	{ "packet at its end", "h3,5,2", 10, 0, "h3,5,2", "h0", 10, 0 },
	{ "chain at its end", "3,5,2", 10, ENOMEM },
	{ "packet behind its end", "h3,5,2", 11, ENOMEM, NULL, NULL, 10 },
	{ "chain behind its end", "3,5,2", 11, ENOMEM },
	{ "packet at 0", "h3,5,2", 0, 0, "h0", NULL, 0, 10 },
	{ "chain at 0", "3,5,2", 0, 0, "0", "3@280,5,2" },
	{ "cluster of a packet", "h100c,5", 40, 0, "h40c*", "h60c*@40,5", 40, 65 },
	{ "cluster", "100c,5", 40, 0, "40c*", "60c*@40,5" },
	{ "full cluster at its end", "h2048c", 2048, 0, "h2048c", "h0", 2048, 0 },
	{ "large plain mbuf", "h3,288,2", 7, 0, "h3,4", NULL, 7, 286 },
	{ "caller's buffer", "h1000x", 400, 0, "h400x*", "h600x*@400", 400, 600 },
	{ "empty first at 0", "h0,5", 0, 0, "h0", NULL, 0, 5 },
	{ "before an empty mbuf", "h5,0,3", 5, 0, "h5", NULL, 5, 3 },
	{ "offset is no int", "h3,5", (size_t)INT_MAX + 6, ENOMEM, NULL, NULL, 8 },
};

KUNIT_ARRAY_PARAM_DESC(split, split_cases, name);

static void expect_range(struct kunit *test, mbuf_t m, size_t first, size_t end)
{
	char range[24] = "";

	if (end > first)
		scnprintf(range, sizeof(range), "%zu..%zu", first, end - 1);
	mbuf_test_expect_bytes(test, m, range);
}

static void split_test(struct kunit *test)
{
	const struct split_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	size_t total;

	f->m = mbuf_test_chain(test, c->given);
	total = mbuf_test_bytes(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_split(f->m, c->off, MBUF_WAITOK, &f->n), c->error);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), c->front_pktlen);
	if (c->error) {
		KUNIT_EXPECT_NULL(test, f->n);
		mbuf_test_expect_shape(test, f->m, c->given);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, f->n);
	if (c->front)
		mbuf_test_expect_shape(test, f->m, c->front);
	if (c->back)
		mbuf_test_expect_shape(test, f->n, c->back);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), c->back_pktlen);
	expect_range(test, f->m, 0, c->off);
	expect_range(test, f->n, c->off, total);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(f->n));
	mbuf_test_expect_sane(test, f->m);
	mbuf_test_expect_sane(test, f->n);
}

static void split_on_a_boundary_hands_over_the_same_mbufs_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	f->m = mbuf_test_chain(test, "3,5,2");
	second = kpi_mbuf_next(f->m);
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_split(f->m, 3, MBUF_DONTWAIT, &f->n), 0,
			    "needs no memory");
	KUNIT_EXPECT_PTR_EQ(test, f->n, second);
}

static void split_halves_of_a_cluster_are_disjoint_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c,5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 40, MBUF_WAITOK, &f->n), 0);
	memset(kpi_mbuf_data(f->n), 0xee, kpi_mbuf_len(f->n));

	mbuf_test_expect_bytes(test, f->m, "0..39");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->n), 0);
}

static void split_shares_a_callers_buffer_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h1000x");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 400, MBUF_WAITOK, &f->n), 0);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 0);
	kpi_mbuf_freem(f->n);
	f->n = NULL;
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
}

static void split_leaves_the_packets_state_with_the_front_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	ifnet_t rcvif = (ifnet_t)test;
	u32 flags, value;
	u16 vlan;

	f->m = mbuf_test_chain(test, "h20,5");
	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pkthdr_setrcvif(f->m, rcvif), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_TCP, 16), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 7), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, MBUF_EOR, MBUF_EOR), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 8, MBUF_WAITOK, &f->n), 0);

	KUNIT_EXPECT_PTR_EQ_MSG(test, kpi_mbuf_pkthdr_rcvif(f->n), rcvif, "the only thing copied");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->n), MBUF_PKTHDR);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 1, NULL), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->n, &vlan), ENXIO);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->n, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);

	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_pkthdr_rcvif(f->m), rcvif);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m), MBUF_PKTHDR | MBUF_EOR);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_CSUM_REQ_TCP);
}

static void split_without_memory_keeps_the_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5,2");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_split(f->m, 4, MBUF_DONTWAIT, &f->n), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);

	KUNIT_EXPECT_NULL(test, f->n);
	mbuf_test_expect_shape(test, f->m, "h3,5,2");
	mbuf_test_expect_bytes(test, f->m, "0..9");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), 10, "is changed on success only");
}

static void the_back_is_linked_behind_the_front_again_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c,5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 40, MBUF_WAITOK, &f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setflags_mask(f->n, ~MBUF_PKTHDR, MBUF_PKTHDR), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(f->m, f->n), 0);
	f->n = NULL;

	mbuf_test_expect_shape(test, f->m, "h40c*,60c*@40,5");
	mbuf_test_expect_bytes(test, f->m, "0..104");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 40);
}

static struct kunit_case reshape_cases[] = {
	KUNIT_CASE_PARAM(prepend_test, prepend_gen_params),
	KUNIT_CASE(prepend_without_memory_frees_the_chain_test),
	KUNIT_CASE(prepend_moves_the_packet_to_the_new_head_test),
	KUNIT_CASE(prepend_keeps_or_moves_the_packet_list_test),
	KUNIT_CASE(headroom_is_used_up_step_by_step_test),
	KUNIT_CASE_PARAM(split_test, split_gen_params),
	KUNIT_CASE(split_on_a_boundary_hands_over_the_same_mbufs_test),
	KUNIT_CASE(split_halves_of_a_cluster_are_disjoint_test),
	KUNIT_CASE(split_shares_a_callers_buffer_test),
	KUNIT_CASE(split_leaves_the_packets_state_with_the_front_test),
	KUNIT_CASE(split_without_memory_keeps_the_packet_test),
	KUNIT_CASE(the_back_is_linked_behind_the_front_again_test),
	{ }
};

MBUF_TEST_SUITE(reshape_suite, "mbuf_reshape", reshape_cases);
