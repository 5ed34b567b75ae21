// SPDX-License-Identifier: GPL-2.0
/* Scenarios: creation, references, close. */

#include "scenario.h"

void LIF1_create_tells_type(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	int domain = -1, type = -1, protocol = -1;

	EXPECT_EQ(test, sock_gettype(so, &domain, &type, &protocol), 0);
	EXPECT_EQ(test, domain, AF_INET);
	EXPECT_EQ(test, type, SOCK_STREAM);
	EXPECT_EQ(test, protocol, IPPROTO_TCP);
	EXPECT_EQ(test, sock_gettype(so, NULL, NULL, NULL), 0);
	EXPECT_EQ(test, sock_isconnected(so), 0);
	EXPECT_EQ(test, sock_isnonblocking(so), 0);
	EXPECT_EQ(test, sock_iskernel(so), 1);
	EXPECT(test, sock_getlistener(so) == NULL);
}

static const struct create_case {
	int domain, type, protocol;
	errno_t error;
} create_cases[] = {
	{ 99,		SOCK_STREAM,	0,		EAFNOSUPPORT },
	{ -1,		SOCK_STREAM,	0,		EAFNOSUPPORT },
	{ AF_UNSPEC,	SOCK_STREAM,	0,		EAFNOSUPPORT },
	{ AF_SYSTEM,	SOCK_DGRAM,	0,		EPROTONOSUPPORT },
	{ AF_NDRV,	SOCK_RAW,	0,		EAFNOSUPPORT },
	{ AF_ROUTE,	SOCK_RAW,	0,		EAFNOSUPPORT },
	{ AF_VSOCK,	SOCK_STREAM,	0,		EAFNOSUPPORT },
	{ AF_INET,	SOCK_STREAM,	IPPROTO_UDP,	EPROTOTYPE },
	{ AF_INET,	SOCK_DGRAM,	IPPROTO_TCP,	EPROTOTYPE },
	{ AF_INET6,	SOCK_STREAM,	IPPROTO_UDP,	EPROTOTYPE },
	{ AF_INET6,	SOCK_DGRAM,	IPPROTO_TCP,	EPROTOTYPE },
	{ AF_INET,	SOCK_SEQPACKET,	0,		EPROTONOSUPPORT },
	{ AF_INET,	SOCK_RDM,	0,		EPROTONOSUPPORT },
	{ AF_INET,	0,		0,		EPROTONOSUPPORT },
	{ AF_INET,	99,		0,		EPROTONOSUPPORT },
	{ AF_INET,	-1,		0,		EPROTONOSUPPORT },
	{ AF_INET,	SOCK_STREAM,	250,		EPROTONOSUPPORT },
	{ AF_UNIX,	SOCK_STREAM,	1,		EPROTONOSUPPORT },
	{ AF_UNIX,	SOCK_DGRAM,	IPPROTO_UDP,	EPROTONOSUPPORT },
	{ AF_UNIX,	SOCK_SEQPACKET,	0,		EPROTONOSUPPORT },
};

void LIF2_create_refuses(struct kunit *test)
{
	const struct create_case *c;

	EXPECT_EQ(test, sock_socket(AF_INET, SOCK_STREAM, 0, NULL, NULL, NULL), EINVAL);
	for (c = create_cases; c < create_cases + sizeof(create_cases) / sizeof(*c); c++) {
		socket_t so = ST_NO_SOCKET;
		errno_t error = sock_socket(c->domain, c->type, c->protocol, NULL, NULL, &so);

		if (error != c->error || so)
			st_fail(test, __FILE__, __LINE__, "(%d, %d, %d) gave %d, not %d; %p",
				c->domain, c->type, c->protocol, error, c->error, so);
	}
}

static const struct served_case {
	int domain, type, protocol, reported;
} served_cases[] = {
	{ AF_INET,	SOCK_STREAM,	0,		IPPROTO_TCP },
	{ AF_INET,	SOCK_STREAM,	IPPROTO_TCP,	IPPROTO_TCP },
	{ AF_INET,	SOCK_DGRAM,	0,		IPPROTO_UDP },
	{ AF_INET,	SOCK_DGRAM,	IPPROTO_UDP,	IPPROTO_UDP },
	{ AF_INET,	SOCK_RAW,	IPPROTO_ICMP,	IPPROTO_ICMP },
	{ AF_INET6,	SOCK_STREAM,	0,		IPPROTO_TCP },
	{ AF_INET6,	SOCK_DGRAM,	0,		IPPROTO_UDP },
	{ AF_UNIX,	SOCK_STREAM,	0,		0 },
	{ AF_UNIX,	SOCK_DGRAM,	0,		0 },
};

