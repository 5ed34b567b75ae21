// SPDX-License-Identifier: GPL-2.0
/* Frames wait here for the thread that shows them to filters, in order. */

#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "iflt_priv.h"

#define LONG_TIME	(10 * HZ)

static unsigned int queue_limit = 1000;
module_param_named(interfacefilter_queue, queue_limit, uint, 0644);
MODULE_PARM_DESC(interfacefilter_queue,
		 "frames that may wait for the filters of one interface and direction");

/* The point, which the caller holds, stays while its work is on its way. */
void kpi_iflt_queue_work(struct kpi_iflt_point *point, struct work_struct *work)
{
	refcount_inc(&point->refs);
	if (!queue_work(kpi_iflt_wq, work))
		kpi_iflt_point_put(point);
}

/* A packet that a kext has come in. */
struct injected {
	struct list_head node;
	mbuf_t m;
	char *header;
};

static struct injected *next_injected(struct kpi_iflt_queue *queue)
{
	struct injected *injected;

	spin_lock_bh(&queue->frames.lock);
	injected = list_first_entry_or_null(&queue->injected, struct injected, node);
	if (injected)
		list_del(&injected->node);
	spin_unlock_bh(&queue->frames.lock);
	return injected;
}

static void run_injected(struct kpi_iflt_queue *queue)
{
	struct injected *injected;

	while ((injected = next_injected(queue))) {
		kpi_iflt_frame_injected(queue->point, injected->m, injected->header);
		kfree(injected);
	}
}

void kpi_iflt_injected_free(struct kpi_iflt_queue *queue)
{
	struct injected *injected;

	while ((injected = next_injected(queue))) {
		kpi_mbuf_freem(injected->m);
		kfree(injected);
	}
}

bool kpi_iflt_input(struct kpi_iflt_point *point, mbuf_t m, char *header)
{
	struct kpi_iflt_queue *queue = &point->queues[KPI_IFLT_IN];
	struct injected *injected;

	if (!kpi_iflt_wants_injected(point, m) || !refcount_inc_not_zero(&point->refs))
		return false;
	injected = kmalloc(sizeof(*injected), GFP_ATOMIC);
	if (injected) {
		*injected = (struct injected) { .m = m, .header = header };
		spin_lock_bh(&queue->frames.lock);
		list_add_tail(&injected->node, &queue->injected);
		spin_unlock_bh(&queue->frames.lock);
		kpi_iflt_queue_work(point, &queue->work);
	} else {
		kpi_mbuf_freem(m);	/* as a driver without memory loses it */
	}
	kpi_iflt_point_put(point);
	return true;
}

static void run(struct work_struct *work)
{
	struct kpi_iflt_queue *queue = container_of(work, struct kpi_iflt_queue, work);
	unsigned int noio = memalloc_noio_save();	/* swap may be behind these frames */
	struct sk_buff *skb;

	run_injected(queue);
	while ((skb = skb_dequeue(&queue->frames))) {
		if (queue->way == KPI_IFLT_IN)
			kpi_iflt_frame_in(queue->point, skb);
		else
			kpi_iflt_frame_out(queue->point, skb);
		cond_resched();
		run_injected(queue);
	}
	memalloc_noio_restore(noio);
	kpi_iflt_point_put(queue->point);
}

/* Says once of a call that it does not come back. */
static void watch(struct kpi_iflt_point *point)
{
	struct kpi_iflt_call *call;

	spin_lock_bh(&point->calls_lock);
	list_for_each_entry(call, &point->calls, node) {
		if (call->told || time_before(jiffies, call->since + LONG_TIME))
			continue;
		call->told = true;
		pr_warn("netkpi: an interface filter of %s has not returned for %d s; frames of %s wait for it\n",
			kpi_kext_name(call->flt->kext), LONG_TIME / HZ, point->ifp->name);
	}
	spin_unlock_bh(&point->calls_lock);
}

/* False without room: the frame stays the caller's. */
bool kpi_iflt_queue_add(struct kpi_iflt_queue *queue, struct sk_buff *skb)
{
	unsigned int waiting;
	bool room;

	spin_lock_bh(&queue->frames.lock);
	waiting = skb_queue_len(&queue->frames);
	room = waiting < READ_ONCE(queue_limit);
	if (room)
		__skb_queue_tail(&queue->frames, skb);
	else
		queue->dropped++;
	spin_unlock_bh(&queue->frames.lock);

	if (room)
		kpi_iflt_queue_work(queue->point, &queue->work);
	if (waiting)
		watch(queue->point);
	return room;
}

void kpi_iflt_queue_init(struct kpi_iflt_point *point, enum kpi_iflt_way way)
{
	struct kpi_iflt_queue *queue = &point->queues[way];

	skb_queue_head_init(&queue->frames);
	INIT_LIST_HEAD(&queue->injected);
	INIT_WORK(&queue->work, run);
	queue->point = point;
	queue->way = way;
}
