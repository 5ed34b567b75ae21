// SPDX-License-Identifier: GPL-2.0
/* A model of mbuf chains: slots, memory that is shared, comparison. */

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "model.h"

void model_fail(struct model *model, const char *fmt, ...)
{
	va_list args;

	if (model->wrong[0])
		return;
	va_start(args, fmt);
	vsnprintf(model->wrong, sizeof(model->wrong), fmt, args);
	va_end(args);
}

void model_say(struct model *model, const char *fmt, ...)
{
	size_t len = strlen(model->what);
	va_list args;

	va_start(args, fmt);
	vscnprintf(model->what + len, sizeof(model->what) - len, fmt, args);
	va_end(args);
}

/* A byte that is unlike its neighbours. */
u8 model_byte(struct model *model)
{
	model->pattern = model->pattern * 1664525 + 1013904223;
	return model->pattern >> 24;
}

/*
 * Slots
 */

static struct model_slot *find_slot(struct model *model, u32 number, bool used, bool packet)
{
	int i;

	for (i = 0; i < MODEL_SLOTS; i++) {
		struct model_slot *s = &model->slot[(number + i) % MODEL_SLOTS];

		if (!!s->m == used && (!packet || s->packet))
			return s;
	}
	return NULL;
}

struct model_slot *model_used(struct model *model, u32 number)
{
	return find_slot(model, number, true, false);
}

struct model_slot *model_empty(struct model *model, u32 number)
{
	return find_slot(model, number, false, false);
}

struct model_slot *model_packet(struct model *model, u32 number)
{
	return find_slot(model, number, true, true);
}

char model_name(struct model *model, const struct model_slot *s)
{
	return 'A' + (s - model->slot);
}

void model_gone(struct model_slot *s)
{
	s->m = NULL;
	s->len = 0;
	s->packet = false;
	s->pktlen = 0;
}

/* Takes bytes out of the middle. */
void model_cut(struct model_slot *s, size_t off, size_t len)
{
	memmove(s->bytes + off, s->bytes + off + len, s->len - off - len);
	s->len -= len;
}

/*
 * What only the mbuf can know: a header in the middle of a chain came to its
 * front. Its length may be negative, which does not show: from here on it is not.
 */
void model_reread(struct model_slot *s)
{
	s->packet = s->m && kpi_mbuf_flags(s->m) & MBUF_PKTHDR;
	s->pktlen = s->packet ? kpi_mbuf_pkthdr_len(s->m) : 0;
	if (s->packet)
		kpi_mbuf_pkthdr_setlen(s->m, s->pktlen);
}

size_t model_chain_len(mbuf_t m)
{
	size_t len = 0;

	for (; m; m = kpi_mbuf_next(m))
		len += kpi_mbuf_len(m);
	return len;
}

unsigned int model_chain_count(mbuf_t m)
{
	unsigned int n = 0;

	for (; m; m = kpi_mbuf_next(m))
		n++;
	return n;
}

/* Some mbuf of a chain, and how many bytes are before it. */
mbuf_t model_pick(struct model_slot *s, u32 number, size_t *before)
{
	u32 n = number % model_chain_count(s->m);
	mbuf_t m = s->m;

	*before = 0;
	while (n--) {
		*before += kpi_mbuf_len(m);
		m = kpi_mbuf_next(m);
	}
	return m;
}

/*
 * Memory
 */

/* All slots that have this memory see what was written there. */
static void spread(struct model *model, const u8 *addr, size_t len, const u8 *data)
{
	struct model_slot *s;
	mbuf_t m;

	for (s = model->slot; s < model->slot + MODEL_SLOTS; s++) {
		size_t at = 0;

		for (m = s->m; m; m = kpi_mbuf_next(m)) {
			const u8 *start = kpi_mbuf_data(m);
			const u8 *from = max(start, addr);
			const u8 *end = min(start + kpi_mbuf_len(m), addr + len);

			if (from < end)
				memcpy(s->bytes + at + (from - start), data + (from - addr),
				       end - from);
			at += kpi_mbuf_len(m);
		}
	}
}

/* Bytes [@off, @off + @len) of a slot were written, which has them by now. */
void model_wrote(struct model *model, struct model_slot *s, size_t off, size_t len,
		 const u8 *data)
{
	mbuf_t m;

	for (m = s->m; m && len; m = kpi_mbuf_next(m)) {
		size_t have = kpi_mbuf_len(m), n;

		if (off >= have) {
			off -= have;
			continue;
		}
		n = min(len, have - off);
		spread(model, kpi_mbuf_data(m) + off, n, data);
		data += n;
		len -= n;
		off = 0;
	}
}

struct stretch {
	const u8 *addr;
	size_t len;
	bool shared;
};

