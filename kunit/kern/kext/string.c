// SPDX-License-Identifier: GPL-2.0
/* Strings, numbers, addresses, UUIDs, random numbers. */

#include <libkern/libkern.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/malloc.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <uuid/uuid.h>

#include "../test.h"

static void bcopy_takes_the_source_first(void)
{
	char a[] = "0123456789";

	bcopy(a, a + 1, 8);
	EXPECT_STR(a, "0012345679");
	ovbcopy(a + 1, a, 8);
	EXPECT_STR(a, "0123456779");
	bzero(a, 3);
	EXPECT_EQ(a[0] | a[1] | a[2], 0);
	EXPECT_EQ(a[3], '3');
}

static void bounded_copies(void)
{
	char dst[8];

	memset(dst, '#', sizeof(dst));
	EXPECT_EQ(strlcpy(dst, "abcdef", 4), 6);
	EXPECT_STR(dst, "abc");
	EXPECT_EQ(dst[4], '#');
	EXPECT_EQ(strlcpy(dst, "abc", 0), 3);
	EXPECT_STR(dst, "abc");
	EXPECT_EQ(strlcpy(dst, "", sizeof(dst)), 0);
	EXPECT_STR(dst, "");
	EXPECT_EQ(strlcat(dst, "xy", sizeof(dst)), 2);
	EXPECT_EQ(strlcat(dst, "123456789", sizeof(dst)), 11);
	EXPECT_STR(dst, "xy12345");
	EXPECT_EQ(strlcat(dst, "zz", 3), 5);
	memset(dst, '#', sizeof(dst));
	strncpy(dst, "ab", 4);
	EXPECT_EQ(dst[2] | dst[3], 0);
	EXPECT_EQ(dst[4], '#');
	strncpy(dst, "abcdef", 4);
	EXPECT_EQ(dst[4], '#');
}

static void searching(void)
{
	char text[] = "one:two::three", *rest = text;

	EXPECT_STR(strnstr("abcdef", "cd", 6), "cdef");
	EXPECT(strnstr("abcdef", "cd", 3) == NULL);
	EXPECT_STR(strnstr("abc", "", 3), "abc");
	EXPECT_EQ(strprefix("abcdef", "abc"), 1);
	EXPECT_EQ(strprefix("ab", "abc"), 0);
	EXPECT_EQ(strcasecmp("HeLLo", "hello"), 0);
	EXPECT(strncmp("abc", "abd", 3) < 0);
	EXPECT_STR(strchr("abc", 'b'), "bc");
	EXPECT_STR(strrchr("abcb", 'b'), "b");
	EXPECT_STR(strsep(&rest, ":"), "one");
	EXPECT_STR(strsep(&rest, ":"), "two");
	EXPECT_STR(strsep(&rest, ":"), "");
	EXPECT_STR(strsep(&rest, ":"), "three");
	EXPECT(strsep(&rest, ":") == NULL);
	EXPECT_EQ(strnlen("abc", 2), 2);
}

static void joining_and_copying(void)
{
	char text[16] = "ab", *copy;

	EXPECT_STR(strcat(text, "cd"), "abcd");
	EXPECT_STR(strncat(text, "efgh", 2), "abcdef");
	EXPECT_STR(strcpy(text, "new"), "new");
	copy = STRDUP(text, M_TEMP);
	EXPECT_STR(copy, "new");
	EXPECT_EQ(kt_held(KT_MEMORY), 1);
	_FREE(copy, M_TEMP);
	EXPECT_EQ(memset_s(text, sizeof(text), 'x', 2), 0);
	EXPECT_STR(text, "xxw");
	EXPECT_EQ(timingsafe_bcmp("abc", "abd", 3), 1);
	EXPECT_EQ(timingsafe_bcmp("abc", "abd", 2), 0);
}

