// SPDX-License-Identifier: GPL-2.0
/* msleep, wakeup and their kin. */

#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include <kpi/clock.h>
#include <kpi/thread.h>

#include "kern_priv.h"
#include "lock.h"
#include "wait.h"

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

	kpi_misuse_from(caller, kpi_why_awake());
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
