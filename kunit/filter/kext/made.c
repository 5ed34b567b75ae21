// SPDX-License-Identifier: GPL-2.0
/* Interfaces that the test makes, as a kext does: a tunnel and an Ethernet one. */

#include <sys/errno.h>
#include <sys/kern_event.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <net/bpf.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_types.h>
#include <net/kpi_interface.h>
#include <net/kpi_interfacefilter.h>
#include <net/kpi_protocol.h>
#include <netinet/in.h>

#include "../test.h"

/* What the test's driver and protocol saw; one interface at a time. */
static struct {
	SInt32 sent, demuxed, framed, preout, input, added, deleted;
	SInt32 proto_detached, detached, ioctls, events, plumbed, unplumbed, addressed;
	u_int8_t address[4];		/* that the driver was told of last */
	unsigned long code;
	u_int8_t dest[8];		/* of the last packet: address family, address */
	u_int8_t last[64];
	size_t len;
	errno_t add_answer;
	int tap;			/* calls bpf_tap_out() */
	int loop;			/* what is sent comes in again, source and destination exchanged */
	SInt32 joined, left;		/* news of groups */
	volatile int busy;		/* is in the middle of a request */
	int groups;			/* that the driver found when it asked last */
	volatile int stuck;		/* does not come back from its output function */
	int mtu;			/* of the last request that has one */
	int filter_gone;		/* when the driver heard that the interface has */
} seen;

static char softc[] = "softc";

/* --- the driver: four bytes of header, the last of which is the address family --- */

static errno_t drv_output(ifnet_t ifp, mbuf_t m)
{
	u_int8_t addresses[8];

	seen.len = mbuf_pkthdr_len(m);
	mbuf_copydata(m, 0, seen.len < sizeof(seen.last) ? seen.len : sizeof(seen.last), seen.last);
	if (seen.tap)
		bpf_tap_out(ifp, DLT_NULL, m, NULL, 0);
	OSIncrementAtomic(&seen.sent);
	while (seen.stuck)
		kt_pause_ms(1);
	if (!seen.loop) {
		mbuf_freem(m);
		return 0;
	}
	mbuf_copydata(m, 4 + 12, 8, addresses);
	mbuf_copyback(m, 4 + 12, 4, addresses + 4, MBUF_WAITOK);
	mbuf_copyback(m, 4 + 16, 4, addresses, MBUF_WAITOK);
	mbuf_pkthdr_setrcvif(m, ifp);
	mbuf_pkthdr_setheader(m, NULL);
	return ifnet_input(ifp, m, NULL);
}

static errno_t drv_demux(ifnet_t ifp, mbuf_t m, char *header, protocol_family_t *family)
{
	OSIncrementAtomic(&seen.demuxed);
	if (!header || header[3] != 2)
		return ENOENT;
	*family = PF_INET;
	return 0;
}

static errno_t drv_framer(ifnet_t ifp, mbuf_t *m, const struct sockaddr *dest,
			  const char *link, const char *type)
{
	u_int8_t *header;

	OSIncrementAtomic(&seen.framed);
	if (mbuf_prepend(m, 4, MBUF_WAITOK))
		return EJUSTRETURN;
	header = mbuf_data(*m);
	bzero(header, 4);
	header[3] = type[0];
	return 0;
}

static errno_t drv_add_proto(ifnet_t ifp, protocol_family_t family,
			     const struct ifnet_demux_desc *demux, u_int32_t n)
{
	OSIncrementAtomic(&seen.added);
	return seen.add_answer;
}

static errno_t drv_del_proto(ifnet_t ifp, protocol_family_t family)
{
	OSIncrementAtomic(&seen.deleted);
	return 0;
}

static errno_t drv_addressed(ifnet_t ifp, ifaddr_t ifa)
{
	struct sockaddr_in sin;

	EXPECT(ifaddr_ifnet(ifa) == ifp);
	if (ifaddr_address(ifa, (struct sockaddr *)&sin, sizeof(sin)) || sin.sin_family != AF_INET)
		return 0;
	memcpy(seen.address, &sin.sin_addr, sizeof(seen.address));
	OSIncrementAtomic(&seen.addressed);
	return 0;
}

/* None of an interface that is going: the driver may hear of its last ones meanwhile. */
static int groups_of(ifnet_t ifp)
{
	ifmultiaddr_t *groups = NULL;
	errno_t error = ifnet_get_multicast_list(ifp, &groups);
	int n = 0;

	EXPECT(!error || error == ENXIO);
	while (groups && groups[n])
		n++;
	ifnet_free_multicast_list(groups);
	return n;
}

static errno_t drv_groups(ifnet_t ifp, SInt32 *news)
{
	seen.groups = groups_of(ifp);
	OSIncrementAtomic(news);
	while (seen.busy)
		kt_pause_ms(1);
	return 0;
}

