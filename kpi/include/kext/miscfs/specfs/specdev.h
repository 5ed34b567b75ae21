/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _MISCFS_SPECFS_SPECDEV_H
#define _MISCFS_SPECFS_SPECDEV_H

#include <sys/conf.h>
#include <sys/vnode.h>

#endif /* _MISCFS_SPECFS_SPECDEV_H */
