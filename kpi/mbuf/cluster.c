// SPDX-License-Identifier: GPL-2.0
/*
 * Clusters, made for sending.
 *
 * Each CPU carves its clusters upwards from blocks of 32 KiB, compound pages
 * with nothing between the clusters, so that clusters allocated one after the
 * other lie next to each other and go out as one fragment. Reference counts are
 * kept beside the block, not in it.
 *
 * Parts of a block may be handed to the network by page reference and stay there
 * after their clusters were freed. So a block is used again only when all its
 * clusters are free and the page's reference count says that the block is the
 * only one to hold it. Full blocks wait for that in a queue per CPU; when the
 * queue is full the oldest one is left to its users, the last of whom frees it.
 */

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "cpu.h"
#include "poison.h"
#include "veil.h"

#define BLOCK_BYTES	max_t(u32, 32768, PAGE_SIZE)
#define BLOCK_SLOTS	(BLOCK_BYTES / KPI_MCLBYTES)

/* More than the number of clusters in a block, so that @live stays positive. */
#define LIVE_BIAS	0x10000

/* Full blocks a CPU waits for. */
#define KEEP_BLOCKS	(KPI_MBUF_DEBUG ? 0 : 32)

#define POISON		0x6b

struct kpi_block {
	u32 size;
	u8 *base;
	u32 carved;			/* bytes; W: the CPU that carves */
	u32 clusters;			/* how many clusters these are */
	atomic_t live;			/* LIVE_BIAS - clusters freed; no bias once left alone */
	struct kpi_store stores[];	/* one per 2048 bytes */
};

/* Full blocks that a CPU waits for, the oldest first. */
struct block_queue {
	spinlock_t lock;		/* the shrinker comes from other CPUs */
	unsigned int first;
	unsigned int count;
	struct kpi_block *blocks[KEEP_BLOCKS ?: 1];
};

static DEFINE_PER_CPU(struct block_queue, block_queues);

static const u32 class_sizes[KPI_CLUSTER_CLASSES] = {
	[KPI_CLUSTER_2K] = KPI_MCLBYTES,
	[KPI_CLUSTER_4K] = KPI_MBIGCLBYTES,
	[KPI_CLUSTER_16K] = KPI_M16KCLBYTES,
};

static enum kpi_cluster_class class_of(u32 size)
{
	if (size == KPI_MCLBYTES)
		return KPI_CLUSTER_2K;
	return size == KPI_MBIGCLBYTES ? KPI_CLUSTER_4K : KPI_CLUSTER_16K;
}

/* The smallest cluster that holds @len bytes, or 0. */
u32 kpi_cluster_size(size_t len)
{
	int class;

	for (class = 0; class < KPI_CLUSTER_CLASSES; class++)
		if (len <= class_sizes[class])
			return class_sizes[class];
	return 0;
}

static struct page *block_page(const struct kpi_block *block)
{
	return virt_to_page(block->base);
}

/* All blocks by the number of their first page, but for those there was no memory to note. */
static DEFINE_XARRAY_FLAGS(blocks, XA_FLAGS_LOCK_BH);

static void block_destroy(struct kpi_block *block)
{
	xa_erase_bh(&blocks, page_to_pfn(block_page(block)));
	kpi_unpoison(block->base, block->size);
	put_page(block_page(block));
	kfree(block);
}

/* The big order if it is there for the taking, else just enough, from reserves if need be. */
static struct page *block_alloc_page(u32 size, gfp_t gfp, u32 *got)
{
	gfp_t big = (gfp & ~(__GFP_DIRECT_RECLAIM | __GFP_HIGH)) |
		    __GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_COMP | __GFP_NOWARN;
	struct page *page;

	gfp |= __GFP_COMP | __GFP_NOWARN;
	*got = BLOCK_BYTES;
	page = alloc_pages(big, get_order(BLOCK_BYTES));
	if (page)
		return page;

	if (gfpflags_allow_blocking(gfp))
		kpi_count(waits, 1);
	*got = PAGE_ALIGN(size);
	return alloc_pages(gfp, get_order(*got));
}

static struct kpi_block *block_alloc(u32 size, gfp_t gfp)
{
	struct kpi_block *block;
	struct page *page;
	u32 got;

	page = block_alloc_page(size, gfp, &got);
	if (!page)
		return NULL;
	block = kmalloc(struct_size(block, stores, got / KPI_MCLBYTES), gfp);
	if (!block) {
		put_page(page);
		return NULL;
	}

	block->size = got;
	block->base = page_address(page);
	block->carved = 0;
	block->clusters = 0;
	atomic_set(&block->live, LIVE_BIAS);
	memset(block->stores, 0, flex_array_size(block, stores, got / KPI_MCLBYTES));
	kpi_poison(block->base, block->size);
	xa_store_bh(&blocks, page_to_pfn(page), block, gfp | __GFP_NOMEMALLOC | __GFP_NOWARN);
	return block;
}

