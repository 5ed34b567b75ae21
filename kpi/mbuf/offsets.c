// SPDX-License-Identifier: GPL-2.0
/*
 * Where kext code finds the fields it looks at most: kbuild makes
 * include/kpi/mbuf_offsets.h of this. They depend on the kernel's sk_buff.
 */

#include <linux/kbuild.h>

#include "header.h"

#define MCB(field)	(offsetof(struct __mbuf, skb.cb) + offsetof(struct kpi_mcb, field))

static void __used mbuf_offsets(void)
{
	DEFINE(KPI_MBUF_INLINE, !KPI_MBUF_DEBUG);
	DEFINE(KPI_MBUF_PUBLIC_FLAGS, KPI_M_PUBLIC);
	DEFINE(KPI_MBUF_VEILED, KPI_M_VEILED);
	BLANK();
	DEFINE(KPI_MBUF_AT_NEXT, offsetof(struct __mbuf, skb.next));
	DEFINE(KPI_MBUF_AT_NEXTPKT, offsetof(struct __mbuf, skb.prev));
	DEFINE(KPI_MBUF_AT_HEAD, offsetof(struct __mbuf, skb.head));
	DEFINE(KPI_MBUF_AT_DATA, MCB(data));
	DEFINE(KPI_MBUF_AT_LEN, MCB(len));
	DEFINE(KPI_MBUF_AT_SIZE, MCB(size));
	DEFINE(KPI_MBUF_AT_START, MCB(start));
	DEFINE(KPI_MBUF_AT_FLAGS, MCB(flags));
	DEFINE(KPI_MBUF_AT_TYPE, MCB(type));
	DEFINE(KPI_PKTHDR_AT_LEN, offsetof(struct kpi_pkthdr, len));
}
