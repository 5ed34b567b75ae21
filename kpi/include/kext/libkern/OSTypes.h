/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSTYPES_H
#define _LIBKERN_OSTYPES_H

#include <kpi/types.h>

typedef unsigned char UInt8;
typedef unsigned short UInt16;
typedef unsigned int UInt32;
typedef unsigned long long UInt64;
typedef signed char SInt8;
typedef short SInt16;
typedef int SInt32;
typedef long long SInt64;
typedef unsigned int UInt;
typedef int SInt;
typedef _Bool Boolean;
typedef SInt32 OSStatus;
typedef UInt64 AbsoluteTime;
typedef UInt32 OptionBits;

#endif /* _LIBKERN_OSTYPES_H */
