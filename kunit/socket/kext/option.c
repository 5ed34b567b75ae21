// SPDX-License-Identifier: GPL-2.0
/* Scenarios: options. */

#include <netinet/udp.h>

#include "scenario.h"

static errno_t get(socket_t so, int level, int name, void *value, int *len)
{
	return sock_getsockopt(so, level, name, value, len);
}

void OPT1_buffer_sizes(struct kunit *test)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_SNDBUF), 100000);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVBUF, 100000), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_RCVBUF), 100000);
}

static void buffer_limits(struct kunit *test, int option)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, st_set(so, SOL_SOCKET, option, 0), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, option, -1), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, option, 1), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, option), 1);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, option, 100 << 20), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, option), 8 << 20);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, option, 100 << 20), ENOBUFS);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, option), 8 << 20);
}

void OPT2_buffer_limits(struct kunit *test)
{
	buffer_limits(test, SO_SNDBUF);
	buffer_limits(test, SO_RCVBUF);
}

struct big_send {
	struct kunit *test;
	struct st_tcp t;
	struct st_io io;
	mbuf_t m;
};

static void send_big(void *arg)
{
	struct big_send *b = arg;

	EXPECT_EQ(b->test, st_set(b->t.so, SOL_SOCKET, SO_SNDBUF, 4 << 20), 0);
	EXPECT_EQ(b->test, st_get(b->test, b->t.so, SOL_SOCKET, SO_SNDBUF), 4 << 20);
	b->io = st_sendm(b->t.so, b->m, 0);
}

static void send_big_as_user(void *arg)
{
	st_as_user(send_big, arg);
}

void OPT3_beyond_the_hosts_limit(struct kunit *test)
{
	struct big_send *b = st_alloc(test, sizeof(*b));
	struct st_thread *thread;

	b->test = test;
	b->m = st_mbuf(test, 3 << 20, 0);
	st_tcp(test, &b->t);
	thread = st_thread(test, send_big_as_user, b);
	EXPECT_EQ(test, st_peer_read(b->t.peer, 0, 3 << 20), 3 << 20);
	ASSERT(test, st_join(thread));
	EXPECT_IO(test, b->io, 0, 3 << 20);
}

/* Nobody reads: all of an admitted message goes in all the same. */
void admitted_message_goes_in(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;

	st_tcp(test, &t);
	ASSERT_EQ(test, st_set(t.so, SOL_SOCKET, SO_SNDBUF, 1 << 20), 0);
	sender = st_block_in_sendmbuf(test, t.so, st_mbuf(test, 1 << 20, 0));
	EXPECT_IO(test, st_result(test, sender), 0, 1 << 20);
	EXPECT_EQ(test, st_get(test, t.so, SOL_SOCKET, SO_SNDBUF), 1 << 20);
	EXPECT(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE) > 0);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 1 << 20), 1 << 20);
	SETTLES(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE) == 0);
}

void OPT4_timeout_exact(struct kunit *test)
{
	static const struct timeval values[] = {
		{ 5, 0 }, { 0, 1 }, { 0, 999999 }, { 1234567, 654321 }, { 0, 0 },
	};
	static const int options[] = { SO_RCVTIMEO, SO_SNDTIMEO };
	socket_t so = st_stream(test);
	unsigned int i, j;

	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		for (j = 0; j < 2; j++) {
			struct timeval tv;
			int len = sizeof(tv);

			memset(&tv, 0xff, sizeof(tv));
			EXPECT_EQ(test, st_set_time(so, options[j], values[i].tv_sec,
						    values[i].tv_usec), 0);
			EXPECT_EQ(test, get(so, SOL_SOCKET, options[j], &tv, &len), 0);
			EXPECT_EQ(test, len, 16);
			EXPECT_EQ(test, tv.tv_sec, values[i].tv_sec);
			EXPECT_EQ(test, tv.tv_usec, values[i].tv_usec);
		}
	}
}

