// SPDX-License-Identifier: GPL-2.0
/* The kext's sides of the socket cases. Kext world. */

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

struct sockaddr_in
kext_loopback(in_port_t port)
{
	struct sockaddr_in sin;

	bzero(&sin, sizeof(sin));
	sin.sin_len = sizeof(sin);
	sin.sin_family = AF_INET;
	sin.sin_port = port;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sin;
}

/* A TCP socket of ours at one end, a native one at the other. */
int
kext_open_tcp(struct bench *b, sock_upcall upcall)
{
	int port = peer_listen_tcp(b), on = 1;
	struct sockaddr_in to = kext_loopback(htons(port));
	socket_t so;
	errno_t error;

	if (port == 0)
		return EADDRNOTAVAIL;
	error = sock_socket(PF_INET, SOCK_STREAM, 0, upcall, b, &so);
	if (error != 0)
		return error;
	b->object = so;
	sock_setsockopt(so, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	sock_setsockopt(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_connect(so, (struct sockaddr *)&to, 0);
	return error != 0 ? error : peer_accept(b);
}

void
kext_close_tcp(struct bench *b)
{
	sock_close(b->object);
	peer_close(b);
}

/* Receives everything there is; returns how much it was. */
static size_t
take_all(socket_t so)
{
	size_t taken = 0, len;
	mbuf_t m;

	for (;;) {
		len = 1024 * 1024;
		if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
			return taken;
		taken += len;
		mbuf_freem(m);
	}
}

static void
receive_upcall(socket_t so, void *cookie, int waitf)
{
	bench_event(cookie, take_all(so));
}

static int
open_receive(struct bench *b)
{
	return kext_open_tcp(b, receive_upcall);
}

const struct bench_side kext_tcp_receive = { open_receive, peer_run_stream, kext_close_tcp };

int
kext_open_send(struct bench *b)
{
	return kext_open_tcp(b, NULL);
}

/* A message as mbuf_allocpacket() makes it, its bytes left as they are. */
mbuf_t
kext_packet(size_t size)
{
	size_t left = size;
	mbuf_t head, m;

	if (mbuf_allocpacket(MBUF_WAITOK, size, NULL, &head) != 0)
		return NULL;
	for (m = head; m != NULL; m = mbuf_next(m)) {
		size_t len = min(left, mbuf_maxlen(m));

		mbuf_setlen(m, len);
		left -= len;
	}
	mbuf_pkthdr_setlen(head, size);
	return head;
}

/* The same in clusters of 2 KiB. */
static mbuf_t
packet_2k(size_t size)
{
	size_t left = size;
	mbuf_t head, last, m;

	if (size <= mbuf_get_mhlen())
		return kext_packet(size);
	if (mbuf_getpacket(MBUF_WAITOK, &head) != 0)
		return NULL;
	for (last = head;;) {
		size_t len = min(left, MCLBYTES);

		mbuf_setlen(last, len);
		left -= len;
		if (left == 0)
			break;
		m = NULL;
		if (mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0) {
			mbuf_freem(head);
			return NULL;
		}
		mbuf_setnext(last, m);
		last = m;
	}
	mbuf_pkthdr_setlen(head, size);
	return head;
}

static unsigned long long
send_all(struct bench *b, mbuf_t (*make)(size_t size))
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (sock_sendmbuf(b->object, NULL, make(b->size), 0, NULL) != 0)
			return 0;
		if (peer_drain(b, b->size) != 0)
			return 0;
	}
	return bench_now() - start;
}

static unsigned long long
run_send(struct bench *b)
{
	return send_all(b, kext_packet);
}

static unsigned long long
run_send_2k(struct bench *b)
{
	return send_all(b, packet_2k);
}

const struct bench_side kext_tcp_send = { kext_open_send, run_send, kext_close_tcp };
const struct bench_side kext_tcp_send_2k = { kext_open_send, run_send_2k, kext_close_tcp };

/* Two sockets of ours, connected to each other. */
int
kext_open_both(struct bench *b)
{
	struct sockaddr_in at = kext_loopback(0);
	int on = 1;
	socket_t listener, so = NULL;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &listener);
	if (error != 0)
		return error;
	error = sock_bind(listener, (struct sockaddr *)&at);
	if (error == 0)
		error = sock_listen(listener, 1);
	if (error == 0)
		error = sock_getsockname(listener, (struct sockaddr *)&at, sizeof(at));
	if (error == 0)
		error = sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &so);
	if (error == 0)
		error = sock_connect(so, (struct sockaddr *)&at, 0);
	if (error == 0)
		error = sock_accept(listener, NULL, 0, 0, NULL, NULL, (socket_t *)&b->object2);
	if (error == 0)
		error = sock_setsockopt(so, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	b->object = so;
	sock_close(listener);
	return error;
}

void
kext_close_both(struct bench *b)
{
	sock_close(b->object);
	sock_close(b->object2);
}

static int
receive_exactly(socket_t so, size_t size)
{
	size_t len;
	mbuf_t m;

	for (; size != 0; size -= len) {
		len = size;
		if (sock_receivembuf(so, NULL, &m, 0, &len) != 0 || m == NULL)
			return EIO;
		mbuf_freem(m);
	}
	return 0;
}

static unsigned long long
run_both(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		if (sock_sendmbuf(b->object, NULL, kext_packet(b->size), 0, NULL) != 0)
			return 0;
		if (receive_exactly(b->object2, b->size) != 0)
			return 0;
	}
	return bench_now() - start;
}

const struct bench_side kext_tcp_both = { kext_open_both, run_both, kext_close_both };

int
kext_open_udp(struct bench *b)
{
	struct sockaddr_in at = kext_loopback(0);
	socket_t in = NULL, out = NULL;
	int bytes = 4 * 1024 * 1024;
	errno_t error;

	error = sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &in);
	if (error == 0)
		error = sock_setsockopt(in, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (error == 0)
		error = sock_bind(in, (struct sockaddr *)&at);
	if (error == 0)
		error = sock_getsockname(in, (struct sockaddr *)&at, sizeof(at));
	if (error == 0)
		error = sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &out);
	if (error == 0)
		error = sock_connect(out, (struct sockaddr *)&at, 0);
	b->object = out;
	b->object2 = in;
	return error;
}

static int
udp_batch(struct bench *b)
{
	unsigned long i;
	size_t len;
	mbuf_t m;

	for (i = 0; i < BATCH; i++)
		if (sock_sendmbuf(b->object, NULL, kext_packet(b->size), 0, NULL) != 0)
			return EIO;
	for (i = 0; i < BATCH; i++) {
		len = b->size;
		if (sock_receivembuf(b->object2, NULL, &m, MSG_DONTWAIT, &len) != 0 ||
		    len != b->size)
			return EIO;
		mbuf_freem(m);
	}
	return 0;
}

static unsigned long long
run_udp(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (udp_batch(b) != 0)
			return 0;
	return bench_now() - start;
}

const struct bench_side kext_udp_both = { kext_open_udp, run_udp, kext_close_both };

static void
pong_upcall(socket_t so, void *cookie, int waitf)
{
	size_t len = 64;
	mbuf_t m;

	if (sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL)
		sock_sendmbuf(so, NULL, m, 0, NULL);
}

static int
open_pingpong(struct bench *b)
{
	return kext_open_tcp(b, pong_upcall);
}

const struct bench_side kext_pingpong = { open_pingpong, peer_run_pingpong, kext_close_tcp };
