/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a socket_t is made of.
 *
 * struct __socket owns one struct socket and hooks itself into its callbacks.
 * Two counts keep it: refs keeps the memory, users keeps the struct socket. The
 * creator holds one user until sock_close(), every call in progress holds one, the
 * call that made it included; together they hold one ref. Whoever runs the upcalls,
 * or is to, holds another. Whatever the memory refers to goes with it, after a
 * grace period.
 *
 * Locks, outermost first: in->lock or snd_lock (one receiver, one AF_UNIX sender
 * at a time), lock_sock() of the Linux socket, lock. The last is taken in softirq,
 * by the callbacks. No upcall runs under any of them.
 *
 * Here is the socket itself. transport.h has how kinds of sockets differ, event.h
 * the way from Linux's callbacks to the upcalls, receive.h and send.h one call of
 * each, option.h the tables of options, address.h names.
 */
#ifndef _KPI_SOCKET_PRIV_H
#define _KPI_SOCKET_PRIV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/sock.h>

#include <kpi/errno.h>
#include <kpi/socket.h>
#include <kpi/socknum.h>

#include "../kpi_priv.h"
#include "../control/system.h"
#include "../mbuf/chain.h"

struct kpi_transport;

/* Buffer limits of macOS; they hold until SO_SNDBUF or SO_RCVBUF is set. */
#define KPI_TCP_SNDBUF		370688
#define KPI_TCP_RCVBUF		556032
#define KPI_SOCKBUF_MAX		(8 << 20)
#define KPI_SNDLOWAT		2048
#define KPI_IOV_MAX		1024

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

/* SO_RCVTIMEO, SO_SNDTIMEO: as they were set, without the hole that struct timeval has. */
struct kpi_so_timeout {
	long sec;
	s32 usec;
} __packed __aligned(4);

/* Of received data: what was taken from Linux and not yet delivered. */
struct kpi_so_input {
	struct mutex lock;		/* guards the rest */
	struct sk_buff *held_skb;	/* datagram that found no memory; comes first of all */
	struct kpi_chain stash;		/* received, not yet delivered: comes before the queue */
	struct bsd_sockaddr_storage *stash_name;	/* see stash.c */
};

/*
 * What an event and the receive that answers it touch lies together, in four cache
 * lines: among ten thousand sockets none of them is in the cache. In front of that is
 * what every socket has and seldom needs, behind it what only those have that kexts have
 * made or were lent: a process's, for filters, ends in between.
 */
struct __socket {
	struct hlist_node node;		/* in the table of all sockets */
	union {
		struct {
			u32 snd_limit, snd_lowat;
			u32 rcv_limit, rcv_lowat;
		};
		struct rcu_head rcu;	/* with the last ref */
	};
	const struct cred *cred;	/* W: lock; what its calls are made with; see privilege.c */
	struct kpi_stored_option *stored;
	struct kpi_connect_timer *connect_timer;	/* TCP_CONNECTIONTIMEOUT; rarely there */
	struct kpi_borrowed *borrowed;	/* rarely there */
	struct kpi_so_timeout rcv_timeout, snd_timeout;
	int pgid;
	int connect_timeout;		/* seconds; 0: TCP's own */
	u32 retains;			/* W: lock */
	atomic_t writers;		/* threads waiting for space */
	bool attempted;			/* TCP: a connection was tried; there is no second try */
	bool sndbuf_set;
	bool rcvbuf_set;
	bool setopt_shut;		/* options stay settable after shutdown */
	u8 portrange;
	bool midway;			/* TCP: a message is half sent; W: lock_sock() */
	bool hooked;			/* our callbacks are there; W: lock_sock() */
	bool kept;			/* its kext has stopped and may still have the handle */
	bool nointerrupt;
	bool dont_trunc;
	bool want_oob;
	bool recv_dstaddr;		/* IP_RECVDSTADDR */
	bool recv_pktinfo;		/* IP_PKTINFO; Linux is asked for it in both cases */
	u16 accepts_ended;		/* how often sock_shutdown() ended waiting accepts */
	struct socket *sock;		/* valid while a user is there */

	refcount_t refs;
	refcount_t users;
	struct sock *sk;
	const struct kpi_transport *transport;
	struct kpi_kext *owner;		/* charged with one KPI_HELD_SOCKET until closed */
	struct kpi_so_input *in;	/* own_in; a process's: its own when a kext has received */
	wait_queue_head_t wait;		/* everybody who sleeps in a call on this socket */

