/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSDEBUG_H
#define _LIBKERN_OSDEBUG_H

#include <kpi/print.h>
#include <sys/cdefs.h>
#include <libkern/OSTypes.h>
#include <mach/vm_types.h>

#define OSReportWithBacktrace	kpi_OSReportWithBacktrace

#endif /* _LIBKERN_OSDEBUG_H */
