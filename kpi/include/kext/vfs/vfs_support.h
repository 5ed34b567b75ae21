/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _VFS_VFS_SUPPORT_H
#define _VFS_VFS_SUPPORT_H

#include <sys/kernel_types.h>
#include <sys/mount.h>
#include <sys/param.h>
#include <sys/vnode.h>

#endif /* _VFS_VFS_SUPPORT_H */
