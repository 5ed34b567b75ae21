// SPDX-License-Identifier: GPL-2.0
/*
 * Storage of the caller's own: any memory, any address, any size. Whatever is
 * done with the mbufs, the free function runs exactly once, with what was given
 * to mbuf_attachcluster(), when nobody refers to the bytes any more, and in the
 * context of whoever let go last.
 */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#include <netkpi/skb.h>

#include "test.h"

enum memory { KMALLOC, VMALLOC, PAGES, STATIC };

static const struct ext_case {
	const char *name;
	enum memory memory;
	size_t size;
	unsigned int odd;	/* the buffer starts so far into the memory */
} ext_cases[] = {
	{ "kmalloc",			KMALLOC, 3000 },
	{ "kmalloc, odd address",	KMALLOC, 3000, 1 },
	{ "kmalloc, one byte",		KMALLOC, 1, 3 },
	{ "kmalloc, two pages",		KMALLOC, 8192 },
	{ "vmalloc",			VMALLOC, 5000 },
	{ "vmalloc, odd address",	VMALLOC, 20000, 7 },
	{ "vmalloc, large",		VMALLOC, 200000 },
	{ "page",			PAGES, 4096 },
	{ "end of a page",		PAGES, 100, 3996 },
	{ "pages",			PAGES, 32768 },
	{ "pages, odd address",		PAGES, 30000, 5 },
	{ "module data",		STATIC, 600, 2 },
};

KUNIT_ARRAY_PARAM_DESC(ext, ext_cases, name);

static char static_memory[1024];

/* One attached buffer. The memory stays to the end of the test, so that late use shows. */
struct external {
	const struct ext_case *c;
	void *memory;
	char *buf;
	unsigned int calls;
	bool right;		/* the free function got what was given */
	bool atomic;		/* it ran where nobody may sleep */
	struct task_struct *task;
};

static void *get_memory(const struct ext_case *c)
{
	size_t size = c->odd + c->size;

	switch (c->memory) {
	case KMALLOC:
		return kmalloc(size, GFP_KERNEL);
	case VMALLOC:
		return vmalloc(size);
	case PAGES:
		return (void *)__get_free_pages(GFP_KERNEL | __GFP_COMP, get_order(size));
	default:
		return static_memory;
	}
}

static void put_memory(void *ctx)
{
	struct external *ext = ctx;

	switch (ext->c->memory) {
	case KMALLOC:
		kfree(ext->memory);
		break;
	case VMALLOC:
		vfree(ext->memory);
		break;
	case PAGES:
		free_pages((unsigned long)ext->memory, get_order(ext->c->odd + ext->c->size));
		break;
	case STATIC:
		break;
	}
}

static void external_free(caddr_t buf, u_int32_t size, caddr_t arg)
{
	struct external *ext = (struct external *)arg;

	ext->calls++;
	ext->right = buf == ext->buf && size == ext->c->size;
	ext->atomic = !preemptible();
	ext->task = current;
	memset(buf, 0xdd, size);	/* whoever still looks at it will see this */
}

/* A packet whose first mbuf has the buffer, full of numbered bytes. */
static struct external *attach(struct kunit *test, const struct ext_case *c)
{
	struct external *ext = kunit_kzalloc(test, sizeof(*ext), GFP_KERNEL);
	struct mbuf_fixture *f = test->priv;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, ext);
	ext->c = c;
	ext->memory = get_memory(c);
	KUNIT_ASSERT_NOT_NULL(test, ext->memory);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, put_memory, ext), 0);
	ext->buf = ext->memory + c->odd;
	for (i = 0; i < c->size; i++)
		ext->buf[i] = i;

	f->m = NULL;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m, ext->buf,
						     external_free, c->size, (caddr_t)ext), 0);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(f->m), (void *)ext->buf);
	kpi_mbuf_setlen(f->m, c->size);
	kpi_mbuf_pkthdr_setlen(f->m, c->size);
	return ext;
}

static void release(mbuf_t *m)
{
	kpi_mbuf_freem(*m);
	*m = NULL;
}

static void expect_free(struct kunit *test, struct external *ext, const char *when)
{
	KUNIT_EXPECT_EQ_MSG(test, ext->calls, 1, "calls of the free function %s", when);
	KUNIT_EXPECT_TRUE_MSG(test, ext->right, "what the free function was given");
	KUNIT_EXPECT_PTR_EQ_MSG(test, ext->task, current, "who let go last");
}

/* The bytes from @first on, whatever the chain looks like. */
static void expect_numbers(struct kunit *test, mbuf_t m, size_t first, size_t len, const char *what)
{
	size_t done = 0, i;

	for (; m; m = kpi_mbuf_next(m)) {
		const u8 *data = kpi_mbuf_data(m);

		for (i = 0; i < kpi_mbuf_len(m); i++, done++) {
			if (data[i] == (u8)(first + done))
				continue;
			KUNIT_FAIL(test, "%s: byte %zu is %02x", what, done, data[i]);
			return;
		}
	}
	KUNIT_EXPECT_EQ_MSG(test, done, len, "%s: length", what);
}

