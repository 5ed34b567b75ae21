// SPDX-License-Identifier: GPL-2.0
/* Checksums: what is asked for and what is known, computing and filling in. */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/socket.h>
#include <linux/udp.h>
#include <net/checksum.h>

#include "chain.h"
#include "header.h"
#include "reshape.h"

/* PF_INET6 of macOS; the kext headers define Linux's, but binaries of text exist. */
#define PF_INET6_DARWIN	30

#define CSUM_WORD	0x0000ffff	/* bits of csum_flags that speak of checksums */

#define CSUM_REQ_V4	(MBUF_CSUM_REQ_TCP | MBUF_CSUM_REQ_UDP)
#define CSUM_REQ_V6	(MBUF_CSUM_REQ_TCPIPV6 | MBUF_CSUM_REQ_UDPIPV6)
#define CSUM_REQ_PENDING (MBUF_CSUM_REQ_IP | CSUM_REQ_V4 | CSUM_REQ_V6)
#define CSUM_REQ_MASK	(CSUM_REQ_PENDING | MBUF_CSUM_PARTIAL)

#define CSUM_DID_MASK	(MBUF_CSUM_DID_IP | MBUF_CSUM_IP_GOOD | MBUF_CSUM_DID_DATA | \
			 MBUF_CSUM_PSEUDO_HDR | MBUF_CSUM_PARTIAL)

/* What is done with when the transport checksum has been filled in. */
#define CSUM_TRANSPORT_DONE (MBUF_CSUM_DID_DATA | MBUF_CSUM_PARTIAL | \
			     MBUF_CSUM_REQ_ZERO_INVERT)

static void csum_set(struct kpi_pkthdr *hdr, u32 flags, u32 value)
{
	hdr->csum_flags = (hdr->csum_flags & ~CSUM_WORD) | flags;
	hdr->csum_data = value;
}

/**
 * kpi_mbuf_set_csum_requested() - ask for checksums to be filled in
 * @mbuf:    the packet
 * @request: MBUF_CSUM_REQ_*
 * @value:   where the field is within the transport header
 *
 * Borrows the packet. The transport checksum field must hold the sum of the
 * pseudo header. What was known about received checksums is forgotten: both live
 * in the same place.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_set_csum_requested(mbuf_t mbuf, mbuf_csum_request_flags_t request,
				    u_int32_t value)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	csum_set(kpi_hdr(mbuf), request & CSUM_REQ_MASK, value);
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_csum_requested);

/**
 * kpi_mbuf_get_csum_requested() - which checksums are still to be filled in
 * @mbuf:    the packet
 * @request: out: MBUF_CSUM_REQ_*
 * @value:   out: as it was set; may be NULL
 *
 * Borrows the packet.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_get_csum_requested(mbuf_t mbuf, mbuf_csum_request_flags_t *request,
				    u_int32_t *value)
{
	if (kpi_not_packet(mbuf) || !request)
		return EINVAL;
	*request = kpi_hdr(mbuf)->csum_flags & CSUM_REQ_MASK;
	if (value)
		*value = kpi_hdr(mbuf)->csum_data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_csum_requested);

/**
 * kpi_mbuf_clear_csum_requested() - ask for no checksum any more
 * @mbuf: the packet
 *
 * Borrows the packet. Also forgets what is known about received checksums.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_clear_csum_requested(mbuf_t mbuf)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	csum_set(kpi_hdr(mbuf), 0, 0);
	return 0;
}
KPI_EXPORT(kpi_mbuf_clear_csum_requested);

/**
 * kpi_mbuf_set_csum_performed() - say what is known about received checksums
 * @mbuf:  the packet
 * @flags: MBUF_CSUM_DID_IP and the like
 * @value: the sum that goes with them
 *
 * Borrows the packet. Requests for checksums are forgotten.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_set_csum_performed(mbuf_t mbuf, mbuf_csum_performed_flags_t flags,
				    u_int32_t value)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	csum_set(kpi_hdr(mbuf), flags & CSUM_DID_MASK, value);
	return 0;
}
KPI_EXPORT(kpi_mbuf_set_csum_performed);

/**
 * kpi_mbuf_get_csum_performed() - what is known about received checksums
 * @mbuf:  the packet
 * @flags: out: MBUF_CSUM_DID_IP and the like
 * @value: out: the sum that goes with them
 *
 * Borrows the packet.
 *
 * macOS difference: no packet header or a NULL pointer is EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_get_csum_performed(mbuf_t mbuf, mbuf_csum_performed_flags_t *flags,
				    u_int32_t *value)
{
	if (kpi_not_packet(mbuf) || !flags || !value)
		return EINVAL;
	*flags = kpi_hdr(mbuf)->csum_flags & CSUM_DID_MASK;
	*value = kpi_hdr(mbuf)->csum_data;
	return 0;
}
KPI_EXPORT(kpi_mbuf_get_csum_performed);

/* Adds up bytes of a chain; false if it has not so many. */
static bool chain_csum(const struct __mbuf *m, size_t off, size_t len, __wsum *sum)
{
	size_t done = 0;

	for (m = kpi_chain_seek(m, &off); m && done < len; m = kpi_next(m)) {
		const struct kpi_mcb *mcb = kpi_mcb(m);
		size_t n = min_t(size_t, len - done, mcb->len - off);

		*sum = csum_block_add(*sum, csum_partial(mcb->data + off, n, 0), done);
		done += n;
		off = 0;
	}
	return done == len;
}

