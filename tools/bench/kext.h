/* SPDX-License-Identifier: GPL-2.0 */
/* What the kext's sides share. Kext world only. */
#ifndef _NETKPI_BENCH_KEXT_H
#define _NETKPI_BENCH_KEXT_H

#include "bench.h"

#define CHUNK	(64 * 1024)	/* bytes a call asks for */
#define BATCH	16		/* datagrams sent before the first is received */

struct sockaddr_in kext_loopback(in_port_t port);

/* A TCP socket of ours at one end, a native one at the other; two of ours. */
int kext_open_tcp(struct bench *b, sock_upcall upcall);
int kext_open_send(struct bench *b);
void kext_close_tcp(struct bench *b);
int kext_open_both(struct bench *b);
int kext_open_udp(struct bench *b);
void kext_close_both(struct bench *b);

/* A message whose bytes are left as they are; copied in; made in place. */
mbuf_t kext_packet(size_t size);
mbuf_t kext_guide_packet(size_t size, const void *from);
mbuf_t kext_filled_packet(size_t size, int value);

unsigned long kext_sum_chain(mbuf_t m);		/* reads every byte */
errno_t kext_send_buffer(socket_t so, void *from, size_t size);
errno_t kext_receive_buffer(socket_t so, void *to, size_t *len, int flags);

#endif /* _NETKPI_BENCH_KEXT_H */
