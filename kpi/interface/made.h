/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interface that a kext made: a Linux device whose driver is the kext.
 *
 * Packets go to the kext, and come from it, in threads of the interface, which may
 * sleep. There are two kinds. An Ethernet interface gets whole frames: Linux resolves
 * addresses, frames and unframes. All others have no link header that Linux
 * knows of: protocols that the kext attached say where a packet goes, its framer puts
 * a header on it, its demux takes it off; interface filters see such frames here.
 *
 * Order of locks: kpi_made.lock, RTNL. Functions of a kext are called under neither.
 */
#ifndef _KPI_INTERFACE_MADE_H
#define _KPI_INTERFACE_MADE_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>

#include "interface_priv.h"

enum kpi_made_state {
	KPI_MADE_ALLOCATED,
	KPI_MADE_ATTACHED,
	KPI_MADE_DETACHING,
	KPI_MADE_DETACHED
};

/* Of IPv4, of IPv6. W: the interface's thread for news. */
struct kpi_made_family {
	ifaddr_t *told;			/* addresses that the driver has heard of */
	bool plumbed;			/* its protocol was attached by a plumber */
};

struct kpi_made {
	struct list_head node;		/* while it is attached */
	refcount_t refs;		/* the proxy's, and for work on its way */
	struct net_device *dev;		/* until it is detached; W: lock */
	ifnet_t ifp;			/* holds a reference while attached */
	struct bsd_ifnet_init_params init;
	struct kpi_kext *kext;
	char name[IFNAMSIZ];
	bool ethernet;
	u8 hdrlen;			/* of the kext's header; Ethernet's is Linux's */
	u16 flags;			/* to be set when it is attached; Linux's */
	enum kpi_made_state state;	/* W: lock */
	refcount_t calls;		/* while attached 1, and 1 for each call of others' threads */
	struct mutex lock;

	struct list_head protocols;	/* W: protocols_lock */
	spinlock_t protocols_lock;

	struct sk_buff_head tx;
	struct work_struct tx_work;
	spinlock_t rx_lock;
	mbuf_t rx;			/* W: rx_lock; linked by nextpkt */
	mbuf_t rx_last;			/* W: rx_lock */
	unsigned int rx_len;		/* W: rx_lock */
	struct work_struct rx_work;
	unsigned long news;		/* bits: enum kpi_made_news */
	struct kpi_made_family families[2];
	struct work_struct news_work;
	struct work_struct detach_work;
	struct rcu_work free_work;

	spinlock_t stats_lock;
	struct bsd_ifnet_stats_param stats;	/* W: stats_lock */
};

extern struct workqueue_struct *kpi_made_wq;

/* device.c */
struct net_device *kpi_made_dev_alloc(struct kpi_made *made);	/* or ERR_PTR() */
struct kpi_made *kpi_made_of_dev(const struct net_device *dev);	/* NULL for Linux's own */

/* create.c */
int kpi_made_init(void);
void kpi_made_exit(void);
void kpi_made_finish(void);

/* Whether frames of a device are made by the kext: Linux's hooks see them without a header. */
static inline bool kpi_made_frames(const struct net_device *dev)
{
	const struct kpi_made *made = kpi_made_of_dev(dev);

	return made && !made->ethernet;
}

/* Not attached yet: the device is the kext's alone, to be set up under made->lock. */
static inline bool kpi_made_is_fresh(const struct kpi_made *made)
{
	return made && READ_ONCE(made->state) == KPI_MADE_ALLOCATED;
}

/* What the kext said of it so far; under RCU, which keeps the device. */
static inline void kpi_made_facts(const struct kpi_made *made, struct kpi_ifnet_facts *facts)
{
	kpi_ifnet_note_facts(made->dev, facts);
	facts->flags = made->flags;
}

/* Around a call of the kext's functions by a thread that is none of the interface's. */
static inline bool kpi_made_enter(struct kpi_made *made)
{
	return refcount_inc_not_zero(&made->calls);
}

void kpi_made_leave(struct kpi_made *made);

/* Held with its lock if it is not attached yet; else NULL. */
struct kpi_made *kpi_made_lock_fresh(ifnet_t ifp);
void kpi_made_unlock(struct kpi_made *made);

void kpi_made_put(struct kpi_made *made);
void kpi_made_work(struct kpi_made *made, struct work_struct *work);

/* The kext's own, held, for the time of a call; NULL for what is none. */
struct kpi_made *kpi_made_get(ifnet_t ifp);

static inline void kpi_made_count(struct kpi_made *made, u_int64_t *counter, u64 n)
{
	spin_lock_bh(&made->stats_lock);
	*counter += n;
	spin_unlock_bh(&made->stats_lock);
}

/* reclaim.c */
void kpi_made_list(struct kpi_made *made);
void kpi_made_unlist(struct kpi_made *made);

#endif /* _KPI_INTERFACE_MADE_H */
