// SPDX-License-Identifier: GPL-2.0
/* Delays: sleeping where that is allowed, else spinning. */

#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include <kpi/clock.h>

#include "kern_priv.h"
#include "wait.h"

/* Shorter delays spin: going to sleep and waking up takes as long. */
#define SHORTEST_SLEEP_NS	(10 * NSEC_PER_USEC)

static void spin(u64 ns)
{
	for (; ns > NSEC_PER_MSEC; ns -= NSEC_PER_MSEC)
		udelay(USEC_PER_MSEC);
	udelay(div_u64(ns, NSEC_PER_USEC));
	ndelay(ns % NSEC_PER_USEC);
}

static void sleep_or_spin(u64 deadline)
{
	u64 now = ktime_get_ns();
	ktime_t expires = min_t(u64, deadline, KTIME_MAX);

	if (deadline <= now)
		return;
	if (deadline - now < SHORTEST_SLEEP_NS || !kpi_may_sleep()) {
		spin(deadline - now);
		return;
	}
	do {
		set_current_state(current->flags & PF_KTHREAD ? TASK_IDLE : TASK_UNINTERRUPTIBLE);
	} while (schedule_hrtimeout(&expires, HRTIMER_MODE_ABS));
}

/**
 * kpi_clock_delay_until() - wait for an absolute time
 * @deadline: absolute time
 *
 * macOS difference: sleeps, but for the shortest times and with a spin lock held.
 *
 * Context: Any; sleeps if it may.
 */
void kpi_clock_delay_until(u_int64_t deadline)
{
	sleep_or_spin(deadline);
}
KPI_EXPORT(kpi_clock_delay_until);

/**
 * kpi_delay_for_interval() - wait for some time
 * @interval:     how many units
 * @scale_factor: nanoseconds in a unit
 *
 * macOS difference: as kpi_clock_delay_until().
 *
 * Context: Any; sleeps if it may.
 */
void kpi_delay_for_interval(u_int32_t interval, u_int32_t scale_factor)
{
	sleep_or_spin(kpi_deadline_after(ktime_get_ns(), (u64)interval * scale_factor));
}
KPI_EXPORT(kpi_delay_for_interval);

/**
 * kpi_delay() - wait for microseconds
 * @usec: how many
 *
 * macOS difference: as kpi_clock_delay_until().
 *
 * Context: Any; sleeps if it may.
 */
void kpi_delay(int usec)
{
	if (usec > 0)
		kpi_delay_for_interval(usec, NSEC_PER_USEC);
}
KPI_EXPORT(kpi_delay);

/**
 * kpi_IOSleep() - sleep for milliseconds
 * @milliseconds: how many at least
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 */
void kpi_IOSleep(unsigned int milliseconds)
{
	if (!kpi_may_sleep())
		kpi_misuse(kpi_why_awake());
	kpi_delay_for_interval(milliseconds, NSEC_PER_MSEC);
}
KPI_EXPORT(kpi_IOSleep);

/**
 * kpi_IODelay() - spin for microseconds
 * @microseconds: how many at least
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IODelay(unsigned int microseconds)
{
	spin((u64)microseconds * NSEC_PER_USEC);
}
KPI_EXPORT(kpi_IODelay);

/**
 * kpi_IOPause() - spin for nanoseconds
 * @nanoseconds: how many at least
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_IOPause(unsigned int nanoseconds)
{
	spin(nanoseconds);
}
KPI_EXPORT(kpi_IOPause);
