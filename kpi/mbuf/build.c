// SPDX-License-Identifier: GPL-2.0
/* Chains put together mbuf by mbuf, and read run by run: for sockets and the border. */

#include "header.h"
#include "veil.h"

void kpi_chain_append(struct kpi_chain *chain, mbuf_t m)
{
	if (chain->tail)
		kpi_set_next(chain->tail, m);
	else
		chain->head = m;
	chain->tail = m;
	chain->len += kpi_mcb(m)->len;
}

mbuf_t kpi_chain_finish(struct kpi_chain *chain)
{
	mbuf_t m = chain->head;

	if (m && !kpi_is_packet(m)) {
		kpi_mcb(m)->flags |= MBUF_PKTHDR;
		kpi_pkthdr_init(m);
	}
	if (m)
		kpi_hdr(m)->len = chain->len;
	*chain = (struct kpi_chain) { };
	return m;
}

size_t kpi_chain_memory(const struct __mbuf *m)
{
	size_t sum = 0;

	for (; m; m = kpi_next(m))
		sum += m->skb.truesize + (kpi_mcb(m)->store ? kpi_mcb(m)->size : 0);
	return sum;
}

/* What holds the storage: within it, neighbours are neighbours for the network, too. */
static const void *backing(const struct kpi_store *store)
{
	switch (store->kind) {
	case KPI_STORE_CLUSTER:
		if (kpi_is_veiled(store))
			return kpi_veiled_page(store);
		return store - store->slot;	/* the first one of its block */
	case KPI_STORE_PAGE:
		return container_of(store, struct kpi_view, store)->page;
	default:
		return store;
	}
}

/* Whether @next continues in memory what ends at @end of @mcb's storage. */
static bool continues(const struct kpi_mcb *mcb, const u8 *end, const struct kpi_mcb *next)
{
	return next->data == end && mcb->store && next->store &&
	       backing(mcb->store) == backing(next->store);
}

static mbuf_t skip_empty(mbuf_t m)
{
	while (m && !kpi_mcb(m)->len)
		m = kpi_next(m);
	return m;
}

bool kpi_walk_next(struct kpi_walk *walk, struct kpi_piece *piece)
{
	const struct kpi_mcb *mcb, *next;
	size_t off = walk->off;
	mbuf_t m = walk->m;

	while (m && off >= kpi_mcb(m)->len) {
		off -= kpi_mcb(m)->len;
		m = kpi_next(m);
	}
	walk->m = m;
	walk->off = 0;
	if (!m)
		return false;

	mcb = kpi_mcb(m);
	*piece = kpi_piece_of(mcb);
	piece->addr += off;
	piece->len -= off;
	while ((m = skip_empty(kpi_next(m)))) {
		next = kpi_mcb(m);
		if (!continues(mcb, piece->addr + piece->len, next))
			break;
		piece->len += next->len;
		piece->shared |= kpi_is_shared(next);
	}
	walk->m = m;
	return true;
}
