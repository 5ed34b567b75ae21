// SPDX-License-Identifier: GPL-2.0
/*
 * A packet that filters have: its bytes as a chain, the rest on the carrier.
 *
 * Opening makes a chain of the bytes, by the rules of the border to Linux: what may
 * be written to is looked at where it is; what TCP may send again, or a capture looks
 * at, is copied. Closing finds that the chain still is what the carrier says, and the
 * carrier goes on as it came; or it makes an sk_buff of what the filters left and
 * gives it all that the carrier knew: route, mark, conntrack, control block, owner.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include <netkpi/skb.h>

#include "../../interface/interface_priv.h"
#include "../../mbuf/chain.h"
#include "../../mbuf/storage.h"
#include "../carrier.h"
#include "packet.h"

/* --- the packet's own life --- */

/* One that was freed here, for the next packet of this CPU: most are done with before that comes. */
static DEFINE_PER_CPU(struct kpi_ipf_packet *, spare);

static inline struct kpi_ipf_packet *packet_alloc(void)
{
	return this_cpu_xchg(spare, NULL) ?: kmalloc(sizeof(struct kpi_ipf_packet), GFP_ATOMIC);
}

/* KASAN is to see who comes too late. */
static void packet_recycle(struct kpi_ipf_packet *p)
{
	if (!IS_ENABLED(CONFIG_KASAN) && !this_cpu_cmpxchg(spare, NULL, p))
		return;
	kfree(p);
}

void kpi_ipf_packets_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kfree(per_cpu(spare, cpu));
}

/* A carrier ends; a kext may keep a copy that lies there. */
void kpi_ipf_drop(struct sk_buff *skb)
{
	if (skb && skb_shared(skb))
		kpi_skb_drop_references(skb);
	kfree_skb(skb);
}

static void packet_free(struct kpi_ipf_packet *p)
{
	if (p->skb)
		kpi_ipf_drop(p->skb);
	if (p->whole)
		kpi_ipf_packet_put(p->whole);
	if (p->holder)
		kpi_kext_charge(p->holder, KPI_HELD_PACKET, -1);
	if (p->state.sk)
		sock_gen_put(p->state.sk);
	if (p->state.net && p->state.net != &init_net)
		put_net(p->state.net);
	packet_recycle(p);
}

void kpi_ipf_packet_put(struct kpi_ipf_packet *p)
{
	/* The only holder needs no atomic operation: nobody can come or go. */
	if (refcount_read(&p->refs) != 1 && !refcount_dec_and_test(&p->refs))
		return;
	smp_acquire__after_ctrl_dep();
	packet_free(p);
}

/* The mbuf is freed, or made an sk_buff of. */
static void mbuf_lets_go(struct kpi_companion *companion)
{
	kpi_ipf_packet_put(container_of(companion, struct kpi_ipf_packet, companion));
}

/* All but what it has of a carrier. */
static void packet_init(struct kpi_ipf_packet *p, struct kpi_ipf_family *family,
			enum kpi_ipf_way way)
{
	refcount_set(&p->refs, 1);
	atomic_set(&p->taken, 0);
	p->m = NULL;
	p->before = KPI_ALL_FILTERS;
	p->holder = NULL;
	p->whole = NULL;
	p->family = family;
	p->way = way;
	kpi_companion_init(&p->companion, mbuf_lets_go);
}

struct kpi_ipf_packet *kpi_ipf_packet_new(struct kpi_ipf_family *family, enum kpi_ipf_way way,
					  mbuf_t m)
{
	struct kpi_ipf_packet *p = packet_alloc();

	if (!p)
		return NULL;
	packet_init(p, family, way);
	memset(&p->of_carrier, 0, sizeof(p->of_carrier));
	p->m = m;
	return p;
}

static bool hold_net(struct net *net)
{
	return net == &init_net || maybe_get_net(net);
}

static bool hold_sock(struct sock *sk)
{
	return !sk || refcount_inc_not_zero(&sk->sk_refcnt);
}

