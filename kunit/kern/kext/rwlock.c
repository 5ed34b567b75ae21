// SPDX-License-Identifier: GPL-2.0
/* Read-write locks. */

#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <sys/systm.h>
#include <IOKit/IOLib.h>

#include "../test.h"

struct shared {
	lck_rw_t lock;
	volatile int readers_in;
	volatile int go;
	volatile int upgraded;
	volatile int refused;
	volatile int left;
	volatile int order;
	int writer_came;
	int reader_came;
};

static void init(struct shared *s)
{
	bzero(s, sizeof(*s));
	lck_rw_init(&s->lock, NULL, NULL);
}

static void readers_share_and_writers_do_not(void)
{
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);

	EXPECT_EQ(kt_held(KT_LOCKS), 1);
	lck_rw_lock_shared(rw);
	EXPECT(lck_rw_try_lock_shared(rw));
	EXPECT(!lck_rw_try_lock_exclusive(rw));
	lck_rw_assert(rw, LCK_RW_ASSERT_SHARED);
	lck_rw_unlock_shared(rw);
	lck_rw_unlock_shared(rw);
	lck_rw_assert(rw, LCK_RW_ASSERT_NOTHELD);

	lck_rw_lock_exclusive(rw);
	EXPECT(!lck_rw_try_lock_shared(rw));
	EXPECT(!lck_rw_try_lock(rw, LCK_RW_TYPE_EXCLUSIVE));
	lck_rw_assert(rw, LCK_RW_ASSERT_EXCLUSIVE);
	lck_rw_assert(rw, LCK_RW_ASSERT_HELD);
	EXPECT_MISUSE(1, lck_rw_assert(rw, LCK_RW_ASSERT_NOTHELD));
	lck_rw_lock_exclusive_to_shared(rw);
	EXPECT(lck_rw_try_lock_shared(rw));
	lck_rw_unlock(rw, LCK_RW_TYPE_SHARED);
	lck_rw_unlock(rw, LCK_RW_TYPE_SHARED);
	lck_rw_free(rw, NULL);
}

static void done_says_how_it_was_held(void)
{
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);

	lck_rw_lock(rw, LCK_RW_TYPE_SHARED);
	EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_SHARED);
	lck_rw_lock(rw, LCK_RW_TYPE_EXCLUSIVE);
	EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_EXCLUSIVE);
	lck_rw_free(rw, NULL);
}

static void mistakes(void)
{
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);
	lck_rw_t in_place;

	EXPECT_MISUSE(1, lck_rw_unlock_shared(rw));
	EXPECT_MISUSE(1, lck_rw_unlock_exclusive(rw));
	EXPECT_MISUSE(1, (void)lck_rw_done(rw));
	EXPECT_MISUSE(1, EXPECT(!lck_rw_lock_shared_to_exclusive(rw)));
	EXPECT_MISUSE(1, lck_rw_lock_exclusive_to_shared(rw));
	lck_rw_lock_shared(rw);
	EXPECT_MISUSE(1, lck_rw_unlock_exclusive(rw));
	lck_rw_unlock_shared(rw);
	EXPECT(lck_rw_try_lock_exclusive(rw));
	EXPECT_MISUSE(1, lck_rw_free(rw, NULL));

	lck_rw_init(&in_place, NULL, NULL);
	EXPECT_MISUSE(1, lck_rw_free(&in_place, NULL));
	lck_rw_destroy(&in_place, NULL);
	EXPECT_MISUSE(1, lck_rw_lock_shared(&in_place));
}

static void a_lone_reader_upgrades(void)
{
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);

	lck_rw_lock_shared(rw);
	EXPECT(lck_rw_lock_shared_to_exclusive(rw));
	EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_EXCLUSIVE);
	lck_rw_free(rw, NULL);
}

static void reader(void *arg, wait_result_t unused)
{
	struct shared *s = arg;

	OSIncrementAtomic(&s->left);
	lck_rw_lock_shared(&s->lock);
	OSIncrementAtomic(&s->readers_in);
	lck_rw_unlock_shared(&s->lock);
}

static void a_writer_becomes_a_reader(void)
{
	struct shared s;

	init(&s);
	lck_rw_lock_exclusive(&s.lock);
	kernel_thread_start(reader, &s, NULL);
	SETTLES(s.left == 1);
	kt_pause_ms(10);
	EXPECT_EQ(s.readers_in, 0);
	lck_rw_lock_exclusive_to_shared(&s.lock);
	SETTLES(s.readers_in == 1);
	lck_rw_unlock_shared(&s.lock);
	lck_rw_lock_exclusive(&s.lock);		/* when the other has left it, too */
	lck_rw_unlock_exclusive(&s.lock);
}

static void upgrader(void *arg, wait_result_t unused)
{
	struct shared *s = arg;

	lck_rw_lock_shared(&s->lock);
	OSIncrementAtomic(&s->readers_in);
	while (!s->go)
		IOSleep(1);
	if (lck_rw_lock_shared_to_exclusive(&s->lock)) {
		OSIncrementAtomic(&s->upgraded);
		EXPECT_EQ(lck_rw_done(&s->lock), LCK_RW_TYPE_EXCLUSIVE);
	} else {
		OSIncrementAtomic(&s->refused);
	}
	OSIncrementAtomic(&s->left);
}

