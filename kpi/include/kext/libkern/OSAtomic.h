/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Atomic operations, compiled in place. They take any pointer to an object of
 * the operation's size, are fully ordered and return the old value.
 */
#ifndef _LIBKERN_OSATOMIC_H
#define _LIBKERN_OSATOMIC_H

#include <kpi/atomic.h>
#include <libkern/OSBase.h>
#include <sys/cdefs.h>
#include <stdbool.h>

/* The functions, for kexts that take their addresses. */
extern SInt32 OSAddAtomic(SInt32 amount, volatile SInt32 *address) __asm__("kpi_OSAddAtomic");
extern SInt64 OSAddAtomic64(SInt64 amount, volatile SInt64 *address) __asm__("kpi_OSAddAtomic64");
extern long OSAddAtomicLong(long amount, volatile long *address) __asm__("kpi_OSAddAtomicLong");
extern SInt16 OSAddAtomic16(SInt32 amount, volatile SInt16 *address) __asm__("kpi_OSAddAtomic16");
extern SInt8 OSAddAtomic8(SInt32 amount, volatile SInt8 *address) __asm__("kpi_OSAddAtomic8");
extern SInt32 OSIncrementAtomic(volatile SInt32 *address) __asm__("kpi_OSIncrementAtomic");
extern SInt32 OSDecrementAtomic(volatile SInt32 *address) __asm__("kpi_OSDecrementAtomic");
extern UInt32 OSBitOrAtomic(UInt32 mask, volatile UInt32 *address) __asm__("kpi_OSBitOrAtomic");
extern UInt32 OSBitAndAtomic(UInt32 mask, volatile UInt32 *address) __asm__("kpi_OSBitAndAtomic");
extern UInt32 OSBitXorAtomic(UInt32 mask, volatile UInt32 *address) __asm__("kpi_OSBitXorAtomic");
extern Boolean OSCompareAndSwap(UInt32 old, UInt32 new_value, volatile UInt32 *address)
	__asm__("kpi_OSCompareAndSwap");
extern Boolean OSCompareAndSwap64(UInt64 old, UInt64 new_value, volatile UInt64 *address)
	__asm__("kpi_OSCompareAndSwap64");
extern Boolean OSCompareAndSwapPtr(void *old, void *new_value, void *volatile *address)
	__asm__("kpi_OSCompareAndSwapPtr");
extern Boolean OSTestAndSet(UInt32 bit, volatile UInt8 *address) __asm__("kpi_OSTestAndSet");
extern Boolean OSTestAndClear(UInt32 bit, volatile UInt8 *address) __asm__("kpi_OSTestAndClear");

#define __KPI_ATOMIC(op, type, value, address) \
	__atomic_fetch_ ## op((volatile type *)(address), (type)(value), __ATOMIC_SEQ_CST)

#define OSAddAtomic(amount, address)	__KPI_ATOMIC(add, SInt32, amount, address)
#define OSAddAtomic64(amount, address)	__KPI_ATOMIC(add, SInt64, amount, address)
#define OSAddAtomicLong(amount, address)	__KPI_ATOMIC(add, long, amount, address)
#define OSAddAtomic16(amount, address)	__KPI_ATOMIC(add, SInt16, amount, address)
#define OSAddAtomic8(amount, address)	__KPI_ATOMIC(add, SInt8, amount, address)

#define OSIncrementAtomic(address)	OSAddAtomic(1, address)
#define OSIncrementAtomic64(address)	OSAddAtomic64(1, address)
#define OSIncrementAtomic16(address)	OSAddAtomic16(1, address)
#define OSIncrementAtomic8(address)	OSAddAtomic8(1, address)
#define OSDecrementAtomic(address)	OSAddAtomic(-1, address)
#define OSDecrementAtomic64(address)	OSAddAtomic64(-1, address)
#define OSDecrementAtomic16(address)	OSAddAtomic16(-1, address)
#define OSDecrementAtomic8(address)	OSAddAtomic8(-1, address)

#define OSBitOrAtomic(mask, address)	__KPI_ATOMIC(or, UInt32, mask, address)
#define OSBitOrAtomic64(mask, address)	__KPI_ATOMIC(or, UInt64, mask, address)
#define OSBitOrAtomic16(mask, address)	__KPI_ATOMIC(or, UInt16, mask, address)
#define OSBitOrAtomic8(mask, address)	__KPI_ATOMIC(or, UInt8, mask, address)
#define OSBitAndAtomic(mask, address)	__KPI_ATOMIC(and, UInt32, mask, address)
#define OSBitAndAtomic64(mask, address)	__KPI_ATOMIC(and, UInt64, mask, address)
#define OSBitAndAtomic16(mask, address)	__KPI_ATOMIC(and, UInt16, mask, address)
#define OSBitAndAtomic8(mask, address)	__KPI_ATOMIC(and, UInt8, mask, address)
#define OSBitXorAtomic(mask, address)	__KPI_ATOMIC(xor, UInt32, mask, address)
#define OSBitXorAtomic64(mask, address)	__KPI_ATOMIC(xor, UInt64, mask, address)
#define OSBitXorAtomic16(mask, address)	__KPI_ATOMIC(xor, UInt16, mask, address)
#define OSBitXorAtomic8(mask, address)	__KPI_ATOMIC(xor, UInt8, mask, address)

OS_INLINE Boolean __kpi_cas32(UInt32 old, UInt32 new_value, volatile UInt32 *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

OS_INLINE Boolean __kpi_cas64(UInt64 old, UInt64 new_value, volatile UInt64 *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

OS_INLINE Boolean __kpi_casptr(void *old, void *new_value, void *volatile *address)
{
	return __atomic_compare_exchange_n(address, &old, new_value, 0,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#define OSCompareAndSwap(old, new_value, address) \
	__kpi_cas32((UInt32)(old), (UInt32)(new_value), (volatile UInt32 *)(address))
#define OSCompareAndSwap64(old, new_value, address) \
	__kpi_cas64((UInt64)(old), (UInt64)(new_value), (volatile UInt64 *)(address))
#define OSCompareAndSwapPtr(old, new_value, address) \
	__kpi_casptr((void *)(old), (void *)(new_value), (void *volatile *)(address))

/* Bit 0 is the most significant bit of the first byte. TRUE: nothing changed. */
OS_INLINE Boolean __kpi_test_and_set(UInt32 bit, volatile UInt8 *address)
{
	UInt8 mask = (UInt8)(0x80 >> (bit % 8));

	return __atomic_fetch_or(address + bit / 8, mask, __ATOMIC_SEQ_CST) & mask;
}

OS_INLINE Boolean __kpi_test_and_clear(UInt32 bit, volatile UInt8 *address)
{
	UInt8 mask = (UInt8)(0x80 >> (bit % 8));

	return !(__atomic_fetch_and(address + bit / 8, (UInt8)~mask, __ATOMIC_SEQ_CST) & mask);
}

#define OSTestAndSet(bit, address)	__kpi_test_and_set(bit, (volatile UInt8 *)(address))
#define OSTestAndClear(bit, address)	__kpi_test_and_clear(bit, (volatile UInt8 *)(address))

#define OSMemoryBarrier()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define OSSynchronizeIO()	((void)0)

#endif /* _LIBKERN_OSATOMIC_H */
