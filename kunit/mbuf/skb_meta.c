// SPDX-License-Identifier: GPL-2.0
/* The border to sk_buff: what packet header and sk_buff say about the same packet. */

#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <net/checksum.h>
#include <net/net_namespace.h>

#include <netkpi/skb.h>

#include "interface/interface_priv.h"

#include "test.h"
#include "test_ip.h"

static struct mbuf_test_flat *flat_packet(struct kunit *test, const struct mbuf_test_ip *ip)
{
	struct mbuf_test_flat *flat = kunit_kzalloc(test, sizeof(*flat), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, flat);
	mbuf_test_ip_packet(flat, ip);
	return flat;
}

/* The same with only the pseudo header's sum where the checksum is to be. */
static struct mbuf_test_flat *asking_packet(struct kunit *test, const struct mbuf_test_ip *ip)
{
	struct mbuf_test_flat *flat = flat_packet(test, ip);

	mbuf_test_ip_pseudo(flat);
	return flat;
}

/* A linear sk_buff of the packet; data begins at its link header, if it has one. */
static struct sk_buff *flat_skb(struct kunit *test, const struct mbuf_test_flat *flat)
{
	struct sk_buff *skb = alloc_skb(128 + flat->len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 128);
	skb_put_data(skb, flat->bytes, flat->len);
	skb_set_network_header(skb, flat->network);
	skb_set_transport_header(skb, flat->transport);
	skb->protocol = htons(flat->bytes[flat->network] >> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP);
	skb->ip_summed = CHECKSUM_NONE;
	return skb;
}

static mbuf_t in(struct kunit *test, struct sk_buff *skb, enum kpi_direction direction)
{
	mbuf_t m = kpi_mbuf_from_skb(skb, direction, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	return m;
}

static struct sk_buff *out(struct kunit *test, mbuf_t m, unsigned int network)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(m, network, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	return skb;
}

static const struct mbuf_test_ip tcp = { .proto = IPPROTO_TCP, .payload = 1000 };
static const struct mbuf_test_ip udp6 = { .v6 = true, .proto = IPPROTO_UDP, .payload = 77 };

/*
 * Plain fields
 */

static void fields_make_the_round_trip_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &tcp);
	struct sk_buff *skb = flat_skb(test, flat);

	skb->dev = init_net.loopback_dev;
	skb->mark = 0xabcd;
	skb->priority = 0x10003;
	skb->tstamp = ns_to_ktime(123456789);
	skb->pkt_type = PACKET_MULTICAST;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021AD), 0x1234);

	skb = out(test, in(test, skb, KPI_INBOUND), 0);
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, init_net.loopback_dev);
	KUNIT_EXPECT_EQ(test, skb->mark, 0xabcd);
	KUNIT_EXPECT_EQ_MSG(test, skb->priority, 0x10003, "a class nobody changed");
	KUNIT_EXPECT_EQ(test, ktime_to_ns(skb->tstamp), 123456789);
	KUNIT_EXPECT_EQ(test, (u8)skb->pkt_type, PACKET_MULTICAST);
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IP));
	KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 0x1234);
	KUNIT_EXPECT_EQ(test, skb->vlan_proto, htons(ETH_P_8021AD));
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	kfree_skb(skb);
}

static void fields_are_seen_by_the_kext_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb = flat_skb(test, flat_packet(test, &tcp));
	boolean_t valid = false;
	u16 vlan = 0;
	u64 ts = 0;

	skb->dev = init_net.loopback_dev;
	skb->priority = TC_PRIO_INTERACTIVE;
	skb->tstamp = ns_to_ktime(42);
	skb->pkt_type = PACKET_BROADCAST;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);

	f->m = in(test, skb, KPI_INBOUND);
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_pkthdr_rcvif(f->m), kpi_ifnet_of(init_net.loopback_dev));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), MBUF_TC_VO);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_timestamp(f->m, &ts, &valid), 0);
	KUNIT_EXPECT_TRUE(test, valid);
	KUNIT_EXPECT_EQ(test, ts, 42);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m) & (MBUF_BCAST | MBUF_MCAST), MBUF_BCAST);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), 0);
	KUNIT_EXPECT_EQ(test, vlan, 7);
}

