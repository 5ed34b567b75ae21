/* SPDX-License-Identifier: GPL-2.0 */
/* How much a socket holds, and a call may hand over: the limits of macOS. */
#ifndef _KPI_SOCKET_BUFFER_H
#define _KPI_SOCKET_BUFFER_H

#include <linux/minmax.h>

#include "socket_priv.h"

/* Buffer limits of macOS; they hold until SO_SNDBUF or SO_RCVBUF is set. */
#define KPI_TCP_SNDBUF		370688
#define KPI_TCP_RCVBUF		556032
#define KPI_SOCKBUF_MAX		(8 << 20)
#define KPI_SNDLOWAT		2048

#define KPI_IOV_MAX		1024

static inline u32 kpi_so_rcv_limit(const struct __socket *so)
{
	if (so->rcvbuf_set)
		return so->rcv_limit;
	return max_t(u32, so->rcv_limit, READ_ONCE(so->sk->sk_rcvbuf) / 2);
}

#endif /* _KPI_SOCKET_BUFFER_H */
