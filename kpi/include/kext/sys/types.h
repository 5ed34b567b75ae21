/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_TYPES_H
#define _SYS_TYPES_H

#include <kpi/types.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/_types.h>
#include <machine/types.h>
#include <machine/endian.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef u_int64_t u_quad_t;
typedef int64_t quad_t;
typedef quad_t *qaddr_t;

typedef int32_t daddr_t;
typedef int64_t daddr64_t;
typedef int32_t dev_t;
typedef u_int32_t fixpt_t;
typedef int64_t blkcnt_t;
typedef int32_t blksize_t;
typedef unsigned int fsblkcnt_t;
typedef unsigned int fsfilcnt_t;
typedef u_int32_t gid_t;
typedef u_int32_t id_t;
typedef u_int32_t in_addr_t;
typedef u_int16_t in_port_t;
typedef u_int32_t ino_t;
typedef u_int64_t ino64_t;
typedef int32_t key_t;
typedef u_int16_t mode_t;
typedef u_int16_t nlink_t;
typedef int64_t off_t;
typedef int32_t pid_t;
typedef u_int32_t uid_t;
typedef u_int32_t sigset_t;
typedef u_int8_t sa_family_t;
typedef u_int32_t socklen_t;
typedef long segsz_t;
typedef int32_t segsz32_t;
typedef int32_t swblk_t;
typedef unsigned long clock_t;
typedef long time_t;
typedef u_int32_t useconds_t;
typedef int32_t suseconds_t;

#define major(dev)	((int32_t)(((u_int32_t)(dev) >> 24) & 0xff))
#define minor(dev)	((int32_t)((dev) & 0xffffff))
#define makedev(x, y)	((dev_t)(((x) << 24) | (y)))

#define NBBY		8

#endif /* _SYS_TYPES_H */
