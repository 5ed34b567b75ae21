// SPDX-License-Identifier: GPL-2.0
/* What a case owns: mbufs in slots, storage, handles, callbacks that ran. */

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "vector.h"

/* A chain this long can only be a ring. */
#define CHAIN_LIMIT	100000

/* Callbacks carry no cookie of ours; there is one run at a time. */
static struct vector_run *running;

/* Handles are never looked into: any distinct addresses do. */
static char rcvifs[VECTOR_RCVIFS];
static char headers[VECTOR_HEADERS];

ifnet_t vector_rcvif(const struct vector_arg *name)
{
	return name->none ? NULL : (ifnet_t)&rcvifs[name->num];
}

/* -1 for NULL, VECTOR_RCVIFS for what nobody ever set. */
int vector_rcvif_number(ifnet_t rcvif)
{
	int i;

	if (!rcvif)
		return -1;
	for (i = 0; i < VECTOR_RCVIFS; i++)
		if ((char *)rcvif == &rcvifs[i])
			break;
	return i;
}

void *vector_header(const struct vector_arg *name)
{
	return name->none ? NULL : &headers[name->num];
}

int vector_header_number(const void *header)
{
	int i;

	if (!header)
		return -1;
	for (i = 0; i < VECTOR_HEADERS; i++)
		if (header == &headers[i])
			break;
	return i;
}

/* The mbuf @index of the chain in a slot; NULL past its end. */
mbuf_t vector_mbuf(struct vector_run *run, const struct vector_arg *slot,
		   const struct vector_arg *index)
{
	mbuf_t m = run->slot[slot->num];
	u64 i;

	for (i = 0; m && i < index->num; i++)
		m = kpi_mbuf_next(m);
	return m;
}

static int mbuf_text(mbuf_t m, char *text, size_t size)
{
	mbuf_flags_t flags = kpi_mbuf_flags(m);
	int n;

	n = scnprintf(text, size, " %zu:%zu:%zu:%u:%x%s:%08x", kpi_mbuf_len(m),
		      kpi_mbuf_leadingspace(m), kpi_mbuf_trailingspace(m), kpi_mbuf_type(m),
		      flags, kpi_mbuf_mclhasreference(m) ? "r" : "",
		      vector_hash(kpi_mbuf_data(m), kpi_mbuf_len(m)));
	if (flags & MBUF_PKTHDR)
		n += scnprintf(text + n, size - n, ":%zu", kpi_mbuf_pkthdr_len(m));
	return n;
}

static int chain_text(mbuf_t m, char *text, size_t size)
{
	unsigned int count = 0;
	mbuf_t each;
	int n;

	for (each = m; each && count < CHAIN_LIMIT; each = kpi_mbuf_next(each))
		count++;

	n = scnprintf(text, size, "%u", count);
	for (each = m; each && count--; each = kpi_mbuf_next(each))
		n += mbuf_text(each, text + n, size - n);
	return n;
}

/* A slot as the files write it, without the "@S ". */
void vector_slot_text(struct vector_run *run, int slot, char *text, size_t size)
{
	mbuf_t m = run->slot[slot];
	int n, packets = 0;

	if (!m) {
		strscpy(text, "-", size);
		return;
	}

	n = chain_text(m, text, size);
	while ((m = kpi_mbuf_nextpkt(m)) != NULL && packets++ < CHAIN_LIMIT) {
		n += scnprintf(text + n, size - n, " / ");
		n += chain_text(m, text + n, size - n);
	}
}

struct vector_store *vector_store_of(struct vector_run *run, const struct vector_arg *name)
{
	return name->num < VECTOR_BUFFERS ? &run->buffer[name->num] :
					    &run->cluster[name->num - VECTOR_BUFFERS];
}

void vector_event(struct vector_run *run, const char *fmt, ...)
{
	va_list args;

	if (run->nevents == VECTOR_EVENTS)
		return;
	va_start(args, fmt);
	vscnprintf(run->events[run->nevents++], VECTOR_EVENT, fmt, args);
	va_end(args);
}

static int compare_events(const void *a, const void *b)
{
	return strcmp(a, b);
}

void vector_sort_events(struct vector_run *run)
{
	sort(run->events, run->nevents, VECTOR_EVENT, compare_events, NULL);
}

static bool is_one_of(const struct vector_store *store, const struct vector_store *all, int n)
{
	return store >= all && store < all + n;
}

static void buffer_freed(struct vector_run *run, struct vector_store *buffer, u_int size)
{
	vector_event(run, "free b%td %u", buffer - run->buffer, size);
	kfree(buffer->addr);
	memset(buffer, 0, sizeof(*buffer));
}

static void cluster_freed(struct vector_run *run, struct vector_store *cluster, u_int size)
{
	vector_event(run, "free c%td %u", cluster - run->cluster, size);
	kpi_mbuf_freecluster(cluster->addr, cluster->size);
	memset(cluster, 0, sizeof(*cluster));
}

