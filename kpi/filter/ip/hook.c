// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets are taken, and how they go on.
 *
 * LOCAL_IN shows what is for this host, put together, before the transport;
 * LOCAL_OUT and, for IPv4, FORWARD show each packet once, before it is cut up or
 * copied. Ours is the last hook but conntrack's own last word; a packet goes on
 * behind it by nf_hook_slow(), so that conntrack confirms it.
 */

#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/sock.h>

#include "../../compat/netfilter.h"
#include "ip_priv.h"

static unsigned int hook_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);
static unsigned int hook_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

#define POINT(family, number, function)			\
	{						\
		.hook = (function),			\
		.pf = (family),				\
		.hooknum = (number),			\
		.priority = NF_IP_PRI_LAST - 2,		\
	}

static const struct nf_hook_ops points_v4[] = {
	POINT(NFPROTO_IPV4, NF_INET_LOCAL_IN, hook_in),
	POINT(NFPROTO_IPV4, NF_INET_LOCAL_OUT, hook_out),
	POINT(NFPROTO_IPV4, NF_INET_FORWARD, hook_out),
};

static const struct nf_hook_ops points_v6[] = {
	POINT(NFPROTO_IPV6, NF_INET_LOCAL_IN, hook_in),
	POINT(NFPROTO_IPV6, NF_INET_LOCAL_OUT, hook_out),
};

static struct kpi_ipf_family *family_of(u8 pf)
{
	return pf == NFPROTO_IPV6 ? &kpi_ipf_v6 : &kpi_ipf_v4;
}

static unsigned int take(struct sk_buff *skb, const struct nf_hook_state *state,
			 enum kpi_ipf_way way)
{
	struct kpi_ipf_packet *p = kpi_ipf_packet_of(skb, state);

	if (!p)
		return NF_DROP;
	if (kpi_ipf_queue_add(&family_of(state->pf)->queues[way], p))
		return NF_STOLEN;
	p->skb = NULL;		/* netfilter frees it */
	kpi_ipf_packet_free(p);
	return NF_DROP;
}

/* Filters see no packet that hardware would have to cut up. */
static unsigned int take_segments(struct sk_buff *skb, const struct nf_hook_state *state,
				  enum kpi_ipf_way way)
{
	struct sk_buff *segments = skb_gso_segment(skb, 0);
	struct sk_buff *segment, *next;

	if (IS_ERR_OR_NULL(segments))
		return NF_DROP;
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		if (take(segment, state, way) == NF_DROP)
			kfree_skb(segment);
	}
	consume_skb(skb);
	return NF_STOLEN;
}

static unsigned int hook_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (kpi_ipf_has_passed(skb) || !kpi_ipf_wanted(family_of(state->pf), KPI_IPF_IN))
		return NF_ACCEPT;
	if (skb_is_gso(skb) && skb->len > IP_MAX_MTU)
		return take_segments(skb, state, KPI_IPF_IN);
	return take(skb, state, KPI_IPF_IN);
}

static unsigned int hook_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (kpi_ipf_has_passed(skb) || !kpi_ipf_wanted(family_of(state->pf), KPI_IPF_OUT))
		return NF_ACCEPT;
	if (skb_is_gso(skb))
		return take_segments(skb, state, KPI_IPF_OUT);
	return take(skb, state, KPI_IPF_OUT);
}

/* Behind our own hook; if that is gone, behind its place in the order. */
static unsigned int index_behind(const struct nf_hook_entries *entries)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(entries);
	unsigned int i;

	for (i = 0; i < entries->num_hook_entries; i++) {
		if (entries->hooks[i].hook == hook_in || entries->hooks[i].hook == hook_out)
			return i + 1;
		if (ops[i]->priority > NF_IP_PRI_LAST - 2)
			return i;
	}
	return entries->num_hook_entries;
}

static const struct nf_hook_entries *entries_of(const struct nf_hook_state *state)
{
	struct net *net = state->net;

	if (state->pf == NFPROTO_IPV6)
		return rcu_dereference(net->nf.hooks_ipv6[state->hook]);
	return rcu_dereference(net->nf.hooks_ipv4[state->hook]);
}

/* Devices that have not gone meanwhile; false if one that the packet needs has. */
static bool find_devices(struct kpi_ipf_packet *p, struct sk_buff *skb)
{
	struct net *net = p->state.net;

	p->state.in = dev_get_by_index_rcu(net, p->in);
	p->state.out = dev_get_by_index_rcu(net, p->out);
	skb->dev = dev_get_by_index_rcu(net, p->dev);
	return (p->state.in || !p->in) && (p->state.out || !p->out) && (skb->dev || !p->dev);
}

/* Goes on where the hook had it; consumes the sk_buff. */
void kpi_ipf_pass_on(struct kpi_ipf_packet *p, struct sk_buff *skb)
{
	const struct nf_hook_entries *entries;
	int verdict = 1;

	local_bh_disable();
	rcu_read_lock();
	if (!find_devices(p, skb)) {
		kfree_skb(skb);
		goto unlock;
	}
	entries = entries_of(&p->state);
	if (entries)
		verdict = nf_hook_slow(skb, &p->state, entries, index_behind(entries));
	if (verdict == 1)
		p->state.okfn(p->state.net, p->state.sk, skb);
unlock:
	rcu_read_unlock();
	local_bh_enable();
}

#if IS_ENABLED(CONFIG_IPV6)
/* Filters see whole packets where the kernel can put them together before the hooks. */
static void want_whole_packets(bool want)
{
	typeof(&nf_defrag_ipv6_enable) enable = symbol_get(nf_defrag_ipv6_enable);
	typeof(&nf_defrag_ipv6_disable) disable = symbol_get(nf_defrag_ipv6_disable);

	if (enable && disable && want)
		enable(&init_net);
	else if (enable && disable)
		disable(&init_net);
	if (enable)
		symbol_put(nf_defrag_ipv6_enable);
	if (disable)
		symbol_put(nf_defrag_ipv6_disable);
}
#else
static void want_whole_packets(bool want)
{
}
#endif

int kpi_ipf_hook(struct kpi_ipf_family *family)
{
	if (family->pf == NFPROTO_IPV4)
		return nf_register_net_hooks(&init_net, points_v4, ARRAY_SIZE(points_v4));
	want_whole_packets(true);
	return nf_register_net_hooks(&init_net, points_v6, ARRAY_SIZE(points_v6));
}

/* Packets that were taken go on later: behind our place in the order. */
void kpi_ipf_unhook(struct kpi_ipf_family *family)
{
	if (family->pf == NFPROTO_IPV4) {
		nf_unregister_net_hooks(&init_net, points_v4, ARRAY_SIZE(points_v4));
		return;
	}
	nf_unregister_net_hooks(&init_net, points_v6, ARRAY_SIZE(points_v6));
	want_whole_packets(false);
}
