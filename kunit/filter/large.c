// SPDX-License-Identifier: GPL-2.0
/* Packets that the network cuts into segments at its end, and the segments that it makes. */

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/tcp.h>
#include <net/udp.h>

#include "compat/netfilter.h"

#include "test.h"

#define BIG_SEGMENT	9000
#define SEGMENT		100
#define ROOM		160		/* for all headers in front */

/* A hop-by-hop header that says how long the rest is. */
struct jumbo {
	u8 next, len, option, option_len;
	__be32 payload;
};

static struct {
	struct sk_buff *cut[2];		/* by Linux: as a device gets them; with checksums */
	struct sk_buff_head gone;	/* what came out behind the hook */
	struct nf_conn ct;		/* conntrack's, of all of them */
	bool tracked;
	bool followed;			/* the next that comes out is followed by a small one */
} large;

static bool is_big(enum ft_large kind)
{
	return kind == FT_BIG || kind == FT_BIG_JUMBO;
}

static unsigned int segment_of(enum ft_large kind)
{
	return is_big(kind) ? BIG_SEGMENT : SEGMENT;
}

/* The last one is shorter, and of an odd length. */
static unsigned int payload_of(enum ft_large kind)
{
	return FT_LARGE_SEGMENTS * segment_of(kind) - segment_of(kind) / 2 + 1;
}

static u32 type_of(enum ft_large kind, bool v6)
{
	if (kind == FT_LARGE_UDP)
		return SKB_GSO_UDP_L4;
	return (v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4) |
	       (kind == FT_FIXED_ID ? SKB_GSO_TCP_FIXEDID : 0) |
	       (kind == FT_CWR ? SKB_GSO_TCP_ECN : 0);
}

/* What is carried, from its @at-th byte on. */
static void fill(struct sk_buff *skb, unsigned int from, unsigned int at, unsigned int len)
{
	u8 byte;

	for (; len--; at++) {
		byte = at * 7 + at / 251;
		skb_store_bits(skb, from++, &byte, 1);
	}
}

static void push_udp(struct sk_buff *skb)
{
	struct udphdr *udp = skb_push(skb, sizeof(*udp));

	*udp = (struct udphdr) { .source = htons(7), .dest = htons(9), .len = htons(skb->len) };
}

static void push_tcp(struct sk_buff *skb, enum ft_large kind)
{
	unsigned int options = kind == FT_OPTIONS ? 12 : 0;
	struct tcphdr *tcp;

	if (options)
		memset(skb_push(skb, options), TCPOPT_NOP, options);
	tcp = skb_push(skb, sizeof(*tcp));
	*tcp = (struct tcphdr) {
		.source = htons(7), .dest = htons(9), .seq = htonl(0xfffffff0), .ack_seq = htonl(5),
		.doff = (sizeof(*tcp) + options) / 4, .ack = 1, .psh = 1, .window = htons(512),
		.fin = kind == FT_FIN, .cwr = kind == FT_CWR, .ece = kind == FT_CWR,
		.urg = kind == FT_URGENT, .urg_ptr = htons(kind == FT_URGENT ? 30 : 0),
	};
}

static void push_v4(struct sk_buff *skb, enum ft_large kind, unsigned int len)
{
	struct iphdr *ip = skb_push(skb, sizeof(*ip));

	*ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 9, .id = htons(0xfffe), .frag_off = htons(IP_DF),
		.tot_len = htons(is_big(kind) ? 0 : len + sizeof(*ip)),
		.protocol = kind == FT_LARGE_UDP ? IPPROTO_UDP : IPPROTO_TCP,
		.saddr = htonl(INADDR_LOOPBACK), .daddr = htonl(INADDR_LOOPBACK),
	};
	ip_send_check(ip);
}

