// SPDX-License-Identifier: GPL-2.0
/* Scenarios: filters come and go, and so do their sockets. */

#include "filter.h"

static void S1_only_inet(void)
{
	struct ft_filter *f = ft_filter(1);

	EXPECT_EQ(ft_register_as(f, PF_LOCAL, SOCK_STREAM, 0), ENOTSUP);
	EXPECT_EQ(ft_register_as(f, 4711, SOCK_STREAM, IPPROTO_TCP), ENOTSUP);
}

static void S2_protocol_is_exact(void)
{
	struct ft_filter *f = ft_filter(1);

	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_STREAM, 0), ENOENT);
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_STREAM, IPPROTO_UDP), ENOENT);
	EXPECT_EQ(ft_register_as(f, PF_INET6, SOCK_DGRAM, IPPROTO_TCP), ENOENT);
	EXPECT_EQ(ft_register_as(f, PF_INET, 99, IPPROTO_TCP), ENOENT);
	EXPECT_EQ(ft_register_as(f, PF_INET, SOCK_RAW, 200), 0);
	ft_unregister(f);
	EXPECT_EQ(ft_register_as(f, PF_INET6, SOCK_DGRAM, IPPROTO_UDP), 0);
	ft_unregister(f);
}

static void S3_what_must_be_there(void)
{
	struct ft_filter *f = ft_filter(1);

	f->f.sf_detach = NULL;
	EXPECT_EQ(ft_register(f), EINVAL);
	EXPECT_EQ(ft_register_as(f, PF_LOCAL, SOCK_STREAM, 0), ENOTSUP);	/* looked at first */
	f = ft_filter(1);
	f->f.sf_attach = NULL;
	EXPECT_EQ(ft_register(f), EINVAL);
	f = ft_filter(1);
	f->f.sf_handle = 0;
	EXPECT_EQ(ft_register(f), EINVAL);
	f = ft_filter(1);
	f->f.sf_name = NULL;
	EXPECT_EQ(ft_register(f), EINVAL);
	EXPECT_EQ(sflt_register(NULL, PF_INET, SOCK_STREAM, IPPROTO_TCP), EINVAL);
	EXPECT_EQ(kt_held(KT_FILTERS), 0);
}

static void S4_handle_is_unique(void)
{
	struct ft_filter *f = ft_filter(1), *twin = ft_filter(2);

	EXPECT_EQ(ft_register(f), 0);
	twin->f.sf_handle = f->f.sf_handle;
	EXPECT_EQ(sflt_register(&twin->f, PF_INET, SOCK_DGRAM, IPPROTO_UDP), EEXIST);
	EXPECT_EQ(kt_held(KT_FILTERS), 1);
	ft_unregister(f);
	EXPECT_EQ(sflt_unregister(f->f.sf_handle), ENOENT);
	EXPECT_EQ(sflt_unregister(0), ENOENT);
}

static void S5_gone_at_once(void)
{
	struct ft_filter *f = ft_filter(1);

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(kt_held(KT_FILTERS), 1);
	EXPECT_EQ(sflt_unregister(f->f.sf_handle), 0);
	EXPECT_EQ(f->seen[FT_GONE], 1);
	EXPECT_EQ(kt_held(KT_FILTERS), 0);
}

static void S6_once_each(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(f->seen[FT_ATTACH], 1);
	EXPECT(f->so != NULL);
	EXPECT_EQ(ft_is_wrapped(s), 1);
	ft_close(s);
	EXPECT_EQ(f->seen[FT_DETACH], 1);
	EXPECT(f->cookie == f);
	EXPECT(f->detached == f->so);
	EXPECT_EQ(f->events[0], 'x');	/* closing, first of all */
	ft_unregister(f);
	EXPECT_EQ(f->seen[FT_DETACH], 1);
	EXPECT_EQ(f->wrong_cookie, 0);
}

static void S7_not_those_before(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s = ft_tcp();

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_bind(s, 0), 0);
	EXPECT_EQ(ft_listen(s), 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 0);
	EXPECT_EQ(ft_is_wrapped(s), 0);
	ft_unregister(f);
}

