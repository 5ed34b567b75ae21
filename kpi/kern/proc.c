// SPDX-License-Identifier: GPL-2.0
/*
 * Processes. A process of macOS is the pid structure of a Linux thread group,
 * seen from the initial pid namespace: a kext may keep it after the process is
 * gone. Kernel threads together are kernproc, pid 0.
 */

#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include <kpi/proc.h>

#include "proc_priv.h"

#define KERNEL_NAME	"kernel_task"

static char kernel_process;
proc_t kpi_kernproc = (proc_t)&kernel_process;
KPI_EXPORT(kpi_kernproc);

char kpi_hostname[256];
KPI_EXPORT(kpi_hostname);

void kpi_proc_init(void)
{
	strscpy(kpi_hostname, init_utsname()->nodename, sizeof(kpi_hostname));
}

static struct pid *pid_of(proc_t p)
{
	return (struct pid *)p;
}

struct task_struct *kpi_proc_task(proc_t p)
{
	if (!p || p == kpi_kernproc)
		return NULL;
	return get_pid_task(pid_of(p), PIDTYPE_TGID);
}

/* A task of a process by number, with a reference; none for kernel threads. */
static struct task_struct *find_task(int pid)
{
	struct task_struct *task;

	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_TGID);
	if (task && task->flags & PF_KTHREAD)
		task = NULL;
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

/**
 * kpi_current_proc() - the process of the running thread
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the process, borrowed; kernproc in a kernel thread.
 */
proc_t kpi_current_proc(void)
{
	if (current->flags & PF_KTHREAD)
		return kpi_kernproc;
	return (proc_t)task_tgid(current);
}
KPI_EXPORT(kpi_current_proc);

/**
 * kpi_proc_self() - the process of the running thread, with a reference
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the process; the caller gives it back with kpi_proc_rele().
 */
proc_t kpi_proc_self(void)
{
	proc_t p = kpi_current_proc();

	if (p != kpi_kernproc)
		get_pid(pid_of(p));
	return p;
}
KPI_EXPORT(kpi_proc_self);

/**
 * kpi_proc_find() - a process by number
 * @pid: the number
 *
 * macOS difference: numbers of the initial pid namespace.
 *
 * Context: Any.
 * Return: the process; the caller gives it back with kpi_proc_rele(). NULL if
 * there is none.
 */
proc_t kpi_proc_find(int pid)
{
	struct task_struct *task;
	struct pid *found;

	if (!pid)
		return kpi_kernproc;
	task = find_task(pid);
	if (!task)
		return NULL;
	found = get_task_pid(task, PIDTYPE_TGID);
	put_task_struct(task);
	return (proc_t)found;
}
KPI_EXPORT(kpi_proc_find);

/**
 * kpi_proc_rele() - give back a reference on a process
 * @p: from kpi_proc_self() or kpi_proc_find()
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0.
 */
int kpi_proc_rele(proc_t p)
{
	if (p && p != kpi_kernproc)
		put_pid(pid_of(p));
	return 0;
}
KPI_EXPORT(kpi_proc_rele);

/**
 * kpi_proc_pid() - the number of a process
 * @p: the process
 *
 * macOS difference: a number of the initial pid namespace.
 *
 * Context: Any.
 * Return: the number; 0 for kernproc, -1 for NULL.
 */
int kpi_proc_pid(proc_t p)
{
	if (!p)
		return -1;
	return p == kpi_kernproc ? 0 : pid_nr(pid_of(p));
}
KPI_EXPORT(kpi_proc_pid);

static int relative_pid(proc_t p, struct pid *(*relative)(struct task_struct *task))
{
	struct task_struct *task;
	int nr = -1;

	if (p == kpi_kernproc)
		return 0;

	task = kpi_proc_task(p);
	if (!task)
		return -1;
	rcu_read_lock();
	nr = pid_nr(relative(task));
	rcu_read_unlock();
	put_task_struct(task);
	return nr;
}

static struct pid *parent_of(struct task_struct *task)
{
	return task_tgid(rcu_dereference(task->real_parent));
}

static struct pid *group_of(struct task_struct *task)
{
	return task_pgrp(task);
}

static struct pid *session_of(struct task_struct *task)
{
	return task_session(task);
}

/**
 * kpi_proc_ppid() - the number of a process's parent
 * @p: the process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for kernproc, -1 for NULL or a process that is gone.
 */
int kpi_proc_ppid(proc_t p)
{
	return relative_pid(p, parent_of);
}
KPI_EXPORT(kpi_proc_ppid);

/**
 * kpi_proc_pgrpid() - the number of a process's group
 * @p: the process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for kernproc, -1 for NULL or a process that is gone.
 */
int kpi_proc_pgrpid(proc_t p)
{
	return relative_pid(p, group_of);
}
KPI_EXPORT(kpi_proc_pgrpid);

/**
 * kpi_proc_sessionid() - the number of a process's session
 * @p: the process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 for kernproc, -1 for NULL or a process that is gone.
 */
int kpi_proc_sessionid(proc_t p)
{
	return relative_pid(p, session_of);
}
KPI_EXPORT(kpi_proc_sessionid);

