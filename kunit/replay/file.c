// SPDX-License-Identifier: GPL-2.0
/*
 * netkpi_vectors.ko: where vector files come in.
 *
 * Whoever opens debugfs netkpi_vectors, writes a vector file to it and then
 * reads from the same descriptor gets the report: what failed or was skipped,
 * and "N passed, N failed, N skipped" last.
 *
 *   exec 3<>/sys/kernel/debug/netkpi_vectors; cat file >&3; cat <&3
 */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "vector.h"

#define CHUNK	(64 << 10)

struct replay {
	struct vector_run *run;
	char *text;		/* the report, once reading has begun */
	size_t len;
};

static int replay_open(struct inode *inode, struct file *file)
{
	struct replay *replay;

	replay = kzalloc(sizeof(*replay), GFP_KERNEL);
	if (!replay)
		return -ENOMEM;
	replay->run = vector_begin();
	if (IS_ERR(replay->run)) {
		int err = PTR_ERR(replay->run);

		kfree(replay);
		return err;
	}
	file->private_data = replay;
	return 0;
}

static int replay_release(struct inode *inode, struct file *file)
{
	struct replay *replay = file->private_data;

	vector_free(replay->run);
	kvfree(replay->text);
	kfree(replay);
	return 0;
}

static ssize_t replay_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	struct replay *replay = file->private_data;
	size_t todo = min_t(size_t, len, CHUNK);
	char *chunk;

	if (replay->text)
		return -EINVAL;
	chunk = vmemdup_user(from, todo);
	if (IS_ERR(chunk))
		return PTR_ERR(chunk);
	vector_feed(replay->run, chunk, todo);
	kvfree(chunk);
	return todo;
}

static int write_report(struct replay *replay)
{
	const struct vector_report *report = vector_finish(replay->run);
	size_t size = report->log_len + 256;

	replay->text = kvmalloc(size, GFP_KERNEL);
	if (!replay->text)
		return -ENOMEM;
	replay->len = scnprintf(replay->text, size,
				"%s%s%u calls in %u cases, %u judged by rulings\n%u passed, %u failed, %u skipped\n",
				report->log, report->log_full ? "(there was more)\n" : "",
				report->calls, report->cases, report->ruled, report->passed,
				report->failed, report->skipped);
	return 0;
}

/* Reading starts at the report's beginning, wherever writing has ended. */
static ssize_t replay_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	struct replay *replay = file->private_data;
	int err;

	if (!replay->text) {
		err = write_report(replay);
		if (err)
			return err;
		*pos = 0;
	}
	return simple_read_from_buffer(to, len, pos, replay->text, replay->len);
}

static const struct file_operations replay_fops = {
	.owner	 = THIS_MODULE,
	.open	 = replay_open,
	.release = replay_release,
	.read	 = replay_read,
	.write	 = replay_write,
};

static struct dentry *entry;

static int __init vectors_init(void)
{
	entry = debugfs_create_file("netkpi_vectors", 0600, NULL, NULL, &replay_fops);
	return PTR_ERR_OR_ZERO(entry);
}
module_init(vectors_init);

static void __exit vectors_exit(void)
{
	debugfs_remove(entry);
}
module_exit(vectors_exit);

KPI_IMPORT();
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Replay of reference vectors of the mbuf KPI");
