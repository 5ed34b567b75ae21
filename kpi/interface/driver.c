// SPDX-License-Identifier: GPL-2.0
/* Packets of an interface that a kext made: to the kext, and from it. */

#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sched/mm.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include <kpi/errno.h>
#include <kpi/socket.h>
#include <netkpi/skb.h>

#include "../filter/interface/packet.h"
#include "../mbuf/header.h"
#include "driver.h"
#include "frame.h"
#include "made.h"
#include "protocol.h"

/* Packets from the kext that may wait for its own protocols. */
#define RX_LIMIT	1000

/* --- out --- */

netdev_tx_t kpi_made_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct kpi_made *made = kpi_made_of_dev(dev);

	skb_tx_timestamp(skb);
	skb_queue_tail(&made->tx, skb);
	if (skb_queue_len_lockless(&made->tx) >= dev->tx_queue_len)
		netif_stop_queue(dev);
	kpi_made_work(made, &made->tx_work);	/* which starts it again */
	return NETDEV_TX_OK;
}

/* Half of the room is free again. */
static void start_again(struct kpi_made *made)
{
	struct net_device *dev;

	rcu_read_lock();
	dev = kpi_ifnet_dev(made->ifp);
	if (dev && netif_queue_stopped(dev) && netif_running(dev) &&
	    skb_queue_len_lockless(&made->tx) <= dev->tx_queue_len / 2)
		netif_wake_queue(dev);
	rcu_read_unlock();
}

/* Who gets it next: the router, or whom it is for. */
union next_hop {
	struct bsd_sockaddr sa;
	struct bsd_sockaddr_in in;
	struct bsd_sockaddr_in6 in6;
};

static void next_hop_v4(struct sk_buff *skb, struct bsd_sockaddr_in *in)
{
	const struct dst_entry *dst = skb_dst(skb);
	__be32 to = ip_hdr(skb)->daddr;

	if (dst && dst->ops->family == AF_INET) {
		const struct rtable *rt = container_of(dst, struct rtable, dst);

		if (rt->rt_gw_family == AF_INET)
			to = rt->rt_gw4;
	}
	*in = (struct bsd_sockaddr_in) {
		.sin_len = sizeof(*in),
		.sin_family = AF_INET,
		.sin_addr.s_addr = (__force u32)to,
	};
}

static void next_hop_v6(struct sk_buff *skb, struct bsd_sockaddr_in6 *in6)
{
	const struct in6_addr *to = &ipv6_hdr(skb)->daddr;
	struct dst_entry *dst = skb_dst(skb);

	if (dst && dst->ops->family == AF_INET6)
		to = rt6_nexthop(container_of(dst, struct rt6_info, dst), to);
	*in6 = (struct bsd_sockaddr_in6) { .sin6_len = sizeof(*in6), .sin6_family = AF_INET6 };
	memcpy(&in6->sin6_addr, to, sizeof(*to));
	if (ipv6_addr_type(to) & IPV6_ADDR_LINKLOCAL)
		in6->sin6_scope_id = skb->dev->ifindex;
}

/* False for what is neither. */
static bool next_hop_of(struct sk_buff *skb, protocol_family_t family, union next_hop *hop)
{
	if (family == PF_INET && pskb_may_pull(skb, sizeof(struct iphdr)))
		next_hop_v4(skb, &hop->in);
	else if (family == PF_INET6 && pskb_may_pull(skb, sizeof(struct ipv6hdr)))
		next_hop_v6(skb, &hop->in6);
	else
		return false;
	return true;
}

/* 0, or an error, and the chain is gone: the caller's or, with EJUSTRETURN, kept. */
static errno_t settle(errno_t error, mbuf_t m)
{
	if (error && error != KPI_EJUSTRETURN && m)
		kpi_mbuf_freem(m);
	return error;
}

/* The protocol says to whom, the framer puts the header on. */
static errno_t frame(struct kpi_made *made, struct kpi_made_protocol *protocol, mbuf_t *m,
		     const struct bsd_sockaddr *dest)
{
	char frame_type[16] = { }, link[16] = { };
	errno_t error = 0;

	if (protocol->f.pre_output)
		error = settle(protocol->f.pre_output(made->ifp, protocol->family, m, dest, NULL,
						      frame_type, link), *m);
	if (!error && made->init.framer)
		error = settle(made->init.framer(made->ifp, m, dest, link, frame_type), *m);
	return error;
}

/* Consumes the packet. */
errno_t kpi_made_output(struct kpi_made *made, protocol_family_t family, mbuf_t m,
			const struct bsd_sockaddr *dest)
{
	struct kpi_made_protocol *protocol = kpi_made_protocol_get(made, family);
	errno_t error;

	if (!protocol) {
		kpi_mbuf_freem(m);
		kpi_made_count(made, &made->stats.dropped, 1);
		return ENXIO;
	}
	error = frame(made, protocol, &m, dest);
	kpi_made_protocol_put(made, protocol);
	if (!error)
		error = kpi_iflt_output(made->ifp, family, &m);
	if (!error)
		return made->init.output(made->ifp, m);
	return error == KPI_EJUSTRETURN ? 0 : error;
}

