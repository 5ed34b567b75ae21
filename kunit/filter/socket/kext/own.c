// SPDX-License-Identifier: GPL-2.0
/* Scenarios: the sockets of kexts are filtered, too. */

#include <sys/filio.h>

#include "filter.h"

static socket_t own_tcp(void)
{
	socket_t so = NULL;

	EXPECT_EQ(sock_socket(PF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, NULL, &so), 0);
	return so;
}

static struct sockaddr *in(struct sockaddr_in *sin, u_int16_t port)
{
	*sin = (struct sockaddr_in){
		.sin_len = sizeof(*sin), .sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	return (struct sockaddr *)sin;
}

static void global_gets_the_socket_itself(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t so;

	EXPECT_EQ(ft_register(f), 0);
	so = own_tcp();
	EXPECT(f->so == so);
	sock_close(so);
	SETTLES(f->seen[FT_DETACH] == 1);
	EXPECT(f->detached == so);
	ft_unregister(f);
}

static void S36_attach_and_detach(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t so = own_tcp();

	f->f.sf_flags = SFLT_EXTENDED;
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), EINVAL);
	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), 0);
	EXPECT(f->so == so);
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), EEXIST);
	EXPECT_EQ(f->seen[FT_ATTACH], 1);
	EXPECT_EQ(sflt_detach(so, f->f.sf_handle), 0);
	SETTLES(f->seen[FT_DETACH] == 1);
	EXPECT_EQ(sflt_detach(so, f->f.sf_handle), 0);
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), 0);
	EXPECT_EQ(sflt_attach(NULL, f->f.sf_handle), EINVAL);
	EXPECT_EQ(sflt_attach(so, 0), EINVAL);
	EXPECT_EQ(sflt_detach(NULL, f->f.sf_handle), EINVAL);
	EXPECT_EQ(sflt_detach(so, 0), EINVAL);
	f->say[FT_ATTACH] = EPERM;
	sock_close(so);
	SETTLES(f->seen[FT_DETACH] == 2);
	so = own_tcp();
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), EPERM);
	f->say[FT_ATTACH] = EJUSTRETURN;	/* says nothing here */
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), EOPNOTSUPP);
	sock_close(so);
	ft_unregister(f);
}

static void only_what_is_filtered(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t so = NULL;

	EXPECT_EQ(ft_register(f), 0);
	EXPECT_EQ(sock_socket(PF_LOCAL, SOCK_STREAM, 0, NULL, NULL, &so), 0);
	EXPECT_EQ(sflt_attach(so, f->f.sf_handle), EINVAL);
	sock_close(so);
	ft_unregister(f);
}

static void calls_are_shown(void)
{
	struct ft_filter *f = ft_filter(1);
	struct sockaddr_in sin;
	socket_t so, client, accepted = NULL;
	int on = 1, len = sizeof(on), nread;

	EXPECT_EQ(ft_register(f), 0);
	so = own_tcp();
	f->say[FT_BIND] = EACCES;
	EXPECT_EQ(sock_bind(so, in(&sin, 0)), EACCES);
	f->say[FT_BIND] = 0;
	EXPECT_EQ(sock_bind(so, in(&sin, 0)), 0);
	EXPECT_EQ(sock_listen(so, 1), 0);
	EXPECT_EQ(sock_getsockname(so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(f->seen[FT_SOCKNAME], 0);

	client = own_tcp();
	EXPECT_EQ(sock_connect(client, (struct sockaddr *)&sin, 0), 0);
	EXPECT_EQ(f->port, ntohs(sin.sin_port));
	EXPECT_EQ(sock_accept(so, NULL, 0, 0, NULL, NULL, &accepted), 0);
	EXPECT(f->so == accepted);
	EXPECT_EQ(f->seen[FT_ACCEPT], 1);

	EXPECT_EQ(sock_setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), 0);
	EXPECT_EQ(f->seen[FT_SETOPTION], 1);
	EXPECT_EQ(sock_getsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, &len), 0);
	EXPECT_EQ(f->seen[FT_GETOPTION], 1);
	EXPECT_EQ(sock_ioctl(client, FIONREAD, &nread), 0);
	EXPECT_EQ(f->seen[FT_IOCTL], 1);
	f->say[FT_SETOPTION] = EPERM;
	EXPECT_EQ(sock_setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), EPERM);
	f->say[FT_IOCTL] = EPERM;
	EXPECT_EQ(sock_ioctl(client, FIONREAD, &nread), EPERM);
	EXPECT_EQ(f->wrong_cookie, 0);
	sock_close(accepted);
	sock_close(client);
	sock_close(so);
	SETTLES(ft_attached(f) == 0);
	ft_unregister(f);
}

static void accept_is_refused(void)
{
	struct ft_filter *f = ft_filter(1);
	struct sockaddr_in sin;
	socket_t so, accepted = NULL;
	struct ft_sock *client;

	EXPECT_EQ(ft_register(f), 0);
	so = own_tcp();
	EXPECT_EQ(sock_bind(so, in(&sin, 0)), 0);
	EXPECT_EQ(sock_listen(so, 1), 0);
	EXPECT_EQ(sock_getsockname(so, (struct sockaddr *)&sin, sizeof(sin)), 0);
	client = ft_tcp();
	EXPECT_EQ(ft_connect(client, ntohs(sin.sin_port), 0), 0);
	f->say[FT_ACCEPT] = EACCES;
	EXPECT_EQ(sock_accept(so, NULL, 0, 0, NULL, NULL, &accepted), EACCES);
	EXPECT(accepted == NULL);
	sock_close(so);
	ft_close(client);
	SETTLES(ft_attached(f) == 0);
	ft_unregister(f);
}

/* A kext that goes without a word to its filters' sockets. */
static void closed_while_attached(void)
{
	struct ft_filter *f = ft_filter(1);
	socket_t so;

	EXPECT_EQ(ft_register(f), 0);
	so = own_tcp();
	sock_retain(so);
	sock_close(so);
	EXPECT_EQ(f->seen[FT_DETACH], 0);
	sock_release(so);
	SETTLES(f->seen[FT_DETACH] == 1);
	ft_unregister(f);
}

const struct kt_case sflt_own_cases[] = {
	{ "global_gets_the_socket_itself", global_gets_the_socket_itself },
	{ "S36_attach_and_detach", S36_attach_and_detach },
	{ "only_what_is_filtered", only_what_is_filtered },
	{ "calls_are_shown", calls_are_shown },
	{ "accept_is_refused", accept_is_refused },
	{ "closed_while_attached", closed_while_attached },
	{}
};
