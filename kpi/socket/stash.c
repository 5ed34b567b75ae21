// SPDX-License-Identifier: GPL-2.0
/*
 * The stash: what was taken from Linux and not yet given to the kext.
 *
 * MSG_WAITALL promises all or nothing. Linux cannot be made to hold the bytes
 * until there are enough of them: it counts memory, not bytes, and would close
 * the window before. So what is there is taken, which opens the window, and kept
 * here. It counts as received and unread everywhere. The rest of a datagram that
 * was read in part (SO_DONTTRUNC) is kept here, too.
 */

#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "receive.h"
#include "transport.h"

/*
 * Less than this is copied into clusters. A peer that sends byte by byte must
 * not make an mbuf, and a packet kept behind it, of every byte.
 */
#define COPY_BELOW	2048

/* An mbuf of the stash's with room behind its data. */
static mbuf_t with_room(struct __socket *so)
{
	mbuf_t m = so->in->stash.tail;

	if (m && kpi_mbuf_trailingspace(m))
		return m;

	m = kpi_chain_alloc(COPY_BELOW, so->sk->sk_allocation, so->owner);
	if (!m)
		return NULL;
	kpi_mbuf_setlen(m, 0);
	kpi_chain_append(&so->in->stash, m);
	return m;
}

static ssize_t copy_few(struct __socket *so, size_t want)
{
	struct msghdr msg = {};
	struct kvec place;
	mbuf_t m;
	ssize_t n;

	m = with_room(so);
	if (!m)
		return -ENOMEM;
	place.iov_base = kpi_mbuf_data(m) + kpi_mbuf_len(m);
	place.iov_len = min(want, kpi_mbuf_trailingspace(m));
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &place, 1, place.iov_len);

	n = kpi_recvmsg(so, &msg, 0);
	if (n > 0) {
		kpi_mbuf_setlen(m, kpi_mbuf_len(m) + n);
		so->in->stash.len += n;
	}
	return n;
}

/* Up to @want bytes, but not past an urgent byte. 0, or -errno without memory for more. */
int kpi_stash_fill(struct __socket *so, size_t want)
{
	size_t queued;
	ssize_t n = 0;

	lockdep_assert_held(&so->in->lock);

	while (so->in->stash.len < want &&
	       (queued = kpi_stream_ready(so, want - so->in->stash.len))) {
		if (queued < COPY_BELOW)
			n = copy_few(so, queued);
		else
			n = so->transport->take(so, &so->in->stash, queued);
		if (n <= 0)
			break;
	}
	return min_t(ssize_t, n, 0);
}

/* What was taken for the kext was not enough, and it is to have all or nothing. */
void kpi_stash_take_back(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;

	lockdep_assert_held(&so->in->lock);

	so->in->stash = rx->chain;
	rx->chain = (struct kpi_chain){};
	rx->got = 0;
}

void kpi_stash_free(struct __socket *so)
{
	struct kpi_so_input *in = so->in;

	if (in == &kpi_so_no_input)
		return;
	kpi_mbuf_freem(in->stash.head);
	in->stash = (struct kpi_chain){};
	kfree(in->stash_name);
	in->stash_name = NULL;
	kfree_skb(in->held_skb);
	in->held_skb = NULL;
}

static mbuf_t last_of(mbuf_t m)
{
	while (kpi_mbuf_next(m))
		m = kpi_mbuf_next(m);
	return m;
}

/* The first @len bytes of the stash become @chain. */
static int split_off(struct __socket *so, size_t len, struct kpi_chain *chain)
{
	struct kpi_chain *stash = &so->in->stash;
	mbuf_t rest = NULL;

	if (len < stash->len && kpi_mbuf_split(stash->head, len, MBUF_WAITOK, &rest))
		return -ENOBUFS;

	chain->head = stash->head;
	chain->tail = rest ? last_of(stash->head) : stash->tail;
	chain->len = len;
	stash->head = rest;
	if (!rest || !kpi_mbuf_next(rest))	/* else the end has not changed */
		stash->tail = rest;
	stash->len -= len;
	return 0;
}

/* The first @len bytes of @chain to where @iter points. */
int kpi_stash_copy(const struct kpi_chain *chain, struct iov_iter *iter, size_t len)
{
	struct kpi_walk walk = { .m = chain->head };
	struct kpi_piece piece;

	while (len && kpi_walk_next(&walk, &piece)) {
		size_t n = min(len, piece.len);

		if (copy_to_iter(piece.addr, n, iter) != n)
			return -EFAULT;
		len -= n;
	}
	return 0;
}

static void drop_front(struct __socket *so, size_t len)
{
	struct kpi_chain *stash = &so->in->stash;

	kpi_mbuf_adj(stash->head, len);
	while (stash->head && !kpi_mbuf_len(stash->head))
		stash->head = kpi_mbuf_free(stash->head);
	if (!stash->head)
		stash->tail = NULL;
	stash->len -= len;
}

/**
 * kpi_stash_deliver() - give the kext what is in the stash
 * @rx: the receive call
 *
 * Return: 0, or -ENOBUFS with nothing lost.
 */
int kpi_stash_deliver(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	size_t len = min(rx->want, so->in->stash.len);
	int err = 0;

	lockdep_assert_held(&so->in->lock);

	if (!len)
		return 0;
	if (!rx->to_mbuf)
		err = kpi_stash_copy(&so->in->stash, &rx->iter, len);
	else if (!kpi_rx_peeks(rx))
		err = split_off(so, len, &rx->chain);
	if (err)
		return err;

	if (!rx->to_mbuf && !kpi_rx_peeks(rx))
		drop_front(so, len);
	rx->got = len;
	return 0;
}
