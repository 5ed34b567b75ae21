// SPDX-License-Identifier: GPL-2.0
/*
 * Packets between two native sockets, and the native sides of filters: netfilter
 * hooks that look at the same bytes, at once or in a thread.
 */

#include <linux/ip.h>
#include <linux/mm.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_netdev.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "native.h"
#include "self.h"
#include "traffic.h"

/* --- the traffic --- */

int traffic_open_udp(struct bench *b)
{
	int err = native_open_udp(b);

	if (!err)
		b->peer->sk->sk_rcvtimeo = 5 * HZ;
	return err;
}

void traffic_may_send_much(struct bench *b)
{
	struct socket *sock = b->object;

	WRITE_ONCE(sock->sk->sk_sndbuf, INT_MAX / 2);
}

static unsigned long kept_for(const struct zone *zone)
{
	unsigned long n = 0;
	int cpu;

	for_each_online_cpu(cpu)
		n += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
	return n;
}

/* Pages that each CPU has at hand, which are free. */
static unsigned long kept_by_cpus(void)
{
	unsigned long n = 0;
	int node, i;

	for_each_online_node(node)
		for (i = 0; i < MAX_NR_ZONES; i++)
			if (populated_zone(&NODE_DATA(node)->node_zones[i]))
				n += kept_for(&NODE_DATA(node)->node_zones[i]);
	return n;
}

unsigned long traffic_memory(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return (info.totalram - info.freeram - kept_by_cpus()) * info.mem_unit;
}

unsigned long long traffic_run_memory(struct bench *b)
{
	return b->took * b->n / b->pieces;
}

static int batch(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	int i;

	for (i = 0; i < BATCH; i++)
		if (native_send(b->object, b->buffer, b->size))
			return -EIO;
	for (i = 0; i < BATCH; i++)
		if (native_receive(b->peer, in, b->size, 0) != b->size) {
			b->why = "a datagram was lost";
			return -EIO;
		}
	return 0;
}

unsigned long long traffic_run_udp(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i += BATCH)
		if (batch(b))
			return 0;
	return bench_now() - start;
}

unsigned long long traffic_run_tcp(struct bench *b)
{
	void *in = b->buffer + BENCH_IN;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (native_send(b->object, b->buffer, b->size) ||
		    native_receive_exactly(b->peer, in, b->size))
			return 0;
	return bench_now() - start;
}

const struct bench_side filter_none = { traffic_open_udp, traffic_run_udp, native_close_tcp };
const struct bench_side filter_tcp_none = { native_open_tcp, traffic_run_tcp, native_close_tcp };

/* --- hooks --- */

static void look(const struct iphdr *ip)
{
	if (ip->protocol == IPPROTO_UDP)
		bench_filter_sum += (__force u16)ip->tot_len + (__force u32)ip->daddr;
}

static unsigned int look_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	look(ip_hdr(skb));
	return NF_ACCEPT;
}

static int add_hooks(struct bench *b, const struct nf_hook_ops *hooks)
{
	int err = nf_register_net_hooks(&init_net, hooks, 2);

	if (!err)
		b->work = (void *)hooks;
	return err;
}

static void close_hooked(struct bench *b)
{
	native_close_tcp(b);
	if (b->work)
		nf_unregister_net_hooks(&init_net, b->work, 2);
}

#define IP_HOOK(function, number)	\
	{ .hook = (function), .pf = NFPROTO_IPV4, .hooknum = (number), .priority = NF_IP_PRI_LAST - 2 }
#define IP_HOOKS(function)		\
	{ IP_HOOK(function, NF_INET_LOCAL_IN), IP_HOOK(function, NF_INET_LOCAL_OUT) }

static const struct nf_hook_ops look_hooks[] = IP_HOOKS(look_hook);

static int open_hook(struct bench *b)
{
	return traffic_open_udp(b) ?: add_hooks(b, look_hooks);
}

const struct bench_side native_hook = { open_hook, traffic_run_udp, close_hooked };

/* --- hooks of the device --- */

static struct nf_hook_ops device_hooks[] = {
	{ .hook = look_hook, .pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_INGRESS, .priority = INT_MAX },
	{ .hook = look_hook, .pf = NFPROTO_NETDEV, .hooknum = NF_NETDEV_EGRESS, .priority = INT_MAX },
};

static int open_device_hook(struct bench *b)
{
	device_hooks[0].dev = device_hooks[1].dev = init_net.loopback_dev;
	return traffic_open_udp(b) ?: add_hooks(b, device_hooks);
}

const struct bench_side native_device_hook = { open_device_hook, traffic_run_udp, close_hooked };

/* --- hooks that have a thread look --- */

/* What nf_queue() keeps of a packet, too: all that its caller only lends. */
struct parcel {
	struct list_head list;
	struct sk_buff *skb;
	struct nf_hook_state state;
};

static struct lane {
	spinlock_t lock;
	struct list_head parcels;
	struct work_struct work;
	struct workqueue_struct *wq;
} lanes[2];