static const struct class_case {
	const char *name;
	mbuf_traffic_class_t class;
	u32 priority;
} class_cases[] = {
	{ "background", MBUF_TC_BK, TC_PRIO_BULK },
	{ "best effort", MBUF_TC_BE, TC_PRIO_BESTEFFORT },
	{ "video", MBUF_TC_VI, TC_PRIO_INTERACTIVE_BULK },
	{ "voice", MBUF_TC_VO, TC_PRIO_INTERACTIVE },
};

KUNIT_ARRAY_PARAM_DESC(class, class_cases, name);

static void class_is_the_priority_test(struct kunit *test)
{
	const struct class_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, "h100");

	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_traffic_class(m, c->class), 0);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, skb->priority, c->priority);
	f->m = in(test, skb, KPI_INBOUND);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_traffic_class(f->m), c->class);
}

static void link_header_is_found_in_front_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_UDP, .link = 14, .payload = 700 });
	struct sk_buff *skb = flat_skb(test, flat);
	struct mbuf_fixture *f = test->priv;

	skb_reset_mac_header(skb);
	skb_pull(skb, 14);
	f->m = in(test, skb, KPI_INBOUND);
	KUNIT_ASSERT_NOT_NULL(test, kpi_mbuf_pkthdr_header(f->m));
	KUNIT_EXPECT_MEMEQ_MSG(test, kpi_mbuf_pkthdr_header(f->m), flat->bytes, 14,
			       "the header in front of the data");
	mbuf_test_expect_flat(test, f->m, flat->bytes + 14, flat->len - 14, "the data");

	skb = out(test, f->m, 0);
	f->m = NULL;
	KUNIT_EXPECT_TRUE(test, skb_mac_header_was_set(skb));
	KUNIT_EXPECT_MEMEQ_MSG(test, skb_mac_header(skb), flat->bytes, 14, "after the round trip");
	kfree_skb(skb);
}

/*
 * What is known about received checksums
 */

static void performed(struct kunit *test, mbuf_t m, u32 *flags, u32 *value)
{
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_performed(m, flags, value), 0);
}

static void nothing_known_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 flags, value;
	struct sk_buff *skb;

	f->m = in(test, flat_skb(test, flat_packet(test, &tcp)), KPI_INBOUND);
	performed(test, f->m, &flags, &value);
	KUNIT_EXPECT_EQ(test, flags, 0);
	skb = out(test, f->m, 0);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	kfree_skb(skb);
}

static void verified_test(struct kunit *test)
{
	struct sk_buff *skb = flat_skb(test, flat_packet(test, &tcp));
	struct mbuf_fixture *f = test->priv;
	u32 flags, value;

	skb->ip_summed = CHECKSUM_UNNECESSARY;
	f->m = in(test, skb, KPI_INBOUND);
	performed(test, f->m, &flags, &value);
	KUNIT_EXPECT_EQ(test, flags & (MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR),
			MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR);
	KUNIT_EXPECT_EQ(test, value & 0xffff, 0xffff);
	skb = out(test, f->m, 0);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_UNNECESSARY);
	kfree_skb(skb);
}

/* The sum the hardware made over everything, with a link header in front of the data or not. */
static void sum_of_everything_test(struct kunit *test)
{
	unsigned int link;

	for (link = 0; link <= 15; link += 5) {
		struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
			.proto = IPPROTO_UDP, .link = link, .payload = 501 });
		struct sk_buff *skb = flat_skb(test, flat);
		u32 flags, value, from;
		mbuf_t m;

		skb->csum = csum_partial(skb->data, skb->len, 0);
		skb->ip_summed = CHECKSUM_COMPLETE;
		m = in(test, skb, KPI_INBOUND);
		performed(test, m, &flags, &value);
		KUNIT_EXPECT_EQ(test, flags & (MBUF_CSUM_DID_DATA | MBUF_CSUM_PARTIAL |
					       MBUF_CSUM_PSEUDO_HDR),
				MBUF_CSUM_DID_DATA | MBUF_CSUM_PARTIAL);
		from = link + (value >> 16);
		KUNIT_ASSERT_LE(test, from, flat->len);
		KUNIT_EXPECT_EQ_MSG(test, ntohs((__force __be16)(u16)value),
				    mbuf_test_fold(flat->bytes + from, flat->len - from, 0),
				    "sum from %u on", from);

		skb = out(test, m, link);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_COMPLETE);
		KUNIT_EXPECT_EQ(test, csum_fold(skb->csum),
				csum_fold(csum_partial(flat->bytes, flat->len, 0)));
		kfree_skb(skb);
	}
}

