// SPDX-License-Identifier: GPL-2.0
/* What a packet header and an sk_buff say about the same packet. */

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "../interface/interface_priv.h"
#include "header.h"

#define REQ_TRANSPORT	(MBUF_CSUM_REQ_TCP | MBUF_CSUM_REQ_UDP | \
			 MBUF_CSUM_REQ_TCPIPV6 | MBUF_CSUM_REQ_UDPIPV6)
#define TSO_BITS	(MBUF_TSO_IPV4 | MBUF_TSO_IPV6)
#define GSO_TCP		(SKB_GSO_TCPV4 | SKB_GSO_TCPV6)

/* "The transport checksum has been verified." */
#define DID_VERIFY	(MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR)
/* "This is the sum over the packet." */
#define DID_SUM		(MBUF_CSUM_DID_DATA | MBUF_CSUM_PARTIAL)

static const struct {
	u16 flag;
	u8 pkt_type;
} link_types[] = {
	{ MBUF_BCAST,	PACKET_BROADCAST },
	{ MBUF_MCAST,	PACKET_MULTICAST },
	{ MBUF_LOOP,	PACKET_LOOPBACK },
	{ MBUF_PROMISC,	PACKET_OTHERHOST },
};

static u8 pkt_type_of(u16 flags)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(link_types); i++)
		if (flags & link_types[i].flag)
			return link_types[i].pkt_type;
	return PACKET_HOST;
}

static u16 flag_of(u8 pkt_type)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(link_types); i++)
		if (pkt_type == link_types[i].pkt_type)
			return link_types[i].flag;
	return 0;
}

static u32 svc_of(u32 priority)
{
	switch (priority) {
	case TC_PRIO_BULK:
	case TC_PRIO_FILLER:
		return MBUF_SC_BK;
	case TC_PRIO_INTERACTIVE_BULK:
		return MBUF_SC_VI;
	case TC_PRIO_INTERACTIVE:
	case TC_PRIO_CONTROL:
		return MBUF_SC_VO;
	default:
		return MBUF_SC_BE;
	}
}

/* A service class that nobody changed stands for the priority it came from. */
static u32 priority_of(const struct kpi_pkthdr_moved *moved)
{
	if (svc_of(moved->priority) == moved->svc)
		return moved->priority;

	switch ((moved->svc & 0xffff) >> 7) {
	case MBUF_TC_BK:
		return TC_PRIO_BULK;
	case MBUF_TC_VI:
		return TC_PRIO_INTERACTIVE_BULK;
	case MBUF_TC_VO:
		return TC_PRIO_INTERACTIVE;
	default:
		return TC_PRIO_BESTEFFORT;
	}
}

/* The transport header and protocol of the IP packet at @network, or -EINVAL. */
static int transport_offset(const struct sk_buff *skb, unsigned int network, u8 *protocol)
{
	const struct ipv6hdr *ip6;
	const struct iphdr *ip;
	struct ipv6hdr ip6_buf;
	struct iphdr ip_buf;

	ip = skb_header_pointer(skb, network, sizeof(ip_buf), &ip_buf);
	if (!ip)
		return -EINVAL;
	if (ip->version == 4 && ip->ihl >= 5) {
		*protocol = ip->protocol;
		return network + ip->ihl * 4;
	}
	ip6 = skb_header_pointer(skb, network, sizeof(ip6_buf), &ip6_buf);
	if (!ip6 || ip6->version != 6)
		return -EINVAL;
	*protocol = ip6->nexthdr;
	network += sizeof(ip6_buf);
	if (IS_ENABLED(CONFIG_IPV6)) {
		__be16 frag_off;

		return ipv6_skip_exthdr(skb, network, protocol, &frag_off);
	}
	return network;
}

static __be16 ip_protocol(const struct sk_buff *skb, unsigned int network, __be16 otherwise)
{
	const u8 *first;
	u8 buf;

	first = skb_header_pointer(skb, network, 1, &buf);
	if (first && *first >> 4 == 4)
		return htons(ETH_P_IP);
	if (first && *first >> 4 == 6)
		return htons(ETH_P_IPV6);
	return otherwise;
}

/* Where the checksum field is within the transport header. */
static unsigned int field_of(const struct kpi_pkthdr *hdr)
{
	u16 first = hdr->csum_data, second = hdr->csum_data >> 16;

	if ((hdr->csum_flags & DID_SUM) == DID_SUM)
		return (u16)(second - first);
	return first;
}

static int fill_ip_header(struct sk_buff *skb, unsigned int network)
{
	struct iphdr *ip;
	u8 protocol;
	int end = transport_offset(skb, network, &protocol);

	if (end < 0 || !pskb_may_pull(skb, end))
		return -EINVAL;
	ip = (struct iphdr *)(skb->data + network);
	if (ip->version == 4)
		ip_send_check(ip);
	return 0;
}

