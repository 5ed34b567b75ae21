// SPDX-License-Identifier: GPL-2.0
#include <libkern/OSByteOrder.h>

#include "vj.h"

struct vj_input {
	u_char	bytes[VJ_LONGEST];
	u_char	*at, *end;
};

void
vj_expand_lost(struct vj *vj)
{
	vj->last = -1;
}

static u_int16_t
vj_ip_sum(struct ip *ip)
{
	u_int16_t *word = (u_int16_t *)ip;
	u_int32_t sum = 0;
	int n;

	for (n = ip->ip_hl << 1; n > 0; n--)
		sum += *word++;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static errno_t
vj_take(struct vj_input *in, int n, u_char *to)
{
	if (in->end - in->at < n)
		return EBADMSG;
	bcopy(in->at, to, n);
	in->at += n;
	return 0;
}

static errno_t
vj_take_number(struct vj_input *in, u_int16_t *n)
{
	u_char byte, both[2];
	errno_t error;

	error = vj_take(in, 1, &byte);
	if (error != 0 || byte != 0) {
		*n = byte;
		return error;
	}
	error = vj_take(in, 2, both);
	*n = both[0] << 8 | both[1];
	return error;
}

static void
vj_add(u_int32_t *number, u_int32_t n)
{
	*number = htonl(ntohl(*number) + n);
}

static errno_t
vj_numbers(struct vj_input *in, int changes, struct tcphdr *th)
{
	u_int16_t n;
	errno_t error = 0;

	th->th_flags &= ~TH_URG;
	if (changes & VJ_U) {
		error = vj_take_number(in, &n);
		th->th_flags |= TH_URG;
		th->th_urp = htons(n);
	}
	if (error == 0 && (changes & VJ_W)) {
		error = vj_take_number(in, &n);
		th->th_win = htons(ntohs(th->th_win) + n);
	}
	if (error == 0 && (changes & VJ_A)) {
		error = vj_take_number(in, &n);
		vj_add(&th->th_ack, n);
	}
	if (error == 0 && (changes & VJ_S)) {
		error = vj_take_number(in, &n);
		vj_add(&th->th_seq, n);
	}
	return error;
}

static errno_t
vj_apply(struct vj_input *in, int changes, struct vj_slot *s)
{
	struct ip *ip = &s->h.ip;
	struct tcphdr *th = VJ_TCP(ip);
	u_int32_t last = ntohs(ip->ip_len) - s->hlen;
	u_int16_t id = 1;
	errno_t error;

	error = vj_take(in, sizeof(th->th_sum), (u_char *)&th->th_sum);
	if (error != 0)
		return error;
	th->th_flags &= ~TH_PUSH;
	if (changes & VJ_P)
		th->th_flags |= TH_PUSH;

	switch (changes & VJ_NUMBERS) {
	case VJ_ECHOED:
		vj_add(&th->th_ack, last);
		/* FALLTHROUGH */
	case VJ_STREAM:
		vj_add(&th->th_seq, last);
		break;
	default:
		error = vj_numbers(in, changes, th);
	}
	if (error == 0 && (changes & VJ_I))
		error = vj_take_number(in, &id);
	ip->ip_id = htons(ntohs(ip->ip_id) + id);
	return error;
}

static struct vj_slot *
vj_slot_of(struct vj *vj, struct vj_input *in, int changes)
{
	u_char slot;

	if (changes & VJ_C) {
		if (vj_take(in, 1, &slot) != 0 || slot >= VJ_SLOTS || vj->slot[slot].hlen == 0)
			return NULL;
		vj->last = slot;
	}
	return vj->last < 0 ? NULL : &vj->slot[vj->last];
}

static errno_t
vj_expand_compressed(struct vj *vj, mbuf_t *m)
{
	struct vj_input in;
	size_t len = mbuf_pkthdr_len(*m), look = MIN(len, sizeof(in.bytes));
	struct vj_slot *s;
	u_char changes;
	errno_t error;

	error = mbuf_copydata(*m, 0, look, in.bytes);
	in.at = in.bytes;
	in.end = in.bytes + look;
	if (error || (error = vj_take(&in, 1, &changes)))
		return error;
	s = vj_slot_of(vj, &in, changes);
	if (s == NULL)
		return EBADMSG;
	error = vj_apply(&in, changes, s);
	if (error != 0)
		return error;

	mbuf_adj(*m, in.at - in.bytes);
	s->h.ip.ip_len = htons(mbuf_pkthdr_len(*m) + s->hlen);
	s->h.ip.ip_sum = 0;
	s->h.ip.ip_sum = vj_ip_sum(&s->h.ip);
	error = mbuf_prepend(m, s->hlen, MBUF_WAITOK);
	if (error == 0)
		bcopy(&s->h, mbuf_data(*m), s->hlen);
	return error;
}

static errno_t
vj_expand_uncompressed(struct vj *vj, mbuf_t *m)
{
	size_t hlen = MIN(mbuf_pkthdr_len(*m), VJ_HEADER);
	u_char header[VJ_HEADER];
	struct ip *ip = (struct ip *)header;
	struct vj_slot *s;

	if (hlen < sizeof(struct ip) + sizeof(struct tcphdr) ||
	    mbuf_copydata(*m, 0, hlen, header) != 0 || ip->ip_p >= VJ_SLOTS ||
	    (ip->ip_hl << 2) + sizeof(struct tcphdr) > hlen ||
	    (ip->ip_hl << 2) + (VJ_TCP(ip)->th_off << 2) > hlen)
		return EBADMSG;

	vj->last = ip->ip_p;
	s = &vj->slot[vj->last];
	ip->ip_p = IPPROTO_TCP;
	s->hlen = (ip->ip_hl << 2) + (VJ_TCP(ip)->th_off << 2);
	bcopy(header, &s->h, s->hlen);
	return mbuf_copyback(*m, 0, sizeof(*ip), ip, MBUF_WAITOK);
}

errno_t
vj_expand(struct vj *vj, mbuf_t *m, enum vj_type type)
{
	errno_t error = 0;

	if (type == VJ_COMPRESSED)
		error = vj_expand_compressed(vj, m);
	else if (type == VJ_UNCOMPRESSED)
		error = vj_expand_uncompressed(vj, m);
	if (error != 0) {
		mbuf_freem(*m);
		*m = NULL;
		vj_expand_lost(vj);
	}
	return error;
}
