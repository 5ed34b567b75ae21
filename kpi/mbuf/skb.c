// SPDX-License-Identifier: GPL-2.0
/*
 * The border to Linux: a chain becomes one sk_buff, an sk_buff becomes a chain.
 *
 * Out, the beginning is copied, so that headers are where the network expects
 * them and may be written to. Behind it page-backed runs become fragments, by
 * reference; others are copied to pages first. What is too much for one sk_buff
 * goes on its frag_list.
 */

#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include <netkpi/skb.h>

#include "check.h"
#include "cpu.h"
#include "header.h"
#include "reshape.h"

/* Room for link headers, and the bytes that are always linear. */
#define OUT_HEADROOM	128
#define OUT_LINEAR	128

/* Packets up to this size are cheaper copied than referred to. */
#define OUT_COPY	512

/* An sk_buff under construction. */
struct out {
	struct sk_buff *head;
	struct sk_buff *last;		/* where fragments are added: @head or on its frag_list */
	gfp_t gfp;
};

/* How many bytes at the front are copied to the linear part. */
static size_t linear_len(mbuf_t m, size_t total)
{
	size_t len = 0;

	if (total <= OUT_COPY)
		return total;
	for (; len < OUT_COPY && !kpi_is_page_backed(kpi_mcb(m)); m = kpi_next(m))
		len += kpi_mcb(m)->len;
	return clamp_t(size_t, len, OUT_LINEAR, OUT_COPY);
}

static int out_next_member(struct out *out)
{
	struct sk_buff *skb = alloc_skb(0, out->gfp);

	if (!skb)
		return -ENOMEM;
	if (out->last == out->head)
		skb_shinfo(out->head)->frag_list = skb;
	else
		out->last->next = skb;
	out->head->truesize += skb->truesize;
	out->last = skb;
	return 0;
}

static void out_count(struct out *out, size_t len)
{
	struct sk_buff *skb = out->last;

	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	if (skb == out->head)
		return;
	out->head->len += len;
	out->head->data_len += len;
	out->head->truesize += len;
}

/* Adds a run of page memory; takes a reference of its own. */
static int out_add(struct out *out, const u8 *addr, size_t len)
{
	struct page *page = virt_to_head_page(addr);
	int off = addr - (u8 *)page_address(page);
	int i = skb_shinfo(out->last)->nr_frags;

	if (skb_can_coalesce(out->last, i, page, off)) {
		skb_frag_size_add(&skb_shinfo(out->last)->frags[i - 1], len);
		out_count(out, len);
		return 0;
	}
	if (i == MAX_SKB_FRAGS) {
		if (out_next_member(out))
			return -ENOMEM;
		i = 0;
	}
	get_page(page);
	skb_fill_page_desc(out->last, i, page, off, len);
	out_count(out, len);
	return 0;
}

/* The same; whoever receives what others may still write to must copy it. */
static int out_add_piece(struct out *out, const struct kpi_piece *piece)
{
	int err = out_add(out, piece->addr, piece->len);

	if (!err && piece->shared)
		skb_shinfo(out->last)->flags |= SKBFL_SHARED_FRAG;
	return err;
}

/* Adds a copy of memory that must not be referred to. */
static int out_add_copy(struct out *out, const u8 *from, size_t len)
{
	while (len) {
		size_t n = min_t(size_t, len, KPI_M16KCLBYTES);
		struct kpi_store *store;
		int err;
		u8 *to;

		store = kpi_cluster_alloc(kpi_cluster_size(n), out->gfp, &to);
		if (!store)
			return -ENOMEM;
		memcpy(to, from, n);
		err = out_add(out, to, n);
		kpi_store_put(store);	/* the fragment has the page */
		if (err)
			return err;
		from += n;
		len -= n;
	}
	return 0;
}

static int out_fill(struct out *out, mbuf_t m, size_t linear)
{
	struct kpi_walk walk = { .m = m, .off = linear };
	struct kpi_piece piece;
	int err = 0;

	kpi_chain_copy_out(m, 0, linear, skb_put(out->head, linear));
	while (!err && kpi_walk_next(&walk, &piece)) {
		if (piece.by_reference)
			err = out_add_piece(out, &piece);
		else
			err = out_add_copy(out, piece.addr, piece.len);
	}
	return err;
}

