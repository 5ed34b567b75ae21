/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_IP_H
#define _NETINET_IP_H

#include <sys/types.h>
#include <sys/appleapiopts.h>
#include <netinet/in.h>
#include <netinet/in_systm.h>

#define IPVERSION	4

struct ip {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	u_int ip_hl:4;
	u_int ip_v:4;
#else
	u_int ip_v:4;
	u_int ip_hl:4;
#endif
	u_char ip_tos;
	u_short ip_len;
	u_short ip_id;
	u_short ip_off;
	u_char ip_ttl;
	u_char ip_p;
	u_short ip_sum;
	struct in_addr ip_src;
	struct in_addr ip_dst;
};

_Static_assert(sizeof(struct ip) == 20, "ip layout");

#define IP_RF		0x8000
#define IP_DF		0x4000
#define IP_MF		0x2000
#define IP_OFFMASK	0x1fff
#define IP_MAXPACKET	65535

#define IPTOS_LOWDELAY		0x10
#define IPTOS_THROUGHPUT	0x08
#define IPTOS_RELIABILITY	0x04
#define IPTOS_MINCOST		0x02
#define IPTOS_ECN_NOTECT	0x00
#define IPTOS_ECN_ECT1		0x01
#define IPTOS_ECN_ECT0		0x02
#define IPTOS_ECN_CE		0x03
#define IPTOS_ECN_MASK		0x03
#define IPTOS_DSCP_MASK		0xfc

#define IPOPT_COPIED(o)		((o) & 0x80)
#define IPOPT_CLASS(o)		((o) & 0x60)
#define IPOPT_NUMBER(o)		((o) & 0x1f)
#define IPOPT_CONTROL		0x00
#define IPOPT_DEBMEAS		0x40
#define IPOPT_EOL		0
#define IPOPT_NOP		1
#define IPOPT_RR		7
#define IPOPT_TS		68
#define IPOPT_SECURITY		130
#define IPOPT_LSRR		131
#define IPOPT_SATID		136
#define IPOPT_SSRR		137
#define IPOPT_RA		148
#define IPOPT_OPTVAL		0
#define IPOPT_OLEN		1
#define IPOPT_OFFSET		2
#define IPOPT_MINOFF		4

#define MAXTTL		255
#define IPDEFTTL	64
#define IPFRAGTTL	60
#define IPTTLDEC	1
#define IP_MSS		576

#endif /* _NETINET_IP_H */
