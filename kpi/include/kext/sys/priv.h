/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_PRIV_H
#define _SYS_PRIV_H

#include <sys/types.h>

#endif /* _SYS_PRIV_H */