void create_every_served_kind(struct kunit *test)
{
	const struct served_case *c;

	for (c = served_cases; c < served_cases + sizeof(served_cases) / sizeof(*c); c++) {
		int domain = -1, type = -1, protocol = -1;
		socket_t so = NULL;

		if (!EXPECT_EQ(test, sock_socket(c->domain, c->type, c->protocol,
						 NULL, NULL, &so), 0))
			continue;
		EXPECT_EQ(test, sock_gettype(so, &domain, &type, &protocol), 0);
		EXPECT_EQ(test, domain, c->domain);
		EXPECT_EQ(test, type, c->type);
		EXPECT_EQ(test, protocol, c->reported);
		sock_close(so);
	}
}

/* The private spelling makes the same sockets. */
void create_by_internal_name(struct kunit *test)
{
	u_int16_t port;
	socket_t listener = st_listener(test, &port);
	socket_t so = NULL, accepted = NULL;
	struct sockaddr_in to;

	ASSERT_EQ(test, sock_socket_internal(AF_INET, SOCK_STREAM, 0, NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, sock_connect(so, st_in(&to, port), 0), 0);
	ASSERT_EQ(test, sock_accept_internal(listener, NULL, 0, 0, NULL, NULL, &accepted), 0);
	st_track(test, accepted);
	EXPECT_EQ(test, sock_isconnected(accepted), 1);
	EXPECT_EQ(test, sock_iskernel(accepted), 1);
}

static void create_thread(void *arg)
{
	socket_t *so = arg;

	if (sock_socket(AF_INET, SOCK_DGRAM, 0, NULL, NULL, so))
		*so = NULL;
}

void LIF3_outlives_its_creator(struct kunit *test)
{
	socket_t *so = st_alloc(test, sizeof(*so));
	struct st_thread *creator = st_thread(test, create_thread, so);
	struct st_udp u;
	char buf[8];

	ASSERT(test, st_join(creator));
	ASSERT(test, *so != NULL);
	st_track(test, *so);
	st_udp(test, &u);
	EXPECT_IO(test, st_send_to(*so, u.peer_port, "alive", 5), 0, 5);
	EXPECT_EQ(test, st_peer_recv(u.peer, buf, sizeof(buf)), 5);
	EXPECT(test, !memcmp(buf, "alive", 5));
}

void LIF4_retained_survives_close(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	sock_retain(t.so);
	sock_close(t.so);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);

	st_untrack(test, t.so);
	sock_release(t.so);
	EXPECT(test, st_peer_at_eof(t.peer));
}

void LIF5_release_leaves_it_open(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	sock_retain(t.so);
	sock_release(t.so);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);

	st_close(test, t.so);
	EXPECT(test, st_peer_at_eof(t.peer));
}

/* Several retains: the last release closes, and no other. */
void retains_add_up(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	sock_retain(t.so);
	sock_retain(t.so);
	sock_close(t.so);
	sock_release(t.so);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
	st_untrack(test, t.so);
	sock_release(t.so);
	EXPECT(test, st_peer_at_eof(t.peer));
}

void release_without_retain_is_ignored(struct kunit *test)
{
	struct st_tcp t;

	st_misuse_wanted(test);
	st_tcp(test, &t);
	sock_release(t.so);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
	EXPECT_EQ(test, sock_isconnected(t.so), 1);
}

void LIF6_unread_data_resets(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_readable(test, t.so) == 100);
	st_close(test, t.so);
	EXPECT(test, st_peer_got_reset(t.peer));
}

/* What the layer has taken from Linux but not yet handed out is unread, too. */
void unread_stash_resets(struct kunit *test)
{
	struct st_tcp t;
	u_int8_t byte[200];

	st_tcp(test, &t);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	st_peer_send_pattern(test, t.peer, 0, 100);
	SETTLES(test, st_readable(test, t.so) == 100);
	EXPECT_IO(test, st_recv(t.so, byte, sizeof(byte), MSG_WAITALL), EWOULDBLOCK, 0);
	st_close(test, t.so);
	EXPECT(test, st_peer_got_reset(t.peer));
}

