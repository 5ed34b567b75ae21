// SPDX-License-Identifier: GPL-2.0
/* The suites kern_*. */

#include <linux/module.h>

#include "kpi_priv.h"

#include "../kext_suite.h"
#include "test.h"

KT_SUITES(MAKE_SUITE)

kunit_test_suites(&kern_atomic_suite, &kern_clock_suite, &kern_digest_suite,
		  &kern_format_suite, &kern_list_suite, &kern_lock_suite, &kern_memory_suite,
		  &kern_proc_suite, &kern_rwlock_suite, &kern_sleep_suite,
		  &kern_string_suite, &kern_sysctl_suite, &kern_thread_suite,
		  &kern_thread_call_suite, &kern_uio_suite, &kern_utf_suite,
		  &kern_zlib_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of netkpi's kernel facilities");
