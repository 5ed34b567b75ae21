/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replay of the reference vectors (kunit/vectors/README.md says what they are).
 *
 * Bytes of a vector file go in through vector_feed(), in pieces of any size;
 * nothing is kept but the case at hand, so files may be as long as they like.
 * Each call is made when its line is complete; what came of it is compared with
 * the lines that follow.
 *
 *   text.c      lines, arguments, patterns, hashes: no mbufs
 *   state.c     slots, buffers, callbacks: what a case owns
 *   call_*.c    the calls, one function each
 *   run.c       cases, comparison, verdicts
 *   rulings.c   where our answer differs from the recorded one, and why
 *   file.c      the debugfs file that takes vector files
 *   data.S      the files of kunit/vectors, for KUnit
 */
#ifndef _KUNIT_VECTOR_H
#define _KUNIT_VECTOR_H

#include <linux/types.h>

#include <kpi/mbuf.h>

#include "mbuf/check.h"
#include "mbuf/mbuf_priv.h"

#define VECTOR_SLOTS		8
#define VECTOR_BUFFERS		16
#define VECTOR_CLUSTERS		4
#define VECTOR_TAG_IDS		8
#define VECTOR_RCVIFS		4
#define VECTOR_HEADERS		10
#define VECTOR_CALLBACKS	10

#define VECTOR_LINE		4096	/* longest line of a file */
#define VECTOR_ARGS		8
#define VECTOR_EVENTS		256
#define VECTOR_EVENT		96

/* One argument of a call. What it is depends on the letter in the call's signature. */
struct vector_arg {
	const char *text;	/* "" if absent */
	u64 num;
	bool none;		/* "-", "null" or absent */
};

/* Storage that the runner owns until it is attached: a plain buffer or a cluster. */
struct vector_store {
	char *addr;
	size_t size;		/* as allocated */
	bool attached;
};

struct vector_run;

struct vector_call {
	const char *name;
	const char *args;	/* one letter each, see vector_args(); behind '|' optional */
	void (*make)(struct vector_run *run, const struct vector_arg *a);
};

struct vector_ruling {
	const char *case_name;
	const char *call;	/* NULL: the whole case, as recorded */
	const char *expect;	/* what follows the call instead */
	const char *why;
};

struct vector_report {
	unsigned int cases;
	unsigned int calls;
	unsigned int passed;
	unsigned int failed;
	unsigned int skipped;
	unsigned int ruled;		/* cases that rulings.c knows */
	char *log;			/* what failed or was skipped, and why */
	size_t log_len;
	bool log_full;
};

enum vector_where {
	VECTOR_BETWEEN,		/* before the first case */
	VECTOR_IN_CASE,
	VECTOR_ENDED,		/* "end" was seen; its callbacks may follow */
	VECTOR_ABANDONED,	/* failed or skipped: read on to the next case */
};

struct vector_run {
	struct vector_report report;

	char line[VECTOR_LINE + 2];
	size_t line_len;
	unsigned long lineno;

	/* the case */
	enum vector_where where;
	char name[128];
	bool ruled;			/* rulings.c has a say */
	bool panicked;			/* its last call takes the original down */
	struct kpi_mbuf_counts before;
	char expected[VECTOR_SLOTS][VECTOR_LINE + 1];

	mbuf_t slot[VECTOR_SLOTS];
	struct vector_store buffer[VECTOR_BUFFERS];
	struct vector_store cluster[VECTOR_CLUSTERS];
	mbuf_tag_id_t tag_id[VECTOR_TAG_IDS];	/* 0: not set */

	/* the call */
	char call[VECTOR_LINE + 1];	/* as written, "" before the first */
	unsigned long call_lineno;
	unsigned long misuses;		/* before it */
	bool answered;			/* its "=" line was seen */
	bool overruled;			/* the file's own answer does not count */
	int err;			/* errno of the call, 0 if it has none */
	char result[VECTOR_LINE + 1];
	char state[2 * VECTOR_LINE];	/* scratch: one slot as text */
	char events[VECTOR_EVENTS][VECTOR_EVENT];
	unsigned int nevents;
	unsigned int nseen;		/* events that "!" lines have named */
};

/* run.c */
struct vector_run *vector_begin(void);
void vector_feed(struct vector_run *run, const char *bytes, size_t len);
const struct vector_report *vector_finish(struct vector_run *run);
void vector_free(struct vector_run *run);

/* text.c */
int vector_split(char *line, char **words, int max);
bool vector_parse_args(const char *signature, char **words, int nwords, struct vector_arg *args);
bool vector_matches(const char *pattern, const char *text);
void vector_pattern(u64 seed, u64 first, u8 *to, size_t len);
u32 vector_hash(const void *data, size_t len);
const char *vector_errno_name(int err);

/* state.c */
mbuf_t vector_mbuf(struct vector_run *run, const struct vector_arg *slot,
		   const struct vector_arg *index);
void vector_slot_text(struct vector_run *run, int slot, char *text, size_t size);
struct vector_store *vector_store_of(struct vector_run *run, const struct vector_arg *name);
void vector_extfree(caddr_t addr, u_int size, caddr_t arg);
ifnet_t vector_rcvif(const struct vector_arg *name);
int vector_rcvif_number(ifnet_t rcvif);
void *vector_header(const struct vector_arg *name);
int vector_header_number(const void *header);
mbuf_tx_compl_func vector_callback(const struct vector_arg *name);
void vector_event(struct vector_run *run, const char *fmt, ...) __printf(2, 3);
void vector_sort_events(struct vector_run *run);
void vector_start_case(struct vector_run *run, bool sticky);
void vector_end_case(struct vector_run *run);
void vector_forget_run(void);
const char *vector_leak(struct vector_run *run, char *text, size_t size);

/* For the calls: what they answer. */
void vector_say(struct vector_run *run, const char *fmt, ...) __printf(2, 3);
void vector_say_errno(struct vector_run *run, errno_t err);

/* call_*.c, rulings.c; each table ends with an empty entry */
extern const struct vector_call vector_calls_storage[];
extern const struct vector_call vector_calls_chain[];
extern const struct vector_call vector_calls_header[];
extern const struct vector_call vector_calls_private[];
const struct vector_call *vector_call_find(const char *name);

extern const struct vector_ruling vector_rulings[];
bool vector_is_ruled(const char *case_name);
const struct vector_ruling *vector_ruling_find(const char *case_name, const char *call);

#endif /* _KUNIT_VECTOR_H */
