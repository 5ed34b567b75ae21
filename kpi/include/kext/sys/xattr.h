/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_XATTR_H
#define _SYS_XATTR_H

#include <sys/types.h>

#define XATTR_NOFOLLOW		0x0001
#define XATTR_CREATE		0x0002
#define XATTR_REPLACE		0x0004
#define XATTR_NOSECURITY	0x0008
#define XATTR_NODEFAULT		0x0010
#define XATTR_MAXNAMELEN	127

#endif /* _SYS_XATTR_H */
