// SPDX-License-Identifier: GPL-2.0
/*
 * OSMalloc: memory with a tag that counts its blocks.
 *
 * A tag that is freed while blocks of it live goes with the last of them.
 */

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <kpi/memory.h>

#include "../kpi_priv.h"
#include "block.h"

#define TAG_NAME_SIZE	64

struct bsd_osmalloc_tag {
	struct list_head node;		/* W: tags_lock; in tags until the last reference goes */
	refcount_t refs;		/* one of OSMalloc_Tagalloc(), one per block */
	bool freed;			/* W: tags_lock; by OSMalloc_Tagfree() */
	bool pageable;
	struct kpi_kext *kext;
	struct rcu_head rcu;
	char name[TAG_NAME_SIZE];
};

static LIST_HEAD(tags);
static DEFINE_SPINLOCK(tags_lock);

/* A reference on a tag, or NULL if there is no such tag. There are few of them. */
static OSMallocTag tag_get(OSMallocTag wanted)
{
	OSMallocTag tag, found = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(tag, &tags, node) {
		if (tag != wanted)
			continue;
		if (refcount_inc_not_zero(&tag->refs))
			found = tag;
		break;
	}
	rcu_read_unlock();
	return found;
}

static void tag_put(OSMallocTag tag)
{
	unsigned long flags;

	if (!refcount_dec_and_test(&tag->refs))
		return;

	spin_lock_irqsave(&tags_lock, flags);
	list_del_rcu(&tag->node);
	spin_unlock_irqrestore(&tags_lock, flags);
	kpi_kext_charge(tag->kext, KPI_HELD_TAG, -1);
	kfree_rcu(tag, rcu);
}

/**
 * kpi_OSMalloc_Tagalloc() - make a tag for memory
 * @name:  its name; 63 characters are kept
 * @flags: OSMT_DEFAULT or OSMT_PAGEABLE
 *
 * macOS difference: no memory is pageable.
 *
 * Context: Process context; may sleep.
 * Return: the tag; the caller frees it with kpi_OSMalloc_Tagfree().
 */
OSMallocTag kpi_OSMalloc_Tagalloc(const char *name, u_int32_t flags)
{
	unsigned long irqflags;
	OSMallocTag tag;

	kpi_might_sleep();
	tag = kzalloc(sizeof(*tag), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&tag->refs, 1);
	tag->pageable = flags & OSMT_PAGEABLE;
	tag->kext = kpi_kext_caller();
	strscpy(tag->name, name ?: "", sizeof(tag->name));
	kpi_kext_charge(tag->kext, KPI_HELD_TAG, 1);

	spin_lock_irqsave(&tags_lock, irqflags);
	list_add_tail_rcu(&tag->node, &tags);
	spin_unlock_irqrestore(&tags_lock, irqflags);
	return tag;
}
KPI_EXPORT(kpi_OSMalloc_Tagalloc);

/**
 * kpi_OSMalloc_Tagfree() - free a tag
 * @tag: from kpi_OSMalloc_Tagalloc()
 *
 * Consumes the tag. With live blocks it is reported and goes with the last.
 *
 * macOS difference: freeing it twice is reported, not a panic.
 *
 * Context: Any.
 */
void kpi_OSMalloc_Tagfree(OSMallocTag tag)
{
	OSMallocTag held = tag_get(tag);
	unsigned long flags;
	bool freed;
	int live;

	if (!held) {
		kpi_misuse("frees a tag that does not exist");
		return;
	}

	spin_lock_irqsave(&tags_lock, flags);
	freed = held->freed;
	held->freed = true;
	spin_unlock_irqrestore(&tags_lock, flags);

	live = refcount_read(&held->refs) - 2;
	if (freed) {
		kpi_misuse("frees a tag twice");
	} else {
		if (live > 0) {
			pr_warn("netkpi: %s frees tag %s with %d live blocks\n",
				kpi_kext_name(held->kext), held->name, live);
			kpi_misuse("frees a tag with live blocks");
		}
		tag_put(held);
	}
	tag_put(held);
}
KPI_EXPORT(kpi_OSMalloc_Tagfree);

static void *tagged_alloc(u32 size, OSMallocTag tag, unsigned int flags, unsigned long caller)
{
	struct kpi_block_owner owner = { .caller = caller, .tag = tag };
	bool may_wait;
	gfp_t gfp = kpi_block_gfp(flags, &may_wait);
	void *addr;

	if (!tag_get(tag)) {
		kpi_misuse_from(caller, "allocates with a tag that does not exist");
		return NULL;
	}
	if (!may_wait)
		kpi_misuse_from(caller, "waits for memory with a spin lock held");

	addr = kpi_block_alloc(size, gfp, owner);
	if (!addr)
		tag_put(tag);
	return addr;
}

/**
 * kpi_OSMalloc() - allocate memory under a tag
 * @size: in bytes
 * @tag:  the tag
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the memory, or NULL; the caller frees it with kpi_OSFree().
 */
void *kpi_OSMalloc(u_int32_t size, OSMallocTag tag)
{
	return tagged_alloc(size, tag, M_WAITOK, _RET_IP_);
}
KPI_EXPORT(kpi_OSMalloc);

/**
 * kpi_OSMalloc_nowait() - allocate memory under a tag without sleeping
 * @size: in bytes
 * @tag:  the tag
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the memory, or NULL; the caller frees it with kpi_OSFree().
 */
void *kpi_OSMalloc_nowait(u_int32_t size, OSMallocTag tag)
{
	return tagged_alloc(size, tag, M_NOWAIT, _RET_IP_);
}
KPI_EXPORT(kpi_OSMalloc_nowait);

/**
 * kpi_OSMalloc_noblock() - allocate memory under a tag without blocking
 * @size: in bytes
 * @tag:  the tag; a pageable one gives NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the memory, or NULL; the caller frees it with kpi_OSFree().
 */
void *kpi_OSMalloc_noblock(u_int32_t size, OSMallocTag tag)
{
	OSMallocTag held = tag_get(tag);
	bool pageable = held && held->pageable;

	if (held)
		tag_put(held);
	if (pageable)
		return NULL;
	return tagged_alloc(size, tag, M_NOWAIT, _RET_IP_);
}
KPI_EXPORT(kpi_OSMalloc_noblock);

/**
 * kpi_OSFree() - free memory of a tag
 * @addr: the memory, or NULL
 * @size: as it was allocated
 * @tag:  as it was allocated
 *
 * macOS difference: a wrong size or tag is reported with check_memory.
 *
 * Context: Any.
 */
void kpi_OSFree(void *addr, u_int32_t size, OSMallocTag tag)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_, .tag = tag };
	OSMallocTag used;

	if (!addr)
		return;

	used = (OSMallocTag)kpi_block_free(addr, size, owner);
	if (used && tag_get(used)) {
		tag_put(used);		/* ours */
		tag_put(used);		/* the block's */
	} else if (used) {
		kpi_misuse("frees memory with a tag that does not exist");
	}
}
KPI_EXPORT(kpi_OSFree);
