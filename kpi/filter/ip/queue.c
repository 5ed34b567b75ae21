// SPDX-License-Identifier: GPL-2.0
/* Packets wait here for the thread that shows them to filters, in order. */

#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/sock.h>

#include "../../compat/netfilter.h"
#include "../../mbuf/header.h"
#include "ip_priv.h"

#define LONG_TIME	(10 * HZ)

static unsigned int queue_limit = 1000;
module_param_named(ipfilter_queue, queue_limit, uint, 0644);
MODULE_PARM_DESC(ipfilter_queue, "packets that may wait for IP filters of one family and direction");

/* What a filter is told of a packet's multicast options: those of its socket. */
static void fill_options(const struct kpi_ipf_packet *p, struct bsd_ipf_pktopts *options)
{
	struct sock *sk = p->state.sk;
	u8 first[24];

	if (p->family->pf != NFPROTO_IPV4 || !sk || !sk_fullsock(sk) ||
	    sk->sk_family != AF_INET || kpi_mbuf_copydata(p->m, 0, sizeof(struct iphdr), first) ||
	    !ipv4_is_multicast(((struct iphdr *)first)->daddr))
		return;
	options->ippo_flags = IPPOF_MCAST_OPTS;
	options->ippo_mcast_ttl = READ_ONCE(inet_sk(sk)->mc_ttl);
	options->ippo_mcast_loop = kpi_compat_mc_loop(sk);
}

static void show_in(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	int offset = p->family->pf == NFPROTO_IPV6 ? sizeof(struct ipv6hdr) : 0;
	u8 first;

	if (!offset && !kpi_mbuf_copydata(p->m, 0, 1, &first))
		offset = (first & 0xf) * 4;
	if (kpi_ipf_walk_in(p->family, queue, &p->m, p->before, offset))
		p->m = NULL;
}

static void show_out(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	struct bsd_ipf_pktopts options = { };

	fill_options(p, &options);
	if (kpi_ipf_walk_out(p->family, queue, &p->m, p->before, &options))
		p->m = NULL;
}

/* What filters left of it goes on: behind the hook it came from, or into the stack. */
static void go_on(struct kpi_ipf_packet *p)
{
	struct sk_buff *skb;

	if (!p->state.net) {
		kpi_ipf_deliver(p->m);
		p->m = NULL;
		return;
	}
	skb = kpi_ipf_close(p);
	if (skb)
		kpi_ipf_pass_on(p, skb);
}

static void run_one(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	if (p->m || !kpi_ipf_open(p)) {
		if (p->way == KPI_IPF_IN)
			show_in(queue, p);
		else
			show_out(queue, p);
		if (p->m)
			go_on(p);
	}
	kpi_ipf_packet_free(p);
}

static struct kpi_ipf_packet *next(struct kpi_ipf_queue *queue)
{
	struct kpi_ipf_packet *p;

	spin_lock_bh(&queue->lock);
	p = list_first_entry_or_null(&queue->packets, struct kpi_ipf_packet, node);
	if (p) {
		list_del(&p->node);
		queue->length--;
	}
	spin_unlock_bh(&queue->lock);
	return p;
}

static void run(struct work_struct *work)
{
	struct kpi_ipf_queue *queue = container_of(work, struct kpi_ipf_queue, work);
	unsigned int noio = memalloc_noio_save();	/* swap may be behind these packets */
	struct kpi_ipf_packet *p;

	while ((p = next(queue))) {
		run_one(queue, p);
		cond_resched();
	}
	memalloc_noio_restore(noio);
}

/* Says once whose filter does not come back. */
static void watch(struct kpi_ipf_queue *queue)
{
	const struct opaque_ipfilter *ipf = READ_ONCE(queue->busy);

	lockdep_assert_held(&queue->lock);
	if (!ipf || queue->told || time_before(jiffies, READ_ONCE(queue->since) + LONG_TIME))
		return;
	queue->told = true;
	pr_warn("netkpi: an IP filter of %s has not returned for %d s; packets wait for it\n",
		kpi_kext_name(ipf->kext), LONG_TIME / HZ);
}

/* False without room: the packet stays the caller's. */
bool kpi_ipf_queue_add(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	bool room;

	p->family = queue->family;
	p->way = queue->way;
	spin_lock_bh(&queue->lock);
	room = queue->length < READ_ONCE(queue_limit);
	if (room) {
		list_add_tail(&p->node, &queue->packets);
		queue->length++;
	} else {
		queue->dropped++;
	}
	rcu_read_lock();	/* keeps whose callback runs */
	watch(queue);
	rcu_read_unlock();
	spin_unlock_bh(&queue->lock);
	if (room)
		queue_work(queue->wq, &queue->work);
	return room;
}

int kpi_ipf_queue_init(struct kpi_ipf_queue *queue, struct kpi_ipf_family *family,
		       enum kpi_ipf_way way)
{
	spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->packets);
	INIT_WORK(&queue->work, run);
	queue->family = family;
	queue->way = way;
	queue->wq = alloc_ordered_workqueue("kpi_ipf%d_%s", WQ_MEM_RECLAIM,
					    family->pf == NFPROTO_IPV6 ? 6 : 4,
					    way == KPI_IPF_IN ? "in" : "out");
	return queue->wq ? 0 : -ENOMEM;
}

/* The hooks are gone: nothing comes any more, and what waits goes on. */
void kpi_ipf_queue_exit(struct kpi_ipf_queue *queue)
{
	if (queue->wq)
		destroy_workqueue(queue->wq);
	queue->wq = NULL;
}