static void one_of_two_readers_upgrades(void)
{
	struct shared s;

	init(&s);
	kernel_thread_start(upgrader, &s, NULL);
	kernel_thread_start(upgrader, &s, NULL);
	SETTLES(s.readers_in == 2);
	s.go = 1;
	SETTLES(s.left == 2);
	EXPECT(s.upgraded >= 1);
	EXPECT_EQ(s.upgraded + s.refused, 2);
	EXPECT(lck_rw_try_lock_exclusive(&s.lock));	/* who was refused holds nothing */
	lck_rw_unlock_exclusive(&s.lock);
}

static void both_upgrade_under_a_third_reader(void)
{
	struct shared s;

	init(&s);
	lck_rw_lock_shared(&s.lock);
	kernel_thread_start(upgrader, &s, NULL);
	kernel_thread_start(upgrader, &s, NULL);
	SETTLES(s.readers_in == 2);
	s.go = 1;
	SETTLES(s.refused == 1);
	EXPECT_EQ(s.upgraded, 0);
	lck_rw_unlock_shared(&s.lock);
	SETTLES(s.left == 2);
	EXPECT_EQ(s.upgraded, 1);
}

static void writer(void *arg, wait_result_t unused)
{
	struct shared *s = arg;

	lck_rw_lock_exclusive(&s->lock);
	s->writer_came = OSIncrementAtomic(&s->order);
	lck_rw_unlock_exclusive(&s->lock);
	OSIncrementAtomic(&s->left);
}

static void late_reader(void *arg, wait_result_t unused)
{
	struct shared *s = arg;

	lck_rw_lock_shared(&s->lock);
	s->reader_came = OSIncrementAtomic(&s->order);
	lck_rw_unlock_shared(&s->lock);
	OSIncrementAtomic(&s->left);
}

static void a_waiting_writer_goes_first(void)
{
	struct shared s;

	init(&s);
	lck_rw_lock_shared(&s.lock);
	kernel_thread_start(writer, &s, NULL);
	SETTLES(!lck_rw_try_lock_shared(&s.lock) || (lck_rw_unlock_shared(&s.lock), 0));
	kernel_thread_start(late_reader, &s, NULL);
	kt_pause_ms(20);
	EXPECT_EQ(s.left, 0);
	lck_rw_unlock_shared(&s.lock);
	SETTLES(s.left == 2);
	EXPECT(s.writer_came < s.reader_came);
}

static void releaser(void *arg, wait_result_t unused)
{
	struct shared *s = arg;

	lck_rw_unlock_exclusive(&s->lock);
}

/* Lockdep takes this for a deadlock, unless it is told. */
static void another_thread_may_unlock(void)
{
	lck_attr_t *attr = lck_attr_alloc_init();
	struct shared s;

	init(&s);
	lck_attr_cleardebug(attr);
	lck_rw_init(&s.lock, LCK_GRP_NULL, attr);
	lck_attr_free(attr);
	lck_rw_lock_exclusive(&s.lock);
	kernel_thread_start(releaser, &s, NULL);
	lck_rw_lock_shared(&s.lock);
	lck_rw_unlock_shared(&s.lock);
}

static void sleeping_gives_the_lock_away(void)
{
	u_int64_t soon = mach_absolute_time() + 5000000;
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);
	int event;

	lck_rw_lock_exclusive(rw);
	EXPECT_EQ(lck_rw_sleep_deadline(rw, LCK_SLEEP_DEFAULT, &event, THREAD_UNINT, soon),
		  THREAD_TIMED_OUT);
	EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_EXCLUSIVE);
	lck_rw_lock_exclusive(rw);
	EXPECT_EQ(lck_rw_sleep_deadline(rw, LCK_SLEEP_SHARED, &event, THREAD_UNINT, soon),
		  THREAD_TIMED_OUT);
	EXPECT_EQ(lck_rw_done(rw), LCK_RW_TYPE_SHARED);
	lck_rw_lock_shared(rw);
	EXPECT_EQ(lck_rw_sleep_deadline(rw, LCK_SLEEP_UNLOCK, &event, THREAD_UNINT, soon),
		  THREAD_TIMED_OUT);
	EXPECT(lck_rw_try_lock_exclusive(rw));
	lck_rw_unlock_exclusive(rw);
	lck_rw_free(rw, NULL);
}

const struct kt_case kern_rwlock_cases[] = {
	{ "readers share and writers do not", readers_share_and_writers_do_not },
	{ "done says how it was held", done_says_how_it_was_held },
	{ "mistakes", mistakes },
	{ "a lone reader upgrades", a_lone_reader_upgrades },
	{ "a writer becomes a reader", a_writer_becomes_a_reader },
	{ "one of two readers upgrades", one_of_two_readers_upgrades },
	{ "both upgrade under a third reader", both_upgrade_under_a_third_reader },
	{ "a waiting writer goes first", a_waiting_writer_goes_first },
	{ "another thread may unlock", another_thread_may_unlock },
	{ "sleeping gives the lock away", sleeping_gives_the_lock_away },
	{ }
};
