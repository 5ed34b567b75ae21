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

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/jump_label.h>
#include <linux/local_lock.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>

#include "../kpi_priv.h"
#include "../compat/mbuf.h"

/*
 * In debug builds (make KPI_DEBUG=y) freed mbufs and clusters go back to the
 * kernel at once, and every mbuf a caller passes is looked at before it is
 * touched. Other builds keep them, poisoned for KASAN: see poison.h.
 */
#ifdef KPI_DEBUG
#define KPI_MBUF_DEBUG	1
#else
#define KPI_MBUF_DEBUG	0
#endif

struct __mbuf {
	struct sk_buff skb;
};

#define KPI_MLEN	288
#define KPI_MHLEN	KPI_MLEN
#define KPI_MINCLSIZE	(KPI_MLEN + KPI_MHLEN)
#define KPI_MSIZE	512		/* what the original says; for information only */

/* Sizes of clusters. */
#define KPI_MCLBYTES	2048
#define KPI_MBIGCLBYTES	4096
#define KPI_M16KCLBYTES	16384

#define KPI_M_PUBLIC	0x7f47		/* flags a caller may see */
#define KPI_M_UNIT	0x0008		/* private: packet and cluster were allocated as one */

#define KPI_MBUF_MAGIC	0x6d627566	/* debug builds only */
#define KPI_MBUF_FREED	0x66726565

struct kpi_mcb {
	u8 *data;
	u32 len;
	u32 size;			/* capacity of the storage */
	u8 *start;			/* lowest legal data pointer */
	struct kpi_store *store;	/* NULL: internal data */
	u16 flags;			/* MBUF_* and KPI_M_* */
	u8 owner;			/* kpi_kext_id() of who allocated it */
	u32 type;			/* MBUF_TYPE_* */
	u32 magic;
};

static_assert(sizeof(struct kpi_mcb) <= sizeof_field(struct sk_buff, cb));

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
	bool marked;			/* tests: was shared once, counts as shared for ever */
};

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

/* What a received sk_buff said that an mbuf has no word for; for the way back. */
struct kpi_linux_meta {
	u32 mark;
	u32 gso_type;			/* with TSO requested: only what is to be added to it */
	u32 csum_span;			/* bytes the received sum is over; 0: unknown */
	__be16 protocol;
	__be16 vlan_proto;		/* 0: 802.1Q */
	u16 gso_size;			/* 0: as requested by MBUF_TSO_* only */
	u16 csum_start;			/* from the IP header on; with @csum_partial */
	u16 csum_offset;
	bool csum_partial;		/* the checksum is still to be filled in */
};

#define KPI_TX_CALLBACKS	8

/*
 * The packet header. What is in @moved belongs to one packet at a time: when a
 * header goes from one mbuf to another, the old one is left with fresh values.
 */
struct kpi_pkthdr {
	s32 len;
	u32 csum_flags;			/* requested or performed, KPI_CSUM_VLAN, MBUF_TSO_* */
	u32 csum_data;
	u16 vlan_tag;
	ifnet_t rcvif;
	void *header;

	struct kpi_pkthdr_moved {
		struct kpi_tag *tags;	/* whoever frees an mbuf looks at these two: */
		u8 tx_wanted;		/* which tx completion callbacks */
		u8 tx_era[KPI_TX_CALLBACKS];
		u16 flowid;
		u32 flags;		/* KPI_PKT_* */
		u64 timestamp;
		u32 svc;		/* MBUF_SC_* */
		u32 priority;		/* skb->priority the service class was made from */
		u16 seg_size;		/* also the LRO segment count */
		u16 hdr_len;
		s32 buf_interface;
		s32 buf_sndbuf;
		s32 status;
		uintptr_t pktid;
		uintptr_t tx_arg;
		uintptr_t tx_data;
		u8 scratch[16] __aligned(8);
	} moved;

	struct kpi_linux_meta linux_meta;
} __aligned(64);

#define KPI_CSUM_VLAN	0x00010000	/* vlan_tag is valid */

/* Packet flags, with the values getters show. */
#define KPI_PKT_NEW_FLOW	0x00000001
#define KPI_PKT_LAST		0x00000002
#define KPI_PKT_PRIVILEGED	0x00000004
#define KPI_PKT_TS_VALID	0x00000008
#define KPI_PKT_TS_WANTED	0x00000010
#define KPI_PKT_BUF_STATUS	0x00000020
#define KPI_PKT_WAKE		0x00000400
#define KPI_PKT_KEEPALIVE	0x00040000

static inline struct kpi_mcb *kpi_mcb(const struct __mbuf *m)
{
	return (struct kpi_mcb *)m->skb.cb;
}

