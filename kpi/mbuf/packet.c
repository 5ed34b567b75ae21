// SPDX-License-Identifier: GPL-2.0
/* Packets of a wanted size, in as few mbufs as possible. */

#include "mbuf_priv.h"

/* How a packet is cut up: @big clusters of 16384 bytes, then one of @last bytes. */
struct cut {
	unsigned int big;
	u32 last;			/* 0: none */
	unsigned int plain;		/* or so many mbufs without cluster */
	unsigned int chunks;
};

static struct cut packet_cut(size_t len, unsigned int max)
{
	struct cut cut = { };

	if (len <= KPI_MHLEN) {
		cut.plain = 1;
	} else if (len <= KPI_MINCLSIZE && max != 1) {
		cut.plain = 2;
	} else if (len <= KPI_M16KCLBYTES) {
		cut.last = kpi_cluster_size(len);
	} else {
		cut.big = len / KPI_M16KCLBYTES;
		if (len % KPI_M16KCLBYTES)
			cut.last = kpi_cluster_size(len % KPI_M16KCLBYTES);
	}
	cut.chunks = cut.plain + cut.big + !!cut.last;
	return cut;
}

/* The i-th mbuf of a packet. */
static mbuf_t cut_alloc(const struct cut *cut, unsigned int i, gfp_t gfp,
			struct kpi_kext *owner)
{
	u16 flags = i ? 0 : MBUF_PKTHDR;
	mbuf_t m;

	if (cut->plain)
		return kpi_mbuf_alloc(flags, MBUF_TYPE_DATA, gfp, owner);

	m = kpi_mbuf_alloc_cluster(i < cut->big ? KPI_M16KCLBYTES : cut->last, flags,
				   MBUF_TYPE_DATA, gfp, owner);
	if (m && !i)
		kpi_mcb(m)->flags |= KPI_M_UNIT;
	return m;
}

static mbuf_t packet_alloc(const struct cut *cut, gfp_t gfp, struct kpi_kext *owner)
{
	mbuf_t head = NULL, tail = NULL;
	unsigned int i;

	for (i = 0; i < cut->chunks; i++) {
		mbuf_t m = cut_alloc(cut, i, gfp, owner);

		if (!m) {
			kpi_chain_free(head);
			return NULL;
		}
		if (tail)
			kpi_set_next(tail, m);
		else
			head = m;
		tail = m;
	}
	return head;
}

static void packets_free(mbuf_t m)
{
	while (m) {
		mbuf_t nextpkt = kpi_nextpkt(m);

		kpi_chain_free(m);
		m = nextpkt;
	}
}

static mbuf_t packets_alloc(unsigned int n, const struct cut *cut, gfp_t gfp,
			    struct kpi_kext *owner)
{
	mbuf_t head = NULL;

	while (n--) {
		mbuf_t m = packet_alloc(cut, gfp, owner);

		if (!m) {
			packets_free(head);
			return NULL;
		}
		kpi_set_nextpkt(m, head);
		head = m;
	}
	return head;
}

static int allocpackets(unsigned int n, size_t len, unsigned int *maxchunks, gfp_t gfp,
			struct kpi_kext *owner, mbuf_t *mbuf)
{
	unsigned int max = maxchunks ? *maxchunks : 0;
	struct cut cut;
	mbuf_t m;

	if (!n || !len || len > INT_MAX)
		return -EINVAL;
	cut = packet_cut(len, max);
	if (max && cut.chunks > max)
		return -ENOBUFS;
	m = packets_alloc(n, &cut, gfp, owner);
	if (!m)
		return -ENOMEM;

	*mbuf = m;
	if (maxchunks)
		*maxchunks = cut.chunks;
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
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	return kpi_errno(allocpackets(1, packetlen, maxchunks, gfp, kpi_kext_caller(), mbuf));
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
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	return kpi_errno(allocpackets(numpkts, packetlen, maxchunks, gfp, kpi_kext_caller(),
				      mbuf));
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
	struct cut cut = packet_cut(len, 0);
	mbuf_t m;

	if (len > INT_MAX)
		return NULL;
	m = packet_alloc(&cut, gfp, owner);
	if (m)
		chain_set_lengths(m, len);
	return m;
}
