// SPDX-License-Identifier: GPL-2.0
/* The reference vectors, one test case for each file. */

#include <linux/err.h>
#include <linux/module.h>
#include <linux/string.h>

#include "kunit_compat.h"
#include "vector.h"
#include "data.h"

#define MESSAGE		1024	/* longest line that goes to the log as it is */

static KUNIT_PARAM_GENERATOR(vector_file_gen_params)
{
	const struct vector_file *file = prev ? (const struct vector_file *)prev + 1 : vector_files;

	if (file == vector_files_end)
		return NULL;
	strscpy(desc, file->name, KUNIT_PARAM_DESC_SIZE);
	return file;
}

static void free_run(void *run)
{
	vector_free(run);
}

static struct vector_run *test_run(struct kunit *test)
{
	struct vector_run *run = vector_begin();

	KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, run, "there is another replay");
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_run, run));
	return run;
}

/* The log line by line: KUnit cuts long messages. */
static void tell(struct kunit *test, const struct vector_report *report)
{
	char *log = report->log, *line;

	while ((line = strsep(&log, "\n")) != NULL)
		if (*line)
			kunit_info(test, "%.*s", MESSAGE, line);
}

static void replay_test(struct kunit *test)
{
	const struct vector_file *file = test->param_value;
	struct vector_run *run = test_run(test);
	const struct vector_report *report;

	vector_feed(run, file->text, file->end - file->text);
	report = vector_finish(run);

	tell(test, report);
	KUNIT_EXPECT_EQ_MSG(test, report->failed, 0, "of %u cases", report->cases);
	KUNIT_EXPECT_EQ_MSG(test, report->skipped, 0, "every call of ours is known");
	KUNIT_EXPECT_EQ_MSG(test, report->passed, file->cases, "cases in %s.txt", file->name);
}

static unsigned int distinct_rulings(const char *prefix)
{
	const struct vector_ruling *ruling;
	const char *last = "";
	unsigned int n = 0;

	for (ruling = vector_rulings; ruling->case_name; ruling++) {
		if (!strstarts(ruling->case_name, prefix))
			continue;
		n += strcmp(ruling->case_name, last) != 0;
		last = ruling->case_name;
	}
	return n;
}

/* Nothing odd is passed over in silence. */
static void every_quirk_is_decided_test(struct kunit *test)
{
	struct vector_run *run = test_run(test);
	const struct vector_file *file = vector_files;

	while (strcmp(file->name, "quirks"))
		file++;
	vector_feed(run, file->text, file->end - file->text);

	KUNIT_EXPECT_EQ_MSG(test, vector_finish(run)->ruled, run->report.cases,
			    "cases of quirks.txt without a ruling");
	KUNIT_EXPECT_EQ_MSG(test, distinct_rulings("quirks."), run->report.cases,
			    "rulings for cases that do not exist");
}

/*
 * The runner itself: it must see what is wrong.
 */

