/* SPDX-License-Identifier: GPL-2.0 */
/* Sockets that somebody else will have, or another family: see hands.c. */
#ifndef _KPI_SFLT_HANDS_H
#define _KPI_SFLT_HANDS_H

#include <linux/list.h>
#include <linux/sockptr.h>

struct kpi_filtered;
struct socket;

bool kpi_sflt_changes_hands(const struct kpi_filtered *f, int level, int name);
int kpi_sflt_change_hands(struct kpi_filtered *f, int level, sockptr_t value, unsigned int len);

/* A socket that nothing is put on, on the stack of who sees to that; wrap.c. */
struct kpi_bare {
	struct list_head node;
	const struct socket *sock;
	bool allowed;			/* filters may come again; W: the lock of wrap.c */
};

int kpi_bare_begin(struct kpi_bare *bare, struct socket *sock);
void kpi_bare_allow(struct kpi_bare *bare);
void kpi_bare_end(struct kpi_bare *bare);
int kpi_bare_wait(const struct socket *sock);

#endif /* _KPI_SFLT_HANDS_H */