static void push_v6(struct sk_buff *skb, enum ft_large kind, unsigned int len)
{
	u8 protocol = kind == FT_LARGE_UDP ? IPPROTO_UDP : IPPROTO_TCP;
	struct ipv6hdr *ip6;

	if (kind == FT_BIG_JUMBO) {
		*(struct jumbo *)skb_push(skb, sizeof(struct jumbo)) = (struct jumbo) {
			.next = protocol, .option = 194, .option_len = 4,
			.payload = htonl(len + sizeof(struct jumbo)),
		};
		protocol = IPPROTO_HOPOPTS;
	}
	ip6 = skb_push(skb, sizeof(*ip6));
	*ip6 = (struct ipv6hdr) {
		.version = 6, .hop_limit = 9, .nexthdr = protocol,
		.payload_len = htons(is_big(kind) ? 0 : len),
		.saddr = in6addr_loopback, .daddr = in6addr_loopback,
	};
}

/* The sum of what stands before the transport, as the stack leaves it for the device. */
static void leave_checksum(struct sk_buff *skb, enum ft_large kind, bool v6, unsigned int len)
{
	bool udp = kind == FT_LARGE_UDP;
	u8 protocol = udp ? IPPROTO_UDP : IPPROTO_TCP;
	unsigned int at = udp ? offsetof(struct udphdr, check) : offsetof(struct tcphdr, check);
	__be32 v4 = htonl(INADDR_LOOPBACK);
	__sum16 *sum;

	skb_partial_csum_set(skb, skb_headlen(skb) - (len - (skb->len - skb_headlen(skb))), at);
	sum = (__sum16 *)(skb_transport_header(skb) + at);
	*sum = v6 ? ~csum_ipv6_magic(&in6addr_loopback, &in6addr_loopback, len, protocol, 0) :
		    ~csum_tcpudp_magic(v4, v4, len, protocol, 0);
}

/* The rest as packets of a list, as they come together when they are received. */
static int add_list(struct sk_buff *skb, unsigned int at, unsigned int end)
{
	struct sk_buff **place = &skb_shinfo(skb)->frag_list;

	for (; at < end; at += SEGMENT, place = &(*place)->next) {
		unsigned int n = min(end - at, (unsigned int)SEGMENT);

		*place = alloc_skb(n, GFP_KERNEL);
		if (!*place)
			return -ENOMEM;
		skb_put(*place, n);
		fill(*place, 0, at, n);
		skb->len += n;
		skb->data_len += n;
		skb->truesize += (*place)->truesize;
	}
	return 0;
}

/* In pages, as most is that is sent. */
static struct sk_buff *carrying_pages(unsigned int payload)
{
	int err;
	struct sk_buff *skb = alloc_skb_with_frags(ROOM, payload, 0, &err, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, ROOM);
	skb->data_len = payload;
	skb->len = payload;
	fill(skb, 0, 0, payload);
	return skb;
}

static struct sk_buff *carrying_list(unsigned int payload)
{
	struct sk_buff *skb = alloc_skb(ROOM + SEGMENT, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, ROOM);
	skb_put(skb, SEGMENT);
	fill(skb, 0, 0, SEGMENT);
	if (!add_list(skb, SEGMENT, payload))
		return skb;
	kfree_skb(skb);
	return NULL;
}

static struct sk_buff *make_large(enum ft_large kind, bool v6)
{
	unsigned int payload = payload_of(kind), len;
	struct sk_buff *skb = kind == FT_LIST ? carrying_list(payload) : carrying_pages(payload);

	if (!skb)
		return NULL;
	if (kind == FT_LARGE_UDP)
		push_udp(skb);
	else
		push_tcp(skb, kind);
	len = skb->len;
	if (v6)
		push_v6(skb, kind, len);
	else
		push_v4(skb, kind, len);
	skb_reset_network_header(skb);
	leave_checksum(skb, kind, v6, len);
	skb->protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
	skb->dev = init_net.loopback_dev;
	skb_shinfo(skb)->gso_type = type_of(kind, v6);
	skb_shinfo(skb)->gso_size = segment_of(kind);
	skb_shinfo(skb)->gso_segs = FT_LARGE_SEGMENTS;
	return skb;
}

/* Of a copy that shares nothing with the packet. */
static struct sk_buff *cut_copy(const struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *copy = skb_copy(skb, GFP_KERNEL);
	struct sk_buff *segments;

	if (!copy)
		return NULL;
	segments = skb_gso_segment(copy, features);
	consume_skb(copy);
	return IS_ERR(segments) ? NULL : segments;
}

