// SPDX-License-Identifier: GPL-2.0
/* A model of mbuf chains: the operations. */

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <netkpi/skb.h>

#include "model.h"

#define MLEN	288

/* Mostly small, sometimes up to @most. */
static size_t draw(u32 number, size_t most)
{
	static const u16 limits[] = { 4, 32, 100, 300, 700, 3000, 10000, 24000 };
	size_t limit = min_t(size_t, limits[number >> 29], most);

	return (number & 0x1fffffff) % (limit + 1);
}

static mbuf_how_t how(u32 number)
{
	return number & 1 ? MBUF_DONTWAIT : MBUF_WAITOK;
}

/* One call in eight is made to run out of memory. */
static void arm(u32 number)
{
	if (number % 8 == 0)
		kpi_mbuf_fail_nth(1 + number / 8 % 4);
}

static bool fired(void)
{
	bool fired = kpi_mbuf_fail_fired();

	kpi_mbuf_fail_nth(0);
	return fired;
}

/* Fresh bytes for the slot, in a buffer of their own. */
static u8 *fresh_bytes(struct model *model, size_t len)
{
	u8 *bytes = kvmalloc(max_t(size_t, len, 1), GFP_KERNEL);
	size_t i;

	for (i = 0; bytes && i < len; i++)
		bytes[i] = model_byte(model);
	return bytes;
}

/*
 * New chains
 */

struct attached {
	struct model *model;
	u8 bytes[];
};

static void attached_free(caddr_t buf, u_int32_t size, caddr_t arg)
{
	struct attached *a = (struct attached *)arg;

	a->model->attached--;
	memset(a->bytes, 0xdd, size);
	kfree(a);
}

static errno_t attach(struct model *model, mbuf_t *m, size_t size)
{
	struct attached *a = kmalloc(sizeof(*a) + size, GFP_KERNEL);
	errno_t err;

	if (!a)
		return ENOMEM;
	a->model = model;
	err = kpi_mbuf_attachcluster(MBUF_WAITOK, MBUF_TYPE_DATA, m, (caddr_t)a->bytes,
				     attached_free, size, (caddr_t)a);
	if (err)
		kfree(a);
	else
		model->attached++;
	return err;
}

static errno_t make(struct model *model, u32 kind, size_t size, mbuf_t *m)
{
	static const u16 clusters[] = { 2048, 4096, 16384 };

	switch (kind % 7) {
	case 0:
		return kpi_mbuf_get(MBUF_WAITOK, MBUF_TYPE_DATA, m);
	case 1:
		return kpi_mbuf_gethdr(MBUF_DONTWAIT, MBUF_TYPE_DATA, m);
	case 2:
		return kpi_mbuf_getpacket(MBUF_WAITOK, m);
	case 3:
		return kpi_mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, clusters[size % 3], m);
	case 4:
		return kpi_mbuf_allocpacket(MBUF_WAITOK, size + 1, NULL, m);
	case 5:
		return attach(model, m, size % 5000 + 1);
	default:
		return kpi_mbuf_mclget(MBUF_DONTWAIT, MBUF_TYPE_DATA, m);
	}
}

static void op_new(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_empty(model, arg[0]);
	size_t size = draw(arg[2], MODEL_BYTES);
	errno_t err;

	if (!s)
		return;
	model_say(model, "%c = new chain of kind %u, size %zu", model_name(model, s), arg[1] % 7,
		  size);
	err = make(model, arg[1], size, &s->m);
	if (err) {
		model_fail(model, "errno %d", err);
		return;
	}
	/* leave room in front of the data, sometimes */
	if (arg[3] % 3 == 0)
		err = kpi_mbuf_setdata(s->m, kpi_mbuf_datastart(s->m) +
				       arg[3] % (kpi_mbuf_maxlen(s->m) + 1), 0);
	if (err)
		model_fail(model, "setdata within the storage: errno %d", err);
	model_reread(s);
}

/*
 * Bytes in and out
 */

static void write_back(struct model *model, struct model_slot *s, size_t off, size_t len,
		       mbuf_how_t h)
{
	u8 *bytes = fresh_bytes(model, len);
	size_t end = off + len;
	errno_t err;

	if (!bytes)
		return;
	err = kpi_mbuf_copyback(s->m, off, len, bytes, h);
	if (err != (len ? 0 : EINVAL))
		model_fail(model, "errno %d", err);
	if (len) {
		if (off > s->len)
			memset(s->bytes + s->len, 0, off - s->len);
		s->len = max(s->len, end);
		s->pktlen = max_t(s64, s->pktlen, end);
		memcpy(s->bytes + off, bytes, len);
		model_wrote(model, s, off, len, bytes);
	}
	kvfree(bytes);
}

