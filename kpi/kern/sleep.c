// SPDX-License-Identifier: GPL-2.0
/* msleep, wakeup and their kin. */

#include <linux/hashtable.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kpi/thread.h>

#include "kern_priv.h"

/* What assert_wait() announced and thread_block() will do. */
struct announced_wait {
	struct hlist_node node;		/* W: announced_lock */
	struct task_struct *task;
	u64 deadline;
	struct kpi_sleeper sleeper;
};

static DEFINE_HASHTABLE(announced, 6);
static DEFINE_SPINLOCK(announced_lock);

/* A sleeping kernel thread counts neither as load nor as hung. */
static unsigned int sleep_state(bool interruptible)
{
	if (interruptible)
		return TASK_INTERRUPTIBLE;
	return current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE;
}

void kpi_channel_enter(struct kpi_sleeper *s, const void *channel, bool interruptible)
{
	kpi_sleeper_init(s, KPI_WAIT_CHANNEL, channel, sleep_state(interruptible));
	kpi_sleeper_enter(s);
}

/* Whether the handler of the first pending signal wants system calls restarted. */
static bool signal_restarts(void)
{
	struct sighand_struct *sighand = unrcu_pointer(current->sighand);
	struct task_struct *task = current;
	sigset_t pending;
	unsigned long flags;
	bool restart = false;
	int sig;

	spin_lock_irqsave(&sighand->siglock, flags);
	sigorsets(&pending, &task->pending.signal, &task->signal->shared_pending.signal);
	sigandnsets(&pending, &pending, &task->blocked);
	for (sig = 1; sig <= _NSIG; sig++) {
		if (!sigismember(&pending, sig))
			continue;
		restart = sighand->action[sig - 1].sa.sa_flags & SA_RESTART;
		break;
	}
	spin_unlock_irqrestore(&sighand->siglock, flags);
	return restart;
}

static int sleep_error(wait_result_t result)
{
	switch (result) {
	case THREAD_AWAKENED:
		return 0;
	case THREAD_TIMED_OUT:
		return -EWOULDBLOCK;
	default:
		return signal_restarts() ? -ERESTARTSYS : -EINTR;
	}
}

/* One sleep: on the list, mutex dropped, asleep, mutex back unless PDROP. */
static int channel_sleep(unsigned long caller, const void *chan, lck_mtx_t *mtx, int pri,
			 u64 deadline)
{
	wait_result_t result = THREAD_AWAKENED;
	struct kpi_sleeper s;

	might_sleep();

	if (chan)
		kpi_channel_enter(&s, chan, pri & PCATCH);
	if (mtx)
		kpi_mtx_unlock(mtx, caller);
	if (chan)
		result = kpi_sleeper_wait(&s, deadline);
	else
		schedule();	/* gives way, no more */
	if (mtx && !(pri & PDROP))
		kpi_lck_mtx_lock(mtx);

	return sleep_error(result);
}

/* With a spin lock held nobody may sleep: the call ends at once, as if woken. */
static int checked_sleep(unsigned long caller, const void *chan, lck_mtx_t *mtx, int pri,
			 u64 deadline)
{
	if (likely(kpi_may_sleep()))
		return channel_sleep(caller, chan, mtx, pri, deadline);

	kpi_misuse_from(caller, "sleeps with a spin lock held");
	if (mtx && (pri & PDROP))
		kpi_mtx_unlock(mtx, caller);
	return 0;
}

