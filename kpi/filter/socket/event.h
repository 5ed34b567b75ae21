/* SPDX-License-Identifier: GPL-2.0 */
/* What filters are told of a socket, and how that is noticed. */
#ifndef _KPI_SFLT_EVENT_H
#define _KPI_SFLT_EVENT_H

#include <linux/gfp.h>

#include <kpi/socketfilter.h>

struct kpi_filtered;

enum kpi_sflt_told {
	KPI_TOLD_BOUND,
	KPI_TOLD_CONNECTED,
	KPI_TOLD_CANTRECVMORE,
	KPI_TOLD_CANTSENDMORE,
	KPI_TOLD_DISCONNECTED,
	KPI_TOLD_WATCHED,		/* the wait queue has our entry */
};

void kpi_sflt_event_init(struct kpi_filtered *f);
void kpi_sflt_event_late(struct kpi_filtered *f);
void kpi_sflt_tell(struct kpi_filtered *f, sflt_event_t event, void *param);
void kpi_sflt_tell_once(struct kpi_filtered *f, enum kpi_sflt_told told, sflt_event_t event);
void kpi_sflt_tell_bound(struct kpi_filtered *f);
void kpi_sflt_tell_state(struct kpi_filtered *f);
void kpi_sflt_tell_later(struct kpi_filtered *f);
void kpi_sflt_tell_now(struct kpi_filtered *f);
void kpi_sflt_tell_anew(struct kpi_filtered *f);
void kpi_sflt_work(struct kpi_filtered *f);
int kpi_sflt_may_watch(struct kpi_filtered *f, gfp_t gfp);
void kpi_sflt_watch(struct kpi_filtered *f);
void kpi_sflt_unwatch(struct kpi_filtered *f);

#endif /* _KPI_SFLT_EVENT_H */
