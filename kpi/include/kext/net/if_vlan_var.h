/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_IF_VLAN_VAR_H
#define _NET_IF_VLAN_VAR_H

#include <net/ethernet.h>
#include <net/if.h>
#include <sys/types.h>

/* An Ethernet header with a tag of IEEE 802.1Q in it, in network order. */
struct ether_vlan_header {
	u_int8_t evl_dhost[ETHER_ADDR_LEN];
	u_int8_t evl_shost[ETHER_ADDR_LEN];
	u_int16_t evl_encap_proto;
	u_int16_t evl_tag;
	u_int16_t evl_proto;
};

_Static_assert(sizeof(struct ether_vlan_header) == 18, "ether_vlan_header layout");

#define EVL_ENCAPLEN		4
#define EVL_VLID_MASK		0x0fff
#define EVL_VLANOFTAG(tag)	((tag) & EVL_VLID_MASK)
#define EVL_PRIOFTAG(tag)	(((tag) >> 13) & 7)

struct vlanreq {
	char vlr_parent[IFNAMSIZ];
	u_short vlr_tag;
};

#endif /* _NET_IF_VLAN_VAR_H */
