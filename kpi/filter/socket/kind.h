/* SPDX-License-Identifier: GPL-2.0 */
/* Kinds of sockets, and how new ones of a kind are met: see kind.c. */
#ifndef _KPI_SFLT_KIND_H
#define _KPI_SFLT_KIND_H

#include <linux/types.h>

struct proto;
struct sock;
struct socket;

/* A kind of sockets: what sflt_register() is given, and Linux's protocol for it. */
struct kpi_sflt_kind {
	int family, type, protocol;	/* protocol 0: any, of raw sockets */
	unsigned int globals;		/* global filters; W: the kinds' lock */
	struct proto *prot;		/* patched while there are globals; W: the kinds' lock */
	struct socket *sample;		/* keeps it there */
	int (*linux_init)(struct sock *sk);
};

struct kpi_sflt_kind *kpi_sflt_kind_of(int family, int type, int protocol);
struct kpi_sflt_kind *kpi_sflt_kind_of_sock(const struct sock *sk);
bool kpi_sflt_is_to_be_filtered(const struct kpi_sflt_kind *kind, const struct sock *sk);
bool kpi_sflt_is_taken(const struct sock *sk);
int kpi_sflt_meet(struct kpi_sflt_kind *kind);
void kpi_sflt_meet_no_more(struct kpi_sflt_kind *kind);
void kpi_sflt_meet_exit(void);

#endif /* _KPI_SFLT_KIND_H */
