// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that filters have: its bytes as a chain, the rest on the carrier.
 *
 * Opening makes a chain of the bytes, by the rules of the border to Linux: what
 * TCP may send again, or a capture looks at, is not handed out to be written to.
 * Closing makes an sk_buff of what the filters left and gives it all that the
 * carrier knew: route, mark, conntrack, control block, owner.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/sock.h>

#include <netkpi/skb.h>

#include "../../interface/interface_priv.h"
#include "../../mbuf/header.h"
#include "ip_priv.h"

static int index_of(const struct net_device *dev)
{
	return dev ? dev->ifindex : 0;
}

struct kpi_ipf_packet *kpi_ipf_packet_of(struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct kpi_ipf_packet *p = kzalloc(sizeof(*p), GFP_ATOMIC);

	if (!p)
		return NULL;
	if (!skb_dst_force(skb) ||
	    (state->sk && !refcount_inc_not_zero(&state->sk->sk_refcnt))) {
		kfree(p);
		return NULL;
	}
	p->state = *state;
	p->state.in = NULL;
	p->state.out = NULL;
	p->in = index_of(state->in);
	p->out = index_of(state->out);
	p->dev = index_of(skb->dev);
	p->transport = skb_transport_offset(skb);
	p->owner = state->sk && sk_fullsock(state->sk) && skb->sk == state->sk ? state->sk : NULL;
	p->before = KPI_ALL_FILTERS;
	p->skb = skb;
	return p;
}

void kpi_ipf_packet_free(struct kpi_ipf_packet *p)
{
	kfree_skb(p->skb);
	kpi_mbuf_freem(p->m);
	if (p->state.sk)
		sock_gen_put(p->state.sk);
	kfree(p);
}

/* All that an sk_buff says of itself but its bytes. */
static struct sk_buff *carrier_of(const struct sk_buff *skb)
{
	struct sk_buff *carrier = alloc_skb(0, GFP_NOIO);

	if (!carrier)
		return NULL;
	skb_copy_header(carrier, skb);
	carrier->dev = NULL;
	return carrier;
}

static void set_receive_interface(mbuf_t m, const struct kpi_ipf_packet *p)
{
	struct net_device *dev;

	rcu_read_lock();
	dev = dev_get_by_index_rcu(p->state.net, p->in);
	kpi_hdr(m)->rcvif = dev ? kpi_ifnet_of(dev) : NULL;
	rcu_read_unlock();
}

/* The bytes become a chain; p->skb is the carrier from now on. */
int kpi_ipf_open(struct kpi_ipf_packet *p)
{
	struct sk_buff *skb = p->skb;
	bool in = p->way == KPI_IPF_IN;

	p->skb = carrier_of(skb);
	if (!p->skb) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	skb_orphan(skb);
	p->m = kpi_mbuf_from_skb(skb, in ? KPI_INBOUND : KPI_OUTBOUND, GFP_NOIO);
	if (!p->m)
		return -ENOMEM;
	kpi_hdr(p->m)->rcvif = NULL;
	if (in)
		set_receive_interface(p->m, p);
	return 0;
}

/* What filters left must be a packet of the family, and not shorter than it says. */
bool kpi_ipf_is_sane(struct kpi_ipf_family *family, mbuf_t m)
{
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} h;
	bool v6 = family->pf == NFPROTO_IPV6;
	size_t head = v6 ? sizeof(h.v6) : sizeof(h.v4);
	size_t len;

	if (!m || kpi_unusable(m) || !kpi_is_packet(m))
		return false;
	len = kpi_chain_len(m);
	if (len < head || len > IP_MAX_MTU || kpi_mbuf_copydata(m, 0, head, &h))
		return false;
	if (v6)
		return h.v6.version == 6 &&
		       (!h.v6.payload_len || ntohs(h.v6.payload_len) + head <= len);
	return h.v4.version == 4 && h.v4.ihl >= 5 && h.v4.ihl * 4 <= len &&
	       ntohs(h.v4.tot_len) <= len;
}

/* What the filters' words about checksums and headers have become on the new sk_buff. */
struct fresh {
	u32 csum;			/* start and offset, or the sum */
	u8 ip_summed;
	u16 network;
	u16 transport;
	u16 mac;
	u16 gso_size;
	u16 gso_segs;
	u32 gso_type;
};

static struct fresh fresh_of(const struct sk_buff *skb)
{
	return (struct fresh) {
		.csum = (__force u32)skb->csum,
		.ip_summed = skb->ip_summed,
		.network = skb->network_header,
		.transport = skb->transport_header,
		.mac = skb->mac_header,
		.gso_size = skb_shinfo(skb)->gso_size,
		.gso_segs = skb_shinfo(skb)->gso_segs,
		.gso_type = skb_shinfo(skb)->gso_type,
	};
}

static void restore_fresh(struct sk_buff *skb, const struct fresh *fresh)
{
	skb->csum = (__force __wsum)fresh->csum;
	skb->ip_summed = fresh->ip_summed;
	skb->network_header = fresh->network;
	skb->transport_header = fresh->transport;
	skb->mac_header = fresh->mac;
	skb_shinfo(skb)->gso_size = fresh->gso_size;
	skb_shinfo(skb)->gso_segs = fresh->gso_segs;
	skb_shinfo(skb)->gso_type = fresh->gso_type;
}

/* An output filter may leave the IPv4 checksum to us; a length that is shorter cuts. */
static int settle_header(const struct kpi_ipf_packet *p, struct sk_buff *skb)
{
	struct iphdr *ip;

	if (p->family->pf != NFPROTO_IPV4)
		return pskb_may_pull(skb, sizeof(struct ipv6hdr)) ? 0 : -EINVAL;
	if (!pskb_may_pull(skb, sizeof(*ip)) || !pskb_may_pull(skb, ip_hdrlen(skb)))
		return -EINVAL;
	ip = ip_hdr(skb);
	if (ntohs(ip->tot_len) < skb->len && ip->tot_len &&
	    pskb_trim_rcsum(skb, ntohs(ip->tot_len)))
		return -ENOMEM;
	ip = ip_hdr(skb);
	if (p->way == KPI_IPF_OUT)
		ip_send_check(ip);
	return 0;
}

/* One sk_buff of chain and carrier, both consumed whatever happens; NULL if it cannot be. */
struct sk_buff *kpi_ipf_close(struct kpi_ipf_packet *p)
{
	struct sk_buff *carrier = p->skb;
	struct fresh fresh;
	struct sk_buff *skb;

	p->skb = NULL;
	skb = kpi_mbuf_to_skb(p->m, 0, GFP_NOIO);
	p->m = NULL;
	if (IS_ERR(skb)) {
		kfree_skb(carrier);
		return NULL;
	}
	fresh = fresh_of(skb);
	skb_copy_header(skb, carrier);
	restore_fresh(skb, &fresh);
	consume_skb(carrier);
	if (settle_header(p, skb)) {
		kfree_skb(skb);
		return NULL;
	}
	if (p->transport > 0 && p->transport <= skb_headlen(skb))
		skb_set_transport_header(skb, p->transport);
	if (p->owner)
		skb_set_owner_w(skb, p->owner);
	return skb;
}
