// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks of memory that kexts hold.
 *
 * A block carries no header: it costs what kvmalloc() costs, and is charged by
 * the address that allocates or frees it. With check_memory every block is
 * remembered in a table with its size, tag and kext, so that a second free, a
 * wrong size or a wrong tag is noticed; the block then is freed as it was
 * allocated, or not at all.
 */

#include <linux/hashtable.h>
#include <linux/kconfig.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kpi/memory.h>

#include "block.h"
#include "kern_priv.h"

static bool check_memory = IS_ENABLED(CONFIG_KASAN) || IS_ENABLED(CONFIG_PROVE_LOCKING) ||
			   IS_ENABLED(CONFIG_DEBUG_KMEMLEAK);
module_param(check_memory, bool, 0444);
MODULE_PARM_DESC(check_memory, "remember every block of memory that a kext allocates, and check how it is freed");

struct block {
	struct hlist_node node;		/* W: blocks_lock */
	void *addr;
	size_t size;
	const void *tag;
	struct kpi_kext *kext;
	unsigned long caller;		/* of the allocation */
};

static DEFINE_HASHTABLE(blocks, 10);
static DEFINE_SPINLOCK(blocks_lock);

/**
 * kpi_block_gfp() - how to allocate for a kext
 * @flags:  of a macOS allocation: M_NOWAIT or Z_NOWAIT, M_ZERO or Z_ZERO count
 * @asleep: out: false if the caller asked to wait where nobody can sleep
 *
 * Return: flags for Linux's allocators.
 */
gfp_t kpi_block_gfp(unsigned int flags, bool *asleep)
{
	gfp_t zero = flags & M_ZERO ? __GFP_ZERO : 0;

	*asleep = true;
	if (flags & M_NOWAIT)
		return GFP_ATOMIC | zero;
	if (kpi_may_sleep())
		return GFP_KERNEL | zero;
	*asleep = false;
	return GFP_ATOMIC | zero;
}

static bool block_remember(void *addr, size_t size, gfp_t gfp, struct kpi_block_owner owner)
{
	struct block *block;
	unsigned long flags;

	block = kmalloc(sizeof(*block), gfp & ~__GFP_ZERO);
	if (!block)
		return false;

	block->addr = addr;
	block->size = size;
	block->tag = owner.tag;
	block->kext = kpi_kext_at(owner.caller);
	block->caller = owner.caller;
	kpi_kext_charge(block->kext, KPI_HELD_MEMORY, 1);

	spin_lock_irqsave(&blocks_lock, flags);
	hash_add(blocks, &block->node, (unsigned long)addr);
	spin_unlock_irqrestore(&blocks_lock, flags);
	return true;
}

static struct block *block_take(void *addr)
{
	struct block *block;
	unsigned long flags;

	spin_lock_irqsave(&blocks_lock, flags);
	hash_for_each_possible(blocks, block, node, (unsigned long)addr) {
		if (block->addr == addr) {
			hash_del(&block->node);
			goto found;
		}
	}
	block = NULL;
found:
	spin_unlock_irqrestore(&blocks_lock, flags);
	return block;
}

/* False if the block must not be freed; else *tag is the one it was allocated with. */
static bool block_forget(void *addr, size_t size, struct kpi_block_owner owner,
			 const void **tag)
{
	struct block *block = block_take(addr);

	if (!block) {
		kpi_misuse_from(owner.caller, "frees memory that is not allocated");
		return false;
	}
	if (size != KPI_ANY_SIZE && size != block->size)
		kpi_misuse_from(owner.caller, "frees memory with the wrong size");
	if (owner.tag != block->tag)
		kpi_misuse_from(owner.caller, "frees memory with the wrong tag");
	kpi_kext_charge(block->kext, KPI_HELD_MEMORY, -1);
	*tag = block->tag;
	kfree(block);
	return true;
}

