/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <kpi/types.h>
#include <kpi/inet.h>
#include <sys/socket.h>
#include <machine/endian.h>

typedef u_int16_t in_port_t;
typedef u_int32_t in_addr_t;

#define in_addr				bsd_in_addr
#define sockaddr_in			bsd_sockaddr_in
#define in6_addr			bsd_in6_addr
#define sockaddr_in6			bsd_sockaddr_in6

#define inet_ntop			kpi_inet_ntop
#define inet_aton			kpi_inet_aton

#define in6addr_any			kpi_in6addr_any
#define in6addr_loopback		kpi_in6addr_loopback

#define IPPROTO_IP		KPI_IPPROTO_IP
#define IPPROTO_ICMP		KPI_IPPROTO_ICMP
#define IPPROTO_IGMP		KPI_IPPROTO_IGMP
#define IPPROTO_TCP		KPI_IPPROTO_TCP
#define IPPROTO_UDP		KPI_IPPROTO_UDP
#define IPPROTO_IPV6		KPI_IPPROTO_IPV6
#define IPPROTO_GRE		KPI_IPPROTO_GRE
#define IPPROTO_ESP		KPI_IPPROTO_ESP
#define IPPROTO_AH		KPI_IPPROTO_AH
#define IPPROTO_RAW		KPI_IPPROTO_RAW
#define IPPROTO_HOPOPTS		KPI_IPPROTO_HOPOPTS
#define IPPROTO_ROUTING		KPI_IPPROTO_ROUTING
#define IPPROTO_FRAGMENT	KPI_IPPROTO_FRAGMENT
#define IPPROTO_ICMPV6		KPI_IPPROTO_ICMPV6
#define IPPROTO_NONE		KPI_IPPROTO_NONE
#define IPPROTO_DSTOPTS		KPI_IPPROTO_DSTOPTS
#define IPPROTO_MAX		KPI_IPPROTO_MAX

#define IP_TOS			KPI_IP_TOS
#define IP_TTL			KPI_IP_TTL
#define IP_HDRINCL		KPI_IP_HDRINCL
#define IP_OPTIONS		KPI_IP_OPTIONS
#define IP_RECVOPTS		KPI_IP_RECVOPTS
#define IP_RETOPTS		KPI_IP_RETOPTS
#define IP_RECVRETOPTS		KPI_IP_RECVRETOPTS
#define IP_PKTINFO		KPI_IP_PKTINFO
#define IP_RECVPKTINFO		KPI_IP_RECVPKTINFO
#define IP_RECVTTL		KPI_IP_RECVTTL
#define IP_RECVTOS		KPI_IP_RECVTOS
#define IP_MULTICAST_IF		KPI_IP_MULTICAST_IF
#define IP_MULTICAST_TTL	KPI_IP_MULTICAST_TTL
#define IP_MULTICAST_LOOP	KPI_IP_MULTICAST_LOOP
#define IP_ADD_MEMBERSHIP	KPI_IP_ADD_MEMBERSHIP
#define IP_DROP_MEMBERSHIP	KPI_IP_DROP_MEMBERSHIP
#define IP_RECVDSTADDR		KPI_IP_RECVDSTADDR
#define IP_PORTRANGE		KPI_IP_PORTRANGE
#define IP_RECVIF		KPI_IP_RECVIF
#define IP_STRIPHDR		KPI_IP_STRIPHDR
#define IP_BOUND_IF		KPI_IP_BOUND_IF

#define IP_PORTRANGE_DEFAULT	KPI_IP_PORTRANGE_DEFAULT
#define IP_PORTRANGE_HIGH	KPI_IP_PORTRANGE_HIGH
#define IP_PORTRANGE_LOW	KPI_IP_PORTRANGE_LOW

