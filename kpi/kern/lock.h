/* SPDX-License-Identifier: GPL-2.0 */
/* What the kinds of locks share: lockdep's view of them, groups, and who else makes them. */
#ifndef _KPI_KERN_LOCK_H
#define _KPI_KERN_LOCK_H

#include <linux/kconfig.h>
#include <linux/types.h>

#include <kpi/locks.h>

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

#endif /* _KPI_KERN_LOCK_H */
