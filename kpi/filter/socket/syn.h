/* SPDX-License-Identifier: GPL-2.0 */
/* Connections that are only asked for, of a filtered listener: see syn.c. */
#ifndef _KPI_SFLT_SYN_H
#define _KPI_SFLT_SYN_H

#include <linux/types.h>

struct kpi_filtered;

int kpi_sflt_meet_syns(struct kpi_filtered *f);
void kpi_syns_free(struct kpi_filtered *f);
void kpi_sflt_meet_no_syns(struct kpi_filtered *f);
int kpi_syn_init(void);
void kpi_syn_exit(void);

#endif /* _KPI_SFLT_SYN_H */
