// SPDX-License-Identifier: GPL-2.0
/* What an interface is: names, types, flags, addresses, counters. */

#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <net/ip.h>

#include "../compat/interface.h"
#include "made.h"

#define NO_UNIT		U32_MAX

/* Flags have one value on both systems, but for this one. */
#define BSD_IFF_MULTICAST	0x8000

static const struct kind {
	u16 arphrd;
	u8 type;		/* IFT_... */
	u8 family;		/* IFNET_FAMILY_... */
} kinds[] = {
	{ ARPHRD_ETHER,		0x06, 2 },
	{ ARPHRD_LOOPBACK,	0x18, 1 },
	{ ARPHRD_PPP,		0x17, 6 },
	{ ARPHRD_NONE,		0x01, 4 },
	{ ARPHRD_TUNNEL,	0x37, 0 },
	{ ARPHRD_TUNNEL6,	0x37, 0 },
};

static const struct kind *kind_of(ifnet_t ifp)
{
	static const struct kind other = { .type = 0x01 };
	struct kpi_ifnet_facts facts;
	int i;

	if (!kpi_ifnet_facts(ifp, &facts))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].arphrd == facts.type)
			return &kinds[i];
	return &other;
}

/**
 * kpi_ifnet_reference() - keep an interface's object
 * @ifp: the interface
 *
 * The caller must release it. The interface itself may go meanwhile: the object
 * then answers with what was last true.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_reference(ifnet_t ifp)
{
	return kpi_ifnet_get(ifp) ? 0 : EINVAL;
}
KPI_EXPORT(kpi_ifnet_reference);

/**
 * kpi_ifnet_release() - let go of an interface's object
 * @ifp: the interface; consumes the caller's reference
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_release(ifnet_t ifp)
{
	ifnet_t found = kpi_ifnet_get(ifp);

	if (!found)
		return EINVAL;
	kpi_ifnet_put(found);
	kpi_ifnet_put(found);
	return 0;
}
KPI_EXPORT(kpi_ifnet_release);

/**
 * kpi_ifnet_name() - the name of an interface without its number
 * @ifp: the interface; the name lives as long as it does
 *
 * macOS difference: "eth0" is "eth" and 0; a name without a number is its own
 * base, with unit 0.
 *
 * Context: Any.
 * Return: the name, or NULL for what is no interface.
 */
const char *kpi_ifnet_name(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? ifp->base : NULL;
}
KPI_EXPORT(kpi_ifnet_name);

/**
 * kpi_ifnet_unit() - the number of an interface
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number, or 0xffffffff for what is no interface.
 */
u_int32_t kpi_ifnet_unit(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? ifp->unit : NO_UNIT;
}
KPI_EXPORT(kpi_ifnet_unit);

/**
 * kpi_ifnet_family() - which kind of interface
 * @ifp: the interface
 *
 * macOS difference: kinds that only one of the systems has are 0.
 *
 * Context: Any.
 * Return: IFNET_FAMILY_..., or 0.
 */
ifnet_family_t kpi_ifnet_family(ifnet_t ifp)
{
	const struct kind *kind = kind_of(ifp);

	if (kind && ifp->made)
		return ifp->made->init.family;
	return kind ? kind->family : 0;
}
KPI_EXPORT(kpi_ifnet_family);

/**
 * kpi_ifnet_type() - the type of an interface's frames
 * @ifp: the interface
 *
 * macOS difference: types that only one of the systems has are IFT_OTHER.
 *
 * Context: Any.
 * Return: IFT_..., or 0 for what is no interface.
 */
u_int8_t kpi_ifnet_type(ifnet_t ifp)
{
	const struct kind *kind = kind_of(ifp);

	if (kind && ifp->made)
		return ifp->made->init.type;
	return kind ? kind->type : 0;
}
KPI_EXPORT(kpi_ifnet_type);

/**
 * kpi_ifnet_index() - the index of an interface
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the index, or 0xffffffff for what is no interface.
 */
u_int32_t kpi_ifnet_index(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? ifp->index : U32_MAX;
}
KPI_EXPORT(kpi_ifnet_index);

/**
 * kpi_ifnet_softc() - what an interface's creator attached to it
 * @ifp: the interface
 *
 * macOS difference: Linux's own interfaces have nothing.
 *
 * Context: Any.
 * Return: the pointer, or NULL.
 */
void *kpi_ifnet_softc(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) && ifp->made ? ifp->made->init.softc : NULL;
}
KPI_EXPORT(kpi_ifnet_softc);

