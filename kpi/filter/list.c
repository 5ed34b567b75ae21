// SPDX-License-Identifier: GPL-2.0
/* Filters in their order, and the last call of one that was removed. */

#include <linux/kernel.h>

#include "filter_priv.h"

static void filter_gone(struct kpi_filter *filter)
{
	struct kpi_filter_list *list = filter->list;

	spin_lock_bh(&list->lock);
	list_del_rcu(&filter->node);
	spin_unlock_bh(&list->lock);
	list->gone(filter);
}

static void gone_later(struct work_struct *work)
{
	filter_gone(container_of(work, struct kpi_filter, gone_work));
}

void kpi_filter_add(struct kpi_filter_list *list, struct kpi_filter *filter)
{
	refcount_set(&filter->refs, 1);
	filter->list = list;
	INIT_WORK(&filter->gone_work, gone_later);

	spin_lock_bh(&list->lock);
	filter->number = ++list->newest;
	list_add_rcu(&filter->node, &list->filters);
	spin_unlock_bh(&list->lock);
}

void kpi_filter_put(struct kpi_filter *filter, bool may_sleep)
{
	if (!refcount_dec_and_test(&filter->refs))
		return;
	if (may_sleep)
		filter_gone(filter);
	else
		queue_work(system_unbound_wq, &filter->gone_work);
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

int kpi_filter_remove(struct kpi_filter_list *list, void *handle, bool may_sleep)
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
	if (!removed)
		return -ENOENT;
	kpi_filter_put(filter, may_sleep);
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
