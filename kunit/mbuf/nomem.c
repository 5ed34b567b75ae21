// SPDX-License-Identifier: GPL-2.0
/*
 * Memory runs out at every place where it can: each call is made again and again
 * with its first, second, third ... allocation failing, until it works. Whatever
 * fails, what belongs to whom afterwards is as promised, and nothing is lost.
 */

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "test.h"

#define MANY	300	/* no call allocates that often */

enum fate {
	MADE,		/* the call makes f->m: NULL after a failure */
	KEPT,		/* f->m stays as it was, f->n (what is made of it) is NULL */
	GROWN,		/* f->m stays; part of the work may be done, or all, with smaller mbufs */
	FREED,		/* f->m is gone and NULL */
};

struct op {
	const char *name;
	const char *given;	/* f->m before the call, NULL: none */
	errno_t (*call)(struct mbuf_fixture *f, mbuf_how_t how);
	errno_t error, error_nowait;
	enum fate fate;
};

static errno_t op_get(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_get(how, MBUF_TYPE_DATA, &f->m);
}

static errno_t op_getpacket(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_getpacket(how, &f->m);
}

static errno_t op_mclget(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_mclget(how, MBUF_TYPE_DATA, &f->m);
}

static errno_t op_getcluster(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_getcluster(how, MBUF_TYPE_DATA, 16384, &f->m);
}

static errno_t op_alloccluster(struct mbuf_fixture *f, mbuf_how_t how)
{
	size_t size = 3000;
	char *addr;
	errno_t err = kpi_mbuf_alloccluster(how, &size, &addr);

	if (!err)
		kpi_mbuf_freecluster(addr, size);
	return err;
}

static errno_t op_allocpacket(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_allocpacket(how, 100000, NULL, &f->m);
}

static errno_t op_allocpacket_list(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_allocpacket_list(4, how, 400, NULL, &f->m);
}

static errno_t op_attachcluster(struct mbuf_fixture *f, mbuf_how_t how)
{
	static char buf[64];
	static struct mbuf_test_buffer b = { .addr = buf, .size = sizeof(buf) };
	errno_t err;

	b.freed = 0;
	b.right = true;
	err = kpi_mbuf_attachcluster(how, MBUF_TYPE_DATA, &f->m, buf, mbuf_test_extfree,
				     sizeof(buf), (caddr_t)&b);
	return err && b.freed ? EBUSY : err;	/* the buffer is still the caller's */
}

static errno_t op_copym(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, how, &f->n);
}

static errno_t op_copym_part(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_copym(f->m, 3, 100, how, &f->n);
}

static errno_t op_dup(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_dup(f->m, how, &f->n);
}

static errno_t op_split(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_split(f->m, 5, how, &f->n);
}

static errno_t op_prepend(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_prepend(&f->m, 40, how);
}

static errno_t op_prepend_much(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_prepend(&f->m, 1000, how);
}

static errno_t op_pullup(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_pullup(&f->m, 50);
}

static errno_t op_pulldown(struct mbuf_fixture *f, mbuf_how_t how)
{
	size_t off = 280;
	errno_t err;
	mbuf_t at;

	err = kpi_mbuf_pulldown(f->m, &off, 50, &at);
	if (err)
		f->m = NULL;
	return err;
}

static errno_t op_copyback(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_copyback(f->m, 300, 6000, mbuf_test_source(), how);
}

static mbuf_tag_id_t tag_id;

static errno_t op_tag_allocate(struct mbuf_fixture *f, mbuf_how_t how)
{
	void *data;

	return kpi_mbuf_tag_allocate(f->m, tag_id, 1, 100, how, &data);
}

static errno_t op_add_drvaux(struct mbuf_fixture *f, mbuf_how_t how)
{
	return kpi_mbuf_add_drvaux(f->m, how, 1, 1, 100, NULL);
}

