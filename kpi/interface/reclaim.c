// SPDX-License-Identifier: GPL-2.0
/*
 * What a kext left behind when it stopped: interfaces that it made, protocols that it
 * attached, plumbers. Its functions may use what it has freed already, so none is called
 * any more: stubs stand in for them until all has gone.
 */

#include <linux/slab.h>

#include <kpi/errno.h>
#include <kpi/mbuf.h>

#include "made.h"
#include "news.h"
#include "protocol.h"

static DEFINE_SPINLOCK(attached_lock);
static LIST_HEAD(attached);		/* W: attached_lock */

void kpi_made_list(struct kpi_made *made)
{
	spin_lock(&attached_lock);
	list_add(&made->node, &attached);
	spin_unlock(&attached_lock);
}

void kpi_made_unlist(struct kpi_made *made)
{
	spin_lock(&attached_lock);
	list_del(&made->node);
	spin_unlock(&attached_lock);
}

/* --- stubs --- */

static errno_t no_output(ifnet_t ifp, mbuf_t m)
{
	kpi_mbuf_freem(m);
	return ENETDOWN;
}

static errno_t no_demux(ifnet_t ifp, mbuf_t m, char *header, protocol_family_t *family)
{
	return ENOENT;
}

static errno_t no_framer(ifnet_t ifp, mbuf_t *m, const struct bsd_sockaddr *dest,
			 const char *link, const char *type)
{
	return ENETDOWN;
}

static errno_t no_add_proto(ifnet_t ifp, protocol_family_t family,
			    const struct bsd_ifnet_demux_desc *demux, u_int32_t count)
{
	return ENXIO;
}

static errno_t no_del_proto(ifnet_t ifp, protocol_family_t family)
{
	return 0;
}

static errno_t no_ioctl(ifnet_t ifp, unsigned long code, void *arg)
{
	return EOPNOTSUPP;
}

static void no_event(ifnet_t ifp, const struct bsd_kev_msg *msg)
{
}

static void no_detached(ifnet_t ifp)
{
}

static errno_t no_input(ifnet_t ifp, protocol_family_t family, mbuf_t m, char *header)
{
	return ENETDOWN;
}

static errno_t no_input_v2(ifnet_t ifp, protocol_family_t family, mbuf_t m)
{
	return ENETDOWN;
}

static errno_t no_preout(ifnet_t ifp, protocol_family_t family, mbuf_t *m,
			 const struct bsd_sockaddr *dest, void *route, char *type, char *link)
{
	return ENETDOWN;
}

static void no_proto_event(ifnet_t ifp, protocol_family_t family, const struct bsd_kev_msg *msg)
{
}

static errno_t no_proto_ioctl(ifnet_t ifp, protocol_family_t family, unsigned long code, void *arg)
{
	return EOPNOTSUPP;
}

static errno_t no_proto_detached(ifnet_t ifp, protocol_family_t family)
{
	return 0;
}

/* Threads look at these without a lock: what was there stays there. */
#define MUTE(function, stub)				\
	do {						\
		if (function)				\
			WRITE_ONCE(function, stub);	\
	} while (0)

static void mute_driver(struct kpi_made *made)
{
	struct bsd_ifnet_init_params *init = &made->init;

	MUTE(init->output, no_output);
	MUTE(init->demux, no_demux);
	MUTE(init->add_proto, no_add_proto);
	MUTE(init->del_proto, no_del_proto);
	MUTE(init->framer, no_framer);
	MUTE(init->ioctl, no_ioctl);
	MUTE(init->detach, no_detached);
	MUTE(init->event, no_event);
}

static void mute_protocol(struct kpi_made_protocol *protocol)
{
	struct bsd_ifnet_attach_proto_param *f = &protocol->f;

	MUTE(f->input, no_input);
	MUTE(protocol->input_v2, no_input_v2);
	MUTE(f->pre_output, no_preout);
	MUTE(f->event, no_proto_event);
	MUTE(f->ioctl, no_proto_ioctl);
	MUTE(f->detached, no_proto_detached);
}

/* --- what is left --- */

/* Mutes protocols of the kext's on somebody's interface. One that is to be detached; 0 without. */
static protocol_family_t left_protocol(struct kpi_made *made, const struct kpi_kext *kext)
{
	bool stays = READ_ONCE(made->state) == KPI_MADE_ATTACHED;
	struct kpi_made_protocol *protocol;
	protocol_family_t family = 0;

	spin_lock_bh(&made->protocols_lock);
	list_for_each_entry(protocol, &made->protocols, node)
		if (protocol->kext == kext) {
			mute_protocol(protocol);
			family = stays ? protocol->family : 0;
		}
	spin_unlock_bh(&made->protocols_lock);
	return family;
}

static bool is_left(const struct kpi_made *made, const struct kpi_kext *kext)
{
	return made->kext == kext && READ_ONCE(made->state) == KPI_MADE_ATTACHED;
}

/* An interface with something of the kext's, held; NULL after the last. */
static struct kpi_made *find_left(const struct kpi_kext *kext, protocol_family_t *family)
{
	struct kpi_made *made;

	spin_lock(&attached_lock);
	list_for_each_entry(made, &attached, node) {
		*family = left_protocol(made, kext);
		if ((*family || is_left(made, kext)) && refcount_inc_not_zero(&made->refs)) {
			spin_unlock(&attached_lock);
			return made;
		}
	}
	spin_unlock(&attached_lock);
	return NULL;
}

/*
 * The kext has stopped: none of its functions is called any more, but by an interface that it
 * is having detached. Whoever asks for this waits for those that run.
 */
void kpi_interface_silence(const struct kpi_kext *kext)
{
	struct kpi_made *made;

	spin_lock(&attached_lock);
	list_for_each_entry(made, &attached, node) {
		left_protocol(made, kext);
		if (is_left(made, kext))
			mute_driver(made);
	}
	spin_unlock(&attached_lock);
}

/* The same, and all of it goes. */
void kpi_interface_reclaim(const struct kpi_kext *kext)
{
	protocol_family_t family;
	struct kpi_made *made;

	kpi_interface_silence(kext);
	kpi_plumbers_reclaim(kext);
	while ((made = find_left(kext, &family))) {
		if (family)
			kpi_ifnet_detach_protocol(made->ifp, family);
		if (is_left(made, kext))
			kpi_ifnet_detach(made->ifp);
		kpi_made_put(made);
	}
}
