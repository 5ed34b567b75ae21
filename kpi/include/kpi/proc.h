/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes and credentials. Kernel threads belong to kernproc, whose pid is 0.
 */
#ifndef _KPI_PROC_H
#define _KPI_PROC_H

#include <kpi/handles.h>

extern proc_t kpi_kernproc;
extern char kpi_hostname[256];	/* when the layer was loaded */

proc_t kpi_current_proc(void);
proc_t kpi_proc_self(void);
proc_t kpi_proc_find(int pid);
int kpi_proc_rele(proc_t p);
int kpi_proc_pid(proc_t p);
int kpi_proc_ppid(proc_t p);
int kpi_proc_pgrpid(proc_t p);
int kpi_proc_sessionid(proc_t p);
int kpi_proc_selfpid(void);
int kpi_proc_selfppid(void);
int kpi_proc_selfpgrpid(void);
void kpi_proc_name(int pid, char *buf, int size);
void kpi_proc_selfname(char *buf, int size);
int kpi_proc_suser(proc_t p);
int kpi_proc_is64bit(proc_t p);
void kpi_proc_signal(int pid, int signum);
int kpi_proc_issignal(int pid, u_int32_t mask);
int kpi_proc_exiting(proc_t p);
kauth_cred_t kpi_proc_ucred(proc_t p);

kauth_cred_t kpi_kauth_cred_get(void);
kauth_cred_t kpi_kauth_cred_get_with_ref(void);
kauth_cred_t kpi_kauth_cred_proc_ref(proc_t p);
void kpi_kauth_cred_ref(kauth_cred_t cred);
void kpi_kauth_cred_unref(kauth_cred_t *cred);
u_int32_t kpi_kauth_cred_getuid(kauth_cred_t cred);
u_int32_t kpi_kauth_cred_getruid(kauth_cred_t cred);
u_int32_t kpi_kauth_cred_getsvuid(kauth_cred_t cred);
u_int32_t kpi_kauth_cred_getgid(kauth_cred_t cred);
u_int32_t kpi_kauth_cred_getrgid(kauth_cred_t cred);
u_int32_t kpi_kauth_cred_getsvgid(kauth_cred_t cred);
int kpi_kauth_cred_issuser(kauth_cred_t cred);
u_int32_t kpi_kauth_getuid(void);
u_int32_t kpi_kauth_getruid(void);
u_int32_t kpi_kauth_getgid(void);
u_int32_t kpi_kauth_getrgid(void);
int kpi_suser(kauth_cred_t cred, u_int16_t *acflag);

vfs_context_t kpi_vfs_context_create(vfs_context_t from);
int kpi_vfs_context_rele(vfs_context_t ctx);
vfs_context_t kpi_vfs_context_current(void);
proc_t kpi_vfs_context_proc(vfs_context_t ctx);
kauth_cred_t kpi_vfs_context_ucred(vfs_context_t ctx);
int kpi_vfs_context_pid(vfs_context_t ctx);
int kpi_vfs_context_suser(vfs_context_t ctx);
int kpi_vfs_context_issuser(vfs_context_t ctx);
int kpi_vfs_context_is64bit(vfs_context_t ctx);
vfs_context_t kpi_vfs_context_kernel(void);

#endif /* _KPI_PROC_H */