static void fresh_and_freed_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m), MBUF_PKTHDR | MBUF_EXT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(f->m), c->size);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_mclhasreference(f->m), 0);
	mbuf_test_expect_sane(test, f->m);
	KUNIT_EXPECT_EQ(test, ext->calls, 0);
	release(&f->m);
	expect_free(test, ext, "after freem");
}

static void copies_share_it_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, c->size / 2, MBUF_COPYALL, MBUF_WAITOK,
					     &f->peer[0]), 0);
	release(&f->m);
	release(&f->peer[0]);
	KUNIT_EXPECT_EQ(test, ext->calls, 0);
	expect_numbers(test, f->n, 0, c->size, "the copy");
	release(&f->n);
	expect_free(test, ext, "after the last copy");
}

static void split_shares_it_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, c->size / 3, MBUF_WAITOK, &f->n), 0);
	release(&f->m);
	KUNIT_EXPECT_EQ(test, ext->calls, 0);
	expect_numbers(test, f->n, c->size / 3, c->size - c->size / 3, "the back");
	release(&f->n);
	expect_free(test, ext, "after the second half");
}

/* A deep copy has nothing to do with it. */
static void dup_lets_go_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;
	errno_t err = kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n);

	release(&f->m);
	expect_free(test, ext, "after the source is freed");
	if (c->size <= 16384) {
		KUNIT_EXPECT_EQ(test, err, 0);
		expect_numbers(test, f->n, 0, c->size, "the copy");
	} else if (!err) {
		expect_numbers(test, f->n, 0, c->size, "the large copy");
	} else {
		KUNIT_EXPECT_EQ_MSG(test, err, ENOMEM, "larger than any cluster");
	}
}

static void reshaped_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;
	size_t off = c->size / 2;
	mbuf_t at;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, c->size, 3000, mbuf_test_source(),
						MBUF_WAITOK), 0);
	if (c->size / 2 <= 1000)
		KUNIT_ASSERT_EQ(test, kpi_mbuf_pulldown(f->m, &off, c->size - c->size / 2 + 20,
							&at), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->m, 40, MBUF_WAITOK), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, min_t(size_t, 60, 40 + c->size)), 0);
	kpi_mbuf_adj(f->m, 40);
	kpi_mbuf_adj(f->m, -3000);
	expect_numbers(test, f->m, 0, c->size, "after all that");
	mbuf_test_expect_sane(test, f->m);
	release(&f->m);
	expect_free(test, ext, "in the end");
}

static void sent_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *ext = attach(test, c);
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	u8 byte;
	size_t i;

	skb = kpi_mbuf_to_skb(f->m, 0, GFP_KERNEL);
	f->m = NULL;
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, c->size);
	for (i = 0; i < c->size; i += 1 + i / 50) {
		KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, i, &byte, 1), 0);
		KUNIT_ASSERT_EQ_MSG(test, byte, (u8)i, "byte %zu, released or not", i);
	}
	kfree_skb(skb);
	expect_free(test, ext, "when the network has let go");
}

/* Another buffer over it, a cluster over it: the same mbuf, and the first one is released. */
static void replaced_test(struct kunit *test)
{
	const struct ext_case *c = test->param_value;
	struct external *first = attach(test, c), *second;
	struct mbuf_fixture *f = test->priv;
	mbuf_t m = f->m;

	second = attach(test, c);
	release(&f->m);
	expect_free(test, second, "of one mbuf");
	KUNIT_EXPECT_EQ_MSG(test, first->calls, 0, "the other mbuf's");

	f->m = m;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m,
						     static_memory, external_free,
						     1, (caddr_t)first), 0);
	KUNIT_EXPECT_PTR_EQ(test, f->m, m);
	expect_free(test, first, "when another buffer is attached");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), c->size);
	release(&f->m);
	KUNIT_EXPECT_EQ_MSG(test, first->calls, 2, "the static byte's");
}

/*
 * Once for each
 */

static const struct ext_case small = { "small", KMALLOC, 1000 };

static void freed_where_nobody_may_sleep_test(struct kunit *test)
{
	struct external *ext = attach(test, &small);
	struct mbuf_fixture *f = test->priv;
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	kpi_mbuf_freem(f->m);
	spin_unlock(&lock);
	f->m = NULL;
	expect_free(test, ext, "under a lock");
	KUNIT_EXPECT_TRUE_MSG(test, ext->atomic || !IS_ENABLED(CONFIG_PREEMPT_COUNT),
			      "in the context of the call that let go");
}

static void a_merged_buffer_is_released_test(struct kunit *test)
{
	static const struct ext_case tiny = { "tiny", KMALLOC, 10 };
	struct external *ext = attach(test, &tiny);
	struct mbuf_fixture *f = test->priv;
	mbuf_t src = f->m;

	f->m = mbuf_test_chain(test, "h20");
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_concatenate(f->m, src), f->m);
	release(&f->m);
	expect_free(test, ext, "merged or linked");
}

