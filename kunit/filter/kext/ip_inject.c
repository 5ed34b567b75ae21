// SPDX-License-Identifier: GPL-2.0
/* Packets that filters keep and give back, and those that a kext makes. */

#include <kern/locks.h>
#include <kern/thread.h>

#include "ip.h"

/* What is injected behind a filter is seen by older ones only, and leaves once. */
static void P12_injected_behind(void)
{
	struct probe oldest = { "oldest" }, keeper = { "keeper", .out_act = SWALLOW }, newest = { "newest" };
	long held = kt_held(KT_PACKETS);
	struct pair pair;

	if (!begin(&pair, &oldest))
		return;
	keeper.port = oldest.port;
	newest.port = oldest.port;
	add(&keeper);
	add(&newest);
	EXPECT_EQ(send_to(&pair, "behind"), 0);
	SETTLES(keeper.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	EXPECT_EQ(newest.out, 1);
	EXPECT_EQ(oldest.out, 0);
	EXPECT_EQ(ipf_inject_output(keeper.kept, keeper.ref, &keeper.options), 0);
	expect_text(&pair, "behind");
	EXPECT_EQ(oldest.out, 1);
	EXPECT_EQ(keeper.out, 1);
	EXPECT_EQ(newest.out, 1);
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);
	end(&newest);
	end(&keeper);
	end(&oldest);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(P12_injected_behind)

/* What two filters keep, one after the other, still is the packet that it was. */
static void kept_twice(void)
{
	struct probe older = { "older", .out_act = SWALLOW, .in_act = SWALLOW };
	struct probe newer = { "newer", .out_act = SWALLOW, .in_act = SWALLOW };
	long held = kt_held(KT_PACKETS);
	struct pair pair;

	if (!begin(&pair, &older))
		return;
	newer.port = older.port;
	add(&newer);
	EXPECT_EQ(send_to(&pair, "twice"), 0);
	SETTLES(newer.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	EXPECT_EQ(ipf_inject_output(newer.kept, newer.ref, NULL), 0);
	SETTLES(older.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	newer.kept = NULL;
	EXPECT_EQ(ipf_inject_output(older.kept, older.ref, NULL), 0);
	older.kept = NULL;
	SETTLES(newer.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	EXPECT_EQ(ipf_inject_input(newer.kept, newer.ref), 0);
	SETTLES(older.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	EXPECT_EQ(ipf_inject_input(older.kept, older.ref), 0);
	expect_text(&pair, "twice");
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);
	end(&newer);
	end(&older);
	pair_close(&pair);
}
BOTH(kept_twice)

/* Without a reference all see it again; a tag tells who has seen it, and survives. */
static void P13_injected_for_all(void)
{
	struct probe older = { "older" }, p = { "keeper", .out_act = SWALLOW };
	struct pair pair;

	EXPECT_EQ(mbuf_tag_id_find("netkpi.test.filter", &p.tag), 0);
	if (!begin(&pair, &older))
		return;
	p.port = older.port;
	add(&p);
	EXPECT_EQ(send_to(&pair, "all"), 0);
	SETTLES(p.kept != NULL);
	EXPECT_EQ(ipf_inject_output(p.kept, NULL, NULL), 0);
	expect_text(&pair, "all");
	EXPECT_EQ(p.out, 2);
	EXPECT_EQ(p.tagged, 1);
	EXPECT_EQ(older.out, 1);

	p.out_act = PASS;
	p.in_act = SWALLOW;
	p.kept = NULL;
	EXPECT_EQ(send_to(&pair, "in, too"), 0);
	SETTLES(p.kept != NULL);
	EXPECT_EQ(ipf_inject_input(p.kept, NULL), 0);
	expect_text(&pair, "in, too");
	EXPECT_EQ(p.in, 3);
	EXPECT_EQ(p.tagged, 2);
	end(&p);
	end(&older);
	pair_close(&pair);
}
BOTH(P13_injected_for_all)

/* A reference that is stale: nobody is due. One that is removed, but not detached, keeps its place. */
static void P14_stale_reference(void)
{
	struct probe older = { "older" }, p = { "gone", .out_act = SWALLOW };
	struct pair pair;

	if (!begin(&pair, &older))
		return;
	p.port = older.port;
	add(&p);
	EXPECT_EQ(send_to(&pair, "stale"), 0);
	SETTLES(p.kept != NULL);
	end(&p);
	EXPECT_EQ(ipf_inject_output(p.kept, p.ref, NULL), 0);
	expect_text(&pair, "stale");
	EXPECT_EQ(older.out, 0);

	p = (struct probe) { "inside", .port = older.port, .out_act = REMOVE_AND_INJECT };
	add(&p);
	EXPECT_EQ(send_to(&pair, "inside"), 0);
	expect_text(&pair, "inside");
	SETTLES(p.detached == 1);
	EXPECT_EQ(older.out, 1);
	end(&older);
	pair_close(&pair);
}
BOTH(P14_stale_reference)

static void P15_P16_no_ip_packet(void)
{
	long mbufs = kt_held(KT_MBUFS);
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, 100, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, 3, "uuu", MBUF_WAITOK), 0);
	EXPECT_EQ(ipf_inject_input(m, NULL), ENOTSUP);
	EXPECT_EQ(kt_held(KT_MBUFS), mbufs + 1);
	EXPECT_EQ(ipf_inject_output(m, NULL, NULL), ENOTSUP);
	EXPECT_EQ(kt_held(KT_MBUFS), mbufs);
}

static void P17_P18_handmade_input(void)
{
	struct probe p = { "sees it" };
	struct pair pair;
	ifnet_t lo = NULL;
	mbuf_t m;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "made"), NULL), 0);
	expect_text(&pair, "made");
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	EXPECT(p.rcvif == lo);
	if (family == AF_INET) {
		m = handmade(&pair, "bad");
		mbuf_pkthdr_setrcvif(m, lo);
		EXPECT_EQ(ipf_inject_input(m, NULL), 0);
	}
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "good"), p.ref), 0);
	expect_text(&pair, "good");
	EXPECT_EQ(p.in, family == AF_INET ? 2 : 1);
	ifnet_release(lo);
	end(&p);
	pair_close(&pair);
}
BOTH(P17_P18_handmade_input)

