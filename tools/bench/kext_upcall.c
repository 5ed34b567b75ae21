// SPDX-License-Identifier: GPL-2.0
/* What an upcall receives it reads, and may answer. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>

#include "kext.h"

static void
receive_64k_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len = CHUNK;
	mbuf_t m;

	while (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		mbuf_freem(m);
		bench_event(cookie, len);
		len = CHUNK;
	}
}

static void
receive_read_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	size_t len = CHUNK;
	mbuf_t m;

	while (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		b->sum += kext_sum_chain(m);
		mbuf_freem(m);
		bench_event(b, len);
		len = CHUNK;
	}
}

static void
receive_iov_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	char *to = (char *)b->buffer + BENCH_IN;
	size_t len = CHUNK;

	while (kext_receive_buffer(so, to, &len, MSG_DONTWAIT) == 0 && len != 0) {
		b->sum += bench_sum(to, len);
		bench_event(b, len);
		len = CHUNK;
	}
}

static int
open_receive_64k(struct bench *b)
{
	return kext_open_tcp(b, receive_64k_upcall);
}

static int
open_receive_read(struct bench *b)
{
	return kext_open_tcp(b, receive_read_upcall);
}

static int
open_receive_iov(struct bench *b)
{
	return kext_open_tcp(b, receive_iov_upcall);
}

const struct bench_side kext_receive_64k = { open_receive_64k, peer_run_stream, kext_close_tcp };
const struct bench_side kext_receive_read = { open_receive_read, peer_run_stream, kext_close_tcp };
const struct bench_side kext_receive_iov = { open_receive_iov, peer_run_stream, kext_close_tcp };

/* Requests are read, answers are made: in place, ... */
static void
answer_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	size_t len = b->size;
	mbuf_t m;

	if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
		return;
	b->done += kext_sum_chain(m);
	mbuf_freem(m);
	if (len == b->size)
		sock_sendmbuf(so, NULL, kext_filled_packet(b->size, b->done), 0, NULL);
}

/* ... in a buffer that is copied into an mbuf, ... */
static void
answer_guide_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	char *answer = (char *)b->buffer + BENCH_IN / 2;
	size_t len = b->size;
	mbuf_t m;

	if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
		return;
	b->done += kext_sum_chain(m);
	mbuf_freem(m);
	memset(answer, b->done, b->size);
	if (len == b->size)
		sock_sendmbuf(so, NULL, kext_guide_packet(b->size, answer), 0, NULL);
}

/* ... or in the buffer that was received into. */
static void
answer_iov_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	char *answer = (char *)b->buffer + BENCH_IN / 2;
	size_t len = b->size;

	if (kext_receive_buffer(so, answer, &len, MSG_DONTWAIT) != 0 || len != b->size)
		return;
	b->done += bench_sum(answer, len);
	memset(answer, b->done, b->size);
	kext_send_buffer(so, answer, b->size);
}

static int
open_answer(struct bench *b)
{
	return kext_open_tcp(b, answer_upcall);
}

static int
open_answer_guide(struct bench *b)
{
	return kext_open_tcp(b, answer_guide_upcall);
}

static int
open_answer_iov(struct bench *b)
{
	return kext_open_tcp(b, answer_iov_upcall);
}

const struct bench_side kext_answer = { open_answer, peer_run_exchange, kext_close_tcp };
const struct bench_side kext_answer_guide = { open_answer_guide, peer_run_exchange, kext_close_tcp };
const struct bench_side kext_answer_iov = { open_answer_iov, peer_run_exchange, kext_close_tcp };
