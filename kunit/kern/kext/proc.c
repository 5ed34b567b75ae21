// SPDX-License-Identifier: GPL-2.0
/* Processes and credentials. */

#include <sys/kauth.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/systm.h>
#include <sys/vnode.h>

#include "../test.h"

static void a_kernel_thread_is_kernproc(void)
{
	proc_t self = proc_self();
	char name[40];

	EXPECT(current_proc() == kernproc);
	EXPECT(self == kernproc);
	EXPECT_EQ(proc_pid(self), 0);
	EXPECT_EQ(proc_selfpid(), 0);
	EXPECT_EQ(proc_ppid(self), 0);
	EXPECT_EQ(proc_pgrpid(self), 0);
	EXPECT_EQ(proc_suser(self), 0);
	EXPECT_EQ(proc_exiting(self), 0);
	EXPECT_EQ(proc_is64bit(self), 1);
	proc_selfname(name, sizeof(name));
	EXPECT_STR(name, "kernel_task");
	EXPECT_EQ(proc_rele(self), 0);
}

static void finds_process_1(void)
{
	proc_t init = proc_find(1);
	char name[40];

	if (!EXPECT(init != PROC_NULL))
		return;
	EXPECT_EQ(proc_pid(init), 1);
	EXPECT_EQ(proc_ppid(init), 0);
	EXPECT(proc_pgrpid(init) >= 0);
	EXPECT(proc_sessionid(init) >= 0);
	EXPECT_EQ(proc_suser(init), 0);
	EXPECT_EQ(proc_exiting(init), 0);
	memset(name, '#', sizeof(name));
	proc_name(1, name, sizeof(name));
	EXPECT(name[0] && name[0] != '#');
	EXPECT_EQ(name[39], 0);
	EXPECT_EQ(proc_issignal(1, ~0u), 0);
	proc_rele(init);
}

/* An interrupt may come while the kernel changes the name. */
static void a_name_needs_no_lock(void)
{
	char name[40] = "";

	kt_process_1_lock();
	proc_name(1, name, sizeof(name));
	kt_process_1_unlock();
	EXPECT(name[0]);
}

static void finds_nothing(void)
{
	char buf[8];

	memset(buf, '#', sizeof(buf));
	proc_name(999999, buf, 8);
	EXPECT_EQ(memcmp(buf, "\0\0\0\0\0\0\0", 8), 0);
	memset(buf, '#', sizeof(buf));
	proc_name(1, buf, 0);
	proc_name(1, buf, -1);
	EXPECT_EQ(buf[0], '#');
	proc_name(0, buf, sizeof(buf));
	EXPECT_STR(buf, "kernel_");
	EXPECT(proc_find(999999) == PROC_NULL);
	EXPECT(proc_find(-1) == PROC_NULL);
	EXPECT(proc_find(2) == PROC_NULL);		/* a kernel thread of Linux */
	EXPECT(proc_find(0) == kernproc);
	EXPECT_EQ(proc_pid(PROC_NULL), -1);
	EXPECT_EQ(proc_ppid(PROC_NULL), -1);
	EXPECT_EQ(proc_suser(PROC_NULL), EPERM);
	EXPECT_EQ(proc_issignal(999999, ~0u), 0);
	proc_signal(999999, SIGTERM);
	proc_rele(PROC_NULL);
	EXPECT(hostname[255] == 0);
}

static void credentials(void)
{
	kauth_cred_t cred = kauth_cred_get_with_ref();

	EXPECT(cred == kauth_cred_get());
	EXPECT_EQ(kauth_cred_getuid(cred), 0);
	EXPECT_EQ(kauth_cred_getruid(cred), 0);
	EXPECT_EQ(kauth_cred_getgid(cred), 0);
	EXPECT_EQ(kauth_cred_issuser(cred), 1);
	EXPECT_EQ(suser(cred, NULL), 0);
	EXPECT_EQ(kauth_getuid(), 0);
	EXPECT_EQ(kauth_getgid(), 0);
	kauth_cred_ref(cred);
	kauth_cred_unref(&cred);
	EXPECT(cred == NULL);
	cred = kauth_cred_get();
	kauth_cred_unref(&cred);

	cred = kauth_cred_proc_ref(kernproc);
	EXPECT_EQ(kauth_cred_issuser(cred), 1);
	kauth_cred_unref(&cred);
	EXPECT(kauth_cred_proc_ref(PROC_NULL) == NULL);
	EXPECT_EQ(kauth_cred_issuser(proc_ucred(kernproc)), 1);
	EXPECT(proc_ucred(PROC_NULL) == NULL);
	EXPECT_EQ(kauth_cred_getuid(NULL), (u_int)-101);
	EXPECT_EQ(kauth_cred_issuser(NULL), 0);
	kauth_cred_unref(&cred);
}

static void contexts(void)
{
	vfs_context_t ctx = vfs_context_create(NULL), copy = vfs_context_create(ctx);

	EXPECT_EQ(kt_held(KT_MEMORY), 2);
	EXPECT(vfs_context_proc(ctx) == kernproc);
	EXPECT_EQ(vfs_context_pid(copy), 0);
	EXPECT(vfs_context_ucred(copy) == kauth_cred_get());
	EXPECT_EQ(vfs_context_suser(ctx), 0);
	EXPECT_EQ(vfs_context_issuser(vfs_context_current()), 1);
	vfs_context_rele(ctx);
	vfs_context_rele(copy);
	vfs_context_rele(vfs_context_current());

	ctx = vfs_context_kernel();
	EXPECT(vfs_context_proc(ctx) == kernproc);
	EXPECT_EQ(vfs_context_issuser(ctx), 1);
	EXPECT_EQ(vfs_context_is64bit(ctx), 1);
	copy = vfs_context_create(ctx);
	EXPECT_EQ(vfs_context_suser(copy), 0);
	vfs_context_rele(copy);
	vfs_context_rele(ctx);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void of_another_process(void)
{
	proc_t init = proc_find(1);
	kauth_cred_t cred = kauth_cred_proc_ref(init);

	EXPECT(proc_ucred(init) == cred);
	kauth_cred_unref(&cred);
	proc_rele(init);
}

const struct kt_case kern_proc_cases[] = {
	{ "a kernel thread is kernproc", a_kernel_thread_is_kernproc },
	{ "finds process 1", finds_process_1 },
	{ "a name needs no lock", a_name_needs_no_lock },
	{ "finds nothing", finds_nothing },
	{ "credentials", credentials },
	{ "contexts", contexts },
	{ "of another process", of_another_process },
	{ }
};
