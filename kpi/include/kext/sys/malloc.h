/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYS_MALLOC_H
#define _SYS_MALLOC_H

#include <kpi/memory.h>
#include <sys/appleapiopts.h>
#include <sys/cdefs.h>

#define M_FREE		0
#define M_PCB		4
#define M_RTABLE	5
#define M_IFADDR	9
#define M_SOOPTS	12
#define M_LOCKF		40
#define M_TEMP		80
#define M_KAUTH		100
#define M_IFMADDR	55
#define M_DEVBUF	2
#define M_IOV		23
#define M_UDFNODE	122

#define _MALLOC		kpi__MALLOC
#define _FREE		kpi__FREE
#define _MALLOC_ZONE	kpi__MALLOC_ZONE
#define _FREE_ZONE	kpi__FREE_ZONE

#define MALLOC(space, cast, size, type, flags) \
	((space) = (cast)_MALLOC(size, type, flags))
#define FREE(addr, type)	_FREE((void *)(addr), type)
#define MALLOC_ZONE(space, cast, size, type, flags) \
	((space) = (cast)_MALLOC_ZONE(size, type, flags))
#define FREE_ZONE(addr, size, type)	_FREE_ZONE((void *)(addr), size, type)

#endif /* _SYS_MALLOC_H */