static void handmade_output(void)
{
	struct probe p = { "sees it" };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(ipf_inject_output(handmade(&pair, "made"), NULL, NULL), 0);
	expect_text(&pair, "made");
	EXPECT_EQ(p.out, 1);
	p.out_act = REFUSE;
	EXPECT_EQ(ipf_inject_output(handmade(&pair, "made"), NULL, NULL), EACCES);
	EXPECT_EQ(ipf_inject_output(handmade(&pair, "again"), p.ref, NULL), 0);
	expect_text(&pair, "again");
	EXPECT_EQ(p.out, 2);
	end(&p);
	pair_close(&pair);
}
BOTH(handmade_output)

/* IP counts to 65,535. */
static void too_long(void)
{
	static const u_int8_t last[1] = { 0 };
	struct pair pair;
	mbuf_t m;

	if (!pair_open(&pair))
		return;
	m = handmade(&pair, "long");
	EXPECT_EQ(mbuf_copyback(m, 65535 + HEADER, 1, last, MBUF_WAITOK), 0);
	EXPECT_EQ(ipf_inject_output(m, NULL, NULL), EMSGSIZE);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(too_long)

/* What is kept, freed instead of injected: nothing is left of it. */
static void P6_swallowed_and_freed(void)
{
	struct probe p = { "swallow", .in_act = SWALLOW };
	long held = kt_held(KT_PACKETS);
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "gone"), 0);
	SETTLES(p.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	end(&p);
	expect_nothing(&pair);
	mbuf_freem(p.kept);
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);
	pair_close(&pair);
}
BOTH(P6_swallowed_and_freed)

