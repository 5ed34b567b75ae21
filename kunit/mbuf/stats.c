// SPDX-License-Identifier: GPL-2.0
/* Counters: right after every single call, and back where they were at the end. */

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <netkpi/skb.h>

#include "test.h"

static struct bsd_mbuf_stat *stats_now(struct kunit *test)
{
	struct bsd_mbuf_stat *stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stats);
	kpi_mbuf_stats(stats);
	return stats;
}

static unsigned int of_type(struct kunit *test, mbuf_type_t type)
{
	return stats_now(test)->mtypes[type];
}

static void sizes_test(struct kunit *test)
{
	struct bsd_mbuf_stat *stats = stats_now(test);

	KUNIT_EXPECT_EQ(test, stats->msize, 512);
	KUNIT_EXPECT_EQ(test, stats->mclbytes, 2048);
	KUNIT_EXPECT_EQ(test, stats->bigmclbytes, 4096);
	KUNIT_EXPECT_EQ(test, stats->mlen, MLEN);
	KUNIT_EXPECT_EQ(test, stats->mhlen, MHLEN);
	KUNIT_EXPECT_EQ(test, stats->minclsize, MINCLSIZE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_mlen(), MLEN);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_mhlen(), MHLEN);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_minclsize(), MINCLSIZE);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_msize(), 512);
}

static void types_are_counted_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int data = of_type(test, MBUF_TYPE_DATA);
	unsigned int control = of_type(test, MBUF_TYPE_CONTROL);

	f->m = mbuf_test_chain(test, "h5,3,2c");
	KUNIT_EXPECT_EQ(test, of_type(test, MBUF_TYPE_DATA), data + 3);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_settype(f->m, MBUF_TYPE_CONTROL), 0);
	KUNIT_EXPECT_EQ(test, of_type(test, MBUF_TYPE_DATA), data + 2);
	KUNIT_EXPECT_EQ(test, of_type(test, MBUF_TYPE_CONTROL), control + 1);
	f->m = kpi_mbuf_free(f->m);
	KUNIT_EXPECT_EQ(test, of_type(test, MBUF_TYPE_CONTROL), control);
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, of_type(test, MBUF_TYPE_DATA), data);
}

/* There are 256 counters and 2^32 types. */
static void types_beyond_the_table_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, 0xfffffff0, &f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), 0xfffffff0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().mbufs, f->before.mbufs + 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_settype(f->m, 256), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_settype(f->m, 255), 0);
	KUNIT_EXPECT_EQ(test, of_type(test, 255), 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().mbufs, f->before.mbufs + 1);
}

static const struct count_case {
	const char *name;
	const char *shape;
	long mbufs, clusters, extbufs;
} count_cases[] = {
	{ "plain", "h5,3", 2, 0, 0 },
	{ "clusters of all sizes", "h5c,3b,2j", 3, 3, 0 },
	{ "caller's buffers", "h5x,3x", 2, 0, 2 },
	{ "shared cluster counts once", "h5c*", 2, 1, 0 },
	{ "shared buffer counts once", "h5x*", 2, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(count, count_cases, name);

static void counts_test(struct kunit *test)
{
	const struct count_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	struct kpi_mbuf_counts now;

	f->m = mbuf_test_chain(test, c->shape);
	now = kpi_mbuf_counts();
	KUNIT_EXPECT_EQ(test, now.mbufs - f->before.mbufs, c->mbufs);
	KUNIT_EXPECT_EQ(test, now.clusters - f->before.clusters, c->clusters);
	KUNIT_EXPECT_EQ(test, now.extbufs - f->before.extbufs, c->extbufs);

	kpi_mbuf_freem(f->m);
	f->m = NULL;
	now = kpi_mbuf_counts();
	KUNIT_EXPECT_EQ_MSG(test, now.clusters - f->before.clusters, f->peer[0] ? c->clusters : 0,
			    "storage lives as long as one mbuf has it");
	KUNIT_EXPECT_EQ(test, now.extbufs - f->before.extbufs, f->peer[0] ? c->extbufs : 0);
}

static void clusters_are_in_the_statistics_test(struct kunit *test)
{
	struct bsd_mbuf_stat *before = stats_now(test), *now;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5c,3c,2b");
	now = stats_now(test);
	KUNIT_EXPECT_EQ(test, now->clusters - now->clfree, before->clusters - before->clfree + 2);
	KUNIT_EXPECT_EQ(test, now->bigclusters - now->bigclfree,
			before->bigclusters - before->bigclfree + 1);
	KUNIT_EXPECT_GE_MSG(test, now->mbufs, 3, "mbufs in existence");
}

static void raw_clusters_are_counted_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t size = 4096;
	char *addr;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, &addr), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().clusters, f->before.clusters + 1);
	kpi_mbuf_freecluster(addr, size);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().clusters, f->before.clusters);
}

