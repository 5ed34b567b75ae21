/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSBYTEORDER_H
#define _LIBKERN_OSBYTEORDER_H

#include <kpi/types.h>
#include <libkern/OSBase.h>

#define OSUnknownByteOrder	0
#define OSLittleEndian		1
#define OSBigEndian		2

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OSHostByteOrder()	OSLittleEndian
#else
#define OSHostByteOrder()	OSBigEndian
#endif

/* Constant for a constant argument. */
#define OSSwapConstInt16(x)	((u_int16_t)__builtin_bswap16((u_int16_t)(x)))
#define OSSwapConstInt32(x)	((u_int32_t)__builtin_bswap32((u_int32_t)(x)))
#define OSSwapConstInt64(x)	((u_int64_t)__builtin_bswap64((u_int64_t)(x)))
#define OSSwapInt16(x)		OSSwapConstInt16(x)
#define OSSwapInt32(x)		OSSwapConstInt32(x)
#define OSSwapInt64(x)		OSSwapConstInt64(x)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OSSwapHostToBigConstInt16(x)	OSSwapConstInt16(x)
#define OSSwapHostToBigConstInt32(x)	OSSwapConstInt32(x)
#define OSSwapHostToBigConstInt64(x)	OSSwapConstInt64(x)
#define OSSwapHostToLittleConstInt16(x)	((u_int16_t)(x))
#define OSSwapHostToLittleConstInt32(x)	((u_int32_t)(x))
#define OSSwapHostToLittleConstInt64(x)	((u_int64_t)(x))
#else
#define OSSwapHostToBigConstInt16(x)	((u_int16_t)(x))
#define OSSwapHostToBigConstInt32(x)	((u_int32_t)(x))
#define OSSwapHostToBigConstInt64(x)	((u_int64_t)(x))
#define OSSwapHostToLittleConstInt16(x)	OSSwapConstInt16(x)
#define OSSwapHostToLittleConstInt32(x)	OSSwapConstInt32(x)
#define OSSwapHostToLittleConstInt64(x)	OSSwapConstInt64(x)
#endif

#define OSSwapBigToHostConstInt16(x)	OSSwapHostToBigConstInt16(x)
#define OSSwapBigToHostConstInt32(x)	OSSwapHostToBigConstInt32(x)
#define OSSwapBigToHostConstInt64(x)	OSSwapHostToBigConstInt64(x)
#define OSSwapLittleToHostConstInt16(x)	OSSwapHostToLittleConstInt16(x)
#define OSSwapLittleToHostConstInt32(x)	OSSwapHostToLittleConstInt32(x)
#define OSSwapLittleToHostConstInt64(x)	OSSwapHostToLittleConstInt64(x)

#define OSSwapHostToBigInt16(x)		OSSwapHostToBigConstInt16(x)
#define OSSwapHostToBigInt32(x)		OSSwapHostToBigConstInt32(x)
#define OSSwapHostToBigInt64(x)		OSSwapHostToBigConstInt64(x)
#define OSSwapHostToLittleInt16(x)	OSSwapHostToLittleConstInt16(x)
#define OSSwapHostToLittleInt32(x)	OSSwapHostToLittleConstInt32(x)
#define OSSwapHostToLittleInt64(x)	OSSwapHostToLittleConstInt64(x)
#define OSSwapBigToHostInt16(x)		OSSwapHostToBigConstInt16(x)
#define OSSwapBigToHostInt32(x)		OSSwapHostToBigConstInt32(x)
#define OSSwapBigToHostInt64(x)		OSSwapHostToBigConstInt64(x)
#define OSSwapLittleToHostInt16(x)	OSSwapHostToLittleConstInt16(x)
#define OSSwapLittleToHostInt32(x)	OSSwapHostToLittleConstInt32(x)
#define OSSwapLittleToHostInt64(x)	OSSwapHostToLittleConstInt64(x)

/* Values at an offset of a base address, which need not be aligned. */
#define __KPI_BYTE_ORDER_ACCESS(bits)						\
OS_INLINE u_int ## bits ## _t							\
OSReadBigInt ## bits(const volatile void *base, uintptr_t offset)		\
{										\
	u_int ## bits ## _t value;						\
										\
	__builtin_memcpy(&value, (const char *)(uintptr_t)base + offset,	\
			 sizeof(value));					\
	return OSSwapBigToHostInt ## bits(value);				\
}										\
										\
OS_INLINE u_int ## bits ## _t							\
OSReadLittleInt ## bits(const volatile void *base, uintptr_t offset)		\
{										\
	u_int ## bits ## _t value;						\
										\
	__builtin_memcpy(&value, (const char *)(uintptr_t)base + offset,	\
			 sizeof(value));					\
	return OSSwapLittleToHostInt ## bits(value);				\
}										\
										\
OS_INLINE void									\
OSWriteBigInt ## bits(volatile void *base, uintptr_t offset,			\
		      u_int ## bits ## _t data)					\
{										\
	u_int ## bits ## _t value = OSSwapHostToBigInt ## bits(data);		\
										\
	__builtin_memcpy((char *)(uintptr_t)base + offset, &value,		\
			 sizeof(value));					\
}										\
										\
OS_INLINE void									\
OSWriteLittleInt ## bits(volatile void *base, uintptr_t offset,			\
			 u_int ## bits ## _t data)				\
{										\
	u_int ## bits ## _t value = OSSwapHostToLittleInt ## bits(data);	\
										\
	__builtin_memcpy((char *)(uintptr_t)base + offset, &value,		\
			 sizeof(value));					\
}

__KPI_BYTE_ORDER_ACCESS(16)
__KPI_BYTE_ORDER_ACCESS(32)
__KPI_BYTE_ORDER_ACCESS(64)

#undef __KPI_BYTE_ORDER_ACCESS

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OSReadSwapInt16(base, offset)		OSReadBigInt16(base, offset)
#define OSReadSwapInt32(base, offset)		OSReadBigInt32(base, offset)
#define OSReadSwapInt64(base, offset)		OSReadBigInt64(base, offset)
#define OSWriteSwapInt16(base, offset, data)	OSWriteBigInt16(base, offset, data)
#define OSWriteSwapInt32(base, offset, data)	OSWriteBigInt32(base, offset, data)
#define OSWriteSwapInt64(base, offset, data)	OSWriteBigInt64(base, offset, data)
#else
#define OSReadSwapInt16(base, offset)		OSReadLittleInt16(base, offset)
#define OSReadSwapInt32(base, offset)		OSReadLittleInt32(base, offset)
#define OSReadSwapInt64(base, offset)		OSReadLittleInt64(base, offset)
#define OSWriteSwapInt16(base, offset, data)	OSWriteLittleInt16(base, offset, data)
#define OSWriteSwapInt32(base, offset, data)	OSWriteLittleInt32(base, offset, data)
#define OSWriteSwapInt64(base, offset, data)	OSWriteLittleInt64(base, offset, data)
#endif

#endif /* _LIBKERN_OSBYTEORDER_H */
