/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
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
#define sockaddr_ctl	bsd_sockaddr_ctl
#define kern_ctl_reg	bsd_kern_ctl_reg

#define CTLIOCGCOUNT	_IOR('N', 2, int)
#define CTLIOCGINFO	_IOWR('N', 3, struct ctl_info)

#endif /* _SYS_KERN_CONTROL_H */
