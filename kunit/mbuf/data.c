// SPDX-License-Identifier: GPL-2.0
/* One mbuf: data pointer, length, space around the data, type, flags. */

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "test.h"

/*
 * Where the data is
 */

static void space_around_the_data_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h10@20");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(f->m), MHLEN);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), 20);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), MHLEN - 30);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_datastart(f->m), kpi_mbuf_data(f->m) - 20);
}

/* Sharing hides the space, not where storage begins or how large it is. */
static void space_around_shared_data_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h10c*@20");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_maxlen(f->m), 2048);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_leadingspace(f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 0);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_datastart(f->m), kpi_mbuf_data(f->m) - 20);
}

static const struct setdata_case {
	const char *name;
	const char *given;
	ssize_t start;
	size_t len;
	errno_t error;
	const char *shape;
} setdata_cases[] = {
	{ "start", "h5@7", 0, 0, 0, "h0" },
	{ "all", "h5", 0, MHLEN, 0, "h288" },
	{ "the very end", "h5", MHLEN, 0, 0, "h0@288" },
	{ "last byte", "h5", MHLEN - 1, 1, 0, "h1@287" },
	{ "one byte too long", "h5@2", 1, MHLEN, EINVAL },
	{ "one byte too far", "h5@2", MHLEN + 1, 0, EINVAL },
	{ "before the start", "h5@2", -1, 0, EINVAL },
	{ "before the start with length", "h5@2", -1, 10, EINVAL },
	{ "length wraps around", "h5@2", 10, SIZE_MAX - 4, EINVAL },
	{ "length of no int", "h5@2", 0, 1ULL << 32, EINVAL },
	{ "shared is only a view", "h100c*", 10, 50, 0, "h50c*@10" },
	{ "end of a caller's buffer", "h100x", 200, 0, 0, "h0x@200" },
	{ "behind a caller's buffer", "h100x", 200, 1, EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(setdata, setdata_cases, name);

static void setdata_test(struct kunit *test)
{
	const struct setdata_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	size_t pktlen;

	f->m = mbuf_test_chain(test, c->given);
	pktlen = kpi_mbuf_pkthdr_len(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setdata(f->m, kpi_mbuf_datastart(f->m) + c->start, c->len),
			c->error);
	mbuf_test_expect_shape(test, f->m, c->error ? c->given : c->shape);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), pktlen);
}

static const struct align_case {
	const char *name;
	const char *given;
	size_t len;
	errno_t error;
	const char *shape;
} align_cases[] = {
	{ "ten bytes", "h0", 10, 0, "h0@276" },
	{ "no byte", "h0", 0, 0, "h0@288" },
	{ "all", "h0", MHLEN, 0, "h0" },
	{ "one too many", "h0", MHLEN + 1, EINVAL },
	{ "plain", "0", 3, 0, "0@284" },
	{ "cluster", "h0c", 9, 0, "h0c@2036" },
	{ "not at the start before", "h0@50", 10, 0, "h0@276" },
	{ "shared", "h4c*", 4, EOPNOTSUPP },
	{ "no int", "h0", 1ULL << 32, EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(align, align_cases, name);

static void align_32_test(struct kunit *test)
{
	const struct align_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, c->given);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_align_32(f->m, c->len), c->error);
	mbuf_test_expect_shape(test, f->m, c->error ? c->given : c->shape);
	if (!c->error)
		KUNIT_EXPECT_GE(test, kpi_mbuf_trailingspace(f->m), c->len);
}

/* Addresses of mbuf memory and of other mapped memory; 0 for what is no memory. */
static void data_to_physical_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	void *data;

	f->m = mbuf_test_chain(test, "h5,5c");
	data = kpi_mbuf_data(f->m);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_data_to_physical(data), virt_to_phys(data));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_data_to_physical(data + 3), virt_to_phys(data) + 3);
	data = kpi_mbuf_data(kpi_mbuf_next(f->m));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_data_to_physical(data), virt_to_phys(data));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_data_to_physical(NULL), 0);
}

/*
 * How long it is
 */

static void setlen_keeps_the_bytes_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h10");
	kpi_mbuf_setlen(f->m, 3);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(f->m), 3);
	kpi_mbuf_setlen(f->m, 10);
	mbuf_test_expect_bytes(test, f->m, "0..9");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 10);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

static const struct setlen_case {
	const char *name;
	const char *given;
	size_t len;
	size_t got;
	unsigned int misuses;
} setlen_cases[] = {
	{ "all", "h10", MHLEN, MHLEN, 0 },
	{ "one too many", "h10", MHLEN + 1, MHLEN, 1 },
	{ "all behind the data pointer", "h10@20", MHLEN - 20, MHLEN - 20, 0 },
	{ "one too many behind it", "h10@20", MHLEN - 19, MHLEN - 20, 1 },
	{ "shared up to its storage", "h10c*", 2048, 2048, 0 },
	{ "shared beyond its storage", "h10c*", 2049, 2048, 1 },
	{ "no int", "h10", SIZE_MAX, MHLEN, 1 },
	{ "no int, but small when cut", "h10", (1ULL << 32) + 4, MHLEN, 1 },
};

KUNIT_ARRAY_PARAM_DESC(setlen, setlen_cases, name);

static void setlen_clamps_test(struct kunit *test)
{
	const struct setlen_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, c->given);
	kpi_mbuf_setlen(f->m, c->len);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(f->m), c->got);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), c->misuses);
	mbuf_test_expect_sane(test, f->m);
}

