/* SPDX-License-Identifier: GPL-2.0 */
/* Out of scope: here only so that an #include does not fail. */
#ifndef _SYS_BUF_H
#define _SYS_BUF_H

#include <sys/types.h>
#include <sys/kernel_types.h>

#endif /* _SYS_BUF_H */
