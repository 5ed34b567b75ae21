// SPDX-License-Identifier: GPL-2.0
/* The border to sk_buff: whose bytes are where, and who may write to them. */

#include <linux/err.h>
#include <linux/kmemleak.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#include <netkpi/skb.h>

#include "mbuf/poison.h"
#include "test.h"
#include "test_skb.h"

static const struct mbuf_test_skb_case skb_cases[] = {
	{ "empty" },
	{ "one byte", .linear = 1 },
	{ "short linear", .linear = 200 },
	{ "linear", .linear = 1500 },
	{ "linear at an odd address", .linear = 1500, .odd = 1 },
	{ "head in a page", .linear = 1000, .head_frag = true },
	{ "header and a fragment", .linear = 54, .frags = 1, .frag = 1460 },
	{ "fragments without linear part", .frags = 3, .frag = 1000 },
	{ "fragments at odd offsets", .linear = 33, .frags = 4, .frag = 777, .odd = 3 },
	{ "as many fragments as there can be", .linear = 40, .frags = MAX_SKB_FRAGS, .frag = 4000 },
	{ "single bytes as fragments", .linear = 1, .frags = 10, .frag = 1 },
	{ "frag_list", .linear = 100, .members = 3, .member = 1200 },
	{ "frag_list without linear part", .members = 2, .member = 1448 },
	{ "fragments and frag_list", .linear = 66, .frags = 2, .frag = 2048, .members = 3,
	  .member = 10, .member_frag = 3000 },
	{ "members of one byte", .linear = 7, .members = 20, .member = 1 },
	{ "header cut at an odd place", .linear = 13, .frags = 1, .frag = 900, .odd = 1 },
	{ "cloned", .linear = 1500, .frags = 2, .frag = 1000, .holder = HELD_BY_CLONE },
	{ "a clone", .linear = 1500, .frags = 2, .frag = 1000, .holder = HELD_BY_ORIGINAL },
	{ "a fast clone", .linear = 1500, .frags = 2, .frag = 1000,
	  .holder = HELD_BY_FAST_CLONE },
	{ "cloned, with frag_list", .linear = 500, .members = 2, .member = 1000, .member_frag = 700,
	  .holder = HELD_BY_CLONE },
	{ "held twice, with frag_list", .linear = 500, .members = 2, .member = 1000,
	  .member_frag = 700, .holder = HELD_BY_REFERENCE },
	{ "held twice", .linear = 1500, .frags = 2, .frag = 1000, .holder = HELD_BY_REFERENCE },
	{ "pages of a file", .linear = 54, .frags = 3, .frag = 4000, .holder = HELD_BY_PAGES },
};

KUNIT_ARRAY_PARAM_DESC(skb, skb_cases, name);

static void expect_numbers(struct kunit *test, mbuf_t m, size_t len)
{
	char all[24] = "";

	if (len)
		scnprintf(all, sizeof(all), "0..%zu", len - 1);
	mbuf_test_expect_bytes(test, m, all);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_pkthdr_len(m), len);
	KUNIT_EXPECT_NULL(test, kpi_mbuf_nextpkt(m));
	mbuf_test_expect_sane(test, m);
}

static void in_test(struct kunit *test)
{
	struct mbuf_test_skb *made = mbuf_test_skb(test, test->param_value);
	struct mbuf_fixture *f = test->priv;

	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	expect_numbers(test, f->m, made->len);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);

	kpi_mbuf_freem(f->m);
	f->m = NULL;
	kfree_skb(made->other);
	made->other = NULL;
	mbuf_test_expect_pages_free(test, made);
}

static void in_and_out_again_test(struct kunit *test)
{
	struct mbuf_test_skb *made = mbuf_test_skb(test, test->param_value);
	struct sk_buff *skb;
	mbuf_t m;

	m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m);
	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	mbuf_test_expect_skb(test, skb, 0, made->len, "after the round trip");
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);

	kfree_skb(skb);
	kfree_skb(made->other);
	made->other = NULL;
	mbuf_test_expect_pages_free(test, made);
}