void OPT5_timeout_range(struct kunit *test)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, st_set_time(so, SO_SNDTIMEO, -1, 0), EDOM);
	EXPECT_EQ(test, st_set_time(so, SO_SNDTIMEO, 0, 1000000), EDOM);
	EXPECT_EQ(test, st_set_time(so, SO_SNDTIMEO, 0, -1), EDOM);
	EXPECT_EQ(test, st_set_time(so, SO_RCVTIMEO, -1, 0), EDOM);
	EXPECT_EQ(test, st_set_time(so, SO_RCVTIMEO, 0, 1000000), EDOM);
	/* a very long one is one without end */
	EXPECT_EQ(test, st_set_time(so, SO_RCVTIMEO, 0x7fffffffffffffffL, 999999), 0);
}

void OPT6_short_values(struct kunit *test)
{
	struct timeval tv = { 1, 0 };
	struct linger linger = { };
	socket_t so = st_stream(test);
	int one = 1;

	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_KEEPALIVE, &one, 2), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_SNDBUF, &one, 3), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_KEEPALIVE, &one, 0), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_KEEPALIVE, &one, -4), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_KEEPALIVE, NULL, 4), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_TCP, TCP_NODELAY, &one, 2), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &tv, 12), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_LINGER, &linger, 4), EINVAL);
}

/* Too long is no error, and the excess is not looked at. */
void long_values(struct kunit *test)
{
	int value[4] = { 1, -1, -1, -1 };
	socket_t so = st_stream(test);

	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_KEEPALIVE, value, sizeof(value)), 0);
	EXPECT(test, st_get(test, so, SOL_SOCKET, SO_KEEPALIVE) != 0);
	value[0] = 45678;
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_RCVBUF, value, sizeof(value)), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_RCVBUF), 45678);
}

void OPT7_garbage_capacity(struct kunit *test)
{
	static const int lengths[] = { -1, 0x7fffffff, -0x7fffffff - 1, 5 };
	static const int options[] = { SO_RCVBUF, SO_TYPE, SO_ERROR, SO_KEEPALIVE };
	socket_t so = st_stream(test);
	unsigned int i, j;

	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		for (j = 0; j < sizeof(options) / sizeof(*options); j++) {
			int value[2] = { 0, 0x5a5a5a5a }, len = lengths[i];

			EXPECT_EQ(test, get(so, SOL_SOCKET, options[j], value, &len), 0);
			EXPECT_EQ(test, len, 4);
			EXPECT_EQ(test, value[1], 0x5a5a5a5a);
		}
	}
}

void OPT8_no_capacity(struct kunit *test)
{
	int value = 0x5a5a5a5a, len = 0;
	socket_t so = st_stream(test);

	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_RCVBUF, &value, &len), 0);
	EXPECT_EQ(test, len, 0);
	EXPECT_EQ(test, value, 0x5a5a5a5a);
	len = 2;
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_TYPE, &value, &len), 0);
	EXPECT_EQ(test, len, 2);
	EXPECT_EQ(test, value, 0x5a5a0001);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_TYPE, NULL, &len), EINVAL);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_TYPE, &value, NULL), EINVAL);
}

void OPT9_after_reset(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_KEEPALIVE, 1), EINVAL);
	EXPECT_EQ(test, st_set(t.so, IPPROTO_TCP, TCP_NODELAY, 1), EINVAL);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, 9999, 1), EINVAL);
	EXPECT_EQ(test, st_get(test, t.so, SOL_SOCKET, SO_ERROR), ECONNRESET);
	EXPECT_EQ(test, st_get(test, t.so, SOL_SOCKET, SO_ERROR), 0);
}

/* One side shut leaves options settable; both do not, unless that was asked for. */
void settable_after_shutdown(struct kunit *test)
{
	struct so_np_extensions keep = { .npx_flags = 1, .npx_mask = 1 };
	struct so_np_extensions other = { .npx_flags = 2, .npx_mask = 2 }, got = { };
	int len = sizeof(got);
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_WR), 0);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT_EQ(test, sock_setsockopt(t.so, SOL_SOCKET, SO_NP_EXTENSIONS,
					&other, sizeof(other)), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(t.so, SOL_SOCKET, SO_NP_EXTENSIONS,
					&keep, sizeof(keep)), 0);
	EXPECT_EQ(test, get(t.so, SOL_SOCKET, SO_NP_EXTENSIONS, &got, &len), 0);
	EXPECT_EQ(test, got.npx_flags, 1);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RD), 0);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_KEEPALIVE, 0), 0);

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_shutdown(t.so, SHUT_RDWR), 0);
	EXPECT_EQ(test, st_set(t.so, SOL_SOCKET, SO_KEEPALIVE, 0), EINVAL);
}

