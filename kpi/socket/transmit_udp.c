// SPDX-License-Identifier: GPL-2.0
/*
 * Handing a chain to UDP as it is: its first mbuf becomes the sk_buff.
 *
 * This is what a connected socket without anything unusual does, by the way of
 * the kernel's tunnels: the headers are put in front, the socket's cached route
 * is used. All else goes through Linux's sendmsg.
 */

#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "../mbuf/header.h"
#include "../mbuf/reshape.h"
#include "send.h"
#include "transport.h"

static bool is_inet6(const struct sock *sk)
{
	return sk->sk_family == AF_INET6;
}

static bool is_plain4(const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	return !rcu_access_pointer(inet->inet_opt) && !ipv4_is_multicast(inet->inet_daddr) &&
	       READ_ONCE(inet->pmtudisc) <= IP_PMTUDISC_DO;
}

/* A module of its own would have to be there before the layer. */
static bool is_plain6(const struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	int type = ipv6_addr_type(&sk->sk_v6_daddr);

	return IS_BUILTIN(CONFIG_IPV6) && !rcu_access_pointer(np->opt) &&
	       !(type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_MAPPED)) &&
	       np->pmtudisc <= IPV6_PMTUDISC_DO;
}

/* Whether sendmsg would do nothing but put headers in front. */
static bool is_plain(const struct kpi_tx *tx)
{
	const struct sock *sk = tx->so->sk;

	if (!tx->chain || tx->so->borrowed || tx->control_len ||
	    (tx->flags & KPI_MSG_DONTROUTE) || sock_flag(sk, SOCK_LOCALROUTE) ||
	    READ_ONCE(sk->sk_state) != TCP_ESTABLISHED)
		return false;
	return is_inet6(sk) ? is_plain6(sk) : is_plain4(sk);
}

/* Whether a packet of this length goes out that way in one piece. */
static bool is_passable(const struct kpi_tx *tx, const struct dst_entry *dst)
{
	size_t headers = sizeof(struct udphdr) +
		(is_inet6(tx->so->sk) ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));

	return tx->len + headers <= min_t(u32, dst_mtu(dst), IP_MAX_MTU) && !dst_xfrm(dst) &&
	       LL_RESERVED_SPACE(dst->dev) + headers <= KPI_SURRENDER_ROOM;
}

/* The socket's route, with a reference, if it is still good and there is space to send. */
static struct dst_entry *find_route(const struct kpi_tx *tx)
{
	struct sock *sk = tx->so->sk;
	struct dst_entry *dst;

	if (sk_wmem_alloc_get(sk) >= READ_ONCE(sk->sk_sndbuf))
		return NULL;
	dst = sk_dst_check(sk, is_inet6(sk) ? inet6_sk(sk)->dst_cookie : 0);
	if (!dst || is_passable(tx, dst))
		return dst;
	dst_release(dst);
	return NULL;
}

/* The chain as a packet with a route, or NULL if sendmsg has to make one. */
static struct sk_buff *make_packet(struct kpi_tx *tx)
{
	struct dst_entry *dst = find_route(tx);
	struct sk_buff *skb = dst ? kpi_chain_surrender(tx->chain) : NULL;

	if (!skb) {
		dst_release(dst);
		return NULL;
	}
	skb_dst_set(skb, dst);
	tx->chain = NULL;
	return skb;
}

static void put_header(struct sk_buff *skb, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = inet->inet_sport;
	uh->dest = inet->inet_dport;
	uh->len = htons(skb->len);
}

static int transmit4(struct sk_buff *skb, struct sock *sk)
{
	struct flowi *flow = &inet_sk(sk)->cork.fl;

	udp_set_csum(sk->sk_no_check_tx, skb, flow->u.ip4.saddr, flow->u.ip4.daddr, skb->len);
	return ip_queue_xmit(sk, skb, flow);
}

#if IS_BUILTIN(CONFIG_IPV6)
static int transmit6(struct sk_buff *skb, struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	struct flowi6 flow = {
		.flowi6_proto = IPPROTO_UDP,
		.flowi6_oif = sk->sk_bound_dev_if,
		.saddr = np->saddr,
		.daddr = sk->sk_v6_daddr,
		.flowlabel = np->flow_label,
		.fl6_sport = inet_sk(sk)->inet_sport,
		.fl6_dport = inet_sk(sk)->inet_dport,
	};

	udp6_set_csum(false, skb, &flow.saddr, &flow.daddr, skb->len);
	return ip6_xmit(sk, skb, &flow, READ_ONCE(sk->sk_mark), NULL, np->tclass,
			READ_ONCE(sk->sk_priority));
}
#else
static int transmit6(struct sk_buff *skb, struct sock *sk)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}
#endif

static void count(struct sock *sk, int field)
{
	if (is_inet6(sk))
		SNMP_INC_STATS(sock_net(sk)->mib.udp_stats_in6, field);
	else
		SNMP_INC_STATS(sock_net(sk)->mib.udp_statistics, field);
}

/* One that a full queue drops is lost like any other: no error, as for sendmsg. */
static int transmit(struct sk_buff *skb, struct sock *sk)
{
	int err;

	put_header(skb, sk);
	skb_set_owner_w(skb, sk);
	err = is_inet6(sk) ? transmit6(skb, sk) : transmit4(skb, sk);
	if (err > 0)
		err = net_xmit_errno(err);
	if (!err)
		count(sk, UDP_MIB_OUTDATAGRAMS);
	if (err != -ENOBUFS)
		return err;
	count(sk, UDP_MIB_SNDBUFERRORS);
	return 0;
}

int kpi_udp_push(struct kpi_tx *tx)
{
	struct sk_buff *skb;
	ssize_t n;
	int err;

	n = kpi_tx_admit(tx, 0);
	if (n < 0)
		return n;
	skb = is_plain(tx) ? make_packet(tx) : NULL;
	if (!skb)
		return kpi_datagram_send(tx);

	err = transmit(skb, tx->so->sk);
	if (!err)
		tx->sent = tx->len;
	return err;
}