/* References on all that the hook's caller lends; false, with none, if something is going. */
static bool hold_all(struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (!kpi_carrier_hold(skb) || !hold_sock(state->sk))
		return false;
	if (hold_net(state->net))
		return true;
	if (state->sk)
		sock_gen_put(state->sk);
	return false;
}

static int index_of(const struct net_device *dev)
{
	return dev ? dev->ifindex : 0;
}

/* Without memory, or with something that is going: NULL, and the sk_buff stays the caller's. */
struct kpi_ipf_packet *kpi_ipf_packet_of(struct sk_buff *skb, const struct nf_hook_state *state,
					 struct kpi_ipf_family *family, enum kpi_ipf_way way)
{
	struct kpi_ipf_packet *p = packet_alloc();

	if (!p)
		return NULL;
	if (!hold_all(skb, state)) {
		packet_recycle(p);
		return NULL;
	}
	packet_init(p, family, way);
	p->skb = skb;
	p->state = *state;
	p->state.in = NULL;
	p->state.out = NULL;
	p->in = index_of(state->in);
	p->out = index_of(state->out);
	p->dev = index_of(skb->dev);
	p->transport = skb_transport_offset(skb);
	return p;
}

/* One of a packet's segments, which goes the same way. NULL: the sk_buff stays the caller's. */
struct kpi_ipf_packet *kpi_ipf_packet_part(struct kpi_ipf_packet *whole, struct sk_buff *skb)
{
	struct kpi_ipf_packet *p = kpi_ipf_packet_of(skb, &whole->state, whole->family, whole->way);

	if (!p)
		return NULL;
	p->in = whole->in;
	p->out = whole->out;
	p->dev = whole->dev;
	p->whole = whole;
	refcount_inc(&whole->refs);
	return p;
}

/*
 * Whether the carrier is the caller's to go on with: a filter may have given the packet
 * back, and others the place of it.
 */
bool kpi_ipf_packet_take(struct kpi_ipf_packet *p)
{
	return READ_ONCE(p->skb) && !atomic_xchg(&p->taken, 1);
}

/* The same packet once more, with its carrier: the one that was kept may still be worked on. */
static struct kpi_ipf_packet *packet_inherit(struct kpi_ipf_packet *old)
{
	struct kpi_ipf_packet *p = packet_alloc();

	if (!p)
		return NULL;
	*p = *old;
	refcount_set(&p->refs, 1);
	kpi_companion_init(&p->companion, mbuf_lets_go);
	p->holder = NULL;
	p->m = NULL;
	if (p->state.sk)
		refcount_inc(&p->state.sk->sk_refcnt);
	if (p->state.net != &init_net)
		get_net(p->state.net);
	if (p->whole)
		refcount_inc(&p->whole->refs);
	p->skb = NULL;
	atomic_set(&p->taken, 0);
	if (kpi_ipf_packet_take(old))
		p->skb = xchg(&old->skb, NULL);
	return p;
}

/* From now on it, which nobody else has, goes with the mbuf. */
static void tie(struct kpi_ipf_packet *p, mbuf_t m)
{
	refcount_set(&p->refs, 2);
	kpi_companion_join(kpi_hdr(m), &p->companion);
}

/* What a filter kept comes back: its packet, or NULL if it has none, or no memory. */
struct kpi_ipf_packet *kpi_ipf_packet_again(mbuf_t m, struct kpi_ipf_family *family,
					    enum kpi_ipf_way way)
{
	struct kpi_companion *companion = kpi_companion_of(kpi_hdr(m), mbuf_lets_go);
	struct kpi_ipf_packet *old, *p;

	if (!companion)
		return NULL;
	old = container_of(companion, struct kpi_ipf_packet, companion);
	if (!READ_ONCE(old->skb) || old->family != family || old->way != way)
		return NULL;
	p = packet_inherit(old);
	if (!p)
		return NULL;
	kpi_companion_leave(kpi_hdr(m), companion);
	kpi_ipf_packet_put(old);
	if (!p->skb) {
		kpi_ipf_packet_put(p);
		return NULL;
	}
	tie(p, m);		/* another filter may keep it */
	return p;
}

