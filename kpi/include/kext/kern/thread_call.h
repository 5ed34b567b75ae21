/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_THREAD_CALL_H
#define _KERN_THREAD_CALL_H

#include <kpi/thread.h>
#include <libkern/OSBase.h>
#include <mach/mach_types.h>
#include <kern/assert.h>
#include <kern/kern_types.h>
#include <sys/cdefs.h>

#define thread_call_allocate	kpi_thread_call_allocate
#define thread_call_allocate_with_priority	kpi_thread_call_allocate_with_priority
#define thread_call_allocate_with_options	kpi_thread_call_allocate_with_options
#define thread_call_free	kpi_thread_call_free
#define thread_call_enter	kpi_thread_call_enter
#define thread_call_enter1	kpi_thread_call_enter1
#define thread_call_enter_delayed	kpi_thread_call_enter_delayed
#define thread_call_enter1_delayed	kpi_thread_call_enter1_delayed
#define thread_call_cancel	kpi_thread_call_cancel
#define thread_call_cancel_wait	kpi_thread_call_cancel_wait
#define thread_call_isactive	kpi_thread_call_isactive

#endif /* _KERN_THREAD_CALL_H */
