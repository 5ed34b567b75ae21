// SPDX-License-Identifier: GPL-2.0
/* What a socket costs: the layer's object on top of Linux's own two. */

#include <linux/mm.h>
#include <linux/net.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "socket/socket_priv.h"
#include "socket_context.h"

#define BOUND		512	/* bytes per idle socket */
#define SOCKETS		4000

/* Debug kernels put their own things into locks and objects. */
static void skip_on_debug_kernel(struct kunit *test)
{
	if (IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "struct __socket has %zu bytes on this debug kernel",
			   sizeof(struct __socket));
}

static void object_is_small(struct kunit *test)
{
	skip_on_debug_kernel(test);
	kunit_info(test, "struct __socket: %zu bytes", sizeof(struct __socket));
	KUNIT_EXPECT_LE(test, sizeof(struct __socket), (size_t)BOUND);
}

static long free_bytes(void)
{
	struct sysinfo info;

	synchronize_rcu();
	si_meminfo(&info);
	return (long)info.freeram * info.mem_unit;
}

static int open_linux(void **so)
{
	return sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, (struct socket **)so);
}

static void close_linux(void *so)
{
	sock_release(so);
}

static int open_layer(void **so)
{
	return -kpi_sock_socket(AF_INET, SOCK_STREAM, 0, NULL, NULL, (socket_t *)so);
}

static void close_layer(void *so)
{
	kpi_sock_close(so);
}

/* Bytes that one of many sockets takes from the machine. */
static long bytes_each(struct kunit *test, void **so, int (*open)(void **so),
		       void (*close)(void *so))
{
	long before, used;
	int i, n;

	before = free_bytes();
	for (n = 0; n < SOCKETS; n++)
		if (open(&so[n]))
			break;
	used = before - free_bytes();
	for (i = 0; i < n; i++)
		close(so[i]);
	KUNIT_ASSERT_EQ(test, n, SOCKETS);
	return used / SOCKETS;
}

static void idle_sockets_are_cheap(struct kunit *test)
{
	void **so = kunit_kcalloc(test, SOCKETS, sizeof(*so), GFP_KERNEL);
	long bare, ours;

	skip_on_debug_kernel(test);
	KUNIT_ASSERT_NOT_NULL(test, so);
	/* the caches fill first */
	bytes_each(test, so, open_linux, close_linux);
	bytes_each(test, so, open_layer, close_layer);
	bare = bytes_each(test, so, open_linux, close_linux);
	ours = bytes_each(test, so, open_layer, close_layer);
	kunit_info(test, "%d idle sockets: %ld bytes each, %ld of them the layer's",
		   SOCKETS, ours, ours - bare);
}

static struct kunit_case object_cases[] = {
	KUNIT_CASE(object_is_small),
	KUNIT_CASE(idle_sockets_are_cheap),
	{ }
};

struct kunit_suite st_object_suite = {
	.name = "sock_object",
	.test_cases = object_cases,
};
