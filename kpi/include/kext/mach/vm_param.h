/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_VM_PARAM_H
#define _MACH_VM_PARAM_H

#include <mach/vm_types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	4096
#define PAGE_MASK	(PAGE_SIZE - 1)

#define round_page(x)	(((vm_offset_t)(x) + PAGE_MASK) & ~(vm_offset_t)PAGE_MASK)
#define trunc_page(x)	((vm_offset_t)(x) & ~(vm_offset_t)PAGE_MASK)

#endif /* _MACH_VM_PARAM_H */
