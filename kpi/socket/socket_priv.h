/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a socket_t is made of.
 *
 * struct __socket owns one struct socket and hooks itself into its callbacks.
 * Two counts keep it: refs keeps the memory, users keeps the struct socket. The
 * creator holds one user until sock_close(), every call in progress holds one;
 * together they hold one ref. Whoever runs the upcalls, or is to, holds another.
 *
 * Locks, outermost first: rcv_lock or snd_lock (one receiver, one AF_UNIX sender
 * at a time), lock_sock() of the Linux socket, lock. The last is taken in softirq,
 * by the callbacks. No upcall runs under any of them.
 */
#ifndef _KPI_SOCKET_PRIV_H
#define _KPI_SOCKET_PRIV_H

#include <linux/bvec.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include <kpi/errno.h>
#include <kpi/mbuf.h>
#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "../kpi_priv.h"
#include "../mbuf/mbuf_priv.h"

/* Buffer limits of macOS; they hold until SO_SNDBUF or SO_RCVBUF is set. */
#define KPI_TCP_SNDBUF		370688
#define KPI_TCP_RCVBUF		556032
#define KPI_SOCKBUF_MAX		(8 << 20)
#define KPI_SNDLOWAT		2048
#define KPI_IOV_MAX		1024

struct kpi_rx;
struct kpi_tx;

/* One function of the kext, and who is to be told that it runs. */
struct kpi_upcall {
	sock_upcall fn;
	void *cookie;
	struct kpi_kext *kext;
};

struct kpi_evupcall {
	sock_evupcall fn;
	void *cookie;
	struct kpi_kext *kext;
	u32 mask;
};

/* What has been reported of a connection's life, each once. */
enum kpi_milestone {
	KPI_SEEN_CONNECTED	= 1 << 0,
	KPI_SEEN_EOF		= 1 << 1,
	KPI_SEEN_GONE		= 1 << 2,
	KPI_SEEN_RESET		= 1 << 3,
	KPI_SEEN_TIMEOUT	= 1 << 4
};

/*
 * How the kinds of sockets differ. Calls that may sleep are made without
 * lock_sock(), and take() with rcv_lock held.
 */
struct kpi_transport {
	bool stream;

	/* Bytes a read would find, stash excluded; for datagrams those of the first, or 1. */
	size_t (*queued)(struct __socket *so);
	/* The same as a yes or no, in any context. */
	bool (*has_data)(struct __socket *so);
	/* Streams: appends at most @want queued bytes to @chain. Bytes, 0 or -errno. */
	ssize_t (*take)(struct __socket *so, struct kpi_chain *chain, size_t want);
	/* Streams: bytes handed to Linux and not yet gone. */
	size_t (*unsent)(struct __socket *so);
	/* As much of @tx as may go now: 0 when all is gone, -EAGAIN to wait, -errno. */
	int (*push)(struct kpi_tx *tx);
	/* Whether a push() that said -EAGAIN is worth another try. */
	bool (*may_push)(struct kpi_tx *tx);
};

extern const struct kpi_transport kpi_tcp_transport;
extern const struct kpi_transport kpi_unix_transport;
extern const struct kpi_transport kpi_udp_transport;
extern const struct kpi_transport kpi_datagram_transport;

/*
 * The socket of a process's descriptor. It stays the process's: its file is
 * held, its callbacks are left alone, and its wait queue is watched instead.
 */
struct kpi_borrowed {
	struct __socket *so;
	struct file *file;
	struct hlist_node node;		/* in the table of file.c */
	unsigned int descriptors;	/* W: so->lock; file_socket() calls not yet undone */
	struct wait_queue_entry wait;
	atomic_t events;		/* EPOLL... that the watcher saw */
	struct work_struct work;	/* reports them */
};

/* An option the layer only remembers. */
struct kpi_stored_option {
	struct kpi_stored_option *next;
	int level;
	int name;
	int value;
};

/*
 * What an event and the receive that answers it touch comes first, in four cache
 * lines: among ten thousand sockets none of them is in the cache.
 */
struct __socket {
	refcount_t refs;
	refcount_t users;
	struct sock *sk;
	struct socket *sock;		/* valid while a user is there */
	const struct kpi_transport *transport;
	struct kpi_kext *owner;		/* charged with one KPI_HELD_SOCKET until closed */
	struct bsd_sockaddr_storage *stash_name;	/* W: rcv_lock; see stash */
	void (*linux_data_ready)(struct sock *sk);	/* what Linux had there; see below */

