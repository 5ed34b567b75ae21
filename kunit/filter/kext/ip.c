// SPDX-License-Identifier: GPL-2.0
/* IP filters over the loopback: who sees what, in which order, and what becomes of it. */

#include "ip.h"

/* --- coming and going --- */

static SInt32 half_calls;

static errno_t half_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	OSIncrementAtomic(&half_calls);
	return 0;
}

static void P1_P2_wrong_arguments(void)
{
	struct probe p = { "never" };
	struct ipf_filter filter = { &p, NULL, NULL, NULL, NULL };
	ipfilter_t ref = (ipfilter_t)&filter;

	EXPECT_EQ(ipf_addv4(&filter, &ref), EINVAL);
	EXPECT_EQ(ref == (ipfilter_t)&filter, 1);
	filter.name = "nothing";
	EXPECT_EQ(ipf_addv4(&filter, &ref), EINVAL);
	EXPECT_EQ(ipf_addv6(&filter, &ref), EINVAL);
	EXPECT_EQ(ipf_addv4(NULL, &ref), EINVAL);
	filter.name = NULL;
	filter.ipf_input = half_in;
	EXPECT_EQ(ipf_addv4(&filter, &ref), EINVAL);
	EXPECT_EQ(ipf_remove(NULL), EINVAL);
	EXPECT_EQ(ipf_remove(ref), ENOENT);
}

static void P24_removed_twice(void)
{
	struct probe p = { "twice" };

	add(&p);
	EXPECT_EQ(ipf_remove(p.ref), 0);
	EXPECT_EQ(p.detached, 1);
	EXPECT_EQ(ipf_remove(p.ref), ENOENT);
	EXPECT_EQ(p.detached, 1);
}
BOTH(P24_removed_twice)

static void P3_half_a_filter(void)
{
	struct ipf_filter filter = { NULL, "half", half_in, NULL, NULL };
	ipfilter_t ref = NULL;
	struct pair pair;

	if (!pair_open(&pair))
		return;
	half_calls = 0;
	EXPECT_EQ(family == AF_INET6 ? ipf_addv6(&filter, &ref) : ipf_addv4(&filter, &ref), 0);
	EXPECT_EQ(send_to(&pair, "half"), 0);
	expect_text(&pair, "half");
	EXPECT(half_calls > 0);
	EXPECT_EQ(ipf_remove(ref), 0);
	pair_close(&pair);
}
BOTH(P3_half_a_filter)

static socket_t asked;

static errno_t asking_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	if (asked)
		EXPECT_MISUSE(1, sock_isconnected(asked));
	asked = NULL;
	return 0;
}

/* Where nothing may sleep; a call that would, this time, stops the machine. */
static void what_might_sleep_is_named(void)
{
	struct ipf_filter filter = { NULL, "asking", asking_in, NULL, NULL };
	ipfilter_t ref = NULL;
	struct pair pair;

	if (!pair_open(&pair))
		return;
	asked = pair.from;
	EXPECT_EQ(ipf_addv4(&filter, &ref), 0);
	EXPECT_EQ(send_to(&pair, "ask"), 0);
	expect_text(&pair, "ask");
	EXPECT(!asked);
	EXPECT_EQ(ipf_remove(ref), 0);
	pair_close(&pair);
}

/* Nobody pays for filters that are not there. */
static void hooks_only_with_filters(void)
{
	struct probe p = { "hook" };
	int before = ft_hooks(family == AF_INET6);

	add(&p);
	EXPECT(ft_hooks(family == AF_INET6) - before >= 3);	/* IPv6 puts fragments together, too */
	end(&p);
	EXPECT_EQ(ft_hooks(family == AF_INET6), before);
}
BOTH(hooks_only_with_filters)

/* --- what is seen --- */

static void P4_P5_newest_first(void)
{
	struct probe first = { "first" }, second = { "second" };
	unsigned long seen = kt_counted(KT_PACKETS_SEEN);
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
	EXPECT(kt_counted(KT_PACKETS_SEEN) - seen >= 4);
	EXPECT(second.place_in < first.place_in);
	EXPECT(second.place_out < first.place_out);
	EXPECT_EQ(first.offset, HEADER);
	EXPECT_EQ(first.protocol, IPPROTO_UDP);
	EXPECT_EQ(first.len, HEADER + 8 + 5);
	EXPECT_EQ(first.options.ippo_flags, 0);
	EXPECT(kt_is_direct() || first.off_io == 2);	/* swap may be behind them */
	EXPECT_EQ(ifnet_find_by_name("lo0", &lo), 0);
	EXPECT(first.rcvif == lo);
	ifnet_release(lo);
	end(&first);
	end(&second);
	pair_close(&pair);
}
BOTH(P4_P5_newest_first)

/* What one of several says reaches the sender only if it is asked at once. */
static void P7_P8_refused(void)
{
	struct probe p = { "refuse", .in_act = REFUSE };
	unsigned long dropped = kt_counted(KT_PACKETS_DROPPED);
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "in"), 0);
	SETTLES(p.in == 1);
	p.out_act = REFUSE;
	EXPECT_EQ(send_to(&pair, "out"), kt_is_direct() ? EACCES : 0);
	SETTLES(p.out == 2);
	end(&p);
	EXPECT_EQ(p.in, 1);
	EXPECT_EQ(kt_counted(KT_PACKETS_DROPPED) - dropped, 2);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(P7_P8_refused)

