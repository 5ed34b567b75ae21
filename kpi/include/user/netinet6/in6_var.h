/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* What kernel events say of IPv6 addresses, for programs on Linux: as they are written for macOS. */
#ifndef _NETINET6_IN6_VAR_H
#define _NETINET6_IN6_VAR_H

#include <netinet/in.h>
#include <sys/kern_event.h>
#include <sys/types.h>

#define KEV_INET6_SUBCLASS		6

#define KEV_INET6_NEW_USER_ADDR		1
#define KEV_INET6_CHANGED_ADDR		2
#define KEV_INET6_ADDR_DELETED		3
#define KEV_INET6_NEW_LL_ADDR		4
#define KEV_INET6_NEW_RTADV_ADDR	5
#define KEV_INET6_DEFROUTER		6

/* Seconds; 0xffffffff is for ever. */
struct kev_in6_addrlifetime {
	u_int32_t ia6t_expire;
	u_int32_t ia6t_preferred;
	u_int32_t ia6t_vltime;
	u_int32_t ia6t_pltime;
};

/* Behind an event of KEV_INET6_SUBCLASS. */
struct kev_in6_data {
	struct net_event_data link_data;
	struct sockaddr_in6 ia_addr;
	struct sockaddr_in6 ia_net;
	struct sockaddr_in6 ia_dstaddr;
	struct sockaddr_in6 ia_prefixmask;
	u_int32_t ia_plen;
	u_int32_t ia6_flags;
	struct kev_in6_addrlifetime ia_lifetime;
	u_int8_t ia_mac[6];
};

#endif /* _NETINET6_IN6_VAR_H */