static const struct adjustlen_case {
	const char *name;
	const char *given;
	int amount;
	errno_t error;
	size_t len;
} adjustlen_cases[] = {
	{ "to the end", "h10@20", MHLEN - 30, 0, MHLEN - 20 },
	{ "one too far", "h10@20", MHLEN - 29, EINVAL, 10 },
	{ "to nothing", "h10", -10, 0, 0 },
	{ "below nothing", "h10", -11, EINVAL, 10 },
	{ "not at all", "h10", 0, 0, 10 },
	{ "shared", "h10c*", 2038, 0, 2048 },
	{ "shared one too far", "h10c*", 2039, EINVAL, 10 },
	{ "least int", "h10", INT_MIN, EINVAL, 10 },
	{ "most int", "h10", INT_MAX, EINVAL, 10 },
};

KUNIT_ARRAY_PARAM_DESC(adjustlen, adjustlen_cases, name);

static void adjustlen_test(struct kunit *test)
{
	const struct adjustlen_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, c->given);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_adjustlen(f->m, c->amount), c->error);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(f->m), c->len);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), 10, "is not touched");
}

/*
 * Type and flags
 */

static void settype_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_settype(f->m, MBUF_TYPE_FREE), EINVAL);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), MBUF_TYPE_DATA);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_settype(f->m, 99), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_type(f->m), 99);
}

#define PRIVATE		0x8	/* a bit that is not public */

static const struct flags_case {
	const char *name;
	const char *given;
	mbuf_flags_t flags, mask;
	bool masked;		/* mbuf_setflags_mask() */
	errno_t error;
	mbuf_flags_t got;
	const char *shape;
} flags_cases[] = {
	{ "header of a fresh plain mbuf", "0", MBUF_PKTHDR, MBUF_PKTHDR, true, 0,
	  MBUF_PKTHDR, "h0" },
	{ "header of a used plain mbuf is refused, the rest is done", "5",
	  MBUF_PKTHDR | MBUF_BCAST, 0, false, EBUSY, MBUF_BCAST, "5" },
	{ "header of an empty mbuf that starts late is refused", "0@4", MBUF_PKTHDR, 0, false,
	  EBUSY, 0, "0@4" },
	{ "header of a used cluster", "5c", MBUF_PKTHDR, MBUF_PKTHDR, true, 0,
	  MBUF_EXT | MBUF_PKTHDR, "h5c" },
	{ "no header any more", "h5,3", ~MBUF_PKTHDR, MBUF_PKTHDR, true, 0, 0, "5,3" },
	{ "EXT is missing", "5c", 0, 0, false, EINVAL, MBUF_EXT, "5c" },
	{ "EXT is too much", "5", MBUF_EXT, 0, false, EINVAL, 0, "5" },
	{ "private bit", "5c", MBUF_EXT | PRIVATE, 0, false, EINVAL, MBUF_EXT, "5c" },
	{ "EXT in the mask", "5c", MBUF_EXT, MBUF_EXT, true, EINVAL, MBUF_EXT, "5c" },
	{ "private bit in the mask", "5c", 0, PRIVATE, true, EINVAL, MBUF_EXT, "5c" },
	{ "bits outside of the mask do not count", "5", ~0U, MBUF_EOR, true, 0, MBUF_EOR, "5" },
	{ "all public ones", "h5c", 0x7f47, 0, false, 0, 0x7f47, "h5c" },
};

KUNIT_ARRAY_PARAM_DESC(flags, flags_cases, name);

static void flags_test(struct kunit *test)
{
	const struct flags_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	errno_t err;

	f->m = mbuf_test_chain(test, c->given);
	err = c->masked ? kpi_mbuf_setflags_mask(f->m, c->flags, c->mask) :
			  kpi_mbuf_setflags(f->m, c->flags);

	KUNIT_EXPECT_EQ(test, err, c->error);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m), c->got);
	mbuf_test_expect_shape(test, f->m, c->shape);
	mbuf_test_expect_sane(test, f->m);
}

static void flags_come_and_go_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h5c");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setflags(f->m, MBUF_EXT | MBUF_PKTHDR | MBUF_MCAST), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m), 0x203);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setflags(f->m, MBUF_EXT | MBUF_PKTHDR), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_flags(f->m), 0x3);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 5);
}

static void a_new_header_is_a_fresh_one_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_flags_t header = MBUF_PKTHDR;

	f->m = mbuf_test_chain(test, "h5c");
	kpi_mbuf_pkthdr_setheader(f->m, test);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_set_vlan_tag(f->m, 9), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, 0, header), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setflags_mask(f->m, header, header), 0);

	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 0);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_pkthdr_header(f->m));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_get_vlan_tag(f->m, &(u16){ 0 }), ENXIO);
	mbuf_test_expect_bytes(test, f->m, "0..4");
}

static struct kunit_case data_cases[] = {
	KUNIT_CASE(space_around_the_data_test),
	KUNIT_CASE(space_around_shared_data_test),
	KUNIT_CASE_PARAM(setdata_test, setdata_gen_params),
	KUNIT_CASE_PARAM(align_32_test, align_gen_params),
	KUNIT_CASE(data_to_physical_test),
	KUNIT_CASE(setlen_keeps_the_bytes_test),
	KUNIT_CASE_PARAM(setlen_clamps_test, setlen_gen_params),
	KUNIT_CASE_PARAM(adjustlen_test, adjustlen_gen_params),
	KUNIT_CASE(settype_test),
	KUNIT_CASE_PARAM(flags_test, flags_gen_params),
	KUNIT_CASE(flags_come_and_go_test),
	KUNIT_CASE(a_new_header_is_a_fresh_one_test),
	{ }
};

MBUF_TEST_SUITE(data_suite, "mbuf_data", data_cases);
