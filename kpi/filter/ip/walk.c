// SPDX-License-Identifier: GPL-2.0
/* Which filters see a packet, and what they say of it. */

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "../../compat/netfilter.h"
#include "../../interface/interface_priv.h"
#include "packet.h"
#include "walk.h"

static void *function_of(const struct opaque_ipfilter *ipf, enum kpi_ipf_way way)
{
	return way == KPI_IPF_IN ? (void *)ipf->f.ipf_input : (void *)ipf->f.ipf_output;
}

/* Inside the hook only if nobody there has to sleep, and nothing would be overtaken. */
enum kpi_ipf_mode kpi_ipf_mode(struct kpi_ipf_family *family, enum kpi_ipf_way way)
{
	enum kpi_ipf_mode mode = KPI_IPF_NOBODY;
	struct kpi_filter *filter;

	list_for_each_entry_rcu(filter, &family->list.filters, node) {
		struct opaque_ipfilter *ipf = container_of(filter, struct opaque_ipfilter, filter);

		if (READ_ONCE(filter->removed) || !function_of(ipf, way))
			continue;
		if (!filter->direct)
			return KPI_IPF_THREAD;
		mode = KPI_IPF_DIRECT;
	}
	if (mode == KPI_IPF_DIRECT && atomic_read(&family->queues[way].pending))
		return KPI_IPF_THREAD;
	return mode;
}

static bool is_to_group(const struct kpi_ipf_packet *p)
{
	if (p->family->pf == NFPROTO_IPV6)
		return ipv6_addr_is_multicast(&p->head.v6.daddr);
	return ipv4_is_multicast(p->head.v4.daddr);
}

/* What a filter is told of a packet's multicast options: those of its socket. */
void kpi_ipf_fill_options(const struct kpi_ipf_packet *p, struct bsd_ipf_pktopts *options)
{
	struct sock *sk = p->state.sk;
	struct kpi_compat_mcast mcast;
	bool v6 = p->family->pf == NFPROTO_IPV6;

	if (likely(!is_to_group(p)) || !sk || !sk_fullsock(sk) ||
	    !kpi_compat_mcast_of(sk, v6, &mcast))
		return;
	options->ippo_flags = IPPOF_MCAST_OPTS;
	options->ippo_mcast_ttl = mcast.ttl;
	options->ippo_mcast_loop = mcast.loop;
	rcu_read_lock();
	options->ippo_mcast_ifnet = kpi_ifnet_at(p->state.net, mcast.index);
	rcu_read_unlock();
}

/* One call. Who watches the queue sees whose it is. */
static errno_t call(struct opaque_ipfilter *ipf, const struct kpi_ipf_walk *walk, mbuf_t *m,
		    int offset, u8 protocol)
{
	struct kpi_ipf_queue *queue = walk->queue;
	errno_t error;

	this_cpu_inc(*ipf->seen);
	if (queue) {
		WRITE_ONCE(queue->since, jiffies);
		WRITE_ONCE(queue->busy, ipf);
	}
	if (walk->way == KPI_IPF_OUT)
		error = ipf->f.ipf_output(ipf->f.cookie, m, walk->options);
	else
		error = ipf->f.ipf_input(ipf->f.cookie, m, offset, protocol);
	if (queue)
		WRITE_ONCE(queue->busy, NULL);
	return error;
}

/* What a filter has left, if it says that the packet is still there. */
static errno_t judge(struct opaque_ipfilter *ipf, const struct kpi_ipf_walk *walk, mbuf_t was,
		     mbuf_t m, errno_t error)
{
	if (m == was && kpi_mbuf_is_freed(m)) {
		kpi_misuse_from((unsigned long)function_of(ipf, walk->way),
				"IP filter freed a packet and did not say EJUSTRETURN");
		return KPI_EJUSTRETURN;
	}
	if (!error && unlikely(!kpi_ipf_is_sane(walk->family, m))) {
		kpi_misuse_from((unsigned long)function_of(ipf, walk->way),
				"IP filter left what is no IP packet");
		error = EINVAL;
	}
	if (error) {
		kpi_kext_count(ipf->kext, KPI_COUNT_DROPPED, 1);
		kpi_mbuf_freem(m);
	}
	return error;
}

/* It is the kext's now; if it still has what it was given, that is counted. */
static void kept(struct opaque_ipfilter *ipf, struct kpi_ipf_packet *p)
{
	if (!p)
		return;
	kpi_kext_charge(ipf->kext, KPI_HELD_PACKET, 1);
	p->holder = ipf->kext;
}