static int request_checksum(struct sk_buff *skb, unsigned int network, unsigned int field)
{
	u8 protocol;
	int start = transport_offset(skb, network, &protocol);

	if (start < 0 || !pskb_may_pull(skb, start + field + sizeof(__sum16)))
		return -EINVAL;
	return skb_partial_csum_set(skb, start, field) ? 0 : -EINVAL;
}

/* The sum of the pseudo header that the network expects in the field. */
static void fill_pseudo_sum(struct sk_buff *skb, struct tcphdr *tcp)
{
	unsigned int len = skb->len - skb_transport_offset(skb);

	if (ip_hdr(skb)->version == 4)
		tcp->check = ~csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr,
						len, IPPROTO_TCP, 0);
	else
		tcp->check = ~csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
					      len, IPPROTO_TCP, 0);
}

/* Segmentation needs the transport checksum requested, too. */
static int request_segmentation(struct sk_buff *skb, const struct kpi_pkthdr *hdr,
				unsigned int network)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	bool pseudo = skb->ip_summed != CHECKSUM_PARTIAL;
	unsigned int headers, size = hdr->moved.seg_size;
	struct tcphdr *tcp;
	int err;

	if (pseudo) {
		err = request_checksum(skb, network, offsetof(struct tcphdr, check));
		if (err)
			return err;
	}
	if (!pskb_may_pull(skb, skb_transport_offset(skb) + sizeof(*tcp)))
		return -EINVAL;
	tcp = tcp_hdr(skb);
	headers = skb_transport_offset(skb) + tcp->doff * 4;
	if (!size || tcp->doff < 5 || headers > skb->len)
		return -EINVAL;
	if (pseudo)
		fill_pseudo_sum(skb, tcp);

	shinfo->gso_size = size;
	shinfo->gso_segs = DIV_ROUND_UP(skb->len - headers, size);
	shinfo->gso_type = hdr->linux_meta.gso_type & ~GSO_TCP;
	shinfo->gso_type |= hdr->csum_flags & MBUF_TSO_IPV4 ? SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
	return 0;
}

static int requests_to_skb(struct sk_buff *skb, const struct kpi_pkthdr *hdr,
			   unsigned int network)
{
	int err = 0;

	if (hdr->csum_flags & MBUF_CSUM_REQ_IP)
		err = fill_ip_header(skb, network);
	if (!err && hdr->csum_flags & REQ_TRANSPORT)
		err = request_checksum(skb, network, field_of(hdr));
	if (!err && hdr->csum_flags & TSO_BITS)
		err = request_segmentation(skb, hdr, network);
	return err;
}

/* A received sum over everything from the IP header on, made one over all of the skb. */
static void received_sum_to_skb(struct sk_buff *skb, const struct kpi_pkthdr *hdr,
				unsigned int network)
{
	u32 begin = network + (hdr->csum_data >> 16);
	__wsum sum = (__force __wsum)(hdr->csum_data & 0xffff);
	u32 span = hdr->linux_meta.csum_span;

	if (begin > skb->len || (span && span != skb->len - begin))
		return;
	skb->csum = csum_block_add(skb_checksum(skb, 0, begin, 0), sum, begin);
	skb->ip_summed = CHECKSUM_COMPLETE;
}

/*
 * Where the sum begins that a device was to make. A kext may have taken off a header in
 * front since, or put one on: then it is as far from the end as it was.
 */
static int partial_start(const struct sk_buff *skb, const struct kpi_linux_meta *meta,
			 unsigned int network)
{
	int from_front = network + meta->csum_start;
	int from_end = (int)skb->len + meta->csum_start - (int)meta->csum_span;
	u8 protocol;

	if (from_front == from_end || transport_offset(skb, network, &protocol) == from_front)
		return from_front;
	return from_end;
}

static void partial_to_skb(struct sk_buff *skb, const struct kpi_linux_meta *meta,
			   unsigned int network)
{
	int start = partial_start(skb, meta, network);

	if (start >= 0 && pskb_may_pull(skb, start + meta->csum_offset + sizeof(__sum16)))
		skb_partial_csum_set(skb, start, meta->csum_offset);
}

static void verdict_to_skb(struct sk_buff *skb, const struct kpi_pkthdr *hdr,
			   unsigned int network)
{
	const struct kpi_linux_meta *meta = &hdr->linux_meta;
	u32 did = hdr->csum_flags & (DID_VERIFY | MBUF_CSUM_PARTIAL);

	if (did == DID_SUM) {
		received_sum_to_skb(skb, hdr, network);
	} else if (did == DID_VERIFY && (hdr->csum_data & 0xffff) == 0xffff) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		if (meta->csum_partial)
			partial_to_skb(skb, meta, network);
	}
}

