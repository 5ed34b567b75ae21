// SPDX-License-Identifier: GPL-2.0
/* IP filters over the loopback: who sees what, in which order, and what becomes of it. */

#include <sys/errno.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <sys/kpi_socket.h>
#include <kern/locks.h>
#include <kern/thread.h>
#include <libkern/OSAtomic.h>
#include <net/kpi_interface.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <netinet/kpi_ipfilter.h>

#include "../test.h"

/* What a filter of these tests does with packets of the test's port. */
enum act { PASS, REFUSE, SWALLOW, REPLACE, REDIRECT, NONSENSE, REMOVE, NAP };

struct probe {
	const char *name;
	u_int16_t port;			/* others pass without being counted */
	enum act in_act, out_act;
	SInt32 in, out, detached;
	int offset, protocol;		/* of the last one seen coming in */
	size_t len;			/* of the last one seen */
	ifnet_t rcvif;
	u_int32_t options;
	int place_in, place_out;	/* in the order of calls of the last packet */
	mbuf_t kept;
	ipfilter_t ref;
};

static SInt32 calls_in, calls_out;

/* The destination port of a UDP packet; 0 if it is none. */
static u_int16_t port_of(mbuf_t m)
{
	u_int8_t first = 0, protocol = 0;
	u_int16_t port = 0;
	size_t head;

	mbuf_copydata(m, 0, 1, &first);
	head = first >> 4 == 6 ? sizeof(struct ip6_hdr) : (first & 15) * 4;
	mbuf_copydata(m, first >> 4 == 6 ? 6 : 9, 1, &protocol);
	if (protocol != IPPROTO_UDP && protocol != IPPROTO_TCP)
		return 0;
	mbuf_copydata(m, head + 2, sizeof(port), &port);
	return ntohs(port);
}

/* A chain of its own with the same bytes, and the old one gone. */
static void replace(mbuf_t *m)
{
	mbuf_t copy = NULL;

	if (mbuf_dup(*m, MBUF_WAITOK, &copy))
		return;
	mbuf_freem(*m);
	*m = copy;
}

static errno_t act_on(struct probe *p, enum act act, mbuf_t *m)
{
	struct timespec nap = { 0, 20 * 1000 * 1000 };
	u_int32_t other = htonl(INADDR_LOOPBACK + 1);

	switch (act) {
	case REFUSE:
		return EACCES;
	case SWALLOW:
		p->kept = *m;
		return EJUSTRETURN;
	case REPLACE:
		replace(m);
		return 0;
	case REDIRECT:
		mbuf_outbound_finalize(*m, PF_INET, 0);
		mbuf_copyback(*m, 16, sizeof(other), &other, MBUF_WAITOK);
		return 0;
	case NONSENSE:
		mbuf_adj(*m, (int)mbuf_pkthdr_len(*m) - 5);
		return 0;
	case REMOVE:
		EXPECT_EQ(ipf_remove(p->ref), 0);
		return 0;
	case NAP:
		msleep(p, NULL, PZERO, "nap", &nap);
		return 0;
	default:
		return 0;
	}
}

static errno_t probe_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	struct probe *p = cookie;

	if (port_of(*data) != p->port)
		return 0;
	p->offset = offset;
	p->protocol = protocol;
	p->len = mbuf_pkthdr_len(*data);
	p->rcvif = mbuf_pkthdr_rcvif(*data);
	p->place_in = OSIncrementAtomic(&calls_in);
	OSIncrementAtomic(&p->in);
	return act_on(p, p->in_act, data);
}

static errno_t probe_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	struct probe *p = cookie;

	if (port_of(*data) != p->port)
		return 0;
	p->len = mbuf_pkthdr_len(*data);
	p->options = options ? options->ippo_flags : ~0U;
	p->place_out = OSIncrementAtomic(&calls_out);
	OSIncrementAtomic(&p->out);
	return act_on(p, p->out_act, data);
}

static void probe_detach(void *cookie)
{
	OSIncrementAtomic(&((struct probe *)cookie)->detached);
}

static int add(struct probe *p)
{
	struct ipf_filter filter = { p, p->name ? p->name : "probe", probe_in, probe_out, probe_detach };

	return EXPECT_EQ(ipf_addv4(&filter, &p->ref), 0);
}

static void end(struct probe *p)
{
	if (!p->detached)
		EXPECT_EQ(ipf_remove(p->ref), 0);
	SETTLES(p->detached == 1);
}

/* --- a sender and a receiver --- */

