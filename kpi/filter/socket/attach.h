/* SPDX-License-Identifier: GPL-2.0 */
/* One filter on one socket. */
#ifndef _KPI_SFLT_ATTACH_H
#define _KPI_SFLT_ATTACH_H

#include "filtered.h"

struct kpi_sflt;
struct kpi_sflt_kind;

/* One filter on one socket; the list's lock, order and end are those of all filters. */
struct kpi_attached {
	struct kpi_filter filter;	/* first: what the list, the socket's, has */
	struct kpi_sflt *sflt;
	union {
		struct {
			void *cookie;
			unsigned long since;	/* when the call that runs began, or 0 */
		};
		struct rcu_head rcu;		/* after the last call */
	};
};

static inline struct kpi_filtered *kpi_attached_to(const struct kpi_attached *a)
{
	return container_of(a->filter.list, struct kpi_filtered, list);
}

/* attach.c */
int kpi_attached_init(void);
void kpi_attached_exit(void);
void kpi_sflt_gone(struct kpi_filter *filter);
int kpi_sflt_attach_to(struct kpi_filtered *f, struct kpi_sflt *sflt);
void kpi_sflt_attach_globals(struct kpi_filtered *f, const struct kpi_sflt_kind *kind);
struct kpi_attached *kpi_sflt_find(struct kpi_filtered *f, const struct kpi_sflt *sflt);
void kpi_sflt_detach_from_all(struct kpi_filtered *f);
void kpi_sflt_detach_all(struct kpi_sflt *sflt);

#endif /* _KPI_SFLT_ATTACH_H */