/* Descriptors of the machine's own programs are met, too; ours by a kext's socket. */
static void S7_with_those_before(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t so = NULL;

	EXPECT_EQ(sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &so), 0);
	f->f.sf_flags |= SFLT_EXTENDED_REGISTRY;
	EXPECT_EQ(ft_register(f), 0);
	EXPECT(f->seen[FT_ATTACH] >= 1);
	EXPECT(f->so == so);
	sock_close(so);
	ft_unregister(f);
}

static void S9_attach_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	f->say[FT_ATTACH] = ENOMEM;
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_is_wrapped(s), 0);
	EXPECT_EQ(ft_bind(s, 0), 0);
	ft_close(s);
	EXPECT_STR(ft_log, "1a");
	f->say[FT_ATTACH] = EJUSTRETURN;
	ft_close(ft_tcp());
	EXPECT_STR(ft_log, "1a 1a");
	ft_unregister(f);
}

static errno_t beyond(void *cookie, socket_t listener, socket_t so, const struct sockaddr *local,
		      const struct sockaddr *remote)
{
	EXPECT(!"called");
	return 0;
}

/* Of the extension nobody reads more than there is. */
static void short_extension(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];

	f->f.sf_flags |= SFLT_EXTENDED;
	f->f.sf_len = sizeof(f->f.sf_len);
	f->f.sf_accept = beyond;
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	ft_unregister(f);
}

/* New sockets are met for one filter; the other one waits to be attached. */
static void asked_for_is_not_for_all(void)
{
	struct ft_filter *all = ft_filter(1), *asked = ft_filter(2);

	asked->f.sf_flags &= ~SFLT_GLOBAL;
	EXPECT_EQ(ft_register(all), 0);
	EXPECT_EQ(ft_register(asked), 0);
	ft_close(ft_tcp());
	EXPECT_EQ(all->seen[FT_ATTACH], 1);
	EXPECT_EQ(asked->seen[FT_ATTACH], 0);
	ft_unregister(asked);
	ft_unregister(all);
}

/* Of two the one that wants it has it. */
static void one_of_two_is_attached(void)
{
	struct ft_filter *f1 = ft_filter(1), *f2 = ft_filter(2);
	struct ft_sock *s;

	f1->say[FT_ATTACH] = EPERM;
	EXPECT_EQ(ft_register(f1), 0);
	EXPECT_EQ(ft_register(f2), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_bind(s, 0), 0);
	ft_close(s);
	EXPECT_STR(ft_log, "1a 2a 2b 2d");
	ft_unregister(f1);
	ft_unregister(f2);
}

static void other_protocols_are_not_touched(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *udp, *tcp6;

	EXPECT_EQ(ft_register(f), 0);
	udp = ft_udp();
	tcp6 = ft_open(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
	EXPECT_EQ(ft_is_wrapped(udp), 0);
	EXPECT_EQ(ft_is_wrapped(tcp6), 0);
	EXPECT_EQ(ft_is_wrapped(ft_open_kernels()), 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 0);
	ft_unregister(f);
}

static void other_namespaces_are_not_touched(void)
{
	struct ft_filter *f = ft_filter(1);

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_is_wrapped(ft_open_elsewhere()), 0);
	EXPECT_EQ(f->seen[FT_ATTACH], 0);
	ft_unregister(f);
}

/* A kind for each protocol; nothing is left in the kernel's tables. */
static void every_kind_is_met(void)
{
	static const struct { int domain, type, protocol; } kinds[] = {
		{ AF_INET, SOCK_STREAM, IPPROTO_TCP }, { AF_INET, SOCK_DGRAM, IPPROTO_UDP },
		{ AF_INET, SOCK_RAW, IPPROTO_UDP }, { AF_INET6, SOCK_STREAM, IPPROTO_TCP },
		{ AF_INET6, SOCK_DGRAM, IPPROTO_UDP }, { AF_INET6, SOCK_RAW, IPPROTO_UDP },
	};
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct ft_filter *f = ft_filter(1);
		struct ft_sock *s = ft_open(kinds[i].domain, kinds[i].type, kinds[i].protocol);
		void *linux_init = ft_init(s);

		ft_close(s);
		EXPECT_EQ(ft_register_as(f, kinds[i].domain, kinds[i].type, kinds[i].protocol), 0);
		s = ft_open(kinds[i].domain, kinds[i].type, kinds[i].protocol);
		EXPECT_EQ(ft_attached(f), 1);
		EXPECT(ft_init(s) != linux_init);
		ft_close(s);
		EXPECT_EQ(ft_attached(f), 0);
		ft_unregister(f);
		s = ft_open(kinds[i].domain, kinds[i].type, kinds[i].protocol);
		EXPECT_EQ(ft_is_wrapped(s), 0);
		EXPECT(ft_init(s) == linux_init);
		ft_close(s);
	}
}

