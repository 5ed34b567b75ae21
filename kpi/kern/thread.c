// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel threads of kexts.
 *
 * A thread is charged to the kext whose function it runs until that function
 * has returned; it keeps the layer loaded until its last instruction.
 */

#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kpi/thread.h>

#include "kern_priv.h"
#include "wait.h"

#define KERN_SUCCESS		0
#define KERN_FAILURE		5
#define KERN_RESOURCE_SHORTAGE	6

struct kext_thread {
	thread_continue_t fn;
	void (*simple_fn)(void *argument);	/* instead of fn */
	void *parameter;
	wait_result_t result;
	struct kpi_kext *kext;
};

static void __noreturn thread_end(struct kext_thread *t)
{
	struct kpi_kext *kext = t->kext;

	kpi_lock_sites_leave();
	kpi_clear_wait(current);
	kfree(t);
	kpi_kext_charge(kext, KPI_HELD_THREAD, -1);
	module_put_and_kthread_exit(0);
}

static int thread_main(void *data)
{
	struct kext_thread *t = data;

	if (t->simple_fn)
		t->simple_fn(t->parameter);
	else
		t->fn(t->parameter, t->result);
	thread_end(t);
}

/* Whether the running thread was started here. */
bool kpi_thread_is_ours(void)
{
	return current->flags & PF_KTHREAD && kthread_func(current) == thread_main;
}

/* A new thread, not yet running, with a reference for the caller. */
static struct task_struct *thread_new(struct kext_thread start)
{
	struct task_struct *task;
	struct kext_thread *t;

	t = kmemdup(&start, sizeof(start), GFP_KERNEL);
	if (!t)
		return ERR_PTR(-ENOMEM);

	task = kthread_create(thread_main, t, "%s", kpi_kext_name(start.kext));
	if (IS_ERR(task)) {
		kfree(t);
		return task;
	}
	get_task_struct(task);
	__module_get(THIS_MODULE);
	kpi_kext_charge(start.kext, KPI_HELD_THREAD, 1);
	return task;
}

/* Lets a continuation run with a fresh stack; the running thread is to end then. */
int kpi_thread_continue(thread_continue_t fn, void *parameter, wait_result_t result)
{
	struct task_struct *task;

	task = thread_new((struct kext_thread){ .fn = fn, .parameter = parameter,
						.result = result, .kext = kpi_kext_of(fn) });
	if (IS_ERR(task))
		return PTR_ERR(task);
	wake_up_process(task);
	put_task_struct(task);
	return 0;
}

/* For IOCreateThread(), whose function takes one argument. */
thread_t kpi_thread_start_simple(void (*fn)(void *argument), void *argument)
{
	struct task_struct *task;

	task = thread_new((struct kext_thread){ .simple_fn = fn, .parameter = argument,
						.kext = kpi_kext_of(fn) });
	if (IS_ERR(task))
		return NULL;
	wake_up_process(task);
	put_task_struct(task);
	return kpi_thread_of(task);
}

/**
 * kpi_kernel_thread_start() - start a kernel thread
 * @fn:         called as fn(parameter, 0); the thread ends when it returns
 * @parameter:  for @fn
 * @new_thread: out: the thread, which the caller gives back with
 *              kpi_thread_deallocate(); may be NULL
 *
 * While the thread runs the kext cannot stop.
 *
 * macOS difference: none.
 *
 * Context: Process context; may sleep.
 * Return: KERN_SUCCESS or KERN_RESOURCE_SHORTAGE.
 */
kern_return_t kpi_kernel_thread_start(thread_continue_t fn, void *parameter,
				      thread_t *new_thread)
{
	struct task_struct *task;

	kpi_might_sleep();
	task = thread_new((struct kext_thread){ .fn = fn, .parameter = parameter,
						.kext = kpi_kext_of(fn) });
	if (IS_ERR(task))
		return KERN_RESOURCE_SHORTAGE;

	if (new_thread)
		*new_thread = kpi_thread_of(task);
	wake_up_process(task);
	if (!new_thread)
		put_task_struct(task);
	return KERN_SUCCESS;
}
KPI_EXPORT(kpi_kernel_thread_start);

/**
 * kpi_current_thread() - the running thread
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: the thread, borrowed; no other thread has this handle while it lives.
 */
