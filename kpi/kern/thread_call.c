// SPDX-License-Identifier: GPL-2.0
/*
 * Thread calls: functions of kexts that run later, in a thread of the layer.
 * timeout.c makes timeouts of them.
 *
 * A call is idle, waits for its time, or is queued; apart from that it may be
 * running. The work item and the timer only carry a call to its turn: what is
 * to happen is decided by its state alone, so a timer or a work item that comes
 * too late finds nothing to do. A work item never runs twice at a time, so
 * neither does a call.
 *
 * Handles are looked up before they are used: one that was freed is noticed.
 */

#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <kpi/thread.h>

#include "kern_priv.h"
#include "thread_call_priv.h"

DEFINE_HASHTABLE(kpi_calls, 8);	/* thread calls by handle, timeouts by function */
DEFINE_SPINLOCK(kpi_calls_lock);
static struct workqueue_struct *call_queue;

void kpi_call_put(struct thread_call *call)
{
	if (!refcount_dec_and_test(&call->refs))
		return;
	hrtimer_cancel(&call->timer);
	if (call->state != CALL_IDLE)	/* entered while it was being freed */
		kpi_kext_charge(call->kext, KPI_HELD_TIMER, -1);
	kfree(call);
}

/* The table's reference goes to who takes the call out. */
static bool call_unhash(struct thread_call *call)
{
	unsigned long flags;
	bool was_hashed;

	spin_lock_irqsave(&kpi_calls_lock, flags);
	was_hashed = !hlist_unhashed(&call->node);
	hash_del(&call->node);
	spin_unlock_irqrestore(&kpi_calls_lock, flags);
	return was_hashed;
}

void kpi_call_hash(struct thread_call *call, unsigned long key)
{
	unsigned long flags;

	spin_lock_irqsave(&kpi_calls_lock, flags);
	hash_add(kpi_calls, &call->node, key);
	spin_unlock_irqrestore(&kpi_calls_lock, flags);
}

/* A reference on a call that a kext names, or NULL if there is no such call. */
static struct thread_call *call_get(thread_call_t wanted, unsigned long caller)
{
	struct thread_call *call, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&kpi_calls_lock, flags);
	hash_for_each_possible(kpi_calls, call, node, (unsigned long)wanted) {
		if (call == wanted) {
			refcount_inc(&call->refs);
			found = call;
			break;
		}
	}
	spin_unlock_irqrestore(&kpi_calls_lock, flags);

	if (!found)
		kpi_misuse_from(caller, "a thread call that does not exist, or is freed");
	return found;
}

static void call_queue_work(struct thread_call *call)
{
	lockdep_assert_held(&call->lock);

	call->state = CALL_QUEUED;
	refcount_inc(&call->refs);
	if (!queue_work(call_queue, &call->work))
		refcount_dec(&call->refs);
}

static void call_run(struct thread_call *call, void *param1)
{
	if (call->timeout)
		call->timeout(call->param0);
	else
		call->func(call->param0, param1);
	kpi_lock_sites_leave();
}

/* The call's turn, unless somebody thought better of it in the meantime. */
static void call_work(struct work_struct *work)
{
	struct thread_call *call = container_of(work, struct thread_call, work);
	void *param1 = NULL;
	bool turn;

	spin_lock_irq(&call->lock);
	turn = call->state == CALL_QUEUED;
	if (turn) {
		call->state = CALL_IDLE;
		call->runner = current;
		param1 = call->param1;
	}
	spin_unlock_irq(&call->lock);

	if (turn) {
		call_run(call, param1);

		spin_lock_irq(&call->lock);
		call->runner = NULL;
		spin_unlock_irq(&call->lock);
		kpi_kext_charge(call->kext, KPI_HELD_TIMER, -1);
		wake_up_all(&call->idle);
		if (call->timeout && call_unhash(call))
			kpi_call_put(call);
	}
	kpi_call_put(call);
}

static enum hrtimer_restart call_timer(struct hrtimer *timer)
{
	struct thread_call *call = container_of(timer, struct thread_call, timer);
	unsigned long flags;

	spin_lock_irqsave(&call->lock, flags);
	if (call->state == CALL_DELAYED && call->deadline <= ktime_get_ns())
		call_queue_work(call);
	spin_unlock_irqrestore(&call->lock, flags);
	return HRTIMER_NORESTART;
}

struct thread_call *kpi_call_alloc(void *param0, gfp_t gfp)
{
	struct thread_call *call = kzalloc(sizeof(*call), gfp);