static void transmit(struct kpi_made *made, struct sk_buff *skb)
{
	protocol_family_t family = kpi_protocol_family(skb->protocol);
	union next_hop hop;
	bool known = made->ethernet || next_hop_of(skb, family, &hop);
	mbuf_t m;

	if (!known) {
		kfree_skb(skb);
		kpi_made_count(made, &made->stats.dropped, 1);
		return;
	}
	skb_orphan(skb);
	skb_dst_drop(skb);
	m = kpi_mbuf_from_skb(skb, KPI_OUTBOUND, GFP_NOIO);
	if (!m)
		return;
	kpi_hdr(m)->linux_meta.captured = true;
	if (made->ethernet)
		made->init.output(made->ifp, m);
	else
		kpi_made_output(made, family, m, &hop.sa);
}

void kpi_made_tx_run(struct work_struct *work)
{
	struct kpi_made *made = container_of(work, struct kpi_made, tx_work);
	unsigned int noio = memalloc_noio_save();
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&made->tx))) {
		transmit(made, skb);
		start_again(made);
		cond_resched();
	}
	start_again(made);
	memalloc_noio_restore(noio);
	kpi_made_put(made);
}

/* --- in --- */

void kpi_made_rx_add(struct kpi_made *made, mbuf_t m)
{
	bool room;

	spin_lock_bh(&made->rx_lock);
	room = made->rx_len < RX_LIMIT;
	if (room) {
		kpi_mbuf_setnextpkt(m, NULL);
		if (made->rx)
			kpi_mbuf_setnextpkt(made->rx_last, m);
		else
			made->rx = m;
		made->rx_last = m;
		made->rx_len++;
	}
	spin_unlock_bh(&made->rx_lock);
	if (room) {
		kpi_made_work(made, &made->rx_work);
		return;
	}
	kpi_mbuf_freem(m);
	kpi_made_count(made, &made->stats.dropped, 1);
}

static mbuf_t rx_next(struct kpi_made *made)
{
	mbuf_t m;

	spin_lock_bh(&made->rx_lock);
	m = made->rx;
	if (m) {
		made->rx = kpi_mbuf_nextpkt(m);
		made->rx_len--;
		kpi_mbuf_setnextpkt(m, NULL);
	}
	spin_unlock_bh(&made->rx_lock);
	return m;
}

/* To the protocol it is of. */
static void deliver(struct kpi_made *made, protocol_family_t family, mbuf_t m, char *header)
{
	struct kpi_made_protocol *protocol = kpi_made_protocol_get(made, family);
	errno_t error;

	if (!protocol) {
		kpi_mbuf_freem(m);
		kpi_made_count(made, &made->stats.no_protocol, 1);
		return;
	}
	if (protocol->input_v2)
		error = protocol->input_v2(made->ifp, family, m);
	else
		error = protocol->f.input(made->ifp, family, m, header);
	settle(error, m);
	kpi_made_protocol_put(made, protocol);
}

static void receive(struct kpi_made *made, mbuf_t m)
{
	char *header = kpi_frame_header(m, made->hdrlen);
	protocol_family_t family = 0;
	errno_t error = 0;

	if (made->init.demux)
		error = made->init.demux(made->ifp, m, header, &family);
	if (error == KPI_EJUSTRETURN)
		return;
	if (error)
		family = 0;
	if (!kpi_iflt_walk_input(made->ifp, family, &m, &header))
		deliver(made, family, m, header);
}

void kpi_made_rx_run(struct work_struct *work)
{
	struct kpi_made *made = container_of(work, struct kpi_made, rx_work);
	unsigned int noio = memalloc_noio_save();
	mbuf_t m;

	while ((m = rx_next(made))) {
		receive(made, m);
		cond_resched();
	}
	memalloc_noio_restore(noio);
	kpi_made_put(made);
}

void kpi_made_purge(struct kpi_made *made)
{
	mbuf_t m;

	skb_queue_purge(&made->tx);
	while ((m = rx_next(made)))
		kpi_mbuf_freem(m);
}

/* --- counters: the kext's --- */

void kpi_made_get_stats(struct net_device *dev, struct rtnl_link_stats64 *out)
{
	struct kpi_made *made = kpi_made_of_dev(dev);
	struct bsd_ifnet_stats_param stats;

	spin_lock_bh(&made->stats_lock);
	stats = made->stats;
	spin_unlock_bh(&made->stats_lock);
	out->rx_packets = stats.packets_in;
	out->rx_bytes = stats.bytes_in;
	out->multicast = stats.multicasts_in;
	out->rx_errors = stats.errors_in;
	out->tx_packets = stats.packets_out;
	out->tx_bytes = stats.bytes_out;
	out->tx_errors = stats.errors_out;
	out->collisions = stats.collisions;
	out->rx_dropped = stats.dropped;
	out->rx_nohandler = stats.no_protocol;
}
