// SPDX-License-Identifier: GPL-2.0
/* Scenarios: calls that filters see, change, or refuse. */

#include "filter.h"

static void S8_order(void)
{
	struct ft_filter *f1 = ft_filter(1), *f2 = ft_filter(2);
	struct ft_sock *listener = ft_tcp(), *s;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	EXPECT_EQ(ft_register(f1), 0);
	EXPECT_EQ(ft_register(f2), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, ft_port(listener, 0), 0), 0);
	EXPECT_STR(ft_log, "1a 2a 2c 1c");
	ft_unregister(f1);
	ft_unregister(f2);
}

static void S10_connect_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener = ft_tcp(), *s;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	EXPECT_EQ(ft_register(f), 0);
	f->say[FT_CONNECT_OUT] = ECONNREFUSED;
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, ft_port(listener, 0), 0), -ECONNREFUSED);
	EXPECT_EQ(ft_linux_port(s, 0), 0);	/* nothing was begun */
	EXPECT_EQ(f->port, ft_port(listener, 0));
	f->say[FT_CONNECT_OUT] = 0;
	EXPECT_EQ(ft_connect(s, ft_port(listener, 0), 0), 0);
	EXPECT_EQ(f->seen[FT_CONNECT_OUT], 2);
	ft_unregister(f);
}

static void S11_connect_skipped(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	f->say[FT_CONNECT_OUT] = EJUSTRETURN;
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, 9, 0), 0);
	EXPECT_EQ(ft_port(s, 1), -ENOTCONN);
	EXPECT_EQ(ft_send(s, "x", 1, 0), -EPIPE);
	ft_unregister(f);
}

static void S12_connect_redirected(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener = ft_tcp(), *s;
	int port;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	port = ft_port(listener, 0);
	EXPECT_EQ(ft_register(f), 0);
	f->redirect = port;
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, 80, 0), 0);
	EXPECT_EQ(f->port, 80);
	EXPECT_EQ(ft_port(s, 1), port);
	EXPECT_EQ(ft_linux_port(s, 1), port);
	ft_unregister(f);
}

/* Once for each attempt, however often the program asks. */
static void connect_is_asked_once(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener = ft_tcp(), *s;
	int port;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	port = ft_port(listener, 0);
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, port, 0), 0);
	EXPECT_EQ(ft_connect(s, port, 0), -EISCONN);
	EXPECT_EQ(ft_connect(s, port, 1), -EISCONN);
	EXPECT_EQ(f->seen[FT_CONNECT_OUT], 1);
	ft_unregister(f);
}

static void udp_connects_again(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), 0);
	s = ft_udp();
	EXPECT_EQ(ft_connect(s, 4711, 0), 0);
	EXPECT_EQ(ft_connect(s, 4712, 0), 0);
	EXPECT_EQ(f->seen[FT_CONNECT_OUT], 2);
	EXPECT_EQ(f->port, 4712);
	f->say[FT_CONNECT_OUT] = EPERM;
	EXPECT_EQ(ft_connect(s, 4713, 0), -EPERM);
	EXPECT_EQ(ft_port(s, 1), 4712);
	EXPECT_STR(f->events, "bCC");
	ft_unregister(f);
}

static void waits(struct ft_filter *f, enum ft_call call, socket_t so)
{
	while (call == FT_CONNECT_OUT && f->redirect == 9)
		kt_pause_ms(1);
}

static void connects(void *arg)
{
	EXPECT_EQ(ft_connect(arg, 9, 0), -ECONNREFUSED);
}

