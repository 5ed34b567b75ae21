// SPDX-License-Identifier: GPL-2.0
/*
 * Scenarios: packets that the layer makes itself. A connected UDP socket sends a
 * chain without Linux's sendmsg: what goes out must be what sendmsg would have
 * made of the same bytes, and all that cannot go that way must go the other.
 */

#include "scenario.h"

/* A connected pair of the layer, over IPv4 or IPv6. */
struct pair {
	socket_t out;
	socket_t in;
	u_int16_t port;
	int inet6;
};

union address {
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
};

static struct sockaddr *loopback(const struct pair *p, union address *address, u_int16_t port)
{
	return p->inet6 ? st_in6(&address->sin6, port) : st_in(&address->sin, port);
}

static void make_pair(struct kunit *test, struct pair *p)
{
	union address address;

	p->inet6 = st_shape(test) == ST_INET6;
	p->out = st_socket(test, p->inet6 ? AF_INET6 : AF_INET, SOCK_DGRAM);
	p->in = st_socket(test, p->inet6 ? AF_INET6 : AF_INET, SOCK_DGRAM);
	ASSERT_EQ(test, sock_bind(p->in, loopback(p, &address, 0)), 0);
	p->port = st_port(test, p->in);
	ASSERT_EQ(test, sock_connect(p->out, loopback(p, &address, p->port), 0), 0);
}

/* What differs between two IPv4 packets that are alike: identification and checksum. */
static void blank(const struct pair *p, u_int8_t *packet)
{
	if (p->inet6)
		return;
	memset(packet + 4, 0, 2);
	memset(packet + 10, 0, 2);
}

/* The IPv4 header's checksum is right if the one's complement sum is all ones. */
static int header_is_good(const struct pair *p, const u_int8_t *packet)
{
	u_int32_t sum = 0;
	int i;

	for (i = 0; i < 20; i += 2)
		sum += packet[i] << 8 | packet[i + 1];
	return p->inet6 || (sum & 0xffff) + (sum >> 16) == 0xffff;
}

static void take_pattern(struct kunit *test, socket_t so, size_t len)
{
	u_int8_t *bytes = st_alloc(test, len + 1);

	ASSERT(test, SETTLES(test, st_readable(test, so)));
	EXPECT_IO(test, st_recv(so, bytes, len + 1, 0), 0, len);
	EXPECT_EQ(test, st_match(bytes, len, 0), len);
}

/* By sock_send(), which Linux makes the packet of, and by sock_sendmbuf(). */
static void sends_alike(struct kunit *test, struct pair *p, size_t len)
{
	u_int8_t *theirs = st_alloc(test, ST_PACKET_MAX), *ours = st_alloc(test, ST_PACKET_MAX);
	u_int8_t *bytes = st_alloc(test, len);
	size_t n;

	st_fill(bytes, len, 0);
	EXPECT_IO(test, st_send(p->out, bytes, len, 0), 0, len);
	n = st_watched(theirs);
	EXPECT(test, n > len);
	EXPECT_IO(test, st_sendm(p->out, st_mbuf(test, len, 0), 0), 0, len);
	EXPECT_EQ(test, st_watched(ours), n);
	EXPECT(test, header_is_good(p, ours));
	blank(p, ours);
	blank(p, theirs);
	EXPECT(test, !memcmp(ours, theirs, n));
	take_pattern(test, p->in, len);
	take_pattern(test, p->in, len);
}

