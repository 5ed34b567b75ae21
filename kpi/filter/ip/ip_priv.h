/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IP filters: packets are taken from netfilter's hooks, shown to the filters in a
 * thread that may sleep, and given back to the hooks behind ours.
 *
 * A packet walks all filters that are due before it is handed over, so no tag has
 * to survive the stack. What it is besides its bytes (route, owner, mark,
 * conntrack) stays with its sk_buff, the carrier, while filters have the bytes.
 */
#ifndef _KPI_FILTER_IP_PRIV_H
#define _KPI_FILTER_IP_PRIV_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include <kpi/errno.h>
#include <kpi/ipfilter.h>
#include <kpi/mbuf.h>

#include "../filter_priv.h"

enum kpi_ipf_way {
	KPI_IPF_IN,
	KPI_IPF_OUT,
	KPI_IPF_WAYS
};

struct opaque_ipfilter {
	struct kpi_filter filter;	/* first: a handle is both */
	struct bsd_ipf_filter f;
	struct kpi_ipf_family *family;
	struct kpi_kext *kext;
	struct rcu_head rcu;
};

/* Packets that wait for the one thread of their family and way. */
struct kpi_ipf_queue {
	spinlock_t lock;
	struct list_head packets;	/* W: lock */
	unsigned int length;		/* W: lock */
	unsigned long dropped;		/* W: lock; for want of room */
	struct workqueue_struct *wq;
	struct work_struct work;
	const struct opaque_ipfilter *busy;	/* whose callback runs; W: the thread */
	unsigned long since;		/* jiffies; W: the thread */
	bool told;			/* that it takes long */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
};

struct kpi_ipf_family {
	u8 pf;
	struct kpi_filter_list list;
	unsigned int filters;		/* W: kpi_ipf_lock; those not yet gone */
	bool hooked;			/* W: kpi_ipf_lock */
	struct kpi_ipf_queue queues[KPI_IPF_WAYS];
};

extern struct kpi_ipf_family kpi_ipf_v4, kpi_ipf_v6;

/*
 * A packet between its hook and what comes behind. It holds no device: one that
 * goes meanwhile must not wait for a kext. Devices are looked up again by number.
 */
struct kpi_ipf_packet {
	struct list_head node;
	struct sk_buff *skb;		/* as taken; while filters have the bytes, the carrier */
	mbuf_t m;			/* the bytes; of an injected packet from the beginning */
	struct nf_hook_state state;	/* without devices; net is NULL for an injected one */
	int in;
	int out;
	int dev;
	int transport;			/* offset of its header from the IP header */
	struct sock *owner;		/* who is charged, held by state.sk; or NULL */
	u64 before;			/* older filters are due */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
};

/* walk.c: shows a chain to the filters that are due; EJUSTRETURN: it is theirs. */
errno_t kpi_ipf_walk_in(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue,
			mbuf_t *m, u64 before, int offset);
errno_t kpi_ipf_walk_out(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue,
			 mbuf_t *m, u64 before, ipf_pktopts_t options);
bool kpi_ipf_wanted(struct kpi_ipf_family *family, enum kpi_ipf_way way);

/* hook.c */
int kpi_ipf_hook(struct kpi_ipf_family *family);
void kpi_ipf_unhook(struct kpi_ipf_family *family);
void kpi_ipf_pass_on(struct kpi_ipf_packet *p, struct sk_buff *skb);

/* packet.c: between sk_buff and chain */
struct kpi_ipf_packet *kpi_ipf_packet_of(struct sk_buff *skb, const struct nf_hook_state *state);
void kpi_ipf_packet_free(struct kpi_ipf_packet *p);
int kpi_ipf_open(struct kpi_ipf_packet *p);
struct sk_buff *kpi_ipf_close(struct kpi_ipf_packet *p);
bool kpi_ipf_is_sane(struct kpi_ipf_family *family, mbuf_t m);

/* queue.c */
int kpi_ipf_queue_init(struct kpi_ipf_queue *queue, struct kpi_ipf_family *family,
		       enum kpi_ipf_way way);
void kpi_ipf_queue_exit(struct kpi_ipf_queue *queue);
bool kpi_ipf_queue_add(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p);

/* inject.c: packets that have seen all their filters */
bool kpi_ipf_has_passed(const struct sk_buff *skb);
void kpi_ipf_deliver(mbuf_t m);

#endif /* _KPI_FILTER_IP_PRIV_H */
