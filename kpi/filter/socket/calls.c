// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that decide or tell: bind, connect, listen, accept, the names, shutdown and
 * the end. Each asks the filters, and then Linux.
 */

#include <linux/fcntl.h>
#include <linux/net.h>
#include <net/inet_sock.h>
#include <net/tcp_states.h>

#include <kpi/memory.h>

#include "../../compat/socket.h"
#include "../../socket/address.h"
#include "../../socket/socket_priv.h"
#include "attach.h"
#include "calls.h"
#include "event.h"
#include "filtered.h"
#include "kind.h"
#include "passed.h"
#include "registry.h"
#include "syn.h"
#include "turn.h"
#include "walk.h"

/* Zero-padded, with room for any family, as filters may write to it. */
void kpi_sflt_name_begin(struct kpi_sflt_name *name, const void *addr, int len)
{
	struct sockaddr_storage copy = {};

	memcpy(&copy, addr, min_t(int, len, sizeof(copy)));
	kpi_addr_from_linux(&copy, len, &name->name);
	name->before = name->name;
}

/* What a filter has changed goes back, in as many bytes as there were. */
void kpi_sflt_name_end(const struct kpi_sflt_name *name, void *addr, int len)
{
	u16 family;

	if (!memcmp(&name->name, &name->before, sizeof(name->name)))
		return;
	family = name->name.ss_family;
	memcpy(addr, &name->name, min_t(int, len, sizeof(name->name)));
	memcpy(addr, &family, sizeof(family));
}

static bool is_inet_name(const struct kpi_compat_sockaddr *addr, int len)
{
	if (addr->sa_family == AF_INET)
		return len >= (int)sizeof(struct sockaddr_in);
	return addr->sa_family == AF_INET6 && len >= (int)sizeof(struct sockaddr_in6);
}

static int bind(struct kpi_filtered *f, struct kpi_compat_sockaddr *addr, int len)
{
	struct kpi_sflt_name name;
	int err = 0;

	if (is_inet_name(addr, len)) {
		kpi_sflt_name_begin(&name, addr, len);
		err = kpi_sflt_ask(f, sf_bind, (struct bsd_sockaddr *)&name.name);
		kpi_sflt_name_end(&name, addr, len);
	}
	if (err)
		return min(err, 0);
	err = f->linux_ops->bind(f->sock, addr, len);
	kpi_sflt_tell_bound(f);
	return err;
}

static int filtered_bind(struct socket *sock, struct kpi_compat_sockaddr *addr, int len)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f)
		err = bind(here.f, addr, len);
	else
		err = here.linux_ops->bind(sock, addr, len);
	kpi_here_end(&here);
	return err;
}

/* One question for each attempt: not while there is one, nor after it. */
static bool is_attempt(const struct socket *sock)
{
	return sock->type != SOCK_STREAM || sock->state == SS_UNCONNECTED;
}

int kpi_sflt_ask_connect(struct kpi_filtered *f, void *addr, int len)
{
	struct kpi_sflt_name name;
	int err;

	if (!is_attempt(f->sock) || !is_inet_name(addr, len))
		return 0;
	kpi_sflt_name_begin(&name, addr, len);
	err = kpi_sflt_ask(f, sf_connect_out, (struct bsd_sockaddr *)&name.name);
	kpi_sflt_name_end(&name, addr, len);
	return err;
}

/* The second call finds an attempt under way, but it is its own. */
static int wait_for_connection(struct kpi_filtered *f, struct kpi_compat_sockaddr *addr, int len,
			       int flags)
{
	int err = f->linux_ops->connect(f->sock, addr, len, flags);

	return err == -EALREADY ? -EINPROGRESS : err;
}

/* There is none any more, so what came with it is for nobody; the next one has events of its own. */
static int forget_connection(struct kpi_filtered *f)
{
	int nested = kpi_turn_take(f, &f->reading);

	if (nested < 0)
		return nested;
	kpi_sflt_drop_passed(f);
	if (!nested)
		kpi_turn_end(f, &f->reading);
	kpi_sflt_tell_anew(f);
	return 0;
}

/*
 * Of TCP Linux is only asked to begin at first, so that the events come in their
 * order; waiting is a second call, as a program's would be.
 */
static int connect_stream(struct kpi_filtered *f, struct kpi_compat_sockaddr *addr, int len,
			  int flags)
{
	bool attempt = is_attempt(f->sock);
	int err;

	kpi_sflt_tell_later(f);
	err = f->linux_ops->connect(f->sock, addr, len, attempt ? flags | O_NONBLOCK : flags);
	kpi_sflt_tell_bound(f);
	if (attempt && (!err || err == -EINPROGRESS))
		kpi_sflt_tell(f, sock_evt_connecting, NULL);
	if (attempt && err == -EINPROGRESS && !(flags & O_NONBLOCK))
		err = wait_for_connection(f, addr, len, flags);
	kpi_sflt_tell_now(f);
	if (!err && addr->sa_family == AF_UNSPEC)
		err = forget_connection(f);
	return err;
}

