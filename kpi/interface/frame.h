/* SPDX-License-Identifier: GPL-2.0 */
/* Packets with their link headers, as they come in. */
#ifndef _KPI_INTERFACE_FRAME_H
#define _KPI_INTERFACE_FRAME_H

#include <linux/if_ether.h>
#include <linux/socket.h>

#include <kpi/interface.h>
#include <kpi/mbuf.h>

struct net_device;
struct sk_buff;

/* The family that a kext knows an Ethernet type as; 0 for all others. */
static inline protocol_family_t kpi_protocol_family(__be16 type)
{
	switch (type) {
	case htons(ETH_P_IP):
	case htons(ETH_P_ARP):
		return PF_INET;
	case htons(ETH_P_IPV6):
		return PF_INET6;
	default:
		return 0;
	}
}

/*
 * A packet that comes in: where its link header is, which is taken off the data if it is
 * there; and an sk_buff of it as the device's driver would make it, NULL if it cannot be
 * (consumes the packet whatever happens).
 */
char *kpi_frame_header(mbuf_t m, unsigned int hdrlen);
protocol_family_t kpi_frame_family(ifnet_t ifp, mbuf_t m, const char *header);
struct sk_buff *kpi_frame_received(mbuf_t m, const char *header, struct net_device *dev);

/*
 * Makes a packet for IP what could have come in: an Ethernet device's has a link header in
 * front, which captures and others above the device look at. Under RCU; false if the device
 * is gone, or without memory.
 */
bool kpi_frame_of_ip(struct sk_buff *skb, ifnet_t ifp);

#endif /* _KPI_INTERFACE_FRAME_H */
