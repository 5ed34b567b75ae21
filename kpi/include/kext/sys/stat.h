/* SPDX-License-Identifier: GPL-2.0 */
/* Constants of file modes; the structures of the file system are not offered. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H

#include <kpi/unixnum.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/cdefs.h>

#define S_IFMT		KPI_S_IFMT
#define S_IFIFO		KPI_S_IFIFO
#define S_IFCHR		KPI_S_IFCHR
#define S_IFDIR		KPI_S_IFDIR
#define S_IFBLK		KPI_S_IFBLK
#define S_IFREG		KPI_S_IFREG
#define S_IFLNK		KPI_S_IFLNK
#define S_IFSOCK	KPI_S_IFSOCK
#define S_ISUID		KPI_S_ISUID
#define S_ISGID		KPI_S_ISGID
#define S_ISVTX		KPI_S_ISVTX
#define S_IRWXU		KPI_S_IRWXU
#define S_IRUSR		KPI_S_IRUSR
#define S_IWUSR		KPI_S_IWUSR
#define S_IXUSR		KPI_S_IXUSR
#define S_IRWXG		KPI_S_IRWXG
#define S_IRGRP		KPI_S_IRGRP
#define S_IWGRP		KPI_S_IWGRP
#define S_IXGRP		KPI_S_IXGRP
#define S_IRWXO		KPI_S_IRWXO
#define S_IROTH		KPI_S_IROTH
#define S_IWOTH		KPI_S_IWOTH
#define S_IXOTH		KPI_S_IXOTH

#define S_ISBLK(m)	(((m) & S_IFMT) == S_IFBLK)
#define S_ISCHR(m)	(((m) & S_IFMT) == S_IFCHR)
#define S_ISDIR(m)	(((m) & S_IFMT) == S_IFDIR)
#define S_ISFIFO(m)	(((m) & S_IFMT) == S_IFIFO)
#define S_ISREG(m)	(((m) & S_IFMT) == S_IFREG)
#define S_ISLNK(m)	(((m) & S_IFMT) == S_IFLNK)
#define S_ISSOCK(m)	(((m) & S_IFMT) == S_IFSOCK)

#endif /* _SYS_STAT_H */
