// SPDX-License-Identifier: GPL-2.0
/* Scenarios: requests. */

#include <net/init.h>

#include "scenario.h"

void OPT13_nonblocking(struct kunit *test)
{
	socket_t so = st_stream(test);

	EXPECT_EQ(test, sock_isnonblocking(so), 0);
	EXPECT_EQ(test, st_nonblocking(so, 1), 0);
	EXPECT_EQ(test, sock_isnonblocking(so), 1);
	EXPECT_EQ(test, st_nonblocking(so, 0), 0);
	EXPECT_EQ(test, sock_isnonblocking(so), 0);
	EXPECT_EQ(test, sock_ioctl(so, FIONBIO, NULL), EINVAL);
}

static struct sockaddr_in *interface_address(struct ifreq *ifr, const char *name)
{
	bzero(ifr, sizeof(*ifr));
	strlcpy(ifr->ifr_name, name, sizeof(ifr->ifr_name));
	return (struct sockaddr_in *)&ifr->ifr_addr;
}

void OPT15_interface_address(struct kunit *test)
{
	struct ifreq ifr;
	struct sockaddr_in *sin = interface_address(&ifr, "lo");
	socket_t so = st_dgram(test);

	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFADDR, &ifr), 0);
	EXPECT_EQ(test, sin->sin_len, 16);
	EXPECT_EQ(test, sin->sin_family, AF_INET);
	EXPECT_EQ(test, ntohl(sin->sin_addr.s_addr), INADDR_LOOPBACK);
	sin = interface_address(&ifr, "lo");
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFNETMASK, &ifr), 0);
	EXPECT_EQ(test, ntohl(sin->sin_addr.s_addr), 0xff000000);
	interface_address(&ifr, "lo");
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFMTU, &ifr), 0);
	EXPECT_EQ(test, ifr.ifr_mtu, 65536);
	interface_address(&ifr, "lo");
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFFLAGS, &ifr), 0);
	EXPECT(test, ifr.ifr_flags & IFF_LOOPBACK);
	EXPECT(test, ifr.ifr_flags & IFF_UP);
	interface_address(&ifr, "lo");
	EXPECT(test, sock_ioctl(so, SIOCGIFBRDADDR, &ifr) != 0);
	interface_address(&ifr, "lo");
	EXPECT(test, sock_ioctl(so, SIOCGIFDSTADDR, &ifr) != 0);
	interface_address(&ifr, "nosuch0");
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFADDR, &ifr), ENXIO);
	interface_address(&ifr, "dummy0");
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFADDR, &ifr), EADDRNOTAVAIL);
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFADDR, NULL), EINVAL);
	/* a name without an end */
	memset(&ifr, 'x', sizeof(ifr));
	EXPECT_EQ(test, sock_ioctl(so, SIOCGIFADDR, &ifr), ENXIO);
}

static const struct request_case {
	const char *name;
	unsigned long request;
	errno_t error, null_error;
} request_cases[] = {
	{ "FIONBIO",	FIONBIO,	0, EINVAL },
	{ "FIOASYNC",	FIOASYNC,	0, EINVAL },
	{ "FIONREAD",	FIONREAD,	0, EINVAL },
	{ "SIOCATMARK",	SIOCATMARK,	0, EINVAL },
	{ "SIOCSPGRP",	SIOCSPGRP,	0, EINVAL },
	{ "SIOCGPGRP",	SIOCGPGRP,	0, EINVAL },
	{ "FIOSETOWN",	FIOSETOWN,	0, EINVAL },
	{ "FIOGETOWN",	FIOGETOWN,	0, EINVAL },
	{ "FIOCLEX",	FIOCLEX,	0, 0 },
	{ "FIONCLEX",	FIONCLEX,	0, 0 },
	{ "SIOCSIFADDR", SIOCSIFADDR,	EOPNOTSUPP, EOPNOTSUPP },
	{ "SIOCSIFFLAGS", SIOCSIFFLAGS,	EOPNOTSUPP, EOPNOTSUPP },
	{ "SIOCGIFCONF", SIOCGIFCONF,	EOPNOTSUPP, EOPNOTSUPP },
	{ "SIOCAIFADDR", SIOCAIFADDR,	EOPNOTSUPP, EOPNOTSUPP },
	{ "SIOCDIFADDR", SIOCDIFADDR,	EOPNOTSUPP, EOPNOTSUPP },
	{ "SIOCGIFMEDIA", SIOCGIFMEDIA,	EOPNOTSUPP, EOPNOTSUPP },
	{ "zero",	0,		EOPNOTSUPP, EOPNOTSUPP },
};

void request_table(struct kunit *test)
{
	const struct request_case *c;
	struct st_tcp t;

	st_tcp(test, &t);
	for (c = request_cases; c < request_cases + sizeof(request_cases) / sizeof(*c); c++) {
		int value[16] = { };
		errno_t error = sock_ioctl(t.so, c->request, value);

		if (error != c->error)
			st_fail(test, __FILE__, __LINE__, "%s gave %d, not %d",
				c->name, error, c->error);
		error = sock_ioctl(t.so, c->request, NULL);
		if (error != c->null_error)
			st_fail(test, __FILE__, __LINE__, "%s of NULL gave %d, not %d",
				c->name, error, c->null_error);
	}
}

void process_group_is_kept(struct kunit *test)
{
	socket_t so = st_stream(test);
	int group = 4711, got = 0;

	EXPECT_EQ(test, sock_ioctl(so, SIOCSPGRP, &group), 0);
	EXPECT_EQ(test, sock_ioctl(so, SIOCGPGRP, &got), 0);
	EXPECT_EQ(test, got, 4711);
	EXPECT_EQ(test, sock_ioctl(so, FIOGETOWN, &got), 0);
	EXPECT_EQ(test, got, 4711);
}

static void network_is_up(void)
{
}

/* What the README's table promises of calls that are declared and do nothing. */
void refuses_what_is_not_offered(struct kunit *test)
{
	EXPECT_EQ(test, socket_defunct(PROC_NULL, st_stream(test), 0), EOPNOTSUPP);
	EXPECT_EQ(test, socket_defunct(PROC_NULL, NULL, 0), EOPNOTSUPP);
	EXPECT_EQ(test, net_init_add(network_is_up), EALREADY);
	EXPECT_EQ(test, net_init_add(NULL), EINVAL);
}
