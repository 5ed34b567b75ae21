/* SPDX-License-Identifier: GPL-2.0 */
/* The files of kunit/vectors, taken in by data.S. */
#ifndef _KUNIT_VECTOR_DATA_H
#define _KUNIT_VECTOR_DATA_H

#include <linux/types.h>

struct vector_file {
	const char *name;
	const char *text;
	const char *end;
	u64 cases;		/* so many it has: a file cut short must not pass */
};

extern const struct vector_file vector_files[], vector_files_end[];

#endif /* _KUNIT_VECTOR_DATA_H */
