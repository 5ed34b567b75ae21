// SPDX-License-Identifier: GPL-2.0
/* The device of an interface that a kext makes, as Linux sees it. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>

#include "../compat/interface.h"
#include "driver.h"
#include "made.h"
#include "news.h"

#define BSD_IFT_PPP	0x17
#define BSD_IFT_GIF	0x37

/* What the device has besides Linux's part. */
struct made_dev {
	struct kpi_made *made;
};

static int group_new(struct net_device *dev, const unsigned char *address)
{
	struct made_dev *priv = netdev_priv(dev);

	kpi_made_tell_driver(priv->made, KPI_MADE_GROUP_NEW);
	return 0;
}

static int group_gone(struct net_device *dev, const unsigned char *address)
{
	struct made_dev *priv = netdev_priv(dev);

	kpi_made_tell_driver(priv->made, KPI_MADE_GROUP_GONE);
	return 0;
}

/* Promiscuity has no news for the driver. */
static void made_set_rx_mode(struct net_device *dev)
{
	__dev_mc_sync(dev, group_new, group_gone);
}

/* What changes while it is down is not told one by one: all go now, and come again. */
static void forget_groups(struct net_device *dev)
{
	netif_addr_lock_bh(dev);
	__dev_mc_unsync(dev, group_gone);
	netif_addr_unlock_bh(dev);
}

static int made_open(struct net_device *dev)
{
	struct made_dev *priv = netdev_priv(dev);

	netif_start_queue(dev);
	kpi_made_tell_driver(priv->made, KPI_MADE_FLAGS);
	return 0;
}

static int made_stop(struct net_device *dev)
{
	struct made_dev *priv = netdev_priv(dev);

	netif_stop_queue(dev);
	skb_queue_purge(&priv->made->tx);
	forget_groups(dev);
	kpi_made_tell_driver(priv->made, KPI_MADE_FLAGS);
	return 0;
}

static int made_change_mtu(struct net_device *dev, int mtu)
{
	struct made_dev *priv = netdev_priv(dev);

	WRITE_ONCE(dev->mtu, mtu);
	kpi_made_tell_driver(priv->made, KPI_MADE_MTU);
	return 0;
}

static const struct net_device_ops made_ops = {
	.ndo_open = made_open,
	.ndo_stop = made_stop,
	.ndo_start_xmit = kpi_made_xmit,
	.ndo_change_mtu = made_change_mtu,
	.ndo_get_stats64 = kpi_made_get_stats,
	.ndo_set_rx_mode = made_set_rx_mode,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

/* Others have no link address, and none to check. */
static const struct net_device_ops plain_ops = {
	.ndo_open = made_open,
	.ndo_stop = made_stop,
	.ndo_start_xmit = kpi_made_xmit,
	.ndo_change_mtu = made_change_mtu,
	.ndo_get_stats64 = kpi_made_get_stats,
};

struct kpi_made *kpi_made_of_dev(const struct net_device *dev)
{
	struct made_dev *priv;

	if (dev->netdev_ops != &made_ops && dev->netdev_ops != &plain_ops)
		return NULL;
	priv = netdev_priv(dev);
	return priv->made;
}

static u16 arphrd_of(u32 type)
{
	switch (type) {
	case BSD_IFT_PPP:
		return ARPHRD_PPP;
	case BSD_IFT_GIF:
		return ARPHRD_TUNNEL;
	default:
		return ARPHRD_NONE;
	}
}

static void setup(struct net_device *dev)
{
	kpi_compat_netns_local(dev);		/* macOS has one stack */
	netif_keep_dst(dev);			/* says where a packet goes next */
	dev->max_mtu = ETH_MAX_MTU;
	dev->tx_queue_len = 1000;
}

static void setup_ethernet(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &made_ops;
	setup(dev);
}

static void setup_plain(struct net_device *dev)
{
	dev->netdev_ops = &plain_ops;
	dev->mtu = ETH_DATA_LEN;
	setup(dev);
}

struct net_device *kpi_made_dev_alloc(struct kpi_made *made)
{
	struct net_device *dev;
	struct made_dev *priv;
	char name[IFNAMSIZ];

	if (snprintf(name, sizeof(name), "%s%u", made->name, made->init.unit) >= sizeof(name))
		return ERR_PTR(-EINVAL);
	dev = alloc_netdev(sizeof(*priv), name, NET_NAME_USER,
			   made->ethernet ? setup_ethernet : setup_plain);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	if (!made->ethernet)
		dev->type = arphrd_of(made->init.type);
	if (made->ethernet && made->init.broadcast_addr && made->init.broadcast_len == ETH_ALEN)
		memcpy(dev->broadcast, made->init.broadcast_addr, ETH_ALEN);
	made->flags = dev->flags;
	priv = netdev_priv(dev);
	priv->made = made;
	return dev;
}
