/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_VM_H
#define _SYS_VM_H

#include <kpi/proc.h>
#include <sys/types.h>
#include <sys/kernel_types.h>
#include <sys/kauth.h>

#define vfs_context_create	kpi_vfs_context_create
#define vfs_context_rele	kpi_vfs_context_rele
#define vfs_context_current	kpi_vfs_context_current
#define vfs_context_proc	kpi_vfs_context_proc
#define vfs_context_ucred	kpi_vfs_context_ucred
#define vfs_context_pid	kpi_vfs_context_pid
#define vfs_context_suser	kpi_vfs_context_suser
#define vfs_context_issuser	kpi_vfs_context_issuser
#define vfs_context_is64bit	kpi_vfs_context_is64bit
#define vfs_context_kernel	kpi_vfs_context_kernel

#endif /* _SYS_VM_H */
