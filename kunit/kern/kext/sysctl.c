// SPDX-License-Identifier: GPL-2.0
/* sysctl nodes as files, and by name. */

#include <sys/sysctl.h>
#include <sys/systm.h>

#include "../test.h"

static int number = 5;
static unsigned int natural = 4000000000u;
static long wide = 1L << 40;
static quad_t quad = -2;
static char text[8] = "abc";
static struct pair {
	short a, b;
} pair = { 0x1122, 0x3344 };
static int celsius = 20;
static int calls;

static int fahrenheit SYSCTL_HANDLER_ARGS
{
	int value = celsius * 9 / 5 + 32, changed, error;

	calls++;
	error = sysctl_io_number(req, value, sizeof(value), &value, &changed);
	if (!error && changed)
		celsius = (value - 32) * 5 / 9;
	return error;
}

/* As many kexts write it: out with the old, in with the new. */
static int out_and_in SYSCTL_HANDLER_ARGS
{
	char name[8] = "old";
	int error = SYSCTL_OUT(req, name, 4);

	if (error || !req->newptr)
		return error;
	bzero(name, sizeof(name));
	error = SYSCTL_IN(req, name, req->newlen);
	if (!error)
		strlcpy(text, name, sizeof(text));
	return error;
}

static int refuses SYSCTL_HANDLER_ARGS
{
	return arg2;
}

/* So many bytes, in one piece or in pieces of a kilobyte; and what came of it. */
static int much, piece, much_result;
static char kilobytes[5000];

static int gives_much SYSCTL_HANDLER_ARGS
{
	int error = 0, left, n;

	memset(kilobytes, 'x', sizeof(kilobytes));
	for (left = much; left > 0 && error == 0; left -= n) {
		n = left < piece ? left : piece;
		error = SYSCTL_OUT(req, kilobytes, n);
	}
	much_result = error;
	return error;
}

SYSCTL_DECL(_net);
SYSCTL_NODE(_net, OID_AUTO, kern_test, CTLFLAG_RW, NULL, "a node");
SYSCTL_NODE(_net_kern_test, OID_AUTO, inner, CTLFLAG_RW, NULL, "a node in a node");
SYSCTL_INT(_net_kern_test, OID_AUTO, number, CTLFLAG_RW, &number, 0, "an int");
SYSCTL_INT(_net_kern_test, OID_AUTO, constant, CTLFLAG_RW, NULL, 17, "a constant");
SYSCTL_UINT(_net_kern_test, OID_AUTO, natural, CTLFLAG_RD, &natural, 0, "an unsigned int");
SYSCTL_LONG(_net_kern_test, OID_AUTO, wide, CTLFLAG_RW, &wide, "a long");
SYSCTL_QUAD(_net_kern_test_inner, OID_AUTO, quad, CTLFLAG_RW | CTLFLAG_ANYBODY, &quad, "64 bits");
SYSCTL_STRING(_net_kern_test, OID_AUTO, text, CTLFLAG_RW, text, sizeof(text), "a string");
SYSCTL_STRUCT(_net_kern_test, OID_AUTO, pair, CTLFLAG_RW, &pair, pair, "a structure");
SYSCTL_PROC(_net_kern_test, OID_AUTO, fahrenheit, CTLTYPE_INT | CTLFLAG_RW, NULL, 0,
	    fahrenheit, "I", "a handler");
SYSCTL_PROC(_net_kern_test, OID_AUTO, out_and_in, CTLTYPE_STRING | CTLFLAG_RW, NULL, 0,
	    out_and_in, "A", "both at once");
SYSCTL_PROC(_net_kern_test, OID_AUTO, much, CTLTYPE_STRING | CTLFLAG_RD, NULL, 0,
	    gives_much, "A", "more than there is room for");
SYSCTL_PROC(_net_kern_test, OID_AUTO, refuses, CTLTYPE_INT | CTLFLAG_RW, NULL, EBUSY,
	    refuses, "I", "an error");
SYSCTL_PROC(_net_kern_test, OID_AUTO, rpc, CTLTYPE_INT | CTLFLAG_RW, NULL, EBADRPC,
	    refuses, "I", "an error that Linux does not have");

