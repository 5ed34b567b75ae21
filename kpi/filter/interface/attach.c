// SPDX-License-Identifier: GPL-2.0
/* Interface filters come and go, and so do the interfaces under them. */

#include <linux/hashtable.h>
#include <linux/slab.h>

#include "../../interface/made.h"
#include "event.h"
#include "walk.h"

struct workqueue_struct *kpi_iflt_wq;

static DEFINE_SPINLOCK(handles_lock);
static DEFINE_HASHTABLE(handles, 6);	/* W: handles_lock */

/* --- points --- */

static void flt_gone(struct kpi_filter *filter);

static struct kpi_iflt_point *point_make(ifnet_t ifp, const struct net_device *dev)
{
	struct kpi_iflt_point *point = kzalloc(sizeof(*point), GFP_KERNEL);

	if (!point)
		return NULL;
	refcount_set(&point->refs, 1);
	point->ifp = kpi_ifnet_get(ifp);
	spin_lock_init(&point->list.lock);
	INIT_LIST_HEAD(&point->list.filters);
	point->list.hooked = true;
	point->list.gone = flt_gone;
	spin_lock_init(&point->calls_lock);
	INIT_LIST_HEAD(&point->calls);
	kpi_iflt_queue_init(point, KPI_IFLT_IN);
	kpi_iflt_queue_init(point, KPI_IFLT_OUT);
	kpi_iflt_events_init(point);
	point->link = kpi_iflt_link(dev);
	return point;
}

void kpi_iflt_point_put(struct kpi_iflt_point *point)
{
	if (!refcount_dec_and_test(&point->refs))
		return;
	skb_queue_purge(&point->queues[KPI_IFLT_IN].frames);
	skb_queue_purge(&point->queues[KPI_IFLT_OUT].frames);
	kpi_iflt_injected_free(&point->queues[KPI_IFLT_IN]);
	kpi_iflt_injected_free(&point->queues[KPI_IFLT_OUT]);
	kpi_iflt_events_free(point);
	kpi_ifnet_put(point->ifp);
	kfree_rcu(point, rcu);
}

struct kpi_iflt_point *kpi_iflt_point_get(ifnet_t ifp)
{
	struct kpi_iflt_point *point;

	rcu_read_lock();
	point = rcu_dereference(ifp->point);
	if (point && !refcount_inc_not_zero(&point->refs))
		point = NULL;
	rcu_read_unlock();
	return point;
}

/* The interface's, made if it has none yet; borrowed while RTNL is held. */
struct kpi_iflt_point *kpi_iflt_point_make(ifnet_t ifp, const struct net_device *dev)
{
	struct kpi_iflt_point *point = rtnl_dereference(ifp->point);

	if (point)
		return point;
	point = point_make(ifp, dev);
	rcu_assign_pointer(ifp->point, point);
	return point;
}

/*
 * One more filter; the hooks are there as long as somebody wants to see frames. Frames of
 * some interfaces that kexts made are shown by those themselves.
 */
static int point_use(struct kpi_iflt_point *point, struct net_device *dev)
{
	int err = 0;

	ASSERT_RTNL();
	if (!point->hooked && !kpi_made_frames(dev)) {
		err = kpi_iflt_hook(point, dev);
		point->hooked = !err;
	}
	if (!err)
		point->filters++;
	return err;
}

static void point_unhook(struct kpi_iflt_point *point)
{
	ASSERT_RTNL();
	if (point->hooked)
		kpi_iflt_unhook(point);
	point->hooked = false;
}

static void point_unuse(struct kpi_iflt_point *point)
{
	rtnl_lock();
	if (!--point->filters)
		point_unhook(point);
	rtnl_unlock();
}

/* The device goes, and has its last events to tell. What it had waiting is lost, as in a driver's ring. */
void kpi_iflt_device_gone(ifnet_t ifp)
{
	struct kpi_iflt_point *point = rtnl_dereference(ifp->point);

	if (!point)
		return;
	RCU_INIT_POINTER(ifp->point, NULL);
	point_unhook(point);
	skb_queue_purge(&point->queues[KPI_IFLT_IN].frames);
	skb_queue_purge(&point->queues[KPI_IFLT_OUT].frames);
	kpi_iflt_point_put(point);
}

/* --- filters --- */

