// SPDX-License-Identifier: GPL-2.0
/* Locks and threads of IOKit. */

#include <linux/slab.h>

#include <kpi/iolock.h>

#include "kern_priv.h"
#include "lock.h"
#include "wait.h"

/* A mutex that its owner may take again. */
struct kpi_recursive_lock {
	lck_mtx_t mutex;
	struct task_struct *owner;	/* W: mutex */
	int depth;			/* W: mutex */
	struct kpi_kext *kext;
};

/**
 * kpi_IOLockAlloc() - allocate a mutex
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the mutex; the caller frees it with kpi_IOLockFree().
 */
lck_mtx_t *kpi_IOLockAlloc(void)
{
	kpi_might_sleep();
	return kpi_mtx_new(NULL, NULL, _RET_IP_);
}
KPI_EXPORT(kpi_IOLockAlloc);

/**
 * kpi_IOLockFree() - free a mutex
 * @lock: from kpi_IOLockAlloc(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOLockFree(lck_mtx_t *lock)
{
	kpi_lck_mtx_free(lock, NULL);
}
KPI_EXPORT(kpi_IOLockFree);

/**
 * kpi_IOLockSleep() - sleep on an event and drop a mutex meanwhile
 * @lock:      a mutex the caller holds
 * @event:     any address
 * @interType: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED or THREAD_INTERRUPTED.
 */
int kpi_IOLockSleep(lck_mtx_t *lock, void *event, u_int32_t interType)
{
	return kpi_lck_mtx_sleep(lock, LCK_SLEEP_DEFAULT, event, interType);
}
KPI_EXPORT(kpi_IOLockSleep);

/**
 * kpi_IOLockSleepDeadline() - sleep on an event until an absolute time
 * @lock:      a mutex the caller holds
 * @event:     any address
 * @deadline:  absolute time
 * @interType: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED.
 */
int kpi_IOLockSleepDeadline(lck_mtx_t *lock, void *event, u_int64_t deadline,
			    u_int32_t interType)
{
	return kpi_lck_mtx_sleep_deadline(lock, LCK_SLEEP_DEFAULT, event, interType, deadline);
}
KPI_EXPORT(kpi_IOLockSleepDeadline);

/**
 * kpi_IOLockWakeup() - wake who sleeps on an event
 * @lock:      not used
 * @event:     the event
 * @oneThread: only the one that sleeps longest
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOLockWakeup(lck_mtx_t *lock, void *event, _Bool oneThread)
{
	kpi_wake(KPI_WAIT_CHANNEL, event, oneThread, THREAD_AWAKENED);
}
KPI_EXPORT(kpi_IOLockWakeup);

/**
 * kpi_IORWLockAlloc() - allocate a read-write lock
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the lock; the caller frees it with kpi_IORWLockFree().
 */
lck_rw_t *kpi_IORWLockAlloc(void)
{
	kpi_might_sleep();
	return kpi_rw_new(NULL, NULL, _RET_IP_);
}
KPI_EXPORT(kpi_IORWLockAlloc);

/**
 * kpi_IORWLockFree() - free a read-write lock
 * @lock: from kpi_IORWLockAlloc(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IORWLockFree(lck_rw_t *lock)
{
	kpi_lck_rw_free(lock, NULL);
}
KPI_EXPORT(kpi_IORWLockFree);

/**
 * kpi_IOSimpleLockAlloc() - allocate a spin lock
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the lock; the caller frees it with kpi_IOSimpleLockFree().
 */
lck_spin_t *kpi_IOSimpleLockAlloc(void)
{
	kpi_might_sleep();
	return kpi_spin_new(NULL, NULL, _RET_IP_);
}
KPI_EXPORT(kpi_IOSimpleLockAlloc);

/**
 * kpi_IOSimpleLockFree() - free a spin lock
 * @lock: from kpi_IOSimpleLockAlloc(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOSimpleLockFree(lck_spin_t *lock)
{
	kpi_lck_spin_free(lock, NULL);
}
KPI_EXPORT(kpi_IOSimpleLockFree);

/**
 * kpi_IOSimpleLockInit() - initialise a spin lock in place
 * @lock: the lock
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOSimpleLockInit(lck_spin_t *lock)
{
	kpi_lck_spin_init(lock, NULL, NULL);
}
KPI_EXPORT(kpi_IOSimpleLockInit);

/**
 * kpi_IORecursiveLockAlloc() - allocate a recursive mutex
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the mutex; the caller frees it with kpi_IORecursiveLockFree().
 */
IORecursiveLock *kpi_IORecursiveLockAlloc(void)
{
	IORecursiveLock *lock;

	kpi_might_sleep();
	lock = kzalloc(sizeof(*lock), GFP_KERNEL | __GFP_NOFAIL);
	kpi_lck_mtx_init(&lock->mutex, NULL, NULL);
	lock->kext = kpi_kext_caller();
	kpi_kext_charge(lock->kext, KPI_HELD_LOCK, 1);
	return lock;
}
KPI_EXPORT(kpi_IORecursiveLockAlloc);

