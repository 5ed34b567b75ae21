/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket filters: who is registered, which sockets are filtered, and how their
 * calls are met.
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
 */
#ifndef _KPI_SFLT_PRIV_H
#define _KPI_SFLT_PRIV_H

#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/wait.h>
#include <net/sock.h>

#include <kpi/errno.h>
#include <kpi/socknum.h>
#include <kpi/socketfilter.h>

#include "../../compat/socket.h"
#include "../../socket/socket_priv.h"
#include "../filter_priv.h"

/* One registration. */
struct kpi_sflt {
	struct list_head node;		/* oldest first; W: the registry's lock */
	u64 number;			/* counts up: newer is larger */
	refcount_t refs;		/* the registry's, each attachment's, each walk's */
	bool removed;			/* W: the registry's lock */
	struct bsd_sflt_filter f;
	struct kpi_sflt_kind *kind;
	int protocol;
	struct kpi_kext *kext;		/* charged with one KPI_HELD_FILTER until it is gone */
	struct work_struct gone_work;
	atomic_long_t sockets;		/* attached now */
	atomic_long_t bytes;		/* shown to it, both ways */
	atomic_long_t swallowed;	/* kept by it, chunks and datagrams */
	atomic_long_t injected;		/* by its kext, into sockets that it is on */
	unsigned long told;		/* KPI_SFLT_TOLD_... */
};

/* A kind of sockets: what sflt_register() is given, and Linux's protocol for it. */
struct kpi_sflt_kind {
	int family, type, protocol;	/* protocol 0: any, of raw sockets */
	unsigned int globals;		/* global filters; W: the kinds' lock */
	struct proto *prot;		/* patched while there are globals; W: the kinds' lock */
	struct socket *sample;		/* keeps it there */
	int (*linux_init)(struct sock *sk);
};

/* What any of a socket's filters wants to see. */
#define KPI_SFLT_IN		(1 << 0)
#define KPI_SFLT_OUT		(1 << 1)
#define KPI_SFLT_EVENTS		(1 << 2)
#define KPI_SFLT_OPTIONS	(1 << 3)
#define KPI_SFLT_SYNS		(1 << 4)

/* One filter on one socket; the list's lock, order and end are those of all filters. */
struct kpi_attached {
	struct kpi_filter filter;	/* first: what the list, the socket's, has */
	struct kpi_sflt *sflt;
	union {
		struct {
			void *cookie;
			unsigned long since;	/* when the call that runs began, or 0 */
		};
		struct rcu_head rcu;		/* after the last call */
	};
};

/*
 * Whose turn it is to read, or to write; others wait where all wait who sleep in a call
 * on the socket. Who has it may come again, from the filter's function that it calls.
 */
struct kpi_turn {
	struct task_struct *owner;	/* cmpxchg() */
};

/* Data that the filters have passed, and nobody has read. */
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

static inline struct kpi_filtered *kpi_attached_to(const struct kpi_attached *a)
{
	return container_of(a->filter.list, struct kpi_filtered, list);
}

/*
 * What a disk of the machine's is behind, as with nbd or NVMe, must not wait for memory,
 * which may have to be written to the disk first: that is the kernel's own business.
 */
static inline bool kpi_filtered_wants(const struct kpi_filtered *f, unsigned int what)
{
	return READ_ONCE(f->wants) & what &&
	       likely(f->own || READ_ONCE(f->sk->sk_allocation) & __GFP_FS);
}

/* A socket that nothing is put on, on the stack of who sees to that; see kpi_bare_begin(). */
struct kpi_bare {
	struct list_head node;
	const struct socket *sock;
};

extern struct workqueue_struct *kpi_sflt_queue;

/* registry.c */
struct kpi_sflt *kpi_sflt_get(sflt_handle handle);
struct kpi_sflt *kpi_sflt_global(const struct kpi_sflt_kind *kind, const struct sock *sk,
				 struct kpi_sflt *after);
bool kpi_sflt_any_global(const struct kpi_sflt_kind *kind, const struct sock *sk);
bool kpi_sflt_any(void);
void kpi_sflt_put(struct kpi_sflt *sflt, bool may_sleep);

/* kind.c */
struct kpi_sflt_kind *kpi_sflt_kind_of(int family, int type, int protocol);
struct kpi_sflt_kind *kpi_sflt_kind_of_sock(const struct sock *sk);
bool kpi_sflt_is_to_be_filtered(const struct kpi_sflt_kind *kind, const struct sock *sk);
bool kpi_sflt_is_taken(const struct sock *sk);
int kpi_sflt_meet(struct kpi_sflt_kind *kind);
void kpi_sflt_meet_no_more(struct kpi_sflt_kind *kind);
void kpi_sflt_meet_exit(void);

/* attach.c */
int kpi_attached_init(void);
void kpi_attached_exit(void);
void kpi_sflt_gone(struct kpi_filter *filter);
int kpi_sflt_attach_to(struct kpi_filtered *f, struct kpi_sflt *sflt);
void kpi_sflt_attach_globals(struct kpi_filtered *f, const struct kpi_sflt_kind *kind);
struct kpi_attached *kpi_sflt_find(struct kpi_filtered *f, const struct kpi_sflt *sflt);
void kpi_sflt_detach_from_all(struct kpi_filtered *f);
void kpi_sflt_detach_all(struct kpi_sflt *sflt);

