/* SPDX-License-Identifier: GPL-2.0 */
/* An interface's filters are called one by one. */
#ifndef _KPI_FILTER_IFLT_WALK_H
#define _KPI_FILTER_IFLT_WALK_H

#include <kpi/errno.h>

#include "point.h"

/* Who wants to see a frame, and where. */
enum kpi_iflt_mode {
	KPI_IFLT_NOBODY,
	KPI_IFLT_DIRECT,		/* inside the hook: nobody there has to sleep */
	KPI_IFLT_THREAD
};

/* A thread that is inside a filter's function; on its stack. */
struct kpi_iflt_call {
	struct list_head node;		/* W: calls_lock */
	struct task_struct *task;
	struct __ifnet_filter *flt;
	unsigned long since;		/* jiffies */
	bool told;			/* that it takes long */
};

void kpi_iflt_call_begin(struct kpi_iflt_point *point, struct __ifnet_filter *flt,
			 struct kpi_iflt_call *call);
void kpi_iflt_call_end(struct kpi_iflt_point *point, struct kpi_iflt_call *call);
bool kpi_iflt_inside(struct kpi_iflt_point *point);
enum kpi_iflt_mode kpi_iflt_mode(struct kpi_iflt_point *point, enum kpi_iflt_way way,
				 protocol_family_t protocol, bool tagged);

bool kpi_iflt_wants_injected(struct kpi_iflt_point *point, mbuf_t m);

/*
 * All filters that want it, oldest first. 0: it goes on. Anything else: it is gone,
 * freed here or, with EJUSTRETURN, a filter's. A way in has the frame's header.
 */
errno_t kpi_iflt_walk(struct kpi_iflt_point *point, enum kpi_iflt_way way,
		      protocol_family_t protocol, bool tagged, mbuf_t *m, char **header);

#endif /* _KPI_FILTER_IFLT_WALK_H */
