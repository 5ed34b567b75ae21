// SPDX-License-Identifier: GPL-2.0
/* The pair of process and credential that VFS calls take. */

#include <linux/cred.h>
#include <linux/pid.h>
#include <linux/sched.h>

#include <kpi/proc.h>

#include "block.h"
#include "proc_priv.h"

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
	vfs_context_t ctx;

	kpi_might_sleep();
	ctx = kpi_block_alloc(sizeof(*ctx), GFP_KERNEL, owner);
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
	ctx->cred = get_cred(kpi_cred_of(kpi_vfs_context_ucred(from)));
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
	return !ctx || ctx == &current_context ? kpi_kauth_cred_get() : kpi_kauth_of(ctx->cred);
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
