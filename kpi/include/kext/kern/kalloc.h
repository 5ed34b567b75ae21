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

/* kalloc_type(type, flags) or kalloc_type(type, count, flags) */
#define __kpi_kalloc_one(type, flags) \
	((type *)kpi_kalloc(sizeof(type), flags))
#define __kpi_kalloc_many(type, count, flags) \
	((type *)kpi_kalloc(sizeof(type) * (size_t)(count), flags))
#define __kpi_kalloc_pick(a, b, c, name, ...)	name
#define kalloc_type(...) \
	__kpi_kalloc_pick(__VA_ARGS__, __kpi_kalloc_many, __kpi_kalloc_one, )(__VA_ARGS__)

/* What frees is an expression of no value, evaluates the pointer once and clears it. */
#define __kpi_kalloc_take(ptr)						\
({									\
	__typeof__(ptr) *__kpi_where = &(ptr);				\
	__typeof__(ptr) __kpi_taken = *__kpi_where;			\
									\
	*__kpi_where = NULL;						\
	(void *)(uintptr_t)__kpi_taken;					\
})
#define kfree_data(ptr, size)	kpi_kfree(__kpi_kalloc_take(ptr), size)
#define kfree_data_addr(ptr)	kpi_kfree_addr(__kpi_kalloc_take(ptr))

/* kfree_type(type, pointer) or kfree_type(type, count, pointer) */
#define __kpi_kfree_one(type, ptr)	kfree_data(ptr, sizeof(type))
#define __kpi_kfree_many(type, count, ptr) \
	kfree_data(ptr, sizeof(type) * (size_t)(count))
#define kfree_type(...) \
	__kpi_kalloc_pick(__VA_ARGS__, __kpi_kfree_many, __kpi_kfree_one, )(__VA_ARGS__)

#endif /* _KERN_KALLOC_H */
