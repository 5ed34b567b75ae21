// SPDX-License-Identifier: GPL-2.0
/*
 * Runs every case: the kext's side and the native side take turns, so that
 * whatever else the machine does falls on both. Each round prints one line,
 *
 *	bench: ID size pieces goal kind kext_ns native_ns
 *
 * which tools/bench/run turns into ratios, medians and charts.
 */

#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "native.h"

static unsigned int rounds = 9;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "how often each case runs");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "run only the cases whose names start so");

static unsigned int scale = 100;
module_param(scale, uint, 0444);
MODULE_PARM_DESC(scale, "per cent of the usual number of repetitions");

/* Which way the goal goes: throughput at least so much, cost at most so much. */
enum kind { THROUGHPUT, COST, GROWTH };

static const char * const kind_names[] = { "throughput", "cost", "growth" };

struct bench_case {
	const char *id;
	enum kind kind;
	unsigned int goal;		/* in thousandths of the native side; 0: none */
	unsigned long size;
	unsigned long pieces;
	unsigned long n;
	const struct bench_side *kext;
	const struct bench_side *native;
};

#define KIB	1024ul

static const struct bench_case cases[] = {
	{ "B1", THROUGHPUT, 1400, 64 * KIB, 0, 1000, &kext_tcp_receive, &native_tcp_receive },
	{ "B1", THROUGHPUT, 1250, 16 * KIB, 0, 4000, &kext_tcp_receive, &native_tcp_receive },
	{ "B2", THROUGHPUT, 1450, 64 * KIB, 0, 1000, &kext_tcp_send, &native_tcp_send },
	{ "B3", THROUGHPUT, 1050, 64 * KIB, 32, 1000, &kext_tcp_send_2k, &native_tcp_send },
	{ "B3", THROUGHPUT, 1000, 16 * KIB, 8, 4000, &kext_tcp_send_2k, &native_tcp_send },
	{ "B3", THROUGHPUT, 970, 2 * KIB, 1, 10000, &kext_tcp_send_2k, &native_tcp_send },
	{ "B3", THROUGHPUT, 950, 200, 1, 10000, &kext_tcp_send_2k, &native_tcp_send },
	{ "B4", THROUGHPUT, 1600, 64 * KIB, 0, 1000, &kext_tcp_both, &native_tcp_both },
	{ "B5", THROUGHPUT, 1800, 8 * KIB, 0, 8000, &kext_udp_both, &native_udp_both },
	{ "B5", THROUGHPUT, 1080, 1400, 0, 16000, &kext_udp_both, &native_udp_both },
	{ "B6.gethdr", COST, 800, 288, 0, 200000, &kext_gethdr, &native_gethdr },
	{ "B6.getpacket", COST, 850, 2 * KIB, 0, 200000, &kext_getpacket, &native_getpacket },
	{ "B6.cluster16k", COST, 500, 16 * KIB, 0, 200000, &kext_cluster16k, &native_cluster16k },
	{ "B7", COST, 1000, 64 * KIB, 4, 2000, &kext_copydata, &native_copydata },
	{ "B7", COST, 1000, 64 * KIB, 32, 2000, &kext_copydata, &native_copydata },
	{ "B7.small", COST, 1100, 1400, 1, 500000, &kext_copydata_small, &native_copydata_small },
	{ "B8", COST, 1050, 32 * KIB, 32, 50000, &kext_walk, &native_walk },
	{ "B9", COST, 1200, 64 * KIB, 32, 10000, &kext_copym, &native_clone },
	{ "B10", COST, 1080, 1, 0, 20000, &kext_pingpong, &native_pingpong },
	{ "B11", COST, 400, 32 * KIB, 16, 5000, &border_convert, &native_linear_copy },
	{ "B12", COST, 1050, 60001, 43, 2000, &kext_cksum, &native_cksum },

	{ "grow.message", GROWTH, 0, 64, 0, 20000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 256, 0, 20000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 1 * KIB, 0, 20000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 4 * KIB, 0, 10000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 16 * KIB, 0, 4000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 64 * KIB, 0, 1000, &kext_tcp_both, &native_tcp_both },
	{ "grow.message", GROWTH, 0, 256 * KIB, 0, 200, &kext_tcp_both, &native_tcp_both },
	{ "grow.chain", GROWTH, 0, 64, 1, 100000, &kext_chain_length },
	{ "grow.chain", GROWTH, 0, 64, 4, 40000, &kext_chain_length },
	{ "grow.chain", GROWTH, 0, 64, 16, 10000, &kext_chain_length },
	{ "grow.chain", GROWTH, 0, 64, 64, 2500, &kext_chain_length },
	{ "grow.chain", GROWTH, 0, 64, 256, 600, &kext_chain_length },
	{ "grow.chain", GROWTH, 0, 64, 1024, 150, &kext_chain_length },
	{ "grow.tags", GROWTH, 0, 16, 0, 200000, &kext_tag_find },
	{ "grow.tags", GROWTH, 0, 16, 4, 200000, &kext_tag_find },
	{ "grow.tags", GROWTH, 0, 16, 16, 200000, &kext_tag_find },
	{ "grow.tags", GROWTH, 0, 16, 64, 100000, &kext_tag_find },
	{ "grow.sockets", GROWTH, 0, 64, 1, 20000, &kext_sockets, &native_sockets },
	{ "grow.sockets", GROWTH, 0, 64, 10, 20000, &kext_sockets, &native_sockets },
	{ "grow.sockets", GROWTH, 0, 64, 100, 20000, &kext_sockets, &native_sockets },
	{ "grow.sockets", GROWTH, 0, 64, 1000, 20000, &kext_sockets, &native_sockets },
	{ "grow.sockets", GROWTH, 0, 64, 10000, 20000, &kext_sockets, &native_sockets },
};

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
	return wait_event_timeout(done_wait, READ_ONCE(b->done) >= done, 30 * HZ) ? 0 : -ETIMEDOUT;
}

