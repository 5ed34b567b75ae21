/* SPDX-License-Identifier: GPL-2.0 */
/* Device switches: devices of kexts are not offered. */
#ifndef _SYS_CONF_H
#define _SYS_CONF_H

#include <sys/appleapiopts.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/kernel_types.h>
#include <sys/queue.h>
#include <stdint.h>

struct bdevsw;
struct cdevsw;
struct tty;

#define D_TAPE		1
#define D_DISK		2
#define D_TTY		3

#endif /* _SYS_CONF_H */
