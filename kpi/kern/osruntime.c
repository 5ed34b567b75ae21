// SPDX-License-Identifier: GPL-2.0
/* kern_os_malloc() and its family: the size of a block stands in front of it. */

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <kpi/memory.h>

#include "../kpi_priv.h"
#include "block.h"

struct sized {
	size_t size;
	u8 bytes[] __aligned(16);
};

static struct sized *sized_of(void *addr)
{
	return container_of(addr, struct sized, bytes[0]);
}

static void *sized_alloc(size_t size, struct kpi_block_owner owner)
{
	struct sized *block;
	bool may_wait;
	gfp_t gfp = kpi_block_gfp(M_ZERO, &may_wait);

	if (!may_wait)
		kpi_misuse_from(owner.caller, "waits for memory with a spin lock held");
	if (!size || size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = kpi_block_alloc(sizeof(*block) + size, gfp, owner);
	if (!block)
		return NULL;
	block->size = size;
	return block->bytes;
}

static void sized_free(void *addr, struct kpi_block_owner owner)
{
	if (addr)
		kpi_block_free(sized_of(addr), KPI_ANY_SIZE, owner);
}

/**
 * kpi_kern_os_malloc() - allocate zeroed memory
 * @size: in bytes; 0 gives NULL
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the memory, or NULL; the caller frees it with kpi_kern_os_free().
 */
void *kpi_kern_os_malloc(size_t size)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };

	return sized_alloc(size, owner);
}
KPI_EXPORT(kpi_kern_os_malloc);

/**
 * kpi_kern_os_realloc() - give a block another size
 * @addr: from kpi_kern_os_malloc(), or NULL: a new block; consumed on success
 * @size: in bytes; 0 frees the block
 *
 * What is new of a larger block is zero.
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the block, at another place; NULL if there is no memory, or @size is 0.
 */
void *kpi_kern_os_realloc(void *addr, size_t size)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };
	void *fresh = sized_alloc(size, owner);

	if (fresh && addr)
		memcpy(fresh, addr, min(size, sized_of(addr)->size));
	if (fresh || !size)
		sized_free(addr, owner);
	return fresh;
}
KPI_EXPORT(kpi_kern_os_realloc);

/**
 * kpi_kern_os_free() - free memory from kpi_kern_os_malloc()
 * @addr: the memory, or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_kern_os_free(void *addr)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };

	sized_free(addr, owner);
}
KPI_EXPORT(kpi_kern_os_free);
