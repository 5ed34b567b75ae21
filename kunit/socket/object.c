// SPDX-License-Identifier: GPL-2.0
/* What a socket costs: the layer's object on top of Linux's own two. */

#include <linux/mm.h>
#include <linux/net.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "socket/socket_priv.h"
#include "context.h"

#define BOUND		512	/* bytes per idle socket */
#define NOISE		32	/* what else the machine did, shared out */
#define SOCKETS		2000
#define TURNS		5

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

	si_meminfo(&info);
	return (long)info.freeram * info.mem_unit;
}

static int open_linux(void **so)
{
	return sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, (struct socket **)so);
}

static int open_layer(void **so)
{
	return -kpi_sock_socket(AF_INET, SOCK_STREAM, 0, NULL, NULL, (socket_t *)so);
}

/* Bytes that one of many more sockets takes from the machine. */
static long bytes_each(struct kunit *test, void **so, int (*open)(void **so))
{
	long before = free_bytes();
	int i;

	for (i = 0; i < SOCKETS; i++)
		KUNIT_EXPECT_EQ(test, open(&so[i]), 0);
	return (before - free_bytes()) / SOCKETS;
}

/*
 * The machine does other things meanwhile: the least of some turns is the truth.
 * Nothing is closed before the end, because memory that was freed comes back late.
 */
static void idle_sockets_are_cheap(struct kunit *test)
{
	void **so = kunit_kcalloc(test, 2 * TURNS * SOCKETS, sizeof(*so), GFP_KERNEL);
	long bare = LONG_MAX, ours = LONG_MAX;
	int i;

	skip_on_debug_kernel(test);
	KUNIT_ASSERT_NOT_NULL(test, so);
	for (i = 0; i < 2 * TURNS; i += 2) {
		bare = min(bare, bytes_each(test, &so[i * SOCKETS], open_linux));
		ours = min(ours, bytes_each(test, &so[(i + 1) * SOCKETS], open_layer));
	}
	for (i = 0; i < 2 * TURNS * SOCKETS; i++) {
		if (i / SOCKETS & 1)
			kpi_sock_close(so[i]);
		else if (so[i])
			sock_release(so[i]);
	}
	kunit_info(test, "an idle socket: %ld bytes, %ld of them the layer's", ours, ours - bare);
	KUNIT_EXPECT_LE(test, ours - bare, BOUND + NOISE);
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
