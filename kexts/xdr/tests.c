// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the XDR routines: known bytes; a structure with random contents
 * there and back, over chains of every shape; input cut short at every length;
 * input with random bytes overwritten, which may decode or not, but no further
 * than its end.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <libkern/OSMalloc.h>

#include "xdr.h"

#define ROUNDS_MAX	100000
#define NAME_SIZE	40
#define DATA_MAX	3000
#define PAIRS_MAX	20

int	rounds = 300;
int	done;
int	checks;
int	failed;

struct pair {
	u_int32_t	key;
	int64_t		value;
};

struct record {
	char		name[NAME_SIZE];
	boolean_t	open;
	u_int32_t	npairs;
	struct pair	pairs[PAIRS_MAX];
	u_int32_t	len;
	u_char		data[DATA_MAX];
};

static OSMallocTag tag;

#define CHECK(e)	check((e), #e, __LINE__)

static void
check(good, what, line)
	boolean_t good;
	const char *what;
	int line;
{
	checks++;
	if (good)
		return;
	if (failed++ < 10)
		printf("xdr: line %d: %s\n", line, what);
}

static boolean_t
xdr_pair(XDR *xdrs, void *item)
{
	struct pair *p = item;

	return xdr_u_int(xdrs, &p->key) && xdr_hyper(xdrs, &p->value);
}

static boolean_t
xdr_record(xdrs, r)
	XDR *xdrs;
	struct record *r;
{
	return xdr_string(xdrs, r->name, sizeof(r->name)) && xdr_bool(xdrs, &r->open) &&
	       xdr_array(xdrs, r->pairs, &r->npairs, PAIRS_MAX, sizeof(r->pairs[0]), xdr_pair) &&
	       xdr_bytes(xdrs, r->data, &r->len, sizeof(r->data));
}

static void
fill(r)
	struct record *r;
{
	u_int32_t i;

	bzero(r, sizeof(*r));
	snprintf(r->name, 1 + random() % NAME_SIZE, "record of round %08x and more", random());
	r->open = random() & 1;
	r->npairs = random() % (PAIRS_MAX + 1);
	for (i = 0; i < r->npairs; i++) {
		r->pairs[i].key = random();
		read_random(&r->pairs[i].value, sizeof(r->pairs[i].value));
	}
	r->len = random() % (DATA_MAX + 1);
	read_random(r->data, r->len);
}

static mbuf_t
encode(r)
	struct record *r;
{
	XDR xdrs;

	if (!xdrmbuf_encode(&xdrs))
		return NULL;
	CHECK(xdr_record(&xdrs, r));
	return xdrmbuf_detach(&xdrs);
}

static boolean_t
decode(m, r)
	mbuf_t m;
	struct record *r;
{
	XDR xdrs;

	bzero(r, sizeof(*r));
	xdrmbuf_decode(&xdrs, m);
	return xdr_record(&xdrs, r);
}

/* The same bytes in pieces of up to 200 bytes, some of them empty. */
static mbuf_t
shatter(m)
	mbuf_t m;
{
	size_t off = 0, n, len = mbuf_pkthdr_len(m);
	mbuf_t head, tail, next;

	if (mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &head) != 0)
		return NULL;
	for (tail = head; off < len; off += n, tail = next) {
		n = random() % 201;
		n = MIN(n, len - off);
		if (mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, &next) != 0)
			break;
		mbuf_copydata(m, off, n, mbuf_data(next));
		mbuf_setlen(next, n);
		mbuf_setnext(tail, next);
	}
	mbuf_pkthdr_setlen(head, off);
	return head;
}

#pragma mark -

static void
test_known_bytes(void)
{
	static const u_char want[] = {
		0, 0, 0, 3, 'a', 'b', 'c', 0,	0, 0, 0, 1,	0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xfe,
	};
	u_char got[sizeof(want)];
	boolean_t yes = TRUE;
	int64_t minus_two = -2;
	char abc[] = "abc";
	XDR xdrs;
	mbuf_t m;

	CHECK(xdrmbuf_encode(&xdrs));
	CHECK(xdr_string(&xdrs, abc, sizeof(abc)));
	CHECK(xdr_bool(&xdrs, &yes));
	CHECK(xdr_hyper(&xdrs, &minus_two));
	m = xdrmbuf_detach(&xdrs);
	CHECK(mbuf_pkthdr_len(m) == sizeof(want));
	CHECK(mbuf_copydata(m, 0, sizeof(got), got) == 0);
	CHECK(memcmp(got, want, sizeof(want)) == 0);
	mbuf_freem(m);
}

static void
test_there_and_back(r, back)
	struct record *r, *back;
{
	mbuf_t m, pieces;

	fill(r);
	m = encode(r);
	CHECK(decode(m, back) && memcmp(r, back, sizeof(*r)) == 0);
	pieces = shatter(m);
	CHECK(mbuf_pkthdr_len(pieces) == mbuf_pkthdr_len(m));
	CHECK(decode(pieces, back) && memcmp(r, back, sizeof(*r)) == 0);
	mbuf_freem(pieces);
	mbuf_freem(m);
}

static void
test_cut_short(r, back)
	struct record *r, *back;
{
	mbuf_t m;

	fill(r);
	m = encode(r);
	mbuf_adj(m, -(int)(1 + random() % mbuf_pkthdr_len(m)));
	CHECK(!decode(m, back));
	mbuf_freem(m);
}

static void
test_garbage(r, back)
	struct record *r, *back;
{
	u_int32_t word = random();
	mbuf_t m;

	fill(r);
	m = encode(r);
	CHECK(mbuf_copyback(m, random() % (mbuf_pkthdr_len(m) - 3), sizeof(word), &word,
			    MBUF_WAITOK) == 0);
	if (decode(m, back))
		CHECK(back->npairs <= PAIRS_MAX && back->len <= DATA_MAX &&
		      strnlen(back->name, NAME_SIZE) < NAME_SIZE);
	mbuf_freem(m);
}

static boolean_t
run_all()
{
	struct record *r = OSMalloc(2 * sizeof(*r), tag);
	int i;

	if (r == NULL)
		return FALSE;
	test_known_bytes();
	for (i = 0; i < rounds; i++) {
		test_there_and_back(&r[0], &r[1]);
		test_cut_short(&r[0], &r[1]);
		test_garbage(&r[0], &r[1]);
	}
	OSFree(r, 2 * sizeof(*r), tag);
	return TRUE;
}

kern_return_t
xdr_start(kmod_info_t *ki, void *data)
{
	if (rounds < 1 || rounds > ROUNDS_MAX) {
		printf("xdr: rounds=%d: must be 1 to %d\n", rounds, ROUNDS_MAX);
		return KERN_INVALID_ARGUMENT;
	}
	tag = OSMalloc_Tagalloc("org.netkpi.port.xdr", OSMT_DEFAULT);
	if (!run_all()) {
		OSMalloc_Tagfree(tag);
		return KERN_RESOURCE_SHORTAGE;
	}
	printf("xdr: %d checks, %d failed\n", checks, failed);
	done = 1;
	return KERN_SUCCESS;
}

kern_return_t
xdr_stop(kmod_info_t *ki, void *data)
{
	OSMalloc_Tagfree(tag);
	return KERN_SUCCESS;
}
