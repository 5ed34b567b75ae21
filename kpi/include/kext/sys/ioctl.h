/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H

#include <sys/ioccom.h>
#include <sys/filio.h>
#include <sys/sockio.h>

#endif /* _SYS_IOCTL_H */
