/* SPDX-License-Identifier: GPL-2.0 */
/* Traffic between two native sockets on the loopback. Linux world only. */
#ifndef _NETKPI_BENCH_TRAFFIC_H
#define _NETKPI_BENCH_TRAFFIC_H

#include "bench.h"

/* As native_open_udp(); who waits for what was lost is told so. */
int traffic_open_udp(struct bench *b);
void traffic_may_send_much(struct bench *b);

/* From b->object to b->peer. */
unsigned long long traffic_run_udp(struct bench *b);
unsigned long long traffic_run_tcp(struct bench *b);

/* Bytes that the machine uses; as the result of a run, what b->pieces have taken, b->took. */
unsigned long traffic_memory(void);
unsigned long long traffic_run_memory(struct bench *b);

#endif /* _NETKPI_BENCH_TRAFFIC_H */
