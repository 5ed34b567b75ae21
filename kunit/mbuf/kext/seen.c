// SPDX-License-Identifier: GPL-2.0
/*
 * mbufs as a kext sees them: the header's constants and queues, and the calls
 * that may be loads and stores in the kext, against the functions of that name.
 */

#include <sys/param.h>
#include <sys/kpi_mbuf.h>

#include "../kext.h"

_Static_assert(MBUF_EXT == 1 && MBUF_PKTHDR == 2 && MBUF_EOR == 4 && MBUF_LOOP == 0x40, "flags");
_Static_assert(MBUF_BCAST == 0x100 && MBUF_MCAST == 0x200 && MBUF_FRAG == 0x400, "flags");
_Static_assert(MBUF_FIRSTFRAG == 0x800 && MBUF_LASTFRAG == 0x1000, "flags");
_Static_assert(MBUF_PROMISC == 0x2000 && MBUF_HASFCS == 0x4000, "flags");
_Static_assert(MBUF_TYPE_DATA == 1 && MBUF_TYPE_OOBDATA == 15, "types");
_Static_assert(MBUF_WAITOK == 0 && MBUF_DONTWAIT == 1 && MBUF_COPYALL == 1000000000, "how");
_Static_assert(MBUF_TSO_IPV4 == 0x100000 && MBUF_TSO_IPV6 == 0x200000, "offload");
_Static_assert(MBUF_CSUM_REQ_TCP == 2 && MBUF_CSUM_PSEUDO_HDR == 0x800, "offload");
_Static_assert(MBUF_SC_VO == 0x00400180 && MBUF_TC_VO == 3, "classes");
_Static_assert(MCLBYTES == 2048 && MBIGCLBYTES == 4096 && M16KCLBYTES == 16384, "clusters");
_Static_assert(sizeof(struct mbuf_stat) == 576, "statistics");

/* The functions, whatever the names stand for in a call. */
static void *(*const volatile data)(mbuf_t) = mbuf_data;
static void *(*const volatile datastart)(mbuf_t) = mbuf_datastart;
static mbuf_t (*const volatile next)(const mbuf_t) = mbuf_next;
static mbuf_t (*const volatile nextpkt)(const mbuf_t) = mbuf_nextpkt;
static size_t (*const volatile len)(const mbuf_t) = mbuf_len;
static size_t (*const volatile maxlen)(const mbuf_t) = mbuf_maxlen;
static size_t (*const volatile leadingspace)(const mbuf_t) = mbuf_leadingspace;
static size_t (*const volatile trailingspace)(const mbuf_t) = mbuf_trailingspace;
static mbuf_type_t (*const volatile type)(const mbuf_t) = mbuf_type;
static mbuf_flags_t (*const volatile flags)(const mbuf_t) = mbuf_flags;
static size_t (*const volatile pkthdr_len)(const mbuf_t) = mbuf_pkthdr_len;
static void (*const volatile setlen)(mbuf_t, size_t) = mbuf_setlen;
static void (*const volatile pkthdr_setlen)(mbuf_t, size_t) = mbuf_pkthdr_setlen;

#define AGREE(name, m)				\
	do {					\
		if (mbuf_##name(m) != name(m))	\
			return #name;		\
	} while (0)

const char *mbuf_kext_getters(mbuf_t m)
{
	AGREE(data, m);
	AGREE(datastart, m);
	AGREE(next, m);
	AGREE(nextpkt, m);
	AGREE(len, m);
	AGREE(maxlen, m);
	AGREE(leadingspace, m);
	AGREE(trailingspace, m);
	AGREE(type, m);
	AGREE(flags, m);
	AGREE(pkthdr_len, m);
	return NULL;
}

const char *mbuf_kext_setlen(mbuf_t m, size_t to)
{
	size_t got;

	mbuf_setlen(m, to);
	got = len(m);
	setlen(m, 0);
	setlen(m, to);
	return len(m) == got ? NULL : "setlen";
}

const char *mbuf_kext_pkthdr_setlen(mbuf_t m, size_t to)
{
	size_t got;

	mbuf_pkthdr_setlen(m, to);
	got = pkthdr_len(m);
	pkthdr_setlen(m, 0);
	pkthdr_setlen(m, to);
	return pkthdr_len(m) == got ? NULL : "pkthdr_setlen";
}

const char *mbuf_kext_queue(mbuf_t a, mbuf_t b, mbuf_t c)
{
	struct {
		mbuf_t ifq_head, ifq_tail;
		int ifq_len;
	} q = { NULL, NULL, 0 };
	mbuf_t m;

	mbuf_setnextpkt(a, b);		/* is forgotten when a is queued */
	IF_ENQUEUE_MBUF(&q, a);
	if (q.ifq_head != a || q.ifq_tail != a || q.ifq_len != 1 || mbuf_nextpkt(a))
		return "enqueue to an empty queue";
	IF_ENQUEUE_MBUF(&q, b);
	IF_PREPEND_MBUF(&q, c);
	if (q.ifq_head != c || q.ifq_tail != b || q.ifq_len != 3 || mbuf_nextpkt(c) != a)
		return "prepend";

	IF_DEQUEUE_MBUF(&q, m);
	if (m != c || mbuf_nextpkt(c) || q.ifq_len != 2)
		return "dequeue";
	IF_DEQUEUE_MBUF(&q, m);
	IF_DEQUEUE_MBUF(&q, m);
	if (m != b || q.ifq_head || q.ifq_tail || q.ifq_len)
		return "dequeue of the last";
	IF_DEQUEUE_MBUF(&q, m);
	if (m || q.ifq_len)
		return "dequeue from an empty queue";
	IF_PREPEND_MBUF(&q, a);
	return q.ifq_head == a && q.ifq_tail == a ? NULL : "prepend to an empty queue";
}
