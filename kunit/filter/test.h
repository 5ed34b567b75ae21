/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of filters and interfaces, written as kext code: see ../kern/test.h. */
#ifndef _KUNIT_FILTER_TEST_H
#define _KUNIT_FILTER_TEST_H

#include "../kern/test.h"

#define FT_SUITES(suite)						\
	suite(filter_ip)

FT_SUITES(KT_DECLARE)

#endif /* _KUNIT_FILTER_TEST_H */
