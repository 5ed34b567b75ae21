/* SPDX-License-Identifier: GPL-2.0 */
/* What an mbuf's bytes are in: clusters, attached buffers, views; and who shares them. */
#ifndef _KPI_MBUF_STORAGE_H
#define _KPI_MBUF_STORAGE_H

#include <linux/compiler.h>
#include <linux/refcount.h>

#include "chain.h"
#include "mbuf_priv.h"

/* Sizes of clusters. */
#define KPI_MCLBYTES	2048
#define KPI_MBIGCLBYTES	4096
#define KPI_M16KCLBYTES	16384

/* Storage that several mbufs may refer to. */
enum kpi_store_kind {
	KPI_STORE_CLUSTER,		/* in a struct kpi_block */
	KPI_STORE_EXTBUF,		/* struct kpi_extbuf */
	KPI_STORE_PAGE,			/* struct kpi_view: part of a page somebody else filled */
	KPI_STORE_SKB,			/* struct kpi_view: part of an skb's head */
};

enum kpi_cluster_class { KPI_CLUSTER_2K, KPI_CLUSTER_4K, KPI_CLUSTER_16K, KPI_CLUSTER_CLASSES };

struct kpi_store {
	refcount_t refs;
	u8 kind;			/* enum kpi_store_kind */
	u8 class;			/* clusters: enum kpi_cluster_class */
	u8 slot;			/* clusters: which one of its block */
	u8 traits;			/* KPI_STORE_*: what to know about it; see sharing.c */
};

#define KPI_STORE_LENT		0x01	/* the network was given it while an mbuf kept it */
#define KPI_STORE_CAME		0x02	/* the network has given it */
#define KPI_STORE_MARKED	0x04	/* tests: was shared once, counts as shared for ever */
#define KPI_STORE_RESERVE	0x08	/* emergency memory: ordinary receivers drop it */
#define KPI_STORE_VEILED	0x10	/* a cluster that is not filled yet; see veil.c */
#define KPI_STORE_CARRIED	0x20	/* its sk_buff waits for the mbufs, and reads nothing */
#define KPI_STORE_OVER_PAGE	0x40	/* a cluster that is or was veiled, and holds the page */

/* The caller's buffer, from mbuf_attachcluster(). */
struct kpi_extbuf {
	struct kpi_store store;
	u32 size;
	caddr_t buf;
	mbuf_extfree_func free;
	caddr_t arg;
	struct kpi_kext *kext;		/* whose function @free is */
};

/* Something received that is looked at where it is. That of an skb stands in its cb. */
struct kpi_view {
	struct kpi_store store;
	union {
		struct page *page;
		struct sk_buff *skb;
		struct kpi_view *next;		/* free, kept by a CPU */
	};
};

bool kpi_store_is_held(const struct kpi_store *store);

/* Whether somebody who is no mbuf may read an mbuf's bytes. */
static inline bool kpi_is_held(const struct kpi_mcb *mcb)
{
	const struct kpi_store *store = mcb->store;

	return store && unlikely(READ_ONCE(store->traits)) && kpi_store_is_held(store);
}

/*
 * Whether anybody else may read an mbuf's bytes: another mbuf, or somebody in the
 * network or behind it. The one answer for all who want to write there.
 */
static inline bool kpi_is_shared(const struct kpi_mcb *mcb)
{
	const struct kpi_store *store = mcb->store;

	if (!store)
		return false;
	if (refcount_read(&store->refs) > 1)
		return true;
	smp_acquire__after_ctrl_dep();	/* who dropped the other reference may have lent it */
	return unlikely(READ_ONCE(store->traits)) &&
	       (store->traits & KPI_STORE_MARKED || kpi_store_is_held(store));
}

/* Room in front of and behind the data as a caller may use it: none while the storage is shared. */
static inline size_t kpi_leading(const struct kpi_mcb *mcb)
{
	return kpi_is_shared(mcb) ? 0 : kpi_headroom(mcb);
}

static inline size_t kpi_trailing(const struct kpi_mcb *mcb)
{
	return kpi_is_shared(mcb) ? 0 : kpi_tailroom(mcb);
}

/* Whether the network may hold an mbuf's bytes by their page. */
static inline bool kpi_is_page_backed(const struct kpi_mcb *mcb)
{
	const struct kpi_store *store = mcb->store;

	if (!store || unlikely(store->traits & KPI_STORE_RESERVE))
		return false;
	return store->kind == KPI_STORE_CLUSTER || store->kind == KPI_STORE_PAGE;
}

static inline struct kpi_piece kpi_piece_of(const struct kpi_mcb *mcb)
{
	return (struct kpi_piece){
		.addr = mcb->data,
		.len = mcb->len,
		.by_reference = kpi_is_page_backed(mcb),
		.shared = kpi_is_shared(mcb),
	};
}

/* Gives a fresh mbuf storage, empty. */
static inline void kpi_mbuf_set_storage(struct kpi_mcb *mcb, struct kpi_store *store, u8 *addr,
					u32 size)
{
	mcb->store = store;
	mcb->start = addr;
	mcb->data = addr;
	mcb->size = size;
	mcb->len = 0;
	mcb->flags |= MBUF_EXT;
}

/* alloc.c */
void kpi_mbuf_attach(mbuf_t m, struct kpi_store *store, void *addr, u32 size);

/* cluster.c */
struct kpi_store *kpi_cluster_alloc(u32 size, gfp_t gfp, u8 **addr);
void kpi_cluster_free(struct kpi_store *store);
bool kpi_cluster_is_held(const struct kpi_store *store);
bool kpi_page_is_held(struct page *page);
u32 kpi_cluster_size(size_t len);
u8 *kpi_cluster_address(const struct kpi_store *store);
u32 kpi_cluster_bytes(const struct kpi_store *store);
int kpi_cluster_init(void);
void kpi_cluster_exit(void);

/* store.c */
void kpi_store_get(struct kpi_store *store);
void kpi_store_put(struct kpi_store *store);
bool kpi_store_put_cluster(struct kpi_store *store);
struct kpi_store *kpi_view_page(struct page *page, u8 traits, gfp_t gfp);
void kpi_store_exit(void);
struct kpi_store *kpi_view_skb(struct sk_buff *skb, u8 traits);

/* sharing.c */
bool kpi_skb_is_foreign(const struct sk_buff *skb, bool queued);
bool kpi_datagram_is_for_many(const struct sk_buff *skb);
bool kpi_frag_is_foreign(const struct sk_buff *skb, struct page *page);

/* view.c: what an skb holds besides its data */
void kpi_skb_drop_references(struct sk_buff *skb);

#endif /* _KPI_MBUF_STORAGE_H */
