/* SPDX-License-Identifier: GPL-2.0 */
/* What IOKit offers to C; its classes need C++ and are not offered. */
#ifndef _IOKIT_IOLIB_H
#define _IOKIT_IOLIB_H

#include <kpi/clock.h>
#include <kpi/memory.h>
#include <kpi/print.h>
#include <stdarg.h>
#include <string.h>
#include <sys/cdefs.h>
#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <IOKit/IOTypes.h>
#include <IOKit/IOLocks.h>
#include <kern/debug.h>
#include <kern/thread.h>
#include <kern/clock.h>
#include <kern/kalloc.h>
#include <libkern/libkern.h>
#include <libkern/OSAtomic.h>
#include <libkern/OSByteOrder.h>
#include <mach/vm_param.h>

#define IOLog			kpi_IOLog
#define IOLogv			kpi_IOLogv
#define IOSleep			kpi_IOSleep
#define IOSleepWithLeeway(ms, leeway)	IOSleep(ms)
#define IODelay			kpi_IODelay
#define IOPause			kpi_IOPause
#define IOPanic(reason)		panic("%s", reason)
#define Debugger		kpi_Debugger
#define OSReportWithBacktrace	kpi_OSReportWithBacktrace

#define IOMalloc		kpi_IOMalloc
#define IOMallocZero		kpi_IOMallocZero
#define IOFree			kpi_IOFree
#define IOMallocAligned		kpi_IOMallocAligned
#define IOFreeAligned		kpi_IOFreeAligned
#define IOMallocData		kpi_IOMalloc
#define IOMallocZeroData	kpi_IOMallocZero
#define IOFreeData		kpi_IOFree
#define IOMallocPageable	kpi_IOMallocAligned
#define IOFreePageable		kpi_IOFreeAligned

#define IONew(type, number)		((type *)IOMalloc(sizeof(type) * (number)))
#define IONewZero(type, number)		((type *)IOMallocZero(sizeof(type) * (number)))
#define IODelete(ptr, type, number)	IOFree(ptr, sizeof(type) * (number))
#define IOMallocType(type)		((type *)IOMallocZero(sizeof(type)))
#define IOFreeType(ptr, type)		IOFree(ptr, sizeof(type))

#define IOCreateThread		kpi_IOCreateThread
#define IOExitThread		kpi_IOExitThread
#define IOThreadSelf()		((IOThread)current_thread())

#endif /* _IOKIT_IOLIB_H */
