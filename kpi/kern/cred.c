// SPDX-License-Identifier: GPL-2.0
/* Credentials. */

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/user_namespace.h>

#include <kpi/proc.h>

#include "proc_priv.h"

#define NOBODY	((u32)-101)	/* KAUTH_UID_NONE, for no credential at all */

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
	return kpi_kauth_of(current_cred());
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
	return kpi_kauth_of(get_current_cred());
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
		return kpi_kauth_of(get_task_cred(&init_task));
	task = kpi_proc_task(p);
	if (!task)
		return NULL;
	cred = get_task_cred(task);
	put_task_struct(task);
	return kpi_kauth_of(cred);
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
		return kpi_kauth_of(rcu_access_pointer(init_task.real_cred));
	task = kpi_proc_task(p);
	if (!task)
		return NULL;
	cred = rcu_access_pointer(task->real_cred);
	put_task_struct(task);
	return kpi_kauth_of(cred);
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
	get_cred(kpi_cred_of(cred));
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
	put_cred(kpi_cred_of(*cred));
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
	return cred ? uid_number(kpi_cred_of(cred)->euid) : NOBODY;
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
	return cred ? uid_number(kpi_cred_of(cred)->uid) : NOBODY;
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
	return cred ? uid_number(kpi_cred_of(cred)->suid) : NOBODY;
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
	return cred ? gid_number(kpi_cred_of(cred)->egid) : NOBODY;
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
	return cred ? gid_number(kpi_cred_of(cred)->gid) : NOBODY;
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
	return cred ? gid_number(kpi_cred_of(cred)->sgid) : NOBODY;
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
	return cred && is_superuser(kpi_cred_of(cred));
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
