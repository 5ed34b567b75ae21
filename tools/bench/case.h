/* SPDX-License-Identifier: GPL-2.0 */
/* The table of cases. Linux world only. */
#ifndef _NETKPI_BENCH_CASE_H
#define _NETKPI_BENCH_CASE_H

#include "bench.h"

/*
 * Which way is better, as tools/bench/compare shows it: THROUGHPUT is native's
 * time over ours, COST the reverse, GROWTH compares a side with itself.
 */
enum kind { THROUGHPUT, COST, GROWTH };

struct bench_case {
	const char *id;
	enum kind kind;
	unsigned long size;
	unsigned long pieces;
	unsigned long n;
	const struct bench_side *kext;
	const struct bench_side *native;
};

extern const struct bench_case bench_cases[];
extern const unsigned int bench_ncases;

#endif /* _NETKPI_BENCH_CASE_H */