/* A function that waits keeps its own caller; the layer keeps the kext until it is over. */
static void S13_S34_connect_waits(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s, *other;
	struct ft_thread *thread;

	f->within = waits;
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	other = ft_tcp();
	f->redirect = 9;
	thread = ft_thread(connects, s);
	SETTLES(f->seen[FT_CONNECT_OUT] == 1);
	EXPECT_EQ(ft_bind(other, 0), 0);
	EXPECT_EQ(sflt_unregister(f->f.sf_handle), 0);
	SETTLES(f->seen[FT_DETACH] == 1);	/* the other socket's */
	EXPECT_EQ(f->seen[FT_GONE], 0);
	EXPECT_EQ(kt_held(KT_FILTERS), 1);		/* which a stop is refused for */
	f->redirect = 0;
	ft_join(thread);
	SETTLES(f->seen[FT_GONE] == 1);
	EXPECT_EQ(f->seen[FT_DETACH], 2);
	SETTLES(kt_held(KT_FILTERS) == 0);
}

static void S14_bind_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	f->say[FT_BIND] = EADDRINUSE;
	EXPECT_EQ(ft_bind(s, 0), -EADDRINUSE);
	EXPECT_EQ(ft_linux_port(s, 0), 0);
	f->say[FT_BIND] = 0;
	EXPECT_EQ(ft_bind(s, 0), 0);
	EXPECT(ft_linux_port(s, 0) > 0);
	ft_unregister(f);
}

static void S15_listen_skipped(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener, *s;

	EXPECT_EQ(ft_register(f), 0);
	listener = ft_tcp();
	EXPECT_EQ(ft_bind(listener, 0), 0);
	f->say[FT_LISTEN] = EJUSTRETURN;
	EXPECT_EQ(ft_listen(listener), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, ft_linux_port(listener, 0), 0), -ECONNREFUSED);
	f->say[FT_LISTEN] = EACCES;
	EXPECT_EQ(ft_listen(listener), -EACCES);
	ft_unregister(f);
}

/* A listener of the program, and one connection that waits there. */
static struct ft_sock *listener_with_client(struct ft_sock **client)
{
	struct ft_sock *listener = ft_tcp();

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	*client = ft_tcp();
	EXPECT_EQ(ft_connect(*client, ft_linux_port(listener, 0), 0), 0);
	return listener;
}

static void S17_accepted_for_nothing(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener, *client, *s;
	char c;
	int err;

	EXPECT_EQ(ft_register(f), 0);
	f->say[FT_ACCEPT] = EJUSTRETURN;
	listener = listener_with_client(&client);
	s = ft_accept(listener, &err);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(f->seen[FT_ACCEPT], 1);
	EXPECT_EQ(f->port, ft_linux_port(client, 0));
	EXPECT_EQ(ft_recv(s, &c, 1, 0), 0);
	EXPECT_EQ(ft_recv(client, &c, 1, 0), 0);
	ft_unregister(f);
}

static void S18_accept_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener, *client;
	char c;
	int err;

	EXPECT_EQ(ft_register(f), 0);
	f->say[FT_ACCEPT] = EACCES;
	listener = listener_with_client(&client);
	EXPECT_EQ(ft_attached(f), 2);
	EXPECT(!ft_accept(listener, &err));
	EXPECT_EQ(err, -EACCES);
	EXPECT_EQ(ft_attached(f), 2);		/* the connection came and went */
	EXPECT_EQ(f->seen[FT_ATTACH], 3);
	EXPECT_EQ(ft_recv(client, &c, 1, 0), 0);
	ft_unregister(f);
}

/* What an accepted connection has is its own. */
static void accepted_is_attached(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener, *client, *s;
	int err;

	EXPECT_EQ(ft_register(f), 0);
	listener = listener_with_client(&client);
	memset(f->events, 0, sizeof(f->events));
	s = ft_accept(listener, &err);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 3);
	EXPECT_STR(f->events, "C");
	EXPECT_EQ(ft_is_wrapped(s), 1);
	ft_close(listener);
	ft_close(s);
	ft_close(client);
	EXPECT_EQ(ft_attached(f), 0);
	ft_unregister(f);
}

/* The listener's operations are not for a connection that nobody filters. */
static void accepted_without_filters(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener, *client, *s;
	int err;

	EXPECT_EQ(ft_register(f), 0);
	listener = listener_with_client(&client);
	ft_unregister(f);
	s = ft_accept(listener, &err);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(ft_is_wrapped(listener), 1);
	EXPECT_EQ(ft_is_wrapped(s), 0);
	EXPECT_EQ(ft_send(client, "x", 1, 0), 1);
}