static void op_append(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t len;

	if (!s)
		return;
	len = draw(arg[1], MODEL_BYTES - s->len);
	model_say(model, "%c: copyback %zu behind its end", model_name(model, s), len);
	write_back(model, s, s->len, len, how(arg[2]));
}

static void op_overwrite(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t off, len;

	if (!s)
		return;
	off = arg[1] % (s->len + 40);
	if (off >= MODEL_BYTES)
		return;
	len = draw(arg[2], MODEL_BYTES - off);
	model_say(model, "%c: copyback %zu at %zu of %zu", model_name(model, s), len, off, s->len);
	write_back(model, s, off, len, how(arg[3]));
}

/* The way kexts write: through the data pointer. */
static void op_poke(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t before, len, i;
	mbuf_t m;
	u8 *bytes;

	if (!s)
		return;
	m = model_pick(s, arg[1], &before);
	len = kpi_mbuf_len(m);
	bytes = fresh_bytes(model, len);
	if (!bytes)
		return;
	model_say(model, "%c: write the %zu bytes at %zu through the data pointer",
		  model_name(model, s), len, before);
	for (i = 0; i < len; i++)
		((u8 *)kpi_mbuf_data(m))[i] = bytes[i];
	model_wrote(model, s, before, len, bytes);
	kvfree(bytes);
}

static void op_copydata(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t off, len;
	errno_t err;
	u8 *out;

	if (!s || !s->len)
		return;
	off = arg[1] % s->len;
	len = draw(arg[2], s->len - off);
	out = kvmalloc(max_t(size_t, len, 1), GFP_KERNEL);
	if (!out)
		return;
	model_say(model, "%c: copydata %zu at %zu", model_name(model, s), len, off);
	err = kpi_mbuf_copydata(s->m, off, len, out);
	if (err || memcmp(out, s->bytes + off, len))
		model_fail(model, "errno %d, or wrong bytes", err);
	kvfree(out);
}

/*
 * Copies
 */

static void op_copym(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]), *t = model_empty(model, arg[1]);
	size_t off, len;
	bool all, failed;
	errno_t err;

	if (!s || !t || !s->len)
		return;
	off = arg[2] % 3 ? arg[2] % s->len : 0;
	all = arg[3] % 3 == 0;
	len = all ? s->len - off : 1 + (arg[3] >> 3) % (s->len - off);
	model_say(model, "%c = copym of %c, %zu at %zu of %zu%s", model_name(model, t),
		  model_name(model, s), len, off, s->len, all ? ", all" : "");
	arm(arg[3]);
	err = kpi_mbuf_copym(s->m, off, all ? MBUF_COPYALL : len, how(arg[2]), &t->m);
	failed = fired();
	if (err != (failed ? ENOMEM : 0))
		model_fail(model, "errno %d", err);
	if (err)
		return;

	memcpy(t->bytes, s->bytes + off, len);
	t->len = len;
	t->packet = s->packet && !off;
	t->pktlen = !t->packet ? 0 : all ? s->pktlen : len;
}

/* No cluster takes what a received stretch of memory may hold. */
static bool too_large_to_dup(mbuf_t m)
{
	for (; m; m = kpi_mbuf_next(m))
		if (kpi_mbuf_len(m) > 16384)
			return true;
	return false;
}

static void op_dup(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]), *t = model_empty(model, arg[1]);
	bool failed;
	errno_t err;

	if (!s || !t || too_large_to_dup(s->m))
		return;
	model_say(model, "%c = dup of %c", model_name(model, t), model_name(model, s));
	arm(arg[2]);
	err = kpi_mbuf_dup(s->m, how(arg[3]), &t->m);
	failed = fired();
	if (err != (failed ? ENOMEM : 0))
		model_fail(model, "errno %d", err);
	if (err)
		return;
	memcpy(t->bytes, s->bytes, s->len);
	t->len = s->len;
	t->packet = s->packet;
	t->pktlen = s->pktlen;
}

