// SPDX-License-Identifier: GPL-2.0
/* Credentials, and the pair of process and credential that VFS calls take. */

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include <kpi/proc.h>

#include "block.h"
#include "proc_priv.h"

#define NOBODY	((u32)-101)	/* KAUTH_UID_NONE, for no credential at all */

struct vfs_context {
	proc_t proc;
	const struct cred *cred;
};

/* What vfs_context_current() returns: whoever runs when it is asked. */
static struct vfs_context current_context;

/* What vfs_context_kernel() returns; the credential is that of Linux's first task. */
static struct vfs_context kernel_context;

static bool is_lent(const struct vfs_context *ctx)
{
	return ctx == &current_context || ctx == &kernel_context;
}

static const struct cred *cred_of(kauth_cred_t cred)
{
	return (const struct cred *)cred;
}

static kauth_cred_t kauth_of(const struct cred *cred)
{
	return (kauth_cred_t)cred;
}

static u32 uid_number(kuid_t uid)
{
	return from_kuid_munged(&init_user_ns, uid);
}

static u32 gid_number(kgid_t gid)
{
	return from_kgid_munged(&init_user_ns, gid);
}

/* The number alone is nothing: a container's root may have no power over this machine. */
static bool is_superuser(const struct cred *cred)
{
	return uid_eq(cred->euid, GLOBAL_ROOT_UID) && cred->user_ns == &init_user_ns &&
	       cap_raised(cred->cap_effective, CAP_SYS_ADMIN);
}

/**
 * kpi_kauth_cred_get() - the running thread's credential
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the credential, borrowed.
 */
kauth_cred_t kpi_kauth_cred_get(void)
{
	return kauth_of(current_cred());
}
KPI_EXPORT(kpi_kauth_cred_get);

/**
 * kpi_kauth_cred_get_with_ref() - the running thread's credential, with a reference
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the credential; the caller gives it back with kpi_kauth_cred_unref().
 */
kauth_cred_t kpi_kauth_cred_get_with_ref(void)
{
	return kauth_of(get_current_cred());
}
KPI_EXPORT(kpi_kauth_cred_get_with_ref);

/**
 * kpi_kauth_cred_proc_ref() - a process's credential, with a reference
 * @p: the process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the credential; the caller gives it back with kpi_kauth_cred_unref().
 * NULL if the process is gone.
 */
kauth_cred_t kpi_kauth_cred_proc_ref(proc_t p)
{
	struct task_struct *task;
	const struct cred *cred;

	if (p == kpi_kernproc)
		return kauth_of(get_task_cred(&init_task));
	task = kpi_proc_task(p);
	if (!task)
		return NULL;
	cred = get_task_cred(task);
	put_task_struct(task);
	return kauth_of(cred);
}
KPI_EXPORT(kpi_kauth_cred_proc_ref);

/**
 * kpi_proc_ucred() - a process's credential
 * @p: the process
 *
 * macOS difference: none: the process may take another credential at any time,
 * and this one is gone then. kpi_kauth_cred_proc_ref() has no such danger.
 *
 * Context: Any.
 * Return: the credential, borrowed; NULL if the process is gone.
 */
kauth_cred_t kpi_proc_ucred(proc_t p)
{
	struct task_struct *task;
	const struct cred *cred;

	if (p == kpi_kernproc)
		return kauth_of(rcu_access_pointer(init_task.real_cred));
	task = kpi_proc_task(p);
	if (!task)
		return NULL;
	cred = rcu_access_pointer(task->real_cred);
	put_task_struct(task);
	return kauth_of(cred);
}
KPI_EXPORT(kpi_proc_ucred);

/**
 * kpi_kauth_cred_ref() - take another reference on a credential
 * @cred: the credential
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_kauth_cred_ref(kauth_cred_t cred)
{
	get_cred(cred_of(cred));
}
KPI_EXPORT(kpi_kauth_cred_ref);

/**
 * kpi_kauth_cred_unref() - give back a reference on a credential
 * @cred: in: the credential; out: NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_kauth_cred_unref(kauth_cred_t *cred)
{
	if (!cred)
		return;
	put_cred(cred_of(*cred));
	*cred = NULL;
}
KPI_EXPORT(kpi_kauth_cred_unref);

/**
 * kpi_kauth_cred_getuid() - the effective user of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the user's number.
 */
