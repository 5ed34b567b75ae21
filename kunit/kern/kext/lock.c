// SPDX-License-Identifier: GPL-2.0
/* Mutexes, spin locks, groups, and the locks of IOKit. */

#include <kern/locks.h>
#include <kern/thread.h>
#include <mach/semaphore.h>
#include <sys/systm.h>
#include <IOKit/IOLib.h>

#include "../test.h"

_Static_assert(sizeof(lck_mtx_t) == 64, "mutexes are embedded by size");
_Static_assert(sizeof(lck_rw_t) == 128, "read-write locks are embedded by size");
_Static_assert(sizeof(lck_spin_t) == 32, "spin locks are embedded by size");

/* Two threads that count under a lock must not lose a count. */
struct counting {
	lck_mtx_t mutex;
	lck_spin_t spin;
	int use_spin;
	int count;
	int running;
};

#define ROUNDS	5000

static void count_once(struct counting *c)
{
	int seen;

	if (c->use_spin)
		lck_spin_lock(&c->spin);
	else
		lck_mtx_lock(&c->mutex);
	seen = c->count;
	if (!c->use_spin && seen % 64 == 0)
		IOSleep(0);
	c->count = seen + 1;
	if (c->use_spin)
		lck_spin_unlock(&c->spin);
	else
		lck_mtx_unlock(&c->mutex);
}

static void counter(void *arg, wait_result_t unused)
{
	struct counting *c = arg;
	int i;

	for (i = 0; i < ROUNDS; i++)
		count_once(c);
	OSDecrementAtomic(&c->running);
}

static void count_with(int use_spin)
{
	struct counting c = { .use_spin = use_spin, .running = 3 };
	int i;

	lck_mtx_init(&c.mutex, LCK_GRP_NULL, LCK_ATTR_NULL);
	lck_spin_init(&c.spin, LCK_GRP_NULL, LCK_ATTR_NULL);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(kernel_thread_start(counter, &c, NULL), KERN_SUCCESS);
	SETTLES(!c.running);
	EXPECT_EQ(c.count, 3 * ROUNDS);
	lck_mtx_destroy(&c.mutex, LCK_GRP_NULL);
	lck_spin_destroy(&c.spin, LCK_GRP_NULL);
}

static void mutex_excludes(void)
{
	count_with(0);
}

static void spin_lock_excludes(void)
{
	count_with(1);
}

/* Two wait for the same mutex at once: who gets it first wakes the other. */
struct line {
	lck_mtx_t mutex;
	void *volatile thread[2];
	volatile SInt32 begun;
	volatile SInt32 gone;
};

static void stand_in_line(void *arg, wait_result_t unused)
{
	struct line *l = arg;

	l->thread[OSIncrementAtomic(&l->begun)] = kt_self();
	lck_mtx_lock(&l->mutex);
	lck_mtx_unlock(&l->mutex);
	OSIncrementAtomic(&l->gone);
}

static void everybody_in_line_has_a_turn(void)
{
	static struct line l;
	int i;

	bzero(&l, sizeof(l));
	lck_mtx_init(&l.mutex, LCK_GRP_NULL, LCK_ATTR_NULL);
	lck_mtx_lock(&l.mutex);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(kernel_thread_start(stand_in_line, &l, NULL), KERN_SUCCESS);
		SETTLES(l.thread[i] && kt_asleep(l.thread[i]));
	}
	lck_mtx_unlock(&l.mutex);
	SETTLES(l.gone == 2);
}

static void mutex_knows_its_owner(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);

	EXPECT_EQ(kt_held(KT_LOCKS), 1);
	lck_mtx_assert(m, LCK_MTX_ASSERT_NOTOWNED);
	EXPECT(lck_mtx_try_lock(m));
	EXPECT(!lck_mtx_try_lock(m));
	lck_mtx_assert(m, LCK_MTX_ASSERT_OWNED);
	EXPECT_MISUSE(1, lck_mtx_assert(m, LCK_MTX_ASSERT_NOTOWNED));
	lck_mtx_unlock(m);
	EXPECT_MISUSE(1, lck_mtx_assert(m, LCK_MTX_ASSERT_OWNED));
	lck_mtx_lock_spin(m);
	lck_mtx_convert_spin(m);
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
	EXPECT_EQ(kt_held(KT_LOCKS), 0);
}

static void unlocker(void *arg, wait_result_t unused)
{
	lck_mtx_unlock(arg);
}

static void another_thread_may_unlock(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);

	lck_mtx_lock(m);
	EXPECT_EQ(kernel_thread_start(unlocker, m, NULL), KERN_SUCCESS);
	SETTLES(lck_mtx_try_lock(m));
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
}

