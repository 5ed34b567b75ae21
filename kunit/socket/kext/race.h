/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two things at once, again and again, on as many CPUs as there are. What these
 * find is mostly found by KASAN and lockdep, not by their own expectations.
 */
#ifndef _KUNIT_SOCKET_RACE_H
#define _KUNIT_SOCKET_RACE_H

#include "scenario.h"

/* Threads wait here for each other, so that they begin together. */
struct st_start {
	int waiting;
};

void st_together(struct st_start *start, int threads);

struct st_racer {
	struct st_start *start;
	struct st_tcp *t;
	socket_t so;
	void *arg;
	int rounds;
	size_t bytes;
	errno_t error;
};

struct st_racer *st_racer(struct kunit *test, struct st_start *start, struct st_tcp *t);

#endif /* _KUNIT_SOCKET_RACE_H */
