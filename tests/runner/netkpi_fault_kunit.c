// SPDX-License-Identifier: GPL-2.0
/* Suites that misbehave on demand, to see that the runner notices. */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/slab.h>

static char *what = "nothing";
module_param(what, charp, 0444);

static bool asked_for(const char *fault)
{
	return !strcmp(what, fault);
}

static void panic_test(struct kunit *test)
{
	if (asked_for("panic"))
		panic("asked for");
}

static void hang_test(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(never);

	if (asked_for("hang"))
		wait_for_completion(&never);
}

static void warning_test(struct kunit *test)
{
	WARN_ON(asked_for("warning"));
}

static void oops_test(struct kunit *test)
{
	if (asked_for("oops"))
		*(volatile int *)8 = 0;
}

static void out_of_bounds_test(struct kunit *test)
{
	volatile char *bytes = kunit_kzalloc(test, 16, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	if (asked_for("out_of_bounds"))
		bytes[16] = 1;
}

static void leak_test(struct kunit *test)
{
	void *lost = asked_for("leak") ? kmalloc(100, GFP_KERNEL) : NULL;

	KUNIT_EXPECT_EQ(test, lost != NULL, asked_for("leak"));
}

static void failure_test(struct kunit *test)
{
	KUNIT_EXPECT_FALSE_MSG(test, asked_for("failure"), "asked for");
}

static struct kunit_case fault_cases[] = {
	KUNIT_CASE(panic_test),
	KUNIT_CASE(hang_test),
	KUNIT_CASE(warning_test),
	KUNIT_CASE(oops_test),
	KUNIT_CASE(out_of_bounds_test),
	KUNIT_CASE(leak_test),
	KUNIT_CASE(failure_test),
	{}
};

static struct kunit_suite fault_suite = {
	.name = "fault",
	.test_cases = fault_cases,
};

kunit_test_suite(fault_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults for the self-test of tools/guest/run");
