// SPDX-License-Identifier: GPL-2.0
/* Giving an mbuf storage outside: a cluster, or a buffer of the caller's. */

#include <linux/limits.h>
#include <linux/slab.h>

#include "cpu.h"
#include "header.h"

static struct kpi_extbuf *extbuf_alloc(gfp_t gfp)
{
	struct kpi_extbuf *ext;

	if (kpi_refused(gfp))
		return NULL;
	ext = kmalloc(sizeof(*ext), gfp);
	if (ext)
		kpi_count(extbufs, 1);
	else
		kpi_count(drops, 1);
	return ext;
}

static void extbuf_set(struct kpi_extbuf *ext, caddr_t buf, u32 size,
		       mbuf_extfree_func extfree, caddr_t arg)
{
	refcount_set(&ext->store.refs, 1);
	ext->store.kind = KPI_STORE_EXTBUF;
	ext->store.traits = 0;
	ext->buf = buf;
	ext->size = size;
	ext->free = extfree;
	ext->arg = arg;
	ext->kext = kpi_kext_of(extfree);
	kpi_kext_charge(ext->kext, KPI_HELD_EXTBUF, 1);
}

/*
 * The record of a buffer that is about to be replaced is used again, so that
 * replacing it cannot fail.
 */
static struct kpi_extbuf *extbuf_reuse(mbuf_t m)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	struct kpi_extbuf *ext;

	if (!mcb->store || mcb->store->kind != KPI_STORE_EXTBUF || kpi_is_shared(mcb))
		return NULL;

	ext = container_of(mcb->store, struct kpi_extbuf, store);
	mcb->store = NULL;
	ext->free(ext->buf, ext->size, ext->arg);
	kpi_kext_charge(ext->kext, KPI_HELD_EXTBUF, -1);
	return ext;
}

/*
 * A packet that was allocated as one with its cluster is given up as a whole by
 * the original, and a new one takes its place. Here the mbuf stays, with its
 * links, and everything else of it starts anew.
 */
static void unit_reset(mbuf_t m, u32 type)
{
	struct kpi_mcb *mcb = kpi_mcb(m);

	if (!(mcb->flags & KPI_M_UNIT) || kpi_is_shared(mcb))
		return;

	kpi_pkthdr_release(m);
	kpi_pkthdr_init(m);
	mcb->flags = MBUF_EXT | MBUF_PKTHDR;
	kpi_mbuf_set_type(m, type);
}

/**
 * kpi_mbuf_attachcluster() - make the caller's buffer an mbuf's storage
 * @how:     MBUF_WAITOK or MBUF_DONTWAIT
 * @type:    type of the mbuf if one is allocated
 * @mbuf:    in: an mbuf, or NULL to have a packet allocated; out: the mbuf
 * @extbuf:  the buffer: any kernel memory, any alignment
 * @extfree: called once as extfree(extbuf, extsize, extarg) when nobody refers
 *           to the buffer any more
 * @extsize: its size, at most 4 GiB - 1
 * @extarg:  for @extfree
 *
 * Consumes the buffer on success. What storage the mbuf had is released, its
 * length becomes 0; links, flags and packet header stay, but for those of a
 * packet that came with a cluster from kpi_mbuf_getpacket() or
 * kpi_mbuf_allocpacket(), which gets a fresh header and @type. Without memory
 * a supplied mbuf is freed and *@mbuf NULL, and the buffer stays the caller's.
 *
 * @extfree runs wherever the last reference is dropped, which may be with bottom
 * halves disabled. The buffer is never handed to the network: what is sent of it
 * is copied first, so @extfree does not wait for the network.
 *
 * macOS difference: the mbuf keeps its identity and its links in all cases.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL (nothing touched) for a NULL @mbuf, @extbuf or
 * @extfree, or a bad @extsize.
 */
