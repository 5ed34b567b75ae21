// SPDX-License-Identifier: GPL-2.0
/* Start, stop and unload of a kext, seen from its glue: this module is one. */

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/in.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/rcupdate.h>

#include <kpi/locks.h>
#include <kpi/mbuf.h>
#include <kpi/memory.h>
#include <kpi/socket.h>
#include <kpi/sysctl.h>
#include <kpi/thread.h>
#include <netkpi/kext.h>
#include <netkpi/mbuf_layout.h>

#include "compat/files.h"
#include "kpi_priv.h"
#include "socket/socket_priv.h"

#include "kunit_compat.h"

#define EBUSY_OF_MACOS	16

static int start_status, stop_status, starts, stops;
static bool thread_may_end;

static int kext_start(struct bsd_kmod_info *ki, void *data)
{
	starts++;
	return start_status;
}

static int kext_stop(struct bsd_kmod_info *ki, void *data)
{
	stops++;
	return stop_status;
}

static struct bsd_kmod_info info = { .start = kext_start, .stop = kext_stop };

static int load(struct module *module, struct bsd_kmod_info *kmod_info)
{
	return kpi_kext_load_as(module, kmod_info, &(struct kpi_kext_build) { });
}

static int kext_init(struct kunit *test)
{
	start_status = 0;
	stop_status = 0;
	starts = 0;
	stops = 0;
	thread_may_end = false;
	return 0;
}

static void fails_to_start(struct kunit *test)
{
	start_status = 5;
	KUNIT_EXPECT_EQ(test, load(THIS_MODULE, &info), -ENODEV);
	KUNIT_EXPECT_EQ(test, starts, 1);
	KUNIT_EXPECT_EQ_MSG(test, stops, 0, "what did not start is not stopped");
	KUNIT_EXPECT_PTR_EQ_MSG(test, kpi_kext_of(kext_start), (struct kpi_kext *)NULL,
				"nothing is registered");
}

static void of_another_layer(struct kunit *test)
{
	struct kpi_mbuf_layout layout = kpi_mbuf_layout;
	const struct kpi_kext_build build = { .layout = &layout };
	u16 *word;

	for (word = (u16 *)&layout; word != (u16 *)(&layout + 1); word++) {
		*word += 8;
		KUNIT_EXPECT_EQ(test, kpi_kext_load_as(THIS_MODULE, &info, &build), -ENOEXEC);
		*word -= 8;
	}
	KUNIT_EXPECT_EQ(test, starts, 0);
	KUNIT_ASSERT_EQ(test, kpi_kext_load_as(THIS_MODULE, &info, &build), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	kpi_kext_unload(THIS_MODULE);
}

static void refuses_to_stop(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	stop_status = EBUSY_OF_MACOS;
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), -EBUSY);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), -EBUSY);
	KUNIT_EXPECT_FALSE(test, kpi_kext_stopped(THIS_MODULE));
	stop_status = 0;
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	KUNIT_EXPECT_EQ(test, stops, 3);
	KUNIT_EXPECT_EQ_MSG(test, kpi_kext_stop(THIS_MODULE), 0, "stopped already");
	KUNIT_EXPECT_EQ(test, stops, 3);
	kpi_kext_unload(THIS_MODULE);
}

/* As macOS: what is retained is not even asked to stop. */
static void is_retained(struct kunit *test)
{
	u32 tag;

	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	tag = info.id;
	KUNIT_EXPECT_EQ(test, kpi_OSKextRetainKextWithLoadTag(tag), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), -EBUSY);
	KUNIT_EXPECT_EQ(test, stops, 0);
	KUNIT_EXPECT_EQ(test, kpi_OSKextReleaseKextWithLoadTag(tag), 0);
	kpi_misuse_quiet(true);
	KUNIT_EXPECT_EQ_MSG(test, kpi_OSKextReleaseKextWithLoadTag(tag), 0, "one too many");
	kpi_misuse_quiet(false);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	KUNIT_EXPECT_EQ(test, stops, 1);
	kpi_kext_unload(THIS_MODULE);

	KUNIT_EXPECT_EQ(test, (u32)kpi_OSKextRetainKextWithLoadTag(tag), KPI_KEXT_NOT_FOUND);
	KUNIT_EXPECT_EQ(test, (u32)kpi_OSKextRetainKextWithLoadTag(KPI_MAX_KEXTS + 1),
			KPI_KEXT_NOT_FOUND);
	KUNIT_EXPECT_EQ(test, (u32)kpi_OSKextReleaseKextWithLoadTag(0),
			KPI_KEXT_INVALID_ARGUMENT);
	KUNIT_EXPECT_EQ(test, (u32)kpi_OSKextRetainKextWithLoadTag(U32_MAX),
			KPI_KEXT_INVALID_ARGUMENT);
}

