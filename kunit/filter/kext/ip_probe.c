// SPDX-License-Identifier: GPL-2.0
/* A filter that acts as it is told, and two sockets on the loopback. */

#include "ip.h"

int family = AF_INET;
static SInt32 calls_in, calls_out;

static int is_v6(mbuf_t m)
{
	u_int8_t first = 0;

	mbuf_copydata(m, 0, 1, &first);
	return first >> 4 == 6;
}

/* Where a packet's transport header is, and of which protocol. */
static size_t transport(mbuf_t m, u_int8_t *protocol)
{
	u_int8_t first = 0;

	mbuf_copydata(m, 0, 1, &first);
	if (!is_v6(m)) {
		mbuf_copydata(m, 9, 1, protocol);
		return (first & 15) * 4;
	}
	mbuf_copydata(m, 6, 1, protocol);
	if (*protocol != IPPROTO_DSTOPTS && *protocol != IPPROTO_HOPOPTS && *protocol != IPPROTO_AH)
		return 40;
	first = *protocol;
	mbuf_copydata(m, 40, 1, protocol);
	return first == IPPROTO_AH ? 64 : 48;
}

/* The destination port of a UDP or TCP packet; 0 if it is none. */
static u_int16_t port_of(mbuf_t m)
{
	u_int8_t protocol = 0;
	size_t head = transport(m, &protocol);
	u_int16_t port = 0;

	if (protocol == IPPROTO_UDP || protocol == IPPROTO_TCP)
		mbuf_copydata(m, head + 2, sizeof(port), &port);
	return ntohs(port);
}

/* A chain of its own with the same bytes, and the old one gone. */
static void replace(mbuf_t *m)
{
	mbuf_t copy = NULL;

	if (mbuf_dup(*m, MBUF_DONTWAIT, &copy))
		return;
	mbuf_freem(*m);
	*m = copy;
}

static void put16(mbuf_t m, size_t off, u_int16_t value)
{
	value = htons(value);
	mbuf_copyback(m, off, sizeof(value), &value, MBUF_DONTWAIT);
}

/* The checksum of a UDP packet is made anew. */
static void checksum(mbuf_t m, size_t head)
{
	size_t len = mbuf_pkthdr_len(m) - head;
	u_int16_t sum = 0;

	put16(m, head + 6, 0);
	if (is_v6(m))
		mbuf_inet6_cksum(m, IPPROTO_UDP, head, len, &sum);
	else
		mbuf_inet_cksum(m, IPPROTO_UDP, head, len, &sum);
	mbuf_copyback(m, head + 6, sizeof(sum), &sum, MBUF_DONTWAIT);
}

static void settle(mbuf_t m, int out)
{
	if (out)
		mbuf_outbound_finalize(m, is_v6(m) ? PF_INET6 : PF_INET, 0);
	else
		mbuf_inbound_modified(m);
}

static void longer(mbuf_t *m, int out)
{
	u_int8_t protocol;
	size_t head = transport(*m, &protocol);
	size_t len = mbuf_pkthdr_len(*m);

	settle(*m, out);
	replace(m);
	mbuf_copyback(*m, len, 3, "!!!", MBUF_DONTWAIT);
	if (is_v6(*m))
		put16(*m, 4, len + 3 - 40);
	else
		put16(*m, 2, len + 3);
	put16(*m, head + 4, len + 3 - head);
	checksum(*m, head);
}

static void alter(mbuf_t m, int out)
{
	u_int8_t protocol;
	size_t head = transport(m, &protocol);

	settle(m, out);
	mbuf_copyback(m, head + 8, 1, "X", MBUF_DONTWAIT);
	checksum(m, head);
}

/* Straight into memory, without asking whose it is, as real filters do. */
static void scribble(struct probe *p, mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m);
	mbuf_t last = m;

	if (len < 200 || p->scribbled >= 5)
		return;
	mbuf_outbound_finalize(m, is_v6(m) ? PF_INET6 : PF_INET, 0);
	while (mbuf_next(last))
		last = mbuf_next(last);
	memset((u_int8_t *)mbuf_data(last) + mbuf_len(last) - 50, 'S', 50);
	p->scribbled++;
}

static void headless(mbuf_t *m)
{
	mbuf_t other = NULL;

	if (mbuf_get(MBUF_DONTWAIT, MBUF_TYPE_DATA, &other))
		return;
	mbuf_freem(*m);
	*m = other;
}

static void cut(mbuf_t m, size_t len)
{
	mbuf_adj(m, -(int)(mbuf_pkthdr_len(m) - len));
}