static u64 deadline_of_timespec(const struct bsd_timespec *ts)
{
	u64 now = ktime_get_ns();

	if (!ts || (!ts->tv_sec && !ts->tv_nsec))
		return KPI_FOREVER;
	if (ts->tv_sec < 0 || ts->tv_nsec < 0)
		return now;
	if (ts->tv_sec >= KTIME_SEC_MAX)
		return KPI_FOREVER;
	return kpi_deadline_after(now, (u64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec);
}

static u64 deadline_of_ticks(int ticks)
{
	if (ticks <= 0)
		return KPI_FOREVER;
	return kpi_deadline_after(ktime_get_ns(), ticks * KPI_TICK_NSEC);
}

/**
 * kpi_msleep() - sleep on a channel and drop a mutex meanwhile
 * @chan:  any address; NULL only drops the mutex, yields and returns
 * @mtx:   a mutex the caller holds, or NULL
 * @pri:   PCATCH: signals end the sleep; PDROP: return without the mutex
 * @wmesg: a name for debuggers; not used
 * @ts:    how long at most; NULL or zero: for ever
 *
 * The caller is on the channel's list before the mutex is dropped. When the
 * call returns the mutex is held again, unless PDROP.
 *
 * macOS difference: none; a mutex of another thread may be passed, too.
 *
 * Context: Process context; may sleep.
 * Return: 0 if woken, EWOULDBLOCK after the time, EINTR or ERESTART after a signal.
 */
int kpi_msleep(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
	       struct bsd_timespec *ts)
{
	return kpi_errno(checked_sleep(_RET_IP_, chan, mtx, pri, deadline_of_timespec(ts)));
}
KPI_EXPORT(kpi_msleep);

/**
 * kpi_msleep0() - sleep on a channel for a number of ticks
 * @chan:         any address
 * @mtx:          a mutex the caller holds, or NULL
 * @pri:          PCATCH, PDROP
 * @wmesg:        not used
 * @timo:         ticks of 1/100 s; 0: for ever
 * @continuation: called with the result at the end, or NULL
 *
 * macOS difference: the continuation is called as a function and its result
 * returned; macOS leaves the caller's stack behind.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_msleep(), or what @continuation returned.
 */
int kpi_msleep0(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
		int timo, int (*continuation)(int error))
{
	int error = kpi_errno(checked_sleep(_RET_IP_, chan, mtx, pri, deadline_of_ticks(timo)));

	return continuation ? continuation(error) : error;
}
KPI_EXPORT(kpi_msleep0);

/**
 * kpi_msleep1() - sleep on a channel until an absolute time
 * @chan:     any address
 * @mtx:      a mutex the caller holds, or NULL
 * @pri:      PCATCH, PDROP
 * @wmesg:    not used
 * @deadline: absolute time; 0: for ever
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_msleep().
 */
int kpi_msleep1(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
		u_int64_t deadline)
{
	return kpi_errno(checked_sleep(_RET_IP_, chan, mtx, pri, deadline));
}
KPI_EXPORT(kpi_msleep1);

/**
 * kpi_tsleep() - sleep on a channel without a mutex
 * @chan:  any address
 * @pri:   PCATCH
 * @wmesg: not used
 * @timo:  ticks of 1/100 s; 0: for ever
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: as kpi_msleep().
 */
int kpi_tsleep(void *chan, int pri, const char *wmesg, int timo)
{
	return kpi_errno(checked_sleep(_RET_IP_, chan, NULL, pri, deadline_of_ticks(timo)));
}
KPI_EXPORT(kpi_tsleep);

/**
 * kpi_wakeup() - wake everybody who sleeps on a channel
 * @chan: the channel
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_wakeup(void *chan)
{
	kpi_wake(KPI_WAIT_CHANNEL, chan, false, THREAD_AWAKENED);
}
KPI_EXPORT(kpi_wakeup);

/**
 * kpi_wakeup_one() - wake who has slept longest on a channel
 * @chan: the channel
 *
 * macOS difference: macOS wakes the one of highest priority.
 *
 * Context: Any.
 */
void kpi_wakeup_one(caddr_t chan)
{
	kpi_wake(KPI_WAIT_CHANNEL, chan, true, THREAD_AWAKENED);
}
KPI_EXPORT(kpi_wakeup_one);

/* Takes the current thread's announced wait off the table. */
static struct announced_wait *announced_take(struct task_struct *task)
{
	struct announced_wait *w;
	unsigned long flags;

	spin_lock_irqsave(&announced_lock, flags);
	hash_for_each_possible(announced, w, node, (unsigned long)task) {
		if (w->task == task) {
			hash_del(&w->node);
			goto found;
		}
	}
	w = NULL;
found:
	spin_unlock_irqrestore(&announced_lock, flags);
	return w;
}

static void announced_put(struct announced_wait *w)
{
	unsigned long flags;

	spin_lock_irqsave(&announced_lock, flags);
	hash_add(announced, &w->node, (unsigned long)w->task);
	spin_unlock_irqrestore(&announced_lock, flags);
}

/* Withdraws a wait that was announced and never begun. */
void kpi_clear_wait(struct task_struct *task)
{
	struct announced_wait *w = announced_take(task);

	if (!w)
		return;
	finish_wait(w->sleeper.queue, &w->sleeper.wait);
	kfree(w);
}

void kpi_sleep_exit(void)
{
	struct announced_wait *w;
	struct hlist_node *next;
	int i;

	hash_for_each_safe(announced, i, next, w, node) {
		hash_del(&w->node);
		finish_wait(w->sleeper.queue, &w->sleeper.wait);
		kfree(w);
	}
}

/**
 * kpi_assert_wait_deadline() - announce a sleep until an absolute time
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @deadline:      absolute time; 0: for ever
 *
 * From now on a wake-up of @event ends the sleep that thread_block() begins.
 *
 * macOS difference: without memory thread_block() returns at once, as if woken.
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait_deadline(event_t event, wait_interrupt_t interruptible,
				       u_int64_t deadline)
{
	struct announced_wait *w;

	kpi_clear_wait(current);
	w = kmalloc(sizeof(*w), GFP_ATOMIC);
	if (!w)
		return THREAD_WAITING;

	w->task = current;
	w->deadline = deadline;
	kpi_channel_enter(&w->sleeper, event, interruptible != THREAD_UNINT);
	/* until thread_block() the thread runs on, and may be preempted or sleep */
	__set_current_state(TASK_RUNNING);
	announced_put(w);
	return THREAD_WAITING;
}
KPI_EXPORT(kpi_assert_wait_deadline);

