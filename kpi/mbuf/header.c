// SPDX-License-Identifier: GPL-2.0
/* The packet header: how it comes, moves and goes; length, interface, header pointer. */

#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "header.h"

/* Flags go with a header, but for what they say about the storage. */
static void move_flags(mbuf_t to, const struct __mbuf *from)
{
	struct kpi_mcb *mcb = kpi_mcb(to);

	mcb->flags &= MBUF_EXT | ~KPI_M_PUBLIC;
	mcb->flags |= kpi_mcb(from)->flags & KPI_M_PUBLIC & ~MBUF_EXT;
}

/*
 * Gives @to the header of @from. What belongs to one packet only is gone from
 * @from then, which keeps MBUF_PKTHDR; the caller may take that away.
 */
void kpi_pkthdr_move(mbuf_t to, mbuf_t from)
{
	struct kpi_mcb *mcb = kpi_mcb(to);

	if (kpi_is_packet(to))
		kpi_pkthdr_release(to);
	*kpi_hdr(to) = *kpi_hdr(from);
	memset(&kpi_hdr(from)->moved, 0, sizeof(kpi_hdr(from)->moved));
	move_flags(to, from);
	if (!mcb->store)
		mcb->data = mcb->start;
}

/* Gives @to, which has none, a copy of the header of @from, tags included. */
void kpi_pkthdr_dup(mbuf_t to, const struct __mbuf *from, gfp_t gfp)
{
	struct kpi_pkthdr *hdr = kpi_hdr(to);

	*hdr = *kpi_hdr(from);
	hdr->moved.tags = NULL;
	hdr->moved.tx_wanted = 0;
	hdr->moved.flags &= ~KPI_PKT_TS_WANTED;
	kpi_tags_dup(hdr, kpi_hdr(from), gfp);
	move_flags(to, from);
}

/**
 * kpi_mbuf_copy_pkthdr() - give an mbuf another's packet header
 * @dest: an empty mbuf
 * @src:  the mbuf with the header
 *
 * Borrows both. Tags, time stamp, service class and other things that belong to
 * one packet only move to @dest; what @dest had of them is released, its flags
 * become those of @src.
 *
 * macOS difference: @dest and @src must not be the same mbuf, which would lose
 * the tags.
 *
 * Context: Any.
 * Return: 0, or EINVAL (nothing changed) if @src has no packet header.
 */
errno_t kpi_mbuf_copy_pkthdr(mbuf_t dest, const mbuf_t src)
{
	if (kpi_unusable(dest) || kpi_unusable(src))
		return EINVAL;
	if (!kpi_is_packet(src))
		return EINVAL;
	if (dest == src) {
		kpi_misuse("copy of a packet header to itself");
		return EINVAL;
	}

	kpi_pkthdr_move(dest, src);
	return 0;
}
KPI_EXPORT(kpi_mbuf_copy_pkthdr);

/**
 * kpi_mbuf_pkthdr_len() - packet length
 * @mbuf: the packet
 *
 * Borrows the packet. Nothing keeps this equal to the sum of the mbufs' lengths
 * but the calls that say so.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the length; 0 if it is negative or @mbuf no packet.
 */
size_t kpi_mbuf_pkthdr_len(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf) || !kpi_is_packet(mbuf))
		return 0;
	return max(kpi_hdr(mbuf)->len, 0);
}
KPI_EXPORT(kpi_mbuf_pkthdr_len);

/**
 * kpi_mbuf_pkthdr_setlen() - set the packet length
 * @mbuf: the packet
 * @len:  its length; more than INT_MAX becomes INT_MAX
 *
 * Borrows the packet.
 *
 * macOS difference: an mbuf without packet header is reported and left alone.
 *
 * Context: Any.
 */
void kpi_mbuf_pkthdr_setlen(mbuf_t mbuf, size_t len)
{
	if (kpi_not_packet(mbuf))
		return;
	kpi_hdr(mbuf)->len = min_t(size_t, len, S32_MAX);
}
KPI_EXPORT(kpi_mbuf_pkthdr_setlen);

/**
 * kpi_mbuf_pkthdr_adjustlen() - add to the packet length
 * @mbuf:   the packet
 * @amount: what to add; the result may be negative
 *
 * Borrows the packet.
 *
 * macOS difference: an mbuf without packet header is reported and left alone.
 *
 * Context: Any.
 */
