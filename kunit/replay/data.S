/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files of kunit/vectors as data of the test module: struct vector_file of
 * data.h for each, with its number of cases.
 */

#include <linux/linkage.h>

	.macro	vector_file name:req, cases:req
	.section .rodata, "a"
name_\name:
	.asciz	"\name"
text_\name:
	.incbin	"\name\().txt"
end_\name:
	.section .data.rel.ro, "aw"
	.balign	8
	.quad	name_\name, text_\name, end_\name, \cases
	.endm

	.section .data.rel.ro, "aw"
	.balign	8
	.globl	vector_files
vector_files:
	vector_file access, 19
	vector_file adj, 145
	vector_file adjustlen, 8
	vector_file alloc, 33
	vector_file allocpacket, 110
	vector_file cluster, 50
	vector_file concatenate, 37
	vector_file const, 3
	vector_file copyback, 93
	vector_file copydata, 38
	vector_file copym, 155
	vector_file csum, 80
	vector_file dup, 44
	vector_file finalize, 60
	vector_file flags, 35
	vector_file free, 17
	vector_file nomem, 24
	vector_file panics, 32
	vector_file pkthdr, 21
	vector_file prepend, 40
	vector_file private, 24
	vector_file pulldown, 170
	vector_file pullup, 154
	vector_file quirks, 21
	vector_file random, 1500
	vector_file split, 110
	vector_file tags, 38

	.section .data.rel.ro, "aw"
	.globl	vector_files_end
vector_files_end:

	.section .note.GNU-stack, "", @progbits
