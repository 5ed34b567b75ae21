// SPDX-License-Identifier: GPL-2.0
/*
 * Options at IPPROTO_IP, IPPROTO_IPV6 and IPPROTO_UDP.
 *
 * Linux's own getsockopt() writes to user memory only, so what is asked for is
 * read where Linux keeps it.
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "../compat/socket.h"
#include "option.h"
#include "privilege.h"
#include "socket_priv.h"

#define IP_OPTIONS_MAX	40

static int get_tos(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, inet_sk(so->sk)->tos);
}

static int get_ttl(struct __socket *so, const struct kpi_option *opt, void *val)
{
	int ttl = READ_ONCE(inet_sk(so->sk)->uc_ttl);

	if (ttl < 0)
		ttl = READ_ONCE(sock_net(so->sk)->ipv4.sysctl_ip_default_ttl);
	return kpi_option_put(val, ttl);
}

static int get_hdrincl(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, kpi_compat_hdrincl(so->sk));
}

static int get_ip_options(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct ip_options_rcu *options;
	int len = 0;

	rcu_read_lock();
	options = rcu_dereference(inet_sk(so->sk)->inet_opt);
	if (options) {
		len = min_t(int, options->opt.optlen, IP_OPTIONS_MAX);
		memcpy(val, options->opt.__data, len);
	}
	rcu_read_unlock();
	return len;
}

/* Options that ask for control messages. */
static int set_control(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	if (*(const int *)val)
		so->wants_control = true;
	return kpi_option_pass(so, opt, val, len);
}

static int get_control(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, !!(kpi_compat_cmsg_flags(so->sk) & opt->arg));
}

/* IP_RECVDSTADDR is told from what IP_PKTINFO says. */
static int set_pktinfo(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	bool *wanted = opt->name == KPI_IP_PKTINFO ? &so->recv_pktinfo : &so->recv_dstaddr;
	int pktinfo;

	*wanted = *(const int *)val;
	pktinfo = so->recv_pktinfo || so->recv_dstaddr;
	so->wants_control |= pktinfo;
	return kpi_option_linux(so, IPPROTO_IP, IP_PKTINFO, &pktinfo, sizeof(pktinfo));
}

static int get_pktinfo(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, opt->name == KPI_IP_PKTINFO ? so->recv_pktinfo
								: so->recv_dstaddr);
}

static int get_mc_if(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, (__force int)READ_ONCE(inet_sk(so->sk)->mc_addr));
}

static int get_mc_ttl(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, READ_ONCE(inet_sk(so->sk)->mc_ttl));
}

static int get_mc_loop(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, kpi_compat_mc_loop(so->sk));
}

static bool interface_exists(const struct __socket *so, int ifindex)
{
	bool exists;

	rcu_read_lock();
	exists = dev_get_by_index_rcu(sock_net(so->sk), ifindex);
	rcu_read_unlock();
	return exists;
}

static int set_bound_if(struct __socket *so, const struct kpi_option *opt, const void *val,
			int len)
{
	int ifindex = *(const int *)val, err;
	const struct cred *old;

	if (ifindex && !interface_exists(so, ifindex))
		return -ENXIO;
	old = kpi_so_cred_begin(so);
	err = sock_bindtoindex(so->sk, ifindex, true);
	kpi_so_cred_end(old);
	return err;
}

static int get_bound_if(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, READ_ONCE(so->sk->sk_bound_dev_if));
}

static int set_portrange(struct __socket *so, const struct kpi_option *opt, const void *val,
			 int len)
{
	int range = *(const int *)val;

	if (range < KPI_IP_PORTRANGE_DEFAULT || range > KPI_IP_PORTRANGE_LOW)
		return -EINVAL;
	so->portrange = range;
	return 0;
}

static int get_portrange(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->portrange);
}

/* A byte or an int, and for groups and interfaces a structure that both systems share. */
#define SIZED(...)	KPI_OPTION_SIZED(IPPROTO_IP, __VA_ARGS__)
#define OPTION(_name, ...)	SIZED(_name, sizeof(int), __VA_ARGS__)
#define GROUP(_name) \
	SIZED(_name, sizeof(struct ip_mreq), kpi_option_pass, NULL, .variable = true)

const struct kpi_option kpi_ip_options[] = {
	SIZED(KPI_IP_TOS, 1, kpi_option_pass, get_tos, .variable = true),
	OPTION(KPI_IP_TTL, kpi_option_pass, get_ttl),
	OPTION(KPI_IP_HDRINCL, kpi_option_pass, get_hdrincl),
	SIZED(KPI_IP_OPTIONS, 0, kpi_option_pass, get_ip_options, .variable = true),
	OPTION(KPI_IP_RECVOPTS, set_control, get_control, .arg = IP_CMSG_RECVOPTS),
	OPTION(KPI_IP_RETOPTS, set_control, get_control, .arg = IP_CMSG_RETOPTS),
	OPTION(KPI_IP_RECVTTL, set_control, get_control, .arg = IP_CMSG_TTL),
	OPTION(KPI_IP_RECVTOS, set_control, get_control, .arg = IP_CMSG_TOS),
	OPTION(KPI_IP_PKTINFO, set_pktinfo, get_pktinfo),
	OPTION(KPI_IP_RECVDSTADDR, set_pktinfo, get_pktinfo),
	OPTION(KPI_IP_MULTICAST_IF, kpi_option_pass, get_mc_if, .variable = true),
	SIZED(KPI_IP_MULTICAST_TTL, 1, kpi_option_pass, get_mc_ttl, .variable = true),
	SIZED(KPI_IP_MULTICAST_LOOP, 1, kpi_option_pass, get_mc_loop, .variable = true),
	GROUP(KPI_IP_ADD_MEMBERSHIP),
	GROUP(KPI_IP_DROP_MEMBERSHIP),
	OPTION(KPI_IP_BOUND_IF, set_bound_if, get_bound_if),
	OPTION(KPI_IP_PORTRANGE, set_portrange, get_portrange),
	{}
};

