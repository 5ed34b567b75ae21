// SPDX-License-Identifier: GPL-2.0
/* Counting: what exists, and the sizes kexts ask for. */

#include <linux/cpumask.h>
#include <linux/string.h>

#include "check.h"
#include "cpu.h"

static void counters_add(struct kpi_mbuf_counters *sum, const struct kpi_mbuf_counters *c)
{
	int i;

	for (i = 0; i <= KPI_MBUF_TYPES; i++)
		sum->types[i] += READ_ONCE(c->types[i]);
	for (i = 0; i < KPI_CLUSTER_CLASSES; i++)
		sum->clusters[i] += READ_ONCE(c->clusters[i]);
	sum->existing += READ_ONCE(c->existing);
	sum->extbufs += READ_ONCE(c->extbufs);
	sum->views += READ_ONCE(c->views);
	sum->tags += READ_ONCE(c->tags);
	sum->drops += READ_ONCE(c->drops);
	sum->waits += READ_ONCE(c->waits);
	sum->drained += READ_ONCE(c->drained);
	sum->copym_failed += READ_ONCE(c->copym_failed);
	sum->pullup_failed += READ_ONCE(c->pullup_failed);
}

static void counters_sum(struct kpi_mbuf_counters *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu)
		counters_add(sum, &per_cpu_ptr(&kpi_mbuf_cpu, cpu)->counters);
}

struct kpi_mbuf_counts kpi_mbuf_counts(void)
{
	struct kpi_mbuf_counts counts = { };
	struct kpi_mbuf_counters sum;
	int i;

	counters_sum(&sum);
	for (i = 0; i <= KPI_MBUF_TYPES; i++)
		counts.mbufs += sum.types[i];
	for (i = 0; i < KPI_CLUSTER_CLASSES; i++)
		counts.clusters += sum.clusters[i];
	counts.extbufs = sum.extbufs;
	counts.views = sum.views;
	counts.tags = sum.tags;
	return counts;
}
KPI_EXPORT(kpi_mbuf_counts);

/**
 * kpi_mbuf_stats() - figures about mbufs
 * @stats: out: the figures
 *
 * macOS difference: counters are up to date. Free clusters are not kept one by
 * one here, so those figures are 0.
 *
 * Context: Any.
 */
void kpi_mbuf_stats(struct bsd_mbuf_stat *stats)
{
	struct kpi_mbuf_counters sum;
	int i;

	if (!stats) {
		kpi_misuse("no place for the result");
		return;
	}

	counters_sum(&sum);
	*stats = (struct bsd_mbuf_stat) {
		.mbufs = sum.existing,
		.clusters = sum.clusters[KPI_CLUSTER_2K],
		.bigclusters = sum.clusters[KPI_CLUSTER_4K],
		.drops = sum.drops,
		.wait = sum.waits,
		.drain = sum.drained,
		.mcfail = sum.copym_failed,
		.mpfail = sum.pullup_failed,
		.msize = KPI_MSIZE,
		.mclbytes = KPI_MCLBYTES,
		.minclsize = KPI_MINCLSIZE,
		.mlen = KPI_MLEN,
		.mhlen = KPI_MHLEN,
		.bigmclbytes = KPI_MBIGCLBYTES,
	};
	for (i = 0; i < KPI_MBUF_TYPES; i++)
		stats->mtypes[i] = sum.types[i];
}
KPI_EXPORT(kpi_mbuf_stats);

/**
 * kpi_mbuf_get_mlen() - data bytes inside an mbuf
 *
 * macOS difference: none; this is what macOS says on Apple silicon.
 *
 * Context: Any.
 * Return: 288.
 */
u_int32_t kpi_mbuf_get_mlen(void)
{
	return KPI_MLEN;
}
KPI_EXPORT(kpi_mbuf_get_mlen);

/**
 * kpi_mbuf_get_mhlen() - data bytes inside an mbuf with packet header
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 288.
 */
u_int32_t kpi_mbuf_get_mhlen(void)
{
	return KPI_MHLEN;
}
KPI_EXPORT(kpi_mbuf_get_mhlen);

/**
 * kpi_mbuf_get_minclsize() - from how many bytes on a cluster pays
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 576.
 */
u_int32_t kpi_mbuf_get_minclsize(void)
{
	return KPI_MINCLSIZE;
}
KPI_EXPORT(kpi_mbuf_get_minclsize);

/**
 * kpi_mbuf_get_msize() - size of an mbuf
 *
 * macOS difference: for information only; an mbuf has another size here.
 *
 * Context: Any.
 * Return: 512.
 */
u_int32_t kpi_mbuf_get_msize(void)
{
	return KPI_MSIZE;
}
KPI_EXPORT(kpi_mbuf_get_msize);