/* What was kept on one way and comes back the other way is a packet of the kext's own. */
static void given_back_the_other_way(void)
{
	struct probe p = { "turns", .out_act = SWALLOW };
	long held = kt_held(KT_PACKETS);
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "turned"), 0);
	SETTLES(p.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	mbuf_outbound_finalize(p.kept, family == AF_INET6 ? PF_INET6 : PF_INET, 0);
	EXPECT_EQ(ipf_inject_input(p.kept, NULL), 0);
	expect_text(&pair, "turned");
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(p.out, 1);
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);

	p.out_act = PASS;
	p.in_act = SWALLOW;
	p.kept = NULL;
	EXPECT_EQ(send_to(&pair, "again"), 0);
	SETTLES(p.kept != NULL && kt_held(KT_PACKETS) - held == 1);
	p.in_act = PASS;
	mbuf_inbound_modified(p.kept);
	EXPECT_EQ(ipf_inject_output(p.kept, NULL, NULL), 0);
	SETTLES(p.in == 3);
	EXPECT_EQ(p.out, 3);
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);
	end(&p);
	pair_close(&pair);
}
BOTH(given_back_the_other_way)

/* What a kext says of the checksums of a packet that never came in counts for nothing. */
static void claims_to_be_checked(void)
{
	struct pair pair;
	mbuf_t m;

	if (!pair_open(&pair))
		return;
	m = handmade(&pair, "spoilt");
	EXPECT_EQ(mbuf_copyback(m, HEADER + 8, 1, "S", MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_set_csum_performed(m, MBUF_CSUM_DID_IP | MBUF_CSUM_IP_GOOD |
					  MBUF_CSUM_DID_DATA | MBUF_CSUM_PSEUDO_HDR, 0xffff), 0);
	EXPECT_EQ(ipf_inject_input(m, NULL), 0);
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "sound"), NULL), 0);
	expect_text(&pair, "sound");
	pair_close(&pair);
}
BOTH(claims_to_be_checked)