static errno_t show(struct opaque_ipfilter *ipf, const struct kpi_ipf_walk *walk, mbuf_t *m,
		    int offset, u8 protocol)
{
	mbuf_t was = *m;
	errno_t error = call(ipf, walk, m, offset, protocol);

	if (error != KPI_EJUSTRETURN)
		error = judge(ipf, walk, was, *m, error);
	else
		kept(ipf, walk->packet);
	return error;
}

/* The next one, held unless this is inside a hook. */
static struct kpi_filter *next(const struct kpi_ipf_walk *walk, struct kpi_filter *filter, u64 before,
			       bool direct)
{
	struct kpi_filter_list *list = &walk->family->list;

	return direct ? kpi_filter_behind(list, filter, before) : kpi_filter_next(list, before);
}

/* All that are due, newest first, until one wants to end it. The packet is gone then. */
static errno_t show_all(const struct kpi_ipf_walk *walk, mbuf_t *m, int offset, u8 protocol)
{
	struct kpi_filter *filter = NULL;
	bool direct = kpi_is_direct();
	u64 before = walk->before;
	errno_t error = 0;

	while (!error && (filter = next(walk, filter, before, direct))) {
		struct opaque_ipfilter *ipf = container_of(filter, struct opaque_ipfilter, filter);

		before = filter->number;
		if (function_of(ipf, walk->way))
			error = show(ipf, walk, m, offset, protocol);
		if (!direct)
			kpi_filter_put(filter, true);
	}
	return error;
}

/* The header at @offset of protocol @protocol: how long is it, and what comes next? 0: no more. */
static int next_header(mbuf_t m, int offset, u8 *protocol)
{
	u8 head[2], here = *protocol;

	if (!ipv6_ext_hdr(here) || here == NEXTHDR_NONE)
		return 0;
	if (kpi_mbuf_copydata(m, offset, sizeof(head), head))
		return 0;
	*protocol = head[0];
	switch (here) {
	case NEXTHDR_AUTH:
		return (head[1] + 2) << 2;
	case NEXTHDR_FRAGMENT:
		return sizeof(struct frag_hdr);
	default:
		return (head[1] + 1) << 3;
	}
}

/* An IPv6 packet is shown header by header; hop-by-hop options have been dealt with. */
static errno_t show_headers(const struct kpi_ipf_walk *walk, mbuf_t *m)
{
	int offset = sizeof(struct ipv6hdr);
	errno_t error = 0;
	u8 protocol = 0;
	int len;

	kpi_mbuf_copydata(*m, offsetof(struct ipv6hdr, nexthdr), 1, &protocol);
	do {
		if (protocol != NEXTHDR_HOP)
			error = show_all(walk, m, offset, protocol);
		if (error)
			return error;
		len = next_header(*m, offset, &protocol);
		offset += len;
	} while (len);
	return 0;
}

static noinline errno_t show_pieces(const struct kpi_ipf_walk *walk, mbuf_t *m)
{
	const struct iphdr *ip;
	struct iphdr room;

	ip = kpi_ipf_header(*m, sizeof(room), &room);
	return show_all(walk, m, ip ? ip->ihl * 4 : 0, ip ? ip->protocol : 0);
}

errno_t kpi_ipf_walk(const struct kpi_ipf_walk *walk, mbuf_t *m)
{
	const struct iphdr *ip;

	if (walk->way == KPI_IPF_OUT)
		return show_all(walk, m, 0, 0);
	if (walk->family->pf == NFPROTO_IPV6)
		return show_headers(walk, m);
	if (unlikely(kpi_mcb(*m)->len < sizeof(*ip)))
		return show_pieces(walk, m);
	ip = (const struct iphdr *)kpi_mcb(*m)->data;
	return show_all(walk, m, ip->ihl * 4, ip->protocol);
}

/* In the queue's thread, or, without one, in the hook. */
errno_t kpi_ipf_show(struct kpi_ipf_packet *p, struct kpi_ipf_queue *queue)
{
	struct bsd_ipf_pktopts options = { };
	const struct kpi_ipf_walk walk = {
		.family = p->family,
		.way = p->way,
		.queue = queue,
		.packet = p->skb ? p : NULL,
		.before = p->before,
		.options = &options,
	};
	errno_t error;

	if (p->way == KPI_IPF_OUT)
		kpi_ipf_fill_options(p, &options);
	if (!queue)
		kpi_direct_begin();
	error = kpi_ipf_walk(&walk, &p->m);
	if (!queue)
		kpi_direct_end();
	return error;
}
