/* SPDX-License-Identifier: GPL-2.0 */
/* Chains that are cut, filled and handed over. */
#ifndef _KPI_MBUF_RESHAPE_H
#define _KPI_MBUF_RESHAPE_H

#include "mbuf_priv.h"

/* chain.c, reshape.c, cow.c */
const struct __mbuf *kpi_chain_seek(const struct __mbuf *m, size_t *off);
int kpi_chain_copy_out(const struct __mbuf *m, size_t off, size_t len, void *to);
void kpi_chain_trim(mbuf_t m, int amount);
void kpi_split_tail(mbuf_t n, mbuf_t m, size_t off);
int kpi_chain_overwrite(mbuf_t m, size_t off, const void *data, size_t len,
			struct kpi_kext *owner);

/* handover.c */
#define KPI_SURRENDER_ROOM	sizeof(struct kpi_pkthdr)

struct sk_buff *kpi_chain_surrender(mbuf_t m);
mbuf_t kpi_mbuf_adopt(struct sk_buff *skb, size_t len, gfp_t gfp, struct kpi_kext *owner);

#endif /* _KPI_MBUF_RESHAPE_H */
