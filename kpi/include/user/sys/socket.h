/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* <sys/socket.h> of Linux, and the family of kernel controls and events. */
#ifndef _NETKPI_SYS_SOCKET_H
#define _NETKPI_SYS_SOCKET_H

#include_next <sys/socket.h>

#ifndef PF_SYSTEM
#define PF_SYSTEM	32
#endif
#ifndef AF_SYSTEM
#define AF_SYSTEM	PF_SYSTEM
#endif

#endif /* _NETKPI_SYS_SOCKET_H */
