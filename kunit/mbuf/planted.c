// SPDX-License-Identifier: GPL-2.0
/*
 * Mistakes on order, for the self-test of tools/guest/run: what a kext can do to
 * what it has freed, and two threads to one variable. A sanitizer must report
 * each of them, however the layer keeps what is free.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <netkpi/skb.h>

#include "compat/namespace.h"
#include "mbuf/storage.h"

static char *what = "nothing";
module_param(what, charp, 0444);

static bool asked_for(const char *mistake)
{
	return !strcmp(what, mistake);
}

static mbuf_t packet(struct kunit *test)
{
	mbuf_t m = NULL;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_getpacket(MBUF_WAITOK, &m), 0);
	kpi_mbuf_setlen(m, 100);
	return m;
}

/* Which is a load from the mbuf itself. */
static void freed_mbuf_test(struct kunit *test)
{
	mbuf_t m = packet(test);

	kpi_mbuf_freem(m);
	if (asked_for("freed_mbuf"))
		READ_ONCE(kpi_mcb(m)->len);
}

static void freed_data_test(struct kunit *test)
{
	volatile u8 *data;
	mbuf_t m;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	data = kpi_mbuf_data(m);
	kpi_mbuf_freem(m);
	if (asked_for("freed_data"))
		*data = 1;
}

/* Another cluster keeps the block. */
static void freed_cluster_test(struct kunit *test)
{
	mbuf_t other = packet(test), m = packet(test);
	volatile u8 *data = kpi_mbuf_data(m);

	kpi_mbuf_freem(m);
	if (asked_for("freed_cluster"))
		*data = 1;
	kpi_mbuf_freem(other);
}

/* The block begins again at its bottom. */
static void idle_block_test(struct kunit *test)
{
	mbuf_t m = packet(test);
	volatile u8 *data = kpi_mbuf_data(m);

	kpi_mbuf_freem(m);
	if (asked_for("idle_block"))
		*data = 1;
}

static struct sk_buff *received(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(0, GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_NOT_NULL(test, page);
	skb_add_rx_frag(skb, 0, page, 0, 2000, PAGE_SIZE);
	return skb;
}

static void freed_view_test(struct kunit *test)
{
	mbuf_t m = kpi_mbuf_from_skb(received(test), KPI_INBOUND, GFP_KERNEL);
	struct kpi_store *view;

	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(m));
	view = kpi_mcb(m)->store;
	KUNIT_ASSERT_NOT_NULL(test, view);
	kpi_mbuf_freem(m);
	if (asked_for("freed_view"))
		refcount_read(&view->refs);
}

/* For KCSAN, which needs two CPUs to see it. */
static unsigned long raced;
static DECLARE_COMPLETION(race_over);

static int racer(void *unused)
{
	unsigned long until = jiffies + 2 * HZ;

	while (time_before(jiffies, until)) {
		raced++;
		barrier();	/* each time in memory */
	}
	complete(&race_over);
	return 0;
}

static void race_test(struct kunit *test)
{
	int i;

	if (!asked_for("race"))
		return;
	for (i = 0; i < 2; i++)
		KUNIT_ASSERT_FALSE(test, IS_ERR(kthread_run(racer, NULL, "racer")));
	for (i = 0; i < 2; i++)
		wait_for_completion(&race_over);
}

static struct kunit_case planted_cases[] = {
	KUNIT_CASE(freed_mbuf_test),
	KUNIT_CASE(freed_data_test),
	KUNIT_CASE(freed_cluster_test),
	KUNIT_CASE(idle_block_test),
	KUNIT_CASE(freed_view_test),
	KUNIT_CASE(race_test),
	{}
};

static struct kunit_suite planted_suite = {
	.name = "planted",
	.test_cases = planted_cases,
};

kunit_test_suite(planted_suite);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Mistakes for the self-test of tools/guest/run");
