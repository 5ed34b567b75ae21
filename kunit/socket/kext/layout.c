// SPDX-License-Identifier: GPL-2.0
/*
 * Layouts and numbers as a kext sees them, checked by compiling. Layouts are
 * those of macOS, numbers those of Linux; names that only macOS has must differ
 * from each other and fit where they are stored.
 */

#include "scenario.h"

#define LAYOUT(type, size)		_Static_assert(sizeof(type) == (size), #type)
#define OFFSET(type, member, offset)	\
	_Static_assert(__builtin_offsetof(type, member) == (offset), #type "." #member)
#define NUMBER(name, value)		_Static_assert((name) == (value), #name)

LAYOUT(struct sockaddr, 16);
OFFSET(struct sockaddr, sa_len, 0);
OFFSET(struct sockaddr, sa_family, 1);
OFFSET(struct sockaddr, sa_data, 2);
LAYOUT(struct sockaddr_in, 16);
OFFSET(struct sockaddr_in, sin_port, 2);
OFFSET(struct sockaddr_in, sin_addr, 4);
OFFSET(struct sockaddr_in, sin_zero, 8);
LAYOUT(struct sockaddr_in6, 28);
OFFSET(struct sockaddr_in6, sin6_port, 2);
OFFSET(struct sockaddr_in6, sin6_flowinfo, 4);
OFFSET(struct sockaddr_in6, sin6_addr, 8);
OFFSET(struct sockaddr_in6, sin6_scope_id, 24);
LAYOUT(struct sockaddr_un, 106);
OFFSET(struct sockaddr_un, sun_path, 2);
LAYOUT(struct sockaddr_storage, 128);
OFFSET(struct sockaddr_storage, __ss_align, 8);

LAYOUT(struct msghdr, 48);
OFFSET(struct msghdr, msg_name, 0);
OFFSET(struct msghdr, msg_namelen, 8);
OFFSET(struct msghdr, msg_iov, 16);
OFFSET(struct msghdr, msg_iovlen, 24);
OFFSET(struct msghdr, msg_control, 32);
OFFSET(struct msghdr, msg_controllen, 40);
OFFSET(struct msghdr, msg_flags, 44);
LAYOUT(struct iovec, 16);
LAYOUT(struct timeval, 16);
OFFSET(struct timeval, tv_usec, 8);
LAYOUT(struct linger, 8);
LAYOUT(struct cmsghdr, 12);
LAYOUT(struct ifreq, 32);
LAYOUT(sa_family_t, 1);
LAYOUT(socklen_t, 4);
LAYOUT(in_port_t, 2);
LAYOUT(in_addr_t, 4);
LAYOUT(errno_t, 4);
LAYOUT(((struct timeval *)NULL)->tv_usec, 4);

/* Control messages are aligned to 4, not to 8. */
NUMBER(CMSG_LEN(5), 17);
NUMBER(CMSG_SPACE(5), 20);
NUMBER(CMSG_SPACE(4), 16);

NUMBER(AF_INET, 2);
NUMBER(AF_INET6, 10);
NUMBER(AF_UNIX, 1);
NUMBER(PF_INET, AF_INET);
NUMBER(AF_LOCAL, AF_UNIX);
NUMBER(AF_LINK, 218);
NUMBER(AF_SYSTEM, 232);
_Static_assert(AF_MAX <= 255, "a family is one byte");
NUMBER(SOCK_STREAM, 1);
NUMBER(SOCK_DGRAM, 2);
NUMBER(SOCK_RAW, 3);
NUMBER(SHUT_RDWR, 2);

NUMBER(MSG_OOB, 0x1);
NUMBER(MSG_PEEK, 0x2);
NUMBER(MSG_DONTROUTE, 0x4);
NUMBER(MSG_CTRUNC, 0x8);
NUMBER(MSG_TRUNC, 0x20);
NUMBER(MSG_DONTWAIT, 0x40);
NUMBER(MSG_EOR, 0x80);
NUMBER(MSG_WAITALL, 0x100);
NUMBER(MSG_EOF, 0x200);
NUMBER(MSG_NOSIGNAL, 0x4000);
NUMBER(MSG_WAITSTREAM, 0x200000);
NUMBER(MSG_HAVEMORE, 0x400000);
NUMBER(MSG_RCVMORE, 0x800000);
NUMBER(MSG_NEEDSA, 0x1000000);
NUMBER(MSG_NBIO, 0x10000000);
NUMBER(MSG_USEUPCALL, 0x80000000);

NUMBER(SOL_SOCKET, 1);
NUMBER(SO_REUSEADDR, 2);
NUMBER(SO_TYPE, 3);
NUMBER(SO_ERROR, 4);
NUMBER(SO_BROADCAST, 6);
NUMBER(SO_SNDBUF, 7);
NUMBER(SO_RCVBUF, 8);
NUMBER(SO_KEEPALIVE, 9);
NUMBER(SO_OOBINLINE, 10);
NUMBER(SO_LINGER, 13);
NUMBER(SO_LINGER_SEC, 0x1080);
NUMBER(SO_REUSEPORT, 15);
NUMBER(SO_RCVLOWAT, 18);
NUMBER(SO_SNDLOWAT, 19);
NUMBER(SO_RCVTIMEO, 20);
NUMBER(SO_SNDTIMEO, 21);
NUMBER(SO_TIMESTAMP, 29);
NUMBER(SO_NREAD, 0x1020);
NUMBER(SO_NKE, 0x1021);
NUMBER(SO_NOSIGPIPE, 0x1022);
NUMBER(SO_NOADDRERR, 0x1023);
NUMBER(SO_NWRITE, 0x1024);
NUMBER(SO_UPCALLCLOSEWAIT, 0x1027);
NUMBER(SO_NUMRCVPKT, 0x1112);
NUMBER(SO_DONTTRUNC, 0x2000);
NUMBER(SO_WANTMORE, 0x4000);
NUMBER(SO_WANTOOBFLAG, 0x8000);

NUMBER(TCP_NODELAY, 1);
NUMBER(TCP_MAXSEG, 2);
NUMBER(TCP_NOPUSH, 0x1004);
NUMBER(TCP_KEEPALIVE, 0x1010);
NUMBER(TCP_CONNECTIONTIMEOUT, 0x1020);
NUMBER(TCP_KEEPINTVL, 5);
NUMBER(TCP_KEEPCNT, 6);
NUMBER(IP_TOS, 1);
NUMBER(IP_TTL, 2);
NUMBER(IP_RECVDSTADDR, 0x1007);
NUMBER(IP_PORTRANGE, 0x1013);
NUMBER(IP_PORTRANGE_LOW, 2);
NUMBER(IPV6_V6ONLY, 26);
NUMBER(IPV6_PORTRANGE, 0x100e);

NUMBER(FIONBIO, 0x5421);
NUMBER(FIONREAD, 0x541b);
NUMBER(FIOASYNC, 0x5452);
NUMBER(SIOCATMARK, 0x8905);
NUMBER(SIOCGIFADDR, 0x8915);

NUMBER(EWOULDBLOCK, 11);
NUMBER(EAGAIN, EWOULDBLOCK);
NUMBER(EPIPE, 32);
NUMBER(EDESTADDRREQ, 89);
NUMBER(EMSGSIZE, 90);
NUMBER(EPROTOTYPE, 91);
NUMBER(ENOPROTOOPT, 92);
NUMBER(EOPNOTSUPP, 95);
NUMBER(ENOTSUP, EOPNOTSUPP);
NUMBER(EAFNOSUPPORT, 97);
NUMBER(ECONNRESET, 104);
NUMBER(ENOBUFS, 105);
NUMBER(EISCONN, 106);
NUMBER(ENOTCONN, 107);
NUMBER(ETIMEDOUT, 110);
NUMBER(ECONNREFUSED, 111);
NUMBER(EALREADY, 114);
NUMBER(EINPROGRESS, 115);
NUMBER(ERESTART, 85);
NUMBER(EBADRPC, 1072);
NUMBER(EAUTH, 1080);
NUMBER(EJUSTRETURN, 1202);
NUMBER(ELAST, 1206);

NUMBER(SO_FILT_HINT_CONNRESET, 0x2);
NUMBER(SO_FILT_HINT_CANTRCVMORE, 0x4);
NUMBER(SO_FILT_HINT_CONNECTED, 0x1000);
NUMBER(SO_FILT_HINT_DISCONNECTED, 0x2000);

NUMBER(HAS_SOCK_SENDMBUF_CAN_WAIT, 1);
