/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_ICMP6_H
#define _NETINET_ICMP6_H

#include <sys/types.h>
#include <netinet/in.h>

struct icmp6_hdr {
	u_int8_t icmp6_type;
	u_int8_t icmp6_code;
	u_int16_t icmp6_cksum;
	union {
		u_int32_t icmp6_un_data32[1];
		u_int16_t icmp6_un_data16[2];
		u_int8_t icmp6_un_data8[4];
	} icmp6_dataun;
} __attribute__((__packed__));

#define icmp6_data32	icmp6_dataun.icmp6_un_data32
#define icmp6_data16	icmp6_dataun.icmp6_un_data16
#define icmp6_data8	icmp6_dataun.icmp6_un_data8
#define icmp6_pptr	icmp6_data32[0]
#define icmp6_mtu	icmp6_data32[0]
#define icmp6_id	icmp6_data16[0]
#define icmp6_seq	icmp6_data16[1]
#define icmp6_maxdelay	icmp6_data16[0]

#define ICMP6_DST_UNREACH	1
#define ICMP6_PACKET_TOO_BIG	2
#define ICMP6_TIME_EXCEEDED	3
#define ICMP6_PARAM_PROB	4
#define ICMP6_ECHO_REQUEST	128
#define ICMP6_ECHO_REPLY	129
#define MLD_LISTENER_QUERY	130
#define MLD_LISTENER_REPORT	131
#define MLD_LISTENER_DONE	132
#define ND_ROUTER_SOLICIT	133
#define ND_ROUTER_ADVERT	134
#define ND_NEIGHBOR_SOLICIT	135
#define ND_NEIGHBOR_ADVERT	136
#define ND_REDIRECT		137

#define ICMP6_DST_UNREACH_NOROUTE	0
#define ICMP6_DST_UNREACH_ADMIN		1
#define ICMP6_DST_UNREACH_ADDR		3
#define ICMP6_DST_UNREACH_NOPORT	4

#endif /* _NETINET_ICMP6_H */