	spinlock_t lock;		/* guards from here ... */
	u32 data_events;		/* counted, not yet answered by an upcall */
	struct kpi_upcall read_upcall;
	struct kpi_evupcall *events;	/* rarely there */
	u32 hints;			/* SO_FILT_HINT_..., not yet reported */
	bool read_event:1;		/* state events, for which the read upcall */
	bool write_event:1;		/* or the write upcall has to be called */
	bool read_upcall_ends:1;	/* after its next call: the read side was shut down */
	bool queued:1;			/* a runner will look at what has happened, */
	bool active:1;			/* is in a call, and will look after it */
	bool hold:1;			/* no upcall before that of the listener is over */
	bool owner_gone:1;		/* sock_close() was called; no descriptor is in use */
	bool closewait:1;		/* SO_UPCALLCLOSEWAIT */
	u8 seen;			/* KPI_SEEN_... */
	bool running;			/* an upcall is running; read without the lock, too: */
	bool closing;			/* read without the lock, too */
	struct kpi_kext *running_kext;	/* whose it is, or the last one was */
	struct hlist_head held;		/* ... to here: sockets accepted in the running upcall */

	/* Set and cleared by whoever calls; read as they are. */
	bool progress;			/* a receive or accept has succeeded */
	u32 accepts_ended;		/* how often sock_shutdown() ended waiting accepts */
	bool nonblocking;		/* FIONBIO */
	bool nointerrupt;
	bool read_down;			/* shut down here, in a way Linux does not know */
	bool write_down;
	bool dont_trunc;
	bool want_more;
	bool want_oob;
	bool wants_control;		/* an option asked for control messages */
	bool recv_dstaddr;		/* IP_RECVDSTADDR */
	bool recv_pktinfo;		/* IP_PKTINFO; Linux is asked for it in both cases */
	int err;			/* pending error, positive; xchg() */

	struct work_struct work;	/* runs the upcalls if the CPU's thread is busy */
	wait_queue_head_t wait;		/* everybody who sleeps in a call on this socket */

	struct mutex rcv_lock;		/* guards the next two, and stash_name */
	struct sk_buff *held_skb;	/* datagram that found no memory; comes first of all */
	struct kpi_chain stash;		/* received, not yet delivered: comes before the queue */

	/* The rest, each as its neighbours above. */
	struct kpi_upcall write_upcall;	/* W: lock */
	struct hlist_node held_node;	/* W: the holder's lock */
	u32 retains;			/* W: lock */
	bool privileged;
	bool attempted;			/* TCP: a connection was tried; there is no second try */
	bool sndbuf_set;
	bool rcvbuf_set;
	bool setopt_shut;		/* options stay settable after shutdown */
	u8 portrange;
	atomic_t writers;		/* threads waiting for space */
	u32 snd_limit, snd_lowat;
	u32 rcv_limit, rcv_lowat;
	int pgid;
	int connect_timeout;		/* seconds; 0: TCP's own */
	struct bsd_timeval rcv_timeout;
	struct bsd_timeval snd_timeout;
	struct mutex snd_lock;		/* AF_UNIX */
	bool midway;			/* TCP: a message is half sent; W: lock_sock() */
	struct kpi_stored_option *stored;
	struct kpi_connect_timer *connect_timer;	/* TCP_CONNECTIONTIMEOUT; rarely there */
	struct kpi_borrowed *borrowed;	/* rarely there */
	struct hlist_node node;		/* in the table of all sockets */
	struct rcu_head rcu;

	/* What Linux had in the callbacks before us. */
	void (*linux_write_space)(struct sock *sk);
	void (*linux_state_change)(struct sock *sk);
	void (*linux_error_report)(struct sock *sk);
};

/* lifecycle.c */
int kpi_so_enter(struct __socket *so, unsigned long caller);
void kpi_so_leave(struct __socket *so);
void kpi_so_put(struct __socket *so);
struct __socket *kpi_so_alloc(struct kpi_kext *owner);
void kpi_so_discard(struct __socket *so);
void kpi_so_close(struct __socket *so);
void kpi_so_adopt(struct __socket *so, struct socket *sock, struct __socket *listener);
int kpi_so_table_init(void);
void kpi_so_table_exit(void);

/* What every exported call starts with; ends with kpi_so_leave() if it says 0. */
#define KPI_SO_ENTER(so)	kpi_so_enter(so, _RET_IP_)

