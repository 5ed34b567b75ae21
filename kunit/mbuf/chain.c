// SPDX-License-Identifier: GPL-2.0
/* Chains: trimming, writing into, reading out of, linking and freeing them. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "test.h"

/*
 * mbuf_adj()
 */

static const struct adj_case {
	const char *name;
	const char *given;
	int len[2];			/* one or two calls */
	const char *shape;
	const char *bytes;
	size_t pktlen;
	int forced;			/* packet length set before the call, if not 0 */
} adj_cases[] = {
	{ "front whole mbuf stays empty", "h3,5,2", { 3 }, "h0,5,2", "3..9", 7 },
	{ "front into the second", "h3,5,2", { 4 }, "h0,4@1,2", "4..9", 6 },
	{ "front more than there is", "h3,5,2", { 20 }, "h0,0,0", "", 0 },
	{ "nothing", "h3,5,2", { 0 }, "h3,5,2", "0..9", 10 },
	{ "tail last mbuf", "h3,5,2", { -2 }, "h3,5,0", "0..7", 8 },
	{ "tail into the second", "h3,5,2", { -4 }, "h3,3,0", "0..5", 6 },
	{ "tail all but one", "h3,5,2", { -9 }, "h1,0,0", "0", 1 },
	{ "tail all", "h3,5,2", { -10 }, "h0,0,0", "", 0 },
	{ "tail one too many", "h3,5,2", { -11 }, "h0,0,0", "", 0 },
	{ "tail the least int", "h3,5,2", { INT_MIN }, "h0,0,0", "", 0 },
	{ "tail behind an empty last", "h3,5,0", { -2 }, "h3,3,0", "0..5", 6 },
	{ "tail in last keeps a wrong length wrong", "h3,5,2", { -2 }, "h3,5,0", "0..7", 97, 99 },
	{ "tail over several repairs it", "h3,5,2", { -4 }, "h3,3,0", "0..5", 6, 99 },
	{ "tail into a cluster", "h3,2048c,5", { -100 }, "h3,1953c,0", NULL, 1956 },
	{ "front into a cluster", "h3,2048c,5", { 1000 }, "h0,1051c@997,5", NULL, 1056 },
	{ "shared both ends", "h100c*", { 10, -10 }, "h80c*@10", "10..89", 80 },
	{ "no header", "3,5,2", { -4 }, "3,3,0", "0..5", 0 },
	{ "no header front", "3,5,2", { 9 }, "0,0,1@1", "9", 0 },
};

KUNIT_ARRAY_PARAM_DESC(adj, adj_cases, name);

static void adj_test(struct kunit *test)
{
	const struct adj_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	int i;

	f->m = mbuf_test_chain(test, c->given);
	if (c->forced)
		kpi_mbuf_pkthdr_setlen(f->m, c->forced);

	for (i = 0; i < ARRAY_SIZE(c->len); i++)
		kpi_mbuf_adj(f->m, c->len[i]);

	mbuf_test_expect_shape(test, f->m, c->shape);
	if (c->bytes)
		mbuf_test_expect_bytes(test, f->m, c->bytes);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), c->pktlen);
	if (f->peer[0])
		mbuf_test_expect_bytes(test, f->peer[0], "0..99");
}

static void adj_of_null_does_nothing_test(struct kunit *test)
{
	kpi_mbuf_adj(NULL, 5);
	kpi_mbuf_adj(NULL, 0);
	kpi_mbuf_adj(NULL, -5);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 0, "this is no mistake");
}

static void adj_then_prepend_uses_the_room_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t before = f->m = mbuf_test_chain(test, "h10");

	kpi_mbuf_adj(f->m, 4);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 4, MBUF_WAITOK), 0);

	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	mbuf_test_expect_shape(test, f->m, "h10");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 10);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), 0);
}

/*
 * mbuf_copyback()
 */