void kpi_mbuf_pkthdr_adjustlen(mbuf_t mbuf, int amount)
{
	if (kpi_not_packet(mbuf))
		return;
	kpi_hdr(mbuf)->len = (u32)kpi_hdr(mbuf)->len + (u32)amount;
}
KPI_EXPORT(kpi_mbuf_pkthdr_adjustlen);

static size_t chain_capacity(const struct __mbuf *m)
{
	size_t size = 0;

	for (; m; m = kpi_next(m))
		size += kpi_mcb(m)->size;
	return size;
}

/**
 * kpi_mbuf_pkthdr_maxlen() - how many bytes a chain's storage has
 * @mbuf: the chain
 *
 * Borrows the chain.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the sum of kpi_mbuf_maxlen() over its mbufs.
 */
size_t kpi_mbuf_pkthdr_maxlen(const mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	return chain_capacity(mbuf);
}
KPI_EXPORT(kpi_mbuf_pkthdr_maxlen);

/**
 * kpi_mbuf_pkt_list_len() - length of all packets of a list
 * @mbuf: the first packet, or NULL
 *
 * Borrows the list.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the sum of kpi_mbuf_pkthdr_len() over the packets.
 */
size_t kpi_mbuf_pkt_list_len(const mbuf_t mbuf)
{
	const struct __mbuf *m;
	size_t len = 0;

	for (m = mbuf; m; m = kpi_nextpkt(m))
		if (kpi_is_packet(m))
			len += max(kpi_hdr(m)->len, 0);
	return len;
}
KPI_EXPORT(kpi_mbuf_pkt_list_len);

/**
 * kpi_mbuf_pkt_list_maxlen() - how many bytes all packets of a list can hold
 * @mbuf: the first packet, or NULL
 *
 * Borrows the list.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the sum of kpi_mbuf_pkthdr_maxlen() over the packets.
 */
size_t kpi_mbuf_pkt_list_maxlen(const mbuf_t mbuf)
{
	const struct __mbuf *m;
	size_t size = 0;

	for (m = mbuf; m; m = kpi_nextpkt(m))
		size += chain_capacity(m);
	return size;
}
KPI_EXPORT(kpi_mbuf_pkt_list_maxlen);

/**
 * kpi_mbuf_pkthdr_rcvif() - interface a packet came in on
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the interface, without a reference; NULL for packets made here.
 */
ifnet_t kpi_mbuf_pkthdr_rcvif(const mbuf_t mbuf)
{
	if (kpi_not_packet(mbuf))
		return NULL;
	return kpi_hdr(mbuf)->rcvif;
}
KPI_EXPORT(kpi_mbuf_pkthdr_rcvif);

/**
 * kpi_mbuf_pkthdr_setrcvif() - set the interface of a packet
 * @mbuf: the packet
 * @ifp:  the interface, or NULL
 *
 * Borrows the packet. No reference to the interface is taken.
 *
 * macOS difference: an mbuf without packet header is reported and EINVAL.
 *
 * Context: Any.
 * Return: 0 or EINVAL.
 */
errno_t kpi_mbuf_pkthdr_setrcvif(mbuf_t mbuf, ifnet_t ifp)
{
	if (kpi_not_packet(mbuf))
		return EINVAL;
	kpi_hdr(mbuf)->rcvif = ifp;
	return 0;
}
KPI_EXPORT(kpi_mbuf_pkthdr_setrcvif);

/**
 * kpi_mbuf_pkthdr_header() - where a received packet's link header is
 * @mbuf: the packet
 *
 * Borrows the packet.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the address stored with the packet, or NULL.
 */
void *kpi_mbuf_pkthdr_header(const mbuf_t mbuf)
{
	if (kpi_not_packet(mbuf))
		return NULL;
	return kpi_hdr(mbuf)->header;
}
KPI_EXPORT(kpi_mbuf_pkthdr_header);

/**
 * kpi_mbuf_pkthdr_setheader() - say where a packet's link header is
 * @mbuf:   the packet
 * @header: the address, or NULL
 *
 * Borrows the packet.
 *
 * macOS difference: an mbuf without packet header is reported and left alone.
 *
 * Context: Any.
 */
void kpi_mbuf_pkthdr_setheader(mbuf_t mbuf, void *header)
{
	if (kpi_not_packet(mbuf))
		return;
	kpi_hdr(mbuf)->header = header;
}
KPI_EXPORT(kpi_mbuf_pkthdr_setheader);
