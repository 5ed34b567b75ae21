/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an ifnet_t is: a proxy of a device, never the device.
 *
 * A reference that a kext keeps must not hold up the device's removal, so the
 * proxy lets go of it in NETDEV_UNREGISTER and answers from what it noted then.
 * While a device is registered there is one proxy for it, so kexts may compare
 * pointers. A handle is looked up before it is used: one that a packet carries
 * may have gone in the meantime.
 */
#ifndef _KPI_INTERFACE_PRIV_H
#define _KPI_INTERFACE_PRIV_H

#include <linux/if.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/refcount.h>
#include <linux/socket.h>

#include <kpi/interface.h>

#include "../kpi_priv.h"

struct kpi_made;

/* What can be said of an interface without asking its driver. */
struct kpi_ifnet_facts {
	u32 flags;			/* Linux's */
	u32 mtu;
	u16 type;			/* ARPHRD_... */
	u8 hdrlen;
	u8 addrlen;
	u8 lladdr[MAX_ADDR_LEN];
	u8 broadcast[MAX_ADDR_LEN];
};

struct __ifnet {
	struct hlist_node by_handle;	/* W: ifnets_lock */
	struct hlist_node by_dev;	/* W: ifnets_lock; in the table while @dev is set */
	refcount_t refs;		/* the device holds one while it is registered */
	struct net_device __rcu *dev;	/* NULL once unregistered; W: RTNL */
	struct kpi_ifnet_facts last;	/* W: before @dev becomes NULL */
	char name[IFNAMSIZ];		/* W: RTNL */
	char base[IFNAMSIZ];		/* the name without its number; W: RTNL */
	u32 unit;
	u32 index;
	u32 metric;
	time64_t changed;
	struct kpi_made *made;		/* of one that a kext made; set when it is made */
	struct kpi_iflt_point __rcu *point;	/* its filters, if it ever had any; W: RTNL */
	struct rcu_head rcu;
};

/* The proxy of a device, borrowed until the end of the RCU section; NULL if it has none. */
ifnet_t kpi_ifnet_of(const struct net_device *dev);

/* The proxy of the device with an index, likewise. */
ifnet_t kpi_ifnet_at(struct net *net, int index);

/* The device, or NULL if it or the handle is gone; to be used in the same RCU section. */
struct net_device *kpi_ifnet_dev(ifnet_t ifp);

/* The same with RTNL held, until that is let go. */
static inline struct net_device *kpi_ifnet_dev_rtnl(ifnet_t ifp)
{
	struct net_device *dev;

	ASSERT_RTNL();
	rcu_read_lock();
	dev = kpi_ifnet_dev(ifp);
	rcu_read_unlock();
	return dev;
}

/* The proxy of a device that is not registered yet, with a reference for who makes it. */
ifnet_t kpi_ifnet_make(struct kpi_made *made, const struct net_device *dev);

/* A reference if the handle is still good, or NULL. */
ifnet_t kpi_ifnet_get(ifnet_t ifp);
void kpi_ifnet_put(ifnet_t ifp);

void kpi_ifnet_note_facts(const struct net_device *dev, struct kpi_ifnet_facts *facts);
bool kpi_ifnet_facts(ifnet_t ifp, struct kpi_ifnet_facts *facts);

#endif /* _KPI_INTERFACE_PRIV_H */