static void refuses_nodelay(struct ft_filter *f, sockopt_t opt)
{
	int value = 0;
	char more[8];

	f->say[FT_SETOPTION] = 0;
	f->say[FT_GETOPTION] = 0;
	if (sockopt_level(opt) != IPPROTO_TCP || sockopt_name(opt) != TCP_NODELAY)
		return;
	if (sockopt_direction(opt) == sockopt_set) {
		EXPECT_EQ(sockopt_valsize(opt), sizeof(value));
		EXPECT_EQ(sockopt_copyin(opt, more, sizeof(more)), EINVAL);	/* S30 */
		EXPECT_EQ(sockopt_copyin(opt, &value, sizeof(value)), 0);
		EXPECT_EQ(value, 1);
		f->say[FT_SETOPTION] = EPERM;
	} else {
		value = 4711;
		EXPECT_EQ(sockopt_copyout(opt, &value, sizeof(value)), 0);
		f->say[FT_GETOPTION] = EJUSTRETURN;
	}
}

static void S28_setoption_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	f->option = refuses_nodelay;
	s = ft_tcp();
	EXPECT_EQ(ft_setopt(s, IPPROTO_TCP, TCP_NODELAY, 1), -EPERM);
	EXPECT_EQ(ft_setopt(s, IPPROTO_TCP, TCP_MAXSEG, 1000), 0);
	EXPECT_EQ(ft_setopt(s, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT(f->seen[FT_SETOPTION] >= 2);
	ft_unregister(f);
	EXPECT_EQ(ft_setopt(s, IPPROTO_TCP, TCP_NODELAY, 1), 0);
}

static void S29_getoption_answered(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;
	int value = 0, len = 100, err;

	EXPECT_EQ(ft_register(f), 0);
	f->option = refuses_nodelay;
	s = ft_tcp();
	err = ft_getopt(s, IPPROTO_TCP, TCP_NODELAY, &value, &len);
	if (err == -ENOSYS) {
		kt_skip("this kernel's KUnit has no user memory");
		return;
	}
	EXPECT_EQ(err, 0);
	EXPECT_EQ(value, 4711);
	EXPECT_EQ(len, 4);
	len = 4;
	EXPECT_EQ(ft_getopt(s, IPPROTO_TCP, TCP_MAXSEG, &value, &len), 0);
	EXPECT(value != 4711);
	ft_unregister(f);
}

static void S31_name_changed(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;
	int port;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_bind(s, 0), 0);
	port = ft_port(s, 0);
	EXPECT_EQ(port, ft_linux_port(s, 0));
	f->rename = 4711;
	EXPECT_EQ(ft_port(s, 0), 4711);
	f->say[FT_SOCKNAME] = EJUSTRETURN;
	EXPECT_EQ(ft_port(s, 0), 4711);
	f->say[FT_SOCKNAME] = EPERM;
	EXPECT_EQ(ft_port(s, 0), -EPERM);
	EXPECT_EQ(ft_port(s, 1), -ENOTCONN);
	EXPECT_EQ(f->seen[FT_PEERNAME], 0);
	ft_unregister(f);
}

static int has_event(const struct ft_filter *f, char event)
{
	const char *e;

	for (e = f->events; *e; e++)
		if (*e == event)
			return 1;
	return 0;
}

static void S32_events(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *listener = ft_tcp(), *s, *peer;
	int err;

	EXPECT_EQ(ft_bind(listener, 0), 0);
	EXPECT_EQ(ft_listen(listener), 0);
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_connect(s, ft_port(listener, 0), 0), 0);
	peer = ft_accept(listener, &err);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(ft_shutdown(s, 1), 0);
	EXPECT_STR(f->events, "bcC1w");
	ft_close(peer);
	SETTLES(strlen(f->events) >= 6);
	EXPECT_EQ(f->events[5], 'r');
	ft_close(s);
	EXPECT(has_event(f, 'x'));
	EXPECT(has_event(f, 'f'));
	ft_unregister(f);
}

