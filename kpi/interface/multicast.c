// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast addresses of interfaces. An ifmultiaddr_t is plain data with a count: one that
 * a kext added stands for its wish, one of a list for what was true when it was asked for.
 */

#include <linux/etherdevice.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <net/if_inet6.h>
#include <net/ip.h>

#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "interface_priv.h"

struct __ifmultiaddr {
	refcount_t refs;
	ifnet_t ifp;			/* holds a reference */
	bool added;			/* by a kext; until it is removed */
	union {
		struct bsd_sockaddr sa;
		struct bsd_sockaddr_in in;
		struct bsd_sockaddr_in6 in6;
		struct bsd_sockaddr_dl dl;
	} address;
	struct bsd_sockaddr_dl link;
};

static void fill_link(struct bsd_sockaddr_dl *dl, ifnet_t ifp, const u8 *address)
{
	*dl = (struct bsd_sockaddr_dl) {
		.sdl_len = sizeof(*dl),
		.sdl_family = KPI_AF_LINK,
		.sdl_index = ifp->index,
		.sdl_type = kpi_ifnet_type(ifp),
		.sdl_alen = ETH_ALEN,
	};
	memcpy(dl->sdl_data, address, ETH_ALEN);
}

/* The link address that stands for a protocol's; how many bytes of @sa there must be is its own matter. */
static int resolve(const struct bsd_sockaddr *sa, u8 *address)
{
	const struct bsd_sockaddr_dl *dl = (const void *)sa;

	switch (sa->sa_family) {
	case AF_INET:
		ip_eth_mc_map((__force __be32)((const struct bsd_sockaddr_in *)sa)->sin_addr.s_addr,
			      address);
		return 0;
	case AF_INET6:
		ipv6_eth_mc_map((const void *)&((const struct bsd_sockaddr_in6 *)sa)->sin6_addr,
				address);
		return 0;
	case KPI_AF_LINK:
		if (dl->sdl_alen != ETH_ALEN || dl->sdl_nlen + ETH_ALEN > sizeof(dl->sdl_data))
			return -EINVAL;
		memcpy(address, dl->sdl_data + dl->sdl_nlen, ETH_ALEN);
		return 0;
	case AF_UNSPEC:
		memcpy(address, sa->sa_data, ETH_ALEN);
		return 0;
	default:
		return -EAFNOSUPPORT;
	}
}

static bool is_multicast(const struct bsd_sockaddr *sa)
{
	const struct bsd_sockaddr_in *in = (const void *)sa;
	const struct bsd_sockaddr_in6 *in6 = (const void *)sa;

	if (sa->sa_family == AF_INET)
		return ipv4_is_multicast((__force __be32)in->sin_addr.s_addr);
	return sa->sa_family != AF_INET6 || *(const u8 *)&in6->sin6_addr == 0xff;
}

/* What to listen to for a protocol's address; an errno for what is none. */
static int link_address(const struct bsd_sockaddr *sa, u8 *address)
{
	int err = is_multicast(sa) ? resolve(sa, address) : -EADDRNOTAVAIL;

	return err ?: is_multicast_ether_addr(address) ? 0 : -EADDRNOTAVAIL;
}

static ifmultiaddr_t ifma_make(ifnet_t ifp, const u8 *address, gfp_t gfp)
{
	ifmultiaddr_t ifma = kzalloc(sizeof(*ifma), gfp);

	if (!ifma)
		return NULL;
	refcount_set(&ifma->refs, 1);
	ifma->ifp = kpi_ifnet_get(ifp);
	fill_link(&ifma->link, ifp, address);
	ifma->address.dl = ifma->link;
	return ifma;
}

static int change(ifnet_t ifp, const u8 *address, bool on)
{
	struct net_device *dev;
	int err = -ENXIO;

	rtnl_lock();
	dev = kpi_ifnet_dev_rtnl(ifp);
	if (dev && dev->addr_len != ETH_ALEN)
		err = -EOPNOTSUPP;
	else if (dev)
		err = on ? dev_mc_add(dev, address) : dev_mc_del(dev, address);
	rtnl_unlock();
	return err;
}

static int add(ifnet_t ifp, const struct bsd_sockaddr *sa, ifmultiaddr_t *out)
{
	u8 address[ETH_ALEN];
	ifmultiaddr_t ifma;
	int err = link_address(sa, address);

	if (err)
		return err;
	ifma = ifma_make(ifp, address, GFP_KERNEL);
	if (!ifma)
		return -ENOMEM;
	if (sa->sa_family == AF_INET)
		ifma->address.in = *(const struct bsd_sockaddr_in *)sa;
	else if (sa->sa_family == AF_INET6)
		ifma->address.in6 = *(const struct bsd_sockaddr_in6 *)sa;
	err = change(ifp, address, true);
	if (err) {
		kpi_ifmaddr_release(ifma);
		return err;
	}
	ifma->added = true;
	*out = ifma;
	return 0;
}