static void handle_add(struct __ifnet_filter *flt)
{
	spin_lock_bh(&handles_lock);
	hash_add_rcu(handles, &flt->by_handle, (unsigned long)flt);
	spin_unlock_bh(&handles_lock);
}

static void handle_del(struct __ifnet_filter *flt)
{
	spin_lock_bh(&handles_lock);
	hash_del_rcu(&flt->by_handle);
	spin_unlock_bh(&handles_lock);
}

/* After the last call: tell the kext, and let it go. */
static void flt_gone(struct kpi_filter *filter)
{
	struct __ifnet_filter *flt = container_of(filter, struct __ifnet_filter, filter);
	struct kpi_iflt_point *point = flt->point;
	struct kpi_iflt_call call;

	handle_del(flt);
	kpi_iflt_call_begin(point, flt, &call);
	if (flt->f.iff_detached)
		flt->f.iff_detached(flt->f.iff_cookie, point->ifp);
	kpi_iflt_call_end(point, &call);
	point_unuse(point);
	kpi_kext_charge(flt->kext, KPI_HELD_FILTER, -1);
	kfree_rcu(flt, rcu);
	kpi_iflt_point_put(point);
}

/* The device's interface goes: its filters, too. From the thread that tells events. */
void kpi_iflt_detach_all(struct kpi_iflt_point *point)
{
	struct kpi_filter *filter;

	while ((filter = kpi_filter_next(&point->list, KPI_ALL_FILTERS))) {
		kpi_filter_put(filter, true);
		kpi_filter_remove_wait(&point->list, filter);
	}
}

static struct kpi_kext *kext_of(const struct bsd_iff_filter *f, unsigned long caller)
{
	void *functions[] = {
		f->iff_input, f->iff_output, f->iff_event, f->iff_ioctl, f->iff_detached,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(functions); i++)
		if (functions[i])
			return kpi_kext_of(functions[i]);
	return kpi_kext_at(caller);
}

/* RTNL keeps the device from going between the look and the hook. */
static int publish(struct __ifnet_filter *flt, ifnet_t ifp, interface_filter_t *filter_ref)
{
	struct net_device *dev = kpi_ifnet_dev_rtnl(ifp);
	struct kpi_iflt_point *point;
	int err;

	ASSERT_RTNL();
	if (!dev)
		return -ENXIO;
	point = kpi_iflt_point_make(ifp, dev);
	if (!point)
		return -ENOMEM;
	err = point_use(point, dev);
	if (err)
		return err;
	refcount_inc(&point->refs);
	flt->point = point;
	handle_add(flt);
	*filter_ref = flt;	/* the first call may come before the attach returns */
	kpi_filter_append(&point->list, &flt->filter);
	return 0;
}

static int attach(ifnet_t ifp, const struct bsd_iff_filter *f, interface_filter_t *filter_ref,
		  bool tagged, unsigned long caller)
{
	struct __ifnet_filter *flt;
	int err;

	if (!ifp)
		return -ENOENT;
	if (!f || !filter_ref)
		return -EINVAL;
	flt = kzalloc(sizeof(*flt), GFP_KERNEL);
	if (!flt)
		return -ENOMEM;
	flt->f = *f;
	flt->tagged = tagged;
	flt->kext = kext_of(f, caller);
	flt->seen = kpi_kext_counter(flt->kext, KPI_COUNT_SEEN);
	flt->filter.direct = kpi_kext_is_direct(flt->kext);

	kpi_kext_charge(flt->kext, KPI_HELD_FILTER, 1);
	rtnl_lock();
	err = publish(flt, ifp, filter_ref);
	rtnl_unlock();
	if (!err)
		return 0;
	kpi_kext_charge(flt->kext, KPI_HELD_FILTER, -1);
	kfree(flt);
	return err;
}

