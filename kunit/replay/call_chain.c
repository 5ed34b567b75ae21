// SPDX-License-Identifier: GPL-2.0
/* Calls of the vectors: chains. */

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vector.h"

/* What no file should ever ask for in one piece. */
#define LARGEST_BUFFER	(64 << 20)

static size_t chain_bytes(mbuf_t m)
{
	size_t sum = 0;

	for (; m; m = kpi_mbuf_next(m))
		sum += kpi_mbuf_len(m);
	return sum;
}

static const char *yes(bool same)
{
	return same ? "1" : "0";
}

/* The buffer takes the whole chain, however much is asked for. */
static void call_copydata(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = run->slot[a[0].num];
	size_t room = max_t(size_t, chain_bytes(m), 1);
	bool null_buffer = *a[3].text;
	errno_t err;
	u8 *to;

	to = kvmalloc(room, GFP_KERNEL);
	if (!to)
		return;
	err = kpi_mbuf_copydata(m, a[1].num, a[2].num, null_buffer ? NULL : to);
	vector_say_errno(run, err);
	if (!err && !null_buffer)
		vector_say(run, " hash=%08x", vector_hash(to, min_t(size_t, a[2].num, room)));
	kvfree(to);
}

static void call_copyback(struct vector_run *run, const struct vector_arg *a)
{
	size_t len = a[2].num;
	u8 *from = NULL;

	if (!a[3].none && len <= LARGEST_BUFFER) {
		from = kvmalloc(max_t(size_t, len, 1), GFP_KERNEL);
		if (!from)
			return;
		vector_pattern(a[3].num, 0, from, len);
	}
	vector_say_errno(run, kpi_mbuf_copyback(run->slot[a[0].num], a[1].num, len, from,
						a[4].num));
	kvfree(from);
}

static void call_copym(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_copym(run->slot[a[0].num], a[1].num, a[2].num, a[3].num,
					     &run->slot[a[4].num]));
}

static void call_dup(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_dup(run->slot[a[0].num], a[1].num,
					   &run->slot[a[2].num]));
}

static void call_prepend(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t *m = &run->slot[a[0].num];
	mbuf_t before = *m;
	size_t len = a[1].num;
	errno_t err;

	err = kpi_mbuf_prepend(m, len, a[2].num);
	vector_say_errno(run, err);
	if (err)
		return;

	vector_say(run, " same=%s", yes(*m == before));
	if (!a[3].none && kpi_mbuf_len(*m) >= len)
		vector_pattern(a[3].num, 0, kpi_mbuf_data(*m), len);
}

static void call_split(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_split(run->slot[a[0].num], a[1].num, a[2].num,
					     &run->slot[a[3].num]));
}

static void call_pullup(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t *m = &run->slot[a[0].num];
	mbuf_t before = *m;
	errno_t err = kpi_mbuf_pullup(m, a[1].num);

	vector_say_errno(run, err);
	if (!err)
		vector_say(run, " same=%s", yes(*m == before));
}

static void call_pulldown(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t *src = &run->slot[a[0].num];
	mbuf_t at = NULL, m;
	size_t off = a[1].num;
	unsigned int index = 0;
	errno_t err;

	err = kpi_mbuf_pulldown(*src, &off, a[2].num, &at);
	vector_say_errno(run, err);
	if (err) {
		*src = NULL;
		if (at)
			vector_say(run, " with a location");
		return;
	}

	for (m = *src; m && m != at; m = kpi_mbuf_next(m))
		index++;
	if (m)
		vector_say(run, " at=%u off=%zu", index, off);
	else
		vector_say(run, " at=elsewhere off=%zu", off);
}

static void call_adj(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_adj(run->slot[a[0].num], a[1].num);
	vector_say(run, "void");
}

static void call_concatenate(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t dst = run->slot[a[0].num];
	mbuf_t got = kpi_mbuf_concatenate(dst, run->slot[a[1].num]);

	if (!got)
		vector_say(run, "null");
	else
		vector_say(run, got == dst ? "dst" : "another mbuf");
	if (dst)
		run->slot[a[1].num] = NULL;
}

static mbuf_t take(struct vector_run *run, const struct vector_arg *slot)
{
	mbuf_t m = NULL;

	if (!slot->none)
		swap(m, run->slot[slot->num]);
	return m;
}

static void call_setnext(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = vector_mbuf(run, &a[0], &a[1]);
	mbuf_t old = m ? kpi_mbuf_next(m) : NULL;
	mbuf_t next = a[2].none ? NULL : run->slot[a[2].num];
	errno_t err;

	err = kpi_mbuf_setnext(m, next);
	vector_say_errno(run, err);
	if (err)
		return;
	take(run, &a[2]);
	if (!a[3].none)
		run->slot[a[3].num] = old;
}

static void call_setnextpkt(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = run->slot[a[0].num];
	mbuf_t old = m ? kpi_mbuf_nextpkt(m) : NULL;

	kpi_mbuf_setnextpkt(m, take(run, &a[1]));
	if (!a[2].none)
		run->slot[a[2].num] = old;
	vector_say(run, "void");
}

const struct vector_call vector_calls_chain[] = {
	{ "copydata",		"Snn|w",	call_copydata },
	{ "copyback",		"Snnnh",	call_copyback },
	{ "copym",		"SnlhS",	call_copym },
	{ "dup",		"ShS",		call_dup },
	{ "prepend",		"Snhn",		call_prepend },
	{ "split",		"SnhS",		call_split },
	{ "pullup",		"Sn",		call_pullup },
	{ "pulldown",		"Snn",		call_pulldown },
	{ "adj",		"Sn",		call_adj },
	{ "concatenate",	"SS",		call_concatenate },
	{ "setnext",		"SnSS",		call_setnext },
	{ "setnextpkt",		"SSS",		call_setnextpkt },
	{ }
};
