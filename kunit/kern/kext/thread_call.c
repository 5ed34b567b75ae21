// SPDX-License-Identifier: GPL-2.0
/* Thread calls and timeouts. */

#include <kern/clock.h>
#include <kern/thread_call.h>
#include <libkern/OSAtomic.h>
#include <sys/systm.h>
#include <IOKit/IOLib.h>

#include "../test.h"

struct called {
	thread_call_t call;
	volatile int times;
	volatile int go;		/* the function waits for it */
	volatile int again;		/* enter itself so often */
	void *param1;
	u_int64_t when;
};

static void function(thread_call_param_t param0, thread_call_param_t param1)
{
	struct called *c = param0;

	c->when = mach_absolute_time();
	c->param1 = param1;
	if (c->again) {
		c->again--;
		thread_call_enter1(c->call, param1);
	}
	OSIncrementAtomic(&c->times);
	while (!c->go)
		IOSleep(1);
}

static void init(struct called *c, int go)
{
	bzero(c, sizeof(*c));
	c->go = go;
	c->call = thread_call_allocate(function, c);
}

static u_int64_t after_ms(u_int64_t ms)
{
	return mach_absolute_time() + ms * NSEC_PER_MSEC;
}

/* Frees a call that is about to become idle. */
static void fini(struct called *c)
{
	SETTLES(!thread_call_isactive(c->call));
	EXPECT(thread_call_free(c->call));
	EXPECT_EQ(kt_held(KT_TIMERS), 0);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void runs_soon(void)
{
	struct called c;

	init(&c, 1);
	EXPECT(!thread_call_isactive(c.call));
	EXPECT(!thread_call_enter(c.call));
	SETTLES(c.times == 1);
	EXPECT(c.param1 == NULL);
	SETTLES(!thread_call_isactive(c.call));
	EXPECT(!thread_call_enter1(c.call, &c));
	SETTLES(c.times == 2);
	EXPECT(c.param1 == &c);
	fini(&c);
}

static void runs_not_before_its_time(void)
{
	struct called c;
	u_int64_t deadline;

	init(&c, 1);
	deadline = after_ms(20);
	EXPECT(!thread_call_enter_delayed(c.call, deadline));
	EXPECT_EQ(kt_held(KT_TIMERS), 1);
	SETTLES(c.times == 1);
	EXPECT(c.when >= deadline);
	kt_pause_ms(30);
	EXPECT_EQ(c.times, 1);
	EXPECT(!thread_call_enter1_delayed(c.call, &c, 1));	/* long past: at once */
	SETTLES(c.times == 2);
	fini(&c);
}

static void is_taken_back(void)
{
	struct called c;

	init(&c, 1);
	EXPECT(!thread_call_enter_delayed(c.call, after_ms(10000)));
	EXPECT(thread_call_enter_delayed(c.call, after_ms(10000)));
	EXPECT(thread_call_cancel(c.call));
	EXPECT(!thread_call_cancel(c.call));
	EXPECT(thread_call_free(c.call));
	EXPECT_EQ(c.times, 0);
	EXPECT_EQ(kt_held(KT_TIMERS), 0);
}

static void is_not_freed_while_pending(void)
{
	struct called c;

	init(&c, 1);
	thread_call_enter_delayed(c.call, after_ms(20));
	EXPECT(!thread_call_free(c.call));
	SETTLES(c.times == 1);
	fini(&c);
}

static void a_new_deadline_replaces_the_old(void)
{
	struct called c;

	init(&c, 1);
	thread_call_enter_delayed(c.call, after_ms(10000));
	EXPECT(thread_call_enter_delayed(c.call, after_ms(5)));
	SETTLES(c.times == 1);
	SETTLES(!thread_call_isactive(c.call));
	thread_call_enter_delayed(c.call, after_ms(5));
	EXPECT(thread_call_enter_delayed(c.call, after_ms(10000)));
	kt_pause_ms(30);
	EXPECT_EQ(c.times, 1);
	EXPECT(thread_call_enter1(c.call, &c));		/* at once beats later */
	SETTLES(c.times == 2);
	EXPECT(c.param1 == &c);
	fini(&c);
}

static void is_entered_while_it_runs(void)
{
	struct called c;

	init(&c, 0);
	thread_call_enter(c.call);
	SETTLES(c.times == 1);
	EXPECT(thread_call_isactive(c.call));
	EXPECT(!thread_call_enter(c.call));	/* running is not pending */
	EXPECT(thread_call_enter(c.call));
	kt_pause_ms(10);
	EXPECT_EQ(c.times, 1);			/* not two at a time */
	c.go = 1;
	SETTLES(c.times == 2);
	fini(&c);
}

static void enters_itself(void)
{
	struct called c;

	init(&c, 1);
	c.again = 10;
	thread_call_enter1(c.call, &c);
	SETTLES(c.times == 11);
	fini(&c);
}

static void cancel_wait_waits(void)
{
	struct called c;

	init(&c, 0);
	thread_call_enter(c.call);
	SETTLES(c.times == 1);
	EXPECT(!thread_call_cancel(c.call));
	c.go = 1;
	EXPECT(!thread_call_cancel_wait(c.call));
	EXPECT(!thread_call_isactive(c.call));
	fini(&c);
}

static void own_end(thread_call_param_t param0, thread_call_param_t param1)
{
	struct called *c = param0;

	EXPECT(thread_call_free(c->call));
	c->times = 1;
}

static void frees_itself(void)
{
	struct called c = { };

	c.call = thread_call_allocate_with_priority(own_end, &c, THREAD_CALL_PRIORITY_KERNEL);
	thread_call_enter(c.call);
	SETTLES(c.times == 1);
	SETTLES(kt_held(KT_TIMERS) == 0);
	EXPECT_MISUSE(1, EXPECT(!thread_call_enter(c.call)));
}

static void waits_for_itself(thread_call_param_t param0, thread_call_param_t param1)
{
	struct called *c = param0;

	EXPECT_MISUSE(1, EXPECT(!thread_call_cancel_wait(c->call)));
	c->times = 1;
}

static void mistakes(void)
{
	struct called c = { };
	thread_call_t freed = thread_call_allocate(function, &c);

	EXPECT(thread_call_free(freed));
	EXPECT_MISUSE(1, EXPECT(!thread_call_enter(freed)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_enter_delayed(freed, 0)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_cancel(freed)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_cancel_wait(freed)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_isactive(freed)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_free(freed)));
	EXPECT_MISUSE(1, EXPECT(!thread_call_enter(NULL)));

	c.call = thread_call_allocate_with_options(waits_for_itself, &c, 0,
						   THREAD_CALL_OPTIONS_ONCE);
	thread_call_enter(c.call);
	SETTLES(c.times == 1);
	fini(&c);
}

static void many_at_a_time(void)
{
	struct called c[40];
	int i, started = 0;

	for (i = 0; i < 40; i++) {
		init(&c[i], 0);
		thread_call_enter(c[i].call);
	}
	for (i = 0; i < 40; i++)
		SETTLES(c[i].times == 1);
	for (i = 0; i < 40; i++) {
		started += c[i].times;
		c[i].go = 1;
	}
	EXPECT_EQ(started, 40);
	for (i = 0; i < 40; i++) {
		SETTLES(!thread_call_isactive(c[i].call));
		EXPECT(thread_call_free(c[i].call));
	}
}

static void hammered(void)
{
	struct called c;
	int i;

	init(&c, 1);
	for (i = 0; i < 2000; i++) {
		thread_call_enter_delayed(c.call, mach_absolute_time() + i % 50 * 1000);
		if (i % 3 == 0)
			thread_call_cancel(c.call);
		if (i % 7 == 0)
			thread_call_enter(c.call);
		if (i % 100 == 0)
			kt_pause_ms(1);
	}
	thread_call_cancel_wait(c.call);
	EXPECT(c.times > 0);
	fini(&c);
}

static void timed(void *arg)
{
	OSIncrementAtomic((volatile SInt32 *)arg);
}

static void timeouts(void)
{
	struct timespec soon = { 0, 5000000 }, late = { 10, 0 };
	volatile int a = 0, b = 0;

	bsd_timeout(timed, (void *)&a, &soon);
	bsd_timeout(timed, (void *)&b, &late);
	EXPECT_EQ(kt_held(KT_TIMERS), 2);
	SETTLES(a == 1);
	bsd_untimeout(timed, (void *)&b);
	SETTLES(kt_held(KT_TIMERS) == 0);
	EXPECT_EQ(b, 0);
	bsd_untimeout(timed, (void *)&b);	/* nothing there */

	bsd_timeout(timed, (void *)&a, &late);
	bsd_timeout(timed, (void *)&a, &late);
	bsd_untimeout(timed, (void *)&a);	/* one of them */
	EXPECT_EQ(kt_held(KT_TIMERS), 1);
	untimeout(timed, (void *)&a);
	EXPECT_EQ(kt_held(KT_TIMERS), 0);

	soon.tv_nsec = 50000000;
	bsd_timeout(timed, (void *)&b, &late);
	bsd_timeout(timed, (void *)&b, &soon);
	bsd_untimeout(timed, (void *)&b);	/* the one that is due first */
	kt_pause_ms(100);
	EXPECT_EQ(b, 0);
	EXPECT_EQ(kt_held(KT_TIMERS), 1);
	bsd_untimeout(timed, (void *)&b);

	bsd_timeout(timed, (void *)&b, NULL);
	timeout(timed, (void *)&b, 1);
	SETTLES(b == 2);
	SETTLES(kt_held(KT_TIMERS) == 0);
	EXPECT_EQ(a, 1);
}

const struct kt_case kern_thread_call_cases[] = {
	{ "runs soon", runs_soon },
	{ "runs not before its time", runs_not_before_its_time },
	{ "is taken back", is_taken_back },
	{ "is not freed while pending", is_not_freed_while_pending },
	{ "a new deadline replaces the old", a_new_deadline_replaces_the_old },
	{ "is entered while it runs", is_entered_while_it_runs },
	{ "enters itself", enters_itself },
	{ "cancel_wait waits", cancel_wait_waits },
	{ "frees itself", frees_itself },
	{ "mistakes", mistakes },
	{ "many at a time", many_at_a_time },
	{ "hammered", hammered },
	{ "timeouts", timeouts },
	{ }
};
