/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a kext starts and stops.
 *
 * A kext has two routines. start runs once, in a thread that may sleep; any
 * result but 0 means that the kext is not loaded. stop runs when somebody asks
 * for the kext to be unloaded; any result but 0 means that it stays and works
 * on, and may be asked again. Both are named in an object called kmod_info,
 * which KMOD_EXPLICIT_DECL() defines in one of the kext's files, or which the
 * glue defines from what the kext's Kbuild says.
 *
 * On Linux the glue (kpi/glue/kext_glue.c) turns this into a module. A started
 * kext is pinned: rmmod refuses it. Writing 1 to its module parameter "stop"
 * calls the stop routine; when that returns 0 and nothing of the kext is
 * registered any more, the pin goes and rmmod works.
 */
#ifndef _KPI_KMOD_H
#define _KPI_KMOD_H

#include <kpi/types.h>

struct bsd_kmod_info;

typedef kern_return_t kmod_start_func_t(struct bsd_kmod_info *ki, void *data);
typedef kern_return_t kmod_stop_func_t(struct bsd_kmod_info *ki, void *data);

struct bsd_kmod_reference {
	struct bsd_kmod_reference *next;
	struct bsd_kmod_info *info;
} __attribute__((__packed__, __aligned__(4)));

struct bsd_kmod_info {
	struct bsd_kmod_info *next;
	int32_t info_version;
	uint32_t id;
	char name[64];
	char version[64];
	int32_t reference_count;
	struct bsd_kmod_reference *reference_list;
	unsigned long address;
	unsigned long size;
	unsigned long hdr_size;
	kmod_start_func_t *start;
	kmod_stop_func_t *stop;
} __attribute__((__packed__, __aligned__(4)));

_Static_assert(sizeof(struct bsd_kmod_info) == 196, "kmod_info layout");

#define KPI_KMOD_INFO_VERSION	1

/* A kext that is retained is not stopped. */
#define KPI_KEXT_INVALID_ARGUMENT	0xdc008005u
#define KPI_KEXT_NOT_FOUND		0xdc008006u

kern_return_t kpi_OSKextRetainKextWithLoadTag(u_int32_t tag);
kern_return_t kpi_OSKextReleaseKextWithLoadTag(u_int32_t tag);

#endif /* _KPI_KMOD_H */
