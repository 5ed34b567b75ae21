// SPDX-License-Identifier: GPL-2.0
/*
 * Chains that go from thread to thread. An mbuf belongs to one thread at a time,
 * but the storage of its copies and halves to several: references come and go on
 * all CPUs, clusters are freed where they were not allocated, and who finds
 * storage unshared writes into the room behind the data.
 *
 * The bytes of every chain are numbered, from some number on, so that each can be
 * checked by itself.
 */

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <netkpi/skb.h>

#include "model.h"

#define THREADS		4
#define ENTRIES		32
#define MOST_BYTES	12000

struct entry {
	mbuf_t m;
	u32 start;		/* number of the first byte */
	size_t len;
};

static struct hands {
	spinlock_t lock;			/* guards entries and wrong */
	struct entry entries[ENTRIES];		/* m NULL: free */
	unsigned long deadline;
	char wrong[128];
} hands;

struct worker {
	struct rnd_state rnd;
	struct task_struct *task;
	struct completion done;
};

static __printf(1, 2) void complain(const char *fmt, ...)
{
	va_list args;

	spin_lock(&hands.lock);
	if (!hands.wrong[0]) {
		va_start(args, fmt);
		vsnprintf(hands.wrong, sizeof(hands.wrong), fmt, args);
		va_end(args);
	}
	spin_unlock(&hands.lock);
}

static u32 draw(struct worker *w, u32 limit)
{
	return prandom_u32_state(&w->rnd) % limit;
}

/* Takes some entry out; empty if it was free. */
static struct entry take(struct worker *w)
{
	struct entry *place = &hands.entries[draw(w, ENTRIES)], e;

	spin_lock(&hands.lock);
	e = *place;
	place->m = NULL;
	spin_unlock(&hands.lock);
	return e;
}

/* Puts one in; what was in its place goes. */
static void put(struct worker *w, const struct entry *e)
{
	struct entry *place = &hands.entries[draw(w, ENTRIES)], old;

	if (!e->m)
		return;
	spin_lock(&hands.lock);
	old = *place;
	*place = *e;
	spin_unlock(&hands.lock);
	kpi_mbuf_freem(old.m);
}

static void check(const struct entry *e, const char *after)
{
	const char *insane = kpi_mbuf_check(e->m);
	size_t done = 0, i;
	mbuf_t m;

	if (insane) {
		complain("after %s: %s", after, insane);
		return;
	}
	for (m = e->m; m; m = kpi_mbuf_next(m)) {
		const u8 *data = kpi_mbuf_data(m);

		for (i = 0; i < kpi_mbuf_len(m); i++, done++)
			if (data[i] != (u8)(e->start + done)) {
				complain("after %s: byte %zu is %02x, not %02x", after, done,
					 data[i], (u8)(e->start + done));
				return;
			}
	}
	if (e->m && done != e->len)
		complain("after %s: %zu bytes, not %zu", after, done, e->len);
}

/* Numbered bytes behind what is there: into room that nobody else has. */
static void append(struct worker *w, struct entry *e)
{
	size_t len = 1 + draw(w, 1500), i;
	u8 *bytes;

	if (e->len + len > MOST_BYTES)
		return;
	bytes = kmalloc(len, GFP_KERNEL);
	if (!bytes)
		return;
	for (i = 0; i < len; i++)
		bytes[i] = e->start + e->len + i;
	if (!kpi_mbuf_copyback(e->m, e->len, len, bytes, MBUF_WAITOK))
		e->len += len;
	kfree(bytes);
}

static void make(struct worker *w, struct entry *e)
{
	e->m = NULL;
	e->len = 0;
	e->start = draw(w, 256);
	if (kpi_mbuf_allocpacket(MBUF_WAITOK, 1 + draw(w, 5000), NULL, &e->m))
		e->m = NULL;
	else
		append(w, e);
}

static void copy(struct worker *w, struct entry *e)
{
	struct entry new = { };
	size_t off = draw(w, e->len);

	new.start = e->start + off;
	new.len = e->len - off;
	if (!kpi_mbuf_copym(e->m, off, MBUF_COPYALL, MBUF_DONTWAIT, &new.m)) {
		check(&new, "copym");
		put(w, &new);
	}
}

