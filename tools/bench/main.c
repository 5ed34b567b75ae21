// SPDX-License-Identifier: GPL-2.0
/*
 * Runs every case: the kext's side and the native side take turns, so that
 * whatever else the machine does falls on both. For tools/bench/compare it prints
 *
 *	bench: plan ID size pieces kind			every case, before the first
 *	bench: ID size pieces kext_ns native_ns n	a round
 *	bench: ID size pieces failed: why
 *	bench: ID size pieces not measured: why		what it needs is not there
 */

#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "case.h"
#include "native.h"

static unsigned int rounds = 9;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "how often each case runs at least");

static unsigned int most = 9;
module_param(most, uint, 0444);
MODULE_PARM_DESC(most, "how often at most, until the median is known to one per cent");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "run only the cases whose names start so; commas between several");

static unsigned int scale = 100;
module_param(scale, uint, 0444);
MODULE_PARM_DESC(scale, "per cent of the usual number of repetitions");

static unsigned int sides = 3;
module_param(sides, uint, 0444);
MODULE_PARM_DESC(sides, "1: only the kext's, 2: only the native ones, for a profile");

#define MOST_ROUNDS	99

static const char * const kind_names[] = { "throughput", "cost", "growth" };

static DECLARE_WAIT_QUEUE_HEAD(done_wait);

unsigned long long bench_now(void)
{
	return ktime_get_ns();
}

void bench_event(struct bench *b, unsigned long done)
{
	unsigned long sum = atomic_long_add_return(done, (atomic_long_t *)&b->done);

	if (sum >= READ_ONCE(b->target))
		wake_up(&done_wait);
}

int bench_wait(struct bench *b, unsigned long done)
{
	WRITE_ONCE(b->target, done);
	if (wait_event_timeout(done_wait, READ_ONCE(b->done) >= done, 30 * HZ))
		return 0;
	b->why = "no progress for 30 s";
	return -ETIMEDOUT;
}

static unsigned long repetitions(const struct bench_case *c)
{
	return max(c->n * scale / 100, 16ul);
}

static u64 timed_run(const struct bench_side *side, struct bench *b, unsigned long n)
{
	b->n = n;
	b->done = 0;
	b->target = ULONG_MAX;
	return side->run(b);
}

/* Once warm. */
static u64 measured_run(const struct bench_case *c, const struct bench_side *side, struct bench *b)
{
	unsigned long n = repetitions(c);
	u64 ns;

	if (!timed_run(side, b, max(n / 8, 16ul)))
		return 0;
	profile_start();
	ns = timed_run(side, b, n);
	profile_stop(side == c->kext ? "kext" : "native", div64_ul(ns, n));
	return ns;
}

static void say_why(const struct bench_case *c, const struct bench *b, bool is_kext)
{
	if (b->missing)
		pr_info("bench: %s %lu %lu not measured: %s\n", c->id, c->size, c->pieces, b->missing);
	else
		pr_err("bench: %s %lu %lu failed: the %s side: %s\n", c->id, c->size, c->pieces,
		       is_kext ? "kext's" : "native", b->why ?: "a call failed");
}

/* One round of one side: nanoseconds, or 0 if it went wrong. */
static u64 run_side(const struct bench_case *c, const struct bench_side *side, void *buffer)
{
	struct bench b = { .size = c->size, .pieces = c->pieces, .buffer = buffer };
	u64 ns = 0;

	if (!side->open || !side->open(&b))
		ns = measured_run(c, side, &b);
	if (!ns)
		say_why(c, &b, side == c->kext);
	if (side->close)
		side->close(&b);
	cond_resched();
	return ns;
}

struct turn {
	u64 kext_ns;
	u64 native_ns;
};

/* Who is first takes turns, too. */
static bool run_round(const struct bench_case *c, unsigned int round, void *buffer, struct turn *turn)
{
	bool has[] = { c->kext && sides & 1, c->native && sides & 2 };
	const struct bench_side *side[] = { c->kext, c->native };
	u64 *ns[] = { &turn->kext_ns, &turn->native_ns };
	int i;

	*turn = (struct turn) { };
	for (i = 0; i < 2; i++) {
		int which = (round + i) & 1;

		if (!has[which])
			continue;
		*ns[which] = run_side(c, side[which], buffer);
		if (!*ns[which])
			return false;
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Whether the median lies within one per cent, with 95 % confidence: by order statistics. */
static bool is_settled(const u64 *ratios, unsigned int n)
{
	u64 sorted[MOST_ROUNDS];
	unsigned int low = max_t(int, n - 2 * int_sqrt(n), 0) / 2;

	if (n < rounds)
		return false;
	memcpy(sorted, ratios, n * sizeof(*ratios));
	sort(sorted, n, sizeof(*sorted), compare, NULL);
	return (sorted[n - 1 - low] - sorted[low]) * 100 <= sorted[n / 2];
}

static void run_case(const struct bench_case *c, void *buffer)
{
	unsigned int i, at_most = min(max(most, rounds), MOST_ROUNDS);
	u64 ratios[MOST_ROUNDS];
	struct turn turn;

	for (i = 0; i < at_most && !is_settled(ratios, i); i++) {
		if (!run_round(c, i, buffer, &turn))
			return;
		ratios[i] = div64_u64(turn.native_ns * 10000, turn.kext_ns ?: 1);
		pr_info("bench: %s %lu %lu %llu %llu %lu\n", c->id, c->size, c->pieces,
			turn.kext_ns, turn.native_ns, repetitions(c));
	}
}

/* @only: prefixes with commas between them. */
static bool is_wanted(const struct bench_case *c)
{
	const char *at = only;

	do {
		size_t len = strcspn(at, ",");

		if (!strncmp(c->id, at, len))
			return true;
		at += len;
	} while (*at++ == ',');
	return false;
}

static void with_every_case(void (*fn)(const struct bench_case *c, void *buffer), void *buffer)
{
	unsigned int i;

	for (i = 0; i < bench_ncases; i++)
		if (is_wanted(&bench_cases[i]))
			fn(&bench_cases[i], buffer);
}

static void plan_case(const struct bench_case *c, void *buffer)
{
	pr_info("bench: plan %s %lu %lu %s\n", c->id, c->size, c->pieces, kind_names[c->kind]);
}

static int __init bench_init(void)
{
	void *buffer = vmalloc(BENCH_BUFFER);

	if (!buffer)
		return -ENOMEM;
	get_random_bytes(buffer, BENCH_BUFFER);
	with_every_case(plan_case, buffer);
	with_every_case(run_case, buffer);
	vfree(buffer);
	pr_info("bench: done\n");
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
}
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("the layer against native code");
KPI_IMPORT();
