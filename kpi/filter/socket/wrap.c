// SPDX-License-Identifier: GPL-2.0
/* Our tables of operations, and what a filtered socket has. */

#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "../../compat/socket.h"
#include "../../socket/process.h"
#include "ask.h"
#include "attach.h"
#include "calls.h"
#include "event.h"
#include "filtered.h"
#include "hands.h"
#include "kind.h"
#include "nke.h"
#include "passed.h"
#include "registry.h"
#include "syn.h"
#include "turn.h"
#include "walk.h"

#define TABLE_BITS	12

static DEFINE_HASHTABLE(filtered, TABLE_BITS);
static DEFINE_SPINLOCK(filtered_lock);
static DEFINE_MUTEX(making);
static LIST_HEAD(bare_sockets);		/* about to be taken over; W: making */
static DECLARE_WAIT_QUEUE_HEAD(bare_ended);
static atomic_long_t alive;

/* All that a filter on a process's socket takes. (sparse counts some of Linux's types longer.) */
#ifndef __CHECKER__
static_assert(IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ||
	      IS_ENABLED(CONFIG_DEBUG_OBJECTS) ||
	      KPI_SO_PROCESS_SIZE + sizeof(struct kpi_filtered) + sizeof(struct kpi_attached) < 480);
#endif

static struct kmem_cache *filtered_sockets;
struct workqueue_struct *kpi_sflt_queue;	/* events, and the last calls of filters */

/* One of ours for each of Linux's. They stay until the layer goes. */
struct wrapped_ops {
	struct proto_ops ops;
	const struct proto_ops *linux_ops;
	struct wrapped_ops *next;
};

static struct wrapped_ops *tables;	/* W: tables_lock; only grows */
static DEFINE_MUTEX(tables_lock);

/* The operations of Linux's that stand behind a table, which may be one of ours or not. */
static const struct wrapped_ops *wrapped_of(const struct proto_ops *ops)
{
	const struct wrapped_ops *w;

	/* pairs with smp_store_release() in table_for() */
	for (w = smp_load_acquire(&tables); w; w = w->next)
		if (&w->ops == ops)
			return w;
	return NULL;
}

const struct proto_ops *kpi_sflt_linux_ops(const struct socket *sock)
{
	const struct proto_ops *ops = READ_ONCE(sock->ops);
	const struct wrapped_ops *w = wrapped_of(ops);

	return w ? w->linux_ops : ops;
}
KPI_EXPORT(kpi_sflt_linux_ops);		/* for tests */

static const struct proto_ops *find_table(const struct proto_ops *linux_ops)
{
	const struct wrapped_ops *w;

	/* pairs with smp_store_release() in table_for() */
	for (w = smp_load_acquire(&tables); w; w = w->next)
		if (w->linux_ops == linux_ops)
			return &w->ops;
	return NULL;
}

/* What we do not know is inherited; what Linux's has not ours has not either. */
static struct wrapped_ops *make_table(const struct proto_ops *linux_ops)
{
	struct wrapped_ops *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	w->linux_ops = linux_ops;
	w->ops = *linux_ops;
	w->ops.owner = THIS_MODULE;
	kpi_sflt_fill_calls(&w->ops);
	kpi_sflt_fill_options(&w->ops);
	kpi_sflt_fill_data(&w->ops);
	return w;
}

/* Ours for a table of Linux's, or NULL without memory. */
static const struct proto_ops *table_for(const struct proto_ops *linux_ops)
{
	const struct proto_ops *ops = find_table(linux_ops);
	struct wrapped_ops *w;

	if (likely(ops))
		return ops;
	mutex_lock(&tables_lock);
	ops = find_table(linux_ops);
	if (!ops) {
		w = make_table(linux_ops);
		if (w) {
			w->next = tables;
			smp_store_release(&tables, w);	/* who finds it finds it filled */
			ops = &w->ops;
		}
	}
	mutex_unlock(&tables_lock);
	return ops;
}

