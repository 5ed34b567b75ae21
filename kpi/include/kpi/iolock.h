/* SPDX-License-Identifier: GPL-2.0 */
/* Locks of IOKit that are more than another name for a lock of <kpi/locks.h>. */
#ifndef _KPI_IOLOCK_H
#define _KPI_IOLOCK_H

#include <kpi/locks.h>
#include <kpi/thread.h>

typedef struct kpi_recursive_lock IORecursiveLock;

lck_mtx_t *kpi_IOLockAlloc(void);
void kpi_IOLockFree(lck_mtx_t *lock);
int kpi_IOLockSleep(lck_mtx_t *lock, void *event, u_int32_t interType);
int kpi_IOLockSleepDeadline(lck_mtx_t *lock, void *event, u_int64_t deadline,
			    u_int32_t interType);
void kpi_IOLockWakeup(lck_mtx_t *lock, void *event, _Bool oneThread);

lck_rw_t *kpi_IORWLockAlloc(void);
void kpi_IORWLockFree(lck_rw_t *lock);

lck_spin_t *kpi_IOSimpleLockAlloc(void);
void kpi_IOSimpleLockFree(lck_spin_t *lock);
void kpi_IOSimpleLockInit(lck_spin_t *lock);

IORecursiveLock *kpi_IORecursiveLockAlloc(void);
void kpi_IORecursiveLockFree(IORecursiveLock *lock);
void kpi_IORecursiveLockLock(IORecursiveLock *lock);
_Bool kpi_IORecursiveLockTryLock(IORecursiveLock *lock);
void kpi_IORecursiveLockUnlock(IORecursiveLock *lock);
_Bool kpi_IORecursiveLockHaveLock(const IORecursiveLock *lock);
int kpi_IORecursiveLockSleep(IORecursiveLock *lock, void *event, u_int32_t interType);
int kpi_IORecursiveLockSleepDeadline(IORecursiveLock *lock, void *event,
				     u_int64_t deadline, u_int32_t interType);
void kpi_IORecursiveLockWakeup(IORecursiveLock *lock, void *event, _Bool oneThread);

thread_t kpi_IOCreateThread(void (*fn)(void *argument), void *argument);
void kpi_IOExitThread(void);

#endif /* _KPI_IOLOCK_H */
