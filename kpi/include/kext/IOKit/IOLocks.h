/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _IOKIT_IOLOCKS_H
#define _IOKIT_IOLOCKS_H

#include <kpi/iolock.h>
#include <sys/appleapiopts.h>
#include <IOKit/IOTypes.h>
#include <kern/locks.h>
#include <libkern/OSTypes.h>

#define IOLOCKS_INLINE		1

typedef lck_mtx_t IOLock;
typedef lck_rw_t IORWLock;
typedef lck_spin_t IOSimpleLock;
typedef long IOInterruptState;

typedef enum {
	kIOLockStateUnlocked = 0,
	kIOLockStateLocked = 1,
} IOLockState;

/* An IOLock is a mutex, an IORWLock a read-write lock, an IOSimpleLock a spin lock. */
#define IOLockLock			kpi_lck_mtx_lock
#define IOLockTryLock			kpi_lck_mtx_try_lock
#define IOLockUnlock			kpi_lck_mtx_unlock
#define IOLockGetMachLock(lock)		(lock)
#define IOLockAssert(lock, type)	lck_mtx_assert(lock, type)
#define kIOLockAssertOwned		LCK_ASSERT_OWNED
#define kIOLockAssertNotOwned		LCK_ASSERT_NOTOWNED

#define IORWLockRead			kpi_lck_rw_lock_shared
#define IORWLockWrite			kpi_lck_rw_lock_exclusive
#define IORWLockUnlock(lock)		((void)lck_rw_done(lock))
#define IORWLockGetMachLock(lock)	(lock)

#define IOSimpleLockLock		kpi_lck_spin_lock
#define IOSimpleLockTryLock		kpi_lck_spin_try_lock
#define IOSimpleLockUnlock		kpi_lck_spin_unlock
#define IOSimpleLockGetMachLock(lock)	(lock)
#define IOSimpleLockLockDisableInterrupt(lock)	(lck_spin_lock(lock), (IOInterruptState)0)
#define IOSimpleLockUnlockEnableInterrupt(lock, state) \
	((void)(state), lck_spin_unlock(lock))

#define IOLockAlloc	kpi_IOLockAlloc
#define IOLockFree	kpi_IOLockFree
#define IOLockSleep	kpi_IOLockSleep
#define IOLockSleepDeadline	kpi_IOLockSleepDeadline
#define IOLockWakeup	kpi_IOLockWakeup
#define IORWLockAlloc	kpi_IORWLockAlloc
#define IORWLockFree	kpi_IORWLockFree
#define IOSimpleLockAlloc	kpi_IOSimpleLockAlloc
#define IOSimpleLockFree	kpi_IOSimpleLockFree
#define IOSimpleLockInit	kpi_IOSimpleLockInit
#define IORecursiveLockAlloc	kpi_IORecursiveLockAlloc
#define IORecursiveLockFree	kpi_IORecursiveLockFree
#define IORecursiveLockLock	kpi_IORecursiveLockLock
#define IORecursiveLockTryLock	kpi_IORecursiveLockTryLock
#define IORecursiveLockUnlock	kpi_IORecursiveLockUnlock
#define IORecursiveLockHaveLock	kpi_IORecursiveLockHaveLock
#define IORecursiveLockSleep	kpi_IORecursiveLockSleep
#define IORecursiveLockSleepDeadline	kpi_IORecursiveLockSleepDeadline
#define IORecursiveLockWakeup	kpi_IORecursiveLockWakeup

#endif /* _IOKIT_IOLOCKS_H */
