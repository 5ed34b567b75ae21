// SPDX-License-Identifier: GPL-2.0
/* Allocation: what fresh mbufs look like, clusters, packets of a given length. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include "mbuf/poison.h"
#include "test.h"

/*
 * One mbuf
 */

static void expect_fresh(struct kunit *test, mbuf_t m, mbuf_flags_t flags, size_t size)
{
	KUNIT_ASSERT_NOT_NULL(test, m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(m), flags);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(m), size);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(m), size);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(m), 0);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(m), kpi_mbuf_datastart(m));
	KUNIT_EXPECT_NULL(test, kpi_mbuf_next(m));
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(m));
	KUNIT_EXPECT_EQ_MSG(test, (unsigned long)kpi_mbuf_datastart(m) % 8, 0, "alignment");
	mbuf_test_expect_sane(test, m);
}

/* All of the storage can be written, and holds what was written. */
static void expect_usable(struct kunit *test, mbuf_t m)
{
	size_t size = kpi_mbuf_maxlen(m);

	memset(kpi_mbuf_datastart(m), 0x5a, size);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setdata(m, kpi_mbuf_datastart(m), size), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(kpi_mbuf_data(m), 0x5a, size));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(m), 0);
}

static void get_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	expect_fresh(test, f->m, 0, MLEN);
	expect_usable(test, f->m);
}

static void gethdr_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	expect_fresh(test, f->m, MBUF_PKTHDR, MHLEN);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_pkthdr_rcvif(f->m));
	KUNIT_EXPECT_NULL(test, kpi_mbuf_pkthdr_header(f->m));
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), MBUF_TC_BE);
	expect_usable(test, f->m);
}

static void getpacket_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_getpacket(MBUF_WAITOK, &f->m), 0);
	expect_fresh(test, f->m, MBUF_PKTHDR | MBUF_EXT, 2048);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	expect_usable(test, f->m);
}

static void type_is_kept_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_DONTWAIT, MBUF_TYPE_CONTROL, &f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_CONTROL);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_DONTWAIT, 255, &f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->n), 255);
}

static void type_free_is_refused_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_FREE, &f->m), EINVAL);
	KUNIT_EXPECT_NULL(test, f->m);
	f->m = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_FREE, &f->m), EINVAL);
	KUNIT_EXPECT_NULL(test, f->m);
}

static void no_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	kpi_mbuf_fail_nonblocking(true);
	f->m = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->m), ENOMEM);
	KUNIT_EXPECT_NULL(test, f->m);
	f->m = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_gethdr(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->m), ENOMEM);
	KUNIT_EXPECT_NULL(test, f->m);
	f->m = (mbuf_t)test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getpacket(MBUF_DONTWAIT, &f->m), EWOULDBLOCK);
	KUNIT_EXPECT_NULL(test, f->m);
}

/*
 * Clusters
 */

static const struct cluster_case {
	const char *name;
	size_t size;
	errno_t error;
} cluster_cases[] = {
	{ "small", 2048, 0 },
	{ "page", 4096, 0 },
	{ "large", 16384, 0 },
	{ "nothing", 0, EINVAL },
	{ "one byte", 1, EINVAL },
	{ "about small", 2000, EINVAL },
	{ "between", 8192, EINVAL },
	{ "larger than large", 16385, EINVAL },
	{ "no int", 2048 + (1ULL << 32), EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(cluster, cluster_cases, name);

static void getcluster_makes_an_mbuf_test(struct kunit *test)
{
	const struct cluster_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, c->size, &f->m),
			c->error);
	if (c->error) {
		KUNIT_EXPECT_NULL(test, f->m);
		return;
	}
	expect_fresh(test, f->m, MBUF_EXT, c->size);
	expect_usable(test, f->m);
}

static void getcluster_for_an_mbuf_test(struct kunit *test)
{
	const struct cluster_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t before, second;

	before = f->m = mbuf_test_chain(test, "h5,2");
	second = kpi_mbuf_next(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_HEADER, c->size, &f->m),
			c->error);

	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_next(f->m), second);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 7);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA, "the type given is ignored");
	if (c->error) {
		mbuf_test_expect_shape(test, f->m, "h5,2");
		mbuf_test_expect_bytes(test, f->m, "0..6");
		return;
	}
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(f->m), c->size);
	expect_usable(test, f->m);
}

