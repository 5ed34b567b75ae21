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
#include <linux/kmemleak.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "../compat/mbuf.h"
#include "mbuf_priv.h"

#define BLOCK_BYTES	max_t(u32, 32768, PAGE_SIZE)
#define BLOCK_SLOTS	(BLOCK_BYTES / KPI_MCLBYTES)
#define BLOCK_MAGIC	0x626c6b73

/* More than the number of clusters in a block, so that @live stays positive. */
#define LIVE_BIAS	0x10000

/* Full blocks a CPU waits for. */
#define KEEP_BLOCKS	(KPI_MBUF_DEBUG ? 0 : 32)

#define POISON		0x6b

struct kpi_block {
	u32 magic;
	u32 size;
	u8 *base;
	u32 carved;			/* bytes; W: the CPU that carves */
	u32 clusters;			/* how many clusters these are */
	int cpu;			/* which CPU carves, -1: none any more */
	atomic_t live;			/* LIVE_BIAS - clusters freed; without bias once left alone */
	struct kpi_store stores[];	/* one per 2048 bytes */
};

/* Big clusters come from blocks of their own: two fill one. */
enum { SMALL, BIG, STREAMS };

struct cluster_cpu {
	local_lock_t lock;
	struct kpi_block *current_block[STREAMS];
	spinlock_t queue_lock;		/* the shrinker comes from other CPUs */
	unsigned int queue_first;
	unsigned int queued;
	struct kpi_block *queue[KEEP_BLOCKS ?: 1];
};

static DEFINE_PER_CPU(struct cluster_cpu, cluster_cpus) = {
	.lock = INIT_LOCAL_LOCK(lock),
};

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

static struct cluster_cpu *cluster_cpu_lock(void)
{
	local_bh_disable();
	kpi_compat_local_lock_nested_bh(&cluster_cpus.lock);
	return this_cpu_ptr(&cluster_cpus);
}

static void cluster_cpu_unlock(void)
{
	kpi_compat_local_unlock_nested_bh(&cluster_cpus.lock);
	local_bh_enable();
}

static struct page *block_page(const struct kpi_block *block)
{
	return virt_to_page(block->base);
}

static void block_destroy(struct kpi_block *block)
{
	struct page *page = block_page(block);

	set_page_private(page, 0);
	put_page(page);
	block->magic = 0;
	kfree(block);
}

/* The big order if it is there for the taking, else just enough. */
static struct page *block_alloc_page(u32 size, gfp_t gfp, u32 *got)
{
	struct page *page;

	gfp |= __GFP_COMP | __GFP_NOWARN;
	*got = BLOCK_BYTES;
	page = alloc_pages((gfp & ~__GFP_DIRECT_RECLAIM) | __GFP_NORETRY,
			   get_order(BLOCK_BYTES));
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
	kmemleak_not_leak(block);	/* a cluster without mbuf is known by its page alone */

	block->magic = BLOCK_MAGIC;
	block->size = got;
	block->base = page_address(page);
	block->carved = 0;
	block->clusters = 0;
	block->cpu = -1;
	atomic_set(&block->live, LIVE_BIAS);
	memset(block->stores, 0, flex_array_size(block, stores, got / KPI_MCLBYTES));
	set_page_private(page, (unsigned long)block);
	return block;
}

/*
 * Whether neither a cluster nor the network holds any of the block. In debug
 * builds never: a block that was used is to go back to the kernel.
 */
static bool block_is_idle(const struct kpi_block *block)
{
	if (KPI_MBUF_DEBUG && block->clusters)
		return false;
	if (atomic_read_acquire(&block->live) != LIVE_BIAS - (int)block->clusters)
		return false;
	if (page_ref_count(block_page(block)) != 1)
		return false;
	smp_rmb();	/* what the network read, it read before it let go */
	return true;
}

