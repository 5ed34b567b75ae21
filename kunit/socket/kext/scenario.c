// SPDX-License-Identifier: GPL-2.0
/* Kext world: sockets, messages and upcalls as the scenarios use them. */

#include "scenario.h"

/* Messages. */

struct st_io st_recv(socket_t so, void *buf, size_t len, int flags)
{
	struct st_io io = { .len = ST_UNTOUCHED };
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	io.error = sock_receive(so, &msg, flags, &io.len);
	return io;
}

struct st_io st_send(socket_t so, const void *buf, size_t len, int flags)
{
	struct st_io io = { .len = ST_UNTOUCHED };
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	io.error = sock_send(so, &msg, flags, &io.len);
	return io;
}

struct st_io st_send_to(socket_t so, u_int16_t port, const void *buf, size_t len)
{
	struct st_io io = { .len = ST_UNTOUCHED };
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct sockaddr_in to;
	struct msghdr msg = {
		.msg_name = st_in(&to, port), .msg_namelen = sizeof(to),
		.msg_iov = &iov, .msg_iovlen = 1,
	};

	io.error = sock_send(so, &msg, 0, &io.len);
	return io;
}

struct st_io st_sendm(socket_t so, mbuf_t m, int flags)
{
	struct st_io io = { .len = ST_UNTOUCHED };

	io.error = sock_sendmbuf(so, NULL, m, flags, &io.len);
	return io;
}

static size_t chain_len(mbuf_t m)
{
	size_t len = 0;

	for (; m; m = mbuf_next(m))
		len += mbuf_len(m);
	return len;
}

struct st_io st_recvm(struct kunit *test, socket_t so, void *buf, size_t len, int flags)
{
	struct st_io io = { .len = len };
	mbuf_t m = (mbuf_t)ST_NO_SOCKET;

	io.error = sock_receivembuf(so, NULL, &m, flags, &io.len);
	if (io.error) {
		EXPECT(test, m == NULL);
		return io;
	}
	if (!m) {
		EXPECT_EQ(test, io.len, 0);
		return io;
	}
	EXPECT(test, io.len <= len);
	EXPECT_EQ(test, chain_len(m), io.len);
	EXPECT(test, mbuf_flags(m) & MBUF_PKTHDR);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), io.len);
	EXPECT_EQ(test, mbuf_copydata(m, 0, io.len, buf), 0);
	mbuf_freem(m);
	return io;
}

void st_send_pattern(struct kunit *test, socket_t so, size_t off, size_t n)
{
	u_int8_t *buf = st_alloc(test, n);
	struct st_io io;

	st_fill(buf, n, off);
	io = st_send(so, buf, n, 0);
	ASSERT_EQ(test, io.error, 0);
	ASSERT_EQ(test, io.len, n);
}

void st_peer_send_pattern(struct kunit *test, struct st_peer *peer, size_t off, size_t n)
{
	u_int8_t *buf = st_alloc(test, n);

	st_fill(buf, n, off);
	ASSERT_EQ(test, st_peer_send(peer, buf, n), n);
}

int st_recv_pattern(struct kunit *test, socket_t so, size_t off, size_t n)
{
	u_int8_t *buf = st_alloc(test, n);
	size_t done = 0;
	int right;

	while (done < n) {
		struct st_io io = st_recv(so, buf + done, n - done, 0);

		if (!EXPECT_EQ(test, io.error, 0) || !EXPECT(test, io.len > 0))
			return 0;
		done += io.len;
	}
	right = EXPECT_PATTERN(test, buf, n, off);
	st_free(buf);
	return right;
}

/* Until the socket would block at so many looks in a row. */
static size_t fill(struct kunit *test, socket_t so, int looks)
{
	u_int8_t *buf = st_alloc(test, 16384);
	size_t sent = 0;
	struct st_io io;
	int quiet = 0;

	while (quiet < looks) {
		st_fill(buf, 16384, sent);
		io = st_send(so, buf, 16384, MSG_DONTWAIT);
		if (io.error != EWOULDBLOCK)
			ASSERT_EQ(test, io.error, 0);
		quiet = io.len ? 0 : quiet + 1;
		sent += io.len;
		if (!io.len)
			st_pause_ms(5);
	}
	st_free(buf);
	return sent;
}

