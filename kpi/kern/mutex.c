// SPDX-License-Identifier: GPL-2.0
/*
 * lck_mtx: a sleeping lock that any thread may unlock.
 *
 * Linux's mutex insists on being unlocked by its owner and, with its debugging
 * on, does not fit into the space a kext sets aside. So the lock is one word,
 * the owner's task, and who must wait sleeps on a hashed queue. The lowest bit
 * says that somebody may be waiting; who gets the lock after a wait leaves it
 * set, because others may be waiting still.
 */

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../kpi_priv.h"
#include "lock.h"
#include "wait.h"

#define MTX_MAGIC	0x6c6d7478u
#define MTX_DEAD	0x64656164u
#define MTX_WAITERS	1ul

#define RELOCK_PATIENCE	(2 * HZ)

struct kpi_mtx {
	atomic_long_t owner;		/* the owner's task | MTX_WAITERS, or 0 */
	u32 magic;
	bool allocated;			/* by kpi_lck_mtx_alloc_init() */
	u16 site;			/* for lockdep */
	struct kpi_kext *kext;		/* who is charged for it, if allocated */
};

static struct kpi_mtx *mtx_of(lck_mtx_t *lck)
{
	BUILD_BUG_ON(sizeof(struct kpi_mtx) > sizeof(lck_mtx_t));
	return (struct kpi_mtx *)lck->opaque;
}

static struct task_struct *mtx_owner(struct kpi_mtx *m)
{
	return (struct task_struct *)(atomic_long_read(&m->owner) & ~MTX_WAITERS);
}

static void mtx_check(struct kpi_mtx *m, unsigned long caller)
{
	if (unlikely(m->magic != MTX_MAGIC))
		kpi_misuse_from(caller, "a mutex that is not initialised, or destroyed");
}

static bool mtx_try(struct kpi_mtx *m)
{
	long unlocked = 0;

	return atomic_long_try_cmpxchg_acquire(&m->owner, &unlocked, (long)current);
}

/* Takes a free lock; marks a taken one, so that its owner wakes us. */
static bool mtx_take_or_mark(struct kpi_mtx *m)
{
	long old = atomic_long_read(&m->owner);
	long new;

	do {
		new = old & ~MTX_WAITERS ? old | MTX_WAITERS : (long)current | MTX_WAITERS;
	} while (!atomic_long_try_cmpxchg(&m->owner, &old, new));

	return !(old & ~MTX_WAITERS);
}

/* Who locks a mutex it holds uses it as a semaphore, unless nobody comes to unlock it. */
static void mtx_sleep(bool *is_mine, unsigned long caller)
{
	if (!*is_mine) {
		schedule();
	} else if (!schedule_timeout(RELOCK_PATIENCE)) {
		kpi_misuse_from(caller, "locks a mutex it holds, and nobody else unlocks it");
		*is_mine = false;
	}
}

static noinline void mtx_wait(struct kpi_mtx *m, unsigned long caller)
{
	bool is_mine = mtx_owner(m) == current;
	struct kpi_sleeper s;

	kpi_sleeper_init(&s, KPI_WAIT_LOCK, m, TASK_UNINTERRUPTIBLE);
	for (;;) {
		kpi_sleeper_enter(&s);
		if (mtx_take_or_mark(m))
			break;
		mtx_sleep(&is_mine, caller);
	}
	finish_wait(s.queue, &s.wait);
}

/* For lockdep. Who locks it again uses it as a semaphore, or has a deadlock: mtx_sleep() knows. */
static void mtx_site_acquire(struct kpi_mtx *m, unsigned long caller)
{
	if (!kpi_lock_has_site(m->site))
		return;
	if (mtx_owner(m) == current)
		kpi_lock_site_off(m->site);
	kpi_lock_site_acquire(m->site, 0, caller);
}

/* Before anybody else may have the lock. */
static void mtx_site_release(struct kpi_mtx *m, unsigned long caller)
{
	if (!kpi_lock_has_site(m->site) || !mtx_owner(m))
		return;
	if (mtx_owner(m) == current)
		kpi_lock_site_release(m->site, caller);
	else
		kpi_lock_site_off(m->site);
}

static void mtx_init(struct kpi_mtx *m, lck_grp_t *grp, lck_attr_t *attr,
		     unsigned long caller)
{
	atomic_long_set(&m->owner, 0);
	m->magic = MTX_MAGIC;
	m->allocated = false;
	m->kext = NULL;
	m->site = kpi_lock_site(caller, grp, attr, "mutex");
}

/**
 * kpi_lck_mtx_init() - initialise a mutex in place
 * @lck:  the mutex
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_mtx_init(lck_mtx_t *lck, lck_grp_t *grp, lck_attr_t *attr)
{
	mtx_init(mtx_of(lck), grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_mtx_init);

lck_mtx_t *kpi_mtx_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller)
{
	lck_mtx_t *lck = kmalloc(sizeof(*lck), GFP_KERNEL | __GFP_NOFAIL);
	struct kpi_mtx *m = mtx_of(lck);

	mtx_init(m, grp, attr, caller);
	m->allocated = true;
	m->kext = kpi_kext_at(caller);
	kpi_kext_charge(m->kext, KPI_HELD_LOCK, 1);
	return lck;
}

/**
 * kpi_lck_mtx_alloc_init() - allocate and initialise a mutex
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the mutex; the caller frees it with kpi_lck_mtx_free().
 */
