// SPDX-License-Identifier: GPL-2.0
/*
 * A small server: the listener's upcall accepts all there is, a connection's
 * upcalls do what the server is for. mode "echo" sends back what comes, "sink"
 * counts and checksums it, "http" answers GET /N with N bytes of a pattern and
 * takes what is PUT. The write upcall goes on where the buffer was full.
 */
#include "idiom.h"
#include <sys/malloc.h>

#define SV_PIECE	65536

char	*mode = "echo";
char	*on = "0.0.0.0";	/* or an IPv6 address, or a path */
int	port;
int	udp;
int	accepted, alive, failed;
long	in_bytes, out_bytes;
unsigned int in_crc;

static lck_grp_t	*sv_grp;
static lck_mtx_t	*sv_mtx;
static socket_t		sv_so;
static boolean_t	sv_stopping;
static u_int8_t		*sv_pattern;

struct sv_conn {
	socket_t so;
	char head[512];		/* of a request, until its empty line */
	size_t head_len;
	long get_left;		/* to be sent */
	long put_left;		/* to be received; 0: headers next */
	long sent;
	boolean_t answered, closing;
};

/* All bytes of a request line's number. */
static long
sv_number(const char *p)
{
	long n = 0;

	while (*p >= '0' && *p <= '9')
		n = n * 10 + *p++ - '0';
	return n;
}

static errno_t
sv_send(struct sv_conn *c, const void *buf, size_t size, size_t *len)
{
	struct iovec iov = { (void *)buf, size };
	struct msghdr msg;

	bzero(&msg, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	return sock_send(c->so, &msg, MSG_DONTWAIT, len);
}

/* The pattern repeats every SV_PIECE bytes and is easy to make elsewhere. */
static void
sv_feed(struct sv_conn *c)
{
	while (c->get_left > 0) {
		size_t at = c->sent % SV_PIECE, len = 0;
		size_t want = MIN((size_t)c->get_left, SV_PIECE - at);

		if (sv_send(c, sv_pattern + at, want, &len) != 0)
			return;
		c->sent += len;
		c->get_left -= len;
		OSAddAtomic64(len, (SInt64 *)&out_bytes);
	}
	if (c->answered && !c->closing) {
		c->closing = TRUE;
		sock_shutdown(c->so, SHUT_WR);
	}
}

static void
sv_answer(struct sv_conn *c)
{
	static const char ok[] = "HTTP/1.0 200 OK\r\n\r\n";
	size_t len;

	c->answered = TRUE;
	if (sv_send(c, ok, sizeof(ok) - 1, &len) != 0 || len != sizeof(ok) - 1)
		OSIncrementAtomic(&failed);
	sv_feed(c);
}

static void
sv_request(struct sv_conn *c)
{
	const char *length = strnstr(c->head, "Content-Length: ", c->head_len);

	if (strncmp(c->head, "PUT ", 4) == 0 && length != NULL) {
		c->put_left = sv_number(length + 16);
		return;
	}
	c->get_left = sv_number(c->head + 5);
	sv_answer(c);
}

/* Takes header bytes; the number taken. */
static size_t
sv_head(struct sv_conn *c, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (c->head_len >= sizeof(c->head) - 1)
			return len;
		c->head[c->head_len++] = p[i];
		if (c->head_len >= 4 && bcmp(c->head + c->head_len - 4, "\r\n\r\n", 4) == 0) {
			sv_request(c);
			return i + 1;
		}
	}
	return len;
}

static void
sv_http(struct sv_conn *c, mbuf_t chain)
{
	mbuf_t m;

	for (m = chain; m != NULL; m = mbuf_next(m)) {
		const char *p = mbuf_data(m);
		size_t len = mbuf_len(m), used = 0;

		if (c->put_left == 0 && !c->answered)
			used = sv_head(c, p, len);
		if (c->put_left > 0 && used < len) {
			size_t n = MIN((size_t)c->put_left, len - used);

			in_crc = crc32(in_crc, p + used, n);
			in_bytes += n;
			c->put_left -= n;
			if (c->put_left == 0)
				sv_answer(c);
		}
	}
	mbuf_freem(chain);
}

static void
sv_echo(struct sv_conn *c, mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m), sent = 0;

	OSAddAtomic64(len, (SInt64 *)&in_bytes);
	if (sock_sendmbuf(c->so, NULL, m, 0, &sent) != 0 || sent != len)
		OSIncrementAtomic(&failed);
	OSAddAtomic64(sent, (SInt64 *)&out_bytes);
}

static void
sv_take(struct sv_conn *c, mbuf_t m)
{
	switch (mode[0]) {
	case 'e':
		sv_echo(c, m);
		break;
	case 'h':
		sv_http(c, m);
		break;
	default:
		in_crc = idiom_crc(in_crc, m);
		OSAddAtomic64(mbuf_pkthdr_len(m), (SInt64 *)&in_bytes);
		mbuf_freem(m);
	}
}