thread_t kpi_current_thread(void)
{
	return kpi_thread_of(current);
}
KPI_EXPORT(kpi_current_thread);

/**
 * kpi_thread_reference() - take another reference on a thread
 * @thread: the thread, or NULL
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_thread_reference(thread_t thread)
{
	if (thread)
		get_task_struct(kpi_task_of(thread));
}
KPI_EXPORT(kpi_thread_reference);

/**
 * kpi_thread_deallocate() - give back a reference on a thread
 * @thread: the thread, or NULL
 *
 * The thread goes on running.
 *
 * macOS difference: none.
 *
 * Context: Any.
 */
void kpi_thread_deallocate(thread_t thread)
{
	if (thread)
		put_task_struct(kpi_task_of(thread));
}
KPI_EXPORT(kpi_thread_deallocate);

/**
 * kpi_thread_terminate() - end the running thread
 * @thread: must be the running thread, from kpi_kernel_thread_start()
 *
 * Another thread goes on: no kext can end one on macOS, either. A kext whose
 * thread still runs when its stop routine returns is not unloaded.
 *
 * macOS difference: a thread of a process cannot end itself this way.
 *
 * Context: Process context.
 * Return: does not return on success; KERN_FAILURE for any other thread.
 */
kern_return_t kpi_thread_terminate(thread_t thread)
{
	if (kpi_task_of(thread) == current && kpi_thread_is_ours())
		thread_end(kthread_data(current));
	return KERN_FAILURE;
}
KPI_EXPORT(kpi_thread_terminate);

/**
 * kpi_thread_tid() - the number of a thread
 * @thread: the thread, or NULL
 *
 * macOS difference: Linux uses numbers again, after a long time.
 *
 * Context: Any.
 * Return: the number; 0 for NULL.
 */
u_int64_t kpi_thread_tid(thread_t thread)
{
	return thread ? task_pid_nr(kpi_task_of(thread)) : 0;
}
KPI_EXPORT(kpi_thread_tid);

/**
 * kpi_thread_set_thread_name() - name a thread
 * @thread: the thread
 * @name:   its name; 15 characters are kept
 *
 * macOS difference: shorter names.
 *
 * Context: Any but interrupts.
 */
void kpi_thread_set_thread_name(thread_t thread, const char *name)
{
	struct task_struct *task = kpi_task_of(thread);

	if (!task || !name)
		return;
	task_lock(task);
	strscpy_pad(task->comm, name, sizeof(task->comm));
	task_unlock(task);
}
KPI_EXPORT(kpi_thread_set_thread_name);

/**
 * kpi_thread_block_parameter() - begin the sleep that was announced
 * @continuation: where the thread goes on, or NULL to return
 * @parameter:    the continuation's first argument
 *
 * Without an announced sleep the thread only yields.
 *
 * macOS difference: the continuation runs in a new Linux thread, because a
 * Linux thread cannot leave its stack behind; a thread that was not started by
 * kernel_thread_start() calls it and returns.
 *
 * Context: Process context; may sleep.
 * Return: why the sleep ended.
 */
wait_result_t kpi_thread_block_parameter(thread_continue_t continuation, void *parameter)
{
	wait_result_t result;

	if (!kpi_may_sleep()) {
		kpi_misuse(kpi_why_awake());
		kpi_clear_wait(current);
		return THREAD_AWAKENED;
	}

	result = kpi_announced_sleep();
	if (!continuation)
		return result;

	if (kpi_thread_is_ours() && !kpi_thread_continue(continuation, parameter, result))
		kpi_thread_terminate(kpi_current_thread());
	continuation(parameter, result);
	if (kpi_thread_is_ours())
		kpi_thread_terminate(kpi_current_thread());
	return result;
}
KPI_EXPORT(kpi_thread_block_parameter);

/**
 * kpi_thread_block() - begin the sleep that was announced
 * @continuation: where the thread goes on, or NULL to return
 *
 * macOS difference: as kpi_thread_block_parameter().
 *
 * Context: Process context; may sleep.
 * Return: why the sleep ended.
 */
wait_result_t kpi_thread_block(thread_continue_t continuation)
{
	return kpi_thread_block_parameter(continuation, NULL);
}
KPI_EXPORT(kpi_thread_block);
