/* SPDX-License-Identifier: GPL-2.0 */
/* Handles of kernel objects; only the layer knows what is behind them. */
#ifndef _SYS_KERNEL_TYPES_H
#define _SYS_KERNEL_TYPES_H

#include <kpi/types.h>
#include <kpi/handles.h>
#include <sys/types.h>
#include <stdint.h>

#define ucred			bsd_ucred

typedef struct __ifnet_filter *interface_filter_t;
typedef struct filedesc *filedesc_t;
typedef struct fileproc *fileproc_t;
typedef struct file *file_t;

#define PROC_NULL		((proc_t)0)
#define NULLPROC		((proc_t)0)
#define NULLVP			((vnode_t)0)
#define NULLMOUNT		((mount_t)0)

#endif /* _SYS_KERNEL_TYPES_H */
