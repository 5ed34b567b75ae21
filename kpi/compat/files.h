/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel threads have a file system of their own, with nothing in it, since 7.1.
 * What a kext names by path is the system's, whatever thread asks. Drop the other
 * case when 6.12 goes.
 */
#ifndef _KPI_COMPAT_FILES_H
#define _KPI_COMPAT_FILES_H

#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/sched.h>

static inline struct fs_struct *kpi_compat_files_begin(void)
{
#ifdef KPI_HAVE_INIT_FS
	return current->flags & PF_KTHREAD ? __override_init_fs() : NULL;
#else
	return NULL;
#endif
}

static inline void kpi_compat_files_end(struct fs_struct *old)
{
#ifdef KPI_HAVE_INIT_FS
	if (old)
		__revert_init_fs(old);
#endif
}

static inline struct file *kpi_compat_open(const char *path, int flags, umode_t mode)
{
	struct fs_struct *old = kpi_compat_files_begin();
	struct file *file = filp_open(path, flags, mode);

	kpi_compat_files_end(old);
	return file;
}

#endif /* _KPI_COMPAT_FILES_H */
