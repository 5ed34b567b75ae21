/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every part of the layer uses: the way out for errors, the report of a
 * kext's mistakes, and the book of which kext holds what.
 */
#ifndef _KPI_PRIV_H
#define _KPI_PRIV_H

#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/preempt.h>
#include <linux/types.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/instruction_pointer.h>
#include <linux/percpu.h>

#include <kpi/types.h>

#include "compat/compat.h"

/**
 * kpi_errno() - turn a Linux result into what macOS callers expect
 * @err: 0 or a negative errno, Linux-internal ones included
 *
 * The only place where the sign turns, on the way out of an exported function.
 *
 * Return: 0 or a positive errno that Linux user space knows, or ERESTART.
 */
errno_t kpi_errno(int err);

/**
 * kpi_misuse() - report a mistake of the calling kext, once per kext and place
 * @what: what is wrong, in a few words
 *
 * For use in an exported function's own body, so that the caller reported is
 * the kext. A line and a stack in the log, and no more: a packet's contents may be
 * why a kext makes a mistake, and a machine may be set up to panic on warnings.
 * Debug builds do warn. Every mistake is counted; tests silence the report and
 * look at the count.
 */
#define kpi_misuse(what)	kpi_misuse_from(_RET_IP_, what)

/* The same for helpers that were handed the caller's address. */
#define kpi_misuse_from(caller, what)					\
({									\
	static atomic_t __place;					\
									\
	kpi_report_misuse(&__place, __func__, caller, what);		\
})

void kpi_report_misuse(atomic_t *place, const char *func, unsigned long caller,
		       const char *what);

/* Whether a mistake of this caller at this place is one to report; only the first time. */
bool kpi_misuse_is_new(atomic_t *place, unsigned long caller);

/* For tests: mistakes so far; and whether they are counted without a warning. */
unsigned long kpi_misuse_count(void);
void kpi_misuse_quiet(bool quiet);

/*
 * Kexts and what they hold. Each kind has one counter per kext; whoever hands
 * out such a thing charges it to the kext and takes the charge back when it is
 * gone. When a kext stops, what is left is named.
 */
enum kpi_held {
	KPI_HELD_SOCKET,	/* reclaimed: closed */
	KPI_HELD_MBUF,		/* named only: somebody else may own them by now */
	KPI_HELD_EXTBUF,	/* attached buffers with a free function of the kext: stop is refused */
	KPI_HELD_CALLBACK,	/* registered callbacks of other kinds: stop is refused */
	KPI_HELD_UPCALL,	/* upcalls that are running: waited for */
	KPI_HELD_THREAD,	/* threads in the kext's text: stop is refused */
	KPI_HELD_TIMER,		/* pending thread calls and timeouts: stop is refused */
	KPI_HELD_MEMORY,	/* blocks of MALLOC, IOMalloc and the like: named only */
	KPI_HELD_TAG,		/* OSMalloc tags: named only */
	KPI_HELD_LOCK,		/* locks and lock groups from the allocators: named only */
	KPI_HELD_RETAIN,	/* OSKextRetainKextWithLoadTag: stop is refused */
	KPI_HELD_SYSCTL,	/* sysctl nodes: stop is refused */
	KPI_HELD_CONTROL,	/* kernel controls: stop is refused */
	KPI_HELD_CLIENT,	/* programs connected to them: stop is refused */
	KPI_HELD_FILTER,	/* filters of packets and sockets that are not gone yet: stop is refused */
	KPI_HELD_INTERFACE,	/* interfaces that it made: taken away; stop is refused until they are gone */
	KPI_HELD_PACKET,	/* packets that a filter has kept: named only */
	KPI_HELD_KINDS
};

/* What is counted for each kext and never taken back. */
enum kpi_counted {
	KPI_COUNT_SEEN,		/* packets that its filters were shown */
	KPI_COUNT_DROPPED,	/* those that ended there, or waited for it in vain */
	KPI_COUNT_INJECTED,	/* packets that it sent on, or made */
	KPI_COUNTED_KINDS
};

struct kpi_kext;
struct module;

/**
 * kpi_kext_at() - the kext whose text contains an address
 * @addr: a return address or a callback
 *
 * Lock-free; the answer stays valid while code of that kext is on the stack or
 * something is charged to it.
 *
 * Return: the kext, or NULL for the kernel, the layer and unknown modules.
 */
struct kpi_kext *kpi_kext_at(unsigned long addr);

#define kpi_kext_of(function)	kpi_kext_at((unsigned long)(function))
#define kpi_kext_caller()	kpi_kext_at(_RET_IP_)