errno_t kpi_mbuf_attachcluster(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf,
			       caddr_t extbuf, mbuf_extfree_func extfree,
			       size_t extsize, caddr_t extarg)
{
	gfp_t gfp = kpi_gfp(how);
	struct kpi_extbuf *ext;
	mbuf_t m;

	if (!mbuf || !extbuf || !extfree || !extsize || extsize > U32_MAX)
		return EINVAL;

	m = *mbuf;
	if (m && kpi_unusable(m))
		return EINVAL;
	if (!m && type == MBUF_TYPE_FREE)
		return EINVAL;
	if (!m)
		m = kpi_mbuf_alloc(MBUF_PKTHDR, type, gfp, kpi_kext_caller());
	if (!m)
		return ENOMEM;

	ext = extbuf_reuse(m) ?: extbuf_alloc(gfp);
	if (!ext) {
		kpi_mbuf_drop(m);
		*mbuf = NULL;
		return ENOMEM;
	}

	unit_reset(m, type);
	extbuf_set(ext, extbuf, extsize, extfree, extarg);
	kpi_mbuf_attach(m, &ext->store, extbuf, extsize);
	*mbuf = m;
	return 0;
}
KPI_EXPORT(kpi_mbuf_attachcluster);

/* Attaches a fresh cluster; @size is one of the three. */
static int mbuf_attach_cluster(mbuf_t m, u32 size, gfp_t gfp)
{
	struct kpi_store *store;
	u8 *addr;

	store = kpi_cluster_alloc(size, gfp, &addr);
	if (!store)
		return -ENOMEM;
	kpi_mbuf_attach(m, store, addr, size);
	return 0;
}

static bool is_cluster_size(size_t size)
{
	return size == KPI_MCLBYTES || size == KPI_MBIGCLBYTES || size == KPI_M16KCLBYTES;
}

static int mbuf_getcluster(mbuf_t *mbuf, u32 type, size_t size, gfp_t gfp,
			   struct kpi_kext *caller)
{
	if (*mbuf)
		return mbuf_attach_cluster(*mbuf, size, gfp);
	if (type == MBUF_TYPE_FREE)
		return -EINVAL;
	*mbuf = kpi_mbuf_alloc_cluster(size, 0, type, gfp, caller);
	return *mbuf ? 0 : -ENOMEM;
}

/**
 * kpi_mbuf_getcluster() - give an mbuf a cluster
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @type: type of the mbuf if one is allocated
 * @size: 2048, 4096 or 16384
 * @mbuf: in: an mbuf, or NULL to have one allocated; out: the mbuf
 *
 * The mbuf keeps links, type, flags and packet header; its length becomes 0 and
 * what it held is lost. On failure a supplied mbuf is untouched and kept, and
 * *@mbuf stays NULL if it was.
 *
 * macOS difference: storage that the mbuf had before is released; macOS leaks it.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL for another size or a NULL @mbuf.
 */
errno_t kpi_mbuf_getcluster(mbuf_how_t how, mbuf_type_t type, size_t size, mbuf_t *mbuf)
{
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf || !is_cluster_size(size))
		return EINVAL;
	if (*mbuf && kpi_unusable(*mbuf))
		return EINVAL;
	return kpi_errno(mbuf_getcluster(mbuf, type, size, gfp, kpi_kext_caller()));
}
KPI_EXPORT(kpi_mbuf_getcluster);

/**
 * kpi_mbuf_mclget() - give an mbuf a cluster of 2048 bytes
 * @how:  MBUF_WAITOK or MBUF_DONTWAIT
 * @type: type of the mbuf if one is allocated
 * @mbuf: in: an mbuf, or NULL to have one allocated; out: the mbuf
 *
 * As kpi_mbuf_getcluster() with 2048.
 *
 * macOS difference: storage that the mbuf had before is released.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0, ENOMEM, or EINVAL for a NULL @mbuf.
 */
errno_t kpi_mbuf_mclget(mbuf_how_t how, mbuf_type_t type, mbuf_t *mbuf)
{
	gfp_t gfp = kpi_gfp(how);

	if (!mbuf)
		return EINVAL;
	if (*mbuf && kpi_unusable(*mbuf))
		return EINVAL;
	return kpi_errno(mbuf_getcluster(mbuf, type, KPI_MCLBYTES, gfp, kpi_kext_caller()));
}
KPI_EXPORT(kpi_mbuf_mclget);
