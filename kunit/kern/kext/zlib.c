// SPDX-License-Identifier: GPL-2.0
/* zlib: bytes that another zlib made, round trips, and mistakes. */

#include <libkern/libkern.h>
#include <libkern/zlib.h>
#include <string.h>
#include <sys/malloc.h>
#include <sys/param.h>

#include "../test.h"

#define TEXT	"netkpi, netkpi, netkpi, and again netkpi: " \
		"a text that repeats itself, repeats itself.\n"
#define TEXT_LEN	86

/* What zlib 1.2.13 makes of it: with its header, and raw. */
static const unsigned char with_header[] = {
	0x78, 0xda, 0xcb, 0x4b, 0x2d, 0xc9, 0x2e, 0xc8, 0xd4, 0x51, 0xc8, 0x43,
	0xa3, 0x13, 0xf3, 0x52, 0x14, 0x12, 0xd3, 0x13, 0x33, 0xf3, 0xa0, 0x22,
	0x56, 0x0a, 0x89, 0x0a, 0x25, 0xa9, 0x15, 0x25, 0x0a, 0x25, 0x19, 0x89,
	0x25, 0x0a, 0x45, 0xa9, 0x05, 0xa9, 0x89, 0x25, 0xc5, 0x0a, 0x99, 0x25,
	0xc5, 0xa9, 0x39, 0x69, 0x3a, 0x68, 0x7c, 0x3d, 0x2e, 0x00, 0x42, 0x23,
	0x1e, 0xcf
}, raw[] = {
	0xcb, 0x4b, 0x2d, 0xc9, 0x2e, 0xc8, 0xd4, 0x51, 0xc8, 0x43, 0xa3, 0x13,
	0xf3, 0x52, 0x14, 0x12, 0xd3, 0x13, 0x33, 0xf3, 0xa0, 0x22, 0x56, 0x0a,
	0x89, 0x0a, 0x25, 0xa9, 0x15, 0x25, 0x0a, 0x25, 0x19, 0x89, 0x25, 0x0a,
	0x45, 0xa9, 0x05, 0xa9, 0x89, 0x25, 0xc5, 0x0a, 0x99, 0x25, 0xc5, 0xa9,
	0x39, 0x69, 0x3a, 0x68, 0x7c, 0x3d, 0x2e, 0x00
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define ROOM		70000

/* Memory for one test, freed at its end. */
static struct {
	unsigned char text[ROOM];
	unsigned char packed[ROOM + ROOM / 4];
	unsigned char back[ROOM];
} *m;

static int begin_test(void)
{
	m = _MALLOC(sizeof(*m), M_TEMP, M_WAITOK);
	return m != NULL;
}

static void end_test(void)
{
	_FREE(m, M_TEMP);
}

static void set_in(z_stream *z, const void *from, unsigned int len)
{
	z->next_in = (unsigned char *)from;
	z->avail_in = len;
}

static void set_out(z_stream *z, void *to, unsigned int len)
{
	z->next_out = to;
	z->avail_out = len;
}

/* Expects TEXT of these bytes, however they are cut; zeros are all a stream needs before. */
static void expect_text(const unsigned char *packed, unsigned int len, int window_bits,
			unsigned int step)
{
	char text[TEXT_LEN + 1] = "";
	unsigned int off, n;
	z_stream z = {};
	int result = Z_OK;

	EXPECT_EQ(inflateInit2(&z, window_bits), Z_OK);
	set_out(&z, text, TEXT_LEN);
	for (off = 0; off < len && result == Z_OK; off += n) {
		n = MIN(step, len - off);
		set_in(&z, packed + off, n);
		result = inflate(&z, Z_SYNC_FLUSH);
		EXPECT_EQ(z.avail_in, 0);
	}
	EXPECT_EQ(result, Z_STREAM_END);
	EXPECT_EQ(z.total_in, len);
	EXPECT_EQ(z.total_out, TEXT_LEN);
	EXPECT_STR(text, TEXT);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
}

static void bytes_of_another_zlib(void)
{
	expect_text(with_header, sizeof(with_header), 15, 1);
	expect_text(with_header, sizeof(with_header), 15, 10);
	expect_text(with_header, sizeof(with_header), 0, 1000);
	expect_text(raw, sizeof(raw), -15, 1);
	expect_text(raw, sizeof(raw), -15, 1000);
}

enum filling { ZEROS, WORDS, NOISE, FILLINGS };

static void fill(unsigned char *to, size_t len, enum filling what)
{
	unsigned int state = 12345;
	size_t i;

	for (i = 0; i < len; i++) {
		state = state * 1103515245 + 12345;
		if (what == ZEROS)
			to[i] = 0;
		else if (what == WORDS)
			to[i] = TEXT[(i + (i >> 9)) % TEXT_LEN];
		else
			to[i] = state >> 16;
	}
}

static const struct shape {
	int level, window_bits, mem_level, strategy;
} shapes[] = {
	{ Z_DEFAULT_COMPRESSION, 15, 8, Z_DEFAULT_STRATEGY },
	{ Z_NO_COMPRESSION, 15, 8, Z_DEFAULT_STRATEGY },
	{ Z_NO_COMPRESSION, -9, 1, Z_DEFAULT_STRATEGY },
	{ Z_BEST_SPEED, -15, 9, Z_DEFAULT_STRATEGY },
	{ 5, 9, 1, Z_FILTERED },
	{ 6, 8, 4, Z_RLE },
	{ Z_BEST_COMPRESSION, -12, 8, Z_HUFFMAN_ONLY },
};

static unsigned int pack(const struct shape *s, unsigned int len)
{
	z_stream z = {};

	EXPECT_EQ(deflateInit2(&z, s->level, Z_DEFLATED, s->window_bits, s->mem_level,
			       s->strategy), Z_OK);
	EXPECT(deflateBound(&z, len) <= sizeof(m->packed));
	set_in(&z, m->text, len);
	set_out(&z, m->packed, deflateBound(&z, len));
	EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
	EXPECT_EQ(z.total_in, len);
	if (s->window_bits > 0)
		EXPECT_EQ(z.adler, adler32(1, m->text, len));
	EXPECT_EQ(deflateEnd(&z), Z_OK);
	return z.total_out;
}

static void unpack(const struct shape *s, unsigned int packed, unsigned int len)
{
	z_stream z = {};
	int result;

	memset(m->back, '#', sizeof(m->back));
	/* whoever asks for a window of 8 bits gets one of 9 */
	EXPECT_EQ(inflateInit2(&z, s->window_bits == 8 ? 9 : s->window_bits), Z_OK);
	set_in(&z, m->packed, packed);
	do {
		set_out(&z, m->back + z.total_out, MIN(1500, sizeof(m->back) - z.total_out));
		result = inflate(&z, Z_NO_FLUSH);
	} while (result == Z_OK);
	EXPECT_EQ(result, Z_STREAM_END);
	EXPECT_EQ(z.total_out, len);
	EXPECT_EQ(memcmp(m->text, m->back, len), 0);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
}

static void there_and_back(void)
{
	static const unsigned int lengths[] = { 0, 1, 1500, ROOM };
	enum filling what;
	size_t i, j;

	if (!EXPECT(begin_test()))
		return;
	for (what = ZEROS; what < FILLINGS; what++) {
		fill(m->text, ROOM, what);
		for (i = 0; i < COUNT(shapes); i++)
			for (j = 0; j < COUNT(lengths); j++)
				unpack(&shapes[i], pack(&shapes[i], lengths[j]), lengths[j]);
	}
	end_test();
}

static void it_becomes_smaller(void)
{
	unsigned int len;

	if (!EXPECT(begin_test()))
		return;
	fill(m->text, ROOM, WORDS);
	EXPECT(pack(&shapes[0], ROOM) < ROOM / 20);
	fill(m->text, ROOM, NOISE);
	len = pack(&shapes[0], ROOM);
	EXPECT(len > ROOM);
	EXPECT(len <= compressBound(ROOM));
	end_test();
}

/* Packets one by one, as PPP sends them: each is whole when its bytes are there. */
static void flushed_packets(void)
{
	static const int flushes[] = { Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_PARTIAL_FLUSH };
	unsigned char packed[200];
	char text[TEXT_LEN + 1] = "";
	z_stream out = {}, in = {};
	size_t i;

	EXPECT_EQ(deflateInit(&out, Z_DEFAULT_COMPRESSION), Z_OK);
	EXPECT_EQ(inflateInit(&in), Z_OK);
	for (i = 0; i < 3 * COUNT(flushes); i++) {
		set_in(&out, TEXT, TEXT_LEN);
		set_out(&out, packed, sizeof(packed));
		EXPECT_EQ(deflate(&out, flushes[i / 3]), Z_OK);
		EXPECT_EQ(out.avail_in, 0);

		set_in(&in, packed, sizeof(packed) - out.avail_out);
		set_out(&in, text, TEXT_LEN);
		memset(text, '#', TEXT_LEN);
		EXPECT_EQ(inflate(&in, Z_SYNC_FLUSH), Z_OK);
		EXPECT_EQ(in.avail_out, 0);
		EXPECT_STR(text, TEXT);
	}
	EXPECT_EQ(inflateEnd(&in), Z_OK);
	EXPECT_EQ(deflateEnd(&out), Z_DATA_ERROR);	/* in the middle */
}

static void a_byte_at_a_time(void)
{
	unsigned char packed[200];
	z_stream z = {};
	int result;

	EXPECT_EQ(deflateInit(&z, Z_BEST_COMPRESSION), Z_OK);
	set_in(&z, TEXT, TEXT_LEN);
	do {
		set_out(&z, packed + z.total_out, 1);
		result = deflate(&z, Z_FINISH);
	} while (result == Z_OK && z.total_out < sizeof(packed));
	EXPECT_EQ(result, Z_STREAM_END);
	expect_text(packed, z.total_out, 15, 1000);
	EXPECT_EQ(deflateEnd(&z), Z_OK);
}

static void again_from_the_beginning(void)
{
	unsigned char packed[200], first;
	char text[TEXT_LEN + 1];
	z_stream z = {};
	int i;

	EXPECT_EQ(deflateInit(&z, 9), Z_OK);
	for (i = 0; i < 3; i++) {
		set_in(&z, TEXT, TEXT_LEN);
		set_out(&z, packed, sizeof(packed));
		EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
		expect_text(packed, z.total_out, 15, 1000);
		EXPECT_EQ(deflateReset(&z), Z_OK);
		EXPECT_EQ(z.total_out, 0);
	}
	EXPECT_EQ(deflateEnd(&z), Z_OK);

	z = (z_stream){};
	EXPECT_EQ(inflateInit(&z), Z_OK);
	for (i = 0; i < 3; i++) {
		set_in(&z, with_header, 10);
		set_out(&z, &first, 1);
		EXPECT_EQ(inflate(&z, Z_NO_FLUSH), Z_OK);
		EXPECT_EQ(first, TEXT[0]);
		EXPECT_EQ(inflateReset(&z), Z_OK);
	}
	set_in(&z, with_header, sizeof(with_header));
	set_out(&z, text, TEXT_LEN);
	EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
	EXPECT_EQ(memcmp(text, TEXT, TEXT_LEN), 0);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
}

/* The result for the first @len of these bytes, with byte @at changed. */
static int inflate_changed(unsigned int len, unsigned int at, unsigned char by)
{
	unsigned char packed[sizeof(with_header)];
	char text[TEXT_LEN];
	z_stream z = {};
	int result;

	memcpy(packed, with_header, sizeof(packed));
	packed[at] ^= by;
	EXPECT_EQ(inflateInit(&z), Z_OK);
	set_in(&z, packed, len);
	set_out(&z, text, TEXT_LEN);
	result = inflate(&z, Z_FINISH);
	EXPECT_EQ(!!z.msg, result == Z_DATA_ERROR);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
	return result;
}

static void bad_input(void)
{
	static const unsigned char with_dictionary[] = { 0x78, 0xf9, 0x08, 0xed, 0x02, 0x8c };
	unsigned int all = sizeof(with_header);
	z_stream z = {};
	char c;

	EXPECT_EQ(inflate_changed(all, 0, 0), Z_STREAM_END);
	EXPECT_EQ(inflate_changed(all, 0, 1), Z_DATA_ERROR);	/* the header */
	EXPECT_EQ(inflate_changed(all, all - 1, 1), Z_DATA_ERROR);	/* the checksum */
	EXPECT_EQ(inflate_changed(all - 1, 0, 0), Z_BUF_ERROR);	/* one byte short */
	EXPECT_EQ(inflate_changed(0, 0, 0), Z_BUF_ERROR);

	EXPECT_EQ(inflateInit(&z), Z_OK);
	set_in(&z, with_dictionary, sizeof(with_dictionary));
	set_out(&z, &c, 1);
	EXPECT_EQ(inflate(&z, Z_NO_FLUSH), Z_NEED_DICT);
	EXPECT_EQ(z.adler, 0x08ed028c);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
}

static int blocks;		/* of the two below */

static void *counted_alloc(void *opaque, unsigned int items, unsigned int size)
{
	if (opaque == NULL)
		return NULL;
	blocks++;
	return _MALLOC(items * size, M_TEMP, M_NULL);
}

static void counted_free(void *opaque, void *addr)
{
	blocks--;
	_FREE(addr, M_TEMP);
}

static void whose_memory(void)
{
	z_stream z = { .zalloc = counted_alloc, .zfree = counted_free };
	long held = kt_held(KT_MEMORY);

	EXPECT_EQ(deflateInit(&z, 6), Z_MEM_ERROR);	/* without opaque */
	EXPECT_EQ(inflateInit(&z), Z_MEM_ERROR);
	EXPECT_EQ(deflateEnd(&z), Z_STREAM_ERROR);
	z.opaque = &blocks;
	EXPECT_EQ(deflateInit(&z, 6), Z_OK);
	EXPECT(blocks > 0);
	EXPECT_EQ(deflateEnd(&z), Z_OK);
	EXPECT_EQ(deflateInit(&z, 10), Z_STREAM_ERROR);
	EXPECT_EQ(blocks, 0);

	z = (z_stream){};
	EXPECT_EQ(inflateInit(&z), Z_OK);
	EXPECT_EQ(kt_held(KT_MEMORY), held + 1);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
	EXPECT_EQ(inflateInit2(&z, 31), Z_STREAM_ERROR);
	EXPECT_EQ(kt_held(KT_MEMORY), held);
}

static int deflate_init(int level, int method, int window_bits, int mem_level, int strategy)
{
	z_stream z = {};
	int result = deflateInit2(&z, level, method, window_bits, mem_level, strategy);

	if (result == Z_OK)
		deflateEnd(&z);
	return result;
}

static int inflate_init(int window_bits)
{
	z_stream z = {};
	int result = inflateInit2(&z, window_bits);

	if (result == Z_OK)
		inflateEnd(&z);
	return result;
}

static void parameters(void)
{
	z_stream z = {};

	EXPECT_EQ(deflate_init(-2, Z_DEFLATED, 15, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(10, Z_DEFLATED, 15, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, 7, 15, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 7, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 16, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 31, 8, 0), Z_STREAM_ERROR);	/* gzip */
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, -16, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, -8, 8, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 15, 0, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 15, 10, 0), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 15, 8, -1), Z_STREAM_ERROR);
	EXPECT_EQ(deflate_init(6, Z_DEFLATED, 15, 8, Z_FIXED), Z_STREAM_ERROR);
	EXPECT_EQ(inflate_init(7), Z_STREAM_ERROR);
	EXPECT_EQ(inflate_init(-16), Z_STREAM_ERROR);
	EXPECT_EQ(inflate_init(47), Z_STREAM_ERROR);	/* gzip or zlib */
	EXPECT_EQ(inflate_init(8), Z_OK);

	EXPECT_EQ(deflateInit_(&z, 6, "2.0", sizeof(z)), Z_VERSION_ERROR);
	EXPECT_EQ(deflateInit_(&z, 6, ZLIB_VERSION, sizeof(z) - 1), Z_VERSION_ERROR);
	EXPECT_EQ(inflateInit_(&z, NULL, sizeof(z)), Z_VERSION_ERROR);
	EXPECT_EQ(deflateInit(NULL, 6), Z_STREAM_ERROR);
	EXPECT_EQ(inflateInit(NULL), Z_STREAM_ERROR);
}

