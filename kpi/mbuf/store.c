// SPDX-License-Identifier: GPL-2.0
/* Storage that is shared by reference: who holds it, and how it goes. */

#include <linux/mm.h>
#include <linux/slab.h>

#include "check.h"
#include "cpu.h"
#include "poison.h"
#include "veil.h"

/* Views of pages come and go with every packet; each CPU keeps so many. */
#define KEEP_VIEWS	(KPI_MBUF_DEBUG ? 0 : 64)

/* Tests only: storage that was shared once counts as shared until it goes. */
static bool sticky_references;

void kpi_mbuf_sticky_references(bool on)
{
	WRITE_ONCE(sticky_references, on);
}
KPI_EXPORT(kpi_mbuf_sticky_references);

void kpi_store_get(struct kpi_store *store)
{
	refcount_inc(&store->refs);
	if (unlikely(READ_ONCE(sticky_references)))
		store->traits |= KPI_STORE_MARKED;
}

static void extbuf_free(struct kpi_extbuf *ext)
{
	kpi_count(extbufs, -1);
	ext->free(ext->buf, ext->size, ext->arg);
	kpi_kext_charge(ext->kext, KPI_HELD_EXTBUF, -1);
	kfree(ext);
}

/* Keeps a page's view for the next packet, or frees it. */
static void view_recycle(struct kpi_view *view)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();
	bool keep = cpu->free_view_count < KEEP_VIEWS;

	cpu->counters.views--;
	if (keep) {
		view->next = cpu->free_views;
		kpi_poison(view, sizeof(*view));
		cpu->free_views = view;
		cpu->free_view_count++;
	}
	kpi_cpu_unlock();
	if (!keep)
		kfree(view);
}

static void view_free(struct kpi_view *view)
{
	if (view->store.kind == KPI_STORE_SKB) {
		kpi_count(views, -1);
		consume_skb(view->skb);		/* and the view with it */
		return;
	}
	put_page(view->page);
	view_recycle(view);
}

static void store_free(struct kpi_store *store)
{
	switch (store->kind) {
	case KPI_STORE_CLUSTER:
		kpi_cluster_free(store);
		break;
	case KPI_STORE_EXTBUF:
		extbuf_free(container_of(store, struct kpi_extbuf, store));
		break;
	default:
		view_free(container_of(store, struct kpi_view, store));
	}
}

/* Drops a reference; whether it was the last. */
static bool store_unref(struct kpi_store *store)
{
	/* The only holder needs no atomic operation: nobody can come or go. */
	if (refcount_read(&store->refs) != 1)
		return refcount_dec_and_test(&store->refs);
	smp_acquire__after_ctrl_dep();
	refcount_set(&store->refs, 0);
	return true;
}

void kpi_store_put(struct kpi_store *store)
{
	if (store_unref(store))
		store_free(store);
}

/* The same, but says whether this was a cluster that the caller must give back. */
bool kpi_store_put_cluster(struct kpi_store *store)
{
	if (!store_unref(store))
		return false;
	if (store->kind == KPI_STORE_CLUSTER)
		return true;
	store_free(store);
	return false;
}

static void view_init(struct kpi_view *view, u8 kind, u8 traits)
{
	refcount_set(&view->store.refs, 1);
	view->store.kind = kind;
	view->store.traits = traits;
}

static struct kpi_view *view_alloc(gfp_t gfp)
{
	struct kpi_mbuf_cpu *cpu = kpi_cpu_lock();
	struct kpi_view *view = cpu->free_views;

	if (likely(view)) {
		kpi_unpoison(view, sizeof(*view));
		cpu->free_views = view->next;
		cpu->free_view_count--;
		cpu->counters.views++;
	}
	kpi_cpu_unlock();
	if (likely(view))
		return view;

	view = kmalloc(sizeof(*view), gfp);
	if (view)
		kpi_count(views, 1);
	return view;
}

/* Storage that keeps a page; takes over a reference to it if it succeeds. */
struct kpi_store *kpi_view_page(struct page *page, u8 traits, gfp_t gfp)
{
	struct kpi_view *view;

	if (kpi_refused(gfp))
		return NULL;
	view = view_alloc(gfp);
	if (!view)
		return NULL;

	if (unlikely(page_is_pfmemalloc(page)))
		traits |= KPI_STORE_RESERVE;
	view_init(view, KPI_STORE_PAGE, traits);
	view->page = page;
	return &view->store;
}

/* Storage that keeps an skb, which it consumes; it stands in the skb itself. */
struct kpi_store *kpi_view_skb(struct sk_buff *skb, u8 traits)
{
	struct kpi_view *view = (struct kpi_view *)skb->cb;

	BUILD_BUG_ON(sizeof(*view) > sizeof(skb->cb));
	view_init(view, KPI_STORE_SKB, traits);
	kpi_count(views, 1);
	view->skb = skb;
	return &view->store;
}

void kpi_store_exit(void)
{
	int i;

	for_each_possible_cpu(i) {
		struct kpi_view *view, *next;

		for (view = per_cpu_ptr(&kpi_mbuf_cpu, i)->free_views; view; view = next) {
			kpi_unpoison(view, sizeof(*view));
			next = view->next;
			kfree(view);
		}
	}
}

/**
 * kpi_mbuf_mclhasreference() - may anybody else read this mbuf's storage?
 * @mbuf: the mbuf
 *
 * Borrows the mbuf. Who asks before writing harms nobody: the answer is 1 while
 * another mbuf refers to the storage, while the network or a receiver has what
 * was sent of it, and for received bytes until they are known to be the mbuf's
 * alone.
 *
 * macOS difference: ends. On macOS the answer stays 1 for as long as storage
 * lives that was ever shared.
 *
 * Context: Any.
 * Return: 1 if external storage is shared, else 0.
 */
int kpi_mbuf_mclhasreference(mbuf_t mbuf)
{
	if (kpi_unusable(mbuf))
		return 0;
	kpi_unveil(mbuf);
	return kpi_is_shared(kpi_mcb(mbuf));
}
KPI_EXPORT(kpi_mbuf_mclhasreference);
