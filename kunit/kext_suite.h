/* SPDX-License-Identifier: GPL-2.0 */
/* KUnit suites of tests that are written as kext code: one of each table. */
#ifndef _KUNIT_KEXT_SUITE_H
#define _KUNIT_KEXT_SUITE_H

#include "kext_test.h"
#include "kunit_compat.h"

/* A suite is a kext meanwhile, so that what it holds is counted. */
int kt_become_kext(struct kunit_suite *suite);
int kt_become_direct_kext(struct kunit_suite *suite);
void kt_no_kext_any_more(struct kunit_suite *suite);

const void *kt_next_case(const struct kt_case *first, const struct kt_case *prev, char *desc);
void kt_run(struct kunit *test);
void kt_leaves_nothing(struct kunit *test);

static inline void run(struct kunit *test)
{
	kt_run(test);
}

static inline void leaves_nothing(struct kunit *test)
{
	kt_leaves_nothing(test);
}

#define MAKE_SUITE(suite)		MAKE_SUITE_OF(suite, kt_become_kext, NULL, NULL)
#define MAKE_DIRECT_SUITE(suite)	MAKE_SUITE_OF(suite, kt_become_direct_kext, NULL, NULL)

/* begin and end are called around each case; may be NULL. */
#define MAKE_SUITE_OF(suite, become, begin, end)				\
static KUNIT_PARAM_GENERATOR(suite ## _next)					\
{										\
	return kt_next_case(suite ## _cases, prev, desc);				\
}										\
										\
static struct kunit_case suite ## _kunit_cases[] = {				\
	KUNIT_CASE_PARAM(run, suite ## _next),					\
	KUNIT_CASE(leaves_nothing),						\
	{}									\
};										\
										\
static struct kunit_suite suite ## _suite = {					\
	.name = #suite,								\
	.suite_init = become,							\
	.suite_exit = kt_no_kext_any_more,						\
	.init = (begin),							\
	.exit = (end),								\
	.test_cases = suite ## _kunit_cases,					\
};

#endif /* _KUNIT_KEXT_SUITE_H */
