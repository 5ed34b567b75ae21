/* SPDX-License-Identifier: GPL-2.0 */
/* Packets go to the kext whose interface it is, and come from it. */
#ifndef _KPI_INTERFACE_DRIVER_H
#define _KPI_INTERFACE_DRIVER_H

#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include <kpi/interface.h>
#include <kpi/mbuf.h>

struct kpi_made;

void kpi_made_tx_run(struct work_struct *work);
void kpi_made_rx_run(struct work_struct *work);
void kpi_made_rx_add(struct kpi_made *made, mbuf_t m);
void kpi_made_purge(struct kpi_made *made);
netdev_tx_t kpi_made_xmit(struct sk_buff *skb, struct net_device *dev);
void kpi_made_get_stats(struct net_device *dev, struct rtnl_link_stats64 *out);
errno_t kpi_made_output(struct kpi_made *made, protocol_family_t family, mbuf_t m,
			const struct bsd_sockaddr *dest);

#endif /* _KPI_INTERFACE_DRIVER_H */
