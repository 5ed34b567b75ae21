/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_HOST_H
#define _KERN_HOST_H

#include <mach/mach_types.h>

#endif /* _KERN_HOST_H */