static void *block_account(void *addr, size_t size, gfp_t gfp, struct kpi_block_owner owner)
{
	if (!addr)
		return NULL;

	if (!check_memory) {
		kpi_kext_charge(kpi_kext_at(owner.caller), KPI_HELD_MEMORY, 1);
		return addr;
	}
	if (!block_remember(addr, size, gfp, owner)) {
		kvfree(addr);
		return NULL;
	}
	return addr;
}

/* vmalloc may sleep, and kvmalloc() insists that it may do everything else. */
static void *raw_alloc(size_t size, gfp_t gfp)
{
	if (!gfpflags_allow_blocking(gfp))
		return kmalloc(size, gfp | __GFP_NOWARN);
	return kvmalloc(size, gfp | __GFP_NOWARN);
}

/**
 * kpi_block_alloc() - allocate memory for a kext
 * @size:  in bytes
 * @gfp:   from kpi_block_gfp(), perhaps with __GFP_NOFAIL
 * @owner: who is charged, and the tag
 *
 * Return: the block, or NULL.
 */
void *kpi_block_alloc(size_t size, gfp_t gfp, struct kpi_block_owner owner)
{
	if (!size)
		return NULL;
	return block_account(raw_alloc(size, gfp), size, gfp, owner);
}

/**
 * kpi_block_alloc_aligned() - allocate aligned memory for a kext
 * @size:      in bytes
 * @alignment: a power of two
 * @gfp:       from kpi_block_gfp()
 * @owner:     who is charged, and the tag
 *
 * Blocks of a power of two are aligned to their size, and larger ones to pages.
 *
 * Return: the block, or NULL.
 */
void *kpi_block_alloc_aligned(size_t size, size_t alignment, gfp_t gfp,
			      struct kpi_block_owner owner)
{
	size_t room = max(size, alignment);

	if (!size || (alignment && !is_power_of_2(alignment)))
		return NULL;

	if (room > PAGE_SIZE && alignment <= PAGE_SIZE)
		room = PAGE_ALIGN(room);
	else
		room = roundup_pow_of_two(room);
	if (alignment > PAGE_SIZE)
		return block_account(kmalloc(room, gfp | __GFP_NOWARN), size, gfp, owner);
	return block_account(raw_alloc(room, gfp), size, gfp, owner);
}

/**
 * kpi_block_free() - free memory of a kext
 * @addr:  the block, or NULL
 * @size:  as it was allocated, or KPI_ANY_SIZE
 * @owner: who frees it, and the tag
 *
 * Context: Any but NMI.
 * Return: the tag it was allocated with; NULL if nothing was freed.
 */
const void *kpi_block_free(void *addr, size_t size, struct kpi_block_owner owner)
{
	const void *tag = owner.tag;

	if (!addr)
		return NULL;

	if (!check_memory)
		kpi_kext_charge(kpi_kext_at(owner.caller), KPI_HELD_MEMORY, -1);
	else if (!block_forget(addr, size, owner, &tag))
		return NULL;
	kvfree(addr);
	return tag;
}

/* Says where the blocks that a kext has left were allocated, each place once. */
void kpi_memory_name(const struct kpi_kext *kext)
{
	unsigned long seen[8], flags;
	struct block *block;
	unsigned int n = 0;
	int i, s;

	spin_lock_irqsave(&blocks_lock, flags);
	hash_for_each(blocks, i, block, node) {
		if (block->kext != kext)
			continue;
		for (s = 0; s < n && seen[s] != block->caller; s++)
			;
		if (s < n || n == ARRAY_SIZE(seen))
			continue;
		seen[n++] = block->caller;
		pr_warn("netkpi: %s left %zu bytes behind, allocated at %pS\n",
			kpi_kext_name(kext), block->size, (void *)block->caller);
	}
	spin_unlock_irqrestore(&blocks_lock, flags);
}

/* Nobody can free what kexts left behind: forget it, and let it be found as a leak. */
void kpi_memory_exit(void)
{
	struct hlist_node *next;
	struct block *block;
	int i;

	hash_for_each_safe(blocks, i, next, block, node) {
		hash_del(&block->node);
		kfree(block);
	}
}
