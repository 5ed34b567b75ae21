// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets of descriptors.
 *
 * A kext asks for the socket behind a descriptor of the calling process, and
 * gives it back. In between it may retain the socket, and then keep it after
 * the process has closed the descriptor. The process goes on using the socket,
 * and may do to its callbacks what it likes: so ours are not put there, but it
 * is watched. Any number of watchers get along.
 *
 * Each kext has one handle for a socket. It lives as long as the descriptors
 * it was asked for are in use or somebody retains it.
 */

#include <linux/cred.h>
#include <linux/file.h>
#include <linux/hashtable.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/inet_connection_sock.h>

#include "event.h"
#include "handle.h"
#include "privilege.h"
#include "process.h"
#include "transport.h"

#define TABLE_BITS	8

/* A descriptor between file_socket() and file_drop(). */
struct descriptor {
	struct hlist_node node;
	const struct files_struct *files;	/* only compared */
	int fd;
	struct __socket *so;
};

static DEFINE_MUTEX(tables_lock);		/* guards both */
static DEFINE_HASHTABLE(handles, TABLE_BITS);
static DEFINE_HASHTABLE(descriptors, TABLE_BITS);

static unsigned long descriptor_key(int fd)
{
	return (unsigned long)current->files + fd;
}

/*
 * Of fewer bytes than the process's SO_RCVLOWAT TCP tells nobody, and the mark is the
 * process's. So the queue is looked at, too: now and then, and often while there is
 * a mark.
 */
#define LOOK_OFTEN	(HZ / 100 + 1)
#define LOOK_SELDOM	(HZ / 2)

static void look(struct work_struct *work)
{
	struct kpi_borrowed *b = container_of(to_delayed_work(work), struct kpi_borrowed, look);
	struct sock *sk = b->so->sk;
	bool marked = READ_ONCE(sk->sk_rcvlowat) > 1;
	u32 received = READ_ONCE(tcp_sk(sk)->rcv_nxt);

	if (marked && received != b->received)
		kpi_so_post_poll(b->so, EPOLLIN);
	b->received = received;
	queue_delayed_work(kpi_event_queue, &b->look, marked ? LOOK_OFTEN : LOOK_SELDOM);
}

/* A kext that has stopped may have left some. */
static void forget_descriptors(const struct __socket *so)
{
	struct descriptor *d;
	struct hlist_node *next;
	int bucket;

	lockdep_assert_held(&tables_lock);

	hash_for_each_safe(descriptors, bucket, next, d, node) {
		if (d->so != so)
			continue;
		hash_del(&d->node);
		kfree(d);
	}
}

/* A kext's handle is in use no more. */
void kpi_so_forget_handle(struct __socket *so)
{
	struct kpi_borrowed *b = so->borrowed;

	mutex_lock(&tables_lock);
	hash_del(&b->node);
	if (b->descriptors)
		forget_descriptors(so);
	mutex_unlock(&tables_lock);
	cancel_delayed_work_sync(&b->look);
}

/* What the layer can read from and write to. */
static int check_kind(const struct sock *sk)
{
	bool inet = sk->sk_family == AF_INET || sk->sk_family == AF_INET6;

	if (!inet && sk->sk_family != AF_UNIX)
		return -EOPNOTSUPP;
	if (sk->sk_type == SOCK_STREAM)
		return inet && sk->sk_protocol != IPPROTO_TCP ? -EOPNOTSUPP : 0;
	return sk->sk_type == SOCK_DGRAM || (inet && sk->sk_type == SOCK_RAW) ? 0 : -EOPNOTSUPP;
}

/* Whether something else in the kernel takes its data: TLS, a tunnel, a BPF map. */
static bool is_taken(const struct sock *sk)
{
	if (sk->sk_type == SOCK_STREAM && sk->sk_family != AF_UNIX &&
	    READ_ONCE(inet_csk(sk)->icsk_ulp_ops))
		return true;
	return READ_ONCE(sk->sk_user_data);
}

static bool use_handle(struct __socket *so)
{
	bool open;

	spin_lock_bh(&so->lock);
	open = !so->closing;
	if (open) {
		so->borrowed->descriptors++;
		so->owner_gone = false;
	}
	spin_unlock_bh(&so->lock);
	return open;
}

/* The last descriptor's end is what sock_close() is for other sockets. */
static bool unuse_handle(struct __socket *so)
{
	bool last;

	spin_lock_bh(&so->lock);
	so->owner_gone = !--so->borrowed->descriptors;
	last = so->owner_gone && !so->retains;
	spin_unlock_bh(&so->lock);
	return last;
}

static struct __socket *find_handle(const struct socket *sock, const struct kpi_kext *kext)
{
	struct kpi_borrowed *b;

	lockdep_assert_held(&tables_lock);

	hash_for_each_possible(handles, b, node, (unsigned long)sock)
		if (b->so->sock == sock && b->so->owner == kext && use_handle(b->so))
			return b->so;
	return NULL;
}

static struct __socket *make_handle(struct socket *sock, struct kpi_kext *kext)
{
	struct kpi_borrowed *b = kzalloc(sizeof(*b), GFP_KERNEL);
	struct __socket *so = kpi_so_alloc(kext);

