// SPDX-License-Identifier: GPL-2.0
/* Frames wait here for the thread that shows them to filters, in order. */

#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "../../interface/interface_priv.h"
#include "../carrier.h"
#include "frame.h"
#include "packet.h"
#include "walk.h"

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

/* A packet that a kext has come in, or sent where it must not sleep. */
struct injected {
	struct list_head node;
	mbuf_t m;
	char *header;			/* on the way in */
	protocol_family_t protocol;	/* on the way out */
};

static struct injected *next_injected(struct kpi_iflt_queue *queue)
{
	struct injected *injected;

	spin_lock_bh(&queue->frames.lock);
	injected = list_first_entry_or_null(&queue->injected, struct injected, node);
	if (injected) {
		list_del(&injected->node);
		queue->waiting--;
	}
	spin_unlock_bh(&queue->frames.lock);
	return injected;
}

static void run_injected(struct kpi_iflt_queue *queue)
{
	struct injected *injected;

	while ((injected = next_injected(queue))) {
		if (queue->way == KPI_IFLT_IN)
			kpi_iflt_frame_injected(queue->point, injected->m, injected->header);
		else
			kpi_ifnet_output_raw(queue->point->ifp, injected->protocol, injected->m);
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

/* Says once of a call that it does not come back; what is dropped meanwhile is its doing. */
static void watch(struct kpi_iflt_point *point, bool dropped)
{
	struct kpi_iflt_call *call;

	spin_lock_bh(&point->calls_lock);
	list_for_each_entry(call, &point->calls, node) {
		if (dropped)
			kpi_kext_count(call->flt->kext, KPI_COUNT_DROPPED, 1);
		if (call->told || time_before(jiffies, call->since + LONG_TIME))
			continue;
		call->told = true;
		pr_warn("netkpi: an interface filter of %s has not returned for %d s; frames of %s wait for it\n",
			kpi_kext_name(call->flt->kext), LONG_TIME / HZ, point->ifp->name);
	}
	spin_unlock_bh(&point->calls_lock);
}

static bool has_room(struct kpi_iflt_queue *queue, unsigned int waiting)
{
	lockdep_assert_held(&queue->frames.lock);
	return waiting < READ_ONCE(queue_limit);
}

static bool add_injected(struct kpi_iflt_queue *queue, struct injected *injected)
{
	bool room;

	spin_lock_bh(&queue->frames.lock);
	room = has_room(queue, queue->waiting);
	if (room) {
		list_add_tail(&injected->node, &queue->injected);
		queue->waiting++;
	}
	spin_unlock_bh(&queue->frames.lock);
	return room;
}

/* Consumes the packet. Without room it is lost, as in a full input queue. */
static int inject(struct kpi_iflt_queue *queue, const struct injected *what)
{
	struct injected *injected = kmemdup(what, sizeof(*what), GFP_ATOMIC);

	if (!injected) {
		kpi_mbuf_freem(what->m);	/* as a driver without memory loses it */
		return -ENOMEM;
	}
	if (!add_injected(queue, injected)) {
		kfree(injected);
		kpi_mbuf_freem(what->m);
		watch(queue->point, true);
		return -ENOBUFS;
	}
	kpi_iflt_queue_work(queue->point, &queue->work);
	return 0;
}

bool kpi_iflt_input(struct kpi_iflt_point *point, mbuf_t m, char *header)
{
	struct injected what = { .m = m, .header = header };

	if (!kpi_iflt_wants_injected(point, m) || !refcount_inc_not_zero(&point->refs))
		return false;
	inject(&point->queues[KPI_IFLT_IN], &what);
	kpi_iflt_point_put(point);
	return true;
}

int kpi_iflt_output_later(ifnet_t ifp, protocol_family_t protocol, mbuf_t m)
{
	struct kpi_iflt_point *point = kpi_iflt_point_get(ifp);
	struct injected what = { .m = m, .protocol = protocol };
	int err = -EINVAL;

	if (!point) {
		kpi_mbuf_freem(m);
		return err;
	}
	err = inject(&point->queues[KPI_IFLT_OUT], &what);
	kpi_iflt_point_put(point);
	return err;
}

static void run_frame(struct kpi_iflt_queue *queue, struct sk_buff *skb)
{
	unsigned int verdict;

	if (queue->way == KPI_IFLT_IN)
		verdict = kpi_iflt_frame_in(queue->point, skb, GFP_NOIO);
	else
		verdict = kpi_iflt_frame_out(queue->point, skb, GFP_NOIO);
	kpi_iflt_frame_end(queue->point, queue->way, skb, verdict);
}

static void run(struct work_struct *work)
{
	struct kpi_iflt_queue *queue = container_of(work, struct kpi_iflt_queue, work);
	unsigned int noio = memalloc_noio_save();	/* swap may be behind these frames */
	struct sk_buff *skb;

	run_injected(queue);
	while ((skb = skb_dequeue(&queue->frames))) {
		run_frame(queue, skb);
		atomic_dec(&queue->pending);
		cond_resched();
		run_injected(queue);
	}
	memalloc_noio_restore(noio);
	kpi_iflt_point_put(queue->point);
}

/* False without room: the frame stays the caller's. */
bool kpi_iflt_queue_add(struct kpi_iflt_queue *queue, struct sk_buff *skb)
{
	unsigned int waiting;
	bool room;

	if (!kpi_carrier_hold(skb))
		return false;
	spin_lock_bh(&queue->frames.lock);
	waiting = skb_queue_len(&queue->frames);
	room = has_room(queue, waiting);
	if (room) {
		skb->dev = NULL;	/* it may go meanwhile */
		__skb_queue_tail(&queue->frames, skb);
		atomic_inc(&queue->pending);
	}
	spin_unlock_bh(&queue->frames.lock);

	if (room)
		kpi_iflt_queue_work(queue->point, &queue->work);
	if (waiting)
		watch(queue->point, !room);
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