static u16 flags_to_bsd(u32 flags)
{
	return (flags & 0xfff) | (flags & IFF_MULTICAST ? BSD_IFF_MULTICAST : 0);
}

/**
 * kpi_ifnet_flags() - the flags of an interface
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: IFF_..., or 0 for what is no interface.
 */
u_int16_t kpi_ifnet_flags(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? flags_to_bsd(facts.flags) : 0;
}
KPI_EXPORT(kpi_ifnet_flags);

/* The device with RTNL held, so that it stays; NULL with nothing held. */
static struct net_device *lock_device(ifnet_t ifp)
{
	struct net_device *dev;

	rtnl_lock();
	rcu_read_lock();
	dev = kpi_ifnet_dev(ifp);
	rcu_read_unlock();
	if (!dev)
		rtnl_unlock();
	return dev;
}

/* Flags of one that no kext has attached yet: all that it says. */
static bool set_fresh_flags(ifnet_t ifp, u16 new_flags, u16 mask)
{
	struct kpi_made *made = kpi_made_lock_fresh(ifp);
	u16 flags = new_flags & 0xfff;

	if (!made)
		return false;
	if (new_flags & BSD_IFF_MULTICAST)
		flags |= IFF_MULTICAST;
	if (mask & BSD_IFF_MULTICAST)
		mask |= IFF_MULTICAST;
	made->flags = (made->flags & ~mask) | (flags & mask);
	kpi_made_unlock(made);
	return true;
}

/**
 * kpi_ifnet_set_flags() - change flags of an interface
 * @ifp:       the interface
 * @new_flags: their new values
 * @mask:      which of them
 *
 * macOS difference: only IFF_UP, IFF_PROMISC and IFF_ALLMULTI change; others are
 * passed over.
 *
 * Context: Process context; takes RTNL.
 * Return: 0, EINVAL for what is no interface or has gone, or what Linux says.
 */
errno_t kpi_ifnet_set_flags(ifnet_t ifp, u_int16_t new_flags, u_int16_t mask)
{
	struct net_device *dev;
	int err;

	kpi_might_sleep();
	if (set_fresh_flags(ifp, new_flags, mask))
		return 0;
	dev = lock_device(ifp);
	if (!dev)
		return EINVAL;
	mask &= IFF_UP | IFF_PROMISC | IFF_ALLMULTI;
	err = dev_change_flags(dev, (netif_get_flags(dev) & ~mask) | (new_flags & mask), NULL);
	rtnl_unlock();
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_set_flags);

/**
 * kpi_ifnet_mtu() - the longest packet an interface takes
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: bytes without the link header, or 0 for what is no interface.
 */
u_int32_t kpi_ifnet_mtu(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? facts.mtu : 0;
}
KPI_EXPORT(kpi_ifnet_mtu);

/**
 * kpi_ifnet_set_mtu() - change the longest packet an interface takes
 * @ifp: the interface
 * @mtu: bytes without the link header
 *
 * macOS difference: the driver is asked, and may refuse.
 *
 * Context: Process context; takes RTNL.
 * Return: 0, EINVAL for what is no interface or has gone, or what the driver says.
 */
errno_t kpi_ifnet_set_mtu(ifnet_t ifp, u_int32_t mtu)
{
	struct net_device *dev;
	struct kpi_made *made;
	int err;

	kpi_might_sleep();
	made = kpi_made_lock_fresh(ifp);
	if (made) {
		made->dev->mtu = min_t(u32, mtu, IP_MAX_MTU);
		kpi_made_unlock(made);
		return 0;
	}
	dev = mtu > INT_MAX ? NULL : lock_device(ifp);
	if (!dev)
		return EINVAL;
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_set_mtu);

/**
 * kpi_ifnet_hdrlen() - the length of an interface's link header
 * @ifp: the interface
 *
 * macOS difference: the loopback has one, of 14 bytes.
 *
 * Context: Any.
 * Return: bytes; 0 for what is no interface.
 */
u_int8_t kpi_ifnet_hdrlen(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? facts.hdrlen : 0;
}
KPI_EXPORT(kpi_ifnet_hdrlen);

/**
 * kpi_ifnet_addrlen() - the length of an interface's link address
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: bytes; 0 for what is no interface.
 */
u_int8_t kpi_ifnet_addrlen(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? facts.addrlen : 0;
}
KPI_EXPORT(kpi_ifnet_addrlen);