static void mclget_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t before;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_SONAME, &f->m), 0);
	expect_fresh(test, f->m, MBUF_EXT, 2048);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_SONAME);

	before = f->n = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n), 0);
	KUNIT_EXPECT_PTR_EQ(test, f->n, before);
	mbuf_test_expect_shape(test, f->n, "h0c");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->n), 5);
}

static void a_second_cluster_releases_the_first_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5x");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 4096, &f->m), 0);
	mbuf_test_expect_shape(test, f->m, "h0b");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().clusters, f->before.clusters + 1);
}

static void cluster_without_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclget(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->m), ENOMEM);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, 16384, &f->m),
			ENOMEM);
	mbuf_test_expect_shape(test, f->m, "h5");
	mbuf_test_expect_bytes(test, f->m, "0..4");

	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclget(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->n), ENOMEM);
	KUNIT_EXPECT_NULL(test, f->n);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, 4096, &f->n),
			ENOMEM);
	KUNIT_EXPECT_NULL(test, f->n);
}

static const struct raw_cluster_case {
	const char *name;
	size_t size, got;
	errno_t error;
} raw_cluster_cases[] = {
	{ "one byte", 1, 2048 },
	{ "small", 2048, 2048 },
	{ "one more than small", 2049, 4096 },
	{ "page", 4096, 4096 },
	{ "one more than a page", 4097, 16384 },
	{ "large", 16384, 16384 },
	{ "one more than large", 16385, 16385, ENOMEM },
	{ "no int", 1 + (1ULL << 32), 1 + (1ULL << 32), ENOMEM },
	{ "nothing", 0, 0, EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(raw_cluster, raw_cluster_cases, name);

static void alloccluster_test(struct kunit *test)
{
	const struct raw_cluster_case *c = test->param_value;
	char *untouched = (char *)test, *addr = untouched;
	size_t size = c->size;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, &addr), c->error);
	KUNIT_EXPECT_EQ(test, size, c->got);
	if (c->error) {
		KUNIT_EXPECT_PTR_EQ(test, addr, untouched);
		return;
	}
	memset(addr, 0x5a, size);
	KUNIT_EXPECT_NULL(test, memchr_inv(addr, 0x5a, size));
	kpi_mbuf_freecluster(addr, size);
}

static void alloccluster_refuses_null_test(struct kunit *test)
{
	size_t size = 100;
	char *addr;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, NULL, &addr), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, size, 100);
}

/*
 * Packets of a length
 */

static const struct packet_case {
	const char *name;
	size_t len;
	unsigned int max;	/* 0: no limit */
	errno_t error;
	unsigned int chunks;
	const char *shape;
} packet_cases[] = {
	{ "one byte", 1, 0, 0, 1, "h0" },
	{ "plain", MHLEN, 0, 0, 1, "h0" },
	{ "two plain", MHLEN + 1, 0, 0, 2, "h0,0" },
	{ "two plain in one", MHLEN + 1, 1, 0, 1, "h0c" },
	{ "two plain and full", MINCLSIZE, 0, 0, 2, "h0,0" },
	{ "small cluster", MINCLSIZE + 1, 0, 0, 1, "h0c" },
	{ "small cluster and full", 2048, 0, 0, 1, "h0c" },
	{ "page", 2049, 0, 0, 1, "h0b" },
	{ "page and full", 4096, 0, 0, 1, "h0b" },
	{ "large", 4097, 0, 0, 1, "h0j" },
	{ "large and rest", 16385, 0, 0, 2, "h0j,0c" },
	{ "large and page", 19384, 0, 0, 2, "h0j,0b" },
	{ "two large", 21384, 0, 0, 2, "h0j,0j" },
	{ "two large and full", 32768, 0, 0, 2, "h0j,0j" },
	{ "as many as allowed", 20000, 2, 0, 2, "h0j,0b" },
	{ "more than allowed", 20000, 1, ENOBUFS, 1 },
	{ "more than an int", 1UL + INT_MAX, 1, EINVAL, 1 },
	{ "nothing", 0, 0, EINVAL, 0 },
};

