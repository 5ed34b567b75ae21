/* SPDX-License-Identifier: GPL-2.0 */
/* Buffers are not offered; these three are for any word of flags. */
#ifndef _SYS_BUF_H
#define _SYS_BUF_H

#include <sys/param.h>
#include <sys/kernel_types.h>

#define SET(word, flags)	((word) |= (flags))
#define CLR(word, flags)	((word) &= ~(flags))
#define ISSET(word, flags)	((word) & (flags))

#endif /* _SYS_BUF_H */
