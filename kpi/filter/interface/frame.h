/* SPDX-License-Identifier: GPL-2.0 */
/* Frames that come from a device's hooks. */
#ifndef _KPI_FILTER_IFLT_FRAME_H
#define _KPI_FILTER_IFLT_FRAME_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>

#include "point.h"

/* hook.c */
void kpi_iflt_receive(struct sk_buff *skb, bool hooked);
bool kpi_iflt_has_tag(const struct sk_buff *skb, enum kpi_iflt_way way);

/* A frame of a VLAN; priority tags are none. */
static inline bool kpi_iflt_is_tagged(const struct sk_buff *skb, enum kpi_iflt_way way)
{
	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	return unlikely(eth_type_vlan(skb->protocol)) && kpi_iflt_has_tag(skb, way);
}

/* Bytes of link header in front of the data of a frame that came in. */
static inline unsigned int kpi_iflt_link_len(const struct sk_buff *skb)
{
	int len = skb_mac_header_was_set(skb) ? skb->data - skb_mac_header(skb) : 0;

	return len > 0 && len <= MAX_HEADER ? len : 0;
}

/*
 * frame.c: one frame between its hook and what comes behind; netfilter's verdict on the
 * sk_buff. NF_ACCEPT: filters left it as it was, and it goes on. NF_DROP: they refused
 * it. Both times it stays the caller's, who can leave the rest to kpi_iflt_frame_end().
 * NF_STOLEN: it is gone, and another one may have gone on.
 */
unsigned int kpi_iflt_frame_in(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp);
unsigned int kpi_iflt_frame_out(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp);
void kpi_iflt_frame_end(struct kpi_iflt_point *point, enum kpi_iflt_way way, struct sk_buff *skb,
			unsigned int verdict);
void kpi_iflt_frame_injected(struct kpi_iflt_point *point, mbuf_t m, char *header);

#endif /* _KPI_FILTER_IFLT_FRAME_H */
