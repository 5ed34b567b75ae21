/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_MACH_TIME_H
#define _MACH_MACH_TIME_H

#include <kpi/clock.h>
#include <stdint.h>
#include <mach/mach_types.h>

#define mach_absolute_time	kpi_mach_absolute_time
#define mach_continuous_time	kpi_mach_continuous_time

#endif /* _MACH_MACH_TIME_H */
