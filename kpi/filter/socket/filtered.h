/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket filters: which sockets are filtered, and how their calls are met.
 *
 * A filtered socket has our table of operations in sock->ops, one for each table
 * of Linux's, which calls the filters and then Linux's own. It stays there until
 * the socket is released, without filters as a passage: somebody may be on his
 * way through it. The table's owner is the layer, so the layer stays loaded as
 * long; a kext may go.
 *
 * What a filtered socket has besides (struct kpi_filtered) is found by the address
 * of the struct socket. It comes when the first filter is attached, and goes with
 * the socket: whoever is in one of its operations keeps it.
 *
 * No lock is held while a filter's function runs, but for the turn of whoever
 * reads or writes data (kpi_turn).
 *
 * Here is what a filtered socket has, and our tables. Filters are in registry.h, kinds of
 * sockets in kind.h, one on the other in attach.h; how filters are called in walk.h; what
 * they see in calls.h, data.h, passed.h, event.h and syn.h; sockets that somebody else will
 * have in hands.h; what kpi/socket needs, in ask.h.
 */
#ifndef _KPI_SFLT_FILTERED_H
#define _KPI_SFLT_FILTERED_H

#include <linux/list.h>
#include <linux/net.h>
#include <linux/refcount.h>
#include <net/sock.h>

#include "../filter_priv.h"
#include "ask.h"
#include "turn.h"

struct kpi_sflt_kind;

/* What any of a socket's filters wants to see. */
#define KPI_SFLT_IN		(1 << 0)
#define KPI_SFLT_OUT		(1 << 1)
#define KPI_SFLT_EVENTS		(1 << 2)
#define KPI_SFLT_OPTIONS	(1 << 3)
#define KPI_SFLT_SYNS		(1 << 4)

/*
 * What a filtered socket has. Ten thousand of them are nothing special, so what only some
 * need is there only when it is needed, and stays.
 */
struct kpi_filtered {
	struct hlist_node node;		/* in the table of wrap.c */
	refcount_t refs;		/* the socket's, each attachment's, each work's */
	u8 wants;			/* KPI_SFLT_..., W: list.lock */
	bool stream;
	bool own;			/* made by a kext, by sock_socket() or sock_accept() */
	bool ended;			/* released, or in other hands: no new call */
	struct socket *sock;		/* valid in its own calls, and for a user of so */
	struct sock *sk;		/* held */
	struct __socket *so;		/* what filters get; one ref */
	const struct proto_ops *linux_ops;
	struct kpi_filter_list list;
	unsigned long told;		/* which events; see event.c */
	atomic_t telling;		/* calls that will tell the state when they are over */
	int err;			/* to be told after what was passed; W: reading */
	union {
		struct {
			struct kpi_turn reading, writing;
		};
		struct rcu_head rcu;	/* with the last ref */
	};
	struct kpi_passed_queue *queue;	/* since there was any; see passed.c */
	struct kpi_syns *syns;		/* since one listens for them; see syn.c */
	struct kpi_watcher *watcher;	/* since a filter wants events; see event.c */
};

/*
 * What a disk of the machine's is behind, as with nbd or NVMe, must not wait for memory,
 * which may have to be written to the disk first: that is the kernel's own business.
 */
static inline bool kpi_filtered_wants(const struct kpi_filtered *f, unsigned int what)
{
	return READ_ONCE(f->wants) & what &&
	       likely(f->own || READ_ONCE(f->sk->sk_allocation) & __GFP_FS);
}

/* Events, and the last calls of filters. */
extern struct workqueue_struct *kpi_sflt_queue;

/* wrap.c */
struct kpi_filtered *kpi_filtered_rcu(const struct socket *sock);
struct kpi_filtered *kpi_filtered_of(const struct socket *sock);
struct kpi_filtered *kpi_filtered_get(struct __socket *so);
struct kpi_filtered *kpi_filtered_get_sock(struct socket *sock);
void kpi_filtered_put(struct kpi_filtered *f);
void kpi_filtered_close(struct kpi_filtered *f);
void kpi_filtered_end(struct kpi_filtered *f);
void kpi_filtered_let_go(struct kpi_filtered *f);
bool kpi_filtered_is_lost(const struct kpi_filtered *f);
void kpi_sflt_unwrap(struct socket *sock);
bool kpi_sflt_greet(struct socket *sock, const struct kpi_sflt_kind *kind, bool in_use);
void kpi_sflt_each_socket(void (*fn)(struct kpi_filtered *f, void *arg), void *arg);
void kpi_sflt_wants_changed(struct kpi_filtered *f);
void kpi_wrap_exit(void);
long kpi_sflt_sockets(void);	/* that are filtered */

/* One call of one of ours: what is behind it, and what the socket has, held; or NULL. */
struct kpi_here {
	const struct proto_ops *linux_ops;
	struct kpi_filtered *f;
};

static inline struct kpi_here kpi_here(const struct socket *sock)
{
	return (struct kpi_here){ kpi_sflt_linux_ops(sock), kpi_filtered_of(sock) };
}

static inline void kpi_here_end(const struct kpi_here *here)
{
	if (here->f)
		kpi_filtered_put(here->f);
}

#endif /* _KPI_SFLT_FILTERED_H */
