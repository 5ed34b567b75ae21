// SPDX-License-Identifier: GPL-2.0
/* Packets of a wanted size, in as few mbufs as possible. */

#include "header.h"
#include "storage.h"

/* How many mbufs a packet has: one or two plain ones, or clusters. */
static unsigned int count_chunks(size_t len, unsigned int max)
{
	if (len <= KPI_MHLEN)
		return 1;
	if (len <= KPI_MINCLSIZE && max != 1)
		return 2;
	return DIV_ROUND_UP(len, KPI_M16KCLBYTES);
}

/* The same, or -errno for what cannot be. */
static int plan(size_t len, const unsigned int *maxchunks)
{
	unsigned int max = maxchunks ? *maxchunks : 0;
	unsigned int chunks;

	if (!len || len > INT_MAX)
		return -EINVAL;
	chunks = count_chunks(len, max);
	return max && chunks > max ? -ENOBUFS : chunks;
}

/* One of the mbufs, when @len bytes are still without. */
static mbuf_t chunk_alloc(size_t len, bool plain, u16 flags, gfp_t gfp, struct kpi_kext *owner)
{
	if (plain)
		return kpi_mbuf_alloc(flags, MBUF_TYPE_DATA, gfp, owner);
	return kpi_mbuf_alloc_cluster(kpi_cluster_size(min(len, KPI_M16KCLBYTES)), flags,
				      MBUF_TYPE_DATA, gfp, owner);
}

static mbuf_t packet_alloc(size_t len, unsigned int chunks, gfp_t gfp, struct kpi_kext *owner)
{
	bool plain = len <= chunks * KPI_MLEN;
	mbuf_t head = chunk_alloc(len, plain, MBUF_PKTHDR, gfp, owner);
	mbuf_t m = head;

	if (head && !plain)
		kpi_mcb(head)->flags |= KPI_M_UNIT;
	while (m && --chunks) {
		len -= kpi_mcb(m)->size;
		kpi_set_next(m, chunk_alloc(len, plain, 0, gfp, owner));
		m = kpi_next(m);
	}
	if (m)
		return head;
	kpi_chain_free(head);
	return NULL;
}

static void packets_free(mbuf_t m)
{
	while (m) {
		mbuf_t nextpkt = kpi_nextpkt(m);

		kpi_chain_free(m);
		m = nextpkt;
	}
}

static mbuf_t packets_alloc(unsigned int n, size_t len, unsigned int chunks, gfp_t gfp,
			    struct kpi_kext *owner)
{
	mbuf_t head = NULL;

	while (n--) {
		mbuf_t m = packet_alloc(len, chunks, gfp, owner);

		if (!m) {
			packets_free(head);
			return NULL;
		}
		kpi_set_nextpkt(m, head);
		head = m;
	}
	return head;
}

/* Gives the caller what was allocated, if it was. */
static errno_t deliver(mbuf_t m, unsigned int chunks, mbuf_t *mbuf, unsigned int *maxchunks)
{
	if (!m)
		return ENOMEM;
	*mbuf = m;
	if (maxchunks)
		*maxchunks = chunks;
	return 0;
}

/**
 * kpi_mbuf_allocpacket() - allocate a packet that can hold so many bytes
 * @how:       MBUF_WAITOK or MBUF_DONTWAIT
 * @packetlen: bytes it shall be able to hold
 * @maxchunks: in: most mbufs it may have, 0 for any number; out: how many it has;
 *             may be NULL
 * @mbuf:      out: the packet
 *
 * Returns one mbuf, or two plain ones between 289 and 576 bytes, or clusters.
 * All lengths and the packet length are 0: filling it is up to the caller. On
 * failure @mbuf and @maxchunks are untouched.
 *
 * macOS difference: more than INT_MAX bytes is EINVAL.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, ENOBUFS if @maxchunks is too small, EINVAL for no bytes or
 * a NULL @mbuf.
 */
errno_t kpi_mbuf_allocpacket(mbuf_how_t how, size_t packetlen, unsigned int *maxchunks,
			     mbuf_t *mbuf)
{
	int chunks = plan(packetlen, maxchunks);
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	if (chunks < 0)
		return kpi_errno(chunks);
	return deliver(packet_alloc(packetlen, chunks, gfp, kpi_kext_caller()), chunks,
		       mbuf, maxchunks);
}
KPI_EXPORT(kpi_mbuf_allocpacket);

/**
 * kpi_mbuf_allocpacket_list() - allocate several packets of the same size
 * @numpkts:   how many
 * @how:       MBUF_WAITOK or MBUF_DONTWAIT
 * @packetlen: bytes each shall be able to hold
 * @maxchunks: as for kpi_mbuf_allocpacket(), per packet
 * @mbuf:      out: the first packet; the others follow by kpi_mbuf_nextpkt()
 *
 * Returns all packets or none.
 *
 * macOS difference: more than INT_MAX bytes is EINVAL.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, ENOBUFS, or EINVAL for no packets, no bytes or a NULL @mbuf.
 */
errno_t kpi_mbuf_allocpacket_list(unsigned int numpkts, mbuf_how_t how, size_t packetlen,
				  unsigned int *maxchunks, mbuf_t *mbuf)
{
	int chunks = plan(packetlen, maxchunks);
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	if (!numpkts)
		return EINVAL;
	if (chunks < 0)
		return kpi_errno(chunks);
	return deliver(packets_alloc(numpkts, packetlen, chunks, gfp, kpi_kext_caller()), chunks,
		       mbuf, maxchunks);
}
KPI_EXPORT(kpi_mbuf_allocpacket_list);

/* Takes @len bytes as data of the chain's mbufs, in order. */
static void chain_set_lengths(mbuf_t m, size_t len)
{
	kpi_hdr(m)->len = len;
	for (; m; m = kpi_next(m)) {
		struct kpi_mcb *mcb = kpi_mcb(m);

		mcb->len = min_t(size_t, len, mcb->size);
		len -= mcb->len;
	}
}

mbuf_t kpi_chain_alloc(size_t len, gfp_t gfp, struct kpi_kext *owner)
{
	mbuf_t m;

	if (len > INT_MAX)
		return NULL;
	m = packet_alloc(len, count_chunks(len, 0), gfp, owner);
	if (m)
		chain_set_lengths(m, len);
	return m;
}
