/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kext looks into sk_buffs where the build of the layer found the fields. This
 * makes sure, when the kext's glue is compiled, that its kernel agrees.
 */
#ifndef _NETKPI_MBUF_LAYOUT_H
#define _NETKPI_MBUF_LAYOUT_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>

#ifndef __CHECKER__	/* sparse has no __has_include */
#if __has_include("../kpi/mbuf_offsets.h")
#include <kpi/mbuf_offsets.h>

static_assert(KPI_MBUF_AT_NEXT == offsetof(struct sk_buff, next), "build the layer again");
static_assert(KPI_MBUF_AT_NEXTPKT == offsetof(struct sk_buff, prev), "build the layer again");
static_assert(KPI_MBUF_AT_HEAD == offsetof(struct sk_buff, head), "build the layer again");
static_assert(KPI_MBUF_AT_DATA == offsetof(struct sk_buff, cb), "build the layer again");
#endif
#endif

#endif /* _NETKPI_MBUF_LAYOUT_H */