void packets_are_those_of_sendmsg(struct kunit *test)
{
	static const size_t sizes[] = { 1, 200, 288, 289, 577, 1400, 2048, 9000 };
	struct pair p;
	unsigned int i;

	make_pair(test, &p);
	st_watch_datagrams_to(test, p.port);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		sends_alike(test, &p, sizes[i]);
	if (p.inet6) {
		EXPECT_EQ(test, st_set(p.out, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 7), 0);
		EXPECT_EQ(test, st_set(p.out, IPPROTO_IPV6, IPV6_TCLASS, 0x10), 0);
	} else {
		EXPECT_EQ(test, st_set(p.out, IPPROTO_IP, IP_TTL, 7), 0);
		EXPECT_EQ(test, st_set(p.out, IPPROTO_IP, IP_TOS, 0x10), 0);
	}
	sends_alike(test, &p, 1400);
	EXPECT_EQ(test, st_set(p.out, SOL_SOCKET, SO_TRAFFIC_CLASS, SO_TC_VO), 0);
	sends_alike(test, &p, 1400);
}

static mbuf_t receive_packet(struct kunit *test, socket_t so, size_t len)
{
	size_t got = len;
	mbuf_t m = NULL;

	ASSERT(test, SETTLES(test, st_readable(test, so)));
	ASSERT_EQ(test, sock_receivembuf(so, NULL, &m, 0, &got), 0);
	EXPECT_EQ(test, got, len);
	EXPECT_EQ(test, mbuf_pkthdr_len(m), len);
	return m;
}

/* The receiver has the very mbuf that was sent, and of a cluster the very bytes. */
void the_same_mbuf_arrives(struct kunit *test)
{
	static const size_t sizes[] = { 1, 288, 1400, 2048, 9000, 16384 };
	struct pair p;
	unsigned int i;

	make_pair(test, &p);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t len = sizes[i];
		u_int8_t *bytes = st_alloc(test, len);
		struct st_held before = st_held();
		mbuf_t sent = st_mbuf(test, len, 0), got;
		void *data = mbuf_data(sent);

		EXPECT_IO(test, st_sendm(p.out, sent, 0), 0, len);
		got = receive_packet(test, p.in, len);
		EXPECT(test, got == sent);
		EXPECT(test, mbuf_data(got) == data);
		EXPECT_EQ(test, mbuf_type(got), MBUF_TYPE_DATA);
		EXPECT(test, !mbuf_next(got) && !mbuf_nextpkt(got));
		EXPECT_EQ(test, mbuf_copydata(got, 0, len, bytes), 0);
		EXPECT_EQ(test, st_match(bytes, len, 0), len);
		mbuf_freem(got);
		EXPECT_EQ(test, st_held().mbufs, before.mbufs);
		EXPECT_EQ(test, st_held().clusters, before.clusters);
		EXPECT_EQ(test, st_held().views, before.views);
	}
}

/* What it was as a packet is over: the receiver's header holds nothing. */
void arrives_without_what_it_carried(struct kunit *test)
{
	mbuf_tag_id_t id;
	struct pair p;
	size_t len;
	void *tag;
	mbuf_t m;

	make_pair(test, &p);
	ASSERT_EQ(test, mbuf_tag_id_find("org.netkpi.scenario", &id), 0);
	m = st_mbuf(test, 1400, 0);
	ASSERT_EQ(test, mbuf_tag_allocate(m, id, 1, 16, MBUF_WAITOK, &tag), 0);
	mbuf_pkthdr_setheader(m, mbuf_data(m));
	EXPECT_EQ(test, mbuf_set_vlan_tag(m, 5), 0);
	EXPECT_EQ(test, mbuf_setflags(m, mbuf_flags(m) | MBUF_BCAST), 0);
	EXPECT_IO(test, st_sendm(p.out, m, 0), 0, 1400);

	m = receive_packet(test, p.in, 1400);
	EXPECT_EQ(test, mbuf_tag_find(m, id, 1, &len, &tag), ENOENT);
	EXPECT(test, !mbuf_pkthdr_header(m));
	EXPECT(test, mbuf_get_vlan_tag(m, (u_int16_t *)&len));
	EXPECT_EQ(test, mbuf_flags(m) & MBUF_BCAST, 0);
	mbuf_freem(m);
}

