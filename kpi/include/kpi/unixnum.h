/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers of signals, files and modes: Linux's, under the macOS names.
 * kpi/kern/numbers.c proves at compile time that they are right.
 */
#ifndef _KPI_UNIXNUM_H
#define _KPI_UNIXNUM_H

/* Signals. */
#define KPI_SIGHUP	1
#define KPI_SIGINT	2
#define KPI_SIGQUIT	3
#define KPI_SIGILL	4
#define KPI_SIGTRAP	5
#define KPI_SIGABRT	6
#define KPI_SIGBUS	7
#define KPI_SIGFPE	8
#define KPI_SIGKILL	9
#define KPI_SIGUSR1	10
#define KPI_SIGSEGV	11
#define KPI_SIGUSR2	12
#define KPI_SIGPIPE	13
#define KPI_SIGALRM	14
#define KPI_SIGTERM	15
#define KPI_SIGCHLD	17
#define KPI_SIGCONT	18
#define KPI_SIGSTOP	19
#define KPI_SIGTSTP	20
#define KPI_SIGTTIN	21
#define KPI_SIGTTOU	22
#define KPI_SIGURG	23
#define KPI_SIGXCPU	24
#define KPI_SIGXFSZ	25
#define KPI_SIGVTALRM	26
#define KPI_SIGPROF	27
#define KPI_SIGWINCH	28
#define KPI_SIGIO	29
#define KPI_SIGSYS	31

/* Flags of open files, and what fcntl() does. */
#define KPI_O_RDONLY	0x0000
#define KPI_O_WRONLY	0x0001
#define KPI_O_RDWR	0x0002
#define KPI_O_ACCMODE	0x0003
#define KPI_O_CREAT	0x0040
#define KPI_O_EXCL	0x0080
#define KPI_O_NOCTTY	0x0100
#define KPI_O_TRUNC	0x0200
#define KPI_O_APPEND	0x0400
#define KPI_O_NONBLOCK	0x0800
#define KPI_O_DSYNC	0x1000
#define KPI_O_ASYNC	0x2000
#define KPI_O_DIRECTORY	0x10000
#define KPI_O_NOFOLLOW	0x20000
#define KPI_O_CLOEXEC	0x80000
#define KPI_O_SYNC	0x101000
#define KPI_F_DUPFD	0
#define KPI_F_GETFD	1
#define KPI_F_SETFD	2
#define KPI_F_GETFL	3
#define KPI_F_SETFL	4
#define KPI_FD_CLOEXEC	1

/* Modes of files. */
#define KPI_S_IFMT	0170000
#define KPI_S_IFIFO	0010000
#define KPI_S_IFCHR	0020000
#define KPI_S_IFDIR	0040000
#define KPI_S_IFBLK	0060000
#define KPI_S_IFREG	0100000
#define KPI_S_IFLNK	0120000
#define KPI_S_IFSOCK	0140000
#define KPI_S_ISUID	0004000
#define KPI_S_ISGID	0002000
#define KPI_S_ISVTX	0001000
#define KPI_S_IRWXU	0000700
#define KPI_S_IRUSR	0000400
#define KPI_S_IWUSR	0000200
#define KPI_S_IXUSR	0000100
#define KPI_S_IRWXG	0000070
#define KPI_S_IRGRP	0000040
#define KPI_S_IWGRP	0000020
#define KPI_S_IXGRP	0000010
#define KPI_S_IRWXO	0000007
#define KPI_S_IROTH	0000004
#define KPI_S_IWOTH	0000002
#define KPI_S_IXOTH	0000001

#endif /* _KPI_UNIXNUM_H */
