// SPDX-License-Identifier: GPL-2.0
/*
 * Zones: a size with a name. Elements are blocks like any other; with
 * check_memory one that is freed to another zone is noticed.
 */

#include <linux/atomic.h>
#include <linux/string.h>

#include <kpi/memory.h>

#include "../kpi_priv.h"
#include "block.h"

struct bsd_zone {
	size_t elem_size;
	bool clear;			/* elements when they are freed */
	atomic_long_t elements;
};

static struct kpi_block_owner zone_owner(unsigned long caller, zone_t zone)
{
	return (struct kpi_block_owner){ .caller = caller, .tag = zone };
}

/**
 * kpi_zone_create() - make a zone
 * @name:  of the zone, for people; not kept
 * @size:  of its elements, in bytes
 * @flags: ZC_ZFREE_CLEARMEM: an element is cleared when it is freed; the others
 *	   make no difference
 *
 * macOS difference: NULL without memory, or if @size is 0; macOS panics.
 *
 * Context: Process context; may sleep.
 * Return: the zone, or NULL; the caller frees it with kpi_zdestroy().
 */
zone_t kpi_zone_create(const char *name, size_t size, u_int32_t flags)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };
	zone_t zone;

	kpi_might_sleep();
	if (!size)
		return NULL;
	zone = kpi_block_alloc(sizeof(*zone), GFP_KERNEL | __GFP_ZERO, owner);
	if (!zone)
		return NULL;
	zone->elem_size = size;
	zone->clear = flags & ZC_ZFREE_CLEARMEM;
	return zone;
}
KPI_EXPORT(kpi_zone_create);

/**
 * kpi_zdestroy() - free a zone
 * @zone: the zone, without elements, or NULL
 *
 * macOS difference: a zone that has elements is reported and stays; macOS panics.
 *
 * Context: Any.
 */
void kpi_zdestroy(zone_t zone)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };

	if (zone && atomic_long_read(&zone->elements)) {
		kpi_misuse("destroys a zone that has elements");
		return;
	}
	kpi_block_free(zone, sizeof(*zone), owner);
}
KPI_EXPORT(kpi_zdestroy);

static void *zone_alloc(zone_t zone, unsigned int flags, unsigned long caller)
{
	bool may_wait;
	gfp_t gfp = kpi_block_gfp(flags, &may_wait);
	void *elem;

	if (!zone) {
		kpi_misuse_from(caller, "takes an element of no zone");
		return NULL;
	}
	if (!may_wait)
		kpi_misuse_from(caller, "waits for memory with a spin lock held");
	elem = kpi_block_alloc(zone->elem_size, gfp, zone_owner(caller, zone));
	if (elem)
		atomic_long_inc(&zone->elements);
	return elem;
}

/**
 * kpi_zalloc() - take an element of a zone
 * @zone: the zone
 *
 * macOS difference: NULL when there is no memory; macOS waits.
 *
 * Context: Process context; may sleep.
 * Return: the element, or NULL; the caller frees it with kpi_zfree().
 */
void *kpi_zalloc(zone_t zone)
{
	return zone_alloc(zone, Z_WAITOK, _RET_IP_);
}
KPI_EXPORT(kpi_zalloc);

/**
 * kpi_zalloc_flags() - take an element of a zone
 * @zone:  the zone
 * @flags: Z_WAITOK, or Z_NOWAIT; Z_ZERO
 *
 * macOS difference: NULL when there is no memory, also with Z_WAITOK and Z_NOFAIL.
 *
 * Context: Process context; any with Z_NOWAIT.
 * Return: the element, or NULL; the caller frees it with kpi_zfree().
 */
void *kpi_zalloc_flags(zone_t zone, unsigned int flags)
{
	return zone_alloc(zone, flags, _RET_IP_);
}
KPI_EXPORT(kpi_zalloc_flags);

/**
 * kpi_zfree() - give an element back to its zone
 * @zone: the zone
 * @elem: the element, or NULL
 *
 * macOS difference: the caller's pointer is not cleared.
 *
 * Context: Any.
 */
void kpi_zfree(zone_t zone, void *elem)
{
	zone_t home;

	if (!zone || !elem)
		return;
	if (zone->clear)
		memset(elem, 0, zone->elem_size);
	home = (zone_t)kpi_block_free(elem, zone->elem_size, zone_owner(_RET_IP_, zone));
	if (home)
		atomic_long_dec(&home->elements);
}
KPI_EXPORT(kpi_zfree);
