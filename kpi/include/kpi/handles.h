/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handles of kernel objects that are not sockets or mbufs.
 *
 * A thread is Linux's task, a process is its pid structure, a credential is
 * Linux's; kexts only pass the pointers around.
 */
#ifndef _KPI_HANDLES_H
#define _KPI_HANDLES_H

#include <kpi/types.h>

typedef struct proc *proc_t;
typedef struct task *task_t;
typedef struct thread *thread_t;
typedef struct uio *uio_t;
typedef struct vfs_context *vfs_context_t;
typedef struct bsd_ucred *kauth_cred_t;
typedef struct vnode *vnode_t;
typedef struct mount *mount_t;
typedef struct buf *buf_t;

typedef u_int64_t user_addr_t;
typedef u_int64_t user_size_t;

#endif /* _KPI_HANDLES_H */
