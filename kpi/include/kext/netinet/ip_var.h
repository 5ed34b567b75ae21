/* SPDX-License-Identifier: GPL-2.0 */
/* The header over which UDP and TCP reckon their checksums; the stack's own state is not offered. */
#ifndef _NETINET_IP_VAR_H
#define _NETINET_IP_VAR_H

#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/types.h>

struct ipovly {
	u_char ih_x1[9];
	u_char ih_pr;
	u_short ih_len;
	struct in_addr ih_src;
	struct in_addr ih_dst;
};

_Static_assert(sizeof(struct ipovly) == 20, "ipovly layout");

#endif /* _NETINET_IP_VAR_H */
