/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two time structures of macOS on 64 bits. tv_usec has 32 bits and is
 * followed by padding that may hold anything: convert them field by field,
 * never by a cast to a Linux structure.
 */
#ifndef _KPI_TIME_H
#define _KPI_TIME_H

#include <kpi/types.h>

struct bsd_timeval {
	long tv_sec;
	int32_t tv_usec;
};

struct bsd_timespec {
	long tv_sec;
	long tv_nsec;
};

_Static_assert(sizeof(struct bsd_timeval) == 16, "timeval layout");
_Static_assert(sizeof(struct bsd_timespec) == 16, "timespec layout");

#endif /* _KPI_TIME_H */
