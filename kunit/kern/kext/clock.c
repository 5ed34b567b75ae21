// SPDX-License-Identifier: GPL-2.0
/* Clocks, delays and time arithmetic. */

#include <kern/clock.h>
#include <kern/locks.h>
#include <mach/mach_time.h>
#include <sys/kernel.h>
#include <sys/time.h>
#include <IOKit/IOLib.h>

#include "../test.h"

static void absolute_time_is_nanoseconds(void)
{
	u_int64_t ns = 0, before = kt_now_ns(), now = mach_absolute_time();

	EXPECT(now >= before && now <= kt_now_ns());
	clock_get_uptime(&now);
	EXPECT(now >= before && now <= kt_now_ns());
	absolutetime_to_nanoseconds(12345, &ns);
	EXPECT_EQ(ns, 12345);
	nanoseconds_to_absolutetime(54321, &ns);
	EXPECT_EQ(ns, 54321);
	EXPECT(mach_continuous_time() >= now);
}

static void deadlines_never_pass_the_end_of_time(void)
{
	u_int64_t now = mach_absolute_time(), deadline;

	clock_interval_to_deadline(5, NSEC_PER_SEC, &deadline);
	EXPECT(deadline >= now + 5 * NSEC_PER_SEC);
	EXPECT(deadline < now + 6 * NSEC_PER_SEC);
	clock_interval_to_absolutetime_interval(0xffffffff, 1000000000, &deadline);
	EXPECT(deadline == 0xffffffffull * 1000000000ull);
	clock_absolutetime_interval_to_deadline(~0ull, &deadline);
	EXPECT(deadline == ~0ull);
	nanoseconds_to_deadline(1000, &deadline);
	EXPECT(deadline >= now + 1000);
}

static void both_clocks_agree_with_themselves(void)
{
	clock_sec_t secs, up_secs;
	clock_usec_t usecs;
	clock_nsec_t nsecs;
	struct timeval tv, up;
	struct timespec ts;

	microtime(&tv);
	nanotime(&ts);
	clock_get_calendar_microtime(&secs, &usecs);
	EXPECT(tv.tv_sec > 1500000000);
	EXPECT(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	EXPECT(ts.tv_sec == tv.tv_sec || ts.tv_sec == tv.tv_sec + 1);
	EXPECT(secs - tv.tv_sec <= 1);
	EXPECT(usecs < 1000000);
	clock_get_calendar_nanotime(&secs, &nsecs);
	EXPECT(nsecs < 1000000000);

	microuptime(&up);
	clock_get_system_microtime(&up_secs, &usecs);
	EXPECT(up_secs - up.tv_sec <= 1);
	EXPECT((u_int64_t)up.tv_sec <= mach_absolute_time() / NSEC_PER_SEC);
	getmicrotime(&tv);
	getnanotime(&ts);
	getmicrouptime(&up);
	nanouptime(&ts);
	EXPECT_EQ(tick * hz, 1000000);
}

static void delays_last_long_enough(void)
{
	u_int64_t before = mach_absolute_time();
	lck_spin_t spin;

	IOSleep(2);
	EXPECT(mach_absolute_time() - before >= 2000000);
	before = mach_absolute_time();
	delay(3000);
	EXPECT(mach_absolute_time() - before >= 3000000);
	before = mach_absolute_time();
	delay_for_interval(2, NSEC_PER_MSEC);
	EXPECT(mach_absolute_time() - before >= 2000000);
	before = mach_absolute_time();
	clock_delay_until(before + 1000000);
	EXPECT(mach_absolute_time() >= before + 1000000);
	clock_delay_until(0);
	delay(0);
	delay(-1);

	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	before = mach_absolute_time();
	delay(500);		/* spins: no mistake */
	IODelay(100);
	IOPause(1000);
	EXPECT(mach_absolute_time() > before);
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
}

static void arithmetic(void)
{
	struct timeval a = { 5, 600000 }, b = { 2, 700000 }, c;
	struct timespec ts;

	timevaladd(&a, &b);
	EXPECT_EQ(a.tv_sec, 8);
	EXPECT_EQ(a.tv_usec, 300000);
	timevalsub(&a, &b);
	EXPECT_EQ(a.tv_sec, 5);
	EXPECT_EQ(a.tv_usec, 600000);
	timersub(&a, &b, &c);
	EXPECT_EQ(c.tv_sec, 2);
	EXPECT_EQ(c.tv_usec, 900000);
	timeradd(&c, &b, &c);
	EXPECT(timercmp(&c, &a, ==));
	EXPECT(timercmp(&b, &a, <));
	TIMEVAL_TO_TIMESPEC(&a, &ts);
	EXPECT_EQ(ts.tv_nsec, 600000000);
	TIMESPEC_TO_TIMEVAL(&c, &ts);
	EXPECT_EQ(c.tv_usec, 600000);
	timerclear(&a);
	EXPECT(!timerisset(&a));
}

_Static_assert(sizeof(struct timeval) == 16, "timeval");
_Static_assert(sizeof(((struct timeval *)0)->tv_usec) == 4, "tv_usec has 32 bits");
_Static_assert(sizeof(struct timespec) == 16, "timespec");

const struct kt_case kern_clock_cases[] = {
	{ "absolute time is nanoseconds", absolute_time_is_nanoseconds },
	{ "deadlines never pass the end of time", deadlines_never_pass_the_end_of_time },
	{ "both clocks agree with themselves", both_clocks_agree_with_themselves },
	{ "delays last long enough", delays_last_long_enough },
	{ "arithmetic", arithmetic },
	{ }
};