static void overwrite(mbuf_t m)
{
	for (; m; m = kpi_mbuf_next(m))
		memset(kpi_mbuf_data(m), 0xee, kpi_mbuf_len(m));
}

static void expect_pages_unwritten(struct kunit *test, struct mbuf_test_skb *made,
				   const struct mbuf_test_skb_case *c)
{
	size_t first = c->linear, i, n;

	for (n = 0; n < c->frags; n++, first += c->frag) {
		const u8 *data = page_address(made->pages[n]) + c->odd;

		for (i = 0; i < c->frag; i++)
			KUNIT_ASSERT_EQ_MSG(test, data[i], (u8)(first + i),
					    "byte %zu of fragment %zu", i, n);
	}
}

/* Kexts write through mbuf_data(): what somebody else looks at must be a copy. */
static void writing_does_not_reach_the_other_holder_test(struct kunit *test)
{
	const struct mbuf_test_skb_case *c = test->param_value;
	struct mbuf_test_skb *made = mbuf_test_skb(test, c);
	struct mbuf_fixture *f = test->priv;

	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	overwrite(f->m);
	if (made->other)
		mbuf_test_expect_skb(test, made->other, 0, made->len, "the other holder's");
	if (c->holder == HELD_BY_PAGES)
		expect_pages_unwritten(test, made, c);
}

/* The same on the way out, where a packet may have to be sent again as it was. */
static void writing_does_not_reach_what_is_sent_again_test(struct kunit *test)
{
	const struct mbuf_test_skb_case *c = test->param_value;
	struct mbuf_test_skb *made = mbuf_test_skb(test, c);
	struct mbuf_fixture *f = test->priv;

	f->m = kpi_mbuf_from_skb(made->skb, KPI_OUTBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	overwrite(f->m);
	if (made->other)
		mbuf_test_expect_skb(test, made->other, 0, made->len, "the other holder's");
}

/* A process's memory, by whoever did not mark it. */
static void memory_of_a_process_is_copied_test(struct kunit *test)
{
#ifdef KUNIT_HAVE_VM_MMAP
	static const struct mbuf_test_skb_case c = { .linear = 54 };
	struct mbuf_test_skb *made = mbuf_test_skb(test, &c);
	unsigned long addr = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
					   MAP_ANONYMOUS | MAP_PRIVATE, 0);
	struct mbuf_fixture *f = test->priv;
	struct page *page;

	kmemleak_not_leak(current->mm);	/* KUnit attaches it and never lets it go */
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(addr));
	KUNIT_ASSERT_EQ(test, get_user_pages_fast(addr, 1, FOLL_WRITE, &page), 1);
	memset(page_address(page), 'A', PAGE_SIZE);
	get_page(page);
	skb_fill_page_desc(made->skb, 0, page, 0, 1000);
	made->skb->len += 1000;
	made->skb->data_len += 1000;
	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, f->m);
	overwrite(f->m);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 'A', PAGE_SIZE));
	put_page(page);
#else
	kunit_skip(test, "no user memory for tests in this kernel");
#endif
}

/* A received packet is looked at where it is. */
static void nothing_is_copied_that_is_ours_alone_test(struct kunit *test)
{
	static const struct mbuf_test_skb_case c = {
		.linear = 1500, .frags = 2, .frag = 3000, .members = 1, .member = 1000,
	};
	struct mbuf_test_skb *made = mbuf_test_skb(test, &c);
	const u8 *linear = made->skb->data;
	const u8 *member = skb_shinfo(made->skb)->frag_list->data;
	struct mbuf_fixture *f = test->priv;

	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(f->m), (void *)linear);
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(mbuf_test_nth(f->m, 1)),
			    page_address(made->pages[0]));
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(mbuf_test_nth(f->m, 2)),
			    page_address(made->pages[1]));
	KUNIT_EXPECT_PTR_EQ(test, kpi_mbuf_data(mbuf_test_nth(f->m, 3)), (void *)member);
}

