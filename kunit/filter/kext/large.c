// SPDX-License-Identifier: GPL-2.0
/* Kext world: a large packet is shown in the segments that Linux would make of it. */

#include "ip.h"

/* A filter that compares what it sees, and may finish what goes out. */
static struct {
	int finish;
	int finished;			/* what it sees has its checksums already */
	int seen, wrong;		/* segments */
	SInt32 detached;
	ipfilter_t ref;
	u_int8_t bytes[FT_LARGEST_SEGMENT];
} looker;

static void look_at(mbuf_t m)
{
	size_t len = mbuf_pkthdr_len(m);
	int same;

	same = len <= sizeof(looker.bytes) && mbuf_copydata(m, 0, len, looker.bytes) == 0 &&
	       ft_large_is(looker.seen, looker.finished, looker.bytes, len);
	looker.wrong += !same;
	looker.seen++;
}

static errno_t looks_in(void *cookie, mbuf_t *m, int offset, u_int8_t protocol)
{
	look_at(*m);
	return 0;
}

static errno_t looks_out(void *cookie, mbuf_t *m, ipf_pktopts_t options)
{
	look_at(*m);
	if (looker.finish)
		mbuf_outbound_finalize(*m, family == AF_INET6 ? PF_INET6 : PF_INET, 0);
	return 0;
}

static void looked(void *cookie)
{
	OSIncrementAtomic(&looker.detached);
}

static void begin_looking(enum ft_large kind, int finish)
{
	struct ipf_filter filter = { NULL, "looker", looks_in, looks_out, looked };

	looker.finish = finish;
	looker.finished = kind == FT_LIST;	/* is cut for good */
	looker.seen = looker.wrong = looker.detached = 0;
	EXPECT_EQ(family == AF_INET6 ? ipf_addv6(&filter, &looker.ref) :
				       ipf_addv4(&filter, &looker.ref), 0);
}

static void end_looking(void)
{
	EXPECT_EQ(ipf_remove(looker.ref), 0);
	SETTLES(looker.detached == 1);
	ft_large_end();
}

/* It was seen in segments, all of them right, and goes on as one, or as these. */
static void shown(enum ft_large kind, int in, int whole)
{
	int segments;

	begin_looking(kind, 0);
	segments = ft_large(kind, family == AF_INET6, in);
	EXPECT_EQ(segments, FT_LARGE_SEGMENTS);
	SETTLES(ft_large_gone() == (whole ? 1 : segments));
	EXPECT_EQ(looker.seen, segments);
	EXPECT_EQ(looker.wrong, 0);
	if (whole)
		EXPECT(ft_large_is_whole());
	end_looking();
}

/* Each goes on by itself when a filter has finished it, as a device would have. */
static void finished(enum ft_large kind)
{
	int segments, i, wrong = 0, len;

	begin_looking(kind, 1);
	segments = ft_large(kind, family == AF_INET6, 0);
	SETTLES(ft_large_gone() == segments);
	EXPECT_EQ(looker.wrong, 0);
	for (i = 0; i < segments; i++) {
		len = ft_large_take(looker.bytes, sizeof(looker.bytes));
		wrong += len <= 0 || !ft_large_is(i, 1, looker.bytes, len);
	}
	EXPECT_EQ(wrong, 0);
	end_looking();
}

static int is_of_both(enum ft_large kind)
{
	if (kind == FT_BIG_JUMBO)
		return family == AF_INET6;
	return kind != FT_FIXED_ID || family == AF_INET;
}

static void segments_are_linuxs(void)
{
	enum ft_large kind;

	for (kind = FT_PLAIN; kind < FT_LARGE_KINDS; kind++)
		if (is_of_both(kind))
			shown(kind, 0, kind != FT_LIST);
}
BOTH(segments_are_linuxs)

/* Behind other headers, which newer kernels leave where they are, none is finished. */
static void segments_are_finished(void)
{
	enum ft_large kind;

	for (kind = FT_PLAIN; kind < FT_LARGE_KINDS; kind++)
		if (is_of_both(kind) && kind != FT_BIG_JUMBO)
			finished(kind);
}
BOTH(segments_are_finished)

/* More than IP can count: in segments, too, when it comes in. */
static void big_ones_come_in(void)
{
	shown(FT_BIG, 1, 1);
	if (family == AF_INET6)
		shown(FT_BIG_JUMBO, 1, 1);
}
BOTH(big_ones_come_in)

/* --- what conntrack has for all of them --- */

static mbuf_t first, second;

/* Keeps two; the second goes on with the small packet. */
static errno_t keeps_two(void *cookie, mbuf_t *m, ipf_pktopts_t options)
{
	if (looker.seen++ < 2) {
		*(looker.seen == 1 ? &first : &second) = *m;
		return EJUSTRETURN;
	}
	if (mbuf_pkthdr_len(*m) < 40)
		ipf_inject_output(second, looker.ref, NULL);
	return 0;
}

/* Both go on at once: how many packets come out? */
static int two_at_once(int confirmed)
{
	struct ipf_filter filter = { NULL, "keeper", NULL, keeps_two, looked };
	int n;

	looker.seen = looker.detached = 0;
	EXPECT_EQ(ipf_addv4(&filter, &looker.ref), 0);
	ft_large_track(confirmed);
	ft_large(FT_LARGE_UDP, 0, 0);
	EXPECT_EQ(ft_large_gone(), FT_LARGE_SEGMENTS - 2);
	ft_large_followed();
	EXPECT_EQ(ipf_inject_output(first, looker.ref, NULL), 0);
	n = ft_large_gone();
	end_looking();
	return n;
}

/* A new connection is not worked on by two of its segments at a time. */
static void unconfirmed_one_by_one(void)
{
	EXPECT_EQ(two_at_once(1), FT_LARGE_SEGMENTS + 1);
	EXPECT_EQ(two_at_once(0), FT_LARGE_SEGMENTS);
}

const struct kt_case filter_large_cases[] = {
	ROWS(segments_are_linuxs),
	ROWS(segments_are_finished),
	ROWS(big_ones_come_in),
	{ }
};

const struct kt_case filter_large_direct_cases[] = {
	ROWS(segments_are_linuxs),
	ROWS(segments_are_finished),
	ROWS(big_ones_come_in),
	{ "unconfirmed_one_by_one", unconfirmed_one_by_one },
	{ }
};