void LIF7_nothing_unread_ends(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_close(test, t.so);
	EXPECT(test, st_peer_at_eof(t.peer));
}

/* Data on its way is delivered, then comes the end. */
void close_delivers_what_was_sent(struct kunit *test)
{
	struct st_tcp t;

	st_tcp(test, &t);
	st_send_pattern(test, t.so, 0, 50000);
	st_close(test, t.so);
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), 50000);
}

void LIF8_linger_zero_resets(struct kunit *test)
{
	struct linger linger = { .l_onoff = 1 };
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_setsockopt(t.so, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	st_close(test, t.so);
	EXPECT(test, st_peer_got_reset(t.peer));
}

static void close_thread(void *so)
{
	sock_close(so);
}

/* Lingering waits for a blocking socket only; either way nothing is lost. */
void linger_does_not_hold_nonblocking(struct kunit *test)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 30 };
	struct st_tcp t;
	size_t sent;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setsockopt(t.so, SOL_SOCKET, SO_LINGER_SEC,
					&linger, sizeof(linger)), 0);
	ASSERT_EQ(test, st_nonblocking(t.so, 1), 0);
	sent = st_fill_up(test, t.so);
	st_untrack(test, t.so);
	EXPECT(test, st_join(st_thread(test, close_thread, t.so)));
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), sent);
}

void linger_holds_blocking(struct kunit *test)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 30 };
	struct st_thread *closer;
	struct st_tcp t;
	size_t sent;

	st_tcp_limited(test, &t);
	ASSERT_EQ(test, sock_setsockopt(t.so, SOL_SOCKET, SO_LINGER_SEC,
					&linger, sizeof(linger)), 0);
	sent = st_fill_up(test, t.so);
	st_untrack(test, t.so);
	closer = st_thread(test, close_thread, t.so);
	EXPECT(test, st_asleep(closer));
	EXPECT_EQ(test, st_peer_drain(t.peer, 0), sent);
	st_peer_close(t.peer);
	EXPECT(test, st_join(closer));
}

void LIF9_null_is_ignored(struct kunit *test)
{
	sock_close(NULL);
	sock_retain(NULL);
	sock_release(NULL);
	st_misuse_expected(test);
}

void LIF10_close_wakes_receiver(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_tcp t;

	st_tcp(test, &t);
	receiver = st_block_in_receive(test, t.so, 100, 0);
	EXPECT(test, !st_ended(receiver->thread));
	st_close(test, t.so);
	EXPECT_IO(test, st_result(test, receiver), 0, 0);
	EXPECT(test, st_peer_at_eof(t.peer));
}

void LIF11_close_wakes_acceptor(struct kunit *test)
{
	struct st_blocked *acceptor;
	u_int16_t port;
	socket_t so = st_listener(test, &port);

	acceptor = st_block_in_accept(test, so);
	EXPECT(test, !st_ended(acceptor->thread));
	st_close(test, so);
	EXPECT_EQ(test, st_result(test, acceptor).error, ECONNABORTED);
	EXPECT(test, acceptor->new_so == ST_NO_SOCKET);
}

void close_wakes_sender(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	size_t sent;

	st_tcp_limited(test, &t);
	sent = st_fill_up(test, t.so);
	sender = st_block_in_send(test, t.so, sent, 100000);
	EXPECT(test, !st_ended(sender->thread));
	st_close(test, t.so);
	EXPECT_IO(test, st_result(test, sender), EPIPE, 0);
}

void close_wakes_sendmbuf(struct kunit *test)
{
	struct st_blocked *sender;
	struct st_tcp t;
	int *freed = st_alloc(test, sizeof(*freed));
	size_t sent;

	st_tcp_limited(test, &t);
	sent = st_fill_up(test, t.so);
	sender = st_block_in_sendmbuf(test, t.so, st_mbuf_attached(test, 20000, sent, freed));
	EXPECT(test, !st_ended(sender->thread));
	st_close(test, t.so);
	EXPECT_IO(test, st_result(test, sender), EPIPE, 0);
	SETTLES(test, *freed == 1);
}

