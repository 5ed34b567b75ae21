// SPDX-License-Identifier: GPL-2.0
/*
 * Mistakes of the calling kext: NULL, a freed mbuf, something that is no mbuf, an
 * mbuf without packet header, no place for the result. Each call answers with an
 * errno or a harmless value, counts the mistake and changes nothing.
 */

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kasan.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "test.h"

/* Places for results. */
static struct results {
	mbuf_t m;
	u8 u8s[2];
	u16 u16s[2];
	u32 u32s[3];
	u64 u64s[2];
	size_t size;
	boolean_t truth;
	uintptr_t words[2];
	void *pointer;
	u8 *area;
	kern_return_t status;
	mbuf_buffer_status_t buffer_status;
	u8 bytes[16];
} r;

/* mbuf_calls.inc has the calls: first they become functions, then rows of tables. */
#define FUNCTION(name, want, call)						\
static long call_##name(mbuf_t m, mbuf_tag_id_t id)				\
{										\
	BUILD_BUG_ON((want) && (want) != EINVAL);				\
	return call;								\
}

#define MBUF_CALL	FUNCTION
#define PACKET_CALL	FUNCTION
#define ANY_CALL	FUNCTION
#define NULL_CALL	FUNCTION
#include "calls.inc"

struct call_case {
	const char *name;
	long want;
	long (*call)(mbuf_t m, mbuf_tag_id_t id);
};

#define ROW(name, want, call)	{ #call, want, call_##name },
#define NO_ROW(...)

static const struct call_case mbuf_calls[] = {
#define MBUF_CALL	ROW
#define PACKET_CALL	NO_ROW
#define ANY_CALL	NO_ROW
#define NULL_CALL	NO_ROW
#include "calls.inc"
};

static const struct call_case packet_calls[] = {
#define MBUF_CALL	NO_ROW
#define PACKET_CALL	ROW
#define ANY_CALL	NO_ROW
#define NULL_CALL	NO_ROW
#include "calls.inc"
};

static const struct call_case any_calls[] = {
#define MBUF_CALL	NO_ROW
#define PACKET_CALL	NO_ROW
#define ANY_CALL	ROW
#define NULL_CALL	NO_ROW
#include "calls.inc"
};

static const struct call_case null_calls[] = {
#define MBUF_CALL	NO_ROW
#define PACKET_CALL	NO_ROW
#define ANY_CALL	NO_ROW
#define NULL_CALL	ROW
#include "calls.inc"
};

static const struct call_case all_calls[] = {
#define MBUF_CALL	ROW
#define PACKET_CALL	ROW
#define ANY_CALL	ROW
#define NULL_CALL	ROW
#include "calls.inc"
};

KUNIT_ARRAY_PARAM_DESC(mbuf_call, mbuf_calls, name);
KUNIT_ARRAY_PARAM_DESC(packet_call, packet_calls, name);
KUNIT_ARRAY_PARAM_DESC(any_call, any_calls, name);
KUNIT_ARRAY_PARAM_DESC(null_call, null_calls, name);
KUNIT_ARRAY_PARAM_DESC(call, all_calls, name);

/* The answer, and that nothing came into being. */
static void expect_refused(struct kunit *test, mbuf_t m)
{
	const struct call_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);

	memset(&r, 0, sizeof(r));
	f->misuses = kpi_misuse_count();
	KUNIT_EXPECT_EQ(test, c->call(m, id), c->want);
	KUNIT_EXPECT_NULL(test, r.m);
	KUNIT_EXPECT_NULL(test, r.pointer);
}

static void null_is_a_mistake_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void null_is_answered_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_LE_MSG(test, mbuf_test_misuses(test), 1, "mistakes");
}

static void null_is_as_good_as_any_test(struct kunit *test)
{
	expect_refused(test, NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void no_packet_is_a_mistake_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "100");
	expect_refused(test, f->m);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	mbuf_test_expect_shape(test, f->m, "100");
	mbuf_test_expect_bytes(test, f->m, "0..99");
}

