/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_SYS_DOMAIN_H
#define _SYS_SYS_DOMAIN_H

#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define SYSPROTO_EVENT		1
#define SYSPROTO_CONTROL	2
#define AF_SYS_CONTROL		2

struct sockaddr_sys {
	u_char ss_len;
	u_char ss_family;
	u_int16_t ss_sysaddr;
	u_int32_t ss_reserved[7];
};

#endif /* _SYS_SYS_DOMAIN_H */
