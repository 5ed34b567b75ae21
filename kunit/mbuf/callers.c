// SPDX-License-Identifier: GPL-2.0
/*
 * What kexts depend on. Each of these was found in code that is in use (NFS and
 * SMB clients, AFS); a layer that gets one of them wrong breaks that code.
 */

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>

#include "test.h"

/* 1. Data is built by writing behind it and then raising the length. */
static void data_is_built_in_the_trailing_space_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	size_t room;

	f->m = mbuf_test_chain(test, "h5");
	room = kpi_mbuf_trailingspace(f->m);
	memset(kpi_mbuf_data(f->m) + kpi_mbuf_len(f->m), 0x5a, room);
	kpi_mbuf_setlen(f->m, 5 + room);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_trailingspace(f->m), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(kpi_mbuf_data(f->m) + 5, 0x5a, room));
	mbuf_test_expect_sane(test, f->m);

	f->n = mbuf_test_chain(test, "h5c*");
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_trailingspace(f->n), 0, "none while shared");
}

/* 2. The length is raised first and filled afterwards, lowered again on error. */
static void lengths_shrink_and_grow_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h50");
	kpi_mbuf_setlen(f->m, 200);
	kpi_mbuf_setlen(f->m, 10);
	kpi_mbuf_setlen(f->m, 50);
	mbuf_test_expect_bytes(test, f->m, "0..49");
}

/* 3. Pointers into an mbuf are kept while the chain around it is built, copied and sent. */
static void addresses_of_data_are_stable_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;
	u8 *first, *later;

	f->m = mbuf_test_chain(test, "h20,300c");
	first = kpi_mbuf_data(f->m);
	second = kpi_mbuf_next(f->m);
	later = kpi_mbuf_data(second);

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 320, 5000, mbuf_test_source(),
						MBUF_WAITOK), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->peer[1]), 0);
	kpi_mbuf_freem(f->n);
	f->n = NULL;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 4000, MBUF_WAITOK, &f->n), 0);
	kpi_mbuf_concatenate(f->m, mbuf_test_chain(test, "7"));

	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(f->m), (void *)first);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_next(f->m), second);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(second), (void *)later);
	first[3] = 0xee;
	KUNIT_EXPECT_EQ(test, ((u8 *)kpi_mbuf_data(f->m))[3], 0xee);
}

/* 4. Loops free leading empty mbufs one at a time and go on with what free returns. */
static void leading_empty_mbufs_are_freed_one_by_one_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h0,0,0c,5,2");
	while (f->m && !kpi_mbuf_len(f->m))
		f->m = kpi_mbuf_free(f->m);
	mbuf_test_expect_shape(test, f->m, "5,2");
	mbuf_test_expect_bytes(test, f->m, "0..6");
}

/* 5. A tail is freed while its predecessor still points at it. */
static void a_freed_tail_is_cut_off_afterwards_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3,5c,2x");
	kpi_mbuf_freem(kpi_mbuf_next(f->m));
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, NULL), 0);
	mbuf_test_expect_shape(test, f->m, "h3");
}

/* 6. What adj empties is still there to be found and freed. */
static void adj_leaves_empty_mbufs_in_place_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t third;

	f->m = mbuf_test_chain(test, "h3,5,2c");
	third = mbuf_test_nth(f->m, 2);
	kpi_mbuf_adj(f->m, 9);
	mbuf_test_expect_shape(test, f->m, "h0,0,1c@1");
	KUNIT_EXPECT_PTR_EQ(test, mbuf_test_nth(f->m, 2), third);
	kpi_mbuf_adj(f->m, -1);
	mbuf_test_expect_shape(test, f->m, "h0,0,0c@1");
}

/* 7. Packets are linked behind others; what a socket returns has no next packet. */
static void a_packet_may_follow_in_a_chain_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setnext(f->m, mbuf_test_chain(test, "h4,5")), 0);
	mbuf_test_expect_shape(test, f->m, "h3,h4,5");
	mbuf_test_expect_sane(test, f->m);
}

/* 8. Chains of every make can be read, copied and checked as one byte sequence. */
static void a_chain_of_every_make_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u8 out[43];
	int i;

	f->m = mbuf_test_chain(test, "h0,3@5,0c,h7c*@1,11b,0,13x@3,9j,0x");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copydata(f->m, 0, 43, out), 0);
	for (i = 0; i < sizeof(out); i++)
		KUNIT_EXPECT_EQ_MSG(test, out[i], i, "byte %d", i);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_dup(f->m, MBUF_WAITOK, &f->n), 0);
	mbuf_test_expect_bytes(test, f->n, "0..42");
}

/* 9. A received chain that starts with empty mbufs is got past by pulling up one byte. */
static void one_byte_is_pulled_up_past_empty_mbufs_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h0,0c,70c,5");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->m, 1), 0);
	KUNIT_EXPECT_GE(test, kpi_mbuf_len(f->m), 1);
	KUNIT_EXPECT_TRUE(test, kpi_mbuf_flags(f->m) & MBUF_PKTHDR);
	kpi_mbuf_pkthdr_setlen(f->m, 1000);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_pkthdr_len(f->m), 1000, "set and read back");
	mbuf_test_expect_bytes(test, f->m, "0..74");
}