	if (!call)
		return NULL;
	INIT_WORK(&call->work, call_work);
	kpi_compat_hrtimer_setup(&call->timer, call_timer, CLOCK_MONOTONIC,
				 HRTIMER_MODE_ABS_SOFT);
	spin_lock_init(&call->lock);
	init_waitqueue_head(&call->idle);
	refcount_set(&call->refs, 1);
	call->param0 = param0;
	return call;
}

/* Whether it was pending before. A deadline that has passed means now. */
bool kpi_call_enter(struct thread_call *call, void *param1, u64 deadline)
{
	ktime_t expires = min_t(u64, deadline, KTIME_MAX);
	enum call_state before;
	unsigned long flags;

	spin_lock_irqsave(&call->lock, flags);
	before = call->state;
	call->param1 = param1;
	WRITE_ONCE(call->deadline, deadline);
	if (deadline <= ktime_get_ns()) {
		call_queue_work(call);
	} else {
		call->state = CALL_DELAYED;
		hrtimer_start(&call->timer, expires, HRTIMER_MODE_ABS_SOFT);
	}
	if (before == CALL_IDLE)
		kpi_kext_charge(call->kext, KPI_HELD_TIMER, 1);
	spin_unlock_irqrestore(&call->lock, flags);
	return before != CALL_IDLE;
}

bool kpi_call_cancel(struct thread_call *call)
{
	unsigned long flags;
	bool was_pending;

	spin_lock_irqsave(&call->lock, flags);
	was_pending = call->state != CALL_IDLE;
	call->state = CALL_IDLE;
	hrtimer_try_to_cancel(&call->timer);
	spin_unlock_irqrestore(&call->lock, flags);

	if (was_pending)
		kpi_kext_charge(call->kext, KPI_HELD_TIMER, -1);
	return was_pending;
}

static bool call_is_active(struct thread_call *call)
{
	unsigned long flags;
	bool active;

	spin_lock_irqsave(&call->lock, flags);
	active = call->state != CALL_IDLE || call->runner;
	spin_unlock_irqrestore(&call->lock, flags);
	return active;
}

/**
 * kpi_thread_call_allocate() - make a thread call
 * @func:   called as func(param0, param1)
 * @param0: for @func
 *
 * macOS difference: a call never runs in two threads at a time.
 *
 * Context: Process context; may sleep.
 * Return: the call, idle; the caller frees it with kpi_thread_call_free().
 */
thread_call_t kpi_thread_call_allocate(thread_call_func_t func, thread_call_param_t param0)
{
	struct thread_call *call;

	kpi_might_sleep();
	call = kpi_call_alloc(param0, GFP_KERNEL | __GFP_NOFAIL);
	call->func = func;
	call->kext = kpi_kext_of(func);
	kpi_kext_charge(call->kext, KPI_HELD_MEMORY, 1);
	kpi_call_hash(call, (unsigned long)call);
	return call;
}
KPI_EXPORT(kpi_thread_call_allocate);

/**
 * kpi_thread_call_allocate_with_priority() - make a thread call of a priority
 * @func:   called as func(param0, param1)
 * @param0: for @func
 * @pri:    not used
 *
 * macOS difference: all calls have the same priority.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_thread_call_allocate().
 */
thread_call_t kpi_thread_call_allocate_with_priority(thread_call_func_t func,
						     thread_call_param_t param0,
						     thread_call_priority_t pri)
{
	return kpi_thread_call_allocate(func, param0);
}
KPI_EXPORT(kpi_thread_call_allocate_with_priority);

/**
 * kpi_thread_call_allocate_with_options() - make a thread call with options
 * @func:    called as func(param0, param1)
 * @param0:  for @func
 * @pri:     not used
 * @options: not used; every call behaves as with THREAD_CALL_OPTIONS_ONCE
 *
 * macOS difference: all calls have the same priority.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_thread_call_allocate().
 */
thread_call_t kpi_thread_call_allocate_with_options(thread_call_func_t func,
						    thread_call_param_t param0,
						    thread_call_priority_t pri,
						    thread_call_options_t options)
{
	return kpi_thread_call_allocate(func, param0);
}
KPI_EXPORT(kpi_thread_call_allocate_with_options);

/**
 * kpi_thread_call_free() - free a thread call
 * @handle: the call; may be running, also in the caller
 *
 * Consumes the call on success.
 *
 * macOS difference: none.
 *
 * Context: Any but hard interrupts.
 * Return: TRUE; FALSE and no effect if it is pending.
 */
boolean_t kpi_thread_call_free(thread_call_t handle)
{
	struct thread_call *call = call_get(handle, _RET_IP_);
	unsigned long flags;
	bool pending;

	if (!call)
		return false;

	spin_lock_irqsave(&call->lock, flags);
	pending = call->state != CALL_IDLE;
	spin_unlock_irqrestore(&call->lock, flags);
	if (!pending && call_unhash(call)) {
		kpi_kext_charge(call->kext, KPI_HELD_MEMORY, -1);
		kpi_call_put(call);
	}
	kpi_call_put(call);
	return !pending;
}
KPI_EXPORT(kpi_thread_call_free);

