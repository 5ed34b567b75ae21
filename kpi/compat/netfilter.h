/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels for packets in flight; see compat.h. */
#ifndef _KPI_COMPAT_NETFILTER_H
#define _KPI_COMPAT_NETFILTER_H

#include <net/addrconf.h>
#include <net/flow.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

/* Segmentation got a header of its own in 6.5; include it plainly when 6.1 goes. */
#ifdef KPI_HAVE_GSO_H
#include <net/gso.h>
#endif

/* A socket's multicast options. Their bits became atomic in 6.6; drop this when 6.1 goes. */
struct kpi_compat_mcast {
	int index;
	u8 ttl;
	bool loop;
};

#ifdef KPI_HAVE_INET_TEST_BIT
#define kpi_compat_mc_loop(sk)	inet_test_bit(MC_LOOP, sk)
#define kpi_compat_mc6_loop(sk)	inet6_test_bit(MC6_LOOP, sk)
#else
#define kpi_compat_mc_loop(sk)	(inet_sk(sk)->mc_loop)
#define kpi_compat_mc6_loop(sk)	(inet6_sk(sk)->mc_loop)
#endif

static inline bool kpi_compat_mcast_of(struct sock *sk, bool v6, struct kpi_compat_mcast *mcast)
{
	if (v6 ? sk->sk_family != AF_INET6 : sk->sk_family != AF_INET && sk->sk_family != AF_INET6)
		return false;
	if (v6) {
		s16 hops = inet6_sk(sk)->mcast_hops;

		mcast->ttl = hops < 0 ? IPV6_DEFAULT_MCASTHOPS : hops;
		mcast->index = inet6_sk(sk)->mcast_oif;
		mcast->loop = kpi_compat_mc6_loop(sk);
		return true;
	}
	mcast->ttl = READ_ONCE(inet_sk(sk)->mc_ttl);
	mcast->index = READ_ONCE(inet_sk(sk)->mc_index);
	mcast->loop = kpi_compat_mc_loop(sk);
	return true;
}

/* Flows have a DSCP instead of a TOS since 6.18; drop this when 6.12 goes. */
static inline void kpi_compat_flow_tos(struct flowi4 *fl4, u8 tos)
{
#ifdef KPI_HAVE_FLOW_DSCP
	fl4->flowi4_dscp = inet_dsfield_to_dscp(tos);
#else
	fl4->flowi4_tos = tos & 0x1c;
#endif
}

/* What IPsec's policies look at. It got the namespace in 6.8; drop this when 6.1 goes. */
static inline int kpi_compat_decode_session(struct net *net, struct sk_buff *skb,
					    struct flowi *fl, unsigned int family)
{
#ifdef KPI_HAVE_DECODE_SESSION_NET
	return xfrm_decode_session(net, skb, fl, family);
#else
	return xfrm_decode_session(skb, fl, family);
#endif
}

/* Which device has an IPv6 address; under RCU. The search got an argument to say so in 5.9. */
static inline struct net_device *kpi_compat_ipv6_dev_find(struct net *net,
							  const struct in6_addr *addr)
{
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_dev_find(net, addr, NULL);
#else
	return NULL;
#endif
}

/* A kernel without egress hooks, or without tc, has no such bit: filters are refused there. */
static inline bool kpi_compat_can_skip_egress(void)
{
	return IS_ENABLED(CONFIG_NETFILTER_INGRESS) && IS_ENABLED(CONFIG_NETFILTER_SKIP_EGRESS) &&
	       IS_ENABLED(CONFIG_NET_CLS_ACT);
}

/* The next look at a device's egress hooks is left out. */
static inline void kpi_compat_skip_egress(struct sk_buff *skb)
{
#ifdef CONFIG_NETFILTER_SKIP_EGRESS
	skb->nf_skip_egress = 1;
#endif
}

/* The next reception begins behind captures, tc and a device's ingress hooks. */
static inline void kpi_compat_skip_ingress(struct sk_buff *skb)
{
#ifdef CONFIG_NET_CLS_ACT
	skb->tc_skip_classify = 1;
#endif
}

#endif /* _KPI_COMPAT_NETFILTER_H */
