/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSRETURN_H
#define _LIBKERN_OSRETURN_H

#include <sys/cdefs.h>
#include <mach/kern_return.h>

typedef kern_return_t OSReturn;

#define kOSReturnSuccess	0
#define kOSReturnError		((OSReturn)0xdc000001)

#endif /* _LIBKERN_OSRETURN_H */
