// SPDX-License-Identifier: GPL-2.0
/* MALLOC, OSMalloc, IOMalloc, hash tables, and who is charged. */

#include <IOKit/IOLib.h>
#include <kern/kalloc.h>
#include <kern/locks.h>
#include <kern/zalloc.h>
#include <libkern/OSMalloc.h>
#include <os/refcnt.h>
#include <sys/malloc.h>
#include <sys/queue.h>
#include <sys/systm.h>

#include "../test.h"

static int all_are(const void *p, int value, size_t n)
{
	const unsigned char *bytes = p;

	while (n--)
		if (*bytes++ != value)
			return 0;
	return 1;
}

static void sizes_from_nothing_to_large(void)
{
	static const size_t sizes[] = { 1, 15, 16, 288, 4095, 4096, 4097, 65536, 1 << 20 };
	void *p;
	u_int i;

	EXPECT(_MALLOC(0, M_TEMP, M_WAITOK) == NULL);
	_FREE(NULL, M_TEMP);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		MALLOC(p, void *, sizes[i], M_TEMP, M_WAITOK | M_ZERO);
		if (!EXPECT(p != NULL))
			continue;
		EXPECT(all_are(p, 0, sizes[i]));
		memset(p, 0xa5, sizes[i]);
		EXPECT_EQ(kt_held(KT_MEMORY), 1);
		FREE(p, M_TEMP);
		EXPECT_EQ(kt_held(KT_MEMORY), 0);
	}
	MALLOC_ZONE(p, void *, 100, M_PCB, M_WAITOK);
	EXPECT(p != NULL);
	FREE_ZONE(p, 100, M_PCB);
}