struct pair {
	socket_t from, to;
	struct sockaddr_in name;
};

static int pair_open(struct pair *pair)
{
	struct timeval patience = { 5, 0 };
	int ok;

	bzero(pair, sizeof(*pair));
	pair->name.sin_len = sizeof(pair->name);
	pair->name.sin_family = AF_INET;
	pair->name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok = EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &pair->to), 0) &&
	     EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &pair->from), 0) &&
	     EXPECT_EQ(sock_bind(pair->to, (struct sockaddr *)&pair->name), 0) &&
	     EXPECT_EQ(sock_getsockname(pair->to, (struct sockaddr *)&pair->name, sizeof(pair->name)), 0);
	if (ok)
		sock_setsockopt(pair->to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return ok;
}

static void pair_close(struct pair *pair)
{
	sock_close(pair->from);
	sock_close(pair->to);
}

static errno_t send_to(struct pair *pair, const char *text)
{
	struct iovec iov = { (void *)text, strlen(text) };
	struct msghdr msg = { .msg_name = &pair->name, .msg_namelen = sizeof(pair->name),
			      .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	return sock_send(pair->from, &msg, 0, &sent);
}

static void expect_text(struct pair *pair, const char *text)
{
	char buf[200] = "";
	struct iovec iov = { buf, sizeof(buf) - 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got = 0;

	EXPECT_EQ(sock_receive(pair->to, &msg, 0, &got), 0);
	EXPECT_STR(buf, text);
}

static void expect_nothing(struct pair *pair)
{
	char buf[8];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got;

	EXPECT_EQ(sock_receive(pair->to, &msg, MSG_DONTWAIT, &got), EWOULDBLOCK);
}

/* A pair and a filter on its port; the test's body runs between these. */
static int begin(struct pair *pair, struct probe *p)
{
	if (!pair_open(pair))
		return 0;
	p->port = ntohs(pair->name.sin_port);
	return add(p);
}

/* --- P1, P2, P24 --- */

static void wrong_arguments(void)
{
	struct ipf_filter filter = { NULL, NULL, probe_in, NULL, NULL };
	ipfilter_t ref = (ipfilter_t)&filter;

	EXPECT_EQ(ipf_addv4(&filter, &ref), EINVAL);
	EXPECT_EQ(ref == (ipfilter_t)&filter, 1);
	filter.name = "nothing";
	filter.ipf_input = NULL;
	EXPECT_EQ(ipf_addv4(&filter, &ref), EINVAL);
	EXPECT_EQ(ipf_addv6(&filter, &ref), EINVAL);
	EXPECT_EQ(ipf_addv4(NULL, &ref), EINVAL);
	EXPECT_EQ(ipf_remove(NULL), EINVAL);
	EXPECT_EQ(ipf_remove(ref), ENOENT);
}

static void removed_twice(void)
{
	struct probe p = { "twice" };

	add(&p);
	EXPECT_EQ(ipf_remove(p.ref), 0);
	EXPECT_EQ(p.detached, 1);
	EXPECT_EQ(ipf_remove(p.ref), ENOENT);
	EXPECT_EQ(p.detached, 1);
}

/* P3: no detach, no output */
static void half_a_filter(void)
{
	struct probe p = { "half" };
	struct ipf_filter filter = { &p, "half", probe_in, NULL, NULL };
	struct pair pair;

	if (!pair_open(&pair))
		return;
	p.port = ntohs(pair.name.sin_port);
	EXPECT_EQ(ipf_addv4(&filter, &p.ref), 0);
	EXPECT_EQ(send_to(&pair, "half"), 0);
	expect_text(&pair, "half");
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(ipf_remove(p.ref), 0);
	pair_close(&pair);
}

/* P4, P5: the newest first, both ways; offset, protocol, interface, options */
static void newest_first(void)
{
	struct probe first = { "first" }, second = { "second" };
	ifnet_t lo = NULL;
	struct pair pair;

	if (!begin(&pair, &first))
		return;
	second.port = first.port;
	add(&second);
	EXPECT_EQ(send_to(&pair, "order"), 0);
	expect_text(&pair, "order");
	EXPECT_EQ(first.in + second.in, 2);
	EXPECT_EQ(first.out + second.out, 2);
	EXPECT(second.place_in < first.place_in);
	EXPECT(second.place_out < first.place_out);
	EXPECT_EQ(first.offset, 20);
	EXPECT_EQ(first.protocol, IPPROTO_UDP);
	EXPECT_EQ(first.len, 20 + 8 + 5);
	EXPECT_EQ(first.options, 0);
	EXPECT_EQ(ifnet_find_by_name("lo0", &lo), 0);
	EXPECT(first.rcvif == lo);
	ifnet_release(lo);
	end(&first);
	end(&second);
	pair_close(&pair);
}

/* P6: swallowed on the way in, freed later */
static void swallowed_in(void)
{
	struct probe p = { "swallow", .in_act = SWALLOW };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "gone"), 0);
	SETTLES(p.in == 1);
	end(&p);
	expect_nothing(&pair);
	mbuf_freem(p.kept);
	pair_close(&pair);
}

