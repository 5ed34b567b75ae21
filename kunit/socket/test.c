// SPDX-License-Identifier: GPL-2.0
/* The scenarios' way to KUnit, to threads, to time, and to failing allocations. */

#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <kunit/test.h>

#include "kpi_priv.h"
#include "mbuf/check.h"
#include "mbuf/mbuf_priv.h"
#include "socket/socket_priv.h"
#include "context.h"
#include "test.h"

static bool stress;
module_param(stress, bool, 0444);
MODULE_PARM_DESC(stress, "repeat as often as in make stress");

struct st_deferred {
	struct list_head node;
	enum st_phase phase;
	void (*fn)(void *arg);
	void *arg;
};

struct st_context {
	spinlock_t lock;
	struct list_head deferred;	/* W: lock */
	unsigned long misuses;		/* before the scenario */
	bool misuse_expected;
	bool misuse_wanted;
};

struct st_event {
	struct completion done;
};

struct st_thread {
	struct task_struct *task;
	struct kunit *test;
	void (*fn)(void *arg);
	void *arg;
	struct completion ended;
	bool begun;
};

/* One piece of st_alloc(). */
struct st_memory {
	struct list_head node;
	u8 data[] __aligned(16);
};

static LIST_HEAD(memory);		/* W: memory_lock */
static DEFINE_SPINLOCK(memory_lock);

static unsigned long deadline(void)
{
	return msecs_to_jiffies(ST_DEADLINE_MS);
}

int st_case_init(struct kunit *test)
{
	struct st_context *context;

	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context)
		return -ENOMEM;
	spin_lock_init(&context->lock);
	INIT_LIST_HEAD(&context->deferred);
	kpi_misuse_quiet(true);
	context->misuses = kpi_misuse_count();
	test->priv = context;
	return 0;
}

static struct st_deferred *take_newest(struct st_context *context, enum st_phase phase)
{
	struct st_deferred *found = NULL, *deferred;

	spin_lock(&context->lock);
	list_for_each_entry(deferred, &context->deferred, node) {
		if (deferred->phase != phase)
			continue;
		found = deferred;
		list_del(&found->node);
		break;
	}
	spin_unlock(&context->lock);
	return found;
}

static void run_deferred(struct st_context *context, enum st_phase phase)
{
	struct st_deferred *deferred;

	while ((deferred = take_newest(context, phase))) {
		deferred->fn(deferred->arg);
		kfree(deferred);
	}
}

void st_case_exit(struct kunit *test)
{
	struct st_context *context = test->priv;
	enum st_phase phase;

	if (!context)
		return;
	st_fail_nth(0);
	for (phase = ST_OPEN_GATES; phase < ST_PHASES; phase++)
		run_deferred(context, phase);

	if (!context->misuse_expected && kpi_misuse_count() != context->misuses)
		KUNIT_FAIL(test, "the layer reported a mistake of its caller");
	if (context->misuse_wanted && kpi_misuse_count() == context->misuses)
		KUNIT_FAIL(test, "the layer reported no mistake");
	kpi_misuse_quiet(false);
	kfree(context);
	test->priv = NULL;
}

unsigned int st_rounds(unsigned int quick, unsigned int thorough)
{
	return stress ? thorough : quick;
}

void st_fail(struct kunit *test, const char *file, int line, const char *fmt, ...)
{
	struct va_format what;
	va_list args;

	va_start(args, fmt);
	what.fmt = fmt;
	what.va = &args;
	KUNIT_FAIL(test, "%s:%d: %pV", kbasename(file), line, &what);
	va_end(args);
}

void st_abort(struct kunit *test)
{
	KUNIT_ASSERT_TRUE_MSG(test, false, "the rest needs this");
}

void st_skip(struct kunit *test, const char *why)
{
	kunit_skip(test, "%s", why);
}

void st_note(struct kunit *test, const char *fmt, ...)
{
	struct va_format what;
	va_list args;

	va_start(args, fmt);
	what.fmt = fmt;
	what.va = &args;
	kunit_info(test, "%pV", &what);
	va_end(args);
}

void st_misuse_expected(struct kunit *test)
{
	struct st_context *context = test->priv;

	context->misuse_expected = true;
}

