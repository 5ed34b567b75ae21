// SPDX-License-Identifier: GPL-2.0
/* UTF-8 and UTF-16: known pairs, what is none, and names that do not fit. */

#include <string.h>
#include <sys/errno.h>
#include <sys/utfconv.h>

#include "../test.h"

#define UNITS	16

static const struct known {
	const char *utf8;
	size_t n;
	u_int16_t utf16[UNITS];
} known[] = {
	{ "", 0, {} },
	{ "az~", 3, { 'a', 'z', '~' } },
	{ "\x7f\xc2\x80\xdf\xbf", 3, { 0x7f, 0x80, 0x7ff } },
	{ "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 4,
	  { 0x800, 0xd7ff, 0xe000, 0xffff } },
	{ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 4, { 0xd800, 0xdc00, 0xdbff, 0xdfff } },
	{ "Gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x90\xa7", 10,
	  { 'G', 'r', 0xfc, 0xdf, 'e', ' ', 0x20ac, ' ', 0xd83d, 0xdc27 } },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Those calls want unsigned bytes. */
static int decode(const char *from, size_t len, u_int16_t *to, size_t *got, size_t room,
		  u_int16_t altslash, int flags)
{
	return utf8_decodestr((const u_int8_t *)from, len, to, got, room, altslash, flags);
}

static int validate(const char *s, size_t len)
{
	return utf8_validatestr((const u_int8_t *)s, len);
}

static void swap(u_int16_t *to, const u_int16_t *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = from[i] << 8 | from[i] >> 8;
}

static void there_and_back(void)
{
	u_int16_t units[UNITS], swapped[UNITS];
	const struct known *k;
	char text[4 * UNITS];
	size_t len, size;

	for (k = known; k < known + COUNT(known); k++) {
		size = k->n * sizeof(u_int16_t);
		EXPECT_EQ(validate(k->utf8, strlen(k->utf8)), 0);
		EXPECT_EQ(decode(k->utf8, strlen(k->utf8), units, &len, sizeof(units), 0, 0), 0);
		EXPECT_EQ(len, size);
		EXPECT_EQ(memcmp(units, k->utf16, size), 0);

		EXPECT_EQ(utf8_encodelen(k->utf16, size, 0, 0), strlen(k->utf8));
		memset(text, '#', sizeof(text));
		EXPECT_EQ(utf8_encodestr(k->utf16, size, (u_int8_t *)text, &len, sizeof(text),
					 0, 0), 0);
		EXPECT_EQ(len, strlen(k->utf8));
		EXPECT_STR(text, k->utf8);

		swap(swapped, k->utf16, k->n);
		EXPECT_EQ(utf8_encodestr(swapped, size, (u_int8_t *)text, &len, sizeof(text),
					 0, UTF_BIG_ENDIAN), 0);
		EXPECT_STR(text, k->utf8);
		EXPECT_EQ(decode(text, len, units, &len, sizeof(units), 0, UTF_BIG_ENDIAN), 0);
		EXPECT_EQ(memcmp(units, swapped, size), 0);
	}
}

static const char * const wrong[] = {
	"\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x90",	/* no beginning, no end */
	"\xc3(", "\xe2(\xac", "\xf0\x9f\x90(",
	"\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",	/* too long */
	"\xed\xa0\x80", "\xed\xbf\xbf",				/* surrogates */
	"\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff",
};

static void what_is_no_utf8(void)
{
	u_int16_t units[UNITS];
	char text[16] = "ab";
	size_t i, len;

	for (i = 0; i < COUNT(wrong); i++) {
		strlcpy(text + 2, wrong[i], sizeof(text) - 2);
		if (!EXPECT_EQ(validate(text, strlen(text)), EINVAL))
			kt_fail(__FILE__, __LINE__, "number %lu", i);
		EXPECT_EQ(decode(text, strlen(text), units, &len, sizeof(units), 0, 0), EINVAL);
		EXPECT_EQ(len, 4);	/* what came before */
		EXPECT_EQ(validate(text, 2), 0);
	}
	EXPECT_EQ(validate("ab\0\xff", 4), 0);	/* a NUL ends it */
	EXPECT_EQ(decode("ab\0cd", 5, units, &len, sizeof(units), 0, 0), 0);
	EXPECT_EQ(len, 4);
}

static void escaped(void)
{
	static const u_int16_t want[] = { 'a', '%', 'F', 'F', '%', 'C', '3', 'b' };
	u_int16_t units[UNITS];
	size_t len;

	EXPECT_EQ(decode("a\xff\xc3\x62", 4, units, &len, sizeof(units), 0,
			 UTF_ESCAPE_ILLEGAL), 0);
	EXPECT_EQ(len, sizeof(want));
	EXPECT_EQ(memcmp(units, want, sizeof(want)), 0);
	EXPECT_EQ(decode("a\xff", 2, units, &len, 6, 0, UTF_ESCAPE_ILLEGAL), ENAMETOOLONG);
	EXPECT_EQ(len, 2);
}

static void slashes_and_nuls(void)
{
	static const u_int16_t name[] = { 'a', '/', 0, 'b' };
	u_int16_t units[UNITS];
	char text[16];
	size_t len;

	EXPECT_EQ(utf8_encodestr(name, sizeof(name), (u_int8_t *)text, &len, sizeof(text),
				 ':', 0), 0);
	EXPECT_STR(text, "a:\xe2\x90\x80\x62");
	EXPECT_EQ(decode(text, len, units, &len, sizeof(units), ':', 0), 0);
	EXPECT_EQ(len, sizeof(name));
	EXPECT_EQ(memcmp(units, name, sizeof(name)), 0);

	EXPECT_EQ(utf8_encodestr(name, 4, (u_int8_t *)text, &len, sizeof(text), 0, 0), EINVAL);
	EXPECT_STR(text, "a_");
}

static void what_does_not_fit(void)
{
	static const u_int16_t euros[] = { 0x20ac, 0x20ac };
	static const u_int16_t half = 0xd83d;
	u_int16_t units[UNITS];
	char text[16];
	size_t len;

	memset(text, '#', sizeof(text));
	EXPECT_EQ(utf8_encodestr(euros, 4, (u_int8_t *)text, &len, 6, 0, 0), ENAMETOOLONG);
	EXPECT_EQ(len, 3);
	EXPECT_STR(text, "\xe2\x82\xac");
	EXPECT_EQ(utf8_encodestr(euros, 4, (u_int8_t *)text, &len, 7, 0, 0), 0);
	EXPECT_EQ(utf8_encodestr(euros, 4, (u_int8_t *)text, &len, 6, 0, UTF_NO_NULL_TERM), 0);
	EXPECT_EQ(len, 6);
	EXPECT_EQ(utf8_encodestr(euros, 0, (u_int8_t *)text, &len, 0, 0, 0), ENAMETOOLONG);
	EXPECT_EQ(utf8_encodestr(euros, 0, NULL, &len, 0, 0, UTF_NO_NULL_TERM), 0);

	EXPECT_EQ(decode("abc", 3, units, &len, 4, 0, 0), ENAMETOOLONG);
	EXPECT_EQ(len, 4);
	EXPECT_EQ(decode("\xf0\x9f\x90\xa7", 4, units, &len, 2, 0, 0), ENAMETOOLONG);
	EXPECT_EQ(len, 0);

	/* half a pair goes out as it is, and does not come back */
	EXPECT_EQ(utf8_encodestr(&half, 2, (u_int8_t *)text, &len, sizeof(text), 0, 0), 0);
	EXPECT_STR(text, "\xed\xa0\xbd");
	EXPECT_EQ(validate(text, len), EINVAL);
}

static void no_tables(void)
{
	static const u_int16_t umlaut = 0xfc, mark = 0x308, letter = 'u';
	u_int16_t units[UNITS];
	u_int8_t text[16];
	size_t len;

	EXPECT_EQ(utf8_encodestr(&letter, 2, text, &len, 16, 0, UTF_DECOMPOSED), 0);
	EXPECT_EQ(utf8_encodestr(&umlaut, 2, text, &len, 16, 0, UTF_DECOMPOSED), EOPNOTSUPP);
	EXPECT_EQ(utf8_encodestr(&umlaut, 2, text, &len, 16, 0, UTF_PRECOMPOSED), 0);
	EXPECT_EQ(utf8_encodestr(&mark, 2, text, &len, 16, 0, UTF_PRECOMPOSED), EOPNOTSUPP);
	EXPECT_EQ(decode("\xc3\xbc", 2, units, &len, sizeof(units), 0, UTF_PRECOMPOSED), 0);
	EXPECT_EQ(decode("\xc3\xbc", 2, units, &len, sizeof(units), 0, UTF_DECOMPOSED),
		  EOPNOTSUPP);
	EXPECT_EQ(decode("u", 1, units, &len, sizeof(units), 0, UTF_SFM_CONVERSIONS),
		  EOPNOTSUPP);
}

const struct kt_case kern_utf_cases[] = {
	{ "there and back", there_and_back },
	{ "what is no utf8", what_is_no_utf8 },
	{ "escaped", escaped },
	{ "slashes and nuls", slashes_and_nuls },
	{ "what does not fit", what_does_not_fit },
	{ "no tables", no_tables },
	{}
};
