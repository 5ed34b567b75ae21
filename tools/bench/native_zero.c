// SPDX-License-Identifier: GPL-2.0
/*
 * Native code that copies nothing, as NVMe over TCP, iSCSI and SunRPC do. In:
 * sk_data_ready queues work, which reads with tcp_read_sock(). Out: pages.
 */

#include <linux/bvec.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "compat/compat.h"
#include "compat/socket.h"

#include "native.h"

struct zero {
	struct work_struct work;
	void (*data_ready)(struct sock *sk);
	sk_read_actor_t actor;
	struct bench *b;
};

static void zero_work(struct work_struct *work)
{
	struct zero *zero = container_of(work, struct zero, work);
	struct socket *sock = zero->b->object;
	read_descriptor_t desc = { .arg.data = zero->b, .count = 1 };

	lock_sock(sock->sk);
	tcp_read_sock(sock->sk, &desc, zero->actor);
	release_sock(sock->sk);
	if (desc.written)
		bench_event(zero->b, desc.written);
}

static void zero_data_ready(struct sock *sk)
{
	struct zero *zero;

	read_lock_bh(&sk->sk_callback_lock);
	zero = sk->sk_user_data;
	if (zero)
		queue_work(system_highpri_wq, &zero->work);
	read_unlock_bh(&sk->sk_callback_lock);
}

static int open_zero(struct bench *b, sk_read_actor_t actor)
{
	struct zero *zero = kzalloc(sizeof(*zero), GFP_KERNEL);
	struct socket *sock = b->object;
	struct sock *sk = sock->sk;

	if (!zero)
		return -ENOMEM;
	INIT_WORK(&zero->work, zero_work);
	zero->b = b;
	zero->actor = actor;
	b->work = zero;
	write_lock_bh(&sk->sk_callback_lock);
	zero->data_ready = sk->sk_data_ready;
	sk->sk_user_data = zero;
	sk->sk_data_ready = zero_data_ready;
	write_unlock_bh(&sk->sk_callback_lock);
	return 0;
}

static void stop_zero(struct bench *b)
{
	struct zero *zero = b->work;
	struct socket *sock = b->object;
	struct sock *sk;

	if (!zero)
		return;
	sk = sock->sk;
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_user_data = NULL;
	sk->sk_data_ready = zero->data_ready;
	write_unlock_bh(&sk->sk_callback_lock);
	cancel_work_sync(&zero->work);
	kfree(zero);
}

static void close_zero(struct bench *b)
{
	stop_zero(b);
	native_close_tcp(b);
}

static int count_actor(read_descriptor_t *desc, struct sk_buff *skb, unsigned int off, size_t len)
{
	desc->written += len;
	return len;
}

/* Every byte where it is. */
static int sum_actor(read_descriptor_t *desc, struct sk_buff *skb, unsigned int off, size_t len)
{
	struct bench *b = desc->arg.data;
	struct skb_seq_state st;
	unsigned int done = 0, n;
	const u8 *at;

	skb_prepare_seq_read(skb, off, off + len, &st);
	while ((n = skb_seq_read(done, &at, &st)) != 0) {
		b->sum += bench_sum(at, n);
		done += n;
	}
	desc->written += len;
	return len;
}

static int open_receive_zero(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: open_zero(b, count_actor);
}

static int open_receive_zero_read(struct bench *b)
{
	int err = native_open_tcp(b);

	return err ?: open_zero(b, sum_actor);
}

const struct bench_side native_receive_zero = { open_receive_zero, peer_run_stream, close_zero };
const struct bench_side native_receive_zero_read = { open_receive_zero_read, peer_run_stream, close_zero };

static int send_pages(struct socket *sock, struct msghdr *msg)
{
	int sent;

	lock_sock(sock->sk);
	sent = kpi_compat_send_pages_locked(sock, msg);
	release_sock(sock->sk);
	return sent;
}

static struct page_frag_cache frags;	/* one thread at a time */

/* 16 KiB at a time. */
static int native_send_pages(struct socket *sock, unsigned long size, int fill)
{
	struct bio_vec vec[16];
	void *at[16];
	struct msghdr msg = { .msg_flags = MSG_NOSIGNAL };
	unsigned long left = size;
	int n, i, sent;

	for (n = 0; left; n++) {
		unsigned long len = min(left, 16384ul);

		at[n] = page_frag_alloc(&frags, len, GFP_KERNEL);
		if (!at[n])
			return -ENOMEM;
		if (fill >= 0)
			memset(at[n], fill, len);
		vec[n] = (struct bio_vec) {
			.bv_page = virt_to_page(at[n]),
			.bv_len = len,
			.bv_offset = offset_in_page(at[n]),
		};
		left -= len;
	}
	iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, vec, n, size);
	sent = send_pages(sock, &msg);
	for (i = 0; i < n; i++)
		page_frag_free(at[i]);
	return sent == size ? 0 : -EIO;
}

static u64 run_send_zero(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (native_send_pages(b->object, b->size, -1) || peer_drain(b, b->size))
			return 0;
	return bench_now() - start;
}

static u64 run_send_zero_filled(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (native_send_pages(b->object, b->size, i & 0xff) || peer_drain(b, b->size))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_send_zero = { native_open_tcp, run_send_zero, native_close_tcp };
const struct bench_side native_send_zero_filled = { native_open_tcp, run_send_zero_filled, native_close_tcp };

/* What came in goes out, page by page; while the first socket is locked. */
static int relay_actor(read_descriptor_t *desc, struct sk_buff *skb, unsigned int off, size_t len)
{
	struct bench *b = desc->arg.data;
	struct msghdr msg = { .msg_flags = MSG_NOSIGNAL };
	struct bio_vec vec[MAX_SKB_FRAGS];
	unsigned int i, n = 0, total = 0;

	if (off < skb_headlen(skb))
		return -EIO;
	off -= skb_headlen(skb);
	for (i = 0; i < skb_shinfo(skb)->nr_frags && total < len; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];
		unsigned int size = skb_frag_size(frag);

		if (off >= size) {
			off -= size;
			continue;
		}
		vec[n] = (struct bio_vec) {
			.bv_page = skb_frag_page(frag),
			.bv_len = min_t(size_t, size - off, len - total),
			.bv_offset = skb_frag_off(frag) + off,
		};
		total += vec[n++].bv_len;
		off = 0;
	}
	iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, vec, n, total);
	return send_pages(b->object2, &msg);
}

static int open_relay_zero(struct bench *b)
{
	int err = native_open_relay(b);

	return err ?: open_zero(b, relay_actor);
}

static void close_relay_zero(struct bench *b)
{
	stop_zero(b);
	native_close_relay(b);
}

const struct bench_side native_relay_zero = { open_relay_zero, peer_run_stream, close_relay_zero };
