// SPDX-License-Identifier: GPL-2.0
/* Clocks. An absolute-time unit is a nanosecond. */

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include <kpi/clock.h>

#include "../kpi_priv.h"
#include "wait.h"

int kpi_hz = KPI_HZ;
KPI_EXPORT(kpi_hz);

int kpi_tick = 1000000 / KPI_HZ;
KPI_EXPORT(kpi_tick);

static void set_timeval(struct bsd_timeval *tv, struct timespec64 ts)
{
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / NSEC_PER_USEC;
}

static void set_timespec(struct bsd_timespec *out, struct timespec64 ts)
{
	out->tv_sec = ts.tv_sec;
	out->tv_nsec = ts.tv_nsec;
}

static struct timespec64 wall_clock(void)
{
	struct timespec64 ts;

	ktime_get_real_ts64(&ts);
	return ts;
}

static struct timespec64 uptime_clock(void)
{
	struct timespec64 ts;

	ktime_get_ts64(&ts);
	return ts;
}

/**
 * kpi_mach_absolute_time() - the time since start, without sleep of the machine
 *
 * macOS difference: the unit is a nanosecond, as on Intel Macs.
 *
 * Context: Any.
 * Return: absolute time.
 */
u_int64_t kpi_mach_absolute_time(void)
{
	return ktime_get_ns();
}
KPI_EXPORT(kpi_mach_absolute_time);

/**
 * kpi_mach_continuous_time() - the time since start, with sleep of the machine
 *
 * macOS difference: the unit is a nanosecond, as on Intel Macs.
 *
 * Context: Any.
 * Return: continuous time.
 */
u_int64_t kpi_mach_continuous_time(void)
{
	return ktime_get_boottime_ns();
}
KPI_EXPORT(kpi_mach_continuous_time);

/**
 * kpi_clock_get_uptime() - the time since start, without sleep of the machine
 * @result: out: absolute time
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_get_uptime(u_int64_t *result)
{
	*result = ktime_get_ns();
}
KPI_EXPORT(kpi_clock_get_uptime);

/**
 * kpi_absolutetime_to_nanoseconds() - convert absolute time
 * @abstime: absolute time
 * @result:  out: nanoseconds
 *
 * macOS difference: the same number, as on Intel Macs.
 *
 * Context: Any.
 */
void kpi_absolutetime_to_nanoseconds(u_int64_t abstime, u_int64_t *result)
{
	*result = abstime;
}
KPI_EXPORT(kpi_absolutetime_to_nanoseconds);

/**
 * kpi_nanoseconds_to_absolutetime() - convert nanoseconds
 * @nanosecs: nanoseconds
 * @result:   out: absolute time
 *
 * macOS difference: the same number, as on Intel Macs.
 *
 * Context: Any.
 */
void kpi_nanoseconds_to_absolutetime(u_int64_t nanosecs, u_int64_t *result)
{
	*result = nanosecs;
}
KPI_EXPORT(kpi_nanoseconds_to_absolutetime);

/**
 * kpi_nanoseconds_to_deadline() - the absolute time after an interval
 * @interval: nanoseconds from now
 * @result:   out: absolute time, the largest one at most
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_nanoseconds_to_deadline(u_int64_t interval, u_int64_t *result)
{
	*result = kpi_deadline_after(ktime_get_ns(), interval);
}
KPI_EXPORT(kpi_nanoseconds_to_deadline);

/**
 * kpi_clock_interval_to_deadline() - the absolute time after an interval
 * @interval:     how many units from now
 * @scale_factor: nanoseconds in a unit
 * @result:       out: absolute time, the largest one at most
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_interval_to_deadline(u_int32_t interval, u_int32_t scale_factor,
				    u_int64_t *result)
{
	*result = kpi_deadline_after(ktime_get_ns(), (u64)interval * scale_factor);
}
KPI_EXPORT(kpi_clock_interval_to_deadline);

/**
 * kpi_clock_interval_to_absolutetime_interval() - convert an interval
 * @interval:     how many units
 * @scale_factor: nanoseconds in a unit
 * @result:       out: absolute-time units
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_interval_to_absolutetime_interval(u_int32_t interval,
						 u_int32_t scale_factor,
						 u_int64_t *result)
{
	*result = (u64)interval * scale_factor;
}
KPI_EXPORT(kpi_clock_interval_to_absolutetime_interval);

/**
 * kpi_clock_absolutetime_interval_to_deadline() - the absolute time after an interval
 * @abstime: absolute-time units from now
 * @result:  out: absolute time, the largest one at most
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_absolutetime_interval_to_deadline(u_int64_t abstime, u_int64_t *result)
{
	*result = kpi_deadline_after(ktime_get_ns(), abstime);
}
KPI_EXPORT(kpi_clock_absolutetime_interval_to_deadline);

/**
 * kpi_microtime() - the time of day
 * @tv: out: the time
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_microtime(struct bsd_timeval *tv)
{
	set_timeval(tv, wall_clock());
}
KPI_EXPORT(kpi_microtime);

/**
 * kpi_nanotime() - the time of day
 * @ts: out: the time
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_nanotime(struct bsd_timespec *ts)
{
	set_timespec(ts, wall_clock());
}
KPI_EXPORT(kpi_nanotime);

/**
 * kpi_getmicrotime() - the time of day
 * @tv: out: the time
 *
 * macOS difference: as exact as kpi_microtime().
 *
 * Context: Any.
 */
