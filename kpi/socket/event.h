/* SPDX-License-Identifier: GPL-2.0 */
/* From Linux's callbacks to the upcalls. */
#ifndef _KPI_SOCKET_EVENT_H
#define _KPI_SOCKET_EVENT_H

#include "socket_priv.h"

struct kpi_evupcall {
	sock_evupcall fn;
	void *cookie;
	struct kpi_kext *kext;
	u32 mask;
};

/* What has been reported of a connection's life, each once. */
enum kpi_milestone {
	KPI_SEEN_CONNECTED	= 1 << 0,
	KPI_SEEN_EOF		= 1 << 1,
	KPI_SEEN_GONE		= 1 << 2,
	KPI_SEEN_RESET		= 1 << 3,
	KPI_SEEN_TIMEOUT	= 1 << 4
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

/* shutdown.c: what came after the read side was shut down is dropped */
void kpi_so_drain_late(struct __socket *so);

static inline struct kpi_upcall kpi_upcall_of(sock_upcall fn, void *cookie)
{
	return (struct kpi_upcall){
		.fn = fn, .cookie = cookie, .kext = fn ? kpi_kext_of(fn) : NULL,
	};
}

#endif /* _KPI_SOCKET_EVENT_H */
