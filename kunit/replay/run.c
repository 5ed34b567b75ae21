// SPDX-License-Identifier: GPL-2.0
/* Cases of a vector file: make the calls, compare, judge. */

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "vector.h"

#define LOG_SIZE	(256 << 10)

/*
 * What is reported
 */

static __printf(2, 3) void report(struct vector_run *run, const char *fmt, ...)
{
	struct vector_report *r = &run->report;
	size_t room = LOG_SIZE - r->log_len;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(r->log + r->log_len, room, fmt, args);
	va_end(args);

	if (len < room)
		r->log_len += len;
	else
		r->log_full = true;
	r->log[r->log_len] = '\0';
}

/* Whatever the case holds goes; the rest of its lines is read over. */
static void abandon_case(struct vector_run *run)
{
	vector_end_case(run);
	memset(run->buffer, 0, sizeof(run->buffer));
	memset(run->cluster, 0, sizeof(run->cluster));
	run->where = VECTOR_ABANDONED;
}

/* The first difference is told, what follows from it is not. */
static void fail(struct vector_run *run, const char *expected, const char *got)
{
	run->report.failed++;
	report(run, "FAIL %s, line %lu: %s\n  expected %s\n  got      %s\n", run->name,
	       run->call_lineno, run->call, expected, got);
	abandon_case(run);
}

static void skip(struct vector_run *run, const char *why, const char *what)
{
	run->report.skipped++;
	report(run, "SKIP %s: %s %s\n", run->name, why, what);
	abandon_case(run);
}

/* A line that makes no sense where it stands. */
static void fail_file(struct vector_run *run, const char *what)
{
	run->report.failed++;
	report(run, "FAIL line %lu: %s\n", run->lineno, what);
	abandon_case(run);
}

void vector_say(struct vector_run *run, const char *fmt, ...)
{
	size_t len = strlen(run->result);
	va_list args;

	va_start(args, fmt);
	vscnprintf(run->result + len, sizeof(run->result) - len, fmt, args);
	va_end(args);
}

void vector_say_errno(struct vector_run *run, errno_t err)
{
	run->err = err;
	vector_say(run, "%s", vector_errno_name(err));
}

/*
 * What came of a call
 */

static bool slot_is_right(struct vector_run *run, int slot)
{
	const char *expected = run->expected[slot];
	const char *insane = kpi_mbuf_check(run->slot[slot]);

	snprintf(run->state, sizeof(run->state), "@%d ", slot);
	vector_slot_text(run, slot, run->state + 3, sizeof(run->state) - 3);
	if (insane) {
		fail(run, "a sane chain", insane);
		return false;
	}
	if (vector_matches(expected, run->state + 3))
		return true;

	/* the result is done with: room for the other half of the message */
	snprintf(run->result, sizeof(run->result), "@%d %s", slot, expected);
	fail(run, run->result, run->state);
	return false;
}

/* Everything the last call has done must have been named by the lines behind it. */
static bool settle_call(struct vector_run *run)
{
	int i;

	if (!run->call[0])
		return true;
	if (!run->answered) {
		fail(run, "a line with the result", "none");
		return false;
	}
	if (run->nseen < run->nevents) {
		fail(run, "no callback", run->events[run->nseen]);
		return false;
	}
	for (i = 0; i < VECTOR_SLOTS; i++)
		if (!slot_is_right(run, i))
			return false;
	return true;
}

/*
 * A call that takes the real kernel down: an errno or a counted misuse, sane
 * chains and nothing lost are what is asked of us. Whatever it made of the
 * slots is taken as it is.
 */
static void judge_panic(struct vector_run *run)
{
	int i;

	if (!run->err && kpi_misuse_count() == run->misuses) {
		fail(run, "an errno or a misuse", run->result);
		return;
	}
	for (i = 0; i < VECTOR_SLOTS; i++)
		vector_slot_text(run, i, run->expected[i], sizeof(run->expected[i]));
	run->nseen = run->nevents;
	run->panicked = true;
}