/* Tells the whole story of nonsense. */
static void spoil(enum act act, mbuf_t *m)
{
	switch (act) {
	case FREED:
		mbuf_freem(*m);
		break;
	case CUT:
		cut(*m, 5);
		break;
	case EMPTY:
		cut(*m, 0);
		break;
	case HEADLESS:
		headless(m);
		break;
	case OVERLONG:
		put16(*m, is_v6(*m) ? 4 : 2, 1000);
		break;
	case SHORT_HEADER:
		mbuf_copyback(*m, 0, 1, is_v6(*m) ? "u" : "D", MBUF_DONTWAIT);
		break;
	default:
		mbuf_copyback(*m, 0, 1, "u", MBUF_DONTWAIT);
	}
}

static errno_t swallow(struct probe *p, mbuf_t m)
{
	void *data;

	if (p->tag)
		EXPECT_EQ(mbuf_tag_allocate(m, p->tag, 1, 4, MBUF_DONTWAIT, &data), 0);
	p->kept = m;
	return EJUSTRETURN;
}

/* Gives the packet back by itself and puts a copy in its place, once. */
static errno_t give_and_copy(struct probe *p, mbuf_t *m, int out)
{
	mbuf_t copy = NULL;

	p->in_act = p->out_act = PASS;
	if (mbuf_dup(*m, MBUF_DONTWAIT, &copy))
		return 0;
	if (out)
		EXPECT_EQ(ipf_inject_output(*m, p->ref, NULL), 0);
	else
		EXPECT_EQ(ipf_inject_input(*m, p->ref), 0);
	*m = copy;
	return 0;
}

static errno_t keep_and_copy(struct probe *p, mbuf_t *m)
{
	mbuf_t copy = NULL;

	if (mbuf_dup(*m, MBUF_DONTWAIT, &copy))
		return 0;
	p->kept = *m;
	*m = copy;
	return 0;
}

static void keep_its_bytes(struct probe *p, mbuf_t m, size_t off)
{
	EXPECT_EQ(mbuf_copym(m, off, MBUF_COPYALL, MBUF_DONTWAIT, &p->kept), 0);
}

static void tail(mbuf_t *m)
{
	replace(m);
	mbuf_copyback(*m, mbuf_pkthdr_len(*m), 3, "!!!", MBUF_DONTWAIT);
}

static void strip(mbuf_t *m)
{
	u_int8_t head[20];
	u_int16_t len = mbuf_pkthdr_len(*m);

	mbuf_copydata(*m, 0, sizeof(head), head);
	len -= (head[0] & 15) * 4 - 20;
	mbuf_adj(*m, (head[0] & 15) * 4 - 20);
	head[0] = 0x45;
	mbuf_copyback(*m, 0, sizeof(head), head, MBUF_DONTWAIT);
	put16(*m, 2, len);
}

static errno_t give(struct probe *p, mbuf_t m, int out)
{
	if (out)
		EXPECT_EQ(ipf_inject_output(m, p->ref, NULL), 0);
	else
		EXPECT_EQ(ipf_inject_input(m, p->ref), 0);
	return EJUSTRETURN;
}

static void look(mbuf_t m)
{
	mbuf_t head = m;
	u_int8_t bytes[64];
	size_t at = 0;

	for (; m; m = mbuf_next(m)) {
		size_t len = MIN(mbuf_len(m), sizeof(bytes));

		EXPECT_EQ(mbuf_copydata(head, at, len, bytes), 0);
		EXPECT_EQ(memcmp(mbuf_data(m), bytes, len), 0);
		at += mbuf_len(m);
	}
}

static void share(mbuf_t m)
{
	mbuf_t copy = NULL, n;

	if (mbuf_copym(m, 0, MBUF_COPYALL, MBUF_DONTWAIT, &copy))
		return;
	for (n = copy; n; n = mbuf_next(n))
		if (!mbuf_mclhasreference(n))
			memset(mbuf_data(n), 's', mbuf_len(n));
	mbuf_freem(copy);
}

static void split(mbuf_t *m)
{
	size_t len = mbuf_pkthdr_len(*m);
	mbuf_t rest = NULL;

	if (len < 600 || mbuf_split(*m, len - 300, MBUF_DONTWAIT, &rest))
		return;
	*m = mbuf_concatenate(*m, rest);
	mbuf_pkthdr_setlen(*m, len);
}

