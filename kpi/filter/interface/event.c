// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to an interface, told to its filters.
 *
 * Linux tells it under RTNL. Filters may want to change the interface, so they hear
 * of it in a thread, in order; also of the end, after which that thread detaches
 * them.
 */

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>

#include <kpi/event.h>

#include "../../interface/interface_priv.h"
#include "../../interface/protocol.h"
#include "event.h"
#include "walk.h"

struct event {
	struct list_head node;
	u32 subclass;
	u32 code;
	struct bsd_net_event_data data;
	bool last;
};

static void call_one(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
		     const struct bsd_kev_msg *msg)
{
	struct kpi_iflt_call call;

	if (!flt->f.iff_event)
		return;
	kpi_iflt_call_begin(point, flt, &call);
	flt->f.iff_event(flt->f.iff_cookie, point->ifp, flt->f.iff_protocol, msg);
	kpi_iflt_call_end(point, &call);
}

void kpi_iflt_tell(struct kpi_iflt_point *point, const struct bsd_kev_msg *msg)
{
	u64 before = KPI_ALL_FILTERS;
	struct kpi_filter *filter;

	while ((filter = kpi_filter_next(&point->list, before))) {
		before = filter->number;
		call_one(point, container_of(filter, struct __ifnet_filter, filter), msg);
		kpi_filter_put(filter, false);
	}
}

static errno_t ask_one(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
		       protocol_family_t protocol, unsigned long code, void *arg)
{
	const struct bsd_iff_filter *f = &flt->f;
	struct kpi_iflt_call call;
	errno_t answer;

	if (!f->iff_ioctl || (f->iff_protocol && f->iff_protocol != protocol))
		return EOPNOTSUPP;
	kpi_iflt_call_begin(point, flt, &call);
	answer = f->iff_ioctl(f->iff_cookie, point->ifp, protocol, code, arg);
	kpi_iflt_call_end(point, &call);
	return answer;
}

bool kpi_iflt_ioctl(ifnet_t ifp, protocol_family_t protocol, unsigned long code, void *arg,
		    bool (*answers)(errno_t answer, errno_t *result), errno_t *result)
{
	struct kpi_iflt_point *point = kpi_iflt_point_get(ifp);
	u64 before = KPI_ALL_FILTERS;
	struct kpi_filter *filter;
	bool enough = false;

	while (point && !enough && (filter = kpi_filter_next(&point->list, before))) {
		struct __ifnet_filter *flt = container_of(filter, struct __ifnet_filter, filter);

		before = filter->number;
		enough = answers(ask_one(point, flt, protocol, code, arg), result);
		kpi_filter_put(filter, true);
	}
	if (point)
		kpi_iflt_point_put(point);
	return enough;
}

static void deliver(struct kpi_iflt_point *point, struct event *event)
{
	struct bsd_kev_msg msg = {
		.vendor_code = KEV_VENDOR_APPLE,
		.kev_class = KEV_NETWORK_CLASS,
		.kev_subclass = event->subclass,
		.event_code = event->code,
		.dv[0] = { sizeof(event->data), &event->data },
	};

	kpi_iflt_tell(point, &msg);
	if (point->ifp->made)
		kpi_made_tell(point->ifp->made, &msg);
	if (event->last)
		kpi_iflt_detach_all(point);
}

static struct event *next(struct kpi_iflt_point *point)
{
	struct event *event;

	spin_lock_bh(&point->events_lock);
	event = list_first_entry_or_null(&point->events, struct event, node);
	if (event)
		list_del(&event->node);
	spin_unlock_bh(&point->events_lock);
	return event;
}

static void run(struct work_struct *work)
{
	struct kpi_iflt_point *point = container_of(work, struct kpi_iflt_point, event_work);
	struct event *event;

	while ((event = next(point))) {
		deliver(point, event);
		kfree(event);
	}
	kpi_iflt_point_put(point);
}

