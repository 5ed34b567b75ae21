// SPDX-License-Identifier: GPL-2.0
/* Packets that kexts have come in by an interface, or go out by it. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/uaccess.h>
#include <net/arp.h>
#include <net/ndisc.h>
#include <net/route.h>

#include <kpi/errno.h>
#include <kpi/mbuf.h>
#include <kpi/socket.h>
#include <netkpi/skb.h>

#include "../filter/interface/packet.h"
#include "../filter/ip/inject.h"
#include "../mbuf/header.h"
#include "driver.h"
#include "frame.h"
#include "made.h"

static bool has_ethernet_header(const struct net_device *dev)
{
	return dev->hard_header_len == ETH_HLEN &&
	       (dev->type == ARPHRD_ETHER || dev->type == ARPHRD_LOOPBACK);
}

static __be16 frame_type(const u8 *link)
{
	__be16 type = ((const struct ethhdr *)link)->h_proto;

	return eth_proto_is_802_3(type) ? type : htons(ETH_P_802_2);
}

/* --- in --- */

char *kpi_frame_header(mbuf_t m, unsigned int hdrlen)
{
	char *header = kpi_hdr(m)->header;
	u8 byte;

	if (header && header != kpi_mbuf_data(m) && !copy_from_kernel_nofault(&byte, header, 1))
		return header;
	header = kpi_mbuf_data(m);
	if (kpi_mbuf_len(m) < hdrlen)
		return NULL;
	kpi_mbuf_adj(m, hdrlen);
	return header;
}

/* By its Ethernet type, or by the version of IP. */
protocol_family_t kpi_frame_family(ifnet_t ifp, mbuf_t m, const char *header)
{
	u8 link[ETH_HLEN], first = 0;

	if (header && kpi_ifnet_hdrlen(ifp) == ETH_HLEN &&
	    !copy_from_kernel_nofault(link, header, ETH_HLEN))
		return kpi_protocol_family(frame_type(link));
	kpi_mbuf_copydata(m, 0, 1, &first);
	return first >> 4 == 6 ? PF_INET6 : first >> 4 == 4 ? PF_INET : 0;
}

struct sk_buff *kpi_frame_received(mbuf_t m, const char *header, struct net_device *dev)
{
	unsigned int len = min_t(unsigned int, dev->hard_header_len, MAX_HEADER);
	u8 link[MAX_HEADER] = { };
	struct sk_buff *skb;

	if (len && (!header || copy_from_kernel_nofault(link, header, len)))
		len = 0;
	skb = kpi_mbuf_to_skb(m, 0, GFP_ATOMIC);
	if (IS_ERR(skb))
		return NULL;
	if (skb_cow_head(skb, len) || (!len && has_ethernet_header(dev))) {
		kfree_skb(skb);
		return NULL;
	}
	memcpy(skb_push(skb, len), link, len);
	skb_reset_mac_header(skb);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	if (has_ethernet_header(dev))
		skb->protocol = eth_type_trans(skb, dev);
	else
		__skb_pull(skb, len);
	if (skb->protocol == htons(ETH_P_IP) && pskb_may_pull(skb, sizeof(struct iphdr)))
		kpi_set_local_route(skb);
	return skb;
}

/* A bridge above sends on what comes to the device; what is IP's already comes to the bridge. */
static struct net_device *device_of_ip(ifnet_t ifp)
{
	struct net_device *dev = kpi_ifnet_dev(ifp), *master = NULL;

	if (dev && rcu_access_pointer(dev->rx_handler))
		master = netdev_master_upper_dev_get_rcu(dev);
	return master ?: dev;
}

