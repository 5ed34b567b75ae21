// SPDX-License-Identifier: GPL-2.0
/*
 * Random operations against the model of model.h.
 *
 * Each round runs sequences of operations until its time is up. A sequence that
 * goes wrong is made as short as it gets and told operation by operation. The
 * seed is told, too; seed= repeats a round, stress=1 makes the run longer.
 */

#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "kunit_compat.h"
#include "model.h"

static unsigned long long seed;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "first round's seed (0: another one each time)");

static bool stress;
module_param(stress, bool, 0444);
MODULE_PARM_DESC(stress, "minutes instead of seconds");

#define OPS		300	/* in one sequence */
#define QUICK_MS	3000
#define STRESS_MS	15000	/* each round */
#define STRESS_ROUNDS	40

struct sequence {
	struct model_op ops[OPS];
	unsigned int n;
	char wrong[256];
};

static u32 draw_kind(struct rnd_state *rnd)
{
	u32 total = 0, i, number;

	for (i = 0; i < model_kind_count; i++)
		total += model_kinds[i].weight;
	number = prandom_u32_state(rnd) % total;
	for (i = 0; number >= model_kinds[i].weight; i++)
		number -= model_kinds[i].weight;
	return i;
}

static void draw_sequence(struct sequence *seq, struct rnd_state *rnd)
{
	unsigned int i, k;

	seq->n = OPS;
	for (i = 0; i < OPS; i++) {
		seq->ops[i].kind = draw_kind(rnd);
		for (k = 0; k < MODEL_ARGS; k++)
			seq->ops[i].arg[k] = prandom_u32_state(rnd);
	}
}

/*
 * Runs a sequence; true if all was well. Otherwise what was wrong is in it, and
 * what comes behind the operation that showed it is cut off.
 */
static bool run_sequence(struct kunit *test, struct sequence *seq, bool tell)
{
	struct model *model = model_alloc();
	unsigned int i;
	bool good;

	KUNIT_ASSERT_NOT_NULL(test, model);
	for (i = 0; i < seq->n && !model->wrong[0]; i++) {
		model_step(model, &seq->ops[i]);
		if (tell && model->what[0])
			kunit_info(test, "%3u %s", i, model->what);
	}
	seq->n = i;
	strscpy(seq->wrong, model_finish(model), sizeof(seq->wrong));
	good = !seq->wrong[0];
	model_free(model);
	return good;
}

/* Without operations [@from, @from + @n): still wrong? */
static bool can_do_without(struct kunit *test, struct sequence *seq, struct sequence *shorter,
			   unsigned int from, unsigned int n)
{
	memcpy(shorter->ops, seq->ops, from * sizeof(*seq->ops));
	memcpy(shorter->ops + from, seq->ops + from + n,
	       (seq->n - from - n) * sizeof(*seq->ops));
	shorter->n = seq->n - n;
	if (run_sequence(test, shorter, false))
		return false;
	*seq = *shorter;
	return true;
}

static void shrink(struct kunit *test, struct sequence *seq)
{
	struct sequence *shorter = kunit_kzalloc(test, sizeof(*shorter), GFP_KERNEL);
	unsigned int n, from;

	KUNIT_ASSERT_NOT_NULL(test, shorter);
	for (n = max(seq->n / 2, 1u); n; n /= 2)
		for (from = 0; from + n <= seq->n;)
			if (!can_do_without(test, seq, shorter, from, n))
				from += n;
}

static void report(struct kunit *test, struct sequence *seq, u64 this_seed, unsigned int number)
{
	kunit_info(test, "sequence %u of seed %llu, %u operations: %s", number, this_seed, seq->n,
		   seq->wrong);
	shrink(test, seq);
	kunit_info(test, "shortened to %u:", seq->n);
	run_sequence(test, seq, true);
	KUNIT_FAIL(test, "seed=%llu, sequence %u: %s", this_seed, number,
		   seq->wrong[0] ? seq->wrong : "not wrong every time");
}

static u64 first_seed(void)
{
	static u64 drawn;

	if (!drawn)
		drawn = seed ?: get_random_u32() | 1;
	return drawn;
}

/* One parameter for each round: a place in an array, for its number. */
static const char places[STRESS_ROUNDS];

static KUNIT_PARAM_GENERATOR(round_gen_params)
{
	const char *place = prev ? (const char *)prev + 1 : places;

	if (place - places >= (stress ? STRESS_ROUNDS : 1))
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "round %td", place - places + 1);
	return place;
}

static u64 round_seed(struct kunit *test)
{
	return first_seed() + ((const char *)test->param_value - places);
}

static void random_test(struct kunit *test)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(stress ? STRESS_MS : QUICK_MS);
	struct sequence *seq = kunit_kzalloc(test, sizeof(*seq), GFP_KERNEL);
	u64 this_seed = round_seed(test);
	unsigned int number = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, seq);
	kpi_misuse_quiet(true);
	prandom_seed_state(&rnd, this_seed);
	do {
		draw_sequence(seq, &rnd);
		if (!run_sequence(test, seq, false)) {
			report(test, seq, this_seed, number);
			break;
		}
		number++;
		cond_resched();
	} while (time_before(jiffies, deadline));
	kpi_misuse_quiet(false);
	kunit_info(test, "seed %llu: %u sequences of %u operations", this_seed, number, OPS);
}

/* Threads hand chains to each other: nothing but storage is shared. */
static void threads_test(struct kunit *test)
{
	u64 this_seed = first_seed();
	char wrong[128];

	kunit_info(test, "seed %llu", this_seed);
	mbuf_hand_around(this_seed, stress ? STRESS_MS : QUICK_MS, wrong, sizeof(wrong));
	KUNIT_EXPECT_STREQ(test, wrong, "");
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE_PARAM(random_test, round_gen_params),
	KUNIT_CASE(threads_test),
	{ }
};

static struct kunit_suite random_suite = {
	.name = "mbuf_random",
	.test_cases = random_cases,
};
kunit_test_suite(random_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Random mbuf operations against a model");
