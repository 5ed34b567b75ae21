// SPDX-License-Identifier: GPL-2.0
/* Copies: copym, which shares, dup, which does not, and the header on its own. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include "test.h"

/*
 * mbuf_copym()
 */

static const struct copym_case {
	const char *name;
	const char *given;
	size_t off, len;
	errno_t error;
	const char *copy;	/* shapes; NULL: any */
	const char *source;	/* of the source afterwards; NULL: as before */
	const char *bytes;
	size_t pktlen;
} copym_cases[] = {
	{ "all", "h3,5,2", 0, MBUF_COPYALL, 0, "h3,5,2", NULL, "0..9", 10 },
	{ "inside one", "h3,5,2", 4, 3, 0, "3", NULL, "4..6" },
	{ "from a boundary", "h3,5,2", 3, MBUF_COPYALL, 0, "5,2", NULL, "3..9" },
	{ "the first bytes", "h3,5,2", 0, 4, 0, "h3,1", NULL, "0..3", 4 },
	{ "the last byte", "h3,5,2", 9, 1, 0, "1", NULL, "9" },
	{ "exactly the length", "h3,5,2", 0, 10, 0, "h3,5,2", NULL, "0..9", 10 },
	{ "nothing", "h3,5,2", 0, 0, ENOMEM },
	{ "one too many", "h3,5,2", 0, 11, EINVAL },
	{ "one too many from inside", "h3,5,2", 4, 7, EINVAL },
	{ "one from the end", "h3,5,2", 10, 1, EINVAL },
	{ "all from the end", "h3,5,2", 10, MBUF_COPYALL, EINVAL },
	{ "all from behind the end", "h3,5,2", 11, MBUF_COPYALL, EINVAL },
	{ "offset is no int", "h3,5,2", (size_t)INT_MAX + 1, 1, EINVAL },
	{ "length is no int", "h3,5,2", 0, (size_t)INT_MAX + 1, EINVAL },
	{ "sum wraps around", "h3,5,2", 1, SIZE_MAX, EINVAL },
	{ "of an empty packet", "h0", 0, MBUF_COPYALL, EINVAL },
	{ "empty head before a cluster", "h0,5c,2", 0, MBUF_COPYALL, 0, "h0,5c*,2",
	  "h0,5c*,2", "0..6", 7 },
	{ "empty mbufs between", "h0,0,5,0,2", 0, MBUF_COPYALL, 0, NULL, NULL, "0..6", 7 },
	{ "cluster is shared", "h100c,5", 0, MBUF_COPYALL, 0, "h100c*,5", "h100c*,5",
	  "0..104", 105 },
	{ "part of a cluster", "h100c,5", 10, 20, 0, "20c*@10", "h100c*,5", "10..29" },
	{ "part of a cluster that starts late", "100c@7,5", 50, 52, 0, "50c*@57,2",
	  "100c*@7,5", "50..101" },
	{ "data not at the start", "h10@20", 0, MBUF_COPYALL, 0, NULL, NULL, "0..9", 10 },
	{ "page and large cluster", "h100b,200j", 0, MBUF_COPYALL, 0, "h100b*,200j*",
	  "h100b*,200j*", "0..299", 300 },
	{ "caller's buffer", "h100x", 0, MBUF_COPYALL, 0, "h100x*", "h100x*", "0..99", 100 },
};

KUNIT_ARRAY_PARAM_DESC(copym, copym_cases, name);

static void copym_test(struct kunit *test)
{
	const struct copym_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	size_t pktlen;

	f->m = mbuf_test_chain(test, c->given);
	pktlen = kpi_mbuf_pkthdr_len(f->m);
	f->n = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copym(f->m, c->off, c->len, MBUF_WAITOK, &f->n), c->error);

	mbuf_test_expect_shape(test, f->m, c->source ?: c->given);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), pktlen);
	if (c->error) {
		KUNIT_EXPECT_NULL(test, f->n);
		return;
	}
	KUNIT_ASSERT_NOT_NULL(test, f->n);
	if (c->copy)
		mbuf_test_expect_shape(test, f->n, c->copy);
	mbuf_test_expect_bytes(test, f->n, c->bytes);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), c->pktlen);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(f->n));
	mbuf_test_expect_sane(test, f->m);
	mbuf_test_expect_sane(test, f->n);
}

static void copym_out_of_range_keeps_the_tags_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	void *data, *found;

	f->m = mbuf_test_chain(test, "h3,5,2");
	data = mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copym(f->m, 0, 11, MBUF_WAITOK, &f->n), EINVAL);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, &found), 0);
	KUNIT_EXPECT_PTR_EQ(test, found, data);
}

