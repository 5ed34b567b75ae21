/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_SEMAPHORE_H
#define _MACH_SEMAPHORE_H

#include <kpi/semaphore.h>
#include <mach/mach_types.h>
#include <mach/sync_policy.h>

#define semaphore_create	kpi_semaphore_create
#define semaphore_destroy	kpi_semaphore_destroy
#define semaphore_signal	kpi_semaphore_signal
#define semaphore_signal_all	kpi_semaphore_signal_all
#define semaphore_wait		kpi_semaphore_wait
#define semaphore_timedwait(semaphore, time) \
	kpi_semaphore_wait_ns(semaphore, (time).tv_sec * NSEC_PER_SEC + (u_int64_t)(time).tv_nsec)

#endif /* _MACH_SEMAPHORE_H */