/* P7, P8: refused; the stack frees it */
static void refused(void)
{
	struct probe p = { "refuse", .in_act = REFUSE };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	send_to(&pair, "in");
	SETTLES(p.in == 1);
	p.out_act = REFUSE;
	send_to(&pair, "out");
	SETTLES(p.out == 2);
	end(&p);
	EXPECT_EQ(p.in, 1);
	expect_nothing(&pair);
	pair_close(&pair);
}

/* P12, P14: what is injected behind a filter is seen by older ones only, and leaves once */
static void injected_behind(void)
{
	struct probe oldest = { "oldest" }, keeper = { "keeper", .out_act = SWALLOW }, newest = { "newest" };
	struct pair pair;

	if (!begin(&pair, &oldest))
		return;
	keeper.port = newest.port = oldest.port;
	add(&keeper);
	add(&newest);
	EXPECT_EQ(send_to(&pair, "behind"), 0);
	SETTLES(keeper.kept != NULL);
	EXPECT_EQ(newest.out, 1);
	EXPECT_EQ(oldest.out, 0);
	EXPECT_EQ(ipf_inject_output(keeper.kept, keeper.ref, NULL), 0);
	expect_text(&pair, "behind");
	EXPECT_EQ(oldest.out, 1);
	EXPECT_EQ(keeper.out, 1);
	EXPECT_EQ(newest.out, 1);
	end(&newest);
	end(&keeper);
	end(&oldest);
	expect_nothing(&pair);
	pair_close(&pair);
}

/* P19: swallowed coming in, injected behind itself by another thread */
static void injected_in_behind(void)
{
	struct probe older = { "older" }, p = { "keeper", .in_act = SWALLOW };
	struct pair pair;

	if (!begin(&pair, &older))
		return;
	p.port = older.port;
	add(&p);
	EXPECT_EQ(send_to(&pair, "again"), 0);
	SETTLES(p.kept != NULL);
	EXPECT_EQ(older.in, 0);
	EXPECT_EQ(ipf_inject_input(p.kept, p.ref), 0);
	expect_text(&pair, "again");
	EXPECT_EQ(older.in, 1);
	EXPECT_EQ(p.in, 1);
	end(&p);
	end(&older);
	pair_close(&pair);
}

/* P13: without a reference all see it again */
static void injected_for_all(void)
{
	struct probe p = { "keeper", .out_act = SWALLOW };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "all"), 0);
	SETTLES(p.kept != NULL);
	p.out_act = PASS;
	EXPECT_EQ(ipf_inject_output(p.kept, NULL, NULL), 0);
	expect_text(&pair, "all");
	EXPECT_EQ(p.out, 2);
	end(&p);
	pair_close(&pair);
}

/* P15, P16 */
static void no_ip_packet(void)
{
	mbuf_t m = NULL;

	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, 100, NULL, &m), 0);
	EXPECT_EQ(mbuf_copyback(m, 0, 3, "uuu", MBUF_WAITOK), 0);
	EXPECT_EQ(ipf_inject_input(m, NULL), ENOTSUP);
	EXPECT_EQ(ipf_inject_output(m, NULL, NULL), ENOTSUP);
}

/* A datagram to the pair, made by hand, with a bad header checksum. */
static mbuf_t handmade(struct pair *pair, const char *text)
{
	struct { struct ip ip; struct udphdr udp; } __attribute__((packed)) head;
	mbuf_t m = NULL;

	bzero(&head, sizeof(head));
	head.ip.ip_v = 4;
	head.ip.ip_hl = 5;
	head.ip.ip_len = htons(sizeof(head) + strlen(text));
	head.ip.ip_ttl = 9;
	head.ip.ip_p = IPPROTO_UDP;
	head.ip.ip_sum = 0x1234;
	head.ip.ip_src.s_addr = head.ip.ip_dst.s_addr = htonl(INADDR_LOOPBACK);
	head.udp.uh_sport = htons(9);
	head.udp.uh_dport = pair->name.sin_port;
	head.udp.uh_ulen = htons(sizeof(head.udp) + strlen(text));
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, 200, NULL, &m), 0);
	mbuf_setlen(m, 0);
	mbuf_pkthdr_setlen(m, 0);
	EXPECT_EQ(mbuf_copyback(m, 0, sizeof(head), &head, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(m, sizeof(head), strlen(text), text, MBUF_WAITOK), 0);
	return m;
}

