/* SPDX-License-Identifier: GPL-2.0 */
/* IP packets for tests, and checksums computed the slow way. */
#ifndef _KUNIT_MBUF_TEST_IP_H
#define _KUNIT_MBUF_TEST_IP_H

#include <linux/types.h>

#include "mbuf_test.h"

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

void mbuf_test_ip_packet(struct mbuf_test_flat *flat, const struct mbuf_test_ip *ip);
void mbuf_test_ip_pseudo(struct mbuf_test_flat *flat);	/* only the pseudo header's sum in the field */
u16 mbuf_test_fold(const u8 *bytes, size_t len, u32 sum);

/* A packet chain of these bytes: @first in the first mbuf, then pieces of @rest bytes. */
mbuf_t mbuf_test_cut(struct kunit *test, const u8 *bytes, size_t len, size_t first, size_t rest);
void mbuf_test_expect_flat(struct kunit *test, mbuf_t m, const u8 *bytes, size_t len,
			   const char *what);

/* Ways to cut a packet. */
struct mbuf_test_cut_case {
	const char *name;
	size_t first, rest;
};

extern const struct mbuf_test_cut_case mbuf_test_cuts[];
#define MBUF_TEST_CUTS	8

#endif /* _KUNIT_MBUF_TEST_IP_H */
