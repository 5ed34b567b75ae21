/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Types and constants of the interface KPI. Its functions are not offered: a
 * kext that calls them does not compile.
 */
#ifndef _NET_KPI_INTERFACE_H
#define _NET_KPI_INTERFACE_H

#include <kpi/interface.h>
#include <sys/kernel_types.h>
#include <sys/time.h>
#include <net/if_types.h>

#define ifnet_stats_param		bsd_ifnet_stats_param
#define ifnet_stat_increment_param	bsd_ifnet_stat_increment_param

#define IFNET_FAMILY_ANY		0
#define IFNET_FAMILY_LOOPBACK		1
#define IFNET_FAMILY_ETHERNET		2
#define IFNET_FAMILY_SLIP		3
#define IFNET_FAMILY_TUN		4
#define IFNET_FAMILY_VLAN		5
#define IFNET_FAMILY_PPP		6
#define IFNET_FAMILY_PVC		7
#define IFNET_FAMILY_DISC		8
#define IFNET_FAMILY_MDECAP		9
#define IFNET_FAMILY_GIF		10
#define IFNET_FAMILY_FAITH		11
#define IFNET_FAMILY_STF		12
#define IFNET_FAMILY_FIREWIRE		13
#define IFNET_FAMILY_BOND		14
#define IFNET_FAMILY_CELLULAR		15

#define IFNET_CSUM_IP			0x00000001
#define IFNET_CSUM_TCP			0x00000002
#define IFNET_CSUM_UDP			0x00000004
#define IFNET_CSUM_FRAGMENT		0x00000008
#define IFNET_IP_FRAGMENT		0x00000010
#define IFNET_CSUM_TCPIPV6		0x00000020
#define IFNET_CSUM_UDPIPV6		0x00000040
#define IFNET_IPV6_FRAGMENT		0x00000080
#define IFNET_VLAN_TAGGING		0x00010000
#define IFNET_VLAN_MTU			0x00020000
#define IFNET_MULTIPAGES		0x00100000
#define IFNET_TSO_IPV4			0x00200000
#define IFNET_TSO_IPV6			0x00400000

typedef errno_t (*bpf_packet_func)(ifnet_t interface, mbuf_t data);

#endif /* _NET_KPI_INTERFACE_H */