/**
 * kpi_assert_wait() - announce a sleep
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: as kpi_assert_wait_deadline().
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait(event_t event, wait_interrupt_t interruptible)
{
	return kpi_assert_wait_deadline(event, interruptible, KPI_FOREVER);
}
KPI_EXPORT(kpi_assert_wait);

/**
 * kpi_assert_wait_timeout() - announce a sleep of a limited time
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @interval:      how many units
 * @scale_factor:  nanoseconds in a unit
 *
 * macOS difference: as kpi_assert_wait_deadline().
 *
 * Context: Any but interrupts; spin locks may be held.
 * Return: THREAD_WAITING.
 */
wait_result_t kpi_assert_wait_timeout(event_t event, wait_interrupt_t interruptible,
				      u_int32_t interval, u_int32_t scale_factor)
{
	u_int64_t deadline;

	kpi_clock_interval_to_deadline(interval, scale_factor, &deadline);
	return kpi_assert_wait_deadline(event, interruptible, deadline);
}
KPI_EXPORT(kpi_assert_wait_timeout);

static wait_result_t announced_sleep(void)
{
	struct announced_wait *w = announced_take(current);
	wait_result_t result;

	if (!w) {
		schedule();
		return THREAD_AWAKENED;
	}
	set_current_state(w->sleeper.state);
	result = kpi_sleeper_wait(&w->sleeper, w->deadline);
	kfree(w);
	return result;
}

/**
 * kpi_thread_block_parameter() - begin the sleep that was announced
 * @continuation: where the thread goes on, or NULL to return
 * @parameter:    the continuation's first argument
 *
 * Without an announced sleep the thread only yields.
 *
 * macOS difference: the continuation runs in a new Linux thread, because a
 * Linux thread cannot leave its stack behind; a thread that was not started by
 * kernel_thread_start() calls it and returns.
 *
 * Context: Process context; may sleep.
 * Return: why the sleep ended.
 */
wait_result_t kpi_thread_block_parameter(thread_continue_t continuation, void *parameter)
{
	wait_result_t result;

	if (!kpi_may_sleep()) {
		kpi_misuse("sleeps with a spin lock held");
		kpi_clear_wait(current);
		return THREAD_AWAKENED;
	}

	result = announced_sleep();
	if (!continuation)
		return result;

	if (kpi_thread_is_ours() && !kpi_thread_continue(continuation, parameter, result))
		kpi_thread_terminate(kpi_current_thread());
	continuation(parameter, result);
	if (kpi_thread_is_ours())
		kpi_thread_terminate(kpi_current_thread());
	return result;
}
KPI_EXPORT(kpi_thread_block_parameter);

/**
 * kpi_thread_block() - begin the sleep that was announced
 * @continuation: where the thread goes on, or NULL to return
 *
 * macOS difference: as kpi_thread_block_parameter().
 *
 * Context: Process context; may sleep.
 * Return: why the sleep ended.
 */
wait_result_t kpi_thread_block(thread_continue_t continuation)
{
	return kpi_thread_block_parameter(continuation, NULL);
}
KPI_EXPORT(kpi_thread_block);

/**
 * kpi_thread_wakeup_prim() - wake who sleeps on an event
 * @event:      the event
 * @one_thread: only the one that sleeps longest
 * @result:     what the sleepers are told
 *
 * macOS difference: KERN_SUCCESS also when nobody slept.
 *
 * Context: Any.
 * Return: KERN_SUCCESS.
 */
kern_return_t kpi_thread_wakeup_prim(event_t event, boolean_t one_thread, wait_result_t result)
{
	kpi_wake(KPI_WAIT_CHANNEL, event, one_thread, result);
	return 0;
}
KPI_EXPORT(kpi_thread_wakeup_prim);
