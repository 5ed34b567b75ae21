// SPDX-License-Identifier: GPL-2.0
/*
 * Sends packets made from mbufs, about which somebody wants to hear when they are
 * out. The script that loads this sees to it that they stay in a queue.
 */

#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>
#include <netkpi/skb.h>

#include "compat/namespace.h"

#define LENGTH	1400

static char *dev;
module_param(dev, charp, 0444);

static int count = 3;
module_param(count, int, 0444);

static void sent(uintptr_t id, ifnet_t ifp, u64 ts, uintptr_t arg, uintptr_t data,
		 kern_return_t status)
{
}

static struct sk_buff *parcel(void)
{
	uintptr_t id;
	mbuf_t m;

	if (kpi_mbuf_allocpacket(MBUF_WAITOK, LENGTH, NULL, &m))
		return NULL;
	memset(kpi_mbuf_data(m), 0, LENGTH);
	kpi_mbuf_setlen(m, LENGTH);
	kpi_mbuf_pkthdr_setlen(m, LENGTH);
	if (kpi_mbuf_set_timestamp_requested(m, &id, sent)) {
		kpi_mbuf_freem(m);
		return NULL;
	}
	return kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
}

static int send(struct net_device *to)
{
	int i;

	for (i = 0; i < count; i++) {
		struct sk_buff *skb = parcel();

		if (IS_ERR_OR_NULL(skb))
			return -ENOMEM;
		skb->dev = to;
		skb->protocol = htons(ETH_P_LOOPBACK);
		dev_queue_xmit(skb);
	}
	return 0;
}

static int __init parcels_init(void)
{
	struct net_device *to = dev_get_by_name(current->nsproxy->net_ns, dev ?: "");
	int err;

	if (!to)
		return -ENODEV;
	err = kpi_mbuf_register_tx_compl_callback(sent) ? -EBUSY : send(to);
	(void)!kpi_mbuf_unregister_tx_compl_callback(sent);
	dev_put(to);
	return err;
}
module_init(parcels_init);

static void __exit parcels_exit(void)
{
}
module_exit(parcels_exit);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("packets that are long on their way");
