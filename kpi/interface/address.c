// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of interfaces. An ifaddr_t is what was true when it was asked for: plain
 * data with a count, which nobody changes.
 */

#include <linux/inetdevice.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>

#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "interface_priv.h"

union address {
	struct bsd_sockaddr sa;
	struct bsd_sockaddr_in in;
	struct bsd_sockaddr_in6 in6;
	struct {
		u8 len;
		u8 family;
		u16 index;
		u8 type;
		u8 name_len;
		u8 address_len;
		u8 selector_len;
		u8 data[IFNAMSIZ + MAX_ADDR_LEN];
	} dl;
};

struct __ifaddr {
	refcount_t refs;
	ifnet_t ifp;
	union address address;
	union address other;		/* the peer's, or the broadcast address */
	union address mask;
};

/* Addresses that are gathered, under RTNL. */
struct gathering {
	u8 family;		/* 0: any */
	ifaddr_t *list;
	u32 n, room;
	int err;
};

static bool is_wanted(const struct gathering *g, u8 family)
{
	return !g->err && (!g->family || g->family == family);
}

static bool make_room(struct gathering *g)
{
	u32 room = g->room ? 2 * g->room : 8;
	ifaddr_t *list;

	if (g->n + 1 < g->room)
		return true;
	list = krealloc_array(g->list, room, sizeof(*list), GFP_KERNEL);
	if (!list)
		return false;
	g->list = list;
	g->room = room;
	return true;
}

static struct __ifaddr *gather(struct gathering *g, ifnet_t ifp)
{
	struct __ifaddr *ifa = make_room(g) ? kzalloc(sizeof(*ifa), GFP_KERNEL) : NULL;

	if (!ifa) {
		g->err = -ENOMEM;
		return NULL;
	}
	refcount_set(&ifa->refs, 1);
	ifa->ifp = kpi_ifnet_get(ifp);
	g->list[g->n++] = ifa;
	g->list[g->n] = NULL;
	return ifa;
}

static void gather_link(struct gathering *g, ifnet_t ifp, const struct net_device *dev)
{
	struct __ifaddr *ifa = is_wanted(g, KPI_AF_LINK) ? gather(g, ifp) : NULL;
	size_t name_len = strlen(dev->name);

	if (!ifa)
		return;
	ifa->address.dl.family = KPI_AF_LINK;
	ifa->address.dl.index = dev->ifindex;
	ifa->address.dl.type = kpi_ifnet_type(ifp);
	ifa->address.dl.name_len = name_len;
	ifa->address.dl.address_len = dev->addr_len;
	memcpy(ifa->address.dl.data, dev->name, name_len);
	memcpy(ifa->address.dl.data + name_len, dev->dev_addr, dev->addr_len);
	ifa->address.dl.len = max_t(size_t, 20, 8 + name_len + dev->addr_len);
}

static void set_v4(union address *address, __be32 value)
{
	address->in.sin_len = sizeof(address->in);
	address->in.sin_family = AF_INET;
	address->in.sin_addr.s_addr = (__force u32)value;
}

static void gather_v4(struct gathering *g, ifnet_t ifp, const struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *in_ifa;

	if (!in_dev || !is_wanted(g, AF_INET))
		return;
	in_dev_for_each_ifa_rtnl(in_ifa, in_dev) {
		struct __ifaddr *ifa = gather(g, ifp);

		if (!ifa)
			return;
		set_v4(&ifa->address, in_ifa->ifa_local);
		set_v4(&ifa->mask, in_ifa->ifa_mask);
		if (dev->flags & IFF_POINTOPOINT)
			set_v4(&ifa->other, in_ifa->ifa_address);
		else if (in_ifa->ifa_broadcast)
			set_v4(&ifa->other, in_ifa->ifa_broadcast);
	}
}

#if IS_ENABLED(CONFIG_IPV6)
static void set_v6(union address *address, const struct in6_addr *value, u32 scope)
{
	address->in6.sin6_len = sizeof(address->in6);
	address->in6.sin6_family = AF_INET6;
	memcpy(&address->in6.sin6_addr, value, sizeof(*value));
	address->in6.sin6_scope_id = scope;
}

static void set_v6_mask(union address *mask, u32 prefix_len)
{
	struct in6_addr ones, value;

	memset(&ones, 0xff, sizeof(ones));
	ipv6_addr_prefix(&value, &ones, prefix_len);
	set_v6(mask, &value, 0);
}

