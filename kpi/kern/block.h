/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for a kext. The block is charged to the caller and, with
 * check_memory, remembered together with its size and tag.
 */
#ifndef _KPI_KERN_BLOCK_H
#define _KPI_KERN_BLOCK_H

#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/types.h>

#define KPI_ANY_SIZE	SIZE_MAX

struct kpi_block_owner {
	unsigned long caller;
	const void *tag;		/* an OSMallocTag, or NULL */
};

void *kpi_block_alloc(size_t size, gfp_t gfp, struct kpi_block_owner owner);
void *kpi_block_alloc_aligned(size_t size, size_t alignment, gfp_t gfp,
			      struct kpi_block_owner owner);
const void *kpi_block_free(void *addr, size_t size, struct kpi_block_owner owner);
gfp_t kpi_block_gfp(unsigned int flags, bool *asleep);
void kpi_memory_exit(void);

#endif /* _KPI_KERN_BLOCK_H */
