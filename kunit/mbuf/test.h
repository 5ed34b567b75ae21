/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the mbuf suites have in common.
 *
 * Chains are written as in this example: "h3,5c@7,2x*" is a packet of three
 * mbufs. In front of the length h: has a packet header. Behind it where the data
 * is: c, b, j in a cluster of 2048, 4096, 16384 bytes, x in a buffer of the
 * caller's, nothing: inside the mbuf. Then * for shared storage, and @k for data
 * that starts k bytes behind mbuf_datastart(). The packet length is the sum.
 *
 * Bytes are written as in "0..8 w0..3 z4 5": 0..8 are the numbers bytes of a
 * fresh chain get (byte i is i mod 256), w0..3 those of mbuf_test_source(), z4
 * four zeros.
 */
#ifndef _KUNIT_MBUF_TEST_H
#define _KUNIT_MBUF_TEST_H

#include <linux/types.h>

#include <kpi/mbuf.h>

#include "kunit_compat.h"
#include "mbuf/check.h"
#include "mbuf/cpu.h"
#include "mbuf/header.h"

#define MLEN		288
#define MHLEN		288
#define MINCLSIZE	576

#define MBUF_TEST_TEXT		512	/* room for a chain in writing */
#define MBUF_TEST_BUFFERS	8
#define MBUF_TEST_PEERS		4

/* A buffer given to mbuf_attachcluster(), and what its free function was told. */
struct mbuf_test_buffer {
	char *addr;
	size_t size;
	unsigned int freed;	/* calls of the free function */
	bool right;		/* all of them with our address, size and argument */
};

/*
 * Every test has one in test->priv. Its mbufs are freed when the test ends, cut
 * short or not; a test that gives one away or lets a call consume it clears the
 * field. Then all counters must stand where they stood before.
 */
struct mbuf_fixture {
	mbuf_t m;			/* what the test is about */
	mbuf_t n;			/* what the call makes of it */
	mbuf_t peer[MBUF_TEST_PEERS];	/* who shares storage with m, or anything else */
	struct mbuf_test_buffer buffer[MBUF_TEST_BUFFERS];
	unsigned int buffers;
	struct kpi_mbuf_counts before;
	unsigned long misuses;
	char text[MBUF_TEST_TEXT];
};

int mbuf_test_init(struct kunit *test);
void mbuf_test_exit(struct kunit *test);
void mbuf_test_suite_exit(struct kunit_suite *suite);

/* A suite of tests that have the fixture. */
#define MBUF_TEST_SUITE(suite, suite_name, cases)		\
	static struct kunit_suite suite = {			\
		.name = suite_name,				\
		.init = mbuf_test_init,				\
		.exit = mbuf_test_exit,				\
		.suite_exit = mbuf_test_suite_exit,		\
		.test_cases = cases,				\
	};							\
	kunit_test_suite(suite)

/* Chains. A "*" makes a copy in peer[0] that shares the storage. */
mbuf_t mbuf_test_chain(struct kunit *test, const char *shape);
const char *mbuf_test_shape(struct kunit *test, mbuf_t m);
mbuf_t mbuf_test_nth(mbuf_t m, unsigned int n);
size_t mbuf_test_bytes(mbuf_t m);

/* Source bytes w0, w1, ... */
const u8 *mbuf_test_source(void);
#define MBUF_TEST_SOURCE	70000

/* Buffers for mbuf_attachcluster(): kmalloc() memory; freed by the callback or with the test. */
struct mbuf_test_buffer *mbuf_test_buffer(struct kunit *test, size_t size);
void mbuf_test_extfree(caddr_t addr, u_int32_t size, caddr_t arg);

/* Tags of one id: made; found, or the errno why not (@data may be NULL). */
void *mbuf_test_put_tag(struct kunit *test, mbuf_t m, mbuf_tag_type_t type, size_t len);
errno_t mbuf_test_find_tag(struct kunit *test, mbuf_t m, mbuf_tag_type_t type, void **data);
mbuf_tag_id_t mbuf_test_tag_id(struct kunit *test);

/* The calling kext's mistakes since the test began, or since this was asked last. */
unsigned int mbuf_test_misuses(struct kunit *test);

/* Expectations; each tells its caller's line. */
#define mbuf_test_expect_shape(test, m, shape)					\
	KUNIT_EXPECT_STREQ_MSG(test, mbuf_test_shape(test, m), shape, "shape of " #m)

/* Data, and the packet length if it has one. */
#define mbuf_test_expect_bytes(test, m, bytes)					\
	KUNIT_EXPECT_STREQ_MSG(test, mbuf_test_difference(test, m, bytes), "same", \
			       "bytes of " #m " should be %s", bytes)

#define mbuf_test_expect_sane(test, m)						\
	KUNIT_EXPECT_STREQ_MSG(test, kpi_mbuf_check(m) ?: "sane", "sane",	\
			       "consistency of " #m)

const char *mbuf_test_difference(struct kunit *test, mbuf_t m, const char *bytes);

#endif /* _KUNIT_MBUF_TEST_H */