static void take_result(struct vector_run *run, const char *expected)
{
	if (run->answered) {
		fail(run, "one result line", expected);
		return;
	}
	run->answered = true;
	if (!strcmp(expected, "panic"))
		judge_panic(run);
	else if (!vector_matches(expected, run->result))
		fail(run, expected, run->result);
}

static void take_event(struct vector_run *run, const char *expected)
{
	if (run->nseen == run->nevents)
		fail(run, expected, "no callback");
	else if (!vector_matches(expected, run->events[run->nseen++]))
		fail(run, expected, run->events[run->nseen - 1]);
}

static void take_state(struct vector_run *run, const char *text)
{
	unsigned int slot = text[0] - '0';

	if (slot >= VECTOR_SLOTS || text[1] != ' ')
		fail_file(run, "no such slot");
	else
		strscpy(run->expected[slot], text + 2, sizeof(run->expected[slot]));
}

static void take_answer(struct vector_run *run, const char *line)
{
	if (line[0] == '@')
		take_state(run, line + 1);
	else if (line[1] != ' ')
		fail_file(run, "a space is missing");
	else if (line[0] == '=')
		take_result(run, line + 2);
	else
		take_event(run, line + 2);
}

/* Our own answer in place of the file's, if there is one. */
static void apply_ruling(struct vector_run *run)
{
	const struct vector_ruling *ruling;
	char *lines = run->state, *line;

	if (!run->ruled)
		return;
	ruling = vector_ruling_find(run->name, run->call);
	if (!ruling)
		return;

	strscpy(lines, ruling->expect, sizeof(run->state));
	while ((line = strsep(&lines, "\n")) != NULL)
		if (run->where == VECTOR_IN_CASE)
			take_answer(run, line);
	run->overruled = true;
}

/*
 * Calls
 */

static void begin_call(struct vector_run *run, const char *text)
{
	strscpy(run->call, text, sizeof(run->call));
	run->call_lineno = run->lineno;
	run->answered = false;
	run->overruled = false;
	run->err = 0;
	run->result[0] = '\0';
	run->nevents = 0;
	run->nseen = 0;
	run->misuses = kpi_misuse_count();
}

static void make_call(struct vector_run *run, char *line)
{
	struct vector_arg args[VECTOR_ARGS];
	const struct vector_call *call;
	char *words[VECTOR_ARGS + 1];
	int n;

	begin_call(run, line);
	n = vector_split(line, words, ARRAY_SIZE(words));
	call = n > 0 ? vector_call_find(words[0]) : NULL;
	if (!call) {
		skip(run, "unknown call", words[0]);
		return;
	}
	if (!vector_parse_args(call->args, words + 1, n - 1, args)) {
		fail(run, "arguments as the README says", call->args);
		return;
	}

	run->report.calls++;
	call->make(run, args);
	vector_sort_events(run);

	apply_ruling(run);
}

const struct vector_call *vector_call_find(const char *name)
{
	static const struct vector_call * const tables[] = {
		vector_calls_storage, vector_calls_chain, vector_calls_header,
		vector_calls_private,
	};
	const struct vector_call *call;
	int i;

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		for (call = tables[i]; call->name; call++)
			if (!strcmp(call->name, name))
				return call;
	return NULL;
}

/*
 * Cases
 */

/* Marks behind the name; undef needs nothing, "?" says it all. */
static bool has_mark(char *marks, const char *mark)
{
	char *word;

	while ((word = strsep(&marks, " ")) != NULL)
		if (!strcmp(word, mark))
			return true;
	return false;
}

static void begin_case(struct vector_run *run, char *line)
{
	char *name = strsep(&line, " ");
	int i;

	strscpy(run->name, name, sizeof(run->name));
	run->where = VECTOR_IN_CASE;
	run->call[0] = '\0';
	run->report.cases++;
	run->panicked = false;
	run->ruled = vector_is_ruled(run->name);
	run->report.ruled += run->ruled;
	for (i = 0; i < VECTOR_SLOTS; i++)
		strscpy(run->expected[i], "-", sizeof(run->expected[i]));
	vector_start_case(run, has_mark(line, "sticky"));
}