static void attach_refuses_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t before = f->m = mbuf_test_chain(test, "h5c,2");
	char *buf = static_memory;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, NULL, buf,
						     external_free, 10, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m, NULL,
						     external_free, 10, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m, buf,
						     NULL, 10, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m, buf,
						     external_free, 0, NULL), EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	mbuf_test_expect_shape(test, f->m, "h5c,2");
}

/* A size that does not fit the callback's argument cannot be told back. */
static void a_size_of_no_int_is_refused_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m,
						     static_memory, external_free,
						     10 + (1ULL << 32), NULL), EINVAL);
	KUNIT_EXPECT_NULL(test, f->m);
}

static void attach_keeps_the_mbufs_place_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_buffer *b = mbuf_test_buffer(test, 3000);
	mbuf_t before = f->m = mbuf_test_chain(test, "h5c,2");

	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_CONTROL, &f->m, b->addr,
						     mbuf_test_extfree, 3000, (caddr_t)b), 0);
	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	mbuf_test_expect_shape(test, f->m, "h0x,2");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(f->m), 3000);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 7);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_counts().clusters, f->before.clusters,
			    "the old cluster");
}

/* What another mbuf has stays its, and is not told to be free. */
static void a_shared_buffer_is_left_to_the_other_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_buffer *b;

	f->m = mbuf_test_chain(test, "h5x*");
	b = mbuf_test_buffer(test, 3000);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m, b->addr,
						     mbuf_test_extfree, 3000, (caddr_t)b), 0);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 0);
	mbuf_test_expect_bytes(test, f->peer[0], "0..4");
	release(&f->peer[0]);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
	KUNIT_EXPECT_EQ(test, b->freed, 0);
}

/* It was allocated as one with its cluster, until that cluster, being shared, was left to others. */
static void a_packet_is_one_with_its_cluster_once_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_buffer *b = mbuf_test_buffer(test, 3000), *c = mbuf_test_buffer(test, 3000);

	KUNIT_ASSERT_EQ(test, kpi_mbuf_getpacket(MBUF_WAITOK, &f->m), 0);
	kpi_mbuf_setlen(f->m, 5);
	kpi_mbuf_pkthdr_setlen(f->m, 5);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_CONTROL, &f->m, b->addr,
						     mbuf_test_extfree, 3000, (caddr_t)b), 0);
	mbuf_test_put_tag(test, f->m, 1, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_CONTROL, &f->m, c->addr,
						     mbuf_test_extfree, 3000, (caddr_t)c), 0);
	KUNIT_EXPECT_EQ(test, b->freed, 1);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), 0);
}

/* Without memory the mbuf is gone, as in the original, and the buffer still the caller's. */
static void attach_without_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_buffer *b = mbuf_test_buffer(test, 3000);

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->m, b->addr,
						     mbuf_test_extfree, 3000, (caddr_t)b), ENOMEM);
	KUNIT_EXPECT_NULL(test, f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_attachcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->n, b->addr,
						     mbuf_test_extfree, 3000, (caddr_t)b), ENOMEM);
	KUNIT_EXPECT_NULL(test, f->n);
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_EQ(test, b->freed, 0);
}

/* The free function may allocate, free and attach mbufs itself. */
static void free_with_mbufs(caddr_t buf, u_int32_t size, caddr_t arg)
{
	struct external *ext = (struct external *)arg;
	mbuf_t m = NULL;

	ext->calls++;
	if (!kpi_mbuf_getpacket(MBUF_DONTWAIT, &m))
		kpi_mbuf_freem(m);
}

static void the_free_function_may_use_mbufs_test(struct kunit *test)
{
	struct external *ext = kunit_kzalloc(test, sizeof(*ext), GFP_KERNEL);
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, ext);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m,
						     static_memory, free_with_mbufs, 100,
						     (caddr_t)ext), 0);
	release(&f->m);
	KUNIT_EXPECT_EQ(test, ext->calls, 1);
}

static struct kunit_case external_cases[] = {
	KUNIT_CASE_PARAM(fresh_and_freed_test, ext_gen_params),
	KUNIT_CASE_PARAM(copies_share_it_test, ext_gen_params),
	KUNIT_CASE_PARAM(split_shares_it_test, ext_gen_params),
	KUNIT_CASE_PARAM(dup_lets_go_test, ext_gen_params),
	KUNIT_CASE_PARAM(reshaped_test, ext_gen_params),
	KUNIT_CASE_PARAM(sent_test, ext_gen_params),
	KUNIT_CASE_PARAM(replaced_test, ext_gen_params),
	KUNIT_CASE(freed_where_nobody_may_sleep_test),
	KUNIT_CASE(a_merged_buffer_is_released_test),
	KUNIT_CASE(attach_refuses_test),
	KUNIT_CASE(a_size_of_no_int_is_refused_test),
	KUNIT_CASE(attach_keeps_the_mbufs_place_test),
	KUNIT_CASE(a_shared_buffer_is_left_to_the_other_test),
	KUNIT_CASE(a_packet_is_one_with_its_cluster_once_test),
	KUNIT_CASE(attach_without_memory_test),
	KUNIT_CASE(the_free_function_may_use_mbufs_test),
	{ }
};

MBUF_TEST_SUITE(external_suite, "mbuf_external", external_cases);
