// SPDX-License-Identifier: GPL-2.0
/* MALLOC, IOMalloc, kalloc and hash tables. */

#include <linux/bug.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kpi/memory.h>

#include "block.h"
#include "kern_priv.h"

/* Up to here an allocation that may wait never fails. */
#define NEVER_FAILS	(PAGE_SIZE << PAGE_ALLOC_COSTLY_ORDER)

/* The names of sockets are allocated on one side and freed on the other. */
static struct kpi_block_owner malloc_owner(unsigned long caller, int type)
{
	return (struct kpi_block_owner){ .caller = type == M_SONAME ? 0 : caller };
}

/* Where macOS panics, too; static, so that objtool sees that it does not return. */
static void __noreturn give_up(unsigned long caller, const char *what, long n)
{
	const char *name = kpi_kext_name(kpi_kext_at(caller));

	if (!kpi_panic_is_bug)
		panic("kext panic: %s: %s: %ld", name, what, n);
	pr_emerg("kext panic: %s: %s: %ld\n", name, what, n);
	BUG();
}

static void *checked_alloc(size_t size, unsigned int flags, gfp_t more,
			   struct kpi_block_owner owner)
{
	bool may_wait;
	gfp_t gfp = kpi_block_gfp(flags, &may_wait);

	if (!may_wait)
		kpi_misuse_from(owner.caller, "waits for memory with a spin lock held");
	if (gfpflags_allow_blocking(gfp))
		gfp |= more;
	return kpi_block_alloc(size, gfp, owner);
}

static void *must_alloc(size_t size, unsigned int flags, struct kpi_block_owner owner)
{
	bool may_fail = flags & (M_NOWAIT | M_NULL);
	gfp_t more = !may_fail && size <= NEVER_FAILS ? __GFP_NOFAIL : 0;
	void *addr = checked_alloc(size, flags, more, owner);

	if (!addr && size && !may_fail)
		give_up(owner.caller, "no memory for this many bytes", size);
	return addr;
}

/**
 * kpi__MALLOC() - allocate memory
 * @size:  in bytes; 0 gives NULL
 * @type:  what for; only M_SONAME makes a difference: it is not charged
 * @flags: M_WAITOK, or M_NOWAIT; M_ZERO; M_NULL: NULL instead of a panic
 *
 * macOS difference: none.
 *
 * Context: Process context; any with M_NOWAIT.
 * Return: the memory; the caller frees it with kpi__FREE(). NULL if there is
 * none and @flags allow for it, else a panic.
 */
void *kpi__MALLOC(size_t size, int type, int flags)
{
	return must_alloc(size, flags, malloc_owner(_RET_IP_, type));
}
KPI_EXPORT(kpi__MALLOC);

/**
 * kpi__FREE() - free memory from kpi__MALLOC()
 * @addr: the memory, or NULL
 * @type: as it was allocated
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi__FREE(void *addr, int type)
{
	kpi_block_free(addr, KPI_ANY_SIZE, malloc_owner(_RET_IP_, type));
}
KPI_EXPORT(kpi__FREE);

/**
 * kpi__MALLOC_ZONE() - allocate an element of a zone
 * @size:  in bytes; 0 gives NULL
 * @type:  what for; only M_SONAME makes a difference: it is not charged
 * @flags: as for kpi__MALLOC()
 *
 * macOS difference: there are no zones.
 *
 * Context: Process context; any with M_NOWAIT.
 * Return: as kpi__MALLOC(); the caller frees it with kpi__FREE_ZONE().
 */
void *kpi__MALLOC_ZONE(size_t size, int type, int flags)
{
	return must_alloc(size, flags, malloc_owner(_RET_IP_, type));
}
KPI_EXPORT(kpi__MALLOC_ZONE);

/**
 * kpi__FREE_ZONE() - free an element of a zone
 * @elem: the element, or NULL
 * @size: as it was allocated
 * @type: as it was allocated
 *
 * macOS difference: there are no zones.
 *
 * Context: Any.
 */
void kpi__FREE_ZONE(void *elem, size_t size, int type)
{
	kpi_block_free(elem, size, malloc_owner(_RET_IP_, type));
}
KPI_EXPORT(kpi__FREE_ZONE);

/**
 * kpi_IOMalloc() - allocate memory
 * @size: in bytes
 *
 * macOS difference: NULL when there is no memory; macOS waits for small sizes.
 *
 * Context: Process context; may sleep.
 * Return: the memory, or NULL; the caller frees it with kpi_IOFree().
 */