/* What a socket has, as long as the caller's RCU section lasts; any context. */
struct kpi_filtered *kpi_filtered_rcu(const struct socket *sock)
{
	struct kpi_filtered *f;

	hash_for_each_possible_rcu(filtered, f, node, (unsigned long)sock)
		if (f->sock == sock && !READ_ONCE(f->ended))
			return f;
	return NULL;
}

/* The same, held; or NULL. */
struct kpi_filtered *kpi_filtered_of(const struct socket *sock)
{
	struct kpi_filtered *f;

	rcu_read_lock();
	f = kpi_filtered_rcu(sock);
	if (f && !refcount_inc_not_zero(&f->refs))
		f = NULL;
	rcu_read_unlock();
	return f;
}

static void each_in(struct hlist_head *bucket, void (*fn)(struct kpi_filtered *f, void *arg),
		    void *arg)
{
	struct kpi_filtered *f;

	hlist_for_each_entry_rcu(f, bucket, node) {
		if (!refcount_inc_not_zero(&f->refs))
			continue;
		fn(f, arg);
		kpi_filtered_put(f);
	}
}

/* Calls @fn for each filtered socket, which is held meanwhile; @fn must not sleep, this may. */
void kpi_sflt_each_socket(void (*fn)(struct kpi_filtered *f, void *arg), void *arg)
{
	int bucket;

	for (bucket = 0; bucket < HASH_SIZE(filtered); bucket++) {
		rcu_read_lock();
		each_in(&filtered[bucket], fn, arg);
		rcu_read_unlock();
		cond_resched();
	}
}

/*
 * Ours in the place of Linux's. Before a new socket's creator has it nobody else looks
 * at it, and Linux takes its reference on the owner later; a socket in use has one on
 * the owner of what was there. Somebody else may just be putting his own there, as TLS
 * does: then the socket is his.
 */
static bool wrap(struct kpi_filtered *f, bool in_use)
{
	const struct proto_ops *ops = table_for(f->linux_ops);
	const struct proto_ops *old = READ_ONCE(f->sock->ops);
	bool done;

	if (!ops)
		return false;
	if (old == ops)
		return true;
	if (in_use)
		__module_get(THIS_MODULE);
	done = old == f->linux_ops && cmpxchg(&f->sock->ops, old, ops) == old;
	if (in_use)
		module_put(done ? old->owner : THIS_MODULE);
	return done;
}

/*
 * Linux's again, if ours are there. Somebody may still be in ours, or about to enter
 * them: kpi_filter_exit() waits for them.
 */
void kpi_sflt_unwrap(struct socket *sock)
{
	const struct proto_ops *ops = READ_ONCE(sock->ops);
	const struct wrapped_ops *w = wrapped_of(ops);
	bool done;

	if (!w)
		return;
	kpi_compat_custom_sockopt(sock, false);
	__module_get(w->linux_ops->owner);
	done = cmpxchg(&sock->ops, ops, w->linux_ops) == ops;
	module_put(done ? THIS_MODULE : w->linux_ops->owner);
}

/* What has to be there because of what the filters want; any context. */
void kpi_sflt_wants_changed(struct kpi_filtered *f)
{
	unsigned int wants = READ_ONCE(f->wants);

	if (READ_ONCE(f->ended))
		return;
	if (wants & KPI_SFLT_OPTIONS)
		kpi_compat_custom_sockopt(f->sock, true);
	if (wants & KPI_SFLT_EVENTS)
		kpi_sflt_watch(f);
}

static void filtered_init(struct kpi_filtered *f, struct socket *sock, struct __socket *so)
{
	refcount_set(&f->refs, 1);
	f->sock = sock;
	f->sk = sock->sk;
	f->stream = sock->type == SOCK_STREAM;
	f->so = so;
	f->linux_ops = kpi_sflt_linux_ops(sock);
	spin_lock_init(&f->list.lock);
	INIT_LIST_HEAD(&f->list.filters);
	f->list.gone = kpi_sflt_gone;
	kpi_sflt_event_init(f);
}

