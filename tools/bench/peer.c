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

int peer_connect_udp(struct bench *b, int port)
{
	struct sockaddr_in to = native_loopback(port);
	int err;

	err = sock_create_kern(&init_net, PF_INET, SOCK_DGRAM, 0, &b->peer);
	if (!err)
		err = kernel_connect(b->peer, (void *)&to, sizeof(to), 0);
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

static int pingpong(struct bench *b)
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

/* Sends as fast as the other end takes it. */
unsigned long long peer_run_stream(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (peer_send(b, b->size))
			return 0;
	return bench_wait(b, b->n * b->size) ? 0 : bench_now() - start;
}

/* A byte there and back. */
unsigned long long peer_run_pingpong(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (pingpong(b))
			return 0;
	return bench_now() - start;
}

/* Every byte is read; the same code for both sides. */
unsigned long bench_sum(const void *data, unsigned long len)
{
	const u8 *p = data;
	unsigned long sum = 0, word;

	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum += word;
	}
	for (; len; len--)
		sum += *p++;
	return sum;
}

/* A request whose bytes are made here, an answer whose bytes are read here. */
static int exchange(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;

	memset(b->buffer, ++b->turn, b->size);
	if (native_send(b->peer, b->buffer, b->size))
		return -EIO;
	if (native_receive(b->peer, in, b->size, MSG_WAITALL) != b->size)
		return -EIO;
	b->sum += bench_sum(in, b->size);
	return 0;
}

/* Requests and answers. */
unsigned long long peer_run_exchange(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (exchange(b))
			return 0;
	return bench_now() - start;
}
