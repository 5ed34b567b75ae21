/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_DISK_H
#define _SYS_DISK_H

#include <stdint.h>
#include <sys/ioccom.h>
#include <sys/types.h>

#endif /* _SYS_DISK_H */
