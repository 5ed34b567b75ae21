// SPDX-License-Identifier: GPL-2.0
/* Chains as sequences of bytes: copying out of them and into them, cutting, joining. */

#include <linux/minmax.h>
#include <linux/string.h>

#include "header.h"
#include "reshape.h"
#include "storage.h"

/* Finds the mbuf that byte *@off lies in; leaves the offset within it. */
const struct __mbuf *kpi_chain_seek(const struct __mbuf *m, size_t *off)
{
	while (m && *off >= kpi_mcb(m)->len) {
		*off -= kpi_mcb(m)->len;
		m = kpi_next(m);
	}
	return m;
}

/* Copies bytes out; what exists has been copied when it returns -EINVAL. */
int kpi_chain_copy_out(const struct __mbuf *m, size_t off, size_t len, void *to)
{
	for (m = kpi_chain_seek(m, &off); m; m = kpi_next(m)) {
		const struct kpi_mcb *mcb = kpi_mcb(m);
		size_t n = min_t(size_t, len, mcb->len - off);

		memcpy(to, mcb->data + off, n);
		len -= n;
		if (!len)
			return 0;
		to += n;
		off = 0;
	}
	return -EINVAL;
}

/**
 * kpi_mbuf_copydata() - copy bytes out of a chain
 * @mbuf:     the chain; may be NULL if there is nothing to copy
 * @offset:   where to begin
 * @length:   how many bytes
 * @out_data: where to; NULL copies nothing
 *
 * Borrows the chain.
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 0, or EINVAL if the chain is too short (the bytes that exist have been
 * copied) or @offset or @length is INT_MAX or more.
 */
errno_t kpi_mbuf_copydata(const mbuf_t mbuf, size_t offset, size_t length, void *out_data)
{
	if (offset >= INT_MAX || length >= INT_MAX)
		return EINVAL;
	if (!out_data || !length)
		return 0;
	if (!mbuf || kpi_unusable(mbuf))
		return EINVAL;
	if (offset + length <= kpi_mcb(mbuf)->len) {	/* a header, mostly */
		memcpy(out_data, kpi_mcb(mbuf)->data + offset, length);
		return 0;
	}
	return kpi_errno(kpi_chain_copy_out(mbuf, offset, length, out_data));
}
KPI_EXPORT(kpi_mbuf_copydata);

/* An mbuf to be appended behind @m, for up to @want bytes. */
static mbuf_t copyback_grow(mbuf_t m, size_t want, gfp_t gfp, struct kpi_kext *owner)
{
	u32 type = kpi_mcb(m)->type;
	mbuf_t n = NULL;

	if (want > KPI_MINCLSIZE)
		n = kpi_mbuf_alloc_cluster(KPI_MCLBYTES, 0, type, gfp, owner);
	if (!n)
		n = kpi_mbuf_alloc(0, type, gfp, owner);
	if (!n)
		return NULL;

	kpi_mcb(n)->len = min_t(size_t, want, kpi_mcb(n)->size);
	kpi_set_next(m, n);
	return n;
}

/*
 * Goes to the mbuf that byte *@off lies in or right behind, and makes the gap up
 * to it of zeroed mbufs that have room for some of @len bytes more.
 */
static mbuf_t copyback_seek(mbuf_t m, size_t *off, size_t len, gfp_t gfp,
			    struct kpi_kext *owner)
{
	while (*off > kpi_mcb(m)->len) {
		*off -= kpi_mcb(m)->len;
		if (!kpi_next(m)) {
			if (!copyback_grow(m, min_t(size_t, *off + len, KPI_MLEN), gfp, owner))
				return NULL;
			memset(kpi_mcb(kpi_next(m))->data, 0, KPI_MLEN);
		}
		m = kpi_next(m);
	}
	return m;
}

/* Writes what there is room for in @m, from @off; the last mbuf of a chain grows. */
static size_t copyback_write(mbuf_t m, size_t off, const void *data, size_t len)
{
	struct kpi_mcb *mcb = kpi_mcb(m);
	size_t n = mcb->len - off;

	if (len > n && !kpi_next(m)) {
		size_t more = min(len - n, kpi_trailing(mcb));

		mcb->len += more;
		n += more;
	}
	n = min(n, len);
	memcpy(mcb->data + off, data, n);
	return n;
}

/* Returns how many of @len bytes were written. */
static size_t copyback(mbuf_t m, size_t off, const void *data, size_t len, gfp_t gfp,
		       struct kpi_kext *owner)
{
	size_t done = 0;

	m = copyback_seek(m, &off, len, gfp, owner);
	while (m) {
		done += copyback_write(m, off, data + done, len - done);
		if (done == len)
			break;
		off = 0;
		m = kpi_next(m) ?: copyback_grow(m, len - done, gfp, owner);
	}
	return done;
}

