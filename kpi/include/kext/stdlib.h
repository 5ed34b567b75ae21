/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing but what the kernel has. */
#ifndef _STDLIB_H
#define _STDLIB_H

#include <libkern/libkern.h>

#endif /* _STDLIB_H */
