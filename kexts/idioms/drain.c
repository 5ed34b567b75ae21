// SPDX-License-Identifier: GPL-2.0
/*
 * A client that asks once and then reads in its upcall until nothing is there:
 * the plainest use of the interface. What comes after the headers of an HTTP
 * answer, or all that comes without a path, is counted and checksummed. With
 * scribble=1 the mbufs are written to, as kexts do that decrypt in place.
 */
#include "idiom.h"

char	*to = "127.0.0.1";
char	*path = "";
int	port;
int	scribble;
int	ended, result, upcalls;
long	bytes;
unsigned int crc;

static socket_t	drain_so;
static int	drain_asked;
static int	drain_match;	/* how much of the empty line has been seen */

static errno_t
drain_ask(socket_t so)
{
	char request[256];
	size_t len, sent;
	mbuf_t m = NULL;
	errno_t error;

	if (path[0] == '\0') {
		drain_match = 4;
		return 0;
	}
	len = snprintf(request, sizeof(request), "GET %s HTTP/1.0\r\n\r\n", path);
	error = mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m);
	if (error != 0)
		return error;
	error = mbuf_copyback(m, 0, len, request, MBUF_WAITOK);
	if (error != 0) {
		mbuf_freem(m);
		return error;
	}
	return sock_sendmbuf(so, NULL, m, 0, &sent);
}

/* Passes over the headers; the number of bytes that belong to them. */
static size_t
drain_headers(const char *p, size_t len)
{
	static const char end[] = "\r\n\r\n";
	size_t i;

	for (i = 0; i < len && drain_match < 4; i++)
		drain_match = p[i] == end[drain_match] ? drain_match + 1 : p[i] == '\r';
	return i;
}

static void
drain_take(mbuf_t chain)
{
	mbuf_t m;

	for (m = chain; m != NULL; m = mbuf_next(m)) {
		char *p = mbuf_data(m);
		size_t len = mbuf_len(m), skip = drain_headers(p, len);

		crc = crc32(crc, p + skip, len - skip);
		bytes += len - skip;
		if (scribble)
			memset(p, 0xee, len);
	}
	mbuf_freem(chain);
}

static void
drain_end(errno_t error)
{
	result = error;
	ended = 1;
}

static void
drain_upcall(socket_t so, void *cookie, int waitf)
{
	errno_t error = 0;
	size_t len;
	mbuf_t m;

	upcalls++;
	if (ended)
		return;
	if (!drain_asked && sock_isconnected(so)) {
		drain_asked = 1;
		error = drain_ask(so);
	}
	while (error == 0) {
		len = 256 * 1024;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error == 0 && m == NULL) {
			drain_end(0);
			return;
		}
		if (error == 0)
			drain_take(m);
	}
	if (error != EWOULDBLOCK)
		drain_end(error);
}

kern_return_t
drain_start(struct kmod_info *ki, void *data)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(to, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, SOCK_STREAM, 0, drain_upcall, NULL, &drain_so);
	if (error != 0)
		return error;
	idiom_set(drain_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	error = sock_connect(drain_so, (struct sockaddr *)&ss, MSG_DONTWAIT);
	if (error == 0 || error == EINPROGRESS)
		return KERN_SUCCESS;
	sock_close(drain_so);
	return error;
}

kern_return_t
drain_stop(struct kmod_info *ki, void *data)
{
	sock_close(drain_so);
	return KERN_SUCCESS;
}
