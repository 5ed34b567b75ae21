/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interface filters: frames are taken from netfilter's hooks of a device, behind
 * captures, tc and everybody else's rules, shown to the filters in a thread that
 * may sleep, and given back behind the hook.
 *
 * An interface that has, or had, filters has a point. It lives as long as the
 * device, a filter, or a thread of it does; the device goes without waiting for any
 * of them. What waits in a queue names no device: it is looked up again.
 */
#ifndef _KPI_FILTER_IFLT_POINT_H
#define _KPI_FILTER_IFLT_POINT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include <kpi/interfacefilter.h>

#include "../filter_priv.h"

struct net_device;

enum kpi_iflt_way {
	KPI_IFLT_IN,
	KPI_IFLT_OUT,
	KPI_IFLT_WAYS
};

struct kpi_iflt_point;

struct __ifnet_filter {
	struct kpi_filter filter;	/* first: a handle is both */
	struct hlist_node by_handle;	/* W: handles_lock */
	struct bsd_iff_filter f;
	bool tagged;			/* sees frames of VLANs, too */
	struct kpi_iflt_point *point;	/* holds a reference */
	struct kpi_kext *kext;
	unsigned long __percpu *seen;	/* its count of packets */
	struct rcu_head rcu;
};

/* Frames that wait for the one thread of their interface and way. */
struct kpi_iflt_queue {
	struct sk_buff_head frames;
	struct list_head injected;	/* W: frames.lock */
	unsigned int waiting;		/* W: frames.lock; of those */
	struct work_struct work;
	struct kpi_iflt_point *point;
	enum kpi_iflt_way way;
	atomic_t pending;		/* frames that nobody may overtake */
};

struct kpi_iflt_point {
	refcount_t refs;		/* the proxy's, one for each filter, and for work on its way */
	ifnet_t ifp;			/* holds a reference */
	struct kpi_filter_list list;	/* oldest first */
	unsigned int filters;		/* W: RTNL; those not yet gone */
	bool hooked;			/* W: RTNL */
	bool link;			/* W: RTNL; what was told last */
	struct nf_hook_ops hooks[KPI_IFLT_WAYS];
	struct kpi_iflt_queue queues[KPI_IFLT_WAYS];

	spinlock_t calls_lock;
	struct list_head calls;		/* W: calls_lock */

	spinlock_t events_lock;
	struct list_head events;	/* W: events_lock */
	struct work_struct event_work;

	struct rcu_head rcu;
};

extern struct workqueue_struct *kpi_iflt_wq;

/* attach.c */
struct kpi_iflt_point *kpi_iflt_point_get(ifnet_t ifp);	/* held; NULL if it has none */
void kpi_iflt_point_put(struct kpi_iflt_point *point);
struct kpi_iflt_point *kpi_iflt_point_make(ifnet_t ifp, const struct net_device *dev);
void kpi_iflt_detach_all(struct kpi_iflt_point *point);
void kpi_iflt_device_gone(ifnet_t ifp);

/* queue.c */
void kpi_iflt_queue_init(struct kpi_iflt_point *point, enum kpi_iflt_way way);
bool kpi_iflt_queue_add(struct kpi_iflt_queue *queue, struct sk_buff *skb);
void kpi_iflt_injected_free(struct kpi_iflt_queue *queue);
void kpi_iflt_queue_work(struct kpi_iflt_point *point, struct work_struct *work);

/* hook.c */
int kpi_iflt_hook(struct kpi_iflt_point *point, struct net_device *dev);
void kpi_iflt_unhook(struct kpi_iflt_point *point);

#endif /* _KPI_FILTER_IFLT_POINT_H */
