// SPDX-License-Identifier: GPL-2.0
/*
 * What headers make of macros alone, in a kext's world: trees, queues, atomic
 * operations, arithmetic that may not fit, conditions. Runs as a program:
 * test_headers.py links it with one that calls run().
 */
#include <AssertMacros.h>
#include <kern/queue.h>
#include <libkern/tree.h>
#include <mach/time_value.h>
#include <machine/param.h>
#include <net/if_llc.h>
#include <net/if_media.h>
#include <net/if_vlan_var.h>
#include <netinet/ip_var.h>
#include <os/overflow.h>
#include <pexpert/pexpert.h>
#include <stdatomic.h>
#include <stdbool.h>

const char *run(void);

#define MUST(condition)		do { if (!(condition)) return #condition; } while (0)
#define NODES			500

struct node {
	RB_ENTRY(node) entry;
	queue_chain_t chain;
	int key;
	bool in;
};

RB_HEAD(tree, node);
static int compare(struct node *a, struct node *b);
RB_PROTOTYPE(tree, node, entry, compare);
RB_GENERATE(tree, node, entry, compare);

static struct node nodes[NODES];
static struct tree tree = RB_INITIALIZER(tree);

static int compare(struct node *a, struct node *b)
{
	return (a->key > b->key) - (a->key < b->key);
}

static int depth(struct node *at)
{
	int left = at ? depth(RB_LEFT(at, entry)) : -1;
	int right = at ? depth(RB_RIGHT(at, entry)) : -1;

	return 1 + (left > right ? left : right);
}

static bool is_linked(struct node *at, struct node *parent)
{
	return !at || (RB_PARENT(at, entry) == parent && is_linked(RB_LEFT(at, entry), at) &&
		       is_linked(RB_RIGHT(at, entry), at));
}

/* Forwards and backwards all that are in it, in order; each is found, or the next one. */
static bool is_sound(void)
{
	struct node *at = RB_MIN(tree, &tree), *last = NULL;

	for (int i = 0; i < NODES; i++) {
		struct node *next = at;

		if (RB_FIND(tree, &tree, &nodes[i]) != (nodes[i].in ? &nodes[i] : NULL) ||
		    RB_NFIND(tree, &tree, &nodes[i]) != next)
			return false;
		if (!nodes[i].in)
			continue;
		if (at != &nodes[i] || RB_PREV(tree, &tree, at) != last)
			return false;
		last = at;
		at = RB_NEXT(tree, &tree, at);
	}
	return !at && RB_MAX(tree, &tree) == last && is_linked(RB_ROOT(&tree), NULL);
}

static void change(int i)
{
	if (nodes[i].in)
		RB_REMOVE(tree, &tree, &nodes[i]);
	else
		RB_INSERT(tree, &tree, &nodes[i]);
	nodes[i].in = !nodes[i].in;
}

static const char *trees(void)
{
	struct node twin = { .key = 3 }, *at, *tmp;
	unsigned int random = 1;
	int count = 0;

	for (int i = 0; i < NODES; i++) {
		nodes[i].key = i;
		change(i);
	}
	MUST(is_sound());
	MUST(depth(RB_ROOT(&tree)) < 40);
	MUST(RB_INSERT(tree, &tree, &twin) == &nodes[3]);
	for (int i = 0; i < 2000; i++) {
		random = random * 1103515245 + 12345;
		change((int)((random >> 8) % NODES));
		if (i % 16 == 0)
			MUST(is_sound());
	}
	RB_FOREACH_REVERSE(at, tree, &tree)
		count++;
	RB_FOREACH_SAFE(at, tree, &tree, tmp) {
		change(at->key);
		count--;
	}
	MUST(count == 0 && RB_EMPTY(&tree) && !RB_MIN(tree, &tree));
	return NULL;
}

static const char *by_elements(queue_t q)
{
	struct node *at;
	int sum = 0;

	queue_enter(q, &nodes[2], struct node *, chain);
	queue_enter_first(q, &nodes[1], struct node *, chain);
	queue_insert_after(q, &nodes[4], &nodes[2], struct node *, chain);
	queue_insert_before(q, &nodes[3], &nodes[4], struct node *, chain);
	queue_iterate(q, at, struct node *, chain)
		sum = sum * 10 + at->key;
	MUST(sum == 1234);
	MUST((struct node *)(void *)queue_first(q) == &nodes[1]);
	queue_remove(q, &nodes[3], struct node *, chain);
	queue_remove_first(q, at, struct node *, chain);
	MUST(at == &nodes[1]);
	queue_remove_last(q, at, struct node *, chain);
	MUST(at == &nodes[4] && !queue_empty(q));
	queue_remove(q, &nodes[2], struct node *, chain);
	MUST(queue_empty(q));
	return NULL;
}

