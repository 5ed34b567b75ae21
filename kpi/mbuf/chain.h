/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chains as the socket side sees them: runs of bytes to walk over, and chains to
 * be built. Nothing here shows what an mbuf is made of.
 */
#ifndef _KPI_MBUF_CHAIN_H
#define _KPI_MBUF_CHAIN_H

#include <linux/gfp.h>
#include <linux/types.h>

#include <kpi/mbuf.h>

struct kpi_kext;
struct sk_buff;

/* Where a chain under construction stands. */
struct kpi_chain {
	mbuf_t head;
	mbuf_t tail;
	size_t len;
};

/* A run of payload bytes, neighbours in memory merged. */
struct kpi_piece {
	u8 *addr;
	size_t len;
	bool by_reference;	/* page-backed, may be handed to the network as it is */
	bool shared;		/* kpi_is_shared(): not for the receiver to write to */
};

struct kpi_walk {
	mbuf_t m;		/* next mbuf to look at */
	size_t off;		/* bytes of it already delivered */
};

/*
 * For the socket side. GFP says whether a call may sleep; the owner is the
 * kext the new mbufs are charged to.
 *
 * kpi_chain_alloc(): a packet of exactly @len bytes in the largest fitting
 * clusters, lengths and packet length set, contents for the caller to fill.
 * kpi_chain_append(): adds one mbuf (with its length) at the end.
 * kpi_chain_view(): appends views of bytes [@off, @off + @len) of @skb, from a
 * socket's receive queue, which is borrowed: the views hold references of their
 * own. Bytes that may belong to somebody else are copied. Returns the number of
 * bytes appended (short when memory is short), or -ENOMEM if none.
 * kpi_chain_view_given(): the same for the first @len bytes of an skb that the
 * caller ends with kpi_view_done(), @queued if it was in a receive queue.
 * kpi_chain_view_veiled(): the same for all of an skb that filters are shown: what
 * is copied, and @copy says that all is, may be copied later.
 * kpi_chain_finish(): returns the chain as a packet with the right length and
 * empties the builder.
 * kpi_walk_next(): the next run of bytes of a chain; false at its end.
 * kpi_chain_lend(): before a chain is freed of which the network was given pages.
 * kpi_chain_memory(): what the mbufs of a chain are kept in, whoever shares it.
 */
mbuf_t kpi_chain_alloc(size_t len, gfp_t gfp, struct kpi_kext *owner);
void kpi_chain_append(struct kpi_chain *chain, mbuf_t m);
int kpi_chain_view(struct kpi_chain *chain, struct sk_buff *skb, unsigned int off,
		   unsigned int len, gfp_t gfp, struct kpi_kext *owner);
int kpi_chain_view_given(struct kpi_chain *chain, struct sk_buff *skb, unsigned int len,
			 bool queued, gfp_t gfp, struct kpi_kext *owner);
int kpi_chain_view_veiled(struct kpi_chain *chain, struct sk_buff *skb, bool copy, gfp_t gfp);
void kpi_view_done(struct sk_buff *skb);
mbuf_t kpi_chain_finish(struct kpi_chain *chain);
bool kpi_walk_next(struct kpi_walk *walk, struct kpi_piece *piece);
void kpi_chain_lend(const struct __mbuf *m);

/*
 * A checksum that was left to a device is filled in: over what begins @start bytes from the
 * packet's first, at @field bytes behind that. Not if a whole one is there already.
 */
void kpi_chain_complete_sum(mbuf_t m, size_t start, size_t field, struct kpi_kext *owner);
size_t kpi_chain_memory(const struct __mbuf *m);

#endif /* _KPI_MBUF_CHAIN_H */