void st_misuse_wanted(struct kunit *test)
{
	struct st_context *context = test->priv;

	st_misuse_expected(test);
	context->misuse_wanted = true;
}

void st_defer(struct kunit *test, enum st_phase phase, void (*fn)(void *arg), void *arg)
{
	struct st_context *context = test->priv;
	struct st_deferred *deferred;

	deferred = kmalloc(sizeof(*deferred), GFP_KERNEL | __GFP_NOFAIL);
	deferred->phase = phase;
	deferred->fn = fn;
	deferred->arg = arg;
	spin_lock(&context->lock);
	list_add(&deferred->node, &context->deferred);
	spin_unlock(&context->lock);
}

int st_undefer(struct kunit *test, void (*fn)(void *arg), void *arg)
{
	struct st_context *context = test->priv;
	struct st_deferred *deferred, *found = NULL;

	spin_lock(&context->lock);
	list_for_each_entry(deferred, &context->deferred, node) {
		if (deferred->fn != fn || deferred->arg != arg)
			continue;
		found = deferred;
		list_del(&found->node);
		break;
	}
	spin_unlock(&context->lock);
	kfree(found);
	return !!found;
}

void *st_alloc(struct kunit *test, size_t size)
{
	struct st_memory *piece = kvzalloc(sizeof(*piece) + size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, piece);
	spin_lock(&memory_lock);
	list_add(&piece->node, &memory);
	spin_unlock(&memory_lock);
	return piece->data;
}

void st_free(void *data)
{
	struct st_memory *piece = container_of(data, struct st_memory, data);

	spin_lock(&memory_lock);
	list_del(&piece->node);
	spin_unlock(&memory_lock);
	kvfree(piece);
}

/* By now every upcall that was on its way has long returned. */
void st_suite_exit(struct kunit_suite *suite)
{
	struct st_memory *piece, *next;

	list_for_each_entry_safe(piece, next, &memory, node)
		kvfree(piece);
	INIT_LIST_HEAD(&memory);
}

long long st_now_ms(void)
{
	return ktime_to_ms(ktime_get());
}

long long st_now_ns(void)
{
	return ktime_get_ns();
}

void st_pause_ms(unsigned int ms)
{
	usleep_range(ms * USEC_PER_MSEC, ms * USEC_PER_MSEC + 200);
}

void st_give_way(void)
{
	cond_resched();
}

static void set_event(void *event)
{
	st_event_set(event);
}

struct st_event *st_event(struct kunit *test)
{
	struct st_event *event = st_alloc(test, sizeof(*event));

	init_completion(&event->done);
	st_defer(test, ST_OPEN_GATES, set_event, event);
	return event;
}

void st_event_set(struct st_event *event)
{
	complete_all(&event->done);
}

void st_event_clear(struct st_event *event)
{
	reinit_completion(&event->done);
}

int st_event_wait(struct st_event *event)
{
	return !!wait_for_completion_timeout(&event->done, deadline());
}

static int thread_main(void *data)
{
	struct st_thread *thread = data;

	allow_signal(SIGUSR1);
	allow_signal(SIGPIPE);
	WRITE_ONCE(thread->begun, true);
	thread->fn(thread->arg);
	complete_all(&thread->ended);
	return 0;
}

static void reap(struct st_thread *thread)
{
	kthread_stop(thread->task);
	put_task_struct(thread->task);
	thread->task = NULL;
}

/* A thread that does not come back keeps the module: its text is in use. */
static void end_thread(void *data)
{
	struct st_thread *thread = data;

	if (!wait_for_completion_timeout(&thread->ended, deadline())) {
		st_signal(thread);
		KUNIT_FAIL(thread->test, "a thread did not end by itself");
		wait_for_completion(&thread->ended);
	}
	reap(thread);
}

struct st_thread *st_thread_on(struct kunit *test, unsigned int cpu,
			       void (*fn)(void *arg), void *arg)
{
	struct st_thread *thread = st_alloc(test, sizeof(*thread));

	thread->test = test;
	thread->fn = fn;
	thread->arg = arg;
	init_completion(&thread->ended);
	thread->task = kthread_create(thread_main, thread, "scenario");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread->task));
	get_task_struct(thread->task);
	if (cpu < nr_cpu_ids)
		kthread_bind(thread->task, cpu);
	st_defer(test, ST_JOIN_THREADS, end_thread, thread);
	wake_up_process(thread->task);
	return thread;
}

