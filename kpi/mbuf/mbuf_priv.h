/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an mbuf is made of.
 *
 * One mbuf is one sk_buff. The chain runs through skb->next, the packet list
 * through skb->prev. What BSD keeps in the mbuf and Linux has no place for
 * stands in skb->cb (struct kpi_mcb); the packet header stands in the skb's
 * own head, in front of the internal data area, so that MBUF_PKTHDR can come
 * and go on any mbuf:
 *
 *   skb->head: [ struct kpi_pkthdr | KPI_MLEN bytes of data | skb_shared_info ]
 *
 * The data pointer is the one in kpi_mcb, never skb->data; it never moves by
 * itself. Storage that can be shared (clusters, attached buffers, views into
 * received packets) has a struct kpi_store with an exact reference count.
 */
#ifndef _KPI_MBUF_PRIV_H
#define _KPI_MBUF_PRIV_H

#include <linux/skbuff.h>
#include <linux/refcount.h>

#include <kpi/types.h>

#include "../kpi_priv.h"

struct __mbuf {
	struct sk_buff skb;
};

#define KPI_MLEN	288
#define KPI_MHLEN	KPI_MLEN
#define KPI_MINCLSIZE	(KPI_MLEN + KPI_MHLEN)

struct kpi_store;
struct kpi_pkthdr;

struct kpi_mcb {
	u8 *data;
	u32 len;
	u32 size;			/* capacity of the storage */
	u8 *start;			/* lowest legal data pointer */
	struct kpi_store *store;	/* NULL: internal data */
	u16 flags;			/* MBUF_* */
	u16 type;			/* MBUF_TYPE_* */
	u32 magic;
	u8 owner;			/* kpi_kext_id() of who allocated it */
};

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
 * kpi_chain_view(): appends views of bytes [@off, @off + @len) of @skb, which is
 * borrowed: the views hold references of their own. Bytes that may belong to
 * somebody else are copied. Returns the number of bytes appended (short when
 * memory is short), or -ENOMEM if none.
 * kpi_chain_finish(): returns the chain as a packet with the right length and
 * empties the builder.
 * kpi_walk_next(): the next run of bytes of a chain; false at its end.
 */
size_t kpi_chain_len(mbuf_t m);
mbuf_t kpi_chain_alloc(size_t len, gfp_t gfp, struct kpi_kext *owner);
void kpi_chain_append(struct kpi_chain *chain, mbuf_t m);
int kpi_chain_view(struct kpi_chain *chain, struct sk_buff *skb, unsigned int off,
		   unsigned int len, gfp_t gfp, struct kpi_kext *owner);
mbuf_t kpi_chain_finish(struct kpi_chain *chain);
bool kpi_walk_next(struct kpi_walk *walk, struct kpi_piece *piece);

/*
 * For tests.
 *
 * kpi_mbuf_check(): what is wrong with the chain (its packets, if it is a packet
 * list), or NULL.
 * kpi_mbuf_fail_nonblocking(): from now on no allocation that may not sleep works.
 * kpi_mbuf_sticky_references(): storage that was ever shared counts as shared
 * for as long as it lives, as in the original.
 * kpi_mbuf_counts(): what exists just now; all zero when everything is freed.
 */
struct kpi_mbuf_counts {
	long mbufs;		/* in use */
	long clusters;		/* of any size, attached or from kpi_mbuf_alloccluster() */
	long extbufs;		/* attached buffers whose free function has not run */
	long views;		/* references into received packets */
	long tags;		/* tags and drivers' auxiliary data */
};

const char *kpi_mbuf_check(mbuf_t m);
void kpi_mbuf_fail_nonblocking(bool on);
void kpi_mbuf_sticky_references(bool on);
struct kpi_mbuf_counts kpi_mbuf_counts(void);

#endif /* _KPI_MBUF_PRIV_H */