static bool keep(struct parcel *p, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (!skb_dst_force(skb) || (state->sk && !refcount_inc_not_zero(&state->sk->sk_refcnt)))
		return false;
	p->skb = skb;
	p->state = *state;
	dev_hold(state->in);
	dev_hold(state->out);
	return true;
}

static void let_go(struct parcel *p)
{
	dev_put(p->state.in);
	dev_put(p->state.out);
	if (p->state.sk)
		sock_put(p->state.sk);
	kfree(p);
}

static struct parcel *next(struct lane *lane)
{
	struct parcel *p;

	spin_lock_bh(&lane->lock);
	p = list_first_entry_or_null(&lane->parcels, struct parcel, list);
	if (p)
		list_del(&p->list);
	spin_unlock_bh(&lane->lock);
	return p;
}

static void run_lane(struct work_struct *work)
{
	struct lane *lane = container_of(work, struct lane, work);
	struct parcel *p;

	while ((p = next(lane))) {
		look(ip_hdr(p->skb));
		local_bh_disable();
		rcu_read_lock();
		p->state.okfn(p->state.net, p->state.sk, p->skb);
		rcu_read_unlock();
		local_bh_enable();
		let_go(p);
		cond_resched();
	}
}

static unsigned int steal(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct lane *lane = &lanes[state->hook == NF_INET_LOCAL_OUT];
	struct parcel *p = kmalloc(sizeof(*p), GFP_ATOMIC);

	if (!p || !keep(p, skb, state)) {
		kfree(p);
		return NF_DROP;
	}
	spin_lock_bh(&lane->lock);
	list_add_tail(&p->list, &lane->parcels);
	spin_unlock_bh(&lane->lock);
	queue_work(lane->wq, &lane->work);
	return NF_STOLEN;
}

static const struct nf_hook_ops thieves[] = IP_HOOKS(steal);

static int open_lanes(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(lanes); i++) {
		struct lane *lane = &lanes[i];

		spin_lock_init(&lane->lock);
		INIT_LIST_HEAD(&lane->parcels);
		INIT_WORK(&lane->work, run_lane);
		lane->wq = alloc_ordered_workqueue("bench_lane", WQ_MEM_RECLAIM);
		if (!lane->wq)
			return -ENOMEM;
	}
	return 0;
}

static int open_thief(struct bench *b)
{
	return traffic_open_udp(b) ?: open_lanes() ?: add_hooks(b, thieves);
}

static void close_thief(struct bench *b)
{
	int i;

	close_hooked(b);
	synchronize_net();
	for (i = 0; i < ARRAY_SIZE(lanes); i++) {
		if (lanes[i].wq)
			destroy_workqueue(lanes[i].wq);
		lanes[i].wq = NULL;
	}
}

const struct bench_side native_thief = { open_thief, traffic_run_udp, close_thief };

/* --- a hook that keeps packets, as sk_buffs --- */

static struct sk_buff_head kept;
static bool keeping;

static unsigned int keep_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (!READ_ONCE(keeping) || !skb_dst_force(skb))
		return NF_ACCEPT;
	skb_queue_tail(&kept, skb);
	return NF_STOLEN;
}

static const struct nf_hook_ops keep_hooks[] = IP_HOOKS(keep_hook);

static int open_keeper(struct bench *b)
{
	int err = traffic_open_udp(b) ?: add_hooks(b, keep_hooks);
	unsigned long i, before = traffic_memory();

	skb_queue_head_init(&kept);
	if (!err)
		traffic_may_send_much(b);
	WRITE_ONCE(keeping, true);
	for (i = 0; i < b->pieces && !err; i++)
		err = native_send(b->object, b->buffer, b->size);
	WRITE_ONCE(keeping, false);
	b->took = traffic_memory() - before;
	return err;
}

static void close_keeper(struct bench *b)
{
	skb_queue_purge(&kept);
	close_hooked(b);
}

const struct bench_side native_kept_memory = { open_keeper, traffic_run_memory, close_keeper };

/* --- a program that takes packets from NFQUEUE --- */

#define NFQUEUE_NUMBER	7

static unsigned int to_program(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return NF_QUEUE_NR(NFQUEUE_NUMBER);
}

static const struct nf_hook_ops to_program_hooks[] = IP_HOOKS(to_program);

/* Without the program packets are dropped. */
static int open_nfqueue(struct bench *b)
{
	int err = traffic_open_udp(b) ?: add_hooks(b, to_program_hooks);

	if (err)
		return err;
	b->peer->sk->sk_rcvtimeo = HZ / 2;
	if (native_send(b->object, b->buffer, 1) || native_receive(b->peer, b->buffer, 1, 0) != 1) {
		b->missing = "no program takes packets from NFQUEUE here";
		return -ENODEV;
	}
	b->peer->sk->sk_rcvtimeo = 5 * HZ;
	return 0;
}

const struct bench_side outside_nfqueue = { open_nfqueue, traffic_run_udp, close_hooked };
