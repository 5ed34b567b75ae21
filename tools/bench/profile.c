// SPDX-License-Identifier: GPL-2.0
/*
 * Where a case's time goes: an interrupt every few microseconds looks what it
 * has interrupted. Where interrupts are off, the place that lets them in again
 * is blamed.
 */

#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <asm/irq_regs.h>

#include "compat/compat.h"

#include "native.h"

static bool profile;
module_param(profile, bool, 0444);
MODULE_PARM_DESC(profile, "say which functions take how much of each side's time");

#define PERIOD		10007	/* ns; no multiple of anything */
#define MOST_SAMPLES	50000
#define MOST_NAMES	400

struct function {
	char name[48];
	unsigned int n;
};

static struct hrtimer timer;
static unsigned long samples[MOST_SAMPLES];
static unsigned int nsamples;
static struct function functions[MOST_NAMES];

static enum hrtimer_restart sample(struct hrtimer *t)
{
	struct pt_regs *regs = get_irq_regs();

	if (regs && nsamples < MOST_SAMPLES)
		samples[nsamples++] = instruction_pointer(regs);
	hrtimer_forward_now(t, ns_to_ktime(PERIOD));
	return HRTIMER_RESTART;
}

void profile_start(void)
{
	if (!profile)
		return;
	nsamples = 0;
	kpi_compat_hrtimer_setup(&timer, sample, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&timer, ns_to_ktime(PERIOD), HRTIMER_MODE_REL);
}

static void count(unsigned long ip)
{
	char name[sizeof(functions[0].name)];
	int i;

	snprintf(name, sizeof(name), "%ps", (void *)ip);
	name[strcspn(name, " ")] = '\0';	/* and no module */
	for (i = 0; i < MOST_NAMES - 1 && functions[i].n; i++)
		if (!strcmp(functions[i].name, name))
			break;
	strscpy(functions[i].name, name, sizeof(functions[i].name));
	functions[i].n++;
}

static int by_count(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return (int)y->n - (int)x->n;
}

/* Prints each function with its nanoseconds of one repetition, the dearest first. */
void profile_stop(const char *who, u64 ns_each)
{
	unsigned int i;

	if (!profile)
		return;
	hrtimer_cancel(&timer);
	memset(functions, 0, sizeof(functions));
	for (i = 0; i < nsamples; i++)
		count(samples[i]);
	sort(functions, MOST_NAMES, sizeof(functions[0]), by_count, NULL);
	for (i = 0; i < MOST_NAMES && functions[i].n; i++)
		pr_info("bench: profile %s %s %llu\n", who, functions[i].name,
			div_u64(ns_each * functions[i].n, nsamples));
}
