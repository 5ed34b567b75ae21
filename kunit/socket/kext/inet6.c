// SPDX-License-Identifier: GPL-2.0
/* Scenarios: IPv6. */

#include "scenario.h"

void IP6_1_tcp(struct kunit *test)
{
	socket_t listener = st_socket(test, AF_INET6, SOCK_STREAM);
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM), accepted = NULL;
	struct sockaddr_in6 name;
	u_int16_t port;

	ASSERT_EQ(test, sock_bind(listener, st_in6(&name, 0)), 0);
	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	port = st_port(test, listener);
	EXPECT_EQ(test, sock_connect(so, st_in6(&name, port), 0), 0);
	bzero(&name, sizeof(name));
	ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&name, sizeof(name), 0,
				    NULL, NULL, &accepted), 0);
	st_track(test, accepted);
	EXPECT_EQ(test, name.sin6_len, 28);
	EXPECT_EQ(test, name.sin6_family, AF_INET6);
	EXPECT_EQ(test, ntohs(name.sin6_port), st_port(test, so));

	bzero(&name, sizeof(name));
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, name.sin6_len, 28);
	EXPECT_EQ(test, name.sin6_family, AF_INET6);
	EXPECT_EQ(test, ntohs(name.sin6_port), port);
	EXPECT(test, !memcmp(&name.sin6_addr, &in6addr_loopback, 16));
	st_send_pattern(test, so, 0, 5000);
	EXPECT(test, st_recv_pattern(test, accepted, 0, 5000));
	EXPECT_IO(test, st_sendm(accepted, st_mbuf(test, 5000, 7), 0), 0, 5000);
	EXPECT(test, st_recv_pattern(test, so, 7, 5000));
}

void IP6_2_mapped_source(struct kunit *test)
{
	static const u_int8_t mapped[16] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1
	};
	socket_t so = st_socket(test, AF_INET6, SOCK_DGRAM);
	struct st_peer *peer = st_peer(test, AF_INET, SOCK_DGRAM);
	struct sockaddr_in6 name;
	struct msghdr msg = { .msg_name = &name, .msg_namelen = sizeof(name) };
	size_t len = 100;
	mbuf_t m = NULL;

	bzero(&name, sizeof(name));
	st_in6(&name, 0);
	name.sin6_addr = in6addr_any;
	ASSERT_EQ(test, sock_bind(so, (struct sockaddr *)&name), 0);
	ASSERT_EQ(test, st_peer_bind(peer, 0), 0);
	ASSERT_EQ(test, st_peer_send_to(peer, st_port(test, so), "v4", 2), 2);
	bzero(&name, sizeof(name));
	EXPECT_EQ(test, sock_receivembuf(so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 2);
	mbuf_freem(m);
	EXPECT_EQ(test, name.sin6_len, 28);
	EXPECT_EQ(test, name.sin6_family, AF_INET6);
	EXPECT_EQ(test, ntohs(name.sin6_port), st_peer_port(peer));
	EXPECT(test, !memcmp(&name.sin6_addr, mapped, 16));
	EXPECT_EQ(test, name.sin6_scope_id, 0);
}

static void link_local(struct kunit *test, struct sockaddr_in6 *name)
{
	u_int8_t address[16];
	u_int32_t scope = 0;

	if (!st_link_local(test, address, &scope))
		st_skip(test, "no interface with a link-local address");
	st_in6(name, 0);
	memcpy(&name->sin6_addr, address, 16);
	name->sin6_scope_id = scope;
}

void IP6_3_link_local(struct kunit *test)
{
	socket_t listener = st_socket(test, AF_INET6, SOCK_STREAM);
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM);
	struct sockaddr_in6 name, peer;

	link_local(test, &name);
	ASSERT_EQ(test, sock_bind(listener, (struct sockaddr *)&name), 0);
	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	name.sin6_port = htons(st_port(test, listener));
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&name, 0), 0);
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&peer, sizeof(peer)), 0);
	EXPECT_EQ(test, peer.sin6_scope_id, name.sin6_scope_id);
	EXPECT(test, !memcmp(&peer.sin6_addr, &name.sin6_addr, 16));
}