static const struct copyback_case {
	const char *name;
	const char *given;
	size_t off, len;
	const char *shape;	/* NULL: any */
	const char *bytes;
	size_t pktlen;
	int forced;
} copyback_cases[] = {
	{ "over the end", "h3,5,2", 9, 20, "h3,5,21", "0..8 w0..19", 29 },
	{ "inside", "h3,5,2", 2, 4, "h3,5,2", "0..1 w0..3 6..9", 10 },
	{ "behind", "h3,5,2", 10, 3, "h3,5,5", "0..9 w0..2", 13 },
	{ "on a boundary", "h3,5,2", 3, 2, "h3,5,2", "0..2 w0..1 5..9", 10 },
	{ "gap", "h3,5,2", 12, 3, NULL, "0..9 z2 w0..2", 15 },
	{ "gap behind one", "h4", 10, 2, NULL, "0..3 z6 w0..1", 12 },
	{ "gap without header", "4", 10, 2, NULL, "0..3 z6 w0..1", 0 },
	{ "large gap", "h4", 1000, 2, NULL, "0..3 z996 w0..1", 1002 },
	{ "longer than a plain mbuf", "h4", 4, 1000, NULL, "0..3 w0..999", 1004 },
	{ "longer than two clusters", "h4", 4, 5000, NULL, "0..3 w0..4999", 5004 },
	{ "end of a cluster", "h2048c", 2047, 3, "h2048c,2", "0..2046 w0..2", 2050 },
	{ "shared cluster grows by an mbuf", "h100c*", 99, 3, "h100c*,2", "0..98 w0..2", 102 },
	{ "inside a shared cluster", "h5,100c*", 10, 2, "h5,100c*", "0..9 w0..1 12..104", 105 },
	{ "empty first gets nothing", "h0,5", 0, 2, "h0,5", "w0..1 2..4", 5 },
	{ "empty only gets it", "h0", 0, 2, "h2", "w0..1", 2 },
	{ "length is never lowered", "h5,3", 8, 4, "h5,7", "0..7 w0..3", 100, 100 },
	{ "empty cluster", "h0c", 0, 3000, NULL, "w0..2999", 3000 },
	{ "two empty plain", "h0,0", 0, 300, NULL, "w0..299", 300 },
	{ "empty page and cluster", "h0b,0c", 0, 5000, NULL, "w0..4999", 5000 },
};

KUNIT_ARRAY_PARAM_DESC(copyback, copyback_cases, name);

static void copyback_test(struct kunit *test)
{
	const struct copyback_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, c->given);
	if (c->forced)
		kpi_mbuf_pkthdr_setlen(f->m, c->forced);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, c->off, c->len, mbuf_test_source(),
						MBUF_WAITOK), 0);

	if (c->shape)
		mbuf_test_expect_shape(test, f->m, c->shape);
	mbuf_test_expect_bytes(test, f->m, c->bytes);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), c->pktlen);
	mbuf_test_expect_sane(test, f->m);
}

static void copyback_refuses_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	const u8 *data = mbuf_test_source();

	f->m = mbuf_test_chain(test, "h4");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, 0, 0, data, MBUF_WAITOK), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, 0, 4, NULL, MBUF_WAITOK), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(NULL, 0, 4, data, MBUF_WAITOK), EINVAL);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_copyback(f->m, INT_MAX, 1, data, MBUF_WAITOK), EINVAL,
			    "the end does not fit an int");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, SIZE_MAX, 2, data, MBUF_WAITOK), EINVAL);
	mbuf_test_expect_shape(test, f->m, "h4");
	mbuf_test_expect_bytes(test, f->m, "0..3");
}

static void copyback_into_shared_is_seen_by_both_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c*");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 99, 3, mbuf_test_source(), MBUF_WAITOK), 0);

	mbuf_test_expect_shape(test, f->peer[0], "h100c*");
	mbuf_test_expect_bytes(test, f->peer[0], "0..98 w0");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->peer[0]), 100);
}

static void copyback_without_memory_keeps_what_fits_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5,2");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, 10, 1000, mbuf_test_source(),
						MBUF_DONTWAIT), ENOBUFS);
	kpi_mbuf_fail_nonblocking(false);

	mbuf_test_expect_shape(test, f->m, "h3,5,288");
	mbuf_test_expect_bytes(test, f->m, "0..9 w0..285");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 8 + MLEN);
}

static void append_to_the_first_half_of_a_split_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 40, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 40, 3, mbuf_test_source(), MBUF_WAITOK), 0);

	mbuf_test_expect_shape(test, f->m, "h40c*,3");
	mbuf_test_expect_bytes(test, f->m, "0..39 w0..2");
	mbuf_test_expect_bytes(test, f->n, "40..99");
}

