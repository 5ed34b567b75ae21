/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MACHINE_TYPES_H
#define _MACHINE_TYPES_H

#include <kpi/types.h>
#include <kpi/handles.h>
#include <machine/_types.h>

typedef long register_t;
typedef unsigned long u_register_t;
typedef u_int32_t user32_addr_t;
typedef u_int32_t user32_size_t;
typedef int32_t user32_ssize_t;
typedef int32_t user32_long_t;
typedef u_int32_t user32_ulong_t;
typedef int32_t user32_time_t;
typedef u_int64_t user64_addr_t;
typedef u_int64_t user64_size_t;
typedef int64_t user64_ssize_t;
typedef int64_t user64_long_t;
typedef u_int64_t user64_ulong_t;
typedef int64_t user64_time_t;
typedef int64_t user_ssize_t;
typedef int64_t user_long_t;
typedef u_int64_t user_ulong_t;
typedef int64_t user_time_t;
typedef int64_t user_off_t;
typedef u_int64_t syscall_arg_t;

#define USER_ADDR_NULL			((user_addr_t)0)
#define CAST_USER_ADDR_T(a_ptr)		((user_addr_t)((uintptr_t)(a_ptr)))
#define CAST_DOWN(type, addr)		((type)((uintptr_t)(addr)))
#define CAST_DOWN_EXPLICIT(type, addr)	((type)((uintptr_t)(addr)))

#endif /* _MACHINE_TYPES_H */
