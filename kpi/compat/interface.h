/* SPDX-License-Identifier: GPL-2.0 */
/* Network devices as they differ between kernels; see compat.h. */
#ifndef _KPI_COMPAT_INTERFACE_H
#define _KPI_COMPAT_INTERFACE_H

#include <linux/netdevice.h>

/* dev_get_flags() got this name in 6.18; drop this when 6.12 goes. */
#ifndef KPI_HAVE_NETIF_GET_FLAGS
#define netif_get_flags		dev_get_flags
#endif

/* Devices that stay in their namespace: a feature until 6.14, a bit since; drop this when 6.12 goes. */
static inline void kpi_compat_netns_local(struct net_device *dev)
{
#ifdef KPI_HAVE_NETNS_IMMUTABLE
	dev->netns_immutable = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

#endif /* _KPI_COMPAT_INTERFACE_H */
