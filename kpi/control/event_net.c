// SPDX-License-Identifier: GPL-2.0
/* Interfaces come, go and change, and so do their addresses: as kernel events. */

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/net_namespace.h>

#include "../interface/interface_priv.h"
#include "event_priv.h"

/* "eth0" is eth and 0, as the interface's own calls say. */
static struct bsd_net_event_data name_of(const struct net_device *dev)
{
	struct bsd_net_event_data data = { };
	ifnet_t ifp;

	rcu_read_lock();
	ifp = kpi_ifnet_of(dev);
	data.if_family = ifp ? kpi_ifnet_family(ifp) : 0;
	data.if_unit = ifp ? ifp->unit : 0;
	strscpy(data.if_name, ifp ? ifp->base : dev->name, sizeof(data.if_name));
	rcu_read_unlock();
	return data;
}

static void tell_link(const struct net_device *dev, u32 code)
{
	struct bsd_net_event_data data = name_of(dev);

	kpi_event_tell(KEV_NETWORK_CLASS, KEV_DL_SUBCLASS, code, &data, sizeof(data));
}

/* Flags, or, if none, the carrier. */
static u32 change_code(const struct net_device *dev, const void *info)
{
	const struct netdev_notifier_change_info *change = info;

	if (change->flags_changed)
		return KEV_DL_SIFFLAGS;
	return netif_carrier_ok(dev) ? KEV_DL_LINK_ON : KEV_DL_LINK_OFF;
}

static int device_event(struct notifier_block *unused, unsigned long event, void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (!net_eq(dev_net(dev), &init_net))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_REGISTER:
		tell_link(dev, KEV_DL_IF_ATTACHED);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
		tell_link(dev, KEV_DL_SIFFLAGS);
		break;
	case NETDEV_CHANGE:
		tell_link(dev, change_code(dev, info));
		break;
	case NETDEV_CHANGEMTU:
		tell_link(dev, KEV_DL_SIFMTU);
		break;
	case NETDEV_CHANGEADDR:
		tell_link(dev, KEV_DL_LINK_ADDRESS_CHANGED);
		break;
	}
	return NOTIFY_DONE;
}

/* Before interface handles let go of the device. */
static int departure_event(struct notifier_block *unused, unsigned long event, void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event != NETDEV_UNREGISTER || !net_eq(dev_net(dev), &init_net))
		return NOTIFY_DONE;
	tell_link(dev, KEV_DL_IF_DETACHING);
	tell_link(dev, KEV_DL_IF_DETACHED);
	return NOTIFY_DONE;
}

static int address_event(struct notifier_block *unused, unsigned long event, void *info)
{
	const struct in_ifaddr *ifa = info;
	const struct net_device *dev = ifa->ifa_dev->dev;
	u32 net = ntohl(ifa->ifa_local & ifa->ifa_mask), mask = ntohl(ifa->ifa_mask);
	struct bsd_kev_in_data data = {
		.ia_addr = (__force u32)ifa->ifa_local,
		.ia_net = net, .ia_netmask = mask, .ia_subnet = net, .ia_subnetmask = mask,
		.ia_netbroadcast = (__force u32)ifa->ifa_broadcast,
	};

	if (!net_eq(dev_net(dev), &init_net) || (event != NETDEV_UP && event != NETDEV_DOWN))
		return NOTIFY_DONE;
	data.link_data = name_of(dev);
	if (ifa->ifa_address != ifa->ifa_local)
		data.ia_dstaddr = (__force u32)ifa->ifa_address;
	kpi_event_tell(KEV_NETWORK_CLASS, KEV_INET_SUBCLASS,
		       event == NETDEV_UP ? KEV_INET_NEW_ADDR : KEV_INET_ADDR_DELETED,
		       &data, sizeof(data));
	return NOTIFY_DONE;
}

/* Behind an event of KEV_INET6_SUBCLASS. Programs read it, so its addresses are as Linux's. */
struct in6_data {
	struct bsd_net_event_data link_data;
	struct sockaddr_in6 addr, net, dstaddr, prefixmask;
	u32 plen, flags;
	u32 expire, preferred, valid_life, preferred_life;
	u8 mac[6];
	u8 rest[2];			/* programs read all of it */
};

static_assert(sizeof(struct in6_data) == 168);
static_assert(offsetof(struct in6_data, plen) == 136);

static struct sockaddr_in6 sockaddr_of(const struct in6_addr *addr)
{
	return (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_addr = *addr };
}

static struct in6_data describe(const struct inet6_ifaddr *ifa)
{
	const struct net_device *dev = ifa->idev->dev;
	struct in6_data data = {
		.link_data = name_of(dev),
		.addr = sockaddr_of(&ifa->addr),
		.plen = ifa->prefix_len,
		.valid_life = ifa->valid_lft, .preferred_life = ifa->prefered_lft,
	};
	const struct in6_addr ones = { .s6_addr = { [0 ... 15] = 0xff } };
	struct in6_addr masked;

	ipv6_addr_prefix(&masked, &ifa->addr, ifa->prefix_len);
	data.net = sockaddr_of(&masked);
	ipv6_addr_prefix(&masked, &ones, ifa->prefix_len);
	data.prefixmask = sockaddr_of(&masked);
	if (!ipv6_addr_any(&ifa->peer_addr))
		data.dstaddr = sockaddr_of(&ifa->peer_addr);
	if (dev->addr_len == sizeof(data.mac))
		memcpy(data.mac, dev->dev_addr, sizeof(data.mac));
	return data;
}

static u32 new_code(const struct inet6_ifaddr *ifa)
{
	if (ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL)
		return KEV_INET6_NEW_LL_ADDR;
	return ifa->ifa_proto == IFAPROT_KERNEL_RA ? KEV_INET6_NEW_RTADV_ADDR : KEV_INET6_NEW_USER_ADDR;
}

/* In softirqs, too: addresses from router advertisements. */
static int address6_event(struct notifier_block *unused, unsigned long event, void *info)
{
	const struct inet6_ifaddr *ifa = info;
	struct in6_data data;

	if (!net_eq(dev_net(ifa->idev->dev), &init_net) || (event != NETDEV_UP && event != NETDEV_DOWN))
		return NOTIFY_DONE;
	data = describe(ifa);
	kpi_event_tell(KEV_NETWORK_CLASS, KEV_INET6_SUBCLASS,
		       event == NETDEV_UP ? new_code(ifa) : KEV_INET6_ADDR_DELETED,
		       &data, sizeof(data));
	return NOTIFY_DONE;
}

static struct notifier_block devices = { .notifier_call = device_event };
static struct notifier_block departures = { .notifier_call = departure_event, .priority = 1 };
static struct notifier_block addresses = { .notifier_call = address_event };
static struct notifier_block addresses6 = { .notifier_call = address6_event };

int kpi_event_net_init(void)
{
	int err = register_netdevice_notifier(&devices);

	if (err)
		return err;
	err = register_netdevice_notifier(&departures);
	if (err)
		goto err_devices;
	err = register_inetaddr_notifier(&addresses);
	if (err)
		goto err_departures;
	err = register_inet6addr_notifier(&addresses6);
	if (err)
		goto err_addresses;
	return 0;

err_addresses:
	unregister_inetaddr_notifier(&addresses);
err_departures:
	unregister_netdevice_notifier(&departures);
err_devices:
	unregister_netdevice_notifier(&devices);
	return err;
}

void kpi_event_net_exit(void)
{
	unregister_inet6addr_notifier(&addresses6);
	unregister_inetaddr_notifier(&addresses);
	unregister_netdevice_notifier(&departures);
	unregister_netdevice_notifier(&devices);
}