/* Whether anybody has any of the block by its page. */
static bool block_is_held(const struct kpi_block *block)
{
	return page_ref_count(block_page(block)) != 1;
}

/* Whether none of its clusters is in use, and more may be carved. */
static bool block_is_free(const struct kpi_block *block)
{
	return atomic_read_acquire(&block->live) == LIVE_BIAS - (int)READ_ONCE(block->clusters);
}

/*
 * Whether anybody has a page but the one who asks and, if it is a block's, the block.
 * What the one who asks sees of it was a cluster; that it is used again is out of the
 * question while it is seen.
 */
bool kpi_page_is_held(struct page *page)
{
	int holders = page_ref_count(page);
	const struct kpi_block *block;
	bool held = true;

	if (holders != 2)
		return holders != 1;
	xa_lock_bh(&blocks);
	block = xa_load(&blocks, page_to_pfn(page));
	if (block && block_is_free(block))
		held = page_ref_count(page) != 2;
	xa_unlock_bh(&blocks);
	return held;
}

/*
 * Whether neither a cluster nor the network holds any of the block. In debug
 * builds never: a block that was used is to go back to the kernel.
 */
static bool block_is_idle(const struct kpi_block *block)
{
	if (KPI_MBUF_DEBUG && block->clusters)
		return false;
	if (!block_is_free(block) || block_is_held(block))
		return false;
	smp_rmb();	/* what the network read, it read before it let go */
	return true;
}

static void block_reset(struct kpi_block *block)
{
	kpi_poison(block->base, block->size);
	block->carved = 0;
	block->clusters = 0;
	atomic_set(&block->live, LIVE_BIAS);
}

/* Nobody carves it any more: the last user frees it. */
static void block_leave(struct kpi_block *block)
{
	if (atomic_sub_and_test(LIVE_BIAS - block->clusters, &block->live))
		block_destroy(block);
}

static struct kpi_block *queue_pop(struct block_queue *queue)
{
	struct kpi_block *block = queue->blocks[queue->first];

	lockdep_assert_held(&queue->lock);
	queue->first = (queue->first + 1) % ARRAY_SIZE(queue->blocks);
	queue->count--;
	return block;
}

static void queue_push(struct block_queue *queue, struct kpi_block *block)
{
	lockdep_assert_held(&queue->lock);
	queue->blocks[(queue->first + queue->count) % ARRAY_SIZE(queue->blocks)] = block;
	queue->count++;
}

/* A full block waits until everybody has let go of it. */
static void block_retire(struct kpi_block *block)
{
	struct block_queue *queue = this_cpu_ptr(&block_queues);
	struct kpi_block *leave = NULL;

	if (!KEEP_BLOCKS || block->size < BLOCK_BYTES) {
		block_leave(block);
		return;
	}

	spin_lock(&queue->lock);
	if (queue->count == KEEP_BLOCKS)
		leave = queue_pop(queue);
	queue_push(queue, block);
	spin_unlock(&queue->lock);
	if (leave)
		block_leave(leave);
}

/* The block that has waited longest, if it is free by now. */
static struct kpi_block *block_take_waiting(void)
{
	struct block_queue *queue = this_cpu_ptr(&block_queues);
	struct kpi_block *block = NULL;

	spin_lock(&queue->lock);
	if (queue->count && block_is_idle(queue->blocks[queue->first]))
		block = queue_pop(queue);
	spin_unlock(&queue->lock);
	if (block)
		block_reset(block);
	return block;
}

static void block_install(struct kpi_mbuf_cpu *cpu, int carve, struct kpi_block *block)
{
	struct kpi_block *old = cpu->carving[carve];

	cpu->carving[carve] = block;
	if (old)
		block_retire(old);
}

/* Makes the CPU's block one that has room for @size bytes, if that needs no memory. */
static bool carve_refill(struct kpi_mbuf_cpu *cpu, int carve, u32 size)
{
	struct kpi_block *block = cpu->carving[carve];

	if (block && block_is_idle(block) && size <= block->size) {
		block_reset(block);
		return true;
	}
	block = block_take_waiting();
	if (!block)
		return false;
	block_install(cpu, carve, block);
	return true;
}

static struct kpi_store *block_carve(struct kpi_block *block, u32 size, u8 **addr)
{
	u32 slot = block->carved / KPI_MCLBYTES;
	struct kpi_store *store = &block->stores[slot];

	*addr = block->base + block->carved;
	kpi_unpoison(*addr, size);
	block->carved += size;
	block->clusters++;