	/* Set and cleared by whoever calls; read as they are. */
	bool progress;			/* a receive or accept has succeeded */
	bool answers;			/* something was sent since the last event */
	bool nonblocking;		/* FIONBIO */
	bool read_down;			/* shut down here, in a way Linux does not know */
	bool write_down;
	bool want_more;
	bool wants_control;		/* an option asked for control messages */
	bool process;			/* a process's, for filters; see process.c */
	bool filtered;			/* it has, or had, filters */

	bool read_event:1;		/* state events, for which the read upcall */
	bool write_event:1;		/* or the write upcall has to be called */
	bool read_upcall_ends:1;	/* after its next call: the read side was shut down */
	bool queued:1;			/* a runner will look at what has happened, */
	bool active:1;			/* is in a call, and will look after it */
	bool hold:1;			/* no upcall before that of the listener is over */
	bool owner_gone:1;		/* sock_close() was called; no descriptor is in use */
	bool closewait:1;		/* SO_UPCALLCLOSEWAIT */
	u8 seen;			/* KPI_SEEN_... */
	bool running;			/* an upcall is running; read without the lock, too */
	spinlock_t lock;		/* guards from read_event to held, but for err, own_in */
	int err;			/* pending error, positive; xchg() */
	bool control_cut;		/* W: in->lock; what is read next came with descriptors */
	bool closing;			/* read without the lock, too */

	/* A process's socket ends here: KPI_SO_PROCESS_SIZE. */
	u32 data_events;		/* counted, not yet answered by an upcall */
	u32 hints;			/* SO_FILT_HINT_..., not yet reported */
	struct kpi_upcall read_upcall;
	struct kpi_evupcall *events;	/* rarely there */
	struct kpi_so_input own_in;
	struct kpi_kext *running_kext;	/* whose it is, or the last one was */
	struct hlist_head held;		/* sockets accepted in the running upcall */
	void (*linux_data_ready)(struct sock *sk);	/* what Linux had there; see below */
	u32 rests_since;		/* W: lock; the upcalls' last end, in microseconds */
	struct work_struct work;	/* runs the upcalls if the CPU's thread is busy */

	/* The rest, each as its neighbours above. */
	struct kpi_upcall write_upcall;	/* W: lock */
	struct hlist_node held_node;	/* W: the holder's lock */
	struct mutex snd_lock;		/* AF_UNIX */
	struct list_head short_node;	/* in the list of shortage.c */
	struct kpi_watch *watch;	/* instead of callbacks; W: lock_sock() */

	/* What Linux had in the callbacks before us, while they are ours. */
	void (*linux_write_space)(struct sock *sk);
	void (*linux_state_change)(struct sock *sk);
	void (*linux_error_report)(struct sock *sk);
};

/* Nobody hears of events on it: of the handle for a process's socket there is no more. */
#define KPI_SO_PROCESS_SIZE	ALIGN(offsetofend(struct __socket, closing), sizeof(void *))

/* handle.c */
int kpi_so_enter(struct __socket *so, unsigned long caller);
void kpi_so_leave(struct __socket *so);
void kpi_so_put(struct __socket *so);
struct __socket *kpi_so_alloc(struct kpi_kext *owner);
struct __socket *kpi_so_alloc_process(void);
int kpi_so_handles_init(void);
void kpi_so_handles_exit(void);
void kpi_so_discard(struct __socket *so);
void kpi_so_publish(struct __socket *so);
bool kpi_so_is_process(struct __socket *handle);

/* create.c */
int kpi_so_adopt(struct __socket *so, struct socket *sock, struct __socket *listener);

/* close.c */
void kpi_so_close(struct __socket *so);

/* What every exported call starts with; ends with kpi_so_leave() if it says 0. */
#define KPI_SO_ENTER(so)	kpi_so_enter(so, _RET_IP_)

/* handle.c: all sockets that kexts have made; each entered, as far as there is room */
unsigned int kpi_so_collect_own(struct __socket **to, unsigned int room);

/* process.c: a process's socket, as filters see it */
struct __socket *kpi_so_of_process(struct socket *sock);
void kpi_so_leave_process(struct __socket *so);
void kpi_so_end_process(struct __socket *so);
bool kpi_so_release_process(struct __socket *so);

/* ../filter/socket: what a call of a kext asks the filters first; 0, 1 to skip it, -errno */
int kpi_sflt_ask_setopt(struct __socket *so, int level, int name, const void *value, int len);
int kpi_sflt_ask_getopt(struct __socket *so, int level, int name, void *value, int *len);
int kpi_sflt_ask_ioctl(struct __socket *so, unsigned long request, void *arg);
void kpi_sflt_greet_own(struct __socket *so);
int kpi_sflt_greet_accepted(struct __socket *so, struct __socket *listener);

