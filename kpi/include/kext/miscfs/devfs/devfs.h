/* SPDX-License-Identifier: GPL-2.0 */
/* Out of scope: here only so that an #include does not fail. */
#ifndef _MISCFS_DEVFS_DEVFS_H
#define _MISCFS_DEVFS_DEVFS_H

#include <sys/types.h>
#include <sys/conf.h>

#endif /* _MISCFS_DEVFS_DEVFS_H */
