// SPDX-License-Identifier: GPL-2.0
/* A relay. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "kext.h"

/* From b->peer over b->object to b->object2 and b->sink. */
static void
relay_upcall(socket_t so, void *cookie, int waitf)
{
	struct bench *b = cookie;
	size_t len = CHUNK;
	mbuf_t m;

	while (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		if (sock_sendmbuf(b->object2, NULL, m, 0, NULL) != 0)
			return;
		len = CHUNK;
	}
}

static int
open_relay(struct bench *b)
{
	struct sockaddr_in to = kext_loopback(htons(sink_listen_tcp(b)));
	int on = 1;
	socket_t so;
	errno_t error;

	if (to.sin_port == 0)
		return EADDRNOTAVAIL;
	error = sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &so);
	if (error != 0)
		return error;
	b->object2 = so;
	sock_setsockopt(so, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	error = sock_connect(so, (struct sockaddr *)&to, 0);
	if (error == 0)
		error = sink_accept(b);
	return error != 0 ? error : kext_open_tcp(b, relay_upcall);
}

static void
close_relay(struct bench *b)
{
	kext_close_tcp(b);
	sock_close(b->object2);
	sink_close(b);
}

const struct bench_side kext_relay = { open_relay, peer_run_stream, close_relay };
const struct bench_side kext_relay_step = { open_relay, sink_run_step, close_relay };
