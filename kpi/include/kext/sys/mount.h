/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_MOUNT_H
#define _SYS_MOUNT_H

#include <sys/param.h>
#include <sys/kernel_types.h>
#include <sys/ucred.h>
#include <sys/vnode.h>

typedef struct fsid { int32_t val[2]; } fsid_t;

#define NFS_MAX_FH_SIZE		128

typedef struct fhandle {
	unsigned int fh_len;
	unsigned char fh_data[NFS_MAX_FH_SIZE];
} fhandle_t;

#endif /* _SYS_MOUNT_H */
