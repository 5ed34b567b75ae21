// SPDX-License-Identifier: GPL-2.0
/*
 * Beside a program that keeps the CPU busy: how late an event is seen, and how
 * much a flood of datagrams leaves to that program. bench.sh starts it and
 * stops it again; it goes on while a case needs it.
 */

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "native.h"

static int hog;
module_param(hog, int, 0444);
MODULE_PARM_DESC(hog, "a stopped process that keeps a CPU busy when it goes on");

#define WORK	(100 * NSEC_PER_USEC)	/* of the program's, a repetition */

static void tell(int signal)
{
	struct pid *pid = find_get_pid(hog);

	kill_pid(pid, signal, 1);
	put_pid(pid);
}

int hog_start(struct bench *b)
{
	if (!hog) {
		b->missing = "no program keeps the CPU busy here";
		return -ESRCH;
	}
	tell(SIGCONT);
	return 0;
}

void hog_stop(void)
{
	if (hog)
		tell(SIGSTOP);
}

/* How long it has run, in nanoseconds. */
static u64 hog_ran(void)
{
	struct pid *pid = find_get_pid(hog);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	u64 ran = task ? READ_ONCE(task->se.sum_exec_runtime) : U64_MAX;

	if (task)
		put_task_struct(task);
	put_pid(pid);
	return ran;
}

void bench_arrived(struct bench *b)
{
	b->took = bench_now() - b->stamp;
	bench_event(b, 1);
}

static u64 one_event(struct bench *b, unsigned long i)
{
	usleep_range(900, 1100);
	b->stamp = bench_now();
	if (peer_send(b, 1) || bench_wait(b, i + 1))
		return 0;
	return b->took;
}

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The 99th percentile, as if each event had taken that. */
unsigned long long hog_run_latency(struct bench *b)
{
	u64 *took = kvcalloc(b->n, sizeof(*took), GFP_KERNEL), late = 0;
	unsigned long i;

	if (!took)
		return 0;
	for (i = 0; i < b->n; i++) {
		took[i] = one_event(b, i);
		if (!took[i])
			goto out;
	}
	sort(took, b->n, sizeof(*took), compare, NULL);
	late = took[b->n * 99 / 100] * b->n;
out:
	kvfree(took);
	return late;
}

/* Until the program has done its work; datagrams that find no room are lost. */
unsigned long long hog_run_flood(struct bench *b)
{
	u64 start = bench_now(), end = hog_ran() + b->n * WORK;
	int i;

	while (hog_ran() < end) {
		for (i = 0; i < BATCH; i++)
			if (peer_send(b, b->size))
				return 0;
		if (bench_now() - start > 60 * NSEC_PER_SEC) {
			b->why = "the program beside did not get to its work in 60 s";
			return 0;
		}
		cond_resched();
	}
	return bench_now() - start;
}