/* A sender hears no number that is no error. */
static void refused_with_nonsense(void)
{
	static const errno_t nonsense[] = { 70000, 4096, -5 };
	struct probe p = { "odd", .out_act = REFUSE };
	struct pair pair;
	size_t i;

	if (!begin(&pair, &p))
		return;
	for (i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		p.refusal = nonsense[i];
		EXPECT_EQ(send_to(&pair, "odd"), EPERM);
	}
	end(&p);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(refused_with_nonsense)

static void receive_long(struct pair *pair, size_t want)
{
	static char buf[4000];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got = 0;

	EXPECT_EQ(sock_receive(pair->to, &msg, 0, &got), 0);
	EXPECT_EQ(got, want);
}

/* A datagram that the wire takes in pieces is whole for filters, both ways. */
static void P9_P10_P26_whole(void)
{
	static char text[3001];
	struct probe p = { "whole" };
	struct pair pair;
	int pieces;

	memset(text, 'w', 3000);
	ft_loopback_mtu(1500);
	if (begin(&pair, &p)) {
		ft_wire_watch(1);
		EXPECT_EQ(send_to(&pair, text), 0);
		receive_long(&pair, 3000);
		pieces = ft_wire_watch(0);
		EXPECT_EQ(pieces, 3);
		EXPECT_EQ(p.out, 1);
		EXPECT_EQ(p.in, 1);
		EXPECT_EQ(p.len, HEADER + 3008);
		EXPECT_EQ(p.protocol, IPPROTO_UDP);
		EXPECT_EQ(ntohs(p.ip_len), family == AF_INET6 ? 3008 : 0x0bd4);
		if (family == AF_INET)
			EXPECT_EQ(p.ip_off & htons(IP_MF | IP_OFFMASK), 0);
		end(&p);
		pair_close(&pair);
	}
	ft_loopback_mtu(0);
}
BOTH(P9_P10_P26_whole)

/* With a header of @len bytes between IP's and UDP's. */
static void with_header(struct pair *pair, u_int8_t kind, const u_int8_t *header, size_t len)
{
	u_int16_t plen = htons(len + 8 + 7);
	ifnet_t lo = NULL;
	mbuf_t m, rest = NULL;

	m = handmade(pair, "options");
	EXPECT_EQ(mbuf_split(m, 40, MBUF_WAITOK, &rest), 0);
	mbuf_copyback(m, 4, 2, &plen, MBUF_WAITOK);
	mbuf_copyback(m, 6, 1, &kind, MBUF_WAITOK);
	mbuf_copyback(m, 40, len, header, MBUF_WAITOK);
	m = mbuf_concatenate(m, rest);
	mbuf_pkthdr_setlen(m, 40 + len + 8 + 7);
	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	mbuf_pkthdr_setrcvif(m, lo);
	ifnet_release(lo);
	EXPECT_EQ(ipf_inject_input(m, NULL), 0);
}

static void P25_header_by_header(void)
{
	static const u_int8_t options[8] = { IPPROTO_UDP, 0, 1, 4, 0, 0, 0, 0 };
	static const u_int8_t auth[24] = { IPPROTO_UDP, 4 };
	struct probe p = { "headers" };
	struct pair pair;

	family = AF_INET6;
	if (!begin(&pair, &p))
		return;
	with_header(&pair, IPPROTO_DSTOPTS, options, sizeof(options));
	expect_text(&pair, "options");
	EXPECT_EQ(p.in, 2);
	EXPECT_EQ(p.protocols[0], IPPROTO_DSTOPTS);
	EXPECT_EQ(p.offsets[0], 40);
	EXPECT_EQ(p.protocols[1], IPPROTO_UDP);
	EXPECT_EQ(p.offsets[1], 48);

	/* whose options have been dealt with */
	with_header(&pair, IPPROTO_HOPOPTS, options, sizeof(options));
	expect_text(&pair, "options");
	EXPECT_EQ(p.in, 3);
	EXPECT_EQ(p.offset, 48);

	/* which counts its length otherwise; nobody knows the key */
	with_header(&pair, IPPROTO_AH, auth, sizeof(auth));
	SETTLES(p.in == 5);
	EXPECT_EQ(p.protocols[3], IPPROTO_AH);
	EXPECT_EQ(p.offset, 64);
	end(&p);
	pair_close(&pair);
	family = AF_INET;
}

/* To a group that a socket of this host has joined: one call, options of the sender, one copy. */
static void P27_multicast(void)
{
	struct ip_mreq mreq = { { htonl(0xe0000123) }, { htonl(INADDR_LOOPBACK) } };
	struct in_addr lo_address = { htonl(INADDR_LOOPBACK) };
	struct sockaddr_in any = { .sin_len = sizeof(any), .sin_family = AF_INET };
	struct probe p = { "group" };
	struct pair pair;
	ifnet_t lo = NULL;
	u_int8_t ttl = 3;

	if (!pair_open(&pair))
		return;
	sock_close(pair.to);
	EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &pair.to), 0);
	EXPECT_EQ(sock_bind(pair.to, (struct sockaddr *)&any), 0);
	EXPECT_EQ(sock_getsockname(pair.to, &pair.name.sa, sizeof(pair.name)), 0);
	pair.name.in.sin_addr = mreq.imr_multiaddr;
	EXPECT_EQ(sock_setsockopt(pair.to, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq)), 0);
	EXPECT_EQ(sock_setsockopt(pair.from, IPPROTO_IP, IP_MULTICAST_IF, &lo_address,
				  sizeof(lo_address)), 0);
	EXPECT_EQ(sock_setsockopt(pair.from, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)), 0);
	p.port = ntohs(pair.name.in.sin_port);
	add(&p);
	EXPECT_EQ(send_to(&pair, "group"), 0);
	expect_text(&pair, "group");
	EXPECT_EQ(p.out, 1);
	EXPECT_EQ(p.options.ippo_flags, IPPOF_MCAST_OPTS);
	EXPECT_EQ(p.options.ippo_mcast_ttl, 3);
	EXPECT_EQ(p.options.ippo_mcast_loop, 1);
	EXPECT_EQ(ifnet_find_by_name("lo", &lo), 0);
	EXPECT(p.options.ippo_mcast_ifnet == lo);
	ifnet_release(lo);
	end(&p);
	pair_close(&pair);
}

