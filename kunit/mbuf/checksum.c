// SPDX-License-Identifier: GPL-2.0
/* Checksums, VLAN tags and segmentation requests in the packet header. */

#include <linux/errno.h>
#include <linux/in.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "test.h"
#include "test_ip.h"
#include "test_sharing.h"

#define DARWIN_PF_INET6		30

/*
 * Flags and values
 */

static void requests_are_masked_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 flags, value;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_TCP |
				MBUF_CSUM_REQ_ZERO_INVERT | 0x80000000, 16), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_CSUM_REQ_TCP);
	KUNIT_EXPECT_EQ(test, value, 16);
	flags = 0;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_CSUM_REQ_TCP);
}

static void performed_replaces_requested_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 good = MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR, flags, value;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_TCP, 16), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_csum_performed(f->m, good | MBUF_CSUM_REQ_IP,
							  0xffff), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_performed(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, good);
	KUNIT_EXPECT_EQ(test, value, 0xffff);
}

static void clearing_leaves_vlan_and_tso_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 flags, value, mss = 9;
	u16 vlan = 0;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 7), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_IPV4, 1400, 40), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_performed(f->m, MBUF_CSUM_DID_IP, 5), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_clear_csum_performed(f->m), 0);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_performed(f->m, &flags, &value), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);
	KUNIT_EXPECT_EQ(test, value, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), 0);
	KUNIT_EXPECT_EQ(test, vlan, 7);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(f->m, &flags, &mss), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_TSO_IPV4);
	KUNIT_EXPECT_EQ(test, mss, 1400);
}

static void vlan_tag_0_is_a_tag_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u16 vlan = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), ENXIO);
	KUNIT_EXPECT_EQ(test, vlan, 9);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 0), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), 0);
	KUNIT_EXPECT_EQ(test, vlan, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), 0);
	KUNIT_EXPECT_EQ(test, vlan, 0xffff);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_clear_vlan_tag(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_clear_vlan_tag(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &vlan), ENXIO);
}

static void segmentation_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u16 segment = 9, header = 9;
	u32 flags = 9, mss = 9;
	mbuf_gso_type_t type;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(f->m, &flags, &mss), 0);
	KUNIT_EXPECT_EQ(test, flags, 0);
	KUNIT_EXPECT_EQ_MSG(test, mss, 9, "is not touched without a request");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_NONE, 1, 0), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_IPV4, 0, 0), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_gso_info(f->m, 3, 1400, 40), EINVAL);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_IPV4, 1400, 40), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_IPV6, 1300, 60), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_gso_info(f->m, &type, &segment, &header), 0);
	KUNIT_EXPECT_EQ_MSG(test, type, MBUF_GSO_TYPE_IPV4, "the first stays");
	KUNIT_EXPECT_EQ(test, segment, 1300);
	KUNIT_EXPECT_EQ(test, header, 60);
}

static void segmentation_after_a_header_move_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u32 flags = 0, mss = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_gso_info(f->m, MBUF_GSO_TYPE_IPV4, 1400, 40), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(f->n, &flags, &mss), 0);
	KUNIT_EXPECT_EQ(test, mss, 1400);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_tso_requested(f->m, &flags, &mss), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_TSO_IPV4);
	KUNIT_EXPECT_EQ(test, mss, 0);
}

static void lro_counts_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u8 segments = 9, acks = 9;

	f->m = mbuf_test_chain(test, "h5");
	(void)!kpi_mbuf_set_lro_info(f->m, 5, 0);	/* its result: see the vectors */
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_lro_info(f->m, &segments, &acks), 0);
	KUNIT_EXPECT_EQ(test, segments, 5);
	KUNIT_EXPECT_EQ(test, acks, 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_lro_info(f->m, 1, 0), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_set_lro_info(f->m, 5, 1), EINVAL);
}

/*
 * Packets of both families, both protocols, with and without options
 */

