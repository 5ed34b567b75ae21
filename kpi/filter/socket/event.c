// SPDX-License-Identifier: GPL-2.0
/*
 * What filters are told: sf_notify.
 *
 * What a call brings about is told by that call. What happens by itself, a connection
 * that stands or ends, is seen by an entry on the socket's wait queue, while a filter
 * wants to know, and told by a thread of ours.
 */

#include <linux/poll.h>
#include <linux/slab.h>
#include <net/inet_sock.h>
#include <net/tcp_states.h>

#include "attach.h"
#include "event.h"
#include "filtered.h"
#include "registry.h"
#include "walk.h"

void kpi_sflt_tell(struct kpi_filtered *f, sflt_event_t event, void *param)
{
	struct kpi_attached *a = NULL;

	if (!(READ_ONCE(f->wants) & KPI_SFLT_EVENTS))
		return;
	while ((a = kpi_sflt_next(f, a))) {
		if (!a->sflt->f.sf_notify)
			continue;
		kpi_sflt_begin(a);
		a->sflt->f.sf_notify(a->cookie, f->so, event, param);
		kpi_sflt_end(a);
	}
}

void kpi_sflt_tell_once(struct kpi_filtered *f, enum kpi_sflt_told told, sflt_event_t event)
{
	if (!test_bit(told, &f->told) && !test_and_set_bit(told, &f->told))
		kpi_sflt_tell(f, event, NULL);
}

static bool is_bound(const struct kpi_filtered *f)
{
	return READ_ONCE(inet_sk(f->sk)->inet_num);
}

/* Whenever a port may have come by itself. */
void kpi_sflt_tell_bound(struct kpi_filtered *f)
{
	if (is_bound(f))
		kpi_sflt_tell_once(f, KPI_TOLD_BOUND, sock_evt_bound);
}

/* The states of a connection that stands, or did. */
static bool has_connected(int state)
{
	return !((1 << state) & (TCPF_CLOSE | TCPF_LISTEN | TCPF_SYN_SENT | TCPF_SYN_RECV |
				 TCPF_NEW_SYN_RECV));
}

/* What is new of a connection's state. */
void kpi_sflt_tell_state(struct kpi_filtered *f)
{
	const struct sock *sk = f->sk;
	int state = READ_ONCE(sk->sk_state);

	if (sk->sk_type != SOCK_STREAM)
		return;
	if (has_connected(state))
		kpi_sflt_tell_once(f, KPI_TOLD_CONNECTED, sock_evt_connected);
	if (!test_bit(KPI_TOLD_CONNECTED, &f->told))
		return;
	if (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN)
		kpi_sflt_tell_once(f, KPI_TOLD_CANTRECVMORE, sock_evt_cantrecvmore);
	if (READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN)
		kpi_sflt_tell_once(f, KPI_TOLD_CANTSENDMORE, sock_evt_cantsendmore);
	if (state == TCP_CLOSE)
		kpi_sflt_tell_once(f, KPI_TOLD_DISCONNECTED, sock_evt_disconnected);
}

/* While a call is under way that brings several things about, it tells them, in order. */
void kpi_sflt_tell_later(struct kpi_filtered *f)
{
	atomic_inc(&f->telling);
}

void kpi_sflt_tell_now(struct kpi_filtered *f)
{
	atomic_dec(&f->telling);
	kpi_sflt_tell_state(f);
}

/* Of a connection that is over; the next may come. */
void kpi_sflt_tell_anew(struct kpi_filtered *f)
{
	clear_bit(KPI_TOLD_CONNECTED, &f->told);
	clear_bit(KPI_TOLD_CANTRECVMORE, &f->told);
	clear_bit(KPI_TOLD_CANTSENDMORE, &f->told);
	clear_bit(KPI_TOLD_DISCONNECTED, &f->told);
}

/* Of a socket that has events, or is to be looked at. */
struct kpi_watcher {
	struct kpi_filtered *f;
	struct wait_queue_entry entry;
	struct work_struct work;	/* tells them */
};

static void work(struct work_struct *work)
{
	struct kpi_filtered *f = container_of(work, struct kpi_watcher, work)->f;

	if (kpi_filtered_is_lost(f))
		kpi_filtered_let_go(f);
	else if (!READ_ONCE(f->ended) && !atomic_read(&f->telling))
		kpi_sflt_tell_state(f);
	kpi_filtered_put(f);
}

/* The caller has a reference, so the one taken is not the first. Without memory some other time. */
void kpi_sflt_work(struct kpi_filtered *f)
{
	if (kpi_sflt_may_watch(f, GFP_ATOMIC))
		return;
	refcount_inc(&f->refs);
	if (!queue_work(kpi_sflt_queue, &f->watcher->work))
		refcount_dec(&f->refs);
}

/* With the wait queue's lock held. The socket's reference is there, so this is not the first. */
static int noticed(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct kpi_filtered *f = container_of(wait, struct kpi_watcher, entry)->f;

	if (key_to_poll(key) && !(key_to_poll(key) & (EPOLLERR | EPOLLHUP)))
		return 0;
	kpi_sflt_work(f);
	return 0;
}

/* From now on events can be noticed, and told by a thread of ours; 0 or -ENOMEM. */
int kpi_sflt_may_watch(struct kpi_filtered *f, gfp_t gfp)
{
	struct kpi_watcher *watcher;

	if (READ_ONCE(f->watcher))
		return 0;
	watcher = kzalloc(sizeof(*watcher), gfp);
	if (!watcher)
		return -ENOMEM;
	watcher->f = f;
	INIT_WORK(&watcher->work, work);
	init_waitqueue_func_entry(&watcher->entry, noticed);
	if (cmpxchg(&f->watcher, NULL, watcher))
		kfree(watcher);
	return 0;
}

void kpi_sflt_event_init(struct kpi_filtered *f)
{
	if (is_bound(f))
		__set_bit(KPI_TOLD_BOUND, &f->told);
}

/* Of a socket that was in use before nothing of the past is told. */
void kpi_sflt_event_late(struct kpi_filtered *f)
{
	const struct sock *sk = f->sk;

	if (sk->sk_type == SOCK_STREAM && has_connected(READ_ONCE(sk->sk_state)))
		__set_bit(KPI_TOLD_CONNECTED, &f->told);
	if (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN)
		__set_bit(KPI_TOLD_CANTRECVMORE, &f->told);
	if (READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN)
		__set_bit(KPI_TOLD_CANTSENDMORE, &f->told);
}

void kpi_sflt_watch(struct kpi_filtered *f)
{
	if (f->watcher && f->stream && !test_and_set_bit(KPI_TOLD_WATCHED, &f->told))
		add_wait_queue(&f->sock->wq.wait, &f->watcher->entry);
}

void kpi_sflt_unwatch(struct kpi_filtered *f)
{
	if (test_and_clear_bit(KPI_TOLD_WATCHED, &f->told))
		remove_wait_queue(&f->sock->wq.wait, &f->watcher->entry);
}