static bool enter(thread_call_t handle, void *param1, u64 deadline, unsigned long caller)
{
	struct thread_call *call = call_get(handle, caller);
	bool was_pending;

	if (!call)
		return false;
	was_pending = kpi_call_enter(call, param1, deadline);
	kpi_call_put(call);
	return was_pending;
}

/**
 * kpi_thread_call_enter() - run a thread call soon
 * @call: the call
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it was pending already.
 */
boolean_t kpi_thread_call_enter(thread_call_t call)
{
	return enter(call, NULL, 0, _RET_IP_);
}
KPI_EXPORT(kpi_thread_call_enter);

/**
 * kpi_thread_call_enter1() - run a thread call soon with an argument
 * @call:   the call
 * @param1: the function's second argument
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it was pending already; it gets the new argument.
 */
boolean_t kpi_thread_call_enter1(thread_call_t call, thread_call_param_t param1)
{
	return enter(call, param1, 0, _RET_IP_);
}
KPI_EXPORT(kpi_thread_call_enter1);

/**
 * kpi_thread_call_enter_delayed() - run a thread call at a time
 * @call:     the call
 * @deadline: absolute time, not before which it runs
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it was pending already; it has the new deadline.
 */
boolean_t kpi_thread_call_enter_delayed(thread_call_t call, u_int64_t deadline)
{
	return enter(call, NULL, deadline, _RET_IP_);
}
KPI_EXPORT(kpi_thread_call_enter_delayed);

/**
 * kpi_thread_call_enter1_delayed() - run a thread call at a time with an argument
 * @call:     the call
 * @param1:   the function's second argument
 * @deadline: absolute time, not before which it runs
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it was pending already; it has the new deadline and argument.
 */
boolean_t kpi_thread_call_enter1_delayed(thread_call_t call, thread_call_param_t param1,
					 u_int64_t deadline)
{
	return enter(call, param1, deadline, _RET_IP_);
}
KPI_EXPORT(kpi_thread_call_enter1_delayed);

/**
 * kpi_thread_call_cancel() - take a pending run back
 * @handle: the call
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it was pending; FALSE if not: it may be running.
 */
boolean_t kpi_thread_call_cancel(thread_call_t handle)
{
	struct thread_call *call = call_get(handle, _RET_IP_);
	bool was_pending;

	if (!call)
		return false;
	was_pending = kpi_call_cancel(call);
	kpi_call_put(call);
	return was_pending;
}
KPI_EXPORT(kpi_thread_call_cancel);

/**
 * kpi_thread_call_cancel_wait() - take a pending run back, wait for a running one
 * @handle: the call
 *
 * macOS difference: from inside the call it is reported and does not wait.
 *
 * Context: Process context; may sleep.
 * Return: TRUE if it was pending.
 */
boolean_t kpi_thread_call_cancel_wait(thread_call_t handle)
{
	struct thread_call *call = call_get(handle, _RET_IP_);
	bool was_pending;

	kpi_might_sleep();
	if (!call)
		return false;

	was_pending = kpi_call_cancel(call);
	if (READ_ONCE(call->runner) == current)
		kpi_misuse("a thread call waits for itself");
	else
		wait_event(call->idle, !READ_ONCE(call->runner));
	kpi_call_put(call);
	return was_pending;
}
KPI_EXPORT(kpi_thread_call_cancel_wait);

/**
 * kpi_thread_call_isactive() - whether a thread call is pending or running
 * @handle: the call
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: TRUE if it is.
 */
boolean_t kpi_thread_call_isactive(thread_call_t handle)
{
	struct thread_call *call = call_get(handle, _RET_IP_);
	bool active;

	if (!call)
		return false;
	active = call_is_active(call);
	kpi_call_put(call);
	return active;
}
KPI_EXPORT(kpi_thread_call_isactive);

int kpi_thread_call_init(void)
{
	call_queue = alloc_workqueue("netkpi_calls", WQ_UNBOUND | WQ_MEM_RECLAIM, WQ_MAX_ACTIVE);
	return call_queue ? 0 : -ENOMEM;
}

/* No kext is left: what is in the table was left behind, and nothing is pending. */
void kpi_thread_call_exit(void)
{
	struct thread_call *call;
	struct hlist_node *next;
	int i;

	destroy_workqueue(call_queue);
	hash_for_each_safe(kpi_calls, i, next, call, node) {
		hash_del(&call->node);
		kpi_call_put(call);
	}
}