static void lingering_thread(void *parameter, wait_result_t result)
{
	while (!READ_ONCE(thread_may_end))
		schedule_timeout_uninterruptible(1);
}

static void timer(void *arg)
{
}

static struct bsd_sysctl_oid value = {
	.oid_parent = &kpi_sysctl__kern_children,
	.oid_kind = (int)(CTLTYPE_INT | CTLFLAG_RD),
	.oid_name = "kern_kext_test",
	.oid_handler = kpi_sysctl_handle_int,
};

/* Tries to stop the kext while something of it is still there: what, in words. */
static void stop_too_early(struct kunit *test, const char *what)
{
	unsigned long before = kpi_misuse_count();
	int err;

	kpi_misuse_quiet(true);
	err = kpi_kext_stop(THIS_MODULE);
	kpi_misuse_quiet(false);
	KUNIT_EXPECT_EQ_MSG(test, err, -EBUSY, "stopped with a %s", what);
	KUNIT_EXPECT_EQ_MSG(test, kpi_misuse_count() - before, 1ul, "reported once");
	KUNIT_EXPECT_FALSE(test, kpi_kext_stopped(THIS_MODULE));
}

static void stops_too_early(struct kunit *test)
{
	struct bsd_timespec later = { 1000, 0 };

	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	KUNIT_ASSERT_EQ(test, kpi_kernel_thread_start(lingering_thread, NULL, NULL), 0);
	kpi_sysctl_register_oid(&value);
	kpi_bsd_timeout(timer, NULL, &later);

	stop_too_early(test, "thread");
	WRITE_ONCE(thread_may_end, true);
	stop_too_early(test, "timer");
	kpi_bsd_untimeout(timer, NULL);
	stop_too_early(test, "sysctl value");
	kpi_sysctl_unregister_oid(&value);

	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	KUNIT_EXPECT_EQ_MSG(test, stops, 1, "stop returned 0: it is not called again");
	kpi_kext_unload(THIS_MODULE);
}

/* Memory, tags and locks keep nobody: they are named, and stay. */
static void leaves_memory_behind(struct kunit *test)
{
	struct kpi_kext *kext;
	OSMallocTag tag;
	lck_mtx_t *mutex;
	void *block;

	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	kext = kpi_kext_of(kext_start);
	tag = kpi_OSMalloc_Tagalloc("left behind", OSMT_DEFAULT);
	block = kpi_OSMalloc(100, tag);
	mutex = kpi_lck_mtx_alloc_init(NULL, NULL);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_MEMORY), 1L);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_TAG), 1L);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_LOCK), 1L);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	kpi_kext_unload(THIS_MODULE);

	/* what is freed after the kext has gone goes off its account */
	kpi_OSFree(block, 100, tag);
	kpi_OSMalloc_Tagfree(tag);
	kpi_lck_mtx_free(mutex, NULL);
	if (IS_ENABLED(CONFIG_PROVE_LOCKING))	/* netkpi remembers blocks, and whose they are */
		KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_MEMORY), 0L);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_TAG), 0L);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_LOCK), 0L);
}

/* As on a kernel without sanitizers, where nobody looks handles up before they are used. */
static void set_check(struct kunit *test, const char *value, char *before)
{
	const char *path = "/sys/module/netkpi/parameters/check_handles";
	struct file *file = kpi_compat_open(path, O_RDWR, 0);
	loff_t pos = 0;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	if (before)
		KUNIT_EXPECT_EQ(test, kernel_read(file, before, 1, &pos), 1);
	pos = 0;
	KUNIT_EXPECT_EQ(test, kernel_write(file, value, 1, &pos), 1);
	fput(file);
}

