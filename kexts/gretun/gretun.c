// SPDX-License-Identifier: GPL-2.0
/*
 * A GRE tunnel: makes the interface kgre0, whose packets, IPv4 and IPv6, travel to
 * another host in packets of IP protocol 47 (RFC 2784, without options).
 */
#include <mach/mach_types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <net/bpf.h>
#include <net/if.h>
#include <net/if_types.h>
#include <net/kpi_interface.h>
#include <net/kpi_protocol.h>
#include <netinet/in.h>
#include <netinet/ip.h>

#define GRE_HEADER	4
#define GRE_MTU		1476

#ifndef IPPROTO_GRE
#define IPPROTO_GRE	47
#endif

char	*local = "0.0.0.0", *remote = "127.0.0.1";
int	sent, received, damaged, addresses;
int	leave;		/* stops like one that forgets its interface, socket and plumbers */

static ifnet_t		ifp;
static socket_t		so;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static int		gone;		/* guarded by mtx */

/* after two bytes of flags: the type of what is inside */
static const u_int8_t	gre_ip[2] = { 0x08, 0x00 }, gre_ip6[2] = { 0x86, 0xdd };

/* --- the interface --- */

static errno_t
gre_output(ifnet_t interface, mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m), done = 0;

	bpf_tap_out(interface, DLT_RAW, m, NULL, 0);
	if (sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &done) != 0) {
		ifnet_stat_increment_out(interface, 0, 0, 1);
		return ENOBUFS;
	}
	ifnet_stat_increment_out(interface, 1, (u_int32_t)len - GRE_HEADER, 0);
	OSIncrementAtomic(&sent);
	return 0;
}

static errno_t
gre_demux(ifnet_t interface, mbuf_t m, char *header, protocol_family_t *family)
{
	if (header == NULL || header[0] != 0 || header[1] != 0)
		return ENOENT;
	if (memcmp(header + 2, gre_ip, sizeof(gre_ip)) == 0)
		*family = PF_INET;
	else if (memcmp(header + 2, gre_ip6, sizeof(gre_ip6)) == 0)
		*family = PF_INET6;
	else
		return ENOENT;
	return 0;
}

static errno_t
gre_framer(ifnet_t interface, mbuf_t *m, const struct sockaddr *dest, const char *link,
    const char *type)
{
	u_int8_t header[GRE_HEADER] = { 0, 0, (u_int8_t)type[0], (u_int8_t)type[1] };

	if (mbuf_prepend(m, GRE_HEADER, MBUF_DONTWAIT) != 0)
		return EJUSTRETURN;
	return mbuf_copyback(*m, 0, GRE_HEADER, header, MBUF_DONTWAIT);
}

static errno_t
gre_add_proto(ifnet_t interface, protocol_family_t family, const struct ifnet_demux_desc *demux,
    u_int32_t count)
{
	return family == PF_INET || family == PF_INET6 ? 0 : EPROTONOSUPPORT;
}

static errno_t
gre_del_proto(ifnet_t interface, protocol_family_t family)
{
	return 0;
}

static errno_t
gre_ioctl(ifnet_t interface, unsigned long cmd, void *data)
{
	if (cmd != SIOCSIFADDR)
		return EOPNOTSUPP;
	OSIncrementAtomic(&addresses);
	return 0;
}

static void
gre_detached(ifnet_t interface)
{
	lck_mtx_lock(mtx);
	gone = 1;
	wakeup(&gone);
	lck_mtx_unlock(mtx);
}

/* --- IP on it --- */

static errno_t
gre_input(ifnet_t interface, protocol_family_t family, mbuf_t m, char *header)
{
	return proto_input(family, m);
}

static errno_t
gre_preout(ifnet_t interface, protocol_family_t family, mbuf_t *m, const struct sockaddr *dest,
    void *route, char *type, char *link)
{
	memcpy(type, family == PF_INET6 ? gre_ip6 : gre_ip, sizeof(gre_ip));
	return 0;
}

static errno_t
gre_plumb(ifnet_t interface, protocol_family_t family)
{
	struct ifnet_attach_proto_param proto;

	bzero(&proto, sizeof(proto));
	proto.input = gre_input;
	proto.pre_output = gre_preout;
	return ifnet_attach_protocol(interface, family, &proto);
}

/* --- the other host --- */

