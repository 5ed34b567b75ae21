// SPDX-License-Identifier: GPL-2.0
/* Interfaces that kexts make: from ifnet_allocate() to the last call of the kext. */

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "../filter/interface/event.h"
#include "../filter/interface/point.h"
#include "driver.h"
#include "made.h"
#include "news.h"
#include "protocol.h"

#define BSD_IFT_ETHER	0x06
#define MAX_UNIT	32767

struct workqueue_struct *kpi_made_wq;
static struct workqueue_struct *end_wq;		/* may wait for what needs memory */

void kpi_made_work(struct kpi_made *made, struct work_struct *work)
{
	refcount_inc(&made->refs);
	if (!queue_work(kpi_made_wq, work))
		kpi_made_put(made);
}

static void free_run(struct work_struct *work)
{
	struct kpi_made *made = container_of(to_rcu_work(work), struct kpi_made, free_work);

	kpi_made_purge(made);
	if (made->dev)
		free_netdev(made->dev);
	mutex_destroy(&made->lock);
	kfree(made);
}

void kpi_made_put(struct kpi_made *made)
{
	if (refcount_dec_and_test(&made->refs))
		queue_rcu_work(end_wq, &made->free_work);	/* its handle may just have been found */
}

struct kpi_made *kpi_made_get(ifnet_t ifp)
{
	struct kpi_made *made = NULL;

	ifp = kpi_ifnet_get(ifp);
	if (!ifp)
		return NULL;
	if (ifp->made && refcount_inc_not_zero(&ifp->made->refs))
		made = ifp->made;
	kpi_ifnet_put(ifp);
	return made;
}

struct kpi_made *kpi_made_lock_fresh(ifnet_t ifp)
{
	struct kpi_made *made = kpi_made_get(ifp);

	if (!made)
		return NULL;
	mutex_lock(&made->lock);
	if (made->state == KPI_MADE_ALLOCATED)
		return made;
	kpi_made_unlock(made);
	return NULL;
}

void kpi_made_unlock(struct kpi_made *made)
{
	mutex_unlock(&made->lock);
	kpi_made_put(made);
}

static bool is_valid(const struct bsd_ifnet_init_params *init)
{
	return init->family && init->name && init->output &&
	       strnlen(init->name, IFNAMSIZ) < IFNAMSIZ && init->name[0] &&
	       init->type && init->type <= U8_MAX && init->unit <= MAX_UNIT;
}

void kpi_made_leave(struct kpi_made *made)
{
	if (refcount_dec_and_test(&made->calls))
		wake_up_var(&made->calls);
}

/* Last of all: nothing of the kext is called after this. */
static void detach_run(struct work_struct *work)
{
	struct kpi_made *made = container_of(work, struct kpi_made, detach_work);
	ifnet_t ifp = made->ifp;
	struct kpi_iflt_point *point = kpi_iflt_point_get(ifp);

	unregister_netdev(made->dev);
	if (point)
		kpi_iflt_events_flush(point);
	kpi_made_leave(made);
	wait_var_event(&made->calls, !refcount_read(&made->calls));
	kpi_made_unlist(made);
	if (cancel_work_sync(&made->tx_work))
		kpi_made_put(made);
	if (cancel_work_sync(&made->rx_work))
		kpi_made_put(made);
	if (cancel_work_sync(&made->news_work))
		kpi_made_put(made);
	kpi_made_forget_addresses(made);
	kpi_made_detach_protocols(made);
	mutex_lock(&made->lock);
	made->state = KPI_MADE_DETACHED;
	free_netdev(made->dev);
	made->dev = NULL;
	mutex_unlock(&made->lock);

	if (made->init.detach)
		made->init.detach(ifp);
	kpi_kext_charge(made->kext, KPI_HELD_INTERFACE, -1);
	if (point)
		kpi_iflt_point_put(point);
	kpi_made_put(made);
	kpi_ifnet_put(ifp);
}

static struct kpi_made *made_alloc(const struct bsd_ifnet_init_params *init)
{
	struct kpi_made *made = kzalloc(sizeof(*made), GFP_KERNEL);

