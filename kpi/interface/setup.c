// SPDX-License-Identifier: GPL-2.0
/* What a kext says of an interface that it made: header, counters, events. */

#include <linux/netdevice.h>
#include <linux/slab.h>

#include <kpi/event.h>

#include "../filter/interface/event.h"
#include "../filter/interface/point.h"
#include "made.h"
#include "protocol.h"

/**
 * kpi_ifnet_set_hdrlen() - say how long an interface's link header is
 * @ifp:    an interface that a kext made
 * @hdrlen: bytes
 *
 * macOS difference: Linux's own interfaces and Ethernet ones have one of Linux's: EOPNOTSUPP.
 *
 * Context: Interrupts enabled.
 * Return: 0; EINVAL for what is no interface; EOPNOTSUPP.
 */
errno_t kpi_ifnet_set_hdrlen(ifnet_t ifp, u_int8_t hdrlen)
{
	struct kpi_made *made = kpi_made_get(ifp);
	errno_t error = 0;

	if (!made)
		return kpi_ifnet_index(ifp) == U32_MAX ? EINVAL : EOPNOTSUPP;
	if (!made->ethernet)
		WRITE_ONCE(made->hdrlen, hdrlen);
	else if (hdrlen != ETH_HLEN)
		error = EOPNOTSUPP;
	kpi_made_put(made);
	return error;
}
KPI_EXPORT(kpi_ifnet_set_hdrlen);

static errno_t increment(ifnet_t ifp, const struct bsd_ifnet_stat_increment_param *add)
{
	struct kpi_made *made = kpi_made_get(ifp);

	if (!made)
		return kpi_ifnet_index(ifp) == U32_MAX ? EINVAL : 0;
	spin_lock_bh(&made->stats_lock);
	made->stats.packets_in += add->packets_in;
	made->stats.bytes_in += add->bytes_in;
	made->stats.errors_in += add->errors_in;
	made->stats.packets_out += add->packets_out;
	made->stats.bytes_out += add->bytes_out;
	made->stats.errors_out += add->errors_out;
	made->stats.collisions += add->collisions;
	made->stats.dropped += add->dropped;
	spin_unlock_bh(&made->stats_lock);
	kpi_made_put(made);
	return 0;
}

/**
 * kpi_ifnet_stat_increment() - count what an interface did
 * @ifp:    an interface that a kext made
 * @counts: what is added; borrows
 *
 * macOS difference: Linux counts for its own interfaces; nothing is added there.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for bad arguments.
 */
errno_t kpi_ifnet_stat_increment(ifnet_t ifp, const struct bsd_ifnet_stat_increment_param *counts)
{
	return counts ? increment(ifp, counts) : EINVAL;
}
KPI_EXPORT(kpi_ifnet_stat_increment);

/**
 * kpi_ifnet_stat_increment_in() - count what came in
 * @ifp:        an interface that a kext made
 * @packets_in: packets
 * @bytes_in:   bytes
 * @errors_in:  errors
 *
 * macOS difference: as kpi_ifnet_stat_increment().
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_stat_increment_in(ifnet_t ifp, u_int32_t packets_in, u_int32_t bytes_in,
				    u_int32_t errors_in)
{
	struct bsd_ifnet_stat_increment_param add = {
		.packets_in = packets_in, .bytes_in = bytes_in, .errors_in = errors_in,
	};

	return increment(ifp, &add);
}
KPI_EXPORT(kpi_ifnet_stat_increment_in);

/**
 * kpi_ifnet_stat_increment_out() - count what went out
 * @ifp:         an interface that a kext made
 * @packets_out: packets
 * @bytes_out:   bytes
 * @errors_out:  errors
 *
 * macOS difference: as kpi_ifnet_stat_increment().
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for what is no interface.
 */
errno_t kpi_ifnet_stat_increment_out(ifnet_t ifp, u_int32_t packets_out, u_int32_t bytes_out,
				     u_int32_t errors_out)
{
	struct bsd_ifnet_stat_increment_param add = {
		.packets_out = packets_out, .bytes_out = bytes_out, .errors_out = errors_out,
	};

	return increment(ifp, &add);
}
KPI_EXPORT(kpi_ifnet_stat_increment_out);

/**
 * kpi_ifnet_set_stat() - set an interface's counters
 * @ifp:   an interface that a kext made
 * @stats: their values; borrows
 *
 * macOS difference: Linux's own interfaces keep theirs.
 *
 * Context: Interrupts enabled.
 * Return: 0, or EINVAL for bad arguments.
 */
errno_t kpi_ifnet_set_stat(ifnet_t ifp, const struct bsd_ifnet_stats_param *stats)
{
	struct kpi_made *made = stats ? kpi_made_get(ifp) : NULL;

	if (!made)
		return !stats || kpi_ifnet_index(ifp) == U32_MAX ? EINVAL : 0;
	spin_lock_bh(&made->stats_lock);
	made->stats = *stats;
	spin_unlock_bh(&made->stats_lock);
	kpi_made_put(made);
	return 0;
}
KPI_EXPORT(kpi_ifnet_set_stat);

/**
 * kpi_ifnet_event() - tell of something that happened to an interface
 * @interface: the interface
 * @event_ptr: what happened; borrows
 *
 * The interface's filters are told, its protocols and its driver, here, and then
 * who listens to kernel events.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0, or EINVAL for bad arguments.
 */
errno_t kpi_ifnet_event(ifnet_t interface, struct bsd_kern_event_msg *event_ptr)
{
	struct kpi_iflt_point *point;
	struct bsd_kev_msg msg = { };
	ifnet_t ifp;

	kpi_might_sleep();
	ifp = event_ptr && event_ptr->total_size >= KPI_KEV_HEADER ? kpi_ifnet_get(interface) : NULL;
	if (!ifp)
		return EINVAL;
	msg.vendor_code = event_ptr->vendor_code;
	msg.kev_class = event_ptr->kev_class;
	msg.kev_subclass = event_ptr->kev_subclass;
	msg.event_code = event_ptr->event_code;
	msg.dv[0].data_length = event_ptr->total_size - KPI_KEV_HEADER;
	msg.dv[0].data_ptr = event_ptr->event_data;
	point = kpi_iflt_point_get(ifp);
	if (point) {
		kpi_iflt_tell(point, &msg);
		kpi_iflt_point_put(point);
	}
	if (ifp->made)
		kpi_made_tell(ifp->made, &msg);
	kpi_ifnet_put(ifp);
	return kpi_kev_msg_post(&msg);
}
KPI_EXPORT(kpi_ifnet_event);
