/* SPDX-License-Identifier: GPL-2.0 */
/* Tests of the kernel facilities: see ../kext_test.h. */
#ifndef _KUNIT_KERN_TEST_H
#define _KUNIT_KERN_TEST_H

#include "../kext_test.h"

#define KT_SUITES(suite)						\
	suite(kern_atomic) suite(kern_clock) suite(kern_digest)		\
	suite(kern_format)						\
	suite(kern_list) suite(kern_lock) suite(kern_memory)		\
	suite(kern_proc) suite(kern_rwlock) suite(kern_sleep)		\
	suite(kern_string) suite(kern_sysctl) suite(kern_thread)	\
	suite(kern_thread_call) suite(kern_uio) suite(kern_utf)	\
	suite(kern_zlib)

KT_SUITES(KT_DECLARE)

#endif /* _KUNIT_KERN_TEST_H */
