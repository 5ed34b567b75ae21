// SPDX-License-Identifier: GPL-2.0
/* Tags and the driver's auxiliary data: ids, limits, and where they go. */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include "test.h"

#define LONGEST_TAG	2007
#define LONGEST_AUX	232	/* MLEN - 56 */

/*
 * Ids
 */

static void an_id_belongs_to_a_string_test(struct kunit *test)
{
	mbuf_tag_id_t first, again, other;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_id_find("a.b", &first), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_id_find("a.b", &again), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_id_find("A.b", &other), 0);
	KUNIT_EXPECT_EQ(test, first, again);
	KUNIT_EXPECT_NE(test, first, other);
	KUNIT_EXPECT_GE(test, first, 1000);
	KUNIT_EXPECT_GE(test, other, 1000);
}

static void id_arguments_test(struct kunit *test)
{
	char *longest = kunit_kzalloc(test, 2050, GFP_KERNEL);
	mbuf_tag_id_t id = 5;

	KUNIT_ASSERT_NOT_NULL(test, longest);
	memset(longest, 'n', 2049);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_id_find(NULL, &id), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_id_find("a.b", NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_id_find(longest, &id), EINVAL);
	KUNIT_EXPECT_EQ(test, id, 5);
	longest[2048] = '\0';
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_tag_id_find(longest, &id), 0, "2048 characters");
}

/*
 * Tags on one packet
 */

static void a_fresh_tag_is_zeroed_and_aligned_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);
	void *data, *other = test, *found;
	size_t len;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_allocate(f->m, id, 7, 10, MBUF_WAITOK, &data), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, 10));
	KUNIT_EXPECT_EQ(test, (unsigned long)data % 8, 0);
	memset(data, 0x5a, 10);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_allocate(f->m, id, 7, 10, MBUF_WAITOK, &other), EEXIST);
	KUNIT_EXPECT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 7, &len, &found), 0);
	KUNIT_EXPECT_PTR_EQ(test, found, data);
	KUNIT_EXPECT_EQ(test, len, 10);
	KUNIT_EXPECT_NULL(test, memchr_inv(found, 0x5a, 10));
}

static const struct tag_case {
	const char *name;
	const char *given;
	int id;			/* added to a good one; INT_MIN: 999 */
	size_t len;
	mbuf_how_t how;
	errno_t error;
} tag_cases[] = {
	{ "one byte", "h5", 0, 1, MBUF_WAITOK, 0 },
	{ "longest", "h5", 0, LONGEST_TAG, MBUF_WAITOK, 0 },
	{ "longest without waiting", "h5", 0, LONGEST_TAG, MBUF_DONTWAIT, 0 },
	{ "one too long", "h5", 0, LONGEST_TAG + 1, MBUF_WAITOK, ENOMEM },
	{ "one too long without waiting", "h5", 0, LONGEST_TAG + 1, MBUF_DONTWAIT, EWOULDBLOCK },
	{ "nothing", "h5", 0, 0, MBUF_WAITOK, EINVAL },
	{ "no short", "h5", 0, 65536, MBUF_WAITOK, EINVAL },
	{ "short when cut", "h5", 0, (1ULL << 32) + 8, MBUF_WAITOK, EINVAL },
	{ "id never issued", "h5", 1000000, 8, MBUF_WAITOK, EINVAL },
	{ "id below the first", "h5", INT_MIN, 8, MBUF_WAITOK, EINVAL },
	{ "no packet", "5", 0, 8, MBUF_WAITOK, EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(tag, tag_cases, name);

static void tag_allocate_test(struct kunit *test)
{
	const struct tag_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = c->id == INT_MIN ? 999 : mbuf_test_tag_id(test) + c->id;
	void *data = test;
	size_t len;

	f->m = mbuf_test_chain(test, c->given);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_allocate(f->m, id, 1, c->len, c->how, &data), c->error);
	if (c->error) {
		KUNIT_EXPECT_NULL(test, data);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags, f->before.tags);
		return;
	}
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 1, &len, &data), 0);
	KUNIT_EXPECT_EQ(test, len, c->len);
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, len));
	memset(data, 0xff, len);
}

static void tag_null_pointers_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);
	void *data = test;
	size_t len = 9;

	f->m = mbuf_test_chain(test, "h5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_allocate(f->m, id, 1, 8, MBUF_WAITOK, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_allocate(NULL, id, 1, 8, MBUF_WAITOK, &data), EINVAL);
	KUNIT_EXPECT_NULL(test, data);
	mbuf_test_put_tag(test, f->m, 1, 8);
	data = test;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 1, NULL, &data), EINVAL);
	KUNIT_EXPECT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 1, &len, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, len, 0);
	data = test;
	len = 9;
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(NULL, id, 1, &len, &data), EINVAL);
	KUNIT_EXPECT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, len, 0);
	kpi_mbuf_tag_free(NULL, id, 1);
}

