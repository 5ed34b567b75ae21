/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that have seen all their filters, or that a kext made. */
#ifndef _KPI_FILTER_IP_INJECT_H
#define _KPI_FILTER_IP_INJECT_H

#include <linux/types.h>

struct kpi_ipf_packet;
struct sk_buff;

void kpi_set_local_route(struct sk_buff *skb);
bool kpi_ipf_has_passed(const struct sk_buff *skb);
void kpi_ipf_start(struct kpi_ipf_packet *p, gfp_t gfp);
int kpi_ipf_inject_init(void);
void kpi_ipf_inject_exit(void);

#endif /* _KPI_FILTER_IP_INJECT_H */