/*
 * mbuf_copydata()
 */

static const struct copydata_case {
	const char *name;
	const char *given;
	size_t off, len;
	errno_t error;
	unsigned int copied;	/* bytes that arrive, also after an error */
} copydata_cases[] = {
	{ "across", "h3,5,2", 2, 6, 0, 6 },
	{ "all", "h3,5,2", 0, 10, 0, 10 },
	{ "first byte", "h3,5,2", 0, 1, 0, 1 },
	{ "last byte", "h3,5,2", 9, 1, 0, 1 },
	{ "end of chain copies what there is", "h3,5,2", 8, 5, EINVAL, 2 },
	{ "one too many", "h3,5,2", 0, 11, EINVAL, 10 },
	{ "at the end", "h3,5,2", 10, 1, EINVAL, 0 },
	{ "nothing at the end", "h3,5,2", 10, 0, 0, 0 },
	{ "nothing behind the end", "h3,5,2", 50, 0, 0, 0 },
	{ "longest int", "h3,5,2", 0, INT_MAX, EINVAL, 0 },
	{ "farthest int", "h3,5,2", INT_MAX, 1, EINVAL, 0 },
	{ "empty mbufs between", "h0,5,0,2", 5, 2, 0, 2 },
	{ "across empty mbufs", "h0,5,0,2", 4, 3, 0, 3 },
	{ "no header", "3,5", 2, 3, 0, 3 },
};

KUNIT_ARRAY_PARAM_DESC(copydata, copydata_cases, name);

static void copydata_test(struct kunit *test)
{
	const struct copydata_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	u8 out[16];
	int i;

	f->m = mbuf_test_chain(test, c->given);
	memset(out, 0xee, sizeof(out));

	KUNIT_EXPECT_EQ(test, kpi_mbuf_copydata(f->m, c->off, c->len, out), c->error);

	for (i = 0; i < sizeof(out); i++)
		KUNIT_EXPECT_EQ_MSG(test, out[i], i < c->copied ? c->off + i : 0xee, "byte %d", i);
	mbuf_test_expect_shape(test, f->m, c->given);
}

static void copydata_of_nothing_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u8 out[5];

	f->m = mbuf_test_chain(test, "h3,5,2");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_copydata(f->m, 0, 5, NULL), 0, "no buffer");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_copydata(NULL, 0, 5, out), EINVAL, "no chain");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_copydata(NULL, 0, 0, out), 0, "no chain, no bytes");
}

/*
 * mbuf_concatenate()
 */

static const struct concatenate_case {
	const char *name;
	const char *dst, *src;
	const char *shape;	/* NULL: any */
	size_t pktlen;
	size_t total;
} concatenate_cases[] = {
	{ "small ones", "h3", "h5,2", NULL, 3, 10 },
	{ "behind a cluster", "h3c", "h5,2", "h3c,h5,2", 3, 10 },
	{ "exact fit is linked", "h283", "5", "h283,5", 283, 288 },
	{ "one byte of room left", "h283", "4,5", NULL, 283, 292 },
	{ "cluster into a plain", "h3", "5c,2", NULL, 3, 10 },
	{ "last is a cluster", "h3,4c", "5", "h3,4c,5", 7, 12 },
	{ "empty to empty", "h0", "0", NULL, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(concatenate, concatenate_cases, name);

static void concatenate_test(struct kunit *test)
{
	const struct concatenate_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t src, got;

	f->m = mbuf_test_chain(test, c->dst);
	src = mbuf_test_chain(test, c->src);
	got = kpi_mbuf_concatenate(f->m, src);

	KUNIT_EXPECT_PTR_EQ(test, got, f->m);
	if (c->shape)
		mbuf_test_expect_shape(test, f->m, c->shape);
	KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->m), c->total);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), c->pktlen, "is not updated");
	mbuf_test_expect_sane(test, f->m);
}

static void concatenate_to_null_keeps_the_source_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_NULL(test, kpi_mbuf_concatenate(NULL, f->m));
	mbuf_test_expect_bytes(test, f->m, "0..4");
}

static void concatenate_of_null_changes_nothing_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3");
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_concatenate(f->m, NULL), f->m);
	mbuf_test_expect_shape(test, f->m, "h3");
}

