// SPDX-License-Identifier: GPL-2.0
/* The traffic class of a connection: sock_settclassopt() and sock_gettclassopt(). */

#include <linux/pkt_sched.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "socket_priv.h"

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

/* Whether the peer is reached without a router: only then does the byte mean something. */
static bool is_on_link(struct sock *sk)
{
	struct dst_entry *dst = sk_dst_get(sk);
	bool on_link = false;

	if (!dst)
		return false;
	if (dst->ops->family == AF_INET)
		on_link = !container_of(dst, struct rtable, dst)->rt_gw_family;
	else if (dst->ops->family == AF_INET6)
		on_link = !(container_of(dst, struct rt6_info, dst)->rt6i_flags & RTF_GATEWAY);
	dst_release(dst);
	return on_link;
}

static int set_class(struct __socket *so, int tos)
{
	struct sock *sk = so->sk;

	if (!kpi_so_is_connected(so))
		return -ENOTCONN;
	if (!kpi_so_is_inet(so))
		return -EINVAL;

	sock_set_priority(sk, priority_of(tos));
	if (!is_on_link(sk))
		return 0;
	if (sk->sk_family == AF_INET6)
		return kpi_option_linux(so, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	ip_sock_set_tos(sk, tos);
	return 0;
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