/* What lets it go on, changed. */
static void change(struct probe *p, enum act act, mbuf_t *m, int out)
{
	switch (act) {
	case REPLACE:
		replace(m);
		break;
	case LONGER:
		longer(m, out);
		break;
	case ALTER:
		alter(*m, out);
		break;
	case SCRIBBLE:
		scribble(p, *m);
		break;
	case STRIP:
		strip(m);
		break;
	case LOOK:
		look(*m);
		break;
	case SHARE:
		share(*m);
		break;
	case SPLIT:
		split(m);
		break;
	case TAIL:
		tail(m);
		break;
	case KEEP_ITS_BYTES:
		keep_its_bytes(p, *m, 0);
		break;
	case KEEP_ITS_PAYLOAD:
		keep_its_bytes(p, *m, HEADER + 8);
		break;
	default:
		spoil(act, m);
	}
}

static errno_t act_on(struct probe *p, enum act act, mbuf_t *m, int out)
{
	struct timespec nap = { 0, 20 * 1000 * 1000 };

	switch (act) {
	case PASS:
		break;
	case REFUSE:
		return p->refusal ?: EACCES;
	case SWALLOW:
		return swallow(p, *m);
	case REMOVE:
		EXPECT_EQ(ipf_remove(p->ref), 0);
		break;
	case REMOVE_AND_INJECT:
		EXPECT_EQ(ipf_remove(p->ref), 0);
		EXPECT_EQ(ipf_inject_output(*m, p->ref, NULL), 0);
		return EJUSTRETURN;
	case GIVE:
		return give(p, *m, out);
	case GIVE_AND_COPY:
		return give_and_copy(p, m, out);
	case KEEP_AND_COPY:
		return keep_and_copy(p, m);
	case NAP:
		msleep(p, NULL, PZERO, "nap", &nap);
		break;
	case WAIT:
		while (!p->go)
			msleep(p, NULL, PZERO, "wait", &nap);
		break;
	default:
		change(p, act, m, out);
	}
	return 0;
}

static int is_tagged(struct probe *p, mbuf_t m)
{
	size_t len;
	void *data;

	if (!p->tag || mbuf_tag_find(m, p->tag, 1, &len, &data))
		return 0;
	OSIncrementAtomic(&p->tagged);
	return 1;
}

static int passes(struct probe *p, SInt32 seen, mbuf_t m)
{
	return is_tagged(p, m) || (p->every && seen % p->every);
}

static void note(struct probe *p, mbuf_t m)
{
	p->len = mbuf_pkthdr_len(m);
	mbuf_copydata(m, is_v6(m) ? 4 : 2, sizeof(p->ip_len), &p->ip_len);
	mbuf_copydata(m, 6, sizeof(p->ip_off), &p->ip_off);
	p->shared |= mbuf_mclhasreference(m);
}

static errno_t probe_in(void *cookie, mbuf_t *data, int offset, u_int8_t protocol)
{
	struct probe *p = cookie;

	if (port_of(*data) != p->port)
		return 0;
	note(p, *data);
	p->offset = offset;
	p->protocol = protocol;
	if (p->in < 8) {
		p->offsets[p->in] = offset;
		p->protocols[p->in] = protocol;
	}
	p->rcvif = mbuf_pkthdr_rcvif(*data);
	if (kt_keeps_off_io())
		OSIncrementAtomic(&p->off_io);
	p->place_in = OSIncrementAtomic(&calls_in);
	OSIncrementAtomic(&p->in);
	return passes(p, p->in, *data) ? 0 : act_on(p, p->in_act, data, 0);
}

static errno_t probe_out(void *cookie, mbuf_t *data, ipf_pktopts_t options)
{
	struct probe *p = cookie;

	if (port_of(*data) != p->port)
		return 0;
	note(p, *data);
	p->bytes_out += p->len;
	if (p->len > p->longest)
		p->longest = p->len;
	if (options)
		p->options = *options;
	if (kt_keeps_off_io())
		OSIncrementAtomic(&p->off_io);
	p->place_out = OSIncrementAtomic(&calls_out);
	OSIncrementAtomic(&p->out);
	return passes(p, p->out, *data) ? 0 : act_on(p, p->out_act, data, 1);
}

static void probe_detach(void *cookie)
{
	OSIncrementAtomic(&((struct probe *)cookie)->detached);
}

void add(struct probe *p)
{
	struct ipf_filter filter = { p, p->name ? p->name : "probe", probe_in, probe_out, probe_detach };

	EXPECT_EQ(family == AF_INET6 ? ipf_addv6(&filter, &p->ref) : ipf_addv4(&filter, &p->ref), 0);
}

void end(struct probe *p)
{
	if (!p->detached)
		EXPECT_EQ(ipf_remove(p->ref), 0);
	SETTLES(p->detached == 1);
}

/* --- a sender and a receiver --- */