static const struct number_case {
	const char *text;
	int base;
	long long want;
	int taken;
} number_cases[] = {
	{ "42", 10, 42, 2 },
	{ "  -42x", 10, -42, 5 },
	{ "+7", 0, 7, 2 },
	{ "0x1F", 0, 31, 4 },
	{ "0x1F", 16, 31, 4 },
	{ "1f", 16, 31, 2 },
	{ "017", 0, 15, 3 },
	{ "08", 0, 0, 1 },
	{ "0x", 0, 0, 1 },
	{ "0xg", 16, 0, 1 },
	{ "z", 36, 35, 1 },
	{ "101", 2, 5, 3 },
	{ "", 10, 0, 0 },
	{ "  -", 10, 0, 0 },
	{ "abc", 10, 0, 0 },
	{ "12", 1, 0, 0 },
	{ "12", 37, 0, 0 },
	{ "9223372036854775807", 10, LLONG_MAX, 19 },
	{ "9223372036854775808", 10, LLONG_MAX, 19 },
	{ "-9223372036854775808", 10, LLONG_MIN, 20 },
	{ "-9223372036854775809", 10, LLONG_MIN, 20 },
	{ "99999999999999999999x", 10, LLONG_MAX, 20 },
};

static void numbers(void)
{
	char *end;
	u_int i;

	for (i = 0; i < sizeof(number_cases) / sizeof(number_cases[0]); i++) {
		const struct number_case *c = &number_cases[i];
		long have = strtol(c->text, &end, c->base);

		if (have != c->want || end - c->text != c->taken)
			kt_fail(__FILE__, __LINE__, "strtol(\"%s\", %d) is %ld and takes %ld",
				c->text, c->base, have, (long)(end - c->text));
		EXPECT_EQ(strtoq(c->text, NULL, c->base), c->want);
	}
	EXPECT(strtoul("18446744073709551615", &end, 10) == ULONG_MAX);
	EXPECT(strtoul("18446744073709551616", &end, 10) == ULONG_MAX);
	EXPECT(strtouq("-1", NULL, 10) == ULLONG_MAX);
	EXPECT(strtoul("0xffffffffffffffff", NULL, 0) == ULONG_MAX);
}

