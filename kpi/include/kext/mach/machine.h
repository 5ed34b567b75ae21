/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_MACHINE_H
#define _MACH_MACHINE_H

#include <mach/boolean.h>
#include <mach/vm_types.h>
#include <stdint.h>

typedef integer_t cpu_type_t;
typedef integer_t cpu_subtype_t;

#define CPU_ARCH_ABI64		0x01000000
#define CPU_TYPE_X86		((cpu_type_t)7)
#define CPU_TYPE_I386		CPU_TYPE_X86
#define CPU_TYPE_X86_64		(CPU_TYPE_X86 | CPU_ARCH_ABI64)
#define CPU_TYPE_ARM		((cpu_type_t)12)
#define CPU_TYPE_ARM64		(CPU_TYPE_ARM | CPU_ARCH_ABI64)

#endif /* _MACH_MACHINE_H */
