/* SPDX-License-Identifier: GPL-2.0 */
/* What an interface's filters are told of, and asked for, besides frames. */
#ifndef _KPI_FILTER_IFLT_EVENT_H
#define _KPI_FILTER_IFLT_EVENT_H

#include <linux/netdevice.h>

#include <kpi/interfacefilter.h>

struct bsd_kev_msg;
struct kpi_iflt_point;

void kpi_iflt_events_init(struct kpi_iflt_point *point);
void kpi_iflt_events_free(struct kpi_iflt_point *point);
void kpi_iflt_tell(struct kpi_iflt_point *point, const struct bsd_kev_msg *msg);

/* Asks the filters; true if @answers, which sees each answer, wants no more of them. */
bool kpi_iflt_ioctl(ifnet_t ifp, protocol_family_t protocol, unsigned long code, void *arg,
		    bool (*answers)(errno_t answer, errno_t *result), errno_t *result);

void kpi_iflt_events_flush(struct kpi_iflt_point *point);	/* all have been told */
int kpi_iflt_events_start(void);
void kpi_iflt_events_stop(void);

static inline bool kpi_iflt_link(const struct net_device *dev)
{
	return dev->flags & IFF_UP && netif_carrier_ok(dev);
}

#endif /* _KPI_FILTER_IFLT_EVENT_H */
