// SPDX-License-Identifier: GPL-2.0
/*
 * The atomic operations of <libkern/OSAtomic.h> as functions, for kexts that
 * take their addresses.
 */

#include <linux/types.h>

#include <kpi/atomic.h>

#include "../kpi_priv.h"

/**
 * kpi_OSAddAtomic() - add to an int
 * @amount:  how much
 * @address: the int
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
int kpi_OSAddAtomic(int amount, volatile int *address)
{
	return __atomic_fetch_add(address, amount, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSAddAtomic);

/**
 * kpi_OSAddAtomic64() - add to a 64-bit integer
 * @amount:  how much
 * @address: the integer
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
long long kpi_OSAddAtomic64(long long amount, volatile long long *address)
{
	return __atomic_fetch_add(address, amount, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSAddAtomic64);

/**
 * kpi_OSAddAtomicLong() - add to a long
 * @amount:  how much
 * @address: the long
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
long kpi_OSAddAtomicLong(long amount, volatile long *address)
{
	return __atomic_fetch_add(address, amount, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSAddAtomicLong);

/**
 * kpi_OSAddAtomic16() - add to a short
 * @amount:  how much
 * @address: the short
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
short kpi_OSAddAtomic16(int amount, volatile short *address)
{
	return __atomic_fetch_add(address, amount, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSAddAtomic16);

/**
 * kpi_OSAddAtomic8() - add to a byte
 * @amount:  how much
 * @address: the byte
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
signed char kpi_OSAddAtomic8(int amount, volatile signed char *address)
{
	return __atomic_fetch_add(address, amount, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSAddAtomic8);

/**
 * kpi_OSIncrementAtomic() - add 1 to an int
 * @address: the int
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
int kpi_OSIncrementAtomic(volatile int *address)
{
	return __atomic_fetch_add(address, 1, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSIncrementAtomic);

/**
 * kpi_OSDecrementAtomic() - subtract 1 from an int
 * @address: the int
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
int kpi_OSDecrementAtomic(volatile int *address)
{
	return __atomic_fetch_sub(address, 1, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSDecrementAtomic);

/**
 * kpi_OSBitOrAtomic() - set bits
 * @mask:    the bits
 * @address: where
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
unsigned int kpi_OSBitOrAtomic(unsigned int mask, volatile unsigned int *address)
{
	return __atomic_fetch_or(address, mask, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSBitOrAtomic);

/**
 * kpi_OSBitAndAtomic() - keep bits
 * @mask:    the bits to keep
 * @address: where
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
unsigned int kpi_OSBitAndAtomic(unsigned int mask, volatile unsigned int *address)
{
	return __atomic_fetch_and(address, mask, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSBitAndAtomic);

/**
 * kpi_OSBitXorAtomic() - flip bits
 * @mask:    the bits
 * @address: where
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: the old value.
 */
unsigned int kpi_OSBitXorAtomic(unsigned int mask, volatile unsigned int *address)
{
	return __atomic_fetch_xor(address, mask, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSBitXorAtomic);

/**
 * kpi_OSCompareAndSwap() - replace an int if it has a certain value
 * @old:       the value it must have
 * @new_value: the value it gets
 * @address:   the int
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: true if it was replaced.
 */
_Bool kpi_OSCompareAndSwap(unsigned int old, unsigned int new_value,
			   volatile unsigned int *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSCompareAndSwap);

/**
 * kpi_OSCompareAndSwap64() - replace a 64-bit integer if it has a certain value
 * @old:       the value it must have
 * @new_value: the value it gets
 * @address:   the integer
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: true if it was replaced.
 */
_Bool kpi_OSCompareAndSwap64(unsigned long long old, unsigned long long new_value,
			     volatile unsigned long long *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSCompareAndSwap64);

/**
 * kpi_OSCompareAndSwapPtr() - replace a pointer if it has a certain value
 * @old:       the value it must have
 * @new_value: the value it gets
 * @address:   the pointer
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: true if it was replaced.
 */
_Bool kpi_OSCompareAndSwapPtr(void *old, void *new_value, void *volatile *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
KPI_EXPORT(kpi_OSCompareAndSwapPtr);

/* Bits are counted from the most significant one of the first byte. */
static u8 bit_mask(unsigned int bit)
{
	return 0x80 >> (bit % 8);
}

/**
 * kpi_OSTestAndSet() - set a bit
 * @bit:     its number; 0 is the most significant bit of the first byte
 * @address: the bytes
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: true if it was set already.
 */
_Bool kpi_OSTestAndSet(unsigned int bit, volatile unsigned char *address)
{
	u8 mask = bit_mask(bit);

	return __atomic_fetch_or(address + bit / 8, mask, __ATOMIC_SEQ_CST) & mask;
}
KPI_EXPORT(kpi_OSTestAndSet);

/**
 * kpi_OSTestAndClear() - clear a bit
 * @bit:     its number; 0 is the most significant bit of the first byte
 * @address: the bytes
 *
 * macOS difference: fully ordered.
 *
 * Context: Any.
 * Return: true if it was clear already.
 */
_Bool kpi_OSTestAndClear(unsigned int bit, volatile unsigned char *address)
{
	u8 mask = bit_mask(bit);

	return !(__atomic_fetch_and(address + bit / 8, (u8)~mask, __ATOMIC_SEQ_CST) & mask);
}
KPI_EXPORT(kpi_OSTestAndClear);
