/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSBASE_H
#define _LIBKERN_OSBASE_H

#include <libkern/OSTypes.h>
#include <os/base.h>
#include <sys/cdefs.h>

#define OS_INLINE		static inline __attribute__((__unused__))
#define OS_EXPORT		extern
#define OS_EXTERN		extern
#define OS_ALWAYS_INLINE	__attribute__((__always_inline__))
#define OS_UNUSED		__attribute__((__unused__))
#define OS_MALLOC
#define OS_FORMAT_PRINTF(x, y)	__attribute__((__format__(__printf__, x, y)))

#endif /* _LIBKERN_OSBASE_H */