KUNIT_ARRAY_PARAM_DESC(packet, packet_cases, name);

static void allocpacket_test(struct kunit *test)
{
	const struct packet_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	unsigned int chunks = c->max;
	mbuf_t untouched = (mbuf_t)test, got = untouched;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket(MBUF_WAITOK, c->len, &chunks, &got), c->error);
	if (c->error) {
		KUNIT_EXPECT_EQ(test, chunks, c->max);
		KUNIT_EXPECT_PTR_EQ(test, got, untouched);
		return;
	}
	f->m = got;
	KUNIT_EXPECT_EQ(test, chunks, c->chunks);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA);
	mbuf_test_expect_shape(test, f->m, c->shape);
}

static void allocpacket_without_a_limit_pointer_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket(MBUF_WAITOK, 20000, NULL, &f->m), 0);
	mbuf_test_expect_shape(test, f->m, "h0j,0b");
}

static void allocpacket_list_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int chunks = 0;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket_list(2, MBUF_WAITOK, 20000, &chunks, &f->m), 0);
	KUNIT_EXPECT_EQ_MSG(test, chunks, 2, "per packet");
	mbuf_test_expect_shape(test, f->m, "h0j,0b");
	mbuf_test_expect_shape(test, kpi_mbuf_nextpkt(f->m), "h0j,0b");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_freem_list(f->m), 2);
	f->m = NULL;
}

static void allocpacket_list_of_none_test(struct kunit *test)
{
	mbuf_t untouched = (mbuf_t)test, got = untouched;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket_list(0, MBUF_WAITOK, 100, NULL, &got), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket_list(2, MBUF_WAITOK, 0, NULL, &got), EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, got, untouched);
}

static void packets_without_memory_test(struct kunit *test)
{
	mbuf_t untouched = (mbuf_t)test, got = untouched;
	unsigned int chunks = 5;

	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket(MBUF_DONTWAIT, 20000, &chunks, &got), ENOMEM);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_allocpacket_list(3, MBUF_DONTWAIT, 100, &chunks, &got),
			ENOMEM);
	KUNIT_EXPECT_PTR_EQ(test, got, untouched);
	KUNIT_EXPECT_EQ(test, chunks, 5);
}

/* They go in groups of some size. */
static void chains_of_all_lengths_are_freed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int len, i;

	for (len = 1; len <= 70; len++) {
		for (i = 0; i < len; i++) {
			KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n), 0);
			kpi_mbuf_setnext(f->n, f->m);
			f->m = f->n;
			f->n = NULL;
		}
		kpi_mbuf_freem(f->m);
		f->m = NULL;
		KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_counts().mbufs, f->before.mbufs, "of %u", len);
	}
}

/*
 * What is free, kept or not, is nobody's
 */

static void skip_without_kasan(struct kunit *test)
{
	if (!KPI_POISONS)
		kunit_skip(test, "no KASAN");
}

/* The pool hands out what came last, so this is the same memory again. */
static void a_free_mbuf_is_poisoned_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	void *head;
	mbuf_t m;

	skip_without_kasan(test);
	m = mbuf_test_chain(test, "h5");
	head = m->skb.head;
	KUNIT_EXPECT_FALSE(test, kpi_is_poisoned(m, sizeof(*m)));
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(m));
	KUNIT_EXPECT_TRUE_MSG(test, kpi_is_poisoned(m, sizeof(*m)), "the mbuf");
	KUNIT_EXPECT_TRUE_MSG(test, kpi_is_poisoned(head, sizeof(struct kpi_pkthdr) + MLEN),
			      "its header and data");

	KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	if (!KPI_MBUF_DEBUG)
		KUNIT_EXPECT_PTR_EQ(test, f->m, m);
	expect_usable(test, f->m);
}

