/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of kpi/kern share: sleepers on hashed wait queues, the
 * caller's right to sleep, memory charged to a kext, formats of macOS.
 */
#ifndef _KPI_KERN_PRIV_H
#define _KPI_KERN_PRIV_H

#include <linux/types.h>
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/stdarg.h>
#include <linux/wait.h>

#include <kpi/clock.h>
#include <kpi/handles.h>
#include <kpi/locks.h>
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

/* False where a kext holds a spin lock or runs in an interrupt. */
static inline bool kpi_may_sleep(void)
{
	return !preempt_count() && !irqs_disabled();
}

/* Why not, for the report. */
static inline const char *kpi_why_awake(void)
{
	return kpi_is_direct() ? "sleeps in a filter that runs directly" :
				 "sleeps with a spin lock held";
}

/*
 * Sleepers. A channel and a lock may have the same address, so they are on
 * different wait queues.
 */
enum kpi_wait_kind {
	KPI_WAIT_CHANNEL,
	KPI_WAIT_LOCK,
	KPI_WAIT_KINDS
};

struct kpi_sleeper {
	struct wait_queue_entry wait;
	wait_queue_head_t *queue;
	const void *key;
	unsigned int state;		/* the task's state while it sleeps */
	bool woken;			/* W: queue->lock */
	bool chosen;			/* W: queue->lock; nobody else was woken */
	wait_result_t result;		/* W: queue->lock; what the waker said */
};

wait_queue_head_t *kpi_wait_queue(enum kpi_wait_kind kind, const void *key);
void kpi_sleeper_init(struct kpi_sleeper *s, enum kpi_wait_kind kind, const void *key,
		      unsigned int state);
void kpi_sleeper_enter(struct kpi_sleeper *s);
wait_result_t kpi_sleeper_wait(struct kpi_sleeper *s, u64 deadline);
void kpi_wake(enum kpi_wait_kind kind, const void *key, bool one, wait_result_t result);
void kpi_wait_init(void);

/* Enters the channel; the caller then drops its lock and waits. */
void kpi_channel_enter(struct kpi_sleeper *s, const void *channel, bool interruptible);

/*
 * Lockdep on the locks of kexts. A lock keeps the number of its class, which
 * kpi_lock_site() finds by who initialises it; see locksite.c.
 */
#define KPI_LOCK_READ	1
#define KPI_LOCK_TRY	2

#define kpi_lock_has_site(number)	(IS_ENABLED(CONFIG_LOCKDEP) && unlikely(number))

#ifdef CONFIG_LOCKDEP
u16 kpi_lock_site(unsigned long caller, lck_grp_t *grp, lck_attr_t *attr, const char *kind);
void kpi_lock_site_acquire(u16 number, unsigned int how, unsigned long caller);
void kpi_lock_site_release(u16 number, unsigned long caller);
void kpi_lock_site_off(u16 number);
void kpi_lock_sites_exit(void);
#else
static inline u16 kpi_lock_site(unsigned long caller, lck_grp_t *grp, lck_attr_t *attr,
				const char *kind)
{
	return 0;
}

static inline void kpi_lock_site_acquire(u16 number, unsigned int how, unsigned long caller) {}
static inline void kpi_lock_site_release(u16 number, unsigned long caller) {}
static inline void kpi_lock_site_off(u16 number) {}
static inline void kpi_lock_sites_exit(void) {}
#endif

const char *kpi_group_name(lck_grp_t *grp);
bool kpi_attr_hides(lck_attr_t *attr);

/* The allocators and the unlocking of locks, on behalf of a caller. */
lck_mtx_t *kpi_mtx_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller);
lck_rw_t *kpi_rw_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller);
lck_spin_t *kpi_spin_new(lck_grp_t *grp, lck_attr_t *attr, unsigned long caller);
void kpi_mtx_unlock(lck_mtx_t *lck, unsigned long caller);

#define KPI_FOREVER	0ull	/* a deadline that never comes */

/* now + an interval; never passes the end of time. */
static inline u64 kpi_deadline_after(u64 now, u64 interval)
{
	return now + interval < now ? U64_MAX : now + interval;
}

void kpi_clear_wait(struct task_struct *task);
wait_result_t kpi_announced_sleep(void);
void kpi_announce_exit(void);
int kpi_thread_continue(thread_continue_t fn, void *parameter, wait_result_t result);
bool kpi_thread_is_ours(void);
thread_t kpi_thread_start_simple(void (*fn)(void *argument), void *argument);
int kpi_thread_call_init(void);
void kpi_thread_call_exit(void);
void kpi_sysctl_exit(void);
void kpi_memory_exit(void);

#if IS_BUILTIN(CONFIG_CRYPTO_HASH2)
void kpi_digest_init(void);
void kpi_digest_exit(void);
#else
static inline void kpi_digest_init(void) {}
static inline void kpi_digest_exit(void) {}
#endif

/*
 * Memory for a kext. The block is charged to the caller and, with
 * check_memory, remembered together with its size and tag.
 */
#define KPI_ANY_SIZE	SIZE_MAX

struct kpi_block_owner {
	unsigned long caller;
	const void *tag;		/* an OSMallocTag, or NULL */
};

void *kpi_block_alloc(size_t size, gfp_t gfp, struct kpi_block_owner owner);
void *kpi_block_alloc_aligned(size_t size, size_t alignment, gfp_t gfp,
			      struct kpi_block_owner owner);
const void *kpi_block_free(void *addr, size_t size, struct kpi_block_owner owner);
gfp_t kpi_gfp(unsigned int flags, bool *asleep);

/* Formats of macOS; radix is that of %r, %R, %n and %N. */

extern bool kpi_panic_is_bug;	/* a parameter: panic() ends the thread, not the machine */
int kpi_format(char *buf, size_t size, int radix, const char *fmt, va_list args);

#endif /* _KPI_KERN_PRIV_H */
