// SPDX-License-Identifier: GPL-2.0
/* What tests of filters ask of Linux: its hooks, its wire, the loopback's MTU. */

#include <linux/atomic.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

#include "test.h"

int ft_hooks(int v6)
{
	struct nf_hook_entries __rcu **points = v6 ? init_net.nf.hooks_ipv6 : init_net.nf.hooks_ipv4;
	int n = 0, i;

	rcu_read_lock();
	for (i = NF_INET_LOCAL_IN; i <= NF_INET_LOCAL_OUT; i++) {
		const struct nf_hook_entries *entries = rcu_dereference(points[i]);

		n += entries ? entries->num_hook_entries : 0;
	}
	rcu_read_unlock();
	return n;
}

void ft_loopback_mtu(unsigned int mtu)
{
	rtnl_lock();
	dev_set_mtu(init_net.loopback_dev, mtu ?: 65536);
	rtnl_unlock();
}

static atomic_t frames;

static int count_frame(struct sk_buff *skb, struct net_device *dev, struct packet_type *type,
		       struct net_device *orig)
{
	if (skb->pkt_type == PACKET_OUTGOING &&
	    (skb->protocol == htons(ETH_P_IP) || skb->protocol == htons(ETH_P_IPV6)) &&
	    skb->len > 60)
		atomic_inc(&frames);
	kfree_skb(skb);
	return 0;
}

static struct packet_type wire = { .type = htons(ETH_P_ALL), .func = count_frame };

int ft_wire_watch(int on)
{
	if (on) {
		atomic_set(&frames, 0);
		wire.dev = init_net.loopback_dev;
		dev_add_pack(&wire);
	} else {
		dev_remove_pack(&wire);
	}
	return atomic_read(&frames);
}
