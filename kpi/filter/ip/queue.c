// SPDX-License-Identifier: GPL-2.0
/* Packets wait here for the thread that shows them to filters, in order. */

#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "hook.h"
#include "inject.h"
#include "packet.h"
#include "walk.h"

#define LONG_TIME	(10 * HZ)

static unsigned int queue_limit = 1000;
module_param_named(ipfilter_queue, queue_limit, uint, 0644);
MODULE_PARM_DESC(ipfilter_queue, "packets that may wait for IP filters of one family and direction (default: 1000)");

/* What filters left of it goes on: behind the hook it came from, or into the stack. */
static void go_on(struct kpi_ipf_packet *p)
{
	if (!kpi_ipf_packet_take(p))
		kpi_ipf_start(p, GFP_NOIO);
	else if (!kpi_ipf_close(p, GFP_NOIO))
		kpi_ipf_pass_on(p);
}

/* As it came from the hook, and to be seen cut. */
static bool is_to_be_cut(const struct kpi_ipf_packet *p)
{
	return !p->m && kpi_ipf_is_cut(p->skb, p->way);
}

static void run_segments(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	if (kpi_ipf_show_segments(p, queue) == NF_ACCEPT)
		kpi_ipf_pass_on(p);
}

static void run_one(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	if (is_to_be_cut(p))
		run_segments(queue, p);
	else if ((p->m || !kpi_ipf_open(p, GFP_NOIO)) && !kpi_ipf_show(p, queue))
		go_on(p);
	kpi_ipf_packet_put(p);
}

/* Who else limits how much may wait: a socket's send buffer. */
static bool is_limited(const struct kpi_ipf_packet *p)
{
	return p->way == KPI_IPF_OUT && p->skb && p->skb->sk && sk_fullsock(p->skb->sk);
}

/* How many packets it counts as: as many as filters will see. */
static unsigned int weight(const struct kpi_ipf_packet *p)
{
	if (is_limited(p))
		return 0;
	return is_to_be_cut(p) ? max_t(unsigned int, skb_shinfo(p->skb)->gso_segs, 1) : 1;
}

static struct kpi_ipf_packet *next(struct kpi_ipf_queue *queue)
{
	struct kpi_ipf_packet *p;

	spin_lock_bh(&queue->lock);
	p = list_first_entry_or_null(&queue->packets, struct kpi_ipf_packet, node);
	if (p) {
		list_del(&p->node);
		queue->length -= weight(p);
	}
	queue->running = p;
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
		atomic_dec(&queue->pending);
		cond_resched();
	}
	memalloc_noio_restore(noio);
}

/* Says once whose filter does not come back. */
static void watch(struct kpi_ipf_queue *queue, bool dropped)
{
	const struct opaque_ipfilter *ipf;

	lockdep_assert_held(&queue->lock);
	rcu_read_lock();	/* keeps whose function runs */
	ipf = READ_ONCE(queue->busy);
	if (ipf && dropped)
		kpi_kext_count(ipf->kext, KPI_COUNT_DROPPED, 1);
	if (ipf && !queue->told && time_after(jiffies, READ_ONCE(queue->since) + LONG_TIME)) {
		queue->told = true;
		pr_warn("netkpi: an IP filter of %s has not returned for %d s; packets wait for it\n",
			kpi_kext_name(ipf->kext), LONG_TIME / HZ);
	}
	rcu_read_unlock();
}

static bool put(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	unsigned int more = weight(p);

	if (more && queue->length >= READ_ONCE(queue_limit))
		return false;
	list_add_tail(&p->node, &queue->packets);
	queue->length += more;
	atomic_inc(&queue->pending);
	return true;
}

/* False without room: the packet stays the caller's. */
bool kpi_ipf_queue_add(struct kpi_ipf_queue *queue, struct kpi_ipf_packet *p)
{
	bool room, asleep;

	spin_lock_bh(&queue->lock);
	room = put(queue, p);
	asleep = room && !queue->running;
	queue->running |= room;
	watch(queue, !room);
	spin_unlock_bh(&queue->lock);
	if (asleep)
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