#undef GROUP
#undef OPTION
#undef SIZED

static int get_v6only(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->sk->sk_ipv6only);
}

static int get_hops6(struct __socket *so, const struct kpi_option *opt, void *val)
{
	int hops = inet6_sk(so->sk)->hop_limit;

	if (hops < 0)
		hops = READ_ONCE(sock_net(so->sk)->ipv6.devconf_all->hop_limit);
	return kpi_option_put(val, hops);
}

static int get_mc6_if(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, inet6_sk(so->sk)->mcast_oif);
}

static int get_mc6_hops(struct __socket *so, const struct kpi_option *opt, void *val)
{
	int hops = inet6_sk(so->sk)->mcast_hops;

	return kpi_option_put(val, hops < 0 ? IPV6_DEFAULT_MCASTHOPS : hops);
}

static int get_mc6_loop(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, kpi_compat_mc6_loop(so->sk));
}

static int get_tclass(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, inet6_sk(so->sk)->tclass);
}

static int get_control6(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct ipv6_pinfo *np = inet6_sk(so->sk);

	switch (opt->name) {
	case KPI_IPV6_RECVPKTINFO:
		return kpi_option_put(val, np->rxopt.bits.rxinfo);
	case KPI_IPV6_RECVHOPLIMIT:
		return kpi_option_put(val, np->rxopt.bits.rxhlim);
	default:
		return kpi_option_put(val, np->rxopt.bits.rxtclass);
	}
}

static int get_pktinfo6(struct __socket *so, const struct kpi_option *opt, void *val)
{
	const struct ipv6_pinfo *np = inet6_sk(so->sk);
	struct in6_pktinfo *info = val;

	info->ipi6_ifindex = np->sticky_pktinfo.ipi6_ifindex;
	info->ipi6_addr = np->sticky_pktinfo.ipi6_addr;
	return sizeof(*info);
}

#define SIZED(...)	KPI_OPTION_SIZED(IPPROTO_IPV6, __VA_ARGS__)
#define OPTION(_name, ...)	SIZED(_name, sizeof(int), __VA_ARGS__)

const struct kpi_option kpi_ipv6_options[] = {
	OPTION(KPI_IPV6_V6ONLY, kpi_option_pass, get_v6only),
	OPTION(KPI_IPV6_UNICAST_HOPS, kpi_option_pass, get_hops6),
	OPTION(KPI_IPV6_MULTICAST_IF, kpi_option_pass, get_mc6_if),
	OPTION(KPI_IPV6_MULTICAST_HOPS, kpi_option_pass, get_mc6_hops),
	OPTION(KPI_IPV6_MULTICAST_LOOP, kpi_option_pass, get_mc6_loop),
	SIZED(KPI_IPV6_JOIN_GROUP, sizeof(struct ipv6_mreq), kpi_option_pass, NULL),
	SIZED(KPI_IPV6_LEAVE_GROUP, sizeof(struct ipv6_mreq), kpi_option_pass, NULL),
	OPTION(KPI_IPV6_RECVPKTINFO, set_control, get_control6),
	OPTION(KPI_IPV6_RECVHOPLIMIT, set_control, get_control6),
	OPTION(KPI_IPV6_RECVTCLASS, set_control, get_control6),
	SIZED(KPI_IPV6_PKTINFO, sizeof(struct in6_pktinfo), kpi_option_pass, get_pktinfo6),
	OPTION(KPI_IPV6_TCLASS, kpi_option_pass, get_tclass),
	OPTION(KPI_IPV6_BOUND_IF, set_bound_if, get_bound_if),
	OPTION(KPI_IPV6_PORTRANGE, set_portrange, get_portrange),
	{}
};

#undef SIZED
#undef OPTION

static int set_nocksum(struct __socket *so, const struct kpi_option *opt, const void *val, int len)
{
	return kpi_option_linux(so, SOL_SOCKET, SO_NO_CHECK, val, len);
}

static int get_nocksum(struct __socket *so, const struct kpi_option *opt, void *val)
{
	return kpi_option_put(val, so->sk->sk_no_check_tx);
}

const struct kpi_option kpi_udp_options[] = {
	KPI_OPTION_SIZED(IPPROTO_UDP, KPI_UDP_NOCKSUM, sizeof(int), set_nocksum, get_nocksum),
	{}
};
