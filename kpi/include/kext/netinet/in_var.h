/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_IN_VAR_H
#define _NETINET_IN_VAR_H

#include <sys/appleapiopts.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <net/if.h>
#include <net/if_var.h>
#include <sys/kern_event.h>

struct in_aliasreq {
	char ifra_name[IFNAMSIZ];
	struct sockaddr_in ifra_addr;
	struct sockaddr_in ifra_broadaddr;
#define ifra_dstaddr	ifra_broadaddr
	struct sockaddr_in ifra_mask;
};

struct kev_in_data {
	struct net_event_data link_data;
	struct in_addr ia_addr;
	u_int32_t ia_net;
	u_int32_t ia_netmask;
	u_int32_t ia_subnet;
	u_int32_t ia_subnetmask;
	struct in_addr ia_netbroadcast;
	struct in_addr ia_dstaddr;
};

#endif /* _NETINET_IN_VAR_H */
