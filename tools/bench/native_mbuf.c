// SPDX-License-Identifier: GPL-2.0
/* The native sides of the mbuf cases: the same work on sk_buffs. */

#include <linux/mm.h>
#include <linux/skbuff.h>

#include <kpi/mbuf.h>
#include <netkpi/skb.h>

#include "native.h"

static u64 alloc_and_free(struct bench *b, unsigned int size)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		struct sk_buff *skb = alloc_skb(size, GFP_KERNEL);

		if (!skb)
			return 0;
		kfree_skb(skb);
	}
	return bench_now() - start;
}

static u64 run_gethdr(struct bench *b)
{
	return alloc_and_free(b, 288);
}

static u64 run_getpacket(struct bench *b)
{
	return alloc_and_free(b, 2048);
}

static u64 run_cluster16k(struct bench *b)
{
	return alloc_and_free(b, 16384);
}

const struct bench_side native_gethdr = { .run = run_gethdr };
const struct bench_side native_getpacket = { .run = run_getpacket };
const struct bench_side native_cluster16k = { .run = run_cluster16k };

static struct sk_buff *linear_skb(unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	if (skb)
		memset(skb_put(skb, len), len, len);
	return skb;
}

/* b->size bytes in b->pieces linear skbs: the first, and its frag_list. */
static int open_skb(struct bench *b)
{
	unsigned long piece = DIV_ROUND_UP(b->size, b->pieces);
	unsigned long left = b->size - min(b->size, piece);
	struct sk_buff *head, *skb, **tail;

	head = linear_skb(min(b->size, piece));
	if (!head)
		return -ENOMEM;
	b->object = head;
	for (tail = &skb_shinfo(head)->frag_list; left; tail = &skb->next) {
		skb = linear_skb(min(left, piece));
		if (!skb)
			return -ENOMEM;
		*tail = skb;
		head->len += skb->len;
		head->data_len += skb->len;
		left -= skb->len;
	}
	return 0;
}

static void close_skb(struct bench *b)
{
	kfree_skb(b->object);
}

static u64 run_copydata(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (skb_copy_bits(b->object, 0, b->buffer, b->size))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_copydata = { open_skb, run_copydata, close_skb };

static u64 run_copydata_small(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (skb_copy_bits(b->object, 40, b->buffer, 64))
			return 0;
	return bench_now() - start;
}

const struct bench_side native_copydata_small = { open_skb, run_copydata_small, close_skb };

/* A list of skbs as a native driver would keep it. */
static int open_list(struct bench *b)
{
	struct sk_buff *head = NULL, *skb;
	unsigned long i;

	for (i = 0; i < b->pieces; i++) {
		skb = linear_skb(b->size / b->pieces);
		if (!skb) {
			kfree_skb_list(head);
			return -ENOMEM;
		}
		skb->next = head;
		head = skb;
	}
	b->object = head;
	return 0;
}

static void close_list(struct bench *b)
{
	kfree_skb_list(b->object);
}

static u64 run_walk(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i, sum = 0;
	struct sk_buff *skb;

	for (i = 0; i < b->n; i++)
		for (skb = b->object; skb; skb = skb->next) {
			sum += (unsigned long)skb->data + skb->len;
			skb->len = b->size / b->pieces;
		}
	b->done = sum;
	return bench_now() - start;
}

const struct bench_side native_walk = { open_list, run_walk, close_list };

static u64 run_clone(struct bench *b)
{
	u64 start = bench_now();
	struct sk_buff *skb, *copy, *copies;
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		copies = NULL;
		for (skb = b->object; skb; skb = skb->next) {
			copy = skb_clone(skb, GFP_KERNEL);
			if (!copy)
				return 0;
			copy->next = copies;
			copies = copy;
		}
		kfree_skb_list(copies);
	}
	return bench_now() - start;
}

const struct bench_side native_clone = { open_list, run_clone, close_list };

static u64 run_cksum(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		b->done += (__force u16)csum_fold(skb_checksum(b->object, 0, b->size, 0));
	return bench_now() - start;
}

const struct bench_side native_cksum = { open_skb, run_cksum, close_skb };

/* A packet in b->pieces clusters of 2 KiB; not timed. */
static mbuf_t cluster_packet(struct bench *b)
{
	unsigned long i;
	mbuf_t head, last, m;

	if (kpi_mbuf_getpacket(MBUF_WAITOK, &head))
		return NULL;
	for (last = head, i = 1; i < b->pieces; i++, last = m) {
		m = NULL;
		if (kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &m)) {
			kpi_mbuf_freem(head);
			return NULL;
		}
		kpi_mbuf_setnext(last, m);
	}
	for (m = head; m; m = kpi_mbuf_next(m))
		kpi_mbuf_setlen(m, 2048);
	kpi_mbuf_pkthdr_setlen(head, b->pieces * 2048);
	return head;
}

static u64 run_convert(struct bench *b)
{
	u64 ns = 0, start;
	struct sk_buff *skb;
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		m = cluster_packet(b);
		start = bench_now();
		skb = kpi_mbuf_to_skb(m, 0, GFP_KERNEL);
		if (IS_ERR_OR_NULL(skb))
			return 0;
		m = kpi_mbuf_from_skb(skb, KPI_OUTBOUND, GFP_KERNEL);
		if (!m)
			return 0;
		ns += bench_now() - start;
		kpi_mbuf_freem(m);
	}
	return ns;
}

const struct bench_side border_convert = { .run = run_convert };

static u64 run_linear_copy(struct bench *b)
{
	mbuf_t m = cluster_packet(b);
	size_t len = b->pieces * 2048;
	u64 ns = 0, start;
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		struct sk_buff *skb;

		start = bench_now();
		skb = alloc_skb(len, GFP_KERNEL);
		if (!skb || kpi_mbuf_copydata(m, 0, len, skb_put(skb, len)))
			return 0;
		ns += bench_now() - start;
		kfree_skb(skb);
	}
	kpi_mbuf_freem(m);
	return ns;
}

const struct bench_side native_linear_copy = { .run = run_linear_copy };

/* 16 KiB as network code has them: a small head and a piece of a page. */
static u64 run_frag16k(struct bench *b)
{
	static struct page_frag_cache cache;
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
		void *at = page_frag_alloc(&cache, 16384, GFP_KERNEL);

		if (!skb || !at)
			return 0;
		skb_add_rx_frag(skb, 0, virt_to_head_page(at),
				at - page_address(virt_to_head_page(at)), 16384, 16384);
		consume_skb(skb);
	}
	return bench_now() - start;
}

/* 2 KiB as a driver has them. */
static u64 run_netdev2k(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		struct sk_buff *skb = dev_alloc_skb(2048);

		if (!skb)
			return 0;
		consume_skb(skb);
	}
	return bench_now() - start;
}

const struct bench_side native_frag16k = { .run = run_frag16k };
const struct bench_side native_netdev2k = { .run = run_netdev2k };

/* A packet of b->size bytes in pages, as TCP has them. */
static int open_paged(struct bench *b)
{
	struct sk_buff *skb = alloc_skb_with_frags(0, b->size, PAGE_ALLOC_COSTLY_ORDER, &(int){ 0 },
						   GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	skb->len = skb->data_len = b->size;
	b->object = skb;
	return 0;
}

static u64 run_clone_one(struct bench *b)
{
	u64 start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++) {
		struct sk_buff *copy = skb_clone(b->object, GFP_KERNEL);

		if (!copy)
			return 0;
		consume_skb(copy);
	}
	return bench_now() - start;
}

const struct bench_side native_clone_one = { open_paged, run_clone_one, close_skb };
