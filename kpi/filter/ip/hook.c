// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets are taken, and how they go on.
 *
 * LOCAL_IN shows what is for this host, put together, before the transport;
 * LOCAL_OUT and, for IPv4, FORWARD show each packet once, before it is cut up or
 * copied. Ours is the last hook but conntrack's own last word; a packet goes on
 * behind it by nf_hook_slow(), so that conntrack confirms it.
 */

#include <linux/err.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/sock.h>

#include "../../compat/netfilter.h"
#include "../../mbuf/storage.h"
#include "hook.h"
#include "inject.h"
#include "packet.h"
#include "walk.h"

/* Behind all that may change a packet, before conntrack confirms it; the same for IPv6. */
#define OUR_PRIORITY	(NF_IP_PRI_LAST - 2)

#define POINT(family, number, function)			\
	{						\
		.hook = (function),			\
		.pf = (family),				\
		.hooknum = (number),			\
		.priority = OUR_PRIORITY,		\
	}

static struct kpi_ipf_family *family_of(u8 pf)
{
	return pf == NFPROTO_IPV6 ? &kpi_ipf_v6 : &kpi_ipf_v4;
}

/* --- a packet is taken --- */

/* What a filter says to the sender; it may say anything. */
static unsigned int refuse(errno_t error, enum kpi_ipf_way way)
{
	int err = error > 0 && error <= MAX_ERRNO ? -error : -EPERM;

	return way == KPI_IPF_OUT ? NF_DROP_ERR(err) : NF_DROP;
}

/* netfilter has it again; of what it frees a kext may keep a copy that lies there. */
static unsigned int give_back(struct kpi_ipf_packet *p, struct net_device *dev, errno_t error)
{
	struct sk_buff *skb = p->skb;

	p->skb = NULL;
	if (error && skb_shared(skb))
		kpi_skb_drop_references(skb);
	else
		skb->dev = dev;
	return error ? refuse(error, p->way) : NF_ACCEPT;
}

/* The packet has been seen: what becomes of the sk_buff that came in? */
static unsigned int decide(struct kpi_ipf_packet *p, struct sk_buff *skb, struct net_device *dev,
			   errno_t error)
{
	if (error == KPI_EJUSTRETURN)
		return NF_STOLEN;
	if (!kpi_ipf_packet_take(p)) {		/* a filter has sent it on */
		if (!error)
			kpi_ipf_start(p, GFP_ATOMIC);
		return NF_STOLEN;
	}
	if (!error)
		error = -kpi_ipf_close(p, GFP_ATOMIC);
	if (p->skb == skb)
		return give_back(p, dev, error);
	if (!error)
		kpi_ipf_pass_on(p);		/* another one goes on instead */
	return NF_STOLEN;
}

static unsigned int take_now(struct kpi_ipf_packet *p)
{
	struct sk_buff *skb = p->skb;
	struct net_device *dev = skb->dev;
	unsigned int verdict;

	local_bh_disable();
	if (kpi_ipf_open(p, GFP_ATOMIC)) {
		verdict = give_back(p, dev, ENOMEM);
	} else {
		skb->dev = NULL;		/* it may go while a filter keeps the packet */
		verdict = decide(p, skb, dev, kpi_ipf_show(p, NULL));
	}
	kpi_ipf_packet_put(p);
	kpi_bh_enable();
	return verdict;
}

static unsigned int take_segments_now(struct kpi_ipf_packet *p)
{
	struct net_device *dev = p->skb->dev;
	unsigned int verdict;

	p->skb->dev = NULL;
	local_bh_disable();
	verdict = kpi_ipf_show_segments(p, NULL);
	if (verdict != NF_STOLEN)
		verdict = give_back(p, dev, verdict == NF_DROP ? ENOMEM : 0);
	kpi_ipf_packet_put(p);
	kpi_bh_enable();
	return verdict;
}

