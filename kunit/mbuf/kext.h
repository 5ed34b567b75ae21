/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kext code finds out about mbufs, for kext.c to judge. Seen by
 * both worlds. Each says what is wrong, or NULL.
 */
#ifndef _KUNIT_MBUF_KEXT_H
#define _KUNIT_MBUF_KEXT_H

#include <kpi/types.h>

const char *mbuf_kext_getters(mbuf_t m);
const char *mbuf_kext_setlen(mbuf_t m, size_t len);
const char *mbuf_kext_pkthdr_setlen(mbuf_t m, size_t len);
const char *mbuf_kext_queue(mbuf_t a, mbuf_t b, mbuf_t c);

#endif /* _KUNIT_MBUF_KEXT_H */
