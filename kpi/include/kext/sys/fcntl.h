/* SPDX-License-Identifier: GPL-2.0 */
/* Flags of open files: those of Linux. */
#ifndef _SYS_FCNTL_H
#define _SYS_FCNTL_H

#include <sys/types.h>
#include <sys/cdefs.h>

#define O_RDONLY	0x0000
#define O_WRONLY	0x0001
#define O_RDWR		0x0002
#define O_ACCMODE	0x0003
#define O_CREAT		0x0040
#define O_EXCL		0x0080
#define O_NOCTTY	0x0100
#define O_TRUNC		0x0200
#define O_APPEND	0x0400
#define O_NONBLOCK	0x0800
#define O_NDELAY	O_NONBLOCK
#define O_DSYNC		0x1000
#define O_ASYNC		0x2000
#define O_DIRECTORY	0x10000
#define O_NOFOLLOW	0x20000
#define O_CLOEXEC	0x80000
#define O_SYNC		0x101000

/* As seen inside the kernel. */
#define FREAD		0x0001
#define FWRITE		0x0002
#define FNONBLOCK	O_NONBLOCK
#define FNDELAY		O_NONBLOCK
#define FASYNC		O_ASYNC
#define FAPPEND		O_APPEND

#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define FD_CLOEXEC	1

#endif /* _SYS_FCNTL_H */