static void no_memory(void)
{
	void *p;

	if (!kt_fail_allocation(1)) {
		kt_skip("no fault injection");
		return;
	}
	p = _MALLOC(100, M_TEMP, M_NOWAIT);
	EXPECT(p == NULL);
	kt_fail_allocation(1);
	EXPECT(_MALLOC(100, M_TEMP, M_NULL) == NULL);
	kt_fail_allocation(1);
	EXPECT(IOMalloc(100) == NULL);
	kt_fail_allocation(2);		/* the second: what remembers the block */
	p = _MALLOC(100, M_TEMP, M_NOWAIT);
	kt_fail_allocation(0);
	_FREE(p, M_TEMP);
	kt_fail_allocation(1);
	p = _MALLOC(100, M_TEMP, M_WAITOK);	/* waits instead of failing */
	kt_fail_allocation(0);
	EXPECT(p != NULL);
	_FREE(p, M_TEMP);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void nowait_with_a_spin_lock(void)
{
	lck_spin_t spin;
	void *p;

	lck_spin_init(&spin, NULL, NULL);
	lck_spin_lock(&spin);
	p = _MALLOC(100, M_TEMP, M_NOWAIT | M_ZERO);
	EXPECT(p && all_are(p, 0, 100));
	_FREE(p, M_TEMP);
	EXPECT_MISUSE(1, p = _MALLOC(100, M_TEMP, M_WAITOK));
	EXPECT(p != NULL);
	_FREE(p, M_TEMP);
	lck_spin_unlock(&spin);
	lck_spin_destroy(&spin, NULL);
}

static void names_of_sockets_are_not_charged(void)
{
	void *p = _MALLOC(16, M_SONAME, M_WAITOK);

	EXPECT_EQ(kt_held(KT_MEMORY), 0);
	_FREE(p, M_SONAME);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

/* Else a wrong size does not matter, and a second free is what it is everywhere. */
static int blocks_are_checked(void)
{
	char answer[4] = "";

	EXPECT(kt_read_file("/sys/module/netkpi/parameters/check_memory", answer, 4) > 0);
	if (answer[0] == 'N')
		kt_skip("netkpi was loaded without check_memory");
	return answer[0] == 'Y';
}

static void freed_twice(void)
{
	void *p;

	if (!blocks_are_checked())
		return;
	p = _MALLOC(100, M_TEMP, M_WAITOK);
	_FREE(p, M_TEMP);
	EXPECT_MISUSE(1, _FREE(p, M_TEMP));
	p = IOMalloc(100);
	EXPECT_MISUSE(1, IOFree(p, 99));
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void tags_count_their_blocks(void)
{
	OSMallocTag tag = OSMalloc_Tagalloc("test", OSMT_DEFAULT);
	OSMallocTag pageable = OSMalloc_Tagalloc("a name of more than sixty-three characters, "
						 "of which the first ones are kept", OSMT_PAGEABLE);
	void *a, *b, *c;

	EXPECT_EQ(kt_held(KT_TAGS), 2);
	a = OSMalloc(100, tag);
	b = OSMalloc_nowait(200, tag);
	c = OSMalloc_noblock(300, tag);
	EXPECT(a && b && c);
	EXPECT(OSMalloc(0, tag) == NULL);
	EXPECT(OSMalloc_noblock(100, pageable) == NULL);
	OSFree(a, 100, tag);
	OSFree(b, 200, tag);
	OSFree(c, 300, tag);
	OSMalloc_Tagfree(tag);
	OSMalloc_Tagfree(pageable);
	EXPECT_EQ(kt_held(KT_TAGS), 0);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void a_tag_goes_with_its_last_block(void)
{
	OSMallocTag tag = OSMalloc_Tagalloc("test", OSMT_DEFAULT);
	void *p = OSMalloc(100, tag);

	EXPECT_MISUSE(1, OSMalloc_Tagfree(tag));
	EXPECT_EQ(kt_held(KT_TAGS), 1);
	EXPECT_MISUSE(1, OSMalloc_Tagfree(tag));
	OSFree(p, 100, tag);
	EXPECT_EQ(kt_held(KT_TAGS), 0);
	EXPECT_MISUSE(1, EXPECT(OSMalloc(100, tag) == NULL));
	EXPECT_MISUSE(1, OSMalloc_Tagfree(tag));
}

static void wrong_sizes_and_tags(void)
{
	OSMallocTag one, two;
	void *p;

	if (!blocks_are_checked())
		return;
	one = OSMalloc_Tagalloc("one", OSMT_DEFAULT);
	two = OSMalloc_Tagalloc("two", OSMT_DEFAULT);
	p = OSMalloc(100, one);
	EXPECT_MISUSE(1, OSFree(p, 99, one));
	p = OSMalloc(100, one);
	EXPECT_MISUSE(1, OSFree(p, 100, two));
	EXPECT_MISUSE(1, OSFree(p, 100, one));		/* again */
	OSFree(NULL, 100, one);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
	OSMalloc_Tagfree(one);		/* no block is left: no mistake */
	OSMalloc_Tagfree(two);
	EXPECT_EQ(kt_held(KT_TAGS), 0);
}

static void memory_of_iokit(void)
{
	static const u_int alignments[] = { 1, 8, 64, 256, 4096, 8192 };
	void *p = IOMallocZero(500);
	u_int i;

	EXPECT(p && all_are(p, 0, 500));
	IOFree(p, 500);
	EXPECT(IOMalloc(0) == NULL);
	for (i = 0; i < sizeof(alignments) / sizeof(alignments[0]); i++) {
		p = IOMallocAligned(5000, alignments[i]);
		EXPECT(p != NULL);
		EXPECT_EQ((uintptr_t)p % alignments[i], 0);
		IOFreeAligned(p, 5000);
		p = IOMallocAligned(24, alignments[i]);
		EXPECT_EQ((uintptr_t)p % alignments[i], 0);
		IOFreeAligned(p, 24);
	}
	EXPECT(IOMallocAligned(100, 3) == NULL);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

struct entry {
	LIST_ENTRY(entry) link;
	int key;
};

LIST_HEAD(bucket, entry);

static void hash_tables(void)
{
	struct entry e = { .key = 5 }, *found = NULL;
	u_long mask = 0;
	struct bucket *table = hashinit(100, M_TEMP, &mask);

	EXPECT_EQ(mask, 63);
	LIST_INSERT_HEAD(&table[e.key & mask], &e, link);
	LIST_FOREACH(found, &table[5 & mask], link)
		if (found->key == 5)
			break;
	EXPECT(found == &e);
	LIST_REMOVE(&e, link);
	hashdestroy(table, M_TEMP, mask);

	table = hashinit(1, M_TEMP, &mask);
	EXPECT_EQ(mask, 0);
	LIST_INSERT_HEAD(&table[0], &e, link);
	EXPECT_MISUSE(1, hashdestroy(table, M_TEMP, mask));
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void typed_memory(void)
{
	struct entry *one = kalloc_type(struct entry, Z_WAITOK | Z_ZERO);
	struct entry *many = kalloc_type(struct entry, 10, Z_WAITOK | Z_ZERO | Z_NOFAIL);
	char *data = kalloc_data(100, Z_NOWAIT);

	EXPECT(one && all_are(one, 0, sizeof(*one)));
	EXPECT(many && all_are(many, 0, 10 * sizeof(*many)));
	EXPECT(data != NULL);
	EXPECT_EQ(kt_held(KT_MEMORY), 3);
	kfree_type(struct entry, one);
	kfree_type(struct entry, 10, many);
	kfree_data(data, 100);
	EXPECT(!one && !many && !data);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

/* Each is an expression, and looks at the pointer once. */
static void return_of_a_freed_type(long **next)
{
	return kfree_type(long, *(*next ? next++ : next));
}

static void frees_are_expressions(void)
{
	long *two[2] = { kalloc_type(long, Z_WAITOK), kalloc_type(long, Z_WAITOK) };
	char *data = kalloc_data(10, Z_WAITOK), *more = kalloc_data(20, Z_WAITOK);

	return_of_a_freed_type(two);
	EXPECT(!two[0] && two[1]);
	data ? kfree_data(data, 10) : kfree_type(long, two[0]);
	kfree_data_addr(more);
	EXPECT(!data && !more);
	EXPECT_EQ(kt_held(KT_MEMORY), 1);
	kfree_type(long, two[1]);
	kfree_type(long, two[1]);	/* NULL by now */
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void zones(void)
{
	zone_t zone = zone_create("tests", 96, ZC_ZFREE_CLEARMEM), other;
	char *one, *two;

	if (!EXPECT(zone != ZONE_NULL))
		return;
	one = zalloc(zone);
	two = zalloc_flags(zone, Z_WAITOK | Z_ZERO);
	EXPECT(one && two && all_are(two, 0, 96));
	EXPECT_EQ(kt_held(KT_MEMORY), 3);
	EXPECT_MISUSE(1, zdestroy(zone));
	memset(one, 1, 96);
	zfree(zone, one);
	zfree(zone, NULL);
	if (blocks_are_checked()) {
		other = zinit(96, 960, 96, "others");
		EXPECT_MISUSE(1, zfree(other, two));
		zdestroy(other);
		two = zalloc_noblock(zone);
	}
	zfree(zone, two);
	EXPECT_MISUSE(1, EXPECT(zalloc(ZONE_NULL) == NULL));
	EXPECT(zone_create("nothing", 0, ZC_NONE) == ZONE_NULL);
	zdestroy(zone);
}

static void a_zone_goes_when_it_is_empty(void)
{
	zone_t zone = zone_create("tests", 1, ZC_NONE);

	zfree(zone, zalloc(zone));
	zdestroy(zone);
	zdestroy(ZONE_NULL);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void memory_that_knows_its_size(void)
{
	char *p = kern_os_malloc(40), *q;

	EXPECT(p && all_are(p, 0, 40));
	memset(p, 7, 40);
	q = kern_os_realloc(p, 4000);
	EXPECT(q && all_are(q, 7, 40) && all_are(q + 40, 0, 3960));
	q = kern_os_realloc(q, 8);
	EXPECT(q && all_are(q, 7, 8));
	EXPECT_EQ(kt_held(KT_MEMORY), 1);
	EXPECT(kern_os_malloc((size_t)-8) == NULL);
	EXPECT(kern_os_realloc(q, (size_t)-8) == NULL);	/* the block stays */
	EXPECT(all_are(q, 7, 8));
	EXPECT(kern_os_realloc(q, 0) == NULL);
	EXPECT(kern_os_malloc(0) == NULL);
	kern_os_free(kern_os_realloc(NULL, 16));
	kern_os_free(NULL);
	EXPECT_EQ(kt_held(KT_MEMORY), 0);
}

static void reference_counts(void)
{
	struct os_refcnt ref;

	os_ref_init(&ref, NULL);
	os_ref_retain(&ref);
	EXPECT_EQ(os_ref_get_count(&ref), 2);
	EXPECT_EQ(os_ref_release(&ref), 1);
	EXPECT(os_ref_retain_try(&ref));
	EXPECT_EQ(os_ref_release(&ref), 1);
	EXPECT_EQ(os_ref_release(&ref), 0);
	EXPECT(!os_ref_retain_try(&ref));
}

const struct kt_case kern_memory_cases[] = {
	{ "sizes from nothing to large", sizes_from_nothing_to_large },
	{ "no memory", no_memory },
	{ "nowait with a spin lock", nowait_with_a_spin_lock },
	{ "names of sockets are not charged", names_of_sockets_are_not_charged },
	{ "freed twice", freed_twice },
	{ "tags count their blocks", tags_count_their_blocks },
	{ "a tag goes with its last block", a_tag_goes_with_its_last_block },
	{ "wrong sizes and tags", wrong_sizes_and_tags },
	{ "memory of iokit", memory_of_iokit },
	{ "hash tables", hash_tables },
	{ "typed memory", typed_memory },
	{ "frees are expressions", frees_are_expressions },
	{ "zones", zones },
	{ "a zone goes when it is empty", a_zone_goes_when_it_is_empty },
	{ "memory that knows its size", memory_that_knows_its_size },
	{ "reference counts", reference_counts },
	{ }
};