static unsigned int take_later(struct kpi_ipf_packet *p)
{
	struct sk_buff *skb = p->skb;

	skb->dev = NULL;			/* it may go meanwhile */
	if (kpi_ipf_queue_add(&p->family->queues[p->way], p))
		return NF_STOLEN;
	p->skb = NULL;
	kpi_ipf_packet_put(p);
	return NF_DROP;
}

static unsigned int take(struct sk_buff *skb, const struct nf_hook_state *state,
			 enum kpi_ipf_way way, enum kpi_ipf_mode mode)
{
	struct kpi_ipf_packet *p = kpi_ipf_packet_of(skb, state, family_of(state->pf), way);

	if (!p)
		return NF_DROP;
	if (mode != KPI_IPF_DIRECT)
		return take_later(p);
	return kpi_ipf_is_cut(skb, way) ? take_segments_now(p) : take_now(p);
}

static int resume(struct sk_buff *skb, struct nf_hook_state *state);

static void take_segment(struct sk_buff *skb, const struct nf_hook_state *state,
			 enum kpi_ipf_way way, enum kpi_ipf_mode mode)
{
	struct nf_hook_state copy = *state;

	switch (take(skb, state, way, mode) & NF_VERDICT_MASK) {
	case NF_ACCEPT:
		resume(skb, &copy);
		break;
	case NF_DROP:
		kfree_skb(skb);
	}
}

/* What is not plain: its segments are copies, and each goes its own way. */
static unsigned int cut_and_take(struct sk_buff *skb, const struct nf_hook_state *state,
				 enum kpi_ipf_way way, enum kpi_ipf_mode mode)
{
	struct sk_buff *segments = skb_gso_segment(skb, 0);
	struct sk_buff *segment, *next;

	if (IS_ERR_OR_NULL(segments))
		return NF_DROP;
	skb_list_walk_safe(segments, segment, next) {
		skb_mark_not_on_list(segment);
		take_segment(segment, state, way, mode);
	}
	consume_skb(skb);
	return NF_STOLEN;
}

static unsigned int take_or_cut(struct sk_buff *skb, const struct nf_hook_state *state,
				enum kpi_ipf_way way, enum kpi_ipf_mode mode)
{
	if (kpi_ipf_is_cut(skb, way) && !kpi_ipf_may_stay_whole(skb))
		return cut_and_take(skb, state, way, mode);
	return take(skb, state, way, mode);
}

static unsigned int hook_in(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum kpi_ipf_mode mode = kpi_ipf_mode(family_of(state->pf), KPI_IPF_IN);

	if (kpi_ipf_has_passed(skb) || mode == KPI_IPF_NOBODY)
		return NF_ACCEPT;
	return take_or_cut(skb, state, KPI_IPF_IN, mode);
}

/*
 * A bridge asks netfilter of what it passes on, too. IP does not send that, and its route
 * is none: it lies in the bridge and goes with it.
 */
static bool is_bridged(const struct sk_buff *skb)
{
	return skb_dst(skb) && skb_dst(skb)->flags & DST_FAKE_RTABLE;
}

static unsigned int hook_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum kpi_ipf_mode mode = kpi_ipf_mode(family_of(state->pf), KPI_IPF_OUT);

	if (kpi_ipf_has_passed(skb) || mode == KPI_IPF_NOBODY || is_bridged(skb))
		return NF_ACCEPT;
	return take_or_cut(skb, state, KPI_IPF_OUT, mode);
}

/* --- and goes on --- */

static unsigned int hook_forward6(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state);

static bool is_ours(nf_hookfn *hook)
{
	return hook == hook_in || hook == hook_out || hook == hook_forward6;
}