/* Each kind, taken in each way, is one lock more, and one less when it is given back. */
static void lockdep_counts_them(void)
{
	lck_grp_t *grp = lck_grp_alloc_init("counted", LCK_GRP_ATTR_NULL);
	lck_mtx_t *m = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	lck_rw_t *rw = lck_rw_alloc_init(grp, LCK_ATTR_NULL);
	lck_spin_t *s = lck_spin_alloc_init(grp, LCK_ATTR_NULL);
	int none = kt_locks_held();

	if (none < 0) {
		kt_skip("no lockdep here");
	} else {
		lck_mtx_lock(m);
		EXPECT_EQ(kt_locks_held(), none + 1);
		lck_rw_lock_exclusive(rw);
		EXPECT_EQ(kt_locks_held(), none + 2);
		lck_rw_lock_exclusive_to_shared(rw);
		EXPECT_EQ(kt_locks_held(), none + 2);
		EXPECT(lck_spin_try_lock(s));
		EXPECT_EQ(kt_locks_held(), none + 3);
		lck_mtx_unlock(m);		/* in any order */
		lck_spin_unlock(s);
		EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_SHARED);
		EXPECT_EQ(kt_locks_held(), none);
		EXPECT(lck_mtx_try_lock(m) && lck_rw_try_lock_shared(rw));
		EXPECT(lck_rw_lock_shared_to_exclusive(rw));
		EXPECT_EQ(kt_locks_held(), none + 2);
		lck_rw_unlock_exclusive(rw);
		lck_mtx_unlock(m);
		EXPECT_EQ(kt_locks_held(), none);
	}
	lck_spin_free(s, grp);
	lck_rw_free(rw, grp);
	lck_mtx_free(m, grp);
	lck_grp_free(grp);
}

static void unlock_and_tell(void *arg, wait_result_t unused)
{
	lck_mtx_unlock(arg);
}

/* What another thread unlocks is a semaphore: lockdep forgets that it was ever held. */
static void lockdep_forgets_semaphores(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(LCK_GRP_NULL, LCK_ATTR_NULL);
	lck_mtx_t *other = lck_mtx_alloc_init(LCK_GRP_NULL, LCK_ATTR_NULL);
	int none = kt_locks_held();

	lck_mtx_lock(m);
	EXPECT_EQ(kernel_thread_start(unlock_and_tell, m, NULL), KERN_SUCCESS);
	SETTLES(lck_mtx_try_lock(m));
	EXPECT_EQ(kt_locks_held(), none);
	lck_mtx_unlock(m);
	lck_mtx_lock(other);
	lck_mtx_unlock(other);
	EXPECT_EQ(kt_locks_held(), none);
	lck_mtx_free(other, LCK_GRP_NULL);
	lck_mtx_free(m, LCK_GRP_NULL);
}

static void lock_and_go(void *arg, wait_result_t unused)
{
	lck_mtx_lock(arg);
}

/* A lock that somebody leaves to others is a semaphore, too. */
static void lockdep_lets_threads_go(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(LCK_GRP_NULL, LCK_ATTR_NULL);

	EXPECT_EQ(kernel_thread_start(lock_and_go, m, NULL), KERN_SUCCESS);
	SETTLES(kt_held(KT_THREADS) == 0);
	EXPECT(!lck_mtx_try_lock(m));
	lck_mtx_unlock(m);
	lck_mtx_free(m, LCK_GRP_NULL);
}

static void attributes_hide_a_lock(void)
{
	lck_attr_t *attr = lck_attr_alloc_init();
	int none = kt_locks_held(), n;
	lck_mtx_t *m[2];

	for (n = 0; n < 2; n++) {
		if (n)
			lck_attr_setdebug(attr);
		else
			lck_attr_cleardebug(attr);
		m[n] = lck_mtx_alloc_init(LCK_GRP_NULL, attr);
	}
	lck_attr_free(attr);
	for (n = 0; n < 2; n++) {
		lck_mtx_lock(m[n]);
		EXPECT_EQ(kt_locks_held(), none < 0 ? none : none + n);
		lck_mtx_unlock(m[n]);
		lck_mtx_free(m[n], LCK_GRP_NULL);
	}
}

static void late_unlocker(void *arg, wait_result_t unused)
{
	IOSleep(20);
	lck_mtx_unlock(arg);
}

static void as_a_semaphore(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);

	lck_mtx_lock(m);
	EXPECT_EQ(kernel_thread_start(late_unlocker, m, NULL), KERN_SUCCESS);
	EXPECT_MISUSE(0, lck_mtx_lock(m));
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
}

static unsigned long reports;

static void unlock_when_reported(void *arg, wait_result_t unused)
{
	while (kt_misuse_quiet(1) == reports)
		IOSleep(10);
	lck_mtx_unlock(arg);
}

