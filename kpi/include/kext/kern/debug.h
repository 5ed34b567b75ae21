/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_DEBUG_H
#define _KERN_DEBUG_H

#include <kpi/print.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <TargetConditionals.h>
#include <uuid/uuid.h>
#include <kern/panic_call.h>

#define Debugger	kpi_Debugger

#endif /* _KERN_DEBUG_H */