/* 10. Who gets an error from prepend or pullup returns without freeing. */
static void prepend_and_pullup_free_when_they_fail_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	f->m = mbuf_test_chain(test, "h3c,5x");
	f->n = mbuf_test_chain(test, "h3c,5x");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_NE(test, kpi_mbuf_prepend(&f->m, 4, MBUF_DONTWAIT), 0);
	KUNIT_EXPECT_NE(test, kpi_mbuf_pullup(&f->n, 8), 0);
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_NULL(test, f->m);
	KUNIT_EXPECT_NULL(test, f->n);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
	KUNIT_EXPECT_EQ(test, f->buffer[1].freed, 1);
}

/* 11. Who gets an error from the others still has the chain. */
static void the_others_keep_the_chain_when_they_fail_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u8 out[16];

	f->m = mbuf_test_chain(test, "h5,3x");
	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_NE(test, kpi_mbuf_split(f->m, 4, MBUF_DONTWAIT, &f->n), 0);
	KUNIT_EXPECT_NE(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_DONTWAIT, &f->n), 0);
	KUNIT_EXPECT_NE(test, kpi_mbuf_copyback(f->m, 2000, 5, mbuf_test_source(),
						MBUF_DONTWAIT), 0);
	KUNIT_EXPECT_NE(test, kpi_mbuf_copydata(f->m, 0, 16, out), 0);
	kpi_mbuf_fail_nonblocking(false);
	mbuf_test_expect_shape(test, f->m, "h5,3x");
	mbuf_test_expect_bytes(test, f->m, "0..7");
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 0);
}

/* 12. Splitting in the middle of a chain; the header of the result is dropped with data in it. */
static void a_chain_is_split_at_an_mbuf_in_its_middle_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t second;

	f->m = mbuf_test_chain(test, "h3,50c,2");
	second = kpi_mbuf_next(f->m);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(second, 20, MBUF_WAITOK, &f->n), 0);
	mbuf_test_expect_bytes(test, f->m, "0..22");
	mbuf_test_expect_bytes(test, f->n, "23..54");

	f->peer[0] = mbuf_test_chain(test, "h3,50c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->peer[0], 20, MBUF_WAITOK, &f->peer[1]), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setflags_mask(f->peer[1], ~MBUF_PKTHDR, MBUF_PKTHDR), 0);
	mbuf_test_expect_bytes(test, f->peer[1], "20..52");
}

/* 13. Both parts of a split cluster are encrypted in place, the first grows, they are linked. */
static void parts_of_a_cluster_are_worked_on_separately_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t last;

	f->m = mbuf_test_chain(test, "h100c");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 40, MBUF_WAITOK, &f->n), 0);
	memcpy(kpi_mbuf_data(f->m), mbuf_test_source(), 40);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->m, 40, 8, mbuf_test_source() + 40,
						MBUF_WAITOK), 0);
	mbuf_test_expect_bytes(test, f->n, "40..99");
	memcpy(kpi_mbuf_data(f->n), mbuf_test_source() + 100, 60);
	mbuf_test_expect_bytes(test, f->m, "w0..47");

	for (last = f->m; kpi_mbuf_next(last); last = kpi_mbuf_next(last))
		;
	KUNIT_ASSERT_EQ(test, kpi_mbuf_setnext(last, f->n), 0);
	f->n = NULL;
	mbuf_test_expect_bytes(test, f->m, "w0..47 w100..159");
}

/* 14. The same request is copied for every retransmission and patched in between. */
static void a_request_is_copied_and_patched_again_and_again_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	int i;

	f->m = mbuf_test_chain(test, "h8,400c");
	for (i = 0; i < 4; i++) {
		KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK,
						     &f->peer[i]), 0);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->peer[i]), 408);
		mbuf_test_expect_bytes(test, f->peer[i], i ? "w0..3 4..407" : "0..407");
		memcpy(kpi_mbuf_data(f->m), mbuf_test_source(), 4);
	}
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), 408);
}

/* 15. After a failed getcluster the pointer is NULL, ready for the next, smaller try. */
static void a_failed_cluster_leaves_null_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	kpi_mbuf_fail_nonblocking(true);
	KUNIT_EXPECT_NE(test, kpi_mbuf_getcluster(MBUF_DONTWAIT, MBUF_TYPE_DATA, 16384, &f->m), 0);
	KUNIT_EXPECT_NULL(test, f->m);
	KUNIT_EXPECT_NE(test, kpi_mbuf_mclget(MBUF_DONTWAIT, MBUF_TYPE_DATA, &f->m), 0);
	KUNIT_EXPECT_NULL(test, f->m);
	kpi_mbuf_fail_nonblocking(false);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 4096, &f->m), 0);
	mbuf_test_expect_shape(test, f->m, "0b");
}

