// SPDX-License-Identifier: GPL-2.0
/* A native relay that copies: one thread, one buffer. */

#include <linux/net.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "native.h"

static int relayer(void *data)
{
	struct bench *b = data;
	void *in = b->buffer + BENCH_IN;
	int n;

	while ((n = native_receive(b->object, in, 64 * 1024, 0)) > 0)
		if (native_send(b->object2, in, n))
			break;
	return native_wait_for_stop();
}

int native_open_relay(struct bench *b)
{
	struct sockaddr_in to = native_loopback(sink_listen_tcp(b));
	struct socket *sock;
	int err;

	if (!to.sin_port)
		return -EADDRNOTAVAIL;
	err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &sock);
	if (err)
		return err;
	b->object2 = sock;
	tcp_sock_set_nodelay(sock->sk);
	err = kernel_connect(sock, (void *)&to, sizeof(to), 0);
	if (!err)
		err = -sink_accept(b);
	return err ?: native_open_tcp(b);
}

static int open_copying(struct bench *b)
{
	int err = native_open_relay(b);

	return err ?: native_run_thread(b, relayer);
}

void native_close_relay(struct bench *b)
{
	native_close_tcp(b);
	if (b->object2)
		sock_release(b->object2);
	sink_close(b);
}

const struct bench_side native_relay = { open_copying, peer_run_stream, native_close_relay };
const struct bench_side native_relay_step = { open_copying, sink_run_step, native_close_relay };