/* Fragments that continue each other in memory are one mbuf. */
static void neighbouring_fragments_are_one_mbuf_test(struct kunit *test)
{
	static const struct mbuf_test_skb_case c = { .linear = 54, .frags = 1, .frag = 1000 };
	struct mbuf_test_skb *made = mbuf_test_skb(test, &c);
	struct mbuf_fixture *f = test->priv;
	u8 *behind = page_address(made->pages[0]) + 1000;
	int i;

	for (i = 0; i < 500; i++)
		behind[i] = 1054 + i;
	get_page(made->pages[0]);
	skb_fill_page_desc(made->skb, 1, made->pages[0], 1000, 500);
	made->skb->len += 500;
	made->skb->data_len += 500;
	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	expect_numbers(test, f->m, 1554);
	KUNIT_EXPECT_EQ(test, kpi_mbuf_len(mbuf_test_nth(f->m, 1)), 1500);
	KUNIT_EXPECT_NULL(test, mbuf_test_nth(f->m, 2));
}

/* Every call works on views: they are storage like any other. */
static void views_are_storage_like_any_other_test(struct kunit *test)
{
	static const struct mbuf_test_skb_case c = { .linear = 600, .frags = 3, .frag = 1000 };
	struct mbuf_test_skb *made = mbuf_test_skb(test, &c);
	struct mbuf_fixture *f = test->priv;
	size_t off = 500;
	mbuf_t at;

	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_trailingspace(f->m), 0, "nobody's room");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(f->m, 0, MBUF_COPYALL, MBUF_WAITOK, &f->n), 0);
	expect_numbers(test, f->n, made->len);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_split(f->m, 2000, MBUF_WAITOK, &f->peer[1]), 0);
	mbuf_test_expect_bytes(test, f->peer[1], "2000..3599");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pulldown(f->m, &off, 500, &at), 0);
	mbuf_test_expect_bytes(test, f->m, "0..1999");
	KUNIT_ASSERT_EQ(test, kpi_mbuf_prepend(&f->peer[1], 14, MBUF_WAITOK), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_pullup(&f->n, 60), 0);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_copyback(f->n, 3600, 10, mbuf_test_source(),
						MBUF_WAITOK), 0);
	mbuf_test_expect_bytes(test, f->n, "0..3599 w0..9");
}

/*
 * Out
 */

/* Clusters that do not continue each other, and clusters that do. */
#define ODD_4		"999c@1,999c@1,999c@1,999c@1"
#define ODD_8		ODD_4 "," ODD_4
#define FULL_4		"2048c,2048c,2048c,2048c"

static const struct out_case {
	const char *name;
	const char *shape;
} out_cases[] = {
	{ "empty", "h0" },
	{ "one byte", "h1" },
	{ "plain", "h200@20" },
	{ "plain at an odd address", "h201@7" },
	{ "full plain", "h288" },
	{ "plain mbufs", "h100,200,288,1" },
	{ "short cluster", "h100c" },
	{ "cluster", "h2048c" },
	{ "large cluster", "h16000j" },
	{ "clusters", "h2048c,2048c,2048c,1000c" },
	{ "clusters at odd offsets", "h2000c@7,1999c@13,333b@1" },
	{ "header and clusters", "h54,1460c@3,1460c,10" },
	{ "caller's buffer", "h54,5000x@1" },
	{ "only a caller's buffer", "h3000x" },
	{ "a little of everything", "h14@100,20,8c,500x@9,1000b,2,0,700j@5,0c" },
	{ "empty mbufs everywhere", "h0,0c,5,0,0x,700c,0" },
	{ "headers in the middle", "h20,h30,h600c,h5" },
	{ "shared", "h20,700c*,100" },
	{ "more pieces than fragments",
	  "h9c@1," ODD_8 "," ODD_8 "," ODD_8 },
	{ "longer than 64 KiB", "h16384j,16384j,16384j,16384j,5000j" },
};