/* 16. mclget on an mbuf: the same pointer, MBUF_EXT, room for a cluster. */
static void mclget_keeps_the_mbuf_and_gives_room_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t before = f->m = mbuf_test_chain(test, "h9");

	KUNIT_ASSERT_EQ(test, kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	kpi_mbuf_setlen(f->m, 0);
	KUNIT_EXPECT_PTR_EQ(test, f->m, before);
	KUNIT_EXPECT_TRUE(test, kpi_mbuf_flags(f->m) & MBUF_EXT);
	KUNIT_EXPECT_GE(test, kpi_mbuf_trailingspace(f->m), 2048);
}

/* 17. A plain mbuf has room for 64 bytes in front of a token, and for the largest fixed item. */
static void a_plain_mbuf_is_large_enough_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &f->m), 0);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_setdata(f->m, kpi_mbuf_data(f->m) + 64, 0), 0);
	KUNIT_EXPECT_GE(test, kpi_mbuf_trailingspace(f->m), 128);
	KUNIT_EXPECT_GE(test, kpi_mbuf_maxlen(f->m), 224);
}

/* 18. The statistics' sizes are read once at start. */
static void statistics_have_sizes_test(struct kunit *test)
{
	struct bsd_mbuf_stat *stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stats);
	kpi_mbuf_stats(stats);
	KUNIT_EXPECT_GT(test, stats->mhlen, 0);
	KUNIT_EXPECT_GT(test, stats->minclsize, 0);
	KUNIT_EXPECT_LE(test, stats->mhlen, stats->minclsize);
}

/* 19. freem(NULL) is said without a thought. */
static void freem_of_null_is_harmless_test(struct kunit *test)
{
	kpi_mbuf_freem(NULL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

/* 20. Reading past the end is an error, not a crash. */
static void copydata_of_a_short_chain_is_an_error_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	u8 out[100];

	f->m = mbuf_test_chain(test, "h3,5");
	KUNIT_EXPECT_EQ(test, kpi_mbuf_copydata(f->m, 0, sizeof(out), out), EINVAL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
}

/* 21. A list is walked by reading nextpkt, freeing the head, going on with the next. */
static void a_packet_list_is_freed_packet_by_packet_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t next;
	int n = 0;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_allocpacket_list(5, MBUF_WAITOK, 5000, NULL, &f->m), 0);
	while (f->m) {
		next = kpi_mbuf_nextpkt(f->m);
		kpi_mbuf_freem(f->m);
		f->m = next;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 5);
}

/* 22. As Apple's guide says: allocpacket, several copybacks, send. */
static void a_packet_is_filled_by_copyback_test(struct kunit *test)
{
	static const size_t lengths[] = { 20, 300, 2048, 5000, 20000, 40000 };
	struct mbuf_fixture *f = test->priv;
	char all[16];
	int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t len = lengths[i], third = len / 3;

		KUNIT_ASSERT_EQ(test, kpi_mbuf_allocpacket(MBUF_WAITOK, third, NULL, &f->m), 0);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, 0, third, mbuf_test_source(),
							MBUF_WAITOK), 0);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, third, third,
							mbuf_test_source() + third,
							MBUF_WAITOK), 0);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_copyback(f->m, 2 * third, len - 2 * third,
							mbuf_test_source() + 2 * third,
							MBUF_WAITOK), 0);
		scnprintf(all, sizeof(all), "w0..%zu", len - 1);
		mbuf_test_expect_bytes(test, f->m, all);
		KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(f->m), len);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
}

static struct kunit_case callers_cases[] = {
	KUNIT_CASE(data_is_built_in_the_trailing_space_test),
	KUNIT_CASE(lengths_shrink_and_grow_test),
	KUNIT_CASE(addresses_of_data_are_stable_test),
	KUNIT_CASE(leading_empty_mbufs_are_freed_one_by_one_test),
	KUNIT_CASE(a_freed_tail_is_cut_off_afterwards_test),
	KUNIT_CASE(adj_leaves_empty_mbufs_in_place_test),
	KUNIT_CASE(a_packet_may_follow_in_a_chain_test),
	KUNIT_CASE(a_chain_of_every_make_test),
	KUNIT_CASE(one_byte_is_pulled_up_past_empty_mbufs_test),
	KUNIT_CASE(prepend_and_pullup_free_when_they_fail_test),
	KUNIT_CASE(the_others_keep_the_chain_when_they_fail_test),
	KUNIT_CASE(a_chain_is_split_at_an_mbuf_in_its_middle_test),
	KUNIT_CASE(parts_of_a_cluster_are_worked_on_separately_test),
	KUNIT_CASE(a_request_is_copied_and_patched_again_and_again_test),
	KUNIT_CASE(a_failed_cluster_leaves_null_test),
	KUNIT_CASE(mclget_keeps_the_mbuf_and_gives_room_test),
	KUNIT_CASE(a_plain_mbuf_is_large_enough_test),
	KUNIT_CASE(statistics_have_sizes_test),
	KUNIT_CASE(freem_of_null_is_harmless_test),
	KUNIT_CASE(copydata_of_a_short_chain_is_an_error_test),
	KUNIT_CASE(a_packet_list_is_freed_packet_by_packet_test),
	KUNIT_CASE(a_packet_is_filled_by_copyback_test),
	{ }
};

MBUF_TEST_SUITE(callers_suite, "mbuf_callers", callers_cases);