/* What a socket has that will be filtered; a kext's has a handle, a process's gets one. */
static struct kpi_filtered *make(struct socket *sock, struct __socket *own)
{
	struct kpi_filtered *f = kmem_cache_zalloc(filtered_sockets, GFP_KERNEL);
	struct __socket *so = own;

	if (!f)
		return NULL;
	if (!own)
		so = kpi_so_of_process(sock);
	if (!so) {
		kmem_cache_free(filtered_sockets, f);
		return NULL;
	}
	atomic_long_inc(&alive);
	refcount_inc(&so->refs);
	sock_hold(sock->sk);
	f->own = own;
	filtered_init(f, sock, so);

	spin_lock(&filtered_lock);
	hash_add_rcu(filtered, &f->node, (unsigned long)sock);
	spin_unlock(&filtered_lock);
	WRITE_ONCE(so->filtered, true);
	return f;
}

static void free_filtered(struct rcu_head *rcu)
{
	struct kpi_filtered *f = container_of(rcu, struct kpi_filtered, rcu);

	kpi_passed_end(f);
	kpi_syns_free(f);
	kfree(f->watcher);
	kmem_cache_free(filtered_sockets, f);
}

/* The handle's end may be the layer's, so it comes last. */
void kpi_filtered_put(struct kpi_filtered *f)
{
	struct __socket *so = f->so;

	if (!refcount_dec_and_test(&f->refs))
		return;
	kpi_sflt_drop_passed(f);
	sock_put(f->sk);
	atomic_long_dec(&alive);
	call_rcu(&f->rcu, free_filtered);
	kpi_so_put(so);
}

/* How many sockets are filtered, or have been and are still in use by a call. */
long kpi_sflt_sockets(void)
{
	return atomic_long_read(&alive);
}
KPI_EXPORT(kpi_sflt_sockets);		/* for tests */

/* No call finds it any more, and no kext gets at a process's socket by its handle. */
void kpi_filtered_close(struct kpi_filtered *f)
{
	WRITE_ONCE(f->ended, true);
	kpi_sflt_meet_no_syns(f);
	kpi_sflt_unwatch(f);
	if (!f->own)
		kpi_so_end_process(f->so);
}

/*
 * The last filters leave, in this thread as far as no other is in one of their
 * functions. The socket's reference is consumed.
 */
void kpi_filtered_end(struct kpi_filtered *f)
{
	kpi_sflt_detach_from_all(f);
	spin_lock(&filtered_lock);
	hash_del_rcu(&f->node);
	spin_unlock(&filtered_lock);
	if (!f->own)
		kpi_so_leave(f->so);
	kpi_filtered_put(f);
}

/*
 * A socket that was never made after all: a BPF program of its creator's group refused
 * it when it had been met, and Linux forgets its operations without a word.
 */
bool kpi_filtered_is_lost(const struct kpi_filtered *f)
{
	bool dead = !f->own && sock_flag(f->sk, SOCK_DEAD);

	smp_rmb();	/* a release is seen before what it does */
	return dead && !READ_ONCE(f->ended);
}

/*
 * Somebody else will have the socket, who wants nothing in between: TLS and the like.
 * Whoever finds it ended finds Linux's operations. True once: left() is due.
 */
static bool leave(struct kpi_filtered *f)
{
	bool first;

	mutex_lock(&making);
	first = !cmpxchg(&f->ended, false, true);
	if (first)
		kpi_sflt_unwrap(f->sock);
	mutex_unlock(&making);
	return first;
}

static void left(struct kpi_filtered *f)
{
	kpi_filtered_close(f);
	kpi_filtered_end(f);
}

void kpi_filtered_let_go(struct kpi_filtered *f)
{
	if (leave(f))
		left(f);
}