static void gather_v6(struct gathering *g, ifnet_t ifp, const struct net_device *dev)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *in_ifa;

	if (!idev || !is_wanted(g, AF_INET6))
		return;
	list_for_each_entry(in_ifa, &idev->addr_list, if_list) {	/* RTNL keeps it */
		bool local = ipv6_addr_type(&in_ifa->addr) & IPV6_ADDR_LINKLOCAL;
		struct __ifaddr *ifa = gather(g, ifp);

		if (!ifa)
			return;
		set_v6(&ifa->address, &in_ifa->addr, local ? dev->ifindex : 0);
		set_v6_mask(&ifa->mask, in_ifa->prefix_len);
		if (!ipv6_addr_any(&in_ifa->peer_addr))
			set_v6(&ifa->other, &in_ifa->peer_addr, 0);
	}
}
#else
static void gather_v6(struct gathering *g, ifnet_t ifp, const struct net_device *dev)
{
}
#endif

static void gather_device(struct gathering *g, const struct net_device *dev)
{
	ifnet_t ifp;

	rcu_read_lock();
	ifp = kpi_ifnet_of(dev);	/* RTNL keeps it */
	rcu_read_unlock();
	if (!ifp)
		return;
	gather_link(g, ifp, dev);
	gather_v4(g, ifp, dev);
	gather_v6(g, ifp, dev);
}

/* All addresses of a family, of one interface or of all. */
static int gather_all(struct gathering *g, ifnet_t ifp)
{
	const struct net_device *dev;

	rtnl_lock();
	if (ifp) {
		dev = kpi_ifnet_dev_rtnl(ifp);
		if (dev)
			gather_device(g, dev);
	} else {
		for_each_netdev(&init_net, dev)
			gather_device(g, dev);
	}
	rtnl_unlock();
	if (g->err) {
		kpi_ifnet_free_address_list(g->list);
		return g->err;
	}
	return g->n ? 0 : -ENXIO;
}

/**
 * kpi_ifnet_get_address_list_family() - the addresses of an interface
 * @ifp:       the interface, or NULL for all
 * @addresses: out: returns an array that ends with NULL, for
 *             kpi_ifnet_free_address_list(); NULL after an error
 * @family:    AF_INET, AF_INET6, AF_LINK, or 0 for any
 *
 * The link address is the first of its interface.
 *
 * macOS difference: interfaces of the first network namespace only.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL without @addresses; ENXIO if there are none; ENOMEM.
 */
errno_t kpi_ifnet_get_address_list_family(ifnet_t ifp, ifaddr_t **addresses, u_int8_t family)
{
	struct gathering g = { .family = family };
	int err;

	kpi_might_sleep();
	if (!addresses)
		return EINVAL;
	err = gather_all(&g, ifp);
	*addresses = err ? NULL : g.list;
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_get_address_list_family);

/**
 * kpi_ifnet_get_address_list() - all addresses of an interface
 * @ifp:       the interface, or NULL for all
 * @addresses: out: as kpi_ifnet_get_address_list_family()
 *
 * macOS difference: as there.
 *
 * Context: Process context; takes RTNL.
 * Return: as there.
 */
errno_t kpi_ifnet_get_address_list(ifnet_t ifp, ifaddr_t **addresses)
{
	kpi_might_sleep();
	return kpi_ifnet_get_address_list_family(ifp, addresses, 0);
}
KPI_EXPORT(kpi_ifnet_get_address_list);

/**
 * kpi_ifnet_free_address_list() - release a list of addresses
 * @addresses: consumes the array and its references; NULL is fine
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 */
void kpi_ifnet_free_address_list(ifaddr_t *addresses)
{
	ifaddr_t *ifa;

	for (ifa = addresses; ifa && *ifa; ifa++)
		kpi_ifaddr_release(*ifa);
	kfree(addresses);
}
KPI_EXPORT(kpi_ifnet_free_address_list);

/**
 * kpi_ifaddr_reference() - keep an address
 * @ifaddr: the address; the caller must release it
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for NULL.
 */
errno_t kpi_ifaddr_reference(ifaddr_t ifaddr)
{
	if (!ifaddr)
		return EINVAL;
	refcount_inc(&ifaddr->refs);
	return 0;
}
KPI_EXPORT(kpi_ifaddr_reference);

/**
 * kpi_ifaddr_release() - let go of an address
 * @ifaddr: the address; consumes the caller's reference
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for NULL.
 */
errno_t kpi_ifaddr_release(ifaddr_t ifaddr)
{
	if (!ifaddr)
		return EINVAL;
	if (refcount_dec_and_test(&ifaddr->refs)) {
		if (ifaddr->ifp)
			kpi_ifnet_put(ifaddr->ifp);
		kfree(ifaddr);
	}
	return 0;
}
KPI_EXPORT(kpi_ifaddr_release);