static void hand_over(struct sk_buff *skb, bool v6, bool in);

static void send_small(void)
{
	struct sk_buff *skb = alloc_skb(ROOM, GFP_ATOMIC);

	if (!skb)
		return;
	skb_reserve(skb, ROOM);
	push_udp(skb);
	skb_reset_transport_header(skb);
	push_v4(skb, FT_LARGE_UDP, skb->len);
	skb_reset_network_header(skb);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = init_net.loopback_dev;
	hand_over(skb, false, false);
}

static int keep_it(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	skb_queue_tail(&large.gone, skb);
	if (large.followed) {
		large.followed = false;
		send_small();
	}
	return 0;
}

void ft_large_followed(void)
{
	large.followed = true;
}

void ft_large_track(int confirmed)
{
	refcount_set(&large.ct.ct_general.use, 1000);
	large.ct.status = confirmed ? IPS_CONFIRMED : 0;
	large.tracked = true;
}

static void hand_over(struct sk_buff *skb, bool v6, bool in)
{
	struct net_device *lo = init_net.loopback_dev;

	local_bh_disable();
	NF_HOOK(v6 ? NFPROTO_IPV6 : NFPROTO_IPV4, in ? NF_INET_LOCAL_IN : NF_INET_LOCAL_OUT,
		&init_net, NULL, skb, in ? lo : NULL, in ? NULL : lo, keep_it);
	local_bh_enable();
}

int ft_large(enum ft_large kind, int v6, int in)
{
	struct sk_buff *skb = make_large(kind, v6), *segment;
	int n = 0;

	if (!skb)
		return -ENOMEM;
	skb_queue_head_init(&large.gone);
	large.cut[0] = cut_copy(skb, NETIF_F_SG | NETIF_F_HW_CSUM);
	large.cut[1] = cut_copy(skb, 0);
	for (segment = large.cut[1]; segment; segment = segment->next)
		n++;
	if (large.tracked)
		nf_ct_set(skb, &large.ct, IP_CT_NEW);
	hand_over(skb, v6, in);
	return n;
}

static bool is_same(const struct sk_buff *skb, const u8 *bytes, size_t len)
{
	u8 piece[64];
	size_t at, n;

	if (!skb || skb->len != len)
		return false;
	for (at = 0; at < len; at += n) {
		n = min(sizeof(piece), len - at);
		if (skb_copy_bits(skb, at, piece, n) || memcmp(piece, bytes + at, n))
			return false;
	}
	return true;
}

int ft_large_is(int i, int finished, const void *bytes, unsigned long len)
{
	const struct sk_buff *segment = large.cut[finished];

	while (segment && i--)
		segment = segment->next;
	return is_same(segment, bytes, len);
}

int ft_large_gone(void)
{
	return skb_queue_len_lockless(&large.gone);
}

int ft_large_take(void *buf, unsigned long size)
{
	struct sk_buff *skb = skb_dequeue(&large.gone);
	int len;

	if (!skb)
		return 0;
	len = skb->len;
	if (len > size || skb_copy_bits(skb, 0, buf, len))
		len = -1;
	kfree_skb(skb);
	return len;
}

/* Whether it is what went in: as one, and as Linux cuts it. */
int ft_large_is_whole(void)
{
	struct sk_buff *skb = skb_peek(&large.gone), *segments, *a, *b;
	bool same = skb && skb_queue_len(&large.gone) == 1 && skb_is_gso(skb);

	if (!same)
		return 0;
	segments = cut_copy(skb, 0);
	for (a = segments, b = large.cut[1]; same && a && b; a = a->next, b = b->next)
		same = !skb_linearize(a) && is_same(b, a->data, a->len);
	same = same && !a && !b;
	kfree_skb_list(segments);
	return same;
}

void ft_large_end(void)
{
	kfree_skb_list(large.cut[0]);
	kfree_skb_list(large.cut[1]);
	skb_queue_purge(&large.gone);
	large.tracked = false;
	large.followed = false;
}
