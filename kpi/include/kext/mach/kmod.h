/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <mach/kmod.h>: the two routines of a kext and where they are named.
 *
 * The name map renames the tag and an object of the same name alike, so the
 * object that KMOD_EXPLICIT_DECL() defines is what the glue looks for.
 */
#ifndef _MACH_KMOD_H
#define _MACH_KMOD_H

#include <kpi/kmod.h>

#define kmod_info	bsd_kmod_info
#define kmod_reference	bsd_kmod_reference

typedef struct bsd_kmod_info kmod_info_t;
typedef struct bsd_kmod_reference kmod_reference_t;

#define KMOD_INFO_NAME		kmod_info
#define KMOD_INFO_VERSION	KPI_KMOD_INFO_VERSION
#define KMOD_MAX_NAME		64

#define KMOD_RETURN_SUCCESS	0
#define KMOD_RETURN_FAILURE	5

/* Callers write no semicolon behind these. */
#define KMOD_EXPLICIT_DECL(kmod_name, kmod_version, start_fn, stop_fn)	\
	kmod_info_t KMOD_INFO_NAME = {					\
		.info_version = KMOD_INFO_VERSION,			\
		.name = #kmod_name,					\
		.version = kmod_version,				\
		.reference_count = -1,					\
		.start = start_fn,					\
		.stop = stop_fn,					\
	};

#define KMOD_DECL(kmod_name, kmod_version)				\
	static kmod_start_func_t kmod_name ## _module_start;		\
	static kmod_stop_func_t kmod_name ## _module_stop;		\
	KMOD_EXPLICIT_DECL(kmod_name, kmod_version,			\
			   kmod_name ## _module_start, kmod_name ## _module_stop)

#endif /* _MACH_KMOD_H */
