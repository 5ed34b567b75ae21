/* SPDX-License-Identifier: GPL-2.0 */
/* <net/kpi_interface.h>: see <kpi/interface.h>. */
#ifndef _NET_KPI_INTERFACE_H
#define _NET_KPI_INTERFACE_H

#include <kpi/interface.h>
#include <sys/kernel_types.h>
#include <sys/time.h>
#include <net/if_types.h>

#define ifnet_stats_param		bsd_ifnet_stats_param
#define ifnet_stat_increment_param	bsd_ifnet_stat_increment_param
#define ifnet_demux_desc		bsd_ifnet_demux_desc
#define ifnet_init_params		bsd_ifnet_init_params
#define ifnet_attach_proto_param	bsd_ifnet_attach_proto_param
#define ifnet_attach_proto_param_v2	bsd_ifnet_attach_proto_param_v2

#define ifnet_reference		kpi_ifnet_reference
#define ifnet_release		kpi_ifnet_release
#define ifnet_name		kpi_ifnet_name
#define ifnet_unit		kpi_ifnet_unit
#define ifnet_family		kpi_ifnet_family
#define ifnet_type		kpi_ifnet_type
#define ifnet_index		kpi_ifnet_index
#define ifnet_softc		kpi_ifnet_softc
#define ifnet_flags		kpi_ifnet_flags
#define ifnet_set_flags		kpi_ifnet_set_flags
#define ifnet_mtu		kpi_ifnet_mtu
#define ifnet_set_mtu		kpi_ifnet_set_mtu
#define ifnet_hdrlen		kpi_ifnet_hdrlen
#define ifnet_addrlen		kpi_ifnet_addrlen
#define ifnet_metric		kpi_ifnet_metric
#define ifnet_set_metric	kpi_ifnet_set_metric
#define ifnet_lladdr_copy_bytes	kpi_ifnet_lladdr_copy_bytes
#define ifnet_llbroadcast_copy_bytes	kpi_ifnet_llbroadcast_copy_bytes
#define ifnet_set_promiscuous	kpi_ifnet_set_promiscuous
#define ifnet_stat		kpi_ifnet_stat
#define ifnet_find_by_name	kpi_ifnet_find_by_name
#define ifnet_list_get		kpi_ifnet_list_get
#define ifnet_list_free		kpi_ifnet_list_free
#define ifnet_set_addrlen	kpi_ifnet_set_addrlen
#define ifnet_set_lladdr	kpi_ifnet_set_lladdr
#define ifnet_baudrate	kpi_ifnet_baudrate
#define ifnet_set_baudrate	kpi_ifnet_set_baudrate
#define ifnet_touch_lastchange	kpi_ifnet_touch_lastchange
#define ifnet_lastchange	kpi_ifnet_lastchange
#define ifnet_get_address_list	kpi_ifnet_get_address_list
#define ifnet_get_address_list_family	kpi_ifnet_get_address_list_family
#define ifnet_free_address_list	kpi_ifnet_free_address_list
#define ifaddr_reference	kpi_ifaddr_reference
#define ifaddr_release	kpi_ifaddr_release
#define ifaddr_address_family	kpi_ifaddr_address_family
#define ifaddr_ifnet	kpi_ifaddr_ifnet
#define ifaddr_address	kpi_ifaddr_address
#define ifaddr_dstaddress	kpi_ifaddr_dstaddress
#define ifaddr_netmask	kpi_ifaddr_netmask
#define ifaddr_withaddr	kpi_ifaddr_withaddr
#define ifaddr_withdstaddr	kpi_ifaddr_withdstaddr
#define ifaddr_withnet	kpi_ifaddr_withnet
#define ifaddr_withroute	kpi_ifaddr_withroute
#define ifaddr_findbestforaddr	kpi_ifaddr_findbestforaddr
#define ifnet_add_multicast	kpi_ifnet_add_multicast
#define ifnet_remove_multicast	kpi_ifnet_remove_multicast
#define ifnet_get_multicast_list	kpi_ifnet_get_multicast_list
#define ifnet_free_multicast_list	kpi_ifnet_free_multicast_list
#define ifnet_resolve_multicast	kpi_ifnet_resolve_multicast
#define ifmaddr_reference	kpi_ifmaddr_reference
#define ifmaddr_release	kpi_ifmaddr_release
#define ifmaddr_address	kpi_ifmaddr_address
#define ifmaddr_lladdress	kpi_ifmaddr_lladdress
#define ifmaddr_ifnet		kpi_ifmaddr_ifnet
#define ether_add_proto	kpi_ether_add_proto
#define ether_del_proto	kpi_ether_del_proto
#define ether_demux		kpi_ether_demux
#define ether_frameout		kpi_ether_frameout
#define ether_ioctl		kpi_ether_ioctl
#define ether_check_multi	kpi_ether_check_multi
#define ifnet_input		kpi_ifnet_input
#define ifnet_output_raw	kpi_ifnet_output_raw
#define ifnet_output		kpi_ifnet_output
#define ifnet_ioctl		kpi_ifnet_ioctl
#define ifnet_event		kpi_ifnet_event
#define ifnet_set_hdrlen	kpi_ifnet_set_hdrlen
#define ifnet_set_stat		kpi_ifnet_set_stat
#define ifnet_stat_increment	kpi_ifnet_stat_increment
#define ifnet_stat_increment_in	kpi_ifnet_stat_increment_in
#define ifnet_stat_increment_out	kpi_ifnet_stat_increment_out
#define ifnet_allocate		kpi_ifnet_allocate
#define ifnet_attach		kpi_ifnet_attach
#define ifnet_detach		kpi_ifnet_detach
#define ifnet_attach_protocol	kpi_ifnet_attach_protocol
#define ifnet_attach_protocol_v2	kpi_ifnet_attach_protocol_v2
#define ifnet_detach_protocol	kpi_ifnet_detach_protocol
#define ifnet_interface_family_find	kpi_ifnet_interface_family_find

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

#endif /* _NET_KPI_INTERFACE_H */
