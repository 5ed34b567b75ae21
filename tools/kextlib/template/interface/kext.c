/*
 * @NAME@: makes the interface @NAME@0, which gives back each IPv4 packet that is sent
 * to it, source and destination exchanged.
 *
 * A kext as one writes it for macOS; nothing in here is Linux's. What it prints
 * stands in the log behind its name.
 */
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/socket.h>
#include <sys/kpi_mbuf.h>
#include <kern/locks.h>
#include <net/if.h>
#include <net/if_types.h>
#include <net/kpi_interface.h>
#include <net/kpi_protocol.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <libkern/OSAtomic.h>
#include <mach/mach_types.h>

int sent;		/* a module parameter: see Kbuild */

static ifnet_t ifp;
static lck_grp_t *grp;
static lck_mtx_t *mtx;
static int gone;	/* guarded by mtx */

/* The driver: called in a thread that may sleep, with a packet that is now ours. */
static errno_t
output(ifnet_t interface, mbuf_t m)
{
	struct in_addr addr[2], back[2];
	size_t at = offsetof(struct ip, ip_src);

	OSIncrementAtomic(&sent);
	if (mbuf_copydata(m, at, sizeof(addr), addr) != 0) {
		mbuf_freem(m);
		return EINVAL;
	}
	back[0] = addr[1];
	back[1] = addr[0];
	mbuf_copyback(m, at, sizeof(back), back, MBUF_WAITOK);
	mbuf_pkthdr_setrcvif(m, interface);
	mbuf_pkthdr_setheader(m, NULL);
	return ifnet_input(interface, m, NULL);
}

/* Which protocol is a packet of? There is no link header that would say it. */
static errno_t
demux(ifnet_t interface, mbuf_t m, char *header, protocol_family_t *family)
{
	*family = PF_INET;
	return 0;
}

static errno_t
add_proto(ifnet_t interface, protocol_family_t family, const struct ifnet_demux_desc *demux,
    u_int32_t count)
{
	return family == PF_INET ? 0 : EPROTONOSUPPORT;
}

static errno_t
del_proto(ifnet_t interface, protocol_family_t family)
{
	return 0;
}

/* The last call: nothing of ours is called after it. */
static void
detached(ifnet_t interface)
{
	lck_mtx_lock(mtx);
	gone = 1;
	wakeup(&gone);
	lck_mtx_unlock(mtx);
}

/* The protocol: what came in goes to IP. */
static errno_t
inet_input(ifnet_t interface, protocol_family_t family, mbuf_t m, char *header)
{
	return proto_input(family, m);
}

static errno_t
make_interface(void)
{
	struct ifnet_attach_proto_param inet = { .input = inet_input };
	struct ifnet_init_params init = {
		.name = "@NAME@",
		.family = IFNET_FAMILY_TUN,
		.type = IFT_OTHER,
		.output = output,
		.demux = demux,
		.add_proto = add_proto,
		.del_proto = del_proto,
		.detach = detached,
	};
	errno_t error;

	error = ifnet_allocate(&init, &ifp);
	if (error != 0)
		return error;
	ifnet_set_mtu(ifp, 1400);
	ifnet_set_flags(ifp, IFF_POINTOPOINT | IFF_NOARP, 0xffff);
	error = ifnet_attach(ifp, NULL);
	if (error == 0)
		error = ifnet_attach_protocol(ifp, PF_INET, &inet);
	else
		ifnet_release(ifp);
	return error;
}

kern_return_t
@NAME@_start(kmod_info_t *ki, void *data)
{
	errno_t error;

	grp = lck_grp_alloc_init("@NAME@", LCK_GRP_ATTR_NULL);
	mtx = lck_mtx_alloc_init(grp, LCK_ATTR_NULL);
	error = make_interface();
	if (error == 0)
		return KERN_SUCCESS;
	printf("cannot make the interface: error %d\n", error);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_FAILURE;
}

kern_return_t
@NAME@_stop(kmod_info_t *ki, void *data)
{
	ifnet_detach(ifp);
	lck_mtx_lock(mtx);
	while (!gone)
		msleep(&gone, mtx, PZERO, "@NAME@", NULL);
	lck_mtx_unlock(mtx);
	ifnet_release(ifp);
	lck_mtx_free(mtx, grp);
	lck_grp_free(grp);
	return KERN_SUCCESS;
}
