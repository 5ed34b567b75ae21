/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes that a kext gets a copy of when it wants to see them: see veil.c. */
#ifndef _KPI_MBUF_VEIL_H
#define _KPI_MBUF_VEIL_H

#include "storage.h"

#define KPI_VEILED_MOST	(KPI_M16KCLBYTES - sizeof(struct page *))

mbuf_t kpi_mbuf_veiled(u8 *addr, u32 len, struct page *page, gfp_t gfp, struct kpi_kext *owner);
struct page *kpi_veiled_page(const struct kpi_store *store);
void kpi_veil_lift(struct kpi_mcb *mcb);

static inline bool kpi_is_veiled(const struct kpi_store *store)
{
	return unlikely(READ_ONCE(store->traits) & KPI_STORE_VEILED);
}

/* Before an address of an mbuf's bytes is told, or its storage is shared. */
static inline void kpi_unveil(mbuf_t m)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	if (!mcb->store)
		return;
	if (kpi_is_veiled(mcb->store))
		kpi_veil_lift(mcb);
	else
		smp_acquire__after_ctrl_dep();	/* who lifted it told the address before */
}

#endif /* _KPI_MBUF_VEIL_H */