/* A packet goes on by itself, and is not shown again to who sees it later. */
static void P21_longer(void)
{
	struct probe p = { "longer", .out_act = LONGER };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "short"), 0);
	expect_text(&pair, "short!!!");
	p.out_act = PASS;
	p.in_act = LONGER;
	EXPECT_EQ(send_to(&pair, "short"), 0);
	expect_text(&pair, "short!!!");
	end(&p);
	pair_close(&pair);
}
BOTH(P21_longer)

static void altered_in_place(void)
{
	static char text[1001];
	struct probe p = { "alter", .out_act = ALTER };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "payload"), 0);
	expect_text(&pair, "Xayload");
	p.out_act = PASS;
	p.in_act = ALTER;
	EXPECT_EQ(send_to(&pair, "payload"), 0);
	expect_text(&pair, "Xayload");
	memset(text, 'w', 1000);
	EXPECT_EQ(send_to(&pair, text), 0);
	receive_long(&pair, 1000);
	end(&p);
	pair_close(&pair);
}
BOTH(altered_in_place)

static void replaced(void)
{
	struct probe p = { "replace", .in_act = REPLACE, .out_act = REPLACE };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "a datagram in two chains, one after the other"), 0);
	expect_text(&pair, "a datagram in two chains, one after the other");
	end(&p);
	pair_close(&pair);
}
BOTH(replaced)

/* --- others --- */

/* Somebody else's hooks see each packet once, those in front of the filters and those behind them. */
static void others_see_it_once(void)
{
	static const enum act acts[] = { PASS, ALTER, REPLACE };
	struct ft_seen seen = { 0 };
	struct probe p = { "between" };
	struct pair pair;
	size_t i;

	if (!begin(&pair, &p))
		return;
	ft_watch(p.port, &seen);
	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		int partial = seen.partial;

		p.in_act = p.out_act = acts[i];
		EXPECT_EQ(send_to(&pair, "once"), 0);
		expect_text(&pair, acts[i] == ALTER ? "Xnce" : "once");
		EXPECT_EQ(seen.first, 2 * (i + 1));
		EXPECT_EQ(seen.last, 2 * (i + 1));
		EXPECT(acts[i] != ALTER || seen.partial == partial);	/* the filter made the checksum */
	}
	ft_watch(0, NULL);
	EXPECT_EQ(seen.sent, 3);
	EXPECT_EQ(seen.odd, 0);
	end(&p);
	pair_close(&pair);
}
BOTH(others_see_it_once)

/* What waits for the filter nobody reads meanwhile, be it short or long. */
static void told_as_its_own(void)
{
	static char text[1001];
	struct probe p = { "own" };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	memset(text, 'o', sizeof(text) - 1);
	EXPECT_EQ(send_to(&pair, "own"), 0);
	expect_text(&pair, "own");
	EXPECT_EQ(send_to(&pair, text), 0);
	receive_long(&pair, sizeof(text) - 1);
	EXPECT_EQ(p.in, 2);
	EXPECT_EQ(p.out, 2);
	EXPECT_EQ(p.shared, 0);
	end(&p);
	pair_close(&pair);
}
BOTH(told_as_its_own)

/* What a filter puts in a packet's place is charged to the packet's socket, and given back to it. */
static void sender_pays(void)
{
	static const size_t lengths[] = { 1, 150, 300, 700, 1000, 1400, 2500, 3900 };
	static char text[4000];
	struct probe p = { "pays", .out_act = REPLACE };
	struct ft_seen seen = { 0 };
	struct pair pair;
	size_t i;

	if (!begin(&pair, &p))
		return;
	ft_watch(p.port, &seen);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(text, 'p', lengths[i]);
		text[lengths[i]] = 0;
		EXPECT_EQ(send_to(&pair, text), 0);
		receive_long(&pair, lengths[i]);
	}
	ft_watch(0, NULL);
	EXPECT_EQ(seen.sent, i);
	EXPECT_EQ(seen.unpaid, 0);
	end(&p);
	pair_close(&pair);
}
BOTH(sender_pays)