static errno_t drv_ioctl(ifnet_t ifp, unsigned long cmd, void *data)
{
	if (cmd == SIOCSIFADDR)
		return drv_addressed(ifp, data);
	if (cmd == SIOCADDMULTI || cmd == SIOCDELMULTI)
		return drv_groups(ifp, cmd == SIOCADDMULTI ? &seen.joined : &seen.left);
	if (cmd == SIOCSIFMTU)
		seen.mtu = ((struct ifreq *)data)->ifr_mtu;
	seen.code = cmd;
	OSIncrementAtomic(&seen.ioctls);
	return cmd == SIOCSIFFLAGS || cmd == 0x7777 ? 0 : EOPNOTSUPP;
}

static void drv_event(ifnet_t ifp, const struct kev_msg *msg)
{
	OSIncrementAtomic(&seen.events);
}

static struct {
	SInt32 in, out, detached;
	u_int8_t first[8], header[4];
	size_t len;
	volatile int stuck;
} filtered;

static void drv_detached(ifnet_t ifp)
{
	seen.filter_gone = filtered.detached;
	OSIncrementAtomic(&seen.detached);
}

/* --- the protocol --- */

static errno_t proto_in(ifnet_t ifp, protocol_family_t family, mbuf_t m, char *header)
{
	OSIncrementAtomic(&seen.input);
	return proto_input(family, m) ? EINVAL : 0;
}

static errno_t proto_preout(ifnet_t ifp, protocol_family_t family, mbuf_t *m,
			    const struct sockaddr *dest, void *route, char *type, char *link)
{
	seen.dest[0] = dest->sa_family;
	memcpy(seen.dest + 1, dest->sa_data + 2, 4);
	OSIncrementAtomic(&seen.preout);
	type[0] = family;
	return 0;
}

static errno_t proto_gone(ifnet_t ifp, protocol_family_t family)
{
	OSIncrementAtomic(&seen.proto_detached);
	return 0;
}

static struct ifnet_attach_proto_param inet = {
	.input = proto_in, .pre_output = proto_preout, .detached = proto_gone,
};

static struct ifnet_init_params params(u_int32_t type)
{
	return (struct ifnet_init_params) {
		.name = "ftm", .unit = 3, .family = IFNET_FAMILY_TUN, .type = type,
		.output = drv_output, .demux = drv_demux, .add_proto = drv_add_proto,
		.del_proto = drv_del_proto, .framer = drv_framer, .softc = softc,
		.ioctl = drv_ioctl, .detach = drv_detached, .event = drv_event,
	};
}

static ifnet_t make(u_int32_t type)
{
	struct ifnet_init_params init = params(type);
	ifnet_t ifp = NULL;

	bzero(&seen, sizeof(seen));
	EXPECT_EQ(ifnet_allocate(&init, &ifp), 0);
	return ifp;
}

static void finish(ifnet_t ifp)
{
	EXPECT_EQ(ifnet_detach(ifp), 0);
	SETTLES(seen.detached == 1);
	EXPECT_EQ(ifnet_detach(ifp), ENXIO);
	EXPECT_EQ(ifnet_release(ifp), 0);
	SETTLES(!ifnet_mtu(ifp));		/* nobody keeps it */
}

/* A tunnel with IPv4 attached and an address. */
static ifnet_t tunnel(void)
{
	ifnet_t ifp = make(IFT_OTHER);

	if (!ifp)
		return NULL;
	EXPECT_EQ(ifnet_set_hdrlen(ifp, 4), 0);
	EXPECT_EQ(ifnet_set_mtu(ifp, 1200), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP | IFF_POINTOPOINT | IFF_NOARP, 0xffff), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(ifnet_attach_protocol(ifp, PF_INET, &inet), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0001, 24), 0);
	return ifp;
}

static void bad_parameters(void)
{
	struct ifnet_init_params init = params(IFT_OTHER);
	ifnet_t ifp = NULL;

	EXPECT_EQ(ifnet_allocate(NULL, &ifp), EINVAL);
	EXPECT_EQ(ifnet_allocate(&init, NULL), EINVAL);
	init.family = 0;
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init = params(0);
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init = params(256);
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init = params(IFT_OTHER);
	init.unit = 32768;
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init = params(IFT_OTHER);
	init.name = NULL;
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init.name = "sixteenletters16";
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	init = params(IFT_OTHER);
	init.output = NULL;
	EXPECT_EQ(ifnet_allocate(&init, &ifp), EINVAL);
	EXPECT(!ifp);
}