u_int32_t kpi_kauth_cred_getuid(kauth_cred_t cred)
{
	return cred ? uid_number(cred_of(cred)->euid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getuid);

/**
 * kpi_kauth_cred_getruid() - the real user of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the user's number.
 */
u_int32_t kpi_kauth_cred_getruid(kauth_cred_t cred)
{
	return cred ? uid_number(cred_of(cred)->uid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getruid);

/**
 * kpi_kauth_cred_getsvuid() - the saved user of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the user's number.
 */
u_int32_t kpi_kauth_cred_getsvuid(kauth_cred_t cred)
{
	return cred ? uid_number(cred_of(cred)->suid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getsvuid);

/**
 * kpi_kauth_cred_getgid() - the effective group of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the group's number.
 */
u_int32_t kpi_kauth_cred_getgid(kauth_cred_t cred)
{
	return cred ? gid_number(cred_of(cred)->egid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getgid);

/**
 * kpi_kauth_cred_getrgid() - the real group of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the group's number.
 */
u_int32_t kpi_kauth_cred_getrgid(kauth_cred_t cred)
{
	return cred ? gid_number(cred_of(cred)->gid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getrgid);

/**
 * kpi_kauth_cred_getsvgid() - the saved group of a credential
 * @cred: the credential
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the group's number.
 */
u_int32_t kpi_kauth_cred_getsvgid(kauth_cred_t cred)
{
	return cred ? gid_number(cred_of(cred)->sgid) : NOBODY;
}
KPI_EXPORT(kpi_kauth_cred_getsvgid);

/**
 * kpi_kauth_cred_issuser() - whether a credential is the superuser's
 * @cred: the credential
 *
 * macOS difference: uid 0 of the initial user namespace, with CAP_SYS_ADMIN.
 *
 * Context: Any.
 * Return: 1 if it is, else 0.
 */
int kpi_kauth_cred_issuser(kauth_cred_t cred)
{
	return cred && is_superuser(cred_of(cred));
}
KPI_EXPORT(kpi_kauth_cred_issuser);

/**
 * kpi_kauth_getuid() - the effective user of the running thread
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the user's number.
 */
u_int32_t kpi_kauth_getuid(void)
{
	return uid_number(current_euid());
}
KPI_EXPORT(kpi_kauth_getuid);

/**
 * kpi_kauth_getruid() - the real user of the running thread
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the user's number.
 */
u_int32_t kpi_kauth_getruid(void)
{
	return uid_number(current_uid());
}
KPI_EXPORT(kpi_kauth_getruid);

/**
 * kpi_kauth_getgid() - the effective group of the running thread
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the group's number.
 */
u_int32_t kpi_kauth_getgid(void)
{
	return gid_number(current_egid());
}
KPI_EXPORT(kpi_kauth_getgid);

/**
 * kpi_kauth_getrgid() - the real group of the running thread
 *
 * macOS difference: a number of the initial user namespace.
 *
 * Context: Any.
 * Return: the group's number.
 */
u_int32_t kpi_kauth_getrgid(void)
{
	return gid_number(current_gid());
}
KPI_EXPORT(kpi_kauth_getrgid);

/**
 * kpi_suser() - whether a credential is the superuser's
 * @cred:   the credential
 * @acflag: not used; may be NULL
 *
 * macOS difference: uid 0 of the initial user namespace, with CAP_SYS_ADMIN.
 *
 * Context: Any.
 * Return: 0 if it is, else EPERM.
 */
int kpi_suser(kauth_cred_t cred, u_int16_t *acflag)
{
	return kpi_kauth_cred_issuser(cred) ? 0 : EPERM;
}
KPI_EXPORT(kpi_suser);

/**
 * kpi_vfs_context_create() - pair a process and a credential
 * @from: a pair to copy; NULL: the running thread's
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: the pair, or NULL; the caller frees it with kpi_vfs_context_rele().
 */
vfs_context_t kpi_vfs_context_create(vfs_context_t from)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };
	vfs_context_t ctx = kpi_block_alloc(sizeof(*ctx), GFP_KERNEL, owner);

	if (!ctx)
		return NULL;
	if (!from || from == &current_context) {
		ctx->proc = kpi_proc_self();
		ctx->cred = get_current_cred();
		return ctx;
	}
	ctx->proc = kpi_vfs_context_proc(from);
	if (ctx->proc != kpi_kernproc)
		get_pid((struct pid *)ctx->proc);
	ctx->cred = get_cred(cred_of(kpi_vfs_context_ucred(from)));
	return ctx;
}
KPI_EXPORT(kpi_vfs_context_create);

/**
 * kpi_vfs_context_rele() - free a pair of process and credential
 * @ctx: from kpi_vfs_context_create()
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0.
 */
int kpi_vfs_context_rele(vfs_context_t ctx)
{
	struct kpi_block_owner owner = { .caller = _RET_IP_ };

	if (!ctx || is_lent(ctx))
		return 0;
	kpi_proc_rele(ctx->proc);
	put_cred(ctx->cred);
	kpi_block_free(ctx, sizeof(*ctx), owner);
	return 0;
}
KPI_EXPORT(kpi_vfs_context_rele);

/**
 * kpi_vfs_context_current() - the running thread's process and credential
 *
 * macOS difference: the pair always means the thread that asks.
 *
 * Context: Any.
 * Return: the pair, borrowed.
 */
vfs_context_t kpi_vfs_context_current(void)
{
	return &current_context;
}
KPI_EXPORT(kpi_vfs_context_current);

/**
 * kpi_vfs_context_proc() - the process of a pair
 * @ctx: the pair
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the process, borrowed.
 */
proc_t kpi_vfs_context_proc(vfs_context_t ctx)
{
	if (ctx == &kernel_context)
		return kpi_kernproc;
	return !ctx || ctx == &current_context ? kpi_current_proc() : ctx->proc;
}
KPI_EXPORT(kpi_vfs_context_proc);

/**
 * kpi_vfs_context_ucred() - the credential of a pair
 * @ctx: the pair
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the credential, borrowed.
 */
kauth_cred_t kpi_vfs_context_ucred(vfs_context_t ctx)
{
	if (ctx == &kernel_context)
		return kpi_proc_ucred(kpi_kernproc);
	return !ctx || ctx == &current_context ? kpi_kauth_cred_get() : kauth_of(ctx->cred);
}
KPI_EXPORT(kpi_vfs_context_ucred);

/**
 * kpi_vfs_context_pid() - the number of the process of a pair
 * @ctx: the pair
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for kernproc.
 */
int kpi_vfs_context_pid(vfs_context_t ctx)
{
	return kpi_proc_pid(kpi_vfs_context_proc(ctx));
}
KPI_EXPORT(kpi_vfs_context_pid);

/**
 * kpi_vfs_context_suser() - whether a pair has the superuser's credential
 * @ctx: the pair
 *
 * macOS difference: uid 0 of the initial user namespace, with CAP_SYS_ADMIN.
 *
 * Context: Any.
 * Return: 0 if it has, else EPERM.
 */
int kpi_vfs_context_suser(vfs_context_t ctx)
{
	return kpi_suser(kpi_vfs_context_ucred(ctx), NULL);
}
KPI_EXPORT(kpi_vfs_context_suser);

/**
 * kpi_vfs_context_issuser() - whether a pair has the superuser's credential
 * @ctx: the pair
 *
 * macOS difference: uid 0 of the initial user namespace, with CAP_SYS_ADMIN.
 *
 * Context: Any.
 * Return: 1 if it has, else 0.
 */
int kpi_vfs_context_issuser(vfs_context_t ctx)
{
	return kpi_kauth_cred_issuser(kpi_vfs_context_ucred(ctx));
}
KPI_EXPORT(kpi_vfs_context_issuser);

/**
 * kpi_vfs_context_is64bit() - whether the process of a pair has 64-bit addresses
 * @ctx: the pair
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 if it has, else 0.
 */
int kpi_vfs_context_is64bit(vfs_context_t ctx)
{
	return kpi_proc_is64bit(kpi_vfs_context_proc(ctx));
}
KPI_EXPORT(kpi_vfs_context_is64bit);

/**
 * kpi_vfs_context_kernel() - the kernel's process and credential
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the pair, borrowed.
 */
vfs_context_t kpi_vfs_context_kernel(void)
{
	return &kernel_context;
}
KPI_EXPORT(kpi_vfs_context_kernel);
