// SPDX-License-Identifier: GPL-2.0
/*
 * The native sides of the socket cases: flat buffers, kernel_sendmsg(),
 * kernel_recvmsg() and, where a kext has an upcall, a blocking thread.
 */

#include <linux/kthread.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "native.h"

/* A connected pair: b->peer is the far end, b->object ours. */
int native_open_tcp(struct bench *b)
{
	struct sockaddr_in to = native_loopback(peer_listen_tcp(b));
	struct socket *sock;
	int err;

	if (!to.sin_port)
		return -EADDRNOTAVAIL;
	err = sock_create_kern(&init_net, PF_INET, SOCK_STREAM, 0, &sock);
	if (err)
		return err;
	b->object = sock;
	tcp_sock_set_nodelay(sock->sk);
	err = kernel_connect(sock, (void *)&to, sizeof(to), 0);
	return err ?: -peer_accept(b);
}

void native_close_tcp(struct bench *b)
{
	struct socket *sock = b->object;

	if (b->thread) {
		kernel_sock_shutdown(sock, SHUT_RDWR);
		native_stop_thread(b->thread);
	}
	if (sock)
		sock_release(sock);
	peer_close(b);
}

int native_run_thread(struct bench *b, int (*fn)(void *data))
{
	struct task_struct *task = kthread_create(fn, b, "bench");

	if (IS_ERR(task))
		return PTR_ERR(task);
	b->thread = get_task_struct(task);
	wake_up_process(task);
	return 0;
}

void native_stop_thread(struct task_struct *task)
{
	kthread_stop(task);
	put_task_struct(task);
}

int native_wait_for_stop(void)
{
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int reader(void *data)
{
	struct bench *b = data;
	int n;

	while ((n = native_receive(b->object, b->buffer, 64 * 1024, 0)) > 0)
		bench_event(b, n);
	return native_wait_for_stop();
}

static int open_receive(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: native_run_thread(b, reader);
}

const struct bench_side native_tcp_receive = { open_receive, peer_run_stream, native_close_tcp };

static u64 run_send(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (native_send(b->object, b->buffer, b->size))
			return 0;
		if (peer_drain(b, b->size))
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side native_tcp_send = { native_open_tcp, run_send, native_close_tcp };

int native_receive_exactly(struct socket *sock, void *buffer, unsigned long size)
{
	int n;

	for (; size; size -= n) {
		n = native_receive(sock, buffer, size, 0);
		if (n <= 0)
			return -EIO;
	}
	return 0;
}

static u64 run_both(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (native_send(b->object, b->buffer, b->size))
			return 0;
		if (native_receive_exactly(b->peer, in, b->size))
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side native_tcp_both = { native_open_tcp, run_both, native_close_tcp };

int native_open_udp(struct bench *b)
{
	struct sockaddr_in to;
	struct socket *sock;
	int err;

	err = native_bound(SOCK_DGRAM, &b->peer);
	if (err)
		return err;
	sock_set_rcvbuf(b->peer->sk, 8 * 1024 * 1024);
	to = native_loopback(native_port(b->peer));
	err = sock_create_kern(&init_net, PF_INET, SOCK_DGRAM, 0, &sock);
	if (err)
		return err;
	b->object = sock;
	return kernel_connect(sock, (void *)&to, sizeof(to), 0);
}

static int udp_batch(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	int i;

	for (i = 0; i < BATCH; i++)
		if (native_send(b->object, b->buffer, b->size))
			return -EIO;
	for (i = 0; i < BATCH; i++)
		if (native_receive(b->peer, in, b->size, MSG_DONTWAIT) != b->size)
			return -EIO;
	return 0;
}

static u64 run_udp(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (udp_batch(b))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_udp_both = { native_open_udp, run_udp, native_close_tcp };

static int ponger(void *data)
{
	struct bench *b = data;
	char byte[64];
	int n;

	while ((n = native_receive(b->object, byte, sizeof(byte), 0)) > 0)
		if (native_send(b->object, byte, n))
			break;
	return native_wait_for_stop();
}

static int open_pingpong(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: native_run_thread(b, ponger);
}

const struct bench_side native_pingpong = { open_pingpong, peer_run_pingpong, native_close_tcp };