/**
 * kpi_ifnet_add_multicast() - receive what is sent to a group
 * @interface: the interface
 * @maddr:     AF_LINK, or AF_INET or AF_INET6, whose link address is made of it; borrows
 * @multicast: out: for kpi_ifnet_remove_multicast()
 *
 * The same address may be added several times. It is the interface that listens:
 * nothing is told to routers, and no socket gets more.
 *
 * macOS difference: of interfaces with Ethernet addresses only; others EOPNOTSUPP.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL for bad arguments; EADDRNOTAVAIL for what is no group; EAFNOSUPPORT;
 * EOPNOTSUPP; ENXIO for an interface that has gone; ENOMEM.
 */
errno_t kpi_ifnet_add_multicast(ifnet_t interface, const struct bsd_sockaddr *maddr,
				ifmultiaddr_t *multicast)
{
	ifnet_t ifp;
	int err;

	kpi_might_sleep();
	ifp = maddr && multicast ? kpi_ifnet_get(interface) : NULL;
	if (!ifp)
		return EINVAL;
	err = add(ifp, maddr, multicast);
	kpi_ifnet_put(ifp);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_add_multicast);

/**
 * kpi_ifnet_remove_multicast() - not receive it any more
 * @multicast: what kpi_ifnet_add_multicast() gave; consumes it
 *
 * macOS difference: one of a list, which nobody added, is EINVAL, and stays.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL for what was not added.
 */
errno_t kpi_ifnet_remove_multicast(ifmultiaddr_t multicast)
{
	kpi_might_sleep();
	if (!multicast || !xchg(&multicast->added, false))
		return EINVAL;
	change(multicast->ifp, multicast->link.sdl_data, false);	/* or the interface has gone */
	kpi_ifmaddr_release(multicast);
	return 0;
}
KPI_EXPORT(kpi_ifnet_remove_multicast);

/* Into a list that has room for them. */
static int gather(ifnet_t ifp, struct net_device *dev, ifmultiaddr_t *list)
{
	struct netdev_hw_addr *ha;

	netdev_for_each_mc_addr(ha, dev) {
		*list = ifma_make(ifp, ha->addr, GFP_ATOMIC);
		if (!*list++)
			return -ENOMEM;
	}
	return 0;
}

static int list_of(ifnet_t ifp, struct net_device *dev, ifmultiaddr_t **list)
{
	bool known = dev->addr_len == ETH_ALEN;
	int err = -ENOMEM;

	netif_addr_lock_bh(dev);
	*list = kcalloc(known ? netdev_mc_count(dev) + 1 : 1, sizeof(**list), GFP_ATOMIC);
	if (*list)
		err = known ? gather(ifp, dev, *list) : 0;
	netif_addr_unlock_bh(dev);
	if (!err)
		return 0;
	kpi_ifnet_free_multicast_list(*list);
	*list = NULL;
	return err;
}

/**
 * kpi_ifnet_get_multicast_list() - the groups that an interface listens to
 * @interface: the interface
 * @addresses: out: returns an array that ends with NULL, for kpi_ifnet_free_multicast_list()
 *
 * macOS difference: link addresses only, of interfaces with Ethernet addresses; none is no
 * error.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL for bad arguments; ENXIO for an interface that has gone; ENOMEM.
 */
errno_t kpi_ifnet_get_multicast_list(ifnet_t interface, ifmultiaddr_t **addresses)
{
	struct net_device *dev;
	int err = -ENXIO;
	ifnet_t ifp;

	kpi_might_sleep();
	ifp = addresses ? kpi_ifnet_get(interface) : NULL;
	if (!ifp)
		return EINVAL;
	*addresses = NULL;
	rtnl_lock();
	dev = kpi_ifnet_dev_rtnl(ifp);
	if (dev)
		err = list_of(ifp, dev, addresses);
	rtnl_unlock();
	kpi_ifnet_put(ifp);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_get_multicast_list);

/**
 * kpi_ifnet_free_multicast_list() - release a list of groups
 * @multicasts: consumes the array and its references; NULL is fine
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 */
void kpi_ifnet_free_multicast_list(ifmultiaddr_t *multicasts)
{
	ifmultiaddr_t *ifma;

	for (ifma = multicasts; ifma && *ifma; ifma++)
		kpi_ifmaddr_release(*ifma);
	kfree(multicasts);
}
KPI_EXPORT(kpi_ifnet_free_multicast_list);

