// SPDX-License-Identifier: GPL-2.0
/* Where a relay's bytes end: a native socket that throws them away. */

#include <linux/kthread.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "native.h"

int sink_listen_tcp(struct bench *b)
{
	if (native_bound(SOCK_STREAM, &b->sink2))
		return 0;
	return kernel_listen(b->sink2, 1) ? 0 : native_port(b->sink2);
}

static int sink(void *data)
{
	struct bench *b = data;
	struct msghdr msg = { };
	struct kvec vec = { };
	int n;

	while ((n = kernel_recvmsg(b->sink, &msg, &vec, 1, 64 * 1024, MSG_TRUNC)) > 0)
		bench_event(b, n);
	return native_wait_for_stop();
}

int sink_accept(struct bench *b)
{
	struct task_struct *task;
	int err = kernel_accept(b->sink2, &b->sink, 0);

	if (err)
		return -err;
	if (b->pieces)
		return 0;
	task = kthread_create(sink, b, "sink");
	if (IS_ERR(task))
		return -PTR_ERR(task);
	b->sink_thread = get_task_struct(task);
	wake_up_process(task);
	return 0;
}

int sink_drain(struct bench *b, unsigned long size)
{
	return native_drain(b->sink, size);
}

void sink_close(struct bench *b)
{
	if (b->sink_thread) {
		kernel_sock_shutdown(b->sink, SHUT_RDWR);
		native_stop_thread(b->sink_thread);
	}
	if (b->sink)
		sock_release(b->sink);
	if (b->sink2)
		sock_release(b->sink2);
}

/* A message goes in when the one before it has come out. */
unsigned long long sink_run_step(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (peer_send(b, b->size) || sink_drain(b, b->size))
			return 0;
	return bench_now() - start;
}
