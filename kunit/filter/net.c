// SPDX-License-Identifier: GPL-2.0
/*
 * Ethernet devices for tests: what is sent by one is kept for the test to look at,
 * as is what the stack gets from one; frames come in as a driver would bring them.
 */

#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/umh.h>
#include <net/dst.h>
#include <net/net_namespace.h>

#include "test.h"

static const u16 types[] = { ETH_P_IP, ETH_P_ARP, ETH_P_IPV6, FT_TYPE };

struct wire {
	struct sk_buff_head sent;
	struct sk_buff_head got;
	struct packet_type taps[ARRAY_SIZE(types)];
};

static netdev_tx_t wire_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wire *wire = netdev_priv(dev);

	skb_orphan(skb);
	skb_dst_drop(skb);
	skb_queue_tail(&wire->sent, skb);
	return NETDEV_TX_OK;
}

static void wire_uninit(struct net_device *dev)
{
	struct wire *wire = netdev_priv(dev);

	skb_queue_purge(&wire->sent);
	skb_queue_purge(&wire->got);
}

static const struct net_device_ops wire_ops = {
	.ndo_start_xmit = wire_xmit,
	.ndo_uninit = wire_uninit,
	.ndo_set_mac_address = eth_mac_addr,
};

static void wire_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &wire_ops;
	dev->features |= NETIF_F_HW_VLAN_CTAG_TX;
	dev->flags |= IFF_NOARP;
	dev->mtu = FT_MTU;
	dev->addr_assign_type = NET_ADDR_PERM;
	dev->needs_free_netdev = true;
}

static int got(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	       struct net_device *orig)
{
	struct wire *wire = pt->af_packet_priv;
	struct sk_buff *copy = skb_copy(skb, GFP_ATOMIC);

	if (copy) {
		skb_push(copy, copy->data - skb_mac_header(copy));
		skb_queue_tail(&wire->got, copy);
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void listen(struct net_device *dev, bool on)
{
	struct wire *wire = netdev_priv(dev);
	int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct packet_type *tap = &wire->taps[i];

		if (!on) {
			dev_remove_pack(tap);
			continue;
		}
		tap->type = htons(types[i]);
		tap->dev = dev;
		tap->func = got;
		tap->af_packet_priv = wire;
		dev_add_pack(tap);
	}
}

int ft_make(const char *name)
{
	static const u8 address[ETH_ALEN] = FT_ADDRESS;
	struct net_device *dev = alloc_netdev(sizeof(struct wire), name, NET_NAME_USER, wire_setup);
	struct wire *wire;
	int err;

	if (!dev)
		return -ENOMEM;
	wire = netdev_priv(dev);
	skb_queue_head_init(&wire->sent);
	skb_queue_head_init(&wire->got);
	eth_hw_addr_set(dev, address);
	err = register_netdev(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	listen(dev, true);
	return ft_up(name, 1);
}

void ft_delete(const char *name)
{
	struct net_device *dev;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, name);
	rtnl_unlock();
	if (!dev)
		return;
	listen(dev, false);
	unregister_netdev(dev);
}

int ft_flag(const char *name, int flag, int on)
{
	struct net_device *dev;
	int err = -ENODEV;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, name);
	if (dev)
		err = dev_change_flags(dev, on ? dev->flags | flag : dev->flags & ~flag, NULL);
	rtnl_unlock();
	return err;
}

int ft_up(const char *name, int up)
{
	return ft_flag(name, IFF_UP, up);
}

/* By the program: nothing that is exported does it. */
static int ip_program(char **argv)
{
	static char *envp[] = { "PATH=/sbin:/bin:/usr/sbin:/usr/bin", NULL };

	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
}

static int address(const char *what, const char *name, unsigned int address, int bits)
{
	char cidr[32];
	char *argv[] = { "/sbin/ip", "addr", (char *)what, cidr, "dev", (char *)name, NULL };
	__be32 be = htonl(address);

	snprintf(cidr, sizeof(cidr), "%pI4/%d", &be, bits);
	return ip_program(argv);
}

int ft_address(const char *name, unsigned int addr, int bits)
{
	return address("add", name, addr, bits);
}

int ft_no_address(const char *name, unsigned int addr, int bits)
{
	int err = address("del", name, addr, bits);

	rcu_barrier();		/* its routes first, then what they led to */
	rcu_barrier();
	return err;
}

int ft_vlan(const char *name, const char *upper, int id)
{
	char number[8];
	char *argv[] = { "/sbin/ip", "link", "add", "link", (char *)name, "name", (char *)upper,
			 "type", "vlan", "id", number, NULL };

	snprintf(number, sizeof(number), "%d", id);
	return ip_program(argv) ?: ft_up(upper, 1);
}

void *ft_no_kexts(void)
{
	return noop_fsync;
}

static unsigned int entries_of(const struct nf_hook_entries __rcu *hooks)
{
	const struct nf_hook_entries *entries = rcu_dereference(hooks);

	return entries ? entries->num_hook_entries : 0;
}

int ft_device_hooks(const char *name)
{
	struct net_device *dev;
	int n = -ENODEV;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(&init_net, name);
	if (dev)
		n = entries_of(dev->nf_hooks_ingress) + entries_of(dev->nf_hooks_egress);
	rcu_read_unlock();
	return n;
}

static unsigned int drop(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return NF_DROP;
}

