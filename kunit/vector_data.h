/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of kunit/vectors, as data of the test module, and how many cases
 * each holds: a file cut short must not pass.
 */
#ifndef _KUNIT_VECTOR_DATA_H
#define _KUNIT_VECTOR_DATA_H

#include <linux/types.h>

#define VECTOR_FILES(FILE)							\
	FILE(access, 19)	FILE(adj, 145)		FILE(adjustlen, 8)	\
	FILE(alloc, 33)		FILE(allocpacket, 110)	FILE(cluster, 50)	\
	FILE(concatenate, 37)	FILE(const, 3)		FILE(copyback, 93)	\
	FILE(copydata, 38)	FILE(copym, 155)	FILE(csum, 80)		\
	FILE(dup, 44)		FILE(finalize, 60)	FILE(flags, 35)		\
	FILE(free, 17)		FILE(nomem, 24)		FILE(panics, 32)	\
	FILE(pkthdr, 21)	FILE(prepend, 40)	FILE(private, 24)	\
	FILE(pulldown, 170)	FILE(pullup, 154)	FILE(quirks, 21)	\
	FILE(random, 1500)	FILE(split, 110)	FILE(tags, 38)

struct vector_file {
	const char *name;
	const char *text;
	const char *end;
	unsigned int cases;
};

extern const struct vector_file vector_files[];
#define VECTOR_FILE_COUNT	27

#endif /* _KUNIT_VECTOR_DATA_H */
