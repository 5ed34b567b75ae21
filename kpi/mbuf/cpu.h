/* SPDX-License-Identifier: GPL-2.0 */
/* What each CPU keeps and counts, and the allocations that tests let fail. */
#ifndef _KPI_MBUF_CPU_H
#define _KPI_MBUF_CPU_H

#include <linux/jump_label.h>
#include <linux/sched.h>	/* local_lock.h needs it */
#include <linux/local_lock.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include "../compat/mbuf.h"
#include "storage.h"

/*
 * What each CPU has of its own: free mbufs, the blocks it carves clusters from,
 * and counters, whose sum over all CPUs is exact. Most is used with bottom halves
 * off, between kpi_cpu_lock() and kpi_cpu_unlock(); what is rare is counted by
 * kpi_count().
 */
#define KPI_MBUF_TYPES	256

struct kpi_mbuf_counters {
	s32 types[KPI_MBUF_TYPES + 1];	/* mbufs in use; the last is for larger types */
	s32 owners[KPI_MAX_KEXTS + 1];	/* the same mbufs, by kpi_kext_id() */
	long clusters[KPI_CLUSTER_CLASSES];

	long existing;			/* kpi_count(): mbufs in use or free */
	long extbufs;
	long views;
	long tags;
	u32 drops;
	u32 waits;
	u32 drained;
	u32 copym_failed;
	u32 pullup_failed;
};

enum { KPI_CARVE_SMALL, KPI_CARVE_BIG, KPI_CARVES };

struct kpi_mbuf_cpu {
	local_lock_t lock;
	unsigned int free_count;
	mbuf_t free;				/* so many free mbufs ... */
	mbuf_t spare;				/* ... and a batch more; see pool.c */
	struct kpi_view *free_views;		/* so many, too */
	unsigned int free_view_count;
	struct kpi_block *carving[KPI_CARVES];	/* big clusters have blocks of their own */
	struct kpi_mbuf_counters counters;
};

DECLARE_PER_CPU(struct kpi_mbuf_cpu, kpi_mbuf_cpu);

static inline struct kpi_mbuf_cpu *kpi_cpu_lock(void)
{
	local_bh_disable();
	kpi_compat_local_lock_nested_bh(&kpi_mbuf_cpu.lock);
	return this_cpu_ptr(&kpi_mbuf_cpu);
}

static inline void kpi_cpu_unlock(void)
{
	kpi_compat_local_unlock_nested_bh(&kpi_mbuf_cpu.lock);
	kpi_bh_enable();
}

static inline s32 *kpi_type_counter(struct kpi_mbuf_cpu *cpu, u32 type)
{
	return &cpu->counters.types[min_t(u32, type, KPI_MBUF_TYPES)];
}

#define kpi_count(field, n)	this_cpu_add(kpi_mbuf_cpu.counters.field, n)

/* Whether a test wants this allocation to fail. */
DECLARE_STATIC_KEY_FALSE(kpi_mbuf_faults);
bool kpi_mbuf_fault(gfp_t gfp);

static inline bool kpi_faults_ordered(void)
{
	return static_branch_unlikely(&kpi_mbuf_faults);
}

static inline bool kpi_refused(gfp_t gfp)
{
	return kpi_faults_ordered() && kpi_mbuf_fault(gfp);
}

/* pool.c */
#define KPI_POOL_BATCH	64	/* mbufs that make a batch, or somewhat more */

bool kpi_pool_refill(struct kpi_mbuf_cpu *cpu);
mbuf_t kpi_pool_spill(struct kpi_mbuf_cpu *cpu);
unsigned long kpi_pool_free(mbuf_t m);
int kpi_pool_init(void);
void kpi_pool_exit(void);

/* cluster.c */
struct kpi_store *kpi_cluster_carve(struct kpi_mbuf_cpu *cpu, u32 size, u8 **addr);
void kpi_cluster_give_back(struct kpi_mbuf_cpu *cpu, struct kpi_store *store);

#endif /* _KPI_MBUF_CPU_H */
