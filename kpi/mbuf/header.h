/* SPDX-License-Identifier: GPL-2.0 */
/* The packet header, and how it goes to an sk_buff and comes from one. */
#ifndef _KPI_MBUF_HEADER_H
#define _KPI_MBUF_HEADER_H

#include <linux/string.h>

#include <netkpi/skb.h>

#include "mbuf_priv.h"

/* What a received sk_buff said that an mbuf has no word for; for the way back. */
struct kpi_linux_meta {
	u32 mark;
	u32 gso_type;			/* with TSO requested: only what is to be added to it */
	u32 csum_span;			/* bytes from the IP header on, when it was received; 0: unknown */
	__be16 protocol;
	__be16 vlan_proto;		/* 0: 802.1Q */
	u16 gso_size;			/* 0: as requested by MBUF_TSO_* only */
	u16 csum_start;			/* from the IP header on; with @csum_partial */
	u16 csum_offset;
	bool csum_partial;		/* the checksum is still to be filled in */
	bool captured;			/* Linux gave it to a driver of a kext */
	bool hooked;			/* an interface filter's hook has seen it; copies, too */
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

static inline struct kpi_pkthdr *kpi_hdr(const struct __mbuf *m)
{
	return (struct kpi_pkthdr *)m->skb.head;
}

/* Where an mbuf's own data area begins. */
static inline u8 *kpi_internal(const struct __mbuf *m)
{
	return m->skb.head + sizeof(struct kpi_pkthdr);
}

struct kpi_tag {
	struct kpi_tag *next;
	u32 id;
	u16 type;
	u16 len;
	u32 family;			/* driver's block only */
	u32 subfamily;
	u8 data[] __aligned(8);
};

/*
 * Something of the layer's own that goes with a packet header, in its owner's memory.
 * Copies of the packet do not have it. When the header is freed, leave() is called.
 */
struct kpi_companion;
typedef void kpi_companion_leave_t(struct kpi_companion *companion);

struct kpi_companion {
	kpi_companion_leave_t *leave;
	struct kpi_tag tag;		/* last: it ends with an array of no length */
};

/* Ids that no kext can have: a driver's block, a copy of the link header, a companion. */
#define KPI_TAG_DRVAUX		0
#define KPI_TAG_LINK		1
#define KPI_TAG_COMPANION	2

static inline void kpi_companion_init(struct kpi_companion *companion, kpi_companion_leave_t *leave)
{
	companion->tag.id = KPI_TAG_COMPANION;
	companion->tag.type = 0;
	companion->leave = leave;
}

static inline void kpi_companion_join(struct kpi_pkthdr *hdr, struct kpi_companion *companion)
{
	companion->tag.next = hdr->moved.tags;
	hdr->moved.tags = &companion->tag;
}

/* Whether it was there. */
static inline bool kpi_companion_leave(struct kpi_pkthdr *hdr, struct kpi_companion *companion)
{
	struct kpi_tag **at = &hdr->moved.tags;

	while (*at && *at != &companion->tag)
		at = &(*at)->next;
	if (!*at)
		return false;
	*at = companion->tag.next;
	return true;
}

struct kpi_companion *kpi_companion_of(const struct kpi_pkthdr *hdr, kpi_companion_leave_t *leave);

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
void kpi_metadata_from_skb(mbuf_t m, struct sk_buff *skb, bool inbound, u8 protocol);
void kpi_link_header_from_skb(mbuf_t m, const struct sk_buff *skb, gfp_t gfp);

/*
 * Fills in a checksum that cannot be asked for in the mbuf's words. The protocol, for
 * kpi_metadata_from_skb(), whose checksum is asked for in them; 0: none; or an error.
 */
int kpi_outbound_prepare(struct sk_buff *skb);

/*
 * skb.c: a packet that looks into an sk_buff, which stays the caller's and must not
 * change until the packet is gone; without the link header. The sk_buff's control
 * block is the packet's meanwhile. If it is @lent, nothing that is done to the packet
 * is done to the sk_buff's own bytes. NULL without memory.
 */
mbuf_t kpi_mbuf_over_skb(struct sk_buff *skb, enum kpi_direction direction, bool lent, gfp_t gfp);
void kpi_mbuf_off_skb(mbuf_t m);

#endif /* _KPI_MBUF_HEADER_H */
