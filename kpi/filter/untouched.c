// SPDX-License-Identifier: GPL-2.0
/* Whether filters left a packet as it was, so that it can go on as it came. */

#include <linux/skbuff.h>
#include <linux/string.h>

#include "../mbuf/storage.h"
#include "carrier.h"

/* A copy that is longer is given to the network rather than compared with what it was made of. */
#define COMPARED	512

/* Filters that finish or withdraw a checksum, say, do that in the header only. */
static bool header_says_the_same(mbuf_t m, const struct kpi_said *was)
{
	const struct kpi_pkthdr *hdr = kpi_hdr(m);

	return hdr->csum_flags == was->csum_flags && hdr->csum_data == was->csum_data &&
	       hdr->moved.svc == was->svc && hdr->moved.flags == was->packet_flags &&
	       hdr->moved.timestamp == was->timestamp && hdr->vlan_tag == was->vlan_tag &&
	       hdr->moved.seg_size == was->seg_size &&
	       (kpi_mcb(m)->flags & KPI_LINK_FLAGS) == was->link_flags &&
	       hdr->moved.tx_wanted == was->tx_wanted;
}

/* Whether an mbuf's bytes are at @at, and nobody's besides; or are the same there. */
static inline bool is_there(const struct kpi_mcb *mcb, const u8 *data, const u8 *at, size_t len)
{
	if (data != at)
		return mcb->len <= COMPARED && !memcmp(data, at, len);
	return refcount_read(&mcb->store->refs) == 1;
}

/* The bytes of an sk_buff, one stretch after the other. */
struct stretch {
	const struct sk_buff *skb;
	const struct sk_buff *part;	/* the same, or a member of its frag_list */
	int frag;			/* the next one of it */
	const u8 *at;
	size_t left;
};

/* Members of members are left out: they are not the same then. */
static bool next_part(struct stretch *s)
{
	s->part = s->part == s->skb ? skb_shinfo(s->skb)->frag_list : s->part->next;
	if (!s->part)
		return false;
	s->frag = 0;
	s->at = s->part->data;
	s->left = skb_headlen(s->part);
	return true;
}

static bool next_stretch(struct stretch *s)
{
	const struct skb_shared_info *shinfo = skb_shinfo(s->part);

	if (s->frag == shinfo->nr_frags)
		return next_part(s);
	s->at = skb_frag_address(&shinfo->frags[s->frag]);
	s->left = skb_frag_size(&shinfo->frags[s->frag++]);
	return true;
}

/* Whether an mbuf says what comes next; moves on behind it. */
static bool says_the_same(const struct kpi_mcb *mcb, struct stretch *s)
{
	size_t off = 0, n;

	for (; off < mcb->len; off += n) {
		while (!s->left)
			if (!next_stretch(s))
				return false;
		n = min_t(size_t, mcb->len - off, s->left);
		if (!is_there(mcb, mcb->data + off, s->at, n))
			return false;
		s->at += n;
		s->left -= n;
	}
	return true;
}

/* Whether the chain says what the sk_buff says: it lies there, or is a copy that did not change. */
static noinline bool bytes_are_the_same(const struct __mbuf *m, struct sk_buff *skb)
{
	struct stretch s = { .skb = skb, .part = skb, .at = skb->data, .left = skb_headlen(skb) };
	size_t len = 0;

	for (; m; m = kpi_next(m)) {
		if (!says_the_same(kpi_mcb(m), &s))
			return false;
		len += kpi_mcb(m)->len;
	}
	return len == skb->len;
}

bool kpi_is_untouched(mbuf_t m, struct sk_buff *skb, const struct kpi_said *said)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);

	if (!header_says_the_same(m, said))
		return false;
	if (likely(!kpi_next(m) && !skb_is_nonlinear(skb)))
		return mcb->len == skb->len && is_there(mcb, mcb->data, skb->data, mcb->len);
	return bytes_are_the_same(m, skb);
}