static const struct ip_case {
	const char *name;
	struct mbuf_test_ip ip;
	u32 request;
	u32 family;
} ip_cases[] = {
	{ "tcp", { .proto = IPPROTO_TCP, .payload = 100 }, MBUF_CSUM_REQ_TCP, PF_INET },
	{ "udp, odd length", { .proto = IPPROTO_UDP, .payload = 101 }, MBUF_CSUM_REQ_UDP, PF_INET },
	{ "udp without data", { .proto = IPPROTO_UDP }, MBUF_CSUM_REQ_UDP, PF_INET },
	{ "tcp behind options", { .proto = IPPROTO_TCP, .options = 12, .payload = 37 },
	  MBUF_CSUM_REQ_TCP, PF_INET },
	{ "tcp behind ethernet", { .proto = IPPROTO_TCP, .link = 14, .payload = 1001 },
	  MBUF_CSUM_REQ_TCP, PF_INET },
	{ "tcp6", { .v6 = true, .proto = IPPROTO_TCP, .payload = 99 }, MBUF_CSUM_REQ_TCPIPV6,
	  PF_INET6 },
	{ "udp6", { .v6 = true, .proto = IPPROTO_UDP, .payload = 64 }, MBUF_CSUM_REQ_UDPIPV6,
	  PF_INET6 },
	{ "udp6 with the number of macOS", { .v6 = true, .proto = IPPROTO_UDP, .payload = 1 },
	  MBUF_CSUM_REQ_UDPIPV6, DARWIN_PF_INET6 },
	{ "udp6 behind ethernet", { .v6 = true, .proto = IPPROTO_UDP, .link = 14, .payload = 1300 },
	  MBUF_CSUM_REQ_UDPIPV6, PF_INET6 },
};

KUNIT_ARRAY_PARAM_DESC(ip, ip_cases, name);

static struct mbuf_test_flat *flat_packet(struct kunit *test, const struct mbuf_test_ip *ip)
{
	struct mbuf_test_flat *flat = kunit_kzalloc(test, sizeof(*flat), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, flat);
	mbuf_test_ip_packet(flat, ip);
	return flat;
}

/* A packet with only the pseudo header's sum in its field, and the request for the rest. */
static mbuf_t requesting_packet(struct kunit *test, struct mbuf_test_flat *flat,
				const struct ip_case *c, const struct mbuf_test_cut_case *cut)
{
	u16 right = mbuf_test_get16(flat->bytes + flat->field);
	mbuf_t m;

	mbuf_test_ip_pseudo(flat);
	m = mbuf_test_cut(test, flat->bytes, flat->len, cut->first, cut->rest);
	mbuf_test_put16(right, flat->bytes + flat->field);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(m, c->request,
							  flat->field - flat->transport), 0);
	return m;
}

static void finalize_fills_in_the_checksum_test(struct kunit *test)
{
	const struct ip_case *c = test->param_value;
	struct mbuf_test_flat *flat = flat_packet(test, &c->ip);
	struct mbuf_fixture *f = test->priv;
	u32 flags;
	int i;

	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		const struct mbuf_test_cut_case *cut = &mbuf_test_cuts[i];

		f->m = requesting_packet(test, flat, c, cut);
		kpi_mbuf_outbound_finalize(f->m, c->family, flat->network);
		mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, cut->name);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
		KUNIT_EXPECT_EQ_MSG(test, flags, 0, "%s: the request is done with", cut->name);

		kpi_mbuf_outbound_finalize(f->m, c->family, flat->network);
		mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "done twice");
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static void finalize_leaves_other_families_alone_test(struct kunit *test)
{
	const struct ip_case *c = test->param_value;
	struct mbuf_test_flat *flat = flat_packet(test, &c->ip);
	struct mbuf_fixture *f = test->priv;
	u32 flags;

	f->m = requesting_packet(test, flat, c, &mbuf_test_cuts[0]);
	mbuf_test_ip_pseudo(flat);
	kpi_mbuf_outbound_finalize(f->m, c->ip.v6 ? PF_INET : PF_INET6, flat->network);
	kpi_mbuf_outbound_finalize(f->m, 0, flat->network);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "unchanged");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
	KUNIT_EXPECT_EQ(test, flags, c->request);
}

