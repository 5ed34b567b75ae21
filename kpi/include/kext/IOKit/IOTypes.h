/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IOKIT_IOTYPES_H
#define _IOKIT_IOTYPES_H

#include <mach/mach_types.h>
#include <mach/vm_types.h>
#include <libkern/OSTypes.h>
#include <libkern/OSBase.h>
#include <IOKit/IOReturn.h>
#include <stdbool.h>

typedef UInt32 IOOptionBits;
typedef SInt32 IOFixed;
typedef UInt32 IOVersion;
typedef UInt32 IOItemCount;
typedef UInt32 IOCacheMode;
typedef UInt32 IOByteCount32;
typedef UInt64 IOByteCount64;
typedef IOByteCount64 IOByteCount;
typedef vm_address_t IOVirtualAddress;
typedef IOVirtualAddress IOLogicalAddress;
typedef UInt64 IOPhysicalAddress64;
typedef UInt64 IOPhysicalLength64;
typedef IOPhysicalAddress64 IOPhysicalAddress;
typedef IOPhysicalLength64 IOPhysicalLength;
typedef thread_t IOThread;
typedef int IOAlignment;

typedef void (*IOThreadFunc)(void *argument);

#define kIOMallocUnspecified	0

enum {
	kNanosecondScale = 1,
	kMicrosecondScale = 1000,
	kMillisecondScale = 1000 * 1000,
	kSecondScale = 1000 * 1000 * 1000,
	kTickScale = kSecondScale / 100
};

#endif /* _IOKIT_IOTYPES_H */
