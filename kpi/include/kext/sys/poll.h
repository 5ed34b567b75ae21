/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_POLL_H
#define _SYS_POLL_H

#include <sys/cdefs.h>

#endif /* _SYS_POLL_H */
