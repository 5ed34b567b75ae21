// SPDX-License-Identifier: GPL-2.0
#include "stream.h"

#define STREAM_CHUNK	(256 * 1024)

static errno_t
stream_fill(struct stream *s)
{
	size_t len = STREAM_CHUNK;
	errno_t error;

	error = sock_receivembuf(s->so, NULL, &s->m, 0, &len);
	s->off = 0;
	if (error == 0 && s->m == NULL)
		error = EPIPE;
	return error;
}

errno_t
stream_peek(struct stream *s, const char **bytes, size_t *len)
{
	errno_t error;

	while (s->m == NULL || s->off == mbuf_len(s->m)) {
		s->off = 0;
		if (s->m != NULL)
			s->m = mbuf_free(s->m);
		if (s->m == NULL && (error = stream_fill(s)) != 0)
			return error;
	}
	*bytes = (const char *)mbuf_data(s->m) + s->off;
	*len = mbuf_len(s->m) - s->off;
	return 0;
}

void
stream_take(struct stream *s, size_t len)
{
	s->off += len;
}

errno_t
stream_line(struct stream *s, char *line, size_t size)
{
	const char *c;
	size_t len, used = 0;
	errno_t error;

	while ((error = stream_peek(s, &c, &len)) == 0) {
		stream_take(s, 1);
		if (*c == '\n') {
			line[used] = '\0';
			return 0;
		}
		if (*c == '\r')
			continue;
		if (used == size - 1)
			return EMSGSIZE;
		line[used++] = *c;
	}
	return error;
}

void
stream_free(struct stream *s)
{
	mbuf_freem(s->m);
	s->m = NULL;
}
