/* SPDX-License-Identifier: GPL-2.0 */
/* Constants of routing messages; routing sockets are not offered. */
#ifndef _NET_ROUTE_H
#define _NET_ROUTE_H

#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <sys/socket.h>

#define RTF_UP		0x1
#define RTF_GATEWAY	0x2
#define RTF_HOST	0x4
#define RTF_REJECT	0x8
#define RTF_DYNAMIC	0x10
#define RTF_MODIFIED	0x20
#define RTF_DONE	0x40
#define RTF_CLONING	0x100
#define RTF_XRESOLVE	0x200
#define RTF_LLINFO	0x400
#define RTF_STATIC	0x800
#define RTF_BLACKHOLE	0x1000
#define RTF_PROTO2	0x4000
#define RTF_PROTO1	0x8000

#define RTM_VERSION	5
#define RTM_ADD		0x1
#define RTM_DELETE	0x2
#define RTM_CHANGE	0x3
#define RTM_GET		0x4
#define RTM_LOSING	0x5
#define RTM_REDIRECT	0x6
#define RTM_MISS	0x7
#define RTM_IFINFO	0xe
#define RTM_NEWADDR	0xc
#define RTM_DELADDR	0xd

#define RTA_DST		0x1
#define RTA_GATEWAY	0x2
#define RTA_NETMASK	0x4
#define RTA_IFP		0x10
#define RTA_IFA		0x20

#endif /* _NET_ROUTE_H */
