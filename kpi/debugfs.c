// SPDX-License-Identifier: GPL-2.0
/* Tables for root, below debugfs: what kextstat and kextunload show. */

#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "registry.h"

static struct dentry *debug_folder;

static const char *state_of(const struct kpi_kext *kext)
{
	if (kext->released)
		return "stopped";
	if (kext->stop_done)
		return "stopping";
	return kext->started ? "running" : "starting";
}

/* What a kext says of itself is in its own memory, which goes with its module. */
static void show_kext(struct seq_file *seq, const struct kpi_kext *kext)
{
	const struct bsd_kmod_info *info = kext->info;
	int kind;

	seq_printf(seq, "%u\t%s", kext->id, kext->name);
	if (READ_ONCE(kext->module))
		seq_printf(seq, "\t%.*s\t%.*s\t%s\t%lu", (int)sizeof(info->name), info->name,
			   (int)sizeof(info->version), info->version, state_of(kext),
			   kext->text_end - kext->text_start);
	else
		seq_puts(seq, "\t-\t-\tunloaded\t0");
	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		seq_printf(seq, "\t%ld", kpi_kext_held(kext, kind));
	for (kind = 0; kind < KPI_COUNTED_KINDS; kind++)
		seq_printf(seq, "\t%lu", kpi_kext_counted(kext, kind));
	seq_putc(seq, '\n');
}

/* The table that kextstat shows: a line of titles, a line per kext, tabs between. */
static int kexts_show(struct seq_file *seq, void *unused)
{
	unsigned int i;
	int kind;

	seq_puts(seq, "index\tname\tidentifier\tversion\tstate\tsize");
	for (kind = 0; kind < KPI_HELD_KINDS; kind++)
		seq_printf(seq, "\t%s", kpi_held_kinds[kind].name);
	for (kind = 0; kind < KPI_COUNTED_KINDS; kind++)
		seq_printf(seq, "\t%s", kpi_counted_kinds[kind]);
	seq_putc(seq, '\n');

	rcu_read_lock();	/* keeps the kexts, and the modules not yet withdrawn */
	for (i = 0; i < KPI_MAX_KEXTS; i++) {
		const struct kpi_kext *kext = kpi_kext_in_slot(i);

		if (kext && (READ_ONCE(kext->module) || kpi_kext_holds_anything(kext)))
			show_kext(seq, kext);
	}
	rcu_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(kexts);

/* What keeps the layer loaded when all kexts have gone; kextunload tells. */
static int packets_show(struct seq_file *seq, void *unused)
{
	seq_printf(seq, "%ld\n", kpi_mbuf_followed());
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(packets);

static int filters_show(struct seq_file *seq, void *unused)
{
	kpi_sflt_show_all(seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(filters);

void kpi_debugfs_init(void)
{
	debug_folder = debugfs_create_dir("netkpi", NULL);
	debugfs_create_file("kexts", 0400, debug_folder, NULL, &kexts_fops);
	debugfs_create_file("packets", 0400, debug_folder, NULL, &packets_fops);
	debugfs_create_file("filters", 0400, debug_folder, NULL, &filters_fops);
}

void kpi_debugfs_exit(void)
{
	debugfs_remove_recursive(debug_folder);
}
