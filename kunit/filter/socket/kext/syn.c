// SPDX-License-Identifier: GPL-2.0
/* Scenarios: connections that others begin, before there is one. */

#include <sys/socket.h>

#include "filter.h"

#define CONNECTED	1	/* TCP_ESTABLISHED */
#define ASKED		2	/* TCP_SYN_SENT */

static int let_go;

/* The filter does not answer until it is let go. */
static void waits(struct ft_filter *f, enum ft_call call, socket_t so)
{
	while (call == FT_CONNECT_IN && !__atomic_load_n(&let_go, __ATOMIC_ACQUIRE))
		kt_pause_ms(1);
}

static struct ft_sock *listener_of(int family)
{
	struct ft_sock *s = ft_open(family, SOCK_STREAM, IPPROTO_TCP);

	EXPECT_EQ(ft_bind(s, 0), 0);
	EXPECT_EQ(ft_listen(s), 0);
	return s;
}

static struct ft_sock *client_of(struct ft_sock *listener, int family)
{
	struct ft_sock *s = ft_open(family, SOCK_STREAM, IPPROTO_TCP);

	EXPECT_EQ(ft_connect(s, ft_linux_port(listener, 0), 1), -EINPROGRESS);
	return s;
}

static struct ft_filter *asked_filter(int domain)
{
	struct ft_filter *f = ft_filter(1);

	ft_see_syns(f);
	EXPECT_EQ(ft_register_as(f, domain, SOCK_STREAM, IPPROTO_TCP), 0);
	return f;
}

static void talk(struct ft_sock *a, struct ft_sock *b)
{
	char buf[8] = "";

	EXPECT_EQ(ft_send(a, "hello", 6, 0), 6);
	EXPECT_EQ(ft_recv(b, buf, sizeof(buf), 0), 6);
	EXPECT_STR(buf, "hello");
}

static struct ft_sock *accepted(struct ft_sock *listener)
{
	struct ft_sock *s = NULL;
	int err;

	SETTLES((s = ft_accept(listener, &err)));
	return s;
}

/* Refused, and let in when it tries again. */
static void refused_and_let_in(int family)
{
	struct ft_filter *f = asked_filter(family);
	struct ft_sock *listener = listener_of(family), *client, *s;
	int err;

	f->say[FT_CONNECT_IN] = EPERM;
	client = client_of(listener, family);
	SETTLES(f->seen[FT_CONNECT_IN] > 0);
	EXPECT_EQ(f->port, ft_linux_port(client, 0));
	EXPECT_EQ(ft_state(client), ASKED);
	EXPECT(!ft_accept(listener, &err));
	EXPECT_EQ(err, -EAGAIN);
	EXPECT_EQ(f->seen[FT_ATTACH], 2);

	f->say[FT_CONNECT_IN] = 0;
	SETTLES(ft_state(client) == CONNECTED);
	EXPECT(f->seen[FT_CONNECT_IN] >= 2);
	s = accepted(listener);
	EXPECT(!ft_same_tcp(s, listener));
	talk(client, s);
	talk(s, client);
	ft_unregister(f);
	EXPECT_EQ(f->wrong_cookie, 0);
}

static void S16_connection_refused(void)
{
	refused_and_let_in(PF_INET);
}

static void S16_connection_refused_by_IPv6(void)
{
	refused_and_let_in(PF_INET6);
}

/* EJUSTRETURN says no, too; nobody is asked who did not want to be. */
static void just_return_is_a_no(void)
{
	struct ft_filter *f, *silent = ft_filter(2);
	struct ft_sock *listener, *client;

	f = asked_filter(PF_INET);
	EXPECT_EQ(ft_register(silent), 0);
	listener = listener_of(PF_INET);
	f->say[FT_CONNECT_IN] = EJUSTRETURN;
	client = client_of(listener, PF_INET);
	SETTLES(f->seen[FT_CONNECT_IN] > 0);
	EXPECT_EQ(ft_state(client), ASKED);
	EXPECT_EQ(silent->seen[FT_CONNECT_IN], 0);
	ft_unregister(f);
	SETTLES(ft_state(client) == CONNECTED);
	ft_unregister(silent);
}

