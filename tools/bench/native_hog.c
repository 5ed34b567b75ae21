// SPDX-License-Identifier: GPL-2.0
/* Threads that wait for data beside a program that keeps the CPU busy. */

#include <linux/net.h>

#include "native.h"

static int arrival_reader(void *data)
{
	struct bench *b = data;
	char byte;

	while (native_receive(b->object, &byte, 1, 0) == 1)
		bench_arrived(b);
	return native_wait_for_stop();
}

static int open_latency(struct bench *b)
{
	int err = native_open_tcp(b);

	if (!err)
		err = native_run_thread(b, arrival_reader);
	return err ?: hog_start(b);
}

static void close_latency(struct bench *b)
{
	hog_stop();
	native_close_tcp(b);
}

const struct bench_side native_latency = { open_latency, hog_run_latency, close_latency };

static int flood_reader(void *data)
{
	struct bench *b = data;
	char message[64];
	int n;

	while ((n = native_receive(b->object, message, sizeof(message), 0)) > 0)
		b->sum += bench_sum(message, n);
	return native_wait_for_stop();
}

static int open_flood(struct bench *b)
{
	struct socket *sock;
	int err = native_bound(SOCK_DGRAM, &sock);

	if (err)
		return err;
	b->object = sock;
	err = -peer_connect_udp(b, native_port(sock));
	if (!err)
		err = native_run_thread(b, flood_reader);
	return err ?: hog_start(b);
}

const struct bench_side native_flood = { open_flood, hog_run_flood, close_latency };
