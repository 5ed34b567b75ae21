/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of the kernel for kexts.
 *
 * Every block is charged to the kext that asked for it and named when the kext
 * leaves it behind. With the parameter check_memory of the layer (on by
 * default in debug kernels) each block is also remembered, and freeing it with
 * another size or tag, or twice, is reported and does no harm.
 */
#ifndef _KPI_MEMORY_H
#define _KPI_MEMORY_H

#include <kpi/types.h>

#define M_WAITOK	0x0000
#define M_NOWAIT	0x0001
#define M_ZERO		0x0004
#define M_NULL		0x0008

#define M_SONAME	11

#define OSMT_DEFAULT	0x00
#define OSMT_PAGEABLE	0x01

#define Z_WAITOK	0x0000
#define Z_NOWAIT	0x0001
#define Z_NOPAGEWAIT	0x0002
#define Z_ZERO		0x0004
#define Z_WAITOK_ZERO	(Z_WAITOK | Z_ZERO)
#define Z_NOFAIL	0x8000

/* What a zone is made with; none makes a difference here. */
#define ZC_NONE		0x00000000
#define ZC_NOENCRYPT	0x00000000
#define ZC_ZFREE_CLEARMEM	0x00000001
#define ZC_CACHING	0x00000002
#define ZC_DESTRUCTIBLE	0x00000004

typedef struct bsd_osmalloc_tag *OSMallocTag;
typedef struct bsd_zone *zone_t;

void *kpi__MALLOC(size_t size, int type, int flags);
void kpi__FREE(void *addr, int type);
void *kpi__MALLOC_ZONE(size_t size, int type, int flags);
void kpi__FREE_ZONE(void *elem, size_t size, int type);

OSMallocTag kpi_OSMalloc_Tagalloc(const char *name, u_int32_t flags);
void kpi_OSMalloc_Tagfree(OSMallocTag tag);
void *kpi_OSMalloc(u_int32_t size, OSMallocTag tag);
void *kpi_OSMalloc_nowait(u_int32_t size, OSMallocTag tag);
void *kpi_OSMalloc_noblock(u_int32_t size, OSMallocTag tag);
void kpi_OSFree(void *addr, u_int32_t size, OSMallocTag tag);

void *kpi_IOMalloc(unsigned long size);
void *kpi_IOMallocZero(unsigned long size);
void kpi_IOFree(void *addr, unsigned long size);
void *kpi_IOMallocAligned(unsigned long size, unsigned long alignment);
void kpi_IOFreeAligned(void *addr, unsigned long size);

void *kpi_kalloc(size_t size, unsigned int flags);
void kpi_kfree(void *addr, size_t size);
void kpi_kfree_addr(void *addr);

zone_t kpi_zone_create(const char *name, size_t size, u_int32_t flags);
void kpi_zdestroy(zone_t zone);
void *kpi_zalloc(zone_t zone);
void *kpi_zalloc_flags(zone_t zone, unsigned int flags);
void kpi_zfree(zone_t zone, void *elem);

void *kpi_kern_os_malloc(size_t size);
void *kpi_kern_os_realloc(void *addr, size_t size);
void kpi_kern_os_free(void *addr);

void *kpi_hashinit(int count, int type, unsigned long *mask);
void kpi_hashdestroy(void *table, int type, unsigned long mask);

#endif /* _KPI_MEMORY_H */
