/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_ETHERNET_H
#define _NET_ETHERNET_H

#include <sys/types.h>
#include <sys/cdefs.h>

#define ETHER_ADDR_LEN		6
#define ETHER_TYPE_LEN		2
#define ETHER_CRC_LEN		4
#define ETHER_HDR_LEN		(ETHER_ADDR_LEN * 2 + ETHER_TYPE_LEN)
#define ETHER_MIN_LEN		64
#define ETHER_MAX_LEN		1518
#define ETHER_VLAN_ENCAP_LEN	4
#define ETHERMTU		(ETHER_MAX_LEN - ETHER_HDR_LEN - ETHER_CRC_LEN)
#define ETHERMIN		(ETHER_MIN_LEN - ETHER_HDR_LEN - ETHER_CRC_LEN)
#define ETHER_IS_VALID_LEN(len)	((len) >= ETHER_MIN_LEN && (len) <= ETHER_MAX_LEN)

#define ETHERTYPE_PUP		0x0200
#define ETHERTYPE_IP		0x0800
#define ETHERTYPE_ARP		0x0806
#define ETHERTYPE_REVARP	0x8035
#define ETHERTYPE_AT		0x809b
#define ETHERTYPE_AARP		0x80f3
#define ETHERTYPE_VLAN		0x8100
#define ETHERTYPE_IPV6		0x86dd
#define ETHERTYPE_PPPOEDISC	0x8863
#define ETHERTYPE_PPPOE		0x8864
#define ETHERTYPE_PAE		0x888e
#define ETHERTYPE_RSN_PREAUTH	0x88c7
#define ETHERTYPE_PTP		0x88f7
#define ETHERTYPE_LOOPBACK	0x9000
#define ETHERTYPE_TRAIL		0x1000
#define ETHERTYPE_NTRAILER	16

typedef struct ether_header {
	u_char ether_dhost[ETHER_ADDR_LEN];
	u_char ether_shost[ETHER_ADDR_LEN];
	u_short ether_type;
} ether_header_t;

typedef struct ether_addr {
	u_char octet[ETHER_ADDR_LEN];
} ether_addr_t;

#define ether_addr_octet	octet

_Static_assert(sizeof(struct ether_header) == ETHER_HDR_LEN, "ether_header layout");

#endif /* _NET_ETHERNET_H */