/**
 * kpi_IORecursiveLockFree() - free a recursive mutex
 * @lock: from kpi_IORecursiveLockAlloc(), or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IORecursiveLockFree(IORecursiveLock *lock)
{
	if (!lock)
		return;
	kpi_lck_mtx_destroy(&lock->mutex, NULL);
	kpi_kext_charge(lock->kext, KPI_HELD_LOCK, -1);
	kfree(lock);
}
KPI_EXPORT(kpi_IORecursiveLockFree);

static bool is_owner(const IORecursiveLock *lock)
{
	return READ_ONCE(lock->owner) == current;
}

static void own(IORecursiveLock *lock, int depth)
{
	WRITE_ONCE(lock->owner, current);
	lock->depth = depth;
}

/**
 * kpi_IORecursiveLockLock() - lock a recursive mutex, perhaps again
 * @lock: the mutex
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 */
void kpi_IORecursiveLockLock(IORecursiveLock *lock)
{
	if (is_owner(lock)) {
		lock->depth++;
		return;
	}
	kpi_lck_mtx_lock(&lock->mutex);
	own(lock, 1);
}
KPI_EXPORT(kpi_IORecursiveLockLock);

/**
 * kpi_IORecursiveLockTryLock() - lock a recursive mutex if no other thread has it
 * @lock: the mutex
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: true if the caller holds it now.
 */
_Bool kpi_IORecursiveLockTryLock(IORecursiveLock *lock)
{
	if (is_owner(lock)) {
		lock->depth++;
		return true;
	}
	if (!kpi_lck_mtx_try_lock(&lock->mutex))
		return false;
	own(lock, 1);
	return true;
}
KPI_EXPORT(kpi_IORecursiveLockTryLock);

/**
 * kpi_IORecursiveLockUnlock() - unlock a recursive mutex once
 * @lock: a mutex the caller holds
 *
 * macOS difference: another thread's mutex stays as it is.
 *
 * Context: Any but interrupts.
 */
void kpi_IORecursiveLockUnlock(IORecursiveLock *lock)
{
	if (!is_owner(lock)) {
		kpi_misuse("unlocks a recursive lock it does not hold");
		return;
	}
	if (--lock->depth)
		return;
	WRITE_ONCE(lock->owner, NULL);
	kpi_lck_mtx_unlock(&lock->mutex);
}
KPI_EXPORT(kpi_IORecursiveLockUnlock);

/**
 * kpi_IORecursiveLockHaveLock() - whether the caller holds a recursive mutex
 * @lock: the mutex
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: true if it does.
 */
_Bool kpi_IORecursiveLockHaveLock(const IORecursiveLock *lock)
{
	return is_owner(lock);
}
KPI_EXPORT(kpi_IORecursiveLockHaveLock);

/**
 * kpi_IORecursiveLockSleepDeadline() - sleep on an event until an absolute time
 * @lock:      a mutex the caller holds; all its locks are dropped meanwhile
 * @event:     any address
 * @deadline:  absolute time; 0: for ever
 * @interType: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED;
 * THREAD_RESTART if the caller does not hold it.
 */
int kpi_IORecursiveLockSleepDeadline(IORecursiveLock *lock, void *event,
				     u_int64_t deadline, u_int32_t interType)
{
	int depth = lock->depth;
	wait_result_t result;

	if (!is_owner(lock)) {
		kpi_misuse("sleeps with a recursive lock it does not hold");
		return THREAD_RESTART;
	}
	WRITE_ONCE(lock->owner, NULL);
	result = kpi_lck_mtx_sleep_deadline(&lock->mutex, LCK_SLEEP_DEFAULT, event,
					    interType, deadline);
	own(lock, depth);
	return result;
}
KPI_EXPORT(kpi_IORecursiveLockSleepDeadline);

/**
 * kpi_IORecursiveLockSleep() - sleep on an event and drop a recursive mutex meanwhile
 * @lock:      a mutex the caller holds; all its locks are dropped meanwhile
 * @event:     any address
 * @interType: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED or THREAD_INTERRUPTED; THREAD_RESTART if the caller
 * does not hold it.
 */
int kpi_IORecursiveLockSleep(IORecursiveLock *lock, void *event, u_int32_t interType)
{
	return kpi_IORecursiveLockSleepDeadline(lock, event, KPI_FOREVER, interType);
}
KPI_EXPORT(kpi_IORecursiveLockSleep);

/**
 * kpi_IORecursiveLockWakeup() - wake who sleeps on an event
 * @lock:      not used
 * @event:     the event
 * @oneThread: only the one that sleeps longest
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IORecursiveLockWakeup(IORecursiveLock *lock, void *event, _Bool oneThread)
{
	kpi_wake(KPI_WAIT_CHANNEL, event, oneThread, THREAD_AWAKENED);
}
KPI_EXPORT(kpi_IORecursiveLockWakeup);

/**
 * kpi_IOCreateThread() - start a kernel thread
 * @fn:       called as fn(argument); the thread ends when it returns
 * @argument: for @fn
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the thread, borrowed, valid while it runs; NULL without memory.
 */
thread_t kpi_IOCreateThread(void (*fn)(void *argument), void *argument)
{
	kpi_might_sleep();
	return kpi_thread_start_simple(fn, argument);
}
KPI_EXPORT(kpi_IOCreateThread);

/**
 * kpi_IOExitThread() - end the running thread
 *
 * macOS difference: none.
 *
 * Context: Process context, in a thread of kpi_IOCreateThread() or
 * kpi_kernel_thread_start(). Does not return there.
 */
void kpi_IOExitThread(void)
{
	kpi_thread_terminate(kpi_current_thread());
}
KPI_EXPORT(kpi_IOExitThread);