static inline struct kpi_pkthdr *kpi_hdr(const struct __mbuf *m)
{
	return (struct kpi_pkthdr *)m->skb.head;
}

static inline bool kpi_is_packet(const struct __mbuf *m)
{
	return kpi_mcb(m)->flags & MBUF_PKTHDR;
}

static inline mbuf_t kpi_next(const struct __mbuf *m)
{
	return (mbuf_t)m->skb.next;
}

static inline void kpi_set_next(mbuf_t m, mbuf_t next)
{
	m->skb.next = (struct sk_buff *)next;
}

static inline mbuf_t kpi_nextpkt(const struct __mbuf *m)
{
	return (mbuf_t)m->skb.prev;
}

static inline void kpi_set_nextpkt(mbuf_t m, mbuf_t nextpkt)
{
	m->skb.prev = (struct sk_buff *)nextpkt;
}

static inline mbuf_t kpi_last(mbuf_t m)
{
	while (kpi_next(m))
		m = kpi_next(m);
	return m;
}

static inline size_t kpi_chain_len(mbuf_t m)
{
	size_t len = 0;

	for (; m; m = kpi_next(m))
		len += kpi_mcb(m)->len;
	return len;
}

/* Where an mbuf's own data area begins. */
static inline u8 *kpi_internal(const struct __mbuf *m)
{
	return m->skb.head + sizeof(struct kpi_pkthdr);
}

static inline u8 *kpi_end(const struct kpi_mcb *mcb)
{
	return mcb->start + mcb->size;
}

static inline bool kpi_is_shared(const struct kpi_mcb *mcb)
{
	const struct kpi_store *store = mcb->store;

	return store && (refcount_read(&store->refs) > 1 || store->marked);
}

/* Room in front of and behind the data, whoever else looks at the storage. */
static inline size_t kpi_headroom(const struct kpi_mcb *mcb)
{
	return mcb->data - mcb->start;
}

static inline size_t kpi_tailroom(const struct kpi_mcb *mcb)
{
	return kpi_end(mcb) - (mcb->data + mcb->len);
}

/* The same as a caller may use it: none while the storage is shared. */
static inline size_t kpi_leading(const struct kpi_mcb *mcb)
{
	return kpi_is_shared(mcb) ? 0 : kpi_headroom(mcb);
}

static inline size_t kpi_trailing(const struct kpi_mcb *mcb)
{
	return kpi_is_shared(mcb) ? 0 : kpi_tailroom(mcb);
}

static inline gfp_t kpi_gfp(mbuf_how_t how)
{
	might_sleep_if(how == MBUF_WAITOK);
	return how == MBUF_WAITOK ? GFP_KERNEL : GFP_ATOMIC;
}

/*
 * What is wrong with an mbuf a caller passed, or NULL. kpi_unusable() reports it
 * too; for use in an exported function's own body.
 */
const char *kpi_mbuf_suspect(const struct __mbuf *m);

static inline const char *kpi_mbuf_wrong(const struct __mbuf *m)
{
	if (KPI_MBUF_DEBUG)
		return kpi_mbuf_suspect(m);
	return likely(m) ? NULL : "NULL mbuf";
}

#define kpi_unusable(m)							\
({									\
	const char *__wrong = kpi_mbuf_wrong(m);			\
									\
	if (unlikely(__wrong))						\
		kpi_misuse(__wrong);					\
	unlikely(__wrong);						\
})

/* The same for calls that need a packet header. */
#define kpi_not_packet(m)						\
({									\
	const struct __mbuf *__m = (m);					\
	bool __bad = kpi_unusable(__m);					\
									\
	if (!__bad && unlikely(!kpi_is_packet(__m))) {			\
		kpi_misuse("mbuf has no packet header");		\
		__bad = true;						\
	}								\
	__bad;								\
})

/* For calls that take anything and say EINVAL: only what is no mbuf is reported. */
#define kpi_packet_ok(m)						\
({									\
	const struct __mbuf *__m = (m);					\
									\
	__m && !kpi_unusable(__m) && kpi_is_packet(__m);		\
})

/*
 * What each CPU has of its own: free mbufs, the blocks it carves clusters from,
 * and counters, whose sum over all CPUs is exact. Most is used with bottom halves
 * off, between kpi_cpu_lock() and kpi_cpu_unlock(); what is rare is counted by
 * kpi_count().
 */
#define KPI_MBUF_TYPES	256

struct kpi_mbuf_counters {
	s32 types[KPI_MBUF_TYPES + 1];	/* mbufs in use; the last is for larger types */
	s32 owners[KPI_MAX_KEXTS + 1];	/* the same mbufs, by kpi_kext_id() */
	long clusters[KPI_CLUSTER_CLASSES];

