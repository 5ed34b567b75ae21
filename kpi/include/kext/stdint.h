/* SPDX-License-Identifier: GPL-2.0 */
/* int64_t is long long, as on macOS: formats say %lld. */
#ifndef _STDINT_H
#define _STDINT_H

#include <kpi/types.h>
#include <machine/types.h>

typedef int8_t int_least8_t;
typedef int16_t int_least16_t;
typedef int32_t int_least32_t;
typedef int64_t int_least64_t;
typedef uint8_t uint_least8_t;
typedef uint16_t uint_least16_t;
typedef uint32_t uint_least32_t;
typedef uint64_t uint_least64_t;
typedef int8_t int_fast8_t;
typedef int16_t int_fast16_t;
typedef int32_t int_fast32_t;
typedef int64_t int_fast64_t;
typedef uint8_t uint_fast8_t;
typedef uint16_t uint_fast16_t;
typedef uint32_t uint_fast32_t;
typedef uint64_t uint_fast64_t;
typedef long intmax_t;
typedef unsigned long uintmax_t;

#define INT8_C(v)	(v)
#define INT16_C(v)	(v)
#define INT32_C(v)	(v)
#define INT64_C(v)	(v ## LL)
#define UINT8_C(v)	(v)
#define UINT16_C(v)	(v)
#define UINT32_C(v)	(v ## U)
#define UINT64_C(v)	(v ## ULL)
#define INTMAX_C(v)	(v ## L)
#define UINTMAX_C(v)	(v ## UL)

#define INT8_MAX	127
#define INT16_MAX	32767
#define INT32_MAX	2147483647
#define INT64_MAX	9223372036854775807LL
#define INT8_MIN	(-INT8_MAX - 1)
#define INT16_MIN	(-INT16_MAX - 1)
#define INT32_MIN	(-INT32_MAX - 1)
#define INT64_MIN	(-INT64_MAX - 1)
#define UINT8_MAX	255
#define UINT16_MAX	65535
#define UINT32_MAX	4294967295U
#define UINT64_MAX	18446744073709551615ULL
#define INTMAX_MAX	9223372036854775807L
#define INTMAX_MIN	(-INTMAX_MAX - 1)
#define UINTMAX_MAX	18446744073709551615UL
#define INTPTR_MAX	9223372036854775807L
#define INTPTR_MIN	(-INTPTR_MAX - 1)
#define UINTPTR_MAX	18446744073709551615UL
#define PTRDIFF_MAX	INTPTR_MAX
#define PTRDIFF_MIN	INTPTR_MIN
#define SIZE_MAX	UINTPTR_MAX
#define RSIZE_MAX	(SIZE_MAX >> 1)

#endif /* _STDINT_H */
