/* SPDX-License-Identifier: GPL-2.0 */
/* A socket's filters are called one by one, newest first. */
#ifndef _KPI_SFLT_WALK_H
#define _KPI_SFLT_WALK_H

#include "attach.h"
#include "registry.h"

struct kpi_attached *kpi_sflt_next(struct kpi_filtered *f, struct kpi_attached *a);
void kpi_sflt_begin(struct kpi_attached *a);
void kpi_sflt_end(struct kpi_attached *a);
int kpi_sflt_result(struct kpi_attached *a, const char *function, int error);

/* Tells of calls that take long. */
void kpi_watchdog_start(void);
void kpi_watchdog_stop(void);

/* The rest of the chain is skipped, and the caller told 0. */
#define KPI_SFLT_JUST_RETURN	1

/*
 * Asks the filters that have @function, until one says other than 0. The result
 * is 0, KPI_SFLT_JUST_RETURN or a negative errno.
 */
#define kpi_sflt_ask(f, function, ...)						\
({										\
	struct kpi_attached *__a = NULL;					\
	int __result = 0;							\
										\
	while (!__result && (__a = kpi_sflt_next(f, __a))) {			\
		if (!__a->sflt->f.function)					\
			continue;						\
		kpi_sflt_begin(__a);						\
		__result = __a->sflt->f.function(__a->cookie, (f)->so, ##__VA_ARGS__); \
		kpi_sflt_end(__a);						\
		__result = kpi_sflt_result(__a, #function, __result);		\
	}									\
	if (__a)								\
		kpi_filter_put(&__a->filter, false);				\
	__result;								\
})

#endif /* _KPI_SFLT_WALK_H */
