// SPDX-License-Identifier: GPL-2.0
/* Counting semaphores of Mach. */

#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kpi/semaphore.h>

#include "../kpi_priv.h"
#include "wait.h"

#define KERN_SUCCESS			0
#define KERN_INVALID_ARGUMENT		4
#define KERN_ABORTED			14
#define KERN_TERMINATED			37
#define KERN_OPERATION_TIMED_OUT	49

/* How semaphore_signal_all() wakes: who sleeps now goes, and takes nothing. */
#define RELEASED			100

struct bsd_semaphore {
	spinlock_t lock;		/* guards count and dead */
	int count;
	bool dead;
	refcount_t refs;		/* the owner's, and those of who waits */
	struct kpi_kext *kext;
};

static void sem_put(struct bsd_semaphore *sem)
{
	if (refcount_dec_and_test(&sem->refs))
		kfree(sem);
}

/* Adds to the count, or ends the semaphore's life, and lets waiters look again. */
static void sem_change(struct bsd_semaphore *sem, int add, bool dead, bool one)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->lock, flags);
	sem->count += add;
	sem->dead |= dead;
	spin_unlock_irqrestore(&sem->lock, flags);
	kpi_wake(KPI_WAIT_LOCK, sem, one, THREAD_AWAKENED);
}

/* Takes one, or says that there is none (THREAD_WAITING) or never will be (RESTART). */
static wait_result_t sem_take(struct bsd_semaphore *sem)
{
	wait_result_t result = THREAD_AWAKENED;
	unsigned long flags;

	spin_lock_irqsave(&sem->lock, flags);
	if (sem->dead)
		result = THREAD_RESTART;
	else if (sem->count > 0)
		sem->count--;
	else
		result = THREAD_WAITING;
	spin_unlock_irqrestore(&sem->lock, flags);
	return result;
}

static wait_result_t sem_wait(struct bsd_semaphore *sem, u64 deadline)
{
	wait_result_t result = THREAD_AWAKENED, taken;
	struct kpi_sleeper s;

	kpi_sleeper_init(&s, KPI_WAIT_LOCK, sem, TASK_INTERRUPTIBLE);
	for (;;) {
		kpi_sleeper_enter(&s);
		taken = sem_take(sem);
		if (taken != THREAD_WAITING || result != THREAD_AWAKENED)
			break;
		result = kpi_sleeper_wait(&s, deadline);
		if (s.woken && s.result == RELEASED)
			return THREAD_AWAKENED;
	}
	finish_wait(s.queue, &s.wait);
	if (s.woken)		/* by a signal that we may not have taken: pass it on */
		kpi_wake(KPI_WAIT_LOCK, sem, true, THREAD_AWAKENED);
	return taken != THREAD_WAITING ? taken : result;
}

static kern_return_t sem_wait_checked(struct bsd_semaphore *sem, u64 deadline)
{
	wait_result_t result;

	if (!sem)
		return KERN_INVALID_ARGUMENT;

	refcount_inc(&sem->refs);
	result = sem_wait(sem, deadline);
	sem_put(sem);

	switch (result) {
	case THREAD_AWAKENED:
		return KERN_SUCCESS;
	case THREAD_TIMED_OUT:
		return KERN_OPERATION_TIMED_OUT;
	case THREAD_RESTART:
		return KERN_TERMINATED;
	default:
		return KERN_ABORTED;
	}
}

/**
 * kpi_semaphore_create() - make a semaphore
 * @task:      not used
 * @semaphore: out: the semaphore; the caller frees it with kpi_semaphore_destroy()
 * @policy:    not used; who waits longest is woken first
 * @value:     its first count
 *
 * macOS difference: a semaphore belongs to no task.
 *
 * Context: Process context; may sleep.
 * Return: KERN_SUCCESS; KERN_INVALID_ARGUMENT for a negative count.
 */
kern_return_t kpi_semaphore_create(task_t task, semaphore_t *semaphore, int policy, int value)
{
	struct bsd_semaphore *sem;

	kpi_might_sleep();
	if (!semaphore || value < 0)
		return KERN_INVALID_ARGUMENT;

	sem = kzalloc(sizeof(*sem), GFP_KERNEL | __GFP_NOFAIL);
	spin_lock_init(&sem->lock);
	refcount_set(&sem->refs, 1);
	sem->count = value;
	sem->kext = kpi_kext_caller();
	kpi_kext_charge(sem->kext, KPI_HELD_LOCK, 1);
	*semaphore = sem;
	return KERN_SUCCESS;
}
KPI_EXPORT(kpi_semaphore_create);

/**
 * kpi_semaphore_destroy() - end the life of a semaphore
 * @task:      not used
 * @semaphore: the semaphore; who waits for it gets KERN_TERMINATED
 *
 * Consumes the semaphore.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: KERN_SUCCESS; KERN_INVALID_ARGUMENT for NULL.
 */
kern_return_t kpi_semaphore_destroy(task_t task, semaphore_t semaphore)
{
	if (!semaphore)
		return KERN_INVALID_ARGUMENT;
	kpi_kext_charge(semaphore->kext, KPI_HELD_LOCK, -1);
	sem_change(semaphore, 0, true, false);
	sem_put(semaphore);
	return KERN_SUCCESS;
}
KPI_EXPORT(kpi_semaphore_destroy);

/**
 * kpi_semaphore_signal() - let one waiter go
 * @semaphore: the semaphore; without a waiter the next one goes
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: KERN_SUCCESS; KERN_INVALID_ARGUMENT for NULL.
 */
kern_return_t kpi_semaphore_signal(semaphore_t semaphore)
{
	if (!semaphore)
		return KERN_INVALID_ARGUMENT;
	sem_change(semaphore, 1, false, true);
	return KERN_SUCCESS;
}
KPI_EXPORT(kpi_semaphore_signal);

/**
 * kpi_semaphore_signal_all() - let all waiters go
 * @semaphore: the semaphore; without a waiter nothing happens
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: KERN_SUCCESS; KERN_INVALID_ARGUMENT for NULL.
 */
kern_return_t kpi_semaphore_signal_all(semaphore_t semaphore)
{
	if (!semaphore)
		return KERN_INVALID_ARGUMENT;
	kpi_wake(KPI_WAIT_LOCK, semaphore, false, RELEASED);
	return KERN_SUCCESS;
}
KPI_EXPORT(kpi_semaphore_signal_all);

/**
 * kpi_semaphore_wait() - take one from a semaphore, wait for it if need be
 * @semaphore: the semaphore
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: KERN_SUCCESS; KERN_ABORTED after a signal; KERN_TERMINATED if the
 * semaphore is destroyed; KERN_INVALID_ARGUMENT for NULL.
 */
kern_return_t kpi_semaphore_wait(semaphore_t semaphore)
{
	kpi_might_sleep();
	return sem_wait_checked(semaphore, KPI_FOREVER);
}
KPI_EXPORT(kpi_semaphore_wait);

/**
 * kpi_semaphore_wait_ns() - what semaphore_timedwait() calls
 * @semaphore:   the semaphore
 * @nanoseconds: how long to wait at most
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_semaphore_wait(), or KERN_OPERATION_TIMED_OUT.
 */
kern_return_t kpi_semaphore_wait_ns(semaphore_t semaphore, u_int64_t nanoseconds)
{
	kpi_might_sleep();
	return sem_wait_checked(semaphore, kpi_deadline_after(ktime_get_ns(), nanoseconds));
}
KPI_EXPORT(kpi_semaphore_wait_ns);
