// SPDX-License-Identifier: GPL-2.0
#include <libkern/OSByteOrder.h>

#include "vj.h"

#define VJ_FLAGS	(TH_SYN | TH_FIN | TH_RST | TH_ACK)
#define VJ_TOO_FAR	0xffff

struct vj_delta {
	u_char	*at;			/* end of what is written */
	int	changes;
	u_int32_t seq, ack;		/* how far they moved */
};

void
vj_init(struct vj *vj)
{
	bzero(vj, sizeof(*vj));
	vj->last = -1;
}

static errno_t
vj_contiguous(mbuf_t *m, size_t len)
{
	return mbuf_len(*m) >= len ? 0 : mbuf_pullup(m, len);
}

/* Bytes of headers of a packet worth compressing, else 0. */
static errno_t
vj_header_len(mbuf_t *m, size_t *hlen)
{
	size_t len = mbuf_pkthdr_len(*m), iphlen;
	struct ip *ip;
	errno_t error;

	*hlen = 0;
	if (len < sizeof(struct ip) + sizeof(struct tcphdr))
		return 0;
	error = vj_contiguous(m, sizeof(struct ip) + sizeof(struct tcphdr));
	if (error != 0)
		return error;
	ip = mbuf_data(*m);
	iphlen = ip->ip_hl << 2;
	if (ip->ip_p != IPPROTO_TCP || (ip->ip_off & htons(IP_MF | IP_OFFMASK)) ||
	    len < iphlen + sizeof(struct tcphdr))
		return 0;
	error = vj_contiguous(m, iphlen + sizeof(struct tcphdr));
	if (error != 0)
		return error;
	ip = mbuf_data(*m);
	iphlen += VJ_TCP(ip)->th_off << 2;
	if ((VJ_TCP(ip)->th_flags & VJ_FLAGS) != TH_ACK || len < iphlen)
		return 0;
	*hlen = iphlen;
	return vj_contiguous(m, iphlen);
}

static boolean_t
vj_same_connection(struct ip *a, struct ip *b)
{
	return a->ip_src.s_addr == b->ip_src.s_addr && a->ip_dst.s_addr == b->ip_dst.s_addr &&
	       VJ_TCP(a)->th_sport == VJ_TCP(b)->th_sport &&
	       VJ_TCP(a)->th_dport == VJ_TCP(b)->th_dport;
}

/* The connection's slot, or the one that was not used for the longest time. */
static struct vj_slot *
vj_find(struct vj *vj, struct ip *ip)
{
	struct vj_slot *s, *oldest = &vj->slot[0];

	for (s = vj->slot; s < vj->slot + VJ_SLOTS; s++) {
		if (s->hlen != 0 && vj_same_connection(&s->h.ip, ip))
			return s;
		if (s->used < oldest->used)
			oldest = s;
	}
	oldest->hlen = 0;
	return oldest;
}

/* Only numbers may differ that a compressed header has room for. */
static boolean_t
vj_alike(struct vj_slot *s, struct ip *ip, size_t hlen)
{
	struct tcphdr *old = VJ_TCP(&s->h.ip), *new = VJ_TCP(ip);
	size_t ipopts = (ip->ip_hl << 2) - sizeof(*ip);
	size_t tcpopts = (new->th_off << 2) - sizeof(*new);

	return s->hlen == hlen && bcmp(&s->h.ip, ip, 2) == 0 && s->h.ip.ip_off == ip->ip_off &&
	       s->h.ip.ip_ttl == ip->ip_ttl && old->th_off == new->th_off &&
	       old->th_x2 == new->th_x2 &&
	       ((old->th_flags ^ new->th_flags) & ~(TH_PUSH | TH_URG)) == 0 &&
	       bcmp(&s->h.ip + 1, ip + 1, ipopts) == 0 && bcmp(old + 1, new + 1, tcpopts) == 0 &&
	       ((new->th_flags & TH_URG) || old->th_urp == new->th_urp);
}

/* One byte if it fits, else a zero and two bytes. */
static void
vj_number(struct vj_delta *d, int change, u_int16_t n)
{
	if (n == 0 || n > 255) {
		*d->at++ = 0;
		*d->at++ = n >> 8;
	}
	*d->at++ = n;
	d->changes |= change;
}