/* What a filter's function may ask of its socket. */
static void asks(struct ft_filter *f, enum ft_call call, socket_t so)
{
	struct sockaddr_in sin;
	int domain = 0, type = 0, protocol = 0;

	if (call == FT_DETACH || call == FT_GONE)
		return;
	EXPECT_EQ(sock_gettype(so, &domain, &type, &protocol), 0);
	EXPECT_EQ(domain, AF_INET);
	EXPECT_EQ(type, SOCK_STREAM);
	EXPECT_EQ(protocol, IPPROTO_TCP);
	EXPECT_EQ(sock_getsockname(so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(sock_iskernel(so), 0);
	sock_retain(so);
	sock_release(so);
}

static void S35_asks_its_socket(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];

	f->within = asks;
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	ft_close(pair[0]);
	ft_close(pair[1]);
	ft_unregister(f);
}

/* A handle that was retained stays when the program has closed its socket. */
static void retained_beyond_the_end(void)
{
	struct ft_filter *f = ft_filter(1);
	struct sockaddr_in sin;
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	sock_retain(f->so);
	ft_close(s);
	EXPECT_EQ(f->seen[FT_DETACH], 1);
	EXPECT_EQ(sock_getsockname(f->so, (struct sockaddr *)&sin, sizeof(sin)), EINVAL);
	sock_release(f->so);
	ft_unregister(f);
}

static void closed_by_the_kext(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_MISUSE(1, sock_close(f->so));
	EXPECT_MISUSE(1, sock_release(f->so));
	EXPECT_EQ(ft_bind(s, 0), 0);
	ft_unregister(f);
}

static void nonsense_results(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	f->say[FT_BIND] = -5;
	EXPECT_EQ(ft_bind(s, 0), -EINVAL);
	f->say[FT_BIND] = 1000000;
	EXPECT_EQ(ft_bind(s, 0), -EINVAL);
	f->say[FT_BIND] = 0;
	EXPECT_EQ(ft_bind(s, 0), 0);
	ft_unregister(f);
}

static void S37_before_tls(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[8] = "";
	int err;

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT(ft_ulp(pair[0], "nonsense") < 0);	/* is no way to be rid of a filter */
	EXPECT_EQ(ft_is_wrapped(pair[0]), 1);
	SETTLES(ft_attached(f) == 2);
	err = ft_ulp(pair[0], "tls");
	if (err == -ENOENT) {
		kt_skip("this kernel has no TLS");
		return;
	}
	EXPECT_EQ(err, 0);
	EXPECT_EQ(ft_is_wrapped(pair[0]), 0);
	SETTLES(ft_attached(f) == 1);
	EXPECT_EQ(ft_send(pair[0], "plain", 6, 0), 6);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 6);
	EXPECT_STR(buf, "plain");
	ft_close(pair[0]);
	ft_close(pair[1]);
	EXPECT_EQ(ft_attached(f), 0);
	ft_unregister(f);
}

/* What cannot be is refused with the filters on: nobody reads past them meanwhile. */
static void ulps_that_cannot_be(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	int detached;

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	SETTLES(ft_attached(f) == 2);
	detached = f->seen[FT_DETACH];
	EXPECT_EQ(ft_ulp(pair[0], "nonsense"), -ENOENT);
	EXPECT_EQ(ft_ulp(pair[0], "a name of more than 16 letters"), -ENOENT);
	EXPECT_EQ(ft_ulp(pair[0], ""), -EINVAL);
	EXPECT_EQ(ft_send(pair[1], "x", 1, 0), 1);
	ft_close(pair[1]);
	EXPECT(ft_ulp(pair[0], "tls") < 0);
	SETTLES(f->seen[FT_DETACH] == detached + 1);
	EXPECT_EQ(ft_attached(f), 1);
	ft_close(pair[0]);
	ft_unregister(f);
}