void kpi_getmicrotime(struct bsd_timeval *tv)
{
	set_timeval(tv, wall_clock());
}
KPI_EXPORT(kpi_getmicrotime);

/**
 * kpi_getnanotime() - the time of day
 * @ts: out: the time
 *
 * macOS difference: as exact as kpi_nanotime().
 *
 * Context: Any.
 */
void kpi_getnanotime(struct bsd_timespec *ts)
{
	set_timespec(ts, wall_clock());
}
KPI_EXPORT(kpi_getnanotime);

/**
 * kpi_microuptime() - the time since start, without sleep of the machine
 * @tv: out: the time
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_microuptime(struct bsd_timeval *tv)
{
	set_timeval(tv, uptime_clock());
}
KPI_EXPORT(kpi_microuptime);

/**
 * kpi_nanouptime() - the time since start, without sleep of the machine
 * @ts: out: the time
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_nanouptime(struct bsd_timespec *ts)
{
	set_timespec(ts, uptime_clock());
}
KPI_EXPORT(kpi_nanouptime);

/**
 * kpi_clock_get_calendar_microtime() - the time of day
 * @secs:      out: seconds
 * @microsecs: out: the microseconds beyond
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_get_calendar_microtime(unsigned long *secs, unsigned int *microsecs)
{
	struct timespec64 ts = wall_clock();

	*secs = ts.tv_sec;
	*microsecs = ts.tv_nsec / NSEC_PER_USEC;
}
KPI_EXPORT(kpi_clock_get_calendar_microtime);

/**
 * kpi_clock_get_calendar_nanotime() - the time of day
 * @secs:     out: seconds
 * @nanosecs: out: the nanoseconds beyond
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_get_calendar_nanotime(unsigned long *secs, unsigned int *nanosecs)
{
	struct timespec64 ts = wall_clock();

	*secs = ts.tv_sec;
	*nanosecs = ts.tv_nsec;
}
KPI_EXPORT(kpi_clock_get_calendar_nanotime);

/**
 * kpi_clock_get_system_microtime() - the time since start, without sleep of the machine
 * @secs:      out: seconds
 * @microsecs: out: the microseconds beyond
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_get_system_microtime(unsigned long *secs, unsigned int *microsecs)
{
	struct timespec64 ts = uptime_clock();

	*secs = ts.tv_sec;
	*microsecs = ts.tv_nsec / NSEC_PER_USEC;
}
KPI_EXPORT(kpi_clock_get_system_microtime);

/**
 * kpi_clock_get_system_nanotime() - the time since start, without sleep of the machine
 * @secs:     out: seconds
 * @nanosecs: out: the nanoseconds beyond
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_clock_get_system_nanotime(unsigned long *secs, unsigned int *nanosecs)
{
	struct timespec64 ts = uptime_clock();

	*secs = ts.tv_sec;
	*nanosecs = ts.tv_nsec;
}
KPI_EXPORT(kpi_clock_get_system_nanotime);

/**
 * kpi_timevalfix() - carry between seconds and microseconds
 * @t1: in and out: a time that is off by less than a second
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_timevalfix(struct bsd_timeval *t1)
{
	if (t1->tv_usec < 0) {
		t1->tv_sec--;
		t1->tv_usec += USEC_PER_SEC;
	}
	if (t1->tv_usec >= (int)USEC_PER_SEC) {
		t1->tv_sec++;
		t1->tv_usec -= USEC_PER_SEC;
	}
}
KPI_EXPORT(kpi_timevalfix);

/**
 * kpi_timevaladd() - add times
 * @t1: in and out: one
 * @t2: the other
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_timevaladd(struct bsd_timeval *t1, struct bsd_timeval *t2)
{
	t1->tv_sec += t2->tv_sec;
	t1->tv_usec += t2->tv_usec;
	kpi_timevalfix(t1);
}
KPI_EXPORT(kpi_timevaladd);

/**
 * kpi_timevalsub() - subtract times
 * @t1: in and out: from this one
 * @t2: this one
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_timevalsub(struct bsd_timeval *t1, struct bsd_timeval *t2)
{
	t1->tv_sec -= t2->tv_sec;
	t1->tv_usec -= t2->tv_usec;
	kpi_timevalfix(t1);
}
KPI_EXPORT(kpi_timevalsub);