/* IP's length is what counts: what a filter leaves behind it goes nowhere. */
static void nothing_behind_the_end(void)
{
	struct probe p = { "tail", .out_act = TAIL, .in_act = TAIL };
	struct ft_seen seen = { 0 };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	ft_watch(p.port, &seen);
	EXPECT_EQ(send_to(&pair, "whole"), 0);
	expect_text(&pair, "whole");
	ft_watch(0, NULL);
	EXPECT_EQ(seen.sent, 1);
	EXPECT_EQ(seen.last, 2);
	EXPECT_EQ(seen.longer, 0);
	end(&p);
	pair_close(&pair);
}
BOTH(nothing_behind_the_end)

/* A filter that keeps a reference to the bytes of what goes on shares nothing else with the network. */
static void bytes_are_kept_of(size_t len, enum act act, int out)
{
	size_t off = act == KEEP_ITS_BYTES ? HEADER + 8 : 0;
	struct probe p = { "keeps" };
	static char text[2000], have[2000];
	struct ft_seen seen = { 0 };
	struct pair pair;

	memset(text, 'k', len);
	text[len] = 0;
	if (!begin(&pair, &p))
		return;
	*(out ? &p.out_act : &p.in_act) = act;
	ft_watch(p.port, &seen);
	EXPECT_EQ(send_to(&pair, text), 0);
	receive_long(&pair, len);
	ft_watch(0, NULL);
	EXPECT_EQ(seen.sent, 1);
	EXPECT_EQ(seen.shared, 0);
	end(&p);
	if (EXPECT(p.kept != NULL)) {
		EXPECT_EQ(mbuf_copydata(p.kept, off, len, have), 0);
		EXPECT_EQ(memcmp(have, text, len), 0);
		mbuf_freem(p.kept);
	}
	pair_close(&pair);
}

static void bytes_are_kept(void)
{
	static const enum act acts[] = { KEEP_ITS_BYTES, KEEP_ITS_PAYLOAD };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		bytes_are_kept_of(4, acts[i / 2], i % 2);
		bytes_are_kept_of(1400, acts[i / 2], i % 2);
	}
}
BOTH(bytes_are_kept)

/* --- mistakes --- */

/* A filter that leaves nonsense harms nobody but its own packet, and is named. */
static void nonsense(void)
{
	static const enum act kinds[] = { FREED, CUT, EMPTY, HEADLESS, OVERLONG, VERSION, SHORT_HEADER };
	struct pair pair;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct probe p = { "nonsense", .in_act = kinds[i] };

		if (!begin(&pair, &p))
			return;
		EXPECT_MISUSE(1, ({ send_to(&pair, "nonsense"); SETTLES(p.in == 1); end(&p); }));
		expect_nothing(&pair);
		pair_close(&pair);
	}
}
BOTH(nonsense)

static void nonsense_out(void)
{
	static const enum act kinds[] = { FREED, CUT, EMPTY, HEADLESS, OVERLONG, VERSION, SHORT_HEADER };
	struct pair pair;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct probe p = { "nonsense", .out_act = kinds[i] };

		if (!begin(&pair, &p))
			return;
		EXPECT_MISUSE(1, ({ send_to(&pair, "nonsense"); SETTLES(p.out == 1); end(&p); }));
		EXPECT_EQ(p.in, 0);
		expect_nothing(&pair);
		pair_close(&pair);
	}
}
BOTH(nonsense_out)

/* --- removal --- */

static void P23_removed_from_inside(void)
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
BOTH(P23_removed_from_inside)

/* Removed while a call of it runs: no other one begins, and what it has goes on. */
static void removed_while_it_runs(void)
{
	struct probe p = { "slow", .in_act = WAIT }, other = { "other" };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	other.port = p.port;
	add(&other);
	EXPECT_EQ(send_to(&pair, "one"), 0);
	SETTLES(p.in == 1);
	EXPECT_EQ(ipf_remove(p.ref), 0);
	EXPECT_EQ(ipf_remove(p.ref), ENOENT);
	EXPECT_EQ(p.detached, 0);
	EXPECT_EQ(send_to(&pair, "two"), 0);
	SETTLES(other.out == 2);
	p.go = 1;
	expect_text(&pair, "one");
	expect_text(&pair, "two");
	SETTLES(p.detached == 1);
	EXPECT_EQ(p.out, 1);
	EXPECT_EQ(p.in, 1);
	end(&other);
	pair_close(&pair);
}
BOTH(removed_while_it_runs)

