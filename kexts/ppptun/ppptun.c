// SPDX-License-Identifier: GPL-2.0
/*
 * A PPP link in UDP: makes the interface kppp0, whose IPv4 and IPv6 packets travel to
 * another host as PPP frames (RFC 1662 without escapes), one in a datagram. Of the link
 * control protocol it answers echo requests; nothing is negotiated.
 */
#include <mach/mach_types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/systm.h>
#include <sys/kern_event.h>
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

#define PPP_HEADER	4		/* address, control, protocol */
#define PPP_MTU		1400
#define PPP_IP		0x0021
#define PPP_IPV6	0x0057
#define PPP_LCP		0xc021
#define LCP_ECHO_REQUEST 9
#define LCP_ECHO_REPLY	10

char	*local = "0.0.0.0", *remote = "127.0.0.1";
int	port = 7500;
int	sent, received, damaged, echoes, plumbed, unplumbed, addresses, flags, events;

static ifnet_t		ifp;
static socket_t		so;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static int		gone;		/* guarded by mtx */

/* --- the link --- */

static errno_t
ppp_output(ifnet_t interface, mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m), done = 0;

	bpf_tap_out(interface, DLT_RAW, m, NULL, 0);
	if (sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &done) != 0) {
		ifnet_stat_increment_out(interface, 0, 0, 1);
		return ENOBUFS;
	}
	ifnet_stat_increment_out(interface, 1, (u_int32_t)len - PPP_HEADER, 0);
	OSIncrementAtomic(&sent);
	return 0;
}

/* What is the link's own is not for any protocol: it is answered, and gone. */
static errno_t
lcp_input(ifnet_t interface, mbuf_t m, const u_int8_t *header)
{
	u_int8_t code = 0;

	mbuf_copydata(m, 0, 1, &code);
	if (code != LCP_ECHO_REQUEST) {
		mbuf_freem(m);
		return EJUSTRETURN;
	}
	code = LCP_ECHO_REPLY;
	if (mbuf_copyback(m, 0, 1, &code, MBUF_DONTWAIT) != 0) {
		mbuf_freem(m);
		return EJUSTRETURN;
	}
	if (mbuf_prepend(&m, PPP_HEADER, MBUF_DONTWAIT) != 0)
		return EJUSTRETURN;
	if (mbuf_copyback(m, 0, PPP_HEADER, header, MBUF_DONTWAIT) != 0) {
		mbuf_freem(m);
		return EJUSTRETURN;
	}
	OSIncrementAtomic(&echoes);
	ppp_output(interface, m);
	return EJUSTRETURN;
}

static errno_t
ppp_demux(ifnet_t interface, mbuf_t m, char *frame, protocol_family_t *family)
{
	u_int8_t header[PPP_HEADER];

	if (frame == NULL)
		return ENOENT;
	memcpy(header, frame, sizeof(header));
	if (header[0] != 0xff || header[1] != 0x03)
		return ENOENT;
	switch (header[2] << 8 | header[3]) {
	case PPP_IP:
		*family = PF_INET;
		return 0;
	case PPP_IPV6:
		*family = PF_INET6;
		return 0;
	case PPP_LCP:
		return lcp_input(interface, m, header);
	default:
		return ENOENT;
	}
}

static errno_t
ppp_framer(ifnet_t interface, mbuf_t *m, const struct sockaddr *dest, const char *link,
    const char *type)
{
	u_int8_t header[PPP_HEADER] = { 0xff, 0x03, (u_int8_t)type[0], (u_int8_t)type[1] };

	if (mbuf_prepend(m, PPP_HEADER, MBUF_DONTWAIT) != 0)
		return EJUSTRETURN;
	return mbuf_copyback(*m, 0, PPP_HEADER, header, MBUF_DONTWAIT);
}

static errno_t
ppp_add_proto(ifnet_t interface, protocol_family_t family, const struct ifnet_demux_desc *demux,
    u_int32_t count)
{
	return family == PF_INET || family == PF_INET6 ? 0 : EPROTONOSUPPORT;
}

static errno_t
ppp_del_proto(ifnet_t interface, protocol_family_t family)
{
	return 0;
}

static errno_t
ppp_ioctl(ifnet_t interface, unsigned long cmd, void *data)
{
	switch (cmd) {
	case SIOCSIFADDR:
		OSIncrementAtomic(&addresses);
		return 0;
	case SIOCSIFFLAGS:
		OSIncrementAtomic(&flags);
		return 0;
	case SIOCSIFMTU:
		return 0;
	default:
		return EOPNOTSUPP;
	}
}

