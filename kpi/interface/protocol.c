// SPDX-License-Identifier: GPL-2.0
/* Protocols of interfaces that kexts made, and packets for IP itself. */

#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include <kpi/event.h>
#include <netkpi/skb.h>

#include "../filter/ip/inject.h"
#include "../mbuf/header.h"
#include "frame.h"
#include "made.h"
#include "protocol.h"

/* --- attached protocols --- */

static struct kpi_made_protocol *find(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_protocol *protocol;

	lockdep_assert_held(&made->protocols_lock);
	list_for_each_entry(protocol, &made->protocols, node)
		if (protocol->family == family)
			return protocol;
	return NULL;
}

struct kpi_made_protocol *kpi_made_protocol_get(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_protocol *protocol;

	spin_lock_bh(&made->protocols_lock);
	protocol = find(made, family);
	if (protocol)
		refcount_inc(&protocol->refs);
	spin_unlock_bh(&made->protocols_lock);
	return protocol;
}

/* Whoever lets go last tells the kext. */
void kpi_made_protocol_put(struct kpi_made *made, struct kpi_made_protocol *protocol)
{
	if (!refcount_dec_and_test(&protocol->refs))
		return;
	if (protocol->f.detached)
		protocol->f.detached(made->ifp, protocol->family);
	kpi_kext_charge(protocol->kext, KPI_HELD_CALLBACK, -1);
	kfree(protocol);
}

static struct kpi_made_protocol *take_off(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_protocol *protocol;

	spin_lock_bh(&made->protocols_lock);
	protocol = find(made, family);
	if (protocol)
		list_del(&protocol->node);
	spin_unlock_bh(&made->protocols_lock);
	return protocol;
}

static int detach_one(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_protocol *protocol = take_off(made, family);

	if (!protocol)
		return -ENXIO;
	made->init.del_proto(made->ifp, family);
	kpi_made_protocol_put(made, protocol);
	return 0;
}

/* The interface goes. */
void kpi_made_detach_protocols(struct kpi_made *made)
{
	protocol_family_t family;

	for (;;) {
		struct kpi_made_protocol *first;

		spin_lock_bh(&made->protocols_lock);
		first = list_first_entry_or_null(&made->protocols, struct kpi_made_protocol, node);
		family = first ? first->family : 0;
		spin_unlock_bh(&made->protocols_lock);
		if (!first)
			return;
		detach_one(made, family);
	}
}

/* Two at once: the second is told that it exists. */
static int link(struct kpi_made *made, struct kpi_made_protocol *protocol)
{
	int err = 0;

	spin_lock_bh(&made->protocols_lock);
	if (find(made, protocol->family))
		err = -EEXIST;
	else
		list_add_tail(&protocol->node, &made->protocols);
	spin_unlock_bh(&made->protocols_lock);
	return err;
}

static int add(struct kpi_made *made, struct kpi_made_protocol *protocol)
{
	struct kpi_made_protocol *there = kpi_made_protocol_get(made, protocol->family);
	int err;

	if (there) {
		kpi_made_protocol_put(made, there);
		return -EEXIST;
	}
	err = made->init.add_proto(made->ifp, protocol->family, protocol->f.demux_array,
				   protocol->f.demux_count);
	if (err)
		return -err;
	err = link(made, protocol);
	if (err)
		made->init.del_proto(made->ifp, protocol->family);
	return err;
}

static int attach(ifnet_t ifp, protocol_family_t family,
		  const struct bsd_ifnet_attach_proto_param *f, proto_media_input_v2 input_v2)
{
	struct kpi_made_protocol *protocol;
	struct kpi_made *made;
	int err = -ENXIO;

	made = kpi_made_get(ifp);
	if (!made)
		return kpi_ifnet_index(ifp) == U32_MAX ? -EINVAL : -EOPNOTSUPP;
	protocol = kzalloc(sizeof(*protocol), GFP_KERNEL);
	if (!protocol) {
		kpi_made_put(made);
		return -ENOMEM;
	}
	refcount_set(&protocol->refs, 1);
	protocol->family = family;
	protocol->f = *f;
	protocol->input_v2 = input_v2;
	protocol->kext = kpi_kext_of(input_v2 ? (void *)input_v2 : (void *)f->input);
	if (kpi_made_enter(made)) {
		err = add(made, protocol);
		kpi_made_leave(made);
	}
	if (err)
		kfree(protocol);
	else
		kpi_kext_charge(protocol->kext, KPI_HELD_CALLBACK, 1);
	kpi_made_put(made);
	return err;
}

/**
 * kpi_ifnet_attach_protocol() - have an interface's packets of a family
 * @interface:       an interface that a kext made
 * @protocol_family: PF_INET, ...
 * @proto_details:   functions, and how frames of the family are known; borrows
 *
 * The interface's add_proto is asked. Packets of the family that Linux sends by the
 * interface are shown to pre_output, those that demux finds are given to input.
 *
 * macOS difference: not on Linux's own interfaces: EOPNOTSUPP.
 *
 * Context: Process context.
 * Return: 0; EINVAL for bad arguments; EEXIST if the family is attached; ENXIO if the
 * interface is not, or goes; what add_proto says; ENOMEM.
 */
errno_t kpi_ifnet_attach_protocol(ifnet_t interface, protocol_family_t protocol_family,
				  const struct bsd_ifnet_attach_proto_param *proto_details)
{
	kpi_might_sleep();
	if (!protocol_family || !proto_details || !proto_details->input)
		return EINVAL;
	return kpi_errno(attach(interface, protocol_family, proto_details, NULL));
}
KPI_EXPORT(kpi_ifnet_attach_protocol);

