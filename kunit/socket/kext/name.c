// SPDX-License-Identifier: GPL-2.0
/* Scenarios: names. */

#include "scenario.h"

void NAM1_unbound(struct kunit *test)
{
	struct sockaddr_in name;
	socket_t so = st_stream(test);

	memset(&name, 0xee, sizeof(name));
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, name.sin_len, 16);
	EXPECT_EQ(test, name.sin_family, AF_INET);
	EXPECT_EQ(test, name.sin_port, 0);
	EXPECT_EQ(test, name.sin_addr.s_addr, 0);
	EXPECT_EQ(test, sock_getpeername(so, (struct sockaddr *)&name, sizeof(name)), ENOTCONN);
}

void NAM2_bind_twice(struct kunit *test)
{
	struct sockaddr_in sin;
	socket_t so = st_stream(test);

	EXPECT_EQ(test, sock_bind(so, st_in(&sin, 0)), 0);
	EXPECT_EQ(test, sock_bind(so, st_in(&sin, 0)), EINVAL);
	EXPECT(test, st_port(test, so) != 0);
	EXPECT_EQ(test, sin.sin_port, 0);

	/* before anybody looks whose address it is */
	st_in_at(&sin, 0xcb007101, 0);		/* 203.0.113.1 */
	EXPECT_EQ(test, sock_bind(so, (struct sockaddr *)&sin), EINVAL);
	EXPECT_EQ(test, sock_bind(st_stream(test), (struct sockaddr *)&sin), EADDRNOTAVAIL);
}

void NAM3_in_use(struct kunit *test)
{
	struct sockaddr_in sin;
	u_int16_t port;

	st_listener(test, &port);
	EXPECT_EQ(test, sock_bind(st_stream(test), st_in(&sin, port)), EADDRINUSE);
}

void NAM4_name_length(struct kunit *test)
{
	u_int8_t name[16];
	socket_t so = st_stream(test);
	int i;

	memset(name, 0xee, sizeof(name));
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)name, 4), 0);
	EXPECT_EQ(test, name[0], 16);
	EXPECT_EQ(test, name[1], AF_INET);
	for (i = 4; i < 16; i++)
		EXPECT_EQ(test, name[i], 0xee);
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)name, -1), EINVAL);
	EXPECT_EQ(test, sock_getsockname(so, NULL, 16), EINVAL);
	EXPECT_EQ(test, sock_getsockname(so, (struct sockaddr *)name, 0), 0);
}

static const struct bind_case {
	const char *name;
	u_int8_t len, family;
	u_int32_t host;
	errno_t error;
} bind_cases[] = {
	{ "length 0",	0,   AF_INET,	INADDR_LOOPBACK, EINVAL },
	{ "length 15",	15,  AF_INET,	INADDR_LOOPBACK, EINVAL },
	{ "length 28",	28,  AF_INET,	INADDR_LOOPBACK, EINVAL },
	{ "length 255",	255, AF_INET,	INADDR_LOOPBACK, EINVAL },
	{ "inet6",	16,  AF_INET6,	INADDR_LOOPBACK, EAFNOSUPPORT },
	{ "unix",	16,  AF_UNIX,	INADDR_LOOPBACK, EAFNOSUPPORT },
	{ "multicast",	16,  AF_INET,	0xe0000001,	 EAFNOSUPPORT },
	{ "broadcast",	16,  AF_INET,	0xffffffff,	 EAFNOSUPPORT },
	{ "not local",	16,  AF_INET,	0xc0000201,	 EADDRNOTAVAIL },
	{ "no family",	16,  AF_UNSPEC,	INADDR_LOOPBACK, 0 },
};

void bind_table(struct kunit *test)
{
	const struct bind_case *c;
	union {
		struct sockaddr_in sin;
		u_int8_t room[256];
	} to;

	EXPECT_EQ(test, sock_bind(st_stream(test), NULL), EINVAL);
	for (c = bind_cases; c < bind_cases + sizeof(bind_cases) / sizeof(*c); c++) {
		errno_t error;

		bzero(&to, sizeof(to));
		st_in_at(&to.sin, c->host, 0);
		to.sin.sin_len = c->len;
		to.sin.sin_family = c->family;
		error = sock_bind(st_stream(test), (struct sockaddr *)&to);
		if (error != c->error)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
	}
}

void allocated_addresses(struct kunit *test)
{
	struct sockaddr *sa = NULL;
	struct st_tcp t;
	u_int16_t port;
	socket_t listener = st_listener(test, &port);

	st_tcp(test, &t);
	ASSERT_EQ(test, sock_getaddr(t.so, &sa, 1), 0);
	EXPECT_EQ(test, ntohs(((struct sockaddr_in *)sa)->sin_port), st_peer_port(t.peer));
	sock_freeaddr(sa);
	ASSERT_EQ(test, sock_getaddr(listener, &sa, 0), 0);
	EXPECT_EQ(test, sa->sa_len, 16);
	EXPECT_EQ(test, ntohs(((struct sockaddr_in *)sa)->sin_port), port);
	sock_freeaddr(sa);
	ASSERT_EQ(test, sock_getaddr(listener, &sa, 1), 0);
	EXPECT_EQ(test, ((struct sockaddr_in *)sa)->sin_port, 0);
	sock_freeaddr(sa);
	sock_freeaddr(NULL);
	EXPECT_EQ(test, sock_getaddr(NULL, &sa, 1), EINVAL);
	EXPECT_EQ(test, sock_getaddr(listener, NULL, 1), EINVAL);
}

void peer_name_follows_connection(struct kunit *test)
{
	struct sockaddr_in name;
	struct st_tcp t;

	st_tcp(test, &t);
	EXPECT_EQ(test, sock_getpeername(t.so, (struct sockaddr *)&name, sizeof(name)), 0);
	EXPECT_EQ(test, sock_getpeername(t.so, (struct sockaddr *)&name, -1), EINVAL);
	EXPECT_EQ(test, sock_getpeername(t.so, NULL, 16), EINVAL);
	st_peer_reset(t.peer);
	SETTLES(test, !sock_isconnected(t.so));
	EXPECT_EQ(test, sock_getpeername(t.so, (struct sockaddr *)&name, sizeof(name)), ENOTCONN);
}
