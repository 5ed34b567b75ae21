// SPDX-License-Identifier: GPL-2.0
/*
 * The upcalls: one runner per socket, so never two at a time for one socket.
 *
 * Events are counted before a runner is called for, and one that is called for
 * while it runs begins again; so there is a call after the last event. How often
 * the read upcall is called decides who may rely on it:
 *
 *  - a kext that takes one datagram or one connection per call gets as many
 *    calls as there were events, and one more after each that took something;
 *  - a kext that is called for data always finds some, unless another thread
 *    was quicker;
 *  - a kext that takes nothing is not called again until something new comes.
 */

#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "event.h"
#include "state.h"
#include "wait.h"

/* After so many calls other sockets have their turn. */
#define CALLS_MAX	16

/* What every kext is given as waitf: MBUF_DONTWAIT. */
#define UPCALL_WAITF	1

/* What is called: one of the two. */
struct call {
	struct kpi_upcall upcall;
	struct kpi_evupcall events;
	u32 hints;
	bool read;
	bool progress;			/* the last read upcall took something */
};

static struct kpi_kext *kext_of(const struct call *call)
{
	return call->events.fn ? call->events.kext : call->upcall.kext;
}

static bool take_events(struct __socket *so, struct call *call)
{
	u32 hints = so->hints;

	so->hints = 0;
	if (likely(!hints) || !so->events || !so->events->fn)
		return false;

	call->events = *so->events;
	call->hints = (hints | KPI_SO_FILT_HINT_LOCKED) & so->events->mask;
	return call->hints;
}

/*
 * Data is queued before its callback counts it. So what comes after the look at
 * the queue is counted after the count was reduced here, and is not lost.
 */
static bool take_read(struct __socket *so, struct call *call)
{
	bool readable = kpi_so_is_readable(so);
	bool due = so->read_event || (readable && (so->data_events || call->progress));

	if (!readable)
		so->data_events = 0;
	else if (so->data_events && !so->read_event)
		so->data_events--;
	so->read_event = false;
	if (!due || !so->read_upcall.fn)
		return false;

	call->upcall = so->read_upcall;
	call->read = true;
	if (so->read_upcall_ends)
		so->read_upcall = (struct kpi_upcall){};
	so->read_upcall_ends = false;
	return true;
}

static bool take_write(struct __socket *so, struct call *call)
{
	bool due = so->write_event && so->write_upcall.fn;

	so->write_event = false;
	if (due)
		call->upcall = so->write_upcall;
	return due;
}

/*
 * Decides what is called next. The function is read in the same section that
 * sets running, for each call anew: after sock_setupcall() nobody enters the old
 * one, and after sock_close() nobody enters any.
 */
static bool next_call(struct __socket *so, struct call *call)
{
	lockdep_assert_held(&so->lock);

	call->events.fn = NULL;
	call->read = false;
	if (READ_ONCE(so->closing) || so->hold)
		return false;
	if (!take_events(so, call) && !take_read(so, call) && !take_write(so, call))
		return false;
	WRITE_ONCE(so->running_kext, kext_of(call));
	WRITE_ONCE(so->running, true);
	return true;
}

static void release_held(struct __socket *so)
{
	struct __socket *held;
	struct hlist_node *next;

	hlist_for_each_entry_safe(held, next, &so->held, held_node) {
		hlist_del(&held->held_node);
		spin_lock_bh(&held->lock);
		held->hold = false;
		if (!held->closing && (held->data_events || held->read_event || held->write_event))
			kpi_so_queue_upcall(held);
		spin_unlock_bh(&held->lock);
		kpi_so_put(held);
	}
}

/*
 * Ends the call before this, if there was one; whether there is another one,
 * which is in @call then. If this has to be the @last look, somebody else goes on.
 */
static bool next_step(struct __socket *so, struct call *call, bool last)
{
	bool any;

	spin_lock_bh(&so->lock);
	WRITE_ONCE(so->running, false);
	so->queued = false;		/* what comes from here on calls for a runner again */
	any = !last && next_call(so, call);
	so->active = any;
	if (!any)
		kpi_dispatch_rest(so);
	if (last && !so->closing && !so->hold) {
		so->data_events += call->progress;
		so->queued = true;
		refcount_inc(&so->refs);
		kpi_dispatch_again(so);
	}
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
	return any;
}

/*
 * No lock is held, and the kext may sleep. It may be what the system pages to,
 * so memory it asks for must not wait for pages to be written.
 */
static void make_call(struct __socket *so, struct call *call)
{
	unsigned int noio = memalloc_noio_save();

	if (call->events.fn) {
		call->events.fn(so, call->events.cookie, call->hints);
	} else {
		WRITE_ONCE(so->progress, false);
		call->upcall.fn(so, call->upcall.cookie, UPCALL_WAITF);
	}
	memalloc_noio_restore(noio);
	kpi_lock_sites_leave();
	if (call->read)
		call->progress = READ_ONCE(so->progress);
	release_held(so);
}

/* Runs the upcalls that are due; consumes a ref. */
void kpi_upcall_run(struct __socket *so)
{
	struct call call __uninitialized;
	int left;

	call.progress = false;
	for (left = CALLS_MAX; next_step(so, &call, !left); left--) {
		kpi_so_drain_late(so);
		make_call(so, &call);
	}
	kpi_so_drain_late(so);
	kpi_so_put(so);
}

/**
 * kpi_upcall_set() - replace both upcalls
 * @so:    the socket
 * @read:  the new read upcall, or one without function
 * @write: the new write upcall, or one without function
 *
 * What is readable already counts as one event: here events come later than the
 * data they are about, so what a connection brings along would go unnoticed.
 *
 * Return: 0, or -EOPNOTSUPP for a program's socket, whose upcalls nobody calls.
 */
