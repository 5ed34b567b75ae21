/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbers of the socket interface: Linux's, under macOS's names.
 *
 * They come from Linux and go to Linux, so nothing has to be translated. A name
 * that only macOS has gets a number that Linux uses for nothing else of its
 * kind: what it means is the layer's business alone. A kext that compares by
 * name never sees the difference; one that puts such a number on the wire or
 * indexes a table with it has to be looked at when it is ported.
 *
 * kpi/socket/numbers.c proves at compile time that the numbers which Linux has
 * are Linux's.
 */
#ifndef _KPI_SOCKNUM_H
#define _KPI_SOCKNUM_H

/* Address families. What Linux lacks is 200 + the number on macOS. */
#define KPI_AF_UNSPEC			0
#define KPI_AF_UNIX			1
#define KPI_AF_LOCAL			KPI_AF_UNIX
#define KPI_AF_INET			2
#define KPI_AF_IPX			4
#define KPI_AF_APPLETALK		5
#define KPI_AF_INET6			10
#define KPI_AF_DECnet			12
#define KPI_AF_ROUTE			16
#define KPI_AF_SNA			22
#define KPI_AF_ISDN			34
#define KPI_AF_VSOCK			40
#define KPI_AF_IMPLINK			203
#define KPI_AF_CHAOS			205
#define KPI_AF_CCITT			210
#define KPI_AF_LINK			218
#define KPI_AF_NDRV			227
#define KPI_AF_SYSTEM			232
#define KPI_AF_NETBIOS			233
#define KPI_AF_PPP			234
#define KPI_AF_UTUN			238
#define KPI_AF_MULTIPATH		239
#define KPI_AF_MAX			255

/* Types, and the two directions of a connection. */
#define KPI_SOCK_STREAM			1
#define KPI_SOCK_DGRAM			2
#define KPI_SOCK_RAW			3
#define KPI_SOCK_RDM			4
#define KPI_SOCK_SEQPACKET		5
#define KPI_SHUT_RD			0
#define KPI_SHUT_WR			1
#define KPI_SHUT_RDWR			2
#define KPI_SOMAXCONN			4096

/* Flags of a message. The second group is not known to Linux and never gets there. */
#define KPI_MSG_OOB			0x1
#define KPI_MSG_PEEK			0x2
#define KPI_MSG_DONTROUTE		0x4
#define KPI_MSG_CTRUNC			0x8
#define KPI_MSG_TRUNC			0x20
#define KPI_MSG_DONTWAIT		0x40
#define KPI_MSG_EOR			0x80
#define KPI_MSG_WAITALL			0x100
#define KPI_MSG_EOF			0x200
#define KPI_MSG_NOSIGNAL		0x4000

#define KPI_MSG_WAITSTREAM		0x200000
#define KPI_MSG_HAVEMORE		0x400000
#define KPI_MSG_RCVMORE			0x800000
#define KPI_MSG_NEEDSA			0x1000000
#define KPI_MSG_NBIO			0x10000000
#define KPI_MSG_USEUPCALL		0x80000000

/* Options of every socket. */
#define KPI_SOL_SOCKET			1
#define KPI_SO_DEBUG			1
#define KPI_SO_REUSEADDR		2
#define KPI_SO_TYPE			3
#define KPI_SO_ERROR			4
#define KPI_SO_DONTROUTE		5
#define KPI_SO_BROADCAST		6
#define KPI_SO_SNDBUF			7
#define KPI_SO_RCVBUF			8
#define KPI_SO_KEEPALIVE		9
#define KPI_SO_OOBINLINE		10
#define KPI_SO_LINGER			13
#define KPI_SO_REUSEPORT		15
#define KPI_SO_RCVLOWAT			18
#define KPI_SO_SNDLOWAT			19
#define KPI_SO_RCVTIMEO			20
#define KPI_SO_SNDTIMEO			21
#define KPI_SO_BINDTODEVICE		25
#define KPI_SO_TIMESTAMP		29
#define KPI_SO_ACCEPTCONN		30