/* Without the report it waits for ever. */
static void locking_twice_is_reported(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);

	lck_mtx_lock(m);
	reports = kt_misuse_quiet(1);
	EXPECT_EQ(kernel_thread_start(unlock_when_reported, m, NULL), KERN_SUCCESS);
	EXPECT_MISUSE(1, lck_mtx_lock(m));
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
}

static void unlocking_what_nobody_holds(void)
{
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);
	lck_spin_t *s = lck_spin_alloc_init(NULL, NULL);

	EXPECT_MISUSE(1, lck_mtx_unlock(m));
	EXPECT_MISUSE(1, lck_spin_unlock(s));
	EXPECT(lck_mtx_try_lock(m));
	EXPECT(lck_spin_try_lock(s));
	lck_spin_unlock(s);
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
	lck_spin_free(s, NULL);
}

static void wrong_ends(void)
{
	lck_mtx_t in_place;
	lck_mtx_t *m = lck_mtx_alloc_init(NULL, NULL);

	lck_mtx_init(&in_place, NULL, NULL);
	EXPECT_MISUSE(1, lck_mtx_free(&in_place, NULL));
	lck_mtx_lock(&in_place);
	EXPECT_MISUSE(1, lck_mtx_destroy(&in_place, NULL));
	EXPECT_MISUSE(1, lck_mtx_unlock(&in_place));	/* it works, but is no mutex any more */
	lck_mtx_lock(m);
	EXPECT_MISUSE(1, lck_mtx_free(m, NULL));
	lck_mtx_free(NULL, NULL);
	lck_spin_free(NULL, NULL);
}

static void uninitialised_mutex_works(void)
{
	lck_mtx_t zeroed = { { 0 } };

	EXPECT_MISUSE(1, lck_mtx_lock(&zeroed));
	EXPECT_MISUSE(1, EXPECT(!lck_mtx_try_lock(&zeroed)));
	EXPECT_MISUSE(1, lck_mtx_unlock(&zeroed));
}

static void groups_go_before_their_locks(void)
{
	lck_grp_attr_t *grp_attr = lck_grp_attr_alloc_init();
	lck_attr_t *attr = lck_attr_alloc_init();
	lck_grp_t *grp;
	lck_mtx_t *m;

	lck_grp_attr_setstat(grp_attr);
	lck_attr_setdebug(attr);
	grp = lck_grp_alloc_init("test", grp_attr);
	m = lck_mtx_alloc_init(grp, attr);
	EXPECT_EQ(kt_held(KT_LOCKS), 4);
	lck_grp_free(grp);
	lck_attr_free(attr);
	lck_grp_attr_free(grp_attr);
	lck_mtx_lock(m);
	lck_mtx_unlock(m);
	lck_mtx_free(m, NULL);
	lck_grp_free(NULL);
}

static void spin_lock_knows_its_owner(void)
{
	decl_lck_spin_data(, spin)

	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	lck_spin_assert(&spin, LCK_ASSERT_OWNED);
	EXPECT(!lck_spin_try_lock(&spin));
	lck_spin_unlock(&spin);
	lck_spin_assert(&spin, LCK_ASSERT_NOTOWNED);
	lck_spin_destroy(&spin, NULL);
	EXPECT_MISUSE(2, { lck_spin_lock(&spin); lck_spin_unlock(&spin); });
}

static void recursive_lock(void)
{
	IORecursiveLock *lock = IORecursiveLockAlloc();

	IORecursiveLockLock(lock);
	IORecursiveLockLock(lock);
	EXPECT(IORecursiveLockTryLock(lock));
	EXPECT(IORecursiveLockHaveLock(lock));
	EXPECT_EQ(IORecursiveLockSleepDeadline(lock, lock, mach_absolute_time() + 1000000,
					       THREAD_UNINT), THREAD_TIMED_OUT);
	IORecursiveLockUnlock(lock);
	IORecursiveLockUnlock(lock);
	EXPECT(IORecursiveLockHaveLock(lock));
	IORecursiveLockUnlock(lock);
	EXPECT(!IORecursiveLockHaveLock(lock));
	EXPECT_MISUSE(1, IORecursiveLockUnlock(lock));
	IORecursiveLockFree(lock);
}

struct turnstile {
	semaphore_t sem;
	volatile int result;
};

static void passes(void *arg, wait_result_t unused)
{
	struct turnstile *t = arg;

	t->result = semaphore_wait(t->sem);
}

