/* SPDX-License-Identifier: GPL-2.0 */
/*
 * XDR (RFC 4506) on mbuf chains. One routine per type serves both directions,
 * as in the classic library: a structure is described once and then encoded
 * and decoded by the same lines.
 */
#ifndef XDR_H
#define XDR_H

#include <sys/types.h>
#include <sys/kpi_mbuf.h>

enum xdr_op {
	XDR_ENCODE,
	XDR_DECODE
};

typedef struct {
	enum xdr_op	op;
	mbuf_t		top;
	mbuf_t		cur;		/* ENCODE: the last mbuf; DECODE: where we are */
	size_t		off;		/* DECODE: the next byte in cur */
} XDR;

typedef boolean_t xdrproc_t(XDR *, void *);

boolean_t xdrmbuf_encode(XDR *xdrs);		/* into a new chain */
void	  xdrmbuf_decode(XDR *xdrs, mbuf_t m);	/* m stays the caller's */
mbuf_t	  xdrmbuf_detach(XDR *xdrs);		/* what was encoded, a packet */

boolean_t xdr_u_int(XDR *xdrs, u_int32_t *v);
boolean_t xdr_hyper(XDR *xdrs, int64_t *v);
boolean_t xdr_bool(XDR *xdrs, boolean_t *v);
boolean_t xdr_opaque(XDR *xdrs, void *bytes, u_int32_t len);
boolean_t xdr_bytes(XDR *xdrs, void *bytes, u_int32_t *len, u_int32_t max);
boolean_t xdr_string(XDR *xdrs, char *s, u_int32_t size);	/* size counts the NUL */
boolean_t xdr_array(XDR *xdrs, void *items, u_int32_t *count, u_int32_t max, size_t size,
		    xdrproc_t *item);

#endif
