/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic that says whether the result fits: each is true if it does not, and
 * stores what is left of it.
 */
#ifndef _OS_OVERFLOW_H
#define _OS_OVERFLOW_H

#include <sys/cdefs.h>

__attribute__((__warn_unused_result__))
__header_inline _Bool __kpi_overflows(_Bool it_does)
{
	return it_does;
}

#define os_add_overflow(a, b, res)	__kpi_overflows(__builtin_add_overflow(a, b, res))
#define os_sub_overflow(a, b, res)	__kpi_overflows(__builtin_sub_overflow(a, b, res))
#define os_mul_overflow(a, b, res)	__kpi_overflows(__builtin_mul_overflow(a, b, res))
#define os_convert_overflow(a, res)	os_add_overflow(a, 0, res)
#define os_inc_overflow(res)		os_add_overflow(*(res), 1, res)
#define os_dec_overflow(res)		os_sub_overflow(*(res), 1, res)

/* Two steps; both are made, so that the result is the same whichever fails. */
#define __KPI_TWO_STEPS(first, a, b, second, c, res)				\
	__kpi_overflows(__extension__({						\
		__typeof__(*(res)) __kpi_half;					\
		_Bool __kpi_lost = first(a, b, &__kpi_half);			\
										\
		second(__kpi_half, c, res) | __kpi_lost;			\
	}))

#define os_add3_overflow(a, b, c, res) \
	__KPI_TWO_STEPS(__builtin_add_overflow, a, b, __builtin_add_overflow, c, res)
#define os_add_and_mul_overflow(a, b, x, res) \
	__KPI_TWO_STEPS(__builtin_add_overflow, a, b, __builtin_mul_overflow, x, res)
#define os_mul_and_add_overflow(a, x, b, res) \
	__KPI_TWO_STEPS(__builtin_mul_overflow, a, x, __builtin_add_overflow, b, res)

#endif /* _OS_OVERFLOW_H */