/* A packet put together on the way in can be taken apart again, if nobody touched it. */
static void restore_segmentation(struct sk_buff *skb, const struct kpi_linux_meta *meta)
{
	if (!meta->gso_size || skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	skb_shinfo(skb)->gso_size = meta->gso_size;
	skb_shinfo(skb)->gso_type = meta->gso_type | SKB_GSO_DODGY;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(skb->len, meta->gso_size);
}

static void checksums_to_skb(struct sk_buff *skb, const struct kpi_pkthdr *hdr,
			     unsigned int network)
{
	skb->ip_summed = CHECKSUM_NONE;
	if (hdr->csum_flags & (REQ_TRANSPORT | MBUF_CSUM_REQ_IP | TSO_BITS)) {
		if (requests_to_skb(skb, hdr, network))
			kpi_misuse("packet has no header where a checksum was asked for");
	} else {
		verdict_to_skb(skb, hdr, network);
	}
	if (!(hdr->csum_flags & TSO_BITS))
		restore_segmentation(skb, &hdr->linux_meta);
}

static void link_header_to_skb(struct sk_buff *skb, const struct kpi_passage *p)
{
	if (!p->link_len || p->link_len > skb_headroom(skb))
		return;
	memcpy(skb->data - p->link_len, p->link_header, p->link_len);
	skb_set_mac_header(skb, -(int)p->link_len);
}

static void time_to_skb(struct sk_buff *skb, const struct kpi_pkthdr *hdr)
{
	/* on the way out a time stamp would say when to send */
	if (hdr->csum_flags & (REQ_TRANSPORT | MBUF_CSUM_REQ_IP | TSO_BITS))
		return;
	if (hdr->moved.flags & KPI_PKT_TS_VALID)
		skb->tstamp = ns_to_ktime(hdr->moved.timestamp);
}

void kpi_metadata_to_skb(struct sk_buff *skb, const struct kpi_passage *p,
			 unsigned int network)
{
	const struct kpi_pkthdr *hdr = &p->hdr;
	const struct kpi_linux_meta *meta = &hdr->linux_meta;

	rcu_read_lock();
	skb->dev = kpi_ifnet_dev(hdr->rcvif);
	rcu_read_unlock();
	skb->mark = meta->mark;
	skb->priority = priority_of(&hdr->moved);
	skb->pkt_type = pkt_type_of(p->flags);
	skb->protocol = ip_protocol(skb, network, meta->protocol);
	if (hdr->csum_flags & KPI_CSUM_VLAN)
		__vlan_hwaccel_put_tag(skb, meta->vlan_proto ?: htons(ETH_P_8021Q),
				       hdr->vlan_tag);
	time_to_skb(skb, hdr);
	link_header_to_skb(skb, p);
	if (network <= skb_headlen(skb))
		skb_set_network_header(skb, network);
	checksums_to_skb(skb, hdr, network);
}

/* Whose checksum starts at @start, if the IP header at @network leads there. */
static u8 protocol_at(const struct sk_buff *skb, unsigned int network, int start)
{
	const struct iphdr *ip = (const struct iphdr *)(skb->data + network);
	u8 protocol;

	if (likely(skb_headlen(skb) >= network + sizeof(*ip) && ip->version == 4 && ip->ihl >= 5))
		return network + ip->ihl * 4 == start ? ip->protocol : 0;
	return transport_offset(skb, network, &protocol) == start ? protocol : 0;
}

/* The protocol whose checksum is to be made, if an mbuf has words for that; or 0. */
static u8 plain_protocol(const struct sk_buff *skb)
{
	int network = skb_network_offset(skb);
	u8 protocol;

	if (network < 0 || skb_csum_is_sctp((struct sk_buff *)skb))
		return 0;
	protocol = protocol_at(skb, network, skb_checksum_start_offset(skb));
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ? protocol : 0;
}

int kpi_outbound_prepare(struct sk_buff *skb)
{
	u8 protocol;

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return 0;
	protocol = plain_protocol(skb);
	if (protocol || skb_is_gso(skb))
		return protocol;
	return skb_checksum_help(skb);
}

static u32 request_of(const struct sk_buff *skb, u8 protocol)
{
	bool v6 = skb->data[skb_network_offset(skb)] >> 4 == 6;

	if (protocol == IPPROTO_TCP)
		return v6 ? MBUF_CSUM_REQ_TCPIPV6 : MBUF_CSUM_REQ_TCP;
	return v6 ? MBUF_CSUM_REQ_UDPIPV6 : MBUF_CSUM_REQ_UDP;
}

static void keep_partial(struct kpi_linux_meta *meta, const struct sk_buff *skb)
{
	meta->csum_partial = true;
	meta->csum_start = skb_checksum_start_offset(skb) - skb_network_offset(skb);
	meta->csum_offset = skb->csum_offset;
	meta->csum_span = skb->len - skb_network_offset(skb);
}

static void requests_from_skb(struct kpi_pkthdr *hdr, const struct sk_buff *skb, u8 protocol)
{
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	if (protocol) {
		hdr->csum_flags |= request_of(skb, protocol);
		hdr->csum_data = skb->csum_offset;
	} else {
		keep_partial(&hdr->linux_meta, skb);
		hdr->csum_flags |= DID_VERIFY;
		hdr->csum_data = 0xffff;
	}
}

/* The sum over all of the skb, made one that begins at the IP header or behind. */
static void received_sum_from_skb(struct kpi_pkthdr *hdr, const struct sk_buff *skb)
{
	int network = skb_network_offset(skb);
	__wsum sum = skb->csum;
	u32 begin = 0;

	if (network > 0)
		sum = csum_shift(csum_sub(sum, skb_checksum(skb, 0, network, 0)), network);
	else
		begin = -network;
	hdr->csum_flags |= DID_SUM;
	hdr->csum_data = (u16)~(__force u16)csum_fold(sum) | begin << 16;
	hdr->linux_meta.csum_span = skb->len - max(network, 0);
}

static void verdict_from_skb(struct kpi_pkthdr *hdr, const struct sk_buff *skb)
{
	switch (skb->ip_summed) {
	case CHECKSUM_COMPLETE:
		received_sum_from_skb(hdr, skb);
		break;
	case CHECKSUM_PARTIAL:
		keep_partial(&hdr->linux_meta, skb);
		fallthrough;
	case CHECKSUM_UNNECESSARY:
		hdr->csum_flags |= DID_VERIFY;
		hdr->csum_data = 0xffff;
	}
}

/* What was put together on the way in is told as such; what is to be cut up is a request. */
static void segmentation_from_skb(struct kpi_pkthdr *hdr, const struct sk_buff *skb,
				  bool inbound)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	u32 tcp = shinfo->gso_type & GSO_TCP;

	if (!skb_is_gso(skb))
		return;
	hdr->linux_meta.gso_type = shinfo->gso_type;
	if (!inbound && tcp && hdr->csum_flags & REQ_TRANSPORT) {
		hdr->csum_flags |= tcp & SKB_GSO_TCPV4 ? MBUF_TSO_IPV4 : MBUF_TSO_IPV6;
		hdr->moved.seg_size = shinfo->gso_size;
		hdr->moved.hdr_len = skb_transport_offset(skb) - skb_network_offset(skb) +
				     tcp_hdrlen(skb);
		return;
	}
	hdr->linux_meta.gso_size = shinfo->gso_size;
	hdr->moved.seg_size = min_t(u16, shinfo->gso_segs, U8_MAX);
}

