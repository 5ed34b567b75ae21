/* SPDX-License-Identifier: GPL-2.0 */
/* A socket as macOS would describe it. Any context. */
#ifndef _KPI_SOCKET_STATE_H
#define _KPI_SOCKET_STATE_H

#include "socket_priv.h"

bool kpi_so_is_still_connected(const struct __socket *so);
bool kpi_so_is_connecting(const struct __socket *so);
bool kpi_so_is_listening(const struct __socket *so);
bool kpi_so_is_bound(const struct __socket *so);
bool kpi_so_is_readable(struct __socket *so);
bool kpi_so_has_connection(const struct __socket *so);
bool kpi_so_has_data(struct __socket *so);
size_t kpi_so_unread(struct __socket *so);
int kpi_so_error(const struct __socket *so);
int kpi_so_take_pending(struct __socket *so);
void kpi_so_set_error(struct __socket *so, int err);

static inline bool kpi_so_is_connected(const struct __socket *so)
{
	if (likely(READ_ONCE(so->sk->sk_state) == TCP_ESTABLISHED && kpi_so_is_inet(so)))
		return true;
	return kpi_so_is_still_connected(so);
}

static inline bool kpi_so_read_closed(const struct __socket *so)
{
	return READ_ONCE(so->sk->sk_shutdown) & RCV_SHUTDOWN || READ_ONCE(so->read_down);
}

static inline bool kpi_so_write_closed(const struct __socket *so)
{
	return READ_ONCE(so->sk->sk_shutdown) & SEND_SHUTDOWN || READ_ONCE(so->write_down);
}

/* The pending error, negative, which is no longer pending then. */
static inline int kpi_so_take_error(struct __socket *so)
{
	if (likely(!READ_ONCE(so->err) && !READ_ONCE(so->sk->sk_err)))
		return 0;
	return kpi_so_take_pending(so);
}

#endif /* _KPI_SOCKET_STATE_H */
