// SPDX-License-Identifier: GPL-2.0
/* Plumbers: who attaches a protocol to an interface that needs it. */

#include <linux/mutex.h>
#include <linux/slab.h>

#include "made.h"

struct plumber {
	struct list_head node;
	protocol_family_t protocol;
	ifnet_family_t family;
	proto_plumb_handler plumb;
	proto_unplumb_handler unplumb;
	struct kpi_kext *kext;
};

static DEFINE_MUTEX(plumbers_lock);
static LIST_HEAD(plumbers);		/* W: plumbers_lock */

static struct plumber *find_plumber(protocol_family_t protocol, ifnet_family_t family)
{
	struct plumber *plumber;

	lockdep_assert_held(&plumbers_lock);
	list_for_each_entry(plumber, &plumbers, node)
		if (plumber->protocol == protocol && plumber->family == family)
			return plumber;
	return NULL;
}

/* The interface got its first address of a family that nobody attached to it yet. */
void kpi_made_plumb(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_protocol *there = kpi_made_protocol_get(made, family);
	struct plumber *plumber;

	if (there) {
		kpi_made_protocol_put(made, there);
		return;
	}
	mutex_lock(&plumbers_lock);
	plumber = find_plumber(family, made->init.family);
	if (plumber)
		plumber->plumb(made->ifp, family);
	mutex_unlock(&plumbers_lock);
}

/**
 * kpi_proto_register_plumber() - be asked when an interface needs a protocol
 * @proto_fam: PF_INET, ...
 * @if_fam:    IFNET_FAMILY_..., of interfaces that kexts make
 * @plumb:     attaches the protocol, when the interface gets its first address of it
 * @unplumb:   or NULL
 *
 * macOS difference: only for interfaces that kexts make; @unplumb is not called.
 *
 * Context: Process context.
 * Return: 0; EINVAL without @plumb; EEXIST if the pair has one; ENOMEM.
 */
errno_t kpi_proto_register_plumber(protocol_family_t proto_fam, ifnet_family_t if_fam,
				   proto_plumb_handler plumb, proto_unplumb_handler unplumb)
{
	struct plumber *plumber;
	errno_t error = 0;

	kpi_might_sleep();
	if (!plumb)
		return EINVAL;
	plumber = kzalloc(sizeof(*plumber), GFP_KERNEL);
	if (!plumber)
		return ENOMEM;
	*plumber = (struct plumber) {
		.protocol = proto_fam, .family = if_fam, .plumb = plumb, .unplumb = unplumb,
		.kext = kpi_kext_of(plumb),
	};
	mutex_lock(&plumbers_lock);
	if (find_plumber(proto_fam, if_fam))
		error = EEXIST;
	else
		list_add_tail(&plumber->node, &plumbers);
	mutex_unlock(&plumbers_lock);
	if (error)
		kfree(plumber);
	else
		kpi_kext_charge(plumber->kext, KPI_HELD_CALLBACK, 1);
	return error;
}
KPI_EXPORT(kpi_proto_register_plumber);

/**
 * kpi_proto_unregister_plumber() - not be asked any more
 * @proto_fam: as registered
 * @if_fam:    as registered
 *
 * macOS difference: a call that runs is waited for; not from a plumber itself.
 *
 * Context: Process context.
 */
void kpi_proto_unregister_plumber(protocol_family_t proto_fam, ifnet_family_t if_fam)
{
	struct plumber *plumber;

	kpi_might_sleep();
	mutex_lock(&plumbers_lock);
	plumber = find_plumber(proto_fam, if_fam);
	if (plumber)
		list_del(&plumber->node);
	mutex_unlock(&plumbers_lock);
	if (plumber)
		kpi_kext_charge(plumber->kext, KPI_HELD_CALLBACK, -1);
	kfree(plumber);
}
KPI_EXPORT(kpi_proto_unregister_plumber);
