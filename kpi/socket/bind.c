// SPDX-License-Identifier: GPL-2.0
/* Local addresses: bind, listen, and ports from the reserved range. */

#include <linux/in.h>
#include <linux/in6.h>
#include <net/ip.h>

#include "../compat/socket.h"
#include "address.h"
#include "event.h"
#include "privilege.h"
#include "state.h"
#include "transport.h"

/* What IP_PORTRANGE_LOW picks from, highest first. */
#define LOW_PORT_FIRST	600
#define LOW_PORT_LAST	1023

/* sin_port and sin6_port are at the same place. */
static __be16 *port_of(struct sockaddr_storage *addr)
{
	return &((struct sockaddr_in *)addr)->sin_port;
}

static int linux_bind(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	const struct cred *old = kpi_so_cred_begin(so);
	int err = kpi_compat_bind(so->sock, addr, len);

	kpi_so_cred_end(old);
	return err;
}

static int bind_low(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	int port, err;

	for (port = LOW_PORT_LAST; port >= LOW_PORT_FIRST; port--) {
		*port_of(addr) = htons(port);
		err = linux_bind(so, addr, len);
		if (err != -EADDRINUSE)
			return err;
	}
	return -EADDRNOTAVAIL;
}

static noinline int bind_any_low(struct __socket *so)
{
	struct sockaddr_storage any = { .ss_family = so->sk->sk_family };

	return bind_low(so, &any, so->sk->sk_family == AF_INET ? sizeof(struct sockaddr_in)
							       : sizeof(struct sockaddr_in6));
}

/* An unbound socket that wants a port of the low range gets it before it needs any. */
int kpi_so_bind_low(struct __socket *so)
{
	if (likely(so->portrange != KPI_IP_PORTRANGE_LOW) || kpi_so_is_bound(so))
		return 0;
	return bind_any_low(so);
}

static bool is_group_or_broadcast(const struct sockaddr_storage *addr)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)addr;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)addr;

	if (addr->ss_family == AF_INET)
		return ipv4_is_multicast(in->sin_addr.s_addr) ||
		       ipv4_is_lbcast(in->sin_addr.s_addr);
	return in6->sin6_addr.s6_addr[0] == 0xff;
}

static int bind_inet(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	if (kpi_so_is_tcp(so) && is_group_or_broadcast(addr))
		return -EAFNOSUPPORT;
	if (kpi_so_is_bound(so) && so->sk->sk_type != SOCK_RAW)
		return -EINVAL;
	if (!*port_of(addr) && so->portrange == KPI_IP_PORTRANGE_LOW)
		return bind_low(so, addr, len);
	return linux_bind(so, addr, len);
}

/* macOS looks whether the socket is free before it looks at the path. */
static int bind_unix(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	return kpi_so_is_bound(so) ? -EINVAL : linux_bind(so, addr, len);
}

/* Family 0 is taken for IPv4 when it could be nothing else. */
static const struct bsd_sockaddr *with_family(const struct __socket *so,
					      const struct bsd_sockaddr *to,
					      struct bsd_sockaddr *copy)
{
	if (so->sk->sk_family != AF_INET || to->sa_family != AF_UNSPEC ||
	    to->sa_len != sizeof(*to))
		return to;
	*copy = *to;
	copy->sa_family = AF_INET;
	return copy;
}

static int bind_to(struct __socket *so, const struct bsd_sockaddr *to)
{
	struct sockaddr_storage addr;
	struct bsd_sockaddr given;
	int len;

	if (!to)
		return -EINVAL;
	len = kpi_addr_to_linux(so, with_family(so, to, &given), &addr);
	if (len < 0)
		return len;
	return kpi_so_is_inet(so) ? bind_inet(so, &addr, len) : bind_unix(so, &addr, len);
}

/**
 * kpi_sock_bind() - give a socket a local address
 * @so: the socket, borrowed
 * @to: the address, borrowed; its sa_len counts
 *
 * Port 0 takes any free one, or with IP_PORTRANGE_LOW a free one of 600 to 1023.
 * A path in the file system stays there when the socket is closed.
 *
 * macOS difference: AF_UNIX paths have up to 107 bytes; a reserved port needs
 * privilege (CAP_NET_BIND_SERVICE, or sock_setpriv()) also with a wildcard address.
 *
 * Context: Process context.
 * Return: 0; EINVAL for a bad length or a socket that is bound; EAFNOSUPPORT;
 * EADDRINUSE; EADDRNOTAVAIL; EACCES; for paths what the file system says.
 */
errno_t kpi_sock_bind(socket_t so, const struct bsd_sockaddr *to)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = bind_to(so, to);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_bind);

/* Linux clamps only what comes from a system call. */
static int clamp_backlog(const struct __socket *so, int backlog)
{
	int max = READ_ONCE(sock_net(so->sk)->core.sysctl_somaxconn);

	return backlog <= 0 || backlog > max ? max : backlog;
}

/* Who connects by AF_UNIX may ask who listens. */
static int linux_listen(struct __socket *so, int backlog)
{
	const struct cred *old = kpi_so_cred_begin(so);
	int err = kernel_listen(so->sock, clamp_backlog(so, backlog));

	kpi_so_cred_end(old);
	return err;
}

/* TCP makes a connection as a copy of its listener, so our callbacks must not be there by then. */
static int take_callbacks_out(struct __socket *so)
{
	if (!kpi_so_is_tcp(so) || so->process || READ_ONCE(so->watch))
		return 0;
	return kpi_so_watch(so);
}

static int listen_on(struct __socket *so, int backlog)
{
	int err;

	if (!so->transport->stream)
		return -EOPNOTSUPP;
	if (kpi_so_is_connected(so) || kpi_so_is_connecting(so) || so->attempted)
		return -EINVAL;
	if (!kpi_so_is_inet(so) && !kpi_so_is_bound(so))
		return -EINVAL;

	err = kpi_so_bind_low(so) ?: take_callbacks_out(so);
	return err ?: linux_listen(so, backlog);
}

/**
 * kpi_sock_listen() - accept connections
 * @so:      the socket, borrowed
 * @backlog: how many may wait; 0, a negative number and too large a number mean
 *           the system's maximum
 *
 * An unbound inet socket gets a port. Calling it again changes the backlog.
 *
 * macOS difference: the maximum is net.core.somaxconn; one connection more than
 * @backlog is admitted.
 *
 * Context: Process context.
 * Return: 0; EOPNOTSUPP for a datagram socket; EINVAL for one that is connected,
 * or an AF_UNIX one that is not bound; ENOBUFS.
 */
errno_t kpi_sock_listen(socket_t so, int backlog)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = listen_on(so, backlog);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_listen);
