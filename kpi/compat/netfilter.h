/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels for packets in flight; see compat.h. */
#ifndef _KPI_COMPAT_NETFILTER_H
#define _KPI_COMPAT_NETFILTER_H

#include <net/addrconf.h>
#include <net/flow.h>
#include <net/inet_sock.h>

/* Segmentation got a header of its own in 6.5; include it plainly when 6.1 goes. */
#ifdef KPI_HAVE_GSO_H
#include <net/gso.h>
#endif

/* Bits of inet_sock became atomic in 6.6; drop this when 6.1 goes. */
static inline bool kpi_compat_mc_loop(const struct sock *sk)
{
#ifdef KPI_HAVE_INET_TEST_BIT
	return inet_test_bit(MC_LOOP, sk);
#else
	return inet_sk(sk)->mc_loop;
#endif
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
