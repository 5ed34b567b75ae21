/* SPDX-License-Identifier: GPL-2.0 */
/* Out of scope: here only so that an #include does not fail. */
#ifndef _SYS_PROTOSW_H
#define _SYS_PROTOSW_H

#include <sys/types.h>
#include <sys/socket.h>

#define PRC_IFDOWN		0
#define PRC_HOSTDEAD		6
#define PRC_MSGSIZE		5
#define PRC_UNREACH_NET		8
#define PRC_UNREACH_HOST	9
#define PRC_UNREACH_PORT	11

#endif /* _SYS_PROTOSW_H */