/**
 * kpi_proc_selfpid() - the number of the running process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 in a kernel thread.
 */
int kpi_proc_selfpid(void)
{
	return kpi_proc_pid(kpi_current_proc());
}
KPI_EXPORT(kpi_proc_selfpid);

/**
 * kpi_proc_selfppid() - the number of the running process's parent
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 in a kernel thread.
 */
int kpi_proc_selfppid(void)
{
	return kpi_proc_ppid(kpi_current_proc());
}
KPI_EXPORT(kpi_proc_selfppid);

/**
 * kpi_proc_selfpgrpid() - the number of the running process's group
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the number; 0 in a kernel thread.
 */
int kpi_proc_selfpgrpid(void)
{
	return kpi_proc_pgrpid(kpi_current_proc());
}
KPI_EXPORT(kpi_proc_selfpgrpid);

/* Up to 6.12 get_task_comm() takes a lock that softirqs must not take; a name always ends. */
static void copy_name(struct task_struct *task, char *buf, int size)
{
	strscpy(buf, task->comm, size);
}

/**
 * kpi_proc_name() - the name of a process
 * @pid:  its number
 * @buf:  out: the name, all zeros if there is no such process
 * @size: bytes there; nothing happens if there are none
 *
 * macOS difference: Linux keeps 15 characters of the name.
 *
 * Context: Any.
 */
void kpi_proc_name(int pid, char *buf, int size)
{
	struct task_struct *task;

	if (size <= 0)
		return;
	memset(buf, 0, size);
	if (!pid) {
		strscpy(buf, KERNEL_NAME, size);
		return;
	}
	task = find_task(pid);
	if (!task)
		return;
	copy_name(task, buf, size);
	put_task_struct(task);
}
KPI_EXPORT(kpi_proc_name);

/**
 * kpi_proc_selfname() - the name of the running process
 * @buf:  out: the name
 * @size: bytes there; nothing happens if there are none
 *
 * macOS difference: Linux keeps 15 characters of the name.
 *
 * Context: Any.
 */
void kpi_proc_selfname(char *buf, int size)
{
	if (size <= 0)
		return;
	memset(buf, 0, size);
	if (current->flags & PF_KTHREAD)
		strscpy(buf, KERNEL_NAME, size);
	else
		copy_name(current->group_leader, buf, size);
}
KPI_EXPORT(kpi_proc_selfname);

/**
 * kpi_proc_suser() - whether a process runs as the superuser
 * @p: the process
 *
 * macOS difference: uid 0 of the initial user namespace.
 *
 * Context: Any.
 * Return: 0 if it does, else EPERM.
 */
int kpi_proc_suser(proc_t p)
{
	struct task_struct *task;
	bool root;

	if (p == kpi_kernproc)
		return 0;
	task = kpi_proc_task(p);
	if (!task)
		return EPERM;
	root = uid_eq(task_cred_xxx(task, euid), GLOBAL_ROOT_UID);
	put_task_struct(task);
	return root ? 0 : EPERM;
}
KPI_EXPORT(kpi_proc_suser);

/**
 * kpi_proc_is64bit() - whether a process has 64-bit addresses
 * @p: the process
 *
 * macOS difference: known for the running process only; 1 for all others.
 *
 * Context: Any.
 * Return: 1 if it has, else 0.
 */
int kpi_proc_is64bit(proc_t p)
{
	if (p && p != kpi_kernproc && p == kpi_current_proc())
		return !in_compat_syscall();
	return 1;
}
KPI_EXPORT(kpi_proc_is64bit);

/**
 * kpi_proc_signal() - send a signal to a process
 * @pid:    its number
 * @signum: the signal, by Linux's number
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_proc_signal(int pid, int signum)
{
	struct task_struct *task = pid ? find_task(pid) : NULL;

	if (!task)
		return;
	kill_pid(task_tgid(task), signum, 1);
	put_task_struct(task);
}
KPI_EXPORT(kpi_proc_signal);

/**
 * kpi_proc_issignal() - which signals wait for a process
 * @pid:  its number
 * @mask: the signals asked for: bit n - 1 is signal n
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the bits of @mask whose signals are pending and not blocked.
 */
int kpi_proc_issignal(int pid, u_int32_t mask)
{
	struct task_struct *task = pid ? find_task(pid) : NULL;
	unsigned long pending;

	if (!task)
		return 0;
	pending = READ_ONCE(task->pending.signal.sig[0]) |
		  READ_ONCE(task->signal->shared_pending.signal.sig[0]);
	pending &= ~READ_ONCE(task->blocked.sig[0]);
	put_task_struct(task);
	return pending & mask;
}
KPI_EXPORT(kpi_proc_issignal);

/**
 * kpi_proc_exiting() - whether a process is about to end
 * @p: the process
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1 if it is or has ended, else 0.
 */
int kpi_proc_exiting(proc_t p)
{
	struct task_struct *task;
	int exiting;

	if (!p || p == kpi_kernproc)
		return 0;
	task = kpi_proc_task(p);
	if (!task)
		return 1;
	exiting = !!(task->flags & PF_EXITING);
	put_task_struct(task);
	return exiting;
}
KPI_EXPORT(kpi_proc_exiting);
