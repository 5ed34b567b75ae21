// SPDX-License-Identifier: GPL-2.0
/* Chains cut, lengthened at the front, and made contiguous where somebody wants to read. */

#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "cpu.h"
#include "header.h"
#include "reshape.h"
#include "veil.h"

/* How much kpi_mbuf_pullup() moves at least, if there is room: IPv6 and TCP headers. */
#define PULLUP_AT_LEAST	60

/* Places @len bytes at the end of an empty mbuf's storage. */
static void place_late(mbuf_t m, size_t len)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	mcb->data = mcb->start + ALIGN_DOWN(mcb->size - len, sizeof(long));
	mcb->len = len;
}

/* A new head in front of @m, with @len bytes of room; takes its place in a packet list. */
static mbuf_t prepend_mbuf(mbuf_t m, size_t len, gfp_t gfp, struct kpi_kext *owner)
{
	u32 type = kpi_mcb(m)->type;
	u32 cluster = kpi_cluster_size(len);
	mbuf_t n = NULL;

	if (len <= KPI_MHLEN)
		n = kpi_mbuf_alloc(0, type, gfp, owner);
	else if (cluster)
		n = kpi_mbuf_alloc_cluster(cluster, 0, type, gfp, owner);
	if (!n)
		return NULL;

	if (kpi_is_packet(m)) {
		kpi_pkthdr_move(n, m);
		kpi_mcb(m)->flags &= ~MBUF_PKTHDR;
	}
	place_late(n, len);
	kpi_set_next(n, m);
	kpi_set_nextpkt(n, kpi_nextpkt(m));
	kpi_set_nextpkt(m, NULL);
	return n;
}

/**
 * kpi_mbuf_prepend() - make room in front of a chain's data
 * @mbuf: in: the chain; out: its first mbuf, a new one perhaps; NULL on failure
 * @len:  how many bytes; what is in them is undefined
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 *
 * Consumes the chain on failure. Unshared room in front of the data is used,
 * else a new first mbuf made, to which the packet header goes. The packet length
 * grows by @len.
 *
 * macOS difference: up to 16384 bytes, where macOS panics beyond 288; the place
 * in a packet list goes to the new first mbuf.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL for a NULL @mbuf or chain.
 */
errno_t kpi_mbuf_prepend(mbuf_t *mbuf, size_t len, mbuf_how_t how)
{
	gfp_t gfp = kpi_gfp(how);
	struct kpi_mcb *mcb;
	mbuf_t m;

	if (!mbuf || kpi_unusable(*mbuf))
		return EINVAL;

	m = *mbuf;
	mcb = kpi_mcb(m);
	if (len <= kpi_leading(mcb)) {
		mcb->data -= len;
		mcb->len += len;
	} else {
		*mbuf = prepend_mbuf(m, len, gfp, kpi_kext_caller());
		if (!*mbuf) {
			kpi_chain_free(m);
			return ENOMEM;
		}
		m = *mbuf;
	}
	if (kpi_is_packet(m))
		kpi_hdr(m)->len += len;
	return 0;
}
KPI_EXPORT(kpi_mbuf_prepend);

/* Makes the empty @n hold what is behind @off in @m: shared if it can be, else copied. */
void kpi_split_tail(mbuf_t n, mbuf_t m, size_t off)
{
	struct kpi_mcb *from = kpi_mcb(m);
	struct kpi_mcb *to = kpi_mcb(n);
	u32 len = from->len - off;

	if (!len)
		return;
	kpi_unveil(m);
	if (from->store) {
		kpi_store_get(from->store);
		kpi_mbuf_attach(n, from->store, from->start, from->size);
		to->data = from->data + off;
		to->len = len;
	} else {
		place_late(n, len);
		memcpy(to->data, from->data + off, len);
	}
}

/* Cuts chain @head, in whose mbuf @m the cut is at @off; *@tail is what was behind. */
static int split_at(mbuf_t head, mbuf_t m, size_t off, size_t offset, gfp_t gfp,
		    struct kpi_kext *owner, mbuf_t *tail)
{
	bool packet = kpi_is_packet(head);
	mbuf_t n = kpi_next(m);

	if (packet || off < kpi_mcb(m)->len) {
		n = kpi_mbuf_alloc(packet ? MBUF_PKTHDR : 0,
				   kpi_mcb(packet ? head : m)->type, gfp, owner);
		if (!n)
			return -ENOMEM;
		kpi_split_tail(n, m, off);
		kpi_set_next(n, kpi_next(m));
	}
	if (!n)
		return -ENOMEM;	/* nothing behind the end; the original says so, too */

	kpi_mcb(m)->len = off;
	kpi_set_next(m, NULL);
	if (packet) {
		kpi_hdr(n)->rcvif = kpi_hdr(head)->rcvif;
		kpi_hdr(n)->len = kpi_hdr(head)->len - (s32)offset;
		kpi_hdr(head)->len = offset;
	}
	*tail = n;
	return 0;
}