static void split(struct worker *w, struct entry *e)
{
	struct entry new = { };
	size_t off = 1 + draw(w, e->len);

	new.start = e->start + off;
	new.len = e->len - off;
	if (!new.len || kpi_mbuf_split(e->m, off, MBUF_WAITOK, &new.m))
		return;
	e->len = off;
	check(&new, "split");
	put(w, &new);
}

static void duplicate(struct worker *w, struct entry *e)
{
	struct entry new = *e;

	if (!kpi_mbuf_dup(e->m, MBUF_WAITOK, &new.m))
		put(w, &new);
}

static void trim(struct worker *w, struct entry *e)
{
	size_t len = draw(w, e->len);

	if (draw(w, 2)) {
		kpi_mbuf_adj(e->m, len);
		e->start += len;
	} else {
		kpi_mbuf_adj(e->m, -(int)len);
	}
	e->len -= len;
}

static void pull(struct worker *w, struct entry *e)
{
	size_t off = draw(w, e->len), len = min_t(size_t, e->len - off, 1 + draw(w, 500));
	mbuf_t at;

	if (draw(w, 2)) {
		if (kpi_mbuf_pullup(&e->m, min_t(size_t, len, 200)))
			e->m = NULL;
	} else if (kpi_mbuf_pulldown(e->m, &off, len, &at)) {
		e->m = NULL;
	}
}

static void out_and_in(struct worker *w, struct entry *e)
{
	struct sk_buff *skb;

	if (!(kpi_mbuf_flags(e->m) & MBUF_PKTHDR))
		return;
	kpi_mbuf_pkthdr_setlen(e->m, e->len);
	skb = kpi_mbuf_to_skb(e->m, 0, GFP_KERNEL);
	e->m = IS_ERR(skb) ? NULL : kpi_mbuf_from_skb(skb, KPI_INBOUND, GFP_KERNEL);
}

static const struct {
	const char *name;
	void (*run)(struct worker *w, struct entry *e);
} steps[] = {
	{ "append", append }, { "copym", copy }, { "split", split }, { "dup", duplicate },
	{ "adj", trim }, { "a pull", pull }, { "the border", out_and_in }, { "copym", copy },
	{ "append", append },
};

static void step(struct worker *w)
{
	struct entry e = take(w);
	u32 n = draw(w, ARRAY_SIZE(steps));

	if (!e.m) {
		make(w, &e);
		put(w, &e);
		return;
	}
	check(&e, "being handed over");
	if (e.len) {
		steps[n].run(w, &e);
		check(&e, steps[n].name);
	}
	put(w, &e);
}

static int work(void *data)
{
	struct worker *w = data;

	while (time_before(jiffies, hands.deadline) && !READ_ONCE(hands.wrong[0])) {
		step(w);
		cond_resched();
	}
	kthread_complete_and_exit(&w->done, 0);
}

static void start(struct worker *w, u64 seed, int number)
{
	prandom_seed_state(&w->rnd, seed * THREADS + number);
	init_completion(&w->done);
	w->task = kthread_run(work, w, "mbuf_hands/%d", number);
	if (IS_ERR(w->task))
		complete(&w->done);
}

void mbuf_hand_around(u64 seed, unsigned int ms, char *wrong, size_t size)
{
	struct kpi_mbuf_counts before = kpi_mbuf_counts(), after;
	struct worker *workers = kcalloc(THREADS, sizeof(*workers), GFP_KERNEL);
	int i;

	strscpy(wrong, "no memory", size);
	if (!workers)
		return;
	memset(&hands, 0, sizeof(hands));
	spin_lock_init(&hands.lock);
	hands.deadline = jiffies + msecs_to_jiffies(ms);
	for (i = 0; i < THREADS; i++)
		start(&workers[i], seed, i);
	for (i = 0; i < THREADS; i++)
		wait_for_completion(&workers[i].done);
	kfree(workers);

	for (i = 0; i < ENTRIES; i++)
		kpi_mbuf_freem(hands.entries[i].m);
	after = kpi_mbuf_counts();
	if (memcmp(&before, &after, sizeof(before)))
		complain("%ld mbufs and %ld clusters are left behind",
			 after.mbufs - before.mbufs, after.clusters - before.clusters);
	strscpy(wrong, hands.wrong, size);
}
