/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Conditions that are looked at on the way: check() says when one is not met,
 * verify() also where nothing is said, require() goes to a label, its kin with
 * "action" do something first. They speak if DEBUG_ASSERT_PRODUCTION_CODE is 0;
 * "quiet" ones never do.
 */
#ifndef __ASSERTMACROS__
#define __ASSERTMACROS__

#ifndef DEBUG_ASSERT_PRODUCTION_CODE
#define DEBUG_ASSERT_PRODUCTION_CODE	1
#endif
#ifndef DEBUG_ASSERT_COMPONENT_NAME_STRING
#define DEBUG_ASSERT_COMPONENT_NAME_STRING	"kext"
#endif

#if DEBUG_ASSERT_PRODUCTION_CODE
#define __KPI_SAY_NOT(words)		((void)0)
#define __Check(condition)		((void)0)
#define __Check_noErr(error)		((void)0)
#else
#include <kpi/print.h>
#define __KPI_SAY_NOT(words) \
	((void)kpi_printf("%s: not so: %s (%s:%d)\n", DEBUG_ASSERT_COMPONENT_NAME_STRING, words, __FILE__, __LINE__))
#define __Check(condition)		__Verify(condition)
#define __Check_noErr(error)		__Verify_noErr(error)
#endif
#define __Check_String(condition, words)	__Check(condition)
#define __nCheck(condition)		__Check(!(condition))
#define __Debug_String(words)		__KPI_SAY_NOT(words)

#define __KPI_UNLESS(condition, words, ...)					\
do {										\
	if (__builtin_expect(!(condition), 0)) {				\
		__KPI_SAY_NOT(words);						\
		__VA_ARGS__;							\
	}									\
} while (0)

#define __KPI_UNLESS_QUIET(condition, ...)					\
do {										\
	if (__builtin_expect(!(condition), 0)) {				\
		__VA_ARGS__;							\
	}									\
} while (0)

#define __Verify(condition)		__KPI_UNLESS(condition, #condition, (void)0)
#define __Verify_noErr(error)		__KPI_UNLESS((error) == 0, #error, (void)0)
#define __Verify_String(condition, words)	__KPI_UNLESS(condition, words, (void)0)
#define __Verify_Action(condition, action)	__KPI_UNLESS(condition, #condition, { action; })
#define __Verify_noErr_Action(error, action)	__KPI_UNLESS((error) == 0, #error, { action; })
#define __nVerify(condition)		__Verify(!(condition))

#define __Require(condition, label)	__KPI_UNLESS(condition, #condition, goto label)
#define __Require_String(condition, label, words)	__KPI_UNLESS(condition, words, goto label)
#define __Require_Quiet(condition, label)	__KPI_UNLESS_QUIET(condition, goto label)
#define __Require_Action(condition, label, action) \
	__KPI_UNLESS(condition, #condition, { action; } goto label)
#define __Require_Action_String(condition, label, action, words) \
	__KPI_UNLESS(condition, words, { action; } goto label)
#define __Require_Action_Quiet(condition, label, action) \
	__KPI_UNLESS_QUIET(condition, { action; } goto label)

#define __Require_noErr(error, label)	__KPI_UNLESS((error) == 0, #error, goto label)
#define __Require_noErr_String(error, label, words)	__KPI_UNLESS((error) == 0, words, goto label)
#define __Require_noErr_Quiet(error, label)	__KPI_UNLESS_QUIET((error) == 0, goto label)
#define __Require_noErr_Action(error, label, action) \
	__KPI_UNLESS((error) == 0, #error, { action; } goto label)
#define __Require_noErr_Action_String(error, label, action, words) \
	__KPI_UNLESS((error) == 0, words, { action; } goto label)
#define __Require_noErr_Action_Quiet(error, label, action) \
	__KPI_UNLESS_QUIET((error) == 0, { action; } goto label)

#define __nRequire(condition, label)	__Require(!(condition), label)
#define __nRequire_Quiet(condition, label)	__Require_Quiet(!(condition), label)
#define __nRequire_Action(condition, label, action)	__Require_Action(!(condition), label, action)
#define __nRequire_Action_Quiet(condition, label, action)	__Require_Action_Quiet(!(condition), label, action)

/* The same by their older names. */
#ifndef __ASSERT_MACROS_DEFINE_VERSIONS_WITHOUT_UNDERSCORES
#define __ASSERT_MACROS_DEFINE_VERSIONS_WITHOUT_UNDERSCORES	1
#endif

#if __ASSERT_MACROS_DEFINE_VERSIONS_WITHOUT_UNDERSCORES
#define check			__Check
#define check_noerr		__Check_noErr
#define check_string		__Check_String
#define ncheck			__nCheck
#define debug_string		__Debug_String
#define verify			__Verify
#define verify_noerr		__Verify_noErr
#define verify_string		__Verify_String
#define verify_action		__Verify_Action
#define verify_noerr_action	__Verify_noErr_Action
#define nverify			__nVerify
#define require			__Require
#define require_string		__Require_String
#define require_quiet		__Require_Quiet
#define require_action		__Require_Action
#define require_action_string	__Require_Action_String
#define require_action_quiet	__Require_Action_Quiet
#define require_noerr		__Require_noErr
#define require_noerr_string	__Require_noErr_String
#define require_noerr_quiet	__Require_noErr_Quiet
#define require_noerr_action	__Require_noErr_Action
#define require_noerr_action_string	__Require_noErr_Action_String
#define require_noerr_action_quiet	__Require_noErr_Action_Quiet
#define nrequire		__nRequire
#define nrequire_quiet		__nRequire_Quiet
#define nrequire_action		__nRequire_Action
#define nrequire_action_quiet	__nRequire_Action_Quiet
#endif

#endif /* __ASSERTMACROS__ */