static bool socket_works(socket_t so)
{
	struct bsd_sockaddr_in name;

	return !kpi_sock_getsockname(so, (struct bsd_sockaddr *)&name, sizeof(name));
}

/*
 * A thread goes on with the kext's sockets although stop has returned 0; and when it has gone, an
 * exported function of the kext may still come and use one.
 */
static void refused_stop_leaves_sockets(struct kunit *test)
{
	char before[2] = "";
	struct kpi_kext *kext;
	socket_t so = NULL;

	set_check(test, "0", before);
	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	kext = kpi_kext_of(kext_start);
	KUNIT_ASSERT_EQ(test, kpi_sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &so), 0);
	KUNIT_ASSERT_EQ(test, kpi_kernel_thread_start(lingering_thread, NULL, NULL), 0);

	stop_too_early(test, "thread");
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_SOCKET), 1L);
	KUNIT_EXPECT_TRUE(test, socket_works(so));

	WRITE_ONCE(thread_may_end, true);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_SOCKET), 0L);
	rcu_barrier();
	KUNIT_EXPECT_FALSE_MSG(test, socket_works(so), "it is closed");
	kpi_kext_unload(THIS_MODULE);
	set_check(test, before, NULL);
}

static void take_back(caddr_t buf, u32 size, caddr_t arg)
{
	++*(int *)arg;
}

static void completed(uintptr_t id, ifnet_t ifp, u_int64_t ts, uintptr_t arg, uintptr_t data,
		      kern_return_t result)
{
}

/* What is to call a function of the kext is counted until that has been done, or is not to be. */
static void is_to_be_called(struct kunit *test)
{
	static char buf[2][100];
	struct kpi_kext *kext;
	int taken_back = 0;
	mbuf_t m = NULL;

	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	kext = kpi_kext_of(kext_start);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &m, buf[0], take_back,
						     sizeof(buf[0]), (caddr_t)&taken_back), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_EXTBUF), 1L);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &m, buf[1], take_back,
						     sizeof(buf[1]), (caddr_t)&taken_back), 0);
	KUNIT_EXPECT_EQ(test, taken_back, 1);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_EXTBUF), 1L);
	kpi_mbuf_freem(m);
	KUNIT_EXPECT_EQ(test, taken_back, 2);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_EXTBUF), 0L);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_register_tx_compl_callback(completed), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_CALLBACK), 1L);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_unregister_tx_compl_callback(completed), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_held(kext, KPI_HELD_CALLBACK), 0L);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	kpi_kext_unload(THIS_MODULE);
}

struct receiver {
	socket_t so;
	struct completion done;
	int result;
};

static int receive_from_it(void *arg)
{
	struct receiver *receiver = arg;
	struct bsd_iovec iov = { .iov_base = &receiver->result, .iov_len = 1 };
	struct bsd_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got;

	receiver->result = kpi_sock_receive(receiver->so, &msg, 0, &got);
	complete(&receiver->done);
	return 0;
}

/* A thread that is nobody's is in a call, and takes its time: the socket goes with it. */
static void stops_under_a_call(struct kunit *test)
{
	struct receiver *receiver = kunit_kzalloc(test, sizeof(*receiver), GFP_KERNEL);
	struct bsd_sockaddr_in at = { .sin_len = sizeof(at), .sin_family = AF_INET };
	struct task_struct *thread;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, receiver);
	init_completion(&receiver->done);
	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &receiver->so), 0);
	KUNIT_EXPECT_EQ(test, kpi_sock_bind(receiver->so, (struct bsd_sockaddr *)&at), 0);
	thread = kthread_run(receive_from_it, receiver, "receiver");
	KUNIT_ASSERT_FALSE(test, IS_ERR(thread));
	for (i = 0; i < 500 && READ_ONCE(thread->__state) != TASK_INTERRUPTIBLE; i++)
		msleep(20);

	mutex_lock(&receiver->so->in->lock);	/* which it waits for before it leaves */
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	mutex_unlock(&receiver->so->in->lock);
	wait_for_completion(&receiver->done);
	KUNIT_EXPECT_EQ_MSG(test, receiver->result, 0, "the end of the file");
	kpi_kext_unload(THIS_MODULE);
}

#define MANY_SOCKETS	3000
#define CLOSED		20

