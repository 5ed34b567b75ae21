/* SPDX-License-Identifier: GPL-2.0 */
/* Flags of open files: those of Linux. */
#ifndef _SYS_FCNTL_H
#define _SYS_FCNTL_H

#include <kpi/unixnum.h>
#include <sys/types.h>
#include <sys/cdefs.h>

#define O_RDONLY	KPI_O_RDONLY
#define O_WRONLY	KPI_O_WRONLY
#define O_RDWR		KPI_O_RDWR
#define O_ACCMODE	KPI_O_ACCMODE
#define O_CREAT		KPI_O_CREAT
#define O_EXCL		KPI_O_EXCL
#define O_NOCTTY	KPI_O_NOCTTY
#define O_TRUNC		KPI_O_TRUNC
#define O_APPEND	KPI_O_APPEND
#define O_NONBLOCK	KPI_O_NONBLOCK
#define O_NDELAY	O_NONBLOCK
#define O_DSYNC		KPI_O_DSYNC
#define O_ASYNC		KPI_O_ASYNC
#define O_DIRECTORY	KPI_O_DIRECTORY
#define O_NOFOLLOW	KPI_O_NOFOLLOW
#define O_CLOEXEC	KPI_O_CLOEXEC
#define O_SYNC		KPI_O_SYNC

/* As seen inside the kernel. */
#define FREAD		0x0001
#define FWRITE		0x0002
#define FNONBLOCK	O_NONBLOCK
#define FNDELAY		O_NONBLOCK
#define FASYNC		O_ASYNC
#define FAPPEND		O_APPEND

#define F_DUPFD		KPI_F_DUPFD
#define F_GETFD		KPI_F_GETFD
#define F_SETFD		KPI_F_SETFD
#define F_GETFL		KPI_F_GETFL
#define F_SETFL		KPI_F_SETFL
#define FD_CLOEXEC	KPI_FD_CLOEXEC

#endif /* _SYS_FCNTL_H */