static boolean_t
vj_numbers(struct vj_delta *d, struct tcphdr *old, struct tcphdr *new)
{
	u_int16_t win = ntohs(new->th_win) - ntohs(old->th_win);

	d->ack = ntohl(new->th_ack) - ntohl(old->th_ack);
	d->seq = ntohl(new->th_seq) - ntohl(old->th_seq);
	if (d->ack > VJ_TOO_FAR || d->seq > VJ_TOO_FAR)
		return FALSE;
	if (new->th_flags & TH_URG)
		vj_number(d, VJ_U, ntohs(new->th_urp));
	if (win != 0)
		vj_number(d, VJ_W, win);
	if (d->ack != 0)
		vj_number(d, VJ_A, d->ack);
	if (d->seq != 0)
		vj_number(d, VJ_S, d->seq);
	return TRUE;
}

/* Typing that is echoed, and a stream of data, need no numbers at all. */
static boolean_t
vj_special(struct vj_delta *d, u_char *start, struct vj_slot *s, struct ip *ip)
{
	u_int16_t last = ntohs(s->h.ip.ip_len) - s->hlen;	/* data of the packet before */

	switch (d->changes) {
	case 0:		/* an acknowledgement, then data; else a repetition */
		return last == 0 && s->h.ip.ip_len != ip->ip_len;
	case VJ_ECHOED:
	case VJ_STREAM:
		return FALSE;
	case VJ_S | VJ_A:
		if (d->seq == d->ack && d->seq == last) {
			d->changes = VJ_ECHOED;
			d->at = start;
		}
		return TRUE;
	case VJ_S:
		if (d->seq == last) {
			d->changes = VJ_STREAM;
			d->at = start;
		}
		return TRUE;
	default:
		return TRUE;
	}
}

static boolean_t
vj_changes(struct vj_delta *d, struct vj_slot *s, struct ip *ip)
{
	u_char *start = d->at;
	u_int16_t id = ntohs(ip->ip_id) - ntohs(s->h.ip.ip_id);

	if (!vj_numbers(d, VJ_TCP(&s->h.ip), VJ_TCP(ip)) || !vj_special(d, start, s, ip))
		return FALSE;
	if (id != 1)
		vj_number(d, VJ_I, id);
	if (VJ_TCP(ip)->th_flags & TH_PUSH)
		d->changes |= VJ_P;
	return TRUE;
}

static errno_t
vj_replace(mbuf_t *m, size_t hlen, struct vj_delta *d, u_char *numbers, int slot,
	   u_int16_t sum)
{
	size_t count = d->at - numbers;
	size_t len = VJ_SHORTEST + (slot >= 0) + count;
	u_char *p;
	errno_t error;

	mbuf_adj(*m, hlen);
	error = mbuf_prepend(m, len, MBUF_WAITOK);
	if (error != 0)
		return error;
	p = mbuf_data(*m);
	*p++ = d->changes | (slot >= 0 ? VJ_C : 0);
	if (slot >= 0)
		*p++ = slot;
	bcopy(&sum, p, sizeof(sum));
	bcopy(numbers, p + sizeof(sum), count);
	return 0;
}

errno_t
vj_compress(struct vj *vj, mbuf_t *m, enum vj_type *type)
{
	u_char numbers[VJ_LONGEST];
	struct vj_delta d = { numbers };
	struct vj_slot *s;
	struct ip *ip;
	size_t hlen;
	boolean_t small;
	int slot;
	errno_t error;

	*type = VJ_IP;
	error = vj_header_len(m, &hlen);
	if (error != 0 || hlen == 0)
		return error;

	ip = mbuf_data(*m);
	s = vj_find(vj, ip);
	s->used = ++vj->clock;
	slot = s - vj->slot;
	small = s->hlen != 0 && vj_alike(s, ip, hlen) && vj_changes(&d, s, ip);
	bcopy(ip, &s->h, hlen);
	s->hlen = hlen;
	if (small) {
		*type = VJ_COMPRESSED;
		error = vj_replace(m, hlen, &d, numbers, slot == vj->last ? -1 : slot,
				   VJ_TCP(&s->h.ip)->th_sum);
	} else {
		*type = VJ_UNCOMPRESSED;
		ip->ip_p = slot;
	}
	vj->last = slot;
	return error;
}
