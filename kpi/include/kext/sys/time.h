/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_TIME_H
#define _SYS_TIME_H

#include <kpi/clock.h>
#include <kpi/time.h>
#include <sys/types.h>
#include <sys/cdefs.h>

#define timeval		bsd_timeval
#define timespec	bsd_timespec

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#define TIMEVAL_TO_TIMESPEC(tv, ts)				\
do {								\
	(ts)->tv_sec = (tv)->tv_sec;				\
	(ts)->tv_nsec = (tv)->tv_usec * 1000;			\
} while (0)

#define TIMESPEC_TO_TIMEVAL(tv, ts)				\
do {								\
	(tv)->tv_sec = (ts)->tv_sec;				\
	(tv)->tv_usec = (suseconds_t)((ts)->tv_nsec / 1000);	\
} while (0)

#define timerclear(tvp)		((tvp)->tv_sec = (tvp)->tv_usec = 0)
#define timerisset(tvp)		((tvp)->tv_sec || (tvp)->tv_usec)
#define timercmp(tvp, uvp, cmp)					\
	((tvp)->tv_sec == (uvp)->tv_sec ?			\
	 (tvp)->tv_usec cmp (uvp)->tv_usec :			\
	 (tvp)->tv_sec cmp (uvp)->tv_sec)
#define timevalcmp(tvp, uvp, cmp)	timercmp(tvp, uvp, cmp)

#define timeradd(tvp, uvp, vvp)					\
do {								\
	(vvp)->tv_sec = (tvp)->tv_sec + (uvp)->tv_sec;		\
	(vvp)->tv_usec = (tvp)->tv_usec + (uvp)->tv_usec;	\
	if ((vvp)->tv_usec >= 1000000) {			\
		(vvp)->tv_sec++;				\
		(vvp)->tv_usec -= 1000000;			\
	}							\
} while (0)

#define timersub(tvp, uvp, vvp)					\
do {								\
	(vvp)->tv_sec = (tvp)->tv_sec - (uvp)->tv_sec;		\
	(vvp)->tv_usec = (tvp)->tv_usec - (uvp)->tv_usec;	\
	if ((vvp)->tv_usec < 0) {				\
		(vvp)->tv_sec--;				\
		(vvp)->tv_usec += 1000000;			\
	}							\
} while (0)

#define microtime		kpi_microtime
#define nanotime		kpi_nanotime
#define getmicrotime		kpi_getmicrotime
#define getnanotime		kpi_getnanotime
#define microuptime		kpi_microuptime
#define getmicrouptime		kpi_microuptime
#define nanouptime		kpi_nanouptime
#define getnanouptime		kpi_nanouptime
#define timevaladd		kpi_timevaladd
#define timevalsub		kpi_timevalsub
#define timevalfix		kpi_timevalfix

#endif /* _SYS_TIME_H */
