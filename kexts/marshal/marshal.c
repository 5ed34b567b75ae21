// SPDX-License-Identifier: GPL-2.0
#include <sys/param.h>
#include <sys/systm.h>
#include <libkern/OSByteOrder.h>

#include "marshal.h"

#define RESERVE_MAX	128

#pragma mark Building

errno_t
put_init(struct put *p)
{
	bzero(p, sizeof(*p));
	if (mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &p->top) != 0)
		return ENOBUFS;
	p->cur = p->top;
	return 0;
}

/* Another mbuf at the end; a cluster if much is to follow. */
static errno_t
put_grow(struct put *p, size_t len)
{
	mbuf_t m = NULL;
	errno_t error;

	if (len < mbuf_get_minclsize())
		error = mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m);
	else
		error = mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, MCLBYTES, &m);
	if (error != 0)
		return error;
	mbuf_setnext(p->cur, m);
	p->cur = m;
	return 0;
}

static char *
put_advance(struct put *p, size_t len)
{
	char *end = (char *)mbuf_data(p->cur) + mbuf_len(p->cur);

	mbuf_setlen(p->cur, mbuf_len(p->cur) + len);
	p->len += len;
	return end;
}

errno_t
put_bytes(struct put *p, const void *bytes, size_t len)
{
	const char *from = bytes;
	size_t room;
	errno_t error;

	while (len > 0) {
		room = MIN(mbuf_trailingspace(p->cur), len);
		if (room == 0) {
			error = put_grow(p, len);
			if (error != 0)
				return error;
			continue;
		}
		bcopy(from, put_advance(p, room), room);
		from += room;
		len -= room;
	}
	return 0;
}

errno_t
put_zeros(struct put *p, size_t len)
{
	static const char zeros[64];
	errno_t error = 0;

	for (; error == 0 && len > sizeof(zeros); len -= sizeof(zeros))
		error = put_bytes(p, zeros, sizeof(zeros));
	return error ? error : put_bytes(p, zeros, len);
}

errno_t
put_uint8(struct put *p, u_int8_t v)
{
	return put_bytes(p, &v, sizeof(v));
}

errno_t
put_uint16le(struct put *p, u_int16_t v)
{
	v = OSSwapHostToLittleInt16(v);
	return put_bytes(p, &v, sizeof(v));
}

errno_t
put_uint32le(struct put *p, u_int32_t v)
{
	v = OSSwapHostToLittleInt32(v);
	return put_bytes(p, &v, sizeof(v));
}

errno_t
put_uint32be(struct put *p, u_int32_t v)
{
	v = OSSwapHostToBigInt32(v);
	return put_bytes(p, &v, sizeof(v));
}

errno_t
put_uint64le(struct put *p, u_int64_t v)
{
	v = OSSwapHostToLittleInt64(v);
	return put_bytes(p, &v, sizeof(v));
}

errno_t
put_chain(struct put *p, mbuf_t m)
{
	errno_t error;

	error = mbuf_setnext(p->cur, m);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	for (; m != NULL; m = mbuf_next(m)) {
		p->len += mbuf_len(m);
		p->cur = m;
	}
	return 0;
}

void *
put_reserve(struct put *p, size_t len)
{
	if (len > RESERVE_MAX)
		return NULL;
	if (mbuf_trailingspace(p->cur) < len && put_grow(p, len) != 0)
		return NULL;
	return put_advance(p, len);
}

errno_t
put_frame(struct put *p)
{
	u_int32_t len = OSSwapHostToBigInt32(p->len);
	errno_t error;

	mbuf_pkthdr_setlen(p->top, p->len);
	error = mbuf_prepend(&p->top, sizeof(len), MBUF_WAITOK);
	if (error != 0) {
		p->cur = NULL;		/* all of it is gone */
		return error;
	}
	bcopy(&len, mbuf_data(p->top), sizeof(len));
	p->len += sizeof(len);
	return 0;
}

mbuf_t
put_detach(struct put *p)
{
	mbuf_t m = p->top;

	mbuf_pkthdr_setlen(m, p->len);
	p->top = p->cur = NULL;
	return m;
}

void
put_free(struct put *p)
{
	mbuf_freem(p->top);
	p->top = p->cur = NULL;
}

#pragma mark Taking apart

void
get_init(struct get *g, mbuf_t m)
{
	g->cur = m;
	g->off = 0;
}

errno_t
get_bytes(struct get *g, void *bytes, size_t len)
{
	char *to = bytes;
	size_t n;

	while (len > 0) {
		while (g->cur != NULL && g->off == mbuf_len(g->cur)) {
			g->cur = mbuf_next(g->cur);
			g->off = 0;
		}
		if (g->cur == NULL)
			return EBADRPC;
		n = MIN(mbuf_len(g->cur) - g->off, len);
		if (to != NULL) {
			bcopy((char *)mbuf_data(g->cur) + g->off, to, n);
			to += n;
		}
		g->off += n;
		len -= n;
	}
	return 0;
}

errno_t
get_uint8(struct get *g, u_int8_t *v)
{
	return get_bytes(g, v, sizeof(*v));
}

errno_t
get_uint16le(struct get *g, u_int16_t *v)
{
	errno_t error = get_bytes(g, v, sizeof(*v));

	*v = OSSwapLittleToHostInt16(*v);
	return error;
}

errno_t
get_uint32le(struct get *g, u_int32_t *v)
{
	errno_t error = get_bytes(g, v, sizeof(*v));

	*v = OSSwapLittleToHostInt32(*v);
	return error;
}

errno_t
get_uint32be(struct get *g, u_int32_t *v)
{
	errno_t error = get_bytes(g, v, sizeof(*v));

	*v = OSSwapBigToHostInt32(*v);
	return error;
}

errno_t
get_uint64le(struct get *g, u_int64_t *v)
{
	errno_t error = get_bytes(g, v, sizeof(*v));

	*v = OSSwapLittleToHostInt64(*v);
	return error;
}

errno_t
get_chain(struct get *g, size_t len, mbuf_t *m)
{
	struct get after = *g;
	errno_t error;

	error = get_bytes(&after, NULL, len);	/* is there that much? */
	if (error == 0)
		error = mbuf_copym(g->cur, g->off, len, MBUF_WAITOK, m);
	if (error == 0)
		*g = after;
	return error;
}