/* More than a CPU keeps to itself: some are put aside, and come back. */
static void free_mbufs_put_aside_are_poisoned_test(struct kunit *test)
{
	const unsigned int many = 5 * KPI_POOL_BATCH;
	struct mbuf_fixture *f = test->priv;
	mbuf_t *kept = kunit_kcalloc(test, many, sizeof(*kept), GFP_KERNEL);
	unsigned int i, bare = 0;

	skip_without_kasan(test);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	for (i = 0; i < many; i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n), 0);
		kpi_mbuf_setnext(f->n, f->m);
		f->m = kept[i] = f->n;
		f->n = NULL;
	}
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	for (i = 0; i < many; i++)
		bare += !kpi_is_poisoned(kept[i], sizeof(struct __mbuf));
	KUNIT_EXPECT_LE_MSG(test, bare, many / KPI_POOL_BATCH, "but for the first of a batch");

	for (i = 0; i < many; i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n), 0);
		expect_usable(test, f->n);
		kpi_mbuf_setnext(f->n, f->m);
		f->m = f->n;
		f->n = NULL;
	}
}

static const struct poison_case {
	const char *name;
	size_t size;
} poison_cases[] = {
	{ "small", 2048 },
	{ "page", 4096 },
	{ "large", 16384 },
};

KUNIT_ARRAY_PARAM_DESC(poison, poison_cases, name);

static void a_free_cluster_is_poisoned_test(struct kunit *test)
{
	const struct poison_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	size_t size = c->size;
	u8 *addr;

	skip_without_kasan(test);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, size, &f->m), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, size, &f->n), 0);
	addr = kpi_mbuf_datastart(f->n);
	expect_usable(test, f->n);
	f->n = kpi_mbuf_free(f->n);
	KUNIT_EXPECT_TRUE_MSG(test, kpi_is_poisoned(addr, size),
			      "while its block has another user");
	expect_usable(test, f->m);

	addr = kpi_mbuf_datastart(f->m);
	f->m = kpi_mbuf_free(f->m);
	KUNIT_EXPECT_TRUE_MSG(test, kpi_is_poisoned(addr, size), "with its block");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, size, &f->m), 0);
	expect_usable(test, f->m);
}

/* What is carved from a block that nobody has is carved from it again. */
static void a_free_block_is_used_again_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int i, j, places = 0;
	void *seen[32];

	if (KPI_MBUF_DEBUG)
		kunit_skip(test, "a debug build does not use it again");
	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 16384, &f->m), 0);
		seen[i] = kpi_mbuf_datastart(f->m);
		f->m = kpi_mbuf_free(f->m);
		for (j = 0; seen[j] != seen[i]; j++)
			;
		places += j == i;
	}
	KUNIT_EXPECT_LT(test, places, (unsigned int)ARRAY_SIZE(seen) / 2);
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE(get_test),
	KUNIT_CASE(gethdr_test),
	KUNIT_CASE(getpacket_test),
	KUNIT_CASE(type_is_kept_test),
	KUNIT_CASE(type_free_is_refused_test),
	KUNIT_CASE(no_memory_test),
	KUNIT_CASE_PARAM(getcluster_makes_an_mbuf_test, cluster_gen_params),
	KUNIT_CASE_PARAM(getcluster_for_an_mbuf_test, cluster_gen_params),
	KUNIT_CASE(mclget_test),
	KUNIT_CASE(a_second_cluster_releases_the_first_test),
	KUNIT_CASE(cluster_without_memory_test),
	KUNIT_CASE_PARAM(alloccluster_test, raw_cluster_gen_params),
	KUNIT_CASE(alloccluster_refuses_null_test),
	KUNIT_CASE_PARAM(allocpacket_test, packet_gen_params),
	KUNIT_CASE(allocpacket_without_a_limit_pointer_test),
	KUNIT_CASE(allocpacket_list_test),
	KUNIT_CASE(allocpacket_list_of_none_test),
	KUNIT_CASE(packets_without_memory_test),
	KUNIT_CASE(chains_of_all_lengths_are_freed_test),
	KUNIT_CASE(a_free_mbuf_is_poisoned_test),
	KUNIT_CASE(free_mbufs_put_aside_are_poisoned_test),
	KUNIT_CASE_PARAM(a_free_cluster_is_poisoned_test, poison_gen_params),
	KUNIT_CASE(a_free_block_is_used_again_test),
	{ }
};

MBUF_TEST_SUITE(alloc_suite, "mbuf_alloc", alloc_cases);