/* The guide for filters: say inbound_modified, finalize, change data, finalize. */
static void a_request_survives_inbound_modified_test(struct kunit *test)
{
	const struct ip_case *c = test->param_value;
	struct mbuf_test_flat *flat = flat_packet(test, &c->ip);
	struct mbuf_fixture *f = test->priv;

	f->m = requesting_packet(test, flat, c, &mbuf_test_cuts[3]);
	kpi_mbuf_inbound_modified(f->m);
	kpi_mbuf_outbound_finalize(f->m, c->family, flat->network);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "after inbound_modified");
}

/* A segment with a correct checksum sums to 0, wherever it is cut. */
static void cksum_verifies_test(struct kunit *test)
{
	const struct ip_case *c = test->param_value;
	struct mbuf_test_ip ip = c->ip;
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_flat *flat;
	u16 sum;
	int i;

	ip.link = 0;		/* the IP header is looked for at the start */
	flat = flat_packet(test, &ip);
	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		const struct mbuf_test_cut_case *cut = &mbuf_test_cuts[i];

		sum = 0xeeee;
		f->m = mbuf_test_cut(test, flat->bytes, flat->len, cut->first, cut->rest);
		KUNIT_EXPECT_EQ(test, (ip.v6 ? kpi_mbuf_inet6_cksum : kpi_mbuf_inet_cksum)
				(f->m, ip.proto, flat->transport, flat->len - flat->transport,
				 &sum), 0);
		KUNIT_EXPECT_EQ_MSG(test, sum, 0, "%s", cut->name);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
}

/*
 * Odd ones
 */

static void cksum_sees_a_changed_byte_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_UDP, .payload = 33 });
	struct mbuf_fixture *f = test->priv;
	size_t udplen = flat->len - flat->transport;
	u16 sum = 0;
	u8 *field;

	f->m = mbuf_test_cut(test, flat->bytes, flat->len, 4096, 4096);
	((u8 *)kpi_mbuf_data(f->m))[flat->len - 1] ^= 0x10;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, IPPROTO_UDP, 20, udplen, &sum), 0);
	KUNIT_EXPECT_NE(test, sum, 0);

	field = kpi_mbuf_data(f->m) + flat->field;
	memset(field, 0, 2);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, IPPROTO_UDP, 20, udplen, &sum), 0);
	memcpy(field, &sum, 2);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, IPPROTO_UDP, 20, udplen, &sum), 0);
	KUNIT_EXPECT_EQ_MSG(test, sum, 0, "what it returns can be stored as it is");
}

static void cksum_is_the_same_however_cut_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	const u8 *bytes = mbuf_test_source();
	u16 expected, sum;
	int i;

	expected = ~mbuf_test_fold(bytes + 5, 900, 0);
	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		const struct mbuf_test_cut_case *cut = &mbuf_test_cuts[i];

		f->m = mbuf_test_cut(test, bytes, 1000, cut->first, cut->rest);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, 0, 5, 900, &sum), 0);
		KUNIT_EXPECT_EQ_MSG(test, be16_to_cpu((__force __be16)sum), expected, "%s",
				    cut->name);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
}

static const struct cksum_case {
	const char *name;
	const char *given;
	int proto;
	u32 off, len;
	int forced;
} cksum_cases[] = {
	{ "nothing", "h100", 0, 0, 0 },
	{ "one too many", "h100", 0, 50, 51 },
	{ "from the end", "h100", 0, 100, 1 },
	{ "sum wraps around", "h100", 0, 10, 0xfffffffa },
	{ "packet length lies", "h10", 0, 0, 50, 100 },
	{ "no packet", "100", 0, 0, 50 },
	{ "no room for the IP header", "h19", IPPROTO_TCP, 0, 19 },
};

KUNIT_ARRAY_PARAM_DESC(cksum, cksum_cases, name);

static void cksum_refuses_test(struct kunit *test)
{
	const struct cksum_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	u16 sum;

	f->m = mbuf_test_chain(test, c->given);
	if (c->forced)
		kpi_mbuf_pkthdr_setlen(f->m, c->forced);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet_cksum(f->m, c->proto, c->off, c->len, &sum), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_inet6_cksum(f->m, c->proto, c->off, c->len, &sum), EINVAL);
}