#define IPV6_CHECKSUM		KPI_IPV6_CHECKSUM
#define IPV6_UNICAST_HOPS	KPI_IPV6_UNICAST_HOPS
#define IPV6_MULTICAST_IF	KPI_IPV6_MULTICAST_IF
#define IPV6_MULTICAST_HOPS	KPI_IPV6_MULTICAST_HOPS
#define IPV6_MULTICAST_LOOP	KPI_IPV6_MULTICAST_LOOP
#define IPV6_JOIN_GROUP		KPI_IPV6_JOIN_GROUP
#define IPV6_LEAVE_GROUP	KPI_IPV6_LEAVE_GROUP
#define IPV6_V6ONLY		KPI_IPV6_V6ONLY
#define IPV6_RECVPKTINFO	KPI_IPV6_RECVPKTINFO
#define IPV6_PKTINFO		KPI_IPV6_PKTINFO
#define IPV6_RECVHOPLIMIT	KPI_IPV6_RECVHOPLIMIT
#define IPV6_HOPLIMIT		KPI_IPV6_HOPLIMIT
#define IPV6_RECVTCLASS		KPI_IPV6_RECVTCLASS
#define IPV6_TCLASS		KPI_IPV6_TCLASS
#define IPV6_PORTRANGE		KPI_IPV6_PORTRANGE
#define IPV6_BOUND_IF		KPI_IPV6_BOUND_IF

#define IPV6_PORTRANGE_DEFAULT	KPI_IPV6_PORTRANGE_DEFAULT
#define IPV6_PORTRANGE_HIGH	KPI_IPV6_PORTRANGE_HIGH
#define IPV6_PORTRANGE_LOW	KPI_IPV6_PORTRANGE_LOW

#define INET_ADDRSTRLEN			16
#define INET6_ADDRSTRLEN		46
#define MAX_IPv4_STR_LEN		16
#define MAX_IPv6_STR_LEN		64

/* Ports. */
#define IPPORT_RESERVED			1024
#define IPPORT_USERRESERVED		5000
#define IPPORT_HIFIRSTAUTO		49152
#define IPPORT_HILASTAUTO		65535
#define IPPORT_RESERVEDSTART		600

/* IPv4 addresses; the classes take an address in host byte order. */
#define INADDR_ANY			((u_int32_t)0x00000000)
#define INADDR_BROADCAST		((u_int32_t)0xffffffff)
#define INADDR_NONE			((u_int32_t)0xffffffff)
#define INADDR_LOOPBACK			((u_int32_t)0x7f000001)
#define INADDR_UNSPEC_GROUP		((u_int32_t)0xe0000000)
#define INADDR_ALLHOSTS_GROUP		((u_int32_t)0xe0000001)
#define INADDR_ALLRTRS_GROUP		((u_int32_t)0xe0000002)
#define INADDR_MAX_LOCAL_GROUP		((u_int32_t)0xe00000ff)
#define IN_LOOPBACKNET			127

#define IN_CLASSA(i)			(((u_int32_t)(i) & 0x80000000) == 0)
#define IN_CLASSA_NET			0xff000000
#define IN_CLASSA_NSHIFT		24
#define IN_CLASSA_HOST			0x00ffffff
#define IN_CLASSA_MAX			128
#define IN_CLASSB(i)			(((u_int32_t)(i) & 0xc0000000) == 0x80000000)
#define IN_CLASSB_NET			0xffff0000
#define IN_CLASSB_NSHIFT		16
#define IN_CLASSB_HOST			0x0000ffff
#define IN_CLASSB_MAX			65536
#define IN_CLASSC(i)			(((u_int32_t)(i) & 0xe0000000) == 0xc0000000)
#define IN_CLASSC_NET			0xffffff00
#define IN_CLASSC_NSHIFT		8
#define IN_CLASSC_HOST			0x000000ff
#define IN_CLASSD(i)			(((u_int32_t)(i) & 0xf0000000) == 0xe0000000)
#define IN_CLASSD_NET			0xf0000000
#define IN_CLASSD_NSHIFT		28
#define IN_CLASSD_HOST			0x0fffffff
#define IN_MULTICAST(i)			IN_CLASSD(i)
#define IN_EXPERIMENTAL(i)		(((u_int32_t)(i) & 0xf0000000) == 0xf0000000)
#define IN_BADCLASS(i)			IN_EXPERIMENTAL(i)
#define IN_LOOPBACK(i)			(((u_int32_t)(i) & 0xff000000) == 0x7f000000)
#define IN_ZERONET(i)			(((u_int32_t)(i) & 0xff000000) == 0)
#define IN_LINKLOCALNETNUM		((u_int32_t)0xa9fe0000)
#define IN_LINKLOCAL(i)			(((u_int32_t)(i) & IN_CLASSB_NET) == IN_LINKLOCALNETNUM)
#define IN_LOCAL_GROUP(i)		(((u_int32_t)(i) & 0xffffff00) == 0xe0000000)
#define IN_PRIVATE(i)						\
	(((u_int32_t)(i) & 0xff000000) == 0x0a000000 ||		\
	 ((u_int32_t)(i) & 0xfff00000) == 0xac100000 ||		\
	 ((u_int32_t)(i) & 0xffff0000) == 0xc0a80000)

