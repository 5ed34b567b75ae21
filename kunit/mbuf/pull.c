// SPDX-License-Identifier: GPL-2.0
/* Making bytes of a chain contiguous: pullup, pulldown. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include "test.h"

/*
 * mbuf_pullup()
 */

static const struct pullup_case {
	const char *name;
	const char *given;
	size_t len;
	errno_t error;
	bool same;		/* the head must be the same mbuf */
	const char *shape;	/* NULL: any */
} pullup_cases[] = {
	{ "from the next", "h3,5,2", 6, 0, true, NULL },
	{ "all", "h3,5,2", 10, 0, true, "h10" },
	{ "one too many", "h3,5,2", 11, ENOMEM },
	{ "less than there is", "h3,5,2", 2, 0, true, "h3,5,2" },
	{ "as much as there is", "h3,5,2", 3, 0, true, "h3,5,2" },
	{ "nothing", "h3,5,2", 0, 0, true, "h3,5,2" },
	{ "single mbuf", "h10", 4, 0 },
	{ "single mbuf whole", "h10", 10, 0 },
	{ "single mbuf one too many", "h10", 11, ENOMEM },
	{ "first empty, then a cluster", "h0,500c", 1, 0 },
	{ "leading empty mbufs", "h0,0,0,7", 1, 0 },
	{ "empty, small and large cluster", "h0,30c,500c", 4, 0 },
	{ "head is a cluster", "h500c", 4, 0 },
	{ "next is a cluster, enough there", "h3,500c", 3, 0, true, "h3,500c" },
	{ "next is a cluster", "h3,500c", 4, 0 },
	{ "last of two small", "h3,4,500c", 7, 0 },
	{ "over two small", "h3,4,500c", 8, 0 },
	{ "shared cluster", "h100c*,50", 64, 0 },
	{ "data not at the start", "h50@30,20", 60, 0 },
	{ "no header", "3,5,2", 6, 0, true, NULL },
	{ "more than an int", "h10", (size_t)INT_MAX + 1, ENOMEM },
	{ "the most there is", "h10", SIZE_MAX, ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(pullup, pullup_cases, name);

static void expect_contiguous(struct kunit *test, mbuf_t m, size_t len)
{
	const u8 *data = kpi_mbuf_data(m);
	size_t i;

	KUNIT_ASSERT_GE_MSG(test, kpi_mbuf_len(m), len, "contiguous bytes");
	for (i = 0; i < len; i++)
		KUNIT_EXPECT_EQ_MSG(test, data[i], (u8)i, "byte %zu", i);
}

static void pullup_test(struct kunit *test)
{
	const struct pullup_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t before = f->m = mbuf_test_chain(test, c->given);
	size_t total = mbuf_test_bytes(f->m), pktlen = kpi_mbuf_pkthdr_len(f->m);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_pullup(&f->m, c->len), c->error);
	if (c->error) {
		KUNIT_EXPECT_NULL_MSG(test, f->m, "a failed pullup consumes the chain");
		return;
	}

	KUNIT_ASSERT_NOT_NULL(test, f->m);
	if (c->same)
		KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	if (c->shape)
		mbuf_test_expect_shape(test, f->m, c->shape);
	expect_contiguous(test, f->m, c->len);
	KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->m), total);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), pktlen);
	if (f->peer[0])
		KUNIT_EXPECT_EQ_MSG(test, mbuf_test_bytes(f->peer[0]), total, "the peer");
	mbuf_test_expect_sane(test, f->m);
}

static void pullup_drops_the_tags_of_what_it_absorbs_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,h5,2");
	mbuf_test_put_tag(test, kpi_mbuf_next(f->m), 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, 8), 0);

	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags, f->before.tags);
}

static void pullup_keeps_the_tags_of_the_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h40c,70");
	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, 64), 0);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 110);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
}

/* The head stays, or a new one has its place. */
static void pullup_keeps_the_packet_list_test(struct kunit *test)
{
	static const char *const shapes[] = { "h3,5", "h3c,5" };
	struct mbuf_fixture *f = test->priv;
	int i;

	f->n = mbuf_test_chain(test, "h2");
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		f->m = mbuf_test_chain(test, shapes[i]);
		kpi_mbuf_setnextpkt(f->m, f->n);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, 5), 0);

		KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_nextpkt(f->m), f->n);
		kpi_mbuf_setnextpkt(f->m, NULL);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
}

/* An empty head whose data pointer is at the very end of its storage has no room. */
static void pullup_into_a_head_without_room_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h0,10");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_align_32(f->m, 0), 0);
	if (!kpi_mbuf_pullup(&f->m, 10))
		mbuf_test_expect_bytes(test, f->m, "0..9");
	else
		KUNIT_EXPECT_NULL_MSG(test, f->m, "a failed pullup consumes the chain");
}

static void header_is_split_off_and_pulled_up_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h30,400c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 52, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, 52), 0);

	expect_contiguous(test, f->m, 52);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 52);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 378);
	mbuf_test_expect_bytes(test, f->n, "52..429");
}

static void pullup_without_memory_frees_the_chain_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c,5x");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pullup(&f->m, 102), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);

	KUNIT_EXPECT_NULL(test, f->m);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
}

/*
 * mbuf_pulldown()
 */

