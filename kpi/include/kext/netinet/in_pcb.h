/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing of it is offered; here so that an #include finds what it brings on macOS. */
#ifndef _NETINET_IN_PCB_H
#define _NETINET_IN_PCB_H

#include <sys/appleapiopts.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <kern/locks.h>
#include <netinet/in.h>

#endif /* _NETINET_IN_PCB_H */
