/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_CLOCK_H
#define _KERN_CLOCK_H

#include <kpi/clock.h>
#include <stdint.h>
#include <mach/mach_types.h>
#include <mach/clock_types.h>
#include <mach/mach_time.h>
#include <sys/cdefs.h>

typedef unsigned long clock_sec_t;
typedef unsigned int clock_usec_t;
typedef unsigned int clock_nsec_t;

#define clock_get_uptime		kpi_clock_get_uptime
#define absolutetime_to_nanoseconds	kpi_absolutetime_to_nanoseconds
#define nanoseconds_to_absolutetime	kpi_nanoseconds_to_absolutetime
#define nanoseconds_to_deadline		kpi_nanoseconds_to_deadline
#define clock_interval_to_deadline	kpi_clock_interval_to_deadline
#define clock_interval_to_absolutetime_interval \
					kpi_clock_interval_to_absolutetime_interval
#define clock_absolutetime_interval_to_deadline \
					kpi_clock_absolutetime_interval_to_deadline
#define clock_get_calendar_microtime	kpi_clock_get_calendar_microtime
#define clock_get_calendar_nanotime	kpi_clock_get_calendar_nanotime
#define clock_get_system_microtime	kpi_clock_get_system_microtime
#define clock_get_system_nanotime	kpi_clock_get_system_nanotime
#define clock_delay_until		kpi_clock_delay_until
#define delay_for_interval		kpi_delay_for_interval
#define delay				kpi_delay

#endif /* _KERN_CLOCK_H */