/* IPv6 addresses. */
#define s6_addr				__u6_addr.__u6_addr8
#define s6_addr8			__u6_addr.__u6_addr8
#define s6_addr16			__u6_addr.__u6_addr16
#define s6_addr32			__u6_addr.__u6_addr32

#define SIN6_LEN			1

#define IN6ADDR_ANY_INIT		{ { { 0 } } }
#define IN6ADDR_LOOPBACK_INIT \
	{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } }

#define IN6_ARE_ADDR_EQUAL(a, b)				\
	((a)->s6_addr32[0] == (b)->s6_addr32[0] &&		\
	 (a)->s6_addr32[1] == (b)->s6_addr32[1] &&		\
	 (a)->s6_addr32[2] == (b)->s6_addr32[2] &&		\
	 (a)->s6_addr32[3] == (b)->s6_addr32[3])
#define __IN6_HIGH96_ZERO(a)					\
	((a)->s6_addr32[0] == 0 && (a)->s6_addr32[1] == 0 && (a)->s6_addr32[2] == 0)
#define IN6_IS_ADDR_UNSPECIFIED(a)	(__IN6_HIGH96_ZERO(a) && (a)->s6_addr32[3] == 0)
#define IN6_IS_ADDR_LOOPBACK(a)		(__IN6_HIGH96_ZERO(a) && (a)->s6_addr32[3] == htonl(1))
#define IN6_IS_ADDR_V4COMPAT(a)					\
	(__IN6_HIGH96_ZERO(a) && (a)->s6_addr32[3] != 0 && (a)->s6_addr32[3] != htonl(1))
#define IN6_IS_ADDR_V4MAPPED(a)					\
	((a)->s6_addr32[0] == 0 && (a)->s6_addr32[1] == 0 &&	\
	 (a)->s6_addr32[2] == htonl(0x0000ffff))
#define IN6_IS_ADDR_LINKLOCAL(a) \
	((a)->s6_addr8[0] == 0xfe && ((a)->s6_addr8[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_SITELOCAL(a) \
	((a)->s6_addr8[0] == 0xfe && ((a)->s6_addr8[1] & 0xc0) == 0xc0)
#define IN6_IS_ADDR_UNIQUE_LOCAL(a)	((a)->s6_addr8[0] == 0xfc || (a)->s6_addr8[0] == 0xfd)
#define IN6_IS_ADDR_MULTICAST(a)	((a)->s6_addr8[0] == 0xff)
#define __IN6_MC_SCOPE(a)		((a)->s6_addr8[1] & 0x0f)
#define IN6_IS_ADDR_MC_NODELOCAL(a) \
	(IN6_IS_ADDR_MULTICAST(a) && __IN6_MC_SCOPE(a) == 0x01)
#define IN6_IS_ADDR_MC_LINKLOCAL(a) \
	(IN6_IS_ADDR_MULTICAST(a) && __IN6_MC_SCOPE(a) == 0x02)
#define IN6_IS_ADDR_MC_SITELOCAL(a) \
	(IN6_IS_ADDR_MULTICAST(a) && __IN6_MC_SCOPE(a) == 0x05)
#define IN6_IS_ADDR_MC_ORGLOCAL(a) \
	(IN6_IS_ADDR_MULTICAST(a) && __IN6_MC_SCOPE(a) == 0x08)
#define IN6_IS_ADDR_MC_GLOBAL(a) \
	(IN6_IS_ADDR_MULTICAST(a) && __IN6_MC_SCOPE(a) == 0x0e)

/* Arguments of options; laid out as on Linux. */
struct ip_mreq {
	struct in_addr imr_multiaddr;
	struct in_addr imr_interface;
};

struct ip_mreqn {
	struct in_addr imr_multiaddr;
	struct in_addr imr_address;
	int imr_ifindex;
};

struct in_pktinfo {
	unsigned int ipi_ifindex;
	struct in_addr ipi_spec_dst;
	struct in_addr ipi_addr;
};

struct ipv6_mreq {
	struct in6_addr ipv6mr_multiaddr;
	unsigned int ipv6mr_interface;
};

struct in6_pktinfo {
	struct in6_addr ipi6_addr;
	unsigned int ipi6_ifindex;
};

#endif /* _NETINET_IN_H */
