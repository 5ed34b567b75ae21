/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_LOCKS_H
#define _KERN_LOCKS_H

#include <kpi/locks.h>
#include <sys/cdefs.h>
#include <mach/boolean.h>
#include <kern/kern_types.h>

#define LCK_GRP_NULL		((lck_grp_t *)0)
#define LCK_GRP_ATTR_NULL	((lck_grp_attr_t *)0)
#define LCK_ATTR_NULL		((lck_attr_t *)0)

#define decl_lck_mtx_data(class, name)	class lck_mtx_t name;
#define decl_lck_rw_data(class, name)	class lck_rw_t name;
#define decl_lck_spin_data(class, name)	class lck_spin_t name;

#define lck_grp_attr_alloc_init	kpi_lck_grp_attr_alloc_init
#define lck_grp_attr_setdefault	kpi_lck_grp_attr_setdefault
#define lck_grp_attr_setstat	kpi_lck_grp_attr_setstat
#define lck_grp_attr_free	kpi_lck_grp_attr_free
#define lck_grp_alloc_init	kpi_lck_grp_alloc_init
#define lck_grp_free	kpi_lck_grp_free
#define lck_attr_alloc_init	kpi_lck_attr_alloc_init
#define lck_attr_setdefault	kpi_lck_attr_setdefault
#define lck_attr_setdebug	kpi_lck_attr_setdebug
#define lck_attr_cleardebug	kpi_lck_attr_cleardebug
#define lck_attr_free	kpi_lck_attr_free
#define lck_spin_alloc_init	kpi_lck_spin_alloc_init
#define lck_spin_init	kpi_lck_spin_init
#define lck_spin_lock	kpi_lck_spin_lock
#define lck_spin_unlock	kpi_lck_spin_unlock
#define lck_spin_try_lock	kpi_lck_spin_try_lock
#define lck_spin_destroy	kpi_lck_spin_destroy
#define lck_spin_free	kpi_lck_spin_free
#define lck_spin_assert	kpi_lck_spin_assert
#define lck_spin_sleep	kpi_lck_spin_sleep
#define lck_spin_sleep_deadline	kpi_lck_spin_sleep_deadline
#define lck_mtx_alloc_init	kpi_lck_mtx_alloc_init
#define lck_mtx_init	kpi_lck_mtx_init
#define lck_mtx_lock	kpi_lck_mtx_lock
#define lck_mtx_unlock	kpi_lck_mtx_unlock
#define lck_mtx_try_lock	kpi_lck_mtx_try_lock
#define lck_mtx_destroy	kpi_lck_mtx_destroy
#define lck_mtx_free	kpi_lck_mtx_free
#define lck_mtx_assert	kpi_lck_mtx_assert
#define lck_mtx_convert_spin	kpi_lck_mtx_convert_spin
#define lck_mtx_sleep	kpi_lck_mtx_sleep
#define lck_mtx_sleep_deadline	kpi_lck_mtx_sleep_deadline
#define lck_rw_alloc_init	kpi_lck_rw_alloc_init
#define lck_rw_init	kpi_lck_rw_init
#define lck_rw_lock	kpi_lck_rw_lock
#define lck_rw_unlock	kpi_lck_rw_unlock
#define lck_rw_lock_shared	kpi_lck_rw_lock_shared
#define lck_rw_unlock_shared	kpi_lck_rw_unlock_shared
#define lck_rw_lock_exclusive	kpi_lck_rw_lock_exclusive
#define lck_rw_unlock_exclusive	kpi_lck_rw_unlock_exclusive
#define lck_rw_try_lock	kpi_lck_rw_try_lock
#define lck_rw_try_lock_shared	kpi_lck_rw_try_lock_shared
#define lck_rw_try_lock_exclusive	kpi_lck_rw_try_lock_exclusive
#define lck_rw_lock_shared_to_exclusive	kpi_lck_rw_lock_shared_to_exclusive
#define lck_rw_lock_exclusive_to_shared	kpi_lck_rw_lock_exclusive_to_shared
#define lck_rw_done	kpi_lck_rw_done
#define lck_rw_destroy	kpi_lck_rw_destroy
#define lck_rw_free	kpi_lck_rw_free
#define lck_rw_assert	kpi_lck_rw_assert
#define lck_rw_sleep	kpi_lck_rw_sleep
#define lck_rw_sleep_deadline	kpi_lck_rw_sleep_deadline

/* Spin mode of a mutex only saves time on macOS. */
#define lck_mtx_lock_spin		kpi_lck_mtx_lock
#define lck_mtx_lock_spin_always	kpi_lck_mtx_lock
#define lck_mtx_try_lock_spin		kpi_lck_mtx_try_lock
#define lck_mtx_try_lock_spin_always	kpi_lck_mtx_try_lock

#define LCK_MTX_ASSERT(lck, type)	lck_mtx_assert(lck, type)
#define LCK_RW_ASSERT(lck, type)	lck_rw_assert(lck, type)
#define LCK_SPIN_ASSERT(lck, type)	lck_spin_assert(lck, type)

#endif /* _KERN_LOCKS_H */
