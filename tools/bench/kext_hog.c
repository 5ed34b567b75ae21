// SPDX-License-Identifier: GPL-2.0
/* Upcalls beside a program that keeps the CPU busy. Kext world. */

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
latency_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len = CHUNK;
	mbuf_t m;

	if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
		return;
	mbuf_freem(m);
	bench_arrived(cookie);
}

static int
open_latency(struct bench *b)
{
	int error = kext_open_tcp(b, latency_upcall);

	return error != 0 ? error : hog_start(b);
}

static void
close_latency(struct bench *b)
{
	hog_stop();
	kext_close_tcp(b);
}

const struct bench_side kext_latency = { open_latency, hog_run_latency, close_latency };

static void
flood_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	size_t len = CHUNK;
	mbuf_t m;

	while (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		b->sum += kext_sum_chain(m);
		mbuf_freem(m);
		len = CHUNK;
	}
}

static int
open_flood(struct bench *b)
{
	struct sockaddr_in at = kext_loopback(0);
	int on = 1;
	socket_t so;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, flood_upcall, b, &so);
	if (error != 0)
		return error;
	b->object = so;
	sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_bind(so, (struct sockaddr *)&at);
	if (error == 0)
		error = sock_getsockname(so, (struct sockaddr *)&at, sizeof(at));
	if (error == 0)
		error = peer_connect_udp(b, ntohs(at.sin_port));
	return error != 0 ? error : hog_start(b);
}

const struct bench_side kext_flood = { open_flood, hog_run_flood, close_latency };
