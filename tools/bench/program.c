// SPDX-License-Identifier: GPL-2.0
/* A program's end of a kernel control or of a netlink family: sockets as a process has them. */

#include <linux/kthread.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "native.h"

#define FAMILY		32
#define CONTROL		2
#define NAME_SIZE	32

struct many {
	unsigned long n;
	struct socket *socks[];
};

static struct socket *connected(unsigned int id)
{
	struct sockaddr_storage addr = { };
	u8 *name = (u8 *)&addr;
	struct socket *sock;
	int err = sock_create_kern(&init_net, FAMILY, SOCK_DGRAM, CONTROL, &sock);

	if (err)
		return ERR_PTR(err);
	name[0] = NAME_SIZE;
	name[1] = FAMILY;
	memcpy(name + 4, &id, sizeof(id));
	err = kernel_connect(sock, (void *)&addr, NAME_SIZE, 0);
	if (!err)
		return sock;
	sock_release(sock);
	return ERR_PTR(err);
}

int program_connect(struct bench *b, unsigned int id)
{
	struct socket *sock = connected(id);

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	b->peer = sock;
	return 0;
}

/* @n of them; their units are 1, 2 ... */
int program_connect_many(struct bench *b, unsigned int id, unsigned long n)
{
	struct many *many = kvzalloc(struct_size(many, socks, n), GFP_KERNEL);

	if (!many)
		return -ENOMEM;
	b->object2 = many;
	while (many->n < n) {
		struct socket *sock = connected(id);

		if (IS_ERR(sock))
			return PTR_ERR(sock);
		many->socks[many->n++] = sock;
	}
	return 0;
}

static int read_message(struct socket *sock, struct bench *b, int flags)
{
	return native_receive(sock, b->buffer + BENCH_IN, BENCH_IN, flags) > 0 ? 0 : -EIO;
}

/* Messages that are there already. */
int program_read(struct bench *b, unsigned long count)
{
	while (count--)
		if (read_message(b->peer, b, MSG_DONTWAIT))
			return -EIO;
	return 0;
}

int program_read_of(struct bench *b, unsigned long which)
{
	struct many *many = b->object2;

	return read_message(many->socks[which], b, MSG_DONTWAIT);
}

int program_send(struct bench *b)
{
	return native_send(b->peer, b->buffer, b->size);
}

/* Answers each message with one; now and then it looks whether it is to stop. */
static int (*answer)(struct bench *b);

static int program(void *data)
{
	struct bench *b = data;
	int n;

	while (!kthread_should_stop()) {
		n = native_receive(b->peer, b->buffer + BENCH_IN, BENCH_IN, 0);
		if (n != -EAGAIN && (n <= 0 || answer(b)))
			break;
	}
	return native_wait_for_stop();
}

int program_start(struct bench *b, int (*fn)(struct bench *b))
{
	answer = fn;
	b->peer->sk->sk_rcvtimeo = HZ / 10;
	return native_run_thread(b, program);
}

int program_start_control(struct bench *b)
{
	return program_start(b, program_send);
}

void program_close(struct bench *b)
{
	struct many *many = b->object2;

	if (b->thread)
		native_stop_thread(b->thread);
	if (b->peer)
		sock_release(b->peer);
	while (many && many->n)
		sock_release(many->socks[--many->n]);
	kvfree(many);
}