static void bad_calls(void)
{
	struct sockaddr_dl ll = { .sdl_len = sizeof(ll), .sdl_family = AF_LINK, .sdl_alen = 5 };
	struct ifnet_init_params init;
	ifnet_t ifp = NULL, lo = NULL;

	init = params(IFT_ETHER);
	init.add_proto = NULL;
	EXPECT_EQ(ifnet_allocate(&init, &ifp), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), ENODEV);
	EXPECT_EQ(ifnet_detach(ifp), EINVAL);
	EXPECT_EQ(ifnet_attach_protocol(ifp, PF_INET, &inet), ENXIO);
	EXPECT_EQ(ifnet_release(ifp), 0);
	init = params(IFT_ETHER);
	EXPECT_EQ(ifnet_allocate(&init, &ifp), 0);
	EXPECT_EQ(ifnet_attach(ifp, &ll), EINVAL);
	ll.sdl_alen = 6;
	ll.sdl_nlen = 255;			/* a name behind the end */
	EXPECT_EQ(ifnet_attach(ifp, &ll), EINVAL);
	EXPECT_EQ(ifnet_release(ifp), 0);

	EXPECT_EQ(ifnet_find_by_name("lo0", &lo), 0);
	EXPECT_EQ(ifnet_attach(lo, NULL), EINVAL);
	EXPECT_EQ(ifnet_detach(lo), EINVAL);
	EXPECT_EQ(ifnet_attach_protocol(lo, PF_INET, &inet), EOPNOTSUPP);
	EXPECT_EQ(ifnet_attach(NULL, NULL), EINVAL);
	EXPECT_EQ(ifnet_detach(NULL), EINVAL);
	ifnet_release(lo);
}

/* What is said before it is attached comes true with it. */
static void said_before(void)
{
	ifnet_t ifp = make(IFT_OTHER), found = NULL;

	EXPECT_STR(ifnet_name(ifp), "ftm");
	EXPECT_EQ(ifnet_unit(ifp), 3);
	EXPECT_EQ(ifnet_family(ifp), IFNET_FAMILY_TUN);
	EXPECT_EQ(ifnet_type(ifp), IFT_OTHER);
	EXPECT(ifnet_softc(ifp) == softc);
	EXPECT_EQ(ifnet_set_mtu(ifp, 1400), 0);
	EXPECT_EQ(ifnet_set_hdrlen(ifp, 4), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_POINTOPOINT | IFF_MULTICAST, 0xffff), 0);
	EXPECT_EQ(ifnet_flags(ifp), IFF_POINTOPOINT | IFF_MULTICAST);
	EXPECT_EQ(ifnet_find_by_name("ftm3", &found), ENXIO);

	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), EEXIST);
	EXPECT_EQ(ifnet_find_by_name("ftm3", &found), 0);
	EXPECT(found == ifp);
	ifnet_release(found);
	EXPECT_EQ(ifnet_mtu(ifp), 1400);
	EXPECT_EQ(ifnet_hdrlen(ifp), 4);
	EXPECT_EQ(ifnet_flags(ifp) & (IFF_POINTOPOINT | IFF_MULTICAST | IFF_UP),
		  IFF_POINTOPOINT | IFF_MULTICAST);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	SETTLES(seen.ioctls == 1 && seen.code == SIOCSIFFLAGS);
	finish(ifp);
	EXPECT_EQ(ifnet_find_by_name("ftm3", &found), ENXIO);
}

/* A second interface of the same name is refused, and may be given up. */
static void name_is_taken(void)
{
	ifnet_t first = make(IFT_OTHER), second = make(IFT_OTHER);

	EXPECT_EQ(ifnet_attach(first, NULL), 0);
	EXPECT_EQ(ifnet_attach(second, NULL), EEXIST);
	EXPECT_EQ(ifnet_release(second), 0);
	EXPECT_EQ(ifnet_mtu(second), 0);	/* nobody keeps it */
	finish(first);
}

/* --- sending and receiving --- */

static socket_t open_socket(void)
{
	socket_t so = NULL;

	EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &so), 0);
	return so;
}

static void send_to(socket_t so, u_int32_t address, u_int16_t port, const char *text)
{
	struct sockaddr_in to = { .sin_len = sizeof(to), .sin_family = AF_INET,
				  .sin_port = htons(port), .sin_addr.s_addr = htonl(address) };
	struct iovec iov = { (void *)text, strlen(text) };
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof(to),
			      .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	EXPECT_EQ(sock_send(so, &msg, 0, &sent), 0);
}

/* A packet that Linux routes to the tunnel passes protocol and framer, and reaches the driver. */
static void tunnel_sends(void)
{
	static const u_int8_t to[] = { AF_INET, 10, 77, 0, 9 };
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();

	send_to(so, 0x0a4d0009, 9, "hello");
	SETTLES(seen.sent >= 1);
	EXPECT_EQ(seen.preout, seen.sent);
	EXPECT_EQ(seen.framed, seen.sent);
	EXPECT_EQ(seen.len, 4 + 20 + 8 + 5);
	EXPECT_EQ(seen.last[3], PF_INET);
	EXPECT_EQ(seen.last[4], 0x45);
	EXPECT_EQ(memcmp(seen.dest, to, sizeof(to)), 0);
	EXPECT_EQ(memcmp(seen.last + 4 + 28, "hello", 5), 0);
	sock_close(so);
	EXPECT_EQ(ifnet_detach_protocol(ifp, PF_INET), 0);
	EXPECT_EQ(ifnet_detach_protocol(ifp, PF_INET), ENXIO);
	EXPECT_EQ(seen.proto_detached, 1);
	EXPECT_EQ(seen.added, 1);
	EXPECT_EQ(seen.deleted, 1);
	finish(ifp);
}

