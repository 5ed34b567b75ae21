// SPDX-License-Identifier: GPL-2.0
/*
 * Handing a chain to UDP as it is: its first mbuf becomes the sk_buff.
 *
 * This is what a connected socket without anything unusual does, by the way of
 * the kernel's tunnels: the headers are put in front, the socket's cached route
 * is used. All else goes through Linux's sendmsg.
 *
 * Where the packet goes is read with the socket locked, once: connect() may be
 * changing it. The route's device may go at any time, so that it is looked at and
 * used in one RCU section.
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
#include "others.h"
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

/* IPV6_PKTINFO, which holds for every packet. */
static bool has_packet_info(const struct ipv6_pinfo *np)
{
	return np->sticky_pktinfo.ipi6_ifindex || !ipv6_addr_any(&np->sticky_pktinfo.ipi6_addr);
}

/* A module of its own would have to be there before the layer. */
static bool is_plain6(const struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	int type = ipv6_addr_type(&sk->sk_v6_daddr);

	return IS_BUILTIN(CONFIG_IPV6) && !rcu_access_pointer(np->opt) && !has_packet_info(np) &&
	       !(type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_MAPPED)) &&
	       np->pmtudisc <= IPV6_PMTUDISC_DO;
}

/* What a program may have asked of its socket, and what sendmsg would say instead of sending. */
static bool is_unusual(const struct sock *sk)
{
	const struct udp_sock *up = udp_sk(sk);

	return READ_ONCE(up->pending) || READ_ONCE(up->gso_size) || udp_test_bit(CORK, sk) ||
	       udp_get_no_check6_tx(sk) || sock_flag(sk, SOCK_TXTIME) || READ_ONCE(sk->sk_tsflags) ||
	       READ_ONCE(sk->sk_err) || READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN;
}

static bool may_pass(const struct kpi_tx *tx)
{
	return tx->passed ? kpi_so_is_plain(tx->so) && !is_unusual(tx->so->sk) :
			    kpi_so_is_direct(tx->so);
}

/* Whether sendmsg would do nothing but put headers in front. */
static bool is_plain(const struct kpi_tx *tx)
{
	const struct sock *sk = tx->so->sk;

	if ((tx->flags & KPI_MSG_DONTROUTE) || sock_flag(sk, SOCK_LOCALROUTE) ||
	    sk->sk_state != TCP_ESTABLISHED || !may_pass(tx))
		return false;
	return is_inet6(sk) ? is_plain6(sk) : is_plain4(sk);
}

/* Where a packet goes. */
struct way {
	struct dst_entry *dst;		/* with a reference */
	struct flowi flow;
};

static void set_flow4(struct flowi4 *flow, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	flow->saddr = inet->inet_saddr;
	flow->daddr = inet->inet_daddr;
	flow->fl4_sport = inet->inet_sport;
	flow->fl4_dport = inet->inet_dport;
}

static void set_flow6(struct flowi6 *flow, const struct sock *sk)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	flow->flowi6_proto = IPPROTO_UDP;
	flow->flowi6_oif = sk->sk_bound_dev_if;
	flow->saddr = np->saddr;
	flow->daddr = sk->sk_v6_daddr;
	flow->flowlabel = np->flow_label;
	flow->fl6_sport = inet_sk(sk)->inet_sport;
	flow->fl6_dport = inet_sk(sk)->inet_dport;
}

static void set_flow(struct flowi *flow, const struct sock *sk)
{
	memset(flow, 0, sizeof(*flow));
	if (is_inet6(sk))
		set_flow6(&flow->u.ip6, sk);
	else
		set_flow4(&flow->u.ip4, sk);
}

/* The socket's route, if it is still good and there is space to send. */
static bool find_way(const struct kpi_tx *tx, struct way *way)
{
	struct sock *sk = tx->so->sk;
	bool slow;

	if (!tx->chain || tx->so->borrowed || tx->control_len ||
	    sk_wmem_alloc_get(sk) >= READ_ONCE(sk->sk_sndbuf))
		return false;

	slow = lock_sock_fast(sk);
	way->dst = is_plain(tx) ? sk_dst_check(sk, is_inet6(sk) ? inet6_sk(sk)->dst_cookie : 0)
				: NULL;
	if (way->dst)
		set_flow(&way->flow, sk);
	unlock_sock_fast(sk, slow);
	return way->dst;
}