static void
ppp_event(ifnet_t interface, const struct kev_msg *msg)
{
	OSIncrementAtomic(&events);
}

static void
ppp_detached(ifnet_t interface)
{
	lck_mtx_lock(mtx);
	gone = 1;
	wakeup(&gone);
	lck_mtx_unlock(mtx);
}

/* --- IP on it --- */

static errno_t
ppp_input(ifnet_t interface, protocol_family_t family, mbuf_t m, char *header)
{
	return proto_input(family, m);
}

static errno_t
ppp_preout(ifnet_t interface, protocol_family_t family, mbuf_t *m, const struct sockaddr *dest,
    void *route, char *type, char *link)
{
	type[0] = 0;
	type[1] = family == PF_INET6 ? PPP_IPV6 : PPP_IP;
	return 0;
}

static errno_t
ppp_plumb(ifnet_t interface, protocol_family_t family)
{
	struct ifnet_attach_proto_param proto;

	bzero(&proto, sizeof(proto));
	proto.input = ppp_input;
	proto.pre_output = ppp_preout;
	OSIncrementAtomic(&plumbed);
	return ifnet_attach_protocol(interface, family, &proto);
}

static void
ppp_unplumb(ifnet_t interface, protocol_family_t family)
{
	OSIncrementAtomic(&unplumbed);
	ifnet_detach_protocol(interface, family);
}

/* --- the other host --- */

static void
receive_one(mbuf_t m)
{
	if (mbuf_pkthdr_len(m) < PPP_HEADER + 1) {
		OSIncrementAtomic(&damaged);
		mbuf_freem(m);
		return;
	}
	if (mbuf_pullup(&m, PPP_HEADER + 1) != 0)
		return;
	mbuf_pkthdr_setheader(m, mbuf_data(m));
	mbuf_adj(m, PPP_HEADER);
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
	sin->sin_port = htons((u_int16_t)port);
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
	error = sock_socket(PF_INET, SOCK_DGRAM, IPPROTO_UDP, upcall, NULL, &so);
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
	init.name = "kppp";
	init.unit = 0;
	init.family = IFNET_FAMILY_PPP;
	init.type = IFT_PPP;
	init.output = ppp_output;
	init.demux = ppp_demux;
	init.framer = ppp_framer;
	init.add_proto = ppp_add_proto;
	init.del_proto = ppp_del_proto;
	init.ioctl = ppp_ioctl;
	init.event = ppp_event;
	init.detach = ppp_detached;
	error = ifnet_allocate(&init, &ifp);
	if (error != 0)
		return error;
	ifnet_set_mtu(ifp, PPP_MTU);
	ifnet_set_hdrlen(ifp, PPP_HEADER);
	ifnet_set_flags(ifp, IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST, 0xffff);
	error = ifnet_attach(ifp, NULL);
	if (error != 0)
		ifnet_release(ifp);
	else
		bpfattach(ifp, DLT_RAW, 0);
	return error;
}

static void
take_off(void)
{
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_PPP);
	proto_unregister_plumber(PF_INET6, IFNET_FAMILY_PPP);
}

static void
free_locks(void)
{
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
}

kern_return_t
ppptun_start(kmod_info_t *ki, void *data)
{
	grp = lck_grp_alloc_init("ppptun", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	if (proto_register_plumber(PF_INET, IFNET_FAMILY_PPP, ppp_plumb, ppp_unplumb) != 0 ||
	    proto_register_plumber(PF_INET6, IFNET_FAMILY_PPP, ppp_plumb, ppp_unplumb) != 0)
		goto fail;
	if (make_interface() != 0)
		goto fail;
	if (open_socket() == 0)
		return KERN_SUCCESS;

	ifnet_detach(ifp);
	lck_mtx_lock(mtx);
	while (!gone)
		msleep(&gone, mtx, PZERO, "ppptun", NULL);
	lck_mtx_unlock(mtx);
	ifnet_release(ifp);
fail:
	take_off();
	free_locks();
	return KERN_FAILURE;
}

kern_return_t
ppptun_stop(kmod_info_t *ki, void *data)
{
	take_off();
	sock_setupcall(so, NULL, NULL);
	ifnet_detach(ifp);
	lck_mtx_lock(mtx);
	while (!gone)
		msleep(&gone, mtx, PZERO, "ppptun", NULL);
	lck_mtx_unlock(mtx);
	sock_close(so);
	ifnet_release(ifp);
	free_locks();
	return KERN_SUCCESS;
}