void OPT10_low_ports(struct kunit *test)
{
	socket_t first = st_stream(test), second = st_stream(test);
	struct sockaddr_in sin;

	EXPECT_EQ(test, st_set(first, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	EXPECT_EQ(test, st_set(second, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	EXPECT_EQ(test, st_get(test, first, IPPROTO_IP, IP_PORTRANGE), IP_PORTRANGE_LOW);
	EXPECT_EQ(test, sock_bind(first, st_in(&sin, 0)), 0);
	EXPECT_EQ(test, sock_bind(second, st_in(&sin, 0)), 0);
	EXPECT_EQ(test, st_port(test, first), 1023);
	EXPECT_EQ(test, st_port(test, second), 1022);
}

static void low_port_as_user(void *arg)
{
	struct kunit *test = arg;
	socket_t so = st_stream(test);
	struct sockaddr_in sin;
	errno_t error;

	EXPECT_EQ(test, st_set(so, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	error = sock_bind(so, st_in(&sin, 0));
	EXPECT(test, error == EACCES || error == EPERM);
}

void low_ports_without_privilege(struct kunit *test)
{
	st_as_user(low_port_as_user, test);
}

/* A low port also for who never binds. */
void low_port_by_connecting(struct kunit *test)
{
	struct sockaddr_in to;
	socket_t so = st_stream(test);
	u_int16_t port, low;

	st_listener(test, &port);
	EXPECT_EQ(test, st_set(so, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW), 0);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), 0);
	low = st_port(test, so);
	EXPECT(test, low >= 600 && low <= 1023);
}

void OPT11_port_range_values(struct kunit *test)
{
	socket_t so = st_stream(test), so6 = st_socket(test, AF_INET6, SOCK_STREAM);
	struct sockaddr_in sin;

	EXPECT_EQ(test, st_set(so, IPPROTO_IP, IP_PORTRANGE, 7), EINVAL);
	EXPECT_EQ(test, st_set(so, IPPROTO_IP, IP_PORTRANGE, -1), EINVAL);
	EXPECT_EQ(test, st_set(so6, IPPROTO_IPV6, IPV6_PORTRANGE, 7), EINVAL);
	EXPECT_EQ(test, st_set(so6, IPPROTO_IPV6, IPV6_PORTRANGE, IPV6_PORTRANGE_LOW), 0);
	EXPECT_EQ(test, st_set(so, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_HIGH), 0);
	EXPECT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
	EXPECT(test, st_port(test, so) >= 1024);
}

static u_int16_t listen_v6only(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM);
	struct sockaddr_in6 sin6;

	EXPECT_EQ(test, st_set(so, IPPROTO_IPV6, IPV6_V6ONLY, 1), 0);
	EXPECT(test, st_get(test, so, IPPROTO_IPV6, IPV6_V6ONLY) != 0);
	st_in6(&sin6, 0);
	sin6.sin6_addr = in6addr_any;
	EXPECT_EQ(test, sock_bind(so, (struct sockaddr *)&sin6), 0);
	EXPECT_EQ(test, sock_listen(so, 1), 0);
	return st_port(test, so);
}

/* IPv4 may have used the port a moment ago; then another one will do. */
void OPT12_v6only(struct kunit *test)
{
	struct sockaddr_in sin;
	errno_t error = EADDRINUSE;
	socket_t so = NULL;
	int i;

	for (i = 0; i < 20 && error == EADDRINUSE; i++) {
		so = st_stream(test);
		error = sock_bind(so, st_in_at(&sin, INADDR_ANY, listen_v6only(test)));
	}
	EXPECT_EQ(test, error, 0);
	EXPECT_EQ(test, sock_listen(so, 1), 0);
}

void OPT14_unknown(struct kunit *test)
{
	socket_t so = st_stream(test);
	int value = 0, len = sizeof(value);

	EXPECT_EQ(test, sock_ioctl(so, 0x1234, &value), EOPNOTSUPP);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, 9999, 1), ENOPROTOOPT);
	EXPECT_EQ(test, get(so, SOL_SOCKET, 9999, &value, &len), ENOPROTOOPT);
	EXPECT_EQ(test, len, 4);
	EXPECT_EQ(test, st_set(so, IPPROTO_TCP, 9999, 1), ENOPROTOOPT);
	EXPECT_EQ(test, get(so, IPPROTO_TCP, 9999, &value, &len), ENOPROTOOPT);
	EXPECT_EQ(test, st_set(so, IPPROTO_IP, 9999, 1), ENOPROTOOPT);
	EXPECT_EQ(test, get(so, IPPROTO_IP, 9999, &value, &len), ENOPROTOOPT);
	EXPECT_EQ(test, st_set(so, 4711, 1, 1), ENOPROTOOPT);
	EXPECT_EQ(test, get(so, 4711, 1, &value, &len), ENOPROTOOPT);
}

void OPT16_flags_read_back(struct kunit *test)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_NOADDRERR, 1), 0);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1), 0);
	EXPECT_EQ(test, st_set(so, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT(test, st_get(test, so, SOL_SOCKET, SO_NOADDRERR) != 0);
	EXPECT(test, st_get(test, so, SOL_SOCKET, SO_UPCALLCLOSEWAIT) != 0);
	EXPECT(test, st_get(test, so, IPPROTO_TCP, TCP_NODELAY) != 0);
	EXPECT(test, st_get(test, so, SOL_SOCKET, SO_KEEPALIVE) != 0);
}

/*
 * How an option answers: set to a value and read back (VALUE), as a flag (FLAG),
 * accepted and forgotten (IGNORED), read only (READ), refused (with set_error).
 */
enum kind { VALUE, FLAG, IGNORED, READ, REFUSED };

#define OPTION(kind, type, level, name, value, error) \
	{ #name, kind, type, level, name, value, error }

static const struct option_case {
	const char *name;
	enum kind kind;
	int type, level, option, value;
	errno_t error;
} option_cases[] = {
	OPTION(IGNORED, SOCK_STREAM, SOL_SOCKET, SO_DEBUG, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR, 1, 0),
	OPTION(READ, SOCK_STREAM, SOL_SOCKET, SO_TYPE, SOCK_STREAM, 0),
	OPTION(READ, SOCK_DGRAM, SOL_SOCKET, SO_TYPE, SOCK_DGRAM, 0),
	OPTION(READ, SOCK_STREAM, SOL_SOCKET, SO_ERROR, 0, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_DONTROUTE, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, SOL_SOCKET, SO_BROADCAST, 1, 0),
	OPTION(VALUE, SOCK_DGRAM, SOL_SOCKET, SO_SNDBUF, 12345, 0),
	OPTION(VALUE, SOCK_DGRAM, SOL_SOCKET, SO_RCVBUF, 54321, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_KEEPALIVE, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_OOBINLINE, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_REUSEPORT, 1, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_RCVLOWAT, 100, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_SNDLOWAT, 100, 0),
	OPTION(FLAG, SOCK_DGRAM, SOL_SOCKET, SO_TIMESTAMP, 1, 0),
	OPTION(READ, SOCK_STREAM, SOL_SOCKET, SO_ACCEPTCONN, 0, 0),
	OPTION(IGNORED, SOCK_STREAM, SOL_SOCKET, SO_USELOOPBACK, 1, 0),
	OPTION(REFUSED, SOCK_STREAM, SOL_SOCKET, SO_TIMESTAMP_MONOTONIC, 1, ENOPROTOOPT),
	OPTION(FLAG, SOCK_DGRAM, SOL_SOCKET, SO_DONTTRUNC, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, SOL_SOCKET, SO_WANTMORE, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_WANTOOBFLAG, 1, 0),
	OPTION(REFUSED, SOCK_STREAM, SOL_SOCKET, SO_LABEL, 1, EOPNOTSUPP),
	OPTION(REFUSED, SOCK_STREAM, SOL_SOCKET, SO_PEERLABEL, 1, EOPNOTSUPP),
	OPTION(READ, SOCK_STREAM, SOL_SOCKET, SO_NREAD, 0, 0),
	OPTION(REFUSED, SOCK_STREAM, SOL_SOCKET, SO_NKE, 1, EOPNOTSUPP),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_NOSIGPIPE, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_NOADDRERR, 1, 0),
	OPTION(READ, SOCK_STREAM, SOL_SOCKET, SO_NWRITE, 0, 0),
	OPTION(IGNORED, SOCK_STREAM, SOL_SOCKET, SO_REUSESHAREUID, 1, 0),
	OPTION(IGNORED, SOCK_STREAM, SOL_SOCKET, SO_NOTIFYCONFLICT, 1, 0),
	OPTION(FLAG, SOCK_STREAM, SOL_SOCKET, SO_UPCALLCLOSEWAIT, 1, 0),
	OPTION(IGNORED, SOCK_STREAM, SOL_SOCKET, SO_RANDOMPORT, 1, 0),
	OPTION(VALUE, SOCK_DGRAM, SOL_SOCKET, SO_DELEGATED, 7, 0),
	OPTION(READ, SOCK_DGRAM, SOL_SOCKET, SO_NUMRCVPKT, 0, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_NET_SERVICE_TYPE, 2, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_TRAFFIC_CLASS, 3, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_RECV_TRAFFIC_CLASS, 1, 0),
	OPTION(VALUE, SOCK_STREAM, SOL_SOCKET, SO_NETSVC_MARKING_LEVEL, 1, 0),
	OPTION(FLAG, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY, 1, 0),
	OPTION(FLAG, SOCK_STREAM, IPPROTO_TCP, TCP_NOPUSH, 1, 0),
	OPTION(IGNORED, SOCK_STREAM, IPPROTO_TCP, TCP_NOOPT, 1, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPALIVE, 77, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPINTVL, 7, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_KEEPCNT, 4, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_RXT_CONNDROPTIME, 30, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_CONNECTIONTIMEOUT, 30, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 8192, 0),
	OPTION(IGNORED, SOCK_STREAM, IPPROTO_TCP, TCP_SENDMOREACKS, 1, 0),
	OPTION(IGNORED, SOCK_STREAM, IPPROTO_TCP, TCP_ENABLE_ECN, 1, 0),
	OPTION(IGNORED, SOCK_STREAM, IPPROTO_TCP, TCP_RXT_FINDROP, 1, 0),
	OPTION(REFUSED, SOCK_STREAM, IPPROTO_TCP, 0x1555, 1, ENOPROTOOPT),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_MAXSEG, 1000, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_TCP, TCP_FASTOPEN, 0, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_UDP, UDP_NOCKSUM, 1, 0),
	OPTION(REFUSED, SOCK_STREAM, IPPROTO_UDP, UDP_NOCKSUM, 1, ENOPROTOOPT),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_IP, IP_TOS, 0x10, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_IP, IP_TTL, 33, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IP, IP_RECVTTL, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IP, IP_RECVTOS, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IP, IP_PKTINFO, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IP, IP_RECVDSTADDR, 1, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IP, IP_MULTICAST_TTL, 3, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IP, IP_MULTICAST_LOOP, 1, 0),
	OPTION(REFUSED, SOCK_DGRAM, IPPROTO_IP, IP_RECVIF, 1, ENOPROTOOPT),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_IP, IP_BOUND_IF, 1, 0),
	OPTION(VALUE, SOCK_STREAM, IPPROTO_IP, IP_PORTRANGE, IP_PORTRANGE_LOW, 0),
};

