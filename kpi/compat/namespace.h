/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The symbol namespace of the layer. Its argument became a string in 6.13;
 * drop the other branch when 6.12 goes.
 */
#ifndef _KPI_COMPAT_NAMESPACE_H
#define _KPI_COMPAT_NAMESPACE_H

#include <linux/export.h>
#include <linux/module.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define KPI_EXPORT(symbol)	EXPORT_SYMBOL_NS_GPL(symbol, "NETKPI")
#define KPI_IMPORT()		MODULE_IMPORT_NS("NETKPI")
#else
#define KPI_EXPORT(symbol)	EXPORT_SYMBOL_NS_GPL(symbol, NETKPI)
#define KPI_IMPORT()		MODULE_IMPORT_NS(NETKPI)
#endif

#endif /* _KPI_COMPAT_NAMESPACE_H */