/* Whether a packet of this length goes out that way in one piece. */
static bool is_passable(const struct kpi_tx *tx, const struct dst_entry *dst)
{
	size_t headers = sizeof(struct udphdr) +
		(is_inet6(tx->so->sk) ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));

	return tx->len + headers <= min_t(u32, dst_mtu(dst), IP_MAX_MTU) && !dst_xfrm(dst) &&
	       LL_RESERVED_SPACE(READ_ONCE(dst->dev)) + headers <= KPI_SURRENDER_ROOM;
}

/* The chain as a packet with a route, or NULL if sendmsg has to make one. */
static struct sk_buff *make_packet(struct kpi_tx *tx, struct dst_entry *dst)
{
	struct sk_buff *skb;

	skb = is_passable(tx, dst) ? kpi_chain_surrender(tx->chain) : NULL;
	if (!skb) {
		dst_release(dst);
		return NULL;
	}
	skb_dst_set(skb, dst);
	tx->chain = NULL;
	return skb;
}

static void put_header(struct sk_buff *skb, __be16 from, __be16 to)
{
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = from;
	uh->dest = to;
	uh->len = htons(skb->len);
}

static int transmit4(struct sk_buff *skb, struct sock *sk, struct flowi *flow)
{
	struct flowi4 *flow4 = &flow->u.ip4;

	put_header(skb, flow4->fl4_sport, flow4->fl4_dport);
	udp_set_csum(sk->sk_no_check_tx, skb, flow4->saddr, flow4->daddr, skb->len);
	return ip_queue_xmit(sk, skb, flow);
}

#if IS_BUILTIN(CONFIG_IPV6)
static int transmit6(struct sk_buff *skb, struct sock *sk, struct flowi6 *flow)
{
	put_header(skb, flow->fl6_sport, flow->fl6_dport);
	udp6_set_csum(false, skb, &flow->saddr, &flow->daddr, skb->len);
	return ip6_xmit(sk, skb, flow, READ_ONCE(sk->sk_mark), NULL, inet6_sk(sk)->tclass,
			READ_ONCE(sk->sk_priority));
}
#else
static int transmit6(struct sk_buff *skb, struct sock *sk, struct flowi6 *flow)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}
#endif

void kpi_udp_count(struct sock *sk, int field)
{
	if (is_inet6(sk))
		SNMP_INC_STATS(sock_net(sk)->mib.udp_stats_in6, field);
	else
		SNMP_INC_STATS(sock_net(sk)->mib.udp_statistics, field);
}

/* One that a full queue drops is lost like any other: no error, as for sendmsg. */
static int transmit(struct sk_buff *skb, struct sock *sk, struct flowi *flow)
{
	int err;

	skb_set_owner_w(skb, sk);
	err = is_inet6(sk) ? transmit6(skb, sk, &flow->u.ip6) : transmit4(skb, sk, flow);
	if (err > 0)
		err = net_xmit_errno(err);
	if (!err)
		kpi_udp_count(sk, UDP_MIB_OUTDATAGRAMS);
	if (err != -ENOBUFS)
		return err;
	kpi_udp_count(sk, UDP_MIB_SNDBUFERRORS);
	return 0;
}

/* 1 if it did not go that way, and is still there. */
static int push_packet(struct kpi_tx *tx)
{
	struct way way __uninitialized;
	struct sk_buff *skb;
	int err = 1;

	if (!find_way(tx, &way))
		return 1;
	rcu_read_lock();
	skb = make_packet(tx, way.dst);
	if (skb)
		err = transmit(skb, tx->so->sk, &way.flow);
	rcu_read_unlock();
	if (!err)
		tx->sent = tx->len;
	return err;
}

int kpi_udp_push(struct kpi_tx *tx)
{
	ssize_t n;
	int err;

	n = kpi_tx_admit(tx, 0);
	if (n < 0)
		return n;
	err = push_packet(tx);
	return err > 0 ? kpi_datagram_send(tx) : err;
}

/**
 * kpi_udp_send_passed() - send a process's datagram that its filters have passed
 * @so:   the socket's handle, entered
 * @data: the datagram; consumed unless the result is 1
 *
 * For a call that asks for nothing but that it be sent to the peer. Without the copy
 * that sendmsg would make.
 *
 * Return: 0 or -errno; 1 if it takes sendmsg.
 */
int kpi_udp_send_passed(struct __socket *so, mbuf_t data)
{
	struct kpi_tx tx = { .so = so, .chain = data, .len = kpi_chain_len(data), .passed = true };

	return push_packet(&tx);
}
