// SPDX-License-Identifier: GPL-2.0
/* The proxies: one for each device, kept in step with it. */

#include <linux/ctype.h>
#include <linux/hashtable.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../compat/interface.h"
#include "made.h"

static DEFINE_SPINLOCK(ifnets_lock);
static DEFINE_HASHTABLE(handles, 6);		/* W: ifnets_lock */
static DEFINE_HASHTABLE(devices, 6);		/* W: ifnets_lock */

ifnet_t kpi_ifnet_of(const struct net_device *dev)
{
	struct __ifnet *ifp;

	hash_for_each_possible_rcu(devices, ifp, by_dev, (unsigned long)dev)
		if (rcu_access_pointer(ifp->dev) == dev)
			return ifp;
	return NULL;
}
KPI_EXPORT(kpi_ifnet_of);	/* for tests */

ifnet_t kpi_ifnet_at(struct net *net, int index)
{
	const struct net_device *dev = index ? dev_get_by_index_rcu(net, index) : NULL;

	return dev ? kpi_ifnet_of(dev) : NULL;
}

/* Whether a kext's handle is that of a proxy; nothing is read from where it points. */
static bool is_known(ifnet_t ifp)
{
	struct __ifnet *known;

	hash_for_each_possible_rcu(handles, known, by_handle, (unsigned long)ifp)
		if (known == ifp)
			return true;
	return false;
}

struct net_device *kpi_ifnet_dev(ifnet_t ifp)
{
	return is_known(ifp) ? rcu_dereference(ifp->dev) : NULL;
}

ifnet_t kpi_ifnet_get(ifnet_t ifp)
{
	ifnet_t found = NULL;

	rcu_read_lock();
	if (is_known(ifp) && refcount_inc_not_zero(&ifp->refs))
		found = ifp;
	rcu_read_unlock();
	return found;
}

void kpi_ifnet_put(ifnet_t ifp)
{
	if (!refcount_dec_and_test(&ifp->refs))
		return;
	spin_lock_bh(&ifnets_lock);
	hash_del_rcu(&ifp->by_handle);
	spin_unlock_bh(&ifnets_lock);
	if (ifp->made)
		kpi_made_put(ifp->made);
	kfree_rcu(ifp, rcu);
}

void kpi_ifnet_note_facts(const struct net_device *dev, struct kpi_ifnet_facts *facts)
{
	facts->flags = netif_get_flags(dev) | (dev->flags & (IFF_PROMISC | IFF_ALLMULTI));
	facts->mtu = READ_ONCE(dev->mtu);
	facts->type = dev->type;
	facts->hdrlen = min_t(unsigned int, dev->hard_header_len, U8_MAX);
	facts->addrlen = dev->addr_len;
	memcpy(facts->lladdr, dev->dev_addr, dev->addr_len);
	memcpy(facts->broadcast, dev->broadcast, dev->addr_len);
}

/* False for what is no handle. */
bool kpi_ifnet_facts(ifnet_t ifp, struct kpi_ifnet_facts *facts)
{
	struct net_device *dev;
	bool known;

	rcu_read_lock();
	known = is_known(ifp);
	dev = known ? rcu_dereference(ifp->dev) : NULL;
	if (dev)
		kpi_ifnet_note_facts(dev, facts);
	else if (known && kpi_made_is_fresh(ifp->made))
		kpi_made_facts(ifp->made, facts);
	else if (known)
		*facts = ifp->last;
	if (known && ifp->made && !ifp->made->ethernet)
		facts->hdrlen = READ_ONCE(ifp->made->hdrlen);
	rcu_read_unlock();
	return known;
}

/* "eth0" is "eth" and 0; a name without a number, or with one that printing changes, is its own base. */
static void split_name(struct __ifnet *ifp)
{
	size_t len = strlen(ifp->name);
	size_t base = len;

	while (base && isdigit(ifp->name[base - 1]))
		base--;
	ifp->unit = 0;
	strscpy(ifp->base, ifp->name, sizeof(ifp->base));
	if (base == len || !base || (ifp->name[base] == '0' && base + 1 < len) ||
	    kstrtou32(ifp->name + base, 10, &ifp->unit))
		return;
	ifp->base[base] = 0;
}

static void rename(struct __ifnet *ifp, const struct net_device *dev)
{
	strscpy(ifp->name, dev->name, sizeof(ifp->name));
	split_name(ifp);
}

ifnet_t kpi_ifnet_make(struct kpi_made *made, const struct net_device *dev)
{
	struct __ifnet *ifp = kzalloc(sizeof(*ifp), GFP_KERNEL);

	if (!ifp)
		return NULL;
	refcount_set(&ifp->refs, 1);
	ifp->made = made;
	ifp->changed = ktime_get_real_seconds();
	rename(ifp, dev);

	spin_lock_bh(&ifnets_lock);
	hash_add_rcu(handles, &ifp->by_handle, (unsigned long)ifp);
	spin_unlock_bh(&ifnets_lock);
	return ifp;
}

/* One that a kext made has its proxy already. */
static int ifnet_add(struct net_device *dev)
{
	struct kpi_made *made = kpi_made_of_dev(dev);
	struct __ifnet *ifp = made ? kpi_ifnet_get(made->ifp) : kpi_ifnet_make(NULL, dev);

	if (!ifp)
		return -ENOMEM;
	ifp->index = dev->ifindex;
	rename(ifp, dev);
	rcu_assign_pointer(ifp->dev, dev);

	spin_lock_bh(&ifnets_lock);
	hash_add_rcu(devices, &ifp->by_dev, (unsigned long)dev);
	spin_unlock_bh(&ifnets_lock);
	return 0;
}

/* Readers of the device end before it is freed: unregistering waits for them. */
static void ifnet_detach_dev(struct __ifnet *ifp, const struct net_device *dev)
{
	kpi_ifnet_note_facts(dev, &ifp->last);
	spin_lock_bh(&ifnets_lock);
	hash_del_rcu(&ifp->by_dev);
	spin_unlock_bh(&ifnets_lock);
	rcu_assign_pointer(ifp->dev, NULL);
	kpi_ifnet_put(ifp);
}

static int device_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	struct __ifnet *ifp;

	ASSERT_RTNL();
	rcu_read_lock();	/* RTNL keeps the proxy, and may sleep below */
	ifp = kpi_ifnet_of(dev);
	rcu_read_unlock();

	if (event == NETDEV_REGISTER && !ifp)
		return notifier_from_errno(ifnet_add(dev));
	if (!ifp)
		return NOTIFY_DONE;
	ifp->changed = ktime_get_real_seconds();
	if (event == NETDEV_CHANGENAME)
		rename(ifp, dev);
	else if (event == NETDEV_UNREGISTER)
		ifnet_detach_dev(ifp, dev);
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = { .notifier_call = device_event };

int kpi_interface_init(void)
{
	int err = kpi_made_init();

	if (err)
		return err;
	err = register_netdevice_notifier(&device_notifier);	/* told of those that exist, too */
	if (err) {
		kpi_made_exit();
		kpi_made_finish();
	}
	return err;
}

void kpi_interface_exit(void)
{
	struct hlist_node *next;
	struct __ifnet *ifp;
	int bucket;

	kpi_made_exit();
	unregister_netdevice_notifier(&device_notifier);	/* tells that all go */
	hash_for_each_safe(handles, bucket, next, ifp, by_handle) {
		hash_del_rcu(&ifp->by_handle);		/* a reference that a kext forgot */
		if (ifp->made)
			kpi_made_put(ifp->made);
		kfree_rcu(ifp, rcu);
	}
	kpi_made_finish();
	rcu_barrier();
}