int ft_drop(const char *name, int on)
{
	static struct nf_hook_ops hooks[] = {
		{ .hook = drop, .pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_INGRESS },
		{ .hook = drop, .pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_EGRESS },
	};
	int err = 0;

	rtnl_lock();
	hooks[0].dev = hooks[1].dev = __dev_get_by_name(&init_net, name);
	if (!hooks[0].dev)
		err = -ENODEV;
	else if (on)
		err = nf_register_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	else
		nf_unregister_net_hooks(&init_net, hooks, ARRAY_SIZE(hooks));
	rtnl_unlock();
	return err;
}

int ft_mtu(const char *name, int mtu)
{
	struct net_device *dev;
	int err = -ENODEV;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, name);
	if (dev)
		err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	return err;
}

static struct sk_buff *skb_of(const void *frame, size_t len, int vlan)
{
	struct sk_buff *skb = alloc_skb(NET_IP_ALIGN + len, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_IP_ALIGN);
	skb_put_data(skb, frame, len);
	if (vlan >= 0)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vlan);
	return skb;
}

/* With bottom halves off nothing runs before it is in the stack. */
static int hand_over(const char *name, struct sk_buff *skb, bool out)
{
	struct net_device *dev;
	int err = 0;

	local_bh_disable();
	rcu_read_lock();
	dev = dev_get_by_name_rcu(&init_net, name);
	if (!dev || !skb) {
		kfree_skb(skb);
	} else if (out) {
		skb->dev = dev;
		skb_reset_mac_header(skb);
		skb_set_network_header(skb, ETH_HLEN);
		skb->protocol = eth_hdr(skb)->h_proto;
		err = dev_queue_xmit(skb);
	} else {
		skb->protocol = eth_type_trans(skb, dev);
		netif_receive_skb(skb);
	}
	rcu_read_unlock();
	local_bh_enable();
	if (!dev)
		return -ENODEV;
	return err > 0 ? net_xmit_errno(err) : err;
}

int ft_come_in(const char *name, const void *frame, size_t len, int vlan)
{
	return hand_over(name, skb_of(frame, len, vlan), false);
}

int ft_send(const char *name, const void *frame, size_t len, int vlan)
{
	return hand_over(name, skb_of(frame, len, vlan), true);
}

/* So far as the stack looks at it when it cuts it up. */
static struct sk_buff *segments_of(int count)
{
	static u8 frame[ETH_HLEN + 40 + 10 * 100];
	struct iphdr *ip = (struct iphdr *)(frame + ETH_HLEN);
	struct tcphdr *tcp = (struct tcphdr *)(ip + 1);
	unsigned int len = ETH_HLEN + 40 + count * 100;
	struct sk_buff *skb;

	((struct ethhdr *)frame)->h_proto = htons(ETH_P_IP);
	*ip = (struct iphdr) { .version = 4, .ihl = 5, .ttl = 9, .protocol = IPPROTO_TCP };
	ip->tot_len = htons(len - ETH_HLEN);
	*tcp = (struct tcphdr) { .doff = 5 };
	skb = skb_of(frame, len, -1);
	if (!skb)
		return NULL;
	skb_set_network_header(skb, ETH_HLEN);
	skb_partial_csum_set(skb, ETH_HLEN + 20, offsetof(struct tcphdr, check));
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = 100;
	skb_shinfo(skb)->gso_segs = count;
	return skb;
}

int ft_send_segments(const char *name, int count)
{
	return hand_over(name, segments_of(count), true);
}

static struct sk_buff_head *queue_of(const char *name, bool sent)
{
	struct net_device *dev = dev_get_by_name_rcu(&init_net, name);
	struct wire *wire = dev ? netdev_priv(dev) : NULL;

	if (!wire)
		return NULL;
	return sent ? &wire->sent : &wire->got;
}

static int count(const char *name, bool sent)
{
	struct sk_buff_head *queue;
	int n;

	rcu_read_lock();
	queue = queue_of(name, sent);
	n = queue ? skb_queue_len_lockless(queue) : -1;
	rcu_read_unlock();
	return n;
}

int ft_type_sent(const char *name)
{
	struct sk_buff_head *queue;
	struct sk_buff *skb;
	int type = 0;

	rcu_read_lock();
	queue = queue_of(name, true);
	skb = queue ? skb_peek(queue) : NULL;
	if (skb)
		type = ntohs(skb->protocol);
	rcu_read_unlock();
	return type;
}

/* Takes the first one; its length, or 0. */
static int take(const char *name, bool sent, void *buf, size_t size)
{
	struct sk_buff_head *queue;
	struct sk_buff *skb;
	int len = 0;

	rcu_read_lock();
	queue = queue_of(name, sent);
	skb = queue ? skb_dequeue(queue) : NULL;
	rcu_read_unlock();
	if (skb) {
		len = skb->len;
		skb_copy_bits(skb, 0, buf, min_t(size_t, size, len));
		consume_skb(skb);
	}
	return len;
}

int ft_sent(const char *name)
{
	return count(name, true);
}

int ft_got(const char *name)
{
	return count(name, false);
}

int ft_take_sent(const char *name, void *buf, size_t size)
{
	return take(name, true, buf, size);
}

int ft_take_got(const char *name, void *buf, size_t size)
{
	return take(name, false, buf, size);
}
