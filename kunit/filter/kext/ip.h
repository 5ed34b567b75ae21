/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of IP filters share: a filter that acts, and two sockets on the loopback. */
#ifndef _KUNIT_FILTER_IP_H
#define _KUNIT_FILTER_IP_H

#include <sys/errno.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <libkern/OSAtomic.h>
#include <net/kpi_interface.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <netinet/kpi_ipfilter.h>

#include "../test.h"

/* What a filter of these tests does with packets of the test's port. */
enum act {
	PASS,
	REFUSE,			/* returns .refusal, or EACCES */
	SWALLOW,		/* keeps it in .kept */
	REPLACE,		/* by a copy */
	LONGER,			/* with "!!!" at its end, and right lengths */
	ALTER,			/* its first byte of payload, with a checksum anew */
	FREED,			/* frees it and says that it is still there */
	CUT,			/* to five bytes */
	EMPTY,			/* to none */
	HEADLESS,		/* an mbuf without a packet header */
	OVERLONG,		/* says that it has more bytes than there are */
	VERSION,		/* 7 */
	SHORT_HEADER,		/* of less than IP has at least; IPv6: VERSION */
	REMOVE,			/* the filter itself */
	REMOVE_AND_INJECT,	/* and sends the packet behind it */
	SCRIBBLE,		/* into the last bytes of the first packets, behind their checksum */
	GIVE_AND_COPY,		/* sends the packet behind itself, and leaves a copy instead */
	KEEP_AND_COPY,		/* the same with what it keeps */
	KEEP_ITS_BYTES,		/* of what goes on, by a reference */
	KEEP_ITS_PAYLOAD,	/* the same behind the headers; what goes with a packet stays with it */
	TAIL,			/* with bytes behind its end */
	STRIP,			/* takes off IPv4's options */
	GIVE,			/* sends the packet behind itself */
	LOOK,			/* at each mbuf's bytes where they are */
	SHARE,			/* with a copy that is written to where nobody else has it */
	SPLIT,			/* and puts it together again */
	NAP,
	WAIT			/* until .go */
};

struct probe {
	const char *name;
	u_int16_t port;			/* of packets it acts on; others pass without being counted */
	enum act in_act, out_act;
	int every;			/* not 0: acts on so many-th packets only */
	errno_t refusal;
	mbuf_tag_id_t tag;		/* not 0: what has the tag passes, what it swallows gets it */
	SInt32 in, out, tagged, detached;
	int offset, protocol;		/* of the last one seen coming in */
	int offsets[8], protocols[8];	/* of all */
	size_t len;			/* of the last one seen */
	size_t longest, bytes_out;	/* of those that went out */
	u_int16_t ip_len, ip_off;
	ifnet_t rcvif;
	struct ipf_pktopts options;
	int place_in, place_out;	/* in the order of calls of the last packet */
	int shared;			/* one was told as somebody else's, too */
	SInt32 off_io;			/* calls in a thread that must not wait for I/O */
	mbuf_t kept;
	volatile int go;
	SInt32 scribbled;
	ipfilter_t ref;
};

void add(struct probe *p);
void end(struct probe *p);

/* Which IP the running test is for: AF_INET or AF_INET6. */
extern int family;
#define HEADER	(family == AF_INET6 ? 40 : 20)

union name {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

struct pair {
	socket_t from, to;
	union name name;		/* of the receiver */
};

int pair_open(struct pair *pair);
int begin(struct pair *pair, struct probe *p);
void pair_close(struct pair *pair);
errno_t send_to(struct pair *pair, const char *text);
void expect_text(struct pair *pair, const char *text);
void expect_nothing(struct pair *pair);
mbuf_t handmade(struct pair *pair, const char *text);
void loopback_name(union name *name);

/* A case for each IP. */
#define BOTH(name)							\
	static void name##_ip6(void)					\
	{								\
		family = AF_INET6;					\
		name();							\
		family = AF_INET;					\
	}

#define ROWS(name)	{ #name, name }, { #name "_ip6", name##_ip6 }

#endif /* _KUNIT_FILTER_IP_H */