bool kpi_frame_of_ip(struct sk_buff *skb, ifnet_t ifp)
{
	struct net_device *dev = device_of_ip(ifp);
	struct ethhdr *eth;

	if (!dev || skb_cow_head(skb, ETH_HLEN))
		return false;
	skb->dev = dev;
	skb_reset_mac_header(skb);
	if (!has_ethernet_header(dev))
		return true;
	eth = skb_push(skb, ETH_HLEN);
	memcpy(eth->h_dest, dev->dev_addr, ETH_ALEN);
	eth_zero_addr(eth->h_source);
	eth->h_proto = skb->protocol;
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	return true;
}

/* To the filters, if there are some; else as a driver does it. Consumes the packet. */
static int input_one(ifnet_t ifp, mbuf_t m)
{
	struct kpi_iflt_point *point;
	struct net_device *dev;
	struct sk_buff *skb;
	char *header;

	dev = kpi_ifnet_dev(ifp);
	if (dev && kpi_made_frames(dev)) {
		kpi_hdr(m)->rcvif = ifp;
		kpi_made_rx_add(ifp->made, m);
		return 0;
	}
	header = dev ? kpi_frame_header(m, dev->hard_header_len) : NULL;
	if (!header) {
		kpi_mbuf_freem(m);
		return -EINVAL;
	}
	kpi_hdr(m)->rcvif = ifp;
	point = rcu_dereference(ifp->point);
	if (point && kpi_iflt_input(point, m, header))
		return 0;
	skb = kpi_frame_received(m, header, dev);
	if (skb)
		netif_rx(skb);
	return 0;
}

static unsigned int length_of(mbuf_t m)
{
	unsigned int n = 0;

	for (; m; m = kpi_mbuf_nextpkt(m))
		n++;
	return n;
}

/* Packets and bytes are counted anew, errors are the caller's. */
static void count_input(ifnet_t ifp, mbuf_t first, const struct bsd_ifnet_stat_increment_param *s)
{
	struct kpi_made *made = kpi_made_get(ifp);
	u64 packets = 0, bytes = 0;
	mbuf_t m;

	if (!made)
		return;
	for (m = first; m; m = kpi_mbuf_nextpkt(m)) {
		packets++;
		bytes += kpi_mbuf_pkthdr_len(m);
	}
	spin_lock_bh(&made->stats_lock);
	made->stats.packets_in += packets;
	made->stats.bytes_in += bytes;
	made->stats.errors_in += s->errors_in;
	made->stats.dropped += s->dropped;
	spin_unlock_bh(&made->stats_lock);
	kpi_made_put(made);
}

static int input(ifnet_t ifp, mbuf_t first, unsigned long caller)
{
	int err = first ? 0 : -EINVAL;
	mbuf_t m, next;

	for (m = first; m; m = next) {
		next = kpi_mbuf_nextpkt(m);
		kpi_mbuf_setnextpkt(m, NULL);
		if (kpi_not_packet_from(caller, m)) {
			kpi_mbuf_freem(m);
			err = -EINVAL;
			continue;
		}
		rcu_read_lock();
		err = input_one(ifp, m) ?: err;
		rcu_read_unlock();
	}
	return err;
}

/**
 * kpi_ifnet_input() - have packets come in by an interface
 * @interface: the interface
 * @first:     packets, linked by kpi_mbuf_nextpkt(); consumes them whatever happens
 * @stats:     counters to be added, or NULL; borrows
 *
 * A packet's data is what follows the link header, which mbuf_pkthdr_header() points
 * to; if that is NULL the packet begins with it. The interface's filters see
 * it in their thread. Captures see what did not come in before.
 *
 * macOS difference: counters are those of interfaces that kexts made.
 *
 * Context: Interrupts enabled.
 * Return: 0; EINVAL without packets, if one is shorter than the link header, or if there
 * is no such interface any more.
 */
errno_t kpi_ifnet_input(ifnet_t interface, mbuf_t first,
			const struct bsd_ifnet_stat_increment_param *stats)
{
	if (stats)
		count_input(interface, first, stats);
	kpi_kext_count(kpi_kext_caller(), KPI_COUNT_INJECTED, length_of(first));
	return kpi_errno(input(interface, first, _RET_IP_));
}
KPI_EXPORT(kpi_ifnet_input);