/* A chain of many plain mbufs. */
static mbuf_t many_mbufs(struct kunit *test, int n)
{
	mbuf_t head = NULL, last = NULL, m;
	int i;

	for (i = 0; i < n; i++, last = m) {
		m = NULL;
		ASSERT_EQ(test, i ? mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &m) :
			  mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m), 0);
		st_fill(mbuf_data(m), 100, i * 100);
		mbuf_setlen(m, 100);
		if (last)
			mbuf_setnext(last, m);
		else
			head = m;
	}
	mbuf_pkthdr_setlen(head, n * 100);
	return head;
}

/* A header in an mbuf of its own, the rest in a cluster: as kexts build packets. */
static mbuf_t header_and_cluster(struct kunit *test, size_t header, size_t len)
{
	mbuf_t head = NULL, m = NULL;

	ASSERT_EQ(test, mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head), 0);
	st_fill(mbuf_data(head), header, 0);
	mbuf_setlen(head, header);
	ASSERT_EQ(test, mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, 16384, &m), 0);
	st_fill(mbuf_data(m), len - header, header);
	mbuf_setlen(m, len - header);
	mbuf_setnext(head, m);
	mbuf_pkthdr_setlen(head, len);
	return head;
}

void every_shape_arrives(struct kunit *test)
{
	struct pair p;
	int freed = 0;

	make_pair(test, &p);
	EXPECT_IO(test, st_sendm(p.out, many_mbufs(test, 2), 0), 0, 200);
	take_pattern(test, p.in, 200);
	EXPECT_IO(test, st_sendm(p.out, many_mbufs(test, 40), 0), 0, 4000);
	take_pattern(test, p.in, 4000);
	EXPECT_IO(test, st_sendm(p.out, header_and_cluster(test, 12, 1400), 0), 0, 1400);
	take_pattern(test, p.in, 1400);
	EXPECT_IO(test, st_sendm(p.out, header_and_cluster(test, 12, 9000), 0), 0, 9000);
	take_pattern(test, p.in, 9000);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, 60000, 0), 0), 0, 60000);
	take_pattern(test, p.in, 60000);
	EXPECT_IO(test, st_sendm(p.out, many_mbufs(test, 1), 0), 0, 100);
	take_pattern(test, p.in, 100);

	EXPECT_IO(test, st_sendm(p.out, st_mbuf_attached(test, 100, 0, &freed), 0), 0, 100);
	EXPECT_EQ(test, freed, 1);
	take_pattern(test, p.in, 100);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf_attached(test, 5000, 0, &freed), 0), 0, 5000);
	EXPECT_EQ(test, freed, 2);
	take_pattern(test, p.in, 5000);
}

/* An mbuf whose bytes do not begin where its storage does. */
void shifted_bytes_arrive(struct kunit *test)
{
	struct pair p;
	mbuf_t m;

	make_pair(test, &p);
	m = st_mbuf(test, 200, -50);
	mbuf_adj(m, 50);
	mbuf_adj(m, -100);
	EXPECT_IO(test, st_sendm(p.out, m, 0), 0, 50);
	take_pattern(test, p.in, 50);
	m = st_mbuf(test, 9000, -5000);
	mbuf_adj(m, 5000);
	EXPECT_IO(test, st_sendm(p.out, m, 0), 0, 4000);
	take_pattern(test, p.in, 4000);
}

void too_long_for_a_frame(struct kunit *test)
{
	struct pair p;
	size_t room;

	make_pair(test, &p);
	st_loopback_mtu(test, 1500);
	room = p.inet6 ? 1452 : 1472;
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, room, 0), 0), 0, room);
	take_pattern(test, p.in, room);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, room + 1, 0), 0), 0, room + 1);
	take_pattern(test, p.in, room + 1);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, 9000, 0), 0), 0, 9000);
	take_pattern(test, p.in, 9000);
}

void longest_datagram(struct kunit *test)
{
	struct pair p;
	size_t longest;

	make_pair(test, &p);
	longest = p.inet6 ? 65527 : 65507;
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, longest, 0), 0), 0, longest);
	take_pattern(test, p.in, longest);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, longest + 1, 0), 0), EMSGSIZE, 0);
}

