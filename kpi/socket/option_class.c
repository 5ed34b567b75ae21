// SPDX-License-Identifier: GPL-2.0
/* The traffic class of a connection: sock_settclassopt() and sock_gettclassopt(). */

#include <linux/pkt_sched.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "option.h"
#include "state.h"

/* Linux's priority for the DSCP in a TOS byte. */
static u32 priority_of(int tos)
{
	int dscp = (tos >> 2) & 0x3f;

	if (dscp >= 0x30)
		return TC_PRIO_INTERACTIVE;		/* voice */
	if (dscp >= 0x20)
		return TC_PRIO_INTERACTIVE_BULK;	/* video */
	if (dscp >= 0x08 && dscp <= 0x17)
		return TC_PRIO_BULK;			/* background */
	return TC_PRIO_BESTEFFORT;
}

static bool has_router4(struct sock *sk)
{
	struct flowi4 fl4 = {
		.daddr = inet_sk(sk)->inet_daddr,
		.saddr = inet_sk(sk)->inet_saddr,
		.flowi4_oif = sk->sk_bound_dev_if,
	};
	struct rtable *rt = ip_route_output_key(sock_net(sk), &fl4);
	bool router;

	if (IS_ERR(rt))
		return true;
	router = rt->rt_gw_family;
	ip_rt_put(rt);
	return router;
}

static bool has_router6(struct sock *sk)
{
	struct dst_entry *dst = sk_dst_get(sk);
	bool router = true;

	if (dst && dst->ops->family == AF_INET6)
		router = container_of(dst, struct rt6_info, dst)->rt6i_flags & RTF_GATEWAY;
	dst_release(dst);
	return router;
}

/* The byte is sent only to a peer on a link of ours: only there does it mean something. */
static int set_tos(struct __socket *so, int tos)
{
	struct sock *sk = so->sk;

	if (sk->sk_family == AF_INET6)
		return has_router6(sk) ? 0 : kpi_option_linux(so, IPPROTO_IPV6, IPV6_TCLASS,
							      &tos, sizeof(tos));
	if (!has_router4(sk))
		ip_sock_set_tos(sk, tos);
	return 0;
}

static int set_class(struct __socket *so, int tos)
{
	int err;

	if (!kpi_so_is_connected(so))
		return -ENOTCONN;
	if (!kpi_so_is_inet(so))
		return -EINVAL;

	err = set_tos(so, tos);
	if (!err)
		sock_set_priority(so->sk, priority_of(tos));	/* which set_tos() has changed */
	return err;
}

/**
 * kpi_sock_settclassopt() - set the traffic class of a connection
 * @so:     the socket, borrowed
 * @optval: an int: the TOS byte, borrowed
 * @optlen: 4
 *
 * Chooses the priority of what is sent; if the peer is on a link of ours, the
 * byte is sent, too.
 *
 * macOS difference: the class becomes Linux's priority (SO_PRIORITY).
 *
 * Context: Process context.
 * Return: 0; EINVAL, also for AF_UNIX; ENOTCONN.
 */
errno_t kpi_sock_settclassopt(socket_t so, const void *optval, size_t optlen)
{
	int err;

	if (!optval || optlen != sizeof(int) || KPI_SO_ENTER(so))
		return EINVAL;
	err = set_class(so, *(const int *)optval);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_settclassopt);

static int get_class(struct __socket *so, int *tos)
{
	switch (so->sk->sk_family) {
	case AF_INET:
		*tos = inet_sk(so->sk)->tos;
		return 0;
	case AF_INET6:
		*tos = inet6_sk(so->sk)->tclass;
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * kpi_sock_gettclassopt() - the traffic class of a connection
 * @so:     the socket, borrowed
 * @optval: where the int goes
 * @optlen: in: room there; out: bytes stored
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0; EINVAL, also for AF_UNIX.
 */
errno_t kpi_sock_gettclassopt(socket_t so, void *optval, size_t *optlen)
{
	int tos, err;

	if (!optval || !optlen || KPI_SO_ENTER(so))
		return EINVAL;
	err = get_class(so, &tos);
	kpi_so_leave(so);
	if (err)
		return kpi_errno(err);

	*optlen = min(*optlen, sizeof(tos));
	memcpy(optval, &tos, *optlen);
	return 0;
}
KPI_EXPORT(kpi_sock_gettclassopt);
