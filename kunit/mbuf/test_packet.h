/* SPDX-License-Identifier: GPL-2.0 */
/* IP packets for tests, and checksums computed the slow way. */
#ifndef _KUNIT_MBUF_TEST_PACKET_H
#define _KUNIT_MBUF_TEST_PACKET_H

#include <linux/in.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#define MBUF_TEST_IP_MAX	4096

struct mbuf_test_ip {
	bool v6;
	u8 proto;		/* IPPROTO_TCP or IPPROTO_UDP */
	u8 options;		/* bytes of IPv4 options or of one IPv6 extension header */
	u16 link;		/* bytes of a link header in front */
	size_t payload;		/* bytes behind the transport header */
};

/* A packet as flat bytes, its checksums right. */
struct mbuf_test_flat {
	u8 bytes[MBUF_TEST_IP_MAX];
	size_t len;
	size_t network;		/* where things are */
	size_t transport;
	size_t field;		/* the transport checksum */
};

/* Ways to cut a packet. */
static const struct mbuf_test_cut_case {
	const char *name;
	size_t first;		/* bytes in the first mbuf */
	size_t rest;		/* in each of the others */
} mbuf_test_cuts[] __maybe_unused = {
	{ "in one",		4096, 4096 },
	{ "single bytes",	1, 1 },
	{ "empty head",		0, 4096 },
	{ "odd head",		13, 15 },
	{ "network header",	20, 4096 },
	{ "inside the header",	7, 64 },
	{ "large odd pieces",	333, 333 },
	{ "threes",		3, 3 },
};

#define MBUF_TEST_CUTS	ARRAY_SIZE(mbuf_test_cuts)

/* Big endian, at any address. */
static inline void mbuf_test_put16(u16 value, u8 *to)
{
	to[0] = value >> 8;
	to[1] = value;
}

static inline u16 mbuf_test_get16(const u8 *from)
{
	return from[0] << 8 | from[1];
}

/* Offsets of the checksum fields. */
#define MBUF_TEST_TCP_CHECK	16
#define MBUF_TEST_UDP_CHECK	6

/* The one's complement sum, folded, of 16-bit big endian words. */
static inline u16 mbuf_test_fold(const u8 *bytes, size_t len, u32 sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static inline u16 mbuf_test_pseudo_sum(const struct mbuf_test_flat *flat)
{
	const u8 *ip = flat->bytes + flat->network;
	bool v6 = ip[0] >> 4 == 6;
	u32 sum = flat->len - flat->transport;
	u8 proto = flat->field - flat->transport == MBUF_TEST_TCP_CHECK ? IPPROTO_TCP : IPPROTO_UDP;

	return v6 ? mbuf_test_fold(ip + 8, 32, sum + proto) :
		    mbuf_test_fold(ip + 12, 8, sum + proto);
}

static inline void mbuf_test_put_ipv4(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
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

static inline void mbuf_test_put_ipv6(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
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

static inline void mbuf_test_put_transport(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
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

static inline void mbuf_test_ip_pseudo(struct mbuf_test_flat *flat)
{
	mbuf_test_put16(mbuf_test_pseudo_sum(flat), flat->bytes + flat->field);
}

static inline void mbuf_test_fill_in_checksum(struct mbuf_test_flat *flat)
{
	u8 *transport = flat->bytes + flat->transport;
	u16 check;

	mbuf_test_ip_pseudo(flat);
	check = ~mbuf_test_fold(transport, flat->len - flat->transport, 0);
	if (!check && flat->field - flat->transport == MBUF_TEST_UDP_CHECK)
		check = 0xffff;
	mbuf_test_put16(check, flat->bytes + flat->field);
}

static inline void mbuf_test_ip_packet(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip)
{
	bool tcp = ip->proto == IPPROTO_TCP;

	memset(flat->bytes, 0x77, ip->link);
	flat->network = ip->link;
	flat->transport = flat->network + (ip->v6 ? 40 : 20) + ip->options;
	flat->field = flat->transport + (tcp ? MBUF_TEST_TCP_CHECK : MBUF_TEST_UDP_CHECK);
	flat->len = flat->transport + (tcp ? 20 : 8) + ip->payload;
	if (ip->v6)
		mbuf_test_put_ipv6(flat, ip);
	else
		mbuf_test_put_ipv4(flat, ip);
	mbuf_test_put_transport(flat, ip);
	mbuf_test_fill_in_checksum(flat);
}

#endif /* _KUNIT_MBUF_TEST_PACKET_H */