/* Behind our own hook; if that is gone, behind its place in the order. */
static unsigned int index_behind(const struct nf_hook_entries *entries)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(entries);
	unsigned int i;

	for (i = 0; i < entries->num_hook_entries; i++) {
		if (is_ours(entries->hooks[i].hook))
			return i + 1;
		if (ops[i]->priority > OUR_PRIORITY)
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

/*
 * Segments share what conntrack has for their whole. Until that is confirmed, by the first
 * of them that gets so far, nothing is there that keeps two CPUs apart who work on it, or
 * give it an address. So while one is on its way, another one is lost.
 */
struct passage {
	struct list_head node;
	const struct nf_conn *ct;	/* NULL: nobody else has it */
};

static LIST_HEAD(passages);		/* W: passages_lock */
static DEFINE_SPINLOCK(passages_lock);

static const struct nf_conn *shared_unconfirmed(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	const struct nf_conn *ct = (const struct nf_conn *)skb_nfct(skb);

	if (unlikely(ct && !nf_ct_is_confirmed(ct) && !nf_ct_is_template(ct)) &&
	    refcount_read(&ct->ct_general.use) > 1)
		return ct;
#endif
	return NULL;
}

static bool is_under_way(const struct nf_conn *ct)
{
	const struct passage *passage;

	list_for_each_entry(passage, &passages, node)
		if (passage->ct == ct)
			return true;
	return false;
}

/* False if it must not be now. */
static bool passage_begin(struct passage *passage, const struct sk_buff *skb)
{
	bool free;

	passage->ct = shared_unconfirmed(skb);
	if (likely(!passage->ct))
		return true;
	spin_lock_bh(&passages_lock);
	free = !is_under_way(passage->ct);
	if (free)
		list_add(&passage->node, &passages);
	spin_unlock_bh(&passages_lock);
	return free;
}

static void passage_end(struct passage *passage)
{
	if (likely(!passage->ct))
		return;
	spin_lock_bh(&passages_lock);
	list_del(&passage->node);
	spin_unlock_bh(&passages_lock);
}

/* Behind our hook, with bottom halves off; consumes the sk_buff. */
static int resume(struct sk_buff *skb, struct nf_hook_state *state)
{
	const struct nf_hook_entries *entries = entries_of(state);
	struct passage passage;
	int verdict = 1;

	if (!passage_begin(&passage, skb)) {
		kpi_ipf_drop(skb);
		return -ENOBUFS;
	}
	if (entries)
		verdict = nf_hook_slow(skb, state, entries, index_behind(entries));
	if (verdict == 1)
		verdict = state->okfn(state->net, state->sk, skb);
	passage_end(&passage);
	return verdict;
}

/* Devices that have not gone meanwhile; false if one that the packet needs has. */
static bool find_devices(const struct kpi_ipf_packet *p, struct sk_buff *skb,
			 struct nf_hook_state *state)
{
	struct net *net = state->net;

	state->in = dev_get_by_index_rcu(net, p->in);
	state->out = dev_get_by_index_rcu(net, p->out);
	skb->dev = dev_get_by_index_rcu(net, p->dev);
	return (state->in || !p->in) && (state->out || !p->out) && (skb->dev || !p->dev);
}

/* An sk_buff goes on where the hook had the packet; consumes it, whatever happens. */
int kpi_ipf_resume(const struct kpi_ipf_packet *p, struct sk_buff *skb)
{
	struct nf_hook_state state = p->state;
	int err = -ENETDOWN;

	local_bh_disable();
	rcu_read_lock();
	if (find_devices(p, skb, &state)) {
		err = resume(skb, &state);
	} else {
		skb->dev = NULL;
		kpi_ipf_drop(skb);
	}
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

/* The carrier is gone then, whatever happens. */
int kpi_ipf_pass_on(struct kpi_ipf_packet *p)
{
	struct sk_buff *skb = p->skb;

	p->skb = NULL;
	if (p->whole)
		kpi_ipf_take_apart(p->whole);
	return kpi_ipf_resume(p, skb);
}

/* --- the hooks come and go --- */

static bool all_namespaces;
module_param_named(ipfilter_namespaces, all_namespaces, bool, 0644);
MODULE_PARM_DESC(ipfilter_namespaces,
		 "IP filters see the packets of all network namespaces, not of the first only; looked at when the first filter comes (default: no)");

static bool forwarded_v6;
module_param_named(ipfilter_forward6, forwarded_v6, bool, 0644);
MODULE_PARM_DESC(ipfilter_forward6,
		 "IPv6 output filters see what this host passes on, too; looked at for each packet (default: no)");

static unsigned int hook_forward6(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	return READ_ONCE(forwarded_v6) ? hook_out(priv, skb, state) : NF_ACCEPT;
}

static const struct nf_hook_ops points_v4[] = {
	POINT(NFPROTO_IPV4, NF_INET_LOCAL_IN, hook_in),
	POINT(NFPROTO_IPV4, NF_INET_LOCAL_OUT, hook_out),
	POINT(NFPROTO_IPV4, NF_INET_FORWARD, hook_out),
};

static const struct nf_hook_ops points_v6[] = {
	POINT(NFPROTO_IPV6, NF_INET_LOCAL_IN, hook_in),
	POINT(NFPROTO_IPV6, NF_INET_LOCAL_OUT, hook_out),
	POINT(NFPROTO_IPV6, NF_INET_FORWARD, hook_forward6),
};

#if IS_ENABLED(CONFIG_IPV6)
/*
 * Filters see whole IPv6 packets where the kernel can put them together before the
 * hooks: in a module that is kept as long as it is used.
 */
static struct {
	int (*enable)(struct net *net);
	void (*disable)(struct net *net);
} defrag;

static void defrag_get(void)
{
	request_module("nf_defrag_ipv6");
	defrag.enable = symbol_get(nf_defrag_ipv6_enable);
	defrag.disable = symbol_get(nf_defrag_ipv6_disable);
}

static void defrag_put(void)
{
	if (defrag.enable)
		symbol_put(nf_defrag_ipv6_enable);
	if (defrag.disable)
		symbol_put(nf_defrag_ipv6_disable);
	defrag.enable = NULL;
	defrag.disable = NULL;
}

static int hook_v6(struct net *net)
{
	int err = defrag.enable && defrag.disable ? defrag.enable(net) : 0;

	if (err)
		return err;
	err = nf_register_net_hooks(net, points_v6, ARRAY_SIZE(points_v6));
	if (err && defrag.enable && defrag.disable)
		defrag.disable(net);
	return err;
}

static void unhook_v6(struct net *net)
{
	nf_unregister_net_hooks(net, points_v6, ARRAY_SIZE(points_v6));
	if (defrag.enable && defrag.disable)
		defrag.disable(net);
}
#else
static void defrag_get(void) { }
static void defrag_put(void) { }

static int hook_v6(struct net *net)
{
	return -EPROTONOSUPPORT;
}

static void unhook_v6(struct net *net)
{
}
#endif

static int hook_v4(struct net *net)
{
	return nf_register_net_hooks(net, points_v4, ARRAY_SIZE(points_v4));
}

static void unhook_v4(struct net *net)
{
	nf_unregister_net_hooks(net, points_v4, ARRAY_SIZE(points_v4));
}

static struct {
	struct pernet_operations ops;
	bool everywhere;
} scopes[] = {
	{ .ops = { .init = hook_v4, .exit = unhook_v4 } },
	{ .ops = { .init = hook_v6, .exit = unhook_v6 } },
};

int kpi_ipf_hook(struct kpi_ipf_family *family)
{
	bool v6 = family->pf == NFPROTO_IPV6;
	int err;

	if (v6)
		defrag_get();
	scopes[v6].everywhere = READ_ONCE(all_namespaces);
	if (scopes[v6].everywhere)
		err = register_pernet_subsys(&scopes[v6].ops);
	else
		err = scopes[v6].ops.init(&init_net);
	if (err && v6)
		defrag_put();
	return err;
}

/* Packets that were taken go on later: behind our place in the order. */
void kpi_ipf_unhook(struct kpi_ipf_family *family)
{
	bool v6 = family->pf == NFPROTO_IPV6;

	if (scopes[v6].everywhere)
		unregister_pernet_subsys(&scopes[v6].ops);
	else
		scopes[v6].ops.exit(&init_net);
	if (v6)
		defrag_put();
}
