// SPDX-License-Identifier: GPL-2.0
/* One frame, in the thread or the hook: shown to the filters, and given back behind the hook. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../../compat/netfilter.h"
#include "../../interface/frame.h"
#include "../../interface/interface_priv.h"
#include "../../mbuf/chain.h"
#include "../../mbuf/header.h"
#include "../../mbuf/storage.h"
#include "../carrier.h"
#include "frame.h"
#include "packet.h"
#include "walk.h"

/* So many bytes behind the link header are in one piece, if there are as many. */
#define CONTIGUOUS	80

/* A frame while filters have it. */
struct frame {
	struct kpi_iflt_point *point;
	protocol_family_t protocol;
	bool tagged;
	unsigned int link_len;
	u8 link[MAX_HEADER];		/* as it was */
	struct sk_buff *skb;		/* whose bytes the chain's are, while filters have it */
	u8 cb[sizeof_field(struct sk_buff, cb)];	/* its own: a view has its place */
	struct kpi_said said;
	bool anew;			/* it cannot go on as it came */
	gfp_t gfp;			/* may not sleep inside the hook */
	mbuf_t m;
};

/* Most are Ethernet's. */
static void link_copy(const struct frame *frame, void *to, const void *from)
{
	if (likely(frame->link_len == ETH_HLEN))
		memcpy(to, from, ETH_HLEN);
	else
		memcpy(to, from, frame->link_len);
}

static bool link_is_as_it_was(const struct frame *frame, const u8 *link)
{
	if (likely(frame->link_len == ETH_HLEN))
		return !memcmp(link, frame->link, ETH_HLEN);
	return !memcmp(link, frame->link, frame->link_len);
}

static bool make_contiguous(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, min(len, skb->len));
}

/* skb->data is the link header. False without memory: the sk_buff stays the caller's. */
static bool frame_open(struct frame *frame, struct kpi_iflt_point *point, struct sk_buff *skb,
		       enum kpi_direction direction, gfp_t gfp)
{
	frame->point = point;
	frame->gfp = gfp;
	frame->protocol = kpi_protocol_family(skb->protocol);
	frame->skb = skb;
	frame->anew = false;
	memcpy(frame->cb, skb->cb, sizeof(skb->cb));
	if (!make_contiguous(skb, frame->link_len + CONTIGUOUS))
		return false;
	link_copy(frame, frame->link, skb->data);
	frame->m = kpi_mbuf_over_skb(skb, direction, false, gfp);
	if (!frame->m)
		return false;
	kpi_hdr(frame->m)->linux_meta.hooked = true;
	return true;
}

static errno_t show(struct frame *frame, enum kpi_iflt_way way, char **header)
{
	bool direct = frame->gfp == GFP_ATOMIC;
	errno_t error;

	kpi_said_note(&frame->said, frame->m);
	if (direct)
		kpi_direct_begin();
	error = kpi_iflt_walk(frame->point, way, frame->protocol, frame->tagged, &frame->m, header);
	if (direct)
		kpi_direct_end();
	return error;
}

/* A filter ended it: its chain is gone, or the filter's; it may have kept a copy that lies there. */
static unsigned int frame_drop(struct frame *frame, errno_t error)
{
	if (error == KPI_EJUSTRETURN) {
		kpi_view_done(frame->skb);
		return NF_STOLEN;
	}
	if (skb_shared(frame->skb))
		kpi_skb_drop_references(frame->skb);
	return NF_DROP;
}

/* What goes on: the sk_buff that came, if filters left it and @link alone; or another one, or NULL. */
static struct sk_buff *frame_close(struct frame *frame, unsigned int network, const u8 *link)
{
	struct sk_buff *skb = frame->skb;

	if (!frame->anew && kpi_is_untouched(frame->m, skb, &frame->said) &&
	    link_is_as_it_was(frame, link))
		kpi_mbuf_off_skb(frame->m);
	else
		skb = kpi_carrier_close(frame->m, skb, network, frame->gfp);
	if (skb)
		memcpy(skb->cb, frame->cb, sizeof(skb->cb));
	return skb;
}