/**
 * kpi_ifnet_resolve_multicast() - the link address of a group
 * @ifp:        the interface
 * @proto_addr: the group; borrows
 * @ll_addr:    out: the link address, AF_LINK
 * @ll_len:     bytes there
 *
 * macOS difference: of interfaces with Ethernet addresses only; others EOPNOTSUPP.
 *
 * Context: Any.
 * Return: 0; EINVAL for bad arguments; EMSGSIZE if there is too little room;
 * EADDRNOTAVAIL for what is no group; EAFNOSUPPORT; EOPNOTSUPP.
 */
errno_t kpi_ifnet_resolve_multicast(ifnet_t ifp, const struct bsd_sockaddr *proto_addr,
				    struct bsd_sockaddr *ll_addr, size_t ll_len)
{
	struct kpi_ifnet_facts facts;
	struct bsd_sockaddr_dl dl;
	u8 address[ETH_ALEN];
	int err;

	if (!proto_addr || !ll_addr || !kpi_ifnet_facts(ifp, &facts))
		return EINVAL;
	if (facts.addrlen != ETH_ALEN)
		return kpi_errno(-EOPNOTSUPP);
	err = link_address(proto_addr, address);
	if (err)
		return kpi_errno(err);
	if (ll_len < sizeof(dl))
		return EMSGSIZE;
	fill_link(&dl, ifp, address);
	memcpy(ll_addr, &dl, sizeof(dl));
	return 0;
}
KPI_EXPORT(kpi_ifnet_resolve_multicast);

/**
 * kpi_ifmaddr_reference() - keep a group
 * @ifmaddr: the group; the caller must release it
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for NULL.
 */
errno_t kpi_ifmaddr_reference(ifmultiaddr_t ifmaddr)
{
	if (!ifmaddr)
		return EINVAL;
	refcount_inc(&ifmaddr->refs);
	return 0;
}
KPI_EXPORT(kpi_ifmaddr_reference);

/**
 * kpi_ifmaddr_release() - let go of a group
 * @ifmaddr: the group; consumes the caller's reference
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for NULL.
 */
errno_t kpi_ifmaddr_release(ifmultiaddr_t ifmaddr)
{
	if (!ifmaddr)
		return EINVAL;
	if (refcount_dec_and_test(&ifmaddr->refs)) {
		if (ifmaddr->ifp)
			kpi_ifnet_put(ifmaddr->ifp);
		kfree(ifmaddr);
	}
	return 0;
}
KPI_EXPORT(kpi_ifmaddr_release);

static errno_t copy_out(const void *address, struct bsd_sockaddr *out, u32 size)
{
	u8 len = ((const struct bsd_sockaddr *)address)->sa_len;

	memcpy(out, address, min_t(u32, size, len));
	return size < len ? EMSGSIZE : 0;
}

/**
 * kpi_ifmaddr_address() - a group's address
 * @ifmaddr:   the group
 * @out_addr:  out: as it was added
 * @addr_size: bytes there; what does not fit is cut off
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for NULL; EMSGSIZE if it was cut off.
 */
errno_t kpi_ifmaddr_address(ifmultiaddr_t ifmaddr, struct bsd_sockaddr *out_addr,
			    u_int32_t addr_size)
{
	return ifmaddr && out_addr ? copy_out(&ifmaddr->address, out_addr, addr_size) : EINVAL;
}
KPI_EXPORT(kpi_ifmaddr_address);

/**
 * kpi_ifmaddr_lladdress() - a group's link address
 * @ifmaddr:       the group
 * @out_link_layer_addr: out: AF_LINK
 * @addr_size:     bytes there; what does not fit is cut off
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for NULL; EMSGSIZE if it was cut off.
 */
errno_t kpi_ifmaddr_lladdress(ifmultiaddr_t ifmaddr, struct bsd_sockaddr *out_link_layer_addr,
			      u_int32_t addr_size)
{
	if (!ifmaddr || !out_link_layer_addr)
		return EINVAL;
	return copy_out(&ifmaddr->link, out_link_layer_addr, addr_size);
}
KPI_EXPORT(kpi_ifmaddr_lladdress);

/**
 * kpi_ifmaddr_ifnet() - whose group it is
 * @ifmaddr: the group
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the interface, borrowed from @ifmaddr; NULL for NULL.
 */
ifnet_t kpi_ifmaddr_ifnet(ifmultiaddr_t ifmaddr)
{
	return ifmaddr ? ifmaddr->ifp : NULL;
}
KPI_EXPORT(kpi_ifmaddr_ifnet);