static int compare_stretches(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Memory that shows up twice must be in storage that is shared. */
static void check_overlaps(struct model *model, struct stretch *all, size_t n)
{
	const struct stretch *last = all;
	size_t i;

	sort(all, n, sizeof(*all), compare_stretches, NULL);
	for (i = 1; i < n; i++) {
		if (last->addr + last->len > all[i].addr && !(last->shared && all[i].shared))
			model_fail(model, "two mbufs have the same memory, and say they do not");
		if (all[i].addr + all[i].len > last->addr + last->len)
			last = &all[i];
	}
}

static void check_memory(struct model *model, unsigned int mbufs)
{
	struct stretch *all = kvmalloc_array(mbufs, sizeof(*all), GFP_KERNEL);
	struct model_slot *s;
	size_t n = 0;
	mbuf_t m;

	if (!all)
		return;
	for (s = model->slot; s < model->slot + MODEL_SLOTS; s++)
		for (m = s->m; m; m = kpi_mbuf_next(m))
			if (kpi_mbuf_len(m))
				all[n++] = (struct stretch){ kpi_mbuf_data(m), kpi_mbuf_len(m),
							     kpi_mbuf_mclhasreference(m) };
	if (n)
		check_overlaps(model, all, n);
	kvfree(all);
}

/*
 * Comparison
 */

static void check_bytes(struct model *model, struct model_slot *s)
{
	size_t at = 0, i;
	mbuf_t m;

	for (m = s->m; m; m = kpi_mbuf_next(m)) {
		const u8 *data = kpi_mbuf_data(m);
		size_t len = kpi_mbuf_len(m);

		if (at + len > s->len)
			break;
		for (i = 0; i < len; i++)
			if (data[i] != s->bytes[at + i]) {
				model_fail(model, "%c: byte %zu is %02x, not %02x",
					   model_name(model, s), at + i, data[i], s->bytes[at + i]);
				return;
			}
		at += len;
	}
	if (m || at != s->len)
		model_fail(model, "%c has %zu bytes, not %zu", model_name(model, s),
			   model_chain_len(s->m), s->len);
}

static void check_slot(struct model *model, struct model_slot *s)
{
	const char *insane = kpi_mbuf_check(s->m);
	size_t pktlen = s->packet ? max_t(s64, s->pktlen, 0) : 0;
	bool packet;

	if (insane) {
		model_fail(model, "%c: %s", model_name(model, s), insane);
		s->m = NULL;	/* rather lose it than touch it again */
		return;
	}
	if (!s->m)
		return;
	packet = kpi_mbuf_flags(s->m) & MBUF_PKTHDR;
	if (packet != s->packet)
		model_fail(model, "%c is %sa packet", model_name(model, s), packet ? "" : "not ");
	else if (kpi_mbuf_pkthdr_len(s->m) != pktlen)
		model_fail(model, "%c: packet length is %zu, not %zu", model_name(model, s),
			   kpi_mbuf_pkthdr_len(s->m), pktlen);
	if (kpi_mbuf_nextpkt(s->m))
		model_fail(model, "%c has a next packet", model_name(model, s));
	check_bytes(model, s);
}

static void check_all(struct model *model)
{
	struct kpi_mbuf_counts now = kpi_mbuf_counts();
	unsigned int mbufs = 0;
	struct model_slot *s;

	for (s = model->slot; s < model->slot + MODEL_SLOTS; s++) {
		check_slot(model, s);
		mbufs += model_chain_count(s->m);
	}
	if (model->wrong[0])
		return;
	check_memory(model, mbufs);
	if (now.mbufs - model->before.mbufs != mbufs)
		model_fail(model, "%ld mbufs exist, %u are in slots",
			   now.mbufs - model->before.mbufs, mbufs);
	if (now.extbufs - model->before.extbufs != model->attached)
		model_fail(model, "%ld buffers are attached, %u free functions have not run",
			   now.extbufs - model->before.extbufs, model->attached);
}

void model_step(struct model *model, const struct model_op *op)
{
	model->what[0] = '\0';
	model_kinds[op->kind % model_kind_count].run(model, op->arg);
	if (model->what[0])
		check_all(model);
}

struct model *model_alloc(void)
{
	struct model *model = kzalloc(sizeof(*model), GFP_KERNEL);
	int i;

	if (!model)
		return NULL;
	for (i = 0; i < MODEL_SLOTS; i++) {
		model->slot[i].bytes = kvmalloc(MODEL_BYTES, GFP_KERNEL);
		if (!model->slot[i].bytes) {
			model_free(model);
			return NULL;
		}
	}
	model->before = kpi_mbuf_counts();
	return model;
}

const char *model_finish(struct model *model)
{
	struct kpi_mbuf_counts now;
	int i;

	for (i = 0; i < MODEL_SLOTS; i++) {
		kpi_mbuf_freem(model->slot[i].m);
		model_gone(&model->slot[i]);
	}
	now = kpi_mbuf_counts();
	if (memcmp(&now, &model->before, sizeof(now)) || model->attached)
		model_fail(model, "left behind: %ld mbufs, %ld clusters, %ld buffers, %ld views, %ld tags",
			   now.mbufs - model->before.mbufs, now.clusters - model->before.clusters,
			   now.extbufs - model->before.extbufs, now.views - model->before.views,
			   now.tags - model->before.tags);
	return model->wrong;
}

void model_free(struct model *model)
{
	int i;

	for (i = 0; i < MODEL_SLOTS; i++)
		kvfree(model->slot[i].bytes);
	kfree(model);
}
