// SPDX-License-Identifier: GPL-2.0
/* What the mbuf suites have in common: the fixture, chains and bytes in writing. */

#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "test.h"

/* Room in a caller's buffer behind the data it is made for. */
#define BUFFER_ROOM	100

static u8 *source;

static int __init mbuf_test_module_init(void)
{
	int i;

	source = kvmalloc(MBUF_TEST_SOURCE, GFP_KERNEL);
	if (!source)
		return -ENOMEM;
	for (i = 0; i < MBUF_TEST_SOURCE; i++)
		source[i] = 0x80 + i * 3 + i / 256;
	return 0;
}
module_init(mbuf_test_module_init);

static void __exit mbuf_test_module_exit(void)
{
	kvfree(source);
}
module_exit(mbuf_test_module_exit);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of the mbuf KPI");

const u8 *mbuf_test_source(void)
{
	return source;
}

/*
 * The fixture
 */

int mbuf_test_init(struct kunit *test)
{
	struct mbuf_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->before = kpi_mbuf_counts();
	f->misuses = kpi_misuse_count();
	kpi_misuse_quiet(true);
	test->priv = f;
	return 0;
}

/* A damaged chain is not walked again: the report is worth more than the memory. */
static void give_up(mbuf_t *m)
{
	if (*m && !kpi_mbuf_check(*m))
		kpi_mbuf_freem_list(*m);
	*m = NULL;
}

static void expect_buffers_freed(struct kunit *test, struct mbuf_fixture *f)
{
	struct mbuf_test_buffer *b;

	for (b = f->buffer; b < f->buffer + f->buffers; b++) {
		KUNIT_EXPECT_LE_MSG(test, b->freed, 1, "calls of a buffer's free function");
		KUNIT_EXPECT_TRUE_MSG(test, b->right, "arguments of a buffer's free function");
		kfree(b->addr);
	}
}

void mbuf_test_exit(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	struct kpi_mbuf_counts now;
	int i;

	if (!f)
		return;
	kpi_mbuf_fail_nonblocking(false);
	kpi_mbuf_sticky_references(false);
	give_up(&f->m);
	give_up(&f->n);
	for (i = 0; i < MBUF_TEST_PEERS; i++)
		give_up(&f->peer[i]);
	kpi_misuse_quiet(false);

	now = kpi_mbuf_counts();
	KUNIT_EXPECT_EQ_MSG(test, now.mbufs, f->before.mbufs, "mbufs left behind");
	KUNIT_EXPECT_EQ_MSG(test, now.clusters, f->before.clusters, "clusters left behind");
	KUNIT_EXPECT_EQ_MSG(test, now.extbufs, f->before.extbufs, "buffers left behind");
	KUNIT_EXPECT_EQ_MSG(test, now.views, f->before.views, "views left behind");
	KUNIT_EXPECT_EQ_MSG(test, now.tags, f->before.tags, "tags left behind");
	expect_buffers_freed(test, f);
}

/* KUnit has no verdict for what happens here: the log's has to do. */
void mbuf_test_suite_exit(struct kunit_suite *suite)
{
	struct kpi_mbuf_counts counts = kpi_mbuf_counts();

	WARN(memchr_inv(&counts, 0, sizeof(counts)),
	     "%s: left at the end: %ld mbufs, %ld clusters, %ld buffers, %ld views, %ld tags",
	     suite->name, counts.mbufs, counts.clusters, counts.extbufs, counts.views, counts.tags);
}

unsigned int mbuf_test_misuses(struct kunit *test)
{
	struct mbuf_fixture *f = test->priv;
	unsigned long before = f->misuses;

	f->misuses = kpi_misuse_count();
	return f->misuses - before;
}

/*
 * Tags
 */

mbuf_tag_id_t mbuf_test_tag_id(struct kunit *test)
{
	mbuf_tag_id_t id = 0;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_id_find("org.netkpi.test", &id), 0);
	return id;
}

void *mbuf_test_put_tag(struct kunit *test, mbuf_t m, mbuf_tag_type_t type, size_t len)
{
	void *data = NULL;

	KUNIT_ASSERT_EQ(test, kpi_mbuf_tag_allocate(m, mbuf_test_tag_id(test), type, len,
						    MBUF_WAITOK, &data), 0);
	return data;
}