/* A chain without header must have something behind the cut, be it an empty mbuf. */
static bool can_split(struct model_slot *s, size_t off)
{
	mbuf_t m = s->m;

	while (m && off > kpi_mbuf_len(m)) {
		off -= kpi_mbuf_len(m);
		m = kpi_mbuf_next(m);
	}
	return m && (s->packet || off < kpi_mbuf_len(m) || kpi_mbuf_next(m));
}

static void op_split(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]), *t = model_empty(model, arg[1]);
	bool failed, can;
	errno_t err;
	size_t off;

	if (!s || !t)
		return;
	off = arg[2] % (s->len + 2);
	can = can_split(s, off);
	model_say(model, "%c = split of %c at %zu of %zu", model_name(model, t),
		  model_name(model, s), off, s->len);
	arm(arg[3]);
	err = kpi_mbuf_split(s->m, off, how(arg[3]), &t->m);
	failed = fired();
	if (err != (can && !failed ? 0 : ENOMEM))
		model_fail(model, "errno %d", err);
	if (err)
		return;

	memcpy(t->bytes, s->bytes + off, s->len - off);
	t->len = s->len - off;
	s->len = off;
	if (!s->packet) {
		model_reread(t);
		return;
	}
	t->packet = true;
	t->pktlen = s->pktlen - off;
	s->pktlen = off;
}

/*
 * Reshaping
 */

static void op_prepend(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t len = arg[1] % (MLEN + 1);
	bool failed;
	errno_t err;
	u8 *bytes;

	if (!s || s->len + len > MODEL_BYTES)
		return;
	bytes = fresh_bytes(model, len);
	if (!bytes)
		return;
	model_say(model, "%c: prepend %zu", model_name(model, s), len);
	arm(arg[2]);
	err = kpi_mbuf_prepend(&s->m, len, how(arg[3]));
	failed = fired();
	if (err != (failed ? ENOMEM : 0) || !err != !!s->m)
		model_fail(model, "errno %d", err);
	if (err) {
		model_gone(s);
	} else {
		memmove(s->bytes + len, s->bytes, s->len);
		s->len += len;
		s->pktlen += len;
		memcpy(kpi_mbuf_data(s->m), bytes, len);
		model_wrote(model, s, 0, len, bytes);
	}
	kvfree(bytes);
}

/* Whether an ordinary pullup could fail for the head it has. */
static bool has_no_room_at_all(mbuf_t m)
{
	return kpi_mbuf_data(m) == kpi_mbuf_datastart(m) + kpi_mbuf_maxlen(m);
}

static void op_pullup(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	bool failed, may;
	size_t len;
	errno_t err;

	if (!s)
		return;
	len = arg[1] % (min_t(size_t, s->len, MLEN) + 2);
	may = len > s->len || len > MLEN || has_no_room_at_all(s->m);
	model_say(model, "%c: pullup %zu of %zu", model_name(model, s), len, s->len);
	arm(arg[2]);
	err = kpi_mbuf_pullup(&s->m, len);
	failed = fired();
	if ((err && err != ENOMEM) || (err && !failed && !may) || (!err && len > s->len) ||
	    !err != !!s->m)
		model_fail(model, "errno %d", err);
	if (err)
		model_gone(s);
	else if (kpi_mbuf_len(s->m) < len)
		model_fail(model, "only %zu bytes are contiguous", kpi_mbuf_len(s->m));
}

static void op_pulldown(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t off, len, in;
	bool failed;
	errno_t err;
	mbuf_t at;

	if (!s || !s->len)
		return;
	off = arg[1] % s->len;
	len = arg[2] % (min_t(size_t, s->len - off, 2048) + 1);
	in = off;
	model_say(model, "%c: pulldown %zu at %zu of %zu", model_name(model, s), len, off, s->len);
	arm(arg[3]);
	err = kpi_mbuf_pulldown(s->m, &in, len, &at);
	failed = fired();
	if (err && (err != ENOMEM || !failed || at))
		model_fail(model, "errno %d", err);
	if (err)
		model_gone(s);
	else if (in + len > kpi_mbuf_len(at) ||
		 memcmp(kpi_mbuf_data(at) + in, s->bytes + off, len))
		model_fail(model, "the bytes are not at %zu of the mbuf", in);
}

