// SPDX-License-Identifier: GPL-2.0
/*
 * A load generator: sends the pattern of chargen (RFC 864) on several
 * connections at once, as fast as they take it. Each builds the pattern once;
 * what it sends are copies that share its clusters. The write upcall sends when
 * there is room, the read upcall notices that the other side is through.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filio.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <netinet/in.h>
#include <libkern/OSAtomic.h>

#define CHARGEN_CHARS	95		/* printable ones */
#define CHARGEN_LINE	72
#define CHARGEN_CHUNK	(8 * CHARGEN_CHARS * (CHARGEN_LINE + 2))
#define CHARGEN_SNDBUF	(4 * CHARGEN_CHUNK)
#define STREAMS_MAX	64

char	*server = "127.0.0.1";
int	port = 19;
int	streams = 4;
int	chunks = 20;			/* of 56240 bytes, on each stream */

int	done;
int	result;
long	sent;

struct stream {
	socket_t so;
	mbuf_t	pattern;
	int	left;			/* chunks to send; only the write upcall counts */
};

/* not in the public headers */
extern errno_t sock_setupcalls(socket_t so, sock_upcall rcb, void *rctx, sock_upcall wcb,
			       void *wctx);

static struct stream	stream[STREAMS_MAX];
static SInt32		ended;

static errno_t
chargen_pattern(mbuf_t *m)
{
	char line[CHARGEN_LINE + 2];
	size_t off;
	int i, n;
	errno_t error;

	error = mbuf_allocpacket(MBUF_WAITOK, CHARGEN_CHUNK, NULL, m);
	for (n = 0, off = 0; error == 0 && off < CHARGEN_CHUNK; n++, off += sizeof(line)) {
		for (i = 0; i < CHARGEN_LINE; i++)
			line[i] = ' ' + (n + i) % CHARGEN_CHARS;
		line[CHARGEN_LINE] = '\r';
		line[CHARGEN_LINE + 1] = '\n';
		error = mbuf_copyback(*m, off, sizeof(line), line, MBUF_WAITOK);
	}
	return error;
}

static void
stream_end(struct stream *s, errno_t error)
{
	sock_setupcalls(s->so, NULL, NULL, NULL, NULL);
	if (error != 0) {
		printf("chargen: %s:%d: error %d\n", server, port, error);
		result = error;
	}
	if (OSIncrementAtomic(&ended) + 1 == streams)
		done = 1;
}

static errno_t
stream_send(struct stream *s)
{
	size_t len;
	mbuf_t m;
	errno_t error;

	error = mbuf_copym(s->pattern, 0, MBUF_COPYALL, MBUF_WAITOK, &m);
	if (error == 0)
		error = sock_sendmbuf(s->so, NULL, m, MSG_DONTWAIT, &len);
	if (error == 0) {
		OSAddAtomicLong(len, &sent);
		s->left--;
	}
	return error;
}

static void
stream_writable(socket_t so, void *cookie, int waitf)
{
	struct stream *s = cookie;
	errno_t error = 0;

	if (s->left == 0 || !sock_isconnected(so))
		return;
	while (error == 0 && s->left > 0)
		error = stream_send(s);
	if (error == 0)
		sock_shutdown(so, SHUT_WR);
	else if (error != EWOULDBLOCK)
		stream_end(s, error);
}

/* A connection that failed, or the end of what the other side has to say. */
static void
stream_readable(socket_t so, void *cookie, int waitf)
{
	struct stream *s = cookie;
	size_t len = 1;
	mbuf_t m;
	errno_t error;

	error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
	if (error == EWOULDBLOCK)
		return;
	if (error == 0 && m != NULL)
		mbuf_freem(m);
	else
		stream_end(s, error != 0 ? error : s->left > 0 ? EPIPE : 0);
}

static errno_t
stream_open(struct stream *s, struct sockaddr_in *to)
{
	int on = 1, size = CHARGEN_SNDBUF;
	errno_t error;

	s->left = chunks;
	error = chargen_pattern(&s->pattern);
	if (error == 0)
		error = sock_socket(PF_INET, SOCK_STREAM, 0, NULL, NULL, &s->so);
	if (error != 0)
		return error;
	sock_setsockopt(s->so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, &on, sizeof(on));
	error = sock_setsockopt(s->so, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (error == 0)
		error = sock_ioctl(s->so, FIONBIO, &on);
	if (error == 0)
		error = sock_setupcalls(s->so, stream_readable, s, stream_writable, s);
	if (error == 0)
		error = sock_connect(s->so, (struct sockaddr *)to, 0);
	return error == EINPROGRESS ? 0 : error;
}

static void
chargen_close(void)
{
	int i;

	for (i = 0; i < streams; i++) {
		sock_close(stream[i].so);
		mbuf_freem(stream[i].pattern);
	}
}

static boolean_t
bad_parameters(struct sockaddr_in *to)
{
	if (inet_aton(server, &to->sin_addr) == 0)
		printf("chargen: server=%s: not an IPv4 address\n", server);
	else if (port < 1 || port > 65535)
		printf("chargen: port=%d: not a port\n", port);
	else if (streams < 1 || streams > STREAMS_MAX)
		printf("chargen: streams=%d: must be 1 to %d\n", streams, STREAMS_MAX);
	else if (chunks < 1)
		printf("chargen: chunks=%d: must be 1 or more\n", chunks);
	else
		return FALSE;
	return TRUE;
}

kern_return_t
chargen_start(kmod_info_t *ki, void *data)
{
	struct sockaddr_in to = { sizeof(to), AF_INET, htons(port) };
	errno_t error = 0;
	int i;

	if (bad_parameters(&to))
		return KERN_INVALID_ARGUMENT;

	for (i = 0; error == 0 && i < streams; i++)
		error = stream_open(&stream[i], &to);
	if (error != 0) {
		printf("chargen: %s:%d: cannot start: error %d\n", server, port, error);
		chargen_close();
		return KERN_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t
chargen_stop(kmod_info_t *ki, void *data)
{
	chargen_close();
	printf("chargen: %ld bytes sent\n", sent);
	return KERN_SUCCESS;
}
