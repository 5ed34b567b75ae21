// SPDX-License-Identifier: GPL-2.0
/* Native sockets at the other end of a kext's. */

#include <linux/in.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "native.h"

struct sockaddr_in native_loopback(int port)
{
	return (struct sockaddr_in) {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

int native_port(struct socket *sock)
{
	struct sockaddr_in sin;

	return kernel_getsockname(sock, (struct sockaddr *)&sin) < 0 ? 0 : ntohs(sin.sin_port);
}

int native_bound(int type, struct socket **sockp)
{
	struct sockaddr_in at = native_loopback(0);
	int err;

	err = sock_create_kern(&init_net, PF_INET, type, 0, sockp);
	if (err)
		return err;
	err = kernel_bind(*sockp, (void *)&at, sizeof(at));
	if (err) {
		sock_release(*sockp);
		*sockp = NULL;
	}
	return err;
}

/* Returns the port. */
int peer_listen_tcp(struct bench *b)
{
	if (native_bound(SOCK_STREAM, &b->peer2))
		return 0;
	return kernel_listen(b->peer2, 1) ? 0 : native_port(b->peer2);
}

int peer_accept(struct bench *b)
{
	int err = kernel_accept(b->peer2, &b->peer, 0);

	if (!err)
		tcp_sock_set_nodelay(b->peer->sk);
	return -err;
}

int native_send(struct socket *sock, void *buffer, unsigned long size)
{
	struct kvec vec = { buffer, size };
	struct msghdr msg = { .msg_flags = MSG_NOSIGNAL };
	int n = kernel_sendmsg(sock, &msg, &vec, 1, size);

	return n == size ? 0 : -EIO;
}

int native_receive(struct socket *sock, void *buffer, unsigned long size, int flags)
{
	struct kvec vec = { buffer, size };
	struct msghdr msg = { };

	return kernel_recvmsg(sock, &msg, &vec, 1, size, flags);
}

int peer_send(struct bench *b, unsigned long size)
{
	return native_send(b->peer, b->buffer, size);
}

/* Throws away what comes, without copying it. */
int native_drain(struct socket *sock, unsigned long size)
{
	struct msghdr msg = { };
	struct kvec vec = { };
	int n;

	while (size) {
		n = kernel_recvmsg(sock, &msg, &vec, 1, size, MSG_TRUNC);
		if (n <= 0)
			return -EIO;
		size -= n;
	}
	return 0;
}

int peer_drain(struct bench *b, unsigned long size)
{
	return native_drain(b->peer, size);
}

int peer_pingpong(struct bench *b)
{
	char byte = 1;

	if (native_send(b->peer, &byte, 1))
		return -EIO;
	return native_receive(b->peer, &byte, 1, 0) == 1 ? 0 : -EIO;
}

void peer_close(struct bench *b)
{
	if (b->peer)
		sock_release(b->peer);
	if (b->peer2)
		sock_release(b->peer2);
}