/* A handle that was one is told from those that are, of which there are some wherever it is looked up. */
static void closed_handles_among_many(struct kunit *test)
{
	socket_t *so = kunit_kcalloc(test, MANY_SOCKETS, sizeof(*so), GFP_KERNEL);
	unsigned long misuses;
	char before[2] = "";
	int i;

	KUNIT_ASSERT_NOT_NULL(test, so);
	set_check(test, "1", before);
	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	for (i = 0; i < MANY_SOCKETS; i++)
		KUNIT_EXPECT_EQ(test, kpi_sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &so[i]), 0);
	for (i = 0; i < CLOSED; i++)
		kpi_sock_close(so[i]);
	misuses = kpi_misuse_count();
	kpi_misuse_quiet(true);
	for (i = 0; i < CLOSED; i++)
		KUNIT_EXPECT_EQ(test, kpi_sock_isconnected(so[i]), 0);
	kpi_misuse_quiet(false);
	KUNIT_EXPECT_EQ(test, kpi_misuse_count() - misuses, (unsigned long)CLOSED);
	for (; i < MANY_SOCKETS; i++)
		kpi_sock_close(so[i]);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	kpi_kext_unload(THIS_MODULE);
	set_check(test, before, NULL);
}

static void count(socket_t so, void *cookie, int waitf)
{
	atomic_inc(cookie);
}

static void send_to_itself(struct kunit *test, socket_t so)
{
	struct bsd_sockaddr_in to = { .sin_len = sizeof(to), .sin_family = AF_INET };
	struct bsd_iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct bsd_msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to),
				  .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	KUNIT_ASSERT_EQ(test, kpi_sock_getsockname(so, (struct bsd_sockaddr *)&to, sizeof(to)), 0);
	to.sin_addr.s_addr = (__force u32)htonl(INADDR_LOOPBACK);
	KUNIT_EXPECT_EQ(test, kpi_sock_send(so, &msg, 0, &sent), 0);
}

/* It is not the kext's socket, so it stays open; but the function goes with the kext's text. */
static void upcalls_end_with_the_kext(struct kunit *test)
{
	struct bsd_sockaddr_in at = { .sin_len = sizeof(at), .sin_family = AF_INET };
	atomic_t calls = ATOMIC_INIT(0);
	socket_t so = NULL;
	int before;

	KUNIT_ASSERT_EQ(test, kpi_sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, &so), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_bind(so, (struct bsd_sockaddr *)&at), 0);
	KUNIT_ASSERT_EQ(test, load(THIS_MODULE, &info), 0);
	KUNIT_ASSERT_EQ(test, kpi_sock_setupcall(so, count, &calls), 0);
	send_to_itself(test, so);
	for (before = 0; !atomic_read(&calls) && before < 500; before++)
		msleep(20);
	KUNIT_EXPECT_GT(test, atomic_read(&calls), 0);

	KUNIT_EXPECT_EQ(test, kpi_kext_stop(THIS_MODULE), 0);
	before = atomic_read(&calls);
	send_to_itself(test, so);
	msleep(50);
	KUNIT_EXPECT_EQ(test, atomic_read(&calls), before);
	kpi_kext_unload(THIS_MODULE);
	kpi_sock_close(so);
}

/* Kexts besides this one, with a text where nothing runs. */
struct other {
	struct module module;
	struct bsd_kmod_info info;
	u8 text[64];
};

static struct other *other_kext(struct kunit *test, const char *name, kmod_stop_func_t *stop)
{
	struct other *other = kunit_kzalloc(test, sizeof(*other), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, other);
	strscpy(other->module.name, name, sizeof(other->module.name));
	atomic_set(&other->module.refcnt, 1);
	kunit_module_text(&other->module, other->text, sizeof(other->text));
	other->info.start = kext_start;
	other->info.stop = stop;
	KUNIT_ASSERT_EQ(test, load(&other->module, &other->info), 0);
	return other;
}

static DECLARE_COMPLETION(hanging);
static DECLARE_COMPLETION(released);

static int hanging_stop(struct bsd_kmod_info *ki, void *data)
{
	complete(&hanging);
	wait_for_completion(&released);
	return 0;
}

struct stopper {
	struct other *kext;
	struct completion done;
	int result;
};

