// SPDX-License-Identifier: GPL-2.0
/* The network the scenarios meet: packets that vanish, small frames, addresses, paths. */

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <net/addrconf.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#include <kunit/test.h>

#include "compat/files.h"
#include "test.h"

static bool hole_open;
static u16 data_lost_to;
static atomic_t lost;
static u16 held_port;
static struct sk_buff_head held;

static bool vanishes(struct sk_buff *skb)
{
	struct iphdr _ip;
	struct tcphdr _tcp;
	const struct iphdr *ip = skb_header_pointer(skb, 0, sizeof(_ip), &_ip);
	const struct tcphdr *tcp;
	u16 port = READ_ONCE(data_lost_to);

	if (!ip)
		return false;
	if (READ_ONCE(hole_open) && ip->daddr == htonl(ST_BLACKHOLE))
		return true;
	if (!port || ip->protocol != IPPROTO_TCP)
		return false;
	tcp = skb_header_pointer(skb, ip->ihl * 4, sizeof(_tcp), &_tcp);
	return tcp && ntohs(tcp->dest) == port && skb->len > ip->ihl * 4 + tcp->doff * 4;
}

static unsigned int lose(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (!vanishes(skb))
		return NF_ACCEPT;
	atomic_inc(&lost);
	return NF_DROP;
}

/* On the way in: a packet refused on the way out would be reported to its sender. */
static const struct nf_hook_ops hook = {
	.hook = lose,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_PRE_ROUTING,
	.priority = NF_IP_PRI_FIRST,
};

static void unhook(void *unused)
{
	WRITE_ONCE(hole_open, false);
	WRITE_ONCE(data_lost_to, 0);
	nf_unregister_net_hook(&init_net, &hook);
}

static void hook_once(struct kunit *test)
{
	if (hole_open || data_lost_to)
		return;
	atomic_set(&lost, 0);
	KUNIT_ASSERT_EQ(test, nf_register_net_hook(&init_net, &hook), 0);
	st_defer(test, ST_RESTORE, unhook, NULL);
}

void st_blackhole(struct kunit *test, int open)
{
	if (open)
		hook_once(test);
	WRITE_ONCE(hole_open, open);
}

void st_lose_data_to(struct kunit *test, u16 port)
{
	if (port)
		hook_once(test);
	WRITE_ONCE(data_lost_to, port);
}

unsigned int st_lost(void)
{
	return atomic_read(&lost);
}

static unsigned int hold(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct udphdr *udp;
	struct udphdr _udp;

	udp = skb_header_pointer(skb, ip->ihl * 4, sizeof(_udp), &_udp);
	if (ip->protocol != IPPROTO_UDP || !udp || ntohs(udp->dest) != held_port)
		return NF_ACCEPT;
	skb_queue_tail(&held, skb);
	return NF_STOLEN;
}

/* On the way out, where a packet still counts for its sender. */
static const struct nf_hook_ops holding = {
	.hook = hold,
	.pf = NFPROTO_IPV4,
	.hooknum = NF_INET_LOCAL_OUT,
	.priority = NF_IP_PRI_FIRST,
};

void st_let_go(void)
{
	skb_queue_purge(&held);
}

static void stop_holding(void *unused)
{
	nf_unregister_net_hook(&init_net, &holding);
	st_let_go();
}

void st_hold_datagrams_to(struct kunit *test, u16 port)
{
	skb_queue_head_init(&held);
	held_port = port;
	KUNIT_ASSERT_EQ(test, nf_register_net_hook(&init_net, &holding), 0);
	st_defer(test, ST_OPEN_GATES, stop_holding, NULL);
}

/* The last UDP packet to a port, as it left. */
static struct {
	u16 port;
	unsigned int len;
	u8 packet[ST_PACKET_MAX];
} watched;

static unsigned int watch(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	u8 protocol = state->pf == NFPROTO_IPV4 ? ip_hdr(skb)->protocol : ipv6_hdr(skb)->nexthdr;

	if (protocol == IPPROTO_UDP && ntohs(udp_hdr(skb)->dest) == watched.port &&
	    skb->len <= sizeof(watched.packet) &&
	    !skb_copy_bits(skb, 0, watched.packet, skb->len))
		watched.len = skb->len;
	return NF_ACCEPT;
}