static void copym_without_memory_keeps_everything_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5");
	mbuf_test_put_tag(test, f->m, 1, 8);
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_DONTWAIT, &f->n), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);

	KUNIT_EXPECT_NULL(test, f->n);
	mbuf_test_expect_bytes(test, f->m, "0..7");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 8);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0,
			    "tags move on success only");
}

static void copies_of_plain_mbufs_are_independent_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5,2");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 0, 10, mbuf_test_source(), MBUF_WAITOK), 0);

	mbuf_test_expect_bytes(test, f->n, "0..9");
	mbuf_test_expect_bytes(test, f->m, "w0..9");
}

static void copies_of_clusters_are_the_same_bytes_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c,5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	*(u8 *)kpi_mbuf_data(f->m) = 77;
	*(u8 *)kpi_mbuf_data(kpi_mbuf_next(f->m)) = 78;

	mbuf_test_expect_bytes(test, f->n, "77 1..104");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->n), 1);
}

static void sharing_ends_with_the_last_peer_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c*");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 10, 10, MBUF_WAITOK, &f->n), 0);
	kpi_mbuf_freem(f->peer[0]);
	f->peer[0] = NULL;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 1);
	kpi_mbuf_freem(f->n);
	f->n = NULL;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 1948);
}

static void copym_flags_of_the_first_only_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_flags_t flags = MBUF_EOR | MBUF_BCAST;

	f->m = mbuf_test_chain(test, "h5,3");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, flags, flags), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(kpi_mbuf_next(f->m), flags, flags), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->n), MBUF_PKTHDR | flags);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(kpi_mbuf_next(f->n)), 0);

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 1, MBUF_COPYALL, MBUF_WAITOK, &f->peer[1]), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->peer[1]), 0);
}

static void copym_moves_tags_class_and_time_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	void *data, *found;
	boolean_t valid;
	u64 ts;

	f->m = mbuf_test_chain(test, "h5");
	data = mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_traffic_class(f->m, MBUF_TC_VO), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp(f->m, 1234, true), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 1, &found), 0);
	KUNIT_EXPECT_PTR_EQ_MSG(test, found, data, "a move keeps the address");
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, &found), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->n), MBUF_TC_VO);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), MBUF_TC_BE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp(f->n, &ts, &valid), 0);
	KUNIT_EXPECT_EQ(test, ts, 1234);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp(f->m, &ts, &valid), 0);
	KUNIT_EXPECT_FALSE(test, valid);
}

static void copym_serves_any_number_of_retransmissions_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	int i;

	f->m = mbuf_test_chain(test, "h3,5,2c");
	for (i = 0; i < 3; i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_DONTWAIT,
						     &f->n), 0);
		mbuf_test_expect_bytes(test, f->n, "0..9");
		KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 10);
		kpi_mbuf_freem(f->n);
		f->n = NULL;
	}
	mbuf_test_expect_bytes(test, f->m, "0..9");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 10);
}

static void copym_from_an_mbuf_in_the_middle_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5,2");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(kpi_mbuf_next(f->m), 1, 5, MBUF_WAITOK, &f->n), 0);
	mbuf_test_expect_shape(test, f->n, "4,1");
	mbuf_test_expect_bytes(test, f->n, "4..8");
}

/*
 * mbuf_dup()
 */

static const struct dup_case {
	const char *name;
	const char *given;
	const char *copy;	/* NULL: any */
	size_t pktlen;
	int forced;
} dup_cases[] = {
	{ "chain", "h3,5c,2", "h3,5c,2", 10 },
	{ "small cluster becomes plain", "h60c", NULL, 60 },
	{ "small cluster without header", "60c", NULL, 0 },
	{ "cluster with room in front", "h500c@100", NULL, 500 },
	{ "page with little in it", "h500b", NULL, 500 },
	{ "page", "h3000b", NULL, 3000 },
	{ "wrong packet length", "h60c", NULL, 5000, 5000 },
	{ "caller's buffer", "h1000x", NULL, 1000 },
	{ "empty mbufs", "h10,0,5", NULL, 15 },
	{ "shared", "h100c*", NULL, 100 },
	{ "nothing", "h0", NULL, 0 },
	{ "large cluster", "10000j", NULL, 0 },
};

KUNIT_ARRAY_PARAM_DESC(dup, dup_cases, name);