static const char *by_chains(queue_t q)
{
	struct node *at;
	int sum = 0;

	enqueue_tail(q, &nodes[2].chain);
	enqueue_head(q, &nodes[1].chain);
	insque(&nodes[3].chain, &nodes[2].chain);
	qe_foreach_element(at, q, chain)
		sum = sum * 10 + at->key;
	MUST(sum == 123);
	qe_foreach_element_safe(at, q, chain)
		if (at->key == 2)
			remqueue(&at->chain);
	MUST(qe_dequeue_tail(q, struct node, chain) == &nodes[3]);
	MUST(dequeue_head(q) == &nodes[1].chain && !dequeue_head(q) && !dequeue_tail(q));
	MUST(!qe_dequeue_head(q, struct node, chain));
	return NULL;
}

static const char *atomics(void)
{
	static atomic_int count = ATOMIC_VAR_INIT(3);
	static _Atomic(struct node *) pointer;
	static atomic_bool seen;
	static atomic_flag flag = ATOMIC_FLAG_INIT;
	int expected = 5;

	MUST(atomic_fetch_add(&count, 2) == 3 && atomic_load(&count) == 5);
	MUST(atomic_compare_exchange_strong(&count, &expected, 8) && count == 8);
	MUST(!atomic_compare_exchange_strong(&count, &expected, 9) && expected == 8);
	MUST(atomic_exchange_explicit(&count, 6, memory_order_acq_rel) == 8);
	MUST(atomic_fetch_or(&count, 1) == 6 && atomic_fetch_and(&count, 3) == 7 && atomic_fetch_sub(&count, 1) == 3);
	atomic_init(&pointer, &nodes[1]);
	MUST(atomic_load_explicit(&pointer, memory_order_acquire) == &nodes[1]);
	atomic_store(&seen, true);
	MUST(atomic_load(&seen));
	MUST(!atomic_flag_test_and_set(&flag) && atomic_flag_test_and_set(&flag));
	atomic_flag_clear(&flag);
	MUST(!atomic_flag_test_and_set(&flag));
	return NULL;
}

static const char *sums(void)
{
	uint8_t small = 250;
	int result;

	MUST(!os_add_overflow(2, 3, &result) && result == 5);
	MUST(os_add_overflow(250, 6, &small) && small == 0);
	MUST(os_sub_overflow(0u, 1u, &small));
	MUST(os_mul_overflow(0x10000, 0x10000, &result));
	MUST(os_convert_overflow(-1, &small) && !os_convert_overflow(255, &small) && small == 255);
	MUST(os_inc_overflow(&small) && small == 0 && os_dec_overflow(&small) && small == 255);
	MUST(!os_add3_overflow(1, 2, 3, &result) && result == 6);
	MUST(!os_add_and_mul_overflow(1, 2, 3, &result) && result == 9);
	MUST(!os_mul_and_add_overflow(2, 3, 4, &result) && result == 10);
	MUST(os_add3_overflow(200, 100, 1, &small) && os_add3_overflow(200, 50, 10, &small));
	return NULL;
}

static int conditions(int error, bool fine)
{
	int where = 1;

	check(fine);
	require_noerr(error, out);
	where = 2;
	require_action_quiet(fine, out, where = 3);
	if (fine)
		verify_action(!fine, where = 4);
	else
		where = 0;
out:
	return where;
}

static const char *numbers(void)
{
	time_value_t time = { 1, 900000 }, more = { 2, 200000 };
	int given = 7;

	time_value_add(&time, &more);
	MUST(time.seconds == 4 && time.microseconds == 100000);
	MUST(ALIGN(1) == sizeof(long) && ALIGN(sizeof(long)) == sizeof(long));
	MUST(EVL_VLANOFTAG(0xb123) == 0x123 && EVL_PRIOFTAG(0xb123) == 5);
	MUST(IFM_SUBTYPE(IFM_MAKEWORD(IFM_ETHER, IFM_1000_T, IFM_FDX, 3)) == IFM_1000_T);
	MUST(IFM_INST(IFM_MAKEWORD(IFM_ETHER, IFM_1000_T, IFM_FDX, 3)) == 3);
	MUST(offsetof(struct llc, llc_snap.ether_type) == 6);
	MUST(offsetof(struct ipovly, ih_src) == 12);
	MUST(!PE_parse_boot_argn("debug", &given, sizeof(given)) && given == 7);
	return NULL;
}

const char *run(void)
{
	queue_head_t q = QUEUE_HEAD_INITIALIZER(q);
	const char *wrong = trees();

	wrong = wrong ? wrong : by_elements(&q);
	wrong = wrong ? wrong : by_chains(&q);
	wrong = wrong ? wrong : atomics();
	wrong = wrong ? wrong : sums();
	wrong = wrong ? wrong : numbers();
	if (wrong)
		return wrong;
	MUST(conditions(5, true) == 1 && conditions(0, false) == 3 && conditions(0, true) == 4);
	return NULL;
}