/* What the peer's buffer still takes is acknowledged later, or asked for by a timer. */
size_t st_fill_up(struct kunit *test, socket_t so)
{
	return fill(test, so, 60);
}

size_t st_fill_nearly(struct kunit *test, socket_t so)
{
	return fill(test, so, 2);
}

mbuf_t st_mbuf(struct kunit *test, size_t len, size_t off)
{
	u_int8_t *buf = st_alloc(test, len);
	mbuf_t m = NULL;

	st_fill(buf, len, off);
	ASSERT_EQ(test, mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m), 0);
	ASSERT_EQ(test, mbuf_copyback(m, 0, len, buf, MBUF_WAITOK), 0);
	ASSERT_EQ(test, mbuf_pkthdr_len(m), len);
	return m;
}

static void count_free(caddr_t buf, u_int size, caddr_t arg)
{
	__atomic_fetch_add((int *)arg, 1, __ATOMIC_SEQ_CST);
}

mbuf_t st_mbuf_attached(struct kunit *test, size_t len, size_t off, int *freed)
{
	caddr_t buf = st_alloc(test, len);
	mbuf_t m = NULL;

	st_fill(buf, len, off);
	ASSERT_EQ(test, mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, &m, buf, count_free,
					   len, (caddr_t)freed), 0);
	mbuf_setlen(m, len);
	mbuf_pkthdr_setlen(m, len);
	return m;
}

/* Addresses. */

struct sockaddr *st_in_at(struct sockaddr_in *sin, u_int32_t host, u_int16_t port)
{
	bzero(sin, sizeof(*sin));
	sin->sin_len = sizeof(*sin);
	sin->sin_family = AF_INET;
	sin->sin_port = htons(port);
	sin->sin_addr.s_addr = htonl(host);
	return (struct sockaddr *)sin;
}

struct sockaddr *st_in(struct sockaddr_in *sin, u_int16_t port)
{
	return st_in_at(sin, INADDR_LOOPBACK, port);
}

struct sockaddr *st_in6(struct sockaddr_in6 *sin6, u_int16_t port)
{
	bzero(sin6, sizeof(*sin6));
	sin6->sin6_len = sizeof(*sin6);
	sin6->sin6_family = AF_INET6;
	sin6->sin6_port = htons(port);
	sin6->sin6_addr = in6addr_loopback;
	return (struct sockaddr *)sin6;
}

struct sockaddr *st_un(struct sockaddr_un *sun, const char *path)
{
	bzero(sun, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	strlcpy(sun->sun_path, path, sizeof(sun->sun_path));
	sun->sun_len = SUN_LEN(sun);
	return (struct sockaddr *)sun;
}

/* The port is at the same place in both families. */
u_int16_t st_port(struct kunit *test, socket_t so)
{
	struct sockaddr_in6 name;

	bzero(&name, sizeof(name));
	ASSERT_EQ(test, sock_getsockname(so, (struct sockaddr *)&name, sizeof(name)), 0);
	return ntohs(name.sin6_port);
}

u_int16_t st_closed_port(struct kunit *test, int type)
{
	struct st_peer *peer = st_peer(test, AF_INET, type);
	u_int16_t port;

	ASSERT_EQ(test, st_peer_bind(peer, 0), 0);
	port = st_peer_port(peer);
	st_peer_close(peer);
	return port;
}

/* Sockets. */

static void close_socket(void *so)
{
	sock_setupcalls(so, NULL, NULL, NULL, NULL);
	sock_close(so);
}

socket_t st_track(struct kunit *test, socket_t so)
{
	st_defer(test, ST_CLOSE_SOCKETS, close_socket, so);
	return so;
}

void st_untrack(struct kunit *test, socket_t so)
{
	ASSERT(test, st_undefer(test, close_socket, so));
}

void st_close(struct kunit *test, socket_t so)
{
	st_untrack(test, so);
	sock_close(so);
}

socket_t st_socket_upcall(struct kunit *test, int domain, int type,
			  sock_upcall upcall, void *cookie)
{
	socket_t so = NULL;

	ASSERT_EQ(test, sock_socket(domain, type, 0, upcall, cookie, &so), 0);
	ASSERT(test, so != NULL);
	return st_track(test, so);
}

socket_t st_socket(struct kunit *test, int domain, int type)
{
	return st_socket_upcall(test, domain, type, NULL, NULL);
}

socket_t st_stream(struct kunit *test)
{
	return st_socket(test, AF_INET, SOCK_STREAM);
}

socket_t st_dgram(struct kunit *test)
{
	return st_socket(test, AF_INET, SOCK_DGRAM);
}

socket_t st_listener_upcall(struct kunit *test, u_int16_t *port,
			    sock_upcall upcall, void *cookie)
{
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, upcall, cookie);
	struct sockaddr_in sin;

