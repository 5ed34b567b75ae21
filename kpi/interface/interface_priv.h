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

#include <kpi/interface.h>

#include "../kpi_priv.h"

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
	struct rcu_head rcu;
};

/* The proxy of a device, borrowed until the end of the RCU section; NULL if it has none. */
ifnet_t kpi_ifnet_of(const struct net_device *dev);

/* The device, or NULL if it or the handle is gone; to be used in the same RCU section. */
struct net_device *kpi_ifnet_dev(ifnet_t ifp);

/* A reference if the handle is still good, or NULL. */
ifnet_t kpi_ifnet_get(ifnet_t ifp);
void kpi_ifnet_put(ifnet_t ifp);

bool kpi_ifnet_facts(ifnet_t ifp, struct kpi_ifnet_facts *facts);

#endif /* _KPI_INTERFACE_PRIV_H */
