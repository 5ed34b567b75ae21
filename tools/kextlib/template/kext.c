/*
 * @NAME@: answers datagrams with what they contain.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. What it prints
 * stands in the log behind its name.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

int port = 7000;	/* these two are module parameters: see Kbuild */
int answered;

static socket_t server;

/* Takes one datagram and sends it back; the chain received is the chain sent. */
static errno_t
answer_one(socket_t so)
{
	struct sockaddr_in from;
	struct msghdr msg;
	size_t len = 65536;
	mbuf_t m = NULL;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_name = &from;
	msg.msg_namelen = sizeof(from);
	error = sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len);
	if (error != 0)
		return error;

	error = sock_sendmbuf(so, &msg, m, MSG_DONTWAIT, NULL);
	if (error == 0)
		OSIncrementAtomic(&answered);
	return 0;
}

/* Called when datagrams have come, in a thread that may sleep. */
static void
upcall(socket_t so, void *cookie, int waitf)
{
	while (answer_one(so) == 0)
		continue;
}

static errno_t
open_server(void)
{
	struct sockaddr_in sin;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, upcall, NULL, &server);
	if (error != 0)
		return error;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons(port);
	sin.sin_addr.s_addr = htonl(INADDR_ANY);
	error = sock_bind(server, (struct sockaddr *)&sin);
	if (error != 0)
		sock_close(server);
	return error;
}

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	if (port < 1 || port > 65535) {
		printf("port=%d: not a port\n", port);
		return KERN_INVALID_ARGUMENT;
	}
	error = open_server();
	if (error != 0) {
		printf("cannot listen at port %d: error %d\n", port, error);
		return KERN_FAILURE;
	}
	printf("listening at port %d\n", port);
	return KERN_SUCCESS;
}

kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	sock_close(server);
	printf("%d datagrams answered\n", answered);
	return KERN_SUCCESS;
}
