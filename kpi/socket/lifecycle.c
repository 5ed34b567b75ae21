// SPDX-License-Identifier: GPL-2.0
/* Sockets come and go: socket, close, retain, release, and what stands behind a handle. */

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/hashtable.h>
#include <linux/in.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/un.h>
#include <net/net_namespace.h>
#include <net/tcp_states.h>

#include "../compat/socket.h"
#include "../mbuf/mbuf_priv.h"
#include "event.h"
#include "option.h"
#include "receive.h"
#include "transport.h"

/* What is_handle() asks; also what a stopping kext's sockets are found in. */
#define TABLE_BITS	10

static DEFINE_HASHTABLE(sockets, TABLE_BITS);
static DEFINE_SPINLOCK(sockets_lock);

/* Ten thousand of them are nothing special. (sparse counts some of Linux's types longer.) */
#ifndef __CHECKER__
static_assert(IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_DEBUG_LOCK_ALLOC) ||
	      IS_ENABLED(CONFIG_DEBUG_OBJECTS) || sizeof(struct __socket) <= 512);
#endif

static bool check_handles = KPI_MBUF_DEBUG;
module_param(check_handles, bool, 0644);
MODULE_PARM_DESC(check_handles, "look every socket_t up before it is used, and name the kext that uses one too long");

/* Whether @so is a socket's handle, without looking into it; counts a user if so. */
static bool enter_checked(const struct __socket *handle)
{
	struct __socket *so;
	bool found = false;

	rcu_read_lock();
	hash_for_each_possible_rcu(sockets, so, node, (unsigned long)handle) {
		if (so != handle)
			continue;
		found = true;
		break;
	}
	if (found && !refcount_inc_not_zero(&so->users))
		found = false;
	rcu_read_unlock();
	return found;
}

/**
 * kpi_so_enter() - begin a call on a socket
 * @so:     the handle the kext gave
 * @caller: the kext's return address
 *
 * Return: 0; -EINVAL without a socket; -ESHUTDOWN if it is closed, which only
 * an upcall that is still running has a right to see.
 */
int kpi_so_enter(struct __socket *so, unsigned long caller)
{
	might_sleep();

	if (unlikely(!so))
		return -EINVAL;

	if (check_handles) {
		if (!enter_checked(so)) {
			if (kpi_upcall_current() == so)
				return -ESHUTDOWN;
			kpi_misuse_from(caller, "not a socket, or one closed before");
			return -EINVAL;
		}
	} else if (!refcount_inc_not_zero(&so->users)) {
		return -ESHUTDOWN;
	}

	smp_mb__after_atomic();		/* either this sees the close, or end_connection() the user */
	if (unlikely(READ_ONCE(so->closing))) {
		kpi_so_leave(so);
		return -ESHUTDOWN;
	}
	return 0;
}

/**
 * kpi_so_leave() - end a call on a socket
 * @so: the socket
 *
 * The last user of a closed socket gives the struct socket back.
 */
void kpi_so_leave(struct __socket *so)
{
	if (likely(!refcount_dec_and_test(&so->users)))
		return;

	if (so->borrowed)
		fput(so->borrowed->file);
	else
		sock_release(so->sock);
	kpi_stash_free(so);
	kpi_so_put(so);
}

/* All that a socket has, once nobody can come upon it any more. */
static void free_memory(struct rcu_head *rcu)
{
	struct __socket *so = container_of(rcu, struct __socket, rcu);

	kpi_option_free(so);
	put_cred(so->cred);
	kfree(so->events);
	kfree(so->connect_timer);
	kfree(so->watch);
	kfree(so->borrowed);
	mutex_destroy(&so->rcv_lock);
	mutex_destroy(&so->snd_lock);
	kfree(so);
}

void kpi_so_put(struct __socket *so)
{
	if (!refcount_dec_and_test(&so->refs))
		return;

	spin_lock(&sockets_lock);
	hash_del_rcu(&so->node);
	spin_unlock(&sockets_lock);
	call_rcu(&so->rcu, free_memory);
	module_put(THIS_MODULE);
}
KPI_EXPORT(kpi_so_put);		/* for tests */

