/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building and taking apart messages in mbuf chains, the way file system
 * clients do: numbers of either byte order, bytes, whole chains, and room that
 * is reserved now and filled in when its contents are known.
 */
#ifndef MARSHAL_H
#define MARSHAL_H

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/kpi_mbuf.h>

struct put {
	mbuf_t	top;		/* a packet */
	mbuf_t	cur;		/* its last mbuf */
	size_t	len;		/* of all of it */
};

errno_t	put_init(struct put *p);
errno_t	put_bytes(struct put *p, const void *bytes, size_t len);
errno_t	put_zeros(struct put *p, size_t len);
errno_t	put_uint8(struct put *p, u_int8_t v);
errno_t	put_uint16le(struct put *p, u_int16_t v);
errno_t	put_uint32le(struct put *p, u_int32_t v);
errno_t	put_uint32be(struct put *p, u_int32_t v);
errno_t	put_uint64le(struct put *p, u_int64_t v);
errno_t	put_chain(struct put *p, mbuf_t m);		/* m is used up, in any case */
void	*put_reserve(struct put *p, size_t len);	/* in one piece; at most 128 bytes */
errno_t	put_frame(struct put *p);	/* the length in front, in 4 bytes, as NetBIOS has it */
mbuf_t	put_detach(struct put *p);	/* the finished packet */
void	put_free(struct put *p);

struct get {
	mbuf_t	cur;
	size_t	off;		/* the next byte in cur */
};

void	get_init(struct get *g, mbuf_t m);
errno_t	get_bytes(struct get *g, void *bytes, size_t len);	/* bytes may be NULL */
errno_t	get_uint8(struct get *g, u_int8_t *v);
errno_t	get_uint16le(struct get *g, u_int16_t *v);
errno_t	get_uint32le(struct get *g, u_int32_t *v);
errno_t	get_uint32be(struct get *g, u_int32_t *v);
errno_t	get_uint64le(struct get *g, u_int64_t *v);
errno_t	get_chain(struct get *g, size_t len, mbuf_t *m);	/* without copying clusters */

#endif