static int stop_it(void *arg)
{
	struct stopper *stopper = arg;

	stopper->result = kpi_kext_stop(&stopper->kext->module);
	complete_all(&stopper->done);
	return 0;
}

static void begin_stop(struct kunit *test, struct stopper *stopper, struct other *kext)
{
	stopper->kext = kext;
	init_completion(&stopper->done);
	KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(stop_it, stopper, "stopper")));
}

/* Who hangs in a stop routine keeps nobody else from stopping. */
static void one_hangs_another_stops(struct kunit *test)
{
	struct other *a = other_kext(test, "hangs", hanging_stop);
	struct other *b = other_kext(test, "stops", kext_stop);
	struct stopper *first = kunit_kzalloc(test, 2 * sizeof(*first), GFP_KERNEL);
	struct stopper *second = first + 1;

	KUNIT_ASSERT_NOT_NULL(test, first);
	reinit_completion(&hanging);
	reinit_completion(&released);
	begin_stop(test, first, a);
	wait_for_completion(&hanging);
	begin_stop(test, second, b);
	KUNIT_EXPECT_TRUE(test, !!wait_for_completion_timeout(&second->done, 10 * HZ));
	complete(&released);
	wait_for_completion(&first->done);
	wait_for_completion(&second->done);
	KUNIT_EXPECT_EQ(test, first->result, 0);
	KUNIT_EXPECT_EQ(test, second->result, 0);
	kpi_kext_unload(&a->module);
	kpi_kext_unload(&b->module);
}

static bool is_new(struct other *kext)
{
	static atomic_t place;

	return kpi_misuse_is_new(&place, (unsigned long)kext->text);
}

/* Each kext's mistake is told, once; and again when it was loaded anew. */
static void mistakes_are_told_per_kext(struct kunit *test)
{
	static atomic_t other_place;
	struct other *a = other_kext(test, "a", kext_stop);
	struct other *b = other_kext(test, "b", kext_stop);

	KUNIT_EXPECT_TRUE(test, is_new(a));
	KUNIT_EXPECT_FALSE(test, is_new(a));
	KUNIT_EXPECT_TRUE_MSG(test, is_new(b), "another one's mistake hides it");
	KUNIT_EXPECT_TRUE(test, kpi_misuse_is_new(&other_place, (unsigned long)a->text));

	KUNIT_EXPECT_EQ(test, kpi_kext_stop(&a->module), 0);
	kpi_kext_unload(&a->module);
	KUNIT_EXPECT_PTR_EQ(test, kpi_kext_of(a->text), (struct kpi_kext *)NULL);
	KUNIT_EXPECT_PTR_NE(test, kpi_kext_of(b->text), (struct kpi_kext *)NULL);
	KUNIT_ASSERT_EQ(test, load(&a->module, &a->info), 0);
	KUNIT_EXPECT_TRUE_MSG(test, is_new(a), "it was loaded anew");
	KUNIT_EXPECT_FALSE(test, is_new(b));

	KUNIT_EXPECT_EQ(test, kpi_kext_stop(&a->module), 0);
	KUNIT_EXPECT_EQ(test, kpi_kext_stop(&b->module), 0);
	kpi_kext_unload(&a->module);
	kpi_kext_unload(&b->module);
}

static struct kunit_case kern_kext_cases[] = {
	KUNIT_CASE(refused_stop_leaves_sockets),
	KUNIT_CASE(stops_under_a_call),
	KUNIT_CASE(is_to_be_called),
	KUNIT_CASE(closed_handles_among_many),
	KUNIT_CASE(upcalls_end_with_the_kext),
	KUNIT_CASE(one_hangs_another_stops),
	KUNIT_CASE(mistakes_are_told_per_kext),
	KUNIT_CASE(fails_to_start),
	KUNIT_CASE(of_another_layer),
	KUNIT_CASE(refuses_to_stop),
	KUNIT_CASE(is_retained),
	KUNIT_CASE(stops_too_early),
	KUNIT_CASE(leaves_memory_behind),
	{}
};

static struct kunit_suite kern_kext_suite = {
	.name = "kern_kext",
	.init = kext_init,
	.test_cases = kern_kext_cases,
};
kunit_test_suite(kern_kext_suite);