struct st_thread *st_thread(struct kunit *test, void (*fn)(void *arg), void *arg)
{
	return st_thread_on(test, nr_cpu_ids, fn, arg);
}

/* Asleep, that is, at several looks in a row, so not just on its way to sleep. */
int st_asleep(struct st_thread *thread)
{
	unsigned long end = jiffies + deadline();
	int looks = 0;

	while (looks < 5 && time_before(jiffies, end) && !st_ended(thread)) {
		bool sleeps = READ_ONCE(thread->begun) &&
			      READ_ONCE(thread->task->__state) != TASK_RUNNING;

		looks = sleeps ? looks + 1 : 0;
		st_pause_ms(2);
	}
	return looks == 5;
}

void st_signal(struct st_thread *thread)
{
	send_sig(SIGUSR1, thread->task, 1);
}

int st_ended(struct st_thread *thread)
{
	return completion_done(&thread->ended);
}

int st_join(struct st_thread *thread)
{
	if (!thread->task)
		return 1;
	if (!wait_for_completion_timeout(&thread->ended, deadline()))
		return 0;
	st_undefer(thread->test, end_thread, thread);
	reap(thread);
	return 1;
}

int st_sigpipe_pending(void)
{
	return sigismember(&current->pending.signal, SIGPIPE) ||
	       sigismember(&current->signal->shared_pending.signal, SIGPIPE);
}

unsigned int st_cpus(void)
{
	return num_online_cpus();
}

int st_handles_are_checked(void)
{
	return KPI_MBUF_DEBUG;
}

int st_may_sleep(void)
{
	might_sleep();
	return in_task() && !irqs_disabled() && !in_atomic() && !rcu_preempt_depth();
}

int st_keeps_off_io(void)
{
	return !!(current->flags & PF_MEMALLOC_NOIO);
}

void st_as_user(void (*fn)(void *arg), void *arg)
{
	const struct cred *before;
	struct cred *user = prepare_creds();

	if (!user)
		return;
	user->uid = KUIDT_INIT(1000);
	user->euid = user->uid;
	user->suid = user->uid;
	user->fsuid = user->uid;
	cap_clear(user->cap_effective);
	cap_clear(user->cap_permitted);
	cap_clear(user->cap_inheritable);
	before = override_creds(user);
	fn(arg);
	revert_creds(before);
	put_cred(user);
}

struct st_held st_held(void)
{
	struct kpi_mbuf_counts counts = kpi_mbuf_counts();

	return (struct st_held){ counts.mbufs, counts.clusters, counts.views };
}

#ifdef CONFIG_FAULT_INJECTION
unsigned int st_fail_nth(unsigned int n)
{
	unsigned int left = current->fail_nth;

	current->fail_nth = n;
	return left;
}
#else
unsigned int st_fail_nth(unsigned int n)
{
	return 0;
}
#endif

int st_can_fail(void)
{
	void *memory;

	if (!IS_ENABLED(CONFIG_FAILSLAB))
		return 0;
	st_fail_nth(1);
	memory = kmalloc(16, GFP_KERNEL | __GFP_NOWARN);
	st_fail_nth(0);
	kfree(memory);
	return !memory;
}

int st_refuse_nth(unsigned int n)
{
	int failed = kpi_mbuf_fail_fired();

	kpi_mbuf_fail_nth(n);
	return failed;
}

static void mbufs_for(void *so)
{
	((socket_t)so)->sk->sk_allocation = GFP_KERNEL;
	kpi_mbuf_fail_nonblocking(false);
}

void st_no_mbufs_for(struct kunit *test, socket_t so, int on)
{
	if (!on) {
		st_undefer(test, mbufs_for, so);
		mbufs_for(so);
		return;
	}
	st_defer(test, ST_OPEN_GATES, mbufs_for, so);
	kpi_mbuf_fail_nonblocking(true);
	so->sk->sk_allocation = GFP_NOWAIT;
}
