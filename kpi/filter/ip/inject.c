// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that kexts make or give back.
 *
 * The filters that are due see one at once (output) or in their thread (input). Then
 * one that a filter had kept goes on behind the hook it came from, with all it had
 * there: conntrack and NAT have seen it, and must not see it twice. Another one enters
 * the stack marked as one that has seen all filters: our hook is reached on the same
 * CPU before bottom halves run, so one pointer per CPU is mark enough.
 */

#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include <netkpi/skb.h>

#include "../../compat/netfilter.h"
#include "../../interface/frame.h"
#include "../../interface/interface_priv.h"
#include "hook.h"
#include "inject.h"
#include "packet.h"
#include "walk.h"

static DEFINE_PER_CPU(const struct sk_buff *, passing);

/* Asked once by each hook; the next packet of that address is another. */
bool kpi_ipf_has_passed(const struct sk_buff *skb)
{
	if (likely(this_cpu_read(passing) != skb))
		return false;
	this_cpu_write(passing, NULL);
	return true;
}

static struct kpi_ipf_family *family_of_packet(mbuf_t m, unsigned long caller)
{
	u8 first;

	if (kpi_unusable_from(caller, m) || !kpi_is_packet(m) ||
	    kpi_mbuf_copydata(m, 0, 1, &first))
		return NULL;
	switch (first >> 4) {
	case 4:
		return &kpi_ipf_v4;
	case 6:
		return IS_ENABLED(CONFIG_IPV6) ? &kpi_ipf_v6 : NULL;
	default:
		return NULL;
	}
}

/* Which filters are still due; one that is not on the list any more ends it. */
static u64 due_behind(struct kpi_ipf_family *family, ipfilter_t filter_ref)
{
	u64 number = KPI_NO_FILTER;

	if (!filter_ref)
		return KPI_ALL_FILTERS;
	kpi_filter_place(&family->list, filter_ref, &number);
	return number;
}

static gfp_t gfp_here(void)
{
	return kpi_is_atomic() ? GFP_ATOMIC : GFP_KERNEL;
}

/* --- out --- */

static struct dst_entry *route_v4(struct sk_buff *skb, int oif)
{
	const struct iphdr *ip = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr = ip->daddr,
		.saddr = ip->saddr,
		.flowi4_oif = oif,
		.flowi4_mark = skb->mark,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt;

	kpi_compat_flow_tos(&fl4, ip->tos);
	rt = ip_route_output_flow(&init_net, &fl4, NULL);
	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *route_v6(struct sk_buff *skb, int oif)
{
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.daddr = ip6->daddr,
		.saddr = ip6->saddr,
		.flowi6_oif = oif,
		.flowi6_mark = skb->mark,
		.flowi6_proto = ip6->nexthdr,
	};
	struct dst_entry *dst = ip6_route_output(&init_net, NULL, &fl6);
	int err = dst->error;

	if (!err)
		return dst;
	dst_release(dst);
	return ERR_PTR(err);
}

static int local_out_v6(struct sock *sk, struct sk_buff *skb)
{
	return ip6_local_out(&init_net, sk, skb);
}
#else
static struct dst_entry *route_v6(struct sk_buff *skb, int oif)
{
	return ERR_PTR(-EAFNOSUPPORT);
}

static int local_out_v6(struct sock *sk, struct sk_buff *skb)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}
#endif

/*
 * The same route, or one through what IPsec's policies want; they are not asked of what
 * IPsec has made already.
 */
static struct dst_entry *ask_policies(struct sk_buff *skb, struct dst_entry *dst, bool v6)
{
	u8 protocol = v6 ? ipv6_hdr(skb)->nexthdr : ip_hdr(skb)->protocol;
	struct flowi fl;
	int err;

	if (protocol == IPPROTO_ESP || protocol == IPPROTO_AH)
		return dst;
	skb_dst_set(skb, dst_clone(dst));	/* looked at */
	err = kpi_compat_decode_session(&init_net, skb, &fl, v6 ? AF_INET6 : AF_INET);
	skb_dst_drop(skb);
	return err ? dst : xfrm_lookup_route(&init_net, dst, &fl, NULL, 0);
}

