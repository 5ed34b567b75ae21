// SPDX-License-Identifier: GPL-2.0
/*
 * Connecting. Linux is only asked to begin; the waiting is done here, because
 * Linux would apply SO_SNDTIMEO to it and want a second call for the result.
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "../compat/socket.h"
#include "address.h"
#include "event.h"
#include "handle.h"
#include "privilege.h"
#include "state.h"
#include "transport.h"
#include "wait.h"

/* What macOS accepts as a time to wait. */
#define CONNECTWAIT_MAX_SEC	327

static bool connect_is_over(void *arg)
{
	struct __socket *so = arg;

	return READ_ONCE(so->closing) || !kpi_so_is_connecting(so) || kpi_so_error(so);
}

static int check_inet_destination(const struct __socket *so, const struct sockaddr_storage *addr)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)addr;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)addr;

	if (so->sk->sk_type != SOCK_RAW && !in->sin_port)
		return -EADDRNOTAVAIL;
	if (!kpi_so_is_tcp(so))
		return 0;
	if (addr->ss_family == AF_INET)
		return ipv4_is_multicast(in->sin_addr.s_addr) ||
		       ipv4_is_lbcast(in->sin_addr.s_addr) ? -EAFNOSUPPORT : 0;
	return in6->sin6_addr.s6_addr[0] == 0xff ? -EAFNOSUPPORT : 0;
}

static void dissolve(struct __socket *so)
{
	struct sockaddr_storage none = { .ss_family = AF_UNSPEC };

	kpi_compat_connect(so->sock, &none, sizeof(struct sockaddr), O_NONBLOCK);
}

static int linux_connect(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	const struct cred *old = kpi_so_cred_begin(so);
	int err = kpi_compat_connect(so->sock, addr, len, O_NONBLOCK);

	kpi_so_cred_end(old);
	return err;
}

/* The listener's queue is full: Linux would wait, macOS refuses. */
static int connect_unix(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	int err = linux_connect(so, addr, len);

	if (!err)
		kpi_so_post_connected(so);
	return err == -EAGAIN ? -ECONNREFUSED : err;
}

/* An association that cannot be replaced is gone nevertheless. */
static int connect_datagram(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	bool was_connected = kpi_so_is_connected(so);
	int err = linux_connect(so, addr, len);

	if (!err)
		kpi_so_post_connected(so);
	else if (was_connected)
		dissolve(so);
	return err;
}

/* TCP_CONNECTIONTIMEOUT. One attempt, so one timer; it goes with the socket's memory. */
struct kpi_connect_timer {
	struct delayed_work work;	/* holds a ref of so */
	struct __socket *so;
};

static void give_up(struct work_struct *work)
{
	struct kpi_connect_timer *timer = container_of(to_delayed_work(work),
						       struct kpi_connect_timer, work);
	struct __socket *so = timer->so;

	if (refcount_inc_not_zero(&so->users)) {
		if (kpi_so_is_connecting(so))
			tcp_abort(so->sk, ETIMEDOUT);
		kpi_so_leave(so);
	}
	kpi_so_put(so);
}

/* Another thread may be trying at the same time: the first one's is taken. */
static int make_timer(struct __socket *so)
{
	struct kpi_connect_timer *timer;

	if (likely(!so->connect_timeout) || READ_ONCE(so->connect_timer))
		return 0;

	timer = kmalloc(sizeof(*timer), GFP_KERNEL);
	if (!timer)
		return -ENOBUFS;
	INIT_DELAYED_WORK(&timer->work, give_up);
	timer->so = so;
	if (cmpxchg(&so->connect_timer, NULL, timer))
		kfree(timer);
	return 0;
}

static void start_timer(struct __socket *so)
{
	if (likely(!so->connect_timer))
		return;
	refcount_inc(&so->refs);
	if (!queue_delayed_work(kpi_event_queue, &so->connect_timer->work,
				(unsigned long)so->connect_timeout * HZ))
		kpi_so_put(so);
}

void kpi_connect_timer_stop(struct __socket *so)
{
	if (unlikely(so->connect_timer) && cancel_delayed_work(&so->connect_timer->work))
		kpi_so_put(so);
}

static int connect_tcp(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	int err;

	err = make_timer(so) ?: linux_connect(so, addr, len);
	if (err != -EINPROGRESS)
		return err;
	so->attempted = true;
	start_timer(so);
	return err;
}

/* The kext's answer, whatever it is. */
static int connect_system(struct __socket *so, struct sockaddr_storage *addr, int len)
{
	int err = linux_connect(so, addr, len);

	if (!err)
		kpi_so_post_connected(so);
	return err;
}

