// SPDX-License-Identifier: GPL-2.0
/* Copies of chains: sharing what can be shared, or deep. */

#include <linux/minmax.h>
#include <linux/string.h>

#include "cpu.h"
#include "header.h"
#include "veil.h"

/* Makes @n describe @len bytes of @m from @off on. */
static void copym_fill(mbuf_t n, mbuf_t m, size_t off, size_t len)
{
	struct kpi_mcb *from = kpi_mcb(m);
	struct kpi_mcb *to = kpi_mcb(n);

	kpi_unveil(m);
	if (from->store) {
		kpi_store_get(from->store);
		kpi_mbuf_attach(n, from->store, from->start, from->size);
		to->data = from->data + off;
	} else {
		memcpy(to->data, from->data + off, len);
	}
	to->len = len;
}

/*
 * Copies @len bytes from @m on, the first mbuf from @off, one mbuf each, behind
 * @head if there is one. Returns the first one, or NULL without memory.
 */
static mbuf_t copym_chain(mbuf_t head, mbuf_t m, size_t off, size_t len, gfp_t gfp,
			  struct kpi_kext *owner)
{
	mbuf_t tail = head;

	for (; m && len; m = kpi_next(m)) {
		size_t n = min_t(size_t, len, kpi_mcb(m)->len - off);
		mbuf_t copy = kpi_mbuf_alloc(0, kpi_mcb(m)->type, gfp, owner);

		if (!copy) {
			kpi_chain_free(head);
			return NULL;
		}
		copym_fill(copy, m, off, n);
		if (tail)
			kpi_set_next(tail, copy);
		else
			head = copy;
		tail = copy;
		off = 0;
		if (len != MBUF_COPYALL)
			len -= n;
	}
	return head;
}

/* Gives the copy of a packet its header; the source is left with a fresh one. */
static void copym_header(mbuf_t copy, mbuf_t src, size_t len)
{
	kpi_pkthdr_move(copy, src);
	if (len != MBUF_COPYALL)
		kpi_hdr(copy)->len = len;
}

static int copym(mbuf_t src, size_t off, size_t len, gfp_t gfp, struct kpi_kext *owner,
		 mbuf_t *copy)
{
	bool packet = kpi_is_packet(src) && !off;
	size_t total = kpi_chain_len(src);
	mbuf_t head = NULL, m = src;

	if (!len)
		return -ENOMEM;
	if (off >= total || (len != MBUF_COPYALL && len > total - off))
		return -EINVAL;

	while (off >= kpi_mcb(m)->len) {
		off -= kpi_mcb(m)->len;
		m = kpi_next(m);
	}
	if (packet && m != src) {	/* the header stands on an mbuf of its own */
		head = kpi_mbuf_alloc(0, kpi_mcb(m)->type, gfp, owner);
		if (!head)
			return -ENOMEM;
	}

	head = copym_chain(head, m, off, len, gfp, owner);
	if (!head)
		return -ENOMEM;
	if (packet)
		copym_header(head, src, len);
	*copy = head;
	return 0;
}

/**
 * kpi_mbuf_copym() - copy part of a chain, sharing storage
 * @src:      the chain
 * @offset:   where to begin
 * @len:      how many bytes; MBUF_COPYALL for all
 * @how:      MBUF_WAITOK or MBUF_DONTWAIT
 * @new_mbuf: out: the copy, or NULL on failure
 *
 * Borrows @src and shares its clusters and attached buffers with the copy:
 * neither may be written to, or the other changes. Internal data is copied. From
 * offset 0 of a packet the copy is a packet; tags, time stamp, service class and
 * other things that belong to one packet only move to it.
 *
 * macOS difference: bytes that do not exist are EINVAL, where macOS panics;
 * on failure @src keeps everything.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; ENOMEM, also for no bytes; EINVAL.
 */
errno_t kpi_mbuf_copym(const mbuf_t src, size_t offset, size_t len, mbuf_how_t how,
		       mbuf_t *new_mbuf)
{
	gfp_t gfp = kpi_gfp(how);
	int err;

	if (!new_mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	*new_mbuf = NULL;
	if (kpi_unusable(src))
		return EINVAL;

	err = copym(src, offset, len, gfp, kpi_kext_caller(), new_mbuf);
	if (err)
		kpi_count(copym_failed, 1);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_mbuf_copym);

/* An mbuf for a deep copy of @m; @small if internal storage is known to do. */
static mbuf_t dup_alloc(const struct __mbuf *m, bool small, gfp_t gfp,
			struct kpi_kext *owner)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);
	u32 size;

	if (small || !mcb->store)
		return kpi_mbuf_alloc(0, mcb->type, gfp, owner);
	size = kpi_cluster_size(mcb->len);
	if (!size)
		return NULL;
	return kpi_mbuf_alloc_cluster(size, 0, mcb->type, gfp, owner);
}

static mbuf_t dup_mbuf(const struct __mbuf *m, bool small, gfp_t gfp,
		       struct kpi_kext *owner)
{
	mbuf_t copy = dup_alloc(m, small, gfp, owner);

	if (!copy)
		return NULL;
	kpi_mcb(copy)->len = kpi_mcb(m)->len;
	memcpy(kpi_mcb(copy)->data, kpi_mcb(m)->data, kpi_mcb(m)->len);
	return copy;
}

/* A single mbuf whose data fits needs no cluster. */
static bool dup_is_small(const struct __mbuf *m)
{
	if (kpi_next(m) || kpi_mcb(m)->len > KPI_MLEN)
		return false;
	return !kpi_is_packet(m) || kpi_hdr(m)->len <= KPI_MHLEN;
}

static mbuf_t dup_chain(const struct __mbuf *src, gfp_t gfp, struct kpi_kext *owner)
{
	bool small = dup_is_small(src);
	mbuf_t head = NULL, tail = NULL;
	const struct __mbuf *m;

	for (m = src; m; m = kpi_next(m)) {
		mbuf_t copy = dup_mbuf(m, small, gfp, owner);

		if (!copy) {
			kpi_chain_free(head);
			return NULL;
		}
		if (tail)
			kpi_set_next(tail, copy);
		else
			head = copy;
		tail = copy;
	}
	if (kpi_is_packet(src))
		kpi_pkthdr_dup(head, src, gfp);
	return head;
}

/**
 * kpi_mbuf_dup() - copy a chain, sharing nothing
 * @src:      the chain
 * @how:      MBUF_WAITOK or MBUF_DONTWAIT
 * @new_mbuf: out: the copy, or NULL on failure
 *
 * Borrows @src, which is not changed. Each mbuf is copied to one whose cluster
 * is chosen by the number of its bytes; space in front of the data is not kept.
 * A packet's header is copied with its tags; if there is no memory for the tags
 * the copy has none.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; ENOMEM, also if one mbuf holds more than 16384 bytes; EINVAL for a
 * NULL pointer.
 */
errno_t kpi_mbuf_dup(const mbuf_t src, mbuf_how_t how, mbuf_t *new_mbuf)
{
	gfp_t gfp = kpi_gfp(how);

	if (!new_mbuf) {
		kpi_misuse("no place for the result");
		return EINVAL;
	}
	*new_mbuf = NULL;
	if (kpi_unusable(src))
		return EINVAL;

	*new_mbuf = dup_chain(src, gfp, kpi_kext_caller());
	return *new_mbuf ? 0 : ENOMEM;
}
KPI_EXPORT(kpi_mbuf_dup);
