/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Atomic operations as functions, for kexts that take their addresses; calls
 * are compiled in place by <libkern/OSAtomic.h>. All are fully ordered, and all
 * but compare-and-swap and the bit operations return the old value.
 */
#ifndef _KPI_ATOMIC_H
#define _KPI_ATOMIC_H

#include <kpi/types.h>

int kpi_OSAddAtomic(int amount, volatile int *address);
long long kpi_OSAddAtomic64(long long amount, volatile long long *address);
long kpi_OSAddAtomicLong(long amount, volatile long *address);
short kpi_OSAddAtomic16(int amount, volatile short *address);
signed char kpi_OSAddAtomic8(int amount, volatile signed char *address);
unsigned int kpi_OSBitOrAtomic(unsigned int mask, volatile unsigned int *address);
unsigned int kpi_OSBitAndAtomic(unsigned int mask, volatile unsigned int *address);
unsigned int kpi_OSBitXorAtomic(unsigned int mask, volatile unsigned int *address);
int kpi_OSIncrementAtomic(volatile int *address);
int kpi_OSDecrementAtomic(volatile int *address);
_Bool kpi_OSCompareAndSwap(unsigned int old, unsigned int new_value,
			   volatile unsigned int *address);
_Bool kpi_OSCompareAndSwap64(unsigned long long old, unsigned long long new_value,
			     volatile unsigned long long *address);
_Bool kpi_OSCompareAndSwapPtr(void *old, void *new_value, void *volatile *address);
_Bool kpi_OSTestAndSet(unsigned int bit, volatile unsigned char *address);
_Bool kpi_OSTestAndClear(unsigned int bit, volatile unsigned char *address);

#endif /* _KPI_ATOMIC_H */