static void a_zero_udp_checksum_is_sent_as_ones_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_UDP, .payload = 10 });
	struct mbuf_fixture *f = test->priv;
	u8 *payload = flat->bytes + flat->transport + 8;
	u16 check = mbuf_test_get16(flat->bytes + flat->field);

	/* put what is missing into the payload's first word: the sum becomes 0xffff */
	mbuf_test_put16(mbuf_test_fold(payload, 2, check), payload);
	mbuf_test_ip_pseudo(flat);
	KUNIT_ASSERT_EQ(test, mbuf_test_fold(flat->bytes + flat->transport,
					     flat->len - flat->transport, 0), 0xffff);

	f->m = mbuf_test_cut(test, flat->bytes, flat->len, 4096, 4096);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_UDP, 6), 0);
	kpi_mbuf_outbound_finalize(f->m, PF_INET, 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_get16(kpi_mbuf_data(f->m) + flat->field), 0xffff);
}

static void finalize_fills_in_the_ip_header_checksum_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_TCP, .options = 8, .payload = 10 });
	struct mbuf_fixture *f = test->priv;
	u32 flags;
	int i;

	for (i = 0; i < MBUF_TEST_CUTS; i++) {
		const struct mbuf_test_cut_case *cut = &mbuf_test_cuts[i];
		u16 check = mbuf_test_get16(flat->bytes + 10);

		mbuf_test_put16(0xdead, flat->bytes + 10);
		f->m = mbuf_test_cut(test, flat->bytes, flat->len, cut->first, cut->rest);
		mbuf_test_put16(check, flat->bytes + 10);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_IP, 0), 0);
		kpi_mbuf_outbound_finalize(f->m, PF_INET, 0);
		mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, cut->name);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
		KUNIT_EXPECT_EQ(test, flags, 0);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
}

static void finalize_leaves_extension_headers_alone_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.v6 = true, .proto = IPPROTO_TCP, .options = 8, .payload = 10 });
	struct mbuf_fixture *f = test->priv;
	u32 flags;

	mbuf_test_ip_pseudo(flat);
	f->m = mbuf_test_cut(test, flat->bytes, flat->len, 4096, 4096);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_TCPIPV6, 16), 0);
	kpi_mbuf_outbound_finalize(f->m, PF_INET6, 0);
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "unchanged");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
	KUNIT_EXPECT_EQ(test, flags, MBUF_CSUM_REQ_TCPIPV6);
}

static const struct bad_packet {
	const char *name;
	const char *given;
	u32 request, value;
	size_t off;
	int forced;
} bad_packets[] = {
	{ "shorter than an IP header", "h10", MBUF_CSUM_REQ_IP, 0, 0 },
	{ "no packet", "100", MBUF_CSUM_REQ_TCP, 16, 0 },
	{ "packet length lies", "h30", MBUF_CSUM_REQ_TCP, 16, 0, 100 },
	{ "offset behind the end", "h100", MBUF_CSUM_REQ_TCP, 16, 1000 },
	{ "offset wraps around", "h100", MBUF_CSUM_REQ_TCP, 16, SIZE_MAX },
	{ "field behind the end", "h100", MBUF_CSUM_REQ_TCP, 99, 0 },
	{ "no IPv4 version", "h100@7", MBUF_CSUM_REQ_TCP, 16, 0 },
};

KUNIT_ARRAY_PARAM_DESC(bad_packet, bad_packets, name);

static void finalize_refuses_test(struct kunit *test)
{
	const struct bad_packet *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	u32 flags = 0;

	f->m = mbuf_test_chain(test, c->given);
	if (!strstr(c->name, "version"))
		*(u8 *)kpi_mbuf_data(f->m) = 0x45;
	if (c->forced)
		kpi_mbuf_pkthdr_setlen(f->m, c->forced);
	(void)!kpi_mbuf_set_csum_requested(f->m, c->request, c->value);
	f->misuses = kpi_misuse_count();
	kpi_mbuf_outbound_finalize(f->m, PF_INET, c->off);

	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	if (kpi_mbuf_flags(f->m) & MBUF_PKTHDR) {
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
		KUNIT_EXPECT_EQ(test, flags, c->request);
	}
	kpi_mbuf_adj(f->m, 1);
	mbuf_test_expect_bytes(test, f->m, mbuf_test_bytes(f->m) == 99 ? "1..99" :
					   mbuf_test_bytes(f->m) == 29 ? "1..29" : "1..9");
}

