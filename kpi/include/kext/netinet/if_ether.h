/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_IF_ETHER_H
#define _NETINET_IF_ETHER_H

#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>

#define ea_byte		ether_addr_octet

struct ether_arp {
	struct arphdr ea_hdr;
	u_char arp_sha[ETHER_ADDR_LEN];
	u_char arp_spa[4];
	u_char arp_tha[ETHER_ADDR_LEN];
	u_char arp_tpa[4];
};

#define arp_hrd		ea_hdr.ar_hrd
#define arp_pro		ea_hdr.ar_pro
#define arp_hln		ea_hdr.ar_hln
#define arp_pln		ea_hdr.ar_pln
#define arp_op		ea_hdr.ar_op

#define ETHER_MAP_IP_MULTICAST(ipaddr, enaddr)			\
do {								\
	(enaddr)[0] = 0x01;					\
	(enaddr)[1] = 0x00;					\
	(enaddr)[2] = 0x5e;					\
	(enaddr)[3] = ((const u_char *)(ipaddr))[1] & 0x7f;	\
	(enaddr)[4] = ((const u_char *)(ipaddr))[2];		\
	(enaddr)[5] = ((const u_char *)(ipaddr))[3];		\
} while (0)

#endif /* _NETINET_IF_ETHER_H */
