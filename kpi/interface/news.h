/* SPDX-License-Identifier: GPL-2.0 */
/* What the driver of an interface is told of, later and in a thread; and plumbers, of addresses. */
#ifndef _KPI_INTERFACE_NEWS_H
#define _KPI_INTERFACE_NEWS_H

#include <linux/workqueue.h>

#include <kpi/interface.h>

struct kpi_kext;
struct kpi_made;

enum kpi_made_news {
	KPI_MADE_FLAGS,
	KPI_MADE_MTU,
	KPI_MADE_GROUP_NEW,		/* multicast addresses */
	KPI_MADE_GROUP_GONE,
	KPI_MADE_INET,			/* addresses of a family */
	KPI_MADE_INET6
};

/* news.c */
void kpi_made_tell_driver(struct kpi_made *made, enum kpi_made_news news);
void kpi_made_news_run(struct work_struct *work);
void kpi_made_news_init(void);
void kpi_made_news_exit(void);

/* plumb.c */
void kpi_plumbers_reclaim(const struct kpi_kext *kext);
void kpi_made_addresses(struct kpi_made *made, protocol_family_t family);
void kpi_made_forget_addresses(struct kpi_made *made);

#endif /* _KPI_INTERFACE_NEWS_H */