/**
 * kpi_mbuf_split() - cut a chain in two
 * @src:      the chain, which keeps the first @offset bytes
 * @offset:   where to cut
 * @how:      MBUF_WAITOK or MBUF_DONTWAIT
 * @new_mbuf: out: the rest, or NULL on failure
 *
 * Borrows @src; returns the rest. If @src is a packet the rest is one, with its
 * interface but none of its tags, checksums and flags. An mbuf that the cut goes
 * through is shared if its storage is external, else copied.
 *
 * macOS difference: on failure @src is never changed.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; ENOMEM, also if @offset is beyond the end or, without a packet
 * header, at it; EINVAL for a NULL pointer.
 */
errno_t kpi_mbuf_split(mbuf_t src, size_t offset, mbuf_how_t how, mbuf_t *new_mbuf)
{
	gfp_t gfp = kpi_gfp(how);
	size_t off = offset;
	mbuf_t m = src;

	if (!new_mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	*new_mbuf = NULL;
	if (kpi_unusable(src))
		return EINVAL;

	while (m && off > kpi_mcb(m)->len) {
		off -= kpi_mcb(m)->len;
		m = kpi_next(m);
	}
	if (!m || offset > INT_MAX)
		return ENOMEM;
	return kpi_errno(split_at(src, m, off, offset, gfp, kpi_kext_caller(), new_mbuf));
}
KPI_EXPORT(kpi_mbuf_split);

/*
 * Moves bytes from the front of @from to the end of @to: those still @needed, more
 * if that makes a usual header. Emptied mbufs are freed. Returns whether all
 * came; what is left follows @to then.
 */
static bool pullup_fill(mbuf_t to, mbuf_t from, size_t needed)
{
	struct kpi_mcb *mcb = kpi_mcb(to);

	do {
		struct kpi_mcb *source = kpi_mcb(from);
		size_t want = max_t(size_t, needed, PULLUP_AT_LEAST);
		size_t n = min3(want, kpi_tailroom(mcb), (size_t)source->len);

		memcpy(mcb->data + mcb->len, source->data, n);
		mcb->len += n;
		source->len -= n;
		needed -= min(needed, n);
		if (source->len)
			source->data += n;
		else
			from = kpi_mbuf_drop(from);
	} while (needed && from);

	kpi_set_next(to, from);
	return !needed;
}

/* Whether the head can take bytes of its successors where it is. */
static bool pullup_in_place(mbuf_t m, size_t len)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);

	return !mcb->store && kpi_next(m) && len < kpi_end(mcb) - mcb->data;
}

/* Returns the new head, or NULL; the chain is gone then. */
static mbuf_t pullup_anew(mbuf_t m, size_t len, struct kpi_kext *owner)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);
	mbuf_t n = NULL;

	if (len <= KPI_MHLEN && (mcb->store || mcb->data < kpi_end(mcb)))
		n = kpi_mbuf_alloc(0, mcb->type, GFP_ATOMIC, owner);
	if (!n) {
		kpi_chain_free(m);
		return NULL;
	}

	if (kpi_is_packet(m)) {
		kpi_pkthdr_move(n, m);
		kpi_mcb(m)->flags &= ~MBUF_PKTHDR;
	}
	kpi_set_nextpkt(n, kpi_nextpkt(m));
	kpi_set_nextpkt(m, NULL);
	if (pullup_fill(n, m, len))
		return n;
	kpi_chain_free(n);
	return NULL;
}

static mbuf_t pullup(mbuf_t m, size_t len, struct kpi_kext *owner)
{
	size_t have = kpi_mcb(m)->len;

	if (!pullup_in_place(m, len))
		return pullup_anew(m, len, owner);
	if (have >= len || pullup_fill(m, kpi_next(m), len - have))
		return m;
	kpi_chain_free(m);
	return NULL;
}

/**
 * kpi_mbuf_pullup() - make the first bytes of a chain contiguous
 * @mbuf: in: the chain; out: its first mbuf, a new one perhaps; NULL on failure
 * @len:  how many bytes the first mbuf shall hold, at most 288
 *
 * Consumes the chain on failure, also if that is because it is shorter than
 * @len. More bytes than asked for may be moved. A first mbuf with external
 * storage, or without successor, or without room, is replaced by a new one with
 * internal storage, to which the packet header goes; pointers into its data are
 * stale then.
 *
 * macOS difference: the place in a packet list goes to the new first mbuf.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0, ENOMEM, or EINVAL for a NULL @mbuf or chain.
 */