static int connect_datagram(struct kpi_filtered *f, struct kpi_compat_sockaddr *addr, int len,
			    int flags)
{
	int err = f->linux_ops->connect(f->sock, addr, len, flags);

	kpi_sflt_tell_bound(f);
	if (!err && addr->sa_family != AF_UNSPEC)
		kpi_sflt_tell(f, sock_evt_connected, NULL);
	return err;
}

static int connect(struct kpi_filtered *f, struct kpi_compat_sockaddr *addr, int len, int flags)
{
	int err = kpi_sflt_ask_connect(f, addr, len);

	if (err)
		return min(err, 0);
	if (f->stream)
		return connect_stream(f, addr, len, flags);
	return connect_datagram(f, addr, len, flags);
}

static int filtered_connect(struct socket *sock, struct kpi_compat_sockaddr *addr, int len,
			    int flags)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f)
		err = connect(here.f, addr, len, flags);
	else
		err = here.linux_ops->connect(sock, addr, len, flags);
	kpi_here_end(&here);
	return err;
}

static bool may_listen(const struct socket *sock)
{
	return sock->type == SOCK_STREAM && sock->state == SS_UNCONNECTED &&
	       (1 << READ_ONCE(sock->sk->sk_state)) & (TCPF_CLOSE | TCPF_LISTEN);
}

static int listen(struct kpi_filtered *f, int backlog)
{
	int err = may_listen(f->sock) ? kpi_sflt_ask(f, sf_listen) : 0;

	if (err)
		return min(err, 0);
	err = kpi_sflt_meet_syns(f) ?: f->linux_ops->listen(f->sock, backlog);
	kpi_sflt_tell_bound(f);
	return err;
}

static int filtered_listen(struct socket *sock, int backlog)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f)
		err = listen(here.f, backlog);
	else
		err = here.linux_ops->listen(sock, backlog);
	kpi_here_end(&here);
	return err;
}

/* Both names, for sf_accept; what cannot be had is zeroes. */
static void names_of(struct kpi_filtered *f, struct bsd_sockaddr_storage *local,
		     struct bsd_sockaddr_storage *remote)
{
	memset(local, 0, sizeof(*local));
	memset(remote, 0, sizeof(*remote));
	kpi_so_name(f->so, false, local);
	kpi_so_name(f->so, true, remote);
}

static int ask_accept(struct kpi_filtered *listener, struct kpi_filtered *f)
{
	struct bsd_sockaddr_storage local, remote;
	struct kpi_attached *a = NULL;
	int err = 0;

	names_of(f, &local, &remote);
	while (!err && (a = kpi_sflt_next(f, a))) {
		if (!a->sflt->f.sf_ext.sf_ext_accept)
			continue;
		kpi_sflt_begin(a);
		err = a->sflt->f.sf_ext.sf_ext_accept(a->cookie, listener->so, f->so,
						      (struct bsd_sockaddr *)&local,
						      (struct bsd_sockaddr *)&remote);
		kpi_sflt_end(a);
		err = kpi_sflt_result(a, "sf_accept", err);
	}
	if (a)
		kpi_filter_put(&a->filter, false);
	return err;
}

/*
 * What the filters of a connection say of its being accepted. EJUSTRETURN: it is, but
 * is good for nothing. With an error the caller closes it.
 */
int kpi_sflt_accepted(struct kpi_filtered *listener, struct kpi_filtered *f)
{
	int err;

	kpi_sflt_tell_state(f);
	err = ask_accept(listener, f);
	if (err == KPI_SFLT_JUST_RETURN) {
		f->linux_ops->shutdown(f->sock, SHUT_RDWR);
		err = 0;
	}
	return err;
}

/* The connection has the operations of its listener, and we are their owner. */
static int meet_connection(struct kpi_filtered *listener, struct socket *fresh)
{
	struct kpi_sflt_kind *kind = kpi_sflt_kind_of_sock(fresh->sk);
	struct kpi_filtered *f = NULL;
	int err = 0;

	if (kind && kpi_sflt_greet(fresh, kind, true))
		f = kpi_filtered_of(fresh);
	if (f) {
		err = kpi_sflt_accepted(listener, f);
		kpi_filtered_put(f);
	} else {
		kpi_sflt_unwrap(fresh);
	}
	return err;
}

/*
 * Who accepts for the kernel puts the operations there later, so there are none yet.
 * That is the layer, which looks after the connection itself, or somebody whose
 * connections are not filtered: they keep ours, as a passage.
 */
