// SPDX-License-Identifier: GPL-2.0
/*
 * A socket's state in macOS's terms, read from Linux's; and the calls that only
 * look at it.
 *
 * Never from sock->state: after a non-blocking connect it says "connecting" for
 * ever. Nothing here takes a lock; whoever needs a firm answer holds lock_sock().
 */

#include <net/af_unix.h>
#include <net/inet_connection_sock.h>
#include <net/inet_sock.h>
#include <net/tcp_states.h>

#include "process.h"
#include "state.h"
#include "transport.h"

#define TCPF_CONNECTED	(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_FIN_WAIT1 | \
			 TCPF_CLOSING | TCPF_LAST_ACK)
#define TCPF_CONNECTING	(TCPF_SYN_SENT | TCPF_SYN_RECV)

static bool tcp_is_connected(const struct __socket *so)
{
	unsigned int state = 1 << READ_ONCE(so->sk->sk_state);

	if (state & TCPF_CONNECTED)
		return true;
	return (state & TCPF_FIN_WAIT2) && !kpi_so_read_closed(so);
}

/* kpi_so_is_connected() for what is not plainly so. */
bool kpi_so_is_still_connected(const struct __socket *so)
{
	struct sock *sk = so->sk;

	if (kpi_so_is_tcp(so))
		return tcp_is_connected(so);
	if (kpi_so_is_inet(so))
		return false;
	if (!so->transport->stream && !kpi_so_is_system(so))
		return READ_ONCE(unix_sk(sk)->peer);
	return READ_ONCE(sk->sk_state) == TCP_ESTABLISHED &&
	       READ_ONCE(sk->sk_shutdown) != SHUTDOWN_MASK;
}

bool kpi_so_is_connecting(const struct __socket *so)
{
	return kpi_so_is_tcp(so) && (1 << READ_ONCE(so->sk->sk_state)) & TCPF_CONNECTING;
}

bool kpi_so_is_listening(const struct __socket *so)
{
	return READ_ONCE(so->sk->sk_state) == TCP_LISTEN;
}

bool kpi_so_is_bound(const struct __socket *so)
{
	struct sock *sk = so->sk;

	if (kpi_so_is_inet(so))
		return READ_ONCE(inet_sk(sk)->inet_num);
	if (kpi_so_is_system(so))
		return false;
	return READ_ONCE(unix_sk(sk)->addr);
}

bool kpi_so_has_connection(const struct __socket *so)
{
	struct sock *sk = so->sk;

	if (!kpi_so_is_listening(so))
		return false;
	if (kpi_so_is_inet(so))
		return !reqsk_queue_empty(&inet_csk(sk)->icsk_accept_queue);
	return !skb_queue_empty_lockless(&sk->sk_receive_queue);
}

/* Whether there is something to receive, without looking how much. */
bool kpi_so_has_data(struct __socket *so)
{
	return READ_ONCE(so->in->stash.len) || READ_ONCE(so->in->held_skb) ||
	       READ_ONCE(so->in->stash_name) || so->transport->has_data(so);
}

/* Whether an upcall would find something: data, a connection, an error, the end. */
bool kpi_so_is_readable(struct __socket *so)
{
	if (kpi_so_is_listening(so))
		return kpi_so_has_connection(so) || kpi_so_error(so);

	return kpi_so_has_data(so) || kpi_so_read_closed(so) || kpi_so_error(so);
}

/* Linux says EPIPE for a reset after the peer's FIN, and resets a UNIX stream on close. */
static int translate_error(const struct __socket *so, int err)
{
	if (err == -EPIPE && kpi_so_is_tcp(so))
		return -ECONNRESET;
	if (err == -ECONNRESET && so->transport == &kpi_unix_transport)
		return 0;
	return err;
}

/* The pending error, negative; it stays pending. */
int kpi_so_error(const struct __socket *so)
{
	int err = READ_ONCE(so->err);

	return err ?: translate_error(so, -READ_ONCE(so->sk->sk_err));
}

/* kpi_so_take_error() when there may be one. */
int kpi_so_take_pending(struct __socket *so)
{
	int err = xchg(&so->err, 0);

	return err ?: translate_error(so, sock_error(so->sk));
}

void kpi_so_set_error(struct __socket *so, int err)
{
	xchg(&so->err, err);
}