static void no_packet_is_answered_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "100");
	expect_refused(test, f->m);
	mbuf_test_expect_shape(test, f->m, "100");
	mbuf_test_expect_bytes(test, f->m, "0..99");
}

/*
 * Debug builds look before they touch, and report the kext that made the call.
 * Looking at freed memory is what KASAN reports, too; here that is no news.
 */

static void skip_unless_debug(struct kunit *test)
{
	if (!KPI_MBUF_DEBUG)
		kunit_skip(test, "not a debug build");
}

static void a_freed_mbuf_is_noticed_test(struct kunit *test)
{
	mbuf_t m;

	skip_unless_debug(test);
	m = mbuf_test_chain(test, "h5");
	kpi_mbuf_freem(m);
	kasan_disable_current();
	expect_refused(test, m);
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void what_is_no_mbuf_is_noticed_test(struct kunit *test)
{
	void *memory = kunit_kzalloc(test, sizeof(struct sk_buff), GFP_KERNEL);

	skip_unless_debug(test);
	KUNIT_ASSERT_NOT_NULL(test, memory);
	expect_refused(test, memory);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

static void a_second_free_is_noticed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t m;

	skip_unless_debug(test);
	m = mbuf_test_chain(test, "h5x");
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(m));
	kasan_disable_current();
	KUNIT_EXPECT_NULL(test, kpi_mbuf_free(m));
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ_MSG(test, f->buffer[0].freed, 1, "its buffer");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().mbufs, f->before.mbufs);
}

static void a_freed_mbuf_in_a_chain_is_noticed_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	skip_unless_debug(test);
	f->m = mbuf_test_chain(test, "h5,3,2");
	second = kpi_mbuf_next(f->m);
	f->n = kpi_mbuf_next(second);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_free(second), f->n);
	kasan_disable_current();
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "the checker sees it");
	kasan_enable_current();
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, NULL), 0);
	mbuf_test_expect_sane(test, f->m);
}

/*
 * No place for the result
 */

#define PLACE_CALL(name, call)							\
static errno_t place_##name(mbuf_t m)						\
{										\
	return call;								\
}
#include "calls_null.inc"

static const struct place_case {
	const char *name;
	errno_t (*call)(mbuf_t m);
} place_cases[] = {
#define PLACE_CALL(name, call)	{ #call, place_##name },
#include "calls_null.inc"
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

/* pulldown frees the chain whatever is wrong. */
static void no_place_for_the_result_test(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	memset(&r, 0, sizeof(r));
	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 5), 0);
	KUNIT_EXPECT_EQ(test, c->call(f->m), EINVAL);
	if (strstarts(c->name, "kpi_mbuf_pulldown"))
		f->m = NULL;
	else
		mbuf_test_expect_bytes(test, f->m, "0..4");
}

static void no_place_for_statistics_test(struct kunit *test)
{
	kpi_mbuf_stats(NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
}

/*
 * Odd mixtures
 */

static void a_null_packet_cannot_be_prepended_to_test(struct kunit *test)
{
	mbuf_t none = NULL;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_prepend(&none, 4, MBUF_WAITOK), EINVAL);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pullup(&none, 4), EINVAL);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 2);
}

static void memory_that_is_no_cluster_is_left_alone_test(struct kunit *test)
{
	char *memory = kunit_kzalloc(test, 2048, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	kpi_mbuf_freecluster(memory, 2048);
	kpi_mbuf_freecluster(NULL, 2048);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 2);
	KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0, 2048));
}

static void the_middle_of_a_cluster_is_none_test(struct kunit *test)
{
	size_t size = 2048;
	char *addr;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, &addr), 0);
	kpi_mbuf_freecluster(addr + 100, size);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	kpi_mbuf_freecluster(addr, size);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void a_cluster_of_another_size_is_freed_all_the_same_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t size = 4096;
	char *addr;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_alloccluster(MBUF_WAITOK, &size, &addr), 0);
	kpi_mbuf_freecluster(addr, 1000);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().clusters, f->before.clusters);
}

