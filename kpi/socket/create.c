// SPDX-License-Identifier: GPL-2.0
/* Sockets come: sock_socket(), and those of Linux that become ours. */

#include <linux/capability.h>
#include <linux/in.h>
#include <linux/nsproxy.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

#include "../compat/socket.h"
#include "../control/system.h"
#include "../filter/socket/ask.h"
#include "buffer.h"
#include "event.h"
#include "handle.h"
#include "option.h"
#include "privilege.h"
#include "process.h"
#include "transport.h"

static const struct kpi_transport *transport_of(const struct sock *sk)
{
	if (sk->sk_family == kpi_system_family)
		return sk->sk_type == SOCK_STREAM ? &kpi_system_stream_transport :
						    &kpi_system_transport;
	if (sk->sk_type == SOCK_STREAM)
		return sk->sk_family == AF_UNIX ? &kpi_unix_transport : &kpi_tcp_transport;
	if (sk->sk_type == SOCK_DGRAM && sk->sk_protocol == IPPROTO_UDP)
		return &kpi_udp_transport;
	return &kpi_datagram_transport;
}

static void inherit(struct __socket *so, struct __socket *listener)
{
	so->attempted = kpi_so_is_tcp(so);
	so->nonblocking = listener->nonblocking;
	kpi_so_inherit_cred(so, listener);
	so->sndbuf_set = listener->sndbuf_set;
	so->rcvbuf_set = listener->rcvbuf_set;
	so->snd_limit = listener->snd_limit;
	so->rcv_limit = listener->rcv_limit;
	so->want_oob = listener->want_oob;
	so->want_more = listener->want_more;
	kpi_option_inherit(so, listener);
}

/*
 * macOS's for TCP; for the others Linux's, which are larger. Linux has to have
 * room for twice as much, because it counts memory. That is a beginning: what it
 * takes away when memory is short it gives back as it does to everybody. The
 * buffer of a process is the process's.
 */
static void set_limits(struct __socket *so)
{
	struct sock *sk = so->sk;

	if (!kpi_so_is_tcp(so)) {
		so->snd_limit = sk->sk_sndbuf;
		so->rcv_limit = sk->sk_rcvbuf;
		return;
	}
	so->snd_limit = KPI_TCP_SNDBUF;
	so->rcv_limit = KPI_TCP_RCVBUF;
	if (!kpi_so_is_lent(so) && sk->sk_sndbuf < 2 * KPI_TCP_SNDBUF)
		WRITE_ONCE(sk->sk_sndbuf, 2 * KPI_TCP_SNDBUF);
}

/* What a connection went through before it was ours. */
static void note_past(struct __socket *so, const struct __socket *listener)
{
	bool fresh = (1 << READ_ONCE(so->sk->sk_state)) & (TCPF_CLOSE | TCPF_LISTEN);

	if (kpi_so_is_lent(so) && !fresh)
		so->attempted = kpi_so_is_tcp(so);
	if (listener || (kpi_so_is_lent(so) && so->transport->stream && !fresh))
		kpi_so_note_milestones(so);
}

/**
 * kpi_so_adopt() - make a Linux socket the layer's
 * @so:       what kpi_so_alloc() made
 * @sock:     the socket; consumed on success
 * @listener: where it was accepted, or NULL
 *
 * Events are counted from here on; there is no upcall yet. The caller is a user,
 * until kpi_so_leave(): from the moment the socket has an upcall, or its kext
 * stops, somebody else may close it.
 *
 * Return: 0; -ENOBUFS, and @sock is the caller's.
 */
int kpi_so_adopt(struct __socket *so, struct socket *sock, struct __socket *listener)
{
	int err;

	so->sock = sock;
	so->sk = sock->sk;
	so->transport = transport_of(so->sk);
	so->filtered = kpi_sflt_linux_ops(sock) != sock->ops;
	if (listener)
		inherit(so, listener);
	else
		set_limits(so);

	if (so->process)
		err = 0;	/* nobody wants to hear of it */
	else
		err = so->borrowed ? kpi_so_watch(so) : kpi_so_hook(so);
	if (err)
		return err;
	note_past(so, listener);

	kpi_so_publish(so);
	return 0;
}

