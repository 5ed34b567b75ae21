// SPDX-License-Identifier: GPL-2.0
/* Many sockets, each with a callback that queues work: what an upcall is made of. */

#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include "native.h"

struct one {
	struct socket *sock;
	struct sockaddr_in at;
	struct work_struct work;
	void (*data_ready)(struct sock *sk);	/* Linux's own */
	struct bench *b;
};

/* b->pieces of them, and one that sends to each in turn. */
struct many {
	struct socket *sender;
	struct one one[];
};

static void receive_work(struct work_struct *work)
{
	struct one *one = container_of(work, struct one, work);
	char message[64];

	while (native_receive(one->sock, message, sizeof(message), MSG_DONTWAIT) > 0)
		bench_event(one->b, 1);
}

static void data_ready(struct sock *sk)
{
	struct one *one = sk->sk_user_data;

	one->data_ready(sk);
	queue_work(system_highpri_wq, &one->work);
}

static int open_one(struct bench *b, struct one *one)
{
	int err = native_bound(SOCK_DGRAM, &one->sock);
	struct sock *sk;

	if (err)
		return err;
	sk = one->sock->sk;
	one->at = native_loopback(native_port(one->sock));
	one->b = b;
	INIT_WORK(&one->work, receive_work);
	write_lock_bh(&sk->sk_callback_lock);
	one->data_ready = sk->sk_data_ready;
	sk->sk_user_data = one;
	sk->sk_data_ready = data_ready;
	write_unlock_bh(&sk->sk_callback_lock);
	return 0;
}

static int open_sockets(struct bench *b)
{
	struct many *many = kvzalloc(struct_size(many, one, b->pieces), GFP_KERNEL);
	unsigned long i;
	int err;

	if (!many)
		return -ENOMEM;
	b->object = many;
	err = sock_create_kern(&init_net, PF_INET, SOCK_DGRAM, 0, &many->sender);
	for (i = 0; i < b->pieces && !err; i++)
		err = open_one(b, &many->one[i]);
	return err;
}

static int send_to(struct bench *b, struct many *many, unsigned long i)
{
	struct kvec vec = { b->buffer, 64 };
	struct msghdr msg = {
		.msg_name = &many->one[i].at,
		.msg_namelen = sizeof(many->one[i].at),
		.msg_flags = MSG_NOSIGNAL,
	};

	return kernel_sendmsg(many->sender, &msg, &vec, 1, 64) == 64 ? 0 : -EIO;
}

static u64 run_sockets(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (send_to(b, b->object, i % b->pieces))
			return 0;
		if ((i + 1) % 16 == 0 && bench_wait(b, i + 1))
			return 0;
	}
	return bench_wait(b, b->n) ? 0 : bench_now() - start;
}

static void close_one(struct one *one)
{
	struct sock *sk;

	if (!one->sock)
		return;
	sk = one->sock->sk;
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_data_ready = one->data_ready;
	sk->sk_user_data = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
	cancel_work_sync(&one->work);
	sock_release(one->sock);
}

static void close_sockets(struct bench *b)
{
	struct many *many = b->object;
	unsigned long i;

	if (!many)
		return;
	for (i = 0; i < b->pieces; i++)
		close_one(&many->one[i]);
	if (many->sender)
		sock_release(many->sender);
	kvfree(many);
}

const struct bench_side native_sockets = { open_sockets, run_sockets, close_sockets };