static struct sysctl_oid *oids[] = {
	&sysctl__net_kern_test, &sysctl__net_kern_test_inner,
	&sysctl__net_kern_test_number, &sysctl__net_kern_test_constant,
	&sysctl__net_kern_test_natural, &sysctl__net_kern_test_wide,
	&sysctl__net_kern_test_inner_quad, &sysctl__net_kern_test_text,
	&sysctl__net_kern_test_pair, &sysctl__net_kern_test_fahrenheit,
	&sysctl__net_kern_test_out_and_in, &sysctl__net_kern_test_much, &sysctl__net_kern_test_refuses, &sysctl__net_kern_test_rpc,
};

#define COUNT	((int)(sizeof(oids) / sizeof(oids[0])))
#define PATH	"/proc/sys/kext/net/kern_test/"

static void register_all(void)
{
	int i;

	for (i = 0; i < COUNT; i++)
		sysctl_register_oid(oids[i]);
	EXPECT_EQ(kt_held(KT_SYSCTLS), COUNT);
}

static void unregister_all(void)
{
	int i;

	for (i = COUNT - 1; i >= 0; i--)
		sysctl_unregister_oid(oids[i]);
	EXPECT_EQ(kt_held(KT_SYSCTLS), 0);
}

static char value[64];

#define SHOWS(file, want)						\
do {									\
	EXPECT(kt_read_file(PATH file, value, sizeof(value)) >= 0);	\
	EXPECT_STR(value, want);					\
} while (0)

static void values_as_files(void)
{
	register_all();
	SHOWS("number", "5\n");
	EXPECT_EQ(kt_write_file(PATH "number", "7\n"), 2);
	SHOWS("number", "7\n");
	EXPECT_EQ(number, 7);
	EXPECT_EQ(kt_write_file(PATH "number", "-0x10"), 5);
	EXPECT_EQ(number, -16);
	SHOWS("natural", "4000000000\n");
	SHOWS("wide", "1099511627776\n");
	EXPECT(kt_write_file(PATH "wide", "-9000000000") > 0);
	EXPECT_EQ(wide, -9000000000L);
	SHOWS("inner/quad", "-2\n");
	SHOWS("text", "abc\n");
	EXPECT(kt_write_file(PATH "text", "hello\n") > 0);
	EXPECT_STR(text, "hello");
	EXPECT_EQ(kt_write_file(PATH "text", "12345678"), -EINVAL);
	EXPECT_STR(text, "hello");
	SHOWS("pair", "22114433\n");
	EXPECT(kt_write_file(PATH "pair", "01000200\n") > 0);
	EXPECT_EQ(pair.a + 16 * pair.b, 0x21);
	unregister_all();
	EXPECT_EQ(kt_read_file(PATH "number", value, sizeof(value)), -ENOENT);
}

static void handlers_and_refusals(void)
{
	register_all();
	SHOWS("fahrenheit", "68\n");
	EXPECT(kt_write_file(PATH "fahrenheit", "50") > 0);
	EXPECT_EQ(celsius, 10);
	EXPECT_EQ(kt_write_file(PATH "fahrenheit", "fifty"), -EINVAL);
	EXPECT_EQ(kt_write_file(PATH "fahrenheit", "5000000000"), -EINVAL);
	EXPECT_EQ(kt_write_file(PATH "fahrenheit", "-5000000000"), -EINVAL);
	EXPECT_EQ(celsius, 10);
	SHOWS("out_and_in", "old\n");
	EXPECT(kt_write_file(PATH "out_and_in", "new\n") > 0);
	EXPECT_STR(text, "new");
	SHOWS("constant", "17\n");
	EXPECT_EQ(kt_write_file(PATH "constant", "18"), -EPERM);
	EXPECT(kt_write_file(PATH "natural", "1") < 0);
	EXPECT_EQ(kt_read_file(PATH "refuses", value, sizeof(value)), -EBUSY);
	EXPECT_EQ(kt_read_file(PATH "rpc", value, sizeof(value)), -EIO);
	EXPECT_EQ(kt_write_file(PATH "pair", "012"), -EINVAL);
	EXPECT_EQ(kt_write_file(PATH "pair", "010203"), -EINVAL);
	EXPECT_EQ(kt_write_file(PATH "pair", "0x010203"), -EINVAL);
	EXPECT(kt_write_file(PATH "pair", "0102030405") > 0);	/* what is too much is not read */
	unregister_all();
}

