/* SPDX-License-Identifier: GPL-2.0 */
/* What stands in our tables in the place of Linux's operations. */
#ifndef _KPI_SFLT_CALLS_H
#define _KPI_SFLT_CALLS_H

#include <kpi/socket.h>

struct kpi_filtered;
struct proto_ops;

/* calls.c, option.c, in.c */
void kpi_sflt_fill_calls(struct proto_ops *ops);
void kpi_sflt_fill_options(struct proto_ops *ops);
void kpi_sflt_fill_data(struct proto_ops *ops);

/* calls.c: names that filters may change, in both worlds' shapes */
struct kpi_sflt_name {
	struct bsd_sockaddr_storage name, before;
};

void kpi_sflt_name_begin(struct kpi_sflt_name *name, const void *addr, int len);
void kpi_sflt_name_end(const struct kpi_sflt_name *name, void *addr, int len);
int kpi_sflt_ask_connect(struct kpi_filtered *f, void *addr, int len);
int kpi_sflt_accepted(struct kpi_filtered *listener, struct kpi_filtered *f);

#endif /* _KPI_SFLT_CALLS_H */
