/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_LOCKS_H
#define _LIBKERN_LOCKS_H

#include <kern/locks.h>
#include <sys/types.h>

#endif /* _LIBKERN_LOCKS_H */