static void
sv_end(struct sv_conn *c)
{
	sock_close(c->so);
	FREE(c, M_TEMP);
	lck_mtx_lock(sv_mtx);
	alive--;
	wakeup(&alive);
	lck_mtx_unlock(sv_mtx);
}

static void
sv_readable(socket_t so, void *cookie, int waitf)
{
	struct sv_conn *c = cookie;
	errno_t error;
	size_t len;
	mbuf_t m;

	for (;;) {
		len = SV_PIECE;
		m = NULL;
		error = sock_receivembuf(so, NULL, &m, MSG_DONTWAIT, &len);
		if (error == EWOULDBLOCK && !sv_stopping)
			return;
		if (error != 0 || m == NULL)
			break;
		sv_take(c, m);
	}
	if (error != 0 && !sv_stopping)
		OSIncrementAtomic(&failed);
	sv_end(c);
}

static void
sv_writable(socket_t so, void *cookie, int waitf)
{
	struct sv_conn *c = cookie;

	if (c->get_left > 0)
		sv_feed(c);
}

static void
sv_accept(socket_t so, void *cookie, int waitf)
{
	struct sv_conn *c;
	socket_t new_so;

	while (sock_accept(so, NULL, 0, MSG_DONTWAIT, NULL, NULL, &new_so) == 0) {
		MALLOC(c, struct sv_conn *, sizeof(*c), M_TEMP, M_WAITOK | M_ZERO);
		c->so = new_so;
		lck_mtx_lock(sv_mtx);
		accepted++;
		alive++;
		lck_mtx_unlock(sv_mtx);
		sock_setupcalls(new_so, sv_readable, c, sv_writable, c);
	}
}

/* Datagrams go back to where they came from. */
static void
sv_datagram(socket_t so, void *cookie, int waitf)
{
	struct sockaddr_storage from;
	struct msghdr msg;
	size_t len, sent;
	mbuf_t m;

	for (;;) {
		bzero(&msg, sizeof(msg));
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		len = SV_PIECE;
		if (sock_receivembuf(so, &msg, &m, MSG_DONTWAIT, &len) != 0 || m == NULL)
			return;
		in_bytes += len;
		if (sock_sendmbuf(so, &msg, m, 0, &sent) != 0)
			failed++;
		else
			out_bytes += sent;
	}
}

static errno_t
sv_open(void)
{
	struct sockaddr_storage ss;
	errno_t error;

	error = idiom_address(on, port, &ss);
	if (error == 0)
		error = sock_socket(ss.ss_family, udp ? SOCK_DGRAM : SOCK_STREAM, 0,
				    udp ? sv_datagram : sv_accept, NULL, &sv_so);
	if (error != 0)
		return error;
	idiom_set(sv_so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1);
	if (ss.ss_family != AF_LOCAL)
		idiom_set(sv_so, SOL_SOCKET, SO_REUSEADDR, 1);
	error = sock_bind(sv_so, (struct sockaddr *)&ss);
	if (error == 0 && !udp)
		error = sock_listen(sv_so, 128);
	if (error != 0)
		sock_close(sv_so);
	return error;
}

static void
sv_free(void)
{
	_FREE(sv_pattern, M_TEMP);
	lck_mtx_free(sv_mtx, sv_grp);
	lck_grp_free(sv_grp);
}

kern_return_t
serve_start(struct kmod_info *ki, void *data)
{
	errno_t error;
	int i;

	sv_grp = lck_grp_alloc_init("serve", LCK_GRP_ATTR_NULL);
	sv_mtx = lck_mtx_alloc_init(sv_grp, LCK_ATTR_NULL);
	sv_pattern = _MALLOC(SV_PIECE, M_TEMP, M_WAITOK);
	for (i = 0; i < SV_PIECE; i++)
		sv_pattern[i] = (u_int8_t)((i * 7 + (i >> 8)) & 0xff);
	error = sv_open();
	if (error != 0)
		sv_free();
	return error;
}

/* Refuses as long as clients are there: their upcalls end the connections. */
kern_return_t
serve_stop(struct kmod_info *ki, void *data)
{
	struct timespec ts = { 5, 0 };
	int left;

	lck_mtx_lock(sv_mtx);
	while (alive > 0)
		if (msleep(&alive, sv_mtx, PSOCK, "svstop", &ts) == EWOULDBLOCK)
			break;
	left = alive;
	lck_mtx_unlock(sv_mtx);
	if (left > 0)
		return KERN_FAILURE;
	sock_close(sv_so);
	sv_free();
	return KERN_SUCCESS;
}
