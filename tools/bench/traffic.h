/* SPDX-License-Identifier: GPL-2.0 */
/* Traffic between two native sockets on the loopback. Linux world only. */
#ifndef _NETKPI_BENCH_TRAFFIC_H
#define _NETKPI_BENCH_TRAFFIC_H

#include "bench.h"

/* As native_open_udp(); who waits for what was lost is told so. */
int traffic_open_udp(struct bench *b);
unsigned long long traffic_run_udp(struct bench *b);
unsigned long long traffic_run_tcp(struct bench *b);

#endif /* _NETKPI_BENCH_TRAFFIC_H */
