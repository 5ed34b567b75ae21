/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _SYS_EVENT_H
#define _SYS_EVENT_H

#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/queue.h>
#include <sys/types.h>

#endif /* _SYS_EVENT_H */
