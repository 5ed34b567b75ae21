// SPDX-License-Identifier: GPL-2.0
/* Over UDP: the same request again, after longer and longer waits. */
#include "rpc.h"

#define FIRST_WAIT	100		/* milliseconds */
#define LONGEST_WAIT	1600
#define TRIES		20

extern errno_t sock_nointerrupt(socket_t so, int on);	/* not in the public headers */

errno_t
rpc_udp_open(socket_t *so, struct sockaddr_in *to)
{
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, NULL, so);
	if (error != 0)
		return error;
	sock_nointerrupt(*so, 1);
	return sock_connect(*so, (struct sockaddr *)to, 0);
}

static errno_t
rpc_udp_send(socket_t so, struct rpc_call *call)
{
	size_t sent;
	mbuf_t m;
	errno_t error;

	error = mbuf_copym(call->request, 0, MBUF_COPYALL, MBUF_WAITOK, &m);
	if (error == 0)
		error = sock_sendmbuf(so, NULL, m, 0, &sent);
	return error;
}

/* Replies to what was asked twice come twice: only this call's counts. */
static errno_t
rpc_udp_receive(socket_t so, struct rpc_call *call, int milliseconds)
{
	struct timeval tv = { milliseconds / 1000, milliseconds % 1000 * 1000 };
	size_t len;
	mbuf_t m;
	errno_t error;

	error = sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	while (error == 0) {
		len = 65535;
		error = sock_receivembuf(so, NULL, &m, 0, &len);
		if (error == 0 && rpc_is_reply_to(call, m)) {
			call->reply = m;
			return 0;
		}
		mbuf_freem(m);
	}
	return error;
}

errno_t
rpc_udp_call(socket_t so, struct rpc_call *call)
{
	int try, wait = FIRST_WAIT;
	errno_t error = ETIMEDOUT;

	for (try = 0; try < TRIES && !rpc_stopping; try++) {
		error = rpc_udp_send(so, call);
		if (error == 0)
			error = rpc_udp_receive(so, call, wait);
		if (error != EWOULDBLOCK)
			return error;
		retransmits++;
		wait = MIN(2 * wait, LONGEST_WAIT);
	}
	return error;
}
