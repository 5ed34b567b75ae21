/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sockets of processes: what a filter is given of them, and what a descriptor lends. The
 * process goes on using it; the layer has not made it, and does not close it.
 */
#ifndef _KPI_SOCKET_PROCESS_H
#define _KPI_SOCKET_PROCESS_H

#include <linux/workqueue.h>

#include "socket_priv.h"

/* Nobody hears of events on it: of the handle for a process's socket there is no more. */
#define KPI_SO_PROCESS_SIZE	ALIGN(offsetofend(struct __socket, closing), sizeof(void *))

/* handle.c */
struct __socket *kpi_so_alloc_process(void);
bool kpi_so_is_process(struct __socket *handle);

/* process.c */
struct __socket *kpi_so_of_process(struct socket *sock);
void kpi_so_leave_process(struct __socket *so);
void kpi_so_end_process(struct __socket *so);
bool kpi_so_release_process(struct __socket *so);

/*
 * The socket of a process's descriptor. It stays the process's: its file is
 * held, its callbacks are left alone, and its wait queue is watched instead.
 */
struct kpi_borrowed {
	struct __socket *so;
	struct file *file;
	struct hlist_node node;		/* in the table of file.c */
	unsigned int descriptors;	/* W: so->lock; file_socket() calls not yet undone */
	struct delayed_work look;	/* TCP: for what nobody is woken for */
	u32 received;			/* the sequence number it saw last */
};

/* file.c */
void kpi_so_forget_handle(struct __socket *so);

/* It is a process's, for filters or by its descriptor. */
static inline bool kpi_so_is_lent(const struct __socket *so)
{
	return so->borrowed || so->process;
}

#endif /* _KPI_SOCKET_PROCESS_H */
