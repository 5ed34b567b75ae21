/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _LIBKERN_SYSCTL_H
#define _LIBKERN_SYSCTL_H

#include <sys/cdefs.h>
#include <sys/types.h>

#endif /* _LIBKERN_SYSCTL_H */
