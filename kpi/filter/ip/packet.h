/* SPDX-License-Identifier: GPL-2.0 */
/* A packet that filters see, between sk_buff and chain. */
#ifndef _KPI_FILTER_IP_PACKET_H
#define _KPI_FILTER_IP_PACKET_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>

#include "../../mbuf/header.h"
#include "../carrier.h"
#include "family.h"

/* How a packet begins, without options. */
union kpi_ipf_head {
	struct iphdr v4;
	struct ipv6hdr v6;
};

/*
 * A packet between its hook and what comes behind. It holds no device: one that
 * goes meanwhile must not wait for a kext. Devices are looked up again by number.
 *
 * While a filter has the packet, and when it keeps it, this goes with the mbuf: so
 * what is injected later finds its carrier, and what is freed lets go of it.
 */
struct kpi_ipf_packet {
	refcount_t refs;		/* who works on it, and the mbuf */
	struct list_head node;		/* W: the queue's lock */
	atomic_t taken;			/* by who goes on with the carrier, the first one */
	mbuf_t m;			/* the bytes, if they are a chain already */
	struct_group(of_carrier,
		struct sk_buff *skb;	/* NULL: never came by, or somebody has it */
		struct nf_hook_state state;	/* without devices */
		int in;
		int out;
		int dev;
		int transport;		/* offset of its header from the IP header */
	);
	u64 before;			/* older filters are due */
	struct kpi_kext *holder;	/* whose filter kept it */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
	struct kpi_ipf_packet *whole;	/* what this is a segment of */

	/* set when it is shown in segments */
	struct sk_buff_head seen;	/* those that wait for the others; W: its lock */
	bool apart;			/* they wait no more; W: seen.lock */

	/* set when it is opened */
	u8 cb[sizeof_field(struct sk_buff, cb)];	/* the carrier's: a view has its place */
	struct kpi_said said;		/* as the filters got it */
	union kpi_ipf_head head;	/* likewise */

	struct kpi_companion companion;	/* of the mbuf that has the bytes; last */
};

/* packet.c */
struct kpi_ipf_packet *kpi_ipf_packet_new(struct kpi_ipf_family *family, enum kpi_ipf_way way,
					  mbuf_t m);
struct kpi_ipf_packet *kpi_ipf_packet_of(struct sk_buff *skb, const struct nf_hook_state *state,
					 struct kpi_ipf_family *family, enum kpi_ipf_way way);
struct kpi_ipf_packet *kpi_ipf_packet_part(struct kpi_ipf_packet *whole, struct sk_buff *skb);
struct kpi_ipf_packet *kpi_ipf_packet_again(mbuf_t m, struct kpi_ipf_family *family,
					    enum kpi_ipf_way way);
bool kpi_ipf_packet_take(struct kpi_ipf_packet *p);
void kpi_ipf_drop(struct sk_buff *skb);
void kpi_ipf_packet_put(struct kpi_ipf_packet *p);
int kpi_ipf_open(struct kpi_ipf_packet *p, gfp_t gfp);
int kpi_ipf_close(struct kpi_ipf_packet *p, gfp_t gfp);
bool kpi_ipf_is_sane(struct kpi_ipf_family *family, mbuf_t m);
void kpi_ipf_packets_exit(void);
bool kpi_ipf_addresses_are(const struct kpi_ipf_packet *p, mbuf_t m);

/* The first @len bytes, in @room if they are not in one piece; NULL if there are less. */
static inline const void *kpi_ipf_header(mbuf_t m, size_t len, void *room)
{
	if (likely(kpi_mcb(m)->len >= len))
		return kpi_mcb(m)->data;
	return kpi_mbuf_copydata(m, 0, len, room) ? NULL : room;
}

#endif /* _KPI_FILTER_IP_PACKET_H */
