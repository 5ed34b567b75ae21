/* SPDX-License-Identifier: GPL-2.0 */
/* Names of sockets, in both worlds' shapes. */
#ifndef _KPI_SOCKET_ADDRESS_H
#define _KPI_SOCKET_ADDRESS_H

#include <linux/socket.h>

#include <kpi/socket.h>

/* address.c */
int kpi_addr_to_linux(const struct __socket *so, const struct bsd_sockaddr *from,
		      struct sockaddr_storage *to);
int kpi_addr_from_linux(const struct sockaddr_storage *from, int len,
			struct bsd_sockaddr_storage *to);
void kpi_addr_copy_out(const struct bsd_sockaddr_storage *from, void *to, int room);
int kpi_so_name(struct __socket *so, bool peer, struct bsd_sockaddr_storage *name);

/* bind.c */
int kpi_so_bind_low(struct __socket *so);

#endif /* _KPI_SOCKET_ADDRESS_H */