/* Behind the hook. Consumes the sk_buff. */
static void frame_on(struct kpi_iflt_point *point, enum kpi_iflt_way way, struct sk_buff *skb)
{
	local_bh_disable();
	rcu_read_lock();
	skb->dev = kpi_ifnet_dev(point->ifp);
	if (!skb->dev)
		kfree_skb(skb);
	else if (way == KPI_IFLT_IN)
		kpi_iflt_receive(skb, true);
	else
		kpi_iflt_transmit(skb, true);
	rcu_read_unlock();
	local_bh_enable();
}

void kpi_iflt_frame_end(struct kpi_iflt_point *point, enum kpi_iflt_way way, struct sk_buff *skb,
			unsigned int verdict)
{
	if (verdict == NF_ACCEPT)
		frame_on(point, way, skb);
	else if (verdict == NF_DROP)
		kfree_skb(skb);
}

/* The device is there until the caller lets go of RCU and bottom halves; or NULL, and the frame gone. */
static struct net_device *find_device(struct frame *frame, struct sk_buff *skb)
{
	struct net_device *dev = kpi_ifnet_dev(frame->point->ifp);

	if (!dev)
		kfree_skb(skb);
	else
		skb->dev = dev;
	return dev;
}

/* --- in --- */

/* The frame gets the header that filters left; a new one says anew what the frame is. */
static void put_link_header(struct frame *frame, struct sk_buff *skb, const u8 *link)
{
	memcpy(skb_push(skb, frame->link_len), link, frame->link_len);
	skb_reset_mac_header(skb);
	if (skb->dev->type != ARPHRD_ETHER || link_is_as_it_was(frame, link)) {
		__skb_pull(skb, frame->link_len);
		return;
	}
	skb->pkt_type = PACKET_HOST;
	skb->protocol = eth_type_trans(skb, skb->dev);
}