/* Removed while packets come; nothing is lost, and detach is called once. */
static void P22_removed_under_traffic(void)
{
	struct pair pair;
	char text[8];
	int i;

	if (!pair_open(&pair))
		return;
	for (i = 0; i < 50; i++) {
		struct probe p = { "traffic", .port = ntohs(pair.name.in.sin_port) };
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
BOTH(P22_removed_under_traffic)

/* --- patience --- */

/* A filter sleeps, and its packets wait in order. */
static void P29_sleeping(void)
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
BOTH(P29_sleeping)

/* One that does not answer: up to the bound packets wait, what is more is dropped and counted. */
static void never_answers(void)
{
	struct probe p = { "deaf", .in_act = WAIT };
	unsigned long dropped = kt_counted(KT_PACKETS_DROPPED);
	struct pair pair;
	long mbufs;
	int i;

	if (!begin(&pair, &p))
		return;
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/ipfilter_queue", "10") > 0);
	EXPECT_EQ(send_to(&pair, "0"), 0);
	SETTLES(p.in == 1);
	for (i = 1; i < 15; i++)
		EXPECT_EQ(send_to(&pair, "more"), 0);
	SETTLES(kt_counted(KT_PACKETS_DROPPED) - dropped == 4);
	mbufs = kt_held(KT_MBUFS);
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "late"), NULL), 0);
	EXPECT_EQ(kt_held(KT_MBUFS), mbufs);
	EXPECT_EQ(kt_counted(KT_PACKETS_DROPPED) - dropped, 5);
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/ipfilter_queue", "1000") > 0);
	p.go = 1;
	expect_text(&pair, "0");
	for (i = 0; i < 10; i++)
		expect_text(&pair, "more");
	EXPECT_EQ(p.in, 11);
	end(&p);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(never_answers)

/* --- TCP --- */

static int tcp_open(struct probe *p, socket_t *listener, socket_t *client, socket_t *server)
{
	union name name;

	loopback_name(&name);
	EXPECT_EQ(sock_socket(family, SOCK_STREAM, 0, NULL, NULL, listener), 0);
	EXPECT_EQ(sock_bind(*listener, &name.sa), 0);
	EXPECT_EQ(sock_listen(*listener, 1), 0);
	EXPECT_EQ(sock_getsockname(*listener, &name.sa, sizeof(name)), 0);
	p->port = ntohs(name.in.sin_port);
	add(p);
	EXPECT_EQ(sock_socket(family, SOCK_STREAM, 0, NULL, NULL, client), 0);
	return EXPECT_EQ(sock_connect(*client, &name.sa, 0), 0) &&
	       EXPECT_EQ(sock_accept(*listener, NULL, 0, 0, NULL, NULL, server), 0);
}

static u_int8_t pattern(size_t at)
{
	return at * 7 + at / 251;
}

/* Sends @total bytes and gets them at the other end, each as it was. */
static void transfer(socket_t client, socket_t server, size_t total)
{
	static u_int8_t buf[32768];
	size_t at, done, i, wrong = 0;

	for (at = 0; at < total; at += sizeof(buf)) {
		struct iovec iov = { buf, sizeof(buf) };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

		for (i = 0; i < sizeof(buf); i++)
			buf[i] = pattern(at + i);
		EXPECT_EQ(sock_send(client, &msg, 0, &done), 0);
		bzero(buf, sizeof(buf));
		iov.iov_base = buf;
		iov.iov_len = sizeof(buf);
		EXPECT_EQ(sock_receive(server, &msg, MSG_WAITALL, &done), 0);
		for (i = 0; i < sizeof(buf); i++)
			wrong += buf[i] != pattern(at + i);
	}
	EXPECT_EQ(wrong, 0);
}

static void P28_tcp_bulk(void)
{
	struct probe p = { "bulk" };
	socket_t listener = NULL, client = NULL, server = NULL;
	size_t total = 4 << 20;

	ft_loopback_mtu(1500);
	if (tcp_open(&p, &listener, &client, &server)) {
		transfer(client, server, total);
		EXPECT(p.longest <= 1500);
		EXPECT(p.bytes_out > total + total / 1448 * (HEADER + 20));
		EXPECT(p.in > 0);
	}
	end(&p);
	sock_close(client);
	sock_close(server);
	sock_close(listener);
	ft_loopback_mtu(0);
}
BOTH(P28_tcp_bulk)

/* TCP sends no more than its buffer allows, whatever filters put in its segments' places. */
static void tcp_pays(void)
{
	struct probe p = { "pays", .out_act = REPLACE };
	socket_t listener = NULL, client = NULL, server = NULL;
	struct ft_seen seen = { 0 };

	if (tcp_open(&p, &listener, &client, &server)) {
		ft_watch(p.port, &seen);
		transfer(client, server, 256 << 10);
		ft_watch(0, NULL);
		EXPECT(seen.sent > 0);
		EXPECT_EQ(seen.unpaid, 0);
	}
	end(&p);
	sock_close(client);
	sock_close(server);
	sock_close(listener);
}
BOTH(tcp_pays)

/* What TCP may send again is nobody's to write to: spoilt segments are lost, the originals arrive. */
static void tcp_keeps_its_own(void)
{
	struct probe p = { "scribbler", .out_act = SCRIBBLE };
	socket_t listener = NULL, client = NULL, server = NULL;

	ft_loopback_mtu(1500);
	if (tcp_open(&p, &listener, &client, &server)) {
		transfer(client, server, 256 << 10);
		EXPECT_EQ(p.scribbled, 5);
	}
	end(&p);
	sock_close(client);
	sock_close(server);
	sock_close(listener);
	ft_loopback_mtu(0);
}
BOTH(tcp_keeps_its_own)

