// SPDX-License-Identifier: GPL-2.0
/* Finding interfaces: by name, and all of a kind. */

#include <linux/kernel.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "interface_priv.h"

/* "lo0" is what name and unit of lo print, so that finds it, too. */
static struct net_device *find_device(const char *name)
{
	struct net_device *dev = dev_get_by_name_rcu(&init_net, name);
	char unit[IFNAMSIZ + 12];

	if (dev)
		return dev;
	for_each_netdev_rcu(&init_net, dev) {
		ifnet_t ifp = kpi_ifnet_of(dev);

		if (!ifp)
			continue;
		snprintf(unit, sizeof(unit), "%s%u", ifp->base, ifp->unit);
		if (!strcmp(unit, name))
			return dev;
	}
	return NULL;
}

/**
 * kpi_ifnet_find_by_name() - the interface of a name
 * @ifname: its name with the number, "en0"
 * @ifp:    out: the interface, which the caller must release; or NULL
 *
 * macOS difference: interfaces of the first network namespace only.
 *
 * Context: Any.
 * Return: 0; EINVAL without a name or @ifp; ENXIO if there is none.
 */
errno_t kpi_ifnet_find_by_name(const char *ifname, ifnet_t *ifp)
{
	struct net_device *dev;

	if (!ifname || !ifp)
		return EINVAL;
	rcu_read_lock();
	dev = find_device(ifname);
	*ifp = dev ? kpi_ifnet_get(kpi_ifnet_of(dev)) : NULL;
	rcu_read_unlock();
	return *ifp ? 0 : ENXIO;
}
KPI_EXPORT(kpi_ifnet_find_by_name);

/* Referenced proxies of a family's devices, into @list if it is there. Under RTNL. */
static u32 gather(ifnet_family_t family, ifnet_t *list)
{
	struct net_device *dev;
	u32 n = 0;

	ASSERT_RTNL();
	for_each_netdev(&init_net, dev) {
		ifnet_t ifp;

		rcu_read_lock();
		ifp = kpi_ifnet_of(dev);
		rcu_read_unlock();
		if (!ifp || (family && kpi_ifnet_family(ifp) != family))
			continue;
		if (list)
			list[n] = kpi_ifnet_get(ifp);
		n++;
	}
	return n;
}

/**
 * kpi_ifnet_list_get() - all interfaces of a kind
 * @family:  IFNET_FAMILY_..., or IFNET_FAMILY_ANY
 * @list:    out: returns an array that ends with NULL, for kpi_ifnet_list_free()
 * @count:   out: how many
 *
 * macOS difference: interfaces of the first network namespace only.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL without @list or @count; ENXIO if there are none; ENOMEM.
 */
errno_t kpi_ifnet_list_get(ifnet_family_t family, ifnet_t **list, u_int32_t *count)
{
	u32 n;

	kpi_might_sleep();
	if (!list || !count)
		return EINVAL;
	*list = NULL;
	*count = 0;
	rtnl_lock();
	n = gather(family, NULL);
	if (n)
		*list = kcalloc(n + 1, sizeof(**list), GFP_KERNEL);
	if (*list)
		*count = gather(family, *list);
	rtnl_unlock();
	if (!n)
		return ENXIO;
	return *list ? 0 : ENOMEM;
}
KPI_EXPORT(kpi_ifnet_list_get);

/**
 * kpi_ifnet_list_free() - release what kpi_ifnet_list_get() returned
 * @interfaces: consumes the array and its references; NULL is fine
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 */
void kpi_ifnet_list_free(ifnet_t *interfaces)
{
	ifnet_t *ifp;

	for (ifp = interfaces; ifp && *ifp; ifp++)
		kpi_ifnet_put(*ifp);
	kfree(interfaces);
}
KPI_EXPORT(kpi_ifnet_list_free);