static bool header_is_there(struct sk_buff *skb, bool v6)
{
	skb_reset_network_header(skb);
	if (v6)
		return pskb_may_pull(skb, sizeof(struct ipv6hdr));
	return pskb_may_pull(skb, sizeof(struct iphdr)) && ip_hdr(skb)->ihl >= 5 &&
	       pskb_may_pull(skb, ip_hdrlen(skb));
}

static int send_routed(struct sk_buff *skb, bool v6, struct sock *sk)
{
	int err;

	local_bh_disable();
	this_cpu_write(passing, skb);
	err = v6 ? local_out_v6(sk, skb) : ip_local_out(&init_net, sk, skb);
	this_cpu_write(passing, NULL);
	local_bh_enable();
	return err;
}

/*
 * Whether what goes to a group comes to this host, too, is asked of the sending socket:
 * without one it does. These, which nobody can send to, say no.
 */
static struct socket *quiet[2];

int kpi_ipf_inject_init(void)
{
	static const int levels[] = { IPPROTO_IP, IPPROTO_IPV6 };
	static const int names[] = { IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP };
	static const int families[] = { PF_INET, PF_INET6 };
	int no = 0, v6, err;

	for (v6 = 0; v6 <= IS_ENABLED(CONFIG_IPV6); v6++) {
		err = sock_create_kern(&init_net, families[v6], SOCK_DGRAM, IPPROTO_UDP, &quiet[v6]);
		if (err == -EAFNOSUPPORT)
			continue;	/* switched off */
		if (!err)
			err = quiet[v6]->ops->setsockopt(quiet[v6], levels[v6], names[v6],
							 KERNEL_SOCKPTR(&no), sizeof(no));
		if (err)
			return err;
	}
	return 0;
}

void kpi_ipf_inject_exit(void)
{
	int v6;

	for (v6 = 0; v6 < ARRAY_SIZE(quiet); v6++) {
		if (quiet[v6])
			sock_release(quiet[v6]);
		quiet[v6] = NULL;
	}
}

static bool is_quiet(const struct bsd_ipf_pktopts *options)
{
	return options && options->ippo_flags & IPPOF_MCAST_OPTS && !options->ippo_mcast_loop;
}

static struct sock *sender(const struct bsd_ipf_pktopts *options, bool v6)
{
	return is_quiet(options) && quiet[v6] ? quiet[v6]->sk : NULL;
}

/* IP itself counts no further, and would cut up the rest wrongly. */
static bool is_too_long(const struct sk_buff *skb, bool v6)
{
	return skb->len > IP_MAX_MTU + (v6 ? sizeof(struct ipv6hdr) : 0);
}

/* Consumes the sk_buff. */
static int send_out(struct sk_buff *skb, bool v6, int oif, struct sock *sk)
{
	int err = is_too_long(skb, v6) ? -EMSGSIZE : header_is_there(skb, v6) ? 0 : -EINVAL;
	struct dst_entry *dst;

	if (err) {
		kfree_skb(skb);
		return err;
	}
	dst = v6 ? route_v6(skb, oif) : route_v4(skb, oif);
	if (!IS_ERR(dst))
		dst = ask_policies(skb, dst, v6);
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	skb->dev = NULL;
	if (!skb_transport_header_was_set(skb))		/* IPsec asks */
		skb_set_transport_header(skb, v6 ? sizeof(struct ipv6hdr) : ip_hdrlen(skb));
	skb_dst_set(skb, dst);
	memset(skb->cb, 0, sizeof(skb->cb));
	return send_routed(skb, v6, sk);
}

