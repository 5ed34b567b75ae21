// SPDX-License-Identifier: GPL-2.0
/* msleep, wakeup, assert_wait and their kin. */

#include <kern/locks.h>
#include <kern/sched_prim.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_time.h>
#include <sys/kernel.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <IOKit/IOLib.h>

#include "../test.h"

#define MS	1000000ull

struct sleepers {
	lck_mtx_t *mutex;
	volatile int asleep;
	volatile int woken;
	volatile int gone;
	volatile int result;
	int flag;
	int channel;
};

static void init(struct sleepers *s)
{
	bzero(s, sizeof(*s));
	s->mutex = lck_mtx_alloc_init(NULL, NULL);
}

static void fini(struct sleepers *s)
{
	lck_mtx_free(s->mutex, NULL);
}

static void timeout_with_the_mutex_back(void)
{
	struct timespec ts = { 0, 50 * MS };
	u_int64_t before = mach_absolute_time();
	struct sleepers s;

	init(&s);
	lck_mtx_lock(s.mutex);
	EXPECT_EQ(msleep(&s.channel, s.mutex, PSOCK, "test", &ts), EWOULDBLOCK);
	EXPECT(mach_absolute_time() - before >= 50 * MS);
	lck_mtx_assert(s.mutex, LCK_MTX_ASSERT_OWNED);
	lck_mtx_unlock(s.mutex);
	fini(&s);
}

static void pdrop_leaves_the_mutex(void)
{
	struct timespec ts = { 0, MS };
	struct sleepers s;

	init(&s);
	lck_mtx_lock(s.mutex);
	EXPECT_EQ(msleep(&s.channel, s.mutex, PSOCK | PDROP, "test", &ts), EWOULDBLOCK);
	EXPECT(lck_mtx_try_lock(s.mutex));
	lck_mtx_unlock(s.mutex);
	fini(&s);
}

static void sleeps_without_a_mutex(void)
{
	struct timespec ts = { 0, MS };
	int local;

	EXPECT_EQ(msleep(&local, NULL, PSOCK, "test", &ts), EWOULDBLOCK);
	EXPECT_EQ(tsleep(&local, PSOCK, "test", 1), EWOULDBLOCK);
	EXPECT_EQ(msleep1(&local, NULL, PSOCK, "test", mach_absolute_time() + MS), EWOULDBLOCK);
	EXPECT_EQ(msleep1(&local, NULL, PSOCK, "test", 1), EWOULDBLOCK);
}

static int continued(int error)
{
	return error + 1000;
}

static void ticks_are_hundredths(void)
{
	u_int64_t before = mach_absolute_time();
	int local;

	EXPECT_EQ(hz, 100);
	EXPECT_EQ(msleep0(&local, NULL, PSOCK, "test", 3, NULL), EWOULDBLOCK);
	EXPECT(mach_absolute_time() - before >= 30 * MS);
	EXPECT_EQ(msleep0(&local, NULL, PSOCK, "test", 1, continued), EWOULDBLOCK + 1000);
}

static void no_channel_only_yields(void)
{
	struct sleepers s;

	init(&s);
	lck_mtx_lock(s.mutex);
	EXPECT_EQ(msleep(NULL, s.mutex, PSOCK, "test", NULL), 0);
	lck_mtx_assert(s.mutex, LCK_MTX_ASSERT_OWNED);
	EXPECT_EQ(msleep(NULL, s.mutex, PSOCK | PDROP, "test", NULL), 0);
	EXPECT(lck_mtx_try_lock(s.mutex));
	lck_mtx_unlock(s.mutex);
	EXPECT_EQ(tsleep(NULL, PSOCK, "test", 0), 0);
	fini(&s);
}

static void sleeper(void *arg, wait_result_t unused)
{
	struct timespec forever = { 0, 0 };
	struct sleepers *s = arg;

	lck_mtx_lock(s->mutex);
	s->asleep++;
	s->result = msleep(&s->channel, s->mutex, PSOCK, "test", &forever);
	lck_mtx_assert(s->mutex, LCK_MTX_ASSERT_OWNED);
	s->woken++;
	lck_mtx_unlock(s->mutex);
	OSIncrementAtomic(&s->gone);
}