void close_wakes_connector(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct st_blocked *connector;

	st_blackhole(test, 1);
	connector = st_block_in_connect(test, so, ST_BLACKHOLE, 9);
	EXPECT(test, !st_ended(connector->thread));
	st_close(test, so);
	EXPECT(test, st_result(test, connector).error != 0);
}

/* V5: the original leaves this thread asleep. */
void V5_close_wakes_unconnected_udp(struct kunit *test)
{
	struct st_blocked *receiver;
	struct st_udp u;

	st_udp(test, &u);
	receiver = st_block_in_receive(test, u.so, 100, 0);
	EXPECT(test, !st_ended(receiver->thread));
	st_close(test, u.so);
	EXPECT_IO(test, st_result(test, receiver), 0, 0);
}

/* V11: the original leaks this one, because it is not connected. */
void V11_release_closes_unix(struct kunit *test)
{
	socket_t so = st_socket(test, AF_UNIX, SOCK_STREAM);
	const char *path = st_path(test);
	struct sockaddr_un sun;

	ASSERT_EQ(test, sock_bind(so, st_un(&sun, path)), 0);
	ASSERT_EQ(test, sock_listen(so, 1), 0);
	sock_retain(so);
	sock_close(so);
	EXPECT_EQ(test, st_peer_connect_path(st_peer(test, AF_UNIX, SOCK_STREAM), path), 0);
	st_untrack(test, so);
	sock_release(so);
	EXPECT_EQ(test, st_peer_connect_path(st_peer(test, AF_UNIX, SOCK_STREAM), path),
		  -ECONNREFUSED);
}

/* A datagram that nobody read, an error that nobody asked for: both just go. */
void close_discards_datagrams_and_errors(struct kunit *test)
{
	struct st_udp u;

	st_udp(test, &u);
	st_udp_connect(test, &u);
	EXPECT_EQ(test, st_peer_send_to(u.peer, u.port, "unread", 6), 6);
	SETTLES(test, st_readable(test, u.so) == 6);
	st_peer_close(u.peer);
	EXPECT_IO(test, st_send(u.so, "to nobody", 9, 0), 0, 9);
	st_close(test, u.so);
}