static void check_read(struct kunit *test, const struct option_case *c, socket_t so)
{
	int have = 0x5a5a, len = sizeof(have);
	errno_t error = get(so, c->level, c->option, &have, &len);
	int right = c->kind == IGNORED || (c->kind == FLAG ? have != 0 : have == c->value);

	if (error || len != 4 || !right)
		st_fail(test, __FILE__, __LINE__, "reading %s gave %d, %d, length %d",
			c->name, error, have, len);
}

static void check_option(struct kunit *test, const struct option_case *c)
{
	socket_t so = st_socket(test, AF_INET, c->type);
	int have, len = sizeof(have);
	errno_t error;

	if (c->kind == READ) {
		check_read(test, c, so);
		return;
	}
	error = st_set(so, c->level, c->option, c->value);
	if (error != c->error)
		st_fail(test, __FILE__, __LINE__, "setting %s gave %d, not %d",
			c->name, error, c->error);
	if (c->kind != REFUSED) {
		check_read(test, c, so);
		return;
	}
	error = get(so, c->level, c->option, &have, &len);
	if (error != c->error)
		st_fail(test, __FILE__, __LINE__, "reading %s gave %d, not %d",
			c->name, error, c->error);
}

/* A flag that was set can be taken back, and starts as not set. */
static void check_flag(struct kunit *test, const struct option_case *c)
{
	socket_t so = st_socket(test, AF_INET, c->type);

	if (c->option != IP_MULTICAST_LOOP || c->level != IPPROTO_IP)
		if (st_get(test, so, c->level, c->option))
			st_fail(test, __FILE__, __LINE__, "%s starts as set", c->name);
	st_set(so, c->level, c->option, 1);
	if (st_set(so, c->level, c->option, 0) || st_get(test, so, c->level, c->option))
		st_fail(test, __FILE__, __LINE__, "%s cannot be taken back", c->name);
}