static mbuf_t zeros(size_t len)
{
	static const u_int8_t none[64];
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, len, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, len, none, MBUF_WAITOK), 0);
	return m;
}

/* What the kext sends by itself, framed or not, is over when the call is. */
static void kext_sends(void)
{
	struct sockaddr_in to = { .sin_len = sizeof(to), .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(0x0a4d0009) };
	struct sockaddr *dest = (struct sockaddr *)&to;
	ifnet_t ifp = tunnel();

	EXPECT_EQ(ifnet_output_raw(ifp, PF_INET, zeros(24)), 0);
	EXPECT_EQ(seen.sent, 1);
	EXPECT_EQ(seen.framed, 0);
	EXPECT_EQ(ifnet_output(ifp, PF_INET, zeros(20), NULL, dest), 0);
	EXPECT_EQ(seen.sent, 2);
	EXPECT_EQ(seen.framed, 1);
	EXPECT_EQ(ifnet_output(ifp, PF_INET, zeros(20), dest, dest), EOPNOTSUPP);
	EXPECT_EQ(seen.sent, 2);
	finish(ifp);
}

/* Nobody attached the family: what is sent is counted and gone. */
static void no_protocol(void)
{
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();
	struct ifnet_stats_param stats;

	EXPECT_EQ(ifnet_detach_protocol(ifp, PF_INET), 0);
	send_to(so, 0x0a4d0009, 9, "hello");
	SETTLES(!ifnet_stat(ifp, &stats) && stats.dropped >= 1);
	EXPECT_EQ(seen.sent, 0);
	seen.add_answer = EBUSY;
	EXPECT_EQ(ifnet_attach_protocol(ifp, PF_INET, &inet), EBUSY);
	seen.add_answer = 0;
	EXPECT_EQ(ifnet_attach_protocol(ifp, PF_INET, &inet), 0);
	EXPECT_EQ(ifnet_attach_protocol(ifp, PF_INET, &inet), EEXIST);
	sock_close(so);
	finish(ifp);
	EXPECT_EQ(seen.proto_detached, 2);
}

/* What it sends comes back to it: demux, protocol, and IP again, to the socket. */
static void tunnel_receives(void)
{
	struct sockaddr_in name = { .sin_len = sizeof(name), .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(0x0a4d0001), .sin_port = htons(4711) };
	struct timeval patience = { 5, 0 };
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();
	char buf[32] = "";
	struct iovec iov = { buf, sizeof(buf) - 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got = 0;

	seen.loop = 1;
	EXPECT_EQ(sock_bind(so, (struct sockaddr *)&name), 0);
	sock_setsockopt(so, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	send_to(so, 0x0a4d0009, 4711, "echo");
	EXPECT_EQ(sock_receive(so, &msg, 0, &got), 0);
	EXPECT_STR(buf, "echo");
	EXPECT_EQ(seen.input, 1);
	EXPECT(seen.demuxed >= 1);
	sock_close(so);
	finish(ifp);
}

/* A frame that demux does not know is counted and gone. */
static void unknown_frame(void)
{
	struct ifnet_stats_param stats;
	ifnet_t ifp = tunnel();
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, 40, NULL, &m), 0);
	bzero(mbuf_data(m), 40);
	EXPECT_EQ(ifnet_input(ifp, m, NULL), 0);
	SETTLES(!ifnet_stat(ifp, &stats) && stats.no_protocol == 1);
	EXPECT_EQ(seen.input, 0);
	finish(ifp);
}

/* --- filters see the kext's own frames --- */

static errno_t flt_in(void *cookie, ifnet_t ifp, protocol_family_t family, mbuf_t *m, char **header)
{
	if (!OSIncrementAtomic(&filtered.in))
		memcpy(filtered.header, *header, 4);
	while (filtered.stuck)
		kt_pause_ms(1);
	return 0;
}

static errno_t flt_out(void *cookie, ifnet_t ifp, protocol_family_t family, mbuf_t *m)
{
	if (OSIncrementAtomic(&filtered.out))
		return 0;
	filtered.len = mbuf_pkthdr_len(*m);
	mbuf_copydata(*m, 0, sizeof(filtered.first), filtered.first);
	return 0;
}

static void flt_detached(void *cookie, ifnet_t ifp)
{
	OSIncrementAtomic(&filtered.detached);
}

