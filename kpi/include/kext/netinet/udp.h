/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_UDP_H
#define _NETINET_UDP_H

#include <sys/types.h>
#include <sys/appleapiopts.h>

struct udphdr {
	u_short uh_sport;
	u_short uh_dport;
	u_short uh_ulen;
	u_short uh_sum;
};

_Static_assert(sizeof(struct udphdr) == 8, "udphdr layout");

#endif /* _NETINET_UDP_H */