errno_t mbuf_test_find_tag(struct kunit *test, mbuf_t m, mbuf_tag_type_t type, void **data)
{
	void *found;
	size_t len;

	return kpi_mbuf_tag_find(m, mbuf_test_tag_id(test), type, &len, data ?: &found);
}

/*
 * Buffers of the caller's
 */

struct mbuf_test_buffer *mbuf_test_buffer(struct kunit *test, size_t size)
{
	struct mbuf_fixture *f = test->priv;
	struct mbuf_test_buffer *b = &f->buffer[f->buffers];

	KUNIT_ASSERT_LT_MSG(test, f->buffers, MBUF_TEST_BUFFERS, "buffers in one test");
	b->addr = kmalloc(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, b->addr);
	b->size = size;
	b->right = true;
	f->buffers++;
	return b;
}

/* The memory stays until the test ends, so that a second call does no harm. */
void mbuf_test_extfree(caddr_t addr, u_int32_t size, caddr_t arg)
{
	struct mbuf_test_buffer *b = (struct mbuf_test_buffer *)arg;

	b->freed++;
	b->right = b->right && addr == b->addr && size == b->size;
}

/*
 * Chains in writing
 */

/* A number at the front of a text, which is moved on behind it. */
static unsigned int take_number(const char **text)
{
	unsigned int number = 0;

	for (; isdigit(**text); ++*text)
		number = number * 10 + **text - '0';
	return number;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

struct piece {
	bool header;
	size_t len;
	char kind;		/* c, b, j, x, or 0 */
	bool shared;
	size_t start;		/* data - datastart */
};

/* "h3", "5c*@7"; returns what follows the comma, or NULL at the end. */
static const char *parse_piece(const char *text, struct piece *piece)
{
	memset(piece, 0, sizeof(*piece));
	piece->header = take_char(&text, 'h');
	piece->len = take_number(&text);
	if (*text && strchr("cbjx", *text))
		piece->kind = *text++;
	piece->shared = take_char(&text, '*');
	if (take_char(&text, '@'))
		piece->start = take_number(&text);
	return take_char(&text, ',') ? text : NULL;
}

static void attach_buffer(struct kunit *test, mbuf_t *m, size_t size)
{
	struct mbuf_test_buffer *b = mbuf_test_buffer(test, size);

	KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, m, b->addr,
							mbuf_test_extfree, size, (caddr_t)b));
}

static mbuf_t build_piece(struct kunit *test, const struct piece *piece)
{
	static const struct { char kind; size_t size; } clusters[] = {
		{ 'c', 2048 }, { 'b', 4096 }, { 'j', 16384 },
	};
	mbuf_t m = NULL;
	int i;

	if (piece->header)
		KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m));
	else
		KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m));

	for (i = 0; i < ARRAY_SIZE(clusters); i++)
		if (piece->kind == clusters[i].kind)
			KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA,
								     clusters[i].size, &m));
	if (piece->kind == 'x')
		attach_buffer(test, &m, piece->start + piece->len + BUFFER_ROOM);

	KUNIT_ASSERT_EQ_MSG(test, 0, kpi_mbuf_setdata(m, kpi_mbuf_datastart(m) + piece->start,
						      piece->len),
			    "%zu bytes from %zu on", piece->len, piece->start);
	return m;
}

static void number_bytes(mbuf_t m)
{
	size_t i = 0, n;
	u8 *data;

	for (; m; m = kpi_mbuf_next(m))
		for (data = kpi_mbuf_data(m), n = kpi_mbuf_len(m); n; n--)
			*data++ = i++;
}

mbuf_t mbuf_test_chain(struct kunit *test, const char *shape)
{
	struct mbuf_fixture *f = test->priv;
	mbuf_t head = NULL, last = NULL, m;
	bool shared = false;
	struct piece piece;

	while (shape) {
		shape = parse_piece(shape, &piece);
		shared |= piece.shared;
		m = build_piece(test, &piece);
		if (last)
			KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_setnext(last, m));
		else
			head = m;
		last = m;
	}

	number_bytes(head);
	if (kpi_mbuf_flags(head) & MBUF_PKTHDR)
		kpi_mbuf_pkthdr_setlen(head, mbuf_test_bytes(head));
	if (shared)
		KUNIT_ASSERT_EQ(test, 0, kpi_mbuf_copym(head, 0, MBUF_COPYALL, MBUF_WAITOK,
							&f->peer[0]));
	return head;
}