static void filters_see_frames(void)
{
	struct iff_filter filter = { NULL, "made", PF_INET, flt_in, flt_out, NULL, NULL, flt_detached };
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();
	interface_filter_t ref;

	bzero(&filtered, sizeof(filtered));
	seen.loop = 1;
	EXPECT_EQ(iflt_attach(ifp, &filter, &ref), 0);
	send_to(so, 0x0a4d0009, 9, "hello");
	SETTLES(filtered.in && filtered.out);
	EXPECT_EQ(filtered.len, 4 + 20 + 8 + 5);
	EXPECT_EQ(filtered.first[3], PF_INET);
	EXPECT_EQ(filtered.first[4], 0x45);
	EXPECT_EQ(filtered.header[3], PF_INET);
	sock_close(so);
	finish(ifp);			/* takes the filter along */
	SETTLES(filtered.detached == 1);
}

/* --- a driver that does not come back --- */

/* What waits for the driver when the interface goes down is lost, as in a ring that is reset. */
static void down_with_packets(void)
{
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();
	int i;

	seen.stuck = 1;
	for (i = 0; i < 4; i++)
		send_to(so, 0x0a4d0009, 9, "early");
	SETTLES(seen.sent == 1);
	EXPECT_EQ(ifnet_set_flags(ifp, 0, IFF_UP), 0);
	seen.stuck = 0;
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	send_to(so, 0x0a4d0009, 9, "later");
	SETTLES(!memcmp(seen.last + 4 + 28, "later", 5));
	EXPECT_EQ(seen.sent, 2);
	sock_close(so);
	finish(ifp);
}

/* The driver hears that its interface has gone when it is in none of its functions. */
static void detached_in_the_middle(void)
{
	ifnet_t ifp = tunnel();
	socket_t so = open_socket();

	seen.stuck = 1;
	send_to(so, 0x0a4d0009, 9, "stuck");
	SETTLES(seen.sent == 1);
	EXPECT_EQ(ifnet_detach(ifp), 0);
	kt_pause_ms(50);
	EXPECT_EQ(seen.detached, 0);
	seen.stuck = 0;
	SETTLES(seen.detached == 1);
	EXPECT_EQ(ifnet_release(ifp), 0);
	sock_close(so);
}

static void asks(void *parameter, wait_result_t result)
{
	EXPECT_EQ(ifnet_ioctl(parameter, 0, SIOCADDMULTI, NULL), 0);
}

static void detached_in_a_request(void)
{
	ifnet_t ifp = tunnel();
	thread_t thread;

	seen.busy = 1;
	EXPECT_EQ(kernel_thread_start(asks, ifp, &thread), KERN_SUCCESS);
	thread_deallocate(thread);
	SETTLES(seen.joined == 1);
	EXPECT_EQ(ifnet_detach(ifp), 0);
	kt_pause_ms(50);
	EXPECT_EQ(seen.detached, 0);
	seen.busy = 0;
	SETTLES(seen.detached == 1 && !kt_held(KT_THREADS));
	EXPECT_EQ(ifnet_release(ifp), 0);
}

/* ... and when no filter is there any more. */
static void detached_under_a_filter(void)
{
	struct iff_filter filter = { NULL, "made", 0, flt_in, NULL, NULL, NULL, flt_detached };
	static const u_int8_t frame[60] = { 2, 0, 0, 0, 0, 42, 2, 0, 0, 0, 0, 9, 0x88, 0xb5, 1, 2 };
	ifnet_t ifp = make(IFT_ETHER);
	interface_filter_t ref;
	mbuf_t m = NULL;

	bzero(&filtered, sizeof(filtered));
	EXPECT_EQ(ifnet_set_mtu(ifp, 1200), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	EXPECT_EQ(iflt_attach(ifp, &filter, &ref), 0);
	filtered.stuck = 1;
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, sizeof(frame), NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, sizeof(frame), frame, MBUF_WAITOK), 0);
	EXPECT_EQ(ifnet_input(ifp, m, NULL), 0);
	SETTLES(filtered.in == 1);
	EXPECT_EQ(ifnet_detach(ifp), 0);
	kt_pause_ms(50);
	EXPECT_EQ(seen.detached, 0);
	filtered.stuck = 0;
	SETTLES(seen.detached == 1);
	EXPECT_EQ(seen.filter_gone, 1);
	EXPECT_EQ(ifnet_release(ifp), 0);
}

/* --- requests and events --- */

static void requests(void)
{
	ifnet_t ifp = tunnel();
	struct ifreq ifr;

	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x7777, NULL), 0);
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x7778, NULL), EOPNOTSUPP);
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0, NULL), EINVAL);
	EXPECT_EQ(ifnet_ioctl(NULL, 0, 0x7777, NULL), EINVAL);
	finish(ifp);

	EXPECT_EQ(ifnet_find_by_name("lo", &ifp), 0);
	bzero(&ifr, sizeof(ifr));
	EXPECT_EQ(ifnet_ioctl(ifp, 0, SIOCGIFMTU, &ifr), 0);
	EXPECT_EQ(ifr.ifr_mtu, ifnet_mtu(ifp));
	EXPECT_EQ(ifnet_ioctl(ifp, 0, 0x7777, &ifr), EOPNOTSUPP);
	ifnet_release(ifp);
}

