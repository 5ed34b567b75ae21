/* SPDX-License-Identifier: GPL-2.0 */
/* From Linux's callbacks to the upcalls. */
#ifndef _KPI_SOCKET_EVENT_H
#define _KPI_SOCKET_EVENT_H

#include "socket_priv.h"

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

/* hook.c: between Linux's callbacks and the upcalls */
int kpi_so_hook(struct __socket *so);
void kpi_so_unhook(struct __socket *so);
void kpi_so_post_state(struct __socket *so, bool read, bool write, u32 hints);
void kpi_so_post_data(struct __socket *so);
void kpi_so_post_connected(struct __socket *so);
void kpi_so_queue_upcall(struct __socket *so);
void kpi_so_want_space(struct __socket *so);
void kpi_so_post_poll(struct __socket *so, __poll_t events);
void kpi_so_note_milestones(struct __socket *so);

/* watch.c: the same without callbacks */
int kpi_so_watch(struct __socket *so);
void kpi_so_unwatch(struct __socket *so);

/* file.c: sockets of descriptors */
void kpi_so_forget_handle(struct __socket *so);

/* dispatch.c */
extern struct workqueue_struct *kpi_event_queue;
int kpi_dispatch_init(void);
void kpi_dispatch_exit(void);
void kpi_dispatch(struct __socket *so);
void kpi_dispatch_again(struct __socket *so);
void kpi_dispatch_rest(struct __socket *so);
void kpi_dispatch_work(struct work_struct *work);
struct __socket *kpi_upcall_current(void);

/* upcall.c */
void kpi_upcall_run(struct __socket *so);
int kpi_upcall_set(struct __socket *so, const struct kpi_upcall *read,
		   const struct kpi_upcall *write);
void kpi_upcall_hold(struct __socket *so);
void kpi_upcall_forget(struct __socket *so, const struct kpi_kext *kext);

static inline struct kpi_upcall kpi_upcall_of(sock_upcall fn, void *cookie)
{
	return (struct kpi_upcall){
		.fn = fn, .cookie = cookie, .kext = fn ? kpi_kext_of(fn) : NULL,
	};
}

#endif /* _KPI_SOCKET_EVENT_H */
