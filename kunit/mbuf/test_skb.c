// SPDX-License-Identifier: GPL-2.0
/* sk_buffs of every make, for tests of the border. */

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/skbuff.h>

#include "test_skb.h"

#define HEADROOM	64

/* Pages and the other holder's sk_buff go with the test. */
static void release_skb(void *ctx)
{
	struct mbuf_test_skb *made = ctx;
	unsigned int i;

	kfree_skb(made->other);
	for (i = 0; i < made->npages; i++)
		put_page(made->pages[i]);
}

static void put_numbers(u8 *to, size_t first, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = first + i;
}

static struct sk_buff *make_head(struct kunit *test, size_t linear,
				 const struct mbuf_test_skb_case *c)
{
	size_t size = HEADROOM + c->odd + linear;
	struct sk_buff *skb;

	if (c->head_frag)
		skb = netdev_alloc_skb(NULL, size);
	else if (c->holder == HELD_BY_FAST_CLONE)
		skb = alloc_skb_fclone(size, GFP_KERNEL);
	else
		skb = alloc_skb(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, HEADROOM + c->odd - (skb->data - skb->head) % HEADROOM);
	return skb;
}

static void add_linear(struct mbuf_test_skb *made, struct sk_buff *skb, size_t len)
{
	put_numbers(skb_put(skb, len), made->len, len);
	made->len += len;
}

static void add_frag(struct kunit *test, struct mbuf_test_skb *made, struct sk_buff *skb,
		     size_t len, unsigned int odd)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_ASSERT_LT(test, made->npages, MBUF_TEST_SKB_PAGES);
	get_page(page);
	made->pages[made->npages++] = page;
	put_numbers(page_address(page) + odd, made->len, len);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, odd, len, PAGE_SIZE);
	made->len += len;
}

static void add_member(struct kunit *test, struct mbuf_test_skb *made,
		       const struct mbuf_test_skb_case *c)
{
	struct sk_buff *member = make_head(test, c->member, c), **last;

	last = &skb_shinfo(made->skb)->frag_list;
	while (*last)
		last = &(*last)->next;
	*last = member;
	add_linear(made, member, c->member);
	if (c->member_frag)
		add_frag(test, made, member, c->member_frag, c->odd);

	made->skb->len += member->len;
	made->skb->data_len += member->len;
	made->skb->truesize += member->truesize;
}

static void share(struct kunit *test, struct mbuf_test_skb *made, enum mbuf_test_holder holder)
{
	switch (holder) {
	case HELD_BY_NOBODY:
		return;
	case HELD_BY_REFERENCE:
		made->other = skb_get(made->skb);
		return;
	case HELD_BY_PAGES:
		skb_shinfo(made->skb)->flags |= SKBFL_SHARED_FRAG;
		return;
	default:
		made->other = skb_clone(made->skb, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, made->other);
		if (holder != HELD_BY_CLONE)
			swap(made->skb, made->other);
	}
}

struct mbuf_test_skb *mbuf_test_skb(struct kunit *test, const struct mbuf_test_skb_case *c)
{
	struct mbuf_test_skb *made = kunit_kzalloc(test, sizeof(*made), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, made);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, release_skb, made), 0);
	made->skb = make_head(test, c->linear, c);
	add_linear(made, made->skb, c->linear);
	for (i = 0; i < c->frags; i++)
		add_frag(test, made, made->skb, c->frag, c->odd);
	for (i = 0; i < c->members; i++)
		add_member(test, made, c);
	share(test, made, c->holder);
	return made;
}

/* Bytes numbered from @first on, wherever they are in the sk_buff. */
void mbuf_test_expect_skb(struct kunit *test, struct sk_buff *skb, size_t first, size_t len,
			  const char *what)
{
	u8 byte;
	size_t i;

	KUNIT_ASSERT_EQ_MSG(test, skb->len, len, "%s", what);
	for (i = 0; i < len; i++) {
		KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, i, &byte, 1), 0);
		if (byte == (u8)(first + i))
			continue;
		KUNIT_FAIL(test, "%s: byte %zu is %02x, not %02x", what, i, byte, (u8)(first + i));
		return;
	}
}

void mbuf_test_expect_pages_free(struct kunit *test, struct mbuf_test_skb *made)
{
	unsigned int i;

	for (i = 0; i < made->npages; i++)
		KUNIT_EXPECT_EQ_MSG(test, page_ref_count(made->pages[i]), 1,
				    "references of page %u", i);
}
