/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _OS_BASE_H
#define _OS_BASE_H

#include <sys/cdefs.h>

#ifndef OS_FALLTHROUGH
#define OS_FALLTHROUGH		__attribute__((__fallthrough__))
#endif
#define OS_LIKELY(x)		__builtin_expect(!!(x), 1)
#define OS_EXPECT(x, v)		__builtin_expect((x), (v))
#define OS_WARN_RESULT		__attribute__((__warn_unused_result__))
#define OS_CONST		__attribute__((__const__))
#define OS_PURE			__attribute__((__pure__))
#define OS_USED			__attribute__((__used__))

#endif /* _OS_BASE_H */