/* A sum is of no use for bytes that were not there. */
static void sum_does_not_outlive_a_change_test(struct kunit *test)
{
	struct sk_buff *skb = flat_skb(test, flat_packet(test, &tcp));
	struct mbuf_fixture *f = test->priv;

	skb->csum = csum_partial(skb->data, skb->len, 0);
	skb->ip_summed = CHECKSUM_COMPLETE;
	f->m = in(test, skb, KPI_INBOUND);
	kpi_mbuf_adj(f->m, -3);
	skb = out(test, f->m, 0);
	f->m = NULL;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		KUNIT_EXPECT_EQ(test, csum_fold(skb->csum),
				csum_fold(skb_checksum(skb, 0, skb->len, 0)));
	kfree_skb(skb);
}

static void modified_means_unknown_test(struct kunit *test)
{
	struct sk_buff *skb = flat_skb(test, flat_packet(test, &tcp));
	struct mbuf_fixture *f = test->priv;

	skb->ip_summed = CHECKSUM_UNNECESSARY;
	f->m = in(test, skb, KPI_INBOUND);
	kpi_mbuf_inbound_modified(f->m);
	skb = out(test, f->m, 0);
	f->m = NULL;
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	kfree_skb(skb);
}

/*
 * Checksums to be filled in
 */

static const struct request_case {
	const char *name;
	struct mbuf_test_ip ip;
	u32 request, family;
} request_cases[] = {
	{ "tcp", { .proto = IPPROTO_TCP, .payload = 1000 }, MBUF_CSUM_REQ_TCP, PF_INET },
	{ "tcp and ip", { .proto = IPPROTO_TCP, .payload = 1001 },
	  MBUF_CSUM_REQ_TCP | MBUF_CSUM_REQ_IP, PF_INET },
	{ "udp behind options", { .proto = IPPROTO_UDP, .options = 8, .payload = 10 },
	  MBUF_CSUM_REQ_UDP, PF_INET },
	{ "udp behind ethernet", { .proto = IPPROTO_UDP, .link = 14, .payload = 10 },
	  MBUF_CSUM_REQ_UDP | MBUF_CSUM_REQ_IP, PF_INET },
	{ "tcp6", { .v6 = true, .proto = IPPROTO_TCP, .payload = 1 }, MBUF_CSUM_REQ_TCPIPV6,
	  PF_INET6 },
	{ "udp6 behind ethernet", { .v6 = true, .proto = IPPROTO_UDP, .link = 14, .payload = 900 },
	  MBUF_CSUM_REQ_UDPIPV6, PF_INET6 },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

/* The network's own helper fills in what was asked for, and gets it right. */
static void request_is_for_the_network_to_fill_in_test(struct kunit *test)
{
	const struct request_case *c = test->param_value;
	struct mbuf_test_flat *flat = flat_packet(test, &c->ip);
	struct mbuf_test_flat *asking = asking_packet(test, &c->ip);
	int i;

	if (c->request & MBUF_CSUM_REQ_IP)
		mbuf_test_put16(0xdead, asking->bytes + asking->network + 10);
	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		const struct mbuf_test_cut_case *cut = &mbuf_test_cuts[i];
		struct sk_buff *skb;
		mbuf_t m;

		m = mbuf_test_cut(test, asking->bytes, asking->len, cut->first, cut->rest);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(m, c->request,
					flat->field - flat->transport), 0);

		skb = out(test, m, flat->network);
		KUNIT_ASSERT_EQ_MSG(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL, "%s", cut->name);
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), flat->transport);
		KUNIT_EXPECT_EQ(test, skb->csum_offset, flat->field - flat->transport);
		KUNIT_EXPECT_EQ(test, skb_network_offset(skb), flat->network);
		KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
		KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
		KUNIT_EXPECT_MEMEQ_MSG(test, skb->data, flat->bytes, flat->len, "%s", cut->name);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void request_from_the_network_test(struct kunit *test)
{
	const struct request_case *c = test->param_value;
	struct mbuf_test_flat *flat = flat_packet(test, &c->ip);
	struct sk_buff *skb = flat_skb(test, asking_packet(test, &c->ip));
	struct mbuf_fixture *f = test->priv;
	u32 flags, value;

	skb_partial_csum_set(skb, flat->transport, flat->field - flat->transport);
	f->m = in(test, skb, KPI_OUTBOUND);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, c->request & ~MBUF_CSUM_REQ_IP);
	KUNIT_EXPECT_EQ(test, value & 0xffff, flat->field - flat->transport);

	kpi_mbuf_outbound_finalize(f->m, c->family, flat->network);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "finalized");
}