/**
 * kpi_iflt_attach() - see the frames of an interface
 * @interface:  the interface; borrows
 * @filter:     functions, cookie, name and protocol; borrows the name, copies the rest
 * @filter_ref: out: what to detach, set before the first call
 *
 * Filters see a frame in the order of their attachment, both ways: on the way in
 * behind captures and tc, on the way out before tc and the driver. Functions run in
 * threads that may sleep, one for each interface and direction; those of a kext that
 * says KEXT_DIRECT inside the hook, where they must not. With an
 * @iff_protocol only frames of that family are shown, ARP's with PF_INET.
 *
 * A function of the filter returns 0 to let the frame go on, EJUSTRETURN to keep it,
 * or an errno to have it freed. What it made longer than the MTU does not go out.
 *
 * macOS difference: an error of an output function reaches a sender as ENOBUFS, as
 * netfilter says it, with KEXT_DIRECT, else not at all; kpi_ifnet_output_raw()
 * returns it. An interface's ioctls by programs are not shown, those by
 * kpi_ifnet_ioctl() are. A generic XDP program sees a frame again that goes on.
 *
 * Context: Process context; takes RTNL.
 * Return: 0; ENOENT without an interface; ENXIO if it has gone; EINVAL without
 * @filter or @filter_ref; EOPNOTSUPP on a kernel whose devices have no hooks; ENOMEM.
 */
errno_t kpi_iflt_attach(ifnet_t interface, const struct bsd_iff_filter *filter,
			interface_filter_t *filter_ref)
{
	kpi_might_sleep();
	return kpi_errno(attach(interface, filter, filter_ref, false, _RET_IP_));
}
KPI_EXPORT(kpi_iflt_attach);

/**
 * kpi_iflt_attach_internal() - see the frames of an interface and of its VLANs
 * @interface:  the interface; borrows
 * @filter:     functions, cookie, name and protocol; borrows the name, copies the rest
 * @filter_ref: out: what to detach, set before the first call
 *
 * As kpi_iflt_attach(), but frames with a VLAN's tag are shown, too; the tag is the
 * packet's, see kpi_mbuf_get_vlan_tag().
 *
 * macOS difference: none that a kext could see; there it is the system's own.
 *
 * Context: Process context; takes RTNL.
 * Return: as kpi_iflt_attach().
 */
errno_t kpi_iflt_attach_internal(ifnet_t interface, const struct bsd_iff_filter *filter,
				 interface_filter_t *filter_ref)
{
	kpi_might_sleep();
	return kpi_errno(attach(interface, filter, filter_ref, true, _RET_IP_));
}
KPI_EXPORT(kpi_iflt_attach_internal);

/* Its point, held; NULL for what is no filter. Nothing is read from where a handle points before. */
static struct kpi_iflt_point *point_of_handle(interface_filter_t handle)
{
	struct kpi_iflt_point *point = NULL;
	struct __ifnet_filter *flt;

	rcu_read_lock();
	hash_for_each_possible_rcu(handles, flt, by_handle, (unsigned long)handle)
		if (flt == handle && refcount_inc_not_zero(&flt->point->refs))
			point = flt->point;
	rcu_read_unlock();
	return point;
}

/**
 * kpi_iflt_detach() - end an interface filter
 * @filter_ref: what kpi_iflt_attach() gave; NULL is fine
 *
 * No call begins after this. It waits for calls that run, and then calls the
 * filter's detached function, before it returns.
 *
 * macOS difference: from a function of one of the interface's filters it does not
 * wait, which there hangs for ever: the detached function comes when that has
 * returned. What is no filter is reported.
 *
 * Context: Process context; takes RTNL. Any from a function of one of the
 * interface's filters.
 */
void kpi_iflt_detach(interface_filter_t filter_ref)
{
	struct kpi_iflt_point *point;

	if (!filter_ref)
		return;
	point = point_of_handle(filter_ref);
	if (!point) {
		kpi_misuse("detaches what is no interface filter");
		return;
	}
	if (kpi_iflt_inside(point)) {
		kpi_filter_remove(&point->list, filter_ref, false);
	} else {
		kpi_might_sleep();
		kpi_filter_remove_wait(&point->list, filter_ref);
	}
	kpi_iflt_point_put(point);
}
KPI_EXPORT(kpi_iflt_detach);

int kpi_iflt_init(void)
{
	int err;

	kpi_iflt_wq = alloc_workqueue("kpi_iflt", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (!kpi_iflt_wq)
		return -ENOMEM;
	err = kpi_iflt_events_start();
	if (err)
		destroy_workqueue(kpi_iflt_wq);
	return err;
}

void kpi_iflt_exit(void)
{
	kpi_iflt_events_stop();
	synchronize_net();			/* frames that are in a hook */
	destroy_workqueue(kpi_iflt_wq);
	rcu_barrier();
}