static const struct runner_case {
	const char *name;
	const char *text;
	unsigned int passed, failed, skipped;
} runner_cases[] = {
	{ "right answers pass",
	  "case a\nget 0 w 1\n= 0\n@0 1 0:0:288:1:0:811c9dc5\nend\n", .passed = 1 },
	{ "the last line needs no end of line",
	  "case a\nget 0 w 1\n= 0\n@0 1 0:0:288:1:0:811c9dc5\nend", .passed = 1 },
	{ "an empty file fails", "", .failed = 1 },
	{ "a file of comments fails", "# nothing\n\n", .failed = 1 },
	{ "a wrong result fails", "case a\nget 0 w 1\n= ENOMEM\nend\n", .failed = 1 },
	{ "a missing result fails", "case a\nget 0 w 1\nend\n", .failed = 1 },
	{ "a second result fails", "case a\nget_mlen\n= 288\n= 288\nend\n", .failed = 1 },
	{ "a slot that changed unsaid fails", "case a\nget 0 w 1\n= 0\nend\n", .failed = 1 },
	{ "a wrong slot fails",
	  "case a\nget 0 w 1\n= 0\n@0 1 1:0:288:1:0:811c9dc5\nend\n", .failed = 1 },
	{ "a change in another slot fails",
	  "case a\nget 0 w 1\n= 0\n@0 1 0:0:288:1:0:811c9dc5\n@1 1 0:0:288:1:0:811c9dc5\nend\n",
	  .failed = 1 },
	{ "a callback unsaid fails",
	  "case a\nattachcluster 0 w 1 b0 10 1\n= 0\n@0 1 0:0:10:1:3:811c9dc5:0\n"
	  "freem 0\n= void\n@0 -\nend\n", .failed = 1 },
	{ "a callback that does not come fails",
	  "case a\nget_mlen\n= 288\n! free b0 10\nend\n", .failed = 1 },
	{ "a callback unsaid at the end fails",
	  "case a\nattachcluster 0 w 1 b0 10 1\n= 0\n@0 1 0:0:10:1:3:811c9dc5:0\nend\n",
	  .failed = 1 },
	{ "a callback at the end passes",
	  "case a\nattachcluster 0 w 1 b0 10 1\n= 0\n@0 1 0:0:10:1:3:811c9dc5:0\nend\n"
	  "! free b0 10\n", .passed = 1 },
	{ "an unknown call skips its case only",
	  "case a\nget_mlen\n= 288\nfly 0 w\n= 0\nend\ncase b\nget_mlen\n= 288\nend\n",
	  .passed = 1, .skipped = 1 },
	{ "a bad argument fails", "case a\nget 8 w 1\n= 0\nend\n", .failed = 1 },
	{ "one argument too many fails", "case a\nget_mlen 1\n= 288\nend\n", .failed = 1 },
	{ "a case without an end fails", "case a\nget_mlen\n= 288\n", .failed = 1 },
	{ "a line outside a case fails",
	  "get_mlen\n= 288\ncase a\nget_mlen\n= 288\nend\n", .passed = 1, .failed = 1 },
	{ "a failure does not spread",
	  "case a\nget_mlen\n= 289\nget 0 w 1\n= 0\nend\ncase b\nget_mlen\n= 288\nend\n",
	  .passed = 1, .failed = 1 },
	{ "what is unwritten is not compared",
	  "case a undef\nget 0 w 1\n= 0\n@0 1 0:0:288:1:0:811c9dc5\n"
	  "setlen 0 0 5\n= void\n@0 1 5:0:283:1:0:?\nend\n", .passed = 1 },
	{ "a panic of a harmless call fails", "case a\nget_mlen\n= panic\nend\n", .failed = 1 },
	{ "a panic of a bad call passes", "case a\npullup 0 10\n= panic\nend\n", .passed = 1 },
};

KUNIT_ARRAY_PARAM_DESC(runner, runner_cases, name);

static void runner_test(struct kunit *test)
{
	const struct runner_case *c = test->param_value;
	struct vector_run *run = test_run(test);
	const struct vector_report *report;
	const char *byte;

	for (byte = c->text; *byte; byte++)
		vector_feed(run, byte, 1);
	report = vector_finish(run);

	KUNIT_EXPECT_EQ_MSG(test, report->passed, c->passed, "passed; %s", report->log);
	KUNIT_EXPECT_EQ_MSG(test, report->failed, c->failed, "failed; %s", report->log);
	KUNIT_EXPECT_EQ_MSG(test, report->skipped, c->skipped, "skipped; %s", report->log);
}

static void a_line_too_long_fails_test(struct kunit *test)
{
	struct vector_run *run = test_run(test);
	int i;

	vector_feed(run, "case a\nget_mlen\n= 288\n# ", 25);
	for (i = 0; i < VECTOR_LINE; i++)
		vector_feed(run, "x", 1);
	vector_feed(run, "\nend\n", 5);

	KUNIT_EXPECT_EQ(test, vector_finish(run)->failed, 1);
}

static void what_is_left_at_the_end_fails_test(struct kunit *test)
{
	struct vector_run *run = test_run(test);
	mbuf_t m = NULL;

	vector_feed(run, "case a\nget_mlen\n= 288\n", 22);
	KUNIT_ASSERT_EQ(test, kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	vector_feed(run, "end\n", 4);
	KUNIT_EXPECT_EQ(test, vector_finish(run)->failed, 1);
	kpi_mbuf_freem(m);
}

/* The README's own figures. */
static void hash_and_pattern_test(struct kunit *test)
{
	u8 bytes[100];

	vector_pattern(1, 0, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, vector_hash(bytes, sizeof(bytes)), 0xf07de219);
	KUNIT_EXPECT_EQ(test, vector_hash(bytes, 99), 0x0082891b);
	KUNIT_EXPECT_EQ(test, vector_hash(bytes + 99, 1), 0x3d0cb547);
	KUNIT_EXPECT_EQ(test, vector_hash(bytes, 0), 0x811c9dc5);
}

static struct kunit_case vectors_cases[] = {
	KUNIT_CASE(hash_and_pattern_test),
	KUNIT_CASE_PARAM(runner_test, runner_gen_params),
	KUNIT_CASE(a_line_too_long_fails_test),
	KUNIT_CASE(what_is_left_at_the_end_fails_test),
	KUNIT_CASE(every_quirk_is_decided_test),
	KUNIT_CASE_PARAM(replay_test, vector_file_gen_params),
	{ }
};

static struct kunit_suite vectors_suite = {
	.name = "mbuf_vectors",
	.test_cases = vectors_cases,
};
kunit_test_suite(vectors_suite);
