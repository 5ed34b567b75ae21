// SPDX-License-Identifier: GPL-2.0
/* An interface that a kext made gets addresses, or loses them: its plumber and its driver hear of it. */

#include <linux/mutex.h>
#include <linux/slab.h>

#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "made.h"
#include "news.h"
#include "protocol.h"

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

/* Nobody attached the family to it yet. */
static void plumb(struct kpi_made *made, protocol_family_t family, bool *plumbed)
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
		*plumbed = !plumber->plumb(made->ifp, family);
	mutex_unlock(&plumbers_lock);
}

/* What a plumber attached goes with the last address. */
static void unplumb(struct kpi_made *made, protocol_family_t family, bool *plumbed)
{
	struct plumber *plumber;

	if (!*plumbed)
		return;
	*plumbed = false;
	mutex_lock(&plumbers_lock);
	plumber = find_plumber(family, made->init.family);
	if (plumber && plumber->unplumb)
		plumber->unplumb(made->ifp, family);
	mutex_unlock(&plumbers_lock);
	if (!plumber || !plumber->unplumb)
		kpi_ifnet_detach_protocol(made->ifp, family);
}

static bool is_same(ifaddr_t a, ifaddr_t b)
{
	struct bsd_sockaddr_storage x = { }, y = { };

	kpi_ifaddr_address(a, (struct bsd_sockaddr *)&x, sizeof(x));
	kpi_ifaddr_address(b, (struct bsd_sockaddr *)&y, sizeof(y));
	return !memcmp(&x, &y, sizeof(x));
}

static bool is_among(ifaddr_t *list, ifaddr_t ifa)
{
	for (; list && *list; list++)
		if (is_same(*list, ifa))
			return true;
	return false;
}

/* As it is now: addresses that came and went meanwhile are nobody's news. */
void kpi_made_addresses(struct kpi_made *made, protocol_family_t family)
{
	struct kpi_made_family *f = &made->families[family == PF_INET6];
	ifaddr_t *now = NULL, *ifa;
	errno_t error = kpi_ifnet_get_address_list_family(made->ifp, &now, family);

	if ((error && error != ENXIO) || READ_ONCE(made->state) != KPI_MADE_ATTACHED) {
		kpi_ifnet_free_address_list(now);
		return;
	}
	if (now)
		plumb(made, family, &f->plumbed);
	else
		unplumb(made, family, &f->plumbed);
	for (ifa = now; ifa && *ifa; ifa++)
		if (!is_among(f->told, *ifa))
			kpi_ifnet_ioctl(made->ifp, family, KPI_SIOCSIFADDR, *ifa);
	kpi_ifnet_free_address_list(f->told);
	f->told = now;
}

/* The interface goes, and nobody is told any more: addresses keep it. */
void kpi_made_forget_addresses(struct kpi_made *made)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(made->families); i++) {
		kpi_ifnet_free_address_list(made->families[i].told);
		made->families[i].told = NULL;
	}
}

/**
 * kpi_proto_register_plumber() - be asked when an interface needs a protocol
 * @proto_fam: PF_INET, ...
 * @if_fam:    IFNET_FAMILY_..., of interfaces that kexts make
 * @plumb:     attaches the protocol, when the interface gets its first address of it
 * @unplumb:   takes it off again, after the last address; NULL: ifnet_detach_protocol()
 *
 * macOS difference: only for interfaces that kexts make, and what was attached
 * otherwise is not taken off; there programs ask for both.
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

/* It has stopped: nobody asks it any more. */
void kpi_plumbers_reclaim(const struct kpi_kext *kext)
{
	struct plumber *plumber, *next;

	mutex_lock(&plumbers_lock);
	list_for_each_entry_safe(plumber, next, &plumbers, node) {
		if (plumber->kext != kext)
			continue;
		list_del(&plumber->node);
		kpi_kext_charge(plumber->kext, KPI_HELD_CALLBACK, -1);
		kfree(plumber);
	}
	mutex_unlock(&plumbers_lock);
}
