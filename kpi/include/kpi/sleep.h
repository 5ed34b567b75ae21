/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sleeping on a channel, and waking who sleeps there.
 *
 * A channel is any address; only its value counts. A sleeper is on the list of
 * its channel before its mutex is dropped, so a waker that changes the state
 * under the same mutex is never missed. A wake-up finds only who sleeps now.
 * Callers loop: a sleep may end without a reason.
 */
#ifndef _KPI_SLEEP_H
#define _KPI_SLEEP_H

#include <kpi/types.h>
#include <kpi/time.h>

struct bsd_lck_mtx;

typedef void *event_t;
typedef int wait_result_t;
typedef int wait_interrupt_t;
typedef void (*thread_continue_t)(void *parameter, wait_result_t result);

#define THREAD_WAITING		(-1)
#define THREAD_AWAKENED		0
#define THREAD_TIMED_OUT	1
#define THREAD_INTERRUPTED	2
#define THREAD_RESTART		3
#define THREAD_NOT_WAITING	10

#define THREAD_UNINT		0	/* only a wake-up or the deadline ends the sleep */
#define THREAD_INTERRUPTIBLE	1	/* signals end it, too */
#define THREAD_ABORTSAFE	2	/* the same here */

#define PCATCH			0x100	/* signals end the sleep */
#define PDROP			0x400	/* return without the mutex */
#define PSPIN			0x800	/* no difference here */

int kpi_msleep(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
	       struct bsd_timespec *ts);
int kpi_msleep0(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
		int timo, int (*continuation)(int error));
int kpi_msleep1(void *chan, struct bsd_lck_mtx *mtx, int pri, const char *wmesg,
		u_int64_t deadline);
int kpi_tsleep(void *chan, int pri, const char *wmesg, int timo);
void kpi_wakeup(void *chan);
void kpi_wakeup_one(caddr_t chan);

wait_result_t kpi_assert_wait(event_t event, wait_interrupt_t interruptible);
wait_result_t kpi_assert_wait_deadline(event_t event, wait_interrupt_t interruptible,
				       u_int64_t deadline);
wait_result_t kpi_assert_wait_timeout(event_t event, wait_interrupt_t interruptible,
				      u_int32_t interval, u_int32_t scale_factor);
wait_result_t kpi_thread_block(thread_continue_t continuation);
wait_result_t kpi_thread_block_parameter(thread_continue_t continuation, void *parameter);
kern_return_t kpi_thread_wakeup_prim(event_t event, boolean_t one_thread,
				     wait_result_t result);

#endif /* _KPI_SLEEP_H */
