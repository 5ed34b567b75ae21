/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IP filters: packets are taken from netfilter's hooks, shown to the filters, and
 * given back to the hooks behind ours.
 *
 * A packet is shown to all filters that are due before it is handed over, so no tag
 * has to survive the stack. While filters have its bytes its sk_buff waits, the
 * carrier, with all that it is besides: route, owner, mark, conntrack. What the
 * filters left as it was goes on in the same sk_buff; what they changed, in one that
 * inherits all of it.
 *
 * Packets are shown by one thread for each family and direction, which may sleep; or
 * inside the hook, if all filters there are of kexts that asked for it.
 *
 * Here are the filters of IPv4 and of IPv6, and the packets that wait for a thread. What one
 * packet is, is in packet.h.
 */
#ifndef _KPI_FILTER_IP_FAMILY_H
#define _KPI_FILTER_IP_FAMILY_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <kpi/ipfilter.h>

#include "../filter_priv.h"

struct kpi_ipf_packet;

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
	unsigned long __percpu *seen;	/* its count of packets */
	struct rcu_head rcu;
};

/* Packets that wait for the one thread of their family and way. */
struct kpi_ipf_queue {
	spinlock_t lock;
	struct list_head packets;	/* W: lock */
	unsigned int length;		/* W: lock; of those that nobody else limits */
	atomic_t pending;		/* all that wait, and the one that is shown */
	struct workqueue_struct *wq;
	struct work_struct work;
	bool running;			/* and looks for the next one by itself; W: lock */
	const struct opaque_ipfilter *busy;	/* whose function runs; W: the thread */
	unsigned long since;		/* jiffies; W: the thread */
	bool told;			/* that it takes long; W: lock */
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
};

struct kpi_ipf_family {
	u8 pf;
	struct kpi_filter_list list;
	unsigned int filters;		/* W: kpi_ipf_lock; those not yet gone */
	struct kpi_ipf_queue queues[KPI_IPF_WAYS];
};

extern struct kpi_ipf_family kpi_ipf_v4, kpi_ipf_v6;

/* queue.c */
int kpi_ipf_queue_init(struct kpi_ipf_queue *queue, struct kpi_ipf_family *family,
		       enum kpi_ipf_way way);
void kpi_ipf_queue_exit(struct kpi_ipf_queue *queue);
bool kpi_ipf_queue_add(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p);

#endif /* _KPI_FILTER_IP_FAMILY_H */