#define KPI_SO_TIMESTAMP_MONOTONIC	0x800
#define KPI_SO_LABEL			0x1010
#define KPI_SO_PEERLABEL		0x1011
#define KPI_SO_NREAD			0x1020
#define KPI_SO_NKE			0x1021
#define KPI_SO_NOSIGPIPE		0x1022
#define KPI_SO_NOADDRERR		0x1023
#define KPI_SO_NWRITE			0x1024
#define KPI_SO_REUSESHAREUID		0x1025
#define KPI_SO_NOTIFYCONFLICT		0x1026
#define KPI_SO_UPCALLCLOSEWAIT		0x1027
#define KPI_SO_LINGER_SEC		0x1080
#define KPI_SO_RANDOMPORT		0x1082
#define KPI_SO_NP_EXTENSIONS		0x1083
#define KPI_SO_TRAFFIC_CLASS		0x1086
#define KPI_SO_RECV_TRAFFIC_CLASS	0x1087
#define KPI_SO_DELEGATED		0x1107
#define KPI_SO_NUMRCVPKT		0x1112
#define KPI_SO_NET_SERVICE_TYPE		0x1116
#define KPI_SO_NETSVC_MARKING_LEVEL	0x1119
#define KPI_SO_USELOOPBACK		0x1140
#define KPI_SO_DONTTRUNC		0x2000
#define KPI_SO_WANTMORE			0x4000
#define KPI_SO_WANTOOBFLAG		0x8000

#define KPI_SONPX_SETOPTSHUT		0x1

/* Control messages of the socket level. */
#define KPI_SCM_RIGHTS			1
#define KPI_SCM_TIMESTAMP		29
#define KPI_SCM_CREDS			0x1003

/* What an event callback is told. */
#define KPI_SO_FILT_HINT_LOCKED		0x1
#define KPI_SO_FILT_HINT_CONNRESET	0x2
#define KPI_SO_FILT_HINT_CANTRCVMORE	0x4
#define KPI_SO_FILT_HINT_CANTSENDMORE	0x8
#define KPI_SO_FILT_HINT_TIMEOUT	0x10
#define KPI_SO_FILT_HINT_NOSRCADDR	0x20
#define KPI_SO_FILT_HINT_IFDENIED	0x40
#define KPI_SO_FILT_HINT_SUSPEND	0x80
#define KPI_SO_FILT_HINT_RESUME		0x100
#define KPI_SO_FILT_HINT_KEEPALIVE	0x200
#define KPI_SO_FILT_HINT_ADAPTIVE_WTIMO		0x400
#define KPI_SO_FILT_HINT_ADAPTIVE_RTIMO		0x800
#define KPI_SO_FILT_HINT_CONNECTED	0x1000
#define KPI_SO_FILT_HINT_DISCONNECTED	0x2000
#define KPI_SO_FILT_HINT_CONNINFO_UPDATED	0x4000

/* Protocols. */
#define KPI_IPPROTO_IP			0
#define KPI_IPPROTO_ICMP		1
#define KPI_IPPROTO_IGMP		2
#define KPI_IPPROTO_TCP			6
#define KPI_IPPROTO_UDP			17
#define KPI_IPPROTO_IPV6		41
#define KPI_IPPROTO_GRE			47
#define KPI_IPPROTO_ESP			50
#define KPI_IPPROTO_AH			51
#define KPI_IPPROTO_RAW			255
#define KPI_IPPROTO_HOPOPTS		0
#define KPI_IPPROTO_ROUTING		43
#define KPI_IPPROTO_FRAGMENT		44
#define KPI_IPPROTO_ICMPV6		58
#define KPI_IPPROTO_NONE		59
#define KPI_IPPROTO_DSTOPTS		60
#define KPI_IPPROTO_MAX			256

/* Options of IPv4. */
#define KPI_IP_TOS			1
#define KPI_IP_TTL			2
#define KPI_IP_HDRINCL			3
#define KPI_IP_OPTIONS			4
#define KPI_IP_RECVOPTS			6
#define KPI_IP_RETOPTS			7
#define KPI_IP_RECVRETOPTS		KPI_IP_RETOPTS
#define KPI_IP_PKTINFO			8
#define KPI_IP_RECVPKTINFO		KPI_IP_PKTINFO
#define KPI_IP_RECVTTL			12
#define KPI_IP_RECVTOS			13
#define KPI_IP_MULTICAST_IF		32
#define KPI_IP_MULTICAST_TTL		33
#define KPI_IP_MULTICAST_LOOP		34
#define KPI_IP_ADD_MEMBERSHIP		35
#define KPI_IP_DROP_MEMBERSHIP		36
#define KPI_IP_RECVDSTADDR		0x1007
#define KPI_IP_PORTRANGE		0x1013
#define KPI_IP_RECVIF			0x1014
#define KPI_IP_STRIPHDR			0x1017
#define KPI_IP_BOUND_IF			0x1019

