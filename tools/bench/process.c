// SPDX-License-Identifier: GPL-2.0
/*
 * A process's sockets, through a kext's socket filter or without one. They are made
 * by sock_create(), so that filters meet them; at the far end are the kernel's own,
 * which nobody filters.
 */

#include <linux/mm.h>
#include <linux/net.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "native.h"
#include "self.h"
#include "traffic.h"

static int connected(int type, int port, struct socket **sockp)
{
	struct sockaddr_in to = native_loopback(port);
	int err = sock_create(PF_INET, type, 0, sockp);

	return err ?: kernel_connect(*sockp, (void *)&to, sizeof(to), 0);
}

static void close_filtered(struct bench *b)
{
	native_close_tcp(b);
	self_unload(b);
}

/* --- TCP --- */

static int open_tcp(struct bench *b)
{
	int err = connected(SOCK_STREAM, peer_listen_tcp(b), (struct socket **)&b->object);

	if (err)
		return err;
	tcp_sock_set_nodelay(((struct socket *)b->object)->sk);
	return -peer_accept(b);
}

static int open_filtered_tcp(struct bench *b)
{
	return self_load(b, bench_data_filter_add) ?: open_tcp(b);
}

static u64 run_tcp_receive(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (peer_send(b, b->size) || native_receive_exactly(b->object, in, b->size))
			return 0;
	return bench_now() - start;
}

const struct bench_side process_send = { open_tcp, traffic_run_tcp, native_close_tcp };
const struct bench_side process_receive = { open_tcp, run_tcp_receive, native_close_tcp };
const struct bench_side filtered_send = { open_filtered_tcp, traffic_run_tcp, close_filtered };
const struct bench_side filtered_receive = { open_filtered_tcp, run_tcp_receive, close_filtered };

/* As a stream, to a sink that is as far away as the one behind a relay. */
static int open_filtered_stream(struct bench *b)
{
	int port, err = self_load(b, bench_data_filter_add);

	if (err)
		return err;
	b->target = ULONG_MAX;
	port = sink_listen_tcp(b);
	err = connected(SOCK_STREAM, port, &b->peer);
	if (err)
		return err;
	tcp_sock_set_nodelay(b->peer->sk);
	return -sink_accept(b);
}

static void close_filtered_stream(struct bench *b)
{
	peer_close(b);
	sink_close(b);
	self_unload(b);
}

const struct bench_side filtered_stream = { open_filtered_stream, peer_run_stream, close_filtered_stream };

/* --- UDP --- */

/* Each end knows the other. */
static int open_udp(struct bench *b)
{
	struct socket *sock;
	struct sockaddr_in to;
	int err = native_bound(SOCK_DGRAM, &b->peer);

	if (err)
		return err;
	sock_set_rcvbuf(b->peer->sk, 8 * 1024 * 1024);
	b->peer->sk->sk_rcvtimeo = 5 * HZ;
	err = connected(SOCK_DGRAM, native_port(b->peer), &sock);
	b->object = sock;
	if (err)
		return err;
	sock_set_rcvbuf(sock->sk, 8 * 1024 * 1024);
	sock->sk->sk_rcvtimeo = 5 * HZ;
	to = native_loopback(native_port(sock));
	return kernel_connect(b->peer, (void *)&to, sizeof(to), 0);
}

static int open_filtered_udp(struct bench *b)
{
	return self_load(b, bench_data_filter_add) ?: open_udp(b);
}

/* The filter is for TCP. */
static int open_unmatched_udp(struct bench *b)
{
	return self_load(b, bench_tcp_filter_add) ?: open_udp(b);
}

static int receive_batch(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	int i;

	for (i = 0; i < BATCH; i++)
		if (peer_send(b, b->size))
			return -EIO;
	for (i = 0; i < BATCH; i++)
		if (native_receive(b->object, in, b->size, 0) != b->size)
			return -EIO;
	return 0;
}

static u64 run_udp_receive(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (receive_batch(b))
			return 0;
	return bench_now() - start;
}