static struct sk_buff *out_build(mbuf_t m, size_t total, gfp_t gfp)
{
	size_t linear = linear_len(m, total);
	struct out out = { .gfp = gfp };

	if (kpi_refused(gfp))
		return NULL;
	out.head = alloc_skb(OUT_HEADROOM + linear, gfp);
	if (!out.head)
		return NULL;
	skb_reserve(out.head, OUT_HEADROOM);
	out.last = out.head;

	if (out_fill(&out, m, linear)) {
		kfree_skb(out.head);
		return NULL;
	}
	return out.head;
}

static struct sk_buff *out_convert(mbuf_t m, size_t total, gfp_t gfp)
{
	struct sk_buff *skb;

	if (!kpi_next(m) && !kpi_mcb(m)->store)
		return kpi_chain_surrender(m);
	skb = out_build(m, total, gfp);
	if (!skb)
		return NULL;
	if (skb_is_nonlinear(skb))
		kpi_chain_lend(m);
	kpi_chain_free(m);
	return skb;
}

/* Takes what the mbuf, which may go now, has to say about the packet. */
static void out_passage(mbuf_t m, struct kpi_passage *p)
{
	p->hdr = *kpi_hdr(m);
	p->flags = kpi_mcb(m)->flags;
	p->link_len = kpi_link_header_copy(&p->hdr, p->link_header, sizeof(p->link_header));
	kpi_hdr(m)->moved.tx_wanted = 0;
}

/**
 * kpi_mbuf_to_skb() - make an sk_buff of a packet
 * @m:              the packet
 * @network_offset: bytes in front of the IP header
 * @gfp:            may it sleep?
 *
 * Consumes the packet whatever happens, but a chain that debug builds find
 * damaged is left alone. Clusters go by reference, neighbours as
 * one fragment; attached buffers are copied and released. The real length counts,
 * not kpi_mbuf_pkthdr_len(). Device, priority, mark, VLAN tag, time stamp,
 * checksum and segmentation requests, and what is known about checksums, go over;
 * a requested IPv4 header checksum is filled in. Tags stay behind. Completion
 * callbacks are called when the network lets go of the sk_buff.
 *
 * skb->data is the packet's first byte; network and transport headers are set
 * where they are known; protocol is set from the IP header, or else as received.
 *
 * Context: Interrupts enabled; sleeps if @gfp says so.
 * Return: the sk_buff, which the caller must free; ERR_PTR(-ENOMEM), or
 * ERR_PTR(-EINVAL) for what is no packet.
 */
struct sk_buff *kpi_mbuf_to_skb(mbuf_t m, unsigned int network_offset, gfp_t gfp)
{
	struct kpi_passage p;
	struct sk_buff *skb;
	const char *wrong;
	size_t total;

	if (kpi_unusable(m))
		return ERR_PTR(-EINVAL);
	wrong = KPI_MBUF_DEBUG ? kpi_mbuf_check(m) : NULL;
	if (wrong) {
		kpi_misuse(wrong);
		return ERR_PTR(-EINVAL);
	}
	if (!kpi_is_packet(m)) {
		kpi_misuse("mbuf has no packet header");
		kpi_chain_free(m);
		return ERR_PTR(-EINVAL);
	}
	total = kpi_chain_len(m);
	if (total != kpi_hdr(m)->len)
		kpi_misuse("packet length is not the sum of the lengths");

	out_passage(m, &p);
	skb = out_convert(m, total, gfp);
	if (!skb) {
		kpi_tx_complete(&p.hdr.moved, NULL);
		kpi_chain_free(m);
		return ERR_PTR(-ENOMEM);
	}
	kpi_metadata_to_skb(skb, &p, network_offset);
	kpi_tx_follow(skb, &p.hdr.moved, gfp);
	return skb;
}
KPI_EXPORT(kpi_mbuf_to_skb);

/* How an sk_buff becomes a packet. */
enum look {
	CONVERTED,			/* for good */
	LOOKED_AT,			/* and used again, perhaps */
	LENT				/* the same; all of its bytes are somebody else's */
};