/**
 * kpi_so_alloc() - the memory of a socket that is to be
 * @owner: the kext it will belong to
 *
 * Return: what kpi_so_adopt() or kpi_so_discard() take, or NULL.
 */
struct __socket *kpi_so_alloc(struct kpi_kext *owner)
{
	struct __socket *so;

	so = kzalloc(sizeof(*so), GFP_KERNEL);
	if (!so)
		return NULL;

	refcount_set(&so->refs, 1);
	refcount_set(&so->users, 2);	/* the creator and this call */
	spin_lock_init(&so->lock);
	mutex_init(&so->rcv_lock);
	mutex_init(&so->snd_lock);
	init_waitqueue_head(&so->wait);
	INIT_WORK(&so->work, kpi_dispatch_work);
	INIT_LIST_HEAD(&so->short_node);
	so->owner = owner;
	so->rcv_lowat = 1;
	so->snd_lowat = KPI_SNDLOWAT;
	kpi_so_set_cred(so, get_current_cred());
	return so;
}

void kpi_so_discard(struct __socket *so)
{
	free_memory(&so->rcu);
}

static const struct kpi_transport *transport_of(const struct sock *sk)
{
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
	if (!so->borrowed && sk->sk_sndbuf < 2 * KPI_TCP_SNDBUF)
		WRITE_ONCE(sk->sk_sndbuf, 2 * KPI_TCP_SNDBUF);
}

/* What a connection went through before it was ours. */
static void note_past(struct __socket *so, const struct __socket *listener)
{
	bool fresh = (1 << READ_ONCE(so->sk->sk_state)) & (TCPF_CLOSE | TCPF_LISTEN);

	if (so->borrowed && !fresh)
		so->attempted = kpi_so_is_tcp(so);
	if (listener || (so->borrowed && so->transport->stream && !fresh))
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
	if (listener)
		inherit(so, listener);
	else
		set_limits(so);

	err = so->borrowed ? kpi_so_watch(so) : kpi_so_hook(so);
	if (err)
		return err;
	note_past(so, listener);

	__module_get(THIS_MODULE);
	kpi_kext_charge(so->owner, KPI_HELD_SOCKET, 1);
	spin_lock(&sockets_lock);
	hash_add_rcu(sockets, &so->node, (unsigned long)so);
	spin_unlock(&sockets_lock);
	return 0;
}

static int check_type(int domain, int type, int protocol)
{
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

	if (type == SOCK_RAW && !ns_capable(net->user_ns, CAP_NET_RAW))
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

	might_sleep();
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

	kpi_upcall_set(so, &upcall, &none);
	kpi_so_leave(so);
	*new_so = so;
	return 0;
}

/**
 * kpi_sock_socket() - create a socket
 * @domain:   AF_INET, AF_INET6 or AF_UNIX
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
	return kpi_errno(new_socket(domain, type, protocol, callback, cookie,
				    kpi_kext_caller(), new_so));
}
KPI_EXPORT(kpi_sock_socket_internal);

static void disable_upcalls(struct __socket *so)
{
	lockdep_assert_held(&so->lock);

	so->read_upcall = (struct kpi_upcall){};
	so->write_upcall = (struct kpi_upcall){};
	if (so->events)
		so->events->fn = NULL;
	so->data_events = 0;
	so->read_event = false;
	so->write_event = false;
}

/* Never for our own upcall: a kext may close a socket in the socket's upcall. */
static void wait_for_upcall(struct __socket *so)
{
	if (kpi_upcall_current() != so)
		wait_event(so->wait, !READ_ONCE(so->running));
}

/* What tells an orderly end from a reset. */
static void prepare_linger(struct __socket *so)
{
	struct sock *sk = so->sk;

	if (READ_ONCE(so->stash.len) && kpi_so_is_tcp(so)) {
		sock_no_linger(sk);
		return;
	}
	if (!so->nonblocking)
		return;

	lock_sock(sk);
	if (sock_flag(sk, SOCK_LINGER) && sk->sk_lingertime)
		sock_reset_flag(sk, SOCK_LINGER);
	release_sock(sk);
}