KUNIT_ARRAY_PARAM_DESC(out, out_cases, name);

static void expect_sendable(struct kunit *test, struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct sk_buff *member;
	size_t data_len = 0;
	int i;

	for (i = 0; i < shinfo->nr_frags; i++) {
		data_len += skb_frag_size(&shinfo->frags[i]);
		KUNIT_EXPECT_FALSE_MSG(test, PageSlab(skb_frag_page(&shinfo->frags[i])),
				       "slab memory must not be spliced");
	}
	skb_walk_frags(skb, member)
		data_len += member->len;
	KUNIT_EXPECT_EQ(test, skb->data_len, data_len);
	KUNIT_EXPECT_GE(test, skb->truesize, skb->len);
	KUNIT_EXPECT_FALSE(test, skb_cloned(skb));
	KUNIT_EXPECT_FALSE(test, skb_shared(skb));
	KUNIT_EXPECT_NULL(test, skb->next);
	KUNIT_EXPECT_NULL(test, skb->prev);
	KUNIT_EXPECT_NULL(test, skb->sk);
	KUNIT_EXPECT_GE_MSG(test, skb_headroom(skb), 32, "room for link headers");
}

static void out_test(struct kunit *test)
{
	const struct out_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, c->shape);
	size_t len = mbuf_test_bytes(m);

	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	mbuf_test_expect_skb(test, skb, 0, len, "sent");
	expect_sendable(test, skb);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 0);
	if (f->peer[0])
		KUNIT_EXPECT_EQ(test, mbuf_test_bytes(f->peer[0]), len);
	kfree_skb(skb);
}

static void out_and_in_again_test(struct kunit *test)
{
	const struct out_case *c = test->param_value;
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, c->shape);
	size_t len = mbuf_test_bytes(m);

	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	f->m = kpi_mbuf_from_skb(skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	expect_numbers(test, f->m, len);
}

/* Clusters lie next to each other: a chain of them goes out in few fragments. */
static void neighbouring_clusters_are_one_fragment_test(struct kunit *test)
{
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, "h" FULL_4 "," FULL_4 "," FULL_4 "," FULL_4);

	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_EXPECT_LE_MSG(test, skb_shinfo(skb)->nr_frags, 3, "16 clusters of 2 KiB");
	mbuf_test_expect_skb(test, skb, 0, 32768, "sent");
	kfree_skb(skb);
}

/* One of two neighbours that somebody else has, too, makes what they are together somebody's. */
static void a_shared_neighbour_is_told_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, "h2048c,2048c");

	KUNIT_ASSERT_EQ(test, kpi_mbuf_copym(m, 2048, 2048, MBUF_WAITOK, &f->peer[0]), 0);
	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_EXPECT_TRUE(test, skb_has_shared_frag(skb));
	kfree_skb(skb);
}

/* Pages that lie side by side by chance come and go by themselves. */
static void neighbouring_pages_are_two_fragments_test(struct kunit *test)
{
	struct page *pages = alloc_pages(GFP_KERNEL, 1);
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);
	struct mbuf_fixture *f = test->priv;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, pages);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	split_page(pages, 1);
	for (i = 0; i < 2; i++)
		skb_add_rx_frag(skb, i, pages + i, 0, PAGE_SIZE, PAGE_SIZE);
	f->m = kpi_mbuf_from_skb(skb, KPI_INBOUND, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->m);
	skb = kpi_mbuf_to_skb(f->m, 0, GFP_KERNEL);
	f->m = NULL;
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->nr_frags, 2);
	kfree_skb(skb);
}

