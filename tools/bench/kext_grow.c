// SPDX-License-Identifier: GPL-2.0
/* How cost grows: long chains, many tags, many sockets. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>

#include "bench.h"

/* Build a chain of b->pieces small mbufs, count its bytes, free it. */
static unsigned long long
run_chain_length(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i, k;

	for (i = 0; i < b->n; i++) {
		mbuf_t head = NULL, m;

		for (k = 0; k < b->pieces; k++) {
			if (mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
				return 0;
			mbuf_setlen(m, 64);
			mbuf_setnext(m, head);
			head = m;
		}
		for (m = head; m != NULL; m = mbuf_next(m))
			b->done += mbuf_len(m);
		mbuf_freem(head);
	}
	return bench_now() - start;
}

const struct bench_side kext_chain_length = { .run = run_chain_length };

#define OUR_TAG	7

static int
open_tags(struct bench *b)
{
	mbuf_tag_id_t id;
	unsigned long i;
	void *data;
	mbuf_t m;

	if (mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
		return ENOMEM;
	b->object = m;
	mbuf_tag_id_find("netkpi.bench", &id);
	for (i = 0; i <= b->pieces; i++)
		if (mbuf_tag_allocate(m, id, OUR_TAG + i, 16, MBUF_WAITOK, &data) != 0)
			return ENOMEM;
	return 0;
}

/* Find the tag that was put on the packet first, behind b->pieces others. */
static unsigned long long
run_tag_find(struct bench *b)
{
	unsigned long long start;
	mbuf_tag_id_t id;
	unsigned long i;
	size_t len;
	void *data;

	mbuf_tag_id_find("netkpi.bench", &id);
	start = bench_now();
	for (i = 0; i < b->n; i++)
		if (mbuf_tag_find(b->object, id, OUR_TAG, &len, &data) != 0)
			return 0;
	return bench_now() - start;
}

static void
close_tags(struct bench *b)
{
	mbuf_freem(b->object);
}

const struct bench_side kext_tag_find = { open_tags, run_tag_find, close_tags };

/* b->pieces sockets with an upcall, and one that sends to each in turn. */
struct many {
	socket_t sender;
	struct sockaddr_in *at;
	socket_t so[];
};

static void
many_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len = 2048;
	mbuf_t m;

	while (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		mbuf_freem(m);
		bench_event(cookie, 1);
		len = 2048;
	}
}

static errno_t
open_one(struct bench *b, socket_t *so, struct sockaddr_in *at)
{
	int on = 1;
	errno_t error;

	bzero(at, sizeof(*at));
	at->sin_len = sizeof(*at);
	at->sin_family = AF_INET;
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	error = sock_socket(PF_INET, SOCK_DGRAM, 0, many_upcall, b, so);
	if (error != 0)
		return error;
	sock_setsockopt(*so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_bind(*so, (struct sockaddr *)at);
	if (error != 0)
		return error;
	return sock_getsockname(*so, (struct sockaddr *)at, sizeof(*at));
}

static int
open_sockets(struct bench *b)
{
	struct many *many;
	unsigned long i;
	errno_t error;

	many = _MALLOC(sizeof(*many) + b->pieces * sizeof(socket_t), M_TEMP, M_WAITOK | M_ZERO);
	many->at = _MALLOC(b->pieces * sizeof(*many->at), M_TEMP, M_WAITOK | M_ZERO);
	b->object = many;
	error = sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &many->sender);
	for (i = 0; i < b->pieces && error == 0; i++)
		error = open_one(b, &many->so[i], &many->at[i]);
	return error;
}

static int
send_to(struct many *many, unsigned long i)
{
	struct msghdr msg;
	mbuf_t m;

	if (mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
		return ENOMEM;
	mbuf_setlen(m, 64);
	mbuf_pkthdr_setlen(m, 64);
	bzero(&msg, sizeof(msg));
	msg.msg_name = &many->at[i];
	msg.msg_namelen = sizeof(many->at[i]);
	return sock_sendmbuf(many->sender, &msg, m, 0, NULL);
}

static unsigned long long
run_sockets(struct bench *b)
{
	unsigned long long start = bench_now();
	struct many *many = b->object;
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (send_to(many, i % b->pieces) != 0)
			return 0;
		if ((i + 1) % 16 == 0 && bench_wait(b, (i + 1)) != 0)
			return 0;
	}
	return bench_wait(b, b->n) != 0 ? 0 : bench_now() - start;
}

static void
close_sockets(struct bench *b)
{
	struct many *many = b->object;
	unsigned long i;

	for (i = 0; i < b->pieces; i++)
		sock_close(many->so[i]);
	sock_close(many->sender);
	_FREE(many->at, M_TEMP);
	_FREE(many, M_TEMP);
}

const struct bench_side kext_sockets = { open_sockets, run_sockets, close_sockets };
