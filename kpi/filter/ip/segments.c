// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that the network would cut into segments at its end, and filters see cut.
 *
 * Each segment is shown as a packet of its own, with its own carrier. But one that
 * came out as it went in waits for the others: if all of them do, they are given up
 * and the whole goes on as it came, which is one way through the stack instead of
 * forty. As soon as one is changed, refused, kept or sent on by a filter, the whole is
 * given up, those that have waited go on in order, and the rest go on one by one.
 *
 * Segments have the whole's pages, and their checksums are left to the device. Nothing
 * that a filter does to one may be done to those pages; so they are shown as lent.
 *
 * What is not plain TCP or UDP is cut for good before it is shown: see hook.c.
 */

#include <linux/err.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/ip.h>

#include "../../compat/netfilter.h"
#include "../carrier.h"
#include "hook.h"
#include "inject.h"
#include "packet.h"
#include "walk.h"

#define PLAIN	(SKB_GSO_TCPV4 | SKB_GSO_TCPV6 | SKB_GSO_TCP_ECN | SKB_GSO_TCP_FIXEDID | \
		 SKB_GSO_UDP_L4 | SKB_GSO_DODGY)

/* Filters see no packet that hardware would have to cut, unless it came in and IP can count it. */
bool kpi_ipf_is_cut(const struct sk_buff *skb, enum kpi_ipf_way way)
{
	return skb_is_gso(skb) && (way == KPI_IPF_OUT || skb->len > IP_MAX_MTU);
}

/* Whether what its segments say is all that it says. */
bool kpi_ipf_may_stay_whole(const struct sk_buff *skb)
{
	return !(skb_shinfo(skb)->gso_type & ~PLAIN) && !skb->encapsulation &&
	       !skb_has_frag_list(skb) && skb->ip_summed == CHECKSUM_PARTIAL;
}

/* A clone is cut, as that changes what is cut; an error or a list. */
static struct sk_buff *cut(struct sk_buff *whole)
{
	struct sk_buff *clone = skb_clone(whole, GFP_ATOMIC);
	struct sk_buff *segments;

	if (!clone)
		return NULL;
	segments = skb_gso_segment(clone, NETIF_F_SG | NETIF_F_HW_CSUM);
	consume_skb(clone);
	return segments;
}

/* Waits for the others, unless they have gone on already. */
static bool waits(struct kpi_ipf_packet *whole, struct kpi_ipf_packet *p)
{
	bool waiting;

	spin_lock_bh(&whole->seen.lock);
	waiting = !whole->apart;
	if (waiting)
		__skb_queue_tail(&whole->seen, p->skb);
	spin_unlock_bh(&whole->seen.lock);
	if (waiting)
		p->skb = NULL;
	return waiting;
}

/* From now on nobody waits; whether it was not so before. @seen: those that did. */
static bool end_waiting(struct kpi_ipf_packet *whole, struct sk_buff_head *seen)
{
	bool first;

	__skb_queue_head_init(seen);
	spin_lock_bh(&whole->seen.lock);
	first = !whole->apart;
	whole->apart = true;
	skb_queue_splice_init(&whole->seen, seen);
	spin_unlock_bh(&whole->seen.lock);
	return first;
}

/* Before one of them goes on by itself. */
void kpi_ipf_take_apart(struct kpi_ipf_packet *whole)
{
	struct sk_buff_head seen;
	struct sk_buff *skb;

	end_waiting(whole, &seen);
	while ((skb = __skb_dequeue(&seen)))
		kpi_ipf_resume(whole, skb);
}

/* All have been seen: true if none has gone on, and the whole is to. */
static bool stayed_whole(struct kpi_ipf_packet *whole)
{
	struct sk_buff_head seen;
	struct sk_buff *skb;
	bool stayed = end_waiting(whole, &seen);

	while ((skb = __skb_dequeue(&seen))) {
		kpi_carrier_discharge(skb);
		consume_skb(skb);
	}
	return stayed;
}

/* To the filters, and on if they changed it; true if it came out as it went in. */
static bool came_through(struct kpi_ipf_packet *p, struct kpi_ipf_queue *queue, gfp_t gfp)
{
	const struct sk_buff *skb = p->skb;

	if (kpi_ipf_open(p, gfp) || kpi_ipf_show(p, queue))
		return false;
	if (!kpi_ipf_packet_take(p)) {
		kpi_ipf_start(p, gfp);
		return false;
	}
	if (kpi_ipf_close(p, gfp))
		return false;
	if (p->skb == skb)
		return true;
	kpi_ipf_pass_on(p);
	return false;
}

/* Consumes the segment. */
static void show_segment(struct kpi_ipf_packet *whole, struct sk_buff *segment,
			 struct kpi_ipf_queue *queue)
{
	struct kpi_ipf_packet *p;

	kpi_carrier_charge(segment, whole->skb);
	p = kpi_ipf_packet_part(whole, segment);
	if (!p) {
		kfree_skb(segment);
		kpi_ipf_take_apart(whole);
		return;
	}
	if (!came_through(p, queue, queue ? GFP_NOIO : GFP_ATOMIC))
		kpi_ipf_take_apart(whole);
	else if (!waits(whole, p))
		kpi_ipf_pass_on(p);
	kpi_ipf_packet_put(p);
}

/*
 * Shows a packet cut, in the queue's thread or, without one, in the hook. NF_ACCEPT: it is
 * to go on whole; NF_STOLEN: it has gone on in segments; NF_DROP: there was no memory.
 */
unsigned int kpi_ipf_show_segments(struct kpi_ipf_packet *whole, struct kpi_ipf_queue *queue)
{
	struct sk_buff *segments = cut(whole->skb);
	struct sk_buff *segment, *next;

	if (IS_ERR_OR_NULL(segments))
		return NF_DROP;
	skb_queue_head_init(&whole->seen);
	whole->apart = false;
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		show_segment(whole, segment, queue);
	}
	if (stayed_whole(whole))
		return NF_ACCEPT;
	consume_skb(whole->skb);
	whole->skb = NULL;		/* a filter may keep a segment for long */
	return NF_STOLEN;
}
