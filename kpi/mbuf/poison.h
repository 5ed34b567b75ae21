/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is kept for the next user is nobody's: under KASAN a look at it is a use
 * after free, as if it had gone back to the kernel. No KASAN call that does this
 * is exported, but the shadow is ordinary memory.
 */
#ifndef _KPI_MBUF_POISON_H
#define _KPI_MBUF_POISON_H

#include <linux/kconfig.h>
#include <linux/types.h>

struct __mbuf;

#define KPI_POISONS	IS_ENABLED(CONFIG_KASAN_GENERIC)

#if KPI_POISONS
void kpi_poison(const void *addr, size_t size);
void kpi_unpoison(const void *addr, size_t size);
bool kpi_is_poisoned(const void *addr, size_t size);
void kpi_mbuf_poison(struct __mbuf *m);
void kpi_mbuf_unpoison(struct __mbuf *m);
#else
static inline void kpi_poison(const void *addr, size_t size) { }
static inline void kpi_unpoison(const void *addr, size_t size) { }
static inline bool kpi_is_poisoned(const void *addr, size_t size) { return false; }
static inline void kpi_mbuf_poison(struct __mbuf *m) { }
static inline void kpi_mbuf_unpoison(struct __mbuf *m) { }
#endif

#endif /* _KPI_MBUF_POISON_H */