static void driver_hears_of_changes(void)
{
	ifnet_t ifp = tunnel();
	SInt32 before;

	kt_pause_ms(5);
	before = seen.events;
	EXPECT_EQ(ifnet_set_mtu(ifp, 900), 0);
	SETTLES(seen.events > before && seen.code == SIOCSIFMTU);
	EXPECT_EQ(seen.mtu, 900);
	finish(ifp);
}

/* Each address is told once. */
static void driver_hears_of_addresses(void)
{
	static const u_int8_t first[] = { 10, 77, 0, 1 }, second[] = { 10, 77, 1, 2 };
	ifnet_t ifp = tunnel();

	SETTLES(seen.addressed == 1);
	EXPECT_EQ(memcmp(seen.address, first, sizeof(first)), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0102, 24), 0);
	SETTLES(seen.addressed == 2);
	EXPECT_EQ(memcmp(seen.address, second, sizeof(second)), 0);
	EXPECT_EQ(ft_no_address("ftm3", 0x0a4d0102, 24), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0102, 24), 0);
	SETTLES(seen.addressed >= 2);
	finish(ifp);
}

/* An interface's filters are asked first, and may answer for it. */
static errno_t flt_ioctl(void *cookie, ifnet_t ifp, protocol_family_t family, unsigned long code,
			 void *arg)
{
	if (code == SIOCSIFADDR)
		OSIncrementAtomic((SInt32 *)cookie);
	return code == SIOCSIFADDR ? EJUSTRETURN : EOPNOTSUPP;
}

static void filters_hear_of_addresses(void)
{
	SInt32 asked = 0;
	struct iff_filter filter = { &asked, "asked", 0, NULL, NULL, NULL, flt_ioctl, NULL };
	ifnet_t ifp = tunnel();
	interface_filter_t ref;

	SETTLES(seen.addressed == 1);
	EXPECT_EQ(iflt_attach(ifp, &filter, &ref), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0102, 24), 0);
	SETTLES(asked == 1);
	EXPECT_EQ(seen.addressed, 1);
	iflt_detach(ref);
	finish(ifp);
}

/* --- plumbers, N3 --- */

static void unplumb(ifnet_t ifp, protocol_family_t family)
{
	OSIncrementAtomic(&seen.unplumbed);
	EXPECT_EQ(ifnet_detach_protocol(ifp, family), 0);
}

static errno_t plumb(ifnet_t ifp, protocol_family_t family)
{
	OSIncrementAtomic(&seen.plumbed);
	return ifnet_attach_protocol(ifp, family, &inet);
}

static void N3_plumbers(void)
{
	ifnet_t ifp = make(IFT_OTHER);

	EXPECT_EQ(proto_register_plumber(PF_INET, IFNET_FAMILY_TUN, NULL, NULL), EINVAL);
	EXPECT_EQ(proto_register_plumber(PF_INET, IFNET_FAMILY_TUN, plumb, NULL), 0);
	EXPECT_EQ(proto_register_plumber(PF_INET, IFNET_FAMILY_TUN, plumb, NULL), EEXIST);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP | IFF_POINTOPOINT, 0xffff), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(seen.plumbed, 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0001, 24), 0);
	SETTLES(seen.plumbed == 1 && seen.added == 1);
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_TUN);
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_TUN);
	finish(ifp);
	EXPECT_EQ(seen.proto_detached, 1);
}

/* What a plumber attached goes with the last address, and comes again with the next. */
static void unplumbed_by(proto_unplumb_handler handler)
{
	ifnet_t ifp = make(IFT_OTHER);

	EXPECT_EQ(proto_register_plumber(PF_INET, IFNET_FAMILY_TUN, plumb, handler), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP | IFF_POINTOPOINT, 0xffff), 0);
	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0001, 24), 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4e0001, 24), 0);
	SETTLES(seen.addressed == 2);
	EXPECT_EQ(ft_no_address("ftm3", 0x0a4d0001, 24), 0);
	EXPECT_EQ(seen.proto_detached, 0);
	EXPECT_EQ(ft_no_address("ftm3", 0x0a4e0001, 24), 0);
	SETTLES(seen.proto_detached == 1);
	EXPECT_EQ(seen.unplumbed, handler ? 1 : 0);
	EXPECT_EQ(ft_address("ftm3", 0x0a4d0001, 24), 0);
	SETTLES(seen.plumbed == 2 && seen.addressed == 3);
	finish(ifp);
	EXPECT_EQ(seen.unplumbed, handler ? 1 : 0);
	EXPECT_EQ(seen.proto_detached, 2);
	proto_unregister_plumber(PF_INET, IFNET_FAMILY_TUN);
}

static void unplumbed(void)
{
	unplumbed_by(unplumb);
	unplumbed_by(NULL);
}

/* --- N1, N2: families that nobody knows --- */

static void N1_N2_unknown_families(void)
{
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	EXPECT_EQ(proto_inject(16, m), ENOENT);
	EXPECT_EQ(proto_input(12345, m), -1);
	mbuf_freem(m);
}

