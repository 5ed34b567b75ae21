/* SPDX-License-Identifier: GPL-2.0 */
/* How the kinds of sockets differ: TCP, AF_UNIX streams, UDP, other datagrams, PF_SYSTEM. */
#ifndef _KPI_SOCKET_TRANSPORT_H
#define _KPI_SOCKET_TRANSPORT_H

#include "../control/system.h"
#include "socket_priv.h"

struct kpi_tx;

/*
 * How the kinds of sockets differ. Calls that may sleep are made without
 * lock_sock(), and take() with the input's lock held.
 */
struct kpi_transport {
	bool stream;

	/* Bytes a read would find, stash excluded; for datagrams those of the first, or 1. */
	size_t (*queued)(struct __socket *so);
	/* The same as a yes or no, in any context. */
	bool (*has_data)(struct __socket *so);
	/* Streams: appends at most @want queued bytes to @chain. Bytes, 0 or -errno. */
	ssize_t (*take)(struct __socket *so, struct kpi_chain *chain, size_t want);
	/* Streams: bytes handed to Linux and not yet gone. */
	size_t (*unsent)(struct __socket *so);
	/* As much of @tx as may go now: 0 when all is gone, -EAGAIN to wait, -errno. */
	int (*push)(struct kpi_tx *tx);
	/* Whether a push() that said -EAGAIN is worth another try. */
	bool (*may_push)(struct kpi_tx *tx);
};

extern const struct kpi_transport kpi_tcp_transport;
extern const struct kpi_transport kpi_unix_transport;
extern const struct kpi_transport kpi_udp_transport;
extern const struct kpi_transport kpi_datagram_transport;
extern const struct kpi_transport kpi_system_transport;
extern const struct kpi_transport kpi_system_stream_transport;

static inline bool kpi_so_is_tcp(const struct __socket *so)
{
	return so->transport == &kpi_tcp_transport;
}

/* A kernel control's client, or a listener to kernel events. */
static inline bool kpi_so_is_system(const struct __socket *so)
{
	return so->sk->sk_family == kpi_system_family;
}

/* transport.c has the tables; receive_stream.c, receive_datagram.c, transmit_*.c the functions */
size_t kpi_tcp_queued(struct __socket *so);
bool kpi_tcp_has_data(struct __socket *so);
ssize_t kpi_tcp_take(struct __socket *so, struct kpi_chain *chain, size_t want);
ssize_t kpi_tcp_view(struct __socket *so, struct kpi_chain *chain, size_t want);
size_t kpi_tcp_unsent(struct __socket *so);
int kpi_tcp_push(struct kpi_tx *tx);
bool kpi_tcp_may_push(struct kpi_tx *tx);
size_t kpi_stream_ready(struct __socket *so, size_t want);

size_t kpi_unix_queued(struct __socket *so);
bool kpi_unix_has_data(struct __socket *so);
ssize_t kpi_unix_take(struct __socket *so, struct kpi_chain *chain, size_t want);
size_t kpi_unix_unsent(struct __socket *so);
int kpi_sendmsg_push(struct kpi_tx *tx);
bool kpi_unix_may_push(struct kpi_tx *tx);

size_t kpi_udp_queued(struct __socket *so);
bool kpi_udp_is_bare(const struct sock *sk);
mbuf_t kpi_udp_take(struct __socket *so, struct bsd_sockaddr_storage *from, int *err);
void kpi_udp_count(struct sock *sk, int field);
bool kpi_udp_has_data(struct __socket *so);
size_t kpi_datagram_queued(struct __socket *so);
bool kpi_datagram_has_data(struct __socket *so);
size_t kpi_system_queued(struct __socket *so);
bool kpi_system_has_data(struct __socket *so);
int kpi_datagram_push(struct kpi_tx *tx);
int kpi_datagram_send(struct kpi_tx *tx);
int kpi_udp_push(struct kpi_tx *tx);
bool kpi_datagram_may_push(struct kpi_tx *tx);

#endif /* _KPI_SOCKET_TRANSPORT_H */
