/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_THREAD_H
#define _KERN_THREAD_H

#include <kpi/thread.h>
#include <stdint.h>
#include <mach/mach_types.h>
#include <kern/kern_types.h>
#include <sys/cdefs.h>
#include <kern/sched_prim.h>

#define kernel_thread_start	kpi_kernel_thread_start
#define current_thread	kpi_current_thread
#define thread_reference	kpi_thread_reference
#define thread_deallocate	kpi_thread_deallocate
#define thread_terminate	kpi_thread_terminate
#define thread_tid	kpi_thread_tid
#define thread_set_thread_name	kpi_thread_set_thread_name

#endif /* _KERN_THREAD_H */