/* A kext's multicast options: the interface by index, the time to live in the header. */
static int apply_options(mbuf_t m, bool v6, const struct bsd_ipf_pktopts *options, gfp_t gfp)
{
	size_t at = v6 ? offsetof(struct ipv6hdr, hop_limit) : offsetof(struct iphdr, ttl);
	int how = gfp == GFP_KERNEL ? MBUF_WAITOK : MBUF_DONTWAIT;
	u32 index;

	if (!options || !(options->ippo_flags & IPPOF_MCAST_OPTS))
		return 0;
	kpi_mbuf_copyback(m, at, 1, &options->ippo_mcast_ttl, how);
	index = options->ippo_mcast_ifnet ? kpi_ifnet_index(options->ippo_mcast_ifnet) : 0;
	return index == U32_MAX ? 0 : index;
}

/* Whether its socket wants from a group what the kext wants; IP asks that. */
static bool is_as_quiet(const struct kpi_ipf_packet *p, const struct bsd_ipf_pktopts *options)
{
	struct bsd_ipf_pktopts its_own = { };

	if (!options || !(options->ippo_flags & IPPOF_MCAST_OPTS))
		return true;
	kpi_ipf_fill_options(p, &its_own);
	return is_quiet(&its_own) == is_quiet(options);
}

/* Whether what a filter had kept may go on behind its hook: it is on the right way still. */
static bool is_on_its_way(const struct kpi_ipf_packet *p, mbuf_t m,
			  const struct bsd_ipf_pktopts *options, int oif)
{
	return is_as_quiet(p, options) && kpi_ipf_addresses_are(p, m) && (!oif || oif == p->out);
}

static int go_on(struct kpi_ipf_packet *p, mbuf_t m, gfp_t gfp)
{
	int err;

	p->m = m;
	err = kpi_ipf_close(p, gfp);
	return err ?: kpi_ipf_pass_on(p);
}

static int go_out(struct kpi_ipf_packet *kept, mbuf_t m, bool v6,
		  const struct bsd_ipf_pktopts *options, gfp_t gfp)
{
	int oif = apply_options(m, v6, options, gfp);
	struct sk_buff *skb;

	if (kept && is_on_its_way(kept, m, options, oif) && kpi_ipf_packet_take(kept))
		return go_on(kept, m, gfp);
	skb = kpi_mbuf_to_skb(m, 0, gfp);
	return IS_ERR(skb) ? PTR_ERR(skb) : send_out(skb, v6, oif, sender(options, v6));
}

static int inject_output(mbuf_t m, struct kpi_ipf_walk *walk)
{
	bool v6 = walk->family == &kpi_ipf_v6;
	struct kpi_ipf_packet *kept = kpi_ipf_packet_again(m, walk->family, KPI_IPF_OUT);
	gfp_t gfp = gfp_here();
	errno_t error;
	int err;

	walk->packet = kept;
	error = kpi_ipf_walk(walk, &m);
	if (error)
		err = error == KPI_EJUSTRETURN ? 0 : -error;
	else
		err = go_out(kept, m, v6, walk->options, gfp);
	if (kept)
		kpi_ipf_packet_put(kept);
	return err > 0 ? net_xmit_errno(err) : err;
}

/**
 * kpi_ipf_inject_output() - send an IP packet
 * @data:       the packet, with its header complete; consumes it whatever happens
 * @filter_ref: this filter and newer ones do not see it; NULL: all do
 * @options:    as an output filter got them, or NULL; borrows
 *
 * The filters that are due see it in the caller's thread, its tags included. What an
 * output filter had kept goes on behind that filter's hook, if its addresses are what
 * they were; all else is routed anew. A filter that is not on the list any more stands
 * for "none is due".
 *
 * macOS difference: packets that a kext has made leave by the first network namespace.
 *
 * Context: Process context; any from inside a filter that runs directly.
 * Return: 0; ENOTSUP for what is no IP packet; what a filter or the network says:
 * EHOSTUNREACH, ENETUNREACH, EMSGSIZE, ENOBUFS ...; ENOMEM.
 */
