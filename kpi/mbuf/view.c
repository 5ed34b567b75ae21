// SPDX-License-Identifier: GPL-2.0
/*
 * Received packets looked at where they are.
 *
 * Each stretch of an skb becomes an mbuf that keeps the memory by a reference to
 * its page, or to the skb if its head came from kmalloc(). What follows directly
 * in memory is added to the mbuf before. A stretch no longer than the mbuf's own
 * storage is copied, which costs less than a reference.
 *
 * Bytes that others would miss if a kext wrote there are copied, too; sharing.c has
 * the rules. For filters, copies of page memory may wait: veil.c.
 */

#include <linux/mm.h>
#include <linux/skbuff.h>
#include <net/dst.h>

#include "../compat/mbuf.h"
#include "cpu.h"
#include "veil.h"

struct viewer {
	struct kpi_chain *chain;
	struct sk_buff *skb;		/* the packet, or the member of its frag_list */
	struct sk_buff *given;		/* the packet, if nobody else needs it afterwards */
	bool queued;			/* from a socket's receive queue */
	bool copy;			/* the skb's data is somebody else's, too */
	bool veil;			/* copies may wait until somebody wants to look */
	gfp_t gfp;
	struct kpi_kext *owner;
};

/* Whether bytes may be added to the last mbuf: nobody else has seen its storage. */
static bool may_fill(const struct kpi_mcb *mcb)
{
	if (mcb->store && (mcb->store->kind != KPI_STORE_CLUSTER || kpi_is_shared(mcb)))
		return false;
	return kpi_tailroom(mcb);
}

/* Bytes behind what the chain has, to be filled by the caller; up to @want. */
static u8 *copy_room(struct viewer *v, size_t want, size_t *got)
{
	struct kpi_mcb *mcb = v->chain->tail ? kpi_mcb(v->chain->tail) : NULL;
	mbuf_t m;

	if (!mcb || !may_fill(mcb)) {
		if (want <= KPI_MLEN)
			m = kpi_mbuf_alloc(0, MBUF_TYPE_DATA, v->gfp, v->owner);
		else
			m = kpi_mbuf_alloc_cluster(kpi_cluster_size(want) ?: KPI_M16KCLBYTES,
						   0, MBUF_TYPE_DATA, v->gfp, v->owner);
		if (!m)
			return NULL;
		kpi_chain_append(v->chain, m);
		mcb = kpi_mcb(m);
	}
	*got = min(want, kpi_tailroom(mcb));
	return mcb->data + mcb->len;
}

static int view_copy(struct viewer *v, const u8 *addr, size_t len)
{
	while (len) {
		size_t n;
		u8 *to = copy_room(v, len, &n);

		if (!to)
			return -ENOMEM;
		memcpy(to, addr, n);
		kpi_mcb(v->chain->tail)->len += n;
		v->chain->len += n;
		addr += n;
		len -= n;
	}
	return 0;
}

/* Makes the last mbuf longer if it ends where these bytes begin, in the same page. */
static bool view_extend(struct viewer *v, const u8 *addr, size_t len, struct page *page,
			u8 traits)
{
	struct kpi_mcb *mcb;

	if (!v->chain->tail)
		return false;
	mcb = kpi_mcb(v->chain->tail);
	if (!mcb->store || mcb->store->kind != KPI_STORE_PAGE ||
	    refcount_read(&mcb->store->refs) > 1)
		return false;
	if (container_of(mcb->store, struct kpi_view, store)->page != page)
		return false;
	if (mcb->data + mcb->len != addr || kpi_end(mcb) != addr)
		return false;

	mcb->len += len;
	mcb->size += len;
	mcb->store->traits |= traits;
	v->chain->len += len;
	return true;
}

/* Appends an mbuf over @addr; consumes @store on success. */
static int view_append(struct viewer *v, u8 *addr, size_t len, struct kpi_store *store)
{
	mbuf_t m = kpi_mbuf_alloc(0, MBUF_TYPE_DATA, v->gfp, v->owner);

	if (!m)
		return -ENOMEM;
	kpi_mbuf_set_storage(kpi_mcb(m), store, addr, len);
	kpi_mcb(m)->len = len;
	kpi_chain_append(v->chain, m);
	return 0;
}

static int view_page(struct viewer *v, u8 *addr, size_t len, struct page *page, u8 traits)
{
	struct kpi_store *store;
	int err;

	if (view_extend(v, addr, len, page, traits))
		return 0;
	if (len <= KPI_MLEN)
		return view_copy(v, addr, len);

	store = kpi_view_page(page, traits, v->gfp);
	if (!store)
		return -ENOMEM;
	get_page(page);
	err = view_append(v, addr, len, store);
	if (err)
		kpi_store_put(store);
	return err;
}

/* What an skb refers to besides its data. */
void kpi_skb_drop_references(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_ext_reset(skb);
	skb->dev = NULL;
}

/* An skb that keeps the data of the one that is looked at. */
static struct sk_buff *keep_data(struct viewer *v)
{
	struct sk_buff *keep;

	if (v->skb == v->given)
		return skb_get(v->skb);
	keep = skb_clone(v->skb, v->gfp);
	if (keep)
		kpi_skb_drop_references(keep);
	return keep;
}

