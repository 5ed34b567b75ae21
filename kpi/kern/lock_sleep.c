// SPDX-License-Identifier: GPL-2.0
/* lck_mtx_sleep, lck_rw_sleep, lck_spin_sleep: on an event, with the lock dropped. */

#include "../kpi_priv.h"
#include "lock.h"
#include "wait.h"

/**
 * kpi_lck_mtx_sleep_deadline() - sleep on an event and drop a mutex meanwhile
 * @lck:           a mutex the caller holds
 * @action:        LCK_SLEEP_DEFAULT: retake it; LCK_SLEEP_UNLOCK: do not
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @deadline:      absolute time; 0: for ever
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_mtx_sleep_deadline(lck_mtx_t *lck, lck_sleep_action_t action,
					 event_t event, wait_interrupt_t interruptible,
					 u_int64_t deadline)
{
	struct kpi_sleeper s;
	wait_result_t result;

	kpi_might_sleep();

	kpi_channel_enter(&s, event, interruptible != THREAD_UNINT);
	kpi_mtx_unlock(lck, _RET_IP_);
	result = kpi_sleeper_wait(&s, deadline);
	if (!(action & LCK_SLEEP_UNLOCK))
		kpi_lck_mtx_lock(lck);
	return result;
}
KPI_EXPORT(kpi_lck_mtx_sleep_deadline);

/**
 * kpi_lck_mtx_sleep() - sleep on an event and drop a mutex meanwhile
 * @lck:           a mutex the caller holds
 * @action:        LCK_SLEEP_DEFAULT: retake it; LCK_SLEEP_UNLOCK: do not
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_mtx_sleep(lck_mtx_t *lck, lck_sleep_action_t action,
				event_t event, wait_interrupt_t interruptible)
{
	return kpi_lck_mtx_sleep_deadline(lck, action, event, interruptible, KPI_FOREVER);
}
KPI_EXPORT(kpi_lck_mtx_sleep);

/**
 * kpi_lck_rw_sleep_deadline() - sleep on an event and drop a lock meanwhile
 * @lck:           a lock the caller holds either way
 * @action:        LCK_SLEEP_DEFAULT: retake it as it was held; LCK_SLEEP_SHARED
 *                 or LCK_SLEEP_EXCLUSIVE: retake it so; LCK_SLEEP_UNLOCK: do not
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @deadline:      absolute time; 0: for ever
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_rw_sleep_deadline(lck_rw_t *lck, lck_sleep_action_t action,
					event_t event, wait_interrupt_t interruptible,
					u_int64_t deadline)
{
	struct kpi_sleeper s;
	wait_result_t result;
	lck_rw_type_t type;

	kpi_might_sleep();

	kpi_channel_enter(&s, event, interruptible != THREAD_UNINT);
	type = kpi_lck_rw_done(lck);
	result = kpi_sleeper_wait(&s, deadline);
	if (action & LCK_SLEEP_UNLOCK)
		return result;

	if (action & LCK_SLEEP_SHARED)
		type = LCK_RW_TYPE_SHARED;
	else if (action & LCK_SLEEP_EXCLUSIVE)
		type = LCK_RW_TYPE_EXCLUSIVE;
	kpi_lck_rw_lock(lck, type);
	return result;
}
KPI_EXPORT(kpi_lck_rw_sleep_deadline);

/**
 * kpi_lck_rw_sleep() - sleep on an event and drop a lock meanwhile
 * @lck:           a lock the caller holds either way
 * @action:        as for kpi_lck_rw_sleep_deadline()
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: THREAD_AWAKENED or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_rw_sleep(lck_rw_t *lck, lck_sleep_action_t action,
			       event_t event, wait_interrupt_t interruptible)
{
	return kpi_lck_rw_sleep_deadline(lck, action, event, interruptible, KPI_FOREVER);
}
KPI_EXPORT(kpi_lck_rw_sleep);

/**
 * kpi_lck_spin_sleep_deadline() - sleep on an event and drop a spin lock meanwhile
 * @lck:           a lock the caller holds, and no other spin lock
 * @action:        LCK_SLEEP_DEFAULT: retake it; LCK_SLEEP_UNLOCK: do not
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 * @deadline:      absolute time; 0: for ever
 *
 * macOS difference: none.
 *
 * Context: Process context; sleeps once the lock is dropped.
 * Return: THREAD_AWAKENED, THREAD_TIMED_OUT or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_spin_sleep_deadline(lck_spin_t *lck, lck_sleep_action_t action,
					  event_t event, wait_interrupt_t interruptible,
					  u_int64_t deadline)
{
	struct kpi_sleeper s;
	wait_result_t result;

	kpi_channel_enter(&s, event, interruptible != THREAD_UNINT);
	kpi_lck_spin_unlock(lck);
	result = kpi_sleeper_wait(&s, deadline);
	if (!(action & LCK_SLEEP_UNLOCK))
		kpi_lck_spin_lock(lck);
	return result;
}
KPI_EXPORT(kpi_lck_spin_sleep_deadline);

/**
 * kpi_lck_spin_sleep() - sleep on an event and drop a spin lock meanwhile
 * @lck:           a lock the caller holds, and no other spin lock
 * @action:        LCK_SLEEP_DEFAULT: retake it; LCK_SLEEP_UNLOCK: do not
 * @event:         any address
 * @interruptible: THREAD_UNINT, or signals end the sleep
 *
 * macOS difference: none.
 *
 * Context: Process context; sleeps once the lock is dropped.
 * Return: THREAD_AWAKENED or THREAD_INTERRUPTED.
 */
wait_result_t kpi_lck_spin_sleep(lck_spin_t *lck, lck_sleep_action_t action,
				 event_t event, wait_interrupt_t interruptible)
{
	return kpi_lck_spin_sleep_deadline(lck, action, event, interruptible, KPI_FOREVER);
}
KPI_EXPORT(kpi_lck_spin_sleep);
