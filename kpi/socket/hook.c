// SPDX-License-Identifier: GPL-2.0
/*
 * Between Linux's socket callbacks and the upcalls.
 *
 * The callbacks come in softirq, or with the socket locked, or both. So they
 * only note what has happened, wake whoever sleeps in a call, and queue the work
 * that runs the upcalls.
 *
 * What happens to a connection before it is accepted is looked up then.
 *
 * A struct sock with our functions in it must not outlive its struct __socket,
 * nor get to anybody else. kpi_so_close() takes them out before it lets go of the
 * socket, and so before anything below that lives on after a close. What could
 * carry them elsewhere, and why it does not:
 *
 *  - connections of a TCP listener are copies of it, and may stay in its queue,
 *    be given to another listener of the port (SO_REUSEPORT and
 *    net.ipv4.tcp_migrate_req, or a BPF program), be fast open ones, or end in the
 *    queue of a listener that closes: a listener has Linux's own functions, see
 *    watch.c, since before it listens. AF_UNIX makes its connections anew;
 *  - a connection that a BPF program put into a sockmap before it was accepted:
 *    sk_user_data is taken, so it is watched, not hooked. One that is hooked has
 *    sk_user_data taken, and sockmaps, strparser and tunnels refuse it;
 *  - SO_REUSEPORT for UDP: a group of sockets, each with its own functions;
 *  - MPTCP and SMC are protocols of their own, which AF_INET sockets of the kernel
 *    are not turned into; ULPs (TLS) need a descriptor, and a hooked socket has none;
 *  - file_socket(), and SCM_RIGHTS after it: the socket of a descriptor is never
 *    hooked; its file is held as long as the entry on its wait queue is there;
 *  - TIME_WAIT is another object, without functions; FIN_WAIT and packets on their
 *    way (sock_wfree()) come after the close;
 *  - disconnecting leaves all of this alone; IPV6_ADDRFORM, which changes the
 *    protocol, is not offered.
 *
 * Whoever fetched a function before it was taken out may still call it:
 * kpi_socket_exit() waits for them.
 */

#include <linux/net.h>
#include <linux/poll.h>
#include <net/af_unix.h>
#include <net/tcp_states.h>

#include "event.h"
#include "transport.h"
#include "wait.h"

/*
 * With lock held and the socket not closing the creator's user is there, and
 * with it a ref, so another may be taken.
 */
static void queue_locked(struct __socket *so)
{
	lockdep_assert_held(&so->lock);

	if (so->queued || so->hold)
		return;
	so->queued = true;
	if (so->active)
		return;
	refcount_inc(&so->refs);
	kpi_dispatch(so);
}

void kpi_so_queue_upcall(struct __socket *so)
{
	queue_locked(so);
}

static bool has_upcalls(const struct __socket *so)
{
	return !so->process &&
	       (so->read_upcall.fn || so->write_upcall.fn || (so->events && so->events->fn));
}

static void note_state(struct __socket *so, bool read, bool write, u32 hints)
{
	lockdep_assert_held(&so->lock);

	if (so->closing || !has_upcalls(so))
		return;
	so->read_event |= read;
	so->write_event |= write;
	so->hints |= hints;
	queue_locked(so);
}