static const struct nf_hook_ops watching[] = {
	{
		.hook = watch,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_FIRST,
	}, {
		.hook = watch,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_FIRST,
	},
};

static void stop_watching(void *unused)
{
	nf_unregister_net_hooks(&init_net, watching, ARRAY_SIZE(watching));
}

void st_watch_datagrams_to(struct kunit *test, u16 port)
{
	watched.port = port;
	watched.len = 0;
	KUNIT_ASSERT_EQ(test, nf_register_net_hooks(&init_net, watching, ARRAY_SIZE(watching)), 0);
	st_defer(test, ST_RESTORE, stop_watching, NULL);
}

size_t st_watched(u8 *packet)
{
	size_t len = watched.len;

	memcpy(packet, watched.packet, len);
	watched.len = 0;
	return len;
}

static void set_loopback_mtu(void *mtu)
{
	rtnl_lock();
	dev_set_mtu(init_net.loopback_dev, (unsigned long)mtu);
	rtnl_unlock();
}

void st_loopback_mtu(struct kunit *test, unsigned int mtu)
{
	if (init_net.loopback_dev->mtu == mtu)
		return;
	st_defer(test, ST_RESTORE, set_loopback_mtu,
		 (void *)(unsigned long)init_net.loopback_dev->mtu);
	set_loopback_mtu((void *)(unsigned long)mtu);
}

static void set_loopback_features(void *features)
{
	rtnl_lock();
	init_net.loopback_dev->features = (unsigned long)features;
	rtnl_unlock();
}

void st_loopback_simple(struct kunit *test)
{
	unsigned long features = init_net.loopback_dev->features;

	st_defer(test, ST_RESTORE, set_loopback_features, (void *)features);
	features &= ~(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_CSUM_MASK | NETIF_F_GSO_SOFTWARE);
	set_loopback_features((void *)features);
}

/* Locked: so that an address that is no more tentative has its route, too. */
static int find_link_local(struct net_device *dev, u8 address[16])
{
	struct inet6_dev *inet6;
	struct inet6_ifaddr *entry;
	int found = 0;

	rtnl_lock();
	inet6 = __in6_dev_get(dev);
	if (inet6) {
		list_for_each_entry(entry, &inet6->addr_list, if_list) {
			if (!(ipv6_addr_type(&entry->addr) & IPV6_ADDR_LINKLOCAL) ||
			    entry->flags & IFA_F_TENTATIVE)
				continue;
			memcpy(address, &entry->addr, 16);
			found = 1;
		}
	}
	rtnl_unlock();
	return found;
}

static void close_device(void *dev)
{
	rtnl_lock();
	dev_close(dev);
	rtnl_unlock();
	dev_put(dev);
}

int st_link_local(struct kunit *test, u8 address[16], u32 *scope)
{
	struct net_device *dev = dev_get_by_name(&init_net, "dummy0");
	int err;

	if (!dev)
		return 0;
	st_defer(test, ST_RESTORE, close_device, dev);
	rtnl_lock();
	err = dev_open(dev, NULL);
	rtnl_unlock();
	if (err)
		return 0;
	*scope = dev->ifindex;
	return SETTLES(test, find_link_local(dev, address));
}

unsigned long st_datagrams_sent(void)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		sum += per_cpu_ptr(init_net.mib.udp_statistics, cpu)->mibs[UDP_MIB_OUTDATAGRAMS];
		sum += per_cpu_ptr(init_net.mib.udp_stats_in6, cpu)->mibs[UDP_MIB_OUTDATAGRAMS];
	}
	return sum;
}

const char *st_path(struct kunit *test)
{
	static atomic_t paths = ATOMIC_INIT(0);
	char *path = st_alloc(test, 64);

	snprintf(path, 64, "/tmp/scenario-%llx-%d", ktime_get_ns(), atomic_inc_return(&paths));
	return path;
}

int st_make_file(const char *path)
{
	struct file *file = kpi_compat_open(path, O_CREAT | O_WRONLY, 0600);

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	return 0;
}