void kpi_iflt_events_init(struct kpi_iflt_point *point)
{
	spin_lock_init(&point->events_lock);
	INIT_LIST_HEAD(&point->events);
	INIT_WORK(&point->event_work, run);
}

void kpi_iflt_events_flush(struct kpi_iflt_point *point)
{
	flush_work(&point->event_work);
}

void kpi_iflt_events_free(struct kpi_iflt_point *point)
{
	struct event *event;

	while ((event = next(point)))
		kfree(event);
}

/* Memory comes first: the end of an interface must be told. */
static void post(struct kpi_iflt_point *point, u32 subclass, u32 code, bool last)
{
	struct event *event = kzalloc(sizeof(*event), GFP_KERNEL | __GFP_NOFAIL);
	ifnet_t ifp = point->ifp;

	event->subclass = subclass;
	event->code = code;
	event->last = last;
	event->data.if_family = kpi_ifnet_family(ifp);
	event->data.if_unit = ifp->unit;
	strscpy(event->data.if_name, ifp->base, sizeof(event->data.if_name));

	spin_lock_bh(&point->events_lock);
	list_add_tail(&event->node, &point->events);
	spin_unlock_bh(&point->events_lock);
	kpi_iflt_queue_work(point, &point->event_work);
}

/* --- from Linux --- */

static struct kpi_iflt_point *point_of(const struct net_device *dev)
{
	ifnet_t ifp;

	ASSERT_RTNL();
	rcu_read_lock();	/* RTNL keeps the proxy */
	ifp = kpi_ifnet_of(dev);
	rcu_read_unlock();
	return ifp ? rtnl_dereference(ifp->point) : NULL;
}

static void tell_link(struct kpi_iflt_point *point, const struct net_device *dev)
{
	bool on = kpi_iflt_link(dev);

	if (on == point->link)
		return;
	point->link = on;
	post(point, KEV_DL_SUBCLASS, on ? KEV_DL_LINK_ON : KEV_DL_LINK_OFF, false);
}

static bool flags_changed(unsigned long event, void *data)
{
	const struct netdev_notifier_change_info *info = data;

	return event != NETDEV_CHANGE || info->flags_changed;
}

static int device_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	struct kpi_iflt_point *point = point_of(dev);

	if (!point)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		if (flags_changed(event, data))
			post(point, KEV_DL_SUBCLASS, KEV_DL_SIFFLAGS, false);
		tell_link(point, dev);
		break;
	case NETDEV_CHANGEMTU:
		post(point, KEV_DL_SUBCLASS, KEV_DL_SIFMTU, false);
		break;
	case NETDEV_CHANGEADDR:
		post(point, KEV_DL_SUBCLASS, KEV_DL_LINK_ADDRESS_CHANGED, false);
		break;
	case NETDEV_UNREGISTER:
		post(point, KEV_DL_SUBCLASS, KEV_DL_IF_DETACHING, true);
		kpi_iflt_device_gone(point->ifp);
		break;
	}
	return NOTIFY_DONE;
}

/* Before the proxy lets go of its device. */
static struct notifier_block device_notifier = { .notifier_call = device_event, .priority = 1 };

static int inet_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct in_ifaddr *ifa = data;
	struct kpi_iflt_point *point = point_of(ifa->ifa_dev->dev);

	if (point)
		post(point, KEV_INET_SUBCLASS,
		     event == NETDEV_UP ? KEV_INET_NEW_ADDR : KEV_INET_ADDR_DELETED, false);
	return NOTIFY_DONE;
}

static struct notifier_block inet_notifier = { .notifier_call = inet_event };

int kpi_iflt_events_start(void)
{
	int err = register_netdevice_notifier(&device_notifier);

	if (err)
		return err;
	err = register_inetaddr_notifier(&inet_notifier);
	if (err)
		unregister_netdevice_notifier(&device_notifier);
	return err;
}

void kpi_iflt_events_stop(void)
{
	unregister_inetaddr_notifier(&inet_notifier);
	unregister_netdevice_notifier(&device_notifier);	/* tells that all go */
}