/**
 * kpi_ifnet_attach_protocol_v2() - the same, with an input function that takes lists
 * @interface:       an interface that a kext made
 * @protocol_family: PF_INET, ...
 * @proto_details:   functions, and how frames of the family are known; borrows
 *
 * macOS difference: as kpi_ifnet_attach_protocol(); lists have one packet.
 *
 * Context: Process context.
 * Return: as kpi_ifnet_attach_protocol().
 */
errno_t kpi_ifnet_attach_protocol_v2(ifnet_t interface, protocol_family_t protocol_family,
				     const struct bsd_ifnet_attach_proto_param_v2 *proto_details)
{
	struct bsd_ifnet_attach_proto_param f;

	kpi_might_sleep();
	if (!protocol_family || !proto_details || !proto_details->input)
		return EINVAL;
	f = (struct bsd_ifnet_attach_proto_param) {
		.demux_array = proto_details->demux_array,
		.demux_count = proto_details->demux_count,
		.pre_output = proto_details->pre_output,
		.event = proto_details->event,
		.ioctl = proto_details->ioctl,
		.detached = proto_details->detached,
		.resolve = proto_details->resolve,
		.send_arp = proto_details->send_arp,
	};
	return kpi_errno(attach(interface, protocol_family, &f, proto_details->input));
}
KPI_EXPORT(kpi_ifnet_attach_protocol_v2);

/**
 * kpi_ifnet_detach_protocol() - have no more packets of a family
 * @interface:       an interface that a kext made
 * @protocol_family: PF_INET, ...
 *
 * No call begins after this. The protocol's detached function is called when the
 * last has returned: here, if none runs.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0; EINVAL for bad arguments; ENXIO if the family is not attached.
 */
errno_t kpi_ifnet_detach_protocol(ifnet_t interface, protocol_family_t protocol_family)
{
	struct kpi_made *made;
	int err;

	kpi_might_sleep();
	made = protocol_family ? kpi_made_get(interface) : NULL;
	if (!made)
		return EINVAL;
	err = -ENXIO;
	if (kpi_made_enter(made)) {
		err = detach_one(made, protocol_family);
		kpi_made_leave(made);
	}
	kpi_made_put(made);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_detach_protocol);

/* After the filters; the driver last. */
void kpi_made_tell(struct kpi_made *made, const struct bsd_kev_msg *msg)
{
	static const protocol_family_t families[] = { PF_INET, PF_INET6 };
	int i;

	if (!kpi_made_enter(made))
		return;
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		struct kpi_made_protocol *protocol = kpi_made_protocol_get(made, families[i]);

		if (!protocol)
			continue;
		if (protocol->f.event)
			protocol->f.event(made->ifp, protocol->family, msg);
		kpi_made_protocol_put(made, protocol);
	}
	if (made->init.event)
		made->init.event(made->ifp, msg);
	kpi_made_leave(made);
}

/* --- to IP --- */

static __be16 type_of(protocol_family_t protocol)
{
	switch (protocol) {
	case PF_INET:
		return htons(ETH_P_IP);
	case PF_INET6:
		return IS_ENABLED(CONFIG_IPV6) ? htons(ETH_P_IPV6) : 0;
	default:
		return 0;
	}
}

/* Consumes the packet. */
static void hand_over(__be16 type, mbuf_t m)
{
	ifnet_t rcvif = kpi_hdr(m)->rcvif;
	struct sk_buff *skb = kpi_mbuf_to_skb(m, 0, GFP_ATOMIC);

	if (IS_ERR(skb))
		return;
	skb_reset_network_header(skb);
	skb->protocol = type;
	skb->pkt_type = PACKET_HOST;
	if (type == htons(ETH_P_IP) && pskb_may_pull(skb, sizeof(struct iphdr)))
		kpi_set_local_route(skb);
	rcu_read_lock();
	if (kpi_frame_of_ip(skb, rcvif))
		netif_rx(skb);
	else
		kfree_skb(skb);
	rcu_read_unlock();
}

static bool input(protocol_family_t protocol, mbuf_t first, unsigned long caller)
{
	__be16 type = type_of(protocol);
	mbuf_t m, next;

	if (!type)
		return false;
	for (m = first; m; m = next) {
		next = kpi_mbuf_nextpkt(m);
		kpi_mbuf_setnextpkt(m, NULL);
		if (kpi_not_packet_from(caller, m))
			kpi_mbuf_freem(m);
		else
			hand_over(type, m);
	}
	return true;
}

/**
 * kpi_proto_input() - give packets to a protocol
 * @protocol: PF_INET or PF_INET6
 * @packet:   packets, linked by kpi_mbuf_nextpkt(), their receive interface set; consumes
 *            them on success
 *
 * macOS difference: IP sees them in softirq context, not in the caller's thread. One
 * whose receive interface has gone is dropped.
 *
 * Context: Interrupts enabled.
 * Return: 0, or -1 for another family.
 */
errno_t kpi_proto_input(protocol_family_t protocol, mbuf_t packet)
{
	return input(protocol, packet, _RET_IP_) ? 0 : -1;
}
KPI_EXPORT(kpi_proto_input);

/**
 * kpi_proto_inject() - queue packets for a protocol
 * @protocol: PF_INET or PF_INET6
 * @packet:   packets, linked by kpi_mbuf_nextpkt(), their receive interface set; consumes
 *            them on success
 *
 * macOS difference: one whose receive interface has gone is dropped.
 *
 * Context: Interrupts enabled.
 * Return: 0, or ENOENT for another family.
 */
errno_t kpi_proto_inject(protocol_family_t protocol, mbuf_t packet)
{
	return input(protocol, packet, _RET_IP_) ? 0 : ENOENT;
}
KPI_EXPORT(kpi_proto_inject);
