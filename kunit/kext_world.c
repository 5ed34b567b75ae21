// SPDX-License-Identifier: GPL-2.0
/* The Linux world behind tests that are written as kext code; kext_suite.h makes KUnit suites of them. */

#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kmemleak.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include <netkpi/kext.h>
#include <netkpi/mbuf_layout.h>

#include "compat/files.h"
#include "kpi_priv.h"

#include "kext_suite.h"

static struct kunit *running;		/* tests run one at a time */
static struct kpi_kext *tests;		/* the kext that this module is meanwhile */

void kt_fail(const char *file, int line, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	KUNIT_FAIL(running, "%s:%d: %pV", kbasename(file), line, &vaf);
	va_end(args);
}

void kt_skip(const char *why)
{
	kunit_mark_skipped(running, "%s", why);
}

int kt_strcmp(const char *a, const char *b)
{
	return strcmp(a, b);
}

void kt_pause_ms(unsigned int ms)
{
	fsleep(ms * USEC_PER_MSEC);
}

unsigned long long kt_now_ns(void)
{
	return ktime_get_ns();
}

unsigned long kt_misuse_quiet(int quiet)
{
	kpi_misuse_quiet(quiet);
	return kpi_misuse_count();
}

long kt_held(enum kt_held what)
{
	static const enum kpi_held kinds[] = {
		[KT_THREADS] = KPI_HELD_THREAD,
		[KT_TIMERS] = KPI_HELD_TIMER,
		[KT_MEMORY] = KPI_HELD_MEMORY,
		[KT_TAGS] = KPI_HELD_TAG,
		[KT_LOCKS] = KPI_HELD_LOCK,
		[KT_SYSCTLS] = KPI_HELD_SYSCTL,
		[KT_MBUFS] = KPI_HELD_MBUF,
		[KT_CONTROLS] = KPI_HELD_CONTROL,
		[KT_CLIENTS] = KPI_HELD_CLIENT,
		[KT_FILTERS] = KPI_HELD_FILTER,
		[KT_PACKETS] = KPI_HELD_PACKET,
	};

	return kpi_kext_held(tests, kinds[what]);
}

void *kt_self(void)
{
	return current;
}

/* At several looks in a row, so not just on its way to sleep. */
int kt_asleep(void *thread)
{
	struct task_struct *task = thread;
	int looks;

	for (looks = 0; looks < 5 && READ_ONCE(task->__state) != TASK_RUNNING; looks++)
		kt_pause_ms(2);
	return looks == 5;
}

void kt_want_signals(void)
{
	allow_signal(SIGUSR1);
}

void kt_signal(void *thread)
{
	send_sig(SIGUSR1, thread, 1);
}

int kt_locks_held(void)
{
#ifdef CONFIG_LOCKDEP
	return debug_locks ? lockdep_depth(current) : -1;
#else
	return -1;
#endif
}

static struct task_struct *process_1(void)
{
	return pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_TGID);
}

void kt_process_1_lock(void) __acquires(RCU) __acquires(&process_1()->alloc_lock)
{
	rcu_read_lock();
	task_lock(process_1());
}

void kt_process_1_unlock(void) __releases(RCU) __releases(&process_1()->alloc_lock)
{
	task_unlock(process_1());
	rcu_read_unlock();
}

void kt_atomic_begin(void)
{
	local_bh_disable();
}

void kt_atomic_end(void)
{
	local_bh_enable();
}

int kt_fail_allocation(unsigned int n)
{
#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = n;
	return 1;
#else
	return 0;
#endif
}

unsigned long kt_user_page(void)
{
#ifdef KUNIT_HAVE_VM_MMAP
	unsigned long page = kunit_vm_mmap(running, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
					   MAP_ANONYMOUS | MAP_PRIVATE, 0);

	kmemleak_not_leak(current->mm);	/* KUnit attaches it and never lets it go */
	return IS_ERR_VALUE(page) ? 0 : page;
#else
	return 0;
#endif
}

long kt_read_file(const char *path, char *buf, size_t size)
{
	struct file *file = kpi_compat_open(path, O_RDONLY, 0);
	loff_t pos = 0;
	long n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_read(file, buf, size - 1, &pos);
	if (n >= 0)
		buf[n] = '\0';
	fput(file);
	return n;
}

long kt_write_file(const char *path, const char *text)
{
	struct file *file = kpi_compat_open(path, O_WRONLY, 0);
	loff_t pos = 0;
	long n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_write(file, text, strlen(text), &pos);
	fput(file);
	return n;
}

static int tests_start(struct bsd_kmod_info *ki, void *data)
{
	return 0;
}

static int tests_stop(struct bsd_kmod_info *ki, void *data)
{
	return 0;
}

static struct bsd_kmod_info info = { .start = tests_start, .stop = tests_stop };

static int become(const struct kpi_kext_build *build)
{
	int err = kpi_kext_load_as(THIS_MODULE, &info, build);

	tests = kpi_kext_of(tests_start);
	return err;
}

/* A suite is a kext, so that what it holds is counted. */
int kt_become_kext(struct kunit_suite *suite)
{
	return become(&(struct kpi_kext_build) { .layout = KPI_KEXT_LAYOUT });
}

int kt_become_direct_kext(struct kunit_suite *suite)
{
	return become(&(struct kpi_kext_build) { .layout = KPI_KEXT_LAYOUT, .direct = true });
}

int kt_keeps_off_io(void)
{
	return !!(current->flags & PF_MEMALLOC_NOIO);
}

int kt_is_direct(void)
{
	return kpi_kext_is_direct(tests);
}

unsigned long kt_counted(enum kt_counted what)
{
	static const enum kpi_counted kinds[] = {
		[KT_PACKETS_SEEN] = KPI_COUNT_SEEN,
		[KT_PACKETS_DROPPED] = KPI_COUNT_DROPPED,
		[KT_PACKETS_INJECTED] = KPI_COUNT_INJECTED,
	};

	return kpi_kext_counted(tests, kinds[what]);
}

void kt_no_kext_any_more(struct kunit_suite *suite)
{
	kpi_kext_stop(THIS_MODULE);
	kpi_kext_unload(THIS_MODULE);
}

/* The case after @prev in a table that ends with one without a name. */
const void *kt_next_case(const struct kt_case *first, const struct kt_case *prev, char *desc)
{
	const struct kt_case *c = prev ? prev + 1 : first;

	if (!c->name)
		return NULL;
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
	return c;
}

/* KUnit lends a test user memory and never takes it back. */
static void give_user_memory_back(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	kthread_unuse_mm(mm);
	mmput(mm);
}

void kt_run(struct kunit *test)
{
	const struct kt_case *c = test->param_value;

	running = test;
	c->run();
	give_user_memory_back();
}

/* The last case of each suite. */
void kt_leaves_nothing(struct kunit *test)
{
	int kind;

	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		KUNIT_EXPECT_EQ_MSG(test, kpi_kext_held(tests, kind), 0L,
				    "the suite holds something of kind %d", kind);
}
