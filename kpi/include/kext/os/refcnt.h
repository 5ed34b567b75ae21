/* SPDX-License-Identifier: GPL-2.0 */
/* Reference counts that panic instead of going below zero or wrapping. */
#ifndef _OS_REFCNT_H
#define _OS_REFCNT_H

#include <kern/panic_call.h>
#include <sys/cdefs.h>
#include <os/base.h>
#include <stdbool.h>
#include <stdint.h>

typedef uint32_t os_ref_count_t;

struct os_refcnt {
	volatile os_ref_count_t ref_count;
};
typedef struct os_refcnt os_refcnt_t;
typedef volatile os_ref_count_t os_ref_atomic_t;
struct os_refgrp;

#define OS_REF_MAX			0x0fffffffu
#define OS_REF_INITIALIZER		{ 1 }
#define OS_REF_ATOMIC_INITIALIZER	1
#define os_refgrp_decl(qualifiers, var, name, parent)
#define os_refgrp_decl_extern(var)

__header_inline void __kpi_ref_check(os_ref_count_t old, const void *ref)
{
	if (old == 0 || old >= OS_REF_MAX)
		panic("os_refcnt: bad reference count %u of %p", old, ref);
}

__header_inline os_ref_count_t __kpi_ref_add(os_ref_atomic_t *count, int n)
{
	os_ref_count_t old = __atomic_fetch_add(count, (os_ref_count_t)n, __ATOMIC_ACQ_REL);

	__kpi_ref_check(old, (const void *)count);
	return old + (os_ref_count_t)n;
}

__header_inline bool __kpi_ref_try(os_ref_atomic_t *count)
{
	os_ref_count_t old = __atomic_load_n(count, __ATOMIC_RELAXED);

	while (old)
		if (__atomic_compare_exchange_n(count, &old, old + 1, 0,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return true;
	return false;
}

#define os_ref_init_count(rc, grp, n) \
	__atomic_store_n(&(rc)->ref_count, n, __ATOMIC_RELAXED)
#define os_ref_init(rc, grp)		os_ref_init_count(rc, grp, 1)
#define os_ref_retain(rc)		((void)__kpi_ref_add(&(rc)->ref_count, 1))
#define os_ref_retain_try(rc)		__kpi_ref_try(&(rc)->ref_count)
#define os_ref_release(rc)		__kpi_ref_add(&(rc)->ref_count, -1)
#define os_ref_release_relaxed(rc)	os_ref_release(rc)
#define os_ref_release_live(rc)		((void)os_ref_release(rc))
#define os_ref_get_count(rc)		__atomic_load_n(&(rc)->ref_count, __ATOMIC_RELAXED)

#define os_ref_init_count_raw(rc, grp, n)	__atomic_store_n(rc, n, __ATOMIC_RELAXED)
#define os_ref_init_raw(rc, grp)	os_ref_init_count_raw(rc, grp, 1)
#define os_ref_retain_raw(rc, grp)	((void)__kpi_ref_add(rc, 1))
#define os_ref_release_raw(rc, grp)	__kpi_ref_add(rc, -1)
#define os_ref_get_count_raw(rc)	__atomic_load_n(rc, __ATOMIC_RELAXED)

#endif /* _OS_REFCNT_H */
