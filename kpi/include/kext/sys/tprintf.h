/* SPDX-License-Identifier: GPL-2.0 */
/* Messages to the terminal of a process: they go to the kernel log. */
#ifndef _SYS_TPRINTF_H
#define _SYS_TPRINTF_H

#include <sys/types.h>
#include <sys/kernel_types.h>
#include <libkern/libkern.h>

typedef struct session *tpr_t;

#define tprintf_open(p)		((void)(p), (tpr_t)0)
#define tprintf_close(tpr)	((void)(tpr))
#define tprintf(tpr, ...)	((void)(tpr), (void)printf(__VA_ARGS__))

#endif /* _SYS_TPRINTF_H */