void link_local_datagrams(struct kunit *test)
{
	socket_t to = st_socket(test, AF_INET6, SOCK_DGRAM);
	socket_t from = st_socket(test, AF_INET6, SOCK_DGRAM);
	struct sockaddr_in6 name, source;
	struct iovec iov = { "scoped", 6 };
	struct msghdr out = { .msg_name = &name, .msg_iov = &iov, .msg_iovlen = 1 };
	struct msghdr in = { .msg_name = &source, .msg_namelen = sizeof(source) };
	size_t len = 0;
	mbuf_t m = NULL;

	link_local(test, &name);
	ASSERT_EQ(test, sock_bind(to, (struct sockaddr *)&name), 0);
	ASSERT_EQ(test, sock_bind(from, (struct sockaddr *)&name), 0);
	name.sin6_port = htons(st_port(test, to));
	EXPECT_EQ(test, sock_send(from, &out, 0, &len), 0);
	EXPECT_EQ(test, len, 6);
	SETTLES(test, st_readable(test, to));
	len = 100;
	ASSERT_EQ(test, sock_receivembuf(to, &in, &m, MSG_DONTWAIT, &len), 0);
	mbuf_freem(m);
	EXPECT_EQ(test, source.sin6_scope_id, name.sin6_scope_id);
	EXPECT_EQ(test, ntohs(source.sin6_port), st_port(test, from));
}

/* The whole of UDP once more: source, truncation, empty, fragments. */
void udp_over_inet6(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET6, SOCK_DGRAM);
	struct st_peer *peer = st_peer(test, AF_INET6, SOCK_DGRAM);
	struct sockaddr_in6 name;
	struct msghdr msg = { .msg_name = &name, .msg_namelen = sizeof(name) };
	u_int8_t *buf = st_alloc(test, 20000);
	size_t len = 20000;
	u_int16_t port;
	mbuf_t m = NULL;

	st_loopback_mtu(test, 1500);
	ASSERT_EQ(test, sock_bind(so, st_in6(&name, 0)), 0);
	port = st_port(test, so);
	ASSERT_EQ(test, st_peer_bind(peer, 0), 0);
	st_fill(buf, 20000, 3);
	ASSERT_EQ(test, st_peer_send_to(peer, port, buf, 20000), 20000);
	ASSERT_EQ(test, sock_receivembuf(so, &msg, &m, 0, &len), 0);
	EXPECT_EQ(test, len, 20000);
	memset(buf, 0, 20000);
	EXPECT_EQ(test, mbuf_copydata(m, 0, 20000, buf), 0);
	EXPECT_PATTERN(test, buf, 20000, 3);
	mbuf_freem(m);
	EXPECT_EQ(test, ntohs(name.sin6_port), st_peer_port(peer));
	EXPECT(test, !memcmp(&name.sin6_addr, &in6addr_loopback, 16));

	ASSERT_EQ(test, st_peer_send_to(peer, port, buf, 0), 0);
	m = NULL;
	len = 100;
	EXPECT_EQ(test, sock_receivembuf(so, NULL, &m, 0, &len), 0);
	EXPECT(test, m != NULL);
	mbuf_freem(m);
	ASSERT_EQ(test, st_peer_send_to(peer, port, buf, 100), 100);
	EXPECT_IO(test, st_recvm(test, so, buf, 40, 0), 0, 40);
	EXPECT_IO(test, st_recv(so, buf, 40, MSG_DONTWAIT), EWOULDBLOCK, 0);
}