/**
 * kpi_ifnet_lladdr_copy_bytes() - the link address of an interface
 * @ifp:    the interface
 * @lladdr: where it goes
 * @length: bytes there; must be the address's length
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL without interface or room; EMSGSIZE, and zeros, for another length.
 */
errno_t kpi_ifnet_lladdr_copy_bytes(ifnet_t ifp, void *lladdr, size_t length)
{
	struct kpi_ifnet_facts facts;

	if (!lladdr || !kpi_ifnet_facts(ifp, &facts))
		return EINVAL;
	if (length != facts.addrlen) {
		memset(lladdr, 0, length);
		return EMSGSIZE;
	}
	memcpy(lladdr, facts.lladdr, length);
	return 0;
}
KPI_EXPORT(kpi_ifnet_lladdr_copy_bytes);

/**
 * kpi_ifnet_llbroadcast_copy_bytes() - the broadcast address of an interface's link
 * @ifp:     the interface
 * @addr:    where it goes
 * @bufflen: bytes there
 * @out_len: out: the address's length
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0; EINVAL for bad arguments; ENXIO if there is none; EMSGSIZE without room.
 */
errno_t kpi_ifnet_llbroadcast_copy_bytes(ifnet_t ifp, void *addr, size_t bufflen, size_t *out_len)
{
	struct kpi_ifnet_facts facts;

	if (!addr || !out_len || !kpi_ifnet_facts(ifp, &facts))
		return EINVAL;
	*out_len = facts.flags & IFF_BROADCAST ? facts.addrlen : 0;
	if (!*out_len)
		return ENXIO;
	if (bufflen < *out_len)
		return EMSGSIZE;
	memcpy(addr, facts.broadcast, *out_len);
	return 0;
}
KPI_EXPORT(kpi_ifnet_llbroadcast_copy_bytes);

/**
 * kpi_ifnet_set_promiscuous() - see the frames of others
 * @ifp: the interface
 * @on:  begin, or end; counted
 *
 * macOS difference: none.
 *
 * Context: Process context; takes RTNL.
 * Return: 0, EINVAL for what is no interface or has gone, or what Linux says.
 */
errno_t kpi_ifnet_set_promiscuous(ifnet_t ifp, int on)
{
	struct net_device *dev;
	int err;

	kpi_might_sleep();
	dev = lock_device(ifp);
	if (!dev)
		return EINVAL;
	err = dev_set_promiscuity(dev, on ? 1 : -1);
	rtnl_unlock();
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_set_promiscuous);

/**
 * kpi_ifnet_metric() - the number that kpi_ifnet_set_metric() stored
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for what is no interface.
 */
u_int32_t kpi_ifnet_metric(ifnet_t ifp)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? READ_ONCE(ifp->metric) : 0;
}
KPI_EXPORT(kpi_ifnet_metric);

/**
 * kpi_ifnet_set_metric() - store a number with an interface
 * @ifp:    the interface
 * @metric: the number; Linux does not look at it
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_set_metric(ifnet_t ifp, u_int32_t metric)
{
	ifnet_t found = kpi_ifnet_get(ifp);

	if (!found)
		return EINVAL;
	WRITE_ONCE(found->metric, metric);
	kpi_ifnet_put(found);
	return 0;
}
KPI_EXPORT(kpi_ifnet_set_metric);

/**
 * kpi_ifnet_stat() - the counters of an interface
 * @ifp: the interface
 * @out: out: packets, bytes and errors, both ways
 *
 * macOS difference: multicasts sent are not counted: 0.
 *
 * Context: Process context.
 * Return: 0, or EINVAL for what is no interface or has gone.
 */
errno_t kpi_ifnet_stat(ifnet_t ifp, struct bsd_ifnet_stats_param *out)
{
	struct rtnl_link_stats64 stats;
	struct net_device *dev;

	kpi_might_sleep();
	dev = out ? lock_device(ifp) : NULL;
	if (!dev)
		return EINVAL;
	dev_get_stats(dev, &stats);
	rtnl_unlock();
	*out = (struct bsd_ifnet_stats_param) {
		.packets_in = stats.rx_packets,
		.bytes_in = stats.rx_bytes,
		.multicasts_in = stats.multicast,
		.errors_in = stats.rx_errors,
		.packets_out = stats.tx_packets,
		.bytes_out = stats.tx_bytes,
		.errors_out = stats.tx_errors,
		.collisions = stats.collisions,
		.dropped = stats.rx_dropped,
		.no_protocol = stats.rx_nohandler,
	};
	return 0;
}
KPI_EXPORT(kpi_ifnet_stat);
