/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing but what the kernel has. */
#ifndef _STDIO_H
#define _STDIO_H

#include <libkern/libkern.h>

#endif /* _STDIO_H */
