// SPDX-License-Identifier: GPL-2.0
/* Messages whose bytes are made and read. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>

#include "kext.h"

unsigned long
kext_sum_chain(mbuf_t m)
{
	unsigned long sum = 0;

	for (; m != NULL; m = mbuf_next(m))
		sum += bench_sum(mbuf_data(m), mbuf_len(m));
	return sum;
}

/* The three steps of the guide, but for the send. */
mbuf_t
kext_guide_packet(size_t size, const void *from)
{
	mbuf_t m;

	if (mbuf_allocpacket(MBUF_WAITOK, size, NULL, &m) != 0)
		return NULL;
	if (mbuf_copyback(m, 0, size, from, MBUF_WAITOK) != 0) {
		mbuf_freem(m);
		return NULL;
	}
	return m;
}

/* Made in place. */
mbuf_t
kext_filled_packet(size_t size, int value)
{
	mbuf_t head = kext_packet(size), m;

	for (m = head; m != NULL; m = mbuf_next(m))
		memset(mbuf_data(m), value, mbuf_len(m));
	return head;
}

errno_t
kext_send_buffer(socket_t so, void *from, size_t size)
{
	struct iovec iov = { from, size };
	struct msghdr msg;
	size_t sent = 0;
	errno_t error;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	error = sock_send(so, &msg, 0, &sent);
	return error != 0 ? error : sent == size ? 0 : EIO;
}

errno_t
kext_receive_buffer(socket_t so, void *to, size_t *len, int flags)
{
	struct iovec iov = { to, *len };
	struct msghdr msg;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	return sock_receive(so, &msg, flags, len);
}

static unsigned long long
run_send_guide(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (sock_sendmbuf(b->object, NULL, kext_guide_packet(b->size, b->buffer), 0, NULL) != 0 ||
		    peer_drain(b, b->size) != 0)
			return 0;
	return bench_now() - start;
}

static unsigned long long
run_send_filled(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (sock_sendmbuf(b->object, NULL, kext_filled_packet(b->size, i), 0, NULL) != 0 ||
		    peer_drain(b, b->size) != 0)
			return 0;
	return bench_now() - start;
}

static unsigned long long
run_send_iov(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (kext_send_buffer(b->object, b->buffer, b->size) != 0 || peer_drain(b, b->size) != 0)
			return 0;
	return bench_now() - start;
}

/* Lengths first, so that what mbuf_allocpacket() gave is used. */
static unsigned long long
run_send_lens(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		m = kext_packet(b->size);
		if (mbuf_copyback(m, 0, b->size, b->buffer, MBUF_WAITOK) != 0 ||
		    sock_sendmbuf(b->object, NULL, m, 0, NULL) != 0 ||
		    peer_drain(b, b->size) != 0)
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side kext_send_lens = { kext_open_send, run_send_lens, kext_close_tcp };
const struct bench_side kext_send_guide = { kext_open_send, run_send_guide, kext_close_tcp };
const struct bench_side kext_send_filled = { kext_open_send, run_send_filled, kext_close_tcp };
const struct bench_side kext_send_iov = { kext_open_send, run_send_iov, kext_close_tcp };

static int
read_exactly(struct bench *b, socket_t so, size_t size)
{
	size_t len;
	mbuf_t m;

	for (; size != 0; size -= len) {
		len = size;
		if (sock_receivembuf(so, NULL, &m, 0, &len) != 0 || m == NULL)
			return EIO;
		b->sum += kext_sum_chain(m);
		mbuf_freem(m);
	}
	return 0;
}

static unsigned long long
run_both_guide(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (sock_sendmbuf(b->object, NULL, kext_guide_packet(b->size, b->buffer), 0, NULL) != 0 ||
		    read_exactly(b, b->object2, b->size) != 0)
			return 0;
	return bench_now() - start;
}

static unsigned long long
run_both_filled(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (sock_sendmbuf(b->object, NULL, kext_filled_packet(b->size, i), 0, NULL) != 0 ||
		    read_exactly(b, b->object2, b->size) != 0)
			return 0;
	return bench_now() - start;
}

const struct bench_side kext_both_guide = { kext_open_both, run_both_guide, kext_close_both };
const struct bench_side kext_both_filled = { kext_open_both, run_both_filled, kext_close_both };

static int
udp_guide_batch(struct bench *b)
{
	unsigned long i;
	size_t len;
	mbuf_t m;

	for (i = 0; i < BATCH; i++)
		if (sock_sendmbuf(b->object, NULL, kext_guide_packet(b->size, b->buffer), 0, NULL) != 0)
			return EIO;
	for (i = 0; i < BATCH; i++) {
		len = b->size;
		if (sock_receivembuf(b->object2, NULL, &m, MSG_DONTWAIT, &len) != 0 ||
		    len != b->size)
			return EIO;
		b->sum += kext_sum_chain(m);
		mbuf_freem(m);
	}
	return 0;
}

static unsigned long long
run_udp_guide(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (udp_guide_batch(b) != 0)
			return 0;
	return bench_now() - start;
}

const struct bench_side kext_udp_guide = { kext_open_udp, run_udp_guide, kext_close_both };