static void bits_and_bounds(void)
{
	EXPECT_EQ(ffs(0), 0);
	EXPECT_EQ(ffs(0x80000000), 32);
	EXPECT_EQ(fls(1), 1);
	EXPECT_EQ(fls(0), 0);
	EXPECT_EQ(ffsll(1LL << 40), 41);
	EXPECT_EQ(ffsll(0), 0);
	EXPECT_EQ(flsll(~0ULL), 64);
	EXPECT_EQ(imin(-1, 1), -1);
	EXPECT_EQ(imax(-1, 1), 1);
	EXPECT(min(-1, 1) == 1);		/* unsigned */
	EXPECT(max(-1, 1) == UINT_MAX);
	EXPECT_EQ(lmin(-5, 5), -5);
	EXPECT_EQ(ulmax(1, 2), 2);
	EXPECT_EQ(crc32(0, "123456789", 9), 0xcbf43926);
	EXPECT_EQ(crc32(crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
	EXPECT_EQ(crc32(0, "", 0), 0);
}

static void addresses_as_text(void)
{
	struct in6_addr v6 = IN6ADDR_LOOPBACK_INIT;
	struct in_addr v4 = { htonl(0x0a00020f) };
	char text[64];

	EXPECT(inet_ntop(AF_INET, &v4, text, sizeof(text)) == text);
	EXPECT_STR(text, "10.0.2.15");
	EXPECT(inet_ntop(AF_INET, &v4, text, 10) == text);
	EXPECT(inet_ntop(AF_INET, &v4, text, 9) == NULL);
	EXPECT_STR(inet_ntop(AF_INET6, &v6, text, sizeof(text)), "::1");
	v6.s6_addr[0] = 0xfe;
	v6.s6_addr[1] = 0x80;
	EXPECT_STR(inet_ntop(AF_INET6, &v6, text, sizeof(text)), "fe80::1");
	EXPECT(inet_ntop(99, &v4, text, sizeof(text)) == NULL);
}

static const struct aton_case {
	const char *text;
	int ok;
	u_int32_t want;
} aton_cases[] = {
	{ "10.0.2.15", 1, 0x0a00020f },
	{ "127.1", 1, 0x7f000001 },
	{ "10.1.515", 1, 0x0a010203 },
	{ "2130706433", 1, 0x7f000001 },
	{ "0x7f.0.0.01", 1, 0x7f000001 },
	{ "255.255.255.255", 1, 0xffffffff },
	{ "1.2.3.4 rest", 1, 0x01020304 },
	{ "0", 1, 0 },
	{ "", 0, 0 },
	{ "256.1.1.1", 0, 0 },
	{ "1.2.3.256", 0, 0 },
	{ "1.2.3.4.5", 0, 0 },
	{ "1.2.3.", 0, 0 },
	{ "1..2", 0, 0 },
	{ "a.b.c.d", 0, 0 },
	{ "1.2.3.4x", 0, 0 },
	{ "4294967296", 0, 0 },
	{ "-1.2.3.4", 0, 0 },
};

static void text_as_addresses(void)
{
	struct in_addr addr;
	u_int i;

	for (i = 0; i < sizeof(aton_cases) / sizeof(aton_cases[0]); i++) {
		const struct aton_case *c = &aton_cases[i];

		addr.s_addr = 0;
		if (inet_aton(c->text, &addr) != c->ok || addr.s_addr != htonl(c->want))
			kt_fail(__FILE__, __LINE__, "inet_aton(\"%s\") gives %x",
				c->text, ntohl(addr.s_addr));
	}
}

static void uuids(void)
{
	uuid_t one, two;
	uuid_string_t text;

	EXPECT_EQ(uuid_parse("12345678-9abc-DEF0-1234-56789abcdef0", one), 0);
	EXPECT_EQ(one[0], 0x12);
	EXPECT_EQ(one[6], 0xde);
	uuid_unparse(one, text);
	EXPECT_STR(text, "12345678-9ABC-DEF0-1234-56789ABCDEF0");
	uuid_unparse_lower(one, text);
	EXPECT_STR(text, "12345678-9abc-def0-1234-56789abcdef0");
	uuid_copy(two, one);
	EXPECT_EQ(uuid_compare(one, two), 0);
	EXPECT_EQ(uuid_parse("12345678-9abc-DEF0-1234-56789abcdef", two), -1);
	EXPECT_EQ(uuid_parse("12345678-9abc-DEF0-1234-56789abcdefx", two), -1);
	EXPECT_EQ(uuid_compare(one, two), 0);
	uuid_clear(two);
	EXPECT(uuid_is_null(two));
	EXPECT(uuid_compare(two, one) < 0);
	uuid_generate(one);
	uuid_generate_random(two);
	EXPECT(uuid_compare(one, two) != 0);
	EXPECT(!uuid_is_null(one));
	EXPECT_EQ(one[6] >> 4, 4);
}

static void random_numbers(void)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	read_random(a, sizeof(a));
	read_random(b, sizeof(b));
	EXPECT(memcmp(a, b, sizeof(a)));
	EXPECT(random() != random() || random() != random());
}

const struct kt_case kern_string_cases[] = {
	{ "bcopy takes the source first", bcopy_takes_the_source_first },
	{ "bounded copies", bounded_copies },
	{ "searching", searching },
	{ "joining and copying", joining_and_copying },
	{ "numbers", numbers },
	{ "bits and bounds", bits_and_bounds },
	{ "addresses as text", addresses_as_text },
	{ "text as addresses", text_as_addresses },
	{ "uuids", uuids },
	{ "random numbers", random_numbers },
	{ }
};
