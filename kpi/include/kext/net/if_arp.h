/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_IF_ARP_H
#define _NET_IF_ARP_H

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>

#define ARPHRD_ETHER		1
#define ARPHRD_IEEE802		6
#define ARPHRD_FRELAY		15
#define ARPHRD_IEEE1394		24

#define ARPOP_REQUEST		1
#define ARPOP_REPLY		2
#define ARPOP_REVREQUEST	3
#define ARPOP_REVREPLY		4
#define ARPOP_INVREQUEST	8
#define ARPOP_INVREPLY		9

struct arphdr {
	u_short ar_hrd;
	u_short ar_pro;
	u_char ar_hln;
	u_char ar_pln;
	u_short ar_op;
};

#endif /* _NET_IF_ARP_H */
