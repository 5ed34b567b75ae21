/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel events within the layer. */
#ifndef _KPI_EVENT_PRIV_H
#define _KPI_EVENT_PRIV_H

#include <linux/types.h>

#include <kpi/event.h>

struct net;
struct sock;
struct socket;

/* event.c */
int kpi_event_post(const struct bsd_kev_msg *msg);
int kpi_event_request(struct sock *sk, unsigned int cmd, void *arg);
int kpi_event_create(struct net *net, struct socket *sock, int family, int kern);
int kpi_event_init(void);
void kpi_event_exit(void);

/* event_net.c: what happens to interfaces and addresses */
int kpi_event_net_init(void);
void kpi_event_net_exit(void);

/* One of the layer's own, of vendor KEV_VENDOR_APPLE. */
static inline int kpi_event_tell(u32 class, u32 subclass, u32 code, void *data, size_t len)
{
	const struct bsd_kev_msg msg = {
		.vendor_code = KEV_VENDOR_APPLE, .kev_class = class, .kev_subclass = subclass,
		.event_code = code, .dv[0] = { len, data },
	};

	return kpi_event_post(&msg);
}

#endif /* _KPI_EVENT_PRIV_H */