/* init.c */
const struct cred *kpi_so_privilege_begin(const struct __socket *so);
void kpi_so_privilege_end(const struct cred *old);

/* lockclass.c */
int kpi_so_lock_classes_init(void);
void kpi_so_set_lock_class(struct sock *sk);

/* state.c: as macOS would describe the socket; any context */
bool kpi_so_is_still_connected(const struct __socket *so);
bool kpi_so_is_connecting(const struct __socket *so);
bool kpi_so_is_listening(const struct __socket *so);
bool kpi_so_is_bound(const struct __socket *so);
bool kpi_so_is_readable(struct __socket *so);
bool kpi_so_has_connection(const struct __socket *so);
int kpi_so_error(const struct __socket *so);
int kpi_so_take_pending(struct __socket *so);
void kpi_so_set_error(struct __socket *so, int err);
bool kpi_so_has_data(struct __socket *so);
size_t kpi_so_unread(struct __socket *so);
int kpi_so_wait(struct __socket *so, bool (*done)(void *arg), void *arg, bool interruptible,
		long timeout);
long kpi_so_timeout(const struct bsd_timeval *tv);
int kpi_so_lock_taken(const struct __socket *so, struct mutex *lock, int flags);

static inline int kpi_so_lock(const struct __socket *so, struct mutex *lock, int flags)
{
	return likely(mutex_trylock(lock)) ? 0 : kpi_so_lock_taken(so, lock, flags);
}

static inline bool kpi_so_read_closed(const struct __socket *so)
{
	return READ_ONCE(so->sk->sk_shutdown) & RCV_SHUTDOWN || READ_ONCE(so->read_down);
}

static inline bool kpi_so_write_closed(const struct __socket *so)
{
	return READ_ONCE(so->sk->sk_shutdown) & SEND_SHUTDOWN || READ_ONCE(so->write_down);
}

/* The pending error, negative, which is no longer pending then. */
static inline int kpi_so_take_error(struct __socket *so)
{
	if (likely(!READ_ONCE(so->err) && !READ_ONCE(so->sk->sk_err)))
		return 0;
	return kpi_so_take_pending(so);
}

static inline bool kpi_so_is_inet(const struct __socket *so)
{
	return so->sk->sk_family != AF_UNIX;
}

static inline bool kpi_so_is_connected(const struct __socket *so)
{
	if (likely(READ_ONCE(so->sk->sk_state) == TCP_ESTABLISHED && kpi_so_is_inet(so)))
		return true;
	return kpi_so_is_still_connected(so);
}

static inline u32 kpi_so_rcv_limit(const struct __socket *so)
{
	if (so->rcvbuf_set)
		return so->rcv_limit;
	return max_t(u32, so->rcv_limit, READ_ONCE(so->sk->sk_rcvbuf) / 2);
}

static inline bool kpi_so_is_tcp(const struct __socket *so)
{
	return so->transport == &kpi_tcp_transport;
}

/* Wakes whoever sleeps in a call; what they wait for is stored before. */
static inline void kpi_so_wake(struct __socket *so)
{
	if (wq_has_sleeper(&so->wait))
		wake_up_all(&so->wait);
}

/* hook.c: between Linux's callbacks and the upcalls */
void kpi_so_hook(struct __socket *so, const struct __socket *listener);
void kpi_so_unhook(struct __socket *so);
void kpi_so_post_state(struct __socket *so, bool read, bool write, u32 hints);
void kpi_so_post_data(struct __socket *so);
void kpi_so_post_connected(struct __socket *so);
void kpi_so_queue_upcall(struct __socket *so);
void kpi_so_want_space(struct __socket *so);
void kpi_so_post_poll(struct __socket *so, __poll_t events);
void kpi_so_note_milestones(struct __socket *so);

/* file.c: sockets of descriptors */
void kpi_so_watch(struct __socket *so);
void kpi_so_unwatch(struct __socket *so);

/* dispatch.c */
extern struct workqueue_struct *kpi_event_queue;
int kpi_dispatch_init(void);
void kpi_dispatch_exit(void);
void kpi_dispatch(struct __socket *so);
void kpi_dispatch_work(struct work_struct *work);
struct __socket *kpi_upcall_current(void);

/* upcall.c */
void kpi_upcall_run(struct __socket *so);
void kpi_upcall_set(struct __socket *so, const struct kpi_upcall *read,
		    const struct kpi_upcall *write);
void kpi_upcall_hold(struct __socket *so);
void kpi_upcall_forget(struct __socket *so, const struct kpi_kext *kext);