	long existing;			/* kpi_count(): mbufs in use or free */
	long extbufs;
	long views;
	long tags;
	u32 drops;
	u32 waits;
	u32 drained;
	u32 copym_failed;
	u32 pullup_failed;
};

enum { KPI_CARVE_SMALL, KPI_CARVE_BIG, KPI_CARVES };

struct kpi_mbuf_cpu {
	local_lock_t lock;
	unsigned int free_count;
	mbuf_t free;				/* so many free mbufs ... */
	mbuf_t spare;				/* ... and a batch more; see pool.c */
	struct kpi_view *free_views;		/* so many, too */
	unsigned int free_view_count;
	struct kpi_block *carving[KPI_CARVES];	/* big clusters have blocks of their own */
	struct kpi_mbuf_counters counters;
};

DECLARE_PER_CPU(struct kpi_mbuf_cpu, kpi_mbuf_cpu);

static inline struct kpi_mbuf_cpu *kpi_cpu_lock(void)
{
	local_bh_disable();
	kpi_compat_local_lock_nested_bh(&kpi_mbuf_cpu.lock);
	return this_cpu_ptr(&kpi_mbuf_cpu);
}

static inline void kpi_cpu_unlock(void)
{
	kpi_compat_local_unlock_nested_bh(&kpi_mbuf_cpu.lock);
	local_bh_enable();
}

static inline s32 *kpi_type_counter(struct kpi_mbuf_cpu *cpu, u32 type)
{
	return &cpu->counters.types[min_t(u32, type, KPI_MBUF_TYPES)];
}

#define kpi_count(field, n)	this_cpu_add(kpi_mbuf_cpu.counters.field, n)

/* Whether a test wants this allocation to fail. */
DECLARE_STATIC_KEY_FALSE(kpi_mbuf_faults);
bool kpi_mbuf_fault(gfp_t gfp);

static inline bool kpi_faults_ordered(void)
{
	return static_branch_unlikely(&kpi_mbuf_faults);
}

static inline bool kpi_refused(gfp_t gfp)
{
	return kpi_faults_ordered() && kpi_mbuf_fault(gfp);
}

/* alloc.c */
mbuf_t kpi_mbuf_alloc(u16 flags, u32 type, gfp_t gfp, struct kpi_kext *owner);
mbuf_t kpi_mbuf_alloc_cluster(u32 size, u16 flags, u32 type, gfp_t gfp,
			      struct kpi_kext *owner);
mbuf_t kpi_mbuf_drop(mbuf_t m);
void kpi_chain_free(mbuf_t m);
struct sk_buff *kpi_mbuf_surrender(mbuf_t m);
mbuf_t kpi_mbuf_of_skb(struct sk_buff *skb, u16 flags, u32 type, struct kpi_kext *owner);
bool kpi_mbuf_fits(const struct sk_buff *skb);
void kpi_mbuf_set_type(mbuf_t m, u32 type);
void kpi_mbuf_attach(mbuf_t m, struct kpi_store *store, void *addr, u32 size);

/* pool.c */
#define KPI_POOL_BATCH	64	/* mbufs that make a batch, or somewhat more */

bool kpi_pool_refill(struct kpi_mbuf_cpu *cpu);
mbuf_t kpi_pool_spill(struct kpi_mbuf_cpu *cpu);
unsigned long kpi_pool_free(mbuf_t m);
int kpi_pool_init(void);
void kpi_pool_exit(void);

/* cluster.c */
struct kpi_store *kpi_cluster_alloc(u32 size, gfp_t gfp, u8 **addr);
struct kpi_store *kpi_cluster_carve(struct kpi_mbuf_cpu *cpu, u32 size, u8 **addr);
void kpi_cluster_free(struct kpi_store *store);
void kpi_cluster_give_back(struct kpi_mbuf_cpu *cpu, struct kpi_store *store);
u32 kpi_cluster_size(size_t len);
int kpi_cluster_init(void);
void kpi_cluster_exit(void);

/* store.c */
void kpi_store_get(struct kpi_store *store);
void kpi_store_put(struct kpi_store *store);
bool kpi_store_put_cluster(struct kpi_store *store);
struct kpi_store *kpi_view_page(struct page *page, gfp_t gfp);
void kpi_store_exit(void);
struct kpi_store *kpi_view_skb(struct sk_buff *skb);

/* header.c, tag.c, completion.c */
void kpi_pkthdr_move(mbuf_t to, mbuf_t from);
void kpi_pkthdr_dup(mbuf_t to, const struct __mbuf *from, gfp_t gfp);
void kpi_tags_free(struct kpi_pkthdr *hdr);
void kpi_tags_dup(struct kpi_pkthdr *to, const struct kpi_pkthdr *from, gfp_t gfp);
void *kpi_link_header_keep(struct kpi_pkthdr *hdr, const void *header, size_t len, gfp_t gfp);
size_t kpi_link_header_copy(struct kpi_pkthdr *hdr, void *to, size_t size);
void kpi_tags_exit(void);
void kpi_tx_complete(struct kpi_pkthdr_moved *moved, ifnet_t ifp);
void kpi_tx_follow(struct sk_buff *skb, struct kpi_pkthdr_moved *moved, gfp_t gfp);

