/* SPDX-License-Identifier: GPL-2.0 */
/* The names other headers of macOS use for basic types. */
#ifndef _SYS__TYPES_H
#define _SYS__TYPES_H

#include <kpi/types.h>
#include <sys/cdefs.h>

typedef int8_t __int8_t;
typedef int16_t __int16_t;
typedef int32_t __int32_t;
typedef int64_t __int64_t;
typedef uint8_t __uint8_t;
typedef uint16_t __uint16_t;
typedef uint32_t __uint32_t;
typedef uint64_t __uint64_t;

typedef size_t __darwin_size_t;
typedef ssize_t __darwin_ssize_t;
typedef intptr_t __darwin_intptr_t;
typedef int64_t __darwin_off_t;
typedef long __darwin_time_t;
typedef int32_t __darwin_suseconds_t;
typedef uint32_t __darwin_socklen_t;
typedef int32_t __darwin_pid_t;
typedef uint32_t __darwin_uid_t;
typedef uint32_t __darwin_gid_t;
typedef uint16_t __darwin_mode_t;
typedef unsigned char __darwin_uuid_t[16];

#define __DARWIN_NULL	((void *)0)

#endif /* _SYS__TYPES_H */