/*
 * Before sock_release(): the struct sock outlives it, in FIN_WAIT or because of packets on their
 * way, and would go on calling. Who begins to listen at the same time sees that it is closing, or
 * is seen here.
 */
static void stop_hearing(struct __socket *so)
{
	lock_sock(so->sk);
	kpi_so_unhook(so);
	release_sock(so->sk);
	if (so->watch)
		kpi_so_unwatch(so);
}

/* Who sleeps inside Linux does not hear of the close otherwise. */
static void end_connection(struct __socket *so)
{
	prepare_linger(so);
	stop_hearing(so);
	wake_up_all(&so->wait);
	smp_mb();			/* see kpi_so_enter() */
	if (refcount_read(&so->users) > 2)
		kernel_sock_shutdown(so->sock, SHUT_RDWR);
}

/* The process goes on with its socket. */
static void give_back(struct __socket *so)
{
	kpi_so_unwatch(so);
	kpi_so_forget_handle(so);
	wake_up_all(&so->wait);
}

/**
 * kpi_so_close() - the real close, once
 * @so: the socket; the caller is a user of its own
 *
 * The struct socket goes with the last user, so whoever sleeps in a call is
 * woken first.
 */
void kpi_so_close(struct __socket *so)
{
	bool wait;

	spin_lock_bh(&so->lock);
	if (so->closing || so->retains || !so->owner_gone) {	/* somebody was quicker */
		spin_unlock_bh(&so->lock);
		return;
	}
	WRITE_ONCE(so->closing, true);
	disable_upcalls(so);
	wait = so->closewait;
	spin_unlock_bh(&so->lock);

	if (wait)
		wait_for_upcall(so);

	kpi_kext_charge(so->owner, KPI_HELD_SOCKET, -1);
	kpi_connect_timer_stop(so);
	kpi_so_lacks_nothing(so);
	if (so->borrowed)
		give_back(so);
	else
		end_connection(so);
	kpi_so_leave(so);
}

/**
 * kpi_sock_close() - close a socket
 * @so: the socket, or NULL
 *
 * Consumes the socket. While it is retained it stays open; the sock_release()
 * that takes the last retain count closes it then. No upcall starts once this
 * was called. Threads that sleep in a call on the socket return: a receive with
 * end of file, a send with EPIPE, an accept with ECONNABORTED.
 *
 * A running upcall is not waited for, unless SO_UPCALLCLOSEWAIT is on. May be
 * called from the socket's own upcall, which goes on to its end.
 *
 * The socket of a process's descriptor is not the kext's to close: that is
 * reported, and nothing happens.
 *
 * macOS difference: no upcall is called by the close itself; sleepers on an
 * unconnected datagram socket are woken, too; with SO_UPCALLCLOSEWAIT, a close
 * in the own upcall does not wait for itself but returns.
 *
 * Context: Process context. Sleeps for SO_UPCALLCLOSEWAIT and SO_LINGER.
 */
void kpi_sock_close(socket_t so)
{
	bool retained, again;

	if (!so || KPI_SO_ENTER(so))
		return;
	if (so->borrowed) {
		kpi_misuse("closes the socket of a descriptor; file_drop() gives it back");
		kpi_so_leave(so);
		return;
	}

	spin_lock_bh(&so->lock);
	again = so->owner_gone;
	so->owner_gone = true;
	retained = so->retains;
	spin_unlock_bh(&so->lock);

	if (again)
		kpi_misuse("socket closed twice");
	else if (!retained)
		kpi_so_close(so);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_close);

/**
 * kpi_sock_retain() - keep a socket open
 * @so: the socket, or NULL
 *
 * Shares the socket: it stays open until as many calls of sock_release() have
 * been made, even if the owner closes it before.
 *
 * macOS difference: none.
 *
 * Context: Process context.
 */
