/* SPDX-License-Identifier: GPL-2.0 */
/* What the native sides share. Linux world only. */
#ifndef _NETKPI_BENCH_NATIVE_H
#define _NETKPI_BENCH_NATIVE_H

#include <linux/in.h>
#include <linux/net.h>
#include <linux/types.h>

#include "compat/namespace.h"

#include "bench.h"

#define BENCH_BUFFER	(1024 * 1024)	/* bytes at bench->buffer */

struct sockaddr_in native_loopback(int port);
int native_port(struct socket *sock);
int native_bound(int type, struct socket **sockp);
int native_send(struct socket *sock, void *buffer, unsigned long size);
int native_receive(struct socket *sock, void *buffer, unsigned long size, int flags);
int native_drain(struct socket *sock, unsigned long size);

#endif /* _NETKPI_BENCH_NATIVE_H */
