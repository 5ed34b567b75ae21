// SPDX-License-Identifier: GPL-2.0
/*
 * lck_rw: many readers or one writer; writers go first.
 *
 * A few counters under the lock of the hashed wait queue that the lock's
 * address picks. Whoever releases lets every waiter of this lock try again.
 * Linux's rw_semaphore is tied to its owner and, with its debugging on, does
 * not fit into the space a kext sets aside.
 */

#include <linux/build_bug.h>
#include <linux/slab.h>

#include "../kpi_priv.h"
#include "lock.h"
#include "wait.h"

#define RW_MAGIC	0x6c727731u
#define RW_DEAD		0x64656164u

/* All but magic, allocated, site and kext: W: the wait queue's lock. */
struct kpi_rw {
	u32 magic;
	int readers;
	int writers_waiting;
	bool upgrading;			/* a reader waits for the others to leave */
	bool allocated;
	u16 site;			/* for lockdep */
	struct task_struct *writer;
	struct kpi_kext *kext;		/* who is charged for it, if allocated */
};

static struct kpi_rw *rw_of(lck_rw_t *lck)
{
	BUILD_BUG_ON(sizeof(struct kpi_rw) > sizeof(lck_rw_t));
	return (struct kpi_rw *)lck->opaque;
}

static void rw_check(struct kpi_rw *rw, unsigned long caller)
{
	if (unlikely(rw->magic != RW_MAGIC))
		kpi_misuse_from(caller, "a read-write lock that is not initialised, or destroyed");
}

static bool take_shared(struct kpi_rw *rw)
{
	if (rw->writer || rw->writers_waiting || rw->upgrading)
		return false;
	rw->readers++;
	return true;
}

static bool take_exclusive(struct kpi_rw *rw)
{
	if (rw->writer || rw->readers || rw->upgrading)
		return false;
	rw->writer = current;
	return true;
}

static bool take_upgrade(struct kpi_rw *rw)
{
	if (rw->writer || rw->readers)
		return false;
	rw->upgrading = false;
	rw->writer = current;
	return true;
}

static void rw_wake(struct kpi_rw *rw)
{
	kpi_wake(KPI_WAIT_LOCK, rw, false, THREAD_AWAKENED);
}

/* Called and returns with the queue's lock held, which goes off for the sleep. */
static void rw_wait(struct kpi_rw *rw, bool (*take)(struct kpi_rw *rw),
		    wait_queue_head_t *queue, unsigned long *flags)
{
	struct kpi_sleeper s;

	lockdep_assert_held(&queue->lock);

	kpi_sleeper_init(&s, KPI_WAIT_LOCK, rw, TASK_UNINTERRUPTIBLE);
	while (!take(rw)) {
		if (list_empty(&s.wait.entry))
			__add_wait_queue_entry_tail(queue, &s.wait);
		set_current_state(TASK_UNINTERRUPTIBLE);
		spin_unlock_irqrestore(&queue->lock, *flags);
		schedule();
		spin_lock_irqsave(&queue->lock, *flags);
	}
	__set_current_state(TASK_RUNNING);
	list_del_init(&s.wait.entry);
}

static void rw_lock_shared(struct kpi_rw *rw, unsigned long caller)
{
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	unsigned long flags;

	kpi_lock_site_acquire(rw->site, KPI_LOCK_READ, caller);
	spin_lock_irqsave(&queue->lock, flags);
	rw_wait(rw, take_shared, queue, &flags);
	spin_unlock_irqrestore(&queue->lock, flags);
}

static void rw_lock_exclusive(struct kpi_rw *rw, unsigned long caller)
{
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	unsigned long flags;

	kpi_lock_site_acquire(rw->site, 0, caller);
	spin_lock_irqsave(&queue->lock, flags);
	rw->writers_waiting++;
	rw_wait(rw, take_exclusive, queue, &flags);
	rw->writers_waiting--;
	spin_unlock_irqrestore(&queue->lock, flags);
}

static bool rw_try(struct kpi_rw *rw, bool (*take)(struct kpi_rw *rw), unsigned long caller)
{
	unsigned int read = take == take_shared ? KPI_LOCK_READ : 0;
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&queue->lock, flags);
	taken = take(rw);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (taken)
		kpi_lock_site_acquire(rw->site, KPI_LOCK_TRY | read, caller);
	return taken;
}

