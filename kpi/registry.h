/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of a kext, for those who write or show the book: registry.c, load.c, debugfs.c. */
#ifndef _KPI_REGISTRY_H
#define _KPI_REGISTRY_H

#include <linux/bitops.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include <kpi/kmod.h>

#include "kpi_priv.h"

struct kext_counts {
	long held[KPI_HELD_KINDS];
	unsigned long counted[KPI_COUNTED_KINDS];
};

struct kpi_kext {
	unsigned long text_start;
	unsigned long text_end;
	u8 id;
	bool direct;			/* its filters are called where packets are */
	bool started;			/* start returned 0 */
	bool stop_done;			/* stop returned 0: never call it again */
	bool released;			/* the pin is gone, rmmod may come */
	struct module *module;		/* NULL once unloaded; W: kexts_lock */
	struct bsd_kmod_info *info;
	struct kext_counts __percpu *counts;
	refcount_t refs;		/* the slot, and who stops it or asks for its state */
	struct mutex stop_lock;		/* one start or stop at a time; guards the flags above */
	char name[MODULE_NAME_LEN];
	DECLARE_BITMAP(told, KPI_MISUSE_PLACES);
};

extern const struct kpi_held_kind {
	const char *name;
	bool refuses_stop;
} kpi_held_kinds[KPI_HELD_KINDS];

extern const char * const kpi_counted_kinds[KPI_COUNTED_KINDS];

/* Not yet in the book; from kpi_kext_publish() on its addresses are known. */
struct kpi_kext *kpi_kext_alloc(struct module *module, struct bsd_kmod_info *info);
int kpi_kext_publish(struct kpi_kext *kext);

/* Its text goes: no address is the kext's any more. What it left is counted on. */
void kpi_kext_withdraw(const struct module *module);

/* For kpi_kext_put(): it may be unloaded, and another one be in its place, at any time. */
struct kpi_kext *kpi_kext_get(const struct module *module);
void kpi_kext_put(struct kpi_kext *kext);

/* Under RCU; NULL for a free slot. */
struct kpi_kext *kpi_kext_in_slot(unsigned int slot);

bool kpi_kext_holds_anything(const struct kpi_kext *kext);

/* The first kind that forbids freeing the kext's text now, or -1. */
int kpi_kext_refusing_kind(const struct kpi_kext *kext);

#endif /* _KPI_REGISTRY_H */
