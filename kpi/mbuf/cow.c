// SPDX-License-Identifier: GPL-2.0
/* Overwriting a few bytes of a chain without touching what others share. */

#include <linux/minmax.h>
#include <linux/string.h>

#include "reshape.h"
#include "storage.h"

/* Cuts @m in two at @off; both halves share the storage. */
static int cow_cut(mbuf_t m, size_t off, struct kpi_kext *owner)
{
	mbuf_t rest;

	rest = kpi_mbuf_alloc(0, kpi_mcb(m)->type, GFP_ATOMIC, owner);
	if (!rest)
		return -ENOMEM;
	kpi_split_tail(rest, m, off);
	kpi_mcb(m)->len = off;
	kpi_set_next(rest, kpi_next(m));
	kpi_set_next(m, rest);
	return 0;
}

/* Takes up to @len bytes off the front of shared mbufs of one type; what is left. */
static mbuf_t cow_eat(mbuf_t m, size_t len, u32 type, size_t *eaten)
{
	while (m && *eaten < len && kpi_is_shared(kpi_mcb(m)) && kpi_mcb(m)->type == type) {
		struct kpi_mcb *mcb = kpi_mcb(m);
		size_t n = min_t(size_t, len - *eaten, mcb->len);

		mcb->data += n;
		mcb->len -= n;
		*eaten += n;
		if (!mcb->len)
			m = kpi_mbuf_drop(m);
	}
	return m;
}

/*
 * Puts an mbuf with new bytes in the place of bytes from @off of @m on, which is
 * shared and follows @prev. Returns the new one, or NULL with nothing changed.
 */
static mbuf_t cow_replace(mbuf_t prev, mbuf_t m, size_t off, const void *data, size_t len,
			  struct kpi_kext *owner)
{
	u32 type = kpi_mcb(m)->type;
	size_t eaten = 0;
	mbuf_t n;

	n = kpi_mbuf_alloc(0, type, GFP_ATOMIC, owner);
	if (!n)
		return NULL;
	if (off) {
		if (cow_cut(m, off, owner)) {
			kpi_mbuf_drop(n);
			return NULL;
		}
		prev = m;
		m = kpi_next(m);
	}

	m = cow_eat(m, len, type, &eaten);
	kpi_mcb(n)->len = eaten;
	memcpy(kpi_mcb(n)->data, data, eaten);
	kpi_set_next(n, m);
	kpi_set_next(prev, n);
	return n;
}

/*
 * Of the first mbuf other mbufs see what is written, as in the original, but nobody
 * else does.
 */
static bool may_overwrite(const struct kpi_mcb *mcb, bool first)
{
	return first ? !kpi_is_held(mcb) : !kpi_is_shared(mcb);
}

/*
 * Overwrites @len (at most 288) bytes of a chain that has them, not from its first
 * one on. Within the first mbuf they are written where they are, unless the network
 * may read them; behind it, shared storage is not written to. An mbuf with the new
 * bytes takes the place of those that are not.
 */
int kpi_chain_overwrite(mbuf_t m, size_t off, const void *data, size_t len,
			struct kpi_kext *owner)
{
	mbuf_t head = m, prev = NULL;

	while (m && off >= kpi_mcb(m)->len) {
		off -= kpi_mcb(m)->len;
		prev = m;
		m = kpi_next(m);
	}
	for (; m && len; prev = m, m = kpi_next(m), off = 0) {
		struct kpi_mcb *mcb = kpi_mcb(m);
		size_t n = min_t(size_t, len, mcb->len - off);

		if (may_overwrite(mcb, m == head)) {
			memcpy(mcb->data + off, data, n);
		} else if (n && !prev && !off) {
			return -EBUSY;	/* the head stays where it is */
		} else if (n) {
			m = cow_replace(prev, m, off, data, len, owner);
			if (!m)
				return -ENOMEM;
			n = kpi_mcb(m)->len;
		}
		data += n;
		len -= n;
	}
	return len ? -EINVAL : 0;
}
