/* SPDX-License-Identifier: GPL-2.0 */
/* L2TP, version 2 (RFC 2661): packets in UDP, and a tunnel agreed on before. */
#ifndef L2TP_H
#define L2TP_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <kern/locks.h>

#define L2TP_CONTROL	0x8000
#define L2TP_LENGTH	0x4000
#define L2TP_SEQUENCE	0x0800
#define L2TP_VERSION	2
#define L2TP_HEADER	12		/* with length and sequence numbers */
#define L2TP_TUNNEL	4711		/* our number for the tunnel */

struct l2tp_header {			/* in host byte order */
	u_int16_t	flags, length, tunnel, session, ns, nr;
};

/* Puts a header in front. An error means that the packet is freed. */
errno_t	l2tp_encapsulate(mbuf_t *m, const struct l2tp_header *h);
/* Takes it off. An error means that it is none; the packet stays. */
errno_t	l2tp_decapsulate(mbuf_t m, struct l2tp_header *h);

errno_t	l2tp_socket(socket_t *so, int port, sock_upcall upcall);

errno_t	tunnel_open(void);
void	tunnel_close(void);
boolean_t tunnel_is_done(void);

errno_t	data_open(void);
void	data_close(void);
boolean_t data_is_done(void);

extern struct in_addr l2tp_server;
extern lck_mtx_t *l2tp_mtx;		/* guards everything */
extern lck_grp_t *l2tp_grp;

extern int port, echo, packets;

#endif
