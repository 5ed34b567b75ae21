/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet is besides its bytes, while filters have the bytes.
 *
 * The carrier is an sk_buff without data that keeps what an mbuf has no word for:
 * route, conntrack, hash, extensions, time stamps asked for, and whose memory it is
 * charged to. Bytes, checksums, priority, VLAN tag and link-layer type are the
 * chain's: filters may change those.
 */
#ifndef _KPI_FILTER_CARRIER_H
#define _KPI_FILTER_CARRIER_H

#include <linux/skbuff.h>

#include <kpi/mbuf.h>
#include <netkpi/skb.h>

/* Route and socket, which may be lent as long as the hook runs, wait with it; false if they are going. */
bool kpi_carrier_hold(struct sk_buff *skb);

/* Consumes the sk_buff; the carrier is NULL, and the chain, without memory. */
mbuf_t kpi_carrier_open(struct sk_buff *skb, enum kpi_direction direction, gfp_t gfp,
			struct sk_buff **carrier);

/* Consumes both, whatever happens; NULL if no sk_buff can be made of the chain. */
struct sk_buff *kpi_carrier_close(mbuf_t m, struct sk_buff *carrier, unsigned int network_offset,
				  gfp_t gfp);

/* Gives a new sk_buff what the carrier, which is to be freed next, is besides bytes. */
void kpi_carrier_give(struct sk_buff *skb, struct sk_buff *carrier);

#endif /* _KPI_FILTER_CARRIER_H */