/* What the network holds is not given to the next mbuf. */
static void a_sent_cluster_is_not_used_again_before_it_is_free_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;
	int i;

	skb = kpi_mbuf_to_skb(mbuf_test_chain(test, "h10,2048c,2048c"), 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	for (i = 0; i < 64; i++) {
		f->m = mbuf_test_chain(test, "h2048c,4096b,16384j");
		overwrite(f->m);
		kpi_mbuf_freem(f->m);
		f->m = NULL;
	}
	mbuf_test_expect_skb(test, skb, 0, 4106, "still being sent");
	kfree_skb(skb);
}

static void a_shared_cluster_is_sent_while_its_peer_lives_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;

	skb = kpi_mbuf_to_skb(mbuf_test_chain(test, "h10,2000c*"), 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_EXPECT_EQ_MSG(test, kpi_mbuf_len(mbuf_test_nth(f->peer[0], 1)), 2000, "the peer");
	kpi_mbuf_freem(f->peer[0]);
	f->peer[0] = NULL;
	mbuf_test_expect_skb(test, skb, 0, 2010, "still being sent");
	kfree_skb(skb);
}

static void a_callers_buffer_comes_back_once_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;

	skb = kpi_mbuf_to_skb(mbuf_test_chain(test, "h20,5000x,10"), 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	if (f->buffer[0].freed)
		memset(f->buffer[0].addr, 0xee, f->buffer[0].size);
	mbuf_test_expect_skb(test, skb, 0, 5030, "sent");
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, f->buffer[0].freed, 1);
}

static void the_real_length_counts_test(struct kunit *test)
{
	struct sk_buff *skb;
	mbuf_t m = mbuf_test_chain(test, "h10,20");

	kpi_mbuf_pkthdr_setlen(m, 1000);
	skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	KUNIT_EXPECT_EQ_MSG(test, mbuf_test_misuses(test), 1, "the packet length was wrong");
	mbuf_test_expect_skb(test, skb, 0, 30, "sent");
	kfree_skb(skb);
}

static void what_is_no_packet_is_refused_and_consumed_test(struct kunit *test)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(mbuf_test_chain(test, "10,20c"), 0, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, PTR_ERR(skb), -EINVAL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	skb = kpi_mbuf_to_skb(NULL, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(skb), -EINVAL);
}

/* Debug builds check a chain before they send it; a damaged one is left where it is. */
static void a_damaged_chain_is_not_sent_test(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct sk_buff *skb;

	if (!KPI_MBUF_DEBUG)
		kunit_skip(test, "not a debug build");
	f->m = mbuf_test_chain(test, "h10,20c");
	kpi_mcb(kpi_mbuf_next(f->m))->len = 5000;
	skb = kpi_mbuf_to_skb(f->m, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, PTR_ERR(skb), -EINVAL);
	KUNIT_EXPECT_EQ(test, mbuf_test_misuses(test), 1);
	kpi_mcb(kpi_mbuf_next(f->m))->len = 20;
}

/* An sk_buff is consumed, a packet too, whatever fails on the way. */
static void in_without_memory(struct kunit *test, enum mbuf_test_holder holder)
{
	const struct mbuf_test_skb_case c = {
		.linear = 1500, .frags = 2, .frag = 3000, .members = 1, .member = 1000,
		.holder = holder,
	};
	unsigned int n;
	bool fired;

	for (n = 1; n < 50; n++) {
		struct mbuf_test_skb *made = mbuf_test_skb(test, &c);
		mbuf_t m;

		kpi_mbuf_fail_nth(n);
		m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
		fired = kpi_mbuf_fail_fired();
		kpi_mbuf_fail_nth(0);
		KUNIT_EXPECT_EQ_MSG(test, !m, fired, "with failure %u", n);
		kpi_mbuf_freem(m);
		mbuf_test_expect_pages_free(test, made);
		if (!fired)
			break;
	}
	KUNIT_EXPECT_GT_MSG(test, n, 3, "failures on the way in");
}

