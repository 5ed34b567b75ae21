// SPDX-License-Identifier: GPL-2.0
/* Filters in their order, and the last call of one that was removed. */

#include <linux/kernel.h>
#include <linux/wait_bit.h>

#include "filter_priv.h"

static void filter_gone(struct kpi_filter *filter)
{
	struct kpi_filter_list *list = filter->list;

	spin_lock_bh(&list->lock);
	list_del_rcu(&filter->node);
	spin_unlock_bh(&list->lock);
	list->gone(filter);
}

static struct workqueue_struct *gone_wq;

int kpi_filter_list_init(void)
{
	gone_wq = alloc_workqueue("kpi_filter_gone", WQ_UNBOUND, 0);
	return gone_wq ? 0 : -ENOMEM;
}

/* Kexts may be unloaded before the work that let them go has returned; we may not. */
void kpi_filter_list_exit(void)
{
	rcu_barrier();
	if (gone_wq)
		destroy_workqueue(gone_wq);
	gone_wq = NULL;
}

static void gone_later(struct work_struct *work)
{
	filter_gone(container_of(work, struct kpi_filter, gone_work));
}

static void gone_soon(struct kpi_filter *filter)
{
	INIT_WORK(&filter->gone_work, gone_later);
	queue_work(gone_wq, &filter->gone_work);
}

static void grace_is_over(struct rcu_head *rcu)
{
	gone_soon(container_of(rcu, struct kpi_filter, rcu));
}

static void filter_init(struct kpi_filter_list *list, struct kpi_filter *filter)
{
	refcount_set(&filter->refs, 1);
	filter->list = list;
}

void kpi_filter_add(struct kpi_filter_list *list, struct kpi_filter *filter)
{
	filter_init(list, filter);
	spin_lock_bh(&list->lock);
	filter->number = ++list->newest;
	list_add_rcu(&filter->node, &list->filters);
	spin_unlock_bh(&list->lock);
}

void kpi_filter_append(struct kpi_filter_list *list, struct kpi_filter *filter)
{
	filter_init(list, filter);
	spin_lock_bh(&list->lock);
	filter->number = KPI_ALL_FILTERS - ++list->newest;
	list_add_tail_rcu(&filter->node, &list->filters);
	spin_unlock_bh(&list->lock);
}

/* Whether it was the last reference. Otherwise who waits for the calls of a removed one looks again. */
static bool let_go(struct kpi_filter *filter)
{
	bool last;

	rcu_read_lock();	/* keeps its memory */
	last = refcount_dec_and_test(&filter->refs);
	smp_mb__after_atomic();	/* the count is seen before who waits is looked for */
	if (!last && READ_ONCE(filter->removed))
		wake_up_var(&filter->refs);
	rcu_read_unlock();
	return last;
}

/* Calls inside hooks have returned by then. */
static void queue_gone(struct kpi_filter *filter)
{
	if (filter->list->hooked)
		call_rcu(&filter->rcu, grace_is_over);
	else
		gone_soon(filter);
}

void kpi_filter_put(struct kpi_filter *filter, bool may_sleep)
{
	if (!let_go(filter))
		return;
	if (!may_sleep) {
		queue_gone(filter);
		return;
	}
	if (filter->list->hooked)
		synchronize_rcu();
	filter_gone(filter);
}

/* Nothing is read from where a handle points before it is found here. */
static struct kpi_filter *find(struct kpi_filter_list *list, const void *handle)
{
	struct kpi_filter *filter;

	list_for_each_entry_rcu(filter, &list->filters, node, lockdep_is_held(&list->lock))
		if (filter == handle)
			return filter;
	return NULL;
}

/* From now on the list's reference is the caller's; NULL if there is none to take. */
static struct kpi_filter *take_off(struct kpi_filter_list *list, void *handle)
{
	struct kpi_filter *filter;
	bool removed = false;

	spin_lock_bh(&list->lock);
	filter = find(list, handle);
	if (filter && !filter->removed) {
		WRITE_ONCE(filter->removed, true);
		removed = true;
	}
	spin_unlock_bh(&list->lock);
	return removed ? filter : NULL;
}

int kpi_filter_remove(struct kpi_filter_list *list, void *handle, bool may_sleep)
{
	struct kpi_filter *filter = take_off(list, handle);

	if (!filter)
		return -ENOENT;
	kpi_filter_put(filter, may_sleep);
	return 0;
}

int kpi_filter_remove_wait(struct kpi_filter_list *list, void *handle)
{
	struct kpi_filter *filter;

	might_sleep();
	filter = take_off(list, handle);
	if (!filter)
		return -ENOENT;
	wait_var_event(&filter->refs, refcount_read(&filter->refs) == 1);
	kpi_filter_put(filter, true);
	return 0;
}

struct kpi_filter *kpi_filter_next(struct kpi_filter_list *list, u64 before)
{
	struct kpi_filter *filter;

	rcu_read_lock();
	list_for_each_entry_rcu(filter, &list->filters, node)
		if (filter->number < before && !READ_ONCE(filter->removed) &&
		    refcount_inc_not_zero(&filter->refs)) {
			rcu_read_unlock();
			return filter;
		}
	rcu_read_unlock();
	return NULL;
}

struct kpi_filter *kpi_filter_behind(struct kpi_filter_list *list, struct kpi_filter *filter,
				     u64 before)
{
	filter = list_prepare_entry(filter, &list->filters, node);
	list_for_each_entry_continue_rcu(filter, &list->filters, node)
		if (filter->number < before && !READ_ONCE(filter->removed))
			return filter;
	return NULL;
}

bool kpi_filter_place(struct kpi_filter_list *list, const void *handle, u64 *number)
{
	struct kpi_filter *filter;

	rcu_read_lock();
	filter = find(list, handle);
	if (filter)
		*number = filter->number;
	rcu_read_unlock();
	return filter;
}
