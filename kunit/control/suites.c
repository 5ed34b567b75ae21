// SPDX-License-Identifier: GPL-2.0
/* The suites control_*: kernel controls, from the kext's side and from a program's. */

#include <linux/module.h>

#include "kpi_priv.h"

#include "../kext_suite.h"
#include "test.h"

CT_SUITES(MAKE_SUITE)

kunit_test_suites(&control_register_suite, &control_connect_suite, &control_data_suite,
		  &control_option_suite, &control_event_suite,
		  &control_socket_suite, &control_race_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of netkpi's kernel controls");