/* Everybody who has counted itself asleep is on the channel once the mutex is free. */
static void all_asleep(struct sleepers *s, int n)
{
	SETTLES(s->asleep == n);
	lck_mtx_lock(s->mutex);
	lck_mtx_unlock(s->mutex);
}

static void a_zero_time_is_for_ever(void)
{
	struct sleepers s;

	init(&s);
	kernel_thread_start(sleeper, &s, NULL);
	all_asleep(&s, 1);
	kt_pause_ms(50);
	EXPECT_EQ(s.woken, 0);
	wakeup(&s.channel);
	SETTLES(s.gone == 1);
	EXPECT_EQ(s.result, 0);
	fini(&s);
}

/* Later than the clock can say. */
static void far_sleeper(void *arg, wait_result_t unused)
{
	struct sleepers *s = arg;

	lck_mtx_lock(s->mutex);
	s->asleep++;
	s->result = msleep1(&s->channel, s->mutex, PSOCK, "test", ~0ull - 10);
	s->woken++;
	lck_mtx_unlock(s->mutex);
	OSIncrementAtomic(&s->gone);
}

static void a_far_time_does_not_come(void)
{
	struct sleepers s;

	init(&s);
	kernel_thread_start(far_sleeper, &s, NULL);
	all_asleep(&s, 1);
	kt_pause_ms(20);
	EXPECT_EQ(s.woken, 0);
	wakeup(&s.channel);
	SETTLES(s.gone == 1);
	EXPECT_EQ(s.result, 0);
	fini(&s);
}

static void wakeup_one_wakes_one(void)
{
	struct sleepers s;
	int i;

	init(&s);
	for (i = 0; i < 3; i++)
		kernel_thread_start(sleeper, &s, NULL);
	all_asleep(&s, 3);
	wakeup_one((caddr_t)&s.channel);
	SETTLES(s.gone == 1);
	kt_pause_ms(20);
	EXPECT_EQ(s.woken, 1);
	wakeup(&s.channel);
	SETTLES(s.gone == 3);
	fini(&s);
}

/* Two that signals reach sleep on one channel, the first one longest. */
struct interrupted {
	int channel;
	void *volatile thread[2];
	volatile int error[2];
	volatile int begun;
	volatile int gone;
};

static void interruptible_sleeper(void *arg, wait_result_t unused)
{
	struct interrupted *s = arg;
	int me = s->begun++;

	kt_want_signals();
	s->thread[me] = kt_self();
	s->error[me] = tsleep(&s->channel, PSOCK | PCATCH, "test", 0);
	OSIncrementAtomic(&s->gone);
}

static void start_interruptible(struct interrupted *s, int i)
{
	s->error[i] = -1;
	kernel_thread_start(interruptible_sleeper, s, NULL);
	SETTLES(s->thread[i] && kt_asleep(s->thread[i]));
}

/* Who is chosen and has a signal says EINTR, and the wake-up is not lost for the other. */
static void a_signal_eats_no_wakeup_one(void)
{
	static struct interrupted s;

	bzero(&s, sizeof(s));
	start_interruptible(&s, 0);
	start_interruptible(&s, 1);
	kt_atomic_begin();
	kt_signal(s.thread[0]);
	wakeup_one((caddr_t)&s.channel);
	kt_atomic_end();
	SETTLES(s.gone == 2);
	EXPECT(s.error[0] == EINTR || s.error[0] == ERESTART);
	EXPECT_EQ(s.error[1], 0);
	wakeup(&s.channel);
	SETTLES(s.gone == 2);
}

static void other_channels_sleep_on(void)
{
	struct sleepers s;
	int i;

	init(&s);
	kernel_thread_start(sleeper, &s, NULL);
	all_asleep(&s, 1);
	for (i = 0; i < 4096; i++)		/* some share its queue */
		wakeup((char *)&s.channel + 4 + i);
	kt_pause_ms(20);
	EXPECT_EQ(s.woken, 0);
	wakeup(&s.channel);
	SETTLES(s.gone == 1);
	fini(&s);
}