/* -EBUSY if data were read ahead, which cannot be given to whoever takes over. */
static int let_go_empty(struct kpi_filtered *f)
{
	int nested = kpi_turn_take(f, &f->reading);
	bool busy, first;

	if (nested < 0)
		return nested;
	busy = kpi_sflt_has_passed(f);
	first = !busy && leave(f);
	if (!nested)
		kpi_turn_end(f, &f->reading);
	if (first)
		left(f);
	return busy ? -EBUSY : 0;
}

/*
 * The socket as Linux made it, and nobody puts anything on it until kpi_bare_allow() or
 * kpi_bare_end(): 0, -EBUSY if data were read ahead, -errno. Whoever takes it over may do
 * anything, so no lock is held meanwhile.
 */
int kpi_bare_begin(struct kpi_bare *bare, struct socket *sock)
{
	struct kpi_filtered *f;
	int err = 0;

	bare->sock = sock;
	bare->allowed = false;
	mutex_lock(&making);
	list_add(&bare->node, &bare_sockets);
	mutex_unlock(&making);
	while (!err && (f = kpi_filtered_of(sock))) {
		err = let_go_empty(f);
		kpi_filtered_put(f);
	}
	if (err)
		kpi_bare_end(bare);
	return err;
}

/* Nobody has taken it over, or its taker may be filtered. */
void kpi_bare_allow(struct kpi_bare *bare)
{
	mutex_lock(&making);
	bare->allowed = true;
	mutex_unlock(&making);
}

void kpi_bare_end(struct kpi_bare *bare)
{
	mutex_lock(&making);
	list_del(&bare->node);
	mutex_unlock(&making);
	wake_up_all(&bare_ended);
}

/* Whether it is with Linux, as far as filters may not come, or at all. */
static bool is_bare(const struct socket *sock, bool at_all)
{
	const struct kpi_bare *bare;

	lockdep_assert_held(&making);

	list_for_each_entry(bare, &bare_sockets, node)
		if (bare->sock == sock && (at_all || !bare->allowed))
			return true;
	return false;
}

static bool is_undecided(const struct socket *sock)
{
	bool bare;

	mutex_lock(&making);
	bare = is_bare(sock, true);
	mutex_unlock(&making);
	return bare;
}

