// SPDX-License-Identifier: GPL-2.0
/* Of an interface's link: addresses to be set, speed, when something changed. */

#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include <kpi/clock.h>

#include "../compat/interface.h"
#include "interface_priv.h"

/**
 * kpi_ifnet_set_addrlen() - change the length of an interface's link address
 * @ifp:     the interface
 * @addrlen: bytes
 *
 * macOS difference: that of a Linux device does not change.
 *
 * Context: Any.
 * Return: 0 for the length it has; EOPNOTSUPP; EINVAL for what is no interface.
 */
errno_t kpi_ifnet_set_addrlen(ifnet_t ifp, u_int8_t addrlen)
{
	struct kpi_ifnet_facts facts;

	if (!kpi_ifnet_facts(ifp, &facts))
		return EINVAL;
	return facts.addrlen == addrlen ? 0 : kpi_errno(-EOPNOTSUPP);
}
KPI_EXPORT(kpi_ifnet_set_addrlen);

/**
 * kpi_ifnet_set_lladdr() - give an interface another link address
 * @ifp:        the interface
 * @lladdr:     the address
 * @lladdr_len: bytes of it
 *
 * macOS difference: the driver is asked, and may refuse.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL for bad arguments; ENXIO for an interface that has gone; or what
 * the driver says.
 */
errno_t kpi_ifnet_set_lladdr(ifnet_t ifp, const void *lladdr, size_t lladdr_len)
{
	struct kpi_ifnet_facts facts;
	struct net_device *dev;
	int err = -ENXIO;

	kpi_might_sleep();
	if (!lladdr || !kpi_ifnet_facts(ifp, &facts) || lladdr_len != facts.addrlen)
		return EINVAL;
	rtnl_lock();
	dev = kpi_ifnet_dev_rtnl(ifp);
	if (dev)
		err = kpi_compat_set_mac_address(dev, lladdr);
	rtnl_unlock();
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_set_lladdr);

/**
 * kpi_ifnet_baudrate() - how fast an interface is
 * @ifp: the interface
 *
 * macOS difference: what the driver says at this moment.
 *
 * Context: Process context; takes RTNL.
 * Return: bits per second; 0 if nobody knows.
 */
u_int64_t kpi_ifnet_baudrate(ifnet_t ifp)
{
	struct ethtool_link_ksettings settings = { };
	struct net_device *dev;
	u64 rate = 0;

	kpi_might_sleep();
	rtnl_lock();
	dev = kpi_ifnet_dev_rtnl(ifp);
	if (dev && !__ethtool_get_link_ksettings(dev, &settings) &&
	    settings.base.speed != (u32)SPEED_UNKNOWN)
		rate = settings.base.speed * 1000000ULL;
	rtnl_unlock();
	return rate;
}
KPI_EXPORT(kpi_ifnet_baudrate);

/**
 * kpi_ifnet_set_baudrate() - say how fast an interface is
 * @ifp:      the interface
 * @baudrate: bits per second
 *
 * macOS difference: of a Linux device its driver says that; nothing happens.
 *
 * Context: Any.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_set_baudrate(ifnet_t ifp, u_int64_t baudrate)
{
	struct kpi_ifnet_facts facts;

	return kpi_ifnet_facts(ifp, &facts) ? 0 : EINVAL;
}
KPI_EXPORT(kpi_ifnet_set_baudrate);

/**
 * kpi_ifnet_touch_lastchange() - something has changed right now
 * @ifp: the interface
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_touch_lastchange(ifnet_t ifp)
{
	ifnet_t found = kpi_ifnet_get(ifp);

	if (!found)
		return EINVAL;
	WRITE_ONCE(found->changed, ktime_get_real_seconds());
	kpi_ifnet_put(found);
	return 0;
}
KPI_EXPORT(kpi_ifnet_touch_lastchange);

/**
 * kpi_ifnet_lastchange() - when something changed last
 * @ifp:         the interface
 * @last_change: out: seconds of the calendar
 *
 * macOS difference: whole seconds.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface, or NULL.
 */
errno_t kpi_ifnet_lastchange(ifnet_t ifp, struct bsd_timeval *last_change)
{
	ifnet_t found = last_change ? kpi_ifnet_get(ifp) : NULL;

	if (!found)
		return EINVAL;
	*last_change = (struct bsd_timeval) { .tv_sec = READ_ONCE(found->changed) };
	kpi_ifnet_put(found);
	return 0;
}
KPI_EXPORT(kpi_ifnet_lastchange);
