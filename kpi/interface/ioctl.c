// SPDX-License-Identifier: GPL-2.0
/* Requests to an interface: its filters, its protocol, its driver. */

#include <linux/netdevice.h>

#include <kpi/errno.h>
#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "../filter/interface/event.h"
#include "made.h"
#include "protocol.h"

static errno_t multicast(ifnet_t ifp, const struct bsd_ifreq *ifr, bool on)
{
	const u8 *address = (const u8 *)ifr->bsd_ifr_ifru.ifru_addr.sa_data;
	struct net_device *dev;
	int err = -ENXIO;

	rtnl_lock();
	dev = kpi_ifnet_dev_rtnl(ifp);
	if (dev)
		err = on ? dev_mc_add(dev, address) : dev_mc_del(dev, address);
	rtnl_unlock();
	return kpi_errno(err);
}

/* What can be asked of one of Linux's devices. */
static errno_t ask_linux(ifnet_t ifp, unsigned long code, void *arg)
{
	struct bsd_ifreq *ifr = arg;

	if (!ifr)
		return EOPNOTSUPP;
	switch (code) {
	case KPI_SIOCGIFFLAGS:
		ifr->bsd_ifr_ifru.ifru_flags = kpi_ifnet_flags(ifp);
		return 0;
	case KPI_SIOCSIFFLAGS:
		return kpi_ifnet_set_flags(ifp, ifr->bsd_ifr_ifru.ifru_flags, U16_MAX);
	case KPI_SIOCGIFMTU:
		ifr->bsd_ifr_ifru.ifru_mtu = kpi_ifnet_mtu(ifp);
		return 0;
	case KPI_SIOCSIFMTU:
		return kpi_ifnet_set_mtu(ifp, ifr->bsd_ifr_ifru.ifru_mtu);
	case KPI_SIOCADDMULTI:
	case KPI_SIOCDELMULTI:
		return multicast(ifp, ifr, code == KPI_SIOCADDMULTI);
	default:
		return EOPNOTSUPP;
	}
}

static errno_t ask_protocol(struct kpi_made *made, protocol_family_t family, unsigned long code,
			    void *arg)
{
	struct kpi_made_protocol *protocol = kpi_made_protocol_get(made, family);
	errno_t error = EOPNOTSUPP;

	if (!protocol)
		return error;
	if (protocol->f.ioctl)
		error = protocol->f.ioctl(made->ifp, family, code, arg);
	kpi_made_protocol_put(made, protocol);
	return error;
}

/* The first that handles it is remembered; only EJUSTRETURN ends it then. */
static bool answers(errno_t answer, errno_t *result)
{
	if (*result == EOPNOTSUPP || answer == KPI_EJUSTRETURN)
		*result = answer;
	return *result && *result != EOPNOTSUPP;
}

static errno_t ask_driver(ifnet_t ifp, protocol_family_t family, unsigned long code, void *arg)
{
	struct kpi_made *made = kpi_made_get(ifp);
	errno_t result;

	if (!made)
		return ask_linux(ifp, code, arg);
	result = EOPNOTSUPP;
	if (kpi_made_enter(made)) {
		result = ask_protocol(made, family, code, arg);
		if (result == EOPNOTSUPP && made->init.ioctl)
			result = made->init.ioctl(ifp, code, arg);
		kpi_made_leave(made);
	}
	kpi_made_put(made);
	return result;
}

static errno_t request(ifnet_t ifp, protocol_family_t family, unsigned long code, void *arg)
{
	errno_t result = EOPNOTSUPP;

	if (!kpi_iflt_ioctl(ifp, family, code, arg, answers, &result))
		answers(ask_driver(ifp, family, code, arg), &result);
	return result == KPI_EJUSTRETURN ? 0 : result;
}

/**
 * kpi_ifnet_ioctl() - ask something of an interface
 * @interface:  the interface
 * @protocol:   the family it is about, or 0
 * @ioctl_code: the request
 * @ioctl_arg:  its argument
 *
 * Filters are asked first, then an interface's protocol and driver; of one of Linux's
 * flags, MTU and multicast addresses can be asked.
 *
 * macOS difference: programs' requests to devices are not shown to filters.
 *
 * Context: Process context.
 * Return: 0, or what the first says that knows the request; EINVAL without interface or
 * request; EOPNOTSUPP if nobody knows it, or the interface has gone.
 */
errno_t kpi_ifnet_ioctl(ifnet_t interface, protocol_family_t protocol, unsigned long ioctl_code,
			void *ioctl_arg)
{
	errno_t result = EOPNOTSUPP;
	bool there;
	ifnet_t ifp;

	kpi_might_sleep();
	ifp = ioctl_code ? kpi_ifnet_get(interface) : NULL;
	if (!ifp)
		return EINVAL;
	rcu_read_lock();
	there = kpi_ifnet_dev(ifp);
	rcu_read_unlock();
	if (there)
		result = request(ifp, protocol, ioctl_code, ioctl_arg);
	kpi_ifnet_put(ifp);
	return result;
}
KPI_EXPORT(kpi_ifnet_ioctl);
