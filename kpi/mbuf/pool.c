// SPDX-License-Identifier: GPL-2.0
/*
 * Free mbufs, kept for the next allocation.
 *
 * Each CPU has a list that it takes from and puts to, and a spare one. A list
 * that has grown to a batch becomes the spare; a second one goes to the depot,
 * where CPUs that only allocate find what CPUs that only free have put. Batches
 * move as a whole. The depot is bounded and gives its mbufs back when memory is
 * short. What is kept is poisoned, but for the first mbuf of a batch, which is the
 * first to be used again. In debug builds nothing is kept.
 */

#include <linux/cpumask.h>
#include <linux/spinlock.h>

#include "cpu.h"
#include "poison.h"

#define DEPOT_BATCHES	32

/* Batches are linked through nextpkt; kpi_mcb->len of the first mbuf is their size. */
static struct {
	spinlock_t lock;
	mbuf_t first;			/* W: lock */
	unsigned int count;		/* W: lock */
} depot = {
	.lock = __SPIN_LOCK_UNLOCKED(depot.lock),
};

/* Returns the batch if there is no room for it. */
static mbuf_t depot_put(mbuf_t batch)
{
	spin_lock(&depot.lock);
	if (depot.count < DEPOT_BATCHES) {
		kpi_set_nextpkt(batch, depot.first);
		depot.first = batch;
		depot.count++;
		batch = NULL;
	}
	spin_unlock(&depot.lock);
	return batch;
}

static mbuf_t depot_take(void)
{
	mbuf_t batch;

	if (!READ_ONCE(depot.first))
		return NULL;
	spin_lock(&depot.lock);
	batch = depot.first;
	if (batch) {
		depot.first = kpi_nextpkt(batch);
		depot.count--;
	}
	spin_unlock(&depot.lock);
	return batch;
}

/* Gives a CPU that has no free mbuf left a batch; false if there is none. */
bool kpi_pool_refill(struct kpi_mbuf_cpu *cpu)
{
	mbuf_t batch = cpu->spare ?: depot_take();

	if (!batch)
		return false;
	cpu->spare = NULL;
	cpu->free = batch;
	cpu->free_count = kpi_mcb(batch)->len;
	return true;
}

/*
 * Puts a CPU's free mbufs aside when they are a batch. Returns a list that is too
 * much, for kpi_pool_free() when the CPU is not locked.
 */
mbuf_t kpi_pool_spill(struct kpi_mbuf_cpu *cpu)
{
	mbuf_t batch = cpu->free, surplus = NULL;

	if (cpu->spare)
		surplus = depot_put(cpu->spare);
	kpi_mbuf_unpoison(batch);
	kpi_mcb(batch)->len = cpu->free_count;
	cpu->spare = batch;
	cpu->free = NULL;
	cpu->free_count = 0;
	return surplus;
}

/* Gives a list of mbufs back to the kernel; returns how many there were. */
unsigned long kpi_pool_free(mbuf_t m)
{
	unsigned long n = 0;

	for (; m; n++) {
		mbuf_t next;

		kpi_mbuf_unpoison(m);
		next = kpi_next(m);
		m->skb.next = NULL;
		m->skb.prev = NULL;
		consume_skb(&m->skb);
		m = next;
	}
	if (n)
		kpi_count(existing, -(long)n);
	return n;
}

static unsigned long depot_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return READ_ONCE(depot.count) * KPI_POOL_BATCH ?: SHRINK_EMPTY;
}

static unsigned long depot_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long freed = 0, n;

	do {
		mbuf_t batch;

		local_bh_disable();
		batch = depot_take();
		local_bh_enable();
		n = kpi_pool_free(batch);
		freed += n;
	} while (n && freed < sc->nr_to_scan);
	return freed ?: SHRINK_STOP;
}

static struct kpi_compat_shrinker depot_shrinker = {
	.count = depot_count,
	.scan = depot_scan,
};

int kpi_pool_init(void)
{
	return kpi_compat_shrinker_register(&depot_shrinker, "netkpi-mbufs");
}

void kpi_pool_exit(void)
{
	int i;

	kpi_compat_shrinker_unregister(&depot_shrinker);
	for_each_possible_cpu(i) {
		struct kpi_mbuf_cpu *cpu = per_cpu_ptr(&kpi_mbuf_cpu, i);

		kpi_pool_free(cpu->free);
		kpi_pool_free(cpu->spare);
	}
	local_bh_disable();	/* nobody is left, but the lock is one that softirqs take */
	while (depot.first)
		kpi_pool_free(depot_take());
	local_bh_enable();
}
