// SPDX-License-Identifier: GPL-2.0
/*
 * Handing a chain to UDP as it is: its first mbuf becomes the sk_buff.
 *
 * This is what a connected IPv4 socket without anything unusual does, by the
 * way of the kernel's tunnels: the headers are put in front, the socket's cached
 * route is used. All else goes through Linux's sendmsg.
 */

#include <linux/in.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/udp.h>

#include "socket_priv.h"

#define HEADERS		(sizeof(struct iphdr) + sizeof(struct udphdr))

/* Whether sendmsg would do nothing but put headers in front. */
static bool is_plain(const struct kpi_tx *tx)
{
	const struct __socket *so = tx->so;
	const struct sock *sk = so->sk;
	const struct inet_sock *inet = inet_sk(sk);

	return tx->chain && sk->sk_family == AF_INET && !so->borrowed &&
	       READ_ONCE(sk->sk_state) == TCP_ESTABLISHED &&
	       !(tx->flags & KPI_MSG_DONTROUTE) && !tx->control_len &&
	       !sock_flag(sk, SOCK_LOCALROUTE) && !rcu_access_pointer(inet->inet_opt) &&
	       READ_ONCE(inet->pmtudisc) <= IP_PMTUDISC_DO &&
	       !ipv4_is_multicast(inet->inet_daddr);
}

/* Whether a packet of this length goes out that way in one piece. */
static bool is_passable(const struct kpi_tx *tx, const struct dst_entry *dst)
{
	return tx->len + HEADERS <= min_t(u32, dst_mtu(dst), IP_MAX_MTU) && !dst_xfrm(dst) &&
	       LL_RESERVED_SPACE(dst->dev) + HEADERS <= KPI_SURRENDER_ROOM;
}

/* The socket's route, with a reference, if it is still good and there is space to send. */
static struct dst_entry *find_route(const struct kpi_tx *tx)
{
	struct sock *sk = tx->so->sk;
	struct dst_entry *dst;

	if (sk_wmem_alloc_get(sk) >= READ_ONCE(sk->sk_sndbuf))
		return NULL;
	dst = sk_dst_check(sk, 0);
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

static void put_header(struct sk_buff *skb, struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	const struct flowi4 *flow = &inet->cork.fl.u.ip4;
	struct udphdr *uh = skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = inet->inet_sport;
	uh->dest = inet->inet_dport;
	uh->len = htons(skb->len);
	udp_set_csum(sk->sk_no_check_tx, skb, flow->saddr, flow->daddr, skb->len);
}

static void count(struct sock *sk, int field)
{
	SNMP_INC_STATS(sock_net(sk)->mib.udp_statistics, field);
}

/* One that a full queue drops is lost like any other: no error, as for sendmsg. */
static int transmit(struct sk_buff *skb, struct sock *sk)
{
	int err;

	put_header(skb, sk);
	skb_set_owner_w(skb, sk);
	err = ip_queue_xmit(sk, skb, &inet_sk(sk)->cork.fl);
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
