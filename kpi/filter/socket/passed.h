/* SPDX-License-Identifier: GPL-2.0 */
/* Data that a socket's filters have passed, and nobody has read. */
#ifndef _KPI_SFLT_PASSED_H
#define _KPI_SFLT_PASSED_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/types.h>

#include <kpi/mbuf.h>

struct kpi_filtered;

struct kpi_passed {
	struct list_head node;
	mbuf_t data;
	size_t len;
	size_t off;			/* of a stream: read so far */
	int namelen;
	size_t control_len;
	void *control;			/* Linux's control messages */
	int cut;			/* MSG_CTRUNC: there were more */
	struct sockaddr_in6 name;	/* or a smaller one */
};

/* All of it that a socket has. */
struct kpi_passed_queue {
	struct list_head passed;	/* W: reading */
	struct list_head injected;	/* to be moved there; W: list.lock */
	size_t passed_len, injected_len;	/* bytes */
	unsigned int passed_count, injected_count;
	struct kpi_passed *spare;	/* xchg(): for the next that comes */
};

/* passed.c */
int kpi_passed_init(void);
void kpi_passed_exit(void);
struct kpi_passed *kpi_passed_alloc(struct kpi_filtered *f);
struct list_head *kpi_passed_list(const struct kpi_filtered *f);
void kpi_passed_free(struct kpi_filtered *f, struct kpi_passed *p);
void kpi_passed_add(struct kpi_filtered *f, struct kpi_passed *p);
void kpi_passed_inject(struct kpi_filtered *f, struct kpi_passed *p);
void kpi_passed_collect(struct kpi_filtered *f);
void kpi_passed_consume(struct kpi_filtered *f, struct kpi_passed *p, size_t n);
void kpi_sflt_drop_passed(struct kpi_filtered *f);
void kpi_passed_end(struct kpi_filtered *f);
size_t kpi_sflt_unread(const struct kpi_filtered *f);
size_t kpi_sflt_memory(const struct kpi_filtered *f);
bool kpi_sflt_may_look_ahead(void);
bool kpi_sflt_has_passed(const struct kpi_filtered *f);
extern unsigned long kpi_sflt_ahead_limit;

#endif /* _KPI_SFLT_PASSED_H */