static const struct address_case {
	const char *name;
	u_int8_t len, family;
	u_int16_t port;
	errno_t error;
} address_cases[] = {
	{ "length 16",	16,  AF_INET6, 80, EINVAL },
	{ "length 27",	27,  AF_INET6, 80, EINVAL },
	{ "length 29",	29,  AF_INET6, 80, EINVAL },
	{ "length 0",	0,   AF_INET6, 80, EINVAL },
	{ "inet",	28,  AF_INET,  80, EAFNOSUPPORT },
	{ "port 0",	28,  AF_INET6, 0,  EADDRNOTAVAIL },
};

void inet6_bad_addresses(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM);
	const struct address_case *c;
	union {
		struct sockaddr_in6 sin6;
		u_int8_t room[64];
	} to;

	for (c = address_cases; c < address_cases + sizeof(address_cases) / sizeof(*c); c++) {
		errno_t error;

		bzero(&to, sizeof(to));
		st_in6(&to.sin6, c->port);
		to.sin6.sin6_len = c->len;
		to.sin6.sin6_family = c->family;
		error = sock_connect(so, (struct sockaddr *)&to, MSG_DONTWAIT);
		if (error != c->error)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
	}
	st_in6(&to.sin6, 80);
	to.sin6.sin6_addr.__u6_addr.__u6_addr8[0] = 0xff;
	to.sin6.sin6_addr.__u6_addr.__u6_addr8[1] = 0x02;
	EXPECT_EQ(test, sock_connect(so, (struct sockaddr *)&to, MSG_DONTWAIT), EAFNOSUPPORT);
}

void inet6_unbound_names(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET6, SOCK_STREAM);
	struct sockaddr_in6 name;

	memset(&name, 0xee, sizeof(name));
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, name.sin6_len, 28);
	EXPECT_EQ(test, name.sin6_family, AF_INET6);
	EXPECT_EQ(test, name.sin6_port, 0);
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), ENOTCONN);
}

/* Dual stack: an IPv4 client of an IPv6 listener has a mapped address. */
void mapped_client(struct kunit *test)
{
	socket_t listener = st_socket(test, AF_INET6, SOCK_STREAM), so = NULL;
	struct sockaddr_in6 name;

	st_in6(&name, 0);
	name.sin6_addr = in6addr_any;
	ASSERT_EQ(test, sock_bind(listener, (struct sockaddr *)&name), 0);
	ASSERT_EQ(test, sock_listen(listener, 1), 0);
	st_client(test, st_port(test, listener));
	ASSERT_EQ(test, sock_accept(listener, (struct sockaddr *)&name, sizeof(name), 0,
				    NULL, NULL, &so), 0);
	st_track(test, so);
	EXPECT_EQ(test, name.sin6_len, 28);
	EXPECT_EQ(test, name.sin6_family, AF_INET6);
	EXPECT_EQ(test, name.sin6_addr.__u6_addr.__u6_addr16[5], 0xffff);
}

void inet6_control_data(struct kunit *test)
{
	socket_t so = st_socket(test, AF_INET6, SOCK_DGRAM);
	struct st_peer *peer = st_peer(test, AF_INET6, SOCK_DGRAM);
	u_int8_t buf[10], control[64];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct sockaddr_in6 name;
	struct cmsghdr *cmsg;
	size_t len;

	ASSERT_EQ(test, st_set(so, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1), 0);
	ASSERT_EQ(test, sock_bind(so, st_in6(&name, 0)), 0);
	ASSERT_EQ(test, st_peer_send_to(peer, st_port(test, so), "x", 1), 1);
	EXPECT_EQ(test, sock_receive(so, &msg, 0, &len), 0);
	cmsg = CMSG_FIRSTHDR(&msg);
	ASSERT(test, cmsg != NULL);
	EXPECT_EQ(test, cmsg->cmsg_level, IPPROTO_IPV6);
	EXPECT_EQ(test, cmsg->cmsg_type, IPV6_PKTINFO);
	EXPECT_EQ(test, cmsg->cmsg_len, CMSG_LEN(20));
	EXPECT(test, !memcmp(CMSG_DATA(cmsg), &in6addr_loopback, 16));
}
