/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interface filters: see, change, keep or drop the frames of one interface.
 *
 * On the way in the data is what follows the link header, which *frame_ptr points
 * to; on the way out the data begins with the link header. What is written to
 * needs to be made writable first, as everywhere: mbuf_mclhasreference(), mbuf_dup().
 */
#ifndef _KPI_INTERFACEFILTER_H
#define _KPI_INTERFACEFILTER_H

#include <kpi/event.h>
#include <kpi/interface.h>

typedef struct __ifnet_filter *interface_filter_t;

typedef errno_t (*iff_input_func)(void *cookie, ifnet_t interface,
				  protocol_family_t protocol, mbuf_t *data, char **frame_ptr);
typedef errno_t (*iff_output_func)(void *cookie, ifnet_t interface,
				   protocol_family_t protocol, mbuf_t *data);
typedef void (*iff_event_func)(void *cookie, ifnet_t interface,
			       protocol_family_t protocol, const struct bsd_kev_msg *event_msg);
typedef errno_t (*iff_ioctl_func)(void *cookie, ifnet_t interface,
				  protocol_family_t protocol, unsigned long ioctl_cmd,
				  void *ioctl_arg);
typedef void (*iff_detached_func)(void *cookie, ifnet_t interface);

struct bsd_iff_filter {
	void *iff_cookie;
	const char *iff_name;
	protocol_family_t iff_protocol;
	iff_input_func iff_input;
	iff_output_func iff_output;
	iff_event_func iff_event;
	iff_ioctl_func iff_ioctl;
	iff_detached_func iff_detached;
};

_Static_assert(sizeof(struct bsd_iff_filter) == 64, "iff_filter layout");

errno_t kpi_iflt_attach(ifnet_t interface, const struct bsd_iff_filter *filter,
			interface_filter_t *filter_ref);
errno_t kpi_iflt_attach_internal(ifnet_t interface, const struct bsd_iff_filter *filter,
				 interface_filter_t *filter_ref);
void kpi_iflt_detach(interface_filter_t filter_ref);

#endif /* _KPI_INTERFACEFILTER_H */