static char kind_of(mbuf_t m)
{
	if (!(kpi_mbuf_flags(m) & MBUF_EXT))
		return 0;
	switch (kpi_mbuf_maxlen(m)) {
	case 2048:
		return 'c';
	case 4096:
		return 'b';
	case 16384:
		return 'j';
	default:
		return 'x';
	}
}

static int write_piece(mbuf_t m, char *text, size_t size)
{
	ptrdiff_t start = (char *)kpi_mbuf_data(m) - (char *)kpi_mbuf_datastart(m);
	char kind[2] = { kind_of(m) };
	int n;

	n = scnprintf(text, size, "%s%zu%s%s", kpi_mbuf_flags(m) & MBUF_PKTHDR ? "h" : "",
		      kpi_mbuf_len(m), kind, kpi_mbuf_mclhasreference(m) ? "*" : "");
	if (start)
		n += scnprintf(text + n, size - n, "@%td", start);
	return n;
}

const char *mbuf_test_shape(struct kunit *test, mbuf_t m)
{
	struct mbuf_fixture *f = test->priv;
	int n = 0;

	if (!m)
		return "NULL";
	for (; m; m = kpi_mbuf_next(m)) {
		n += write_piece(m, f->text + n, sizeof(f->text) - n);
		if (kpi_mbuf_next(m))
			n += scnprintf(f->text + n, sizeof(f->text) - n, ",");
	}
	return f->text;
}

mbuf_t mbuf_test_nth(mbuf_t m, unsigned int n)
{
	while (m && n--)
		m = kpi_mbuf_next(m);
	return m;
}

size_t mbuf_test_bytes(mbuf_t m)
{
	size_t sum = 0;

	for (; m; m = kpi_mbuf_next(m))
		sum += kpi_mbuf_len(m);
	return sum;
}

/*
 * Bytes in writing
 */

struct run {
	char kind;		/* 'n' numbers, 'w' source, 'z' zeros */
	unsigned int first, last;
};

/* "0..8", "w3", "z4"; returns what follows the space, or NULL at the end. */
static const char *parse_run(const char *text, struct run *run)
{
	run->kind = isdigit(*text) ? 'n' : *text++;
	run->first = take_number(&text);
	run->last = run->first;
	if (take_char(&text, '.') && take_char(&text, '.'))
		run->last = take_number(&text);
	if (run->kind == 'z') {
		run->last = run->first - 1;
		run->first = 0;
	}
	return take_char(&text, ' ') ? text : NULL;
}

static u8 byte_of(const struct run *run, unsigned int i)
{
	switch (run->kind) {
	case 'n':
		return i;
	case 'w':
		return source[i];
	default:
		return 0;
	}
}

/* The next byte of a chain; false at its end. */
static bool next_byte(mbuf_t *m, size_t *off, u8 *byte)
{
	while (*m && *off == kpi_mbuf_len(*m)) {
		*m = kpi_mbuf_next(*m);
		*off = 0;
	}
	if (!*m)
		return false;
	*byte = ((u8 *)kpi_mbuf_data(*m))[(*off)++];
	return true;
}

/* "same", or where a chain's bytes differ from those in writing. */
const char *mbuf_test_difference(struct kunit *test, mbuf_t m, const char *bytes)
{
	struct mbuf_fixture *f = test->priv;
	size_t off = 0, at = 0;
	struct run run;
	unsigned int i;
	u8 byte;

	while (bytes && *bytes) {
		bytes = parse_run(bytes, &run);
		for (i = run.first; i <= run.last; i++, at++) {
			if (!next_byte(&m, &off, &byte)) {
				scnprintf(f->text, sizeof(f->text), "ends at %zu", at);
				return f->text;
			}
			if (byte == byte_of(&run, i))
				continue;
			scnprintf(f->text, sizeof(f->text), "byte %zu is %02x, not %02x", at,
				  byte, byte_of(&run, i));
			return f->text;
		}
	}
	return next_byte(&m, &off, &byte) ? "longer" : "same";
}