void option_table(struct kunit *test)
{
	const struct option_case *c;
	const struct option_case *end = option_cases + sizeof(option_cases) / sizeof(*c);

	for (c = option_cases; c < end; c++) {
		check_option(test, c);
		if (c->kind == FLAG)
			check_flag(test, c);
	}
}

static const struct option_case inet6_cases[] = {
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IPV6, IPV6_V6ONLY, 1, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 33, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 3, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1, 0),
	OPTION(FLAG, SOCK_DGRAM, IPPROTO_IPV6, IPV6_RECVTCLASS, 1, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_MULTICAST_IF, 1, 0),
	OPTION(READ, SOCK_DGRAM, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 64, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_TCLASS, 0x20, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_PORTRANGE, IPV6_PORTRANGE_LOW, 0),
	OPTION(VALUE, SOCK_DGRAM, IPPROTO_IPV6, IPV6_BOUND_IF, 1, 0),
	OPTION(REFUSED, SOCK_DGRAM, IPPROTO_IPV6, 0x1555, 1, ENOPROTOOPT),
};

void option_table_inet6(struct kunit *test)
{
	const struct option_case *c;

	for (c = inet6_cases; c < inet6_cases + sizeof(inet6_cases) / sizeof(*c); c++) {
		socket_t so = st_socket(test, AF_INET6, c->type);
		errno_t error = c->kind == READ ? 0 : st_set(so, c->level, c->option, c->value);

		if (error != c->error)
			st_fail(test, __FILE__, __LINE__, "setting %s gave %d, not %d",
				c->name, error, c->error);
		if (c->kind != REFUSED)
			check_read(test, c, so);
	}
}