static void tag_free_takes_that_one_only_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);
	size_t len;
	void *data;

	f->m = mbuf_test_chain(test, "h5");
	mbuf_test_put_tag(test, f->m, 7, 10);
	mbuf_test_put_tag(test, f->m, 8, 20);
	kpi_mbuf_tag_free(f->m, id, 7);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 7, &len, &data), ENOENT);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_find(f->m, id, 8, &len, &data), 0);
	KUNIT_EXPECT_EQ(test, len, 20);
	kpi_mbuf_tag_free(f->m, id, 7);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 0,
			    "freeing what is not there is silent");
}

static void tags_go_with_the_header_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5");
	mbuf_test_put_tag(test, f->m, 1, 10);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, 0, MBUF_PKTHDR), 0);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags, f->before.tags);
}

static void many_tags_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);
	int type;

	f->m = mbuf_test_chain(test, "h5");
	for (type = 0; type < 100; type++)
		*(int *)mbuf_test_put_tag(test, f->m, type, sizeof(int)) = type;
	for (type = 0; type < 100; type += 2)
		kpi_mbuf_tag_free(f->m, id, type);
	for (type = 0; type < 100; type++) {
		void *data = NULL;

		KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, type, &data),
				type % 2 ? 0 : ENOENT);
		if (data)
			KUNIT_EXPECT_EQ(test, *(int *)data, type);
	}
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags, f->before.tags + 50);
}

/*
 * Where tags go
 */

enum tag_place { ON_SOURCE = 1, ON_RESULT = 2, ON_BOTH = 3, NOWHERE = 0 };

static errno_t do_copym(struct mbuf_fixture *f)
{
	return kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n);
}

static errno_t do_copym_from_1(struct mbuf_fixture *f)
{
	return kpi_mbuf_copym(f->m, 1, MBUF_COPYALL, MBUF_WAITOK, &f->n);
}

static errno_t do_dup(struct mbuf_fixture *f)
{
	return kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n);
}

static errno_t do_copy_pkthdr(struct mbuf_fixture *f)
{
	errno_t err = kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n);

	return err ?: kpi_mbuf_copy_pkthdr(f->n, f->m);
}

static errno_t do_split(struct mbuf_fixture *f)
{
	return kpi_mbuf_split(f->m, 4, MBUF_WAITOK, &f->n);
}

static errno_t do_prepend(struct mbuf_fixture *f)
{
	return kpi_mbuf_prepend(&f->m, 4, MBUF_WAITOK);
}

static errno_t do_pullup(struct mbuf_fixture *f)
{
	return kpi_mbuf_pullup(&f->m, 6);
}

static errno_t do_pulldown(struct mbuf_fixture *f)
{
	size_t off = 4;
	mbuf_t at;

	return kpi_mbuf_pulldown(f->m, &off, 4, &at);
}

static errno_t do_adj(struct mbuf_fixture *f)
{
	kpi_mbuf_adj(f->m, 4);
	return 0;
}

static errno_t do_copyback(struct mbuf_fixture *f)
{
	return kpi_mbuf_copyback(f->m, 8, 1000, mbuf_test_source(), MBUF_WAITOK);
}

static errno_t do_setlen(struct mbuf_fixture *f)
{
	kpi_mbuf_setlen(f->m, 1);
	return kpi_mbuf_setdata(f->m, kpi_mbuf_datastart(f->m), 0);
}

static errno_t do_concatenate(struct mbuf_fixture *f)
{
	errno_t err = kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->n);
	mbuf_t src = f->n;

	f->n = NULL;
	return err ?: kpi_mbuf_concatenate(f->m, src) != f->m;
}

static const struct place_case {
	const char *name;
	const char *given;
	errno_t (*change)(struct mbuf_fixture *f);
	enum tag_place place;
} place_cases[] = {
	{ "copym from 0 moves", "h5,3", do_copym, ON_RESULT },
	{ "copym from 1 leaves", "h5,3", do_copym_from_1, ON_SOURCE },
	{ "dup copies", "h5,3", do_dup, ON_BOTH },
	{ "copy_pkthdr moves", "h5,3", do_copy_pkthdr, ON_RESULT },
	{ "split leaves", "h5,3", do_split, ON_SOURCE },
	{ "prepend in place leaves", "h5@8,3", do_prepend, ON_SOURCE },
	{ "prepend with a new head moves", "h5,3", do_prepend, ON_SOURCE },
	{ "pullup in place leaves", "h5,3", do_pullup, ON_SOURCE },
	{ "pullup with a new head moves", "h5c,3", do_pullup, ON_SOURCE },
	{ "pulldown leaves", "h5,3", do_pulldown, ON_SOURCE },
	{ "adj leaves", "h5,3", do_adj, ON_SOURCE },
	{ "copyback leaves", "h5,3", do_copyback, ON_SOURCE },
	{ "setlen and setdata leave", "h5,3", do_setlen, ON_SOURCE },
	{ "concatenate leaves", "h5,3", do_concatenate, ON_SOURCE },
};