	if (!made)
		return NULL;
	refcount_set(&made->refs, 1);
	made->init = *init;
	strscpy(made->name, init->name, sizeof(made->name));
	made->init.name = made->name;
	made->ethernet = init->type == BSD_IFT_ETHER;
	made->kext = kpi_kext_of(init->output);
	mutex_init(&made->lock);
	INIT_LIST_HEAD(&made->protocols);
	spin_lock_init(&made->protocols_lock);
	spin_lock_init(&made->stats_lock);
	spin_lock_init(&made->rx_lock);
	skb_queue_head_init(&made->tx);
	INIT_WORK(&made->tx_work, kpi_made_tx_run);
	INIT_WORK(&made->rx_work, kpi_made_rx_run);
	INIT_WORK(&made->news_work, kpi_made_news_run);
	INIT_WORK(&made->detach_work, detach_run);
	INIT_RCU_WORK(&made->free_work, free_run);
	return made;
}

static int allocate(const struct bsd_ifnet_init_params *init, ifnet_t *interface)
{
	struct kpi_made *made;

	if (!init || !interface || !is_valid(init))
		return -EINVAL;
	made = made_alloc(init);
	if (!made)
		return -ENOMEM;
	made->dev = kpi_made_dev_alloc(made);
	if (IS_ERR(made->dev)) {
		int err = PTR_ERR(made->dev);

		made->dev = NULL;
		kpi_made_put(made);
		return err;
	}
	made->ifp = kpi_ifnet_make(made, made->dev);
	if (!made->ifp) {
		kpi_made_put(made);
		return -ENOMEM;
	}
	*interface = made->ifp;
	return 0;
}

/**
 * kpi_ifnet_allocate() - begin to make an interface
 * @init:      what it is called, what it is and what it can do; borrows
 * @interface: out: the interface, which the caller must release
 *
 * It is nobody's to see before kpi_ifnet_attach(); flags, MTU and the length of the
 * header may be set in between. What is not IFT_ETHER is a device without a link
 * header to Linux: the kext's protocols, framer and demux do that part.
 *
 * macOS difference: of an Ethernet interface Linux frames, resolves and tells apart;
 * framer, demux and protocols are not called. set_bpf_tap is not called: captures see
 * what goes by. check_multi is not asked.
 *
 * Context: Process context.
 * Return: 0; EINVAL without name, family, output, or with a type or unit that is none;
 * ENOMEM.
 */
errno_t kpi_ifnet_allocate(const struct bsd_ifnet_init_params *init, ifnet_t *interface)
{
	kpi_might_sleep();
	return kpi_errno(allocate(init, interface));
}
KPI_EXPORT(kpi_ifnet_allocate);

static int set_address(struct kpi_made *made, const struct bsd_sockaddr_dl *ll)
{
	if (!made->ethernet)
		return 0;
	if (!ll) {
		eth_hw_addr_random(made->dev);
		return 0;
	}
	if (ll->sdl_alen != ETH_ALEN || ll->sdl_nlen + ETH_ALEN > sizeof(ll->sdl_data))
		return -EINVAL;
	eth_hw_addr_set(made->dev, ll->sdl_data + ll->sdl_nlen);
	return 0;
}

/* A device is there; what the kext wanted of it comes true. */
static int publish(struct kpi_made *made)
{
	struct net_device *dev = made->dev;
	int err;

	rtnl_lock();
	dev->flags = made->flags & ~(IFF_UP | IFF_PROMISC | IFF_ALLMULTI | IFF_RUNNING);
	err = register_netdevice(dev);
	if (!err && !kpi_iflt_point_make(made->ifp, dev))
		pr_warn("netkpi: %s: no memory for its events\n", dev->name);
	if (!err && made->flags & IFF_UP)
		dev_change_flags(dev, dev->flags | IFF_UP, NULL);
	rtnl_unlock();
	return err;
}

