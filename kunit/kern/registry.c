// SPDX-License-Identifier: GPL-2.0
/* Start, stop and unload of a kext, seen from its glue: this module is one. */

#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/module.h>

#include <kpi/locks.h>
#include <kpi/memory.h>
#include <kpi/sysctl.h>
#include <kpi/thread.h>
#include <netkpi/kext.h>

#include "kpi_priv.h"

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
	KUNIT_EXPECT_EQ(test, kpi_kext_load(THIS_MODULE, &info), -ENODEV);
	KUNIT_EXPECT_EQ(test, starts, 1);
	KUNIT_EXPECT_EQ_MSG(test, stops, 0, "what did not start is not stopped");
	KUNIT_EXPECT_PTR_EQ_MSG(test, kpi_kext_of(kext_start), (struct kpi_kext *)NULL,
				"nothing is registered");
}

static void refuses_to_stop(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kpi_kext_load(THIS_MODULE, &info), 0);
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

	KUNIT_ASSERT_EQ(test, kpi_kext_load(THIS_MODULE, &info), 0);
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

	KUNIT_ASSERT_EQ(test, kpi_kext_load(THIS_MODULE, &info), 0);
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

	KUNIT_ASSERT_EQ(test, kpi_kext_load(THIS_MODULE, &info), 0);
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

static struct kunit_case kern_kext_cases[] = {
	KUNIT_CASE(fails_to_start),
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
