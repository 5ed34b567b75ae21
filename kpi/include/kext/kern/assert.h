/* SPDX-License-Identifier: GPL-2.0 */
/* assert() is checked when KPI_ASSERT or MACH_ASSERT is not 0; a failure is a warning. */
#ifndef _KERN_ASSERT_H
#define _KERN_ASSERT_H

#include <kpi/print.h>
#include <sys/cdefs.h>

#ifndef MACH_ASSERT
#define MACH_ASSERT	0
#endif

#if MACH_ASSERT || defined(KPI_ASSERT)
#define assert(e)	((e) ? (void)0 : kpi_assert_failed(__FILE__, __LINE__, #e))
#else
#define assert(e)	((void)0)
#endif

#define assertf(e, ...)		assert(e)
#define __assert_only		__unused
#define static_assert(...)	_Static_assert(__VA_ARGS__, "")
#define KASSERT(e, msg)		((void)0)

#endif /* _KERN_ASSERT_H */