/* What one end of this machine sends and the other receives was never on a wire. */
static void unfilled_checksum_on_the_way_in_is_good_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &udp6);
	struct sk_buff *skb = flat_skb(test, asking_packet(test, &udp6));
	struct mbuf_fixture *f = test->priv;
	u32 flags, value;

	skb_partial_csum_set(skb, flat->transport, flat->field - flat->transport);
	f->m = in(test, skb, KPI_INBOUND);
	performed(test, f->m, &flags, &value);
	KUNIT_EXPECT_EQ(test, flags & (MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR),
			MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR);
	KUNIT_EXPECT_EQ(test, value & 0xffff, 0xffff);

	skb = out(test, f->m, 0);
	f->m = NULL;
	KUNIT_EXPECT_EQ_MSG(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL,
			    "sent on, it still has to be filled in");
	KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
	KUNIT_EXPECT_MEMEQ_MSG(test, skb->data, flat->bytes, 48, "filled in");
	kfree_skb(skb);
}

/* A packet in a tunnel's. */
static struct sk_buff *tunnelled(struct kunit *test, const struct mbuf_test_flat *asking,
				 const struct mbuf_test_flat *flat)
{
	static const u8 outer[24] = { 0x45, [9] = IPPROTO_GRE };
	struct sk_buff *skb = flat_skb(test, asking);

	memcpy(skb_push(skb, sizeof(outer)), outer, sizeof(outer));
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IP);
	skb_partial_csum_set(skb, sizeof(outer) + flat->transport, flat->field - flat->transport);
	return skb;
}

static void expect_filled_in(struct kunit *test, struct sk_buff *skb, unsigned int off,
			     const struct mbuf_test_flat *flat, const char *what)
{
	KUNIT_EXPECT_EQ_MSG(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL, "%s", what);
	KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
	KUNIT_EXPECT_MEMEQ_MSG(test, skb->data + off, flat->bytes, flat->len, "%s", what);
	kfree_skb(skb);
}

/* Headers in front come and go: the place of the sum does not move with them. */
static void unfilled_checksum_stays_where_it_is_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &udp6), *asking = asking_packet(test, &udp6);
	struct mbuf_fixture *f = test->priv;
	static const u8 zeroes[24] = { 0x45, [9] = IPPROTO_GRE };

	expect_filled_in(test, out(test, in(test, tunnelled(test, asking, flat), KPI_INBOUND), 0),
			 24, flat, "as it came");

	f->m = in(test, tunnelled(test, asking, flat), KPI_INBOUND);
	kpi_mbuf_adj(f->m, 24);
	expect_filled_in(test, out(test, f->m, 0), 0, flat, "taken out of the tunnel");

	f->m = in(test, tunnelled(test, asking, flat), KPI_INBOUND);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, sizeof(zeroes), MBUF_WAITOK), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 0, sizeof(zeroes), zeroes, MBUF_WAITOK), 0);
	expect_filled_in(test, out(test, f->m, 0), 48, flat, "put into another");
	f->m = NULL;
}

