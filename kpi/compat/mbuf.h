/* SPDX-License-Identifier: GPL-2.0 */
/* What the mbuf side uses and kernels have in different ways. */
#ifndef _KPI_COMPAT_MBUF_H
#define _KPI_COMPAT_MBUF_H

#include <linux/local_lock.h>
#include <linux/shrinker.h>
#include <linux/skbuff.h>

/*
 * local_lock_nested_bh() arrived in 6.11: a lock where bottom halves can be
 * preempted, nothing elsewhere. Drop this when 6.10 goes.
 */
#ifdef KPI_HAVE_LOCAL_LOCK_NESTED_BH
#define kpi_compat_local_lock_nested_bh(lock)	local_lock_nested_bh(lock)
#define kpi_compat_local_unlock_nested_bh(lock)	local_unlock_nested_bh(lock)
#else
#define kpi_compat_local_lock_nested_bh(lock)	local_lock(lock)
#define kpi_compat_local_unlock_nested_bh(lock)	local_unlock(lock)
#endif

/* Shrinkers are allocated since 6.7; drop this when 6.6 goes. */
struct kpi_compat_shrinker {
	unsigned long (*count)(struct shrinker *shrinker, struct shrink_control *sc);
	unsigned long (*scan)(struct shrinker *shrinker, struct shrink_control *sc);
#ifdef KPI_HAVE_SHRINKER_ALLOC
	struct shrinker *shrinker;
#else
	struct shrinker shrinker;
#endif
};

static inline int kpi_compat_shrinker_register(struct kpi_compat_shrinker *s,
					       const char *name)
{
#ifdef KPI_HAVE_SHRINKER_ALLOC
	s->shrinker = shrinker_alloc(0, "%s", name);
	if (!s->shrinker)
		return -ENOMEM;
	s->shrinker->count_objects = s->count;
	s->shrinker->scan_objects = s->scan;
	shrinker_register(s->shrinker);
	return 0;
#else
	s->shrinker.count_objects = s->count;
	s->shrinker.scan_objects = s->scan;
	s->shrinker.seeks = DEFAULT_SEEKS;
	return register_shrinker(&s->shrinker, "%s", name);
#endif
}

static inline void kpi_compat_shrinker_unregister(struct kpi_compat_shrinker *s)
{
#ifdef KPI_HAVE_SHRINKER_ALLOC
	shrinker_free(s->shrinker);
#else
	unregister_shrinker(&s->shrinker);
#endif
}

/* Fragments may lie in device memory since 6.12; drop this when 6.11 goes. */
static inline bool kpi_compat_frags_readable(const struct sk_buff *skb)
{
#ifdef KPI_HAVE_SKB_FRAGS_READABLE
	return skb_frags_readable(skb);
#else
	return true;
#endif
}

#endif /* _KPI_COMPAT_MBUF_H */