static void dup_test(struct kunit *test)
{
	const struct dup_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	char all[24] = "";
	size_t total;
	mbuf_t m;

	f->m = mbuf_test_chain(test, c->given);
	total = mbuf_test_bytes(f->m);
	if (total)
		scnprintf(all, sizeof(all), "0..%zu", total - 1);
	if (c->forced)
		kpi_mbuf_pkthdr_setlen(f->m, c->forced);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);

	if (c->copy)
		mbuf_test_expect_shape(test, f->n, c->copy);
	mbuf_test_expect_shape(test, f->m, c->given);
	mbuf_test_expect_bytes(test, f->n, all);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), c->pktlen);
	for (m = f->n; m; m = kpi_mbuf_next(m)) {
		KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_mclhasreference(m), 0, "nothing is shared");
		memset(kpi_mbuf_data(m), 0xee, kpi_mbuf_len(m));
	}
	mbuf_test_expect_bytes(test, f->m, all);
	mbuf_test_expect_sane(test, f->n);
}

static void dup_does_not_hold_the_callers_buffer_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h1000x");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
	memset(f->buffer[0].addr, 0xee, f->buffer[0].size);
	mbuf_test_expect_bytes(test, f->n, "0..999");
}

static void dup_copies_tags_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	void *data, *found;

	f->m = mbuf_test_chain(test, "h5");
	data = mbuf_test_put_tag(test, f->m, 7, 10);
	memcpy(data, "0123456789", 10);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 7, &found), 0);
	KUNIT_EXPECT_PTR_EQ(test, found, data);
	KUNIT_ASSERT_EQ(test, mbuf_test_find_tag(test, f->n, 7, &found), 0);
	KUNIT_EXPECT_PTR_NE(test, found, data);
	KUNIT_EXPECT_MEMEQ_MSG(test, found, "0123456789", 10, "contents of the copy's tag");
}

static void dup_without_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,500c,2");
	f->n = (mbuf_t)test;
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_dup(f->m, MBUF_DONTWAIT, &f->n), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_NULL(test, f->n);
	mbuf_test_expect_shape(test, f->m, "h3,500c,2");
}

/*
 * mbuf_copy_pkthdr()
 */

static void copy_pkthdr_moves_the_header_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5,3");
	f->n = mbuf_test_chain(test, "h0@8");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copy_pkthdr(f->n, f->m), 0);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 8);
	mbuf_test_expect_shape(test, f->n, "h0");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), 8, "the source keeps it");
	mbuf_test_expect_shape(test, f->m, "h5,3");
}

static void copy_pkthdr_makes_a_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5,3");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, MBUF_MCAST, MBUF_MCAST), 0);
	f->n = mbuf_test_chain(test, "0c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copy_pkthdr(f->n, f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->n), MBUF_PKTHDR | MBUF_EXT | MBUF_MCAST);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 8);
}

static void copy_pkthdr_of_no_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "5");
	f->n = mbuf_test_chain(test, "h2");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copy_pkthdr(f->n, f->m), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 2);
}

static void copy_pkthdr_to_itself_is_refused_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copy_pkthdr(f->m, f->m), EINVAL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
}

static void copy_pkthdr_replaces_tags_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	f->n = mbuf_test_chain(test, "h0");
	mbuf_test_put_tag(test, f->m, 1, 8);
	mbuf_test_put_tag(test, f->n, 2, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copy_pkthdr(f->n, f->m), 0);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 1, NULL), 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 2, NULL), ENOENT);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags, f->before.tags + 1);
}

static struct kunit_case copy_cases[] = {
	KUNIT_CASE_PARAM(copym_test, copym_gen_params),
	KUNIT_CASE(copym_out_of_range_keeps_the_tags_test),
	KUNIT_CASE(copym_without_memory_keeps_everything_test),
	KUNIT_CASE(copies_of_plain_mbufs_are_independent_test),
	KUNIT_CASE(copies_of_clusters_are_the_same_bytes_test),
	KUNIT_CASE(sharing_ends_with_the_last_peer_test),
	KUNIT_CASE(copym_flags_of_the_first_only_test),
	KUNIT_CASE(copym_moves_tags_class_and_time_test),
	KUNIT_CASE(copym_serves_any_number_of_retransmissions_test),
	KUNIT_CASE(copym_from_an_mbuf_in_the_middle_test),
	KUNIT_CASE_PARAM(dup_test, dup_gen_params),
	KUNIT_CASE(dup_does_not_hold_the_callers_buffer_test),
	KUNIT_CASE(dup_copies_tags_test),
	KUNIT_CASE(dup_without_memory_test),
	KUNIT_CASE(copy_pkthdr_moves_the_header_test),
	KUNIT_CASE(copy_pkthdr_makes_a_packet_test),
	KUNIT_CASE(copy_pkthdr_of_no_packet_test),
	KUNIT_CASE(copy_pkthdr_to_itself_is_refused_test),
	KUNIT_CASE(copy_pkthdr_replaces_tags_test),
	{ }
};

MBUF_TEST_SUITE(copy_suite, "mbuf_copy", copy_cases);