static void wake_before_sleep_is_lost(void)
{
	struct timespec ts = { 0, MS };
	int local;

	wakeup(&local);
	EXPECT_EQ(msleep(&local, NULL, PSOCK, "test", &ts), EWOULDBLOCK);
}

/* The mutex may be the channel: waiting for it and sleeping on it are two things. */
static void mutex_sleeper(void *arg, wait_result_t unused)
{
	struct sleepers *s = arg;

	lck_mtx_lock(s->mutex);
	s->asleep++;
	s->result = msleep(s->mutex, s->mutex, PSOCK | PDROP, "test", NULL);
	OSIncrementAtomic(&s->gone);
}

static void mutex_waiter(void *arg, wait_result_t unused)
{
	struct sleepers *s = arg;

	s->flag = 1;
	lck_mtx_lock(s->mutex);
	s->woken++;
	lck_mtx_unlock(s->mutex);
	OSIncrementAtomic(&s->gone);
}

static void the_mutex_may_be_the_channel(void)
{
	struct sleepers s;

	init(&s);
	kernel_thread_start(mutex_sleeper, &s, NULL);
	all_asleep(&s, 1);
	lck_mtx_lock(s.mutex);
	kernel_thread_start(mutex_waiter, &s, NULL);
	SETTLES(s.flag);
	kt_pause_ms(10);
	wakeup_one((caddr_t)s.mutex);
	SETTLES(s.gone == 1);
	EXPECT_EQ(s.woken, 0);
	lck_mtx_unlock(s.mutex);
	SETTLES(s.gone == 2);
	fini(&s);
}

#define ROUNDS	1000

/* Takes turns with the test: flag 1 is ours, flag 0 the other's. */
static void partner(void *arg, wait_result_t unused)
{
	struct sleepers *s = arg;
	int i;

	lck_mtx_lock(s->mutex);
	for (i = 0; i < ROUNDS; i++) {
		while (!s->flag)
			msleep(&s->channel, s->mutex, PSOCK, "partner", NULL);
		s->flag = 0;
		wakeup(&s->channel);
	}
	lck_mtx_unlock(s->mutex);
	OSIncrementAtomic(&s->gone);
}

static void nothing_is_lost_in_1000_rounds(void)
{
	struct timespec deadline = { 5, 0 };
	struct sleepers s;
	int i, error = 0;

	init(&s);
	kernel_thread_start(partner, &s, NULL);
	lck_mtx_lock(s.mutex);
	for (i = 0; i < ROUNDS && !error; i++) {
		s.flag = 1;
		wakeup(&s.channel);
		while (s.flag && !error)
			error = msleep(&s.channel, s.mutex, PSOCK, "test", &deadline);
	}
	lck_mtx_unlock(s.mutex);
	EXPECT_EQ(i, ROUNDS);
	SETTLES(s.gone == 1);
	fini(&s);
}

static void pcatch_in_a_kernel_thread(void)
{
	struct timespec ts = { 0, MS };
	int local;

	EXPECT_EQ(msleep(&local, NULL, PSOCK | PCATCH, "test", &ts), EWOULDBLOCK);
}

static void odd_times(void)
{
	struct timespec negative = { -1, 0 }, wrong = { 0, -5 };
	int local;

	EXPECT_EQ(msleep(&local, NULL, PSOCK, "test", &negative), EWOULDBLOCK);
	EXPECT_EQ(msleep(&local, NULL, PSOCK, "test", &wrong), EWOULDBLOCK);
}

static void with_a_spin_lock_nobody_sleeps(void)
{
	struct timespec ts = { 10, 0 };
	lck_mtx_t *mutex = lck_mtx_alloc_init(NULL, NULL);
	lck_spin_t spin;
	int local;

	lck_mtx_lock(mutex);
	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	EXPECT_MISUSE(1, EXPECT_EQ(msleep(&local, mutex, PSOCK, "test", &ts), 0));
	lck_mtx_assert(mutex, LCK_MTX_ASSERT_OWNED);
	EXPECT_MISUSE(1, EXPECT_EQ(msleep(&local, mutex, PSOCK | PDROP, "test", &ts), 0));
	EXPECT(lck_mtx_try_lock(mutex));
	EXPECT_MISUSE(1, EXPECT_EQ(msleep(&local, NULL, PSOCK, "test", &ts), 0));
	EXPECT_MISUSE(1, EXPECT_EQ(tsleep(&local, PSOCK, "test", 1000), 0));
	EXPECT_MISUSE(1, IOSleep(1));
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
	lck_mtx_unlock(mutex);
	lck_mtx_free(mutex, NULL);
}