void kpi_sock_retain(socket_t so)
{
	if (!so || KPI_SO_ENTER(so))
		return;

	spin_lock_bh(&so->lock);
	so->retains++;
	spin_unlock_bh(&so->lock);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_retain);

/* Takes one retain count away; -1 if there was none, 1 if the socket is to be closed now. */
static int drop_retain(struct __socket *so, bool *wait)
{
	int verdict = -1;

	spin_lock_bh(&so->lock);
	*wait = so->closewait && so->running;
	if (so->retains) {
		so->retains--;
		verdict = !so->retains && so->owner_gone;
		if (*wait)
			disable_upcalls(so);
	}
	spin_unlock_bh(&so->lock);
	return verdict;
}

/**
 * kpi_sock_release() - undo sock_retain()
 * @so: the socket, or NULL
 *
 * Closes the socket if its owner has closed it and nobody else retains it. With
 * SO_UPCALLCLOSEWAIT and an upcall running, every release takes the upcalls away
 * and waits for the running one.
 *
 * macOS difference: a release too many is reported and ignored, where macOS
 * panics; an AF_UNIX socket is closed also when it is not connected; in the own
 * upcall it does not wait for itself.
 *
 * Context: Process context. Sleeps as sock_close().
 */
void kpi_sock_release(socket_t so)
{
	bool wait;
	int verdict;

	if (!so || KPI_SO_ENTER(so))
		return;

	verdict = drop_retain(so, &wait);
	if (verdict < 0)
		kpi_misuse("socket released more often than retained");
	else if (wait)
		wait_for_upcall(so);
	if (verdict > 0)
		kpi_so_close(so);
	kpi_so_leave(so);
}
KPI_EXPORT(kpi_sock_release);

/* A socket the kext left open; with a user counted, for kpi_so_close(). */
static struct __socket *find_left(const struct kpi_kext *kext)
{
	struct __socket *so, *found = NULL;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node) {
		if (so->owner != kext || READ_ONCE(so->closing))
			continue;
		if (!refcount_inc_not_zero(&so->users))
			continue;
		found = so;
		break;
	}
	rcu_read_unlock();
	return found;
}

/* How many upcalls of a kext are running; for the book of kexts. */
long kpi_socket_running(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;
	long n = 0;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node)
		n += READ_ONCE(so->running) && READ_ONCE(so->running_kext) == kext;
	rcu_read_unlock();
	return n;
}

/*
 * None of a kext's functions is called any more, until it installs one anew. Whoever
 * asks for this waits for those that are running.
 */
void kpi_socket_silence(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;

	rcu_read_lock();
	hash_for_each_rcu(sockets, bucket, so, node)
		kpi_upcall_forget(so, kext);
	rcu_read_unlock();
}

static void reclaim(struct __socket *so)
{
	refcount_inc(&so->refs);
	WRITE_ONCE(so->kept, true);

	spin_lock_bh(&so->lock);
	so->closewait = false;
	so->owner_gone = true;
	so->retains = 0;
	spin_unlock_bh(&so->lock);
	kpi_so_close(so);
	kpi_so_leave(so);
}

/*
 * A kext has stopped, and as far as is known nothing of it runs: what it left open is
 * closed. Its text is still there, and might be entered in ways nobody here hears of,
 * so the memory of its handles stays, for calls to fail, until kpi_socket_forget().
 */
void kpi_socket_reclaim(const struct kpi_kext *kext)
{
	struct __socket *so;

	kpi_socket_silence(kext);
	while ((so = find_left(kext)))
		reclaim(so);
}

static struct __socket *find_kept(const struct kpi_kext *kext)
{
	struct __socket *so;
	int bucket;

	hash_for_each_rcu(sockets, bucket, so, node)
		if (so->owner == kext && READ_ONCE(so->kept))
			return so;
	return NULL;
}

/* The kext's text goes now. */
void kpi_socket_forget(const struct kpi_kext *kext)
{
	struct __socket *so;

	rcu_read_lock();
	while ((so = find_kept(kext))) {
		WRITE_ONCE(so->kept, false);
		kpi_so_put(so);
	}
	rcu_read_unlock();
}
