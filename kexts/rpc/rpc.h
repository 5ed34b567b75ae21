/* SPDX-License-Identifier: GPL-2.0 */
/* ONC RPC, the calling side: version 2, no credentials, results as words. */
#ifndef RPC_H
#define RPC_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>

struct rpc_call {
	u_int32_t	xid;
	mbuf_t		request;	/* kept for sending again */
	mbuf_t		reply;
	size_t		off;		/* next result in it */
};

errno_t	rpc_build(struct rpc_call *call, u_int32_t proc, const u_int32_t *args, int nargs);
errno_t	rpc_accepted(struct rpc_call *call);	/* off is at the results then */
errno_t	rpc_word(struct rpc_call *call, u_int32_t *word);
boolean_t rpc_is_reply_to(struct rpc_call *call, mbuf_t m);
void	rpc_free(struct rpc_call *call);

errno_t	rpc_udp_open(socket_t *so, struct sockaddr_in *to);
errno_t	rpc_udp_call(socket_t so, struct rpc_call *call);
errno_t	rpc_tcp_open(socket_t *so, struct sockaddr_in *to);
errno_t	rpc_tcp_call(socket_t so, struct rpc_call *call);

extern int retransmits;
extern volatile boolean_t rpc_stopping;		/* waits end soon after it is set */

#endif
