/* SPDX-License-Identifier: GPL-2.0 */
/* The filters that are registered. */
#ifndef _KPI_SFLT_REGISTRY_H
#define _KPI_SFLT_REGISTRY_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>

#include <kpi/errno.h>
#include <kpi/socketfilter.h>

struct kpi_kext;
struct kpi_sflt_kind;
struct sock;

/* One registration. */
struct kpi_sflt {
	struct list_head node;		/* oldest first; W: the registry's lock */
	u64 number;			/* counts up: newer is larger */
	refcount_t refs;		/* the registry's, each attachment's, each walk's */
	bool removed;			/* W: the registry's lock */
	struct bsd_sflt_filter f;
	struct kpi_sflt_kind *kind;
	int protocol;
	struct kpi_kext *kext;		/* charged with one KPI_HELD_FILTER until it is gone */
	struct work_struct gone_work;
	atomic_long_t sockets;		/* attached now */
	atomic_long_t bytes;		/* shown to it, both ways */
	atomic_long_t swallowed;	/* kept by it, chunks and datagrams */
	atomic_long_t injected;		/* by its kext, into sockets that it is on */
	unsigned long told;		/* KPI_SFLT_TOLD_... */
};

struct kpi_sflt *kpi_sflt_get(sflt_handle handle);
struct kpi_sflt *kpi_sflt_global(const struct kpi_sflt_kind *kind, const struct sock *sk,
				 struct kpi_sflt *after);
bool kpi_sflt_any_global(const struct kpi_sflt_kind *kind, const struct sock *sk);
bool kpi_sflt_any(void);
void kpi_sflt_put(struct kpi_sflt *sflt, bool may_sleep);

/* existing.c: sockets that were there before the filter */
void kpi_sflt_meet_old(struct kpi_sflt *sflt);

#endif /* _KPI_SFLT_REGISTRY_H */