static mbuf_t unfilled(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &udp6);
	struct sk_buff *skb = flat_skb(test, asking_packet(test, &udp6));

	skb_partial_csum_set(skb, flat->transport, flat->field - flat->transport);
	return in(test, skb, KPI_INBOUND);
}

/* Who says that bytes were changed, or will be, finds or leaves a whole checksum. */
static void unfilled_checksum_of_a_modified_packet_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &udp6), *asking = asking_packet(test, &udp6);
	struct mbuf_fixture *f = test->priv;

	f->m = unfilled(test);
	kpi_mbuf_inbound_modified(f->m);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "filled in");
	kpi_mbuf_inbound_modified(f->m);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "once");
	kpi_mbuf_freem(f->m);

	f->m = unfilled(test);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, flat->field, 2, flat->bytes + flat->field,
						MBUF_WAITOK), 0);
	kpi_mbuf_inbound_modified(f->m);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "not over the kext's own");
	kpi_mbuf_freem(f->m);

	f->m = in(test, tunnelled(test, asking, flat), KPI_INBOUND);
	kpi_mbuf_adj(f->m, 24);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_clear_csum_performed(f->m), 0);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "out of a tunnel");
}

static void request_without_a_header_is_a_misuse_test(struct kunit *test)
{
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, "h30");

	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(m, MBUF_CSUM_REQ_TCP, 16), 0);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_NONE);
	kfree_skb(skb);
}

/*
 * Segmentation
 */

static const struct mbuf_test_ip big_tcp = { .proto = IPPROTO_TCP, .payload = 3500 };
static const struct mbuf_test_ip big_tcp6 = { .v6 = true, .proto = IPPROTO_TCP, .payload = 3500 };

static struct sk_buff *segmented(struct kunit *test, const struct mbuf_test_ip *ip,
				 const struct mbuf_test_cut_case *cut)
{
	struct mbuf_test_flat *flat = flat_packet(test, ip);
	mbuf_t m;

	mbuf_test_ip_pseudo(flat);
	m = mbuf_test_cut(test, flat->bytes, flat->len, cut->first, cut->rest);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(m,
			ip->v6 ? MBUF_CSUM_REQ_TCPIPV6 : MBUF_CSUM_REQ_TCP, 16), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(m,
			ip->v6 ? MBUF_GSO_TYPE_IPV6 : MBUF_GSO_TYPE_IPV4, 1000,
			flat->transport - flat->network + 20), 0);
	return out(test, m, 0);
}

static void segmentation_request_test(struct kunit *test)
{
	int i;

	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		struct sk_buff *skb = segmented(test, &big_tcp, &mbuf_test_cuts[i]);

		KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1000);
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 4);
		KUNIT_EXPECT_TRUE(test, skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4);
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
		kfree_skb(skb);

		skb = segmented(test, &big_tcp6, &mbuf_test_cuts[i]);
		KUNIT_EXPECT_TRUE(test, skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void segmentation_round_trip_test(struct kunit *test)
{
	struct sk_buff *skb = segmented(test, &big_tcp, &mbuf_test_cuts[6]);
	u32 flags = 0, mss = 0, type;
	mbuf_t m;

	type = skb_shinfo(skb)->gso_type;
	m = in(test, skb, KPI_OUTBOUND);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(m, &flags, &mss), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_TSO_IPV4);
	KUNIT_EXPECT_EQ(test, mss, 1000);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1000);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type, type);
	kfree_skb(skb);
}

/* Put together by GRO, a packet must come out such that it can be taken apart again. */
static void a_received_big_packet_can_be_sent_on_test(struct kunit *test)
{
	struct sk_buff *skb = segmented(test, &big_tcp, &mbuf_test_cuts[0]);
	u32 flags = 1, mss;
	mbuf_t m;

	skb_shinfo(skb)->gso_type &= ~SKB_GSO_DODGY;
	m = in(test, skb, KPI_INBOUND);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(m, &flags, &mss), 0);
	KUNIT_EXPECT_EQ_MSG(test, flags, 0, "nothing is requested on the way in");
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 1000);
	KUNIT_EXPECT_TRUE_MSG(test, skb_shinfo(skb)->gso_type & SKB_GSO_DODGY, "a kext had it");
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
	kfree_skb(skb);
}