static void op_adj(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t len, n;
	mbuf_t last;

	if (!s)
		return;
	len = draw(arg[1], s->len + 3);
	n = min(len, s->len);
	for (last = s->m; kpi_mbuf_next(last); last = kpi_mbuf_next(last))
		;
	if (arg[2] & 1) {
		model_say(model, "%c: adj %zu of %zu", model_name(model, s), len, s->len);
		kpi_mbuf_adj(s->m, len);
		model_cut(s, 0, n);
		s->pktlen -= n;
	} else {
		bool one = kpi_mbuf_len(last) >= len;

		model_say(model, "%c: adj -%zu of %zu", model_name(model, s), len, s->len);
		kpi_mbuf_adj(s->m, -(int)len);
		s->len -= n;
		if (len)
			s->pktlen = one ? s->pktlen - (s64)len : s->len;
	}
}

static void op_concatenate(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]), *t;

	if (!s)
		return;
	t = model_used(model, arg[0] + 1 + arg[1] % (MODEL_SLOTS - 1));
	if (t == s || s->len + t->len > MODEL_BYTES)
		return;
	model_say(model, "%c: concatenate %c", model_name(model, s), model_name(model, t));
	if (kpi_mbuf_concatenate(s->m, t->m) != s->m)
		model_fail(model, "another mbuf is returned");
	memcpy(s->bytes + s->len, t->bytes, t->len);
	s->len += t->len;
	model_gone(t);
}

/*
 * Links and single mbufs
 */

static void op_unlink(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]), *t = model_empty(model, arg[1]);
	size_t before, keep;
	mbuf_t m;

	if (!s || !t)
		return;
	m = model_pick(s, arg[2], &before);
	if (!kpi_mbuf_next(m))
		return;
	keep = before + kpi_mbuf_len(m);
	model_say(model, "%c = what follows the mbuf at %zu of %c", model_name(model, t), before,
		  model_name(model, s));
	t->m = kpi_mbuf_next(m);
	if (kpi_mbuf_setnext(m, NULL))
		model_fail(model, "setnext failed");
	memcpy(t->bytes, s->bytes + keep, s->len - keep);
	t->len = s->len - keep;
	s->len = keep;
	model_reread(t);
}

static void op_free(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t len;

	if (!s)
		return;
	if (arg[1] % 4) {
		model_say(model, "%c: freem", model_name(model, s));
		kpi_mbuf_freem(s->m);
		model_gone(s);
		return;
	}
	len = kpi_mbuf_len(s->m);
	model_say(model, "%c: free the first mbuf", model_name(model, s));
	s->m = kpi_mbuf_free(s->m);
	model_cut(s, 0, len);
	model_reread(s);
}

/*
 * New storage for an mbuf in the chain: its bytes are gone. A buffer attached to
 * what came from getpacket or allocpacket takes the header along, as in the original.
 */
static void op_replace(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t before, len;
	mbuf_t m, was;
	errno_t err;

	if (!s)
		return;
	was = m = model_pick(s, arg[1], &before);
	len = kpi_mbuf_len(m);
	model_say(model, "%c: new storage for the mbuf at %zu", model_name(model, s), before);
	err = arg[2] & 1 ? kpi_mbuf_mclget(MBUF_WAITOK, MBUF_TYPE_DATA, &m) :
			   attach(model, &m, 1 + arg[3] % 1000);
	if (err || m != was || kpi_mbuf_len(m))
		model_fail(model, "errno %d", err);
	model_cut(s, before, len);
	if (m == s->m)
		model_reread(s);
}

static void op_shrink(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t before, len, keep;
	mbuf_t m;

	if (!s)
		return;
	m = model_pick(s, arg[1], &before);
	len = kpi_mbuf_len(m);
	keep = arg[2] % (len + 1);
	model_say(model, "%c: keep %zu of %zu bytes at %zu", model_name(model, s), keep, len, before);
	switch (arg[3] % 3) {
	case 0:
		kpi_mbuf_setlen(m, keep);
		model_cut(s, before + keep, len - keep);
		break;
	case 1:
		if (kpi_mbuf_adjustlen(m, -(int)(len - keep)))
			model_fail(model, "adjustlen failed");
		model_cut(s, before + keep, len - keep);
		break;
	default:
		if (kpi_mbuf_setdata(m, kpi_mbuf_data(m) + len - keep, keep))
			model_fail(model, "setdata failed");
		model_cut(s, before, len - keep);
	}
}