/* P17, P18 */
static void handmade_input(void)
{
	struct pair pair;
	ifnet_t lo = NULL;
	mbuf_t m;

	if (!pair_open(&pair))
		return;
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "made"), NULL), 0);
	expect_text(&pair, "made");

	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	m = handmade(&pair, "bad");
	mbuf_pkthdr_setrcvif(m, lo);
	EXPECT_EQ(ipf_inject_input(m, NULL), 0);
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "good"), NULL), 0);
	expect_text(&pair, "good");
	ifnet_release(lo);
	pair_close(&pair);
}

/* P20: a destination changed in place does not change the route; by injection it does */
static void replaced_and_redirected(void)
{
	struct probe p = { "replace", .in_act = REPLACE, .out_act = REPLACE };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "a datagram in two chains, one after the other"), 0);
	expect_text(&pair, "a datagram in two chains, one after the other");
	p.out_act = REDIRECT;
	EXPECT_EQ(send_to(&pair, "elsewhere"), 0);
	SETTLES(p.out == 2);
	end(&p);
	expect_nothing(&pair);		/* nobody listens at the other address */
	pair_close(&pair);
}

/* A filter that leaves nonsense harms nobody but its own packet. */
static void nonsense(void)
{
	struct probe p = { "nonsense", .in_act = NONSENSE };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_MISUSE(1, ({ send_to(&pair, "nonsense"); SETTLES(p.in == 1); end(&p); }));
	expect_nothing(&pair);
	pair_close(&pair);
}

/* P23 */
static void removed_from_inside(void)
{
	struct probe p = { "inside", .in_act = REMOVE };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "inside"), 0);
	expect_text(&pair, "inside");
	SETTLES(p.detached == 1);
	EXPECT_EQ(send_to(&pair, "outside"), 0);
	expect_text(&pair, "outside");
	EXPECT_EQ(p.in, 1);
	pair_close(&pair);
}

/* P22: removed while packets come; nothing is lost, and detach is called once */
static void removed_under_traffic(void)
{
	struct pair pair;
	char text[8];
	int i;

	if (!pair_open(&pair))
		return;
	for (i = 0; i < 50; i++) {
		struct probe p = { "traffic", .port = ntohs(pair.name.sin_port) };
		SInt32 seen;

		add(&p);
		snprintf(text, sizeof(text), "%d", i);
		EXPECT_EQ(send_to(&pair, text), 0);
		EXPECT_EQ(ipf_remove(p.ref), 0);
		seen = p.in;
		expect_text(&pair, text);
		SETTLES(p.detached == 1);
		EXPECT(p.in <= seen + 1);
	}
	pair_close(&pair);
}

/* P29: a filter sleeps, and its packets wait in order */
static void sleeping(void)
{
	struct probe p = { "sleeper", .in_act = NAP };
	struct pair pair;
	char text[8];
	int i;

	if (!begin(&pair, &p))
		return;
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT_EQ(send_to(&pair, text), 0);
	}
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "%d", i);
		expect_text(&pair, text);
	}
	EXPECT_EQ(p.in, 5);
	end(&p);
	pair_close(&pair);
}

const struct kt_case filter_ip_cases[] = {
	{ "wrong_arguments", wrong_arguments },
	{ "removed_twice", removed_twice },
	{ "half_a_filter", half_a_filter },
	{ "newest_first", newest_first },
	{ "swallowed_in", swallowed_in },
	{ "refused", refused },
	{ "injected_behind", injected_behind },
	{ "injected_in_behind", injected_in_behind },
	{ "injected_for_all", injected_for_all },
	{ "no_ip_packet", no_ip_packet },
	{ "handmade_input", handmade_input },
	{ "replaced_and_redirected", replaced_and_redirected },
	{ "nonsense", nonsense },
	{ "removed_from_inside", removed_from_inside },
	{ "removed_under_traffic", removed_under_traffic },
	{ "sleeping", sleeping },
	{ }
};
