/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel controls: a kext registers one under a name, programs connect to it.
 *
 * A program's end is a socket of family 32, PF_SYSTEM on macOS. What a kext sends
 * waits there as mbufs, linked by nextpkt, and is copied once, to the program's
 * memory; what a program sends becomes an mbuf and is handed to the kext in the
 * program's thread.
 *
 * A control stays in the table until it is deregistered, and its memory until the
 * last client has let go. A client is found by its unit, from any context: under
 * RCU, and its queue has a lock of its own.
 *
 * Locks, outermost first: calls of a client (read while a callback runs, written
 * while one comes or goes), reader of a client, controls_lock, the queue's lock.
 * A callback runs with no more than the first.
 */
#ifndef _KPI_CONTROL_PRIV_H
#define _KPI_CONTROL_PRIV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/xarray.h>
#include <net/sock.h>

#include <kpi/control.h>
#include <kpi/errno.h>
#include <kpi/mbuf.h>
#include <kpi/socknum.h>

#include "../kpi_priv.h"

/* Towards programs: macOS's numbers of the family and its protocols. */
#define KPI_PF_SYSTEM		32
#define KPI_SYSPROTO_EVENT	1
#define KPI_SYSPROTO_CONTROL	2
#define KPI_AF_SYS_CONTROL	2

/* Requests: macOS's numbers, and what Linux's own macros make of the first. */
#define CTLIOCGCOUNT		0x40044e02
#define CTLIOCGCOUNT_LINUX	0x80044e02
#define CTLIOCGINFO		0xc0644e03

/* What a kext gets if it does not say; and the most that counts. */
#define KPI_CTL_SENDSIZE	2048
#define KPI_CTL_RECVSIZE	8192
#define KPI_CTL_SIZE_MAX	(8 << 20)

struct kpi_control {
	kern_ctl_ref ref;		/* a number that is never used again */
	struct bsd_kern_ctl_reg reg;	/* as it was registered */
	struct kpi_kext *kext;		/* charged with one KPI_HELD_CONTROL */
	struct xarray clients;		/* by unit; W: controls_lock */
	struct list_head node;		/* in the list of all; W: controls_lock */
	struct ratelimit_state naming;	/* of clients that keep it, in the log */
	refcount_t refs;		/* the table's, and one for each client */
	struct rcu_head rcu;
};

static inline bool kpi_ctl_is_static(const struct kpi_control *control)
{
	return control->reg.ctl_flags & CTL_FLAG_REG_ID_UNIT;
}

static inline int kpi_ctl_type(const struct kpi_control *control)
{
	return control->reg.ctl_flags & CTL_FLAG_REG_SOCK_STREAM ? SOCK_STREAM : SOCK_DGRAM;
}

/* What waits for a reader. */
struct kpi_sys_queue {
	spinlock_t lock;		/* guards the rest, and sk_shutdown; taken in any context */
	bool open;			/* there is somebody to read it */
	mbuf_t head, tail;		/* packets, by nextpkt; the head is the reader's */
	size_t bytes;			/* of payload, not yet read */
	size_t memory;			/* what they are kept in */
};

/* A socket of the family, of either protocol. */
struct kpi_sys_socket {
	struct sock sk;			/* first: sk_alloc() made the whole */
	struct kpi_sys_queue queue;
	struct mutex reader;		/* one takes from the queue at a time; guards: */
	size_t offset;			/* bytes of the queue's head that are read */
};

static inline struct kpi_sys_socket *kpi_sys_of(struct sock *sk)
{
	return container_of(sk, struct kpi_sys_socket, sk);
}

struct kpi_ctl_client {
	struct kpi_sys_socket sys;	/* first, for the same reason */
	struct rw_semaphore calls;
	struct kpi_control *control;	/* NULL: not connected; W: calls */
	u32 unit;			/* W: calls, as the next two */
	void *unitinfo;
	bool bsd_names;			/* the program's addresses begin with a length */
	struct task_struct *leaver;	/* only compared: who is in ctl_disconnect() */
	pid_t pid;			/* who connected, for messages */
	char comm[TASK_COMM_LEN];
};

static inline struct kpi_ctl_client *kpi_ctl_client_of(struct sock *sk)
{
	return container_of(sk, struct kpi_ctl_client, sys.sk);
}

/* register.c */
struct kpi_control *kpi_ctl_by_ref(kern_ctl_ref ref);
struct kpi_ctl_client *kpi_ctl_find_client(kern_ctl_ref ref, u32 unit);
int kpi_ctl_join(struct kpi_ctl_client *client, struct bsd_sockaddr_ctl *name);
void kpi_ctl_part(struct kpi_ctl_client *client);
int kpi_ctl_info(struct bsd_ctl_info *info);
int kpi_ctl_count(void);

/* client.c */
int kpi_ctl_result(errno_t error);
int kpi_ctl_connect(struct kpi_ctl_client *client, const struct bsd_sockaddr_ctl *name);
int kpi_ctl_disconnect(struct kpi_ctl_client *client);
void kpi_ctl_close(struct kpi_ctl_client *client);
int kpi_ctl_call_begin(struct kpi_ctl_client *client);
void kpi_ctl_call_end(struct kpi_ctl_client *client);

/* queue.c */
void kpi_sys_init(struct kpi_sys_socket *s);
void kpi_sys_open(struct kpi_sys_socket *s, size_t limit);
void kpi_sys_close(struct kpi_sys_socket *s);
ssize_t kpi_sys_space(struct kpi_sys_socket *s);
ssize_t kpi_sys_missing(struct kpi_sys_socket *s);
bool kpi_sys_is_readable(const struct kpi_sys_socket *s);
int kpi_sys_append(struct kpi_sys_socket *s, mbuf_t m, u32 flags);
size_t kpi_sys_first_length(struct kpi_sys_socket *s);
mbuf_t kpi_sys_first(struct kpi_sys_socket *s);
mbuf_t kpi_sys_next(struct kpi_sys_socket *s, mbuf_t m);
void kpi_sys_taken(struct kpi_sys_socket *s, size_t bytes);
void kpi_sys_drop_first(struct kpi_sys_socket *s);

/* enqueue.c */
mbuf_t kpi_packet_of(const void *data, size_t len, struct kpi_kext *owner);

/* receive.c */
int kpi_sys_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);

/* transmit.c, option.c, address.c: what else a client does */
int kpi_ctl_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int kpi_ctl_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int kpi_ctl_set_option(struct kpi_ctl_client *client, int name, void *value, size_t len);
int kpi_ctl_get_option(struct kpi_ctl_client *client, int name, void *value, size_t *len);
int kpi_ctl_setsockopt(struct socket *sock, int level, int name, sockptr_t value,
		       unsigned int len);
int kpi_ctl_getsockopt(struct socket *sock, int level, int name, char __user *value,
		       int __user *len);
int kpi_ctl_name_in(struct bsd_sockaddr_ctl *name, const void *addr, int len);
bool kpi_ctl_name_is_none(const void *addr, int len);
bool kpi_ctl_name_is_bsd(const struct bsd_sockaddr_ctl *name);
int kpi_ctl_name_out(void *addr, const struct kpi_ctl_client *client);

#endif /* _KPI_CONTROL_PRIV_H */