static void no_such_stream(void)
{
	unsigned char c;
	z_stream z = {};

	EXPECT_EQ(deflate(NULL, Z_FINISH), Z_STREAM_ERROR);
	EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_ERROR);
	EXPECT_EQ(inflateReset(&z), Z_STREAM_ERROR);
	EXPECT_EQ(inflateEnd(&z), Z_STREAM_ERROR);

	EXPECT_EQ(deflateInit(&z, 6), Z_OK);
	set_in(&z, TEXT, 1);
	EXPECT_EQ(deflate(&z, Z_NO_FLUSH), Z_STREAM_ERROR);	/* no output */
	set_out(&z, &c, 1);
	EXPECT_EQ(deflate(&z, -1), Z_STREAM_ERROR);
	EXPECT_EQ(deflate(&z, Z_BLOCK), Z_STREAM_ERROR);
	EXPECT_EQ(inflate(&z, Z_NO_FLUSH), Z_STREAM_ERROR);	/* the other kind */
	EXPECT_EQ(inflateReset(&z), Z_STREAM_ERROR);
	EXPECT_EQ(inflateEnd(&z), Z_STREAM_ERROR);
	EXPECT_EQ(z.avail_in, 1);
	EXPECT_EQ(deflateEnd(&z), Z_OK);
	EXPECT_EQ(deflateEnd(&z), Z_STREAM_ERROR);

	EXPECT_EQ(inflateInit(&z), Z_OK);
	set_in(&z, with_header, sizeof(with_header));
	set_out(&z, NULL, 1);
	EXPECT_EQ(inflate(&z, Z_NO_FLUSH), Z_STREAM_ERROR);
	set_out(&z, &c, 1);
	EXPECT_EQ(inflate(&z, 6), Z_STREAM_ERROR);
	EXPECT_EQ(inflateEnd(&z), Z_OK);
}