const struct bench_side process_udp_send = { open_udp, traffic_run_udp, native_close_tcp };
const struct bench_side process_udp_receive = { open_udp, run_udp_receive, native_close_tcp };
const struct bench_side filtered_udp_send = { open_filtered_udp, traffic_run_udp, close_filtered };
const struct bench_side filtered_udp_receive = { open_filtered_udp, run_udp_receive, close_filtered };
const struct bench_side unmatched_udp = { open_unmatched_udp, traffic_run_udp, close_filtered };

/* --- connections --- */

static int open_connects(struct bench *b)
{
	return peer_listen_tcp(b) ? 0 : -EADDRNOTAVAIL;
}

static int open_filtered_connects(struct bench *b)
{
	return self_load(b, bench_connect_filter_add) ?: open_connects(b);
}

static int open_hooked_connects(struct bench *b)
{
	return outside_hook_connect(b) ?: open_connects(b);
}

/* Cut off, so that no port waits for its end. */
static int connect_once(struct bench *b, int port)
{
	struct socket *sock = NULL, *accepted;
	int err = connected(SOCK_STREAM, port, &sock);

	if (sock) {
		sock_no_linger(sock->sk);
		sock_release(sock);
	}
	if (err)
		return err;
	err = kernel_accept(b->peer2, &accepted, 0);
	if (!err)
		sock_release(accepted);
	return err;
}

static u64 run_connects(struct bench *b)
{
	int port = native_port(b->peer2);
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (connect_once(b, port))
			return 0;
	return bench_now() - start;
}

static void close_hooked_connects(struct bench *b)
{
	outside_unhook_connect(b);
	peer_close(b);
}

const struct bench_side process_connects = { open_connects, run_connects, native_close_tcp };
const struct bench_side hooked_connects = { open_hooked_connects, run_connects, close_hooked_connects };
const struct bench_side filtered_connects = { open_filtered_connects, run_connects, close_filtered };

/* --- many sockets, that send in turn --- */

struct many {
	unsigned long n;
	struct socket *socks[];
};

static int open_some(struct bench *b, unsigned long n)
{
	struct many *many = kvzalloc(struct_size(many, socks, n), GFP_KERNEL);
	unsigned long before;
	int port, err = native_bound(SOCK_DGRAM, &b->peer);

	b->object2 = many;
	if (err || !many)
		return err ?: -ENOMEM;
	port = native_port(b->peer);
	rcu_barrier();		/* the memory of those before is back */
	before = traffic_memory();
	while (many->n < n && !err)
		err = connected(SOCK_DGRAM, port, &many->socks[many->n++]);
	b->took = traffic_memory() - before;
	return err;
}

static int open_many(struct bench *b)
{
	return open_some(b, b->pieces);
}

static int open_filtered_many(struct bench *b)
{
	return self_load(b, bench_data_filter_add) ?: open_some(b, b->pieces);
}

static int open_filtered_ten(struct bench *b)
{
	return self_load(b, bench_data_filter_add) ?: open_some(b, 10);
}

static u64 run_many(struct bench *b)
{
	struct many *many = b->object2;
	void *in = b->buffer + BENCH_IN;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (native_send(many->socks[i % many->n], b->buffer, b->size) ||
		    native_receive(b->peer, in, b->size, MSG_DONTWAIT) != b->size)
			return 0;
	return bench_now() - start;
}

static void close_many(struct bench *b)
{
	struct many *many = b->object2;

	while (many && many->n)
		if (many->socks[--many->n])
			sock_release(many->socks[many->n]);
	kvfree(many);
	peer_close(b);
	self_unload(b);
}

const struct bench_side filtered_many = { open_filtered_many, run_many, close_many };
const struct bench_side filtered_ten = { open_filtered_ten, run_many, close_many };
const struct bench_side filtered_memory = { open_filtered_many, traffic_run_memory, close_many };
const struct bench_side process_memory = { open_many, traffic_run_memory, close_many };
