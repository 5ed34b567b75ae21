/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clocks. Absolute time counts nanoseconds since the machine started, without
 * the time it slept.
 */
#ifndef _KPI_CLOCK_H
#define _KPI_CLOCK_H

#include <kpi/types.h>
#include <kpi/time.h>

#define KPI_HZ		100	/* what hz says to kexts, whatever Linux's HZ is */
#define KPI_TICK_NSEC	(1000000000ull / KPI_HZ)

extern int kpi_hz;		/* KPI_HZ */
extern int kpi_tick;		/* microseconds in a tick */

u_int64_t kpi_mach_absolute_time(void);
u_int64_t kpi_mach_continuous_time(void);
void kpi_clock_get_uptime(u_int64_t *result);
void kpi_absolutetime_to_nanoseconds(u_int64_t abstime, u_int64_t *result);
void kpi_nanoseconds_to_absolutetime(u_int64_t nanosecs, u_int64_t *result);
void kpi_nanoseconds_to_deadline(u_int64_t interval, u_int64_t *result);
void kpi_clock_interval_to_deadline(u_int32_t interval, u_int32_t scale_factor,
				    u_int64_t *result);
void kpi_clock_interval_to_absolutetime_interval(u_int32_t interval,
						 u_int32_t scale_factor,
						 u_int64_t *result);
void kpi_clock_absolutetime_interval_to_deadline(u_int64_t abstime, u_int64_t *result);

void kpi_microtime(struct bsd_timeval *tv);
void kpi_nanotime(struct bsd_timespec *ts);
void kpi_getmicrotime(struct bsd_timeval *tv);
void kpi_getnanotime(struct bsd_timespec *ts);
void kpi_microuptime(struct bsd_timeval *tv);
void kpi_nanouptime(struct bsd_timespec *ts);
void kpi_clock_get_calendar_microtime(unsigned long *secs, unsigned int *microsecs);
void kpi_clock_get_calendar_nanotime(unsigned long *secs, unsigned int *nanosecs);
void kpi_clock_get_system_microtime(unsigned long *secs, unsigned int *microsecs);
void kpi_clock_get_system_nanotime(unsigned long *secs, unsigned int *nanosecs);

void kpi_clock_delay_until(u_int64_t deadline);
void kpi_delay_for_interval(u_int32_t interval, u_int32_t scale_factor);
void kpi_delay(int usec);
void kpi_IOSleep(unsigned int milliseconds);
void kpi_IODelay(unsigned int microseconds);
void kpi_IOPause(unsigned int nanoseconds);

void kpi_timevaladd(struct bsd_timeval *t1, struct bsd_timeval *t2);
void kpi_timevalsub(struct bsd_timeval *t1, struct bsd_timeval *t2);
void kpi_timevalfix(struct bsd_timeval *t1);

#endif /* _KPI_CLOCK_H */
