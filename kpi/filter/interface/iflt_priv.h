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
#ifndef _KPI_FILTER_IFLT_PRIV_H
#define _KPI_FILTER_IFLT_PRIV_H

#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include <kpi/errno.h>
#include <kpi/interfacefilter.h>
#include <kpi/mbuf.h>

#include "../../interface/interface_priv.h"
#include "../filter_priv.h"

enum kpi_iflt_way {
	KPI_IFLT_IN,
	KPI_IFLT_OUT,
	KPI_IFLT_WAYS
};

/* Who wants to see a frame, and where. */
enum kpi_iflt_mode {
	KPI_IFLT_NOBODY,
	KPI_IFLT_DIRECT,		/* inside the hook: nobody there has to sleep */
	KPI_IFLT_THREAD
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

/* A thread that is inside a filter's function; on its stack. */
struct kpi_iflt_call {
	struct list_head node;		/* W: calls_lock */
	struct task_struct *task;
	struct __ifnet_filter *flt;
	unsigned long since;		/* jiffies */
	bool told;			/* that it takes long */
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
void kpi_iflt_receive(struct sk_buff *skb, bool hooked);
bool kpi_iflt_has_tag(const struct sk_buff *skb, enum kpi_iflt_way way);

/* A frame of a VLAN; priority tags are none. */
static inline bool kpi_iflt_is_tagged(const struct sk_buff *skb, enum kpi_iflt_way way)
{
	if (skb_vlan_tag_present(skb))
		return skb_vlan_tag_get_id(skb);
	return unlikely(eth_type_vlan(skb->protocol)) && kpi_iflt_has_tag(skb, way);
}

/* Bytes of link header in front of the data of a frame that came in. */
static inline unsigned int kpi_iflt_link_len(const struct sk_buff *skb)
{
	int len = skb_mac_header_was_set(skb) ? skb->data - skb_mac_header(skb) : 0;

	return len > 0 && len <= MAX_HEADER ? len : 0;
}

/*
 * frame.c: one frame between its hook and what comes behind; netfilter's verdict on the
 * sk_buff. NF_ACCEPT: filters left it as it was, and it goes on. NF_DROP: they refused
 * it. Both times it stays the caller's, who can leave the rest to kpi_iflt_frame_end().
 * NF_STOLEN: it is gone, and another one may have gone on.
 */
unsigned int kpi_iflt_frame_in(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp);
unsigned int kpi_iflt_frame_out(struct kpi_iflt_point *point, struct sk_buff *skb, gfp_t gfp);
void kpi_iflt_frame_end(struct kpi_iflt_point *point, enum kpi_iflt_way way, struct sk_buff *skb,
			unsigned int verdict);
void kpi_iflt_frame_injected(struct kpi_iflt_point *point, mbuf_t m, char *header);

/*
 * Packets of kexts. In: false if nobody wants to see it, and it stays the caller's; under
 * RCU. Out: what kpi_iflt_walk() says. Then it is sent, past our hook: bottom halves off.
 */
bool kpi_iflt_input(struct kpi_iflt_point *point, mbuf_t m, char *header);
errno_t kpi_iflt_output(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m);
int kpi_iflt_output_later(ifnet_t ifp, protocol_family_t protocol, mbuf_t m);
errno_t kpi_iflt_walk_input(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m, char **header);
int kpi_iflt_transmit(struct sk_buff *skb, bool hooked);

/* walk.c */
void kpi_iflt_call_begin(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
			 struct kpi_iflt_call *call);
void kpi_iflt_call_end(struct kpi_iflt_point *point, struct kpi_iflt_call *call);
bool kpi_iflt_inside(struct kpi_iflt_point *point);
enum kpi_iflt_mode kpi_iflt_mode(struct kpi_iflt_point *point, enum kpi_iflt_way way,
				 protocol_family_t protocol, bool tagged);

bool kpi_iflt_wants_injected(struct kpi_iflt_point *point, mbuf_t m);

/*
 * All filters that want it, oldest first. 0: it goes on. Anything else: it is gone,
 * freed here or, with EJUSTRETURN, a filter's. A way in has the frame's header.
 */
errno_t kpi_iflt_walk(struct kpi_iflt_point *point, enum kpi_iflt_way way,
		      protocol_family_t protocol, bool tagged, mbuf_t *m, char **header);

/* event.c */
void kpi_iflt_events_init(struct kpi_iflt_point *point);
void kpi_iflt_events_free(struct kpi_iflt_point *point);
void kpi_iflt_tell(struct kpi_iflt_point *point, const struct bsd_kev_msg *msg);

/* Asks the filters; true if @answers, which sees each answer, wants no more of them. */
bool kpi_iflt_ioctl(ifnet_t ifp, protocol_family_t protocol, unsigned long code, void *arg,
		    bool (*answers)(errno_t answer, errno_t *result), errno_t *result);

void kpi_iflt_events_flush(struct kpi_iflt_point *point);	/* all have been told */
int kpi_iflt_events_start(void);
void kpi_iflt_events_stop(void);

static inline bool kpi_iflt_link(const struct net_device *dev)
{
	return dev->flags & IFF_UP && netif_carrier_ok(dev);
}

#endif /* _KPI_FILTER_IFLT_PRIV_H */
