/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_UBC_H
#define _SYS_UBC_H

#include <sys/param.h>
#include <sys/kernel_types.h>
#include <sys/mount.h>

#endif /* _SYS_UBC_H */