static void families_that_cannot_be(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s, *a, *b;
	int err;

	EXPECT_EQ(ft_register_as(f, PF_INET6, SOCK_STREAM, IPPROTO_TCP), 0);
	s = ft_open(PF_INET6, SOCK_STREAM, IPPROTO_TCP);
	a = ft_open(PF_INET6, SOCK_STREAM, IPPROTO_TCP);
	EXPECT_EQ(ft_addrform(s, PF_INET), -ENOTCONN);
	EXPECT_EQ(ft_addrform(s, PF_INET6), -EINVAL);
	EXPECT_EQ(ft_bind(s, 0), 0);
	EXPECT_EQ(ft_listen(s), 0);
	EXPECT_EQ(ft_connect(a, ft_port(s, 0), 0), 0);
	b = ft_accept(s, &err);
	EXPECT_EQ(ft_addrform(a, PF_INET), -EADDRNOTAVAIL);
	EXPECT_EQ(f->seen[FT_DETACH], 0);
	ft_close(b);
	ft_unregister(f);
}

/* Also for a socket that no filter is on, and that is as Linux made it. */
static void a_program_asks_for_it(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s = ft_tcp(), *other = ft_open(PF_INET6, SOCK_DGRAM, IPPROTO_UDP);

	EXPECT(ft_nke(s, IPPROTO_IP, f->f.sf_handle, 28) < 0);
	f->f.sf_flags = SFLT_EXTENDED;
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 0);
	EXPECT_EQ(ft_nke(s, IPPROTO_IP, f->f.sf_handle + 1, 28), -EINVAL);
	EXPECT_EQ(ft_nke(s, IPPROTO_IP, f->f.sf_handle, 27), -EINVAL);
	EXPECT_EQ(ft_nke(s, IPPROTO_IP, f->f.sf_handle, 28), 0);
	EXPECT_EQ(ft_nke(s, IPPROTO_IP, f->f.sf_handle, 28), -EEXIST);
	EXPECT_EQ(f->seen[FT_ATTACH], 1);
	f->say[FT_CONNECT_OUT] = EPERM;
	EXPECT_EQ(ft_connect(s, 9, 0), -EPERM);
	EXPECT_EQ(ft_nke(other, IPPROTO_IPV6, f->f.sf_handle, 28), 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 2);
	ft_unregister(f);
	EXPECT_EQ(f->seen[FT_DETACH], 2);
}

const struct kt_case sflt_decide_cases[] = {
	{ "a_program_asks_for_it", a_program_asks_for_it },
	{ "S8_order", S8_order },
	{ "S10_connect_refused", S10_connect_refused },
	{ "S11_connect_skipped", S11_connect_skipped },
	{ "S12_connect_redirected", S12_connect_redirected },
	{ "connect_is_asked_once", connect_is_asked_once },
	{ "udp_connects_again", udp_connects_again },
	{ "S13_S34_connect_waits", S13_S34_connect_waits },
	{ "S14_bind_refused", S14_bind_refused },
	{ "S15_listen_skipped", S15_listen_skipped },
	{ "S17_accepted_for_nothing", S17_accepted_for_nothing },
	{ "S18_accept_refused", S18_accept_refused },
	{ "accepted_is_attached", accepted_is_attached },
	{ "accepted_without_filters", accepted_without_filters },
	{ "S28_S30_setoption_refused", S28_setoption_refused },
	{ "S29_getoption_answered", S29_getoption_answered },
	{ "S31_name_changed", S31_name_changed },
	{ "S32_events", S32_events },
	{ "S35_asks_its_socket", S35_asks_its_socket },
	{ "retained_beyond_the_end", retained_beyond_the_end },
	{ "closed_by_the_kext", closed_by_the_kext },
	{ "nonsense_results", nonsense_results },
	{ "S37_before_tls", S37_before_tls },
	{ "ulps_that_cannot_be", ulps_that_cannot_be },
	{ "families_that_cannot_be", families_that_cannot_be },
	{}
};