/* Segments that a filter lets pass go on as one packet, those it changes one by one. */
static void goes_on_whole(void)
{
	static const enum act acts[] = { PASS, REPLACE };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct probe p = { "whole", .out_act = acts[i] };
		socket_t listener = NULL, client = NULL, server = NULL;
		int frames = 0;

		ft_loopback_mtu(1500);
		if (tcp_open(&p, &listener, &client, &server)) {
			ft_wire_watch(1);
			transfer(client, server, 1 << 20);
			frames = ft_wire_watch(0);
			EXPECT(p.out > (1 << 20) / 1448);
			EXPECT(acts[i] == PASS ? frames < p.out / 2 : frames > (1 << 20) / 1448);
		}
		end(&p);
		sock_close(client);
		sock_close(server);
		sock_close(listener);
		ft_loopback_mtu(0);
	}
}
BOTH(goes_on_whole)

/* Whatever becomes of some of them, or of large packets, all bytes arrive. */
static void bytes_arrive(enum act act, int mtu, int every)
{
	struct probe p = { "some", .in_act = act, .out_act = act, .every = every };
	socket_t listener = NULL, client = NULL, server = NULL;

	if (act == REFUSE)
		p.in_act = PASS;
	ft_loopback_mtu(mtu);
	if (tcp_open(&p, &listener, &client, &server)) {
		transfer(client, server, 256 << 10);
		EXPECT(!mtu || p.longest <= (size_t)mtu);
	}
	end(&p);
	sock_close(client);
	sock_close(server);
	sock_close(listener);
	ft_loopback_mtu(0);
}

static void some_segments(void)
{
	static const enum act acts[] = { REPLACE, GIVE, GIVE_AND_COPY, REFUSE, LOOK, SHARE, SPLIT };
	unsigned int i;

	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		bytes_arrive(acts[i], 1500, 7);
		bytes_arrive(acts[i], 0, 3);
		if (acts[i] != REFUSE)
			bytes_arrive(acts[i], 1500, 0);
	}
}
BOTH(some_segments)

/* Of datagrams that are sent as one, all arrive in their order, though some of them are changed. */
static void parts_keep_their_order(void)
{
	struct probe p = { "some", .out_act = REPLACE, .every = 2 };
	char text[] = "part0";
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(ft_send_parts(family == AF_INET6, p.port, "part1part2part3part4part5", 5), 25);
	while (text[4]++ < '5')
		expect_text(&pair, text);
	EXPECT_EQ(p.out, 5);
	end(&p);
	pair_close(&pair);
}
BOTH(parts_keep_their_order)

/* Pages that a filter may have looked at are the sender's alone again when all has been read. */
static void pages_through(enum act act)
{
	struct probe p = { "looks", .out_act = act };
	socket_t listener = NULL, client = NULL, server = NULL;
	static char buf[4000];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t done = 0;

	ft_page_begin();
	if (tcp_open(&p, &listener, &client, &server)) {
		EXPECT_EQ(sock_send(client, &msg, 0, &done), 0);
		iov.iov_len = sizeof(buf);
		EXPECT_EQ(sock_receive(server, &msg, MSG_WAITALL, &done), 0);
		EXPECT_EQ(done, sizeof(buf));
	}
	sock_close(client);
	sock_close(server);
	sock_close(listener);
	end(&p);
	SETTLES(ft_page_users() == 1);
}

static void pages_come_back(void)
{
	pages_through(PASS);
	pages_through(LOOK);
}
BOTH(pages_come_back)

/* Nor does a page go while the mbuf is there that began as a look at it: somebody may read there still. */
static void page_stays_with_the_mbuf(void)
{
	struct probe p = { "keeps" };
	socket_t listener = NULL, client = NULL, server = NULL;
	static char buf[4000];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t done = 0;
	int users;

	ft_page_begin();
	if (tcp_open(&p, &listener, &client, &server)) {
		p.out_act = SWALLOW;
		EXPECT_EQ(sock_send(client, &msg, 0, &done), 0);
		SETTLES(p.kept != NULL);
		p.out_act = PASS;
		users = ft_page_users();
		EXPECT(mbuf_data(mbuf_next(p.kept)) != NULL);
		EXPECT_EQ(ft_page_users(), users);
		mbuf_freem(p.kept);
		SETTLES(ft_page_users() < users);
	}
	sock_close(client);
	sock_close(server);
	sock_close(listener);
	end(&p);
}
BOTH(page_stays_with_the_mbuf)

/* --- two packets of one --- */

