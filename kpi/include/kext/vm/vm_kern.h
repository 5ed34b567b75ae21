/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VM_VM_KERN_H
#define _VM_VM_KERN_H

#include <mach/mach_types.h>
#include <mach/vm_types.h>

#endif /* _VM_VM_KERN_H */