	ASSERT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
	ASSERT_EQ(test, sock_listen(so, 128), 0);
	*port = st_port(test, so);
	return so;
}

socket_t st_listener(struct kunit *test, u_int16_t *port)
{
	return st_listener_upcall(test, port, NULL, NULL);
}

struct st_peer *st_client(struct kunit *test, u_int16_t port)
{
	struct st_peer *peer = st_peer(test, AF_INET, SOCK_STREAM);

	ASSERT_EQ(test, st_peer_connect(peer, port), 0);
	return peer;
}

socket_t st_connecting(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct sockaddr_in to;

	st_blackhole(test, 1);
	ASSERT_EQ(test, sock_connect(so, st_in_at(&to, ST_BLACKHOLE, 9), MSG_DONTWAIT),
		  EINPROGRESS);
	return so;
}

static void tcp_connected(struct kunit *test, struct st_tcp *t, int family,
			  sock_upcall upcall, void *cookie)
{
	struct st_peer *listener = st_peer(test, family, SOCK_STREAM);
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;

	ASSERT_EQ(test, st_peer_bind(listener, 0), 0);
	ASSERT_EQ(test, st_peer_listen(listener, 1), 0);
	t->so = st_socket(test, family, SOCK_STREAM);
	ASSERT_EQ(test, sock_connect(t->so, family == AF_INET ?
				     st_in(&sin, st_peer_port(listener)) :
				     st_in6(&sin6, st_peer_port(listener)), 0), 0);
	t->peer = st_peer_accept(listener);
	st_peer_close(listener);
	if (upcall)
		ASSERT_EQ(test, sock_setupcall(t->so, upcall, cookie), 0);
}

static void tcp_accepted(struct kunit *test, struct st_tcp *t,
			 sock_upcall upcall, void *cookie)
{
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	t->peer = st_client(test, port);
	t->so = NULL;
	ASSERT_EQ(test, sock_accept(listener, NULL, 0, 0, upcall, cookie, &t->so), 0);
	st_track(test, t->so);
	st_close(test, listener);
}

void st_tcp_upcall(struct kunit *test, struct st_tcp *t, sock_upcall upcall, void *cookie)
{
	switch (st_shape(test)) {
	case ST_ACCEPTED:
		tcp_accepted(test, t, upcall, cookie);
		break;
	case ST_INET6:
		tcp_connected(test, t, AF_INET6, upcall, cookie);
		break;
	default:
		tcp_connected(test, t, AF_INET, upcall, cookie);
	}
}

void st_tcp(struct kunit *test, struct st_tcp *t)
{
	st_tcp_upcall(test, t, NULL, NULL);
}

/* Small segments: a window that has no room for a whole one stays open for long. */
void st_tcp_limited(struct kunit *test, struct st_tcp *t)
{
	st_loopback_mtu(test, 1500);
	st_tcp(test, t);
	ASSERT_EQ(test, st_set(t->so, SOL_SOCKET, SO_SNDBUF, ST_SEND_LIMIT), 0);
	ASSERT_EQ(test, st_set(t->so, IPPROTO_TCP, TCP_NODELAY, 1), 0);
}