static const struct op ops[] = {
	{ "get", NULL, op_get, ENOMEM, ENOMEM, MADE },
	{ "getpacket", NULL, op_getpacket, ENOMEM, EWOULDBLOCK, MADE },
	{ "mclget", NULL, op_mclget, ENOMEM, ENOMEM, MADE },
	{ "mclget for an mbuf", "h5,3", op_mclget, ENOMEM, ENOMEM, KEPT },
	{ "getcluster", NULL, op_getcluster, ENOMEM, ENOMEM, MADE },
	{ "getcluster for an mbuf", "5c", op_getcluster, ENOMEM, ENOMEM, KEPT },
	{ "alloccluster", NULL, op_alloccluster, ENOMEM, ENOMEM, MADE },
	{ "allocpacket", NULL, op_allocpacket, ENOMEM, ENOMEM, MADE },
	{ "allocpacket_list", NULL, op_allocpacket_list, ENOMEM, ENOMEM, MADE },
	{ "attachcluster", NULL, op_attachcluster, ENOMEM, ENOMEM, MADE },
	{ "attachcluster to an mbuf", "h5c", op_attachcluster, ENOMEM, ENOMEM, FREED },
	{ "copym", "h3,500c,2,700b", op_copym, ENOMEM, ENOMEM, KEPT },
	{ "copym of a part", "h3,500c", op_copym_part, ENOMEM, ENOMEM, KEPT },
	{ "dup", "h3,500c,2,700b", op_dup, ENOMEM, ENOMEM, KEPT },
	{ "split of a packet", "h3,500c", op_split, ENOMEM, ENOMEM, KEPT },
	{ "split of a plain mbuf", "20", op_split, ENOMEM, ENOMEM, KEPT },
	{ "prepend", "h10,5c", op_prepend, ENOMEM, ENOMEM, FREED },
	{ "prepend of more than a plain mbuf", "h10,5c", op_prepend_much, ENOMEM, ENOMEM, FREED },
	{ "pullup", "h10c,200c", op_pullup, ENOMEM, ENOMEM, FREED },
	{ "pulldown", "h288,100b", op_pulldown, ENOMEM, ENOMEM, FREED },
	{ "copyback", "h288,5", op_copyback, ENOBUFS, ENOBUFS, GROWN },
	{ "tag_allocate", "h5", op_tag_allocate, ENOMEM, EWOULDBLOCK, KEPT },
	{ "add_drvaux", "h5", op_add_drvaux, ENOMEM, EWOULDBLOCK, KEPT },
};

KUNIT_ARRAY_PARAM_DESC(op, ops, name);

/* What a failed call owes. */
static void expect_fate(struct kunit *test, const struct op *op, unsigned int nth)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_EXPECT_NULL_MSG(test, f->n, "failure %u: the result", nth);
	switch (op->fate) {
	case MADE:
	case FREED:
		KUNIT_EXPECT_NULL_MSG(test, f->m, "failure %u: the chain", nth);
		break;
	case KEPT:
		mbuf_test_expect_shape(test, f->m, op->given);
		fallthrough;
	case GROWN:
		mbuf_test_expect_sane(test, f->m);
		KUNIT_EXPECT_EQ_MSG(test, ((u8 *)kpi_mbuf_data(f->m))[2], 2, "failure %u", nth);
	}
}

static void free_all(struct kunit *test, unsigned int nth)
{
	struct mbuf_fixture *f = test->priv;
	struct kpi_mbuf_counts now;

	kpi_mbuf_freem_list(f->m);
	kpi_mbuf_freem_list(f->n);
	f->m = NULL;
	f->n = NULL;
	now = kpi_mbuf_counts();
	KUNIT_EXPECT_MEMEQ_MSG(test, &now, &f->before, sizeof(now), "lost after failure %u", nth);
}

/* Ways to make the n-th allocation from here on fail. */
struct injector {
	void (*arm)(unsigned int nth);
	bool (*disarm)(void);		/* has it failed? */
};

static bool layer_disarm(void)
{
	bool fired = kpi_mbuf_fail_fired();

	kpi_mbuf_fail_nth(0);
	return fired;
}

static const struct injector layer = { kpi_mbuf_fail_nth, layer_disarm };

static void try(struct kunit *test, mbuf_how_t how, const struct injector *injector)
{
	const struct op *op = test->param_value;
	errno_t want = how == MBUF_WAITOK ? op->error : op->error_nowait;
	struct mbuf_fixture *f = test->priv;
	bool fired = true;
	unsigned int nth;
	errno_t err;

	for (nth = 1; fired && nth < MANY; nth++) {
		f->m = op->given ? mbuf_test_chain(test, op->given) : NULL;
		injector->arm(nth);
		err = op->call(f, how);
		fired = injector->disarm();

		if (err || op->fate != GROWN)
			KUNIT_EXPECT_EQ_MSG(test, err, fired ? want : 0, "failure %u", nth);
		if (fired)
			expect_fate(test, op, nth);
		free_all(test, nth);
	}
	KUNIT_EXPECT_LT_MSG(test, nth, MANY, "it never works");
	KUNIT_EXPECT_GT_MSG(test, nth, 2, "nothing was made to fail");
}

static void each_allocation_fails_once_test(struct kunit *test)
{
	tag_id = mbuf_test_tag_id(test);
	try(test, MBUF_WAITOK, &layer);
	try(test, MBUF_DONTWAIT, &layer);
}

/*
 * The same with the kernel's own fault injection, below the layer: pages and slab
 * objects, whoever asks for them. What the layer has in store may be enough, so a
 * call need not fail at all.
 */
#ifdef CONFIG_FAULT_INJECTION

static void kernel_arm(unsigned int nth)
{
	current->fail_nth = nth;
}

static bool kernel_disarm(void)
{
	bool fired = !current->fail_nth;

	current->fail_nth = 0;
	return fired;
}

static const struct injector kernel = { kernel_arm, kernel_disarm };