/* SO_LINGER counts in 1/100 s, SO_LINGER_SEC in seconds; both see one value. */
void linger_units(struct kunit *test)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 250 }, got = { };
	socket_t so = st_stream(test);
	int len = sizeof(got);

	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(test, len, 8);
	EXPECT(test, got.l_onoff != 0);
	EXPECT_EQ(test, got.l_linger, 250);
	linger.l_linger = 3;
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_LINGER_SEC,
					&linger, sizeof(linger)), 0);
	len = sizeof(got);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_LINGER_SEC, &got, &len), 0);
	EXPECT_EQ(test, got.l_linger, 3);
	len = sizeof(got);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(test, got.l_linger, 300);
	linger.l_onoff = 0;
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	len = sizeof(got);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(test, got.l_onoff, 0);
}

void low_water_limits(struct kunit *test)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_RCVLOWAT), 1);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_SNDLOWAT), 2048);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVLOWAT, 0), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVLOWAT, -1), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDLOWAT, 0), EINVAL);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVBUF, 5000), 0);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVLOWAT, 6000), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_RCVLOWAT), 5000);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_RCVBUF, 4000), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_RCVLOWAT), 4000);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDBUF, 5000), 0);
	EXPECT_EQ(test, st_set(so, SOL_SOCKET, SO_SNDLOWAT, 6000), 0);
	EXPECT_EQ(test, st_get(test, so, SOL_SOCKET, SO_SNDLOWAT), 5000);
}

void numrcvpkt_of_a_stream(struct kunit *test)
{
	int value = 0, len = sizeof(value);

	EXPECT_EQ(test, get(st_stream(test), SOL_SOCKET, SO_NUMRCVPKT, &value, &len), ENOPROTOOPT);
}

void acceptconn_of_a_listener(struct kunit *test)
{
	u_int16_t port;

	EXPECT(test, st_get(test, st_listener(test, &port), SOL_SOCKET, SO_ACCEPTCONN) != 0);
}

