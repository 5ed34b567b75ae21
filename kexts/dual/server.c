// SPDX-License-Identifier: GPL-2.0
/*
 * One IPv6 socket that takes IPv4, too. A connection gets its line and is
 * closed, all in the listener's upcall.
 */
#include "dual.h"

int port = 7013;
int served;

static socket_t listener;

static errno_t
greet(socket_t so)
{
	struct sockaddr_in6 peer;
	char text[INET6_ADDRSTRLEN], line[80];
	struct iovec iov = { line };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;
	errno_t error;

	error = sock_getpeername(so, (struct sockaddr *)&peer, sizeof(peer));
	if (error != 0)
		return error;
	if (peer.sin6_len != sizeof(peer) || peer.sin6_family != AF_INET6)
		return EAFNOSUPPORT;
	inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof(text));
	iov.iov_len = snprintf(line, sizeof(line), "you are %s, IPv%d\n", text,
			       IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr) ? 4 : 6);
	return sock_send(so, &msg, 0, &sent);
}

static void
upcall(socket_t so, void *cookie, int waitf)
{
	socket_t conn;
	errno_t error;

	while (sock_accept(so, NULL, 0, MSG_DONTWAIT, NULL, NULL, &conn) == 0) {
		error = greet(conn);
		if (error == 0)
			served++;
		else
			printf("dual: cannot greet: error %d\n", error);
		sock_close(conn);
	}
}

errno_t
server_open(void)
{
	struct sockaddr_in6 sin6;
	int on = 1, off = 0;
	errno_t error;

	bzero(&sin6, sizeof(sin6));
	sin6.sin6_len = sizeof(sin6);
	sin6.sin6_family = AF_INET6;
	sin6.sin6_port = htons(port);
	sin6.sin6_addr = in6addr_any;

	error = sock_socket(PF_INET6, SOCK_STREAM, 0, upcall, NULL, &listener);
	if (error != 0)
		return error;
	sock_setsockopt(listener, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	sock_setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	error = sock_setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (error == 0)
		error = sock_bind(listener, (struct sockaddr *)&sin6);
	if (error == 0)
		error = sock_listen(listener, 8);
	return error;
}

void
server_close(void)
{
	sock_close(listener);
}