/* The room for a text is 4,096 bytes. */
static void more_than_there_is_room_for(void)
{
	static const struct {
		int much, piece, error;
	} rows[] = {
		{ 4096, 4096, 0 }, { 4096, 1000, 0 },
		{ 4097, 4097, ENOMEM }, { 4097, 4096, ENOMEM }, { 5000, 1000, ENOMEM },
		{ 5000, 5000, ENOMEM },
	};
	unsigned int i;

	register_all();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		much = rows[i].much;
		piece = rows[i].piece;
		much_result = -1;
		EXPECT_EQ(kt_read_file(PATH "much", value, sizeof(value)) < 0, rows[i].error != 0);
		EXPECT_EQ(much_result, rows[i].error);
	}
	unregister_all();
}

static void by_name(void)
{
	size_t len = sizeof(number);
	char release[65];
	int got = 0, set = 99;
	long long far = -5000000000LL;

	register_all();
	number = 5;
	EXPECT_EQ(sysctlbyname("net.kern_test.number", &got, &len, &set, sizeof(set)), 0);
	EXPECT_EQ(got, 5);
	EXPECT_EQ(number, 99);
	EXPECT_EQ(sysctlbyname("net.kern_test.number", NULL, NULL, &set, sizeof(set)), 0);
	EXPECT_EQ(sysctlbyname("net.kern_test.fahrenheit", NULL, NULL, &far, sizeof(far)), ERANGE);
	far = -far;
	EXPECT_EQ(sysctlbyname("net.kern_test.fahrenheit", NULL, NULL, &far, sizeof(far)), ERANGE);
	EXPECT_EQ(sysctlbyname("net.kern_test.out_and_in", NULL, NULL, "xyz", 3), 0);
	EXPECT_STR(text, "xyz");
	len = 2;
	EXPECT_EQ(sysctlbyname("net.kern_test.number", &got, &len, NULL, 0), ENOMEM);
	EXPECT_EQ(sysctlbyname("net.kern_test.natural", NULL, NULL, &set, sizeof(set)), EPERM);
	EXPECT_EQ(sysctlbyname("net.kern_test", &got, &len, NULL, 0), ENOENT);
	EXPECT_EQ(sysctlbyname("net.kern_test.nothing", &got, &len, NULL, 0), ENOENT);
	unregister_all();

	len = sizeof(got);
	EXPECT_EQ(sysctlbyname("hw.ncpu", &got, &len, NULL, 0), 0);
	EXPECT(got >= 1);
	len = sizeof(release);
	EXPECT_EQ(sysctlbyname("kern.osrelease", release, &len, NULL, 0), 0);
	EXPECT_EQ(len, strlen(release) + 1);
	EXPECT_EQ(sysctlbyname("net.kern_test.number", &got, &len, NULL, 0), ENOENT);
}

static void mistakes(void)
{
	EXPECT_MISUSE(1, sysctl_register_oid(&sysctl__net_kern_test_number));	/* no parent */
	sysctl_register_oid(&sysctl__net_kern_test);
	EXPECT_MISUSE(1, sysctl_register_oid(&sysctl__net_kern_test));
	sysctl_unregister_oid(&sysctl__net_kern_test);
	sysctl_unregister_oid(&sysctl__net_kern_test);
	EXPECT_EQ(kt_held(KT_SYSCTLS), 0);
}

const struct kt_case kern_sysctl_cases[] = {
	{ "values as files", values_as_files },
	{ "handlers and refusals", handlers_and_refusals },
	{ "more than there is room for", more_than_there_is_room_for },
	{ "by name", by_name },
	{ "mistakes", mistakes },
	{ }
};
