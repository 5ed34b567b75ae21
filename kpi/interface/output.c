// SPDX-License-Identifier: GPL-2.0
/* Packets that kexts send by an interface, without a link header yet. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/arp.h>
#include <net/ndisc.h>

#include <kpi/mbuf.h>
#include <kpi/socket.h>
#include <netkpi/skb.h>

#include "../mbuf/header.h"
#include "driver.h"
#include "made.h"

static struct neighbour *neighbour_v4(struct net_device *dev, const struct bsd_sockaddr_in *in)
{
	u32 key = in->sin_addr.s_addr;
	struct neighbour *n = __ipv4_neigh_lookup_noref(dev, key);

	return n ?: __neigh_create(&arp_tbl, &key, dev, false);
}

#if IS_ENABLED(CONFIG_IPV6)
static struct neighbour *neighbour_v6(struct net_device *dev, const struct bsd_sockaddr_in6 *in6)
{
	const void *key = &in6->sin6_addr;
	struct neighbour *n = __ipv6_neigh_lookup_noref(dev, key);

	return n ?: __neigh_create(&nd_tbl, key, dev, false);
}
#else
static struct neighbour *neighbour_v6(struct net_device *dev, const struct bsd_sockaddr_in6 *in6)
{
	return ERR_PTR(-EAFNOSUPPORT);
}
#endif

static int send_to_neighbour(struct sk_buff *skb, const struct bsd_sockaddr *dest)
{
	struct neighbour *n;

	if (dest->sa_family == AF_INET)
		n = neighbour_v4(skb->dev, (const void *)dest);
	else
		n = neighbour_v6(skb->dev, (const void *)dest);
	if (!IS_ERR(n))
		return neigh_output(n, skb, false);
	kfree_skb(skb);
	return PTR_ERR(n);
}

/* The address is an Ethernet header: to, from, type. */
static int send_framed(struct sk_buff *skb, const struct bsd_sockaddr *dest)
{
	const struct ethhdr *eth = (const void *)dest->sa_data;

	if (skb->dev->type != ARPHRD_ETHER || skb_cow_head(skb, ETH_HLEN) ||
	    dev_hard_header(skb, skb->dev, ntohs(eth->h_proto), eth->h_dest, NULL, skb->len) < 0) {
		kfree_skb(skb);
		return -EINVAL;
	}
	skb->protocol = eth->h_proto;
	return dev_queue_xmit(skb);
}

static int send(struct sk_buff *skb, const struct bsd_sockaddr *dest)
{
	if (!skb_is_gso(skb) && skb->len > READ_ONCE(skb->dev->mtu)) {
		kfree_skb(skb);
		return -EMSGSIZE;
	}
	if (!skb->dev->header_ops)
		return dev_queue_xmit(skb);
	switch (dest->sa_family) {
	case AF_UNSPEC:
		return send_framed(skb, dest);
	case AF_INET:
	case AF_INET6:
		return send_to_neighbour(skb, dest);
	default:
		kfree_skb(skb);
		return -EAFNOSUPPORT;
	}
}

static int output_linux(ifnet_t ifp, mbuf_t m, const struct bsd_sockaddr *dest)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	int err = -EINVAL;

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	local_bh_disable();
	rcu_read_lock();
	skb->dev = kpi_ifnet_dev(ifp);
	if (skb->dev)
		err = send(skb, dest);
	else
		kfree_skb(skb);
	rcu_read_unlock();
	local_bh_enable();
	return err > 0 ? net_xmit_errno(err) : err;
}

static int output(ifnet_t ifp, protocol_family_t family, mbuf_t m, void *route,
		  const struct bsd_sockaddr *dest)
{
	int err = -EINVAL;

	if (route) {
		kpi_mbuf_freem(m);
		return -EOPNOTSUPP;
	}
	if (!ifp->made || ifp->made->ethernet)
		return output_linux(ifp, m, dest);
	if (!kpi_made_enter(ifp->made)) {
		kpi_mbuf_freem(m);
		return err;
	}
	err = -kpi_made_output(ifp->made, family, m, dest);
	kpi_made_leave(ifp->made);
	return err;
}

/**
 * kpi_ifnet_output() - send a packet by an interface
 * @interface:       the interface
 * @protocol_family: PF_INET, ...
 * @packet:          the packet, without a link header; consumes it whatever happens
 * @route:           must be NULL
 * @dest:            who gets it next: an address of the family, or an Ethernet header with
 *                   AF_UNSPEC; borrows
 *
 * macOS difference: there are no routes to hand over: EOPNOTSUPP.
 *
 * Context: Process context, since filters may sleep.
 * Return: 0; EINVAL for bad arguments; EMSGSIZE for more than the MTU; what resolving, a filter or the queue says; ENOMEM.
 */
errno_t kpi_ifnet_output(ifnet_t interface, protocol_family_t protocol_family, mbuf_t packet,
			 void *route, const struct bsd_sockaddr *dest)
{
	ifnet_t ifp = NULL;
	int err;

	kpi_might_sleep();
	if (packet && dest && protocol_family && !kpi_not_packet(packet))
		ifp = kpi_ifnet_get(interface);
	if (!ifp) {
		if (packet)
			kpi_mbuf_freem(packet);
		return EINVAL;
	}
	err = output(ifp, protocol_family, packet, route, dest);
	kpi_ifnet_put(ifp);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_output);