static int check_type(int domain, int type, int protocol)
{
	if (domain == KPI_AF_SYSTEM)
		return 0;		/* the family knows */
	if (domain != AF_INET && domain != AF_INET6 && domain != AF_UNIX)
		return -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -EPROTONOSUPPORT;
	if (domain == AF_UNIX)
		return protocol || type == SOCK_RAW ? -EPROTONOSUPPORT : 0;
	if (type == SOCK_RAW)
		return 0;

	if (protocol == (type == SOCK_STREAM ? IPPROTO_UDP : IPPROTO_TCP))
		return -EPROTOTYPE;
	if (type == SOCK_STREAM && protocol && protocol != IPPROTO_TCP)
		return -EPROTONOSUPPORT;
	return 0;
}

static int creation_error(int err)
{
	switch (err) {
	case -ESOCKTNOSUPPORT:
	case -EINVAL:
		return -EPROTONOSUPPORT;
	case -ENFILE:
	case -ENOMEM:
		return -ENOBUFS;
	default:
		return err;
	}
}

/* The namespace of this thread; a thread that is about to exit has none any more. */
static struct net *current_net(void)
{
	return current->nsproxy ? current->nsproxy->net_ns : &init_net;
}

static int create(struct __socket *so, int domain, int type, int protocol)
{
	struct net *net = current_net();
	struct socket *sock;
	int err;

	if (domain == KPI_AF_SYSTEM)
		domain = kpi_system_family;
	else if (type == SOCK_RAW && !ns_capable(net->user_ns, CAP_NET_RAW))
		return -EPERM;		/* Linux asks user space only */

	err = sock_create_kern(net, domain, type, protocol, &sock);
	if (err)
		return creation_error(err);

	kpi_so_set_lock_class(sock->sk);
	kpi_compat_keep_net(sock->sk);
	err = kpi_so_adopt(so, sock, NULL);
	if (err)
		sock_release(sock);
	return err;
}

static int new_socket(int domain, int type, int protocol, sock_upcall callback, void *cookie,
		      struct kpi_kext *owner, socket_t *new_so)
{
	const struct kpi_upcall none = {}, upcall = kpi_upcall_of(callback, cookie);
	struct __socket *so;
	int err;

	if (!new_so)
		return -EINVAL;
	*new_so = NULL;

	err = check_type(domain, type, protocol);
	if (err)
		return err;

	so = kpi_so_alloc(owner ?: upcall.kext);
	if (!so)
		return -ENOBUFS;
	err = create(so, domain, type, protocol);
	if (err) {
		kpi_so_discard(so);
		return err;
	}

	kpi_sflt_greet_own(so);
	kpi_upcall_set(so, &upcall, &none);
	kpi_so_leave(so);
	*new_so = so;
	return 0;
}

/**
 * kpi_sock_socket() - create a socket
 * @domain:   AF_INET, AF_INET6, AF_UNIX or AF_SYSTEM
 * @type:     SOCK_STREAM, SOCK_DGRAM or, not for AF_UNIX, SOCK_RAW
 * @protocol: 0 for the usual one
 * @callback: upcall to install, or NULL; no event can come before it
 * @cookie:   what @callback is given
 * @new_so:   where the socket goes; NULL is stored on failure
 *
 * Returns the socket to the caller, who must give it to sock_close(). It is
 * blocking, without timeouts, and lives in the network namespace of the calling
 * thread, which it keeps alive.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: 0; EINVAL without @new_so; EAFNOSUPPORT, EPROTONOSUPPORT or
 * EPROTOTYPE for what is not offered; EPERM for SOCK_RAW from a thread
 * without CAP_NET_RAW in the namespace; ENOBUFS without memory.
 */
errno_t kpi_sock_socket(int domain, int type, int protocol, sock_upcall callback, void *cookie,
			socket_t *new_so)
{
	kpi_might_sleep();
	return kpi_errno(new_socket(domain, type, protocol, callback, cookie,
				    kpi_kext_caller(), new_so));
}
KPI_EXPORT(kpi_sock_socket);

/**
 * kpi_sock_socket_internal() - create a socket
 * @domain:   as in sock_socket()
 * @type:     as in sock_socket()
 * @protocol: as in sock_socket()
 * @callback: as in sock_socket()
 * @cookie:   as in sock_socket()
 * @new_so:   as in sock_socket()
 *
 * The name that sock_socket() has in macOS's own builds. Returns the socket to
 * the caller.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 * Return: as sock_socket().
 */
errno_t kpi_sock_socket_internal(int domain, int type, int protocol, sock_upcall callback,
				 void *cookie, socket_t *new_so)
{
	kpi_might_sleep();
	return kpi_errno(new_socket(domain, type, protocol, callback, cookie,
				    kpi_kext_caller(), new_so));
}
KPI_EXPORT(kpi_sock_socket_internal);
