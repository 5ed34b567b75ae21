/* SPDX-License-Identifier: GPL-2.0 */
/* Counting semaphores. */
#ifndef _KPI_SEMAPHORE_H
#define _KPI_SEMAPHORE_H

#include <kpi/handles.h>

typedef struct bsd_semaphore *semaphore_t;

kern_return_t kpi_semaphore_create(task_t task, semaphore_t *semaphore, int policy, int value);
kern_return_t kpi_semaphore_destroy(task_t task, semaphore_t semaphore);
kern_return_t kpi_semaphore_signal(semaphore_t semaphore);
kern_return_t kpi_semaphore_signal_all(semaphore_t semaphore);
kern_return_t kpi_semaphore_wait(semaphore_t semaphore);
kern_return_t kpi_semaphore_wait_ns(semaphore_t semaphore, u_int64_t nanoseconds);

#endif /* _KPI_SEMAPHORE_H */
