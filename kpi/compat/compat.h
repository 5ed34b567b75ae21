/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only place that knows kernel versions.
 *
 * Each shim says when the kernel changed and when the shim may go. Where a
 * header can be asked (kpi/Kbuild probes it and defines KPI_HAVE_...), the
 * header decides; a version number only where the headers tell nothing.
 */
#ifndef _KPI_COMPAT_H
#define _KPI_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/sysctl.h>
#include <linux/version.h>

#include "namespace.h"

/* Split off <linux/kernel.h> in 6.4; include it plainly when 6.1 goes. */
#ifdef KPI_HAVE_HEX_H
#include <linux/hex.h>
#endif

/* mod->mem[] replaced the two layouts in 6.4; drop this when 6.1 goes. */
static inline void kpi_compat_module_text(const struct module *mod,
					  unsigned long *start, unsigned long *end)
{
#ifdef KPI_HAVE_MODULE_MEMORY
	*start = (unsigned long)mod->mem[MOD_TEXT].base;
	*end = *start + mod->mem[MOD_TEXT].size;
#else
	*start = (unsigned long)mod->core_layout.base;
	*end = *start + mod->core_layout.text_size;
#endif
}

/* hrtimer_setup() came in 6.13 and hrtimer_init() went in 6.15; drop this when 6.12 goes. */
static inline void kpi_compat_hrtimer_setup(struct hrtimer *timer,
					    enum hrtimer_restart (*function)(struct hrtimer *),
					    clockid_t clock, enum hrtimer_mode mode)
{
#ifdef KPI_HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, function, clock, mode);
#else
	hrtimer_init(timer, clock, mode);
	timer->function = function;
#endif
}

/* Handlers got a constant table in 6.11; drop this when 6.1 goes. */
#ifdef KPI_HAVE_CTL_TABLE_CONST
typedef const struct ctl_table kpi_ctl_table;
#else
typedef struct ctl_table kpi_ctl_table;
#endif

/* Tables have a size since 6.6 and ended with an empty entry before; drop this when 6.1 goes. */
static inline struct ctl_table_header *kpi_compat_register_sysctl(const char *path,
								  struct ctl_table table[2])
{
#ifdef KPI_HAVE_REGISTER_SYSCTL_SZ
	return register_sysctl_sz(path, table, 1);
#else
	return register_sysctl(path, table);
#endif
}

/*
 * What is large and filled by parts that are used: not zeroed where the kernel has the
 * compiler zero what stands on the stack. 6.1 has no __uninitialized; drop this when it goes.
 */
#ifdef __uninitialized
#define kpi_compat_uninitialized	__uninitialized
#else
#define kpi_compat_uninitialized
#endif

#endif /* _KPI_COMPAT_H */
