/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between mbuf chains and sk_buffs. Linux world only.
 *
 * Out, a chain becomes one sk_buff: page-backed pieces become fragments, with
 * neighbours in memory merged, the others are copied. In, a sk_buff becomes a
 * chain: its linear part, its fragments and those of its frag_list are looked
 * at where they are; only memory that may belong to somebody else is copied.
 */
#ifndef _NETKPI_SKB_H
#define _NETKPI_SKB_H

#include <linux/types.h>
#include <linux/gfp_types.h>

#include <kpi/types.h>

struct sk_buff;

/* Which way a packet goes decides what its checksum fields say. */
enum kpi_direction {
	KPI_INBOUND,	/* received: which checksums are known to be good */
	KPI_OUTBOUND	/* to be sent: which checksums are still to be filled in */
};

struct sk_buff *kpi_mbuf_to_skb(mbuf_t m, unsigned int network_offset, gfp_t gfp);
mbuf_t kpi_mbuf_from_skb(struct sk_buff *skb, enum kpi_direction direction, gfp_t gfp);

#endif /* _NETKPI_SKB_H */