/* The last word of both pseudo headers. */
static __wsum pseudo_tail(int protocol, u32 length)
{
	return (__force __wsum)htonl((u32)protocol + length);
}

static int pseudo_v4(const struct __mbuf *m, int protocol, u32 length, __wsum *sum)
{
	struct iphdr ip;

	if (kpi_chain_copy_out(m, 0, sizeof(ip), &ip))
		return -EINVAL;
	*sum = csum_add(*sum, (__force __wsum)ip.saddr);
	*sum = csum_add(*sum, (__force __wsum)ip.daddr);
	*sum = csum_add(*sum, pseudo_tail(protocol, length));
	return 0;
}

/*
 * Whether the original keeps an interface number in an address: link-local ones,
 * multicast within a node, and within a link unless made from a unicast prefix.
 */
static bool has_scope_word(const struct in6_addr *addr)
{
	const u8 *byte = addr->s6_addr;

	if (byte[0] == 0xfe)
		return (byte[1] & 0xc0) == 0x80;
	if (byte[0] != 0xff)
		return false;
	if ((byte[1] & 0x0f) == 2)
		return (byte[1] & 0x30) != 0x30;
	return (byte[1] & 0x0f) == 1;
}

static __wsum csum_address(struct in6_addr *addr, __wsum sum)
{
	if (has_scope_word(addr))
		addr->s6_addr16[1] = 0;
	return csum_partial(addr, sizeof(*addr), sum);
}

static int pseudo_v6(const struct __mbuf *m, int protocol, u32 length, __wsum *sum)
{
	struct ipv6hdr ip6;

	if (kpi_chain_copy_out(m, 0, sizeof(ip6), &ip6))
		return -EINVAL;
	*sum = csum_address(&ip6.saddr, *sum);
	*sum = csum_address(&ip6.daddr, *sum);
	*sum = csum_add(*sum, pseudo_tail(protocol, length));
	return 0;
}

/* Whether a sum over the range can be asked for. */
static bool range_ok(const struct __mbuf *m, u32 offset, u32 length)
{
	return length && kpi_hdr(m)->len >= (s64)offset + length;
}

/**
 * kpi_mbuf_inet_cksum() - compute a checksum over part of an IPv4 packet
 * @mbuf:     the packet
 * @protocol: 0, or add the pseudo header for this protocol, with the addresses
 *            from the IP header at the start of the packet
 * @offset:   where to begin
 * @length:   how many bytes
 * @csum:     out: the checksum, as it is stored in a packet
 *
 * Borrows the packet. Over a segment that holds its right checksum the result is 0.
 *
 * macOS difference: a chain shorter than its packet length is EINVAL; macOS panics.
 *
 * Context: Any.
 * Return: 0; EINVAL for no packet, no bytes, bytes beyond the packet length or a
 * NULL pointer.
 */