void kpi_link_header_from_skb(mbuf_t m, const struct sk_buff *skb, gfp_t gfp)
{
	struct kpi_pkthdr *hdr = kpi_hdr(m);
	int len;

	if (!skb_mac_header_was_set(skb))
		return;
	len = skb->data - skb_mac_header(skb);
	if (len > 0 && len <= KPI_LINK_HEADER)
		hdr->header = kpi_link_header_keep(hdr, skb_mac_header(skb), len, gfp);
}

static void receive_interface_from_skb(struct kpi_pkthdr *hdr, const struct sk_buff *skb)
{
	if (!skb->dev)
		return;
	rcu_read_lock();
	hdr->rcvif = kpi_ifnet_of(skb->dev);
	rcu_read_unlock();
}

void kpi_metadata_from_skb(mbuf_t m, struct sk_buff *skb, bool inbound, u8 protocol)
{
	struct kpi_pkthdr *hdr = kpi_hdr(m);

	receive_interface_from_skb(hdr, skb);
	hdr->linux_meta.mark = skb->mark;
	hdr->linux_meta.protocol = skb->protocol;
	hdr->moved.priority = skb->priority;
	hdr->moved.svc = svc_of(skb->priority);
	kpi_mcb(m)->flags |= flag_of(skb->pkt_type);
	if (skb_vlan_tag_present(skb)) {
		hdr->vlan_tag = skb_vlan_tag_get(skb);
		hdr->linux_meta.vlan_proto = skb->vlan_proto;
		hdr->csum_flags |= KPI_CSUM_VLAN;
	}
	if (skb->tstamp) {
		hdr->moved.timestamp = ktime_to_ns(skb->tstamp);
		hdr->moved.flags |= KPI_PKT_TS_VALID;
	}
	if (inbound)
		verdict_from_skb(hdr, skb);
	else
		requests_from_skb(hdr, skb, protocol);
	segmentation_from_skb(hdr, skb, inbound);
}
