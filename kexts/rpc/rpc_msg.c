// SPDX-License-Identifier: GPL-2.0
/* The messages: what precedes the arguments, what precedes the results. */
#include "rpc.h"

#define RPC_CALL	0
#define RPC_REPLY	1
#define RPC_VERSION	2
#define RPC_HEADER	10		/* words of a call before its arguments */
#define PMAP_PROGRAM	100000
#define PMAP_VERSION	2

errno_t
rpc_build(call, proc, args, nargs)
	struct rpc_call *call;
	u_int32_t proc;
	const u_int32_t *args;
	int nargs;
{
	u_int32_t words[RPC_HEADER + 4] = { 0, RPC_CALL, RPC_VERSION, PMAP_PROGRAM,
					    PMAP_VERSION, proc };
	size_t len = (RPC_HEADER + nargs) * sizeof(words[0]);
	errno_t error;
	int i;

	bzero(call, sizeof(*call));
	call->xid = random();
	words[0] = call->xid;
	for (i = 0; i < nargs; i++)
		words[RPC_HEADER + i] = args[i];
	for (i = 0; i < RPC_HEADER + nargs; i++)
		HTONL(words[i]);

	error = mbuf_allocpacket(MBUF_WAITOK, len, NULL, &call->request);
	if (error == 0)
		error = mbuf_copyback(call->request, 0, len, words, MBUF_WAITOK);
	return error;
}

errno_t
rpc_word(call, word)
	struct rpc_call *call;
	u_int32_t *word;
{
	if (mbuf_copydata(call->reply, call->off, sizeof(*word), word) != 0)
		return EBADRPC;
	call->off += sizeof(*word);
	NTOHL(*word);
	return 0;
}

boolean_t
rpc_is_reply_to(call, m)
	struct rpc_call *call;
	mbuf_t m;
{
	u_int32_t words[2];

	return mbuf_copydata(m, 0, sizeof(words), words) == 0 &&
	       words[0] == htonl(call->xid) && words[1] == htonl(RPC_REPLY);
}

errno_t
rpc_accepted(call)
	struct rpc_call *call;
{
	u_int32_t denied, flavor, verifier, status;
	errno_t error;

	call->off = 8;				/* xid and direction */
	if ((error = rpc_word(call, &denied)) || (error = rpc_word(call, &flavor)) ||
	    (error = rpc_word(call, &verifier)))
		return error;
	call->off += (verifier + 3) & ~3u;
	if (denied)
		return EAUTH;
	if ((error = rpc_word(call, &status)))
		return error;
	return status == 0 ? 0 : EPROCUNAVAIL;
}

void
rpc_free(call)
	struct rpc_call *call;
{
	mbuf_freem(call->request);
	mbuf_freem(call->reply);
}
