/* SPDX-License-Identifier: GPL-2.0 */
/* Socket filters, for kpi/socket: what a kext's call asks them first, and what they keep for it. */
#ifndef _KPI_SFLT_ASK_H
#define _KPI_SFLT_ASK_H

#include <linux/net.h>
#include <linux/types.h>

struct __socket;

/* 0, 1 to skip the call, -errno */
int kpi_sflt_ask_setopt(struct __socket *so, int level, int name, const void *value, int len);
int kpi_sflt_ask_getopt(struct __socket *so, int level, int name, void *value, int *len);
int kpi_sflt_ask_ioctl(struct __socket *so, unsigned long request, void *arg);

/* Global filters get to know a new socket. */
void kpi_sflt_greet_own(struct __socket *so);
int kpi_sflt_greet_accepted(struct __socket *so, struct __socket *listener);

/* What the filters have passed and nobody has read: bytes, and whether there is any. */
size_t kpi_sflt_so_unread(const struct __socket *so);
bool kpi_sflt_filtered_has_passed(const struct __socket *so);

/* Linux's own operations, below any filters. */
const struct proto_ops *kpi_sflt_linux_ops(const struct socket *sock);

#endif /* _KPI_SFLT_ASK_H */