/* More packets than the layer keeps ready: it has to ask Linux for memory. */
#define PACKETS	200

/* Named on every kernel, one that cannot tell by itself included; and it does not wait. */
static void with_a_spin_lock_no_mbuf_waits(void)
{
	unsigned int chunks = 1;
	mbuf_t m, copy, packets;
	lck_spin_t spin;

	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	EXPECT_MISUSE(0, EXPECT_EQ(mbuf_gethdr(MBUF_DONTWAIT, MBUF_TYPE_DATA, &m), 0));
	EXPECT_MISUSE(1, EXPECT_EQ(mbuf_dup(m, MBUF_WAITOK, &copy), 0));
	EXPECT_MISUSE(1, EXPECT_EQ(mbuf_allocpacket_list(PACKETS, MBUF_WAITOK, MCLBYTES, &chunks,
							 &packets), 0));
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
	mbuf_freem(m);
	mbuf_freem(copy);
	EXPECT_EQ(mbuf_freem_list(packets), PACKETS);
	EXPECT_MISUSE(0, EXPECT_EQ(mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0));
	mbuf_freem(m);
}

/* Calls that might have to sleep, and this time need not: they do what they are for. */
static void with_a_spin_lock_what_might_sleep_is_named(void)
{
	lck_mtx_t *mutex = lck_mtx_alloc_init(NULL, NULL);
	lck_rw_t *rw = lck_rw_alloc_init(NULL, NULL);
	lck_spin_t spin;
	socket_t so;

	if (!EXPECT_EQ(sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &so), 0))
		return;
	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	EXPECT_MISUSE(1, lck_mtx_lock(mutex));
	EXPECT_MISUSE(1, lck_rw_lock_shared(rw));
	EXPECT_MISUSE(1, EXPECT(!sock_isconnected(so)));
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
	lck_mtx_unlock(mutex);
	lck_rw_unlock_shared(rw);
	EXPECT_MISUSE(0, EXPECT(!sock_isconnected(so)));
	sock_close(so);
	lck_rw_free(rw, NULL);
	lck_mtx_free(mutex, NULL);
}

static void waiter(void *arg, wait_result_t unused)
{
	struct sleepers *s = arg;

	assert_wait(&s->channel, THREAD_UNINT);
	s->asleep++;
	s->result = thread_block(THREAD_CONTINUE_NULL);
	OSIncrementAtomic(&s->gone);
}

static void waits_in_two_steps(void)
{
	struct sleepers s;

	init(&s);
	EXPECT_EQ(assert_wait_deadline(&s.channel, THREAD_UNINT, mach_absolute_time() + MS),
		  THREAD_WAITING);
	EXPECT_EQ(thread_block(THREAD_CONTINUE_NULL), THREAD_TIMED_OUT);

	assert_wait(&s.channel, THREAD_UNINT);
	thread_wakeup(&s.channel);		/* between the steps: not lost */
	EXPECT_EQ(thread_block(THREAD_CONTINUE_NULL), THREAD_AWAKENED);

	kernel_thread_start(waiter, &s, NULL);
	SETTLES(s.asleep == 1);
	kt_pause_ms(10);
	EXPECT_EQ(s.gone, 0);
	thread_wakeup_with_result(&s.channel, THREAD_RESTART);
	SETTLES(s.gone == 1);
	EXPECT_EQ(s.result, THREAD_RESTART);

	EXPECT_EQ(thread_block(THREAD_CONTINUE_NULL), THREAD_AWAKENED);	/* nothing announced */

	assert_wait_deadline(&s.flag, THREAD_UNINT, mach_absolute_time() + MS);
	assert_wait(&s.channel, THREAD_UNINT);		/* in its place */
	thread_wakeup(&s.channel);
	EXPECT_EQ(thread_block(THREAD_CONTINUE_NULL), THREAD_AWAKENED);
	EXPECT_EQ(thread_block(THREAD_CONTINUE_NULL), THREAD_AWAKENED);
	fini(&s);
}

