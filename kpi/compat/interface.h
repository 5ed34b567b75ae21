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

/* Addresses got a type of their own length in 6.17; drop this when 6.12 goes. */
static inline int kpi_compat_set_mac_address(struct net_device *dev, const void *address)
{
	struct sockaddr_storage ss = { .ss_family = dev->type };

	memcpy(((struct sockaddr *)&ss)->sa_data, address, dev->addr_len);
#ifdef KPI_HAVE_MAC_ADDRESS_STORAGE
	return dev_set_mac_address(dev, &ss, NULL);
#else
	return dev_set_mac_address(dev, (struct sockaddr *)&ss, NULL);
#endif
}

#endif /* _KPI_COMPAT_INTERFACE_H */