/* A state event: delivered once, whatever there is to read. */
void kpi_so_post_state(struct __socket *so, bool read, bool write, u32 hints)
{
	spin_lock_bh(&so->lock);
	note_state(so, read, write, hints);
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

/*
 * A data event: counted, and answered only while there is something to read. After the read
 * side was shut down here the work has to get rid of what still comes.
 */
void kpi_so_post_data(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	if (!so->closing && (so->read_upcall.fn || so->read_down)) {
		so->data_events++;
		queue_locked(so);
	}
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

/* For connections that come about without Linux's saying so: UDP, AF_UNIX. */
void kpi_so_post_connected(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	so->seen |= KPI_SEEN_CONNECTED;
	note_state(so, true, true, KPI_SO_FILT_HINT_CONNECTED | KPI_SO_FILT_HINT_CONNINFO_UPDATED);
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

static u8 tcp_milestones(const struct sock *sk)
{
	int err = READ_ONCE(sk->sk_err);
	u8 seen = 0;

	switch (READ_ONCE(sk->sk_state)) {
	case TCP_SYN_SENT:
	case TCP_SYN_RECV:
	case TCP_LISTEN:
		return 0;
	case TCP_CLOSE:
		seen = KPI_SEEN_GONE | KPI_SEEN_EOF;
		break;
	default:
		seen = KPI_SEEN_CONNECTED;
		if (READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN)
			seen |= KPI_SEEN_EOF;
	}
	if (err == ECONNRESET || err == EPIPE || err == ECONNREFUSED)
		seen |= KPI_SEEN_RESET;
	if (err == ETIMEDOUT)
		seen |= KPI_SEEN_TIMEOUT;
	return seen;
}

static u8 unix_milestones(const struct sock *sk)
{
	int shutdown = READ_ONCE(sk->sk_shutdown);
	u8 seen = 0;

	if (READ_ONCE(sk->sk_state) == TCP_ESTABLISHED)
		seen |= KPI_SEEN_CONNECTED;
	if (shutdown & RCV_SHUTDOWN)
		seen |= KPI_SEEN_EOF;
	if (shutdown == SHUTDOWN_MASK)
		seen |= KPI_SEEN_GONE;
	return seen;
}

static u32 hints_of(u8 seen)
{
	u32 hints = 0;

	if (seen & KPI_SEEN_CONNECTED)
		hints |= KPI_SO_FILT_HINT_CONNECTED | KPI_SO_FILT_HINT_CONNINFO_UPDATED;
	if (seen & KPI_SEEN_GONE)
		hints |= KPI_SO_FILT_HINT_DISCONNECTED | KPI_SO_FILT_HINT_CONNINFO_UPDATED;
	else if (seen & KPI_SEEN_EOF)
		hints |= KPI_SO_FILT_HINT_CANTRCVMORE;
	if (seen & KPI_SEEN_RESET)
		hints |= KPI_SO_FILT_HINT_CONNRESET;
	if (seen & KPI_SEEN_TIMEOUT)
		hints |= KPI_SO_FILT_HINT_TIMEOUT;
	return hints;
}

/*
 * Linux calls sk_state_change for more than macOS does, and several times for
 * one thing; only what is new counts.
 */
static u8 new_milestones(struct __socket *so)
{
	u8 now, new;

	lockdep_assert_held(&so->lock);

	now = kpi_so_is_inet(so) ? tcp_milestones(so->sk) : unix_milestones(so->sk);
	new = now & ~so->seen;
	so->seen |= now;
	return new;
}

static void post_state_change(struct __socket *so)
{
	u8 new;

	spin_lock_bh(&so->lock);
	new = so->closing || !so->transport->stream ? 0 : new_milestones(so);
	if (new)
		note_state(so, true, new & (KPI_SEEN_CONNECTED | KPI_SEEN_GONE), hints_of(new));
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

static void post_error(struct __socket *so)
{
	u8 new;

	spin_lock_bh(&so->lock);
	new = so->closing || !so->transport->stream ? 0 : new_milestones(so);
	note_state(so, true, true, hints_of(new));
	spin_unlock_bh(&so->lock);
	kpi_so_wake(so);
}

/* Linux reports space only while somebody says that there is none. */
static void ask_for_space(struct __socket *so, struct sock *sk)
{
	struct socket *sock = READ_ONCE(sk->sk_socket);

	if (!so->transport->stream || !sock)
		return;
	if (atomic_read(&so->writers) || (!so->process && READ_ONCE(so->write_upcall.fn)))
		set_bit(SOCK_NOSPACE, &sock->flags);
}

void kpi_so_want_space(struct __socket *so)
{
	ask_for_space(so, so->sk);
	smp_mb__after_atomic();		/* before the caller looks for space again */
}

static void post_space(struct __socket *so, struct sock *sk)
{
	ask_for_space(so, sk);
	if (so->transport->stream && READ_ONCE(so->write_upcall.fn))
		kpi_so_post_state(so, false, true, 0);
	else
		kpi_so_wake(so);
}

/**
 * kpi_so_post_poll() - what the callbacks would have said
 * @so:     a socket without our callbacks
 * @events: EPOLL... with which its sleepers were woken; EPOLLHUP for none in particular
 */
void kpi_so_post_poll(struct __socket *so, __poll_t events)
{
	if (events & EPOLLHUP)
		post_state_change(so);
	if (events & EPOLLERR)
		post_error(so);
	if (events & EPOLLIN)
		kpi_so_post_data(so);
	if (events & EPOLLOUT)
		post_space(so, so->sk);
}

/* What a connection went through before we knew it is not reported. */
void kpi_so_note_milestones(struct __socket *so)
{
	spin_lock_bh(&so->lock);
	new_milestones(so);
	spin_unlock_bh(&so->lock);
}

/*
 * The callbacks. Linux's own are called, too, or threads that sleep inside
 * Linux would never wake; within the RCU section, so that after a grace period
 * nobody is left in this text.
 */
static void data_ready(struct sock *sk)
{
	struct __socket *so;

	rcu_read_lock();
	so = rcu_dereference_sk_user_data(sk);
	if (so) {
		kpi_so_post_data(so);
		so->linux_data_ready(sk);
	}
	rcu_read_unlock();
}

static void state_change(struct sock *sk)
{
	struct __socket *so;

	rcu_read_lock();
	so = rcu_dereference_sk_user_data(sk);
	if (so) {
		post_state_change(so);
		so->linux_state_change(sk);
	}
	rcu_read_unlock();
}

static void error_report(struct sock *sk)
{
	struct __socket *so;

	rcu_read_lock();
	so = rcu_dereference_sk_user_data(sk);
	if (so) {
		post_error(so);
		so->linux_error_report(sk);
	}
	rcu_read_unlock();
}

static void write_space(struct sock *sk)
{
	struct __socket *so;

	rcu_read_lock();
	so = rcu_dereference_sk_user_data(sk);
	if (so) {
		so->linux_write_space(sk);
		post_space(so, sk);
	}
	rcu_read_unlock();
}

static void save_callbacks(struct __socket *so)
{
	struct sock *sk = so->sk;

	so->linux_data_ready = sk->sk_data_ready;
	so->linux_write_space = sk->sk_write_space;
	so->linux_state_change = sk->sk_state_change;
	so->linux_error_report = sk->sk_error_report;
}

/*
 * Who queued something before the hooks were there has not told us; it must be visible when the
 * caller looks. TCP queues under lock_sock(), the others under these locks.
 */
static void wait_for_callbacks_in_flight(struct sock *sk)
{
	spin_lock_bh(&sk->sk_receive_queue.lock);
	spin_unlock_bh(&sk->sk_receive_queue.lock);
	if (sk->sk_family == AF_UNIX) {
		unix_state_lock(sk);
		unix_state_unlock(sk);
	}
}

/* Ours instead of Linux's, unless somebody else has the socket. */
static bool put_callbacks(struct __socket *so)
{
	struct sock *sk = so->sk;

	lock_sock(sk);
	write_lock_bh(&sk->sk_callback_lock);
	so->hooked = !READ_ONCE(sk->sk_user_data);
	if (so->hooked) {
		save_callbacks(so);
		/* not for copies of the socket; there are none, see above */
		__rcu_assign_sk_user_data_with_flags(sk, so, SK_USER_DATA_NOCOPY);
		WRITE_ONCE(sk->sk_data_ready, data_ready);
		WRITE_ONCE(sk->sk_write_space, write_space);
		WRITE_ONCE(sk->sk_state_change, state_change);
		WRITE_ONCE(sk->sk_error_report, error_report);
	}
	write_unlock_bh(&sk->sk_callback_lock);
	release_sock(sk);
	return so->hooked;
}

/**
 * kpi_so_hook() - begin to hear of what happens to a socket
 * @so: the socket
 *
 * By its callbacks, or if they are somebody else's, by its wait queue.
 *
 * Return: 0, or -ENOBUFS.
 */
int kpi_so_hook(struct __socket *so)
{
	if (unlikely(!put_callbacks(so)))
		return kpi_so_watch(so);
	wait_for_callbacks_in_flight(so->sk);
	return 0;
}

/**
 * kpi_so_unhook() - give the callbacks back, if they are ours
 * @so: the socket, locked
 */
void kpi_so_unhook(struct __socket *so)
{
	struct sock *sk = so->sk;

	if (!so->hooked)
		return;
	write_lock_bh(&sk->sk_callback_lock);
	WRITE_ONCE(sk->sk_data_ready, so->linux_data_ready);
	WRITE_ONCE(sk->sk_write_space, so->linux_write_space);
	WRITE_ONCE(sk->sk_state_change, so->linux_state_change);
	WRITE_ONCE(sk->sk_error_report, so->linux_error_report);
	rcu_assign_sk_user_data(sk, NULL);
	write_unlock_bh(&sk->sk_callback_lock);
	so->hooked = false;
}