static int filtered_accept(struct socket *sock, struct socket *fresh, KPI_COMPAT_ACCEPT_ARGS)
{
	struct kpi_here here = kpi_here(sock);
	bool by_process = fresh->ops;
	int err = here.linux_ops->accept(sock, fresh, KPI_COMPAT_ACCEPT_VALUES);

	if (!err && by_process && here.f)
		err = meet_connection(here.f, fresh);
	else if (!err && by_process)
		kpi_sflt_unwrap(fresh);
	kpi_here_end(&here);
	return err;
}

/* The name in memory that a filter may exchange; NULL without memory. */
static struct bsd_sockaddr *name_alloc(const struct kpi_sflt_name *name)
{
	struct bsd_sockaddr *sa = kpi__MALLOC(sizeof(name->name), M_SONAME, M_WAITOK | M_NULL);

	if (sa)
		memcpy(sa, &name->name, sizeof(name->name));
	return sa;
}

static int name_result(const struct bsd_sockaddr *sa, struct sockaddr *addr, int len)
{
	u16 family;

	if (!sa)
		return 0;
	len = min3(len, (int)sa->sa_len, (int)sizeof(struct sockaddr_storage));
	family = sa->sa_family;
	memcpy(addr, sa, len);
	memcpy(addr, &family, sizeof(family));
	return len;
}

static int ask_name(struct kpi_filtered *f, struct sockaddr *addr, int len, bool peer)
{
	struct kpi_sflt_name name;
	struct bsd_sockaddr *sa;
	int err;

	kpi_sflt_name_begin(&name, addr, len);
	sa = name_alloc(&name);
	if (!sa)
		return len;
	err = peer ? kpi_sflt_ask(f, sf_getpeername, &sa) : kpi_sflt_ask(f, sf_getsockname, &sa);
	len = err < 0 ? err : name_result(sa, addr, len);
	kpi__FREE(sa, M_SONAME);
	return len;
}

/* accept() asks for the peer, too (2): that is no getpeername(). */
static int filtered_getname(struct socket *sock, struct sockaddr *addr, int peer)
{
	struct kpi_here here = kpi_here(sock);
	int len = here.linux_ops->getname(sock, addr, peer);

	if (len > 0 && here.f && peer <= 1)
		len = ask_name(here.f, addr, len, peer);
	kpi_here_end(&here);
	return len;
}

static void tell_shutdown(struct kpi_filtered *f, int how)
{
	kpi_sflt_tell(f, sock_evt_shutdown, &how);
	if (how != SHUT_WR)
		kpi_sflt_tell(f, sock_evt_flush_read, NULL);
	if (how != SHUT_RD)
		kpi_sflt_tell_once(f, KPI_TOLD_CANTSENDMORE, sock_evt_cantsendmore);
}

static int shut_down(struct kpi_filtered *f, int how)
{
	int err;

	kpi_sflt_tell_later(f);
	err = f->linux_ops->shutdown(f->sock, how);
	if (!err)
		tell_shutdown(f, how);
	kpi_sflt_tell_now(f);
	return err;
}

static int filtered_shutdown(struct socket *sock, int how)
{
	struct kpi_here here = kpi_here(sock);
	int err = here.f ? shut_down(here.f, how) : here.linux_ops->shutdown(sock, how);

	kpi_here_end(&here);
	return err;
}

static bool has_connection(const struct sock *sk)
{
	return sk->sk_type == SOCK_STREAM &&
	       !((1 << READ_ONCE(sk->sk_state)) & (TCPF_CLOSE | TCPF_LISTEN));
}

/* Data that nobody has read makes Linux reset the connection; so does what we have of it. */
static void prepare_reset(struct kpi_filtered *f)
{
	if (f->stream && kpi_sflt_unread(f))
		sock_no_linger(f->sk);
}

/* The end of a socket; its inode and the struct sock are held until no filter is left. */
static int release(struct kpi_filtered *f)
{
	bool connected = has_connection(f->sk);
	int err;

	kpi_sflt_tell(f, sock_evt_closing, NULL);
	if (connected)
		kpi_sflt_tell(f, sock_evt_disconnecting, NULL);
	prepare_reset(f);
	kpi_filtered_close(f);
	err = f->linux_ops->release(f->sock);
	if (connected)
		kpi_sflt_tell(f, sock_evt_disconnected, NULL);
	kpi_sflt_tell(f, sock_evt_flush_read, NULL);
	kpi_filtered_end(f);
	return err;
}

static int filtered_release(struct socket *sock)
{
	struct kpi_here here = kpi_here(sock);
	int err;

	if (here.f && sock->sk)
		err = release(here.f);
	else
		err = here.linux_ops->release(sock);
	kpi_here_end(&here);
	return err;
}

void kpi_sflt_fill_calls(struct proto_ops *ops)
{
	ops->release = filtered_release;
	ops->bind = filtered_bind;
	ops->connect = filtered_connect;
	if (ops->listen)
		ops->listen = filtered_listen;
	if (ops->accept)
		ops->accept = filtered_accept;
	ops->getname = filtered_getname;
	ops->shutdown = filtered_shutdown;
}
