// SPDX-License-Identifier: GPL-2.0
/*
 * Packet taps. Linux's captures see each packet that goes by a device, so a kext's taps
 * have nothing to add for those: what Linux gave to the kext was captured before, what
 * the kext gives to ifnet_input() or proto_input() will be. What is left is what a kext
 * sends by a way of its own.
 */

#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include <netkpi/skb.h>

#include "../compat/interface.h"
#include "../mbuf/header.h"
#include "interface_priv.h"

#define DLT_EN10MB	1

/* A copy with the header in front; the packet stays the caller's. */
static struct sk_buff *copy_of(mbuf_t m, const void *header, size_t header_len)
{
	size_t len = kpi_chain_len(m);
	struct sk_buff *skb;

	if (len > U16_MAX || header_len > MAX_HEADER)
		return NULL;
	skb = alloc_skb(header_len + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reset_mac_header(skb);
	skb_put_data(skb, header, header_len);
	if (len && kpi_mbuf_copydata(m, 0, len, skb_put(skb, len))) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static void capture(struct net_device *dev, u32 dlt, mbuf_t m, const void *header, size_t len)
{
	bool frame = dev->hard_header_len == ETH_HLEN;
	struct sk_buff *skb;

	if (frame != (dlt == DLT_EN10MB))
		len = 0;		/* of a header that the device's captures do not know */
	skb = copy_of(m, header, header ? len : 0);
	if (!skb)
		return;
	skb->dev = dev;
	skb_set_network_header(skb, frame ? min_t(unsigned int, skb->len, ETH_HLEN) : 0);
	skb->protocol = htons(ETH_P_IP);
	if (frame && skb->len >= ETH_HLEN)
		skb->protocol = eth_hdr(skb)->h_proto;
	else if (skb->len && skb->data[0] >> 4 == 6)
		skb->protocol = htons(ETH_P_IPV6);
	dev_queue_xmit_nit(skb, dev);
	consume_skb(skb);
}

/**
 * kpi_bpfattach() - say that an interface is to be captured
 * @interface:      the interface
 * @data_link_type: DLT_...
 * @header_length:  of the link header
 *
 * macOS difference: Linux's captures are there for each interface; nothing is to be done.
 *
 * Context: Any.
 */
void kpi_bpfattach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length)
{
}
KPI_EXPORT(kpi_bpfattach);

/**
 * kpi_bpf_attach() - the same, with functions
 * @interface:      the interface
 * @data_link_type: DLT_...
 * @header_length:  of the link header
 * @send:           not called: programs send by packet sockets
 * @tap:            not called
 *
 * macOS difference: as kpi_bpfattach().
 *
 * Context: Any.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_bpf_attach(ifnet_t interface, u_int32_t data_link_type, u_int32_t header_length,
		       bpf_packet_func send, bpf_packet_func tap)
{
	return kpi_ifnet_index(interface) == U32_MAX ? EINVAL : 0;
}
KPI_EXPORT(kpi_bpf_attach);

/**
 * kpi_bpf_tap_in() - show captures a packet that comes in
 * @interface:  the interface
 * @dlt:        DLT_...
 * @packet:     the packet; borrows
 * @header:     its link header, or NULL; borrows
 * @header_len: bytes there
 *
 * macOS difference: nothing is done here. Captures see the packet when it is given to
 * kpi_ifnet_input() or kpi_proto_input(), once; one that never is they do not see.
 *
 * Context: Any.
 */
void kpi_bpf_tap_in(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header,
		    size_t header_len)
{
}
KPI_EXPORT(kpi_bpf_tap_in);

/**
 * kpi_bpf_tap_out() - show captures a packet that goes out
 * @interface:  the interface
 * @dlt:        DLT_...
 * @packet:     the packet; borrows
 * @header:     its link header, or NULL; borrows
 * @header_len: bytes there
 *
 * macOS difference: packets that Linux sent by the interface have been captured before
 * the kext got them, and are not shown again. Of an interface without link headers
 * captures show none.
 *
 * Context: Interrupts enabled.
 */
void kpi_bpf_tap_out(ifnet_t interface, u_int32_t dlt, mbuf_t packet, void *header,
		     size_t header_len)
{
	struct net_device *dev;

	if (!packet || kpi_not_packet(packet) || kpi_hdr(packet)->linux_meta.captured)
		return;
	local_bh_disable();		/* as captures expect */
	rcu_read_lock();
	dev = kpi_ifnet_dev(interface);
	if (dev && dev_nit_active(dev))
		capture(dev, dlt, packet, header, header_len);
	rcu_read_unlock();
	local_bh_enable();
}
KPI_EXPORT(kpi_bpf_tap_out);
