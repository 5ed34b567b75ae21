/* SPDX-License-Identifier: GPL-2.0 */
/* The protocols that are attached to an interface of a kext. */
#ifndef _KPI_INTERFACE_PROTOCOL_H
#define _KPI_INTERFACE_PROTOCOL_H

#include <linux/list.h>
#include <linux/refcount.h>

#include <kpi/interface.h>

struct bsd_kev_msg;
struct kpi_kext;
struct kpi_made;

/* A protocol that is attached. */
struct kpi_made_protocol {
	struct list_head node;		/* W: protocols_lock */
	refcount_t refs;		/* the list's, and one for each call */
	protocol_family_t family;
	struct bsd_ifnet_attach_proto_param f;
	proto_media_input_v2 input_v2;	/* instead of f.input */
	struct kpi_kext *kext;
};

struct kpi_made_protocol *kpi_made_protocol_get(struct kpi_made *made, protocol_family_t family);
void kpi_made_protocol_put(struct kpi_made *made, struct kpi_made_protocol *protocol);
void kpi_made_detach_protocols(struct kpi_made *made);
void kpi_made_tell(struct kpi_made *made, const struct bsd_kev_msg *msg);

#endif /* _KPI_INTERFACE_PROTOCOL_H */
