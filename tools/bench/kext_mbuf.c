// SPDX-License-Identifier: GPL-2.0
/* The kext's sides of the mbuf cases. Kext world. */

#include <sys/types.h>
#include <sys/errno.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kpi_mbuf.h>
#include <netinet/in.h>

#include "bench.h"

static unsigned long long
run_gethdr(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		if (mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
			return 0;
		mbuf_freem(m);
	}
	return bench_now() - start;
}

const struct bench_side kext_gethdr = { .run = run_gethdr };

static unsigned long long
run_getpacket(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		if (mbuf_getpacket(MBUF_WAITOK, &m) != 0)
			return 0;
		mbuf_freem(m);
	}
	return bench_now() - start;
}

const struct bench_side kext_getpacket = { .run = run_getpacket };

static unsigned long long
run_cluster16k(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		m = NULL;
		if (mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, M16KCLBYTES, &m) != 0)
			return 0;
		mbuf_freem(m);
	}
	return bench_now() - start;
}

const struct bench_side kext_cluster16k = { .run = run_cluster16k };

/* A packet of b->size bytes in b->pieces clusters. */
static int
open_chain(struct bench *b)
{
	size_t piece = howmany(b->size, b->pieces);
	size_t cluster = piece <= MCLBYTES ? MCLBYTES :
			 piece <= MBIGCLBYTES ? MBIGCLBYTES : M16KCLBYTES;
	size_t left = b->size;
	mbuf_t head = NULL, last = NULL, m;

	while (left != 0) {
		size_t len = min(left, piece);

		m = NULL;
		if (head == NULL && mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) != 0)
			return ENOMEM;
		if (mbuf_getcluster(MBUF_WAITOK, MBUF_TYPE_DATA, cluster, &m) != 0) {
			mbuf_freem(m != head ? m : NULL);
			mbuf_freem(head);
			return ENOMEM;
		}
		memset(mbuf_data(m), (int)left, len);
		mbuf_setlen(m, len);
		if (last != NULL)
			mbuf_setnext(last, m);
		else
			head = m;
		last = m;
		left -= len;
	}
	mbuf_pkthdr_setlen(head, b->size);
	b->object = head;
	return 0;
}

static void
close_chain(struct bench *b)
{
	mbuf_freem(b->object);
}

static unsigned long long
run_copydata(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (mbuf_copydata(b->object, 0, b->size, b->buffer) != 0)
			return 0;
	return bench_now() - start;
}

const struct bench_side kext_copydata = { open_chain, run_copydata, close_chain };

static unsigned long long
run_copydata_small(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;

	for (i = 0; i < b->n; i++)
		if (mbuf_copydata(b->object, 40, 64, b->buffer) != 0)
			return 0;
	return bench_now() - start;
}

const struct bench_side kext_copydata_small = { open_chain, run_copydata_small, close_chain };

static unsigned long long
run_walk(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i, sum = 0;
	mbuf_t m;

	for (i = 0; i < b->n; i++)
		for (m = b->object; m != NULL; m = mbuf_next(m)) {
			sum += (unsigned long)mbuf_data(m) + mbuf_len(m);
			mbuf_setlen(m, b->size / b->pieces);
		}
	b->done = sum;
	return bench_now() - start;
}

const struct bench_side kext_walk = { open_chain, run_walk, close_chain };

static unsigned long long
run_copym(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	mbuf_t m;

	for (i = 0; i < b->n; i++) {
		if (mbuf_copym(b->object, 0, MBUF_COPYALL, MBUF_WAITOK, &m) != 0)
			return 0;
		mbuf_freem(m);
	}
	return bench_now() - start;
}

const struct bench_side kext_copym = { open_chain, run_copym, close_chain };

static unsigned long long
run_cksum(struct bench *b)
{
	unsigned long long start = bench_now();
	unsigned long i;
	u_int16_t sum;

	for (i = 0; i < b->n; i++) {
		if (mbuf_inet_cksum(b->object, 0, 0, b->size, &sum) != 0)
			return 0;
		b->done += sum;
	}
	return bench_now() - start;
}

const struct bench_side kext_cksum = { open_chain, run_cksum, close_chain };
