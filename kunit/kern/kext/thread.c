// SPDX-License-Identifier: GPL-2.0
/* Kernel threads. */

#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <sys/systm.h>
#include <IOKit/IOLib.h>

#include "../test.h"

struct seen {
	volatile int ran;
	volatile int go;
	thread_t self;
	wait_result_t result;
};

static void by_return(void *arg, wait_result_t result)
{
	struct seen *s = arg;

	s->self = current_thread();
	s->result = result;
	OSIncrementAtomic(&s->ran);
	while (!s->go)
		IOSleep(1);
	OSIncrementAtomic(&s->ran);
}

static void by_terminate(void *arg, wait_result_t result)
{
	struct seen *s = arg;

	s->ran = 1;
	thread_terminate(current_thread());
	s->ran = 2;
}

static void ends_by_return(void)
{
	struct seen s = { .result = -1 };
	thread_t thread = THREAD_NULL;

	EXPECT_EQ(kernel_thread_start(by_return, &s, &thread), KERN_SUCCESS);
	SETTLES(s.ran == 1);
	EXPECT(thread == s.self);
	EXPECT(thread != current_thread());
	EXPECT_EQ(s.result, 0);
	EXPECT(thread_tid(thread) != 0);
	EXPECT(thread_tid(thread) != thread_tid(current_thread()));
	EXPECT_EQ(kt_held(KT_THREADS), 1);
	s.go = 1;
	SETTLES(s.ran == 2);
	SETTLES(kt_held(KT_THREADS) == 0);
	thread_deallocate(thread);		/* after its end */
}

static void is_forgotten_while_it_runs(void)
{
	struct seen s = { };
	thread_t thread = THREAD_NULL;

	EXPECT_EQ(kernel_thread_start(by_return, &s, &thread), KERN_SUCCESS);
	thread_reference(thread);
	thread_deallocate(thread);
	thread_deallocate(thread);
	SETTLES(s.ran == 1);
	s.go = 1;
	SETTLES(kt_held(KT_THREADS) == 0);
	EXPECT_EQ(s.ran, 2);
	thread_deallocate(THREAD_NULL);
	EXPECT_EQ(thread_tid(THREAD_NULL), 0);
}

static void ends_by_terminate(void)
{
	struct seen s = { };

	EXPECT_EQ(kernel_thread_start(by_terminate, &s, NULL), KERN_SUCCESS);
	SETTLES(kt_held(KT_THREADS) == 0);
	EXPECT_EQ(s.ran, 1);
}

static void others_cannot_be_terminated(void)
{
	struct seen s = { };
	thread_t thread;

	EXPECT_EQ(kernel_thread_start(by_return, &s, &thread), KERN_SUCCESS);
	EXPECT_EQ(thread_terminate(thread), KERN_FAILURE);
	EXPECT_EQ(thread_terminate(current_thread()), KERN_FAILURE);	/* not started here */
	s.go = 1;
	SETTLES(kt_held(KT_THREADS) == 0);
	EXPECT_EQ(s.ran, 2);
	thread_deallocate(thread);
}

static void no_memory(void)
{
	struct seen s = { .go = 1 };
	thread_t thread = THREAD_NULL;
	kern_return_t kr;

	if (!kt_fail_allocation(1)) {
		kt_skip("no fault injection");
		return;
	}
	kr = kernel_thread_start(by_return, &s, &thread);
	kt_fail_allocation(0);
	EXPECT_EQ(kr, KERN_RESOURCE_SHORTAGE);
	EXPECT_EQ(kt_held(KT_THREADS), 0);
	EXPECT_EQ(s.ran, 0);
}

static void old_style(void *arg)
{
	struct seen *s = arg;

	thread_set_thread_name(current_thread(), "a name");
	s->ran = 1;
	IOExitThread();
	s->ran = 2;
}

static void threads_of_iokit(void)
{
	struct seen s = { };

	EXPECT(IOCreateThread(old_style, &s) != NULL);
	SETTLES(kt_held(KT_THREADS) == 0);
	EXPECT_EQ(s.ran, 1);
}

const struct kt_case kern_thread_cases[] = {
	{ "ends by return", ends_by_return },
	{ "is forgotten while it runs", is_forgotten_while_it_runs },
	{ "ends by terminate", ends_by_terminate },
	{ "others cannot be terminated", others_cannot_be_terminated },
	{ "no memory", no_memory },
	{ "threads of iokit", threads_of_iokit },
	{ }
};
