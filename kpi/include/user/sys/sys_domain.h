/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Protocols and addresses of PF_SYSTEM, for programs. */
#ifndef _SYS_SYS_DOMAIN_H
#define _SYS_SYS_DOMAIN_H

#include <sys/socket.h>
#include <sys/types.h>

#define SYSPROTO_EVENT		1
#define SYSPROTO_CONTROL	2
#define AF_SYS_CONTROL		2
#define AF_SYS_KERNCONTROL	2

struct sockaddr_sys {
	u_char ss_len;
	u_char ss_family;
	u_int16_t ss_sysaddr;
	u_int32_t ss_reserved[7];
};

#endif /* _SYS_SYS_DOMAIN_H */