/* Captures, tc and our hook have seen it. */
static void pass_in(struct frame *frame, struct sk_buff *skb, const u8 *link)
{
	local_bh_disable();
	rcu_read_lock();
	if (find_device(frame, skb)) {
		put_link_header(frame, skb, link);
		skb_reset_network_header(skb);
		skb_reset_mac_len(skb);
		kpi_iflt_receive(skb, true);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/*
 * The header may be anywhere that a filter says. One that was in a chain that is no more
 * is what it was.
 */
static void fetch_link_header(const struct frame *frame, const char *header, bool stale, u8 *link)
{
	if (likely(!stale && header == (char *)frame->skb->data))	/* which waits */
		link_copy(frame, link, header);
	else if (stale || !header || copy_from_kernel_nofault(link, header, frame->link_len))
		link_copy(frame, link, frame->link);
}

unsigned int kpi_iflt_frame_in(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp)
{
	struct frame frame kpi_compat_uninitialized;	/* but what is set here and when it is opened */
	u8 link[MAX_HEADER] kpi_compat_uninitialized;
	char *header, *given;
	errno_t error;
	mbuf_t first;

	frame.link_len = kpi_iflt_link_len(skb);
	frame.tagged = kpi_iflt_is_tagged(skb, KPI_IFLT_IN);
	skb_push_rcsum(skb, frame.link_len);
	if (!frame_open(&frame, point, skb, KPI_INBOUND, gfp))
		return NF_DROP;
	header = given = kpi_mbuf_data(frame.m);
	first = frame.m;
	kpi_mbuf_adj(frame.m, frame.link_len);
	kpi_hdr(frame.m)->rcvif = point->ifp;
	kpi_hdr(frame.m)->header = header;

	error = show(&frame, KPI_IFLT_IN, &header);
	if (error)
		return frame_drop(&frame, error);
	frame.anew = header == given && frame.m != first;	/* it may have been spoiled where it is */
	fetch_link_header(&frame, header, frame.anew, link);
	__skb_pull(skb, frame.link_len);
	skb_postpull_rcsum(skb, frame.link, frame.link_len);
	skb = frame_close(&frame, 0, link);
	if (skb && skb != frame.skb)
		pass_in(&frame, skb, link);
	return skb == frame.skb ? NF_ACCEPT : NF_STOLEN;
}

/* A packet that a kext has come in: no sk_buff knows more of it. */
void kpi_iflt_frame_injected(struct kpi_iflt_point *point, mbuf_t m, char *header)
{
	bool hooked = kpi_hdr(m)->linux_meta.hooked;
	struct net_device *dev;
	struct sk_buff *skb;

	if (kpi_iflt_walk(point, KPI_IFLT_IN, kpi_frame_family(point->ifp, m, header), false,
			  &m, &header))
		return;
	local_bh_disable();
	rcu_read_lock();
	dev = kpi_ifnet_dev(point->ifp);
	skb = dev ? kpi_frame_received(m, header, dev) : NULL;
	if (!dev)
		kpi_mbuf_freem(m);
	if (skb)
		kpi_iflt_receive(skb, hooked);
	rcu_read_unlock();
	local_bh_enable();
}

/* --- out --- */

/* For frames that no hook of Linux shows. */
static errno_t walk(ifnet_t ifp, enum kpi_iflt_way way, protocol_family_t protocol, mbuf_t *m,
		    char **header)
{
	struct kpi_iflt_point *point = kpi_iflt_point_get(ifp);
	errno_t error;

	if (!point)
		return 0;
	error = kpi_iflt_walk(point, way, protocol, false, m, header);
	kpi_iflt_point_put(point);
	return error;
}

errno_t kpi_iflt_output(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m)
{
	return walk(ifp, KPI_IFLT_OUT, protocol, m, NULL);
}

errno_t kpi_iflt_walk_input(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m, char **header)
{
	return walk(ifp, KPI_IFLT_IN, protocol, m, header);
}

/* A filter may have made another kind of frame of it. */
static void set_protocol(struct frame *frame, struct sk_buff *skb)
{
	__be16 type;

	if (skb->dev->type != ARPHRD_ETHER || !pskb_may_pull(skb, ETH_HLEN) ||
	    !memcmp(skb->data, frame->link, ETH_HLEN))
		return;
	type = ((struct ethhdr *)skb->data)->h_proto;
	skb->protocol = eth_proto_is_802_3(type) ? type : htons(ETH_P_802_2);
}

/* Whether somebody was told that it is queued, who would be told again when the thread does that. */
static bool tells_queued(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->tx_flags & SKBTX_SCHED_TSTAMP;
}

/* Everybody's hooks have seen it; tc and the queue come. */
static void pass_out(struct frame *frame, struct sk_buff *skb)
{
	local_bh_disable();
	rcu_read_lock();
	if (find_device(frame, skb)) {
		skb_reset_mac_header(skb);
		set_protocol(frame, skb);
		skb_shinfo(skb)->tx_flags &= ~SKBTX_SCHED_TSTAMP;	/* told already */
		kpi_iflt_transmit(skb, true);
	}
	rcu_read_unlock();
	local_bh_enable();
}

unsigned int kpi_iflt_frame_out(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp)
{
	struct frame frame kpi_compat_uninitialized;	/* but what is set here and when it is opened */
	errno_t error;

	frame.link_len = clamp_t(int, skb_network_offset(skb), 0, min_t(int, skb->len, MAX_HEADER));
	frame.tagged = kpi_iflt_is_tagged(skb, KPI_IFLT_OUT);
	if (!frame_open(&frame, point, skb, KPI_OUTBOUND, gfp))
		return NF_DROP;
	frame.anew = gfp != GFP_ATOMIC && tells_queued(skb);
	error = show(&frame, KPI_IFLT_OUT, NULL);
	if (error)
		return frame_drop(&frame, error);
	skb = frame_close(&frame, frame.link_len, skb->data);
	if (skb && skb != frame.skb)
		pass_out(&frame, skb);
	return skb == frame.skb ? NF_ACCEPT : NF_STOLEN;
}
