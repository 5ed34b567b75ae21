// SPDX-License-Identifier: GPL-2.0
/*
 * Who runs the upcalls.
 *
 * Each CPU has two threads for those whose event came in there. They are woken
 * like a thread that sleeps in a read, and cost no more. One stays, because a
 * wake-up across CPUs is most of the cost of an answer. The other is for streams:
 * it runs where the scheduler likes, beside the sender if there is a CPU to spare;
 * if there is none it lets the sender go on, and finds more when its turn comes.
 *
 * But an upcall may sleep for as long as it likes, and one sleeper must not keep
 * the others waiting: while the threads are busy a work queue does their work.
 */

#include <linux/cpuhotplug.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <uapi/linux/sched/types.h>

#include "../compat/socket.h"
#include "event.h"

enum place { HERE, ANYWHERE, PLACES };

/* What comes again after so little rest is a stream. */
#define STREAM_US	200

struct runner {
	struct task_struct *thread;	/* or NULL */
	struct wait_queue_entry wait;	/* of the thread, in no queue */
	struct __socket *so;		/* whose upcalls it runs, or is to run; or NULL */
	bool again;			/* that one's are not over; the thread's own */
};

static DEFINE_PER_CPU(struct runner, runners[PLACES]);
static int hotplug_state;

static struct workqueue_struct *upcall_queue;

/*
 * For what ends somebody's wait: time limits, what happens to borrowed sockets.
 * Nothing in here waits for a kext, so it is never behind an upcall.
 */
struct workqueue_struct *kpi_event_queue;

static bool upcall_unbound;
module_param(upcall_unbound, bool, 0444);
MODULE_PARM_DESC(upcall_unbound, "let all upcalls run on any CPU, in a work queue");

/* A peer that sends as fast as it can must leave the others on this machine their share. */
static bool upcall_highpri;
module_param(upcall_highpri, bool, 0444);
MODULE_PARM_DESC(upcall_highpri, "upcalls go before everything of ordinary priority (nice -20)");

static int run_upcalls(void *arg)
{
	struct runner *runner = arg;

	while (!kthread_should_stop()) {
		struct __socket *so = READ_ONCE(runner->so);

		if (!so) {
			wait_woken(&runner->wait, TASK_IDLE, MAX_SCHEDULE_TIMEOUT);
			continue;
		}
		runner->again = false;
		kpi_upcall_run(so);
		/* Free again before another has the CPU: the answer may have woken who asks next. */
		if (!runner->again)
			smp_store_release(&runner->so, NULL);	/* pairs with cmpxchg() in try_runner() */
		cond_resched();
	}
	return 0;
}

static bool try_runner(struct runner *runner, struct __socket *so)
{
	if (!READ_ONCE(runner->thread) || READ_ONCE(runner->so) || cmpxchg(&runner->so, NULL, so))
		return false;
	woken_wake_function(&runner->wait, TASK_NORMAL, 0, NULL);
	return true;
}

static u32 now_us(void)
{
	return local_clock() >> 10;
}

/* When a socket here that does not answer had its upcalls. */
static DEFINE_PER_CPU(u32, rests_since);

/* The socket's upcalls are over, for now. */
void kpi_dispatch_rest(struct __socket *so)
{
	so->rests_since = now_us();
	if (!READ_ONCE(so->answers))
		this_cpu_write(rests_since, so->rests_since);
}

/*
 * A stream: hardly were the upcalls over, this socket's or another's here, there is
 * more, and nothing was sent in between. Who sent something waits for an answer, or
 * gives one.
 */
static bool is_stream(const struct __socket *so)
{
	u32 now = now_us();

	return !READ_ONCE(so->answers) &&
	       (now - so->rests_since < STREAM_US ||
		now - this_cpu_read(rests_since) < STREAM_US);
}

/* Has the socket's upcalls run soon; takes over a ref. With the socket's lock held. */
void kpi_dispatch(struct __socket *so)
{
	struct runner *here = this_cpu_ptr(runners);

	lockdep_assert_held(&so->lock);

	if (is_stream(so) && try_runner(&here[ANYWHERE], so))
		return;
	WRITE_ONCE(so->answers, false);
	if (!try_runner(&here[HERE], so))
		queue_work(upcall_queue, &so->work);
}

/* As kpi_dispatch(), by who runs the upcalls: after so many calls it looks who else is there. */
void kpi_dispatch_again(struct __socket *so)
{
	if (kthread_func(current) == run_upcalls)
		((struct runner *)kthread_data(current))->again = true;
	else
		queue_work(upcall_queue, &so->work);
}

void kpi_dispatch_work(struct work_struct *work)
{
	kpi_upcall_run(container_of(work, struct __socket, work));
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

/* An equal share for both. Who reads a stream does not interrupt its sender for each message. */
static void set_share(struct task_struct *thread, enum place place)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = place == ANYWHERE && !upcall_highpri ? SCHED_BATCH : SCHED_NORMAL,
		.sched_nice = upcall_highpri ? MIN_NICE : 0,
	};

	sched_setattr_nocheck(thread, &attr);
}

static void make_runner(enum place place, unsigned int cpu, const char *name)
{
	struct runner *runner = &per_cpu_ptr(runners, cpu)[place];
	struct task_struct *thread;

	thread = kthread_create_on_node(run_upcalls, runner, cpu_to_node(cpu), name, cpu);
	if (IS_ERR(thread))
		return;
	runner->wait.private = thread;
	set_share(thread, place);
	wake_up_process(thread);
	WRITE_ONCE(runner->thread, thread);
}

/*
 * A CPU is there, or there again. One that goes needs no thought: its threads
 * finish elsewhere what they have. Without a thread there is still the queue.
 */
static int runners_start(unsigned int cpu)
{
	struct runner *runner = per_cpu_ptr(runners, cpu);

	if (!runner[HERE].thread)
		make_runner(HERE, cpu, "kpi_upcall/%u");
	if (runner[HERE].thread)
		set_cpus_allowed_ptr(runner[HERE].thread, cpumask_of(cpu));
	if (!runner[ANYWHERE].thread)
		make_runner(ANYWHERE, cpu, "kpi_reader/%u");
	return 0;
}

static void runner_stop(struct runner *runner)
{
	if (runner->thread)
		kthread_stop(runner->thread);
	runner->thread = NULL;
}

static void runners_stop(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		runner_stop(&per_cpu_ptr(runners, cpu)[HERE]);
		runner_stop(&per_cpu_ptr(runners, cpu)[ANYWHERE]);
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

	hotplug_state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "netkpi:upcalls", runners_start,
					  NULL);
	if (hotplug_state >= 0)
		return 0;
	runners_stop();
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
