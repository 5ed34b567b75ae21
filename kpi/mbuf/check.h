/* SPDX-License-Identifier: GPL-2.0 */
/* What tests ask the mbuf side for. */
#ifndef _KPI_MBUF_CHECK_H
#define _KPI_MBUF_CHECK_H

#include <linux/types.h>

#include <kpi/mbuf.h>

/*
 * For tests.
 *
 * kpi_mbuf_check(): what is wrong with the chain (its packets, if it is a packet
 * list), or NULL.
 * kpi_mbuf_fail_nonblocking(): from now on no allocation that may not sleep works.
 * kpi_mbuf_fail_nth(): the n-th allocation from now on fails, sleeping or not; 0
 * calls it off. kpi_mbuf_fail_fired() says whether that has happened.
 * kpi_mbuf_sticky_references(): storage that was ever shared counts as shared
 * for as long as it lives, as in the original.
 * kpi_mbuf_counts(): what exists just now; all zero when everything is freed.
 */
struct kpi_mbuf_counts {
	long mbufs;		/* in use */
	long clusters;		/* of any size, attached or from kpi_mbuf_alloccluster() */
	long extbufs;		/* attached buffers whose free function has not run */
	long views;		/* references into received packets */
	long tags;		/* tags and drivers' auxiliary data */
};

const char *kpi_mbuf_check(mbuf_t m);
void kpi_mbuf_fail_nonblocking(bool on);
void kpi_mbuf_fail_nth(unsigned int n);
bool kpi_mbuf_fail_fired(void);
void kpi_mbuf_sticky_references(bool on);
struct kpi_mbuf_counts kpi_mbuf_counts(void);

#endif /* _KPI_MBUF_CHECK_H */