/* V10: functions that crash on the original answer. */
void V10_null_socket(struct kunit *test)
{
	struct timeval tv = { .tv_sec = 1 };
	struct sockaddr_in sin;
	struct iovec iov = { .iov_base = &sin, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	socket_t new_so = ST_NO_SOCKET;
	int value = 0, len = sizeof(value);
	size_t size = 10;
	mbuf_t m;

	st_misuse_expected(test);
	st_in(&sin, 1);
	EXPECT_EQ(test, sock_bind(NULL, (struct sockaddr *)&sin), EINVAL);
	EXPECT_EQ(test, sock_connect(NULL, (struct sockaddr *)&sin, 0), EINVAL);
	EXPECT_EQ(test, sock_connectwait(NULL, &tv), EINVAL);
	EXPECT_EQ(test, sock_listen(NULL, 1), EINVAL);
	EXPECT_EQ(test, sock_accept(NULL, NULL, 0, 0, NULL, NULL, &new_so), EINVAL);
	EXPECT(test, new_so == ST_NO_SOCKET);
	EXPECT_EQ(test, sock_receive(NULL, &msg, 0, &size), EINVAL);
	size = 10;
	EXPECT_EQ(test, sock_receivembuf(NULL, NULL, &m, 0, &size), EINVAL);
	EXPECT_EQ(test, sock_send(NULL, &msg, 0, &size), EINVAL);
	EXPECT_EQ(test, sock_shutdown(NULL, SHUT_RD), EINVAL);
	EXPECT_EQ(test, sock_getsockname(NULL, (struct sockaddr *)&sin, 16), EINVAL);
	EXPECT_EQ(test, sock_getpeername(NULL, (struct sockaddr *)&sin, 16), EINVAL);
	EXPECT_EQ(test, sock_getsockopt(NULL, SOL_SOCKET, SO_TYPE, &value, &len), EINVAL);
	EXPECT_EQ(test, sock_setsockopt(NULL, SOL_SOCKET, SO_DEBUG, &value, len), EINVAL);
	EXPECT_EQ(test, sock_settclassopt(NULL, &value, len), EINVAL);
	EXPECT_EQ(test, sock_gettclassopt(NULL, &value, &size), EINVAL);
	EXPECT_EQ(test, sock_ioctl(NULL, FIONBIO, &value), EINVAL);
	EXPECT_EQ(test, sock_setpriv(NULL, 1), EINVAL);
	EXPECT_EQ(test, sock_nointerrupt(NULL, 1), EINVAL);
	EXPECT_EQ(test, sock_gettype(NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_EQ(test, sock_setupcall(NULL, NULL, NULL), EINVAL);
	EXPECT_EQ(test, sock_setupcalls(NULL, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_EQ(test, sock_catchevents(NULL, NULL, NULL, 0), EINVAL);
	EXPECT_EQ(test, sock_isconnected(NULL), 0);
	EXPECT_EQ(test, sock_isnonblocking(NULL), 0);
	EXPECT_EQ(test, sock_iskernel(NULL), 0);
	EXPECT(test, sock_getlistener(NULL) == NULL);
	sock_freeaddr(NULL);
}

static void setpriv_thread(void *arg)
{
	struct kunit *test = arg;
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	struct sockaddr_in sin;

	EXPECT_EQ(test, sock_bind(so, st_in(&sin, 1000)), EACCES);
	EXPECT_EQ(test, sock_setpriv(so, 1), 0);
	EXPECT_EQ(test, sock_bind(so, st_in(&sin, 1000)), 0);
}

void setpriv_opens_reserved_ports(struct kunit *test)
{
	st_as_user(setpriv_thread, test);
}

static void reserved_port(void *arg)
{
	struct kunit *test = ((void **)arg)[0];
	struct sockaddr_in sin;

	EXPECT_EQ(test, sock_bind(((void **)arg)[1], st_in(&sin, 1001)), 0);
}

/* Privilege is the socket's, from its creator, not the caller's. */
void privilege_is_the_creators(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET, SOCK_STREAM);
	void *arg[2] = { test, so };
	struct sockaddr_in sin;
	socket_t dropped = st_socket(test, AF_INET, SOCK_STREAM);

	st_as_user(reserved_port, arg);
	EXPECT_EQ(test, sock_setpriv(dropped, 0), 0);
	EXPECT_EQ(test, sock_bind(dropped, st_in(&sin, 1002)), EACCES);
}

static void raw_as_user(void *arg)
{
	struct kunit *test = arg;
	socket_t so = ST_NO_SOCKET;

	EXPECT_EQ(test, sock_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, NULL, &so), EPERM);
	if (!EXPECT(test, so == NULL))
		sock_close(so);
}

void raw_needs_privilege(struct kunit *test)
{
	st_as_user(raw_as_user, test);
}

/* The owner closes once; a second time is a mistake, and no harm is done. */
void closed_twice(struct kunit *test)
{
	struct st_tcp t;

	st_misuse_wanted(test);
	st_tcp(test, &t);
	sock_retain(t.so);
	sock_close(t.so);
	sock_close(t.so);
	st_send_pattern(test, t.so, 0, 10);
	EXPECT_EQ(test, st_peer_read(t.peer, 0, 10), 10);
	st_untrack(test, t.so);
	sock_release(t.so);
	EXPECT(test, st_peer_at_eof(t.peer));
}

/* Debug builds look every handle up before it is used. */
void closed_handle_is_found_out(struct kunit *test)
{
	struct sockaddr_in sin;
	struct st_tcp t;
	int value = 0;
	char byte;

	if (!st_handles_are_checked())
		st_skip(test, "this build does not look handles up");
	st_misuse_expected(test);
	st_tcp(test, &t);
	st_close(test, t.so);
	EXPECT_IO(test, st_recv(t.so, &byte, 1, MSG_DONTWAIT), EINVAL, 0);
	EXPECT_IO(test, st_send(t.so, "x", 1, 0), EINVAL, 0);
	EXPECT_IO(test, st_sendm(t.so, st_mbuf(test, 10, 0), 0), EINVAL, 0);
	EXPECT_EQ(test, sock_isconnected(t.so), 0);
	EXPECT_EQ(test, sock_connect(t.so, st_in(&sin, 1), 0), EINVAL);
	EXPECT_EQ(test, sock_ioctl(t.so, FIONBIO, &value), EINVAL);
	EXPECT_EQ(test, sock_setupcall(t.so, NULL, NULL), EINVAL);
	sock_close(t.so);
	sock_retain(t.so);
	sock_release(t.so);
}
