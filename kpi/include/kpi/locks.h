/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The locks of the macOS kernel.
 *
 * A lock belongs to a group, which is bookkeeping only; groups and attributes
 * may be NULL. Every lock is initialised at run time, either in place or by an
 * allocator. The types are complete, because kexts embed them; their sizes are
 * part of the interface. Mutexes and read-write locks sleep; a spin lock keeps
 * softirqs and preemption off. No lock is recursive. A mutex or a read-write
 * lock may be released by another thread than the one that took it.
 */
#ifndef _KPI_LOCKS_H
#define _KPI_LOCKS_H

#include <kpi/types.h>
#include <kpi/sleep.h>

typedef struct bsd_lck_grp lck_grp_t;
typedef struct bsd_lck_grp_attr lck_grp_attr_t;
typedef struct bsd_lck_attr lck_attr_t;

struct bsd_lck_mtx {
	u_int64_t opaque[8];
};

struct bsd_lck_rw {
	u_int64_t opaque[16];
};

struct bsd_lck_spin {
	u_int64_t opaque[4];
};

typedef struct bsd_lck_mtx lck_mtx_t;
typedef struct bsd_lck_rw lck_rw_t;
typedef struct bsd_lck_spin lck_spin_t;

_Static_assert(sizeof(lck_mtx_t) == 64, "lck_mtx_t layout");
_Static_assert(sizeof(lck_rw_t) == 128, "lck_rw_t layout");
_Static_assert(sizeof(lck_spin_t) == 32, "lck_spin_t layout");

typedef unsigned int lck_rw_type_t;
typedef unsigned int lck_sleep_action_t;

#define LCK_ASSERT_OWNED	1
#define LCK_ASSERT_NOTOWNED	2
#define LCK_MTX_ASSERT_OWNED	LCK_ASSERT_OWNED
#define LCK_MTX_ASSERT_NOTOWNED	LCK_ASSERT_NOTOWNED

#define LCK_RW_TYPE_SHARED	0x01
#define LCK_RW_TYPE_EXCLUSIVE	0x02

#define LCK_RW_ASSERT_SHARED	0x01
#define LCK_RW_ASSERT_EXCLUSIVE	0x02
#define LCK_RW_ASSERT_HELD	0x03
#define LCK_RW_ASSERT_NOTHELD	0x04

#define LCK_SLEEP_DEFAULT	0x00	/* retake the lock as it was held */
#define LCK_SLEEP_UNLOCK	0x01	/* leave it unlocked */
#define LCK_SLEEP_SHARED	0x02	/* retake a read-write lock shared */
#define LCK_SLEEP_EXCLUSIVE	0x04	/* retake a read-write lock exclusive */
#define LCK_SLEEP_SPIN		0x08	/* no difference here */

lck_grp_attr_t *kpi_lck_grp_attr_alloc_init(void);
void kpi_lck_grp_attr_setdefault(lck_grp_attr_t *attr);
void kpi_lck_grp_attr_setstat(lck_grp_attr_t *attr);
void kpi_lck_grp_attr_free(lck_grp_attr_t *attr);

lck_grp_t *kpi_lck_grp_alloc_init(const char *name, lck_grp_attr_t *attr);
void kpi_lck_grp_free(lck_grp_t *grp);

lck_attr_t *kpi_lck_attr_alloc_init(void);
void kpi_lck_attr_setdefault(lck_attr_t *attr);
void kpi_lck_attr_setdebug(lck_attr_t *attr);
void kpi_lck_attr_cleardebug(lck_attr_t *attr);
void kpi_lck_attr_free(lck_attr_t *attr);

lck_spin_t *kpi_lck_spin_alloc_init(lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_spin_init(lck_spin_t *lck, lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_spin_lock(lck_spin_t *lck);
void kpi_lck_spin_unlock(lck_spin_t *lck);
boolean_t kpi_lck_spin_try_lock(lck_spin_t *lck);
void kpi_lck_spin_destroy(lck_spin_t *lck, lck_grp_t *grp);
void kpi_lck_spin_free(lck_spin_t *lck, lck_grp_t *grp);
void kpi_lck_spin_assert(lck_spin_t *lck, unsigned int type);
wait_result_t kpi_lck_spin_sleep(lck_spin_t *lck, lck_sleep_action_t action,
				 event_t event, wait_interrupt_t interruptible);
wait_result_t kpi_lck_spin_sleep_deadline(lck_spin_t *lck, lck_sleep_action_t action,
					  event_t event, wait_interrupt_t interruptible,
					  u_int64_t deadline);

lck_mtx_t *kpi_lck_mtx_alloc_init(lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_mtx_init(lck_mtx_t *lck, lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_mtx_lock(lck_mtx_t *lck);
void kpi_lck_mtx_unlock(lck_mtx_t *lck);
boolean_t kpi_lck_mtx_try_lock(lck_mtx_t *lck);
void kpi_lck_mtx_destroy(lck_mtx_t *lck, lck_grp_t *grp);
void kpi_lck_mtx_free(lck_mtx_t *lck, lck_grp_t *grp);
void kpi_lck_mtx_assert(lck_mtx_t *lck, unsigned int type);
void kpi_lck_mtx_convert_spin(lck_mtx_t *lck);
wait_result_t kpi_lck_mtx_sleep(lck_mtx_t *lck, lck_sleep_action_t action,
				event_t event, wait_interrupt_t interruptible);
wait_result_t kpi_lck_mtx_sleep_deadline(lck_mtx_t *lck, lck_sleep_action_t action,
					 event_t event, wait_interrupt_t interruptible,
					 u_int64_t deadline);

lck_rw_t *kpi_lck_rw_alloc_init(lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_rw_init(lck_rw_t *lck, lck_grp_t *grp, lck_attr_t *attr);
void kpi_lck_rw_lock(lck_rw_t *lck, lck_rw_type_t type);
void kpi_lck_rw_unlock(lck_rw_t *lck, lck_rw_type_t type);
void kpi_lck_rw_lock_shared(lck_rw_t *lck);
void kpi_lck_rw_unlock_shared(lck_rw_t *lck);
void kpi_lck_rw_lock_exclusive(lck_rw_t *lck);
void kpi_lck_rw_unlock_exclusive(lck_rw_t *lck);
boolean_t kpi_lck_rw_try_lock(lck_rw_t *lck, lck_rw_type_t type);
boolean_t kpi_lck_rw_try_lock_shared(lck_rw_t *lck);
boolean_t kpi_lck_rw_try_lock_exclusive(lck_rw_t *lck);
boolean_t kpi_lck_rw_lock_shared_to_exclusive(lck_rw_t *lck);
void kpi_lck_rw_lock_exclusive_to_shared(lck_rw_t *lck);
lck_rw_type_t kpi_lck_rw_done(lck_rw_t *lck);
void kpi_lck_rw_destroy(lck_rw_t *lck, lck_grp_t *grp);
void kpi_lck_rw_free(lck_rw_t *lck, lck_grp_t *grp);
void kpi_lck_rw_assert(lck_rw_t *lck, unsigned int type);
wait_result_t kpi_lck_rw_sleep(lck_rw_t *lck, lck_sleep_action_t action,
			       event_t event, wait_interrupt_t interruptible);
wait_result_t kpi_lck_rw_sleep_deadline(lck_rw_t *lck, lck_sleep_action_t action,
					event_t event, wait_interrupt_t interruptible,
					u_int64_t deadline);

#endif /* _KPI_LOCKS_H */
