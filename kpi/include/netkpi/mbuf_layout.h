/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kext looks into mbufs where the build of the layer found the fields. This makes
 * sure, when the kext's glue is compiled, that its kernel agrees, and tells the layer
 * that loads it, which may be another one.
 */
#ifndef _NETKPI_MBUF_LAYOUT_H
#define _NETKPI_MBUF_LAYOUT_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/* What mbuf_inline.h makes use of. */
struct kpi_mbuf_layout {
	u16 size;		/* of this */
	u16 public_flags;
	u16 veiled;
	u16 next;		/* offsets */
	u16 nextpkt;
	u16 head;
	u16 data;
	u16 len;
	u16 room;
	u16 start;
	u16 flags;
	u16 type;
	u16 pkthdr_len;
};

#ifdef __CHECKER__	/* sparse has no __has_include, and looks when the layer has been built */
#define KPI_LAYER_IS_BUILT
#elif __has_include("../kpi/mbuf_offsets.h")
#define KPI_LAYER_IS_BUILT
#endif

#ifdef KPI_LAYER_IS_BUILT
#include <kpi/mbuf_offsets.h>

static_assert(KPI_MBUF_AT_NEXT == offsetof(struct sk_buff, next), "build the layer again");
static_assert(KPI_MBUF_AT_NEXTPKT == offsetof(struct sk_buff, prev), "build the layer again");
static_assert(KPI_MBUF_AT_HEAD == offsetof(struct sk_buff, head), "build the layer again");
static_assert(KPI_MBUF_AT_DATA == offsetof(struct sk_buff, cb), "build the layer again");

static const struct kpi_mbuf_layout kpi_mbuf_layout = {
	.size = sizeof(kpi_mbuf_layout),
	.public_flags = KPI_MBUF_PUBLIC_FLAGS,
	.veiled = KPI_MBUF_VEILED,
	.next = KPI_MBUF_AT_NEXT,
	.nextpkt = KPI_MBUF_AT_NEXTPKT,
	.head = KPI_MBUF_AT_HEAD,
	.data = KPI_MBUF_AT_DATA,
	.len = KPI_MBUF_AT_LEN,
	.room = KPI_MBUF_AT_SIZE,
	.start = KPI_MBUF_AT_START,
	.flags = KPI_MBUF_AT_FLAGS,
	.type = KPI_MBUF_AT_TYPE,
	.pkthdr_len = KPI_PKTHDR_AT_LEN,
};

#define KPI_KEXT_LAYOUT	(KPI_MBUF_INLINE ? &kpi_mbuf_layout : NULL)
#else
#define KPI_KEXT_LAYOUT	NULL
#endif

#endif /* _NETKPI_MBUF_LAYOUT_H */
