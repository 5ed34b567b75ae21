/* SPDX-License-Identifier: GPL-2.0 */
/* Interface flags and requests; ifreq is laid out as on macOS. */
#ifndef _NET_IF_H
#define _NET_IF_H

#include <sys/cdefs.h>
#include <sys/appleapiopts.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <net/kpi_interface.h>

#define IF_NAMESIZE	16
#define IFNAMSIZ	IF_NAMESIZE

#define IFF_UP		0x1
#define IFF_BROADCAST	0x2
#define IFF_DEBUG	0x4
#define IFF_LOOPBACK	0x8
#define IFF_POINTOPOINT	0x10
#define IFF_NOTRAILERS	0x20
#define IFF_RUNNING	0x40
#define IFF_NOARP	0x80
#define IFF_PROMISC	0x100
#define IFF_ALLMULTI	0x200
#define IFF_OACTIVE	0x400
#define IFF_SIMPLEX	0x800
#define IFF_LINK0	0x1000
#define IFF_LINK1	0x2000
#define IFF_LINK2	0x4000
#define IFF_ALTPHYS	IFF_LINK2
#define IFF_MULTICAST	0x8000

#define IF_MINMTU	72
#define IF_MAXMTU	65535

#define ifreq		bsd_ifreq
#define ifr_name	bsd_ifr_name
#define ifr_ifru	bsd_ifr_ifru
#define ifr_addr	bsd_ifr_ifru.ifru_addr
#define ifr_dstaddr	bsd_ifr_ifru.ifru_dstaddr
#define ifr_broadaddr	bsd_ifr_ifru.ifru_broadaddr
#define ifr_flags	bsd_ifr_ifru.ifru_flags
#define ifr_metric	bsd_ifr_ifru.ifru_metric
#define ifr_mtu		bsd_ifr_ifru.ifru_mtu
#define ifr_phys	bsd_ifr_ifru.ifru_phys
#define ifr_media	bsd_ifr_ifru.ifru_media
#define ifr_data	bsd_ifr_ifru.ifru_data

/* Arguments of requests that sock_ioctl() refuses with EOPNOTSUPP. */
struct ifconf {
	int ifc_len;
	union {
		caddr_t ifcu_buf;
		struct ifreq *ifcu_req;
	} ifc_ifcu;
};
#define ifc_buf		ifc_ifcu.ifcu_buf
#define ifc_req		ifc_ifcu.ifcu_req

struct ifaliasreq {
	char ifra_name[IFNAMSIZ];
	struct sockaddr ifra_addr;
	struct sockaddr ifra_broadaddr;
	struct sockaddr ifra_mask;
};

struct ifmediareq {
	char ifm_name[IFNAMSIZ];
	int ifm_current;
	int ifm_mask;
	int ifm_status;
	int ifm_active;
	int ifm_count;
	int *ifm_ulist;
};

#endif /* _NET_IF_H */