/* --- an Ethernet interface: Linux frames --- */

static void ethernet(void)
{
	struct sockaddr_dl ll = { .sdl_len = sizeof(ll), .sdl_family = AF_LINK, .sdl_alen = 6,
				  .sdl_data = { 2, 0, 0, 0, 0, 42 } };
	static const u_int8_t frame[60] = { 2, 0, 0, 0, 0, 42, 2, 0, 0, 0, 0, 9, 0x88, 0xb5, 1, 2 };
	struct ifnet_stats_param stats;
	ifnet_t ifp = make(IFT_ETHER);
	u_int8_t address[6];
	mbuf_t m = NULL;

	EXPECT_EQ(ifnet_set_mtu(ifp, 1200), 0);
	EXPECT_EQ(ifnet_attach(ifp, &ll), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, address, 6), 0);
	EXPECT_EQ(address[5], 42);
	EXPECT_EQ(ifnet_hdrlen(ifp), 14);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	EXPECT_EQ(ft_send("ftm3", frame, sizeof(frame), -1), 0);
	SETTLES(seen.sent >= 1);
	EXPECT_EQ(seen.len, sizeof(frame));
	EXPECT_EQ(memcmp(seen.last, frame, sizeof(frame)), 0);
	EXPECT_EQ(seen.framed, 0);

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, sizeof(frame), NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, sizeof(frame), frame, MBUF_WAITOK), 0);
	EXPECT_EQ(ifnet_input(ifp, m, &(struct ifnet_stat_increment_param){ .errors_in = 2 }), 0);
	EXPECT_EQ(ifnet_stat(ifp, &stats), 0);
	EXPECT_EQ(stats.packets_in, 1);
	EXPECT_EQ(stats.bytes_in, sizeof(frame));
	EXPECT_EQ(stats.errors_in, 2);
	finish(ifp);
}

/* The driver hears that there is one group more, or less, and asks which. */

static ifmultiaddr_t join(ifnet_t ifp, char last)
{
	struct sockaddr_dl dl = { .sdl_len = sizeof(dl), .sdl_family = AF_LINK, .sdl_alen = 6,
				  .sdl_data = { 1, 0, 0x5e, 1, 2, last } };
	ifmultiaddr_t group = NULL;

	EXPECT_EQ(ifnet_add_multicast(ifp, (struct sockaddr *)&dl, &group), 0);
	return group;
}

/* Up, with no group but that of all hosts. */
static ifnet_t with_groups(void)
{
	ifnet_t ifp = make(IFT_ETHER);

	EXPECT_EQ(ifnet_set_mtu(ifp, 1200), 0);		/* too small for IPv6 */
	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	SETTLES(seen.joined == 1);
	EXPECT_EQ(seen.groups, 1);
	return ifp;
}

static void driver_hears_of_groups(void)
{
	ifnet_t ifp = with_groups();
	ifmultiaddr_t group = join(ifp, 4), again = join(ifp, 4);

	SETTLES(seen.joined == 2);
	EXPECT_EQ(seen.groups, 2);
	EXPECT_EQ(ifnet_remove_multicast(again), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_PROMISC, IFF_PROMISC), 0);
	EXPECT_EQ(seen.left, 0);
	EXPECT_EQ(ifnet_remove_multicast(group), 0);
	SETTLES(seen.left == 1);
	EXPECT_EQ(seen.groups, 1);
	EXPECT_EQ(seen.joined, 2);
	finish(ifp);
}

/* While it is busy with other news one comes and goes that it has seen, one is exchanged for another. */
static void busy_driver_hears_of_groups(void)
{
	ifnet_t ifp = with_groups();
	ifmultiaddr_t first, second;

	seen.busy = 1;
	first = join(ifp, 4);
	SETTLES(seen.joined == 2);
	second = join(ifp, 5);
	EXPECT_EQ(ifnet_remove_multicast(first), 0);
	EXPECT_EQ(groups_of(ifp), 2);
	seen.busy = 0;
	SETTLES(seen.joined == 3 && seen.left == 1);

	seen.busy = 1;
	first = join(ifp, 4);
	SETTLES(seen.joined == 4);
	EXPECT_EQ(ifnet_remove_multicast(join(ifp, 6)), 0);
	seen.busy = 0;
	SETTLES(seen.joined == 5 && seen.left == 2);
	EXPECT_EQ(seen.groups, 3);
	EXPECT_EQ(ifnet_remove_multicast(first), 0);
	EXPECT_EQ(ifnet_remove_multicast(second), 0);
	finish(ifp);
}

/* Of those that go while the interface is down when it is up again. */
static void driver_hears_of_groups_when_up(void)
{
	ifnet_t ifp = with_groups();
	ifmultiaddr_t group = join(ifp, 4);

	SETTLES(seen.joined == 2);
	EXPECT_EQ(ifnet_set_flags(ifp, 0, IFF_UP), 0);
	EXPECT_EQ(groups_of(ifp), 1);
	EXPECT_EQ(ifnet_remove_multicast(group), 0);
	EXPECT_EQ(groups_of(ifp), 0);
	EXPECT_EQ(ifnet_set_flags(ifp, IFF_UP, IFF_UP), 0);
	SETTLES(seen.joined == 3 && seen.left >= 1);
	EXPECT_EQ(seen.groups, 1);
	finish(ifp);
}

