// SPDX-License-Identifier: GPL-2.0
/* Free mbufs, clusters and views in KASAN's shadow; built for kernels with KASAN only. */

#include <linux/kasan.h>

#include "mbuf_priv.h"
#include "poison.h"

/* "slab-use-after-free"; mm/kasan/kasan.h has it for itself. */
#define SHADOW_FREED	0xfb
#define GRANULE		(1UL << KASAN_SHADOW_SCALE_SHIFT)

/*
 * Of whole granules; all that is kept is a multiple of them. The shadow has no
 * shadow, so this is not checked itself. Volatile: no memset() instead, which is.
 */
static noinline __no_sanitize_address void shadow_fill(const void *addr, size_t size, u8 value)
{
	volatile u8 *shadow = kasan_mem_to_shadow(addr);
	size_t i;

	for (i = 0; i < size / GRANULE; i++)
		shadow[i] = value;
}

void kpi_poison(const void *addr, size_t size)
{
	shadow_fill(addr, size, SHADOW_FREED);
}

void kpi_unpoison(const void *addr, size_t size)
{
	shadow_fill(addr, size, 0);
}

/* For tests: whether all of it is. */
noinline __no_sanitize_address bool kpi_is_poisoned(const void *addr, size_t size)
{
	volatile u8 *shadow = kasan_mem_to_shadow(addr);
	size_t i;

	for (i = 0; i < size / GRANULE; i++)
		if (shadow[i] < 0x80)
			return false;
	return true;
}
KPI_EXPORT(kpi_is_poisoned);

static size_t head_bytes(const struct sk_buff *skb)
{
	return skb_end_offset(skb) + SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

void kpi_mbuf_poison(mbuf_t m)
{
	kpi_poison(m->skb.head, head_bytes(&m->skb));
	kpi_poison(m, sizeof(*m));
}

void kpi_mbuf_unpoison(mbuf_t m)
{
	kpi_unpoison(m, sizeof(*m));
	kpi_unpoison(m->skb.head, head_bytes(&m->skb));
}
