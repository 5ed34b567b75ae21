/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIBKERN_OSMALLOC_H
#define _LIBKERN_OSMALLOC_H

#include <kpi/memory.h>
#include <stdint.h>
#include <sys/cdefs.h>

#define OSMT_MAX_NAME		64

#define OSMalloc_Tagalloc	kpi_OSMalloc_Tagalloc
#define OSMalloc_Tagfree	kpi_OSMalloc_Tagfree
#define OSMalloc		kpi_OSMalloc
#define OSMalloc_nowait		kpi_OSMalloc_nowait
#define OSMalloc_noblock	kpi_OSMalloc_noblock
#define OSFree			kpi_OSFree

#endif /* _LIBKERN_OSMALLOC_H */
