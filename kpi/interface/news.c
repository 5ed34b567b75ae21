// SPDX-License-Identifier: GPL-2.0
/* What happens to an interface that a kext made: told to the kext, later and in a thread. */

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>

#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "made.h"
#include "news.h"

void kpi_made_tell_driver(struct kpi_made *made, enum kpi_made_news news)
{
	set_bit(news, &made->news);
	kpi_made_work(made, &made->news_work);
}

/* As a request to the interface, which its filters see first. */
static void call_ioctl(struct kpi_made *made, unsigned long code)
{
	struct bsd_ifreq ifr = { };

	snprintf(ifr.bsd_ifr_name, sizeof(ifr.bsd_ifr_name), "%s", made->ifp->name);
	if (code == KPI_SIOCSIFMTU)
		ifr.bsd_ifr_ifru.ifru_mtu = kpi_ifnet_mtu(made->ifp);
	else
		ifr.bsd_ifr_ifru.ifru_flags = kpi_ifnet_flags(made->ifp);
	kpi_ifnet_ioctl(made->ifp, 0, code, &ifr);
}

static bool is_up(struct kpi_made *made)
{
	struct net_device *dev;
	bool up;

	rcu_read_lock();
	dev = kpi_ifnet_dev(made->ifp);
	up = dev && netif_running(dev);
	rcu_read_unlock();
	return up;
}

/* It asks by itself which they are, once it is up: so it is told whenever one came or went. */
static void tell_groups(struct kpi_made *made)
{
	if (!is_up(made))
		return;
	if (test_and_clear_bit(KPI_MADE_GROUP_NEW, &made->news))
		kpi_ifnet_ioctl(made->ifp, 0, KPI_SIOCADDMULTI, NULL);
	if (test_and_clear_bit(KPI_MADE_GROUP_GONE, &made->news))
		kpi_ifnet_ioctl(made->ifp, 0, KPI_SIOCDELMULTI, NULL);
}

void kpi_made_news_run(struct work_struct *work)
{
	struct kpi_made *made = container_of(work, struct kpi_made, news_work);

	if (test_and_clear_bit(KPI_MADE_FLAGS, &made->news))
		call_ioctl(made, KPI_SIOCSIFFLAGS);
	if (test_and_clear_bit(KPI_MADE_MTU, &made->news))
		call_ioctl(made, KPI_SIOCSIFMTU);
	tell_groups(made);
	if (test_and_clear_bit(KPI_MADE_INET, &made->news))
		kpi_made_addresses(made, PF_INET);
	if (test_and_clear_bit(KPI_MADE_INET6, &made->news))
		kpi_made_addresses(made, PF_INET6);
	kpi_made_put(made);
}

static int tell_address(const struct net_device *dev, enum kpi_made_news news)
{
	struct kpi_made *made = kpi_made_of_dev(dev);

	if (made)
		kpi_made_tell_driver(made, news);
	return NOTIFY_DONE;
}

static int inet_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct in_ifaddr *ifa = data;

	return tell_address(ifa->ifa_dev->dev, KPI_MADE_INET);
}

static struct notifier_block inet_notifier = { .notifier_call = inet_event };

#if IS_ENABLED(CONFIG_IPV6)
static int inet6_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct inet6_ifaddr *ifa = data;

	return tell_address(ifa->idev->dev, KPI_MADE_INET6);
}

static struct notifier_block inet6_notifier = { .notifier_call = inet6_event };
#endif

void kpi_made_news_init(void)
{
	register_inetaddr_notifier(&inet_notifier);
#if IS_ENABLED(CONFIG_IPV6)
	register_inet6addr_notifier(&inet6_notifier);
#endif
}

void kpi_made_news_exit(void)
{
#if IS_ENABLED(CONFIG_IPV6)
	unregister_inet6addr_notifier(&inet6_notifier);
#endif
	unregister_inetaddr_notifier(&inet_notifier);
}