/* A destination changed in place does not change the route; by injection it does. */
static void P20_redirected(void)
{
	struct probe p = { "redirect", .out_act = SWALLOW };
	u_int32_t other = htonl(INADDR_LOOPBACK + 1);
	u_int16_t none = 0;		/* no UDP checksum, instead of one over another address */
	struct timeval patience = { 5, 0 };
	struct pair pair;
	socket_t there = NULL;
	struct sockaddr_in name;

	if (!begin(&pair, &p))
		return;
	name = pair.name.in;
	name.sin_addr.s_addr = other;
	EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &there), 0);
	EXPECT_EQ(sock_bind(there, (struct sockaddr *)&name), 0);
	EXPECT_EQ(sock_setsockopt(there, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	EXPECT_EQ(send_to(&pair, "elsewhere"), 0);
	SETTLES(p.kept != NULL);
	mbuf_outbound_finalize(p.kept, PF_INET, 0);
	EXPECT_EQ(mbuf_copyback(p.kept, 16, sizeof(other), &other, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(p.kept, 26, sizeof(none), &none, MBUF_WAITOK), 0);
	EXPECT_EQ(ipf_inject_output(p.kept, p.ref, NULL), 0);
	end(&p);
	expect_nothing(&pair);
	sock_close(pair.to);
	pair.to = there;
	expect_text(&pair, "elsewhere");
	pair_close(&pair);
}

/* --- to a group, and to this host, too, if the kext says so --- */

#define GROUP_DEVICE	"ftq0"
#define GROUP_ADDRESS	0x0a4e0001
#define GROUP		0xe0000124

/* A socket that has joined the group on the test's device. */
static int join(struct pair *pair)
{
	struct ip_mreq mreq = { { htonl(GROUP) }, { htonl(GROUP_ADDRESS) } };
	struct sockaddr_in any = { .sin_len = sizeof(any), .sin_family = AF_INET };
	struct timeval patience = { 10, 0 };

	if (!pair_open(pair))
		return 0;
	sock_close(pair->to);
	EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &pair->to), 0);
	EXPECT_EQ(sock_bind(pair->to, (struct sockaddr *)&any), 0);
	EXPECT_EQ(sock_setsockopt(pair->to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	EXPECT_EQ(sock_getsockname(pair->to, &pair->name.sa, sizeof(pair->name)), 0);
	EXPECT_EQ(sock_setsockopt(pair->to, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq)), 0);
	pair->name.in.sin_addr = mreq.imr_multiaddr;
	return 1;
}

static void inject_to_group(struct pair *pair, const char *text, struct ipf_pktopts *options)
{
	u_int32_t addresses[] = { htonl(GROUP_ADDRESS), htonl(GROUP) };
	u_int16_t none = 0;
	mbuf_t m = handmade(pair, text);

	EXPECT_EQ(mbuf_copyback(m, 12, sizeof(addresses), addresses, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(m, 26, sizeof(none), &none, MBUF_WAITOK), 0);
	EXPECT_EQ(ipf_inject_output(m, NULL, options), 0);
}

/* Datagrams that left by the device; it talks IGMP, too. */
static int datagrams_sent(void)
{
	u_int8_t frame[64];
	int n = 0;

	while (ft_take_sent(GROUP_DEVICE, frame, sizeof(frame)))
		n += frame[12] == 8 && frame[13] == 0 && frame[23] == IPPROTO_UDP;
	return n;
}

static void P27_looped_as_told(void)
{
	struct ipf_pktopts options = { .ippo_flags = IPPOF_MCAST_OPTS, .ippo_mcast_ttl = 1 };
	struct probe p = { "loop", .out_act = SWALLOW };
	struct in_addr address = { htonl(GROUP_ADDRESS) };
	struct pair pair;

	EXPECT_EQ(ft_make(GROUP_DEVICE), 0);
	EXPECT_EQ(ft_address(GROUP_DEVICE, GROUP_ADDRESS, 24), 0);
	EXPECT_EQ(ifnet_find_by_name(GROUP_DEVICE, &options.ippo_mcast_ifnet), 0);
	if (!join(&pair))
		return;
	inject_to_group(&pair, "quiet", &options);
	options.ippo_mcast_loop = 1;
	inject_to_group(&pair, "aloud", &options);
	expect_text(&pair, "aloud");
	EXPECT_EQ(datagrams_sent(), 2);

	/* of what a filter had kept, too: its socket would have had it looped */
	EXPECT_EQ(sock_setsockopt(pair.from, IPPROTO_IP, IP_MULTICAST_IF, &address,
				  sizeof(address)), 0);
	p.port = ntohs(pair.name.in.sin_port);
	add(&p);
	EXPECT_EQ(send_to(&pair, "kept"), 0);
	SETTLES(p.kept != NULL);
	EXPECT_EQ(p.options.ippo_mcast_loop, 1);
	p.options.ippo_mcast_loop = 0;
	EXPECT_EQ(ipf_inject_output(p.kept, p.ref, &p.options), 0);
	EXPECT_EQ(datagrams_sent(), 1);
	p.kept = NULL;
	EXPECT_EQ(send_to(&pair, "kept, too"), 0);
	SETTLES(p.kept != NULL);
	EXPECT_EQ(ipf_inject_output(p.kept, p.ref, &p.options), 0);
	expect_text(&pair, "kept, too");
	EXPECT_EQ(datagrams_sent(), 1);
	end(&p);
	expect_nothing(&pair);
	pair_close(&pair);
	ifnet_release(options.ippo_mcast_ifnet);
	ft_delete(GROUP_DEVICE);
}

/* --- from another thread, later --- */

static struct {
	lck_spin_t *lock;
	mbuf_t first, last;
	ipfilter_t ref;
	volatile int stop, stopped;
	SInt32 seen, injected;
	u_int16_t port;
} later;

/* Takes all TCP segments to the port, and those of its answers, out of the way. */
static errno_t later_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	u_int16_t ports[2] = { 0, 0 };

	mbuf_copydata(*data, offset, sizeof(ports), ports);
	if (protocol != IPPROTO_TCP || (ports[0] != later.port && ports[1] != later.port))
		return 0;
	OSIncrementAtomic(&later.seen);
	mbuf_setnextpkt(*data, NULL);
	lck_spin_lock(later.lock);
	if (later.first)
		mbuf_setnextpkt(later.last, *data);
	else
		later.first = *data;
	later.last = *data;
	lck_spin_unlock(later.lock);
	return EJUSTRETURN;
}

static mbuf_t later_next(void)
{
	mbuf_t m;

	lck_spin_lock(later.lock);
	m = later.first;
	if (m)
		later.first = mbuf_nextpkt(m);
	lck_spin_unlock(later.lock);
	return m;
}

static void later_thread(void *parameter, wait_result_t result)
{
	mbuf_t m;

	while (!later.stop) {
		kt_pause_ms(2);
		while ((m = later_next())) {
			mbuf_setnextpkt(m, NULL);
			EXPECT_EQ(ipf_inject_input(m, later.ref), 0);
			OSIncrementAtomic(&later.injected);
		}
	}
	later.stopped = 1;
}

static void later_begin(u_int16_t port)
{
	struct ipf_filter filter = { NULL, "later", later_in, NULL, NULL };
	lck_grp_t *group = lck_grp_alloc_init("later", LCK_GRP_ATTR_NULL);
	thread_t thread;

	bzero(&later, sizeof(later));
	later.port = port;
	later.lock = lck_spin_alloc_init(group, LCK_ATTR_NULL);
	lck_grp_free(group);
	EXPECT_EQ(family == AF_INET6 ? ipf_addv6(&filter, &later.ref) : ipf_addv4(&filter, &later.ref), 0);
	EXPECT_EQ(kernel_thread_start(later_thread, NULL, &thread), KERN_SUCCESS);
	thread_deallocate(thread);
}

static void later_end(void)
{
	mbuf_t m;

	EXPECT_EQ(ipf_remove(later.ref), 0);
	later.stop = 1;
	SETTLES(later.stopped && !kt_held(KT_THREADS));
	while ((m = later_next()))
		mbuf_freem(m);
	lck_spin_free(later.lock, NULL);
}

static void move(socket_t from, socket_t to, size_t total)
{
	static u_int8_t buf[16384];
	size_t at, n;

	for (at = 0; at < total; at += sizeof(buf)) {
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

		memset(buf, at >> 14, sizeof(buf));
		EXPECT_EQ(sock_send(from, &msg, 0, &n), 0);
		iov.iov_base = buf;
		iov.iov_len = sizeof(buf);
		bzero(buf, sizeof(buf));
		EXPECT_EQ(sock_receive(to, &msg, MSG_WAITALL, &n), 0);
		EXPECT_EQ(buf[0], (at >> 14) & 0xff);
		EXPECT_EQ(buf[sizeof(buf) - 1], (at >> 14) & 0xff);
	}
}

/* All segments of a connection are kept and come in later; none is seen twice. */
static void P19_tcp_injected_later(void)
{
	socket_t listener = NULL, client = NULL, server = NULL;
	union name name;

	loopback_name(&name);
	EXPECT_EQ(sock_socket(family, SOCK_STREAM, 0, NULL, NULL, &listener), 0);
	EXPECT_EQ(sock_bind(listener, &name.sa), 0);
	EXPECT_EQ(sock_listen(listener, 1), 0);
	EXPECT_EQ(sock_getsockname(listener, &name.sa, sizeof(name)), 0);
	later_begin(name.in.sin_port);
	EXPECT_EQ(sock_socket(family, SOCK_STREAM, 0, NULL, NULL, &client), 0);
	if (EXPECT_EQ(sock_connect(client, &name.sa, 0), 0) &&
	    EXPECT_EQ(sock_accept(listener, NULL, 0, 0, NULL, NULL, &server), 0))
		move(client, server, 1 << 20);
	SETTLES(later.seen == later.injected);
	EXPECT(later.seen >= 20);
	later_end();
	sock_close(client);
	sock_close(server);
	sock_close(listener);
}
BOTH(P19_tcp_injected_later)

/* --- what a tunnel makes of a kext's packet --- */

static SInt32 tunnelled, ended;

/* Of GRE, and in there an IPv6 header before nothing. */
static errno_t counts_tunnelled(void *cookie, mbuf_t *m, ipf_pktopts_t options)
{
	u_int8_t outer = 0, inner = 0;

	mbuf_copydata(*m, 9, 1, &outer);
	mbuf_copydata(*m, 20 + 4 + 6, 1, &inner);
	if (outer == IPPROTO_GRE && inner == IPPROTO_NONE)
		OSIncrementAtomic(&tunnelled);
	return 0;
}

static errno_t sees_input(void *cookie, mbuf_t *m, int offset, u_int8_t protocol)
{
	return 0;
}

static void counts_end(void *cookie)
{
	OSIncrementAtomic(&ended);
}

static mbuf_t for_beyond(void)
{
	struct ip6_hdr ip6 = { .ip6_nxt = IPPROTO_NONE, .ip6_hlim = 9 };
	mbuf_t m = NULL;

	ip6.ip6_vfc = 6 << 4;
	ip6.ip6_dst.s6_addr[0] = 0xfd;
	ip6.ip6_dst.s6_addr[1] = 0x77;
	ip6.ip6_dst.s6_addr[15] = 2;
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, sizeof(ip6), NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, sizeof(ip6), &ip6, MBUF_WAITOK), 0);
	return m;
}