/* wrap.c */
const struct proto_ops *kpi_sflt_linux_ops(const struct socket *sock);
struct kpi_filtered *kpi_filtered_rcu(const struct socket *sock);
struct kpi_filtered *kpi_filtered_of(const struct socket *sock);
struct kpi_filtered *kpi_filtered_get(struct __socket *so);
struct kpi_filtered *kpi_filtered_get_sock(struct socket *sock);
void kpi_filtered_put(struct kpi_filtered *f);
void kpi_filtered_close(struct kpi_filtered *f);
void kpi_filtered_end(struct kpi_filtered *f);
void kpi_filtered_let_go(struct kpi_filtered *f);
int kpi_bare_begin(struct kpi_bare *bare, struct socket *sock);
void kpi_bare_end(struct kpi_bare *bare);
bool kpi_filtered_is_lost(const struct kpi_filtered *f);
void kpi_sflt_unwrap(struct socket *sock);
bool kpi_sflt_greet(struct socket *sock, const struct kpi_sflt_kind *kind, bool in_use);
void kpi_sflt_each_socket(void (*fn)(struct kpi_filtered *f, void *arg), void *arg);
void kpi_sflt_wants_changed(struct kpi_filtered *f);
void kpi_wrap_exit(void);

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

/* walk.c: filters one by one, newest first */
struct kpi_attached *kpi_sflt_next(struct kpi_filtered *f, struct kpi_attached *a);
void kpi_sflt_begin(struct kpi_attached *a);
void kpi_sflt_end(struct kpi_attached *a);
int kpi_sflt_result(struct kpi_attached *a, const char *function, int error);
int kpi_turn_take(struct kpi_filtered *f, struct kpi_turn *turn);
bool kpi_turn_try(struct kpi_turn *turn);
void kpi_turn_end(struct kpi_filtered *f, struct kpi_turn *turn);
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

/* calls.c */
struct kpi_sflt_name {
	struct bsd_sockaddr_storage name, before;
};

void kpi_sflt_name_begin(struct kpi_sflt_name *name, const void *addr, int len);
void kpi_sflt_name_end(const struct kpi_sflt_name *name, void *addr, int len);
int kpi_sflt_ask_connect(struct kpi_filtered *f, void *addr, int len);
int kpi_sflt_accepted(struct kpi_filtered *listener, struct kpi_filtered *f);

/* calls.c, option.c, in.c: what stands in our tables */
void kpi_sflt_fill_calls(struct proto_ops *ops);
void kpi_sflt_fill_options(struct proto_ops *ops);
void kpi_sflt_fill_data(struct proto_ops *ops);

/* passed.c, in.c */
int kpi_passed_init(void);
void kpi_passed_exit(void);
void kpi_sflt_drop_passed(struct kpi_filtered *f);
void kpi_passed_end(struct kpi_filtered *f);
size_t kpi_sflt_unread(const struct kpi_filtered *f);
size_t kpi_sflt_memory(const struct kpi_filtered *f);
bool kpi_sflt_may_look_ahead(void);
bool kpi_sflt_has_passed(const struct kpi_filtered *f);
int kpi_sflt_inq(struct kpi_filtered *f);
int kpi_sflt_ioctl(struct kpi_filtered *f, unsigned int request, int __user *place);

/* existing.c */
void kpi_sflt_meet_old(struct kpi_sflt *sflt);

/* nke.c */
int kpi_sflt_attach_by_option(struct socket *sock, sockptr_t value, unsigned int len);
void kpi_nke_init(void);
void kpi_nke_exit(void);

/* syn.c */
int kpi_sflt_meet_syns(struct kpi_filtered *f);
void kpi_syns_free(struct kpi_filtered *f);
void kpi_sflt_meet_no_syns(struct kpi_filtered *f);
int kpi_syn_init(void);
void kpi_syn_exit(void);

/* event.c */
enum kpi_sflt_told {
	KPI_TOLD_BOUND,
	KPI_TOLD_CONNECTED,
	KPI_TOLD_CANTRECVMORE,
	KPI_TOLD_CANTSENDMORE,
	KPI_TOLD_DISCONNECTED,
	KPI_TOLD_WATCHED,		/* the wait queue has our entry */
};

void kpi_sflt_event_init(struct kpi_filtered *f);
void kpi_sflt_event_late(struct kpi_filtered *f);
void kpi_sflt_tell(struct kpi_filtered *f, sflt_event_t event, void *param);
void kpi_sflt_tell_once(struct kpi_filtered *f, enum kpi_sflt_told told, sflt_event_t event);
void kpi_sflt_tell_bound(struct kpi_filtered *f);
void kpi_sflt_tell_state(struct kpi_filtered *f);
void kpi_sflt_tell_later(struct kpi_filtered *f);
void kpi_sflt_tell_now(struct kpi_filtered *f);
void kpi_sflt_tell_anew(struct kpi_filtered *f);
void kpi_sflt_work(struct kpi_filtered *f);
int kpi_sflt_may_watch(struct kpi_filtered *f, gfp_t gfp);
void kpi_sflt_watch(struct kpi_filtered *f);
void kpi_sflt_unwatch(struct kpi_filtered *f);

#endif /* _KPI_SFLT_PRIV_H */
