/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all filters share: their order, the calls in flight, and when one is gone.
 *
 * A list is walked without a lock. Each call holds the filter, so removing waits
 * for nothing: whoever lets go last after the removal runs gone(), once. Until
 * then the filter keeps its place in the order, for packets that are injected
 * "behind" it. A call inside a hook holds RCU instead, so filters of such a list
 * are gone a grace period later.
 */
#ifndef _KPI_FILTER_PRIV_H
#define _KPI_FILTER_PRIV_H

#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "../kpi_priv.h"

struct kpi_filter {
	struct list_head node;		/* W: the list's lock */
	u64 number;			/* counts up: newer is larger */
	refcount_t refs;		/* the list's until removal, and one for each call */
	bool removed;			/* W: the list's lock */
	bool direct;			/* need not be called in a thread; does not change */
	struct kpi_filter_list *list;
	union {				/* one after the other, when the last call is over */
		struct rcu_head rcu;
		struct work_struct gone_work;
	};
};

struct kpi_filter_list {
	spinlock_t lock;
	struct list_head filters;	/* newest first */
	u64 newest;
	bool hooked;			/* calls inside hooks do not hold filters */
	void (*gone)(struct kpi_filter *filter);	/* may sleep; frees it after a grace period */
};

/* Of filters that are called inside hooks, too. */
#define KPI_FILTER_LIST(name, fn)					\
	{								\
		.lock = __SPIN_LOCK_UNLOCKED((name).lock),		\
		.filters = LIST_HEAD_INIT((name).filters),		\
		.hooked = true,						\
		.gone = (fn),						\
	}

#define KPI_ALL_FILTERS		U64_MAX
#define KPI_NO_FILTER		0

/* Before the first list, and after the last. */
int kpi_filter_list_init(void);
void kpi_filter_list_exit(void);

/* At the front, the newest; or at the end: in such a list the oldest has the largest number. */
void kpi_filter_add(struct kpi_filter_list *list, struct kpi_filter *filter);
void kpi_filter_append(struct kpi_filter_list *list, struct kpi_filter *filter);

int kpi_filter_remove(struct kpi_filter_list *list, void *handle, bool may_sleep);

/* The same, and gone() has returned, here, when this does; not from a call of the filter. */
int kpi_filter_remove_wait(struct kpi_filter_list *list, void *handle);

/* The newest filter with a smaller number, held for a call; NULL after the oldest. */
struct kpi_filter *kpi_filter_next(struct kpi_filter_list *list, u64 before);
void kpi_filter_put(struct kpi_filter *filter, bool may_sleep);

/* For direct calls: the next one behind @filter, or the newest, with a smaller number; not held. */
struct kpi_filter *kpi_filter_behind(struct kpi_filter_list *list, struct kpi_filter *filter,
				     u64 before);

/* Where a handle stands in the order; false if it is none of this list's. */
bool kpi_filter_place(struct kpi_filter_list *list, const void *handle, u64 *number);

/*
 * Around a call into a kext that wants to be called where packets are, and so must
 * not sleep. kpi_is_direct() is true inside, for everything such a call does. Bottom
 * halves are off.
 */
static inline void kpi_direct_begin(void)
{
	lockdep_assert_in_softirq();
	__this_cpu_inc(kpi_direct_calls);
}

static inline void kpi_direct_end(void)
{
	__this_cpu_dec(kpi_direct_calls);
}

#endif /* _KPI_FILTER_PRIV_H */