static int view_head(struct viewer *v, u8 *addr, size_t len)
{
	struct kpi_store *store;
	struct sk_buff *keep;
	int err;

	if (kpi_refused(v->gfp))
		return -ENOMEM;
	keep = keep_data(v);
	if (!keep)
		return -ENOMEM;
	store = kpi_view_skb(keep, KPI_STORE_CAME);
	err = view_append(v, addr, len, store);
	if (err)
		kpi_store_put(store);
	return err;
}

static int view_linear(struct viewer *v, size_t off, size_t len)
{
	u8 *addr = v->skb->data + off;

	if (len <= KPI_MLEN || v->copy)
		return view_copy(v, addr, len);
	if (v->skb->head_frag)
		return view_page(v, addr, len, virt_to_head_page(v->skb->head),
				 skb_cloned(v->skb) ? KPI_STORE_CAME : 0);
	return view_head(v, addr, len);
}

/* The first mbuf has the headers, which everybody looks at. */
static bool may_veil(const struct viewer *v, size_t len, struct page *page)
{
	return v->veil && v->chain->tail && len > KPI_MLEN && !page_is_pfmemalloc(page);
}

static int view_veiled(struct viewer *v, u8 *addr, size_t len, struct page *page)
{
	size_t n;

	for (; len; addr += n, len -= n) {
		mbuf_t m;

		n = DIV_ROUND_UP(len, DIV_ROUND_UP(len, KPI_VEILED_MOST));
		m = kpi_mbuf_veiled(addr, n, page, v->gfp, v->owner);
		if (!m)
			return -ENOMEM;
		kpi_chain_append(v->chain, m);
	}
	return 0;
}

static int view_frag(struct viewer *v, const skb_frag_t *frag, size_t off, size_t len)
{
	struct page *page = compound_head(skb_frag_page(frag));
	u8 *addr = skb_frag_address(frag) + off;

	if (kpi_frag_is_foreign(v->skb, page))
		return view_copy(v, addr, len);
	if (v->copy)
		return may_veil(v, len, page) ? view_veiled(v, addr, len, page)
					      : view_copy(v, addr, len);
	return view_page(v, addr, len, page, KPI_STORE_CAME);
}

/* What of [@off, @off + @len) lies in a stretch of @size bytes; moves on behind it. */
static size_t stretch(unsigned int *off, unsigned int len, unsigned int size,
		      unsigned int *from)
{
	size_t n;

	if (*off >= size) {
		*off -= size;
		return 0;
	}
	n = min(len, size - *off);
	*from = *off;
	*off = 0;
	return n;
}

static int view_skb(struct viewer *v, struct sk_buff *skb, unsigned int off, unsigned int len)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct sk_buff *member;
	unsigned int from;
	int i, err = 0;
	size_t n;

	v->skb = skb;
	v->copy |= kpi_skb_is_foreign(skb, v->queued);	/* its members are the other holder's, too */

	n = stretch(&off, len, skb_headlen(skb), &from);
	if (n)
		err = view_linear(v, from, n);
	len -= n;

	for (i = 0; i < shinfo->nr_frags && len && !err; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];

		n = stretch(&off, len, skb_frag_size(frag), &from);
		if (n)
			err = view_frag(v, frag, from, n);
		len -= n;
	}

	skb_walk_frags(skb, member) {
		if (!len || err)
			break;
		n = stretch(&off, len, member->len, &from);
		if (n)
			err = view_skb(v, member, from, n);
		len -= n;
	}
	return err;
}

/* What would be copied whatever it is made of. */
static int view_short(struct viewer *v, struct sk_buff *skb, unsigned int off, size_t len)
{
	size_t room;
	u8 *to = copy_room(v, len, &room);

	if (!to)
		return -ENOMEM;
	skb_copy_bits(skb, off, to, len);
	kpi_mcb(v->chain->tail)->len += len;
	v->chain->len += len;
	return len;
}

/* Returns how many bytes were appended, or an error if none were. */
static int view(struct viewer *v, struct sk_buff *skb, unsigned int off, unsigned int len)
{
	size_t before = v->chain->len;
	int err;

	if (!kpi_compat_frags_readable(skb))
		return -EFAULT;
	if (off >= skb->len || !len)
		return 0;
	len = min(len, skb->len - off);
	if (len <= KPI_MLEN && !v->chain->head)
		return view_short(v, skb, off, len);
	err = view_skb(v, skb, off, len);
	return v->chain->len > before ? v->chain->len - before : err;
}

int kpi_chain_view(struct kpi_chain *chain, struct sk_buff *skb, unsigned int off,
		   unsigned int len, gfp_t gfp, struct kpi_kext *owner)
{
	struct viewer v = { .chain = chain, .queued = true, .gfp = gfp, .owner = owner };

	return view(&v, skb, off, len);
}

int kpi_chain_view_given(struct kpi_chain *chain, struct sk_buff *skb, unsigned int len,
			 bool queued, gfp_t gfp, struct kpi_kext *owner)
{
	struct viewer v = {
		.chain = chain, .given = skb, .queued = queued, .gfp = gfp, .owner = owner,
		.copy = queued && kpi_datagram_is_for_many(skb),
	};

	return view(&v, skb, 0, len);
}

int kpi_chain_view_veiled(struct kpi_chain *chain, struct sk_buff *skb, bool copy, gfp_t gfp)
{
	struct viewer v = { .chain = chain, .given = skb, .veil = true, .copy = copy, .gfp = gfp };

	return view(&v, skb, 0, skb->len);
}

void kpi_view_done(struct sk_buff *skb)
{
	if (skb_shared(skb))
		kpi_skb_drop_references(skb);
	consume_skb(skb);
}
