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
 *
 * Here is the mbuf itself. storage.h has what its bytes are in, header.h the
 * packet header, chain.h runs of bytes and chains to be built, reshape.h chains
 * that change, cpu.h what each CPU keeps, check.h what tests ask for.
 */
#ifndef _KPI_MBUF_PRIV_H
#define _KPI_MBUF_PRIV_H

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>

#include "../kpi_priv.h"
#include "poison.h"

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

#define KPI_M_PUBLIC	0x7f47		/* flags a caller may see */
#define KPI_M_UNIT	0x0008		/* private: packet and cluster were allocated as one */
#define KPI_M_VEILED	0x0010		/* private: its bytes are not to be told where they are: veil.c */

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

static inline struct kpi_mcb *kpi_mcb(const struct __mbuf *m)
{
	return (struct kpi_mcb *)m->skb.cb;
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

static inline u8 *kpi_end(const struct kpi_mcb *mcb)
{
	return mcb->start + mcb->size;
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

/*
 * In an exported function's own body: how it may get memory. Who wants to wait where nobody
 * may does not wait; a filter that runs directly may say so nevertheless, others are named.
 */
#define kpi_gfp(how)						\
({								\
	static atomic_t __place;				\
								\
	kpi_gfp_at(&__place, __func__, _RET_IP_, how);		\
})

gfp_t kpi_gfp_awake(atomic_t *place, const char *func, unsigned long caller);

static inline gfp_t kpi_gfp_at(atomic_t *place, const char *func, unsigned long caller,
			       mbuf_how_t how)
{
	if (how != MBUF_WAITOK)
		return GFP_ATOMIC;
	if (kpi_is_atomic())
		return kpi_gfp_awake(place, func, caller);
	might_sleep();
	return GFP_KERNEL;
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

#define kpi_unusable(m)		kpi_unusable_from(_RET_IP_, m)

/* The same for calls that need a packet header. */
#define kpi_not_packet(m)	kpi_not_packet_from(_RET_IP_, m)

/* Those for helpers that were handed the caller's address. */
#define kpi_unusable_from(caller, m)					\
({									\
	const char *__wrong = kpi_mbuf_wrong(m);			\
									\
	if (unlikely(__wrong))						\
		kpi_misuse_from(caller, __wrong);			\
	unlikely(__wrong);						\
})

#define kpi_not_packet_from(caller, m)					\
({									\
	const struct __mbuf *__m = (m);					\
	bool __bad = kpi_unusable_from(caller, __m);			\
									\
	if (!__bad && unlikely(!kpi_is_packet(__m))) {			\
		kpi_misuse_from(caller, "mbuf has no packet header");	\
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

/* Whether a packet that was there a moment ago is free now. (The first of a batch is not poisoned.) */
static inline bool kpi_mbuf_is_freed(const struct __mbuf *m)
{
	return (KPI_POISONS && kpi_is_poisoned(kpi_mcb(m), sizeof(struct kpi_mcb))) || !kpi_is_packet(m);
}

#endif /* _KPI_MBUF_PRIV_H */
