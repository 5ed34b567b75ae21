/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACH_VM_TYPES_H
#define _MACH_VM_TYPES_H

#include <kpi/types.h>

typedef unsigned long vm_offset_t;
typedef unsigned long vm_address_t;
typedef unsigned long vm_size_t;
typedef u_int64_t vm_map_offset_t;
typedef u_int64_t vm_map_address_t;
typedef u_int64_t vm_map_size_t;
typedef u_int64_t mach_vm_address_t;
typedef u_int64_t mach_vm_offset_t;
typedef u_int64_t mach_vm_size_t;
typedef u_int64_t memory_object_offset_t;
typedef unsigned int natural_t;
typedef int integer_t;
typedef int vm_prot_t;
typedef unsigned int vm_inherit_t;
typedef struct _vm_map *vm_map_t;
typedef u_int32_t ppnum_t;

#define VM_MAP_NULL	((vm_map_t)0)

#endif /* _MACH_VM_TYPES_H */