/* What is sent on and what is left in its place both arrive. */
static void sent_on_and_copied(void)
{
	struct probe p = { "both", .out_act = GIVE_AND_COPY };
	long held = kt_held(KT_PACKETS);
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(send_to(&pair, "out"), 0);
	expect_text(&pair, "out");
	expect_text(&pair, "out");
	p.in_act = GIVE_AND_COPY;
	EXPECT_EQ(send_to(&pair, "in"), 0);
	expect_text(&pair, "in");
	expect_text(&pair, "in");
	end(&p);
	EXPECT_EQ(kt_held(KT_PACKETS) - held, 0);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(sent_on_and_copied)

/* An older filter does so with what a newer one gives back. */
static void sent_on_and_copied_by_older(void)
{
	struct probe older = { "both", .out_act = GIVE_AND_COPY };
	struct probe newer = { "keeps", .out_act = SWALLOW };
	struct pair pair;

	if (!begin(&pair, &older))
		return;
	newer.port = older.port;
	add(&newer);
	EXPECT_EQ(send_to(&pair, "twice"), 0);
	SETTLES(newer.kept != NULL);
	EXPECT_EQ(ipf_inject_output(newer.kept, newer.ref, NULL), 0);
	expect_text(&pair, "twice");
	expect_text(&pair, "twice");
	end(&newer);
	end(&older);
	expect_nothing(&pair);
	pair_close(&pair);
}
BOTH(sent_on_and_copied_by_older)

/* What is kept is nobody else's while the copy is cut up and sent. */
static void kept_and_copied(void)
{
	struct probe p = { "copies", .out_act = KEEP_AND_COPY };
	static char text[3001];
	struct pair pair;
	u_int16_t port = 0;

	memset(text, 'k', 3000);
	ft_loopback_mtu(1500);
	if (begin(&pair, &p)) {
		EXPECT_EQ(send_to(&pair, text), 0);
		receive_long(&pair, 3000);
		if (EXPECT(p.kept != NULL)) {
			EXPECT_EQ(mbuf_copydata(p.kept, HEADER + 2, 2, &port), 0);
			EXPECT_EQ(ntohs(port), p.port);
		}
		end(&p);
		mbuf_freem(p.kept);
		pair_close(&pair);
	}
	ft_loopback_mtu(0);
}
BOTH(kept_and_copied)

/* Without its options a packet's transport begins elsewhere. */
static void options_stripped(void)
{
	static const u_int8_t nops[40] = { [0 ... 38] = 1 };
	struct probe p = { "strips", .in_act = STRIP };
	struct pair pair;

	if (!begin(&pair, &p))
		return;
	EXPECT_EQ(sock_setsockopt(pair.from, IPPROTO_IP, IP_OPTIONS, nops, sizeof(nops)), 0);
	EXPECT_EQ(send_to(&pair, "bare"), 0);
	expect_text(&pair, "bare");
	EXPECT_EQ(p.offset, 60);
	end(&p);
	pair_close(&pair);
}

/* What a bridge passes on is none of IP's. */
static void bridged(void)
{
	struct probe p = { "bridge" };

	add(&p);
	EXPECT_EQ(ft_forward(0), !kt_is_direct());
	EXPECT_EQ(ft_forward(1), 0);
	end(&p);
}

/* --- what waits for a filter --- */

#define WAY_IN		"ftq1"
#define ADDRESS_IN	0x0a4f0001

static void put_ip_checksum(u_int8_t *ip)
{
	u_int32_t sum = 0;
	int i;

	ip[10] = ip[11] = 0;
	for (i = 0; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	ip[10] = sum >> 8;
	ip[11] = sum;
}

/* A datagram of the neighbour, from port 9 to the pair's receiver, comes in by the device. */
static void comes_in(struct pair *pair)
{
	u_int32_t addresses[] = { htonl(ADDRESS_IN + 1), htonl(ADDRESS_IN) };
	u_int8_t frame[14 + 20 + 8 + 4] = FT_ADDRESS;
	u_int16_t none = 0;
	mbuf_t m = handmade(pair, "wait");

	EXPECT_EQ(mbuf_copyback(m, 12, sizeof(addresses), addresses, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(m, 26, sizeof(none), &none, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copydata(m, 0, sizeof(frame) - 14, frame + 14), 0);
	mbuf_freem(m);
	frame[12] = 8;
	put_ip_checksum(frame + 14);
	EXPECT_EQ(ft_come_in(WAY_IN, frame, sizeof(frame), -1), 0);
}

/* A receiver at the device's address. If it is connected, packets find it before they are shown. */
static int begin_in(struct pair *pair, struct probe *p, int connected)
{
	struct sockaddr_in name = { .sin_len = sizeof(name), .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(ADDRESS_IN) };
	struct timeval patience = { 5, 0 };

	if (!EXPECT_EQ(ft_make(WAY_IN), 0) || !EXPECT_EQ(ft_address(WAY_IN, ADDRESS_IN, 24), 0) ||
	    !pair_open(pair))
		return 0;
	sock_close(pair->to);
	EXPECT_EQ(sock_socket(PF_INET, SOCK_DGRAM, 0, NULL, NULL, &pair->to), 0);
	EXPECT_EQ(sock_setsockopt(pair->to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	EXPECT_EQ(sock_bind(pair->to, (struct sockaddr *)&name), 0);
	EXPECT_EQ(sock_getsockname(pair->to, &pair->name.sa, sizeof(pair->name)), 0);
	name.sin_addr.s_addr = htonl(ADDRESS_IN + 1);
	name.sin_port = htons(9);
	if (connected)
		EXPECT_EQ(sock_connect(pair->to, (struct sockaddr *)&name, 0), 0);
	p->port = ntohs(pair->name.in.sin_port);
	add(p);
	return 1;
}

static void end_in(struct pair *pair, struct probe *p)
{
	end(p);
	pair_close(pair);
	ft_delete(WAY_IN);
}

/* What comes in may not wait without end, whose ever it is: nobody's send buffer limits it. */
static void many_for_one_socket(void)
{
	struct probe p = { "deaf", .in_act = WAIT };
	unsigned long dropped = kt_counted(KT_PACKETS_DROPPED);
	struct pair pair;
	int i;

	if (!begin_in(&pair, &p, 1))
		return;
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/ipfilter_queue", "10") > 0);
	comes_in(&pair);
	SETTLES(p.in == 1);
	for (i = 0; i < 14; i++)
		comes_in(&pair);
	EXPECT_EQ(kt_counted(KT_PACKETS_DROPPED) - dropped, 4);
	EXPECT(kt_write_file("/sys/module/netkpi/parameters/ipfilter_queue", "1000") > 0);
	p.go = 1;
	for (i = 0; i < 11; i++)
		expect_text(&pair, "wait");
	end_in(&pair, &p);
}

/* Whether the thread has no part in it. */
static int shown_at_once(struct pair *pair, struct probe *p)
{
	SInt32 in = p->in, off_io = p->off_io;

	comes_in(pair);
	SETTLES(p->in > in);
	return p->off_io == off_io;
}

/* What a kext has come in is shown by the thread; what comes behind it is shown where it is again. */
static void at_once_again(void)
{
	struct probe p = { "at once" };
	struct pair pair;

	if (!begin_in(&pair, &p, 0))
		return;
	EXPECT(shown_at_once(&pair, &p));
	EXPECT_EQ(ipf_inject_input(handmade(&pair, "made"), NULL), 0);
	SETTLES(p.off_io == 1);
	SETTLES(shown_at_once(&pair, &p));
	end_in(&pair, &p);
}

/* What waits keeps its route, which may go meanwhile. */
static void route_goes_meanwhile(void)
{
	struct probe p = { "waits" };
	struct pair pair;

	if (!begin_in(&pair, &p, 0))
		return;
	comes_in(&pair);		/* the next finds the route that this one made */
	expect_text(&pair, "wait");
	p.in_act = WAIT;
	comes_in(&pair);
	SETTLES(p.in == 2);
	EXPECT_EQ(ft_no_address(WAY_IN, ADDRESS_IN, 24), 0);
	p.go = 1;
	expect_text(&pair, "wait");
	end_in(&pair, &p);
}

const struct kt_case filter_ip_cases[] = {
	ROWS(sent_on_and_copied),
	ROWS(sent_on_and_copied_by_older),
	ROWS(kept_and_copied),
	{ "options_stripped", options_stripped },
	{ "bridged", bridged },
	{ "P1_P2_wrong_arguments", P1_P2_wrong_arguments },
	ROWS(P24_removed_twice),
	ROWS(P3_half_a_filter),
	ROWS(hooks_only_with_filters),
	ROWS(P4_P5_newest_first),
	ROWS(P7_P8_refused),
	ROWS(others_see_it_once),
	ROWS(told_as_its_own),
	ROWS(sender_pays),
	ROWS(tcp_pays),
	ROWS(nothing_behind_the_end),
	ROWS(bytes_are_kept),
	{ "many_for_one_socket", many_for_one_socket },
	{ "route_goes_meanwhile", route_goes_meanwhile },
	ROWS(P9_P10_P26_whole),
	{ "P25_header_by_header", P25_header_by_header },
	{ "P27_multicast", P27_multicast },
	ROWS(P21_longer),
	ROWS(altered_in_place),
	ROWS(replaced),
	ROWS(nonsense),
	ROWS(nonsense_out),
	ROWS(P23_removed_from_inside),
	ROWS(removed_while_it_runs),
	ROWS(P22_removed_under_traffic),
	ROWS(P29_sleeping),
	ROWS(never_answers),
	ROWS(P28_tcp_bulk),
	ROWS(tcp_keeps_its_own),
	ROWS(goes_on_whole),
	ROWS(some_segments),
	ROWS(parts_keep_their_order),
	ROWS(pages_come_back),
	ROWS(page_stays_with_the_mbuf),
	{ }
};

/* The same where packets are: what must not sleep there is left out. */
const struct kt_case filter_ip_direct_cases[] = {
	ROWS(sent_on_and_copied),
	ROWS(sent_on_and_copied_by_older),
	ROWS(kept_and_copied),
	{ "options_stripped", options_stripped },
	{ "bridged", bridged },
	{ "what_might_sleep_is_named", what_might_sleep_is_named },
	ROWS(P3_half_a_filter),
	ROWS(P4_P5_newest_first),
	ROWS(P7_P8_refused),
	ROWS(refused_with_nonsense),
	{ "at_once_again", at_once_again },
	ROWS(others_see_it_once),
	ROWS(sender_pays),
	ROWS(nothing_behind_the_end),
	ROWS(bytes_are_kept),
	ROWS(P9_P10_P26_whole),
	{ "P25_header_by_header", P25_header_by_header },
	{ "P27_multicast", P27_multicast },
	ROWS(P21_longer),
	ROWS(altered_in_place),
	ROWS(replaced),
	ROWS(nonsense),
	ROWS(nonsense_out),
	ROWS(P23_removed_from_inside),
	ROWS(P22_removed_under_traffic),
	ROWS(P28_tcp_bulk),
	ROWS(tcp_keeps_its_own),
	ROWS(goes_on_whole),
	ROWS(some_segments),
	ROWS(parts_keep_their_order),
	ROWS(pages_come_back),
	ROWS(page_stays_with_the_mbuf),
	{ }
};
