// SPDX-License-Identifier: GPL-2.0
/* Which filters see a packet, and what they say of it. */

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/jiffies.h>
#include <net/ipv6.h>

#include "../../mbuf/header.h"
#include "ip_priv.h"

bool kpi_ipf_wanted(struct kpi_ipf_family *family, enum kpi_ipf_way way)
{
	struct kpi_filter *filter;

	list_for_each_entry_rcu(filter, &family->list.filters, node) {
		struct opaque_ipfilter *ipf = container_of(filter, struct opaque_ipfilter, filter);

		if (READ_ONCE(filter->removed))
			continue;
		if (way == KPI_IPF_IN ? !!ipf->f.ipf_input : !!ipf->f.ipf_output)
			return true;
	}
	return false;
}

/* One call. Who watches the queue sees whose it is. */
static errno_t call(struct opaque_ipfilter *ipf, struct kpi_ipf_queue *queue, mbuf_t *m,
		    int offset, u8 protocol, ipf_pktopts_t options)
{
	errno_t error = 0;

	if (queue) {
		WRITE_ONCE(queue->since, jiffies);
		WRITE_ONCE(queue->busy, ipf);
	}
	if (options && ipf->f.ipf_output)
		error = ipf->f.ipf_output(ipf->f.cookie, m, options);
	else if (!options && ipf->f.ipf_input)
		error = ipf->f.ipf_input(ipf->f.cookie, m, offset, protocol);
	if (queue)
		WRITE_ONCE(queue->busy, NULL);
	return error;
}

/* All that are due, newest first, until one wants to end it. The packet is gone then. */
static errno_t walk(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue, mbuf_t *m,
		    u64 before, int offset, u8 protocol, ipf_pktopts_t options)
{
	struct kpi_filter *filter;
	errno_t error = 0;

	while (!error && (filter = kpi_filter_next(&family->list, before))) {
		struct opaque_ipfilter *ipf = container_of(filter, struct opaque_ipfilter, filter);
		unsigned long at = (unsigned long)(options ? (void *)ipf->f.ipf_output :
							     (void *)ipf->f.ipf_input);

		before = filter->number;
		error = call(ipf, queue, m, offset, protocol, options);
		if (!error && !kpi_ipf_is_sane(family, *m)) {
			kpi_misuse_from(at, "left behind what is no IP packet");
			error = EINVAL;
		}
		if (error && error != KPI_EJUSTRETURN)
			kpi_mbuf_freem(*m);
		kpi_filter_put(filter, true);
	}
	return error;
}

errno_t kpi_ipf_walk_out(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue,
			 mbuf_t *m, u64 before, ipf_pktopts_t options)
{
	return walk(family, queue, m, before, 0, 0, options);
}

/* The header at @offset of protocol @protocol: how long is it, and what comes next? 0: no more. */
static int next_header(mbuf_t m, int offset, u8 *protocol)
{
	u8 head[2];

	if (!ipv6_ext_hdr(*protocol) || *protocol == NEXTHDR_NONE)
		return 0;
	if (kpi_mbuf_copydata(m, offset, sizeof(head), head))
		return 0;
	switch (*protocol) {
	case NEXTHDR_AUTH:
		*protocol = head[0];
		return (head[1] + 2) << 2;
	case NEXTHDR_FRAGMENT:
		*protocol = head[0];
		return sizeof(struct frag_hdr);
	default:
		*protocol = head[0];
		return (head[1] + 1) << 3;
	}
}

/* An IPv6 packet is shown header by header; hop-by-hop options have been dealt with. */
static errno_t walk_headers(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue,
			    mbuf_t *m, u64 before, int offset)
{
	errno_t error = 0;
	u8 protocol;
	int len;

	if (kpi_mbuf_copydata(*m, offsetof(struct ipv6hdr, nexthdr), 1, &protocol)) {
		kpi_mbuf_freem(*m);
		return EINVAL;
	}
	do {
		u8 here = protocol;

		if (here != NEXTHDR_HOP)
			error = walk(family, queue, m, before, offset, here, NULL);
		if (error)
			return error;
		len = next_header(*m, offset, &protocol);
		offset += len;
	} while (len);
	return 0;
}

errno_t kpi_ipf_walk_in(struct kpi_ipf_family *family, struct kpi_ipf_queue *queue,
			mbuf_t *m, u64 before, int offset)
{
	u8 protocol = 0;

	if (family->pf == NFPROTO_IPV6)
		return walk_headers(family, queue, m, before, offset);
	kpi_mbuf_copydata(*m, offsetof(struct iphdr, protocol), 1, &protocol);
	return walk(family, queue, m, before, offset, protocol, NULL);
}