/* The way kexts append: write behind the data, then raise the length. */
static void op_grow(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t before, len, room, n;
	mbuf_t m;
	u8 *bytes;

	if (!s)
		return;
	m = model_pick(s, arg[1], &before);
	len = kpi_mbuf_len(m);
	room = kpi_mbuf_trailingspace(m);
	n = min_t(size_t, draw(arg[2], room), MODEL_BYTES - s->len);
	bytes = fresh_bytes(model, n);
	if (!bytes)
		return;
	model_say(model, "%c: %zu bytes into the room behind %zu", model_name(model, s), n,
		  before + len);
	memcpy(kpi_mbuf_data(m) + len, bytes, n);
	kpi_mbuf_setlen(m, len + n);
	memmove(s->bytes + before + len + n, s->bytes + before + len, s->len - before - len);
	memcpy(s->bytes + before + len, bytes, n);
	s->len += n;
	kvfree(bytes);
}

static void op_align(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_used(model, arg[0]);
	size_t before, len;
	errno_t err;
	mbuf_t m;

	if (!s)
		return;
	m = model_pick(s, arg[1], &before);
	if (kpi_mbuf_len(m))
		return;
	len = arg[2] % (kpi_mbuf_maxlen(m) + 1);
	model_say(model, "%c: align_32 %zu of the empty mbuf at %zu", model_name(model, s), len,
		  before);
	err = kpi_mbuf_align_32(m, len);
	if (err != (kpi_mbuf_mclhasreference(m) ? EOPNOTSUPP : 0))
		model_fail(model, "errno %d", err);
}

static void op_header(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_packet(model, arg[0]);

	if (!s)
		return;
	switch (arg[1] % 3) {
	case 0:
		model_say(model, "%c: packet length set right", model_name(model, s));
		kpi_mbuf_pkthdr_setlen(s->m, s->len);
		s->pktlen = s->len;
		break;
	case 1:
		model_say(model, "%c: packet length adjusted", model_name(model, s));
		kpi_mbuf_pkthdr_adjustlen(s->m, (int)(arg[2] % 200) - 100);
		s->pktlen += (int)(arg[2] % 200) - 100;
		break;
	default:
		model_say(model, "%c: packet header dropped", model_name(model, s));
		if (kpi_mbuf_setflags_mask(s->m, 0, MBUF_PKTHDR))
			model_fail(model, "setflags_mask failed");
		model_reread(s);
	}
}

/* Out to the network and in again. */
static void op_border(struct model *model, const u32 *arg)
{
	struct model_slot *s = model_packet(model, arg[0]);
	struct sk_buff *skb;
	bool failed;

	if (!s)
		return;
	model_say(model, "%c: to an sk_buff and back", model_name(model, s));
	arm(arg[1]);
	skb = kpi_mbuf_to_skb(s->m, 0, GFP_KERNEL);
	failed = fired();
	if (IS_ERR(skb) != failed)
		model_fail(model, "no sk_buff: %ld", PTR_ERR(skb));
	if (IS_ERR(skb)) {
		model_gone(s);
		return;
	}
	arm(arg[2]);
	s->m = kpi_mbuf_from_skb(skb, arg[3] & 1 ? KPI_INBOUND : KPI_OUTBOUND, GFP_KERNEL);
	failed = fired();
	if (!s->m != failed)
		model_fail(model, "no chain");
	if (!s->m)
		model_gone(s);
	else
		s->pktlen = s->len;
}

const struct model_kind model_kinds[] = {
	{ "new", op_new, 8 },
	{ "append", op_append, 8 },
	{ "overwrite", op_overwrite, 6 },
	{ "poke", op_poke, 5 },
	{ "copydata", op_copydata, 3 },
	{ "copym", op_copym, 6 },
	{ "dup", op_dup, 3 },
	{ "split", op_split, 6 },
	{ "prepend", op_prepend, 5 },
	{ "pullup", op_pullup, 5 },
	{ "pulldown", op_pulldown, 5 },
	{ "adj", op_adj, 5 },
	{ "concatenate", op_concatenate, 5 },
	{ "unlink", op_unlink, 3 },
	{ "free", op_free, 3 },
	{ "replace", op_replace, 2 },
	{ "shrink", op_shrink, 4 },
	{ "grow", op_grow, 4 },
	{ "align", op_align, 2 },
	{ "header", op_header, 3 },
	{ "border", op_border, 3 },
};

const u32 model_kind_count = ARRAY_SIZE(model_kinds);