static u64 timed_run(const struct bench_side *side, struct bench *b, unsigned long n)
{
	b->n = max(n, 16ul);
	b->done = 0;
	b->target = ULONG_MAX;
	return side->run(b);
}

/* One round of one side: nanoseconds, or 0 if it went wrong. */
static u64 run_side(const struct bench_case *c, const struct bench_side *side, void *buffer)
{
	unsigned long n = c->n * scale / 100;
	struct bench b = { .size = c->size, .pieces = c->pieces, .buffer = buffer };
	u64 ns = 0;

	if (!side)
		return 0;
	if (!side->open || !side->open(&b))
		if (timed_run(side, &b, n / 8))
			ns = timed_run(side, &b, n);
	if (side->close)
		side->close(&b);
	if (!ns)
		pr_err("bench: %s size %lu: %s side failed\n", c->id, c->size,
		       side == c->kext ? "kext" : "native");
	cond_resched();
	return ns;
}

static void run_case(const struct bench_case *c, void *buffer)
{
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		u64 kext_ns, native_ns;

		if (i & 1) {
			native_ns = run_side(c, c->native, buffer);
			kext_ns = run_side(c, c->kext, buffer);
		} else {
			kext_ns = run_side(c, c->kext, buffer);
			native_ns = run_side(c, c->native, buffer);
		}
		pr_info("bench: %s %lu %lu %u %s %llu %llu %lu\n", c->id, c->size, c->pieces,
			c->goal, kind_names[c->kind], kext_ns, native_ns,
			max(c->n * scale / 100, 16ul));
	}
}

static int __init bench_init(void)
{
	void *buffer = vzalloc(BENCH_BUFFER);
	unsigned int i;

	if (!buffer)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (!strncmp(cases[i].id, only, strlen(only)))
			run_case(&cases[i], buffer);
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
