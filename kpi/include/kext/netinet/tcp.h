/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_TCP_H
#define _NETINET_TCP_H

#include <kpi/types.h>
#include <kpi/socknum.h>

#define TCP_NODELAY		KPI_TCP_NODELAY
#define TCP_MAXSEG		KPI_TCP_MAXSEG
#define TCP_KEEPINTVL		KPI_TCP_KEEPINTVL
#define TCP_KEEPCNT		KPI_TCP_KEEPCNT
#define TCP_FASTOPEN		KPI_TCP_FASTOPEN
#define TCP_NOTSENT_LOWAT	KPI_TCP_NOTSENT_LOWAT
#define TCP_NOPUSH		KPI_TCP_NOPUSH
#define TCP_NOOPT		KPI_TCP_NOOPT
#define TCP_KEEPALIVE		KPI_TCP_KEEPALIVE
#define TCP_CONNECTIONTIMEOUT	KPI_TCP_CONNECTIONTIMEOUT
#define TCP_RXT_CONNDROPTIME	KPI_TCP_RXT_CONNDROPTIME
#define TCP_RXT_FINDROP		KPI_TCP_RXT_FINDROP
#define TCP_SENDMOREACKS	KPI_TCP_SENDMOREACKS
#define TCP_ENABLE_ECN		KPI_TCP_ENABLE_ECN

typedef u_int32_t tcp_seq;
typedef u_int32_t tcp_cc;

struct tcphdr {
	unsigned short th_sport;
	unsigned short th_dport;
	tcp_seq th_seq;
	tcp_seq th_ack;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	unsigned int th_x2 : 4,
		     th_off : 4;	/* header length in words of 4 bytes */
#else
	unsigned int th_off : 4,
		     th_x2 : 4;
#endif
	unsigned char th_flags;
	unsigned short th_win;
	unsigned short th_sum;
	unsigned short th_urp;
};

_Static_assert(sizeof(struct tcphdr) == 20, "tcphdr layout");

#define TH_FIN			0x01
#define TH_SYN			0x02
#define TH_RST			0x04
#define TH_PUSH			0x08
#define TH_ACK			0x10
#define TH_URG			0x20
#define TH_ECE			0x40
#define TH_CWR			0x80
#define TH_FLAGS		(TH_FIN | TH_SYN | TH_RST | TH_ACK | TH_URG | TH_ECE | TH_CWR)

#define TCPOPT_EOL		0
#define TCPOPT_NOP		1
#define TCPOPT_MAXSEG		2
#define TCPOLEN_MAXSEG		4
#define TCPOPT_WINDOW		3
#define TCPOLEN_WINDOW		3
#define TCPOPT_SACK_PERMITTED	4
#define TCPOLEN_SACK_PERMITTED	2
#define TCPOPT_SACK		5
#define TCPOPT_TIMESTAMP	8
#define TCPOLEN_TIMESTAMP	10
#define TCPOLEN_TSTAMP_APPA	(TCPOLEN_TIMESTAMP + 2)

#define TCP_MSS			512
#define TCP_MINMSS		216
#define TCP_MAXWIN		65535
#define TCP_MAX_WINSHIFT	14
#define TCP_MAXHLEN		(0xf << 2)
#define TCP_MAXOLEN		(TCP_MAXHLEN - sizeof(struct tcphdr))

#endif /* _NETINET_TCP_H */