#define KPI_IP_PORTRANGE_DEFAULT	0
#define KPI_IP_PORTRANGE_HIGH		1
#define KPI_IP_PORTRANGE_LOW		2

/* Options of IPv6. */
#define KPI_IPV6_CHECKSUM		7
#define KPI_IPV6_UNICAST_HOPS		16
#define KPI_IPV6_MULTICAST_IF		17
#define KPI_IPV6_MULTICAST_HOPS		18
#define KPI_IPV6_MULTICAST_LOOP		19
#define KPI_IPV6_JOIN_GROUP		20
#define KPI_IPV6_LEAVE_GROUP		21
#define KPI_IPV6_V6ONLY			26
#define KPI_IPV6_RECVPKTINFO		49
#define KPI_IPV6_PKTINFO		50
#define KPI_IPV6_RECVHOPLIMIT		51
#define KPI_IPV6_HOPLIMIT		52
#define KPI_IPV6_RECVTCLASS		66
#define KPI_IPV6_TCLASS			67
#define KPI_IPV6_PORTRANGE		0x100e
#define KPI_IPV6_BOUND_IF		0x107d

#define KPI_IPV6_PORTRANGE_DEFAULT	0
#define KPI_IPV6_PORTRANGE_HIGH		1
#define KPI_IPV6_PORTRANGE_LOW		2

/* Options of TCP. */
#define KPI_TCP_NODELAY			1
#define KPI_TCP_MAXSEG			2
#define KPI_TCP_KEEPINTVL		5
#define KPI_TCP_KEEPCNT			6
#define KPI_TCP_FASTOPEN		23
#define KPI_TCP_NOTSENT_LOWAT		25
#define KPI_TCP_NOPUSH			0x1004
#define KPI_TCP_NOOPT			0x1008
#define KPI_TCP_KEEPALIVE		0x1010
#define KPI_TCP_CONNECTIONTIMEOUT	0x1020
#define KPI_TCP_RXT_CONNDROPTIME	0x1080
#define KPI_TCP_RXT_FINDROP		0x1100
#define KPI_TCP_SENDMOREACKS		0x1103
#define KPI_TCP_ENABLE_ECN		0x1104

/* Options at IPPROTO_UDP. */
#define KPI_UDP_NOCKSUM			0x1001

/* Options of AF_UNIX. */
#define KPI_SOL_LOCAL			0x1100
#define KPI_LOCAL_PEERCRED		0x1
#define KPI_LOCAL_PEERPID		0x2
#define KPI_LOCAL_PEEREPID		0x3

/* Requests. */
#define KPI_FIONCLEX			0x5450
#define KPI_FIOCLEX			0x5451
#define KPI_FIONREAD			0x541B
#define KPI_FIONBIO			0x5421
#define KPI_FIOASYNC			0x5452
#define KPI_FIOSETOWN			0x8901
#define KPI_FIOGETOWN			0x8903
#define KPI_SIOCSPGRP			0x8902
#define KPI_SIOCGPGRP			0x8904
#define KPI_SIOCATMARK			0x8905
#define KPI_SIOCGIFCONF			0x8912
#define KPI_SIOCGIFFLAGS		0x8913
#define KPI_SIOCSIFFLAGS		0x8914
#define KPI_SIOCGIFADDR			0x8915
#define KPI_SIOCSIFADDR			0x8916
#define KPI_SIOCGIFDSTADDR		0x8917
#define KPI_SIOCSIFDSTADDR		0x8918
#define KPI_SIOCGIFBRDADDR		0x8919
#define KPI_SIOCSIFBRDADDR		0x891a
#define KPI_SIOCGIFNETMASK		0x891b
#define KPI_SIOCSIFNETMASK		0x891c
#define KPI_SIOCGIFMETRIC		0x891d
#define KPI_SIOCSIFMETRIC		0x891e
#define KPI_SIOCGIFMTU			0x8921
#define KPI_SIOCSIFMTU			0x8922
#define KPI_SIOCADDMULTI		0x8931
#define KPI_SIOCDELMULTI		0x8932

#endif /* _KPI_SOCKNUM_H */