/* Until it is known who has the socket: 0, or -ERESTARTSYS if the caller is killed meanwhile. */
int kpi_bare_wait(const struct socket *sock)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	int err = 0;

	add_wait_queue(&bare_ended, &wait);
	while (is_undecided(sock)) {
		if (fatal_signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		wait_woken(&wait, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
	}
	remove_wait_queue(&bare_ended, &wait);
	return err;
}

static struct kpi_filtered *find_or_make(struct socket *sock, struct __socket *own)
{
	struct kpi_filtered *f = kpi_filtered_of(sock);

	lockdep_assert_held(&making);

	if (f)
		return f;
	if (is_bare(sock, false) || kpi_sflt_is_taken(sock->sk))
		return NULL;
	f = make(sock, own);
	if (!f)
		return NULL;
	kpi_sflt_event_late(f);
	if (!wrap(f, true)) {
		kpi_filtered_close(f);
		kpi_filtered_end(f);
		return NULL;
	}
	refcount_inc(&f->refs);
	return f;
}

/* What the socket behind a handle has, made if need be; held. The handle is entered. */
struct kpi_filtered *kpi_filtered_get(struct __socket *so)
{
	struct kpi_filtered *f;

	if (so->process)		/* which is filtered, or about to end */
		return kpi_filtered_of(so->sock);
	mutex_lock(&making);
	f = find_or_make(so->sock, so->borrowed ? NULL : so);
	mutex_unlock(&making);
	if (f)
		WRITE_ONCE(so->filtered, true);
	return f;
}

/* The same for the socket of a process's file, which the caller holds. */
struct kpi_filtered *kpi_filtered_get_sock(struct socket *sock)
{
	struct kpi_filtered *f;

	mutex_lock(&making);
	f = find_or_make(sock, NULL);
	mutex_unlock(&making);
	return f;
}

static bool has_filters(const struct kpi_filtered *f)
{
	return !list_empty(&f->list.filters);
}

/**
 * kpi_sflt_greet() - see whether a process's new socket is to be filtered
 * @sock:   the socket
 * @kind:   its kind
 * @in_use: it is a connection that was accepted, and has our operations from its listener
 *
 * Return: true if it is.
 */
bool kpi_sflt_greet(struct socket *sock, const struct kpi_sflt_kind *kind, bool in_use)
{
	struct kpi_filtered *f;

	if (!kpi_sflt_any_global(kind, sock->sk))
		return false;
	f = make(sock, NULL);
	if (!f)
		return false;
	kpi_sflt_attach_globals(f, kind);
	if (has_filters(f) && wrap(f, in_use)) {
		kpi_sflt_wants_changed(f);
		return true;
	}
	kpi_filtered_close(f);
	kpi_filtered_end(f);
	return false;
}

/* A kext's socket, before the kext has it: new, or a connection that was accepted. */
void kpi_sflt_greet_own(struct __socket *so)
{
	struct kpi_sflt_kind *kind = kpi_sflt_kind_of_sock(so->sk);
	struct kpi_filtered *f;

	if (!kind || !net_eq(sock_net(so->sk), &init_net) || !kpi_sflt_any_global(kind, so->sk)) {
		kpi_sflt_unwrap(so->sock);
		return;
	}
	f = kpi_filtered_get(so);
	if (!f)
		return;
	kpi_sflt_attach_globals(f, kind);
	kpi_filtered_put(f);
}

/* A connection that a kext accepts: 0, or what its filters say of it. */
int kpi_sflt_greet_accepted(struct __socket *so, struct __socket *listener)
{
	struct kpi_filtered *above, *f;
	int err = 0;

	kpi_sflt_greet_own(so);
	f = kpi_filtered_of(so->sock);
	above = f ? kpi_filtered_of(listener->sock) : NULL;
	if (f) {
		clear_bit(KPI_TOLD_CONNECTED, &f->told);
		err = kpi_sflt_accepted(above ?: f, f);
		kpi_filtered_put(f);
	}
	if (above)
		kpi_filtered_put(above);
	return err;
}

void kpi_wrap_exit(void)
{
	struct wrapped_ops *w;

	while ((w = tables)) {
		tables = w->next;
		kfree(w);
	}
}

/* Of their exact size: there may be very many. */
static int caches_init(void)
{
	filtered_sockets = kmem_cache_create("netkpi_filtered", sizeof(struct kpi_filtered), 0, 0,
					     NULL);
	if (!filtered_sockets)
		return -ENOMEM;
	if (!kpi_attached_init())
		return 0;
	kmem_cache_destroy(filtered_sockets);
	return -ENOMEM;
}

static void caches_exit(void)
{
	kpi_attached_exit();
	kmem_cache_destroy(filtered_sockets);
}

int kpi_sflt_init(void)
{
	int err = caches_init();

	if (err)
		return err;
	err = kpi_passed_init();
	if (err)
		goto no_passed;
	err = kpi_syn_init();
	if (err)
		goto no_syns;
	kpi_sflt_queue = alloc_workqueue("netkpi_sflt", WQ_UNBOUND, 0);
	if (!kpi_sflt_queue) {
		err = -ENOMEM;
		goto no_queue;
	}
	kpi_nke_init();
	return 0;
no_queue:
	kpi_syn_exit();
no_syns:
	kpi_passed_exit();
no_passed:
	caches_exit();
	return err;
}

/*
 * No socket is filtered any more, nor is there a filter. But somebody may be about to
 * leave our text.
 */
void kpi_sflt_exit(void)
{
	kpi_nke_exit();
	kpi_watchdog_stop();
	kpi_sflt_meet_exit();
	kpi_syn_exit();
	destroy_workqueue(kpi_sflt_queue);
	rcu_barrier();
	kpi_wrap_exit();
	kpi_passed_exit();
	caches_exit();
}
