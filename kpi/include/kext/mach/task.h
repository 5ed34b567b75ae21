/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_TASK_H
#define _MACH_TASK_H

#include <mach/mach_types.h>

#endif /* _MACH_TASK_H */