/**
 * kpi_ifaddr_address_family() - of which family an address is
 * @ifaddr: the address
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the family; 0 for NULL.
 */
u_int8_t kpi_ifaddr_address_family(ifaddr_t ifaddr)
{
	return ifaddr ? ifaddr->address.sa.sa_family : 0;
}
KPI_EXPORT(kpi_ifaddr_address_family);

/**
 * kpi_ifaddr_ifnet() - whose address it is
 * @ifaddr: the address
 *
 * Returns an interface that lives as long as the address.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the interface; NULL for NULL.
 */
ifnet_t kpi_ifaddr_ifnet(ifaddr_t ifaddr)
{
	return ifaddr ? ifaddr->ifp : NULL;
}
KPI_EXPORT(kpi_ifaddr_ifnet);

static errno_t copy_out(const union address *address, struct bsd_sockaddr *out, u32 size)
{
	if (!out)
		return EINVAL;
	if (!address->sa.sa_len)
		return kpi_errno(-EOPNOTSUPP);
	memcpy(out, address, min_t(u32, size, address->sa.sa_len));
	return size < address->sa.sa_len ? EMSGSIZE : 0;
}

/**
 * kpi_ifaddr_address() - the address itself
 * @ifaddr:    the address
 * @out_addr:  out: as a socket address
 * @addr_size: bytes there; what does not fit is cut off
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for NULL; EMSGSIZE if it was cut off.
 */
errno_t kpi_ifaddr_address(ifaddr_t ifaddr, struct bsd_sockaddr *out_addr, u_int32_t addr_size)
{
	return ifaddr ? copy_out(&ifaddr->address, out_addr, addr_size) : EINVAL;
}
KPI_EXPORT(kpi_ifaddr_address);

/**
 * kpi_ifaddr_dstaddress() - the peer's address, or the broadcast address
 * @ifaddr:       the address
 * @out_dstaddr:  out: as a socket address
 * @dstaddr_size: bytes there; what does not fit is cut off
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for NULL; ENOTSUP if there is none; EMSGSIZE if it was cut off.
 */
errno_t kpi_ifaddr_dstaddress(ifaddr_t ifaddr, struct bsd_sockaddr *out_dstaddr,
			      u_int32_t dstaddr_size)
{
	return ifaddr ? copy_out(&ifaddr->other, out_dstaddr, dstaddr_size) : EINVAL;
}
KPI_EXPORT(kpi_ifaddr_dstaddress);

/**
 * kpi_ifaddr_netmask() - the mask of an address's network
 * @ifaddr:       the address
 * @out_netmask:  out: as a socket address
 * @netmask_size: bytes there; what does not fit is cut off
 *
 * macOS difference: it has the family of the address.
 *
 * Context: Any.
 * Return: 0; EINVAL for NULL; ENOTSUP if there is none; EMSGSIZE if it was cut off.
 */
errno_t kpi_ifaddr_netmask(ifaddr_t ifaddr, struct bsd_sockaddr *out_netmask,
			   u_int32_t netmask_size)
{
	return ifaddr ? copy_out(&ifaddr->mask, out_netmask, netmask_size) : EINVAL;
}
KPI_EXPORT(kpi_ifaddr_netmask);

/* --- finding --- */

static const u8 *bytes_of(const struct bsd_sockaddr *sa, size_t *len)
{
	const union address *address = (const union address *)sa;

	switch (sa->sa_family) {
	case AF_INET:
		*len = 4;
		return (const u8 *)&address->in.sin_addr;
	case AF_INET6:
		*len = 16;
		return (const u8 *)&address->in6.sin6_addr;
	default:
		*len = 0;
		return NULL;
	}
}

/* How many bits of network two addresses share; -1 if they are not in one. */
static int same_net(const struct __ifaddr *ifa, const struct bsd_sockaddr *sa)
{
	size_t len, i;
	const u8 *want = bytes_of(sa, &len);
	const u8 *have = bytes_of(&ifa->address.sa, &i);
	const u8 *mask = bytes_of(&ifa->mask.sa, &i);
	int bits = 0;

	if (ifa->address.sa.sa_family != sa->sa_family || !want || !mask)
		return -1;
	for (i = 0; i < len; i++) {
		if ((want[i] ^ have[i]) & mask[i])
			return -1;
		bits += hweight8(mask[i]);
	}
	return bits;
}