	lockdep_assert_held(&tables_lock);

	if (!b || !so)
		goto err_free;

	b->so = so;
	INIT_DELAYED_WORK(&b->look, look);
	b->descriptors = 1;
	so->borrowed = b;
	kpi_so_set_cred(so, get_cred(sock->file->f_cred));
	if (kpi_so_adopt(so, sock, NULL)) {
		kpi_so_discard(so);
		return NULL;
	}
	b->file = get_file(sock->file);
	if (kpi_so_is_tcp(so))
		queue_delayed_work(kpi_event_queue, &b->look, 0);
	hash_add(handles, &b->node, (unsigned long)sock);
	kpi_so_leave(so);
	return so;

err_free:
	kfree(b);
	if (so)
		kpi_so_discard(so);
	return NULL;
}

static int remember(struct socket *sock, int fd, struct kpi_kext *kext, socket_t *so)
{
	struct descriptor *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return -ENOBUFS;

	mutex_lock(&tables_lock);
	d->files = current->files;
	d->fd = fd;
	d->so = find_handle(sock, kext) ?: make_handle(sock, kext);
	*so = d->so;
	if (d->so)
		hash_add(descriptors, &d->node, descriptor_key(fd));
	mutex_unlock(&tables_lock);

	if (*so)
		return 0;
	kfree(d);
	return -ENOBUFS;
}

/* The descriptor as @kext asked for it; or, if nobody can tell, as another did. */
static struct descriptor *find_descriptor(int fd, const struct kpi_kext *kext)
{
	struct descriptor *d, *found = NULL;

	lockdep_assert_held(&tables_lock);

	hash_for_each_possible(descriptors, d, node, descriptor_key(fd)) {
		if (d->files != current->files || d->fd != fd)
			continue;
		if (d->so->owner == kext)
			return d;
		found = d;
	}
	return found;
}

/**
 * kpi_file_socket() - the socket of a descriptor
 * @fd: a descriptor of the calling process
 * @so: out: its socket; NULL on failure
 *
 * Shares the socket until file_drop() is called with the same descriptor; so
 * long the process may close it, and the socket stays. A kext that wants it for
 * longer calls sock_retain() before, and sock_release() at the end; it never
 * calls sock_close(). Asked again, also by way of a copy of the descriptor,
 * a kext gets the same socket_t. Upcalls work as on other sockets.
 *
 * The process may switch TLS on later, or put the socket into a BPF map: what the
 * kext sends and receives on a TCP socket goes through these then.
 *
 * macOS difference: each kext has its own socket_t of a socket, and its own
 * upcalls. What a kext has peeked at is taken from the process. IPv4, IPv6 and
 * AF_UNIX sockets other than SOCK_SEQPACKET, MPTCP, SCTP and the like. With TLS or
 * a BPF map in between FIONREAD and SO_NREAD tell only whether there is something,
 * MSG_OOB is EOPNOTSUPP, and receiving datagrams and by AF_UNIX is EBUSY; so is
 * all of it while another part of the kernel has the socket. While the process's
 * SO_RCVLOWAT is above 1, upcalls for less come up to 20 ms late, the first of
 * them half a second.
 *
 * Context: Process context, in a thread of the process.
 * Return: 0; EBADF for no descriptor, ENOTSOCK for no socket, EOPNOTSUPP for
 * other kinds of sockets; EBUSY if something else in the kernel has the
 * socket's data (TLS, a tunnel, a BPF map); EINVAL without @so; ENOBUFS.
 */
errno_t kpi_file_socket(int fd, socket_t *so)
{
	struct socket *sock;
	int err;

	kpi_might_sleep();
	if (!so)
		return EINVAL;
	*so = NULL;

	sock = sockfd_lookup(fd, &err);
	if (!sock)
		return kpi_errno(err);

	err = check_kind(sock->sk);
	if (!err && is_taken(sock->sk))
		err = -EBUSY;
	if (!err)
		err = remember(sock, fd, kpi_kext_caller(), so);
	sockfd_put(sock);
	return kpi_errno(err);
}
KPI_EXPORT(kpi_file_socket);

/**
 * kpi_file_drop() - give the socket of a descriptor back
 * @fd: a descriptor that was given to file_socket()
 *
 * Consumes what file_socket() returned, unless the socket is retained; also
 * after the process has closed the descriptor.
 *
 * macOS difference: none.
 *
 * Context: Process context, in a thread of the same process.
 * Return: 0; EBADF if file_socket() was not called with this descriptor, or it
 * was dropped as often already.
 */
int kpi_file_drop(int fd)
{
	struct descriptor *d;
	struct __socket *so;

	kpi_might_sleep();
	mutex_lock(&tables_lock);
	d = find_descriptor(fd, kpi_kext_caller());
	if (!d) {
		mutex_unlock(&tables_lock);
		return EBADF;
	}
	so = d->so;
	refcount_inc(&so->users);
	hash_del(&d->node);
	mutex_unlock(&tables_lock);

	kfree(d);
	if (unuse_handle(so))
		kpi_so_close(so);
	kpi_so_leave(so);
	return 0;
}
KPI_EXPORT(kpi_file_drop);