/* What the device cannot do is done before: checksums, and all bytes in one piece. */
void simple_device(struct kunit *test)
{
	static const size_t sizes[] = { 1, 289, 1400, 9000, 60000 };
	unsigned int i;
	struct pair p;

	make_pair(test, &p);
	st_loopback_simple(test);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, sizes[i], 0), 0), 0, sizes[i]);
		take_pattern(test, p.in, sizes[i]);
	}
}

/* What is sent by reference belongs to others, too: the receiver gets a copy. */
void shared_cluster_is_copied(struct kunit *test)
{
	u_int8_t *bytes = st_alloc(test, 9000);
	mbuf_t m = st_mbuf(test, 9000, 0), kept = NULL, got;
	struct pair p;

	make_pair(test, &p);
	ASSERT_EQ(test, mbuf_copym(m, 0, MBUF_COPYALL, MBUF_WAITOK, &kept), 0);
	EXPECT_IO(test, st_sendm(p.out, m, 0), 0, 9000);
	got = receive_packet(test, p.in, 9000);
	EXPECT(test, mbuf_data(got) != mbuf_data(kept));
	memset(mbuf_data(got), 0xee, mbuf_len(got));
	mbuf_freem(got);
	EXPECT_EQ(test, mbuf_copydata(kept, 0, 9000, bytes), 0);
	EXPECT_EQ(test, st_match(bytes, 9000, 0), 9000);
	mbuf_freem(kept);
}

/* Only a part is asked for: the rest is gone, and so is the memory. */
void shortened_packet_arrives(struct kunit *test)
{
	static const size_t sizes[] = { 200, 1400, 9000 };
	struct st_held before = st_held();
	u_int8_t bytes[100];
	struct pair p;
	unsigned int i;

	make_pair(test, &p);
	for (i = 0; i < 3; i++) {
		EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, sizes[i], 0), 0), 0, sizes[i]);
		ASSERT(test, SETTLES(test, st_readable(test, p.in)));
		EXPECT_IO(test, st_recvm(test, p.in, bytes, 100, 0), 0, 100);
		EXPECT_EQ(test, st_match(bytes, 100, 0), 100);
		EXPECT_IO(test, st_recv(p.in, bytes, 100, MSG_DONTWAIT), EWOULDBLOCK, 0);
	}
	EXPECT_EQ(test, st_held().mbufs, before.mbufs);
	EXPECT_EQ(test, st_held().views, before.views);
}

void datagrams_are_counted(struct kunit *test)
{
	unsigned long before = st_datagrams_sent();
	struct pair p;

	make_pair(test, &p);
	EXPECT_IO(test, st_sendm(p.out, st_mbuf(test, 1400, 0), 0), 0, 1400);
	EXPECT_EQ(test, st_datagrams_sent(), before + 1);
	take_pattern(test, p.in, 1400);
}

/* Round and round, answered with the mbuf that came. */
void packets_go_round(struct kunit *test)
{
	unsigned int i, rounds = st_rounds(500, 100000);
	union address address;
	u_int8_t bytes[1400];
	struct pair p;
	mbuf_t m;

	make_pair(test, &p);
	ASSERT_EQ(test, sock_connect(p.in, loopback(&p, &address, st_port(test, p.out)), 0), 0);
	m = st_mbuf(test, 1400, 0);
	for (i = 0; i < rounds; i++) {
		ASSERT_EQ(test, st_sendm(i & 1 ? p.in : p.out, m, 0).error, 0);
		m = receive_packet(test, i & 1 ? p.out : p.in, 1400);
	}
	EXPECT_EQ(test, mbuf_copydata(m, 0, 1400, bytes), 0);
	EXPECT_EQ(test, st_match(bytes, 1400, 0), 1400);
	mbuf_freem(m);
}