/*
 * It has passed IPv6's filters, of which none wants output; in the tunnel's IPv4 packet it
 * is what the filters there have not seen.
 */
static void tunnelled_by_the_other_ip(void)
{
	struct ipf_filter wants = { NULL, "wants", NULL, counts_tunnelled, counts_end };
	struct ipf_filter idle = { NULL, "idle", sees_input, NULL, counts_end };
	ipfilter_t refs[2];

	tunnelled = ended = 0;
	if (!EXPECT_EQ(ft_tunnel(1), 1))
		return;
	EXPECT_EQ(ipf_addv4(&wants, &refs[0]), 0);
	EXPECT_EQ(ipf_addv6(&idle, &refs[1]), 0);
	EXPECT_EQ(ipf_inject_output(for_beyond(), NULL, NULL), 0);
	SETTLES(tunnelled == 1);
	EXPECT_EQ(ipf_remove(refs[0]), 0);
	EXPECT_EQ(ipf_remove(refs[1]), 0);
	SETTLES(ended == 2);
	EXPECT_EQ(ft_tunnel(0), 1);
}

const struct kt_case filter_ip_inject_cases[] = {
	ROWS(P6_swallowed_and_freed),
	ROWS(P12_injected_behind),
	ROWS(kept_twice),
	ROWS(P13_injected_for_all),
	ROWS(P14_stale_reference),
	{ "P15_P16_no_ip_packet", P15_P16_no_ip_packet },
	ROWS(P17_P18_handmade_input),
	ROWS(handmade_output),
	ROWS(too_long),
	ROWS(P19_tcp_injected_later),
	{ "P20_redirected", P20_redirected },
	ROWS(given_back_the_other_way),
	ROWS(claims_to_be_checked),
	{ "P27_looped_as_told", P27_looped_as_told },
	{ "tunnelled_by_the_other_ip", tunnelled_by_the_other_ip },
	{ }
};

const struct kt_case filter_ip_inject_direct_cases[] = {
	ROWS(P6_swallowed_and_freed),
	ROWS(P12_injected_behind),
	ROWS(kept_twice),
	ROWS(P13_injected_for_all),
	ROWS(P14_stale_reference),
	ROWS(P17_P18_handmade_input),
	ROWS(handmade_output),
	ROWS(too_long),
	ROWS(P19_tcp_injected_later),
	{ "P20_redirected", P20_redirected },
	{ }
};