/* A header that holds nothing. */
static inline void kpi_pkthdr_init(mbuf_t m)
{
	memset(kpi_hdr(m), 0, offsetofend(struct kpi_pkthdr, linux_meta));
}

/* Lets go of what belongs to the header. */
static inline void kpi_pkthdr_release(mbuf_t m)
{
	struct kpi_pkthdr *hdr = kpi_hdr(m);

	if (unlikely(hdr->moved.tx_wanted))
		kpi_tx_complete(&hdr->moved, NULL);
	if (unlikely(hdr->moved.tags))
		kpi_tags_free(hdr);
}

/* What a packet tells the network, while it is neither mbuf nor sk_buff. */
#define KPI_LINK_HEADER	32

struct kpi_passage {
	struct kpi_pkthdr hdr;
	u16 flags;			/* MBUF_* */
	u8 link_len;
	u8 link_header[KPI_LINK_HEADER];
};

/* skb_meta.c */
void kpi_metadata_to_skb(struct sk_buff *skb, const struct kpi_passage *p,
			 unsigned int network_offset);
void kpi_metadata_from_skb(mbuf_t m, struct sk_buff *skb, bool inbound, gfp_t gfp);
int kpi_outbound_prepare(struct sk_buff *skb);

/* chain.c, reshape.c, cow.c */
const struct __mbuf *kpi_chain_seek(const struct __mbuf *m, size_t *off);
int kpi_chain_copy_out(const struct __mbuf *m, size_t off, size_t len, void *to);
void kpi_chain_trim(mbuf_t m, int amount);
void kpi_split_tail(mbuf_t n, mbuf_t m, size_t off);
int kpi_chain_overwrite(mbuf_t m, size_t off, const void *data, size_t len,
			struct kpi_kext *owner);

/* view.c: what the network may still look at, and what else it holds by an skb */
bool kpi_frag_is_foreign(const struct sk_buff *skb, struct page *page);
void kpi_skb_drop_references(struct sk_buff *skb);

/* handover.c */
#define KPI_SURRENDER_ROOM	sizeof(struct kpi_pkthdr)

struct sk_buff *kpi_chain_surrender(mbuf_t m);
mbuf_t kpi_mbuf_adopt(struct sk_buff *skb, size_t len, gfp_t gfp, struct kpi_kext *owner);

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
	bool shared;		/* other mbufs refer to it: somebody may still write there */
};

/* Whether the network may hold an mbuf's bytes by their page. */
static inline bool kpi_is_page_backed(const struct kpi_mcb *mcb)
{
	const struct kpi_store *store = mcb->store;

	return store && (store->kind == KPI_STORE_CLUSTER || store->kind == KPI_STORE_PAGE);
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
 * kpi_chain_finish(): returns the chain as a packet with the right length and
 * empties the builder.
 * kpi_walk_next(): the next run of bytes of a chain; false at its end.
 */
mbuf_t kpi_chain_alloc(size_t len, gfp_t gfp, struct kpi_kext *owner);
void kpi_chain_append(struct kpi_chain *chain, mbuf_t m);
int kpi_chain_view(struct kpi_chain *chain, struct sk_buff *skb, unsigned int off,
		   unsigned int len, gfp_t gfp, struct kpi_kext *owner);
int kpi_chain_view_given(struct kpi_chain *chain, struct sk_buff *skb, unsigned int len,
			 bool queued, gfp_t gfp, struct kpi_kext *owner);
void kpi_view_done(struct sk_buff *skb);
mbuf_t kpi_chain_finish(struct kpi_chain *chain);
bool kpi_walk_next(struct kpi_walk *walk, struct kpi_piece *piece);

/*
 * For tests.
 *
 * kpi_mbuf_check(): what is wrong with the chain (its packets, if it is a packet
 * list), or NULL.
 * kpi_mbuf_fail_nonblocking(): from now on no allocation that may not sleep works.
 * kpi_mbuf_fail_nth(): the n-th allocation from now on fails, sleeping or not; 0
 * calls it off. kpi_mbuf_fail_fired() says whether that has happened.
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
void kpi_mbuf_fail_nth(unsigned int n);
bool kpi_mbuf_fail_fired(void);
void kpi_mbuf_sticky_references(bool on);
struct kpi_mbuf_counts kpi_mbuf_counts(void);

#endif /* _KPI_MBUF_PRIV_H */
