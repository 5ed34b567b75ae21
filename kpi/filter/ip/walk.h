/* SPDX-License-Identifier: GPL-2.0 */
/* The filters that are due see a packet, one by one. */
#ifndef _KPI_FILTER_IP_WALK_H
#define _KPI_FILTER_IP_WALK_H

#include <kpi/errno.h>

#include "family.h"

struct kpi_ipf_packet;

struct kpi_ipf_walk {
	struct kpi_ipf_family *family;
	enum kpi_ipf_way way;
	struct kpi_ipf_queue *queue;	/* whose thread this is, or NULL */
	struct kpi_ipf_packet *packet;	/* or NULL */
	u64 before;
	ipf_pktopts_t options;		/* on the way out */
};

/* Shows a chain to the filters that are due; EJUSTRETURN: it is theirs. */
errno_t kpi_ipf_walk(const struct kpi_ipf_walk *walk, mbuf_t *m);
errno_t kpi_ipf_show(struct kpi_ipf_packet *p, struct kpi_ipf_queue *queue);
void kpi_ipf_fill_options(const struct kpi_ipf_packet *p, struct bsd_ipf_pktopts *options);

/* Who wants to see packets, and where. */
enum kpi_ipf_mode {
	KPI_IPF_NOBODY,
	KPI_IPF_DIRECT,
	KPI_IPF_THREAD
};
enum kpi_ipf_mode kpi_ipf_mode(struct kpi_ipf_family *family, enum kpi_ipf_way way);

#endif /* _KPI_FILTER_IP_WALK_H */
