// SPDX-License-Identifier: GPL-2.0
/* Formats of macOS. */

#include <kern/debug.h>
#include <libkern/libkern.h>
#include <os/log.h>
#include <sys/syslog.h>
#include <IOKit/IOLib.h>

#include "../test.h"

static char out[256];

#define FORMATS(want, ...)						\
do {									\
	int __len = snprintf(out, sizeof(out), __VA_ARGS__);		\
									\
	EXPECT_STR(out, want);						\
	EXPECT_EQ(__len, strlen(want));					\
} while (0)

static void integers(void)
{
	FORMATS("-5 4294967291 5 fb FB 373", "%d %u %i %x %X %o", -5, -5, 5, 0xfb, 0xfb, 0xfb);
	FORMATS("[   42][42   ][00042][+42][ 42]", "[%5d][%-5d][%05d][%+d][% d]", 42, 42, 42, 42, 42);
	FORMATS("0xff 0377 [  0x1]", "%#x %#o [%#5x]", 255, 255, 1);
	FORMATS("[0042][  042]", "[%.4d][%5.3d]", 42, 42);
	FORMATS("[   42][42   ][0042]", "[%*d][%*d][%.*d]", 5, 42, -5, 42, 4, 42);
	FORMATS("-1 255 -1 65535", "%hhd %hhu %hd %hu", 0xff, 0xff, 0xffff, 0xffff);
	FORMATS("-9223372036854775808 18446744073709551615", "%ld %lu", (long)(1UL << 63), ~0UL);
}

static void wide_integers(void)
{
	FORMATS("-1 18446744073709551615 ffffffffffffffff", "%lld %llu %qx", -1LL, -1LL, -1LL);
	FORMATS("-7 7 8 9", "%jd %zu %td %qd", -7L, (size_t)7, 8L, 9LL);
	FORMATS("-3 3 10", "%D %U %O", -3L, 3L, 8L);
}

static void strings_and_characters(void)
{
	FORMATS("abc (null) x %", "%s %s %c %%", "abc", (char *)NULL, 'x');
	FORMATS("[  abc][abc  ][ab][   ab]", "[%5s][%-5s][%.2s][%5.2s]", "abc", "abc", "abc", "abc");
	FORMATS("[ab]", "[%.*s]", 2, "abcdef");
	FORMATS("", "%s", "");
	FORMATS("plain", "plain");
}

static void bit_names(void)
{
	FORMATS("3<TWO,ONE>\n", "%b\n", 3, "\20\2TWO\1ONE");
	FORMATS("0", "%b", 0, "\20\2TWO\1ONE");
	FORMATS("4", "%b", 4, "\20\2TWO\1ONE");
	FORMATS("10<FOUR>", "%b", 8, "\10\4FOUR\1ONE");
	FORMATS("80000001<TOP,LOW> next", "%b %s", 0x80000001, "\20\40TOP\1LOW", "next");
	FORMATS("1<A>", "%lb", 1L, "\20\1A");
}

static void radixes(void)
{
	FORMATS("-10 10 -255 255", "%r %R %n %N", -10, 10, -255, 255);
}

/* Linux prints addresses and the like for letters after %p; macOS prints the letters. */
static void pointers_have_no_letters(void)
{
	static const unsigned char address[] = { 10, 0, 2, 15 };
	int len = snprintf(out, sizeof(out), "%pI4", address);

	EXPECT(len > 4);
	EXPECT_STR(out + len - 2, "I4");
	EXPECT_EQ(out[0], '0');
	EXPECT_EQ(out[1], 'x');
	FORMATS("0x0 end", "%p end", NULL);
}

static void a_broken_format_does_no_harm(void)
{
	FORMATS("100", "100%");
	FORMATS("k", "%k");
	FORMATS("", "%");
	FORMATS("", "%-");
	FORMATS("", "%5.2l");
}

static void lengths_and_room(void)
{
	char small[4];

	EXPECT_EQ(snprintf(small, sizeof(small), "%d", 12345), 5);
	EXPECT_STR(small, "123");
	EXPECT_EQ(scnprintf(small, sizeof(small), "%d", 12345), 3);
	EXPECT_EQ(snprintf(NULL, 0, "%s and %d", "abc", 12), 10);
	small[0] = 'x';
	EXPECT_EQ(snprintf(small, 0, "abc"), 3);
	EXPECT_EQ(small[0], 'x');
	EXPECT_EQ(snprintf(small, 1, "abc"), 3);
	EXPECT_EQ(small[0], 0);
	EXPECT_EQ(sprintf(out, "%s-%d", "abc", 7), 5);
	EXPECT_STR(out, "abc-7");
	EXPECT_EQ(scnprintf(small, 0, "abc"), 0);
}

static int through_va_list(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(out, sizeof(out), fmt, args);
	va_end(args);
	return len;
}

static void va_lists(void)
{
	EXPECT_EQ(through_va_list("%s %d %qx %b", "a", 1, 2LL, 1, "\20\1B"), 10);
	EXPECT_STR(out, "a 1 2 1<B>");
}

static void scanning(void)
{
	int a = 0, n = -1;
	unsigned int b = 0;
	char word[8] = "";

	EXPECT_EQ(sscanf("12 ff name rest", "%d %x %7s%n", &a, &b, word, &n), 3);
	EXPECT_EQ(a, 12);
	EXPECT_EQ(b, 255);
	EXPECT_STR(word, "name");
	EXPECT_EQ(n, 10);
}

/* What they print is for people to read; that they take everything is the test. */
static void messages(void)
{
	char text[400];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	EXPECT_EQ(printf("one line, %d\n", 1), 12);
	printf("a line ");
	printf("of two parts\n");
	printf("two\nlines\n");
	EXPECT_EQ(printf("%s\n", text), 400);
	printf("");
	log(LOG_DEBUG, "log %s\n", "debug");
	log(LOG_DAEMON | LOG_DEBUG, "with a facility\n");
	kprintf("kprintf\n");
	IOLog("IOLog %d\n", 1);
	os_log(OS_LOG_DEFAULT, "os_log %{public}s %{private}d", "public", 5);
	os_log_debug(OS_LOG_DEFAULT, "%{public, signpost.description:attribute}s", "long qualifier");
	kt_atomic_begin();
	printf("from where nobody sleeps: %s\n", text);
	kt_atomic_end();
}

static void functions_have_addresses(void)
{
	int (*print)(const char *, ...) = printf;
	void (*stop)(const char *, ...) = panic;

	print("through a pointer\n");
	EXPECT(stop != NULL);
}

const struct kt_case kern_format_cases[] = {
	{ "integers", integers },
	{ "wide integers", wide_integers },
	{ "strings and characters", strings_and_characters },
	{ "bit names", bit_names },
	{ "radixes", radixes },
	{ "pointers have no letters", pointers_have_no_letters },
	{ "a broken format does no harm", a_broken_format_does_no_harm },
	{ "lengths and room", lengths_and_room },
	{ "va_lists", va_lists },
	{ "scanning", scanning },
	{ "messages", messages },
	{ "functions have addresses", functions_have_addresses },
	{ }
};
