/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_KERN_TYPES_H
#define _KERN_KERN_TYPES_H

#include <kpi/handles.h>
#include <kpi/sleep.h>
#include <stdint.h>
#include <mach/mach_types.h>

#define EVENT_NULL	((event_t)0)
#define NO_EVENT	((event_t)0)
#define EVENT64_NULL	((event64_t)0)
#define NO_EVENT64	((event64_t)0)

typedef u_int64_t event64_t;

#endif /* _KERN_KERN_TYPES_H */
