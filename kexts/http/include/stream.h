/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes that come from a socket, taken without copying them first. */
#ifndef STREAM_H
#define STREAM_H

struct stream {
	socket_t	so;
	mbuf_t		m;		/* what is left of the chain received last */
	size_t		off;		/* the first byte of m that is not taken yet */
};

/* The bytes that can be had at once; at least one. EPIPE at the end. */
errno_t	stream_peek(struct stream *s, const char **bytes, size_t *len);
/* Some of them have been used. */
void	stream_take(struct stream *s, size_t len);
/* A line without its CR LF. EMSGSIZE: does not fit. */
errno_t	stream_line(struct stream *s, char *line, size_t size);
void	stream_free(struct stream *s);

#endif
