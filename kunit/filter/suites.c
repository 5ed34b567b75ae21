// SPDX-License-Identifier: GPL-2.0
/* The suites filter_*: KUnit around the tests that are written as kext code. */

#include <linux/module.h>

#include "kpi_priv.h"

#include "../kext_suite.h"
#include "test.h"

FT_SUITES(MAKE_SUITE)
FT_DIRECT_SUITES(MAKE_DIRECT_SUITE)

kunit_test_suites(&filter_ip_suite, &filter_ip_inject_suite, &filter_ip_direct_suite,
		  &filter_ip_inject_direct_suite, &filter_interface_suite,
		  &filter_made_suite, &filter_interface_direct_suite, &filter_ifnet_suite,
		  &filter_large_suite, &filter_large_direct_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of packets in flight: filters and interfaces");