errno_t kpi_ipf_inject_output(mbuf_t data, ipfilter_t filter_ref, ipf_pktopts_t options)
{
	struct bsd_ipf_pktopts none = { };
	struct kpi_ipf_walk walk = {
		.family = family_of_packet(data, _RET_IP_),
		.way = KPI_IPF_OUT,
		.options = options ?: &none,
	};

	if (!kpi_is_direct())
		kpi_might_sleep();
	if (!walk.family) {
		kpi_mbuf_freem(data);
		return kpi_errno(-EOPNOTSUPP);
	}
	kpi_kext_count(kpi_kext_caller(), KPI_COUNT_INJECTED, 1);
	walk.before = due_behind(walk.family, filter_ref);
	return kpi_errno(inject_output(data, &walk));
}
KPI_EXPORT(kpi_ipf_inject_output);

/* --- in --- */

/*
 * A packet for 127/8 that comes in is a martian to IP's own look-up. One that would
 * be routed to this host if it were sent takes that route along.
 */
void kpi_set_local_route(struct sk_buff *skb)
{
	struct flowi4 fl4 = { .daddr = ip_hdr(skb)->daddr };
	struct rtable *rt;

	if (!ipv4_is_loopback(fl4.daddr))
		return;
	rt = ip_route_output_key(&init_net, &fl4);
	if (IS_ERR(rt))
		return;
	if (rt->rt_type == RTN_LOCAL)
		skb_dst_set(skb, &rt->dst);
	else
		ip_rt_put(rt);
}

/* Makes an sk_buff of the chain that a driver could have handed over; NULL if it cannot be. */
static struct sk_buff *received(mbuf_t m, gfp_t gfp)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(m, 0, gfp);
	bool v6;

	if (IS_ERR(skb))
		return NULL;
	v6 = skb->protocol == htons(ETH_P_IPV6);
	if (!header_is_there(skb, v6)) {
		kfree_skb(skb);
		return NULL;
	}
	skb->pkt_type = PACKET_HOST;
	if (!v6)
		kpi_set_local_route(skb);
	return skb;
}

