// SPDX-License-Identifier: GPL-2.0
/* The kext's sides of packets through filters; the traffic is between two native sockets. */

#include <net/sock.h>

#include "native.h"
#include "self.h"
#include "traffic.h"

static void close_filtered(struct bench *b)
{
	native_close_tcp(b);
	self_unload(b);
}

/* --- datagrams --- */

static int open_direct(struct bench *b)
{
	return traffic_open_udp(b) ?: self_load_direct(b, bench_ip_filters_add);
}

static int open_deferred(struct bench *b)
{
	return traffic_open_udp(b) ?: self_load(b, bench_ip_filters_add);
}

static int open_frames(struct bench *b)
{
	return traffic_open_udp(b) ?: self_load_direct(b, bench_interface_filters_add);
}

static int add_both(unsigned long count)
{
	return bench_ip_filters_add(count) ?: bench_interface_filters_add(count);
}

/* Filters that were there, and are no more. */
static int open_gone(struct bench *b)
{
	int err = traffic_open_udp(b) ?: self_load(b, add_both);

	self_unload(b);
	return err;
}

const struct bench_side filter_direct = { open_direct, traffic_run_udp, close_filtered };
const struct bench_side filter_deferred = { open_deferred, traffic_run_udp, close_filtered };
const struct bench_side frames_direct = { open_frames, traffic_run_udp, close_filtered };
const struct bench_side filter_gone = { open_gone, traffic_run_udp, close_filtered };

/* --- TCP --- */

static int open_tcp_direct(struct bench *b)
{
	return native_open_tcp(b) ?: self_load_direct(b, bench_ip_filters_add);
}

static int open_tcp_deferred(struct bench *b)
{
	return native_open_tcp(b) ?: self_load(b, bench_ip_filters_add);
}

const struct bench_side filter_tcp_direct = { open_tcp_direct, traffic_run_tcp, close_filtered };
const struct bench_side filter_tcp_deferred = { open_tcp_deferred, traffic_run_tcp, close_filtered };

/* --- packets that a filter keeps: b->pieces of them at once --- */

static int open_keeper(struct bench *b)
{
	int err = traffic_open_udp(b) ?: self_load_direct(b, bench_ip_keeper_add);

	if (!err)
		traffic_may_send_much(b);
	return err;
}

static int keep_some(struct bench *b)
{
	unsigned long i;
	int err = 0;

	bench_keep(true);
	for (i = 0; i < b->pieces && !err; i++)
		err = native_send(b->object, b->buffer, b->size);
	bench_keep(false);
	return err;
}

static int receive_some(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	unsigned long i;

	for (i = 0; i < b->pieces; i++)
		if (native_receive(b->peer, in, b->size, 0) != b->size)
			return -EIO;
	return 0;
}

/* As often as all of them are b->n packets, or more: that is taken off again. */
static unsigned long long run_kept(struct bench *b)
{
	u64 start = bench_now();
	unsigned long done;

	for (done = 0; done < b->n; done += b->pieces)
		if (keep_some(b) || bench_kept_go_on() || receive_some(b))
			return 0;
	return (bench_now() - start) * b->n / done;
}

static void close_keeper(struct bench *b)
{
	bench_kept_free();
	close_filtered(b);
}

/* What memory they take. */
static int open_kept_memory(struct bench *b)
{
	unsigned long before = traffic_memory();
	int err = open_keeper(b) ?: keep_some(b);

	b->took = traffic_memory() - before;
	return err;
}

const struct bench_side filter_kept = { open_keeper, run_kept, close_keeper };
const struct bench_side filter_kept_memory = { open_kept_memory, traffic_run_memory, close_keeper };