/* --- open --- */

static void set_receive_interface(mbuf_t m, const struct kpi_ipf_packet *p)
{
	rcu_read_lock();
	kpi_hdr(m)->rcvif = kpi_ifnet_at(p->state.net, p->in);
	rcu_read_unlock();
}

static bool is_v6(const struct kpi_ipf_packet *p)
{
	return p->family->pf == NFPROTO_IPV6;
}

/* Hooks see no packet without a whole header. */
static void note_head(struct kpi_ipf_packet *p)
{
	size_t len = is_v6(p) ? sizeof(p->head.v6) : sizeof(p->head.v4);
	const void *data = kpi_mcb(p->m)->data;

	if (unlikely(kpi_mcb(p->m)->len < len))
		kpi_mbuf_copydata(p->m, 0, len, &p->head);
	else if (is_v6(p))
		p->head.v6 = *(const struct ipv6hdr *)data;
	else
		p->head.v4 = *(const struct iphdr *)data;
}

/* Whether it goes where it went when the filters got it. */
bool kpi_ipf_addresses_are(const struct kpi_ipf_packet *p, mbuf_t m)
{
	union kpi_ipf_head room;
	const struct ipv6hdr *v6;
	const struct iphdr *v4;

	if (is_v6(p)) {
		v6 = kpi_ipf_header(m, sizeof(*v6), &room);
		return v6 && ipv6_addr_equal(&v6->saddr, &p->head.v6.saddr) &&
		       ipv6_addr_equal(&v6->daddr, &p->head.v6.daddr);
	}
	v4 = kpi_ipf_header(m, sizeof(*v4), &room);
	return v4 && v4->saddr == p->head.v4.saddr && v4->daddr == p->head.v4.daddr;
}

/* The bytes become a chain, which the packet goes with. After an error nothing has changed. */
int kpi_ipf_open(struct kpi_ipf_packet *p, gfp_t gfp)
{
	bool in = p->way == KPI_IPF_IN;

	memcpy(p->cb, p->skb->cb, sizeof(p->cb));
	p->m = kpi_mbuf_over_skb(p->skb, in ? KPI_INBOUND : KPI_OUTBOUND, p->whole, gfp);
	if (!p->m)
		return -ENOMEM;
	if (!in)
		kpi_hdr(p->m)->rcvif = NULL;
	else if (!p->skb->dev)		/* taken off for the thread */
		set_receive_interface(p->m, p);
	kpi_said_note(&p->said, p->m);
	note_head(p);
	tie(p, p->m);
	return 0;
}

static bool is_sane_v4(const struct iphdr *ip, size_t len)
{
	return ip && ip->version == 4 && ip->ihl >= 5 && ip->ihl * 4 <= len &&
	       ntohs(ip->tot_len) <= len;
}

static bool is_sane_v6(const struct ipv6hdr *ip6, size_t len)
{
	return ip6 && ip6->version == 6 && ntohs(ip6->payload_len) + sizeof(*ip6) <= len;
}

static noinline bool is_sane_in_pieces(struct kpi_ipf_family *family, mbuf_t m)
{
	union kpi_ipf_head room;

	if (family->pf == NFPROTO_IPV6)
		return is_sane_v6(kpi_ipf_header(m, sizeof(room.v6), &room), kpi_chain_len(m));
	return is_sane_v4(kpi_ipf_header(m, sizeof(room.v4), &room), kpi_chain_len(m));
}

/* What filters left must be a packet of the family, and not shorter than it says. */
bool kpi_ipf_is_sane(struct kpi_ipf_family *family, mbuf_t m)
{
	const void *data;

	if (!m || !kpi_is_packet(m))
		return false;
	data = kpi_mcb(m)->data;
	if (unlikely(kpi_mcb(m)->len < sizeof(union kpi_ipf_head)))
		return is_sane_in_pieces(family, m);
	if (family->pf == NFPROTO_IPV6)
		return is_sane_v6(data, kpi_chain_len(m));
	return is_sane_v4(data, kpi_chain_len(m));
}

