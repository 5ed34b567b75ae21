/* SPDX-License-Identifier: GPL-2.0 */
/* How a socket of a kext comes, and how it goes. */
#ifndef _KPI_SOCKET_HANDLE_H
#define _KPI_SOCKET_HANDLE_H

struct kpi_kext;
struct sock;
struct socket;
struct __socket;

/* handle.c: known to kexts from kpi_so_publish() on; before that kpi_so_discard() ends it */
struct __socket *kpi_so_alloc(struct kpi_kext *owner);
void kpi_so_publish(struct __socket *so);
void kpi_so_discard(struct __socket *so);
int kpi_so_handles_init(void);
void kpi_so_handles_exit(void);

/* All that kexts have made; each entered, as far as there is room. */
unsigned int kpi_so_collect_own(struct __socket **to, unsigned int room);

/* create.c */
int kpi_so_adopt(struct __socket *so, struct socket *sock, struct __socket *listener);

/* close.c, and what it has to stop: connect.c */
void kpi_so_close(struct __socket *so);
void kpi_connect_timer_stop(struct __socket *so);

/* lockclass.c */
int kpi_so_lock_classes_init(void);
void kpi_so_set_lock_class(struct sock *sk);

#endif /* _KPI_SOCKET_HANDLE_H */
