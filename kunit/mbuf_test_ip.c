// SPDX-License-Identifier: GPL-2.0
/* IP packets for tests, and checksums computed the slow way. */

#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "mbuf_test_ip.h"

#define TCP_CHECK	16	/* offsets of the checksum fields */
#define UDP_CHECK	6

const struct mbuf_test_cut_case mbuf_test_cuts[MBUF_TEST_CUTS] = {
	{ "in one",		4096, 4096 },
	{ "single bytes",	1, 1 },
	{ "empty head",		0, 4096 },
	{ "odd head",		13, 15 },
	{ "network header",	20, 4096 },
	{ "inside the header",	7, 64 },
	{ "large odd pieces",	333, 333 },
	{ "threes",		3, 3 },
};

/* The one's complement sum, folded, of 16-bit big endian words. */
u16 mbuf_test_fold(const u8 *bytes, size_t len, u32 sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u16 pseudo_sum(const struct mbuf_test_flat *flat)
{
	const u8 *ip = flat->bytes + flat->network;
	bool v6 = ip[0] >> 4 == 6;
	u32 sum = flat->len - flat->transport;
	u8 proto = flat->field - flat->transport == TCP_CHECK ? IPPROTO_TCP : IPPROTO_UDP;

	return v6 ? mbuf_test_fold(ip + 8, 32, sum + proto) :
		    mbuf_test_fold(ip + 12, 8, sum + proto);
}

static void put_ipv4(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
{
	static const u8 addresses[8] = { 10, 1, 2, 3, 192, 168, 254, 255 };
	size_t header = 20 + ip->options;
	u8 *h = flat->bytes + flat->network;

	memset(h, 0, header);
	h[0] = 0x40 | header / 4;
	mbuf_test_put16(flat->len - flat->network, h + 2);
	h[8] = 64;
	h[9] = ip->proto;
	memcpy(h + 12, addresses, sizeof(addresses));
	memset(h + 20, 1, ip->options);		/* no operation */
	mbuf_test_put16(~mbuf_test_fold(h, header, 0), h + 10);
}

static void put_ipv6(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
{
	u8 *h = flat->bytes + flat->network;
	int i;

	memset(h, 0, 40 + ip->options);
	h[0] = 0x60;
	mbuf_test_put16(flat->len - flat->network - 40, h + 4);
	h[6] = ip->options ? IPPROTO_HOPOPTS : ip->proto;
	h[7] = 64;
	for (i = 8; i < 40; i++)
		h[i] = i * 29;
	if (!ip->options)
		return;
	h[40] = ip->proto;
	h[41] = ip->options / 8 - 1;
	h[42] = 1;				/* padding */
	h[43] = ip->options - 4;
}

static void put_transport(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
{
	u8 *h = flat->bytes + flat->transport;
	size_t i;

	for (i = 0; i < flat->len - flat->transport; i++)
		h[i] = 3 + i * 11 + i / 256;
	if (ip->proto == IPPROTO_TCP)
		h[12] = 0x50;
	else
		mbuf_test_put16(flat->len - flat->transport, h + 4);
}

void mbuf_test_ip_pseudo(struct mbuf_test_flat *flat)
{
	mbuf_test_put16(pseudo_sum(flat), flat->bytes + flat->field);
}

static void fill_in_checksum(struct mbuf_test_flat *flat)
{
	u8 *transport = flat->bytes + flat->transport;
	u16 check;

	mbuf_test_ip_pseudo(flat);
	check = ~mbuf_test_fold(transport, flat->len - flat->transport, 0);
	if (!check && flat->field - flat->transport == UDP_CHECK)
		check = 0xffff;
	mbuf_test_put16(check, flat->bytes + flat->field);
}

void mbuf_test_ip_packet(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
{
	bool tcp = ip->proto == IPPROTO_TCP;

	memset(flat->bytes, 0x77, ip->link);
	flat->network = ip->link;
	flat->transport = flat->network + (ip->v6 ? 40 : 20) + ip->options;
	flat->field = flat->transport + (tcp ? TCP_CHECK : UDP_CHECK);
	flat->len = flat->transport + (tcp ? 20 : 8) + ip->payload;
	if (ip->v6)
		put_ipv6(flat, ip);
	else
		put_ipv4(flat, ip);
	put_transport(flat, ip);
	fill_in_checksum(flat);
}

/* Every second piece is in a cluster; data starts at odd and at even addresses. */
static mbuf_t cut_piece(struct kunit *test, const u8 *bytes, size_t len, unsigned int nth)
{
	size_t start = nth % 4;
	mbuf_t m = NULL;

	if (nth)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	else
		KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	if (nth % 2 || start + len > MLEN)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA,
							  start + len > 2048 ? 16384 : 2048, &m), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setdata(m, kpi_mbuf_datastart(m) + start, len), 0);
	memcpy(kpi_mbuf_data(m), bytes, len);
	return m;
}

mbuf_t mbuf_test_cut(struct kunit *test, const u8 *bytes, size_t len, size_t first, size_t rest)
{
	size_t done = min(first, len), piece;
	mbuf_t head = cut_piece(test, bytes, done, 0), last = head, m;
	unsigned int nth = 1;

	kpi_mbuf_pkthdr_setlen(head, len);
	while (done < len) {
		piece = min(rest, len - done);
		m = cut_piece(test, bytes + done, piece, nth++);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(last, m), 0);
		last = m;
		done += piece;
	}
	return head;
}

void mbuf_test_expect_flat(struct kunit *test, mbuf_t m, const u8 *bytes, size_t len,
			   const char *what)
{
	size_t done = 0, i;

	for (; m; m = kpi_mbuf_next(m)) {
		const u8 *data = kpi_mbuf_data(m);

		for (i = 0; i < kpi_mbuf_len(m); i++, done++) {
			if (done < len && data[i] == bytes[done])
				continue;
			KUNIT_FAIL(test, "%s: byte %zu of %zu is %02x", what, done, len, data[i]);
			return;
		}
	}
	KUNIT_EXPECT_EQ_MSG(test, done, len, "%s: length", what);
}