static void
receive_one(mbuf_t m)
{
	u_int8_t first = 0;
	size_t hlen;

	mbuf_copydata(m, 0, 1, &first);
	hlen = (first & 0xf) << 2;
	if (mbuf_pkthdr_len(m) < hlen + GRE_HEADER + sizeof(struct ip)) {
		OSIncrementAtomic(&damaged);
		mbuf_freem(m);
		return;
	}
	mbuf_adj(m, (int)hlen);
	if (mbuf_pullup(&m, GRE_HEADER + sizeof(struct ip)) != 0)
		return;
	mbuf_pkthdr_setheader(m, mbuf_data(m));
	mbuf_adj(m, GRE_HEADER);
	mbuf_pkthdr_setrcvif(m, ifp);
	bpf_tap_in(ifp, DLT_RAW, m, NULL, 0);
	ifnet_stat_increment_in(ifp, 1, (u_int32_t)mbuf_pkthdr_len(m), 0);
	OSIncrementAtomic(&received);
	ifnet_input(ifp, m, NULL);
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	size_t len = 65535;
	mbuf_t m;

	while (sock_receivembuf(s, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		receive_one(m);
		len = 65535;
	}
}

static errno_t
address_of(const char *text, struct sockaddr_in *sin)
{
	bzero(sin, sizeof(*sin));
	sin->sin_len = sizeof(*sin);
	sin->sin_family = AF_INET;
	return inet_aton(text, &sin->sin_addr) ? 0 : EINVAL;
}

static errno_t
open_socket(void)
{
	struct sockaddr_in from, to;
	errno_t error;

	if (address_of(local, &from) != 0 || address_of(remote, &to) != 0) {
		printf("local=%s remote=%s: no addresses\n", local, remote);
		return EINVAL;
	}
	error = sock_socket(PF_INET, SOCK_RAW, IPPROTO_GRE, upcall, NULL, &so);
	if (error != 0)
		return error;
	error = sock_bind(so, (struct sockaddr *)&from);
	if (error == 0)
		error = sock_connect(so, (struct sockaddr *)&to, 0);
	if (error != 0)
		sock_close(so);
	return error;
}

static errno_t
make_interface(void)
{
	struct ifnet_init_params init;
	errno_t error;

	bzero(&init, sizeof(init));
	init.name = "kgre";
	init.unit = 0;
	init.family = IFNET_FAMILY_GIF;
	init.type = IFT_GIF;
	init.output = gre_output;
	init.demux = gre_demux;
	init.framer = gre_framer;
	init.add_proto = gre_add_proto;
	init.del_proto = gre_del_proto;
	init.ioctl = gre_ioctl;
	init.detach = gre_detached;
	error = ifnet_allocate(&init, &ifp);
	if (error != 0)
		return error;
	ifnet_set_mtu(ifp, GRE_MTU);
	ifnet_set_hdrlen(ifp, GRE_HEADER);
	ifnet_set_flags(ifp, IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST, 0xffff);
	error = ifnet_attach(ifp, NULL);
	if (error != 0)
		ifnet_release(ifp);
	else
		bpfattach(ifp, DLT_RAW, 0);
	return error;
}

kern_return_t
gretun_start(kmod_info_t *ki, void *data)
{
	grp = lck_grp_alloc_init("gretun", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	if (proto_register_plumber(PF_INET, IFNET_FAMILY_GIF, gre_plumb, NULL) != 0)
		goto fail_locks;
	if (proto_register_plumber(PF_INET6, IFNET_FAMILY_GIF, gre_plumb, NULL) != 0)
		goto fail_plumber;
	if (open_socket() != 0)
		goto fail_plumber6;
	if (make_interface() != 0)
		goto fail_socket;
	return KERN_SUCCESS;

fail_socket:
	sock_close(so);
fail_plumber6:
	proto_unregister_plumber(PF_INET6, IFNET_FAMILY_GIF);
fail_plumber:
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_GIF);
fail_locks:
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_FAILURE;
}

static void
close_all(void)
{
	proto_unregister_plumber(PF_INET6, IFNET_FAMILY_GIF);
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_GIF);
	ifnet_detach(ifp);
	lck_mtx_lock(mtx);
	while (!gone)
		msleep(&gone, mtx, PZERO, "gretun", NULL);
	lck_mtx_unlock(mtx);
	sock_close(so);
	ifnet_release(ifp);
}

kern_return_t
gretun_stop(kmod_info_t *ki, void *data)
{
	if (!leave)
		close_all();
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
