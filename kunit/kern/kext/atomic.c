// SPDX-License-Identifier: GPL-2.0
/* Atomic operations and byte order. */

#include <libkern/OSAtomic.h>
#include <libkern/OSByteOrder.h>
#include <machine/endian.h>
#include <string.h>

#include "../test.h"

static void adding_returns_the_old_value(void)
{
	SInt32 x = 7;
	SInt64 wide = 1LL << 40;
	SInt16 narrow = -1;
	SInt8 byte = 127;

	EXPECT_EQ(OSAddAtomic(5, &x), 7);
	EXPECT_EQ(x, 12);
	EXPECT_EQ(OSAddAtomic64(-1, &wide), 1LL << 40);
	EXPECT_EQ(wide, (1LL << 40) - 1);
	EXPECT_EQ(OSAddAtomic16(1, &narrow), -1);
	EXPECT_EQ(narrow, 0);
	EXPECT_EQ(OSAddAtomic8(1, &byte), 127);
	EXPECT_EQ(byte, -128);
	EXPECT_EQ(OSIncrementAtomic(&x), 12);
	EXPECT_EQ(OSDecrementAtomic(&x), 13);
	EXPECT_EQ(x, 12);
}

static void any_pointer_of_the_size_will_do(void)
{
	unsigned int u = 1;
	long l = 2;
	enum { RED, GREEN } colour = RED;

	OSIncrementAtomic(&u);
	OSAddAtomic64(1, &l);
	OSAddAtomic(1, &colour);
	EXPECT_EQ(u, 2);
	EXPECT_EQ(l, 3);
	EXPECT_EQ(colour, GREEN);
}

static void bits_return_the_old_value(void)
{
	UInt32 x = 0xf0;
	UInt8 byte = 0x0f;

	EXPECT_EQ(OSBitOrAtomic(0x0f, &x), 0xf0);
	EXPECT_EQ(OSBitAndAtomic(0x3c, &x), 0xff);
	EXPECT_EQ(OSBitXorAtomic(0xff, &x), 0x3c);
	EXPECT_EQ(x, 0xc3);
	EXPECT_EQ(OSBitAndAtomic8(0xfc, &byte), 0x0f);
	EXPECT_EQ(byte, 0x0c);
}

static void swaps_only_what_compares(void)
{
	UInt32 x = 1;
	UInt64 wide = 1;
	int a, b;
	void *p = &a;

	EXPECT_EQ(OSCompareAndSwap(1, 2, &x), 1);
	EXPECT_EQ(OSCompareAndSwap(1, 2, &x), 0);
	EXPECT_EQ(x, 2);
	EXPECT_EQ(OSCompareAndSwap64(1, 1LL << 33, &wide), 1);
	EXPECT_EQ(wide, 1LL << 33);
	EXPECT_EQ(OSCompareAndSwapPtr(&a, &b, &p), 1);
	EXPECT_EQ(OSCompareAndSwapPtr(&a, &b, &p), 0);
	EXPECT(p == &b);
}

static void bit_0_is_the_most_significant(void)
{
	UInt8 bits[2] = { 0, 0 };

	EXPECT_EQ(OSTestAndSet(0, bits), 0);
	EXPECT_EQ(bits[0], 0x80);
	EXPECT_EQ(OSTestAndSet(0, bits), 1);
	EXPECT_EQ(OSTestAndSet(15, bits), 0);
	EXPECT_EQ(bits[1], 0x01);
	EXPECT_EQ(OSTestAndClear(0, bits), 0);
	EXPECT_EQ(bits[0], 0);
	EXPECT_EQ(OSTestAndClear(0, bits), 1);
}

static void functions_have_addresses(void)
{
	SInt32 (*add)(SInt32, volatile SInt32 *) = OSAddAtomic;
	Boolean (*swap)(UInt32, UInt32, volatile UInt32 *) = OSCompareAndSwap;
	SInt32 x = 1;

	EXPECT_EQ(add(1, &x), 1);
	EXPECT(swap(2, 3, (volatile UInt32 *)&x));
	EXPECT_EQ((OSIncrementAtomic)(&x), 3);
	EXPECT_EQ(x, 4);
}

static void byte_order(void)
{
	static const UInt16 constant = OSSwapConstInt16(0x1234);
	unsigned char bytes[9] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	UInt32 swapped = 0x01020304;

	EXPECT_EQ(constant, 0x3412);
	EXPECT_EQ(OSSwapInt32(0x01020304), 0x04030201);
	EXPECT_EQ(OSSwapHostToBigInt16(0x1234), htons(0x1234));
	EXPECT_EQ(OSReadBigInt32(bytes, 1), 0x01020304);
	EXPECT_EQ(OSReadLittleInt16(bytes, 3), 0x0403);
	OSWriteBigInt64(bytes, 1, 0x1122334455667788ULL);
	EXPECT_EQ(bytes[1], 0x11);
	EXPECT_EQ(bytes[8], 0x88);
	OSWriteLittleInt32(bytes, 0, 0x0a0b0c0d);
	EXPECT_EQ(bytes[0], 0x0d);
	EXPECT_EQ(ntohl(htonl(0xdeadbeef)), 0xdeadbeef);
	EXPECT(htonll(1) == OSSwapHostToBigInt64(1));
	NTOHL(swapped);
	EXPECT_EQ(swapped, ntohl(0x01020304));
}

/* What the compiler must have been told. */
_Static_assert((char)-1 < 0, "char is signed");
_Static_assert(BYTE_ORDER == LITTLE_ENDIAN || BYTE_ORDER == BIG_ENDIAN, "byte order");

const struct kt_case kern_atomic_cases[] = {
	{ "adding returns the old value", adding_returns_the_old_value },
	{ "any pointer of the size will do", any_pointer_of_the_size_will_do },
	{ "bits return the old value", bits_return_the_old_value },
	{ "swaps only what compares", swaps_only_what_compares },
	{ "bit 0 is the most significant", bit_0_is_the_most_significant },
	{ "functions have addresses", functions_have_addresses },
	{ "byte order", byte_order },
	{ }
};
