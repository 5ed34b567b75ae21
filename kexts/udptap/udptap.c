// SPDX-License-Identifier: GPL-2.0
/*
 * A network in datagrams: makes the Ethernet interface utap0. Each frame is the payload
 * of one UDP datagram to a peer, and the other way round.
 */
#include <mach/mach_types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <kern/locks.h>
#include <libkern/OSAtomic.h>
#include <net/bpf.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_types.h>
#include <net/kpi_interface.h>
#include <netinet/in.h>

int	port = 7008, peer_port = 7009;
char	*peer = "127.0.0.1";
int	sent, received;

static ifnet_t		ifp;
static socket_t		so;
static lck_grp_t	*grp;
static lck_mtx_t	*mtx;
static int		gone;		/* guarded by mtx */

static const u_char	broadcast[ETHER_ADDR_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static errno_t
tap_output(ifnet_t interface, mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m), done = 0;

	bpf_tap_out(interface, DLT_EN10MB, m, NULL, 0);
	if (sock_sendmbuf(so, NULL, m, MSG_DONTWAIT, &done) != 0) {
		ifnet_stat_increment_out(interface, 0, 0, 1);
		return ENOBUFS;
	}
	ifnet_stat_increment_out(interface, 1, (u_int32_t)len, 0);
	OSIncrementAtomic(&sent);
	return 0;
}

static errno_t
tap_demux(ifnet_t interface, mbuf_t m, char *header, protocol_family_t *family)
{
	return ENOENT;
}

static errno_t
tap_add_proto(ifnet_t interface, protocol_family_t family, const struct ifnet_demux_desc *demux,
    u_int32_t count)
{
	return 0;
}

static errno_t
tap_del_proto(ifnet_t interface, protocol_family_t family)
{
	return 0;
}

static errno_t
tap_check_multi(ifnet_t interface, const struct sockaddr *mcast)
{
	return 0;
}

static void
tap_detached(ifnet_t interface)
{
	lck_mtx_lock(mtx);
	gone = 1;
	wakeup(&gone);
	lck_mtx_unlock(mtx);
}

static void
upcall(socket_t s, void *cookie, int waitf)
{
	struct ifnet_stat_increment_param stats;
	size_t len = 65535;
	mbuf_t m;

	while (sock_receivembuf(s, NULL, &m, MSG_DONTWAIT, &len) == 0 && m != NULL) {
		len = 65535;
		if (mbuf_pkthdr_len(m) < ETHER_HDR_LEN || mbuf_pullup(&m, ETHER_HDR_LEN) != 0) {
			mbuf_freem(m);
			continue;
		}
		mbuf_pkthdr_setheader(m, mbuf_data(m));
		mbuf_adj(m, ETHER_HDR_LEN);
		mbuf_pkthdr_setrcvif(m, ifp);
		bzero(&stats, sizeof(stats));
		OSIncrementAtomic(&received);
		ifnet_input(ifp, m, &stats);
	}
}

static errno_t
open_socket(void)
{
	struct sockaddr_in from, to;
	errno_t error;

	bzero(&from, sizeof(from));
	from.sin_len = sizeof(from);
	from.sin_family = AF_INET;
	from.sin_port = htons(port);
	to = from;
	to.sin_port = htons(peer_port);
	if (inet_aton(peer, &to.sin_addr) == 0)
		return EINVAL;
	error = sock_socket(PF_INET, SOCK_DGRAM, 0, upcall, NULL, &so);
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
	struct sockaddr_dl ll;
	errno_t error;

	bzero(&init, sizeof(init));
	init.name = "utap";
	init.family = IFNET_FAMILY_ETHERNET;
	init.type = IFT_ETHER;
	init.output = tap_output;
	init.demux = tap_demux;
	init.add_proto = tap_add_proto;
	init.del_proto = tap_del_proto;
	init.check_multi = tap_check_multi;
	init.detach = tap_detached;
	init.broadcast_addr = broadcast;
	init.broadcast_len = sizeof(broadcast);
	error = ifnet_allocate(&init, &ifp);
	if (error != 0)
		return error;

	bzero(&ll, sizeof(ll));
	ll.sdl_len = sizeof(ll);
	ll.sdl_family = AF_LINK;
	ll.sdl_alen = ETHER_ADDR_LEN;
	memcpy(LLADDR(&ll), "\2tap0\1", ETHER_ADDR_LEN);
	ifnet_set_mtu(ifp, 1400);
	ifnet_set_flags(ifp, IFF_BROADCAST | IFF_MULTICAST | IFF_SIMPLEX, 0xffff);
	error = ifnet_attach(ifp, &ll);
	if (error != 0)
		ifnet_release(ifp);
	else
		bpfattach(ifp, DLT_EN10MB, ETHER_HDR_LEN);
	return error;
}

kern_return_t
udptap_start(kmod_info_t *ki, void *data)
{
	grp = lck_grp_alloc_init("udptap", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	if (open_socket() == 0) {
		if (make_interface() == 0)
			return KERN_SUCCESS;
		sock_close(so);
	}
	printf("port=%d peer=%s peer_port=%d: cannot be used\n", port, peer, peer_port);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_FAILURE;
}

kern_return_t
udptap_stop(kmod_info_t *ki, void *data)
{
	ifnet_detach(ifp);
	lck_mtx_lock(mtx);
	while (!gone)
		msleep(&gone, mtx, PZERO, "udptap", NULL);
	lck_mtx_unlock(mtx);
	sock_close(so);
	ifnet_release(ifp);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
