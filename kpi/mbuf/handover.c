// SPDX-License-Identifier: GPL-2.0
/*
 * An mbuf is an sk_buff, so a chain can become a packet for the network, and a
 * packet an mbuf, without memory being allocated.
 *
 * Out, the first mbuf's own bytes become the linear part, page-backed runs become
 * fragments, by reference, and where the packet header was there is room for
 * network headers. In, an sk_buff that has the size of an mbuf's, most likely
 * because it was one, becomes one again.
 */

#include <linux/mm.h>
#include <linux/skbuff.h>

#include "header.h"
#include "reshape.h"
#include "storage.h"

/* What becomes the linear part. */
struct own {
	u8 *data;
	size_t len;
};

/* The first mbuf's bytes, if they are in its own storage or few enough to be copied there. */
static struct own take_own(mbuf_t m)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);
	struct own own = { .data = kpi_internal(m) };

	if (!mcb->store)
		own = (struct own){ mcb->data, mcb->len };
	else if (mcb->len <= KPI_MLEN)
		own.len = mcb->len;
	if (own.data != mcb->data)
		memcpy(own.data, mcb->data, own.len);
	return own;
}

/* Whether the network can hold all bytes of these mbufs by their pages. */
static bool is_referable(const struct __mbuf *m)
{
	unsigned int frags = 0;

	for (; m; m = kpi_next(m)) {
		if (!kpi_mcb(m)->len)
			continue;
		if (!kpi_is_page_backed(kpi_mcb(m)) || ++frags > MAX_SKB_FRAGS)
			return false;
	}
	return true;
}

/* Gives the sk_buff that @m is references to what follows its own bytes. */
static size_t refer(mbuf_t m, const struct own *own)
{
	struct kpi_walk walk = { .m = m, .off = own->len };
	struct kpi_piece piece;
	size_t sum = 0;
	int i;

	for (i = 0; kpi_walk_next(&walk, &piece); i++) {
		struct page *page = virt_to_head_page(piece.addr);

		get_page(page);
		skb_fill_page_desc(&m->skb, i, page, piece.addr - (u8 *)page_address(page),
				   piece.len);
		if (piece.shared)
			skb_shinfo(&m->skb)->flags |= SKBFL_SHARED_FRAG;
		sum += piece.len;
	}
	return sum;
}

/**
 * kpi_chain_surrender() - make an sk_buff of a chain's first mbuf
 * @m: the chain; consumed on success
 *
 * The packet header is dropped. In front of skb->data there are at least
 * KPI_SURRENDER_ROOM bytes. Fragments that others may write to are marked.
 *
 * Return: the sk_buff, or NULL if that takes memory; the chain is as it was.
 */
struct sk_buff *kpi_chain_surrender(mbuf_t m)
{
	struct own own = take_own(m);
	mbuf_t rest = kpi_next(m);
	struct sk_buff *skb;
	size_t referred;

	if (!is_referable(own.len ? rest : m))
		return NULL;

	referred = refer(m, &own);
	if (referred)
		kpi_chain_lend(m);
	skb = kpi_mbuf_surrender(m);
	kpi_chain_free(rest);
	skb_reserve(skb, own.data - skb->head);
	skb_put(skb, own.len);
	skb->len += referred;
	skb->data_len += referred;
	skb->truesize += referred;
	return skb;
}

/* Makes an sk_buff what alloc_skb() once made it. */
static void renew(struct sk_buff *skb)
{
	kpi_skb_drop_references(skb);
	memset(skb, 0, offsetof(struct sk_buff, tail));
	skb->data = skb->head;
	skb_reset_tail_pointer(skb);
	skb->truesize = SKB_TRUESIZE(skb_end_offset(skb));
	skb->alloc_cpu = raw_smp_processor_id();
	skb->mac_header = (typeof(skb->mac_header))~0U;
	skb->transport_header = (typeof(skb->transport_header))~0U;
	memset(skb_shinfo(skb), 0, offsetof(struct skb_shared_info, dataref));
}

/* Nobody else has it, or looks at its data. */
static bool is_adoptable(struct sk_buff *skb)
{
	if (kpi_skb_is_foreign(skb, false) || kpi_datagram_is_for_many(skb))
		return false;
	return kpi_mbuf_fits(skb) && skb->fclone == SKB_FCLONE_UNAVAILABLE && !skb->head_frag &&
	       !skb->pp_recycle && !skb_has_frag_list(skb) && !skb_zcopy(skb);
}

/* A few bytes in its head are moved to where an mbuf has its own. */
static mbuf_t adopt_head(struct sk_buff *skb, size_t len, struct kpi_kext *owner)
{
	u8 *own = skb->head + sizeof(struct kpi_pkthdr);
	mbuf_t m;

	if (skb->data != own)
		memmove(own, skb->data, len);
	renew(skb);
	m = kpi_mbuf_of_skb(skb, MBUF_PKTHDR, MBUF_TYPE_DATA, owner);
	kpi_mcb(m)->len = len;
	return m;
}

/* Its only fragment becomes the mbuf's storage. */
static mbuf_t adopt_frag(struct sk_buff *skb, size_t len, gfp_t gfp, struct kpi_kext *owner)
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	struct page *page = compound_head(skb_frag_page(frag));
	u8 *addr = skb_frag_address(frag);
	struct kpi_store *store;
	mbuf_t m;

	if (kpi_frag_is_foreign(skb, page))
		return NULL;
	store = kpi_view_page(page, KPI_STORE_CAME, gfp);
	if (!store)
		return NULL;
	renew(skb);
	m = kpi_mbuf_of_skb(skb, MBUF_PKTHDR, MBUF_TYPE_DATA, owner);
	kpi_mbuf_attach(m, store, addr, len);
	kpi_mcb(m)->len = len;
	return m;
}

/**
 * kpi_mbuf_adopt() - make an mbuf of an sk_buff
 * @skb:   the sk_buff; consumed on success
 * @len:   how many of its bytes are wanted
 * @gfp:   may it sleep?
 * @owner: the kext that is charged
 *
 * Return: a packet of @len bytes, or NULL if it has to be viewed.
 */
mbuf_t kpi_mbuf_adopt(struct sk_buff *skb, size_t len, gfp_t gfp, struct kpi_kext *owner)
{
	mbuf_t m = NULL;

	if (!is_adoptable(skb))
		return NULL;
	if (!skb_is_nonlinear(skb) && len <= KPI_MLEN)
		m = adopt_head(skb, len, owner);
	else if (!skb_headlen(skb) && len > KPI_MLEN && skb_shinfo(skb)->nr_frags == 1)
		m = adopt_frag(skb, len, gfp, owner);
	if (m)
		kpi_hdr(m)->len = len;
	return m;
}