	refcount_set(&store->refs, 1);
	store->kind = KPI_STORE_CLUSTER;
	store->class = class_of(size);
	store->slot = slot;
	store->traits = 0;
	return store;
}

/* A cluster from what the CPU has; NULL if memory must be allocated. */
struct kpi_store *kpi_cluster_carve(struct kpi_mbuf_cpu *cpu, u32 size, u8 **addr)
{
	int which = size == KPI_M16KCLBYTES ? KPI_CARVE_BIG : KPI_CARVE_SMALL;
	struct kpi_block *block = cpu->carving[which];
	struct kpi_store *store;

	if (unlikely(!block || block->carved + size > block->size)) {
		if (!carve_refill(cpu, which, size))
			return NULL;
		block = cpu->carving[which];
	}
	store = block_carve(block, size, addr);
	cpu->counters.clusters[store->class]++;
	return store;
}

/*
 * From a block of emergency memory: a cluster for whoever has the right to that, and
 * none for others. The block goes with it.
 */
static struct kpi_store *carve_alone(struct kpi_mbuf_cpu *cpu, struct kpi_block *block,
				     u32 size, u8 **addr)
{
	struct kpi_store *store = block_carve(block, size, addr);

	store->traits |= KPI_STORE_RESERVE;
	cpu->counters.clusters[store->class]++;
	block_leave(block);
	return store;
}

/* A cluster from a new block. */
static struct kpi_store *carve_fresh(u32 size, gfp_t gfp, u8 **addr)
{
	int which = size == KPI_M16KCLBYTES ? KPI_CARVE_BIG : KPI_CARVE_SMALL;
	struct kpi_block *fresh = block_alloc(size, gfp);
	struct kpi_mbuf_cpu *cpu;
	struct kpi_store *store;

	if (!fresh) {
		kpi_count(drops, 1);
		return NULL;
	}
	cpu = kpi_cpu_lock();
	if (unlikely(page_is_pfmemalloc(block_page(fresh)))) {
		store = carve_alone(cpu, fresh, size, addr);
	} else {
		block_install(cpu, which, fresh);
		store = kpi_cluster_carve(cpu, size, addr);
	}
	kpi_cpu_unlock();
	return store;
}

/* A cluster of @size (2048, 4096 or 16384) bytes with one reference. */
struct kpi_store *kpi_cluster_alloc(u32 size, gfp_t gfp, u8 **addr)
{
	struct kpi_store *store;

	if (kpi_refused(gfp))
		return NULL;

	store = kpi_cluster_carve(kpi_cpu_lock(), size, addr);
	kpi_cpu_unlock();
	return store ?: carve_fresh(size, gfp, addr);
}

static struct kpi_block *block_of(const struct kpi_store *store)
{
	return container_of((struct kpi_store *)store - store->slot, struct kpi_block, stores[0]);
}

u8 *kpi_cluster_address(const struct kpi_store *store)
{
	return block_of(store)->base + store->slot * KPI_MCLBYTES;
}

u32 kpi_cluster_bytes(const struct kpi_store *store)
{
	return class_sizes[store->class];
}

/* Whether anybody but mbufs may have the cluster, if it was lent. */
bool kpi_cluster_is_held(const struct kpi_store *store)
{
	return block_is_held(block_of(store));
}

/* Makes a use after free visible, unless the network is still reading. */
static void cluster_poison(struct kpi_block *block, struct kpi_store *store)
{
	u8 *addr = kpi_cluster_address(store);
	u32 size = kpi_cluster_bytes(store);

	if (block_is_held(block))
		return;
	if (KPI_MBUF_DEBUG)
		memset(addr, POISON, size);
	kpi_poison(addr, size);
}

/* For whoever dropped the last reference, with the CPU locked. */
void kpi_cluster_give_back(struct kpi_mbuf_cpu *cpu, struct kpi_store *store)
{
	struct kpi_block *block = block_of(store);

	if (unlikely(store->traits & KPI_STORE_OVER_PAGE))
		put_page(kpi_veiled_page(store));
	if (KPI_MBUF_DEBUG || KPI_POISONS)
		cluster_poison(block, store);

	cpu->counters.clusters[store->class]--;
	if (block == cpu->carving[KPI_CARVE_SMALL] || block == cpu->carving[KPI_CARVE_BIG]) {
		atomic_dec(&block->live);
		if (block_is_idle(block))	/* start again at its bottom */
			block_reset(block);
	} else if (atomic_dec_and_test(&block->live)) {
		block_destroy(block);
	}
}

/* The same, for whoever has not locked it. */
void kpi_cluster_free(struct kpi_store *store)
{
	kpi_cluster_give_back(kpi_cpu_lock(), store);
	kpi_cpu_unlock();
}

/* Clusters without mbuf, by their address in units of the smallest. */
static DEFINE_XARRAY_FLAGS(raw_clusters, XA_FLAGS_LOCK_BH);