errno_t kpi_mbuf_inet_cksum(mbuf_t mbuf, int protocol, u_int32_t offset,
			    u_int32_t length, u_int16_t *csum)
{
	__wsum sum = 0;

	if (!kpi_packet_ok(mbuf) || !csum || !range_ok(mbuf, offset, length))
		return EINVAL;
	if (!chain_csum(mbuf, offset, length, &sum))
		goto short_chain;
	if (protocol && pseudo_v4(mbuf, protocol, length, &sum))
		goto short_chain;

	*csum = (__force u16)csum_fold(sum);
	return 0;

short_chain:
	kpi_misuse("chain is shorter than its packet length");
	return EINVAL;
}
KPI_EXPORT(kpi_mbuf_inet_cksum);

/**
 * kpi_mbuf_inet6_cksum() - compute a checksum over part of an IPv6 packet
 * @mbuf:     the packet
 * @protocol: 0, or add the pseudo header for this protocol, with the addresses
 *            from the IPv6 header at the start of the packet
 * @offset:   where to begin
 * @length:   how many bytes
 * @csum:     out: the checksum, as it is stored in a packet
 *
 * Borrows the packet. In link-local addresses the second 16-bit word, which is 0
 * on the wire, is left out, as the original does.
 *
 * macOS difference: exported on all machines; a chain shorter than its packet
 * length is EINVAL; no carry is lost.
 *
 * Context: Any.
 * Return: 0; EINVAL for no packet, no bytes, bytes beyond the packet length or a
 * NULL pointer.
 */
errno_t kpi_mbuf_inet6_cksum(mbuf_t mbuf, int protocol, u_int32_t offset,
			     u_int32_t length, u_int16_t *csum)
{
	__wsum sum = 0;

	if (!kpi_packet_ok(mbuf) || !csum || !range_ok(mbuf, offset, length))
		return EINVAL;
	if (!chain_csum(mbuf, offset, length, &sum))
		goto short_chain;
	if (protocol && pseudo_v6(mbuf, protocol, length, &sum))
		goto short_chain;

	*csum = (__force u16)csum_fold(sum);
	return 0;

short_chain:
	kpi_misuse("chain is shorter than its packet length");
	return EINVAL;
}
KPI_EXPORT(kpi_mbuf_inet6_cksum);

/* --- what Linux left to a device, and no device did --- */

/*
 * Where the sum begins: behind the IP header, if that is there; else (a header in front
 * of it came or went) as far from the end as it was.
 */
static size_t partial_start(mbuf_t m, const struct kpi_linux_meta *meta)
{
	u8 first = 0;
	size_t hlen;

	kpi_chain_copy_out(m, 0, 1, &first);
	hlen = first >> 4 == 6 ? sizeof(struct ipv6hdr) : (first & 0x0f) * 4;
	if (hlen == meta->csum_start)
		return hlen;
	return kpi_chain_len(m) + meta->csum_start - meta->csum_span;
}

/* Whether a kext has filled in the whole checksum already. */
static bool is_complete(mbuf_t m, size_t start, __wsum sum)
{
	u8 first = 0, protocol = 0;
	u32 length = kpi_chain_len(m) - start;
	bool v6;

	kpi_chain_copy_out(m, 0, 1, &first);
	v6 = first >> 4 == 6;
	kpi_chain_copy_out(m, v6 ? offsetof(struct ipv6hdr, nexthdr) : offsetof(struct iphdr, protocol),
			   1, &protocol);
	if (v6 ? pseudo_v6(m, protocol, length, &sum) : pseudo_v4(m, protocol, length, &sum))
		return false;
	return !csum_fold(sum);
}