/* --- what the system does for drivers of Ethernet --- */

static void ethernet_frames(ifnet_t ifp)
{
	static const char to[] = { 2, 0, 0, 0, 0, 9 }, ip[] = { 8, 0 }, payload[40] = { 0x45 };
	u_int8_t address[6], header[14];
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, sizeof(payload), payload, MBUF_WAITOK), 0);
	EXPECT_EQ(ether_frameout(ifp, &m, NULL, NULL, ip), EINVAL);
	EXPECT_EQ(ether_frameout(ifp, &m, NULL, to, ip), 0);
	EXPECT_EQ(mbuf_pkthdr_len(m), 54);
	EXPECT_EQ(mbuf_copydata(m, 0, sizeof(header), header), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, address, 6), 0);
	EXPECT_EQ(memcmp(header, to, 6), 0);
	EXPECT_EQ(memcmp(header + 6, address, 6), 0);
	EXPECT_EQ(memcmp(header + 12, ip, 2), 0);
	mbuf_freem(m);
}

static void ethernet_helpers(void)
{
	char header[14] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 6 };
	struct sockaddr sa = { .sa_family = AF_UNSPEC, .sa_data = { 1 } };
	ifnet_t ifp = make(IFT_ETHER);
	protocol_family_t protocol = 0;
	struct ifreq ifr;
	u_int8_t address[6];

	EXPECT_EQ(ifnet_attach(ifp, NULL), 0);
	ethernet_frames(ifp);
	EXPECT_EQ(ether_demux(ifp, NULL, header, &protocol), 0);
	EXPECT_EQ(protocol, PF_INET);
	header[12] = (char)0x86;
	header[13] = (char)0xdd;
	EXPECT_EQ(ether_demux(ifp, NULL, header, &protocol), 0);
	EXPECT_EQ(protocol, PF_INET6);
	header[13] = 0;
	EXPECT_EQ(ether_demux(ifp, NULL, header, &protocol), ENOENT);
	EXPECT_EQ(ether_demux(ifp, NULL, NULL, &protocol), EINVAL);
	EXPECT_EQ(ether_add_proto(ifp, PF_INET, NULL, 0), 0);
	EXPECT_EQ(ether_add_proto(ifp, 16, NULL, 0), EOPNOTSUPP);
	EXPECT_EQ(ether_del_proto(ifp, PF_INET), 0);
	EXPECT_EQ(ether_check_multi(ifp, &sa), 0);
	sa.sa_data[0] = 2;
	EXPECT_EQ(ether_check_multi(ifp, &sa), EADDRNOTAVAIL);
	sa.sa_family = AF_INET;
	EXPECT_EQ(ether_check_multi(ifp, &sa), EAFNOSUPPORT);
	EXPECT_EQ(ether_check_multi(ifp, NULL), EINVAL);

	EXPECT_EQ(ether_ioctl(ifp, SIOCGIFADDR, &ifr), 0);
	EXPECT_EQ(ifnet_lladdr_copy_bytes(ifp, address, 6), 0);
	EXPECT_EQ(memcmp(ifr.ifr_addr.sa_data, address, 6), 0);
	EXPECT_EQ(ether_ioctl(ifp, SIOCSIFMTU, &ifr), 0);
	EXPECT_EQ(ether_ioctl(ifp, 0x7777, &ifr), EOPNOTSUPP);
	EXPECT(!(ifnet_flags(ifp) & IFF_UP));
	EXPECT_EQ(ether_ioctl(ifp, SIOCSIFADDR, NULL), 0);
	EXPECT(ifnet_flags(ifp) & IFF_UP);
	finish(ifp);
}

#define CASE(name)	{ #name, name }

const struct kt_case filter_made_cases[] = {
	CASE(bad_parameters), CASE(bad_calls), CASE(said_before), CASE(name_is_taken), CASE(tunnel_sends),
	CASE(no_protocol), CASE(tunnel_receives), CASE(unknown_frame), CASE(filters_see_frames),
	CASE(requests), CASE(driver_hears_of_changes), CASE(driver_hears_of_addresses),
	CASE(filters_hear_of_addresses), CASE(N3_plumbers), CASE(unplumbed),
	CASE(kext_sends), CASE(down_with_packets), CASE(detached_in_the_middle), CASE(detached_in_a_request),
	CASE(detached_under_a_filter),
	CASE(N1_N2_unknown_families), CASE(ethernet), CASE(driver_hears_of_groups),
	CASE(busy_driver_hears_of_groups), CASE(driver_hears_of_groups_when_up),
	CASE(ethernet_helpers),
	{}
};
