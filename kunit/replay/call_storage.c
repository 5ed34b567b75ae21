// SPDX-License-Identifier: GPL-2.0
/* Calls of the vectors: allocation and release, access to one mbuf, constants. */

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vector.h"

static mbuf_t *slot(struct vector_run *run, const struct vector_arg *a)
{
	return a->none ? NULL : &run->slot[a->num];
}

/*
 * Allocation and release
 */

static void call_get(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_get(a[1].num, a[2].num, slot(run, &a[0])));
}

static void call_gethdr(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_gethdr(a[1].num, a[2].num, slot(run, &a[0])));
}

static void call_getpacket(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_getpacket(a[1].num, slot(run, &a[0])));
}

static void call_mclget(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_mclget(a[1].num, a[2].num, slot(run, &a[0])));
}

static void call_getcluster(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_getcluster(a[1].num, a[2].num, a[3].num,
						  slot(run, &a[0])));
}

static void call_allocpacket(struct vector_run *run, const struct vector_arg *a)
{
	unsigned int chunks = a[3].num;
	errno_t err;

	err = kpi_mbuf_allocpacket(a[1].num, a[2].num, a[3].none ? NULL : &chunks,
				   slot(run, &a[0]));
	vector_say_errno(run, err);
	if (!err && !a[3].none)
		vector_say(run, " chunks=%u", chunks);
}

static void call_allocpacket_list(struct vector_run *run, const struct vector_arg *a)
{
	unsigned int chunks = a[4].num;
	errno_t err;

	err = kpi_mbuf_allocpacket_list(a[2].num, a[1].num, a[3].num,
					a[4].none ? NULL : &chunks, slot(run, &a[0]));
	vector_say_errno(run, err);
	if (!err && !a[4].none)
		vector_say(run, " chunks=%u", chunks);
}

static void call_alloccluster(struct vector_run *run, const struct vector_arg *a)
{
	struct vector_store *cluster = a[0].none ? NULL : &run->cluster[a[0].num];
	size_t size = a[2].num;
	char *addr = NULL;
	errno_t err;

	err = kpi_mbuf_alloccluster(a[1].num, a[2].none ? NULL : &size, cluster ? &addr : NULL);
	vector_say_errno(run, err);
	if (err)
		return;

	vector_say(run, " size=%zu", size);
	if (cluster)
		*cluster = (struct vector_store){ .addr = addr, .size = size };
}

static void call_freecluster(struct vector_run *run, const struct vector_arg *a)
{
	struct vector_store *cluster = &run->cluster[a[0].num];

	kpi_mbuf_freecluster(cluster->addr, a[1].none ? cluster->size : a[1].num);
	memset(cluster, 0, sizeof(*cluster));
	vector_say(run, "void");
}

/* A plain buffer is of exactly the size asked for, so that KASAN sees what lies behind. */
static bool prepare_store(struct vector_store *store, bool plain, size_t size, u64 seed)
{
	if (plain) {
		if (store->addr)
			return false;
		store->addr = kmalloc(size, GFP_KERNEL);
		store->size = size;
	}
	if (!store->addr || store->attached || size > store->size)
		return false;
	vector_pattern(seed, 0, (u8 *)store->addr, size);
	store->attached = true;
	return true;
}

static void give_back_store(struct vector_store *store, bool plain)
{
	store->attached = false;
	if (!plain)
		return;
	kfree(store->addr);
	memset(store, 0, sizeof(*store));
}

static void call_attachcluster(struct vector_run *run, const struct vector_arg *a)
{
	bool plain = a[3].num < VECTOR_BUFFERS;
	struct vector_store *store = NULL;
	size_t size = a[4].num;
	errno_t err;

	if (!a[3].none) {
		store = vector_store_of(run, &a[3]);
		if (!prepare_store(store, plain, size, a[5].num)) {
			vector_say(run, "no such buffer to attach");
			return;
		}
	}

	err = kpi_mbuf_attachcluster(a[1].num, a[2].num, slot(run, &a[0]),
				     store ? store->addr : NULL,
				     strchr(a[3].text, '!') ? NULL : vector_extfree,
				     size, (caddr_t)store);
	vector_say_errno(run, err);
	if (err && store)
		give_back_store(store, plain);
}

static void call_free(struct vector_run *run, const struct vector_arg *a)
{
	run->slot[a[0].num] = kpi_mbuf_free(run->slot[a[0].num]);
	vector_say(run, run->slot[a[0].num] ? "next" : "null");
}

static void call_freem(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_freem(run->slot[a[0].num]);
	run->slot[a[0].num] = NULL;
	vector_say(run, "void");
}

static void call_freem_list(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%d", kpi_mbuf_freem_list(run->slot[a[0].num]));
	run->slot[a[0].num] = NULL;
}

/*
 * Access to one mbuf
 */

static void call_setdata(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = vector_mbuf(run, &a[0], &a[1]);

	vector_say_errno(run, kpi_mbuf_setdata(m, kpi_mbuf_datastart(m) + a[2].num, a[3].num));
}

static void call_align_32(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_align_32(vector_mbuf(run, &a[0], &a[1]), a[2].num));
}

static void call_setlen(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_setlen(vector_mbuf(run, &a[0], &a[1]), a[2].num);
	vector_say(run, "void");
}

