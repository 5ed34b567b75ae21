/* SPDX-License-Identifier: GPL-2.0 */
/* Between thread_call.c and timeout.c: a function that is to run later. */
#ifndef _KPI_THREAD_CALL_PRIV_H
#define _KPI_THREAD_CALL_PRIV_H

#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <kpi/thread.h>

#include "../kpi_priv.h"

enum call_state {
	CALL_IDLE,
	CALL_DELAYED,			/* until the deadline */
	CALL_QUEUED,
};

struct thread_call {
	struct work_struct work;
	struct hrtimer timer;
	spinlock_t lock;
	enum call_state state;		/* W: lock */
	u64 deadline;			/* W: lock */
	struct task_struct *runner;	/* W: lock; who runs it now */
	void *param1;			/* W: lock; of the next run */
	void *param0;
	thread_call_func_t func;
	kpi_timeout_func_t timeout;	/* instead of func: one run, then gone */
	struct kpi_kext *kext;		/* charged while pending or running */
	wait_queue_head_t idle;
	refcount_t refs;		/* one of whoever made it, one per queued work */
	struct hlist_node node;		/* W: calls_lock */
};

extern DECLARE_HASHTABLE(kpi_calls, 8);
extern spinlock_t kpi_calls_lock;

struct thread_call *kpi_call_alloc(void *param0, gfp_t gfp);
void kpi_call_put(struct thread_call *call);
void kpi_call_hash(struct thread_call *call, unsigned long key);
bool kpi_call_enter(struct thread_call *call, void *param1, u64 deadline);
bool kpi_call_cancel(struct thread_call *call);

#endif /* _KPI_THREAD_CALL_PRIV_H */