static void failures_are_counted_test(struct kunit *test)
{
	struct bsd_mbuf_stat *before = stats_now(test), *now;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5,3");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->n), ENOMEM);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copym(f->m, 0, 8, MBUF_DONTWAIT, &f->n), ENOMEM);
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pullup(&f->m, 9), ENOMEM);

	now = stats_now(test);
	KUNIT_EXPECT_GT_MSG(test, now->drops, before->drops, "failed allocations");
	KUNIT_EXPECT_EQ_MSG(test, now->mcfail, before->mcfail + 1, "failed copym");
	KUNIT_EXPECT_EQ_MSG(test, now->mpfail, before->mpfail + 1, "failed pullup");
}

/* The kernel's own refusals, too, when nothing is left that was kept. */
static void failures_of_the_kernel_are_counted_test(struct kunit *test)
{
#ifdef CONFIG_FAULT_INJECTION
	struct mbuf_fixture *f = test->priv;
	unsigned int drops = stats_now(test)->drops;
	errno_t err = 0;
	unsigned int n;

	for (n = 0; n < 100000 && !err; n++) {
		current->fail_nth = 1;
		err = kpi_mbuf_get(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->n);
		current->fail_nth = 0;
		if (err)
			break;
		kpi_mbuf_setnext(f->n, f->m);
		f->m = f->n;
		f->n = NULL;
	}
	KUNIT_EXPECT_EQ(test, err, ENOMEM);
	KUNIT_EXPECT_EQ(test, stats_now(test)->drops, drops + 1);
#else
	kunit_skip(test, "no fault injection in this kernel");
#endif
}

/*
 * What is kept for the next user
 */

#define MANY		6000
#define BATCH_AT_MOST	(2 * KPI_POOL_BATCH)

/* Mbufs that exist and are not in use. */
static long kept_now(struct kunit *test)
{
	return (long)(int)stats_now(test)->mbufs - kpi_mbuf_counts().mbufs;
}

static void expect_kept_in_bounds(struct kunit *test, const char *when)
{
	long most = KPI_MBUF_DEBUG ? 0 : (32 + 2 * num_possible_cpus()) * BATCH_AT_MOST;
	long kept = kept_now(test);

	KUNIT_EXPECT_GE_MSG(test, kept, 0, "%s: mbufs kept", when);
	KUNIT_EXPECT_LE_MSG(test, kept, most, "%s: mbufs kept", when);
}

static void no_more_is_kept_than_allowed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n), 0);
		kpi_mbuf_setnext(f->n, f->m);
		f->m = f->n;
		f->n = NULL;
	}
	expect_kept_in_bounds(test, "all in use");
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	expect_kept_in_bounds(test, "all freed");
}

/* Neither what leaves as an sk_buff nor what comes back as one is counted twice. */
static void sk_buffs_are_no_mbufs_any_more_test(struct kunit *test)
{
	long kept = kept_now(test);
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		skb = kpi_mbuf_to_skb(mbuf_test_chain(test, "h5"), 0, GFP_KERNEL);
		KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(skb));
		KUNIT_ASSERT_NULL_MSG(test, memchr_inv(skb->cb, 0, sizeof(skb->cb)), "the stack's");
		kfree_skb(skb);
	}
	KUNIT_EXPECT_LE(test, kept_now(test), kept + BATCH_AT_MOST);
	expect_kept_in_bounds(test, "all sent");
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(no_more_is_kept_than_allowed_test),
	KUNIT_CASE(sk_buffs_are_no_mbufs_any_more_test),
	KUNIT_CASE(sizes_test),
	KUNIT_CASE(types_are_counted_test),
	KUNIT_CASE(types_beyond_the_table_test),
	KUNIT_CASE_PARAM(counts_test, count_gen_params),
	KUNIT_CASE(clusters_are_in_the_statistics_test),
	KUNIT_CASE(raw_clusters_are_counted_test),
	KUNIT_CASE(failures_are_counted_test),
	KUNIT_CASE(failures_of_the_kernel_are_counted_test),
	{ }
};

MBUF_TEST_SUITE(stats_suite, "mbuf_stats", stats_cases);
