// SPDX-License-Identifier: GPL-2.0
/* Whether filters left a packet as it was, so that it can go on as it came. */

#include <linux/skbuff.h>
#include <linux/string.h>

#include "../mbuf/header.h"
#include "../mbuf/storage.h"
#include "carrier.h"

/* A copy that is longer is given to the network rather than compared with what it was made of. */
#define COMPARED	512

/* What kind of address the link layer had. */
#define LINK_FLAGS	(MBUF_BCAST | MBUF_MCAST | MBUF_LOOP | MBUF_PROMISC)

struct kpi_said kpi_said_of(mbuf_t m)
{
	const struct kpi_pkthdr *hdr = kpi_hdr(m);

	return (struct kpi_said) {
		.timestamp = hdr->moved.timestamp,
		.csum_flags = hdr->csum_flags,
		.csum_data = hdr->csum_data,
		.svc = hdr->moved.svc,
		.packet_flags = hdr->moved.flags,
		.vlan_tag = hdr->vlan_tag,
		.seg_size = hdr->moved.seg_size,
		.link_flags = kpi_mcb(m)->flags & LINK_FLAGS,
		.tx_wanted = hdr->moved.tx_wanted,
	};
}

/* Filters that finish or withdraw a checksum, say, do that in the header only. */
static bool header_says_the_same(mbuf_t m, const struct kpi_said *was)
{
	const struct kpi_said is = kpi_said_of(m);

	return is.csum_flags == was->csum_flags && is.csum_data == was->csum_data &&
	       is.svc == was->svc && is.packet_flags == was->packet_flags &&
	       is.timestamp == was->timestamp && is.vlan_tag == was->vlan_tag &&
	       is.seg_size == was->seg_size && is.link_flags == was->link_flags &&
	       is.tx_wanted == was->tx_wanted;
}

/* Whether an mbuf's bytes are at @at, and nobody's besides; or are the same there. */
static bool is_there(const struct kpi_mcb *mcb, const u8 *data, const u8 *at, size_t len)
{
	if (data != at)
		return mcb->len <= COMPARED && !memcmp(data, at, len);
	return refcount_read(&mcb->store->refs) == 1;
}

/* Whether the chain says what the sk_buff says: it lies there, or is a copy that did not change. */
static bool bytes_are_the_same(const struct __mbuf *m, struct sk_buff *skb)
{
	unsigned int done = 0, block_len = 0, block_off = 0;
	struct skb_seq_state seq;
	const u8 *block = NULL;
	bool same = true;

	skb_prepare_seq_read(skb, 0, skb->len, &seq);
	for (; m && same; m = kpi_next(m)) {
		const struct kpi_mcb *mcb = kpi_mcb(m);
		size_t off = 0;

		while (same && off < mcb->len) {
			size_t n;

			if (block_off == block_len) {
				done += block_len;
				block_off = 0;
				block_len = skb_seq_read(done, &block, &seq);
			}
			n = min_t(size_t, mcb->len - off, block_len - block_off);
			same = n && is_there(mcb, mcb->data + off, block + block_off, n);
			off += n;
			block_off += n;
		}
	}
	skb_abort_seq_read(&seq);
	return same && done + block_off == skb->len;
}

bool kpi_is_untouched(mbuf_t m, struct sk_buff *skb, const struct kpi_said *said)
{
	const struct kpi_mcb *mcb = kpi_mcb(m);

	if (!header_says_the_same(m, said))
		return false;
	if (!kpi_next(m) && !skb_is_nonlinear(skb))
		return mcb->len == skb->len && is_there(mcb, mcb->data, skb->data, mcb->len);
	return bytes_are_the_same(m, skb);
}