static void try_kernel(struct kunit *test, mbuf_how_t how)
{
	const struct op *op = test->param_value;
	struct mbuf_fixture *f = test->priv;
	bool fired = true;
	unsigned int nth;

	for (nth = 1; fired && nth < MANY; nth++) {
		errno_t err;

		f->m = op->given ? mbuf_test_chain(test, op->given) : NULL;
		kernel.arm(nth);
		err = op->call(f, how);
		fired = kernel.disarm();
		if (err)
			expect_fate(test, op, nth);
		KUNIT_EXPECT_FALSE_MSG(test, err && !fired, "%d without a failure", err);
		free_all(test, nth);
	}
	KUNIT_EXPECT_LT_MSG(test, nth, MANY, "it never works");
}

static void the_kernel_has_no_memory_test(struct kunit *test)
{
	tag_id = mbuf_test_tag_id(test);
	try_kernel(test, MBUF_WAITOK);
	try_kernel(test, MBUF_DONTWAIT);
}

#else

static void the_kernel_has_no_memory_test(struct kunit *test)
{
	kunit_skip(test, "no fault injection in this kernel");
}

#endif /* CONFIG_FAULT_INJECTION */

/* Tags are given up in silence, all of them; the rest of the copy is complete. */
static void dup_gives_up_tags_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned int nth, dropped = 0;
	bool fired = true;
	errno_t err;

	for (nth = 1; fired && nth < MANY; nth++) {
		f->m = mbuf_test_chain(test, "h3,500c");
		mbuf_test_put_tag(test, f->m, 1, 10);
		mbuf_test_put_tag(test, f->m, 2, 10);
		kpi_mbuf_fail_nth(nth);
		err = kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n);
		fired = layer_disarm();
		if (!err && fired) {
			dropped++;
			KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 1, NULL), ENOENT);
			KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->n, 2, NULL), ENOENT);
			mbuf_test_expect_bytes(test, f->n, "0..502");
		}
		KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 2, NULL), 0);
		free_all(test, nth);
	}
	KUNIT_EXPECT_EQ_MSG(test, dropped, 2, "each of the two tags failed once");
}

static void a_tag_id_needs_memory_test(struct kunit *test)
{
	static unsigned int serial;
	bool fired = true;
	unsigned int nth;
	char name[32];

	for (nth = 1; fired && nth < MANY; nth++) {
		mbuf_tag_id_t id = 77;
		errno_t err;

		snprintf(name, sizeof(name), "org.netkpi.nomem.%u", serial++);
		kpi_mbuf_fail_nth(nth);
		err = kpi_mbuf_tag_id_find(name, &id);
		fired = layer_disarm();
		KUNIT_EXPECT_EQ(test, err, fired ? ENOMEM : 0);
		if (fired)
			KUNIT_EXPECT_EQ_MSG(test, id, 0, "the id after a failure");
	}
	KUNIT_EXPECT_GT_MSG(test, nth, 2, "nothing was made to fail");
}

/*
 * Where others share the bytes, a checksum is stored in an mbuf of its own; without
 * memory it is not. The request is gone all the same, and the peer's bytes stay.
 */
static void finalize_without_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	bool fired = true;
	unsigned int nth;
	u32 flags;

	for (nth = 1; fired && nth < MANY; nth++) {
		f->m = mbuf_test_chain(test, "h20,100c*");
		memcpy(kpi_mbuf_data(f->m), "\x45\x00\x00\x78\x12\x34\x00\x00\x40\x06", 10);
		KUNIT_ASSERT_EQ(test, kpi_mbuf_set_csum_requested(f->m, MBUF_CSUM_REQ_TCP, 16), 0);
		kpi_mbuf_fail_nth(nth);
		kpi_mbuf_outbound_finalize(f->m, PF_INET, 0);
		fired = layer_disarm();

		if (fired)
			mbuf_test_expect_shape(test, f->m, "h20,100c*");
		mbuf_test_expect_sane(test, f->m);
		KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->m), 120);
		kpi_mbuf_adj(f->peer[0], 20);
		mbuf_test_expect_bytes(test, f->peer[0], "20..119");
		KUNIT_EXPECT_EQ(test, kpi_mbuf_get_csum_requested(f->m, &flags, NULL), 0);
		KUNIT_EXPECT_EQ(test, flags, 0);
		kpi_mbuf_freem(f->peer[0]);
		f->peer[0] = NULL;
		free_all(test, nth);
	}
	KUNIT_EXPECT_GT_MSG(test, nth, 3, "two allocations");
}

static struct kunit_case nomem_cases[] = {
	KUNIT_CASE_PARAM(each_allocation_fails_once_test, op_gen_params),
	KUNIT_CASE_PARAM(the_kernel_has_no_memory_test, op_gen_params),
	KUNIT_CASE(dup_gives_up_tags_test),
	KUNIT_CASE(a_tag_id_needs_memory_test),
	KUNIT_CASE(finalize_without_memory_test),
	{ }
};

MBUF_TEST_SUITE(nomem_suite, "mbuf_nomem", nomem_cases);
