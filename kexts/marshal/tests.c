// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the library: every kind of item at every distance from the end of
 * an mbuf, taken apart again, cut short, framed, shared. They run when the
 * kext starts; "failed" says how many checks did.
 */
#include <mach/mach_types.h>
#include <sys/param.h>
#include <sys/systm.h>

#include "marshal.h"

#define ROUNDS_MAX	100000

int	rounds = 700;		/* beyond the plain mbuf's size, twice */
int	done;
int	checks;
int	failed;

#define CHECK(e)	check((e), #e, __LINE__)

static void
check(boolean_t good, const char *what, int line)
{
	checks++;
	if (good)
		return;
	if (failed++ < 10)
		printf("marshal: line %d: %s\n", line, what);
}

/* Fills in "lead" bytes so that what follows lies "lead" bytes into the chain. */
static void
build(struct put *p, size_t lead)
{
	u_int32_t *total;

	CHECK(put_init(p) == 0);
	CHECK(put_zeros(p, lead) == 0);
	total = put_reserve(p, sizeof(*total));
	CHECK(total != NULL);
	CHECK(put_uint8(p, 0x12) == 0);
	CHECK(put_uint16le(p, 0x3456) == 0);
	CHECK(put_uint32le(p, 0x789abcde) == 0);
	CHECK(put_uint64le(p, 0x1122334455667788ull) == 0);
	CHECK(put_uint32be(p, 'SMB ') == 0);
	CHECK(put_bytes(p, "marshal", 7) == 0);
	if (total != NULL)
		*total = p->len;	/* known only now */
}

static void
take_apart(mbuf_t m, size_t lead)
{
	struct get g;
	u_int8_t b = 0;
	u_int16_t s = 0;
	u_int32_t l = 0, total = 0;
	u_int64_t q = 0;
	char text[8] = "";

	get_init(&g, m);
	CHECK(get_bytes(&g, NULL, lead) == 0);
	CHECK(get_bytes(&g, &total, sizeof(total)) == 0 && total == lead + 30);
	CHECK(get_uint8(&g, &b) == 0 && b == 0x12);
	CHECK(get_uint16le(&g, &s) == 0 && s == 0x3456);
	CHECK(get_uint32le(&g, &l) == 0 && l == 0x789abcde);
	CHECK(get_uint64le(&g, &q) == 0 && q == 0x1122334455667788ull);
	CHECK(get_uint32be(&g, &l) == 0 && l == 0x534d4220);
	CHECK(get_bytes(&g, text, 7) == 0 && strcmp(text, "marshal") == 0);
	CHECK(get_uint8(&g, &b) == EBADRPC);
}

static size_t
chain_len(mbuf_t m)
{
	size_t len = 0;

	for (; m != NULL; m = mbuf_next(m))
		len += mbuf_len(m);
	return len;
}

#pragma mark -

static void
test_round_trip(size_t lead)
{
	struct put p;
	mbuf_t m;

	build(&p, lead);
	m = put_detach(&p);
	CHECK(mbuf_pkthdr_len(m) == lead + 30);
	CHECK(chain_len(m) == lead + 30);
	take_apart(m, lead);
	mbuf_freem(m);
}

static void
test_frame(size_t lead)
{
	struct put p;
	struct get g;
	u_int32_t len = 0;
	mbuf_t m;

	build(&p, lead);
	CHECK(put_frame(&p) == 0);
	CHECK(put_uint8(&p, 1) == 0);		/* the end is still the end */
	m = put_detach(&p);
	get_init(&g, m);
	CHECK(get_uint32be(&g, &len) == 0 && len == lead + 30);
	CHECK(mbuf_pkthdr_len(m) == len + 5 && chain_len(m) == len + 5);
	mbuf_adj(m, 4);
	mbuf_adj(m, -1);
	take_apart(m, lead);
	mbuf_freem(m);
}

static void
test_chain_in_chain(size_t lead)
{
	struct put inner, outer;
	struct get g;
	u_int32_t after = 0;
	mbuf_t m, part = NULL;

	build(&inner, lead);
	CHECK(put_init(&outer) == 0);
	CHECK(put_uint16le(&outer, 7) == 0);
	CHECK(put_chain(&outer, put_detach(&inner)) == 0);
	CHECK(put_uint32le(&outer, 4711) == 0);
	m = put_detach(&outer);

	get_init(&g, m);
	CHECK(get_bytes(&g, NULL, 2) == 0);
	CHECK(get_chain(&g, lead + 30, &part) == 0);
	CHECK(get_uint32le(&g, &after) == 0 && after == 4711);
	mbuf_freem(m);				/* the part stays good */
	take_apart(part, lead);
	mbuf_freem(part);
}

static void
test_too_short(size_t lead)
{
	struct put p;
	struct get g;
	mbuf_t m, part = NULL;

	build(&p, lead);
	m = put_detach(&p);
	mbuf_adj(m, -1);
	get_init(&g, m);
	CHECK(get_bytes(&g, NULL, lead + 30) == EBADRPC);
	get_init(&g, m);
	CHECK(get_chain(&g, lead + 30, &part) == EBADRPC && part == NULL);
	mbuf_freem(m);
}

static void
test_split_and_pullup(size_t lead)
{
	struct put p;
	mbuf_t m, rest = NULL;

	build(&p, lead);
	m = put_detach(&p);
	CHECK(mbuf_split(m, lead, MBUF_WAITOK, &rest) == 0);
	CHECK(chain_len(m) == lead && chain_len(rest) == 30);
	CHECK(mbuf_pullup(&rest, 30) == 0);
	CHECK(mbuf_len(rest) >= 30);
	mbuf_freem(m);
	CHECK(*(u_int32_t *)mbuf_data(rest) == lead + 30);
	mbuf_freem(rest);
}

kern_return_t
marshal_start(kmod_info_t *ki, void *data)
{
	size_t lead;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		printf("marshal: rounds=%d: must be 1 to %d\n", rounds, ROUNDS_MAX);
		return KERN_INVALID_ARGUMENT;
	}
	for (lead = 0; lead < rounds; lead++) {
		test_round_trip(lead);
		test_frame(lead);
		test_chain_in_chain(lead);
		test_too_short(lead);
		test_split_and_pullup(lead);
	}
	printf("marshal: %d checks, %d failed\n", checks, failed);
	done = 1;
	return KERN_SUCCESS;
}

kern_return_t
marshal_stop(kmod_info_t *ki, void *data)
{
	return KERN_SUCCESS;
}
