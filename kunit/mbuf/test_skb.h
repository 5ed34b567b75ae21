/* SPDX-License-Identifier: GPL-2.0 */
/* sk_buffs of every make, for tests of the border. */
#ifndef _KUNIT_MBUF_TEST_SKB_H
#define _KUNIT_MBUF_TEST_SKB_H

#include <linux/skbuff.h>

#include "test.h"

#define MBUF_TEST_SKB_PAGES	40

/* Who else has the data: then it must not be handed out to be written to. */
enum mbuf_test_holder {
	HELD_BY_NOBODY,
	HELD_BY_CLONE,		/* somebody has a clone */
	HELD_BY_ORIGINAL,	/* ours is the clone */
	HELD_BY_FAST_CLONE,	/* ours is the fast clone of what waits to be sent again */
	HELD_BY_REFERENCE,	/* somebody has the same sk_buff */
	HELD_BY_PAGES,		/* the fragments are marked as shared */
};

struct mbuf_test_skb_case {
	const char *name;
	size_t linear;
	unsigned int frags;	/* page fragments ... */
	size_t frag;		/* ... of so many bytes each, each in a page of its own */
	unsigned int members;	/* of the frag_list ... */
	size_t member;		/* ... with so many linear bytes each ... */
	size_t member_frag;	/* ... and a fragment of so many bytes, if not 0 */
	unsigned int odd;	/* linear data and fragments start so far from an even address */
	bool head_frag;		/* the head is a page, too, not from kmalloc() */
	enum mbuf_test_holder holder;
};

/* One made of a case; its bytes are numbered. */
struct mbuf_test_skb {
	struct sk_buff *skb;		/* for the test to give away */
	struct sk_buff *other;		/* what the other holder has, if any */
	size_t len;
	struct page *pages[MBUF_TEST_SKB_PAGES];	/* of fragments; the test has a reference */
	unsigned int npages;
};

struct mbuf_test_skb *mbuf_test_skb(struct kunit *test, const struct mbuf_test_skb_case *c);
void mbuf_test_expect_skb(struct kunit *test, struct sk_buff *skb, size_t first, size_t len,
			  const char *what);
void mbuf_test_expect_pages_free(struct kunit *test, struct mbuf_test_skb *made);

#endif /* _KUNIT_MBUF_TEST_SKB_H */
