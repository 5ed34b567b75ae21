// SPDX-License-Identifier: GPL-2.0
/* mbufs on two CPUs. Both sides of these cases are ours: two CPUs, and one. */

#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#include <kpi/mbuf.h>

#include "native.h"

#define HELD	256

struct part {
	struct work_struct work;
	unsigned long n;
	unsigned long failed;
	u64 ns;
	mbuf_t held[HELD];
};

static struct part parts[2];

static int need_two_cpus(struct bench *b)
{
	if (num_online_cpus() > 1)
		return 0;
	b->missing = "this guest has one CPU";
	return -ENODEV;
}

static void alloc_and_free(struct work_struct *work)
{
	struct part *part = container_of(work, struct part, work);
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < part->n; i++) {
		if (kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m))
			part->failed++;
		else
			kpi_mbuf_freem(m);
	}
}

/* Each CPU does it b->n times. */
static u64 run_on(struct bench *b, int cpus)
{
	u64 start = bench_now();
	int cpu;

	for (cpu = 0; cpu < cpus; cpu++) {
		parts[cpu].n = b->n;
		parts[cpu].failed = 0;
		INIT_WORK(&parts[cpu].work, alloc_and_free);
		queue_work_on(cpu, system_wq, &parts[cpu].work);
	}
	for (cpu = 0; cpu < cpus; cpu++)
		flush_work(&parts[cpu].work);
	return parts[0].failed || parts[1].failed ? 0 : (bench_now() - start) / cpus;
}

static u64 run_on_two(struct bench *b)
{
	return run_on(b, 2);
}

static u64 run_on_one(struct bench *b)
{
	return run_on(b, 1);
}

const struct bench_side two_cpus = { need_two_cpus, run_on_two };
const struct bench_side one_cpu = { need_two_cpus, run_on_one };

static int alloc_some(void *data)
{
	struct part *part = data;
	u64 start = bench_now();
	int i;

	for (i = 0; i < HELD; i++)
		if (kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &part->held[i]))
			part->failed++;
	part->ns += bench_now() - start;
	return 0;
}

static int free_some(void *data)
{
	struct part *part = data;
	u64 start = bench_now();
	int i;

	for (i = 0; i < HELD; i++)
		kpi_mbuf_freem(part->held[i]);
	part->ns += bench_now() - start;
	return 0;
}

static u64 run_across(struct bench *b, int cpu)
{
	struct part *part = &parts[0];
	unsigned long i;

	part->ns = part->failed = 0;
	for (i = 0; i < b->n; i += HELD)
		if (smp_call_on_cpu(0, alloc_some, part, false) || part->failed ||
		    smp_call_on_cpu(cpu, free_some, part, false))
			return 0;
	return part->ns;
}

static u64 run_other_cpu(struct bench *b)
{
	return run_across(b, 1);
}

static u64 run_same_cpu(struct bench *b)
{
	return run_across(b, 0);
}

const struct bench_side freed_elsewhere = { need_two_cpus, run_other_cpu };
const struct bench_side freed_here = { need_two_cpus, run_same_cpu };