static void segmentation_of_what_is_no_tcp_is_a_misuse_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &tcp);
	struct sk_buff *skb;
	mbuf_t m;

	flat->bytes[flat->transport + 12] = 0;	/* no header length */
	m = mbuf_test_cut(test, flat->bytes, flat->len, 4096, 4096);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(m, MBUF_GSO_TYPE_IPV4, 500, 40), 0);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
	kfree_skb(skb);
}

/* The number of pieces and their size are kept in one place. */
static void segmentation_into_nothing_is_a_misuse_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &tcp);
	mbuf_t m = mbuf_test_cut(test, flat->bytes, flat->len, 4096, 4096);
	struct sk_buff *skb;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(m, MBUF_GSO_TYPE_IPV4, 500, 40), 0);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_set_lro_info(m, 0, 0), EINVAL, "stored all the same");
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	KUNIT_EXPECT_FALSE(test, skb_is_gso(skb));
	kfree_skb(skb);
}

/* Segmentation alone: the checksum request and the pseudo header's sum are implied. */
static void segmentation_implies_the_checksum_test(struct kunit *test)
{
	const struct mbuf_test_ip *ips[] = { &big_tcp, &big_tcp6 };
	struct mbuf_test_flat *flat;
	struct sk_buff *skb;
	u8 field[2];
	mbuf_t m;
	int i;

	for (i = 0; i < ARRAY_SIZE(ips); i++) {
		flat = flat_packet(test, ips[i]);
		m = mbuf_test_cut(test, flat->bytes, flat->len, 20, 500);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(m, i ? MBUF_GSO_TYPE_IPV6 :
							    MBUF_GSO_TYPE_IPV4, 1000, 60), 0);
		skb = out(test, m, 0);
		KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, CHECKSUM_PARTIAL);
		KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, flat->field, field, 2), 0);
		KUNIT_EXPECT_EQ(test, mbuf_test_get16(field), mbuf_test_pseudo_sum(flat));
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

/* The transport header is found behind extension headers, too. */
static void request_behind_an_extension_header_test(struct kunit *test)
{
	static const struct mbuf_test_ip ip = {
		.v6 = true, .proto = IPPROTO_TCP, .options = 16, .payload = 300,
	};
	struct mbuf_test_flat *flat = flat_packet(test, &ip), *asking = asking_packet(test, &ip);
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_cut(test, asking->bytes, asking->len, 11, 11);

	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(m, MBUF_CSUM_REQ_TCPIPV6, 16), 0);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), flat->transport);
	KUNIT_EXPECT_EQ(test, skb_checksum_help(skb), 0);
	KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
	KUNIT_EXPECT_MEMEQ_MSG(test, skb->data, flat->bytes, flat->len, "filled in");
	kfree_skb(skb);
}

/* An mbuf cannot ask for the checksum of any other protocol: it is filled in on the way. */
static void another_protocols_request_is_filled_in_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &tcp);
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	u32 flags = 9;
	u16 sum;

	flat->bytes[9] = IPPROTO_GRE;
	memset(flat->bytes + flat->transport + 4, 0, 2);
	skb = flat_skb(test, flat);
	skb_partial_csum_set(skb, flat->transport, 4);
	f->m = in(test, skb, KPI_OUTBOUND);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, 0, flat->transport,
						  flat->len - flat->transport, &sum), 0);
	KUNIT_EXPECT_EQ_MSG(test, sum, 0, "the sum over the segment");
}

/* A dup has a link header of its own: the source may go. */
static void link_header_of_a_copy_is_its_own_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_UDP, .link = 14, .payload = 700 });
	struct sk_buff *skb = flat_skb(test, flat);
	struct mbuf_fixture *f = test->priv;

	skb_reset_mac_header(skb);
	skb_pull(skb, 14);
	f->m = in(test, skb, KPI_INBOUND);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);
	KUNIT_EXPECT_PTR_NE(test, kpi_mbuf_pkthdr_header(f->n), kpi_mbuf_pkthdr_header(f->m));
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_MEMEQ_MSG(test, kpi_mbuf_pkthdr_header(f->n), flat->bytes, 14,
			       "after the source is freed");
}