/*
 * Whether all of it is to be looked at where it is, and in one place, as most packets are.
 * A short one is, too, if the skb has to wait anyway.
 */
static bool is_one_view(const struct sk_buff *skb, enum look look)
{
	if (skb_is_nonlinear(skb) || !skb->len || kpi_skb_is_foreign(skb, false))
		return false;
	return skb->len > KPI_MLEN ? !skb->head_frag : look == LOOKED_AT;
}

static mbuf_t view_one(struct sk_buff *skb, enum look look, gfp_t gfp, struct kpi_kext *owner)
{
	u8 traits = look == CONVERTED ? KPI_STORE_CAME : KPI_STORE_CAME | KPI_STORE_CARRIED;
	mbuf_t m = kpi_mbuf_alloc(MBUF_PKTHDR, MBUF_TYPE_DATA, gfp, owner);

	if (!m)
		return NULL;
	refcount_set(&skb->users, 2);	/* nobody else has it, or it would be foreign */
	kpi_mbuf_set_storage(kpi_mcb(m), kpi_view_skb(skb, traits), skb->data, skb->len);
	kpi_mcb(m)->len = skb->len;
	kpi_hdr(m)->len = skb->len;
	return m;
}

/* A packet of the whole skb, which stays; NULL without memory. */
static mbuf_t in_convert(struct sk_buff *skb, enum look look, gfp_t gfp, struct kpi_kext *owner)
{
	struct kpi_chain chain = { };
	int len;

	if (look != LENT && is_one_view(skb, look))
		return view_one(skb, look, gfp, owner);
	if (!skb->len)
		return kpi_mbuf_alloc(MBUF_PKTHDR, MBUF_TYPE_DATA, gfp, owner);
	if (look == CONVERTED)
		len = kpi_chain_view_given(&chain, skb, skb->len, false, gfp, owner);
	else
		len = kpi_chain_view_veiled(&chain, skb, look == LENT, gfp);
	if (len == skb->len)
		return kpi_chain_finish(&chain);
	kpi_chain_free(chain.head);
	return NULL;
}

static mbuf_t over_skb(struct sk_buff *skb, enum kpi_direction direction, enum look look,
		       gfp_t gfp, struct kpi_kext *owner)
{
	int protocol = direction == KPI_OUTBOUND ? kpi_outbound_prepare(skb) : 0;
	mbuf_t m;

	if (protocol < 0)
		return NULL;
	m = in_convert(skb, look, gfp, owner);
	if (m)
		kpi_metadata_from_skb(m, skb, direction == KPI_INBOUND, protocol);
	return m;
}

mbuf_t kpi_mbuf_over_skb(struct sk_buff *skb, enum kpi_direction direction, bool lent, gfp_t gfp)
{
	return over_skb(skb, direction, lent ? LENT : LOOKED_AT, gfp, NULL);
}

/**
 * kpi_mbuf_from_skb() - make a packet of an sk_buff
 * @skb:       the sk_buff; skb->data is where the packet begins
 * @direction: KPI_INBOUND for one that was received, KPI_OUTBOUND for one that is
 *             to be sent
 * @gfp:       may it sleep?
 *
 * Consumes the sk_buff whatever happens. Its bytes are looked at where they are,
 * but for short ones and those that somebody else may look at, too, which are
 * copied. Metadata goes over as kpi_mbuf_to_skb() takes it back; a link header in
 * front of skb->data is what kpi_mbuf_pkthdr_header() points to.
 *
 * Context: Interrupts enabled; sleeps if @gfp says so.
 * Return: the packet, or NULL without memory.
 */
mbuf_t kpi_mbuf_from_skb(struct sk_buff *skb, enum kpi_direction direction, gfp_t gfp)
{
	mbuf_t m = over_skb(skb, direction, CONVERTED, gfp, kpi_kext_caller());

	if (!m) {
		kfree_skb(skb);
		return NULL;
	}
	kpi_link_header_from_skb(m, skb, gfp);
	kpi_view_done(skb);
	return m;
}
KPI_EXPORT(kpi_mbuf_from_skb);