static void border_without_memory_test(struct kunit *test)
{
	unsigned int n;
	bool fired;

	in_without_memory(test, HELD_BY_PAGES);		/* which are copied */
	in_without_memory(test, HELD_BY_NOBODY);
	for (n = 1; n < 50; n++) {
		mbuf_t m = mbuf_test_chain(test, "h100,2000c,3000x,5,4000b");
		struct sk_buff *skb;

		kpi_mbuf_fail_nth(n);
		skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
		fired = kpi_mbuf_fail_fired();
		kpi_mbuf_fail_nth(0);
		KUNIT_EXPECT_EQ_MSG(test, IS_ERR(skb), fired, "with failure %u", n);
		if (!fired) {
			kfree_skb(skb);
			break;
		}
		KUNIT_EXPECT_EQ(test, PTR_ERR(skb), -ENOMEM);
	}
	KUNIT_EXPECT_GT_MSG(test, n, 1, "failures on the way out");
}

/* What a packet's pages are held by; kept for the next packet, but nobody's until then. */
static void a_free_view_is_poisoned_test(struct kunit *test)
{
	static const struct mbuf_test_skb_case received = {
		.linear = 54, .frags = 1, .frag = 1460,
	};
	struct mbuf_test_skb *made = mbuf_test_skb(test, &received);
	struct mbuf_fixture *f = test->priv;
	struct kpi_store *store = NULL;
	mbuf_t m;

	if (!KPI_POISONS)
		kunit_skip(test, "no KASAN");
	f->m = kpi_mbuf_from_skb(made->skb, KPI_INBOUND, GFP_KERNEL);
	made->skb = NULL;
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(f->m));
	for (m = f->m; m && !store; m = kpi_mbuf_next(m))
		store = kpi_mcb(m)->store;
	KUNIT_ASSERT_NOT_NULL(test, store);
	KUNIT_ASSERT_EQ(test, store->kind, KPI_STORE_PAGE);
	KUNIT_EXPECT_FALSE(test, kpi_is_poisoned(store, sizeof(struct kpi_view)));
	kpi_mbuf_freem(f->m);
	f->m = NULL;
	KUNIT_EXPECT_TRUE(test, kpi_is_poisoned(store, sizeof(struct kpi_view)));
}

static struct kunit_case skb_tests[] = {
	KUNIT_CASE_PARAM(in_test, skb_gen_params),
	KUNIT_CASE_PARAM(in_and_out_again_test, skb_gen_params),
	KUNIT_CASE_PARAM(writing_does_not_reach_the_other_holder_test, skb_gen_params),
	KUNIT_CASE_PARAM(writing_does_not_reach_what_is_sent_again_test, skb_gen_params),
	KUNIT_CASE(memory_of_a_process_is_copied_test),
	KUNIT_CASE(nothing_is_copied_that_is_ours_alone_test),
	KUNIT_CASE(neighbouring_fragments_are_one_mbuf_test),
	KUNIT_CASE(views_are_storage_like_any_other_test),
	KUNIT_CASE_PARAM(out_test, out_gen_params),
	KUNIT_CASE_PARAM(out_and_in_again_test, out_gen_params),
	KUNIT_CASE(neighbouring_clusters_are_one_fragment_test),
	KUNIT_CASE(a_shared_neighbour_is_told_test),
	KUNIT_CASE(neighbouring_pages_are_two_fragments_test),
	KUNIT_CASE(a_sent_cluster_is_not_used_again_before_it_is_free_test),
	KUNIT_CASE(a_shared_cluster_is_sent_while_its_peer_lives_test),
	KUNIT_CASE(a_callers_buffer_comes_back_once_test),
	KUNIT_CASE(the_real_length_counts_test),
	KUNIT_CASE(what_is_no_packet_is_refused_and_consumed_test),
	KUNIT_CASE(a_damaged_chain_is_not_sent_test),
	KUNIT_CASE(border_without_memory_test),
	KUNIT_CASE(a_free_view_is_poisoned_test),
	{ }
};

MBUF_TEST_SUITE(skb_suite, "mbuf_skb", skb_tests);
