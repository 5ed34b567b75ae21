// SPDX-License-Identifier: GPL-2.0
/* From an sk_buff to a chain and a carrier, and back. */

#include <linux/err.h>
#include <linux/if_vlan.h>
#include <net/sock.h>

#include "carrier.h"

/* Whether freeing the sk_buff gives its size back to the socket's send memory. */
static bool is_charged(const struct sk_buff *skb)
{
	const struct sock *sk = skb->sk;

	if (!sk || !skb->destructor || !sk_fullsock(sk))
		return false;
	return skb->destructor == sock_wfree ||
	       (sk_is_tcp(sk) && skb->destructor != sock_rfree && skb->destructor != sock_efree &&
		skb->destructor != sock_edemux);
}

/* Whether it only keeps the socket that it was found to be for. */
static bool is_for_socket(struct sk_buff *skb)
{
	return skb->sk && (skb->destructor == sock_edemux || skb->destructor == sock_efree ||
			   skb_sk_is_prefetched(skb));
}

bool kpi_carrier_hold_found(struct sk_buff *skb)
{
	if (sk_is_refcounted(skb->sk))
		return true;
	if (!refcount_inc_not_zero(&skb->sk->sk_refcnt))
		return false;
	skb->destructor = sock_edemux;
	return true;
}

/* The socket goes on being charged while filters have the bytes, so it stops at its limit. */
static void move_charge(struct sk_buff *to, struct sk_buff *from)
{
	int more = (int)to->truesize - (int)from->truesize;

	if (more > 0)
		refcount_add(more, &from->sk->sk_wmem_alloc);
	else if (more)
		WARN_ON_ONCE(refcount_sub_and_test(-more, &from->sk->sk_wmem_alloc));
}

void kpi_carrier_charge(struct sk_buff *skb, const struct sk_buff *as)
{
	if (!is_charged(as))
		return;
	refcount_add(skb->truesize, &as->sk->sk_wmem_alloc);
	skb->sk = as->sk;
	skb->destructor = as->destructor;
}

void kpi_carrier_discharge(struct sk_buff *skb)
{
	if (!skb->sk)
		return;
	WARN_ON_ONCE(refcount_sub_and_test(skb->truesize, &skb->sk->sk_wmem_alloc));
	skb->sk = NULL;
	skb->destructor = NULL;
}

static void move_owner(struct sk_buff *to, struct sk_buff *from)
{
	if (to->destructor)		/* somebody wants to hear when it has been sent */
		return;
	if (is_charged(from))
		move_charge(to, from);
	else if (!is_for_socket(from))
		return;
	to->sk = from->sk;
	to->destructor = from->destructor;
	from->sk = NULL;
	from->destructor = NULL;
}

/* What the chain said, and the carrier must not overwrite. */
struct fresh {
	u32 csum;			/* start and offset, or the sum */
	u32 priority;
	u8 ip_summed;
	u8 pkt_type;
	u16 network;
	u16 transport;
	u16 mac;
	u16 vlan_tci;
	__be16 vlan_proto;
	bool vlan;
	u16 gso_size;
	u16 gso_segs;
	u32 gso_type;
};

static struct fresh fresh_of(const struct sk_buff *skb)
{
	return (struct fresh) {
		.csum = (__force u32)skb->csum,
		.priority = skb->priority,
		.ip_summed = skb->ip_summed,
		.pkt_type = skb->pkt_type,
		.network = skb->network_header,
		.transport = skb->transport_header,
		.mac = skb->mac_header,
		.vlan_tci = skb->vlan_tci,
		.vlan_proto = skb->vlan_proto,
		.vlan = skb_vlan_tag_present(skb),
		.gso_size = skb_shinfo(skb)->gso_size,
		.gso_segs = skb_shinfo(skb)->gso_segs,
		.gso_type = skb_shinfo(skb)->gso_type,
	};
}

static void restore_fresh(struct sk_buff *skb, const struct fresh *fresh)
{
	skb->csum = (__force __wsum)fresh->csum;
	skb->priority = fresh->priority;
	skb->ip_summed = fresh->ip_summed;
	skb->pkt_type = fresh->pkt_type;
	skb->network_header = fresh->network;
	skb->transport_header = fresh->transport;
	skb->mac_header = fresh->mac;
	skb->encapsulation = 0;		/* the inner headers are elsewhere */
	skb->csum_valid = 0;
	skb->csum_complete_sw = 0;
	skb->csum_level = 0;
	__vlan_hwaccel_clear_tag(skb);
	if (fresh->vlan)
		__vlan_hwaccel_put_tag(skb, fresh->vlan_proto, fresh->vlan_tci);
	skb_shinfo(skb)->gso_size = fresh->gso_size;
	skb_shinfo(skb)->gso_segs = fresh->gso_segs;
	skb_shinfo(skb)->gso_type = fresh->gso_type;
}

void kpi_carrier_give(struct sk_buff *skb, struct sk_buff *carrier)
{
	struct fresh fresh = fresh_of(skb);

	skb_copy_header(skb, carrier);
	restore_fresh(skb, &fresh);
	skb_shinfo(skb)->tx_flags = skb_shinfo(carrier)->tx_flags;
	skb_shinfo(skb)->tskey = skb_shinfo(carrier)->tskey;
	skb_shinfo(skb)->hwtstamps = skb_shinfo(carrier)->hwtstamps;
	move_owner(skb, carrier);
}

struct sk_buff *kpi_carrier_close(mbuf_t m, struct sk_buff *carrier, unsigned int network_offset,
				  gfp_t gfp)
{
	struct sk_buff *skb = kpi_mbuf_to_skb(m, network_offset, gfp);

	if (IS_ERR(skb)) {
		kfree_skb(carrier);
		return NULL;
	}
	kpi_carrier_give(skb, carrier);
	consume_skb(carrier);
	return skb;
}