void st_udp_upcall(struct kunit *test, struct st_udp *u, sock_upcall upcall, void *cookie)
{
	struct sockaddr_in sin;

	u->so = st_socket_upcall(test, AF_INET, SOCK_DGRAM, upcall, cookie);
	ASSERT_EQ(test, sock_bind(u->so, st_in(&sin, 0)), 0);
	u->port = st_port(test, u->so);
	u->peer = st_peer(test, AF_INET, SOCK_DGRAM);
	ASSERT_EQ(test, st_peer_bind(u->peer, 0), 0);
	u->peer_port = st_peer_port(u->peer);
}

void st_udp(struct kunit *test, struct st_udp *u)
{
	st_udp_upcall(test, u, NULL, NULL);
}

void st_udp_connect(struct kunit *test, struct st_udp *u)
{
	struct sockaddr_in sin;

	ASSERT_EQ(test, sock_connect(u->so, st_in(&sin, u->peer_port), 0), 0);
}

/* Options. */

errno_t st_set(socket_t so, int level, int name, int value)
{
	return sock_setsockopt(so, level, name, &value, sizeof(value));
}

int st_get(struct kunit *test, socket_t so, int level, int name)
{
	int value = -1, len = sizeof(value);

	EXPECT_EQ(test, sock_getsockopt(so, level, name, &value, &len), 0);
	EXPECT_EQ(test, len, sizeof(value));
	return value;
}

errno_t st_set_time(socket_t so, int name, long sec, int usec)
{
	struct timeval tv;

	memset(&tv, 0xff, sizeof(tv));
	tv.tv_sec = sec;
	tv.tv_usec = usec;
	return sock_setsockopt(so, SOL_SOCKET, name, &tv, sizeof(tv));
}

errno_t st_nonblocking(socket_t so, int on)
{
	return sock_ioctl(so, FIONBIO, &on);
}

int st_readable(struct kunit *test, socket_t so)
{
	int n = -1;

	EXPECT_EQ(test, sock_ioctl(so, FIONREAD, &n), 0);
	return n;
}

int st_at_mark(struct kunit *test, socket_t so)
{
	int at = -1;

	EXPECT_EQ(test, sock_ioctl(so, SIOCATMARK, &at), 0);
	return at;
}

/* The peer has sent n bytes of the pattern, and they are here. */
void st_arrived(struct kunit *test, struct st_tcp *t, size_t off, size_t n)
{
	size_t before = st_readable(test, t->so);

	st_peer_send_pattern(test, t->peer, off, n);
	SETTLES(test, st_readable(test, t->so) == (int)(before + n));
}

void st_tcp_with(struct kunit *test, struct st_tcp *t, size_t n)
{
	st_tcp(test, t);
	st_arrived(test, t, 0, n);
}

void st_tcp_reset(struct kunit *test, struct st_tcp *t)
{
	st_peer_reset(t->peer);
	SETTLES(test, !sock_isconnected(t->so));
}

/* Datagrams with all that belongs to them. */

struct st_message *st_message(struct kunit *test, size_t room)
{
	struct st_message *m = st_alloc(test, sizeof(*m));

	memset(&m->name, 0xee, sizeof(m->name));
	m->iov.iov_base = m->buf;
	m->iov.iov_len = room;
	m->msg.msg_iov = &m->iov;
	m->msg.msg_iovlen = 1;
	m->msg.msg_name = &m->name;
	m->msg.msg_namelen = sizeof(m->name);
	return m;
}

errno_t st_receive(socket_t so, struct st_message *m, int flags)
{
	return sock_receive(so, &m->msg, flags, &m->len);
}

void st_from_peer(struct kunit *test, struct st_udp *u, size_t off, size_t n)
{
	u_int8_t *buf = st_alloc(test, n);
	int before = st_get(test, u->so, SOL_SOCKET, SO_NUMRCVPKT);

	st_fill(buf, n, off);
	ASSERT_EQ(test, st_peer_send_to(u->peer, u->port, buf, n), n);
	SETTLES(test, st_get(test, u->so, SOL_SOCKET, SO_NUMRCVPKT) == before + 1);
}
