/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_KALLOC_H
#define _KERN_KALLOC_H

#include <kpi/memory.h>
#include <mach/mach_types.h>
#include <mach/vm_types.h>
#include <kern/kern_types.h>
#include <sys/cdefs.h>

typedef unsigned int zalloc_flags_t;

#define kalloc_data(size, flags)	kpi_kalloc(size, flags)
#define kfree_data(addr, size)						\
do {									\
	kpi_kfree(addr, size);						\
	(addr) = NULL;							\
} while (0)

/* kalloc_type(type, flags) or kalloc_type(type, count, flags) */
#define __kpi_kalloc_one(type, flags) \
	((type *)kpi_kalloc(sizeof(type), flags))
#define __kpi_kalloc_many(type, count, flags) \
	((type *)kpi_kalloc(sizeof(type) * (size_t)(count), flags))
#define __kpi_kalloc_pick(a, b, c, name, ...)	name
#define kalloc_type(...) \
	__kpi_kalloc_pick(__VA_ARGS__, __kpi_kalloc_many, __kpi_kalloc_one, )(__VA_ARGS__)

/* kfree_type(type, pointer) or kfree_type(type, count, pointer); clears the pointer */
#define __kpi_kfree_one(type, ptr)					\
do {									\
	kpi_kfree(ptr, sizeof(type));					\
	(ptr) = NULL;							\
} while (0)
#define __kpi_kfree_many(type, count, ptr)				\
do {									\
	kpi_kfree(ptr, sizeof(type) * (size_t)(count));			\
	(ptr) = NULL;							\
} while (0)
#define kfree_type(...) \
	__kpi_kalloc_pick(__VA_ARGS__, __kpi_kfree_many, __kpi_kfree_one, )(__VA_ARGS__)

#endif /* _KERN_KALLOC_H */
