/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ERRNO_H
#define _ERRNO_H

#include <sys/errno.h>

#endif /* _ERRNO_H */
