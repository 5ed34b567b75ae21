/* SPDX-License-Identifier: GPL-2.0 */
/* What the native sides share. Linux world only. */
#ifndef _NETKPI_BENCH_NATIVE_H
#define _NETKPI_BENCH_NATIVE_H

#include <linux/in.h>
#include <linux/net.h>
#include <linux/sched/task.h>
#include <linux/types.h>

#include "compat/namespace.h"

#include "bench.h"

#define BATCH		16		/* datagrams sent before the first is received */

struct sockaddr_in native_loopback(int port);
int native_port(struct socket *sock);
int native_bound(int type, struct socket **sockp);
int native_send(struct socket *sock, void *buffer, unsigned long size);
int native_receive(struct socket *sock, void *buffer, unsigned long size, int flags);
int native_receive_exactly(struct socket *sock, void *buffer, unsigned long size);
int native_drain(struct socket *sock, unsigned long size);

/* A connected pair: b->peer is the far end, b->object ours. */
int native_open_tcp(struct bench *b);
int native_open_udp(struct bench *b);
void native_close_tcp(struct bench *b);

/* And another, behind b->object2. */
int native_open_relay(struct bench *b);
void native_close_relay(struct bench *b);

/* Where the time goes, if the module's parameter asks for it. */
void profile_start(void);
void profile_stop(const char *who, u64 ns_each);

/* A thread that does not end before it is stopped. */
int native_run_thread(struct bench *b, int (*fn)(void *data));
int native_wait_for_stop(void);
void native_stop_thread(struct task_struct *task);

#endif /* _NETKPI_BENCH_NATIVE_H */
