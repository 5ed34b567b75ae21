/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KERN_CONTROL_H
#define _SYS_KERN_CONTROL_H

#include <kpi/control.h>
#include <sys/appleapiopts.h>
#include <sys/kern_event.h>
#include <sys/kpi_mbuf.h>
#include <sys/sys_domain.h>
#include <sys/ioccom.h>
#include <sys/types.h>

#define ctl_info	bsd_ctl_info
#define ctl_event_data	bsd_ctl_event_data
#define sockaddr_ctl	bsd_sockaddr_ctl
#define kern_ctl_reg	bsd_kern_ctl_reg

#define ctl_register		kpi_ctl_register
#define ctl_deregister		kpi_ctl_deregister
#define ctl_enqueuedata		kpi_ctl_enqueuedata
#define ctl_enqueuembuf		kpi_ctl_enqueuembuf
#define ctl_enqueuembuf_list	kpi_ctl_enqueuembuf_list
#define ctl_getenqueuespace	kpi_ctl_getenqueuespace
#define ctl_getenqueuereadable	kpi_ctl_getenqueuereadable

#define CTLIOCGCOUNT	_IOR('N', 2, int)
#define CTLIOCGINFO	_IOWR('N', 3, struct ctl_info)

#endif /* _SYS_KERN_CONTROL_H */