static int start(struct __socket *so, const struct bsd_sockaddr *to)
{
	struct sockaddr_storage addr;
	int len, err;

	if (to->sa_family == AF_UNSPEC && to->sa_len >= 2 && !so->transport->stream) {
		dissolve(so);
		return -EAFNOSUPPORT;
	}

	len = kpi_addr_to_linux(so, to, &addr);
	if (len < 0)
		return len;
	if (kpi_so_is_system(so))
		return connect_system(so, &addr, len);
	if (!kpi_so_is_inet(so))
		return so->transport->stream ? connect_unix(so, &addr, len)
					     : connect_datagram(so, &addr, len);

	err = check_inet_destination(so, &addr) ?: kpi_so_bind_low(so);
	if (err)
		return err;
	return kpi_so_is_tcp(so) ? connect_tcp(so, &addr, len) : connect_datagram(so, &addr, len);
}

/* Why a connection cannot even be begun, or 0. */
static int check_state(struct __socket *so, bool nonblocking)
{
	if (kpi_so_is_connecting(so))
		return nonblocking ? -EALREADY : -EISCONN;
	if (kpi_so_is_listening(so))
		return -EOPNOTSUPP;
	if (so->transport->stream && kpi_so_is_connected(so))
		return -EISCONN;
	if (so->attempted)
		return kpi_so_take_error(so) ?: -EINVAL;
	return 0;
}

static int connect_to(struct __socket *so, const struct bsd_sockaddr *to, int flags)
{
	bool nonblocking = so->nonblocking || (flags & KPI_MSG_DONTWAIT);
	int err;

	if (!to)
		return -EINVAL;
	err = check_state(so, nonblocking) ?: start(so, to);
	if (err != -EINPROGRESS || nonblocking)
		return err;

	err = kpi_so_wait(so, connect_is_over, so, true, MAX_SCHEDULE_TIMEOUT);
	if (err)
		return err;
	return READ_ONCE(so->closing) ? -ECONNABORTED : kpi_so_take_error(so);
}

/**
 * kpi_sock_connect() - connect a socket
 * @so:    the socket, borrowed
 * @to:    the address, borrowed; its sa_len counts
 * @flags: MSG_DONTWAIT: do not wait for the outcome
 *
 * The outcome of a connection that is in progress comes by upcall: the socket
 * is connected, or has an error. A signal ends the wait, not the attempt. A
 * datagram socket that is connected is connected anew; a TCP socket has one
 * attempt.
 *
 * macOS difference: a TCP socket that does not wait gets EINPROGRESS even if
 * the connection is complete by then.
 *
 * Context: Process context.
 * Return: 0; EINPROGRESS; EALREADY; EISCONN; EOPNOTSUPP for a listener; EINVAL
 * for a bad length or a second attempt; EAFNOSUPPORT; EADDRNOTAVAIL; EINTR or
 * ERESTART; or why the connection failed.
 */
errno_t kpi_sock_connect(socket_t so, const struct bsd_sockaddr *to, int flags)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = connect_to(so, to, flags);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_connect);

static int check_connectwait(const struct bsd_timeval *tv)
{
	if (!tv)
		return -EINVAL;
	if (tv->tv_sec < 0 || tv->tv_sec > CONNECTWAIT_MAX_SEC)
		return -EDOM;
	if (tv->tv_usec < 0 || tv->tv_usec >= USEC_PER_SEC)
		return -EDOM;
	return 0;
}

static int connectwait(struct __socket *so, const struct bsd_timeval *tv)
{
	int err = kpi_so_take_error(so);

	if (err)
		return err;
	if (!kpi_so_is_connecting(so))
		return kpi_so_is_connected(so) ? 0 : -EINVAL;

	err = check_connectwait(tv);
	if (err)
		return err;
	if (kpi_so_wait(so, connect_is_over, so, false,
			kpi_so_timeout(tv->tv_sec, tv->tv_usec)))
		return -EINPROGRESS;
	return READ_ONCE(so->closing) ? -ECONNABORTED : kpi_so_take_error(so);
}

/**
 * kpi_sock_connectwait() - wait for a connection in progress
 * @so: the socket, borrowed
 * @tv: how long; zero is for ever
 *
 * Signals do not end the wait, and the attempt goes on after it.
 *
 * macOS difference: EINVAL for NULL, where macOS crashes.
 *
 * Context: Process context.
 * Return: 0; EINPROGRESS when the time is over; EDOM for a bad time; EINVAL if
 * no connection is in progress; or why it failed.
 */
errno_t kpi_sock_connectwait(socket_t so, const struct bsd_timeval *tv)
{
	int err;

	if (KPI_SO_ENTER(so))
		return EINVAL;
	err = connectwait(so, tv);
	kpi_so_leave(so);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_sock_connectwait);
