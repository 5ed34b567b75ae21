/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Threads and their right to sleep, formats of macOS, and what is set up at the
 * beginning. wait.h has threads that sleep, lock.h what locks share, block.h memory.
 */
#ifndef _KPI_KERN_PRIV_H
#define _KPI_KERN_PRIV_H

#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/stdarg.h>
#include <linux/types.h>

#include <kpi/handles.h>
#include <kpi/sleep.h>

#include "../kpi_priv.h"

/*
 * A thread of macOS is a task of Linux, under another name: the handle is
 * unique while the thread lives, and references are the task's own.
 */
static inline thread_t kpi_thread_of(struct task_struct *task)
{
	return (thread_t)task;
}

static inline struct task_struct *kpi_task_of(thread_t thread)
{
	return (struct task_struct *)thread;
}

/* For what has another way when nobody may sleep; interrupts may be off, too. */
static inline bool kpi_may_sleep(void)
{
	return !kpi_is_atomic() && !irqs_disabled();
}

int kpi_thread_continue(thread_continue_t fn, void *parameter, wait_result_t result);
bool kpi_thread_is_ours(void);
thread_t kpi_thread_start_simple(void (*fn)(void *argument), void *argument);
int kpi_thread_call_init(void);
void kpi_thread_call_exit(void);
void kpi_sysctl_exit(void);

#if IS_BUILTIN(CONFIG_CRYPTO_HASH2)
void kpi_digest_init(void);
void kpi_digest_exit(void);
#else
static inline void kpi_digest_init(void) {}
static inline void kpi_digest_exit(void) {}
#endif

/* Formats of macOS; radix is that of %r, %R, %n and %N. */

extern bool kpi_panic_is_bug;	/* a parameter: panic() ends the thread, not the machine */
int kpi_format(char *buf, size_t size, int radix, const char *fmt, va_list args);

#endif /* _KPI_KERN_PRIV_H */
