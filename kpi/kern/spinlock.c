// SPDX-License-Identifier: GPL-2.0
/*
 * lck_spin: a lock that spins, with softirqs off.
 *
 * One bit of a word, because a spinlock_t with its debugging on does not fit
 * into the space a kext sets aside. On one CPU without debugging Linux does not
 * touch the bit; who holds the lock is known everywhere.
 */

#include <linux/bottom_half.h>
#include <linux/build_bug.h>
#include <linux/processor.h>
#include <linux/slab.h>
#include <linux/bit_spinlock.h>	/* wants cpu_relax() */

#include "../kpi_priv.h"
#include "lock.h"

#define SPIN_MAGIC	0x6c73706eu
#define SPIN_DEAD	0x64656164u
#define SPIN_BIT	0

struct kpi_spin {
	unsigned long word;
	struct task_struct *owner;	/* NULL: nobody */
	struct kpi_kext *kext;		/* who is charged for it, if allocated */
	u32 magic;
	u16 site;			/* for lockdep */
	bool allocated;
};

static struct kpi_spin *spin_of(lck_spin_t *lck)
{
	BUILD_BUG_ON(sizeof(struct kpi_spin) > sizeof(lck_spin_t));
	return (struct kpi_spin *)lck->opaque;
}

static void spin_check(struct kpi_spin *s, unsigned long caller)
{
	if (unlikely(s->magic != SPIN_MAGIC))
		kpi_misuse_from(caller, "a spin lock that is not initialised, or destroyed");
}

static void spin_init(struct kpi_spin *s, lck_grp_t *grp, lck_attr_t *attr,
		     unsigned long caller)
{
	*s = (struct kpi_spin){ .magic = SPIN_MAGIC,
				.site = kpi_lock_site(caller, grp, attr, "spin lock") };
}

/**
 * kpi_lck_spin_init() - initialise a spin lock in place
 * @lck:  the lock
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_spin_init(lck_spin_t *lck, lck_grp_t *grp, lck_attr_t *attr)
{
	spin_init(spin_of(lck), grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_spin_init);

lck_spin_t *kpi_spin_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller)
{
	lck_spin_t *lck = kmalloc(sizeof(*lck), GFP_KERNEL | __GFP_NOFAIL);
	struct kpi_spin *s = spin_of(lck);

	spin_init(s, grp, attr, caller);
	s->allocated = true;
	s->kext = kpi_kext_at(caller);
	kpi_kext_charge(s->kext, KPI_HELD_LOCK, 1);
	return lck;
}

/**
 * kpi_lck_spin_alloc_init() - allocate and initialise a spin lock
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the lock; the caller frees it with kpi_lck_spin_free().
 */
lck_spin_t *kpi_lck_spin_alloc_init(lck_grp_t *grp, lck_attr_t *attr)
{
	kpi_might_sleep();
	return kpi_spin_new(grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_spin_alloc_init);

/**
 * kpi_lck_spin_lock() - lock a spin lock
 * @lck: the lock
 *
 * Until it is unlocked the caller must not sleep. A call that might is named in the
 * log, on every kernel; if it is for memory, it does not wait for that.
 *
 * macOS difference: softirqs are off, interrupts are not.
 *
 * Context: Interrupts enabled.
 */
void kpi_lck_spin_lock(lck_spin_t *lck)
	__acquires(bitlock)
{
	struct kpi_spin *s = spin_of(lck);

	spin_check(s, _RET_IP_);
	local_bh_disable();
	kpi_lock_site_acquire(s->site, 0, _RET_IP_);
	bit_spin_lock(SPIN_BIT, &s->word);
	s->owner = current;
}
KPI_EXPORT(kpi_lck_spin_lock);

/**
 * kpi_lck_spin_try_lock() - lock a spin lock if it is free
 * @lck: the lock
 *
 * macOS difference: as kpi_lck_spin_lock().
 *
 * Context: Interrupts enabled.
 * Return: TRUE if the caller holds it now.
 */
boolean_t kpi_lck_spin_try_lock(lck_spin_t *lck)
{
	struct kpi_spin *s = spin_of(lck);

	spin_check(s, _RET_IP_);
	if (READ_ONCE(s->owner) == current)
		return false;
	local_bh_disable();
	if (bit_spin_trylock(SPIN_BIT, &s->word)) {
		__release(bitlock);	/* sparse cannot follow a lock that is taken or not */
		s->owner = current;
		kpi_lock_site_acquire(s->site, KPI_LOCK_TRY, _RET_IP_);
		return true;
	}
	local_bh_enable();
	return false;
}
KPI_EXPORT(kpi_lck_spin_try_lock);

/**
 * kpi_lck_spin_unlock() - unlock a spin lock
 * @lck: a lock the caller holds
 *
 * macOS difference: a lock that nobody holds stays as it is.
 *
 * Context: Interrupts enabled.
 */
void kpi_lck_spin_unlock(lck_spin_t *lck)
	__releases(bitlock)
{
	struct kpi_spin *s = spin_of(lck);

	spin_check(s, _RET_IP_);
	if (unlikely(!READ_ONCE(s->owner))) {
		kpi_misuse("unlocks a spin lock that nobody holds");
		__release(bitlock);
		return;
	}
	kpi_lock_site_release(s->site, _RET_IP_);
	s->owner = NULL;
	bit_spin_unlock(SPIN_BIT, &s->word);
	local_bh_enable();
}
KPI_EXPORT(kpi_lck_spin_unlock);

static void spin_destroy(struct kpi_spin *s, unsigned long caller)
{
	spin_check(s, caller);
	if (READ_ONCE(s->owner)) {
		kpi_misuse_from(caller, "destroys a spin lock that is held");
		kpi_lock_site_release(s->site, caller);
	}
	s->site = 0;
	s->magic = SPIN_DEAD;
}

/**
 * kpi_lck_spin_destroy() - end the life of a spin lock initialised in place
 * @lck: the lock
 * @grp: not used
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_spin_destroy(lck_spin_t *lck, lck_grp_t *grp)
{
	spin_destroy(spin_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_spin_destroy);

/**
 * kpi_lck_spin_free() - free a spin lock from kpi_lck_spin_alloc_init()
 * @lck: the lock, or NULL
 * @grp: not used
 *
 * macOS difference: NULL is accepted.
 *
 * Context: Any.
 */
void kpi_lck_spin_free(lck_spin_t *lck, lck_grp_t *grp)
{
	struct kpi_spin *s;

	if (!lck)
		return;

	s = spin_of(lck);
	if (!s->allocated) {
		kpi_misuse("frees a spin lock that was initialised in place");
		return;
	}
	spin_destroy(s, _RET_IP_);
	kpi_kext_charge(s->kext, KPI_HELD_LOCK, -1);
	kfree(lck);
}
KPI_EXPORT(kpi_lck_spin_free);

/**
 * kpi_lck_spin_assert() - check who holds a spin lock
 * @lck:  the lock
 * @type: LCK_ASSERT_OWNED or LCK_ASSERT_NOTOWNED, by the caller
 *
 * macOS difference: a violation is reported, not a panic.
 *
 * Context: Any.
 */
void kpi_lck_spin_assert(lck_spin_t *lck, unsigned int type)
{
	bool owned = READ_ONCE(spin_of(lck)->owner) == current;

	if (owned != (type == LCK_ASSERT_OWNED))
		kpi_misuse(owned ? "asserts not to hold a spin lock it holds" :
				   "asserts to hold a spin lock it does not hold");
}
KPI_EXPORT(kpi_lck_spin_assert);
