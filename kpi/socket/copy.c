// SPDX-License-Identifier: GPL-2.0
/*
 * Receiving into mbufs of our own, where what Linux has cannot be looked at
 * where it is: AF_UNIX packets are charged to the sender, urgent data and
 * control messages are Linux's business.
 */

#include <linux/slab.h>
#include <linux/uio.h>

#include "receive.h"

static unsigned int count(mbuf_t m)
{
	unsigned int n = 0;

	for (; m; m = kpi_mbuf_next(m))
		n++;
	return n;
}

static void point_at(struct kvec *vec, mbuf_t m)
{
	for (; m; m = kpi_mbuf_next(m), vec++) {
		vec->iov_base = kpi_mbuf_data(m);
		vec->iov_len = kpi_mbuf_len(m);
	}
}

/**
 * kpi_rx_copy_begin() - get mbufs to receive into
 * @copy: for kpi_rx_copy_end()
 * @msg:  Linux's message; its msg_iter is set
 * @room: bytes wanted
 * @so:   the socket
 *
 * Return: 0, or -ENOMEM with nothing to undo.
 */
int kpi_rx_copy_begin(struct kpi_rx_copy *copy, struct msghdr *msg, size_t room,
		      const struct __socket *so)
{
	unsigned int n;

	copy->packet = kpi_chain_alloc(room, so->sk->sk_allocation, so->owner);
	if (!copy->packet)
		return -ENOMEM;

	copy->room = room;
	copy->vec = copy->few;
	n = count(copy->packet);
	if (n > ARRAY_SIZE(copy->few))
		copy->vec = kvmalloc_array(n, sizeof(*copy->vec), GFP_KERNEL);
	if (!copy->vec) {
		kpi_mbuf_freem(copy->packet);
		return -ENOMEM;
	}

	point_at(copy->vec, copy->packet);
	iov_iter_kvec(&msg->msg_iter, ITER_DEST, copy->vec, n, room);
	return 0;
}

/* One by one, so that the chain knows its end and its length. */
static void append(struct kpi_chain *chain, mbuf_t m)
{
	while (m) {
		mbuf_t next = kpi_mbuf_next(m);

		kpi_mbuf_setnext(m, NULL);
		kpi_chain_append(chain, m);
		m = next;
	}
}

/**
 * kpi_rx_copy_end() - append what was received to a chain
 * @copy:  from kpi_rx_copy_begin()
 * @got:   bytes received
 * @chain: where they go; no mbuf is appended for no bytes
 */
void kpi_rx_copy_end(struct kpi_rx_copy *copy, size_t got, struct kpi_chain *chain)
{
	if (copy->vec != copy->few)
		kvfree(copy->vec);
	if (!got) {
		kpi_mbuf_freem(copy->packet);
		return;
	}
	if (got < copy->room)
		kpi_mbuf_adj(copy->packet, -(int)(copy->room - got));
	append(chain, copy->packet);
}