/*
 * Completion
 */

static unsigned int completions;

static void count_completion(uintptr_t pktid, ifnet_t ifp, u_int64_t ts, uintptr_t arg,
			     uintptr_t data, kern_return_t status)
{
	completions++;
}

static void forget_completion(void *unused)
{
	(void)!kpi_mbuf_unregister_tx_compl_callback(count_completion);
}

static void completion_when_the_network_lets_go_test(struct kunit *test)
{
	struct sk_buff *skb;
	uintptr_t id;
	mbuf_t m;

	completions = 0;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_register_tx_compl_callback(count_completion), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, forget_completion, NULL), 0);
	m = mbuf_test_chain(test, "h100,600c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(m, &id, count_completion), 0);
	skb = out(test, m, 0);
	KUNIT_EXPECT_EQ(test, completions, 0);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, completions, 1);
}

static void completion_comes_once_whatever_fails_test(struct kunit *test)
{
	bool fired = true;
	unsigned int n;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_register_tx_compl_callback(count_completion), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, forget_completion, NULL), 0);
	for (n = 1; fired && n < 20; n++) {
		mbuf_t m = mbuf_test_chain(test, "h100,600c");
		struct sk_buff *skb;
		uintptr_t id;

		completions = 0;
		KUNIT_ASSERT_EQ(test, kpi_mbuf_set_timestamp_requested(m, &id, count_completion), 0);
		kpi_mbuf_fail_nth(n);
		skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
		fired = kpi_mbuf_fail_fired();
		kpi_mbuf_fail_nth(0);
		if (!IS_ERR(skb))
			kfree_skb(skb);
		KUNIT_EXPECT_EQ_MSG(test, completions, 1, "failure %u", n);
	}
	KUNIT_EXPECT_GT(test, n, 2);
}

static struct kunit_case meta_tests[] = {
	KUNIT_CASE(fields_make_the_round_trip_test),
	KUNIT_CASE(fields_are_seen_by_the_kext_test),
	KUNIT_CASE_PARAM(class_is_the_priority_test, class_gen_params),
	KUNIT_CASE(link_header_is_found_in_front_test),
	KUNIT_CASE(nothing_known_test),
	KUNIT_CASE(verified_test),
	KUNIT_CASE(sum_of_everything_test),
	KUNIT_CASE(sum_does_not_outlive_a_change_test),
	KUNIT_CASE(modified_means_unknown_test),
	KUNIT_CASE_PARAM(request_is_for_the_network_to_fill_in_test, request_gen_params),
	KUNIT_CASE_PARAM(request_from_the_network_test, request_gen_params),
	KUNIT_CASE(unfilled_checksum_on_the_way_in_is_good_test),
	KUNIT_CASE(unfilled_checksum_stays_where_it_is_test),
	KUNIT_CASE(unfilled_checksum_of_a_modified_packet_test),
	KUNIT_CASE(request_without_a_header_is_a_misuse_test),
	KUNIT_CASE(segmentation_request_test),
	KUNIT_CASE(segmentation_round_trip_test),
	KUNIT_CASE(a_received_big_packet_can_be_sent_on_test),
	KUNIT_CASE(segmentation_of_what_is_no_tcp_is_a_misuse_test),
	KUNIT_CASE(segmentation_into_nothing_is_a_misuse_test),
	KUNIT_CASE(segmentation_implies_the_checksum_test),
	KUNIT_CASE(request_behind_an_extension_header_test),
	KUNIT_CASE(another_protocols_request_is_filled_in_test),
	KUNIT_CASE(link_header_of_a_copy_is_its_own_test),
	KUNIT_CASE(completion_when_the_network_lets_go_test),
	KUNIT_CASE(completion_comes_once_whatever_fails_test),
	{ }
};

MBUF_TEST_SUITE(skb_meta_suite, "mbuf_skb_meta", meta_tests);