void kpi_chain_complete_sum(mbuf_t m, size_t start, size_t field, struct kpi_kext *owner)
{
	size_t len = kpi_chain_len(m);
	__wsum sum = 0;
	__sum16 folded;

	if (start > len || field + sizeof(folded) > len - start ||
	    !chain_csum(m, start, len - start, &sum) || is_complete(m, start, sum))
		return;
	folded = csum_fold(sum);
	if (!folded && field == offsetof(struct udphdr, check))
		folded = CSUM_MANGLED_0;
	kpi_chain_overwrite(m, start + field, &folded, sizeof(folded), owner);
}

static void complete_partial(mbuf_t m, struct kpi_kext *owner)
{
	struct kpi_linux_meta *meta = &kpi_hdr(m)->linux_meta;

	if (!meta->csum_partial)
		return;
	meta->csum_partial = false;
	kpi_chain_complete_sum(m, partial_start(m, meta), meta->csum_offset, owner);
}

/**
 * kpi_mbuf_clear_csum_performed() - forget what is known about received checksums
 * @mbuf: the packet
 *
 * Borrows the packet. Requests for checksums are forgotten, too.
 *
 * macOS difference: as kpi_mbuf_inbound_modified(); an mbuf without packet header is
 * reported and EINVAL.
 *
 * Context: Interrupts enabled.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_clear_csum_performed(mbuf_t mbuf)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	complete_partial(mbuf, kpi_kext_caller());
	csum_set(kpi_hdr(mbuf), 0, 0);
	return 0;
}
KPI_EXPORT(kpi_mbuf_clear_csum_performed);

/**
 * kpi_mbuf_inbound_modified() - a received packet's bytes have been changed
 * @mbuf: the packet
 *
 * Borrows the packet. What is known about its checksums is forgotten, and so are
 * its VLAN tag and segmentation request, as the original does.
 *
 * macOS difference: checksums requested for sending stay requested; macOS drops
 * them, and the packet goes out with a wrong one. A checksum that Linux left to a
 * device that there was not (loopback, veth, a virtual machine's) is filled in.
 *
 * Context: Interrupts enabled.
 */
void kpi_mbuf_inbound_modified(mbuf_t mbuf)
{
	struct kpi_pkthdr *hdr;

	if (kpi_not_packet(mbuf))
		return;
	complete_partial(mbuf, kpi_kext_caller());
	hdr = kpi_hdr(mbuf);
	if (hdr->csum_flags & CSUM_REQ_PENDING)
		hdr->csum_flags &= CSUM_REQ_MASK;
	else
		hdr->csum_flags = 0;
}
KPI_EXPORT(kpi_mbuf_inbound_modified);

/* A packet whose checksums are about to be filled in. */
struct finalize {
	mbuf_t m;
	struct kpi_pkthdr *hdr;
	size_t ip;			/* where the IP header is */
	size_t hlen;			/* how long it is */
	size_t total;			/* bytes from there to the end of the packet */
	struct kpi_kext *owner;
};

/* Where the transport checksum field is, from the start of the transport header. */
static size_t field_offset(const struct kpi_pkthdr *hdr)
{
	u16 first = hdr->csum_data, second = hdr->csum_data >> 16;

	if ((hdr->csum_flags & MBUF_CSUM_PARTIAL) && (hdr->csum_flags & MBUF_CSUM_DID_DATA))
		return (u16)(second - first);
	return first;
}

static int finalize_transport(struct finalize *f, u32 requests, u32 zero_inverts)
{
	size_t start = f->ip + f->hlen, len = f->total - f->hlen;
	size_t field = field_offset(f->hdr);
	__wsum sum = 0;
	__sum16 folded;

	if (!(f->hdr->csum_flags & requests))
		return 0;
	if (field + sizeof(folded) > len || !chain_csum(f->m, start, len, &sum))
		return -EINVAL;

	folded = csum_fold(sum);
	if (!folded && (f->hdr->csum_flags & (zero_inverts | MBUF_CSUM_REQ_ZERO_INVERT)))
		folded = CSUM_MANGLED_0;
	/* without memory for a copy of shared bytes the field stays, as on macOS */
	kpi_chain_overwrite(f->m, start + field, &folded, sizeof(folded), f->owner);
	f->hdr->csum_flags &= ~(requests | CSUM_TRANSPORT_DONE);
	return 0;
}