void *kpi_IOMalloc(unsigned long size)
{
	return checked_alloc(size, M_WAITOK, 0, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_IOMalloc);

/**
 * kpi_IOMallocZero() - allocate zeroed memory
 * @size: in bytes
 *
 * macOS difference: as kpi_IOMalloc().
 *
 * Context: Process context; may sleep.
 * Return: the memory, or NULL; the caller frees it with kpi_IOFree().
 */
void *kpi_IOMallocZero(unsigned long size)
{
	return checked_alloc(size, M_ZERO, 0, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_IOMallocZero);

/**
 * kpi_IOFree() - free memory from kpi_IOMalloc()
 * @addr: the memory, or NULL
 * @size: as it was allocated
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOFree(void *addr, unsigned long size)
{
	kpi_block_free(addr, size, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_IOFree);

/**
 * kpi_IOMallocAligned() - allocate aligned memory
 * @size:      in bytes
 * @alignment: a power of two
 *
 * macOS difference: alignments above the page size need contiguous memory.
 *
 * Context: Process context; may sleep.
 * Return: the memory, or NULL; the caller frees it with kpi_IOFreeAligned().
 */
void *kpi_IOMallocAligned(unsigned long size, unsigned long alignment)
{
	struct kpi_block_owner owner = malloc_owner(_RET_IP_, 0);
	bool may_wait;
	gfp_t gfp = kpi_block_gfp(M_WAITOK, &may_wait);

	if (!may_wait)
		kpi_misuse("waits for memory with a spin lock held");
	return kpi_block_alloc_aligned(size, alignment, gfp, owner);
}
KPI_EXPORT(kpi_IOMallocAligned);

/**
 * kpi_IOFreeAligned() - free memory from kpi_IOMallocAligned()
 * @addr: the memory, or NULL
 * @size: as it was allocated
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOFreeAligned(void *addr, unsigned long size)
{
	kpi_block_free(addr, size, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_IOFreeAligned);

/**
 * kpi_kalloc() - allocate memory for the kalloc family
 * @size:  in bytes; 0 gives NULL
 * @flags: Z_WAITOK, or Z_NOWAIT; Z_ZERO; Z_NOFAIL: a panic instead of NULL
 *
 * macOS difference: none.
 *
 * Context: Process context; any with Z_NOWAIT.
 * Return: the memory, or NULL; the caller frees it with kpi_kfree().
 */
void *kpi_kalloc(size_t size, unsigned int flags)
{
	struct kpi_block_owner owner = malloc_owner(_RET_IP_, 0);

	if (flags & Z_NOFAIL)
		return must_alloc(size, flags & (Z_NOWAIT | Z_ZERO), owner);
	return checked_alloc(size, flags, 0, owner);
}
KPI_EXPORT(kpi_kalloc);

/**
 * kpi_kfree() - free memory from kpi_kalloc()
 * @addr: the memory, or NULL
 * @size: as it was allocated
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_kfree(void *addr, size_t size)
{
	kpi_block_free(addr, size, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_kfree);

/**
 * kpi_kfree_addr() - free memory from kpi_kalloc() whose size nobody knows
 * @addr: the memory, or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_kfree_addr(void *addr)
{
	kpi_block_free(addr, KPI_ANY_SIZE, malloc_owner(_RET_IP_, 0));
}
KPI_EXPORT(kpi_kfree_addr);

/**
 * kpi_hashinit() - make a hash table of LIST heads
 * @count: how many heads at most
 * @type:  not used
 * @mask:  out: number of heads - 1; the number is a power of two
 *
 * macOS difference: none; @count <= 0 panics.
 *
 * Context: Process context; may sleep.
 * Return: the table, all lists empty; the caller frees it with
 * kpi_hashdestroy(). NULL without memory.
 */
void *kpi_hashinit(int count, int type, unsigned long *mask)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };
	size_t heads;
	void *table;

	if (count <= 0)
		give_up(_RET_IP_, "hashinit for this many elements", count);

	heads = rounddown_pow_of_two(count);
	table = checked_alloc(heads * sizeof(void *), M_ZERO, 0, owner);
	if (table)
		*mask = heads - 1;
	return table;
}
KPI_EXPORT(kpi_hashinit);

/**
 * kpi_hashdestroy() - free a hash table
 * @table: from kpi_hashinit(), with all lists empty, or NULL
 * @type:  not used
 * @mask:  as kpi_hashinit() gave it
 *
 * macOS difference: lists that are not empty are reported, not a panic.
 *
 * Context: Any.
 */
void kpi_hashdestroy(void *table, int type, unsigned long mask)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };
	size_t size = (mask + 1) * sizeof(void *);

	if (table && memchr_inv(table, 0, size))
		kpi_misuse("frees a hash table that is not empty");
	kpi_block_free(table, size, owner);
}
KPI_EXPORT(kpi_hashdestroy);
