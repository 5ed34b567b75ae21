/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel threads of a kext, and calls that run later in a thread of the layer. */
#ifndef _KPI_THREAD_H
#define _KPI_THREAD_H

#include <kpi/handles.h>
#include <kpi/sleep.h>
#include <kpi/time.h>

typedef struct thread_call *thread_call_t;
typedef void *thread_call_param_t;
typedef void (*thread_call_func_t)(thread_call_param_t param0,
				   thread_call_param_t param1);
typedef unsigned int thread_call_priority_t;
typedef unsigned int thread_call_options_t;

#define THREAD_CALL_PRIORITY_HIGH		0
#define THREAD_CALL_PRIORITY_KERNEL		1
#define THREAD_CALL_PRIORITY_USER		2
#define THREAD_CALL_PRIORITY_LOW		3
#define THREAD_CALL_PRIORITY_KERNEL_HIGH	4
#define THREAD_CALL_OPTIONS_ONCE		0x00000001

kern_return_t kpi_kernel_thread_start(thread_continue_t fn, void *parameter,
				      thread_t *new_thread);
thread_t kpi_current_thread(void);
void kpi_thread_reference(thread_t thread);
void kpi_thread_deallocate(thread_t thread);
kern_return_t kpi_thread_terminate(thread_t thread);
u_int64_t kpi_thread_tid(thread_t thread);
void kpi_thread_set_thread_name(thread_t thread, const char *name);

thread_call_t kpi_thread_call_allocate(thread_call_func_t func,
				       thread_call_param_t param0);
thread_call_t kpi_thread_call_allocate_with_priority(thread_call_func_t func,
						     thread_call_param_t param0,
						     thread_call_priority_t pri);
thread_call_t kpi_thread_call_allocate_with_options(thread_call_func_t func,
						    thread_call_param_t param0,
						    thread_call_priority_t pri,
						    thread_call_options_t options);
boolean_t kpi_thread_call_free(thread_call_t call);
boolean_t kpi_thread_call_enter(thread_call_t call);
boolean_t kpi_thread_call_enter1(thread_call_t call, thread_call_param_t param1);
boolean_t kpi_thread_call_enter_delayed(thread_call_t call, u_int64_t deadline);
boolean_t kpi_thread_call_enter1_delayed(thread_call_t call, thread_call_param_t param1,
					 u_int64_t deadline);
boolean_t kpi_thread_call_cancel(thread_call_t call);
boolean_t kpi_thread_call_cancel_wait(thread_call_t call);
boolean_t kpi_thread_call_isactive(thread_call_t call);

typedef void (*kpi_timeout_func_t)(void *arg);

void kpi_bsd_timeout(kpi_timeout_func_t fn, void *arg, struct bsd_timespec *ts);
void kpi_bsd_untimeout(kpi_timeout_func_t fn, void *arg);
void kpi_timeout(kpi_timeout_func_t fn, void *arg, int ticks);
void kpi_untimeout(kpi_timeout_func_t fn, void *arg);

#endif /* _KPI_THREAD_H */
