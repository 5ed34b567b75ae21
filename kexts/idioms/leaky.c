// SPDX-License-Identifier: GPL-2.0
/*
 * A kext that goes without closing anything: a listener and a datagram socket
 * with their upcalls, and every connection that was accepted, all with traffic.
 * The layer has to say so, close them, and let nothing run in this text again.
 */
#include "idiom.h"

int	port;
int	accepted, upcalls;
long	bytes;

static void
leaky_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len;
	mbuf_t m;

	OSIncrementAtomic(&upcalls);
	for (;;) {
		len = 65536;
		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
			return;
		OSAddAtomic64(len, (SInt64 *)&bytes);
		mbuf_freem(m);
	}
}

static void
leaky_accept(socket_t so, void *cookie, int waitf)
{
	socket_t lost;

	while (sock_accept(so, NULL, 0, MSG_DONTWAIT, leaky_upcall, NULL, &lost) == 0)
		OSIncrementAtomic(&accepted);
}

static errno_t
leaky_open(int type, sock_upcall upcall)
{
	struct sockaddr_storage ss;
	socket_t so;
	errno_t error;

	error = idiom_address("127.0.0.1", port, &ss);
	if (error == 0)
		error = sock_socket(AF_INET, type, 0, upcall, NULL, &so);
	if (error == 0)
		error = sock_bind(so, (struct sockaddr *)&ss);
	if (error == 0 && type == SOCK_STREAM)
		error = sock_listen(so, 128);
	return error;
}

kern_return_t
leaky_start(struct kmod_info *ki, void *data)
{
	errno_t error = leaky_open(SOCK_STREAM, leaky_accept);

	return error != 0 ? error : leaky_open(SOCK_DGRAM, leaky_upcall);
}

kern_return_t
leaky_stop(struct kmod_info *ki, void *data)
{
	return KERN_SUCCESS;
}
