// SPDX-License-Identifier: GPL-2.0
/*
 * Who else has the bytes.
 *
 * Shared means that somebody else may still read them: another mbuf, a queue that
 * waits to send (again), another receiver, a capture, a process. Storage is the
 * mbuf's alone only if that can be proved; kpi_is_shared() says whether it is,
 * and everybody asks it: mbuf_mclhasreference(), leading and trailing space, all
 * calls that move bytes, and what is sent, which is marked for the receiver on
 * this host. What proves it:
 *
 *  - an mbuf's own storage: it is nobody else's;
 *  - a cluster: one mbuf refers to it, and if it was lent to the network while an
 *    mbuf kept it (kpi_chain_lend()), nobody holds its block of pages. Clusters of
 *    one block are told apart by whether they were lent, not by who holds what:
 *    one that was lent stays shared while the network has any of its block;
 *  - the caller's buffer: one mbuf refers to it; the network gets copies of it;
 *  - part of a received packet's head: one mbuf refers to it, and the packet's
 *    data has one owner (dataref);
 *  - part of a page that came as a packet's fragment: one mbuf refers to it, and
 *    the page has no other reference, or only that of its block, none of whose
 *    clusters is in use, if it was a cluster. That the packet's data has one owner
 *    proves nothing: pskb_expand_head() and pskb_copy() leave two packets with a
 *    header each and the same pages.
 *
 * A kext may write to what it receives, and not all of them ask before. So what
 * came with a packet is copied when somebody else would miss it:
 *
 *  - memory of files, processes and other sockets: fragments that are marked as
 *    shared, pages with an owner;
 *  - the data of a packet that others hold, too, or a clone of it: captures,
 *    mirrors, taps. In a socket's receive queue the sender's own copy does not
 *    count, which waits to be sent again although it has been received;
 *  - a packet for many (multicast, broadcast), or not for this host: it may still
 *    be on its way to others.
 *
 * All else is looked at where it is, and told as shared until it is proved to be
 * the mbuf's alone. It may be shared without a trace, by a firewall that duplicated
 * a packet and then gave it another header. Kexts that ask do no harm there. For
 * those that do not there is the parameter private_receive: it has every received
 * byte copied. That is not the default, because nothing else of what a machine does
 * usually is harmed, and a copy costs what receiving as mbufs wins.
 *
 * A filter's copies of page memory are made when it wants to see them: veil.c.
 */

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#include <net/ipv6.h>

#include "veil.h"

static bool private_receive;
module_param(private_receive, bool, 0644);
MODULE_PARM_DESC(private_receive,
		 "copy every received byte, for kexts that write to what they receive without asking mbuf_mclhasreference() (default: no)");

/* While filters have a carrier's bytes, one more has the sk_buff: who waits for them. */
static bool skb_is_held(const struct sk_buff *skb, u8 traits)
{
	unsigned int ours = traits & KPI_STORE_CARRIED ? 2 : 1;

	return refcount_read(&skb->users) > ours || skb_cloned(skb);
}

/* Whether somebody has the storage who is no mbuf, if anybody ever had. */
bool kpi_store_is_held(const struct kpi_store *store)
{
	const struct kpi_view *view = container_of(store, struct kpi_view, store);
	bool held;

	if (kpi_is_veiled(store))
		return true;
	if (!(READ_ONCE(store->traits) & (KPI_STORE_LENT | KPI_STORE_CAME)))
		return false;
	switch (store->kind) {
	case KPI_STORE_CLUSTER:
		held = kpi_cluster_is_held(store);
		break;
	case KPI_STORE_PAGE:
		held = kpi_page_is_held(view->page);
		break;
	case KPI_STORE_SKB:
		held = skb_is_held(view->skb, store->traits);
		break;
	default:
		held = false;
	}
	smp_acquire__after_ctrl_dep();	/* what others read, they read before they let go */
	return held;
}

/*
 * For whoever has given the network some of a chain by reference and is about to
 * drop the chain: storage that another mbuf keeps is to be known as lent.
 */
void kpi_chain_lend(const struct __mbuf *m)
{
	for (; m; m = kpi_next(m)) {
		struct kpi_store *store = kpi_mcb(m)->store;

		if (store && refcount_read(&store->refs) > 1)
			WRITE_ONCE(store->traits, store->traits | KPI_STORE_LENT);
	}
}

/*
 * Whether the one who shares a fast clone's data is the original. It is if it has
 * that data still: what it refers to besides, which for one that waits to be sent
 * again is its place in the queue, goes before its data does.
 */
static bool original_has_it(const struct sk_buff *skb)
{
	const struct sk_buff *original =
		&container_of(skb, const struct sk_buff_fclones, skb2)->skb1;

	return READ_ONCE(original->_skb_refdst) && READ_ONCE(original->head) == skb->head;
}

/* Whether a packet's data is others', too; one that waits in a socket is @queued. */
static bool data_is_held(const struct sk_buff *skb, bool queued)
{
	int holders = atomic_read(&skb_shinfo(skb)->dataref) & SKB_DATAREF_MASK;

	if (skb_shared(skb))
		return true;
	if (!skb->cloned || holders == 1)
		return false;
	smp_rmb();	/* two had it: now look who the other one was */
	return !queued || holders > 2 || skb->fclone != SKB_FCLONE_CLONE ||
	       !original_has_it(skb);
}

/* Whether all of a packet must be copied. */
bool kpi_skb_is_foreign(const struct sk_buff *skb, bool queued)
{
	return READ_ONCE(private_receive) || skb->pkt_type != PACKET_HOST ||
	       data_is_held(skb, queued);
}

/* Whether a datagram that was received went to others, too: links without addresses do not say. */
bool kpi_datagram_is_for_many(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	return ipv4_is_multicast(ip_hdr(skb)->daddr) || ipv4_is_lbcast(ip_hdr(skb)->daddr);
}

/* Pages of files, processes and slabs are theirs; the network's own have no owner. */
static bool page_has_owner(struct page *page)
{
	return PageSlab(page) || page_folio(page)->mapping;
}

/* Whether a fragment must be copied, whoever has the packet. */
bool kpi_frag_is_foreign(const struct sk_buff *skb, struct page *page)
{
	return skb_has_shared_frag(skb) || page_has_owner(page);
}
