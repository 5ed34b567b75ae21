/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_MACH_TYPES_H
#define _MACH_MACH_TYPES_H

#include <kpi/handles.h>
#include <kpi/semaphore.h>
#include <stdint.h>
#include <sys/cdefs.h>
#include <mach/boolean.h>
#include <mach/kern_return.h>
#include <mach/kmod.h>
#include <mach/vm_types.h>
#include <mach/clock_types.h>
#include <uuid/uuid.h>

typedef unsigned int mach_port_t;
typedef unsigned int mach_port_name_t;
typedef thread_t thread_act_t;

#define TASK_NULL	((task_t)0)
#define THREAD_NULL	((thread_t)0)
#define THR_ACT_NULL	((thread_act_t)0)
#define MACH_PORT_NULL	0

#endif /* _MACH_MACH_TYPES_H */
