/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets come from netfilter's hooks, and go on behind them. What would be cut into
 * segments there is shown in segments.
 */
#ifndef _KPI_FILTER_IP_HOOK_H
#define _KPI_FILTER_IP_HOOK_H

#include "family.h"

struct kpi_ipf_packet;
struct sk_buff;

/* hook.c */
int kpi_ipf_hook(struct kpi_ipf_family *family);
void kpi_ipf_unhook(struct kpi_ipf_family *family);
int kpi_ipf_pass_on(struct kpi_ipf_packet *p);
int kpi_ipf_resume(const struct kpi_ipf_packet *p, struct sk_buff *skb);

/* segments.c */
bool kpi_ipf_is_cut(const struct sk_buff *skb, enum kpi_ipf_way way);
bool kpi_ipf_may_stay_whole(const struct sk_buff *skb);
unsigned int kpi_ipf_show_segments(struct kpi_ipf_packet *whole, struct kpi_ipf_queue *queue);
void kpi_ipf_take_apart(struct kpi_ipf_packet *whole);

#endif /* _KPI_FILTER_IP_HOOK_H */
