/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets of PF_SYSTEM, for those of kexts. */
#ifndef _KPI_CONTROL_SYSTEM_H
#define _KPI_CONTROL_SYSTEM_H

#include <linux/types.h>

#include <kpi/control.h>

struct sock;
struct sockaddr_storage;

/* The number of the family, as Linux has it; 0 if there is none. */
extern u16 kpi_system_family;

/* What a read would find: for datagrams the bytes of the first, at least 1. */
size_t kpi_system_unread(const struct sock *sk);
bool kpi_system_is_readable(const struct sock *sk);	/* takes no lock */

/* The calls of a kext, with what they are about in kernel memory; 0 or a negative errno. */
int kpi_system_ioctl(struct sock *sk, unsigned int request, void *arg);
int kpi_system_setopt(struct sock *sk, int level, int name, void *value, size_t len);
int kpi_system_getopt(struct sock *sk, int level, int name, void *value, int *len);

/* Names: the kext's has AF_SYSTEM where the family's number is. They return the size. */
int kpi_system_name_in(struct sockaddr_storage *to, const struct bsd_sockaddr_ctl *from);
void kpi_system_name_out(struct bsd_sockaddr_ctl *to, const struct sockaddr_storage *from);

#endif /* _KPI_CONTROL_SYSTEM_H */