lck_mtx_t *kpi_lck_mtx_alloc_init(lck_grp_t *grp, lck_attr_t *attr)
{
	kpi_might_sleep();
	return kpi_mtx_new(grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_mtx_alloc_init);

/**
 * kpi_lck_mtx_lock() - lock a mutex
 * @lck: the mutex
 *
 * macOS difference: none; locking it twice waits until another thread unlocks.
 *
 * Context: Process context; may sleep.
 */
void kpi_lck_mtx_lock(lck_mtx_t *lck)
{
	struct kpi_mtx *m = mtx_of(lck);

	kpi_might_sleep();
	mtx_check(m, _RET_IP_);
	mtx_site_acquire(m, _RET_IP_);
	if (unlikely(!mtx_try(m)))
		mtx_wait(m, _RET_IP_);
}
KPI_EXPORT(kpi_lck_mtx_lock);

/**
 * kpi_lck_mtx_try_lock() - lock a mutex if it is free
 * @lck: the mutex
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: TRUE if the caller holds it now.
 */
boolean_t kpi_lck_mtx_try_lock(lck_mtx_t *lck)
{
	struct kpi_mtx *m = mtx_of(lck);

	mtx_check(m, _RET_IP_);
	if (!mtx_try(m))
		return false;
	kpi_lock_site_acquire(m->site, KPI_LOCK_TRY, _RET_IP_);
	return true;
}
KPI_EXPORT(kpi_lck_mtx_try_lock);

void kpi_mtx_unlock(lck_mtx_t *lck, unsigned long caller)
{
	struct kpi_mtx *m = mtx_of(lck);
	long old;

	mtx_check(m, caller);
	mtx_site_release(m, caller);
	/* once the owner is gone the memory may go, too: only the address is used */
	old = atomic_long_xchg(&m->owner, 0);
	if (unlikely(!old))
		kpi_misuse_from(caller, "unlocks a mutex that nobody holds");
	if (unlikely(old & MTX_WAITERS))
		kpi_wake(KPI_WAIT_LOCK, m, true, THREAD_AWAKENED);
}

/**
 * kpi_lck_mtx_unlock() - unlock a mutex
 * @lck: the mutex
 *
 * macOS difference: any thread may unlock; a mutex that nobody holds stays as it is.
 *
 * Context: Any.
 */
void kpi_lck_mtx_unlock(lck_mtx_t *lck)
{
	kpi_mtx_unlock(lck, _RET_IP_);
}
KPI_EXPORT(kpi_lck_mtx_unlock);

static void mtx_destroy(struct kpi_mtx *m, unsigned long caller)
{
	mtx_check(m, caller);
	if (atomic_long_read(&m->owner)) {
		kpi_misuse_from(caller, "destroys a mutex that is held");
		mtx_site_release(m, caller);
	}
	m->site = 0;
	m->magic = MTX_DEAD;
}

/**
 * kpi_lck_mtx_destroy() - end the life of a mutex initialised in place
 * @lck: the mutex
 * @grp: not used
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_mtx_destroy(lck_mtx_t *lck, lck_grp_t *grp)
{
	mtx_destroy(mtx_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_mtx_destroy);

/**
 * kpi_lck_mtx_free() - free a mutex from kpi_lck_mtx_alloc_init()
 * @lck: the mutex, or NULL
 * @grp: not used
 *
 * macOS difference: NULL is accepted.
 *
 * Context: Any.
 */
void kpi_lck_mtx_free(lck_mtx_t *lck, lck_grp_t *grp)
{
	struct kpi_mtx *m;

	if (!lck)
		return;

	m = mtx_of(lck);
	if (!m->allocated) {
		kpi_misuse("frees a mutex that was initialised in place");
		return;
	}
	mtx_destroy(m, _RET_IP_);
	kpi_kext_charge(m->kext, KPI_HELD_LOCK, -1);
	kfree(lck);
}
KPI_EXPORT(kpi_lck_mtx_free);

/**
 * kpi_lck_mtx_assert() - check who holds a mutex
 * @lck:  the mutex
 * @type: LCK_MTX_ASSERT_OWNED or LCK_MTX_ASSERT_NOTOWNED, by the caller
 *
 * macOS difference: a violation is reported, not a panic.
 *
 * Context: Any.
 */
void kpi_lck_mtx_assert(lck_mtx_t *lck, unsigned int type)
{
	bool owned = mtx_owner(mtx_of(lck)) == current;

	if (owned != (type == LCK_MTX_ASSERT_OWNED))
		kpi_misuse(owned ? "asserts not to hold a mutex it holds" :
				   "asserts to hold a mutex it does not hold");
}
KPI_EXPORT(kpi_lck_mtx_assert);

/**
 * kpi_lck_mtx_convert_spin() - no effect
 * @lck: a mutex the caller holds
 *
 * macOS difference: there is no spin mode to convert from.
 *
 * Context: Any.
 */
void kpi_lck_mtx_convert_spin(lck_mtx_t *lck)
{
}
KPI_EXPORT(kpi_lck_mtx_convert_spin);