/* Up to the transport, past our hook: the filters have seen it. Consumes the packet. */
static void deliver(mbuf_t m, gfp_t gfp)
{
	ifnet_t rcvif = kpi_hdr(m)->rcvif;
	struct sk_buff *skb = received(m, gfp);

	if (!skb)
		return;
	local_bh_disable();
	rcu_read_lock();
	if (kpi_frame_of_ip(skb, rcvif)) {
		this_cpu_write(passing, skb);
		netif_receive_skb_core(skb);
		this_cpu_write(passing, NULL);
	} else {
		kfree_skb(skb);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/* As a device would: filters see it when it has been put together. Consumes the packet. */
static void receive(mbuf_t m)
{
	ifnet_t rcvif = kpi_hdr(m)->rcvif;
	struct sk_buff *skb = received(m, GFP_ATOMIC);

	if (!skb)
		return;
	rcu_read_lock();
	if (kpi_frame_of_ip(skb, rcvif))
		netif_rx(skb);
	else
		kfree_skb(skb);
	rcu_read_unlock();
}

/* Who has the destination's address; the loopback if nobody has. */
static ifnet_t owner_of(mbuf_t m, bool v6)
{
	struct net_device *dev = NULL;
	struct ipv6hdr ip6;
	ifnet_t ifp;
	__be32 daddr;

	rcu_read_lock();
	if (!v6 && !kpi_mbuf_copydata(m, offsetof(struct iphdr, daddr), sizeof(daddr), &daddr))
		dev = __ip_dev_find(&init_net, daddr, false);
	else if (v6 && !kpi_mbuf_copydata(m, 0, sizeof(ip6), &ip6))
		dev = kpi_compat_ipv6_dev_find(&init_net, &ip6.daddr);
	ifp = kpi_ifnet_of(dev ?: init_net.loopback_dev);
	rcu_read_unlock();
	return ifp;
}

/* A packet that never came in is made one that did: interface, and a good IPv4 checksum. */
static int adopt(mbuf_t m, bool v6)
{
	union {
		struct iphdr ip;
		u8 bytes[60];
	} head;
	size_t len;

	if (kpi_hdr(m)->rcvif)
		return 0;
	kpi_hdr(m)->rcvif = owner_of(m, v6);
	kpi_hdr(m)->csum_flags = 0;
	if (v6)
		return 0;
	if (kpi_mbuf_copydata(m, 0, sizeof(head.ip), &head))
		return -EINVAL;
	len = head.ip.ihl * 4;
	if (len < sizeof(head.ip) || kpi_mbuf_copydata(m, 0, len, &head))
		return -EINVAL;
	ip_send_check(&head.ip);
	return -kpi_mbuf_copyback(m, 0, len, &head, MBUF_DONTWAIT);
}

/*
 * What has seen its filters and has no carrier: it never came by a hook, or a filter left it
 * instead of one that it sent on itself. Consumes the chain.
 */
void kpi_ipf_start(struct kpi_ipf_packet *p, gfp_t gfp)
{
	bool v6 = p->family == &kpi_ipf_v6;
	mbuf_t m = p->m;

	p->m = NULL;
	if (p->way == KPI_IPF_OUT)
		go_out(NULL, m, v6, NULL, gfp);
	else if (adopt(m, v6))
		kpi_mbuf_freem(m);
	else
		deliver(m, gfp);
}

static bool is_fragment(mbuf_t m, bool v6)
{
	__be16 frag_off = 0;
	u8 protocol = 0;

	if (v6)
		return !kpi_mbuf_copydata(m, offsetof(struct ipv6hdr, nexthdr), 1, &protocol) &&
		       protocol == NEXTHDR_FRAGMENT;
	kpi_mbuf_copydata(m, offsetof(struct iphdr, frag_off), sizeof(frag_off), &frag_off);
	return frag_off & htons(IP_MF | IP_OFFSET);
}

/* Filters see it in their thread, in the order of what comes in. */
static int enqueue(mbuf_t m, struct kpi_ipf_packet *p, u64 before)
{
	p->m = m;
	p->before = before;
	if (kpi_ipf_queue_add(&p->family->queues[KPI_IPF_IN], p))
		return 0;
	kpi_mbuf_freem(m);		/* as a full input queue drops it */
	kpi_ipf_packet_put(p);
	return 0;
}

static int inject_input(mbuf_t m, ipfilter_t filter_ref, struct kpi_ipf_family *family)
{
	struct kpi_ipf_packet *p = kpi_ipf_packet_again(m, family, KPI_IPF_IN);
	bool v6 = family == &kpi_ipf_v6;
	int err;

	if (p)
		return enqueue(m, p, due_behind(family, filter_ref));
	err = adopt(m, v6);
	if (err)
		return err;
	if (!filter_ref && is_fragment(m, v6)) {
		receive(m);
		return 0;
	}
	p = kpi_ipf_packet_new(family, KPI_IPF_IN, m);
	return p ? enqueue(m, p, due_behind(family, filter_ref)) : -ENOMEM;
}

/**
 * kpi_ipf_inject_input() - have an IP packet come in
 * @data:       the packet; consumes it on success
 * @filter_ref: this filter and newer ones do not see it; NULL: all filters do
 *
 * The filters that are due see it in their thread, later, its tags included. What an
 * input filter had kept then goes to the transport from where it was; all else goes
 * through IP's input path. A packet without a receive interface gets the one that has
 * its destination's address, and its header a checksum. A filter that is not on the
 * list any more stands for "none is due".
 *
 * macOS difference: a packet that a kext has made passes IP's own checks and the
 * firewall's rules for input, with a filter, too; one that a filter had kept does not
 * again, without a filter either. Filters see a packet before these checks.
 *
 * Context: Interrupts enabled.
 * Return: 0; ENOTSUP for what is no IP packet, EINVAL for half a header, ENOMEM: the
 * packet stays the caller's.
 */
errno_t kpi_ipf_inject_input(mbuf_t data, ipfilter_t filter_ref)
{
	struct kpi_ipf_family *family = family_of_packet(data, _RET_IP_);

	if (!family)
		return kpi_errno(-EOPNOTSUPP);
	kpi_kext_count(kpi_kext_caller(), KPI_COUNT_INJECTED, 1);
	return kpi_errno(inject_input(data, filter_ref, family));
}
KPI_EXPORT(kpi_ipf_inject_input);
