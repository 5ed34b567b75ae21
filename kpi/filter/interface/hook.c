// SPDX-License-Identifier: GPL-2.0
/*
 * Where frames are taken: the last of netfilter's hooks on the device, behind
 * captures and tc on the way in, before tc and the queue on the way out.
 */

#include <linux/if_vlan.h>
#include <linux/netfilter_netdev.h>
#include <linux/rcupdate.h>

#include "../../compat/netfilter.h"
#include "../../interface/frame.h"
#include "frame.h"
#include "packet.h"
#include "walk.h"

/* In the frame itself. */
bool kpi_iflt_has_tag(const struct sk_buff *skb, enum kpi_iflt_way way)
{
	const __be16 *tci;
	__be16 buf;

	tci = skb_header_pointer(skb, way == KPI_IFLT_OUT ? ETH_HLEN : 0, sizeof(buf), &buf);
	return !tci || ntohs(*tci) & VLAN_VID_MASK;
}

/* NF_DROP, which the sender hears of, without room or if a filter refuses it. */
static unsigned int take(struct kpi_iflt_queue *queue, struct sk_buff *skb,
			 enum kpi_iflt_mode mode)
{
	if (mode == KPI_IFLT_THREAD)
		return kpi_iflt_queue_add(queue, skb) ? NF_STOLEN : NF_DROP;
	if (queue->way == KPI_IFLT_IN)
		return kpi_iflt_frame_in(queue->point, skb, GFP_ATOMIC);
	return kpi_iflt_frame_out(queue->point, skb, GFP_ATOMIC);
}

/* Each frame by itself, as it was when the hook saw them all. Whether one was not dropped. */
static bool take_each(struct kpi_iflt_queue *queue, struct sk_buff *segments, unsigned int link,
		      enum kpi_iflt_mode mode)
{
	struct sk_buff *segment, *next;
	bool some = false;

	skb_list_walk_safe(segments, segment, next) {
		unsigned int verdict;

		skb_mark_not_on_list(segment);
		__skb_pull(segment, link);
		verdict = take(queue, segment, mode);
		kpi_iflt_frame_end(queue->point, queue->way, segment, verdict);
		some |= verdict != NF_DROP;
	}
	return some;
}

/* Several frames that travel as one. The sender hears of it if all are dropped: it sends all again. */
static unsigned int take_segments(struct kpi_iflt_queue *queue, struct sk_buff *skb,
				  enum kpi_iflt_mode mode)
{
	unsigned int link = kpi_iflt_link_len(skb);
	struct sk_buff *segments;

	skb_push(skb, link);
	segments = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segments) || !take_each(queue, segments, link, mode))
		return NF_DROP;
	consume_skb(skb);
	return NF_STOLEN;
}

/* What came as several frames of TCP can be shown as one; its border to Linux knows how. */
static bool is_to_be_cut(const struct sk_buff *skb, enum kpi_iflt_way way)
{
	if (!skb_is_gso(skb))
		return false;
	return way == KPI_IFLT_OUT || !skb_is_gso_tcp(skb) || skb->encapsulation ||
	       skb_shinfo(skb)->gso_type & SKB_GSO_FRAGLIST || skb->ip_summed != CHECKSUM_PARTIAL;
}

/*
 * A packet of a kext that filters have seen, on its way to the hook: that is reached on
 * this CPU before bottom halves run, so one pointer is mark enough.
 */
static DEFINE_PER_CPU(const struct sk_buff *, passing);

static bool has_passed(const struct sk_buff *skb)
{
	if (likely(this_cpu_read(passing) != skb))
		return false;
	this_cpu_write(passing, NULL);
	return true;
}

/* Captures, tc and others' hooks see it if they have not; ours lets it pass. */
void kpi_iflt_receive(struct sk_buff *skb, bool hooked)
{
	if (hooked)
		kpi_compat_skip_ingress(skb);
	else
		this_cpu_write(passing, skb);
	netif_receive_skb_core(skb);
	this_cpu_write(passing, NULL);
}

/* Drivers need not look: nobody else has them send more. */
static bool is_too_long(const struct sk_buff *skb)
{
	return !skb_is_gso(skb) &&
	       skb->len > READ_ONCE(skb->dev->mtu) + skb->dev->hard_header_len + VLAN_HLEN;
}

int kpi_iflt_transmit(struct sk_buff *skb, bool hooked)
{
	int rc;

	if (is_too_long(skb)) {
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	if (hooked)
		kpi_compat_skip_egress(skb);
	else
		this_cpu_write(passing, skb);
	rc = dev_queue_xmit(skb);
	this_cpu_write(passing, NULL);
	return rc;
}

static unsigned int take_any(struct kpi_iflt_queue *queue, struct sk_buff *skb,
			     enum kpi_iflt_mode mode)
{
	return is_to_be_cut(skb, queue->way) ? take_segments(queue, skb, mode) :
					       take(queue, skb, mode);
}

/* RCU keeps the point's memory, and until the next grace period filters that are called here. */
static unsigned int hook(struct kpi_iflt_point *point, enum kpi_iflt_way way, struct sk_buff *skb)
{
	enum kpi_iflt_mode mode = kpi_iflt_mode(point, way, kpi_protocol_family(skb->protocol),
						kpi_iflt_is_tagged(skb, way));
	struct kpi_iflt_queue *queue = &point->queues[way];
	unsigned int verdict;

	if (has_passed(skb) || mode == KPI_IFLT_NOBODY)
		return NF_ACCEPT;
	if (mode == KPI_IFLT_DIRECT)
		return take_any(queue, skb, mode);
	if (!refcount_inc_not_zero(&point->refs))
		return NF_ACCEPT;
	verdict = take_any(queue, skb, mode);
	kpi_iflt_point_put(point);
	return verdict;
}

static unsigned int hook_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return hook(priv, KPI_IFLT_IN, skb);
}

static unsigned int hook_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return hook(priv, KPI_IFLT_OUT, skb);
}

int kpi_iflt_hook(struct kpi_iflt_point *point, struct net_device *dev)
{
	struct nf_hook_ops *hooks = point->hooks;

	ASSERT_RTNL();
	if (!kpi_compat_can_skip_egress())
		return -EOPNOTSUPP;
	hooks[KPI_IFLT_IN] = (struct nf_hook_ops) {
		.hook = hook_in, .hooknum = NF_NETDEV_INGRESS,
	};
	hooks[KPI_IFLT_OUT] = (struct nf_hook_ops) {
		.hook = hook_out, .hooknum = NF_NETDEV_EGRESS,
	};
	hooks[KPI_IFLT_IN].dev = hooks[KPI_IFLT_OUT].dev = dev;
	hooks[KPI_IFLT_IN].pf = hooks[KPI_IFLT_OUT].pf = NFPROTO_NETDEV;
	hooks[KPI_IFLT_IN].priority = hooks[KPI_IFLT_OUT].priority = INT_MAX;
	hooks[KPI_IFLT_IN].priv = hooks[KPI_IFLT_OUT].priv = point;
	return nf_register_net_hooks(dev_net(dev), hooks, KPI_IFLT_WAYS);
}

/* A hook that runs goes on: the point's memory waits for it. */
void kpi_iflt_unhook(struct kpi_iflt_point *point)
{
	ASSERT_RTNL();
	nf_unregister_net_hooks(dev_net(point->hooks[KPI_IFLT_IN].dev), point->hooks,
				KPI_IFLT_WAYS);
}
