/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KERN_ZALLOC_H
#define _KERN_ZALLOC_H

#include <kern/kalloc.h>

typedef struct zone *zone_t;

#endif /* _KERN_ZALLOC_H */
