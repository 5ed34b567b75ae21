// SPDX-License-Identifier: GPL-2.0
#include <sys/param.h>
#include <sys/systm.h>
#include <libkern/OSByteOrder.h>

#include "xdr.h"

#define XDR_PAD(len)	(-(len) & 3)

boolean_t
xdrmbuf_encode(xdrs)
	XDR *xdrs;
{
	xdrs->op = XDR_ENCODE;
	if (mbuf_getpacket(MBUF_WAITOK, &xdrs->top) != 0)
		return FALSE;
	xdrs->cur = xdrs->top;
	return TRUE;
}

void
xdrmbuf_decode(xdrs, m)
	XDR *xdrs;
	mbuf_t m;
{
	xdrs->op = XDR_DECODE;
	xdrs->top = xdrs->cur = m;
	xdrs->off = 0;
}

mbuf_t
xdrmbuf_detach(xdrs)
	XDR *xdrs;
{
	size_t len = 0;
	mbuf_t m;

	for (m = xdrs->top; m != NULL; m = mbuf_next(m))
		len += mbuf_len(m);
	mbuf_pkthdr_setlen(xdrs->top, len);
	return xdrs->top;
}

static boolean_t
xdr_put(XDR *xdrs, const char *bytes, size_t len)
{
	size_t room;
	mbuf_t m;

	for (; len > 0; bytes += room, len -= room) {
		room = MIN(mbuf_trailingspace(xdrs->cur), len);
		if (room == 0) {
			m = NULL;
			if (mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
				return FALSE;
			mbuf_setnext(xdrs->cur, m);
			xdrs->cur = m;
		}
		bcopy(bytes, (char *)mbuf_data(xdrs->cur) + mbuf_len(xdrs->cur), room);
		mbuf_setlen(xdrs->cur, mbuf_len(xdrs->cur) + room);
	}
	return TRUE;
}

static boolean_t
xdr_get(XDR *xdrs, char *bytes, size_t len)
{
	size_t there;

	for (; len > 0; bytes += there, len -= there) {
		if (xdrs->cur == NULL)
			return FALSE;
		there = MIN(mbuf_len(xdrs->cur) - xdrs->off, len);
		bcopy((char *)mbuf_data(xdrs->cur) + xdrs->off, bytes, there);
		xdrs->off += there;
		if (xdrs->off == mbuf_len(xdrs->cur)) {
			xdrs->cur = mbuf_next(xdrs->cur);
			xdrs->off = 0;
		}
	}
	return TRUE;
}

static boolean_t
xdr_raw(XDR *xdrs, void *bytes, size_t len)
{
	return xdrs->op == XDR_ENCODE ? xdr_put(xdrs, bytes, len) : xdr_get(xdrs, bytes, len);
}

boolean_t
xdr_u_int(xdrs, v)
	XDR *xdrs;
	u_int32_t *v;
{
	u_int32_t word = OSSwapHostToBigInt32(*v);

	if (!xdr_raw(xdrs, &word, sizeof(word)))
		return FALSE;
	*v = OSSwapBigToHostInt32(word);
	return TRUE;
}

boolean_t
xdr_hyper(xdrs, v)
	XDR *xdrs;
	int64_t *v;
{
	u_int64_t both = OSSwapHostToBigInt64(*v);

	if (!xdr_raw(xdrs, &both, sizeof(both)))
		return FALSE;
	*v = OSSwapBigToHostInt64(both);
	return TRUE;
}

boolean_t
xdr_bool(xdrs, v)
	XDR *xdrs;
	boolean_t *v;
{
	u_int32_t word = *v != FALSE;

	if (!xdr_u_int(xdrs, &word) || word > 1)
		return FALSE;
	*v = word;
	return TRUE;
}

boolean_t
xdr_opaque(xdrs, bytes, len)
	XDR *xdrs;
	void *bytes;
	u_int32_t len;
{
	char pad[4] = { 0, 0, 0, 0 };

	return xdr_raw(xdrs, bytes, len) && xdr_raw(xdrs, pad, XDR_PAD(len));
}

boolean_t
xdr_bytes(xdrs, bytes, len, max)
	XDR *xdrs;
	void *bytes;
	u_int32_t *len;
	u_int32_t max;
{
	return xdr_u_int(xdrs, len) && *len <= max && xdr_opaque(xdrs, bytes, *len);
}

boolean_t
xdr_string(xdrs, s, size)
	XDR *xdrs;
	char *s;
	u_int32_t size;
{
	u_int32_t len = xdrs->op == XDR_ENCODE ? strlen(s) : 0;

	if (!xdr_bytes(xdrs, s, &len, size - 1))
		return FALSE;
	s[len] = '\0';
	return TRUE;
}

boolean_t
xdr_array(xdrs, items, count, max, size, item)
	XDR *xdrs;
	void *items;
	u_int32_t *count;
	u_int32_t max;
	size_t size;
	xdrproc_t *item;
{
	char *at = items;
	u_int32_t i;

	if (!xdr_u_int(xdrs, count) || *count > max)
		return FALSE;
	for (i = 0; i < *count; i++, at += size)
		if (!item(xdrs, at))
			return FALSE;
	return TRUE;
}