KUNIT_ARRAY_PARAM_DESC(place, place_cases, name);

static bool has_both(struct kunit *test, mbuf_t m)
{
	u32 family, subfamily, len;
	void *data;

	return m && !mbuf_test_find_tag(test, m, 3, NULL) &&
	       !kpi_mbuf_find_drvaux(m, &family, &subfamily, &len, &data);
}

/* Tags and the driver's auxiliary data go the same ways. */
static void place_test(struct kunit *test)
{
	const struct place_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, c->given);
	mbuf_test_put_tag(test, f->m, 3, 8);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_add_drvaux(f->m, MBUF_WAITOK, 1, 2, 8, NULL), 0);
	KUNIT_ASSERT_EQ(test, c->change(f), 0);

	KUNIT_EXPECT_EQ(test, has_both(test, f->m), !!(c->place & ON_SOURCE));
	KUNIT_EXPECT_EQ(test, has_both(test, f->n), !!(c->place & ON_RESULT));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_counts().tags - f->before.tags, c->place == ON_BOTH ? 4 : 2);
}

/* Linked, a packet keeps its tags in the middle of the chain; merged, it loses them. */
static void concatenate_keeps_no_tag_of_the_source_in_reach_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t src;

	f->m = mbuf_test_chain(test, "h3");
	src = mbuf_test_chain(test, "h5");
	mbuf_test_put_tag(test, src, 1, 8);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_concatenate(f->m, src), f->m);
	KUNIT_EXPECT_EQ(test, mbuf_test_find_tag(test, f->m, 1, NULL), ENOENT);
}

/*
 * The driver's auxiliary data
 */

static const struct aux_case {
	const char *name;
	const char *given;
	size_t len;
	errno_t error;
} aux_cases[] = {
	{ "one byte", "h5", 1, 0 },
	{ "longest", "h5", LONGEST_AUX, 0 },
	{ "one too long", "h5", LONGEST_AUX + 1, EINVAL },
	{ "nothing", "h5", 0, EINVAL },
	{ "no packet", "5", 8, EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(aux, aux_cases, name);

static void add_drvaux_test(struct kunit *test)
{
	const struct aux_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	u32 family = 0, subfamily = 0, len = 0;
	void *data = NULL, *found = NULL;

	f->m = mbuf_test_chain(test, c->given);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_add_drvaux(f->m, MBUF_WAITOK, 3, 4, c->len, &data),
			c->error);
	if (c->error)
		return;
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, c->len));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_add_drvaux(f->m, MBUF_WAITOK, 5, 6, 1, &found), EEXIST);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_find_drvaux(f->m, &family, &subfamily, &len, &found), 0);
	KUNIT_EXPECT_PTR_EQ(test, found, data);
	KUNIT_EXPECT_EQ(test, family, 3);
	KUNIT_EXPECT_EQ(test, subfamily, 4);
	KUNIT_EXPECT_EQ(test, len, c->len);

	kpi_mbuf_del_drvaux(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_find_drvaux(f->m, NULL, NULL, NULL, &found), ENOENT);
	KUNIT_EXPECT_NULL(test, found);
	kpi_mbuf_del_drvaux(f->m);
}

static void tags_without_memory_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_tag_id_t id = mbuf_test_tag_id(test);
	void *data = test;

	f->m = mbuf_test_chain(test, "h5");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_tag_allocate(f->m, id, 1, 8, MBUF_DONTWAIT, &data),
			EWOULDBLOCK);
	KUNIT_EXPECT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_add_drvaux(f->m, MBUF_DONTWAIT, 1, 2, 8, NULL),
			EWOULDBLOCK);
}

static struct kunit_case tag_tests[] = {
	KUNIT_CASE(an_id_belongs_to_a_string_test),
	KUNIT_CASE(id_arguments_test),
	KUNIT_CASE(a_fresh_tag_is_zeroed_and_aligned_test),
	KUNIT_CASE_PARAM(tag_allocate_test, tag_gen_params),
	KUNIT_CASE(tag_null_pointers_test),
	KUNIT_CASE(tag_free_takes_that_one_only_test),
	KUNIT_CASE(tags_go_with_the_header_test),
	KUNIT_CASE(many_tags_test),
	KUNIT_CASE_PARAM(place_test, place_gen_params),
	KUNIT_CASE(concatenate_keeps_no_tag_of_the_source_in_reach_test),
	KUNIT_CASE_PARAM(add_drvaux_test, aux_gen_params),
	KUNIT_CASE(tags_without_memory_test),
	{ }
};

MBUF_TEST_SUITE(tag_suite, "mbuf_tag", tag_tests);
