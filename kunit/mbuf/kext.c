// SPDX-License-Identifier: GPL-2.0
/* mbufs as kexts see them: calls that are loads and stores there, queues, constants. */

#include <linux/limits.h>
#include <linux/module.h>

#include "kext.h"
#include "test.h"

static const struct shape_case {
	const char *name;
	const char *shape;
} shape_cases[] = {
	{ "plain", "10@20" },
	{ "packet", "h10,5" },
	{ "empty packet", "h0" },
	{ "cluster", "h100c@7,5" },
	{ "shared cluster", "h100c*@7" },
	{ "large cluster", "16384j" },
	{ "caller's buffer", "h50x@3" },
	{ "full", "h288" },
};

KUNIT_ARRAY_PARAM_DESC(shape, shape_cases, name);

#define EXPECT_AGREEMENT(test, disagreement)						\
	KUNIT_EXPECT_STREQ_MSG(test, (disagreement) ?: "nothing", "nothing",		\
			       "what differs between call and function")

static void inline_calls_are_the_functions_test(struct kunit *test)
{
	const struct shape_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_t m;

	f->m = mbuf_test_chain(test, c->shape);
	f->n = mbuf_test_chain(test, "h3");
	kpi_mbuf_setnextpkt(f->m, f->n);
	for (m = f->m; m; m = kpi_mbuf_next(m))
		EXPECT_AGREEMENT(test, mbuf_kext_getters(m));
	kpi_mbuf_setnextpkt(f->m, NULL);
}

static void inline_setters_are_the_functions_test(struct kunit *test)
{
	static const size_t lengths[] = {
		0, 1, 268, 269, 288, 289, 2041, 2048, 16384, 16385, INT_MAX, 1ULL << 31,
		1ULL << 32, SIZE_MAX,
	};
	const struct shape_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	int i;

	f->m = mbuf_test_chain(test, c->shape);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		EXPECT_AGREEMENT(test, mbuf_kext_setlen(f->m, lengths[i]));
		EXPECT_AGREEMENT(test, mbuf_kext_pkthdr_setlen(f->m, lengths[i]));
		mbuf_test_expect_sane(test, f->m);
	}
}

static void a_negative_packet_length_is_0_inline_too_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_pkthdr_adjustlen(f->m, -7);
	EXPECT_AGREEMENT(test, mbuf_kext_getters(f->m));
}

static void null_is_a_mistake_inline_too_test(struct kunit *test)
{
	EXPECT_AGREEMENT(test, mbuf_kext_getters(NULL));
	KUNIT_EXPECT_GE(test, mbuf_test_misuses(test), 10);
	EXPECT_AGREEMENT(test, mbuf_kext_setlen(NULL, 5));
	EXPECT_AGREEMENT(test, mbuf_kext_pkthdr_setlen(NULL, 5));
	KUNIT_EXPECT_GE(test, mbuf_test_misuses(test), 6);
}

static void interface_queue_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h1");
	f->n = mbuf_test_chain(test, "h2");
	f->peer[0] = mbuf_test_chain(test, "h3");
	KUNIT_EXPECT_STREQ(test, mbuf_kext_queue(f->m, f->n, f->peer[0]) ?: "right", "right");
}

static struct kunit_case kext_cases[] = {
	KUNIT_CASE_PARAM(inline_calls_are_the_functions_test, shape_gen_params),
	KUNIT_CASE_PARAM(inline_setters_are_the_functions_test, shape_gen_params),
	KUNIT_CASE(a_negative_packet_length_is_0_inline_too_test),
	KUNIT_CASE(null_is_a_mistake_inline_too_test),
	KUNIT_CASE(interface_queue_test),
	{ }
};

MBUF_TEST_SUITE(kext_suite, "mbuf_kext", kext_cases);