/* What is waiting to be acknowledged, and what to be read. */
void nread_and_nwrite(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_send_pattern(test, t.peer, 0, 77);
	SETTLES(test, st_get(test, t.so, SOL_SOCKET, SO_NREAD) == 77);
	EXPECT_EQ(test, st_readable(test, t.so), 77);
	st_lose_data_to(test, st_peer_port(t.peer));
	st_send_pattern(test, t.so, 0, 55);
	EXPECT_EQ(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE), 55);
	st_lose_data_to(test, 0);
	SETTLES(test, st_get(test, t.so, SOL_SOCKET, SO_NWRITE) == 0);
}

static void join(struct kunit *test, socket_t so)
{
	struct ip_mreq mreq = { };

	mreq.imr_multiaddr.s_addr = htonl(0xe0000123);
	mreq.imr_interface.s_addr = htonl(INADDR_LOOPBACK);
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_ADD_MEMBERSHIP,
					&mreq, sizeof(mreq)), 0);
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_ADD_MEMBERSHIP,
					&mreq, sizeof(mreq)), EADDRINUSE);
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_DROP_MEMBERSHIP,
					&mreq, sizeof(mreq)), 0);
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, 4), EINVAL);
}

void multicast_membership(struct kunit *test)
{
	join(test, st_dgram(test));
}

void bind_to_device(struct kunit *test)
{
	char name[16] = "lo", got[16] = "";
	socket_t so = st_dgram(test);
	int len = sizeof(got);

	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_BINDTODEVICE, name, 3), 0);
	EXPECT_EQ(test, get(so, SOL_SOCKET, SO_BINDTODEVICE, got, &len), 0);
	EXPECT(test, !strcmp(got, "lo"));
	strlcpy(name, "nosuch0", sizeof(name));
	EXPECT_EQ(test, sock_setsockopt(so, SOL_SOCKET, SO_BINDTODEVICE, name, 8), ENODEV);
}

/* Bound to an interface by number, a socket takes from no other. */
void bound_interface(struct kunit *test)
{
	struct st_udp u;

	st_udp(test, &u);
	EXPECT_EQ(test, st_set(u.so, IPPROTO_IP, IP_BOUND_IF, 1), 0);
	EXPECT_EQ(test, st_peer_send_to(u.peer, u.port, "x", 1), 1);
	SETTLES(test, st_readable(test, u.so) == 1);
	EXPECT(test, st_set(u.so, IPPROTO_IP, IP_BOUND_IF, 99999) != 0);
}

void traffic_class(struct kunit *test)
{
	static const int values[] = { 0xc0, 0x80, 0x20, 0 };
	socket_t fresh = st_stream(test);
	struct st_tcp t;
	unsigned int i;
	int value = 0;
	size_t len;

	st_tcp(test, &t);
	for (i = 0; i < sizeof(values) / sizeof(*values); i++) {
		len = sizeof(value);
		EXPECT_EQ(test, sock_settclassopt(t.so, &values[i], sizeof(int)), 0);
		EXPECT_EQ(test, sock_gettclassopt(t.so, &value, &len), 0);
		EXPECT_EQ(test, len, sizeof(int));
		EXPECT_EQ(test, value, values[i]);
	}
	EXPECT_EQ(test, sock_settclassopt(t.so, &values[0], 3), EINVAL);
	EXPECT_EQ(test, sock_settclassopt(t.so, &values[0], 8), EINVAL);
	EXPECT_EQ(test, sock_settclassopt(t.so, NULL, 4), EINVAL);
	EXPECT_EQ(test, sock_gettclassopt(t.so, NULL, &len), EINVAL);
	EXPECT_EQ(test, sock_gettclassopt(t.so, &value, NULL), EINVAL);
	EXPECT_EQ(test, sock_settclassopt(fresh, &values[0], sizeof(int)), ENOTCONN);
}