/* For lockdep; before anybody else may have the lock. Who reads is not known, only how many. */
static void rw_site_release(struct kpi_rw *rw, unsigned long caller)
{
	struct task_struct *writer = READ_ONCE(rw->writer);

	if (!kpi_lock_has_site(rw->site))
		return;
	if (writer == current || (!writer && READ_ONCE(rw->readers)))
		kpi_lock_site_release(rw->site, caller);
	else if (writer)
		kpi_lock_site_off(rw->site);
}

/* What the caller held, or 0 if nobody held anything. */
static lck_rw_type_t rw_release(struct kpi_rw *rw, unsigned long caller)
{
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	lck_rw_type_t type = 0;
	unsigned long flags;

	rw_site_release(rw, caller);
	spin_lock_irqsave(&queue->lock, flags);
	if (rw->writer) {
		rw->writer = NULL;
		type = LCK_RW_TYPE_EXCLUSIVE;
	} else if (rw->readers) {
		rw->readers--;
		type = LCK_RW_TYPE_SHARED;
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	rw_wake(rw);
	return type;
}

static void rw_unlock(struct kpi_rw *rw, lck_rw_type_t type, unsigned long caller)
{
	lck_rw_type_t held = READ_ONCE(rw->writer) ? LCK_RW_TYPE_EXCLUSIVE : LCK_RW_TYPE_SHARED;

	rw_check(rw, caller);
	if (held != type)
		kpi_misuse_from(caller, "unlocks a read-write lock that is held the other way");
	else if (!rw_release(rw, caller))
		kpi_misuse_from(caller, "unlocks a read-write lock that nobody holds");
}

static void rw_init(struct kpi_rw *rw, lck_grp_t *grp, lck_attr_t *attr,
		     unsigned long caller)
{
	*rw = (struct kpi_rw){ .magic = RW_MAGIC,
			       .site = kpi_lock_site(caller, grp, attr, "read-write lock") };
}

/**
 * kpi_lck_rw_init() - initialise a read-write lock in place
 * @lck:  the lock
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_rw_init(lck_rw_t *lck, lck_grp_t *grp, lck_attr_t *attr)
{
	rw_init(rw_of(lck), grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_init);

lck_rw_t *kpi_rw_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller)
{
	lck_rw_t *lck = kmalloc(sizeof(*lck), GFP_KERNEL | __GFP_NOFAIL);
	struct kpi_rw *rw = rw_of(lck);

	rw_init(rw, grp, attr, caller);
	rw->allocated = true;
	rw->kext = kpi_kext_at(caller);
	kpi_kext_charge(rw->kext, KPI_HELD_LOCK, 1);
	return lck;
}

/**
 * kpi_lck_rw_alloc_init() - allocate and initialise a read-write lock
 * @grp:  its group, or NULL
 * @attr: NULL, or what kpi_lck_attr_cleardebug() may have marked
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the lock; the caller frees it with kpi_lck_rw_free().
 */
lck_rw_t *kpi_lck_rw_alloc_init(lck_grp_t *grp, lck_attr_t *attr)
{
	kpi_might_sleep();
	return kpi_rw_new(grp, attr, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_alloc_init);

/**
 * kpi_lck_rw_lock_shared() - lock for reading
 * @lck: the lock
 *
 * Waits for the writer, and for writers that wait.
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 */
void kpi_lck_rw_lock_shared(lck_rw_t *lck)
{
	kpi_might_sleep();
	rw_check(rw_of(lck), _RET_IP_);
	rw_lock_shared(rw_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_lock_shared);

/**
 * kpi_lck_rw_lock_exclusive() - lock for writing
 * @lck: the lock
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 */
void kpi_lck_rw_lock_exclusive(lck_rw_t *lck)
{
	kpi_might_sleep();
	rw_check(rw_of(lck), _RET_IP_);
	if (READ_ONCE(rw_of(lck)->writer) == current)
		kpi_misuse("locks a read-write lock it holds");
	rw_lock_exclusive(rw_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_lock_exclusive);

/**
 * kpi_lck_rw_lock() - lock for reading or writing
 * @lck:  the lock
 * @type: LCK_RW_TYPE_SHARED or LCK_RW_TYPE_EXCLUSIVE
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 */
void kpi_lck_rw_lock(lck_rw_t *lck, lck_rw_type_t type)
{
	kpi_might_sleep();
	rw_check(rw_of(lck), _RET_IP_);
	if (type == LCK_RW_TYPE_SHARED)
		rw_lock_shared(rw_of(lck), _RET_IP_);
	else
		rw_lock_exclusive(rw_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_lock);

/**
 * kpi_lck_rw_unlock_shared() - unlock after reading
 * @lck: the lock
 *
 * macOS difference: any thread may unlock; what nobody holds stays as it is.
 *
 * Context: Any.
 */
void kpi_lck_rw_unlock_shared(lck_rw_t *lck)
{
	rw_unlock(rw_of(lck), LCK_RW_TYPE_SHARED, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_unlock_shared);

/**
 * kpi_lck_rw_unlock_exclusive() - unlock after writing
 * @lck: the lock
 *
 * macOS difference: any thread may unlock; what nobody holds stays as it is.
 *
 * Context: Any.
 */
void kpi_lck_rw_unlock_exclusive(lck_rw_t *lck)
{
	rw_unlock(rw_of(lck), LCK_RW_TYPE_EXCLUSIVE, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_unlock_exclusive);

/**
 * kpi_lck_rw_unlock() - unlock after reading or writing
 * @lck:  the lock
 * @type: as it was locked
 *
 * macOS difference: any thread may unlock; what nobody holds stays as it is.
 *
 * Context: Any.
 */
void kpi_lck_rw_unlock(lck_rw_t *lck, lck_rw_type_t type)
{
	rw_unlock(rw_of(lck), type, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_unlock);

/**
 * kpi_lck_rw_done() - unlock, whatever is held
 * @lck: the lock
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: LCK_RW_TYPE_SHARED or LCK_RW_TYPE_EXCLUSIVE, as it was held.
 */
lck_rw_type_t kpi_lck_rw_done(lck_rw_t *lck)
{
	lck_rw_type_t type = rw_release(rw_of(lck), _RET_IP_);

	if (!type)
		kpi_misuse("unlocks a read-write lock that nobody holds");
	return type ?: LCK_RW_TYPE_SHARED;
}
KPI_EXPORT(kpi_lck_rw_done);

/**
 * kpi_lck_rw_try_lock_shared() - lock for reading if that needs no waiting
 * @lck: the lock
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: TRUE if the caller holds it now.
 */
boolean_t kpi_lck_rw_try_lock_shared(lck_rw_t *lck)
{
	rw_check(rw_of(lck), _RET_IP_);
	return rw_try(rw_of(lck), take_shared, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_try_lock_shared);

/**
 * kpi_lck_rw_try_lock_exclusive() - lock for writing if that needs no waiting
 * @lck: the lock
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: TRUE if the caller holds it now.
 */
boolean_t kpi_lck_rw_try_lock_exclusive(lck_rw_t *lck)
{
	rw_check(rw_of(lck), _RET_IP_);
	return rw_try(rw_of(lck), take_exclusive, _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_try_lock_exclusive);

/**
 * kpi_lck_rw_try_lock() - lock for reading or writing if that needs no waiting
 * @lck:  the lock
 * @type: LCK_RW_TYPE_SHARED or LCK_RW_TYPE_EXCLUSIVE
 *
 * macOS difference: none.
 *
 * Context: Any but interrupts.
 * Return: TRUE if the caller holds it now.
 */
boolean_t kpi_lck_rw_try_lock(lck_rw_t *lck, lck_rw_type_t type)
{
	rw_check(rw_of(lck), _RET_IP_);
	return rw_try(rw_of(lck), type == LCK_RW_TYPE_SHARED ? take_shared : take_exclusive,
		      _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_try_lock);

/**
 * kpi_lck_rw_lock_shared_to_exclusive() - become the writer
 * @lck: a lock the caller holds for reading
 *
 * Only one reader can wait for the others to leave. A second one is refused
 * and has lost its shared lock: it must lock again and look again.
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: TRUE if the caller holds it for writing, FALSE if it holds nothing.
 */
boolean_t kpi_lck_rw_lock_shared_to_exclusive(lck_rw_t *lck)
{
	struct kpi_rw *rw = rw_of(lck);
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	unsigned long flags;
	bool first;

	kpi_might_sleep();
	rw_check(rw, _RET_IP_);
	if (!READ_ONCE(rw->readers)) {
		kpi_misuse("upgrades a read-write lock it does not hold");
		return false;
	}

	kpi_lock_site_release(rw->site, _RET_IP_);
	spin_lock_irqsave(&queue->lock, flags);
	rw->readers--;
	first = !rw->upgrading;
	if (first) {
		rw->upgrading = true;
		rw_wait(rw, take_upgrade, queue, &flags);
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	if (first)
		kpi_lock_site_acquire(rw->site, KPI_LOCK_TRY, _RET_IP_);
	else
		rw_wake(rw);
	return first;
}
KPI_EXPORT(kpi_lck_rw_lock_shared_to_exclusive);

/**
 * kpi_lck_rw_lock_exclusive_to_shared() - let other readers in
 * @lck: a lock the caller holds for writing; it holds it for reading then
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_rw_lock_exclusive_to_shared(lck_rw_t *lck)
{
	struct kpi_rw *rw = rw_of(lck);
	wait_queue_head_t *queue = kpi_wait_queue(KPI_WAIT_LOCK, rw);
	unsigned long flags;

	rw_check(rw, _RET_IP_);
	if (!READ_ONCE(rw->writer)) {
		kpi_misuse("downgrades a read-write lock it does not hold for writing");
		return;
	}

	spin_lock_irqsave(&queue->lock, flags);
	rw->writer = NULL;
	rw->readers++;
	spin_unlock_irqrestore(&queue->lock, flags);
	kpi_lock_site_release(rw->site, _RET_IP_);
	kpi_lock_site_acquire(rw->site, KPI_LOCK_TRY | KPI_LOCK_READ, _RET_IP_);
	rw_wake(rw);
}
KPI_EXPORT(kpi_lck_rw_lock_exclusive_to_shared);

static void rw_destroy(struct kpi_rw *rw, unsigned long caller)
{
	rw_check(rw, caller);
	if (rw->writer || rw->readers) {
		kpi_misuse_from(caller, "destroys a read-write lock that is held");
		rw_site_release(rw, caller);
	}
	rw->site = 0;
	rw->magic = RW_DEAD;
}

/**
 * kpi_lck_rw_destroy() - end the life of a lock initialised in place
 * @lck: the lock
 * @grp: not used
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_lck_rw_destroy(lck_rw_t *lck, lck_grp_t *grp)
{
	rw_destroy(rw_of(lck), _RET_IP_);
}
KPI_EXPORT(kpi_lck_rw_destroy);

/**
 * kpi_lck_rw_free() - free a lock from kpi_lck_rw_alloc_init()
 * @lck: the lock, or NULL
 * @grp: not used
 *
 * macOS difference: NULL is accepted.
 *
 * Context: Any.
 */
void kpi_lck_rw_free(lck_rw_t *lck, lck_grp_t *grp)
{
	struct kpi_rw *rw;

	if (!lck)
		return;

	rw = rw_of(lck);
	if (!rw->allocated) {
		kpi_misuse("frees a read-write lock that was initialised in place");
		return;
	}
	rw_destroy(rw, _RET_IP_);
	kpi_kext_charge(rw->kext, KPI_HELD_LOCK, -1);
	kfree(lck);
}
KPI_EXPORT(kpi_lck_rw_free);

static bool rw_is(struct kpi_rw *rw, unsigned int type)
{
	bool writing = READ_ONCE(rw->writer) == current;
	bool reading = READ_ONCE(rw->readers) > 0;

	switch (type) {
	case LCK_RW_ASSERT_SHARED:
		return reading;
	case LCK_RW_ASSERT_EXCLUSIVE:
		return writing;
	case LCK_RW_ASSERT_HELD:
		return reading || writing;
	default:
		return !reading && !writing;
	}
}

/**
 * kpi_lck_rw_assert() - check how a read-write lock is held
 * @lck:  the lock
 * @type: LCK_RW_ASSERT_SHARED, EXCLUSIVE, HELD or NOTHELD
 *
 * macOS difference: a violation is reported, not a panic.
 *
 * Context: Any.
 */
void kpi_lck_rw_assert(lck_rw_t *lck, unsigned int type)
{
	if (!rw_is(rw_of(lck), type))
		kpi_misuse("a read-write lock is not held as asserted");
}
KPI_EXPORT(kpi_lck_rw_assert);
