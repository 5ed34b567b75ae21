// SPDX-License-Identifier: GPL-2.0
/*
 * Over TCP: records of fragments, each with a word in front that holds its
 * length and, in the highest bit, whether it is the last.
 */
#include "rpc.h"

#define LAST_FRAGMENT	0x80000000
#define LONGEST_RECORD	(1024 * 1024)
#define PATIENCE	20		/* seconds without an answer */

/* not in the public headers */
extern errno_t sock_nointerrupt(socket_t so, int on);
extern errno_t sock_connectwait(socket_t so, const struct timeval *tv);

errno_t
rpc_tcp_open(socket_t *so, struct sockaddr_in *to)
{
	struct timeval tv = { 1, 0 };
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, so);
	if (error != 0)
		return error;
	sock_nointerrupt(*so, 1);
	sock_setsockopt(*so, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));

	error = sock_connect(*so, (struct sockaddr *)to, MSG_DONTWAIT);
	while (error == EINPROGRESS && !rpc_stopping)
		error = sock_connectwait(*so, &tv);
	return error;
}

static errno_t
rpc_tcp_send(socket_t so, struct rpc_call *call)
{
	u_int32_t mark = htonl(LAST_FRAGMENT | (u_int32_t)mbuf_pkthdr_len(call->request));
	size_t sent;
	mbuf_t m;
	errno_t error;

	error = mbuf_copym(call->request, 0, MBUF_COPYALL, MBUF_WAITOK, &m);
	if (error == 0)
		error = mbuf_prepend(&m, sizeof(mark), MBUF_WAITOK);
	if (error != 0)
		return error;
	bcopy(&mark, mbuf_data(m), sizeof(mark));
	return sock_sendmbuf(so, NULL, m, 0, &sent);
}

/* All of it, or nothing has been taken yet and we may try again. */
static errno_t
rpc_tcp_receive(socket_t so, size_t want, mbuf_t *m)
{
	int seconds;
	size_t len;
	errno_t error = EWOULDBLOCK;

	for (seconds = 0; seconds < PATIENCE && !rpc_stopping; seconds++) {
		len = want;
		error = sock_receivembuf(so, NULL, m, MSG_WAITALL, &len);
		if (error == EWOULDBLOCK)
			continue;
		if (error != 0 || len == want)
			return error;
		mbuf_freem(*m);		/* the server has closed */
		return ECONNRESET;
	}
	return error;
}

static errno_t
rpc_tcp_mark(socket_t so, u_int32_t *mark)
{
	mbuf_t m;
	errno_t error;

	error = rpc_tcp_receive(so, sizeof(*mark), &m);
	if (error != 0)
		return error;
	mbuf_copydata(m, 0, sizeof(*mark), mark);
	mbuf_freem(m);
	NTOHL(*mark);
	return 0;
}

static errno_t
rpc_tcp_record(socket_t so, mbuf_t *record)
{
	u_int32_t mark, len, total = 0;
	mbuf_t m;
	errno_t error;

	*record = NULL;
	do {
		error = rpc_tcp_mark(so, &mark);
		if (error != 0)
			return error;
		len = mark & ~LAST_FRAGMENT;
		if (len == 0)
			continue;
		if (len > LONGEST_RECORD - total)
			return EBADRPC;
		error = rpc_tcp_receive(so, len, &m);
		if (error != 0)
			return error;
		*record = *record == NULL ? m : mbuf_concatenate(*record, m);
		total += len;
	} while (!(mark & LAST_FRAGMENT));
	return *record == NULL ? EBADRPC : 0;
}

errno_t
rpc_tcp_call(socket_t so, struct rpc_call *call)
{
	errno_t error;

	error = rpc_tcp_send(so, call);
	while (error == 0) {
		error = rpc_tcp_record(so, &call->reply);
		if (error == 0 && rpc_is_reply_to(call, call->reply))
			return 0;
		mbuf_freem(call->reply);
		call->reply = NULL;
	}
	return error;
}
