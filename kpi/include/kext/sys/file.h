/* SPDX-License-Identifier: GPL-2.0 */
/* Files as objects are not offered. */
#ifndef _SYS_FILE_H
#define _SYS_FILE_H

#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <sys/fcntl.h>
#include <sys/unistd.h>
#include <sys/queue.h>
#include <sys/cdefs.h>
#include <sys/kernel_types.h>

#endif /* _SYS_FILE_H */
