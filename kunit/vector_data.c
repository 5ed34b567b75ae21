// SPDX-License-Identifier: GPL-2.0
/* The files of kunit/vectors, taken in by the assembler. */

#include <linux/build_bug.h>
#include <linux/kernel.h>

#include "vector_data.h"

#define TAKE_IN(name, cases)						\
	extern const char vector_text_##name[], vector_end_##name[];	\
	asm(".pushsection .rodata, \"a\"\n"				\
	    "vector_text_" #name ":\n"					\
	    ".incbin \"" KPI_VECTORS "/" #name ".txt\"\n"		\
	    "vector_end_" #name ":\n"					\
	    ".popsection\n");

VECTOR_FILES(TAKE_IN)

#define ENTRY(name, cases)	{ #name, vector_text_##name, vector_end_##name, cases },

const struct vector_file vector_files[] = {
	VECTOR_FILES(ENTRY)
};

static_assert(ARRAY_SIZE(vector_files) == VECTOR_FILE_COUNT);
