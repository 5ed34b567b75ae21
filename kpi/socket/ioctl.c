// SPDX-License-Identifier: GPL-2.0
/*
 * Requests. Linux's own take user memory only, so all there are stand here. The
 * request says what its argument points at.
 */

#include <linux/if.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/tcp.h>

#include "../compat/socket.h"
#include "../control/system.h"
#include "../filter/socket/ask.h"
#include "state.h"
#include "transport.h"

/* The one flag of an interface that macOS and Linux have at different places; of the rest these. */
#define BSD_IFF_MULTICAST	0x8000
#define SHARED_IFF		0x03ff

static int readable_bytes(struct __socket *so, int *arg)
{
	*arg = min_t(size_t, kpi_so_unread(so), INT_MAX);
	return 0;
}

static int is_at_mark(struct __socket *so, int *arg)
{
	const struct tcp_sock *tp = tcp_sk(so->sk);

	if (!kpi_so_is_tcp(so))
		return -EOPNOTSUPP;
	*arg = !READ_ONCE(so->in->stash.len) && READ_ONCE(tp->urg_data) &&
	       READ_ONCE(tp->urg_seq) == READ_ONCE(tp->copied_seq);
	return 0;
}

static const struct in_ifaddr *first_address(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);

	return in_dev ? rcu_dereference(in_dev->ifa_list) : NULL;
}

static int choose_address(unsigned long request, const struct net_device *dev,
			  const struct in_ifaddr *ifa, __be32 *addr)
{
	switch (request) {
	case KPI_SIOCGIFADDR:
		*addr = ifa->ifa_local;
		return 0;
	case KPI_SIOCGIFNETMASK:
		*addr = ifa->ifa_mask;
		return 0;
	case KPI_SIOCGIFBRDADDR:
		*addr = ifa->ifa_broadcast;
		return dev->flags & IFF_BROADCAST ? 0 : -EINVAL;
	default:
		*addr = ifa->ifa_address;
		return dev->flags & IFF_POINTOPOINT ? 0 : -EINVAL;
	}
}

static int interface_address(unsigned long request, const struct net_device *dev,
			     struct bsd_ifreq *ifr)
{
	struct bsd_sockaddr_in *in = (struct bsd_sockaddr_in *)&ifr->bsd_ifr_ifru;
	const struct in_ifaddr *ifa = first_address(dev);
	__be32 addr;
	int err;

	if (!ifa)
		return -EADDRNOTAVAIL;
	err = choose_address(request, dev, ifa, &addr);
	if (err)
		return err;

	memset(in, 0, sizeof(*in));
	in->sin_len = sizeof(*in);
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = (__force u32)addr;
	return 0;
}

static int interface_flags(const struct net_device *dev, struct bsd_ifreq *ifr)
{
	unsigned int flags = netif_get_flags(dev);

	ifr->bsd_ifr_ifru.ifru_flags = (flags & SHARED_IFF) |
				       (flags & IFF_MULTICAST ? BSD_IFF_MULTICAST : 0);
	return 0;
}

static int ask_interface(unsigned long request, const struct net_device *dev,
			 struct bsd_ifreq *ifr)
{
	switch (request) {
	case KPI_SIOCGIFFLAGS:
		return interface_flags(dev, ifr);
	case KPI_SIOCGIFMTU:
		ifr->bsd_ifr_ifru.ifru_mtu = READ_ONCE(dev->mtu);
		return 0;
	default:
		return interface_address(request, dev, ifr);
	}
}

static int interface_request(struct __socket *so, unsigned long request, struct bsd_ifreq *ifr)
{
	struct net_device *dev;
	char name[IFNAMSIZ];
	int err = -ENXIO;

	strscpy(name, ifr->bsd_ifr_name, sizeof(name));
	rcu_read_lock();
	dev = dev_get_by_name_rcu(sock_net(so->sk), name);
	if (dev)
		err = ask_interface(request, dev, ifr);
	rcu_read_unlock();
	return err;
}

static int request_with_argument(struct __socket *so, unsigned long request, void *argp)
{
	int *arg = argp;

	if (!argp)
		return -EINVAL;

	switch (request) {
	case KPI_FIONBIO:
		so->nonblocking = *arg;
		return 0;
	case KPI_FIOASYNC:
		return 0;
	case KPI_FIONREAD:
		return readable_bytes(so, arg);
	case KPI_SIOCATMARK:
		return is_at_mark(so, arg);
	case KPI_SIOCSPGRP:
	case KPI_FIOSETOWN:
		so->pgid = *arg;
		return 0;
	case KPI_SIOCGPGRP:
	case KPI_FIOGETOWN:
		*arg = so->pgid;
		return 0;
	default:
		return interface_request(so, request, argp);
	}
}

static int do_request(struct __socket *so, unsigned long request, void *argp)
{
	switch (request) {
	case KPI_FIOCLEX:
	case KPI_FIONCLEX:
		return 0;
	case KPI_FIONBIO:
	case KPI_FIOASYNC:
	case KPI_FIONREAD:
	case KPI_SIOCATMARK:
	case KPI_SIOCSPGRP:
	case KPI_SIOCGPGRP:
	case KPI_FIOSETOWN:
	case KPI_FIOGETOWN:
	case KPI_SIOCGIFADDR:
	case KPI_SIOCGIFNETMASK:
	case KPI_SIOCGIFBRDADDR:
	case KPI_SIOCGIFDSTADDR:
	case KPI_SIOCGIFFLAGS:
	case KPI_SIOCGIFMTU:
		return request_with_argument(so, request, argp);
	default:
		return kpi_so_is_system(so) ? kpi_system_ioctl(so->sk, request, argp) : -EOPNOTSUPP;
	}
}

/**
 * kpi_sock_ioctl() - make a request of a socket
 * @so:      the socket, borrowed
 * @request: FIONBIO, FIONREAD, SIOCATMARK, SIOCGIFADDR ...
 * @argp:    what the request takes or gives; kernel memory, borrowed
 *
 * macOS difference: FIONREAD of a datagram socket is the length of the first
 * datagram; requests that change interfaces are not offered; NULL where an
 * argument is needed is EINVAL.
 *
 * Context: Process context.
 * Return: 0; EINVAL; EOPNOTSUPP for what is not offered; ENXIO and
 * EADDRNOTAVAIL for an interface.
 */
errno_t kpi_sock_ioctl(socket_t so, unsigned long request, void *argp)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = kpi_sflt_ask_ioctl(so, request, argp);
	if (!err)
		err = do_request(so, request, argp);
	kpi_so_leave(so);
	return kpi_errno(min(err, 0));
}
KPI_EXPORT(kpi_sock_ioctl);