static void semaphores_count(void)
{
	mach_timespec_t soon = { 0, 1000000 };
	struct turnstile t = { .result = -1 };

	EXPECT_EQ(semaphore_create(TASK_NULL, &t.sem, SYNC_POLICY_FIFO, 2), KERN_SUCCESS);
	EXPECT_EQ(kt_held(KT_LOCKS), 1);
	EXPECT_EQ(semaphore_wait(t.sem), KERN_SUCCESS);
	EXPECT_EQ(semaphore_wait(t.sem), KERN_SUCCESS);
	EXPECT_EQ(semaphore_timedwait(t.sem, soon), KERN_OPERATION_TIMED_OUT);
	kernel_thread_start(passes, &t, NULL);
	kt_pause_ms(10);
	EXPECT_EQ(t.result, -1);
	semaphore_signal(t.sem);
	SETTLES(t.result == KERN_SUCCESS);

	t.result = -1;
	kernel_thread_start(passes, &t, NULL);
	kt_pause_ms(10);
	EXPECT_EQ(semaphore_destroy(TASK_NULL, t.sem), KERN_SUCCESS);
	SETTLES(t.result == KERN_TERMINATED);
	EXPECT_EQ(semaphore_create(TASK_NULL, &t.sem, SYNC_POLICY_FIFO, -1), KERN_INVALID_ARGUMENT);
	EXPECT_EQ(semaphore_wait(NULL), KERN_INVALID_ARGUMENT);
}

static void semaphore_lets_all_go(void)
{
	mach_timespec_t soon = { 0, 1000000 };
	struct turnstile t[3] = { { .result = -1 }, { .result = -1 }, { .result = -1 } };
	semaphore_t sem;
	int i;

	EXPECT_EQ(semaphore_create(TASK_NULL, &sem, SYNC_POLICY_FIFO, 0), KERN_SUCCESS);
	EXPECT_EQ(semaphore_signal_all(sem), KERN_SUCCESS);	/* of nobody: not kept */
	EXPECT_EQ(semaphore_timedwait(sem, soon), KERN_OPERATION_TIMED_OUT);
	for (i = 0; i < 3; i++) {
		t[i].sem = sem;
		kernel_thread_start(passes, &t[i], NULL);
	}
	kt_pause_ms(10);
	EXPECT_EQ(t[0].result & t[1].result & t[2].result, -1);
	SETTLES((semaphore_signal_all(sem), t[0].result == KERN_SUCCESS &&
		 t[1].result == KERN_SUCCESS && t[2].result == KERN_SUCCESS));
	EXPECT_EQ(semaphore_timedwait(sem, soon), KERN_OPERATION_TIMED_OUT);
	EXPECT_EQ(semaphore_signal_all(NULL), KERN_INVALID_ARGUMENT);
	EXPECT_EQ(semaphore_destroy(TASK_NULL, sem), KERN_SUCCESS);
}

static void locks_of_iokit(void)
{
	IOLock *lock = IOLockAlloc();
	IORWLock *rw = IORWLockAlloc();
	IOSimpleLock *simple = IOSimpleLockAlloc();
	IOInterruptState state;

	EXPECT_EQ(kt_held(KT_LOCKS), 3);
	IOLockLock(lock);
	EXPECT(!IOLockTryLock(lock));
	IOLockUnlock(lock);
	IORWLockRead(rw);
	IORWLockUnlock(rw);
	IORWLockWrite(rw);
	IORWLockUnlock(rw);
	state = IOSimpleLockLockDisableInterrupt(simple);
	IOSimpleLockUnlockEnableInterrupt(simple, state);
	IOSimpleLockFree(simple);
	IORWLockFree(rw);
	IOLockFree(lock);
}

const struct kt_case kern_lock_cases[] = {
	{ "mutex excludes", mutex_excludes },
	{ "everybody in line has a turn", everybody_in_line_has_a_turn },
	{ "spin lock excludes", spin_lock_excludes },
	{ "mutex knows its owner", mutex_knows_its_owner },
	{ "another thread may unlock", another_thread_may_unlock },
	{ "lockdep counts them", lockdep_counts_them },
	{ "lockdep forgets semaphores", lockdep_forgets_semaphores },
	{ "lockdep lets threads go", lockdep_lets_threads_go },
	{ "attributes hide a lock", attributes_hide_a_lock },
	{ "as a semaphore", as_a_semaphore },
	{ "locking twice is reported", locking_twice_is_reported },
	{ "unlocking what nobody holds", unlocking_what_nobody_holds },
	{ "wrong ends", wrong_ends },
	{ "uninitialised mutex works", uninitialised_mutex_works },
	{ "groups go before their locks", groups_go_before_their_locks },
	{ "spin lock knows its owner", spin_lock_knows_its_owner },
	{ "recursive lock", recursive_lock },
	{ "semaphores count", semaphores_count },
	{ "semaphore lets all go", semaphore_lets_all_go },
	{ "locks of iokit", locks_of_iokit },
	{ }
};
