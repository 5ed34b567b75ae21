/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
#ifndef _SYS_KERN_EVENT_H
#define _SYS_KERN_EVENT_H

#include <kpi/event.h>
#include <sys/appleapiopts.h>
#include <sys/ioccom.h>
#include <sys/sys_domain.h>

#define kev_d_vectors		bsd_kev_d_vectors
#define kev_msg			bsd_kev_msg
#define net_event_data		bsd_net_event_data
#define N_KEV_VECTORS		5

struct kern_event_msg {
	u_int32_t total_size;
	u_int32_t vendor_code;
	u_int32_t kev_class;
	u_int32_t kev_subclass;
	u_int32_t id;
	u_int32_t event_code;
	u_int32_t event_data[1];
};

#define KEV_MSG_HEADER_SIZE	__builtin_offsetof(struct kern_event_msg, event_data[0])

#endif /* _SYS_KERN_EVENT_H */
