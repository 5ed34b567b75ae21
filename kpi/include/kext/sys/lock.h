/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_LOCK_H
#define _SYS_LOCK_H

#include <sys/appleapiopts.h>
#include <sys/types.h>
#include <sys/cdefs.h>
#include <kern/locks.h>

#endif /* _SYS_LOCK_H */