/* Bytes a receive would find; for datagrams those of the first, at least 1. */
size_t kpi_so_unread(struct __socket *so)
{
	size_t stashed = READ_ONCE(so->in->stash.len);

	if (READ_ONCE(so->read_down))
		return 0;
	if (so->transport->stream)
		return stashed + so->transport->queued(so);
	if (stashed || READ_ONCE(so->in->stash_name))
		return max_t(size_t, stashed, 1);
	return so->transport->queued(so);
}

/**
 * kpi_sock_isconnected() - whether a socket is connected
 * @so: the socket, borrowed
 *
 * It is from the moment the connection stands until it is completely torn down:
 * a FIN of the peer alone does not end it.
 *
 * macOS difference: 0 for NULL, where macOS crashes.
 *
 * Context: Process context.
 * Return: 1 or 0.
 */
int kpi_sock_isconnected(socket_t so)
{
	int connected;

	if (KPI_SO_ENTER(so))
		return 0;
	connected = kpi_so_is_connected(so);
	kpi_so_leave(so);
	return connected;
}
KPI_EXPORT(kpi_sock_isconnected);

/**
 * kpi_sock_isnonblocking() - whether FIONBIO is on
 * @so: the socket, borrowed
 *
 * macOS difference: 0 for NULL, where macOS crashes.
 *
 * Context: Process context.
 * Return: 1 or 0.
 */
int kpi_sock_isnonblocking(socket_t so)
{
	int nonblocking;

	if (KPI_SO_ENTER(so))
		return 0;
	nonblocking = so->nonblocking;
	kpi_so_leave(so);
	return nonblocking;
}
KPI_EXPORT(kpi_sock_isnonblocking);

/**
 * kpi_sock_iskernel() - whether a socket was made by the kernel
 * @so: the socket, borrowed
 *
 * macOS difference: none.
 *
 * Context: Any.
 * Return: 1; 0 for the socket of a descriptor, and for NULL.
 */
int kpi_sock_iskernel(socket_t so)
{
	return so && !kpi_so_is_lent(so);
}
KPI_EXPORT(kpi_sock_iskernel);

/**
 * kpi_sock_getlistener() - the listener of a connection not yet accepted
 * @so: the socket, borrowed
 *
 * macOS difference: NULL always; on macOS only a socket filter that is being
 * attached gets another answer.
 *
 * Context: Any.
 * Return: NULL.
 */
socket_t kpi_sock_getlistener(socket_t so)
{
	return NULL;
}
KPI_EXPORT(kpi_sock_getlistener);

/**
 * kpi_sock_gettype() - what kind of socket it is
 * @so:       the socket, borrowed
 * @domain:   out: address family; may be NULL
 * @type:     out: SOCK_...; may be NULL
 * @protocol: out: the real protocol, also if it was created with 0; may be NULL
 *
 * macOS difference: EINVAL for NULL, where macOS crashes.
 *
 * Context: Process context.
 * Return: 0, or EINVAL.
 */
errno_t kpi_sock_gettype(socket_t so, int *domain, int *type, int *protocol)
{
	if (KPI_SO_ENTER(so))
		return EINVAL;

	if (domain)
		*domain = kpi_so_is_system(so) ? KPI_AF_SYSTEM : so->sk->sk_family;
	if (type)
		*type = so->sk->sk_type;
	if (protocol)
		*protocol = so->sk->sk_family == AF_UNIX ? 0 : so->sk->sk_protocol;
	kpi_so_leave(so);
	return 0;
}
KPI_EXPORT(kpi_sock_gettype);

/**
 * kpi_sock_nointerrupt() - whether signals end a sleep in receive and send
 * @so: the socket, borrowed
 * @on: non-zero: they do not
 *
 * Counts from the next sleep on. Sleeps in accept and connect are always ended
 * by a signal.
 *
 * macOS difference: EINVAL for NULL, where macOS crashes.
 *
 * Context: Process context.
 * Return: 0, or EINVAL.
 */
errno_t kpi_sock_nointerrupt(socket_t so, int on)
{
	if (KPI_SO_ENTER(so))
		return EINVAL;
	so->nointerrupt = on;
	kpi_so_leave(so);
	return 0;
}
KPI_EXPORT(kpi_sock_nointerrupt);