/* One answer that takes long keeps no other connection waiting. */
static void slow_answer(void)
{
	struct ft_filter *f = asked_filter(PF_INET);
	struct ft_sock *listener = listener_of(PF_INET), *first, *second;

	let_go = 0;
	f->within = waits;
	first = client_of(listener, PF_INET);
	SETTLES(f->seen[FT_CONNECT_IN] == 1);
	f->within = NULL;
	second = client_of(listener, PF_INET);
	SETTLES(ft_state(second) == CONNECTED);
	EXPECT_EQ(ft_state(first), ASKED);
	let_go = 1;
	SETTLES(ft_state(first) == CONNECTED);
	ft_unregister(f);
}

/* Its SYN comes again meanwhile: that is no other connection. */
static void tries_again(void)
{
	struct ft_filter *f = asked_filter(PF_INET);
	struct ft_sock *listener = listener_of(PF_INET), *client, *s;

	let_go = 0;
	f->within = waits;
	client = client_of(listener, PF_INET);
	SETTLES(ft_retries(client) > 0);
	EXPECT_EQ(f->seen[FT_CONNECT_IN], 1);
	let_go = 1;
	SETTLES(ft_state(client) == CONNECTED);
	s = accepted(listener);
	talk(client, s);
	talk(s, client);
	ft_unregister(f);
	EXPECT_EQ(f->seen[FT_CONNECT_IN], 1);
}

/* The filter goes when its answer is there; the connection has no use for it any more. */
static void unregistered_meanwhile(void)
{
	struct ft_filter *f = asked_filter(PF_INET);
	struct ft_sock *listener = listener_of(PF_INET), *client;

	let_go = 0;
	f->within = waits;
	client = client_of(listener, PF_INET);
	SETTLES(f->seen[FT_CONNECT_IN] == 1);
	EXPECT_EQ(sflt_unregister(f->f.sf_handle), 0);
	EXPECT_EQ(f->seen[FT_GONE], 0);
	let_go = 1;
	SETTLES(f->seen[FT_GONE] == 1);
	SETTLES(ft_state(client) == CONNECTED);
}

static void closed_meanwhile(void)
{
	struct ft_filter *f = asked_filter(PF_INET);
	struct ft_sock *listener = listener_of(PF_INET), *client;

	let_go = 0;
	f->within = waits;
	client = client_of(listener, PF_INET);
	SETTLES(f->seen[FT_CONNECT_IN] == 1);
	ft_close(listener);
	EXPECT_EQ(f->seen[FT_ACCEPT], 0);
	let_go = 1;
	SETTLES(ft_state(client) != ASKED);	/* nobody is there when it tries again */
	EXPECT(ft_state(client) != CONNECTED);
	ft_close(client);
	EXPECT_EQ(ft_attached(f), 0);
	ft_unregister(f);
}

/* A filter comes to a socket of a kext that listens already. */
static void own_listener(void)
{
	struct sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *client = ft_tcp();
	socket_t so = NULL;

	EXPECT_EQ(sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &so), 0);
	EXPECT_EQ(sock_bind(so, (struct sockaddr *)&sin), 0);
	EXPECT_EQ(sock_listen(so, 4), 0);
	EXPECT_EQ(sock_getsockname(so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	ft_see_syns(f);
	f->f.sf_flags = SFLT_EXTENDED;
	f->say[FT_CONNECT_IN] = EACCES;
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), 0);
	EXPECT_EQ(ft_connect(client, ntohs(sin.sin_port), 1), -EINPROGRESS);
	SETTLES(f->seen[FT_CONNECT_IN] > 0);
	EXPECT_EQ(ft_state(client), ASKED);
	EXPECT_EQ(sflt_detach(so, f->f.sf_handle), 0);
	SETTLES(ft_state(client) == CONNECTED);
	sock_close(so);
	ft_unregister(f);
}

const struct kt_case sflt_connect_in_cases[] = {
	{ "S16_connection_refused", S16_connection_refused },
	{ "S16_connection_refused_by_IPv6", S16_connection_refused_by_IPv6 },
	{ "just_return_is_a_no", just_return_is_a_no },
	{ "slow_answer", slow_answer },
	{ "tries_again", tries_again },
	{ "unregistered_meanwhile", unregistered_meanwhile },
	{ "closed_meanwhile", closed_meanwhile },
	{ "own_listener", own_listener },
	{}
};