/* The program keeps its sockets, which go on without the filter. */
static void unregistered_while_attached(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *pair[2];
	char buf[8] = "";

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(ft_pair(pair), 0);
	EXPECT_EQ(ft_attached(f), 2);
	ft_unregister(f);
	EXPECT_EQ(ft_attached(f), 0);
	EXPECT_EQ(f->seen[FT_GONE], 1);
	EXPECT_EQ(ft_send(pair[0], "still", 6, 0), 6);
	EXPECT_EQ(ft_recv(pair[1], buf, sizeof(buf), 0), 6);
	EXPECT_STR(buf, "still");
	ft_close(pair[0]);
	ft_close(pair[1]);
	EXPECT_EQ(f->seen[FT_DETACH], f->seen[FT_ATTACH]);
}

/* In the very function that is running. */
static void unregisters(struct ft_filter *f, enum ft_call call, socket_t so)
{
	if (call == FT_BIND)
		EXPECT_EQ(sflt_unregister(f->f.sf_handle), 0);
}

static void unregistered_in_its_own_function(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s;

	f->within = unregisters;
	EXPECT_EQ(ft_register(f), 0);
	s = ft_tcp();
	EXPECT_EQ(ft_bind(s, 0), 0);
	SETTLES(f->seen[FT_GONE] == 1);
	EXPECT_EQ(ft_listen(s), 0);
	EXPECT_STR(ft_log, "1a 1b 1d 1u");
	ft_close(s);
	EXPECT_STR(ft_log, "1a 1b 1d 1u");
}

static void S33_many_at_once(void)
{
	struct ft_filter *f = ft_filter(1);
	struct ft_sock *s[100];
	int i;

	EXPECT_EQ(ft_register(f), 0);
	for (i = 0; i < 100; i++)
		s[i] = ft_tcp();
	EXPECT_EQ(f->seen[FT_ATTACH], 100);
	ft_unregister(f);
	EXPECT_EQ(f->seen[FT_DETACH], 100);
	for (i = 0; i < 100; i++)
		ft_close(s[i]);
	EXPECT_EQ(f->seen[FT_DETACH], 100);
}

/* No memory at the n-th try: either the socket is filtered, or it is not. */
static void no_memory(void)
{
	struct ft_filter *f = ft_filter(1);
	unsigned int n;

	if (!kt_fail_allocation(0)) {
		kt_skip("this kernel has no fault injection");
		return;
	}
	EXPECT_EQ(ft_register(f), 0);
	ft_close(ft_tcp());
	for (n = 1; n < 20; n++) {
		ft_try_socket(n);
		EXPECT_EQ(ft_attached(f), 0);
	}
	ft_unregister(f);
}

const struct kt_case sflt_register_cases[] = {
	{ "S1_only_inet", S1_only_inet },
	{ "S2_protocol_is_exact", S2_protocol_is_exact },
	{ "S3_what_must_be_there", S3_what_must_be_there },
	{ "S4_handle_is_unique", S4_handle_is_unique },
	{ "S5_gone_at_once", S5_gone_at_once },
	{ "S6_once_each", S6_once_each },
	{ "S7_not_those_before", S7_not_those_before },
	{ "S7_with_those_before", S7_with_those_before },
	{ "S9_attach_refused", S9_attach_refused },
	{ "short_extension", short_extension },
	{ "asked_for_is_not_for_all", asked_for_is_not_for_all },
	{ "one_of_two_is_attached", one_of_two_is_attached },
	{ "other_protocols_are_not_touched", other_protocols_are_not_touched },
	{ "other_namespaces_are_not_touched", other_namespaces_are_not_touched },
	{ "every_kind_is_met", every_kind_is_met },
	{ "unregistered_while_attached", unregistered_while_attached },
	{ "unregistered_in_its_own_function", unregistered_in_its_own_function },
	{ "S33_many_at_once", S33_many_at_once },
	{ "no_memory", no_memory },
	{}
};
