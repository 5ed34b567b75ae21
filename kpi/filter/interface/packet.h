/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that a kext sends or lets come in, which filters see before: for kpi/interface. */
#ifndef _KPI_FILTER_IFLT_PACKET_H
#define _KPI_FILTER_IFLT_PACKET_H

#include <linux/types.h>

#include <kpi/errno.h>
#include <kpi/interfacefilter.h>
#include <kpi/mbuf.h>

struct kpi_iflt_point;
struct sk_buff;

/*
 * In: false if nobody wants to see it, and it stays the caller's; under
 * RCU. Out: what kpi_iflt_walk() says. Then it is sent, past our hook: bottom halves off.
 */
bool kpi_iflt_input(struct kpi_iflt_point *point, mbuf_t m, char *header);
errno_t kpi_iflt_output(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m);
int kpi_iflt_output_later(ifnet_t ifp, protocol_family_t protocol, mbuf_t m);
errno_t kpi_iflt_walk_input(ifnet_t ifp, protocol_family_t protocol, mbuf_t *m, char **header);
int kpi_iflt_transmit(struct sk_buff *skb, bool hooked);

#endif /* _KPI_FILTER_IFLT_PACKET_H */