static void finalize_of_what_is_shared_does_not_reach_the_peer_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_TCP, .payload = 1000 });
	static const struct ip_case c = { .request = MBUF_CSUM_REQ_TCP };
	struct mbuf_fixture *f = test->priv;

	f->m = requesting_packet(test, flat, &c, &mbuf_test_cuts[4]);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	kpi_mbuf_outbound_finalize(f->m, PF_INET, 0);

	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "finalized");
	mbuf_test_ip_pseudo(flat);
	mbuf_test_expect_flat(test, f->n, flat->bytes, flat->len, "its peer");
}

/* Nor does it reach what the network was given and has not sent yet. */
static void finalize_of_what_was_sent_does_not_reach_the_network_test(struct kunit *test)
{
	struct mbuf_test_flat *flat = flat_packet(test, &(struct mbuf_test_ip){
		.proto = IPPROTO_TCP, .payload = 3000 });
	static const struct ip_case c = { .request = MBUF_CSUM_REQ_TCP };
	struct mbuf_fixture *f = test->priv;
	u8 *data, *wire = kunit_kzalloc(test, flat->len, GFP_KERNEL);
	struct socket *peer;
	socket_t so;

	KUNIT_ASSERT_NOT_NULL(test, wire);
	sharing_to_linux(test, SOCK_STREAM, &so, &peer);
	f->m = requesting_packet(test, flat, &c, &mbuf_test_cuts[0]);
	data = kpi_mbuf_data(f->m);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	sharing_send(test, so, f->n);
	f->n = NULL;
	kpi_mbuf_outbound_finalize(f->m, PF_INET, 0);

	KUNIT_EXPECT_PTR_EQ_MSG(test, kpi_mbuf_data(f->m), (void *)data, "data does not move");
	mbuf_test_expect_flat(test, f->m, flat->bytes, flat->len, "finalized");
	mbuf_test_ip_pseudo(flat);
	KUNIT_ASSERT_EQ(test, sharing_read(peer, wire, flat->len, MSG_WAITALL), (int)flat->len);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(wire, flat->bytes, flat->len), 0, "what was sent");
}

static struct kunit_case checksum_cases[] = {
	KUNIT_CASE(requests_are_masked_test),
	KUNIT_CASE(performed_replaces_requested_test),
	KUNIT_CASE(clearing_leaves_vlan_and_tso_test),
	KUNIT_CASE(vlan_tag_0_is_a_tag_test),
	KUNIT_CASE(segmentation_test),
	KUNIT_CASE(segmentation_after_a_header_move_test),
	KUNIT_CASE(lro_counts_test),
	KUNIT_CASE_PARAM(finalize_fills_in_the_checksum_test, ip_gen_params),
	KUNIT_CASE_PARAM(finalize_leaves_other_families_alone_test, ip_gen_params),
	KUNIT_CASE_PARAM(a_request_survives_inbound_modified_test, ip_gen_params),
	KUNIT_CASE_PARAM(cksum_verifies_test, ip_gen_params),
	KUNIT_CASE(cksum_sees_a_changed_byte_test),
	KUNIT_CASE(cksum_is_the_same_however_cut_test),
	KUNIT_CASE_PARAM(cksum_refuses_test, cksum_gen_params),
	KUNIT_CASE(a_zero_udp_checksum_is_sent_as_ones_test),
	KUNIT_CASE(finalize_fills_in_the_ip_header_checksum_test),
	KUNIT_CASE(finalize_leaves_extension_headers_alone_test),
	KUNIT_CASE_PARAM(finalize_refuses_test, bad_packet_gen_params),
	KUNIT_CASE(finalize_of_what_is_shared_does_not_reach_the_peer_test),
	KUNIT_CASE(finalize_of_what_was_sent_does_not_reach_the_network_test),
	{ }
};

MBUF_TEST_SUITE(checksum_suite, "mbuf_checksum", checksum_cases);