static inline struct kpi_upcall kpi_upcall_of(sock_upcall fn, void *cookie)
{
	return (struct kpi_upcall){
		.fn = fn, .cookie = cookie, .kext = fn ? kpi_kext_of(fn) : NULL,
	};
}

/* address.c */
int kpi_addr_to_linux(const struct __socket *so, const struct bsd_sockaddr *from,
		      struct sockaddr_storage *to);
int kpi_addr_from_linux(const struct sockaddr_storage *from, int len,
			struct bsd_sockaddr_storage *to);
void kpi_addr_copy_out(const struct bsd_sockaddr_storage *from, void *to, int room);
int kpi_so_name(struct __socket *so, bool peer, struct bsd_sockaddr_storage *name);

/* connect.c */
void kpi_connect_timer_stop(struct __socket *so);

/* bind.c */
int kpi_so_bind_low(struct __socket *so);

/* control.c */
int kpi_control_to_linux(const struct bsd_msghdr *msg, void *buf, size_t room);
void kpi_control_from_linux(struct kpi_rx *rx, void *control, size_t len);

/* shutdown.c */
void kpi_so_drain_late(struct __socket *so);

/* option.c and its parts */
struct kpi_option {
	int level;
	int name;
	int size;		/* the least a caller may set; what is more is cut off, */
	bool variable;		/* unless the value may have any size */
	int error;		/* why it cannot be set or read; -ENOPROTOOPT if 0 */
	int arg;		/* for set() and get() */
	int (*set)(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
	int (*get)(struct __socket *so, const struct kpi_option *opt, void *val);	/* size */
};

/* Rows of the tables, which end with one without name. */
#define KPI_OPTION_SIZED(_level, _name, _size, _set, _get, ...) \
	{ .level = _level, .name = _name, .size = _size, .set = _set, .get = _get, \
	  ##__VA_ARGS__ }

#define KPI_OPTION_MAX	64	/* bytes the largest value has */

extern const struct kpi_option kpi_socket_options[];
extern const struct kpi_option kpi_tcp_options[];
extern const struct kpi_option kpi_udp_options[];
extern const struct kpi_option kpi_ip_options[];
extern const struct kpi_option kpi_ipv6_options[];

int kpi_option_linux(struct __socket *so, int level, int name, const void *val, int len);
int kpi_option_pass(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
int kpi_option_store(struct __socket *so, const struct kpi_option *opt, const void *val, int len);
int kpi_option_stored(struct __socket *so, const struct kpi_option *opt, void *val);

static inline int kpi_option_put(void *val, int value)
{
	*(int *)val = value;
	return sizeof(value);
}
void kpi_option_inherit(struct __socket *so, struct __socket *listener);
void kpi_option_free(struct __socket *so);

/*
 * One receive call. A chain is built for sock_receivembuf(), iter is filled for
 * sock_receive().
 */
struct kpi_rx {
	struct __socket *so;
	struct bsd_msghdr *msg;		/* the kext's, or NULL */
	size_t want;
	size_t got;
	size_t queued;			/* when it was decided to wait */
	int flags;			/* as passed in */
	int result;			/* MSG_ bits to add to them */
	bool nonblocking;
	bool to_mbuf;
	bool named;
	u32 control_len;		/* of the control messages given to the kext */
	struct kpi_chain chain;
	mbuf_t packet;			/* what chain became, or the datagram */
	struct iov_iter iter;
	struct bsd_sockaddr_storage *name;	/* room for it; filled if named */
};

static inline bool kpi_rx_peeks(const struct kpi_rx *rx)
{
	return rx->flags & KPI_MSG_PEEK;
}

#define KPI_RX_NOTHING	3	/* nothing was taken after all */

/* receive.c, receive_stream.c, receive_datagram.c; the first two return 0, the above or -errno */
int kpi_rx_stream(struct kpi_rx *rx);
int kpi_rx_datagram(struct kpi_rx *rx);
int kpi_rx_urgent(struct kpi_rx *rx);
bool kpi_tcp_has_mark(const struct __socket *so);
int kpi_rx_sleep(struct kpi_rx *rx);
ssize_t kpi_recvmsg(struct __socket *so, struct msghdr *msg, int flags);

/* copy.c: bytes from Linux's own receive into mbufs of their own */
struct kpi_rx_copy {
	mbuf_t packet;
	size_t room;
	struct kvec *vec;
	struct kvec few[8];
};

int kpi_rx_copy_begin(struct kpi_rx_copy *copy, struct msghdr *msg, size_t room,
		      const struct __socket *so);
void kpi_rx_copy_end(struct kpi_rx_copy *copy, size_t got, struct kpi_chain *chain);

/* stash.c: with rcv_lock held */
void kpi_stash_fill(struct __socket *so, size_t want);
int kpi_stash_deliver(struct kpi_rx *rx);
int kpi_stash_copy(const struct kpi_chain *chain, struct iov_iter *iter, size_t len);
void kpi_stash_free(struct __socket *so);

/* The bytes of one send call, as runs of memory. */
struct kpi_source {
	struct kpi_walk walk;		/* of a chain ... */
	const struct bsd_iovec *iov;	/* ... or, if not NULL, of these */
	unsigned int iovs;
	struct kpi_piece piece;		/* what is left of the last run looked at */
};

/* Pieces that go to Linux in one call: copied, or as pages. */
#define KPI_RUN_MAX	16

union kpi_run {
	struct kvec copied[KPI_RUN_MAX];
	struct bio_vec pages[KPI_RUN_MAX];
};

/* What Linux is given of a send call, some runs at a time. */
struct kpi_feed {
	struct kpi_source source;
	struct iov_iter iter;		/* taken from the source, not yet all sent: */
	union kpi_run run;		/* one kind of these */
	bool pages;
	bool shared;			/* somebody else still has these pages */
};

/* One send call. */
struct kpi_tx {
	struct __socket *so;
	const struct bsd_msghdr *msg;	/* the kext's, or NULL */
	int flags;
	size_t len;
	size_t sent;
	size_t control_len;
	bool atomic;			/* all or nothing */
	bool nonblocking;
	mbuf_t chain;			/* to be consumed, or NULL: done, or there is none */
	struct kpi_feed *feed;		/* after kpi_feed_begin() */
};

/* send.c */
ssize_t kpi_tx_admit(struct kpi_tx *tx, size_t unsent);
bool kpi_tx_has_space(const struct kpi_tx *tx, size_t unsent);

/*
 * source.c. Below so many bytes a copy is cheaper than a page reference and a
 * fragment of its own on both sides.
 */
#define KPI_PAGES_MIN	2048

bool kpi_source_next(struct kpi_source *source, size_t max, struct kpi_piece *piece);
void kpi_feed_begin(struct kpi_tx *tx);
void kpi_feed_next(struct kpi_feed *feed, size_t max);

/* Memory of the slab allocator must never be sent by reference; 6.1 does not check. */
static inline bool kpi_piece_has_pages(const struct kpi_piece *piece)
{
	return piece->by_reference && piece->len >= KPI_PAGES_MIN &&
	       sendpage_ok(virt_to_page(piece->addr));
}

static inline void kpi_piece_to_page(const struct kpi_piece *piece, struct bio_vec *page)
{
	bvec_set_page(page, virt_to_page(piece->addr), piece->len, offset_in_page(piece->addr));
}

/* transport.c has the tables; receive_stream.c, receive_datagram.c, transmit_*.c the functions */
size_t kpi_tcp_queued(struct __socket *so);
bool kpi_tcp_has_data(struct __socket *so);
ssize_t kpi_tcp_take(struct __socket *so, struct kpi_chain *chain, size_t want);
size_t kpi_tcp_unsent(struct __socket *so);
int kpi_tcp_push(struct kpi_tx *tx);
bool kpi_tcp_may_push(struct kpi_tx *tx);

size_t kpi_unix_queued(struct __socket *so);
bool kpi_unix_has_data(struct __socket *so);
ssize_t kpi_unix_take(struct __socket *so, struct kpi_chain *chain, size_t want);
size_t kpi_unix_unsent(struct __socket *so);
int kpi_unix_push(struct kpi_tx *tx);
bool kpi_unix_may_push(struct kpi_tx *tx);

size_t kpi_udp_queued(struct __socket *so);
bool kpi_udp_has_data(struct __socket *so);
size_t kpi_datagram_queued(struct __socket *so);
bool kpi_datagram_has_data(struct __socket *so);
int kpi_datagram_push(struct kpi_tx *tx);
int kpi_datagram_send(struct kpi_tx *tx);
int kpi_udp_push(struct kpi_tx *tx);
bool kpi_datagram_may_push(struct kpi_tx *tx);

#endif /* _KPI_SOCKET_PRIV_H */