static void finalize_ip_header(struct finalize *f, u8 *header)
{
	struct iphdr *ip = (struct iphdr *)header;
	__sum16 folded;

	if (!(f->hdr->csum_flags & MBUF_CSUM_REQ_IP))
		return;
	ip->check = 0;
	ip->tot_len = htons(f->total);	/* it may be in host order in the packet */
	folded = csum_fold(csum_partial(header, f->hlen, 0));
	kpi_chain_overwrite(f->m, f->ip + offsetof(struct iphdr, check), &folded,
			    sizeof(folded), f->owner);
	f->hdr->csum_flags &= ~MBUF_CSUM_REQ_IP;
}

static int finalize_v4(struct finalize *f)
{
	u8 header[60] __aligned(4);	/* with options */
	int err;

	if (!(f->hdr->csum_flags & (CSUM_REQ_V4 | MBUF_CSUM_REQ_IP)))
		return 0;
	if (f->total > IP_MAX_MTU || kpi_chain_copy_out(f->m, f->ip, 1, header))
		return -EINVAL;
	f->hlen = (header[0] & 0x0f) * 4;
	if (f->hlen < sizeof(struct iphdr) || f->hlen > f->total)
		return -EINVAL;
	if (kpi_chain_copy_out(f->m, f->ip, f->hlen, header))
		return -EINVAL;

	err = finalize_transport(f, CSUM_REQ_V4, MBUF_CSUM_REQ_UDP);
	if (!err)
		finalize_ip_header(f, header);
	return err;
}

static int finalize_v6(struct finalize *f)
{
	struct ipv6hdr ip6;

	if (!(f->hdr->csum_flags & CSUM_REQ_V6))
		return 0;
	if (f->total < sizeof(ip6) || kpi_chain_copy_out(f->m, f->ip, sizeof(ip6), &ip6))
		return -EINVAL;
	if (ip6.nexthdr != IPPROTO_TCP && ip6.nexthdr != IPPROTO_UDP)
		return 0;

	f->hlen = sizeof(ip6);
	return finalize_transport(f, CSUM_REQ_V6, MBUF_CSUM_REQ_UDPIPV6);
}

static int finalize(mbuf_t m, u32 family, size_t offset, struct kpi_kext *owner)
{
	struct finalize f = { .m = m, .hdr = kpi_hdr(m), .ip = offset, .owner = owner };

	if (!(f.hdr->csum_flags & CSUM_REQ_PENDING))
		return 0;
	if (f.hdr->len < 0 || offset > f.hdr->len)
		return -EINVAL;
	f.total = f.hdr->len - offset;

	switch (family) {
	case PF_INET:
		return finalize_v4(&f);
	case PF_INET6:
	case PF_INET6_DARWIN:
		return finalize_v6(&f);
	default:
		return 0;
	}
}

/**
 * kpi_mbuf_outbound_finalize() - fill in the checksums that were asked for
 * @mbuf:            the packet
 * @protocol_family: PF_INET or PF_INET6; nothing is done for another
 * @protocol_offset: bytes in front of the IP header
 *
 * Borrows the packet, whose length must be right. A requested transport checksum
 * is computed over the segment and stored, an IPv4 header checksum too, and the
 * requests are cleared; asked again, nothing is left to do. With IPv6 extension
 * headers nothing is done. A field in shared storage behind the first mbuf is
 * not written to: the mbuf is replaced there.
 *
 * macOS difference: where macOS panics, or makes the packet longer because the
 * field is behind its end, this is reported and packet and requests are left
 * alone.
 *
 * Context: Interrupts enabled; never sleeps.
 */
void kpi_mbuf_outbound_finalize(mbuf_t mbuf, u_int32_t protocol_family,
				size_t protocol_offset)
{
	if (kpi_not_packet(mbuf))
		return;
	if (finalize(mbuf, protocol_family, protocol_offset, kpi_kext_caller()))
		kpi_misuse("packet has no room for the checksum asked for");
}
KPI_EXPORT(kpi_mbuf_outbound_finalize);