static void end_case(struct vector_run *run)
{
	if (!settle_call(run))
		return;
	begin_call(run, "end");
	vector_end_case(run);
	vector_sort_events(run);
	if (run->panicked)
		run->nseen = run->nevents;
	run->where = VECTOR_ENDED;
}

/* The next case begins, or the file ends: the verdict on the last one. */
static void judge_case(struct vector_run *run)
{
	const char *leak;

	if (run->where == VECTOR_IN_CASE) {
		fail(run, "an end of the case", "none");
		return;
	}
	if (run->where != VECTOR_ENDED)
		return;
	if (run->nseen < run->nevents) {
		fail(run, "no callback", run->events[run->nseen]);
		return;
	}

	leak = vector_leak(run, run->state, sizeof(run->state));
	if (leak) {
		fail(run, "everything freed", leak);
		return;
	}
	run->report.passed++;
	run->where = VECTOR_BETWEEN;
}

static bool is_answer(const char *line)
{
	return *line == '=' || *line == '!' || *line == '@';
}

/* Inside a case: a call, its answer, or the end. */
static void take_case_line(struct vector_run *run, char *line)
{
	if (!strcmp(line, "end")) {
		end_case(run);
	} else if (!is_answer(line)) {
		if (settle_call(run))
			make_call(run, line);
	} else if (!run->call[0]) {
		fail_file(run, "a result before the first call");
	} else if (!run->overruled) {
		take_answer(run, line);
	}
}

static void take_line(struct vector_run *run, char *line)
{
	if (!*line || *line == '#')
		return;
	if (strstarts(line, "case ")) {
		judge_case(run);
		begin_case(run, line + 5);
		return;
	}

	switch (run->where) {
	case VECTOR_IN_CASE:
		take_case_line(run, line);
		break;
	case VECTOR_ENDED:
		if (*line == '!')
			take_answer(run, line);
		else
			fail_file(run, "neither a case nor a callback");
		break;
	case VECTOR_BETWEEN:
		fail_file(run, "not in a case");
		break;
	case VECTOR_ABANDONED:
		break;
	}
}

static void complete_line(struct vector_run *run)
{
	run->lineno++;
	run->line[min_t(size_t, run->line_len, VECTOR_LINE)] = '\0';
	if (run->line_len > VECTOR_LINE)
		fail_file(run, "longer than a line may be");
	else
		take_line(run, run->line);
	run->line_len = 0;
}

/*
 * Runs
 */

/* Completion callbacks have no cookie that could tell runs apart: one at a time. */
static unsigned long busy;

static struct vector_run *alloc_run(void)
{
	struct vector_run *run = kvzalloc(sizeof(*run), GFP_KERNEL);

	if (!run)
		return NULL;
	run->report.log = kvzalloc(LOG_SIZE, GFP_KERNEL);
	if (run->report.log)
		return run;
	kvfree(run);
	return NULL;
}

/* -EBUSY while there is another run. */
struct vector_run *vector_begin(void)
{
	struct vector_run *run;

	if (test_and_set_bit_lock(0, &busy))
		return ERR_PTR(-EBUSY);
	run = alloc_run();
	if (!run) {
		clear_bit_unlock(0, &busy);
		return ERR_PTR(-ENOMEM);
	}
	kpi_misuse_quiet(true);
	return run;
}

void vector_feed(struct vector_run *run, const char *bytes, size_t len)
{
	for (; len--; bytes++) {
		if (*bytes == '\n')
			complete_line(run);
		else if (run->line_len++ < VECTOR_LINE)
			run->line[run->line_len - 1] = *bytes;
	}
}

/* A file without a case must not pass for one without a failure. */
const struct vector_report *vector_finish(struct vector_run *run)
{
	if (run->line_len)
		complete_line(run);
	judge_case(run);
	if (!run->report.cases)
		fail_file(run, "there is no case in it");
	return &run->report;
}

void vector_free(struct vector_run *run)
{
	if (run->where == VECTOR_IN_CASE)
		abandon_case(run);
	vector_forget_run();
	kpi_misuse_quiet(false);
	kvfree(run->report.log);
	kvfree(run);
	clear_bit_unlock(0, &busy);
}