/* A small number for a kext, for places that have no room for a pointer; 0 is "none". */
#define KPI_MAX_KEXTS		64
u8 kpi_kext_id(const struct kpi_kext *kext);
struct kpi_kext *kpi_kext_by_id(u8 id);
const char *kpi_kext_name(const struct kpi_kext *kext);		/* "kernel" for NULL */
struct module *kpi_kext_module(const struct kpi_kext *kext);	/* NULL for NULL */

/* A bit for each place where a mistake of this kext was reported; for NULL of all others. */
#define KPI_MISUSE_PLACES	256
unsigned long *kpi_kext_told(struct kpi_kext *kext);

void kpi_kext_charge(struct kpi_kext *kext, enum kpi_held kind, int n);
long kpi_kext_held(const struct kpi_kext *kext, enum kpi_held kind);
void kpi_kext_count(struct kpi_kext *kext, enum kpi_counted kind, unsigned int n);
unsigned long __percpu *kpi_kext_counter(struct kpi_kext *kext, enum kpi_counted kind);
unsigned long kpi_kext_counted(const struct kpi_kext *kext, enum kpi_counted kind);

/*
 * A kext may ask to have its filters called where packets are, instead of in a thread:
 * then its callbacks must not sleep. Inside of one kpi_is_direct() is true.
 */
bool kpi_kext_is_direct(const struct kpi_kext *kext);

DECLARE_PER_CPU(unsigned int, kpi_direct_calls);

static inline bool kpi_is_direct(void)
{
	return unlikely(raw_cpu_read(kpi_direct_calls));
}

/* local_bh_enable(), without a call if somebody further up has them off, too. */
static inline void kpi_bh_enable(void)
{
	if (!IS_ENABLED(CONFIG_TRACE_IRQFLAGS) && softirq_count() > SOFTIRQ_DISABLE_OFFSET)
		preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
	else
		local_bh_enable();
}

/*
 * Where nobody may sleep: with a spin lock held, in a filter that runs directly, in an
 * interrupt. All of these have softirqs off, and Linux counts those on every kernel, on
 * one that counts no preemption, too.
 */
static inline bool kpi_is_atomic(void)
{
	return unlikely(preempt_count());
}

/* Why, for the report. */
const char *kpi_why_awake(void);

/* In an exported function that may sleep: names the kext that must not. */
#define kpi_might_sleep()	kpi_might_sleep_from(_RET_IP_)

#define kpi_might_sleep_from(caller)						\
do {										\
	if (kpi_is_atomic())							\
		kpi_misuse_from(caller, kpi_why_awake());			\
	else									\
		might_sleep();							\
} while (0)

/* KPI_HELD_MBUF and KPI_HELD_UPCALL are counted where these are. */
long kpi_mbuf_owned(u8 id);
long kpi_socket_running(const struct kpi_kext *kext);

/* Packets on their way that somebody wants to hear of; each keeps the layer loaded. */
long kpi_mbuf_followed(void);

int kpi_mbuf_init(void);
void kpi_mbuf_exit(void);
int kpi_socket_init(void);
void kpi_socket_exit(void);
int kpi_interface_init(void);
void kpi_interface_exit(void);
int kpi_iflt_init(void);
void kpi_iflt_exit(void);
int kpi_filter_init(void);
void kpi_filter_exit(void);
struct seq_file;

/* The table of socket filters: a line of titles, a line for each, tabs between. */
void kpi_sflt_show_all(struct seq_file *seq);

int kpi_sflt_init(void);
void kpi_sflt_exit(void);
int kpi_kern_init(void);
void kpi_kern_exit(void);
int kpi_control_init(void);
void kpi_control_exit(void);
void kpi_debugfs_init(void);
void kpi_debugfs_exit(void);
void kpi_kext_exit(void);

/*
 * When a kext stops: first none of its upcalls begins any more, then, if nothing of it
 * runs, what it left open is closed; when its text goes, so do its handles.
 */
void kpi_socket_silence(const struct kpi_kext *kext);
void kpi_socket_reclaim(const struct kpi_kext *kext);
void kpi_socket_forget(const struct kpi_kext *kext);
void kpi_interface_silence(const struct kpi_kext *kext);
void kpi_interface_reclaim(const struct kpi_kext *kext);
void kpi_memory_name(const struct kpi_kext *kext);

/* Lockdep's view of a kext that has gone, and of a thread that leaves the code of kexts. */
#ifdef CONFIG_LOCKDEP
void kpi_lock_sites_leave(void);
void kpi_lock_sites_forget(const char *kext);
#else
static inline void kpi_lock_sites_leave(void) {}
static inline void kpi_lock_sites_forget(const char *kext) {}
#endif

#endif /* _KPI_PRIV_H */
