/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose turn it is to read, or to write; others wait where all wait who sleep in a call
 * on the socket. Who has it may come again, from the filter's function that it calls.
 */
#ifndef _KPI_SFLT_TURN_H
#define _KPI_SFLT_TURN_H

#include <linux/types.h>

struct kpi_filtered;
struct task_struct;

struct kpi_turn {
	struct task_struct *owner;	/* cmpxchg() */
};

/* walk.c */
int kpi_turn_take(struct kpi_filtered *f, struct kpi_turn *turn);
bool kpi_turn_try(struct kpi_turn *turn);
void kpi_turn_end(struct kpi_filtered *f, struct kpi_turn *turn);

#endif /* _KPI_SFLT_TURN_H */
