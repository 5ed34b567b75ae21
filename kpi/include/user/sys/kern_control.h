/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Kernel controls, for programs on Linux: as they are written for macOS.
 *
 * socket(PF_SYSTEM, SOCK_DGRAM or SOCK_STREAM, SYSPROTO_CONTROL), CTLIOCGINFO to
 * turn the control's name into an id, connect() to it; then send, recv, poll,
 * setsockopt and getsockopt with level SYSPROTO_CONTROL.
 */
#ifndef _SYS_KERN_CONTROL_H
#define _SYS_KERN_CONTROL_H

#include <sys/ioctl.h>
#include <sys/sys_domain.h>
#include <sys/types.h>

#define MAX_KCTL_NAME		96

struct ctl_info {
	u_int32_t ctl_id;
	char ctl_name[MAX_KCTL_NAME];
};

struct sockaddr_ctl {
	u_char sc_len;
	u_char sc_family;
	u_int16_t ss_sysaddr;
	u_int32_t sc_id;
	u_int32_t sc_unit;
	u_int32_t sc_reserved[5];
};

#define CTLIOCGCOUNT		_IOR('N', 2, int)
#define CTLIOCGINFO		_IOWR('N', 3, struct ctl_info)

#define KEV_CTL_SUBCLASS	2
#define KEV_CTL_REGISTERED	1
#define KEV_CTL_DEREGISTERED	2

struct ctl_event_data {
	u_int32_t ctl_id;
	u_int32_t ctl_unit;
};

#endif /* _SYS_KERN_CONTROL_H */
