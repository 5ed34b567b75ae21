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
 * Here is the socket itself, and how a call begins and ends. How it comes and goes is in
 * handle.h, those of processes in process.h; how kinds of sockets differ in transport.h;
 * what it is in now, as macOS would say, in state.h; who sleeps in a call in wait.h; the
 * way from Linux's callbacks to the upcalls in event.h.
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
#include "../mbuf/chain.h"

struct kpi_transport;

/* One function of the kext, and who is to be told that it runs. */
struct kpi_upcall {
	sock_upcall fn;
	void *cookie;
	struct kpi_kext *kext;
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
	bool drained;			/* shut down here, and what was unread has been thrown away */
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

/* What every exported call starts with; ends with kpi_so_leave() if it says 0. */
#define KPI_SO_ENTER(so)	kpi_so_enter(so, _RET_IP_)

/* handle.c */
int kpi_so_enter(struct __socket *so, unsigned long caller);
void kpi_so_leave(struct __socket *so);
void kpi_so_put(struct __socket *so);

static inline bool kpi_so_is_inet(const struct __socket *so)
{
	return so->sk->sk_family == AF_INET || so->sk->sk_family == AF_INET6;
}

#endif /* _KPI_SOCKET_PRIV_H */