static void continuation(void *arg, wait_result_t result)
{
	struct sleepers *s = arg;

	if (result == THREAD_TIMED_OUT && ++s->woken < 20) {
		assert_wait_timeout(&s->channel, THREAD_UNINT, 1, NSEC_PER_MSEC);
		thread_block_parameter(continuation, s);
		s->result = -1;		/* not reached */
	}
	OSIncrementAtomic(&s->gone);
}

static void looping(void *arg, wait_result_t result)
{
	continuation(arg, THREAD_TIMED_OUT);
}

static void a_continuation_loop_does_not_nest(void)
{
	struct sleepers s;

	init(&s);
	kernel_thread_start(looping, &s, NULL);
	SETTLES(s.gone == 1);
	EXPECT_EQ(s.woken, 20);
	EXPECT_EQ(s.result, 0);
	SETTLES(kt_held(KT_THREADS) == 0);
	fini(&s);
}

static void mutexes_sleep_on_events(void)
{
	u_int64_t soon = mach_absolute_time() + MS;
	struct sleepers s;
	lck_spin_t spin;

	init(&s);
	lck_mtx_lock(s.mutex);
	EXPECT_EQ(lck_mtx_sleep_deadline(s.mutex, LCK_SLEEP_DEFAULT, &s, THREAD_UNINT, soon),
		  THREAD_TIMED_OUT);
	lck_mtx_assert(s.mutex, LCK_MTX_ASSERT_OWNED);
	EXPECT_EQ(lck_mtx_sleep_deadline(s.mutex, LCK_SLEEP_UNLOCK, &s, THREAD_INTERRUPTIBLE, soon),
		  THREAD_TIMED_OUT);
	lck_mtx_assert(s.mutex, LCK_MTX_ASSERT_NOTOWNED);

	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	EXPECT_EQ(lck_spin_sleep_deadline(&spin, LCK_SLEEP_DEFAULT, &s, THREAD_UNINT, soon),
		  THREAD_TIMED_OUT);
	lck_spin_assert(&spin, LCK_ASSERT_OWNED);
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
	fini(&s);
}

const struct kt_case kern_sleep_cases[] = {
	{ "timeout with the mutex back", timeout_with_the_mutex_back },
	{ "PDROP leaves the mutex", pdrop_leaves_the_mutex },
	{ "sleeps without a mutex", sleeps_without_a_mutex },
	{ "ticks are hundredths", ticks_are_hundredths },
	{ "no channel only yields", no_channel_only_yields },
	{ "a zero time is for ever", a_zero_time_is_for_ever },
	{ "a far time does not come", a_far_time_does_not_come },
	{ "wakeup_one wakes one", wakeup_one_wakes_one },
	{ "a signal eats no wakeup_one", a_signal_eats_no_wakeup_one },
	{ "other channels sleep on", other_channels_sleep_on },
	{ "wake before sleep is lost", wake_before_sleep_is_lost },
	{ "the mutex may be the channel", the_mutex_may_be_the_channel },
	{ "nothing is lost in 1000 rounds", nothing_is_lost_in_1000_rounds },
	{ "PCATCH in a kernel thread", pcatch_in_a_kernel_thread },
	{ "odd times", odd_times },
	{ "with a spin lock nobody sleeps", with_a_spin_lock_nobody_sleeps },
	{ "with a spin lock no mbuf waits", with_a_spin_lock_no_mbuf_waits },
	{ "with a spin lock what might sleep is named", with_a_spin_lock_what_might_sleep_is_named },
	{ "waits in two steps", waits_in_two_steps },
	{ "a continuation loop does not nest", a_continuation_loop_does_not_nest },
	{ "mutexes sleep on events", mutexes_sleep_on_events },
	{ }
};
