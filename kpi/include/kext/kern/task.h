/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_TASK_H
#define _KERN_TASK_H

#include <kern/kern_types.h>
#include <mach/mach_types.h>
#include <sys/cdefs.h>

#endif /* _KERN_TASK_H */
