/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Van Jacobson's header compression (RFC 1144) on mbufs. The 40 bytes of IP and
 * TCP header in front of each packet become three or so: what changed against
 * the packet before on the same connection.
 */
#ifndef VJ_H
#define VJ_H

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>
#include <netinet/in_systm.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>

#define VJ_SLOTS	16
#define VJ_HEADER	120		/* IP and TCP with all their options */
#define VJ_SHORTEST	3		/* a compressed header: changes, checksum */
#define VJ_LONGEST	19		/* with a slot and five numbers of 3 bytes */

/* What a packet is, in the frame around it. */
enum vj_type {
	VJ_IP,				/* as it was */
	VJ_UNCOMPRESSED,		/* but for the protocol, which is the slot's number */
	VJ_COMPRESSED,
};

/* The first byte of a compressed header: what follows it. */
#define VJ_C	0x40			/* the slot's number */
#define VJ_I	0x20			/* IP id, unless one more than before */
#define VJ_P	0x10			/* nothing: the push flag */
#define VJ_S	0x08			/* sequence number */
#define VJ_A	0x04			/* acknowledgement */
#define VJ_W	0x02			/* window */
#define VJ_U	0x01			/* urgent pointer */
#define VJ_NUMBERS	(VJ_S | VJ_A | VJ_W | VJ_U)
#define VJ_ECHOED	(VJ_S | VJ_W | VJ_U)		/* S and A moved by the last packet's data */
#define VJ_STREAM	(VJ_S | VJ_A | VJ_W | VJ_U)	/* S did */

struct vj_slot {
	size_t		hlen;		/* 0: not in use */
	union {
		struct ip	ip;
		u_char		bytes[VJ_HEADER];
	} h;
	u_int64_t	used;		/* sender: when, in packets */
};

struct vj {
	struct vj_slot	slot[VJ_SLOTS];
	int		last;		/* slot of the packet before; -1: none */
	u_int64_t	clock;
};

#define VJ_TCP(ip)	((struct tcphdr *)((u_char *)(ip) + ((ip)->ip_hl << 2)))

void	vj_init(struct vj *vj);

/* Both change the packet in place. An error means that it is freed. */
errno_t	vj_compress(struct vj *vj, mbuf_t *m, enum vj_type *type);
errno_t	vj_expand(struct vj *vj, mbuf_t *m, enum vj_type type);

/* After a packet was lost: nothing is understood until a slot is named. */
void	vj_expand_lost(struct vj *vj);

#endif
