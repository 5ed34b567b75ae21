/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_SCHED_PRIM_H
#define _KERN_SCHED_PRIM_H

#include <kpi/sleep.h>
#include <mach/mach_types.h>
#include <kern/kern_types.h>
#include <kern/clock.h>
#include <sys/cdefs.h>

#define THREAD_CONTINUE_NULL	((thread_continue_t)0)

#define assert_wait	kpi_assert_wait
#define assert_wait_deadline	kpi_assert_wait_deadline
#define assert_wait_timeout	kpi_assert_wait_timeout
#define thread_block	kpi_thread_block
#define thread_block_parameter	kpi_thread_block_parameter
#define thread_wakeup_prim	kpi_thread_wakeup_prim

#define thread_wakeup(event)			thread_wakeup_prim(event, FALSE, THREAD_AWAKENED)
#define thread_wakeup_one(event)		thread_wakeup_prim(event, TRUE, THREAD_AWAKENED)
#define thread_wakeup_with_result(event, result)	thread_wakeup_prim(event, FALSE, result)

#endif /* _KERN_SCHED_PRIM_H */