/**
 * kpi_mbuf_copyback() - write bytes into a chain, making it longer if needed
 * @mbuf:   the chain
 * @offset: where to begin; a gap behind the present end is filled with zeros
 * @length: how many bytes
 * @data:   the bytes
 * @how:    MBUF_WAITOK or MBUF_DONTWAIT
 *
 * Borrows the chain. Bytes go to where the data is, also if the storage is
 * shared: other holders see them. Only the last mbuf is made longer; an empty
 * mbuf before it receives nothing. The packet length is raised if need be.
 * Without memory the chain is left longer by what could be written.
 *
 * macOS difference: an end beyond INT_MAX is EINVAL; macOS uses up all memory.
 *
 * Context: Interrupts enabled; may sleep with MBUF_WAITOK.
 * Return: 0; EINVAL (nothing changed) for a NULL pointer or no bytes; ENOBUFS.
 */
errno_t kpi_mbuf_copyback(mbuf_t mbuf, size_t offset, size_t length, const void *data,
			  mbuf_how_t how)
{
	gfp_t gfp = kpi_gfp(how);
	size_t done, end;

	if (!mbuf || !data || !length)
		return EINVAL;
	if (offset > INT_MAX || length > INT_MAX - offset)
		return EINVAL;
	if (kpi_unusable(mbuf))
		return EINVAL;

	done = copyback(mbuf, offset, data, length, gfp, kpi_kext_caller());
	if (kpi_is_packet(mbuf)) {
		end = done == length ? offset + length : kpi_chain_len(mbuf);
		kpi_hdr(mbuf)->len = max_t(s32, kpi_hdr(mbuf)->len, end);
	}
	return done == length ? 0 : ENOBUFS;
}
KPI_EXPORT(kpi_mbuf_copyback);

static size_t trim_front(mbuf_t m, size_t amount)
{
	size_t left = amount;

	for (; m && left; m = kpi_next(m)) {
		struct kpi_mcb *mcb = kpi_mcb(m);
		size_t n = min_t(size_t, left, mcb->len);

		if (n < mcb->len)
			mcb->data += n;
		mcb->len -= n;
		left -= n;
	}
	return amount - left;
}

/* Cuts the chain so that @len bytes are left. */
static void trim_to(mbuf_t m, size_t len)
{
	for (; m; m = kpi_next(m)) {
		struct kpi_mcb *mcb = kpi_mcb(m);

		mcb->len = min_t(size_t, mcb->len, len);
		len -= mcb->len;
	}
}

static void trim_back(mbuf_t head, size_t amount)
{
	mbuf_t last = kpi_last(head);
	size_t len;

	if (kpi_mcb(last)->len >= amount) {
		kpi_mcb(last)->len -= amount;
		if (kpi_is_packet(head))
			kpi_hdr(head)->len -= amount;
		return;
	}

	len = kpi_chain_len(head);
	len -= min(len, amount);
	if (kpi_is_packet(head))
		kpi_hdr(head)->len = len;
	trim_to(head, len);
}

/* Takes @amount bytes away at the front, or at the end if it is negative. */
void kpi_chain_trim(mbuf_t m, int amount)
{
	if (amount < 0) {
		trim_back(m, -(s64)amount);
		return;
	}

	amount = trim_front(m, amount);
	if (kpi_is_packet(m))
		kpi_hdr(m)->len -= amount;
}

/**
 * kpi_mbuf_adj() - cut bytes off a chain
 * @mbuf: the chain, or NULL
 * @len:  how many bytes: at the front if positive, at the end if negative
 *
 * Borrows the chain. Nothing is freed: emptied mbufs stay. The packet length is
 * lowered by what was removed; when bytes are cut from several mbufs at the end
 * it is set to what is left.
 *
 * macOS difference: INT_MIN removes everything; there it is undefined.
 *
 * Context: Any.
 */
void kpi_mbuf_adj(mbuf_t mbuf, int len)
{
	if (!mbuf || !len || kpi_unusable(mbuf))
		return;
	kpi_chain_trim(mbuf, len);
}
KPI_EXPORT(kpi_mbuf_adj);

/**
 * kpi_mbuf_concatenate() - append a chain to another
 * @dst: the chain that grows, or NULL
 * @src: the chain to append, or NULL
 *
 * Borrows @dst and consumes @src, but not if @dst is NULL. While the last mbuf
 * of @dst has internal storage with more room than the next mbuf of @src has
 * bytes, these are copied and that mbuf freed, header and tags with it; the rest
 * is linked as it is. The packet length of @dst is not changed.
 *
 * macOS difference: none.
 *
 * Context: Interrupts enabled.
 * Return: @dst.
 */
mbuf_t kpi_mbuf_concatenate(mbuf_t dst, mbuf_t src)
{
	struct kpi_mcb *mcb;
	mbuf_t last;

	if (!dst || !src)
		return dst;
	if (kpi_unusable(dst) || kpi_unusable(src))
		return dst;

	last = kpi_last(dst);
	mcb = kpi_mcb(last);
	while (src && !mcb->store && kpi_mcb(src)->len < kpi_tailroom(mcb)) {
		memcpy(mcb->data + mcb->len, kpi_mcb(src)->data, kpi_mcb(src)->len);
		mcb->len += kpi_mcb(src)->len;
		src = kpi_mbuf_drop(src);
	}
	kpi_set_next(last, src);
	return dst;
}
KPI_EXPORT(kpi_mbuf_concatenate);
