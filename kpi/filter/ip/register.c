// SPDX-License-Identifier: GPL-2.0
/* IP filters come and go. */

#include <linux/mutex.h>
#include <linux/slab.h>

#include "hook.h"
#include "inject.h"
#include "packet.h"

static DEFINE_MUTEX(kpi_ipf_lock);

static void ipf_gone(struct kpi_filter *filter);

struct kpi_ipf_family kpi_ipf_v4 = {
	.pf = NFPROTO_IPV4,
	.list = KPI_FILTER_LIST(kpi_ipf_v4.list, ipf_gone),
};

struct kpi_ipf_family kpi_ipf_v6 = {
	.pf = NFPROTO_IPV6,
	.list = KPI_FILTER_LIST(kpi_ipf_v6.list, ipf_gone),
};

/* One more filter; the hooks are there as long as somebody wants to see packets. */
static int family_use(struct kpi_ipf_family *family)
{
	int err = 0;

	mutex_lock(&kpi_ipf_lock);
	if (!family->filters)
		err = kpi_ipf_hook(family);
	if (!err)
		family->filters++;
	mutex_unlock(&kpi_ipf_lock);
	return err;
}

static void family_unuse(struct kpi_ipf_family *family)
{
	mutex_lock(&kpi_ipf_lock);
	if (!--family->filters)
		kpi_ipf_unhook(family);
	mutex_unlock(&kpi_ipf_lock);
}

/* After the last call: tell the kext, and let it go. */
static void ipf_gone(struct kpi_filter *filter)
{
	struct opaque_ipfilter *ipf = container_of(filter, struct opaque_ipfilter, filter);

	if (ipf->f.ipf_detach)
		ipf->f.ipf_detach(ipf->f.cookie);
	family_unuse(ipf->family);
	kpi_kext_charge(ipf->kext, KPI_HELD_FILTER, -1);
	kfree_rcu(ipf, rcu);
}

static int ipf_add(struct kpi_ipf_family *family, const struct bsd_ipf_filter *f,
		   ipfilter_t *filter_ref)
{
	struct opaque_ipfilter *ipf;
	int err;

	if (!f || !filter_ref || !f->name || (!f->ipf_input && !f->ipf_output))
		return -EINVAL;
	ipf = kzalloc(sizeof(*ipf), GFP_KERNEL);
	if (!ipf)
		return -ENOMEM;
	ipf->f = *f;
	ipf->family = family;
	ipf->kext = kpi_kext_of(f->ipf_input ? (void *)f->ipf_input : (void *)f->ipf_output);
	ipf->seen = kpi_kext_counter(ipf->kext, KPI_COUNT_SEEN);
	ipf->filter.direct = kpi_kext_is_direct(ipf->kext);

	err = family_use(family);
	if (err) {
		kfree(ipf);
		return err;
	}
	kpi_kext_charge(ipf->kext, KPI_HELD_FILTER, 1);
	*filter_ref = ipf;	/* the first call may come before this returns */
	kpi_filter_add(&family->list, &ipf->filter);
	return 0;
}

/**
 * kpi_ipf_addv4() - see IPv4 packets that come in for this host, or go out
 * @filter:     functions, cookie and name; borrows the name, copies the rest
 * @filter_ref: out: what to remove, set before the first call
 *
 * The newest filter sees a packet first, both ways. Callbacks run in a thread that
 * may sleep, one for each direction; those of a kext that was built with KEXT_DIRECT
 * run where the packet is, must not sleep, and what they return reaches the sender.
 *
 * macOS difference: packets of the first network namespace, unless netkpi.ko has
 * ipfilter_namespaces=1; before source NAT; an error that an output filter returns
 * does not reach the sender, but from a kext with KEXT_DIRECT.
 *
 * Context: Process context.
 * Return: 0; EINVAL without a name, or without both functions; ENOMEM.
 */
errno_t kpi_ipf_addv4(const struct bsd_ipf_filter *filter, ipfilter_t *filter_ref)
{
	kpi_might_sleep();
	return kpi_errno(ipf_add(&kpi_ipf_v4, filter, filter_ref));
}
KPI_EXPORT(kpi_ipf_addv4);

/**
 * kpi_ipf_addv6() - see IPv6 packets that come in for this host, or go out
 * @filter:     functions, cookie and name; borrows the name, copies the rest
 * @filter_ref: out: what to remove, set before the first call
 *
 * An input filter is called for each extension header and for the transport's.
 *
 * macOS difference: as kpi_ipf_addv4(); fragments are put together before a filter
 * sees them; output filters see what this host passes on if netkpi.ko has
 * ipfilter_forward6=1.
 *
 * Context: Process context.
 * Return: 0; EINVAL without a name, or without both functions; EPROTONOSUPPORT on a
 * kernel without IPv6; ENOMEM.
 */
errno_t kpi_ipf_addv6(const struct bsd_ipf_filter *filter, ipfilter_t *filter_ref)
{
	kpi_might_sleep();
	if (!IS_ENABLED(CONFIG_IPV6))
		return EPROTONOSUPPORT;
	return kpi_errno(ipf_add(&kpi_ipf_v6, filter, filter_ref));
}
KPI_EXPORT(kpi_ipf_addv6);

/**
 * kpi_ipf_remove() - end an IP filter
 * @filter_ref: what kpi_ipf_addv4() or kpi_ipf_addv6() gave
 *
 * No call begins after this; one that runs goes on. Afterwards, and before this
 * returns if no call runs, the detach function is called, once. May be called from
 * the filter's own functions.
 *
 * macOS difference: a second removal is ENOENT; there it damages a list.
 *
 * Context: Process context; any from inside a filter that runs directly.
 * Return: 0; EINVAL without a filter; ENOENT for one that is gone.
 */
errno_t kpi_ipf_remove(ipfilter_t filter_ref)
{
	bool may_sleep = !kpi_is_direct();

	if (!filter_ref)
		return EINVAL;
	if (may_sleep)
		kpi_might_sleep();
	if (kpi_filter_remove(&kpi_ipf_v4.list, filter_ref, may_sleep))
		return kpi_errno(kpi_filter_remove(&kpi_ipf_v6.list, filter_ref, may_sleep));
	return 0;
}
KPI_EXPORT(kpi_ipf_remove);

static void family_exit(struct kpi_ipf_family *family)
{
	enum kpi_ipf_way way;

	synchronize_net();	/* packets that are in the hook */
	for (way = 0; way < KPI_IPF_WAYS; way++)
		kpi_ipf_queue_exit(&family->queues[way]);
}

static int family_init(struct kpi_ipf_family *family)
{
	enum kpi_ipf_way way;

	for (way = 0; way < KPI_IPF_WAYS; way++) {
		int err = kpi_ipf_queue_init(&family->queues[way], family, way);

		if (err)
			return err;
	}
	return 0;
}

int kpi_filter_init(void)
{
	int err = kpi_filter_list_init();

	if (!err)
		err = family_init(&kpi_ipf_v4);
	if (!err)
		err = family_init(&kpi_ipf_v6);
	if (!err)
		err = kpi_ipf_inject_init();
	if (err)
		kpi_filter_exit();
	return err;
}

void kpi_filter_exit(void)
{
	family_exit(&kpi_ipf_v4);
	family_exit(&kpi_ipf_v6);
	kpi_ipf_inject_exit();
	kpi_filter_list_exit();
	rcu_barrier();
	kpi_ipf_packets_exit();
}