int kpi_upcall_set(struct __socket *so, const struct kpi_upcall *read,
		   const struct kpi_upcall *write)
{
	if (so->process)		/* nobody would call them */
		return read->fn || write->fn ? -EOPNOTSUPP : 0;
	spin_lock_bh(&so->lock);
	so->read_upcall = *read;
	so->read_upcall_ends = false;
	so->write_upcall = *write;
	if (!read->fn)
		so->data_events = 0;
	else if (!so->data_events && kpi_so_is_readable(so))
		so->data_events = 1;
	if (so->data_events && !so->closing)
		kpi_so_queue_upcall(so);
	spin_unlock_bh(&so->lock);

	if (write->fn)
		kpi_so_want_space(so);
	return 0;
}

/*
 * A connection accepted inside an upcall: its own upcalls wait until that one
 * has returned, because only then does the kext know the socket.
 */
void kpi_upcall_hold(struct __socket *so)
{
	struct __socket *running = kpi_upcall_current();

	if (!running)
		return;

	refcount_inc(&so->refs);
	spin_lock_bh(&so->lock);
	so->hold = true;
	spin_unlock_bh(&so->lock);
	hlist_add_head(&so->held_node, &running->held);
}

/* Takes every function of @kext away; the socket's memory is there, by RCU or a ref. */
void kpi_upcall_forget(struct __socket *so, const struct kpi_kext *kext)
{
	if (so->process)
		return;
	spin_lock_bh(&so->lock);
	if (so->read_upcall.kext == kext)
		so->read_upcall = (struct kpi_upcall){};
	if (so->write_upcall.kext == kext)
		so->write_upcall = (struct kpi_upcall){};
	if (so->events && so->events->kext == kext)
		so->events->fn = NULL;
	spin_unlock_bh(&so->lock);
}
KPI_EXPORT(kpi_upcall_forget);	/* for tests */

/**
 * kpi_sock_setupcall() - install the upcall
 * @so:       the socket, borrowed
 * @callback: the upcall, or NULL for none
 * @context:  what it is given as cookie
 *
 * Replaces the read upcall and takes a write upcall away. Waits for nothing: the
 * old function may still be running, but is not entered any more.
 *
 * macOS difference: one call is made if the socket is readable already. A program's
 * socket, as a filter has it, has no upcalls.
 *
 * Context: Process context; also in the upcall itself.
 * Return: 0, EINVAL without a socket, or EOPNOTSUPP for an upcall on a program's socket.
 */
errno_t kpi_sock_setupcall(socket_t so, sock_upcall callback, void *context)
{
	const struct kpi_upcall none = {}, upcall = kpi_upcall_of(callback, context);
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = kpi_upcall_set(so, &upcall, &none);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_setupcall);

/**
 * kpi_sock_setupcalls() - install a read and a write upcall
 * @so:             the socket, borrowed
 * @read_callback:  called when there may be something to receive, or NULL
 * @read_context:   its cookie
 * @write_callback: called when there may be space to send, or NULL
 * @write_context:  its cookie
 *
 * macOS difference: as sock_setupcall(). Several write events may be reported
 * by one call.
 *
 * Context: Process context; also in an upcall.
 * Return: 0, EINVAL without a socket, or EOPNOTSUPP for upcalls on a program's socket.
 */
errno_t kpi_sock_setupcalls(socket_t so, sock_upcall read_callback, void *read_context,
			    sock_upcall write_callback, void *write_context)
{
	const struct kpi_upcall read = kpi_upcall_of(read_callback, read_context);
	const struct kpi_upcall write = kpi_upcall_of(write_callback, write_context);
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = kpi_upcall_set(so, &read, &write);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_setupcalls);

static int set_events(struct __socket *so, const struct kpi_evupcall *events)
{
	struct kpi_evupcall *fresh = NULL;

	if (so->process)
		return events->fn ? -EOPNOTSUPP : 0;
	if (events->fn && !READ_ONCE(so->events)) {
		fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
		if (!fresh)
			return -ENOBUFS;
	}

	spin_lock_bh(&so->lock);
	if (!so->events)
		swap(so->events, fresh);
	if (so->events)
		*so->events = *events;
	spin_unlock_bh(&so->lock);
	kfree(fresh);
	return 0;
}

/**
 * kpi_sock_catchevents() - install the event callback
 * @so:         the socket, borrowed
 * @callback:   the callback, or NULL for none
 * @context:    its cookie
 * @event_mask: SO_FILT_HINT_... it is interested in
 *
 * macOS difference: the callback runs where upcalls run, before them and
 * without the socket's lock; events that come close together are reported by
 * one call. Of the hints, CONNRESET, CANTRCVMORE, CANTSENDMORE, TIMEOUT,
 * CONNECTED, DISCONNECTED, CONNINFO_UPDATED and LOCKED occur. Of a program's socket,
 * as a filter has it, nothing is called.
 *
 * Context: Process context.
 * Return: 0, EINVAL without a socket, EOPNOTSUPP for a callback on a program's socket, or
 * ENOBUFS.
 */
errno_t kpi_sock_catchevents(socket_t so, sock_evupcall callback, void *context,
			     uint32_t event_mask)
{
	const struct kpi_evupcall events = {
		.fn = callback, .cookie = context, .mask = event_mask,
		.kext = callback ? kpi_kext_of(callback) : NULL,
	};
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = set_events(so, &events);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_catchevents);