/* --- out --- */

static struct sk_buff *raw_frame(mbuf_t m, unsigned int hdrlen)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(m, hdrlen, GFP_KERNEL);

	if (IS_ERR(skb))
		return skb;
	skb_orphan(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	if (skb->len < hdrlen || !pskb_may_pull(skb, hdrlen)) {
		kfree_skb(skb);
		return ERR_PTR(-EINVAL);
	}
	return skb;
}

/* Past our own hook, and past all if they have seen it. Consumes the sk_buff. */
static int transmit(ifnet_t ifp, struct sk_buff *skb, bool hooked)
{
	int err;

	local_bh_disable();
	rcu_read_lock();
	skb->dev = kpi_ifnet_dev(ifp);
	if (!skb->dev) {
		kfree_skb(skb);
		err = -EINVAL;
	} else {
		skb_reset_mac_header(skb);
		if (has_ethernet_header(skb->dev))
			skb->protocol = frame_type(skb->data);
		err = kpi_iflt_transmit(skb, hooked);
	}
	rcu_read_unlock();
	local_bh_enable();
	return err > 0 ? net_xmit_errno(err) : err;
}

/* A frame of an interface whose driver is a kext that frames by itself. */
static int drive(ifnet_t ifp, mbuf_t m)
{
	int err;

	if (!kpi_made_enter(ifp->made)) {
		kpi_mbuf_freem(m);
		return -EINVAL;
	}
	err = -ifp->made->init.output(ifp, m);
	kpi_made_leave(ifp->made);
	return err;
}

static int output_raw(ifnet_t ifp, protocol_family_t protocol, mbuf_t m)
{
	bool hooked = kpi_hdr(m)->linux_meta.hooked;
	unsigned int hdrlen = kpi_ifnet_hdrlen(ifp);
	struct sk_buff *skb;
	errno_t error;

	if (kpi_chain_len(m) < hdrlen) {
		kpi_mbuf_freem(m);
		return -EINVAL;
	}
	error = kpi_iflt_output(ifp, protocol, &m);
	if (error)
		return error == KPI_EJUSTRETURN ? 0 : -error;
	if (ifp->made && !ifp->made->ethernet)
		return drive(ifp, m);
	skb = raw_frame(m, hdrlen);
	if (IS_ERR(skb))
		return PTR_ERR(skb);
	return transmit(ifp, skb, hooked);
}

/**
 * kpi_ifnet_output_raw() - send a frame by an interface
 * @interface: the interface
 * @protocol:  the family that filters are told
 * @packet:    the frame, link header included; consumes it whatever happens
 *
 * The interface's filters see it here, before this returns; then it is queued for the
 * driver. From a filter that runs directly it is sent by a thread.
 *
 * macOS difference: none.
 *
 * Context: Process context, since filters may sleep; any from inside one that runs
 * directly.
 * Return: 0; EINVAL without interface or packet, or for less than a link header; EMSGSIZE
 * for a frame of more than the MTU; what a filter or the queue says; ENOMEM.
 */
errno_t kpi_ifnet_output_raw(ifnet_t interface, protocol_family_t protocol, mbuf_t packet)
{
	ifnet_t ifp;
	int err;

	ifp = packet && !kpi_not_packet(packet) ? kpi_ifnet_get(interface) : NULL;
	if (!ifp) {
		if (packet)
			kpi_mbuf_freem(packet);
		return EINVAL;
	}
	kpi_kext_count(kpi_kext_caller(), KPI_COUNT_INJECTED, 1);
	if (kpi_is_direct()) {
		err = kpi_iflt_output_later(ifp, protocol, packet);
	} else {
		kpi_might_sleep();
		err = output_raw(ifp, protocol, packet);
	}
	kpi_ifnet_put(ifp);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_output_raw);
