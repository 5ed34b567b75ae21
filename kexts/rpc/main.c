// SPDX-License-Identifier: GPL-2.0
/* Asks a portmapper for its mappings, first over UDP, then over TCP. */
#include <mach/mach_types.h>
#include <kern/locks.h>
#include <kern/thread.h>

#include "rpc.h"

#define PMAP_NULL	0
#define PMAP_GETPORT	3
#define PMAP_DUMP	4

char	*server = "127.0.0.1";
int	port = 111;

int	done;
int	result;
int	retransmits;
int	udp_calls;
int	tcp_calls;
int	mappings;

volatile boolean_t rpc_stopping;

static struct sockaddr_in rpc_to;
static lck_grp_t *rpc_grp;
static lck_mtx_t *rpc_mtx;
static boolean_t rpc_running;

typedef errno_t rpc_transport(socket_t so, struct rpc_call *call);

static errno_t
rpc_call(socket_t so, rpc_transport *transport, struct rpc_call *call, u_int32_t proc,
	 const u_int32_t *args, int nargs)
{
	errno_t error;

	error = rpc_build(call, proc, args, nargs);
	if (error == 0)
		error = transport(so, call);
	if (error == 0)
		error = rpc_accepted(call);
	return error;
}

/* The portmapper knows its own port. */
static errno_t
rpc_getport(socket_t so, rpc_transport *transport)
{
	const u_int32_t args[] = { 100000, 2, IPPROTO_TCP, 0 };
	struct rpc_call call;
	u_int32_t answer;
	errno_t error;

	error = rpc_call(so, transport, &call, PMAP_GETPORT, args, 4);
	if (error == 0)
		error = rpc_word(&call, &answer);
	if (error == 0 && answer != port)
		error = EPROGMISMATCH;
	rpc_free(&call);
	return error;
}

/* A list: each entry has a word of 1 in front, the end a word of 0. */
static errno_t
rpc_dump(socket_t so, rpc_transport *transport)
{
	struct rpc_call call;
	u_int32_t more = 0;
	errno_t error;

	mappings = 0;
	error = rpc_call(so, transport, &call, PMAP_DUMP, NULL, 0);
	while (error == 0 && (error = rpc_word(&call, &more)) == 0 && more) {
		call.off += 4 * sizeof(u_int32_t);	/* program, version, protocol, port */
		mappings++;
	}
	rpc_free(&call);
	return error;
}

static errno_t
rpc_null(socket_t so, rpc_transport *transport)
{
	struct rpc_call call;
	errno_t error;

	error = rpc_call(so, transport, &call, PMAP_NULL, NULL, 0);
	rpc_free(&call);
	return error;
}

static errno_t
rpc_calls(socket_t so, rpc_transport *transport, int *calls)
{
	errno_t (*const todo[])(socket_t, rpc_transport *) = {
		rpc_null, rpc_getport, rpc_dump
	};
	errno_t error;
	int i;

	for (i = 0; i < 3; i++) {
		error = todo[i](so, transport);
		if (error != 0)
			return error;
		(*calls)++;
	}
	return 0;
}

static errno_t
rpc_over(errno_t (*open)(socket_t *, struct sockaddr_in *), rpc_transport *transport, int *calls)
{
	socket_t so = NULL;
	errno_t error;

	error = open(&so, &rpc_to);
	if (error == 0)
		error = rpc_calls(so, transport, calls);
	sock_close(so);
	return error;
}

static void
rpc_thread(void *arg, wait_result_t wr)
{
	result = rpc_over(rpc_udp_open, rpc_udp_call, &udp_calls);
	if (result == 0)
		result = rpc_over(rpc_tcp_open, rpc_tcp_call, &tcp_calls);
	printf("rpc: %d calls over UDP, %d retransmitted, %d over TCP, %d mappings, error %d\n",
	       udp_calls, retransmits, tcp_calls, mappings, result);

	lck_mtx_lock(rpc_mtx);
	rpc_running = FALSE;
	done = 1;
	wakeup(&rpc_running);
	lck_mtx_unlock(rpc_mtx);
}

kern_return_t
rpc_start(kmod_info_t *ki, void *data)
{
	thread_t thread;

	rpc_to.sin_len = sizeof(rpc_to);
	rpc_to.sin_family = AF_INET;
	rpc_to.sin_port = htons(port);
	if (inet_aton(server, &rpc_to.sin_addr) == 0) {
		printf("rpc: server=%s: not an IPv4 address\n", server);
		return KERN_INVALID_ARGUMENT;
	}
	if (port < 1 || port > 65535) {
		printf("rpc: port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}

	rpc_grp = lck_grp_alloc_init("org.netkpi.port.rpc", LCK_GRP_ATTR_NULL);
	rpc_mtx = lck_mtx_alloc_init(rpc_grp, LCK_ATTR_NULL);
	rpc_running = TRUE;
	if (kernel_thread_start(rpc_thread, NULL, &thread) != KERN_SUCCESS) {
		lck_mtx_free(rpc_mtx, rpc_grp);
		lck_grp_free(rpc_grp);
		return KERN_RESOURCE_SHORTAGE;
	}
	thread_deallocate(thread);
	return KERN_SUCCESS;
}

kern_return_t
rpc_stop(kmod_info_t *ki, void *data)
{
	rpc_stopping = TRUE;
	lck_mtx_lock(rpc_mtx);
	while (rpc_running)
		msleep(&rpc_running, rpc_mtx, PSOCK, "rpcstop", NULL);
	lck_mtx_unlock(rpc_mtx);

	lck_mtx_free(rpc_mtx, rpc_grp);
	lck_grp_free(rpc_grp);
	return KERN_SUCCESS;
}