static void block_reset(struct kpi_block *block)
{
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

static struct kpi_block *queue_pop(struct cluster_cpu *cc)
{
	struct kpi_block *block = cc->queue[cc->queue_first];

	lockdep_assert_held(&cc->queue_lock);
	cc->queue_first = (cc->queue_first + 1) % ARRAY_SIZE(cc->queue);
	cc->queued--;
	return block;
}

static void queue_push(struct cluster_cpu *cc, struct kpi_block *block)
{
	lockdep_assert_held(&cc->queue_lock);
	cc->queue[(cc->queue_first + cc->queued) % ARRAY_SIZE(cc->queue)] = block;
	cc->queued++;
}

/* A full block waits until everybody has let go of it. */
static void block_retire(struct cluster_cpu *cc, struct kpi_block *block)
{
	struct kpi_block *leave = NULL;

	WRITE_ONCE(block->cpu, -1);
	if (!KEEP_BLOCKS || block->size < BLOCK_BYTES ||
	    page_is_pfmemalloc(block_page(block))) {
		block_leave(block);
		return;
	}

	spin_lock(&cc->queue_lock);
	if (cc->queued == KEEP_BLOCKS)
		leave = queue_pop(cc);
	queue_push(cc, block);
	spin_unlock(&cc->queue_lock);
	if (leave)
		block_leave(leave);
}

/* The block that has waited longest, if it is free by now. */
static struct kpi_block *block_take_waiting(struct cluster_cpu *cc)
{
	struct kpi_block *block = NULL;

	spin_lock(&cc->queue_lock);
	if (cc->queued && block_is_idle(cc->queue[cc->queue_first]))
		block = queue_pop(cc);
	spin_unlock(&cc->queue_lock);
	if (block)
		block_reset(block);
	return block;
}

static void block_install(struct cluster_cpu *cc, int stream, struct kpi_block *block)
{
	struct kpi_block *old = cc->current_block[stream];

	if (old)
		block_retire(cc, old);
	WRITE_ONCE(block->cpu, smp_processor_id());
	cc->current_block[stream] = block;
}

/* Makes the CPU's block one that has room for @size bytes, if that needs no memory. */
static bool stream_refill(struct cluster_cpu *cc, int stream, u32 size)
{
	struct kpi_block *block = cc->current_block[stream];

	if (block && block_is_idle(block) && size <= block->size) {
		block_reset(block);
		return true;
	}
	block = block_take_waiting(cc);
	if (!block)
		return false;
	block_install(cc, stream, block);
	return true;
}

static struct kpi_store *block_carve(struct kpi_block *block, u32 size, u8 **addr)
{
	u32 slot = block->carved / KPI_MCLBYTES;
	struct kpi_store *store = &block->stores[slot];

	*addr = block->base + block->carved;
	block->carved += size;
	block->clusters++;

	refcount_set(&store->refs, 1);
	store->kind = KPI_STORE_CLUSTER;
	store->class = class_of(size);
	store->slot = slot;
	store->marked = false;
	return store;
}

/* Carves from the CPU's block; @fresh, if given, becomes that block first. */
static struct kpi_store *stream_carve(u32 size, struct kpi_block *fresh, u8 **addr)
{
	int stream = size == KPI_M16KCLBYTES ? BIG : SMALL;
	struct cluster_cpu *cc = cluster_cpu_lock();
	struct kpi_store *store = NULL;
	struct kpi_block *block;

	if (fresh)
		block_install(cc, stream, fresh);
	block = cc->current_block[stream];
	if (unlikely(!block || block->carved + size > block->size)) {
		if (!stream_refill(cc, stream, size))
			goto out;
		block = cc->current_block[stream];
	}
	store = block_carve(block, size, addr);
out:
	cluster_cpu_unlock();
	return store;
}

/* A cluster of @size (2048, 4096 or 16384) bytes with one reference. */
struct kpi_store *kpi_cluster_alloc(u32 size, gfp_t gfp, u8 **addr)
{
	struct kpi_block *fresh;
	struct kpi_store *store;

	if (kpi_refused(gfp))
		return NULL;

	store = stream_carve(size, NULL, addr);
	if (unlikely(!store)) {
		fresh = block_alloc(size, gfp);
		if (!fresh) {
			kpi_count(drops, 1);
			return NULL;
		}
		store = stream_carve(size, fresh, addr);
	}
	kpi_count(clusters[store->class], 1);
	return store;
}

static struct kpi_block *block_of(struct kpi_store *store)
{
	return container_of(store - store->slot, struct kpi_block, stores[0]);
}

/* Makes a use after free visible, unless the network is still reading. */
static void cluster_poison(struct kpi_block *block, struct kpi_store *store)
{
	if (page_ref_count(block_page(block)) == 1)
		memset(block->base + store->slot * KPI_MCLBYTES, POISON,
		       class_sizes[store->class]);
}

/* One that this CPU carves from: if it is all free now, start again at its bottom. */
static bool cluster_free_local(struct kpi_block *block)
{
	struct cluster_cpu *cc = cluster_cpu_lock();
	bool mine = block == cc->current_block[SMALL] || block == cc->current_block[BIG];

	if (mine) {
		atomic_dec(&block->live);
		if (block_is_idle(block))
			block_reset(block);
	}
	cluster_cpu_unlock();
	return mine;
}

/* For whoever dropped the last reference. */
void kpi_cluster_free(struct kpi_store *store)
{
	struct kpi_block *block = block_of(store);

	kpi_count(clusters[store->class], -1);
	refcount_set(&store->refs, 0);
	if (KPI_MBUF_DEBUG)
		cluster_poison(block, store);

	if (READ_ONCE(block->cpu) == raw_smp_processor_id() && cluster_free_local(block))
		return;
	if (atomic_dec_and_test(&block->live))
		block_destroy(block);
}

/* The cluster that begins at an address, or NULL; safe with any address. */
struct kpi_store *kpi_cluster_find(const void *addr)
{
	struct kpi_block *block;
	struct page *page;
	size_t off;
	u32 magic;

	if (!virt_addr_valid(addr))
		return NULL;
	page = virt_to_head_page(addr);
	block = (struct kpi_block *)page_private(page);
	if (!block || get_kernel_nofault(magic, &block->magic) || magic != BLOCK_MAGIC)
		return NULL;

	off = (const u8 *)addr - block->base;
	if (off >= block->size || off % KPI_MCLBYTES ||
	    !refcount_read(&block->stores[off / KPI_MCLBYTES].refs))
		return NULL;
	return &block->stores[off / KPI_MCLBYTES];
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
 * Context: Any; may sleep with MBUF_WAITOK.
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
	if (!real || !kpi_cluster_alloc(real, gfp, &at))
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
 * memory that is no such cluster is reported and left alone. macOS panics.
 *
 * Context: Any.
 */
void kpi_mbuf_freecluster(caddr_t addr, size_t size)
{
	struct kpi_store *store = kpi_cluster_find(addr);

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
static unsigned long queue_drain(struct cluster_cpu *cc, unsigned long limit)
{
	unsigned long n;

	for (n = 0; n < limit; n++) {
		struct kpi_block *block = NULL;

		spin_lock_bh(&cc->queue_lock);
		if (cc->queued)
			block = queue_pop(cc);
		spin_unlock_bh(&cc->queue_lock);
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
		n += READ_ONCE(per_cpu_ptr(&cluster_cpus, cpu)->queued);
	return n ?: SHRINK_EMPTY;
}

static unsigned long blocks_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	unsigned long n = 0;
	int cpu;

	kpi_count(drained, 1);
	for_each_possible_cpu(cpu)
		n += queue_drain(per_cpu_ptr(&cluster_cpus, cpu), sc->nr_to_scan - n);
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
		spin_lock_init(&per_cpu_ptr(&cluster_cpus, cpu)->queue_lock);
	return kpi_compat_shrinker_register(&blocks_shrinker, "netkpi-clusters");
}

void kpi_cluster_exit(void)
{
	int cpu, stream;

	kpi_compat_shrinker_unregister(&blocks_shrinker);
	for_each_possible_cpu(cpu) {
		struct cluster_cpu *cc = per_cpu_ptr(&cluster_cpus, cpu);

		for (stream = 0; stream < STREAMS; stream++) {
			if (cc->current_block[stream])
				block_leave(cc->current_block[stream]);
			cc->current_block[stream] = NULL;
		}
		queue_drain(cc, ULONG_MAX);
	}
}