static int same_address(const union address *address, const struct bsd_sockaddr *sa)
{
	size_t len, have_len;
	const u8 *want = bytes_of(sa, &len);
	const u8 *have = bytes_of(&address->sa, &have_len);

	return want && have && len == have_len && !memcmp(want, have, len) ? 1 : -1;
}

static int is_address(const struct __ifaddr *ifa, const struct bsd_sockaddr *sa)
{
	return same_address(&ifa->address, sa);
}

static int is_other(const struct __ifaddr *ifa, const struct bsd_sockaddr *sa)
{
	return same_address(&ifa->other, sa);
}

/* Of the same network is best; else any will do. */
static int is_near(const struct __ifaddr *ifa, const struct bsd_sockaddr *sa)
{
	return max(same_net(ifa, sa), 0);
}

/* The address with the most points, the first of equals; referenced. */
static ifaddr_t find(ifnet_t ifp, const struct bsd_sockaddr *sa,
		     int (*points)(const struct __ifaddr *ifa, const struct bsd_sockaddr *sa))
{
	struct gathering g = { };
	ifaddr_t best = NULL;
	int most = -1;
	u32 i;

	if (!sa)
		return NULL;
	g.family = sa->sa_family;
	if (!g.family || gather_all(&g, ifp))
		return NULL;
	for (i = 0; i < g.n; i++) {
		int n = points(g.list[i], sa);

		if (n > most) {
			most = n;
			best = g.list[i];
		}
	}
	if (best)
		refcount_inc(&best->refs);
	kpi_ifnet_free_address_list(g.list);
	return best;
}

/**
 * kpi_ifaddr_withaddr() - an interface's address that is this one
 * @address: the address
 *
 * macOS difference: interfaces of the first network namespace only.
 *
 * Context: Process context; takes RTNL.
 * Return: returns the address, which the caller must release; or NULL.
 */
ifaddr_t kpi_ifaddr_withaddr(const struct bsd_sockaddr *address)
{
	kpi_might_sleep();
	return find(NULL, address, is_address);
}
KPI_EXPORT(kpi_ifaddr_withaddr);

/**
 * kpi_ifaddr_withdstaddr() - an interface's address whose peer is this one
 * @destination: the peer's address, or the broadcast address
 *
 * macOS difference: as kpi_ifaddr_withaddr().
 *
 * Context: Process context; takes RTNL.
 * Return: returns the address, which the caller must release; or NULL.
 */
ifaddr_t kpi_ifaddr_withdstaddr(const struct bsd_sockaddr *destination)
{
	kpi_might_sleep();
	return find(NULL, destination, is_other);
}
KPI_EXPORT(kpi_ifaddr_withdstaddr);

/**
 * kpi_ifaddr_withnet() - an interface's address in the smallest network with this one
 * @net: an address of that network
 *
 * macOS difference: as kpi_ifaddr_withaddr().
 *
 * Context: Process context; takes RTNL.
 * Return: returns the address, which the caller must release; or NULL.
 */
ifaddr_t kpi_ifaddr_withnet(const struct bsd_sockaddr *net)
{
	kpi_might_sleep();
	return find(NULL, net, same_net);
}
KPI_EXPORT(kpi_ifaddr_withnet);

/**
 * kpi_ifaddr_withroute() - an interface's address to be used for a route
 * @flags:       RTF_..., not looked at
 * @destination: where it leads to
 * @gateway:     by whom
 *
 * macOS difference: the routing table is not asked.
 *
 * Context: Process context; takes RTNL.
 * Return: returns the address, which the caller must release; or NULL.
 */
ifaddr_t kpi_ifaddr_withroute(int flags, const struct bsd_sockaddr *destination,
			      const struct bsd_sockaddr *gateway)
{
	kpi_might_sleep();
	return kpi_ifaddr_withdstaddr(destination) ?: kpi_ifaddr_withnet(gateway);
}
KPI_EXPORT(kpi_ifaddr_withroute);

/**
 * kpi_ifaddr_findbestforaddr() - an interface's address for talking to another
 * @addr:      the other one
 * @interface: the interface
 *
 * macOS difference: none.
 *
 * Context: Process context; takes RTNL.
 * Return: returns one of the same network, or else of the same family, which the
 * caller must release; or NULL.
 */
ifaddr_t kpi_ifaddr_findbestforaddr(const struct bsd_sockaddr *addr, ifnet_t interface)
{
	kpi_might_sleep();
	return interface ? find(interface, addr, is_near) : NULL;
}
KPI_EXPORT(kpi_ifaddr_findbestforaddr);
