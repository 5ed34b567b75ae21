// SPDX-License-Identifier: GPL-2.0
/*
 * The kext's sides of packets through filters: the bench loads itself as a kext,
 * which has the filters; the traffic is between two native sockets.
 */

#include <linux/module.h>
#include <net/sock.h>

#include <netkpi/kext.h>

#include "filter.h"
#include "native.h"
#include "traffic.h"

/* What the kext adds when it starts. */
static int (*add)(unsigned long count);
static unsigned long wanted;

static void remove_all(void)
{
	bench_interface_filters_remove();
	bench_ip_filters_remove();
}

static int kext_start(struct bsd_kmod_info *ki, void *data)
{
	int error = add(wanted);

	if (error)
		remove_all();
	return error;
}

static int kext_stop(struct bsd_kmod_info *ki, void *data)
{
	remove_all();
	return 0;
}

static struct bsd_kmod_info info = { .start = kext_start, .stop = kext_stop };

/* b->work says that the kext is there. */
static int load(struct bench *b, int (*load_it)(struct module *module, struct bsd_kmod_info *info),
		int (*what)(unsigned long count))
{
	int err;

	add = what;
	wanted = b->pieces ?: 1;
	err = load_it(THIS_MODULE, &info);
	if (!err)
		b->work = &info;
	return err;
}

static void unload(struct bench *b)
{
	if (!b->work)
		return;
	kpi_kext_stop(THIS_MODULE);
	kpi_kext_unload(THIS_MODULE);
	b->work = NULL;
}

static void close_filtered(struct bench *b)
{
	native_close_tcp(b);
	unload(b);
}

/* --- datagrams --- */

static int open_direct(struct bench *b)
{
	return traffic_open_udp(b) ?: load(b, kpi_kext_load_direct, bench_ip_filters_add);
}

static int open_deferred(struct bench *b)
{
	return traffic_open_udp(b) ?: load(b, kpi_kext_load, bench_ip_filters_add);
}

static int open_frames_direct(struct bench *b)
{
	return traffic_open_udp(b) ?: load(b, kpi_kext_load_direct, bench_interface_filters_add);
}

static int open_frames_deferred(struct bench *b)
{
	return traffic_open_udp(b) ?: load(b, kpi_kext_load, bench_interface_filters_add);
}

static int add_both(unsigned long count)
{
	return bench_ip_filters_add(count) ?: bench_interface_filters_add(count);
}

/* Filters that were there, and are no more. */
static int open_gone(struct bench *b)
{
	int err = traffic_open_udp(b) ?: load(b, kpi_kext_load, add_both);

	unload(b);
	return err;
}

const struct bench_side filter_direct = { open_direct, traffic_run_udp, close_filtered };
const struct bench_side filter_deferred = { open_deferred, traffic_run_udp, close_filtered };
const struct bench_side frames_direct = { open_frames_direct, traffic_run_udp, close_filtered };
const struct bench_side frames_deferred = { open_frames_deferred, traffic_run_udp, close_filtered };
const struct bench_side filter_gone = { open_gone, traffic_run_udp, close_filtered };

/* --- TCP --- */

static int open_tcp_direct(struct bench *b)
{
	return native_open_tcp(b) ?: load(b, kpi_kext_load_direct, bench_ip_filters_add);
}

static int open_tcp_deferred(struct bench *b)
{
	return native_open_tcp(b) ?: load(b, kpi_kext_load, bench_ip_filters_add);
}

const struct bench_side filter_tcp_direct = { open_tcp_direct, traffic_run_tcp, close_filtered };
const struct bench_side filter_tcp_deferred = { open_tcp_deferred, traffic_run_tcp, close_filtered };
