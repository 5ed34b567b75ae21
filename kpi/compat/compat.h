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

#include <linux/module.h>
#include <linux/version.h>

#include "namespace.h"

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

#endif /* _KPI_COMPAT_H */
