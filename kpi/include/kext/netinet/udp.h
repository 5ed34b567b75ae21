/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_UDP_H
#define _NETINET_UDP_H

#include <kpi/socknum.h>
#include <sys/types.h>
#include <sys/appleapiopts.h>

struct udphdr {
	u_short uh_sport;
	u_short uh_dport;
	u_short uh_ulen;
	u_short uh_sum;
};

_Static_assert(sizeof(struct udphdr) == 8, "udphdr layout");

/* options at IPPROTO_UDP */
#define UDP_NOCKSUM	KPI_UDP_NOCKSUM

#endif /* _NETINET_UDP_H */