/* --- close --- */

/* Loggers behind us print it. */
static void copy_link_header(struct sk_buff *to, const struct sk_buff *from)
{
	int len = skb_mac_header_was_set(from) ? from->data - skb_mac_header(from) : 0;

	if (len <= 0 || len > skb_headroom(to))
		return;
	memcpy(to->data - len, from->data - len, len);
	skb_set_mac_header(to, -len);
}

/* An sk_buff of the chain, which it consumes, that is in all else what the carrier was. */
static int rebuild(struct kpi_ipf_packet *p, mbuf_t m, gfp_t gfp)
{
	struct sk_buff *carrier = p->skb;
	struct sk_buff *skb = kpi_mbuf_to_skb(m, 0, gfp);

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	kpi_carrier_give(skb, carrier);
	memcpy(skb->cb, p->cb, sizeof(p->cb));
	copy_link_header(skb, carrier);
	if (p->transport > 0 && p->transport <= skb_headlen(skb))
		skb_set_transport_header(skb, p->transport);
	p->skb = skb;
	kpi_view_done(carrier);
	return 0;
}

/*
 * A length that is shorter cuts; an output filter may leave the IPv4 checksum to us. The
 * transport begins where the header says now.
 */
static int settle_v4(struct sk_buff *skb, bool out)
{
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)) || !pskb_may_pull(skb, ip_hdrlen(skb)))
		return -EINVAL;
	len = ntohs(ip_hdr(skb)->tot_len);
	if (len && len < skb->len && pskb_trim_rcsum(skb, len))
		return -ENOMEM;
	skb_set_transport_header(skb, ip_hdrlen(skb));
	if (out)
		ip_send_check(ip_hdr(skb));
	return 0;
}

static int settle_v6(struct sk_buff *skb)
{
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(struct ipv6hdr)))
		return -EINVAL;
	len = ntohs(ipv6_hdr(skb)->payload_len);
	if (len && len + sizeof(struct ipv6hdr) < skb->len &&
	    pskb_trim_rcsum(skb, len + sizeof(struct ipv6hdr)))
		return -ENOMEM;
	return 0;
}

static int settle_header(const struct kpi_ipf_packet *p)
{
	if (is_v6(p))
		return settle_v6(p->skb);
	return settle_v4(p->skb, p->way == KPI_IPF_OUT);
}

/* Of one with options that is not known. */
static bool is_same_v4(const struct iphdr *is, const struct iphdr *was)
{
	return is->ihl == 5 && !memcmp(is, was, sizeof(*is));
}

/* What filters wrote to the header, if they did, where it is. Nobody else has it then. */
static int settle_written(const struct kpi_ipf_packet *p)
{
	if (!is_v6(p) && likely(skb_headlen(p->skb) >= sizeof(struct iphdr)) &&
	    is_same_v4((const struct iphdr *)p->skb->data, &p->head.v4))
		return 0;
	return skb_shared(p->skb) || skb_header_cloned(p->skb) ? 0 : settle_header(p);
}

/*
 * The carrier becomes what is to go on; the chain is consumed. After an error there
 * is no chain, and p->skb is still to be freed.
 */
int kpi_ipf_close(struct kpi_ipf_packet *p, gfp_t gfp)
{
	mbuf_t m = p->m;
	bool given = kpi_companion_leave(kpi_hdr(m), &p->companion);	/* what the filters got */
	bool untouched = given && kpi_is_untouched(m, p->skb, &p->said);
	int err;

	if (given)
		kpi_ipf_packet_put(p);
	p->m = NULL;
	if (!untouched) {
		err = rebuild(p, m, gfp);
		return err ?: settle_header(p);
	}
	kpi_mbuf_off_skb(m);
	memcpy(p->skb->cb, p->cb, sizeof(p->cb));
	return settle_written(p);
}