errno_t kpi_mbuf_pullup(mbuf_t *mbuf, size_t len)
{
	if (!mbuf || kpi_unusable(*mbuf))
		return EINVAL;

	*mbuf = pullup(*mbuf, len, kpi_kext_caller());
	if (*mbuf)
		return 0;
	kpi_count(pullup_failed, 1);
	return ENOMEM;
}
KPI_EXPORT(kpi_mbuf_pullup);

/* Where bytes may be added: internal storage, or a cluster of 2048 bytes of one's own. */
static bool pulldown_may_write(const struct kpi_mcb *mcb)
{
	if (!mcb->store)
		return true;
	return mcb->store->kind == KPI_STORE_CLUSTER && mcb->size == KPI_MCLBYTES &&
	       !kpi_is_shared(mcb);
}

/* Moves @tail bytes of what follows to the end of @m. */
static void pulldown_append(mbuf_t m, size_t tail)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	kpi_chain_copy_out(kpi_next(m), 0, tail, mcb->data + mcb->len);
	mcb->len += tail;
	kpi_chain_trim(kpi_next(m), tail);
}

/* Moves the bytes of @m behind @off to the front of the next mbuf. */
static void pulldown_hand_on(mbuf_t m, size_t off)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	struct kpi_mcb *next = kpi_mcb(kpi_next(m));
	size_t n = mcb->len - off;

	next->data -= n;
	next->len += n;
	memcpy(next->data, mcb->data + off, n);
	mcb->len = off;
}

/* Puts a new mbuf of @type behind @m that holds @length bytes from @off on. */
static mbuf_t pulldown_insert(mbuf_t m, u32 type, size_t off, size_t length,
			      struct kpi_kext *owner)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	size_t here = mcb->len - off;
	mbuf_t n;

	if (length > KPI_MHLEN)
		n = kpi_mbuf_alloc_cluster(KPI_MCLBYTES, 0, type, GFP_ATOMIC, owner);
	else
		n = kpi_mbuf_alloc(0, type, GFP_ATOMIC, owner);
	if (!n)
		return NULL;

	memcpy(kpi_mcb(n)->data, mcb->data + off, here);
	kpi_mcb(n)->len = here;
	mcb->len = off;
	kpi_set_next(n, kpi_next(m));
	kpi_set_next(m, n);
	pulldown_append(n, length - here);
	return n;
}

/* Returns the mbuf that holds @length bytes at *@off, or NULL. */
static mbuf_t pulldown(mbuf_t m, size_t *off, size_t length, struct kpi_kext *owner)
{
	u32 type = kpi_mcb(m)->type;	/* the first mbuf's, as in the original */
	struct kpi_mcb *mcb, *next;
	size_t here, there;

	while (m && *off >= kpi_mcb(m)->len) {
		*off -= kpi_mcb(m)->len;
		m = kpi_next(m);
	}
	if (!m || length > KPI_MCLBYTES)
		return NULL;

	mcb = kpi_mcb(m);
	here = mcb->len - *off;
	if (length <= here)
		return m;
	there = length - here;
	if (kpi_chain_len(kpi_next(m)) < there)
		return NULL;

	if (pulldown_may_write(mcb) && there <= kpi_tailroom(mcb)) {
		pulldown_append(m, there);
		return m;
	}

	next = kpi_mcb(kpi_next(m));
	if (pulldown_may_write(mcb) && here <= kpi_leading(next) && there <= next->len) {
		pulldown_hand_on(m, *off);
		m = kpi_next(m);
	} else {
		m = pulldown_insert(m, type, *off, length, owner);
	}
	*off = 0;
	return m;
}

/**
 * kpi_mbuf_pulldown() - make bytes in the middle of a chain contiguous
 * @src:      the chain; its first mbuf stays
 * @offset:   in: where the bytes begin; out: where they are within *@location
 * @length:   how many, at most 2048
 * @location: out: the mbuf that holds them, or NULL on failure
 *
 * Consumes the chain on failure, also if that is because it is too short. Bytes
 * in front of @offset are not moved, shared storage is not written to, emptied
 * mbufs stay.
 *
 * macOS difference: on failure @offset is unchanged; arguments beyond INT_MAX
 * are ordinary failures, where macOS panics or frees only the first mbuf.
 *
 * Context: Interrupts enabled; never sleeps.
 * Return: 0, ENOMEM, or EINVAL for a NULL pointer.
 */
errno_t kpi_mbuf_pulldown(mbuf_t src, size_t *offset, size_t length, mbuf_t *location)
{
	size_t off;

	if (location)
		*location = NULL;
	if (kpi_unusable(src))
		return EINVAL;
	if (!offset || !location) {
		kpi_misuse("no place for the result");
		kpi_chain_free(src);
		return EINVAL;
	}

	off = *offset;
	*location = pulldown(src, &off, length, kpi_kext_caller());
	if (!*location) {
		kpi_chain_free(src);
		return ENOMEM;
	}
	*offset = off;
	return 0;
}
KPI_EXPORT(kpi_mbuf_pulldown);
