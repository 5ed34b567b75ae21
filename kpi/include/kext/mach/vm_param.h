/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_VM_PARAM_H
#define _MACH_VM_PARAM_H

#include <mach/vm_types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	4096
#define PAGE_MASK	(PAGE_SIZE - 1)

#define PAGE_SIZE_64	((u_int64_t)PAGE_SIZE)
#define PAGE_MASK_64	((u_int64_t)PAGE_MASK)

#define round_page(x)		(((vm_offset_t)(x) + PAGE_MASK) & ~(vm_offset_t)PAGE_MASK)
#define trunc_page(x)		((vm_offset_t)(x) & ~(vm_offset_t)PAGE_MASK)
#define round_page_32(x)	(((u_int32_t)(x) + PAGE_MASK) & ~(u_int32_t)PAGE_MASK)
#define trunc_page_32(x)	((u_int32_t)(x) & ~(u_int32_t)PAGE_MASK)
#define round_page_64(x)	(((u_int64_t)(x) + PAGE_MASK_64) & ~PAGE_MASK_64)
#define trunc_page_64(x)	((u_int64_t)(x) & ~PAGE_MASK_64)

/* addresses to page numbers and back */
#define atop(x)		((vm_offset_t)(x) >> PAGE_SHIFT)
#define ptoa(x)		((vm_offset_t)(x) << PAGE_SHIFT)
#define atop_32(x)	((u_int32_t)(x) >> PAGE_SHIFT)
#define ptoa_32(x)	((u_int32_t)(x) << PAGE_SHIFT)
#define atop_64(x)	((u_int64_t)(x) >> PAGE_SHIFT)
#define ptoa_64(x)	((u_int64_t)(x) << PAGE_SHIFT)

#endif /* _MACH_VM_PARAM_H */