static void checksums_and_words(void)
{
	const unsigned char *text = (const unsigned char *)TEXT;

	EXPECT_EQ(adler32(0, NULL, 0), 1);
	EXPECT_EQ(adler32(adler32(1, text, 7), text + 7, TEXT_LEN - 7), 0x42231ecf);
	EXPECT_EQ(crc32(0, Z_NULL, 0), 0);
	EXPECT_EQ(crc32(crc32(0, text, 7), text + 7, TEXT_LEN - 7), 0xad768421);
	EXPECT_EQ(z_crc32(0, text, TEXT_LEN), 0xad768421);
	EXPECT_EQ(z_crc32(77, Z_NULL, 0), 0);
	EXPECT_STR(zlibVersion(), ZLIB_VERSION);
	EXPECT_STR(zError(Z_NEED_DICT), "need dictionary");
	EXPECT_STR(zError(Z_OK), "");
	EXPECT_STR(zError(Z_DATA_ERROR), "data error");
	EXPECT_STR(zError(Z_VERSION_ERROR), "incompatible version");
	EXPECT_STR(zError(3), "");
	EXPECT_STR(zError(-7), "");
}

const struct kt_case kern_zlib_cases[] = {
	{ "bytes of another zlib", bytes_of_another_zlib },
	{ "there and back", there_and_back },
	{ "it becomes smaller", it_becomes_smaller },
	{ "flushed packets", flushed_packets },
	{ "a byte at a time", a_byte_at_a_time },
	{ "again from the beginning", again_from_the_beginning },
	{ "bad input", bad_input },
	{ "whose memory", whose_memory },
	{ "parameters", parameters },
	{ "no such stream", no_such_stream },
	{ "checksums and words", checksums_and_words },
	{}
};
