// SPDX-License-Identifier: GPL-2.0
/*
 * Copies that are made when somebody wants to look.
 *
 * Filters get to see packets whose bytes somebody else needs, too: what TCP may send
 * again. A kext that writes there without asking must not harm it, so it may have the
 * address of a copy only. But most look at headers, and a copy of 64 KiB costs more
 * than the way through the stack.
 *
 * So an mbuf of such bytes has a cluster for them that is not filled yet: it is veiled.
 * The layer reads the bytes where they are; who writes finds them shared. The first
 * call that tells the kext an address, or lets it write, fills the cluster. That needs
 * no memory and cannot fail. Until then the mbuf has its storage for itself: before
 * another mbuf may share it the veil is lifted. The storage holds the page to its end.
 */

#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "veil.h"

/* The page is noted at the cluster's end, which its mbufs never have. */
static struct page **page_of(const struct kpi_store *store)
{
	return (struct page **)(kpi_cluster_address(store) + kpi_cluster_bytes(store)) - 1;
}

struct page *kpi_veiled_page(const struct kpi_store *store)
{
	return *page_of(store);
}

/* An mbuf of up to KPI_VEILED_MOST bytes of somebody else's page; NULL without memory. */
mbuf_t kpi_mbuf_veiled(u8 *addr, u32 len, struct page *page, gfp_t gfp, struct kpi_kext *owner)
{
	u32 size = kpi_cluster_size(len + sizeof(page));
	mbuf_t m = kpi_mbuf_alloc_cluster(size, 0, MBUF_TYPE_DATA, gfp, owner);
	struct kpi_mcb *mcb;

	if (!m)
		return NULL;
	mcb = kpi_mcb(m);
	get_page(page);
	*page_of(mcb->store) = page;
	mcb->store->traits |= KPI_STORE_VEILED | KPI_STORE_OVER_PAGE;
	mcb->flags |= KPI_M_VEILED;
	mcb->start = addr;
	mcb->data = addr;
	mcb->size = len;
	mcb->len = len;
	return m;
}

/* Who only reads an mbuf may not be alone. */
static DEFINE_SPINLOCK(lifting);

static void lift(struct kpi_mcb *mcb)
{
	u8 *own = kpi_cluster_address(mcb->store);
	size_t off = mcb->data - mcb->start;

	lockdep_assert_held(&lifting);
	memcpy(own + off, mcb->data, mcb->len);
	mcb->start = own;
	mcb->data = own + off;
	mcb->size = (u8 *)page_of(mcb->store) - own;
	smp_wmb();			/* who finds a flag gone finds the address, too */
	mcb->store->traits &= ~KPI_STORE_VEILED;
	mcb->flags &= ~KPI_M_VEILED;
}

/* The page stays: who reads beside may have its address still. */
void kpi_veil_lift(struct kpi_mcb *mcb)
{
	unsigned long flags;

	spin_lock_irqsave(&lifting, flags);
	if (mcb->store->traits & KPI_STORE_VEILED)
		lift(mcb);
	spin_unlock_irqrestore(&lifting, flags);
}
