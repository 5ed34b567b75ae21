/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet is besides its bytes, while filters have the bytes.
 *
 * The carrier is the sk_buff that came. It keeps what an mbuf has no word for: route,
 * conntrack, hash, extensions, time stamps asked for, and whose memory it is charged
 * to. Bytes, checksums, priority, VLAN tag and link-layer type are the chain's: filters
 * may change those. If they did not, the carrier goes on as it came.
 */
#ifndef _KPI_FILTER_CARRIER_H
#define _KPI_FILTER_CARRIER_H

#include <linux/skbuff.h>

#include <net/sock.h>

#include <kpi/mbuf.h>
#include <netkpi/skb.h>

#include "../mbuf/header.h"

/* A socket that was found for the packet may be there only as long as the hook is. */
bool kpi_carrier_hold_found(struct sk_buff *skb);

/* Route and socket, which may be lent as long as the hook runs, wait with it; false if they are going. */
static inline bool kpi_carrier_hold(struct sk_buff *skb)
{
	return (!skb_dst(skb) || skb_dst_force(skb)) &&
	       (!skb_sk_is_prefetched(skb) || kpi_carrier_hold_found(skb));
}

/* Consumes both, whatever happens; NULL if no sk_buff can be made of the chain. */
struct sk_buff *kpi_carrier_close(mbuf_t m, struct sk_buff *carrier, unsigned int network_offset,
				  gfp_t gfp);

/* Gives a new sk_buff what the carrier, which is to be freed next, is besides bytes. */
void kpi_carrier_give(struct sk_buff *skb, struct sk_buff *carrier);

/*
 * Charges an sk_buff that nobody owns to the socket that another one is charged to, if
 * any; and takes that back, without a word to the socket, while the other one still is.
 */
void kpi_carrier_charge(struct sk_buff *skb, const struct sk_buff *as);
void kpi_carrier_discharge(struct sk_buff *skb);

/* What a packet's header says that the sk_buff would have to hear of. */
struct kpi_said {
	u64 timestamp;
	u32 csum_flags;
	u32 csum_data;
	u32 svc;
	u32 packet_flags;
	u16 vlan_tag;
	u16 seg_size;
	u16 link_flags;
	u8 tx_wanted;
};

/* What kind of address the link layer had. */
#define KPI_LINK_FLAGS	(MBUF_BCAST | MBUF_MCAST | MBUF_LOOP | MBUF_PROMISC)

static inline void kpi_said_note(struct kpi_said *said, mbuf_t m)
{
	const struct kpi_pkthdr *hdr = kpi_hdr(m);

	*said = (struct kpi_said) {
		.timestamp = hdr->moved.timestamp,
		.csum_flags = hdr->csum_flags,
		.csum_data = hdr->csum_data,
		.svc = hdr->moved.svc,
		.packet_flags = hdr->moved.flags,
		.vlan_tag = hdr->vlan_tag,
		.seg_size = hdr->moved.seg_size,
		.link_flags = kpi_mcb(m)->flags & KPI_LINK_FLAGS,
		.tx_wanted = hdr->moved.tx_wanted,
	};
}

/*
 * Whether a chain that was made over an sk_buff, and said @said, still says all that
 * the sk_buff says. Bytes that lie in it may have been written to there.
 */
bool kpi_is_untouched(mbuf_t m, struct sk_buff *skb, const struct kpi_said *said);

#endif /* _KPI_FILTER_CARRIER_H */