static const struct pulldown_case {
	const char *name;
	const char *given;
	size_t off, len;
	errno_t error;
	int at;			/* index of the mbuf, or -1 for any */
	size_t in;		/* offset inside it */
	const char *shape;	/* NULL: any */
} pulldown_cases[] = {
	{ "contiguous already", "h3,5,2", 1, 2, 0, 0, 1, "h3,5,2" },
	{ "over two", "h3,5,2", 4, 6, 0, -1 },
	{ "over three", "h3,5,2", 1, 9, 0, -1 },
	{ "one too many", "h3,5,2", 4, 7, ENOMEM },
	{ "nothing at the end", "h3,5,2", 10, 0, ENOMEM },
	{ "behind the end", "h3,5,2", 11, 1, ENOMEM },
	{ "nothing on a boundary", "h3,5,2", 3, 0, 0, 1, 0, "h3,5,2" },
	{ "cluster with room behind", "h100c,50", 90, 20, 0, 0, 90, "h110c,40@10" },
	{ "shared cluster is not written", "h100c*,50", 90, 20, 0, -1 },
	{ "page cluster", "h100b,50", 90, 20, 0, -1 },
	{ "next has room in front", "h3,100c@1948,50@32", 100, 20, 0, -1 },
	{ "next is too short", "h3,100c@1948,10@32,50", 100, 20, 0, -1 },
	{ "caller's buffer is not written", "h3,100x,50@32", 100, 20, 0, -1 },
	{ "longest", "h100c,3000b", 90, 2048, 0, -1 },
	{ "leading empty mbufs", "h0,0,5", 0, 3, 0, 2, 0, "h0,0,5" },
	{ "full head", "h288,100", MHLEN - 4, 20, 0, -1 },
	{ "offset is no int", "h3,5", (size_t)INT_MAX + 1, 1, ENOMEM },
	{ "length is no int", "h3,5", 0, (size_t)INT_MAX + 1, ENOMEM },
	{ "sum is no int", "h3,5", INT_MAX, INT_MAX, ENOMEM },
	{ "sum wraps around", "h3,5", SIZE_MAX, 2, ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(pulldown, pulldown_cases, name);

static void expect_pulled_down(struct kunit *test, const struct pulldown_case *c, mbuf_t at,
			       size_t in)
{
	struct mbuf_fixture *f = test->priv;
	const u8 *data = kpi_mbuf_data(at) + in;
	size_t i;

	KUNIT_ASSERT_GE(test, kpi_mbuf_len(at), in + c->len);
	for (i = 0; i < c->len; i++)
		KUNIT_EXPECT_EQ_MSG(test, data[i], (u8)(c->off + i), "byte %zu", i);
	if (c->at < 0)
		return;
	KUNIT_EXPECT_PTR_EQ(test, at, mbuf_test_nth(f->m, c->at));
	KUNIT_EXPECT_EQ(test, in, c->in);
}

static void pulldown_test(struct kunit *test)
{
	const struct pulldown_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t at = (mbuf_t)test, head = f->m = mbuf_test_chain(test, c->given);
	size_t in = c->off, total = mbuf_test_bytes(f->m), pktlen = kpi_mbuf_pkthdr_len(f->m);
	char all[16];
	errno_t err;

	err = kpi_mbuf_pulldown(f->m, &in, c->len, &at);
	KUNIT_EXPECT_EQ(test, err, c->error);
	if (err) {
		f->m = NULL;
		KUNIT_EXPECT_NULL(test, at);
		KUNIT_EXPECT_EQ_MSG(test, in, c->off, "the offset is kept");
		return;
	}

	expect_pulled_down(test, c, at, in);
	if (c->shape)
		mbuf_test_expect_shape(test, head, c->shape);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(head), pktlen);
	scnprintf(all, sizeof(all), "0..%zu", total - 1);
	mbuf_test_expect_bytes(test, head, all);
	if (f->peer[0])
		mbuf_test_expect_bytes(test, f->peer[0], all);
	mbuf_test_expect_sane(test, head);
}

static void pulldown_does_not_write_behind_shared_data_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t off = 90;
	mbuf_t at;
	u8 *behind;

	f->m = mbuf_test_chain(test, "h100c,50");
	behind = kpi_mbuf_data(f->m) + 100;
	memset(behind, 0xee, 50);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, 100, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pulldown(f->m, &off, 20, &at), 0);

	KUNIT_EXPECT_NULL_MSG(test, memchr_inv(behind, 0xee, 50), "bytes of the peer's cluster");
}

static void pulldown_without_memory_frees_the_chain_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t off = MHLEN - 4;
	mbuf_t at;

	f->m = mbuf_test_chain(test, "h288,100,5x");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pulldown(f->m, &off, 20, &at), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);

	f->m = NULL;
	KUNIT_EXPECT_NULL(test, at);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
}

static struct kunit_case pull_cases[] = {
	KUNIT_CASE_PARAM(pullup_test, pullup_gen_params),
	KUNIT_CASE(pullup_drops_the_tags_of_what_it_absorbs_test),
	KUNIT_CASE(pullup_keeps_the_tags_of_the_packet_test),
	KUNIT_CASE(pullup_keeps_the_packet_list_test),
	KUNIT_CASE(pullup_into_a_head_without_room_test),
	KUNIT_CASE(header_is_split_off_and_pulled_up_test),
	KUNIT_CASE(pullup_without_memory_frees_the_chain_test),
	KUNIT_CASE_PARAM(pulldown_test, pulldown_gen_params),
	KUNIT_CASE(pulldown_does_not_write_behind_shared_data_test),
	KUNIT_CASE(pulldown_without_memory_frees_the_chain_test),
	{ }
};

MBUF_TEST_SUITE(pull_suite, "mbuf_pull", pull_cases);