/* The free callback of everything the runner attaches. */
void vector_extfree(caddr_t addr, u_int32_t size, caddr_t arg)
{
	struct vector_store *store = (struct vector_store *)arg;
	struct vector_run *run = running;
	bool buffer, cluster;

	if (!run)
		return;

	buffer = is_one_of(store, run->buffer, VECTOR_BUFFERS);
	cluster = is_one_of(store, run->cluster, VECTOR_CLUSTERS);
	if (!buffer && !cluster)
		vector_event(run, "free with an argument that was never given");
	else if (!store->attached || store->addr != addr)
		vector_event(run, "free of what was not attached, or twice");
	else if (buffer)
		buffer_freed(run, store, size);
	else
		cluster_freed(run, store, size);
}

static void completed(int number, ifnet_t ifp, u_int64_t ts, uintptr_t arg, uintptr_t data,
		      kern_return_t status)
{
	int rcvif = vector_rcvif_number(ifp);
	char name[16] = "-";

	if (!running)
		return;
	if (rcvif >= 0)
		snprintf(name, sizeof(name), "r%d", rcvif);
	vector_event(running, "txcompl f%d if=%s ts=%llu arg=%lu data=%lu status=%d",
		     number, name, ts, arg, data, status);
}

#define COMPLETION(number)							\
static void completion_##number(uintptr_t pktid, ifnet_t ifp, u_int64_t ts,	\
				uintptr_t arg, uintptr_t data,			\
				kern_return_t status)				\
{										\
	completed(number, ifp, ts, arg, data, status);				\
}

COMPLETION(0)
COMPLETION(1)
COMPLETION(2)
COMPLETION(3)
COMPLETION(4)
COMPLETION(5)
COMPLETION(6)
COMPLETION(7)
COMPLETION(8)
COMPLETION(9)

static const mbuf_tx_compl_func callbacks[VECTOR_CALLBACKS] = {
	completion_0, completion_1, completion_2, completion_3, completion_4,
	completion_5, completion_6, completion_7, completion_8, completion_9,
};

mbuf_tx_compl_func vector_callback(const struct vector_arg *name)
{
	return name->none ? NULL : callbacks[name->num];
}

void vector_start_case(struct vector_run *run, bool sticky)
{
	running = run;
	run->before = kpi_mbuf_counts();
	kpi_mbuf_sticky_references(sticky);
}

/* Gives back what no mbuf has taken; what one still holds stays until its callback. */
static void release_stores(struct vector_run *run)
{
	struct vector_store *store;

	for (store = run->cluster; store < run->cluster + VECTOR_CLUSTERS; store++) {
		if (!store->addr || store->attached)
			continue;
		kpi_mbuf_freecluster(store->addr, store->size);
		memset(store, 0, sizeof(*store));
	}
}

/* A damaged chain is left where it is: the report is worth more than the memory. */
void vector_end_case(struct vector_run *run)
{
	int i;

	kpi_mbuf_fail_nonblocking(false);
	for (i = 0; i < VECTOR_SLOTS; i++) {
		if (!kpi_mbuf_check(run->slot[i]))
			kpi_mbuf_freem_list(run->slot[i]);
		run->slot[i] = NULL;
	}
	release_stores(run);
	kpi_mbuf_sticky_references(false);

	for (i = 0; i < VECTOR_CALLBACKS; i++)
		(void)!kpi_mbuf_unregister_tx_compl_callback(callbacks[i]);
	memset(run->tag_id, 0, sizeof(run->tag_id));
}

/* A callback that comes too late finds nobody. */
void vector_forget_run(void)
{
	running = NULL;
}

static const char *lost_store(struct vector_run *run, char *text, size_t size)
{
	int i;

	for (i = 0; i < VECTOR_BUFFERS; i++) {
		if (!run->buffer[i].addr)
			continue;
		scnprintf(text, size, "buffer b%d was not released", i);
		return text;
	}
	for (i = 0; i < VECTOR_CLUSTERS; i++) {
		if (!run->cluster[i].addr)
			continue;
		scnprintf(text, size, "cluster c%d was not released", i);
		return text;
	}
	return NULL;
}

/* After the end of a case: what is left that should not be, or NULL. */
const char *vector_leak(struct vector_run *run, char *text, size_t size)
{
	struct kpi_mbuf_counts now = kpi_mbuf_counts(), *before = &run->before;

	if (lost_store(run, text, size))
		return text;
	if (!memcmp(&now, before, sizeof(now)))
		return NULL;
	scnprintf(text, size, "left behind: %ld mbufs, %ld clusters, %ld attached buffers, %ld views, %ld tags",
		  now.mbufs - before->mbufs, now.clusters - before->clusters,
		  now.extbufs - before->extbufs, now.views - before->views,
		  now.tags - before->tags);
	return text;
}