static void call_adjustlen(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_adjustlen(vector_mbuf(run, &a[0], &a[1]), a[2].num));
}

static void call_maxlen(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%zu", kpi_mbuf_maxlen(vector_mbuf(run, &a[0], &a[1])));
}

static void call_settype(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_settype(vector_mbuf(run, &a[0], &a[1]), a[2].num));
}

static void call_setflags(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_setflags(vector_mbuf(run, &a[0], &a[1]), a[2].num));
}

static void call_setflags_mask(struct vector_run *run, const struct vector_arg *a)
{
	vector_say_errno(run, kpi_mbuf_setflags_mask(vector_mbuf(run, &a[0], &a[1]),
						     a[2].num, a[3].num));
}

static void call_dataoff(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = vector_mbuf(run, &a[0], &a[1]);

	vector_say(run, "%td", (char *)kpi_mbuf_data(m) - (char *)kpi_mbuf_datastart(m));
}

static void call_next(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, kpi_mbuf_next(vector_mbuf(run, &a[0], &a[1])) ? "next" : "null");
}

static void call_nextpkt(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, kpi_mbuf_nextpkt(run->slot[a[0].num]) ? "next" : "null");
}

static void call_fill(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = vector_mbuf(run, &a[0], &a[1]);

	vector_pattern(a[2].num, 0, kpi_mbuf_data(m), kpi_mbuf_len(m));
	vector_say(run, "void");
}

static void call_fillall(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m;
	u64 done = 0;

	for (m = run->slot[a[0].num]; m; m = kpi_mbuf_next(m)) {
		vector_pattern(a[1].num, done, kpi_mbuf_data(m), kpi_mbuf_len(m));
		done += kpi_mbuf_len(m);
	}
	vector_say(run, "void");
}

static void call_poke(struct vector_run *run, const struct vector_arg *a)
{
	mbuf_t m = vector_mbuf(run, &a[0], &a[1]);
	char *start = kpi_mbuf_datastart(m), *at = kpi_mbuf_data(m) + a[2].num;
	size_t len = strlen(a[3].text) / 2;

	if (at < start || at + len > start + kpi_mbuf_maxlen(m))
		vector_say(run, "poke outside the mbuf");
	else
		vector_say(run, hex2bin(at, a[3].text, len) ? "poke of what is not hex" : "void");
}

/*
 * Constants
 */

static void call_get_mlen(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_mlen());
}

static void call_get_mhlen(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_mhlen());
}

static void call_get_minclsize(struct vector_run *run, const struct vector_arg *a)
{
	vector_say(run, "%u", kpi_mbuf_get_minclsize());
}

static void call_stats(struct vector_run *run, const struct vector_arg *a)
{
	struct bsd_mbuf_stat *stats = kzalloc(sizeof(*stats), GFP_KERNEL);

	if (!stats)
		return;
	kpi_mbuf_stats(stats);
	vector_say(run, "msize=%u mclbytes=%u minclsize=%u mlen=%u mhlen=%u bigmclbytes=%u",
		   stats->msize, stats->mclbytes, stats->minclsize, stats->mlen, stats->mhlen,
		   stats->bigmclbytes);
	kfree(stats);
}

static void call_nomem(struct vector_run *run, const struct vector_arg *a)
{
	kpi_mbuf_fail_nonblocking(a[0].num);
	vector_say(run, "void");
}

const struct vector_call vector_calls_storage[] = {
	{ "get",		"Shn",		call_get },
	{ "gethdr",		"Shn",		call_gethdr },
	{ "getpacket",		"Sh",		call_getpacket },
	{ "mclget",		"Shn",		call_mclget },
	{ "getcluster",		"Shnn",		call_getcluster },
	{ "allocpacket",	"Shnn",		call_allocpacket },
	{ "allocpacket_list",	"Shnnn",	call_allocpacket_list },
	{ "alloccluster",	"Chn",		call_alloccluster },
	{ "freecluster",	"C|n",		call_freecluster },
	{ "attachcluster",	"ShnBnn",	call_attachcluster },
	{ "free",		"S",		call_free },
	{ "freem",		"S",		call_freem },
	{ "freem_list",		"S",		call_freem_list },
	{ "setdata",		"Snnn",		call_setdata },
	{ "align_32",		"Snn",		call_align_32 },
	{ "setlen",		"Snn",		call_setlen },
	{ "adjustlen",		"Snn",		call_adjustlen },
	{ "maxlen",		"Sn",		call_maxlen },
	{ "settype",		"Snn",		call_settype },
	{ "setflags",		"Snx",		call_setflags },
	{ "setflags_mask",	"Snxx",		call_setflags_mask },
	{ "dataoff",		"Sn",		call_dataoff },
	{ "next",		"Sn",		call_next },
	{ "nextpkt",		"S",		call_nextpkt },
	{ "fill",		"Snn",		call_fill },
	{ "fillall",		"Sn",		call_fillall },
	{ "poke",		"Snnw",		call_poke },
	{ "get_mlen",		"",		call_get_mlen },
	{ "get_mhlen",		"",		call_get_mhlen },
	{ "get_minclsize",	"",		call_get_minclsize },
	{ "stats",		"",		call_stats },
	{ "nomem",		"n",		call_nomem },
	{ }
};
