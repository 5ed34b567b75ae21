// SPDX-License-Identifier: GPL-2.0
/*
 * Who runs the upcalls.
 *
 * Each CPU has a thread for those whose event came in there. It is woken like a
 * thread that sleeps in a read, and costs no more. But an upcall may sleep for
 * as long as it likes, and one sleeper must not keep the others waiting: while
 * the thread is busy a work queue does its work.
 */

#include <linux/cpuhotplug.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "../compat/socket.h"
#include "event.h"

struct runner {
	struct task_struct *thread;	/* or NULL */
	struct wait_queue_entry wait;	/* of the thread, in no queue */
	struct __socket *so;		/* whose upcalls it runs, or is to run; or NULL */
};

static DEFINE_PER_CPU(struct runner, runners);
static int hotplug_state;

static struct workqueue_struct *upcall_queue;

/*
 * For what ends somebody's wait: time limits, what happens to borrowed sockets.
 * Nothing in here waits for a kext, so it is never behind an upcall.
 */
struct workqueue_struct *kpi_event_queue;

/*
 * By default an upcall runs on the CPU where its event came in: no wake-up
 * across CPUs, which costs more than anything else here. Kexts whose upcalls
 * burn much CPU may want the scheduler to choose.
 */
static bool upcall_unbound;
module_param(upcall_unbound, bool, 0444);
MODULE_PARM_DESC(upcall_unbound, "let upcalls run on any CPU");

/* A peer that sends as fast as it can must leave the others on this machine their share. */
static bool upcall_highpri;
module_param(upcall_highpri, bool, 0444);
MODULE_PARM_DESC(upcall_highpri, "upcalls go before everything of ordinary priority (nice -20)");

/* Has the socket's upcalls run soon; takes over a ref. With the socket's lock held. */
void kpi_dispatch(struct __socket *so)
{
	struct runner *runner = this_cpu_ptr(&runners);

	lockdep_assert_held(&so->lock);

	if (READ_ONCE(runner->thread) && !cmpxchg(&runner->so, NULL, so))
		woken_wake_function(&runner->wait, TASK_NORMAL, 0, NULL);
	else
		queue_work(upcall_queue, &so->work);
}

void kpi_dispatch_work(struct work_struct *work)
{
	kpi_upcall_run(container_of(work, struct __socket, work));
}

static int run_upcalls(void *arg)
{
	struct runner *runner = arg;

	while (!kthread_should_stop()) {
		struct __socket *so = READ_ONCE(runner->so);

		if (!so) {
			wait_woken(&runner->wait, TASK_IDLE, MAX_SCHEDULE_TIMEOUT);
			continue;
		}
		kpi_upcall_run(so);
		/* pairs with cmpxchg() in kpi_dispatch() */
		smp_store_release(&runner->so, NULL);
		cond_resched();
	}
	return 0;
}

/* The socket whose upcall this thread is in, if any. */
struct __socket *kpi_upcall_current(void)
{
	struct work_struct *work = current_work();

	if (work && work->func == kpi_dispatch_work)
		return container_of(work, struct __socket, work);
	if (kthread_func(current) == run_upcalls)
		return ((struct runner *)kthread_data(current))->so;
	return NULL;
}

/*
 * A CPU is there, or there again. One that goes needs no thought: its thread
 * finishes elsewhere what it has. Without a thread there is still the queue.
 */
static int runner_start(unsigned int cpu)
{
	struct runner *runner = per_cpu_ptr(&runners, cpu);
	struct task_struct *thread = runner->thread;

	if (!thread) {
		thread = kthread_create_on_node(run_upcalls, runner, cpu_to_node(cpu),
						"kpi_upcall/%u", cpu);
		if (IS_ERR(thread))
			return 0;
		runner->wait.private = thread;
		if (upcall_highpri)
			set_user_nice(thread, MIN_NICE);
		wake_up_process(thread);
	}
	set_cpus_allowed_ptr(thread, cpumask_of(cpu));
	WRITE_ONCE(runner->thread, thread);
	return 0;
}

static void runners_stop(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct runner *runner = per_cpu_ptr(&runners, cpu);

		if (runner->thread)
			kthread_stop(runner->thread);
		runner->thread = NULL;
	}
}

static int queues_init(void)
{
	unsigned int flags = upcall_unbound ? WQ_UNBOUND : KPI_COMPAT_WQ_PERCPU;

	if (upcall_highpri)
		flags |= WQ_HIGHPRI;
	upcall_queue = alloc_workqueue("kpi_upcall", flags | WQ_MEM_RECLAIM, WQ_MAX_ACTIVE);
	if (!upcall_queue)
		return -ENOMEM;
	kpi_event_queue = alloc_workqueue("kpi_event", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	if (kpi_event_queue)
		return 0;
	destroy_workqueue(upcall_queue);
	return -ENOMEM;
}

static void queues_exit(void)
{
	destroy_workqueue(kpi_event_queue);
	destroy_workqueue(upcall_queue);
}

int kpi_dispatch_init(void)
{
	int err = queues_init();

	if (err || upcall_unbound)
		return err;

	hotplug_state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "netkpi:upcalls", runner_start,
					  NULL);
	if (hotplug_state >= 0)
		return 0;
	queues_exit();
	return hotplug_state;
}

/* There are no sockets any more. */
void kpi_dispatch_exit(void)
{
	if (!upcall_unbound)
		cpuhp_remove_state_nocalls(hotplug_state);
	runners_stop();
	queues_exit();
}