/*
 * Links and freeing
 */

static void free_returns_the_living_rest_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	f->m = mbuf_test_chain(test, "h3,5,2");
	second = kpi_mbuf_next(f->m);
	f->m = kpi_mbuf_free(f->m);

	KUNIT_EXPECT_PTR_EQ(test, f->m, second);
	mbuf_test_expect_shape(test, f->m, "5,2");
	mbuf_test_expect_bytes(test, f->m, "3..9");
}

static void free_of_the_last_returns_null_test(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(mbuf_test_chain(test, "h3")));
}

static void free_of_null_test(struct kunit *test)
{
	kpi_mbuf_freem(NULL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_freem_list(NULL), 0);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 0, "these two are no mistakes");
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(NULL));
}

/* setnext must not look at the old successor: it is gone. */
static void tail_is_freed_before_it_is_cut_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5,2");
	kpi_mbuf_freem(kpi_mbuf_next(f->m));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, NULL), 0);

	mbuf_test_expect_shape(test, f->m, "h3");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 10);
}

static void freem_list_counts_packets_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second, third;

	f->m = mbuf_test_chain(test, "h3,5");
	second = mbuf_test_chain(test, "h2");
	third = mbuf_test_chain(test, "h1,1,1");
	kpi_mbuf_setnextpkt(f->m, second);
	kpi_mbuf_setnextpkt(second, third);
	mbuf_test_expect_sane(test, f->m);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_freem_list(f->m), 3);
	f->m = NULL;
}

static void freem_leaves_the_next_packet_alone_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t first;

	first = mbuf_test_chain(test, "h5,2");
	f->m = mbuf_test_chain(test, "h4");
	kpi_mbuf_setnextpkt(first, f->m);
	kpi_mbuf_freem(first);

	mbuf_test_expect_bytes(test, f->m, "0..3");
}

static void setnext_refuses_a_packet_of_a_list_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5");
	f->n = mbuf_test_chain(test, "h2");
	kpi_mbuf_setnextpkt(f->n, mbuf_test_chain(test, "h1"));

	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, f->n), EINVAL);
	mbuf_test_expect_shape(test, f->m, "h3,5");
}

static void nextpkt_of_any_mbuf_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "3");
	f->n = mbuf_test_chain(test, "h2");
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(f->m));
	kpi_mbuf_setnextpkt(f->m, f->n);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_nextpkt(f->m), f->n);
	kpi_mbuf_setnextpkt(f->m, NULL);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(f->m));
}

static struct kunit_case chain_cases[] = {
	KUNIT_CASE_PARAM(adj_test, adj_gen_params),
	KUNIT_CASE(adj_of_null_does_nothing_test),
	KUNIT_CASE(adj_then_prepend_uses_the_room_test),
	KUNIT_CASE_PARAM(copyback_test, copyback_gen_params),
	KUNIT_CASE(copyback_refuses_test),
	KUNIT_CASE(copyback_into_shared_is_seen_by_both_test),
	KUNIT_CASE(copyback_without_memory_keeps_what_fits_test),
	KUNIT_CASE(append_to_the_first_half_of_a_split_test),
	KUNIT_CASE_PARAM(copydata_test, copydata_gen_params),
	KUNIT_CASE(copydata_of_nothing_test),
	KUNIT_CASE_PARAM(concatenate_test, concatenate_gen_params),
	KUNIT_CASE(concatenate_to_null_keeps_the_source_test),
	KUNIT_CASE(concatenate_of_null_changes_nothing_test),
	KUNIT_CASE(free_returns_the_living_rest_test),
	KUNIT_CASE(free_of_the_last_returns_null_test),
	KUNIT_CASE(free_of_null_test),
	KUNIT_CASE(tail_is_freed_before_it_is_cut_test),
	KUNIT_CASE(freem_list_counts_packets_test),
	KUNIT_CASE(freem_leaves_the_next_packet_alone_test),
	KUNIT_CASE(setnext_refuses_a_packet_of_a_list_test),
	KUNIT_CASE(nextpkt_of_any_mbuf_test),
	{ }
};

MBUF_TEST_SUITE(chain_suite, "mbuf_chain", chain_cases);
