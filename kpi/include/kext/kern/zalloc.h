/* SPDX-License-Identifier: GPL-2.0 */
/* A zone is a size: its elements come from where all memory comes from. */
#ifndef _KERN_ZALLOC_H
#define _KERN_ZALLOC_H

#include <kpi/memory.h>
#include <kern/kalloc.h>

typedef u_int32_t zone_create_flags_t;

#define ZONE_NULL		((zone_t)0)

#define zone_create		kpi_zone_create
#define zalloc			kpi_zalloc
#define zalloc_flags		kpi_zalloc_flags
#define zalloc_noblock(zone)	kpi_zalloc_flags(zone, Z_NOWAIT)
#define zfree			kpi_zfree
#define zdestroy		kpi_zdestroy

/* the older way: no limit is kept, and nothing is allocated ahead */
#define zinit(size, max, ahead, name)	kpi_zone_create(name, size, ZC_NONE)

#endif /* _KERN_ZALLOC_H */
