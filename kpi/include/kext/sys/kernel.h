/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_KERNEL_H
#define _SYS_KERNEL_H

#include <kpi/clock.h>
#include <kpi/proc.h>
#include <sys/appleapiopts.h>
#include <sys/param.h>

#define hz		kpi_hz
#define tick		kpi_tick
#define hostname	kpi_hostname

#endif /* _SYS_KERNEL_H */