/* A cluster that an mbuf has is not the caller's to free. */
static void an_attached_cluster_is_not_the_callers_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h100c@10");
	kpi_mbuf_freecluster(kpi_mbuf_data(f->m), 2048);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 1, "an address inside of a cluster");
	kpi_mbuf_freecluster(kpi_mbuf_datastart(f->m), 2048);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 1, "the cluster itself");
	mbuf_test_expect_bytes(test, f->m, "0..99");
	mbuf_test_expect_sane(test, f->m);
}

/* The checker itself. */
static void the_checker_sees_a_ring_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	f->m = mbuf_test_chain(test, "h5,3");
	second = kpi_mbuf_next(f->m);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(second, f->m), 0);
	KUNIT_EXPECT_NOT_NULL(test, kpi_mbuf_check(f->m));
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(second, NULL), 0);
	mbuf_test_expect_sane(test, f->m);

	kpi_mbuf_setnextpkt(f->m, f->m);
	KUNIT_EXPECT_NOT_NULL(test, kpi_mbuf_check(f->m));
	kpi_mbuf_setnextpkt(f->m, NULL);
}

static void the_checker_sees_a_damaged_mbuf_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct kpi_mcb *mcb, good;

	f->m = mbuf_test_chain(test, "h5,100c");
	mcb = kpi_mcb(kpi_mbuf_next(f->m));
	good = *mcb;

	mcb->len = 5000;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "length");
	*mcb = good;
	mcb->data = good.start - 1;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "data pointer");
	*mcb = good;
	mcb->store = NULL;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "storage");
	*mcb = good;
	mcb->flags |= 0x8000;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "flags");
	*mcb = good;
	mcb->flags &= ~MBUF_EXT;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "MBUF_EXT");
	*mcb = good;
	mcb->type = MBUF_TYPE_FREE;
	KUNIT_EXPECT_NOT_NULL_MSG(test, kpi_mbuf_check(f->m), "type");
	*mcb = good;
	mbuf_test_expect_sane(test, f->m);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_check(NULL));
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE_PARAM(null_is_a_mistake_test, mbuf_call_gen_params),
	KUNIT_CASE_PARAM(null_is_a_mistake_test, packet_call_gen_params),
	KUNIT_CASE_PARAM(null_is_answered_test, any_call_gen_params),
	KUNIT_CASE_PARAM(null_is_as_good_as_any_test, null_call_gen_params),
	KUNIT_CASE_PARAM(no_packet_is_a_mistake_test, packet_call_gen_params),
	KUNIT_CASE_PARAM(no_packet_is_answered_test, any_call_gen_params),
	KUNIT_CASE_PARAM(a_freed_mbuf_is_noticed_test, call_gen_params),
	KUNIT_CASE_PARAM(what_is_no_mbuf_is_noticed_test, call_gen_params),
	KUNIT_CASE(a_second_free_is_noticed_test),
	KUNIT_CASE(a_freed_mbuf_in_a_chain_is_noticed_test),
	KUNIT_CASE_PARAM(no_place_for_the_result_test, place_gen_params),
	KUNIT_CASE(no_place_for_statistics_test),
	KUNIT_CASE(a_null_packet_cannot_be_prepended_to_test),
	KUNIT_CASE(memory_that_is_no_cluster_is_left_alone_test),
	KUNIT_CASE(the_middle_of_a_cluster_is_none_test),
	KUNIT_CASE(a_cluster_of_another_size_is_freed_all_the_same_test),
	KUNIT_CASE(an_attached_cluster_is_not_the_callers_test),
	KUNIT_CASE(the_checker_sees_a_ring_test),
	KUNIT_CASE(the_checker_sees_a_damaged_mbuf_test),
	{ }
};

MBUF_TEST_SUITE(misuse_suite, "mbuf_misuse", misuse_cases);
