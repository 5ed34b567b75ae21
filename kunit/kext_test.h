/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests that are written as kext code.
 *
 * A file of tests sees the kext headers and its family's test.h, which includes
 * this one. It ends with a table of named functions; the family's suites.c, in the
 * Linux world, makes a KUnit suite of each table. What a kext cannot do stands
 * behind the calls below.
 */
#ifndef _KUNIT_KEXT_TEST_H
#define _KUNIT_KEXT_TEST_H

#include <kpi/types.h>

struct kt_case {
	const char *name;
	void (*run)(void);
};

/* In a family's test.h, for each of its suites. */
#define KT_DECLARE(name)	extern const struct kt_case name ## _cases[];

void kt_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((__format__(__printf__, 3, 4)));
void kt_skip(const char *why);

#define EXPECT(condition)						\
({									\
	int __ok = !!(condition);					\
									\
	if (!__ok)							\
		kt_fail(__FILE__, __LINE__, "not so: %s", #condition);	\
	__ok;								\
})

#define EXPECT_EQ(have, want)						\
({									\
	long __have = (long)(have), __want = (long)(want);		\
									\
	if (__have != __want)						\
		kt_fail(__FILE__, __LINE__, "%s is %ld, not %ld",	\
			#have, __have, __want);				\
	__have == __want;						\
})

#define EXPECT_STR(have, want)						\
({									\
	const char *__have = (have), *__want = (want);			\
									\
	if (kt_strcmp(__have, __want))					\
		kt_fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"",	\
			#have, __have, __want);				\
})

/* Becomes true within seconds. */
#define SETTLES(condition)						\
({									\
	int __i, __so = 0;						\
									\
	for (__i = 0; __i < 5000 && !(__so = !!(condition)); __i++)	\
		kt_pause_ms(1);						\
	if (!__so)							\
		kt_fail(__FILE__, __LINE__, "never became so: %s", #condition); \
	__so;								\
})

int kt_strcmp(const char *a, const char *b);
void kt_pause_ms(unsigned int ms);
unsigned long long kt_now_ns(void);

/* The next mistakes are part of the test: exactly so many must be reported. */
#define EXPECT_MISUSE(count, call)					\
do {									\
	unsigned long __before = kt_misuse_quiet(1);			\
									\
	call;								\
	EXPECT_EQ(kt_misuse_quiet(0) - __before, count);		\
} while (0)
unsigned long kt_misuse_quiet(int quiet);

/* How much of something the tests hold, as the layer counts it for a kext. */
enum kt_held {
	KT_THREADS, KT_TIMERS, KT_MEMORY, KT_TAGS, KT_LOCKS, KT_SYSCTLS, KT_MBUFS, KT_CONTROLS,
	KT_CLIENTS, KT_FILTERS, KT_PACKETS
};

long kt_held(enum kt_held what);

/* What became of packets that the tests' filters were shown, since the suite began. */
enum kt_counted { KT_PACKETS_SEEN, KT_PACKETS_DROPPED, KT_PACKETS_INJECTED };
unsigned long kt_counted(enum kt_counted what);

/* Whether the suite is a kext whose filters are called where packets are. */
int kt_is_direct(void);

/* The calling thread, and whether a thread sleeps; signals reach those that want them. */
void *kt_self(void);
int kt_asleep(void *thread);
void kt_want_signals(void);
void kt_signal(void *thread);

/* Locks that lockdep takes the running thread to hold; -1 if it does not look. */
int kt_locks_held(void);

/* Nobody can sleep between these. */
void kt_atomic_begin(void);
void kt_atomic_end(void);

/* What this thread allocates waits for no I/O. */
int kt_keeps_off_io(void);

/* Process 1 is busy with itself, as the kernel's other code may find it. */
void kt_process_1_lock(void);
void kt_process_1_unlock(void);

/* The n-th allocation from now on fails; 0 if this kernel cannot do that. */
int kt_fail_allocation(unsigned int n);

/* A page of user memory for the running test; 0 if this kernel cannot do that. */
unsigned long kt_user_page(void);

/* Files of the system; the length, or a negative errno. */
long kt_read_file(const char *path, char *buf, size_t size);
long kt_write_file(const char *path, const char *text);

#endif /* _KUNIT_KEXT_TEST_H */