/* A time limit for connecting, which the attempt then ends with. */
void connection_timeout(struct kunit *test)
{
	struct timeval tv = { .tv_sec = 5 };
	long long begin = st_now_ms();
	socket_t so = st_stream(test);
	struct sockaddr_in to;
	errno_t error;

	ASSERT_EQ(test, st_set(so, IPPROTO_TCP, TCP_CONNECTIONTIMEOUT, 1), 0);
	st_blackhole(test, 1);
	ASSERT_EQ(test, sock_connect(so, st_in_at(&to, ST_BLACKHOLE, 9), MSG_DONTWAIT),
		  EINPROGRESS);
	do {
		error = sock_connectwait(so, &tv);
	} while (error == EINPROGRESS && st_now_ms() - begin < ST_DEADLINE_MS);
	EXPECT_EQ(test, error, ETIMEDOUT);
	EXPECT(test, st_now_ms() - begin >= 1000);
	EXPECT_EQ(test, sock_isconnected(so), 0);
}

static void close_connecting(struct kunit *test, struct st_cb *cb, int limit)
{
	socket_t so = st_socket_upcall(test, AF_INET, SOCK_STREAM, st_upcall, cb);
	struct sockaddr_in to;

	ASSERT_EQ(test, st_set(so, IPPROTO_TCP, TCP_CONNECTIONTIMEOUT, limit), 0);
	ASSERT_EQ(test, sock_connect(so, st_in_at(&to, ST_BLACKHOLE, 9), MSG_DONTWAIT),
		  EINPROGRESS);
	st_close(test, so);
}

/* Nobody is left to be told when the time is over, nor is anything kept till then: the layer can go. */
void connection_timeout_after_close(struct kunit *test)
{
	struct st_cb *cb = st_cb(test, NULL);

	st_blackhole(test, 1);
	close_connecting(test, cb, 1);
	close_connecting(test, cb, 3600);
	st_pause_ms(1200);
	EXPECT_EQ(test, st_calls(cb), 0);
}

/* Options whose values are no ints. */
void ip_options_and_header(struct kunit *test)
{
	static const u_int8_t no_op[4] = { 1, 1, 1, 1 };
	socket_t raw = NULL, so = st_dgram(test);
	struct in_addr on = { htonl(INADDR_LOOPBACK) };
	u_int8_t got[40];
	int len = sizeof(got);

	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_OPTIONS, no_op, 4), 0);
	EXPECT_EQ(test, get(so, IPPROTO_IP, IP_OPTIONS, got, &len), 0);
	EXPECT_EQ(test, len, 4);
	EXPECT(test, !memcmp(got, no_op, 4));
	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IP, IP_MULTICAST_IF, &on, sizeof(on)), 0);
	len = sizeof(got);
	EXPECT_EQ(test, get(so, IPPROTO_IP, IP_MULTICAST_IF, got, &len), 0);
	EXPECT_EQ(test, len, 4);
	EXPECT(test, !memcmp(got, &on, 4));
	ASSERT_EQ(test, sock_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, NULL, &raw), 0);
	st_track(test, raw);
	EXPECT_EQ(test, st_set(raw, IPPROTO_IP, IP_HDRINCL, 1), 0);
	EXPECT(test, st_get(test, raw, IPPROTO_IP, IP_HDRINCL) != 0);
}

void inet6_packet_information(struct kunit *test)
{
	struct {
		struct in6_addr address;
		u_int32_t interface;
	} info = { in6addr_loopback, 1 }, got;
	socket_t so = st_socket(test, AF_INET6, SOCK_DGRAM);
	int len = sizeof(got);

	EXPECT_EQ(test, sock_setsockopt(so, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)), 0);
	EXPECT_EQ(test, get(so, IPPROTO_IPV6, IPV6_PKTINFO, &got, &len), 0);
	EXPECT_EQ(test, len, 20);
	EXPECT(test, !memcmp(&got, &info, 20));
}

void inet6_traffic_class(struct kunit *test)
{
	socket_t listener = st_socket(test, AF_INET6, SOCK_STREAM);
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM);
	struct sockaddr_in6 sin6;
	int value = 0xc0, got = 0;
	size_t len = sizeof(got);

	ASSERT_EQ(test, sock_bind(listener, st_in6(&sin6, 0)), 0);
	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	ASSERT_EQ(test, sock_connect(so, st_in6(&sin6, st_port(test, listener)), 0), 0);
	EXPECT_EQ(test, sock_settclassopt(so, &value, sizeof(value)), 0);
	EXPECT_EQ(test, sock_gettclassopt(so, &got, &len), 0);
	EXPECT_EQ(test, got, 0xc0);
}
