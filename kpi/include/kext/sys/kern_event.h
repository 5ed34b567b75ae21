/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KERN_EVENT_H
#define _SYS_KERN_EVENT_H

#include <kpi/event.h>
#include <sys/appleapiopts.h>
#include <sys/ioccom.h>
#include <sys/sys_domain.h>

#define kev_d_vectors		bsd_kev_d_vectors
#define kev_msg			bsd_kev_msg
#define kern_event_msg		bsd_kern_event_msg
#define kev_request		bsd_kev_request
#define kev_vendor_code		bsd_kev_vendor_code
#define net_event_data		bsd_net_event_data
#define N_KEV_VECTORS		5
#define KEVENTS_ON		1
#define KEVENTS_OFF		0

#define KEV_MSG_HEADER_SIZE	KPI_KEV_HEADER

#define SIOCGKEVID		_IOR('e', 1, u_int32_t)
#define SIOCSKEVFILT		_IOW('e', 2, struct kev_request)
#define SIOCGKEVFILT		_IOR('e', 3, struct kev_request)
#define SIOCGKEVVENDOR		_IOWR('e', 4, struct kev_vendor_code)

#define kev_msg_post		kpi_kev_msg_post
#define kev_vendor_code_find	kpi_kev_vendor_code_find

#endif /* _SYS_KERN_EVENT_H */
