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
 * no memory and cannot fail. Until then the mbuf holds the page, and has its storage
 * for itself: before another mbuf may share it the veil is lifted.
 */

#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "veil.h"

/* The page is noted in the cluster, which has nothing else to keep yet. */
static struct page **page_of(const struct kpi_store *store)
{
	return (struct page **)kpi_cluster_address(store);
}

struct page *kpi_veiled_page(const struct kpi_store *store)
{
	return *page_of(store);
}

/* An mbuf of up to 16 KiB of somebody else's page; NULL without memory. */
mbuf_t kpi_mbuf_veiled(u8 *addr, u32 len, struct page *page, gfp_t gfp, struct kpi_kext *owner)
{
	mbuf_t m = kpi_mbuf_alloc_cluster(kpi_cluster_size(len), 0, MBUF_TYPE_DATA, gfp, owner);
	struct kpi_mcb *mcb;

	if (!m)
		return NULL;
	mcb = kpi_mcb(m);
	get_page(page);
	*page_of(mcb->store) = page;
	mcb->store->traits |= KPI_STORE_VEILED;
	mcb->flags |= KPI_M_VEILED;
	mcb->start = addr;
	mcb->data = addr;
	mcb->size = len;
	mcb->len = len;
	return m;
}

/* Who only reads an mbuf may not be alone. */
static DEFINE_SPINLOCK(lifting);

/* The page that is not needed any more, or NULL if somebody else was here first. */
static struct page *lift(struct kpi_mcb *mcb)
{
	u8 *own = kpi_cluster_address(mcb->store);
	size_t off = mcb->data - mcb->start;
	struct page *page;

	lockdep_assert_held(&lifting);
	if (!(mcb->store->traits & KPI_STORE_VEILED))
		return NULL;
	page = *page_of(mcb->store);
	memcpy(own + off, mcb->data, mcb->len);
	mcb->start = own;
	mcb->data = own + off;
	mcb->size = kpi_cluster_bytes(mcb->store);
	smp_wmb();			/* who finds a flag gone finds the address, too */
	mcb->store->traits &= ~KPI_STORE_VEILED;
	mcb->flags &= ~KPI_M_VEILED;
	return page;
}

void kpi_veil_lift(struct kpi_mcb *mcb)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&lifting, flags);
	page = lift(mcb);
	spin_unlock_irqrestore(&lifting, flags);
	if (page)
		put_page(page);
}