void loopback_name(union name *name)
{
	bzero(name, sizeof(*name));
	if (family == AF_INET6) {
		name->in6.sin6_len = sizeof(name->in6);
		name->in6.sin6_family = AF_INET6;
		name->in6.sin6_addr.s6_addr[15] = 1;
	} else {
		name->in.sin_len = sizeof(name->in);
		name->in.sin_family = AF_INET;
		name->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
}

int pair_open(struct pair *pair)
{
	struct timeval patience = { 5, 0 };
	int ok;

	bzero(pair, sizeof(*pair));
	loopback_name(&pair->name);
	ok = EXPECT_EQ(sock_socket(family, SOCK_DGRAM, 0, NULL, NULL, &pair->to), 0) &&
	     EXPECT_EQ(sock_socket(family, SOCK_DGRAM, 0, NULL, NULL, &pair->from), 0) &&
	     EXPECT_EQ(sock_bind(pair->to, &pair->name.sa), 0) &&
	     EXPECT_EQ(sock_getsockname(pair->to, &pair->name.sa, sizeof(pair->name)), 0);
	if (ok)
		EXPECT_EQ(sock_setsockopt(pair->to, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	return ok;
}

void pair_close(struct pair *pair)
{
	sock_close(pair->from);
	sock_close(pair->to);
}

errno_t send_to(struct pair *pair, const char *text)
{
	struct iovec iov = { (void *)text, strlen(text) };
	struct msghdr msg = { .msg_name = &pair->name, .msg_namelen = pair->name.sa.sa_len,
			      .msg_iov = &iov, .msg_iovlen = 1 };
	size_t sent;

	return sock_send(pair->from, &msg, 0, &sent);
}

void expect_text(struct pair *pair, const char *text)
{
	char buf[200] = "";
	struct iovec iov = { buf, sizeof(buf) - 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got = 0;

	EXPECT_EQ(sock_receive(pair->to, &msg, 0, &got), 0);
	EXPECT_STR(buf, text);
}

void expect_nothing(struct pair *pair)
{
	char buf[8];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	size_t got;

	EXPECT_EQ(sock_receive(pair->to, &msg, MSG_DONTWAIT, &got), EWOULDBLOCK);
}

/* A pair and a filter on its port; the test's body runs between these. */
int begin(struct pair *pair, struct probe *p)
{
	if (!pair_open(pair))
		return 0;
	p->port = ntohs(pair->name.in.sin_port);	/* at the same place for both */
	add(p);
	return 1;
}

static void fill_v4(struct ip *ip, size_t len)
{
	ip->ip_v = 4;
	ip->ip_hl = 5;
	ip->ip_len = htons(len);
	ip->ip_ttl = 9;
	ip->ip_p = IPPROTO_UDP;
	ip->ip_sum = 0x1234;
	ip->ip_src.s_addr = htonl(INADDR_LOOPBACK);
	ip->ip_dst.s_addr = htonl(INADDR_LOOPBACK);
}

static void fill_v6(struct ip6_hdr *ip6, size_t len)
{
	ip6->ip6_vfc = IPV6_VERSION;
	ip6->ip6_plen = htons(len - sizeof(*ip6));
	ip6->ip6_nxt = IPPROTO_UDP;
	ip6->ip6_hlim = 9;
	ip6->ip6_src.s6_addr[15] = 1;
	ip6->ip6_dst.s6_addr[15] = 1;
}

/* A datagram to the pair, made by hand; an IPv4 header's checksum is wrong. */
mbuf_t handmade(struct pair *pair, const char *text)
{
	struct udphdr udp = { .uh_sport = htons(9), .uh_dport = pair->name.in.sin_port };
	size_t len = HEADER + sizeof(udp) + strlen(text);
	u_int8_t head[40];
	mbuf_t m = NULL;

	bzero(head, sizeof(head));
	if (family == AF_INET6)
		fill_v6((struct ip6_hdr *)head, len);
	else
		fill_v4((struct ip *)head, len);
	udp.uh_ulen = htons(sizeof(udp) + strlen(text));
	EXPECT_EQ(mbuf_allocpacket(MBUF_WAITOK, 200, NULL, &m), 0);
	mbuf_setlen(m, 0);
	mbuf_pkthdr_setlen(m, 0);
	EXPECT_EQ(mbuf_copyback(m, 0, HEADER, head, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(m, HEADER, sizeof(udp), &udp, MBUF_WAITOK), 0);
	EXPECT_EQ(mbuf_copyback(m, HEADER + sizeof(udp), strlen(text), text, MBUF_WAITOK), 0);
	checksum(m, HEADER);
	return m;
}