static unsigned long raw_index(const void *addr)
{
	return (unsigned long)addr / KPI_MCLBYTES;
}

/* A cluster that freecluster will know again, or NULL. */
static u8 *raw_alloc(u32 size, gfp_t gfp)
{
	struct kpi_store *store;
	u8 *addr;

	store = kpi_cluster_alloc(size, gfp, &addr);
	if (!store)
		return NULL;
	if (!kpi_refused(gfp) && !xa_err(xa_store_bh(&raw_clusters, raw_index(addr), store, gfp)))
		return addr;
	kpi_cluster_free(store);
	return NULL;
}

/* Takes a cluster from the book; NULL for any other address. */
static struct kpi_store *raw_take(const void *addr)
{
	if (!IS_ALIGNED((unsigned long)addr, KPI_MCLBYTES))
		return NULL;
	return xa_erase_bh(&raw_clusters, raw_index(addr));
}

/**
 * kpi_mbuf_alloccluster() - allocate a cluster without an mbuf
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @size: in: bytes wanted; out: 2048, 4096 or 16384
 * @addr: out: the cluster
 *
 * Returns memory for kpi_mbuf_attachcluster() or kpi_mbuf_freecluster(). On
 * failure @size and @addr are untouched.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; EINVAL for a NULL pointer or no bytes; ENOMEM, also for more than
 * 16384 bytes.
 */
errno_t kpi_mbuf_alloccluster(mbuf_how_t how, size_t *size, char **addr)
{
	gfp_t gfp = kpi_gfp(how);
	u32 real;
	u8 *at;

	if (!size || !addr || !*size)
		return EINVAL;
	real = kpi_cluster_size(*size);
	at = real ? raw_alloc(real, gfp) : NULL;
	if (!at)
		return ENOMEM;

	*size = real;
	*addr = (char *)at;
	return 0;
}
KPI_EXPORT(kpi_mbuf_alloccluster);

/**
 * kpi_mbuf_freecluster() - free a cluster from kpi_mbuf_alloccluster()
 * @addr: the cluster, not attached to any mbuf
 * @size: its size
 *
 * Consumes the cluster.
 *
 * macOS difference: a wrong size is reported and the cluster freed all the same;
 * any other memory, an mbuf's cluster too, is reported and left alone. macOS panics.
 *
 * Context: Interrupts enabled.
 */
void kpi_mbuf_freecluster(caddr_t addr, size_t size)
{
	struct kpi_store *store = raw_take(addr);

	if (!store) {
		kpi_misuse("not a cluster, or freed already");
		return;
	}
	if (size != class_sizes[store->class])
		kpi_misuse("wrong size of the cluster");
	kpi_cluster_free(store);
}
KPI_EXPORT(kpi_mbuf_freecluster);

/* Leaves up to @limit of a CPU's waiting blocks to their users. */
static unsigned long queue_drain(struct block_queue *queue, unsigned long limit)
{
	unsigned long n;

	for (n = 0; n < limit; n++) {
		struct kpi_block *block = NULL;

		spin_lock_bh(&queue->lock);
		if (queue->count)
			block = queue_pop(queue);
		spin_unlock_bh(&queue->lock);
		if (!block)
			break;
		block_leave(block);
	}
	return n;
}

static unsigned long blocks_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long n = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(per_cpu_ptr(&block_queues, cpu)->count);
	return n ?: SHRINK_EMPTY;
}

static unsigned long blocks_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long n = 0;
	int cpu;

	kpi_count(drained, 1);
	for_each_possible_cpu(cpu)
		n += queue_drain(per_cpu_ptr(&block_queues, cpu), sc->nr_to_scan - n);
	return n ?: SHRINK_STOP;
}

static struct kpi_compat_shrinker blocks_shrinker = {
	.count = blocks_count,
	.scan = blocks_scan,
};

int kpi_cluster_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		spin_lock_init(&per_cpu_ptr(&block_queues, cpu)->lock);
	return kpi_compat_shrinker_register(&blocks_shrinker, "netkpi-clusters");
}

void kpi_cluster_exit(void)
{
	int i, which;

	kpi_compat_shrinker_unregister(&blocks_shrinker);
	for_each_possible_cpu(i) {
		struct kpi_mbuf_cpu *cpu = per_cpu_ptr(&kpi_mbuf_cpu, i);

		for (which = 0; which < KPI_CARVES; which++) {
			if (cpu->carving[which])
				block_leave(cpu->carving[which]);
			cpu->carving[which] = NULL;
		}
		queue_drain(per_cpu_ptr(&block_queues, i), ULONG_MAX);
	}
	xa_destroy(&raw_clusters);
	xa_destroy(&blocks);
}
