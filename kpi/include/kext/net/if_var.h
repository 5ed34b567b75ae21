/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants only: the functions of this KPI are not offered, so a
 * kext that calls them does not compile.
 */
#ifndef _NET_IF_VAR_H
#define _NET_IF_VAR_H

#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/time.h>
#include <net/kpi_interface.h>

#define APPLE_IF_FAM_LOOPBACK	1
#define APPLE_IF_FAM_ETHERNET	2
#define APPLE_IF_FAM_TUN	4
#define APPLE_IF_FAM_VLAN	5
#define APPLE_IF_FAM_PPP	6

#define IF_MAXUNIT		0x7fff
#define IFQ_MAXLEN		128

#endif /* _NET_IF_VAR_H */