/* What the filters have passed and nobody has read: bytes, and whether there is any. */
size_t kpi_sflt_so_unread(const struct __socket *so);
bool kpi_sflt_filtered_has_passed(const struct __socket *so);

long kpi_sflt_sockets(void);
extern unsigned long kpi_sflt_ahead_limit;

/* Linux's own operations, below any filters. */
const struct proto_ops *kpi_sflt_linux_ops(const struct socket *sock);

/* privilege.c */
const struct cred *kpi_so_cred_begin(struct __socket *so);
void kpi_so_cred_end(const struct cred *old);
void kpi_so_set_cred(struct __socket *so, const struct cred *cred);
void kpi_so_inherit_cred(struct __socket *so, struct __socket *listener);

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
long kpi_so_timeout(long sec, s32 usec);
int kpi_so_lock_taken(const struct __socket *so, struct mutex *lock, int flags);

/* handle.c: what a process's socket begins with in the place of so->in; nobody writes there */
extern const struct kpi_so_input kpi_so_no_input;
int kpi_so_input_alloc(struct __socket *so);

/* Before so->in is locked: 0 or -ENOBUFS. */
static inline int kpi_so_input_begin(struct __socket *so)
{
	return likely(READ_ONCE(so->in) != &kpi_so_no_input) ? 0 : kpi_so_input_alloc(so);
}

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

/* It is a process's, which goes on using it; the layer has not made it, and does not close it. */
static inline bool kpi_so_is_lent(const struct __socket *so)
{
	return so->borrowed || so->process;
}

static inline bool kpi_so_is_inet(const struct __socket *so)
{
	return so->sk->sk_family == AF_INET || so->sk->sk_family == AF_INET6;
}

/* A kernel control's client, or a listener to kernel events. */
static inline bool kpi_so_is_system(const struct __socket *so)
{
	return so->sk->sk_family == kpi_system_family;
}

static inline bool kpi_so_is_connected(const struct __socket *so)
{
	if (likely(READ_ONCE(so->sk->sk_state) == TCP_ESTABLISHED && kpi_so_is_inet(so)))
		return true;
	return kpi_so_is_still_connected(so);
}

/*
 * Whether the protocol is still that of the socket's creation. TLS, BPF maps and
 * the like put one of theirs in its place, with the socket locked, and from then
 * on every byte has to go through it, by sendmsg and recvmsg.
 */
static inline bool kpi_so_is_plain(const struct __socket *so)
{
	return likely(READ_ONCE(so->sk->sk_prot) == so->sk->sk_prot_creator);
}

/* That, and no filter has to see the data: those are met by Linux's calls, too. */
static inline bool kpi_so_is_direct(const struct __socket *so)
{
	return kpi_so_is_plain(so) && likely(!READ_ONCE(so->filtered));
}

/* Whether filters have passed something that nobody has read. */
static inline bool kpi_sflt_so_has_passed(const struct __socket *so)
{
	return unlikely(READ_ONCE(so->filtered)) && kpi_sflt_filtered_has_passed(so);
}

/* Whether something else in the kernel reads and writes a process's socket since it was lent. */
static inline bool kpi_so_is_claimed(const struct __socket *so)
{
	uintptr_t owner = (uintptr_t)READ_ONCE(so->sk->sk_user_data) & SK_USER_DATA_PTRMASK;

	return unlikely(owner && owner != (uintptr_t)so) && kpi_so_is_plain(so);
}

static inline u32 kpi_so_rcv_limit(const struct __socket *so)
{
	if (so->rcvbuf_set)
		return so->rcv_limit;
	return max_t(u32, so->rcv_limit, READ_ONCE(so->sk->sk_rcvbuf) / 2);
}

/* Wakes whoever sleeps in a call; what they wait for is stored before. */
static inline void kpi_so_wake(struct __socket *so)
{
	if (wq_has_sleeper(&so->wait))
		wake_up_all(&so->wait);
}

/* shortage.c: when there is no memory */
int kpi_so_nap(struct __socket *so, bool (*done)(void *arg), void *arg, long timeout,
	       long *napped);
void kpi_so_lacks_memory(struct __socket *so);
void kpi_so_lacks_nothing(struct __socket *so);
void kpi_shortage_exit(void);

/* connect.c */
void kpi_connect_timer_stop(struct __socket *so);

/* bind.c */
int kpi_so_bind_low(struct __socket *so);

/* shutdown.c */
void kpi_so_drain_late(struct __socket *so);

#endif /* _KPI_SOCKET_PRIV_H */