static int attach(struct kpi_made *made, const struct bsd_sockaddr_dl *ll)
{
	int err;

	if (!made->init.add_proto || !made->init.del_proto)
		return -ENODEV;
	if (made->state != KPI_MADE_ALLOCATED)
		return -EEXIST;
	err = set_address(made, ll);
	if (err)
		return err;
	kpi_kext_charge(made->kext, KPI_HELD_INTERFACE, 1);
	kpi_ifnet_get(made->ifp);
	refcount_set(&made->calls, 1);
	err = publish(made);
	if (err) {
		refcount_set(&made->calls, 0);
		kpi_ifnet_put(made->ifp);
		kpi_kext_charge(made->kext, KPI_HELD_INTERFACE, -1);
		return err;
	}
	made->state = KPI_MADE_ATTACHED;
	kpi_made_list(made);
	return 0;
}

/**
 * kpi_ifnet_attach() - let an interface be seen and used
 * @interface: what kpi_ifnet_allocate() gave
 * @ll_addr:   its link address, or NULL; borrows
 *
 * The interface is a device of the first network namespace from now on. Until the
 * detached function has been called the kext cannot be unloaded. One that stops without
 * ifnet_detach() is named; the interface goes then, and no function of the kext is called.
 *
 * macOS difference: an Ethernet interface without an address gets one.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; EINVAL for what is none, or an address of another length; ENODEV without
 * add_proto or del_proto; EEXIST if it is attached, or its name taken; ENOMEM.
 */
errno_t kpi_ifnet_attach(ifnet_t interface, const struct bsd_sockaddr_dl *ll_addr)
{
	struct kpi_made *made;
	int err;

	kpi_might_sleep();
	made = kpi_made_get(interface);
	if (!made)
		return EINVAL;
	mutex_lock(&made->lock);
	err = attach(made, ll_addr);
	mutex_unlock(&made->lock);
	kpi_made_put(made);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_ifnet_attach);

/**
 * kpi_ifnet_detach() - take an interface away
 * @interface: the interface
 *
 * The device goes, its protocols and filters are detached, and then the interface's
 * detached function is called, last of all, later and in another thread.
 *
 * macOS difference: Linux's own interfaces cannot be detached: EINVAL.
 *
 * Context: Process context.
 * Return: 0; EINVAL for what is no interface, or was never attached; ENXIO if it goes already.
 */
errno_t kpi_ifnet_detach(ifnet_t interface)
{
	struct kpi_made *made;
	int err = 0;

	kpi_might_sleep();
	made = kpi_made_get(interface);
	if (!made)
		return EINVAL;
	mutex_lock(&made->lock);
	if (made->state == KPI_MADE_ALLOCATED)
		err = EINVAL;
	else if (made->state != KPI_MADE_ATTACHED)
		err = ENXIO;
	else
		made->state = KPI_MADE_DETACHING;
	mutex_unlock(&made->lock);
	if (!err)
		queue_work(end_wq, &made->detach_work);		/* has our reference */
	else
		kpi_made_put(made);
	return err;
}
KPI_EXPORT(kpi_ifnet_detach);

/**
 * kpi_ifnet_interface_family_find() - a number for a family of interfaces
 * @module_string: the name of the kext that makes them
 * @family_id:     out: the same number for the same name, and no other's
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0; EINVAL without a name or @family_id; ENOMEM.
 */
errno_t kpi_ifnet_interface_family_find(const char *module_string, ifnet_family_t *family_id)
{
	kpi_might_sleep();
	if (!module_string || !family_id)
		return EINVAL;
	return kpi_mbuf_tag_id_find(module_string, family_id);
}
KPI_EXPORT(kpi_ifnet_interface_family_find);

int kpi_made_init(void)
{
	kpi_made_wq = alloc_workqueue("kpi_ifnet", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!kpi_made_wq)
		return -ENOMEM;
	end_wq = alloc_workqueue("kpi_ifnet_end", WQ_UNBOUND, 0);
	if (!end_wq) {
		destroy_workqueue(kpi_made_wq);
		return -ENOMEM;
	}
	kpi_made_news_init();
	return 0;
}

void kpi_made_exit(void)
{
	kpi_made_news_exit();
}

/* After the proxies have let go of what kexts forgot. */
void kpi_made_finish(void)
{
	destroy_workqueue(kpi_made_wq);
	rcu_barrier();			/* what is to be freed is queued then */
	destroy_workqueue(end_wq);
}
