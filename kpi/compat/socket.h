/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between kernels for the socket side.
 */
#ifndef _KPI_COMPAT_SOCKET_H
#define _KPI_COMPAT_SOCKET_H

#include <linux/bvec.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <linux/version.h>
#include <linux/workqueue.h>
#include <net/af_unix.h>
#include <net/inet_sock.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "files.h"
#include "interface.h"

/* Addresses got a type without a length in 6.19; drop this when 6.18 goes. */
#ifdef KPI_HAVE_SOCKADDR_UNSIZED
#define kpi_compat_sockaddr	sockaddr_unsized
#else
#define kpi_compat_sockaddr	sockaddr
#endif

static inline int kpi_compat_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	struct fs_struct *old = kpi_compat_files_begin();
	int err = kernel_bind(sock, (struct kpi_compat_sockaddr *)addr, len);

	kpi_compat_files_end(old);
	return err;
}

static inline int kpi_compat_connect(struct socket *sock, struct sockaddr_storage *addr,
				     int len, int flags)
{
	struct fs_struct *old = kpi_compat_files_begin();
	int err = kernel_connect(sock, (struct kpi_compat_sockaddr *)addr, len, flags);

	kpi_compat_files_end(old);
	return err;
}

static inline int kpi_compat_sendmsg(struct socket *sock, struct msghdr *msg)
{
	struct fs_struct *old = kpi_compat_files_begin();
	int n = sock_sendmsg(sock, msg);

	kpi_compat_files_end(old);
	return n;
}

/* What accept is given became a structure in 6.10; drop the other when 6.1 goes. */
#ifdef KPI_HAVE_PROTO_ACCEPT_ARG
#define KPI_COMPAT_ACCEPT_ARGS		struct proto_accept_arg *arg
#define KPI_COMPAT_ACCEPT_VALUES	arg
#else
#define KPI_COMPAT_ACCEPT_ARGS		int flags, bool kern
#define KPI_COMPAT_ACCEPT_VALUES	flags, kern
#endif

/* What makes a connection got an argument in 7.0 and its stable kernels. */
#ifdef KPI_HAVE_OPT_CHILD_INIT
#define KPI_COMPAT_SYN_RECV_ARGS	const struct sock *sk, struct sk_buff *skb,	\
					struct request_sock *req, struct dst_entry *dst, \
					struct request_sock *req_unhash, bool *own_req,	\
					void (*opt_child_init)(struct sock *newsk, const struct sock *sk)
#define KPI_COMPAT_SYN_RECV_VALUES	sk, skb, req, dst, req_unhash, own_req, opt_child_init
#else
#define KPI_COMPAT_SYN_RECV_ARGS	const struct sock *sk, struct sk_buff *skb,	\
					struct request_sock *req, struct dst_entry *dst, \
					struct request_sock *req_unhash, bool *own_req
#define KPI_COMPAT_SYN_RECV_VALUES	sk, skb, req, dst, req_unhash, own_req
#endif

/* Data in the memory of a device is received by reference since 6.12; drop this when 6.1 goes. */
#ifndef MSG_SOCK_DEVMEM
#define MSG_SOCK_DEVMEM		0
#endif

/* Options of SOL_SOCKET come to a socket's own function if it says so, since 6.8. */
static inline void kpi_compat_custom_sockopt(struct socket *sock, bool on)
{
#ifdef KPI_HAVE_CUSTOM_SOCKOPT
	if (on)
		set_bit(SOCK_CUSTOM_SOCKOPT, &sock->flags);
	else
		clear_bit(SOCK_CUSTOM_SOCKOPT, &sock->flags);
#endif
}

/* A connection that begins with the first data; an inet_flag since 6.6, drop this when 6.1 goes. */
static inline bool kpi_compat_defer_connect(const struct sock *sk)
{
#ifdef KPI_HAVE_INET_TEST_BIT
	return inet_test_bit(DEFER_CONNECT, sk);
#else
	return inet_sk(sk)->defer_connect;
#endif
}

/* Which control messages IP is asked for; among the inet_flags since 6.6, drop this when 6.1 goes. */
static inline unsigned long kpi_compat_cmsg_flags(const struct sock *sk)
{
#ifdef KPI_HAVE_INET_TEST_BIT
	return inet_cmsg_flags(inet_sk(sk));
#else
	return inet_sk(sk)->cmsg_flags;
#endif
}

/* A splice by way of a read; the new name came in 6.5, drop the other when 6.1 goes. */
#ifdef KPI_HAVE_COPY_SPLICE_READ
#define kpi_compat_splice_read	copy_splice_read
#else
#define kpi_compat_splice_read	generic_file_splice_read
#endif

/* Notes of zero-copy sends tell device memory apart since 6.16; drop the other when 6.12 goes. */
static inline struct ubuf_info *kpi_compat_zerocopy_alloc(struct sock *sk, size_t size)
{
#ifdef KPI_HAVE_ZEROCOPY_DEVMEM
	return msg_zerocopy_realloc(sk, size, NULL, false);
#else
	return msg_zerocopy_realloc(sk, size, NULL);
#endif
}

/* Pages were sent by calls of their own until 6.5; drop this when 6.1 goes. */
static inline void kpi_compat_no_sendpage(struct proto_ops *ops)
{
#ifdef KPI_HAVE_PROTO_SENDPAGE
	ops->sendpage = NULL;
	ops->sendpage_locked = NULL;
#endif
}

/* Makes a kernel socket keep its namespace; a call of its own since 6.12. */
static inline void kpi_compat_keep_net(struct sock *sk)
{
#ifdef KPI_HAVE_SK_NET_REFCNT_UPGRADE
	sk_net_refcnt_upgrade(sk);
#else
	struct net *net = sock_net(sk);

	sk->sk_net_refcnt = 1;
	get_net_track(net, &sk->ns_tracker, GFP_KERNEL);
	sock_inuse_add(net, 1);
#endif
}

/* A counter with a call of its own since 6.18; drop this when 6.12 goes. */
static inline void kpi_compat_count_drop(struct sock *sk)
{
#ifdef KPI_HAVE_SK_DROPS_INC
	sk_drops_inc(sk);
#else
	atomic_inc(&sk->sk_drops);
#endif
}

/* Bytes an AF_UNIX stream has; unix_sock counts them since 6.17. Drop this when 6.12 goes. */
static inline long kpi_compat_unix_inq(struct sock *sk)
{
#ifdef KPI_HAVE_UNIX_INQ_LEN
	return READ_ONCE(unix_sk(sk)->inq_len);
#else
	return unix_inq_len(sk);
#endif
}

/* Bits of inet_sock became inet_flags in 6.6; drop this when 6.1 goes. */
#ifdef KPI_HAVE_INET_TEST_BIT
#define kpi_compat_hdrincl(sk)		inet_test_bit(HDRINCL, sk)
#define kpi_compat_mc_loop(sk)		inet_test_bit(MC_LOOP, sk)
#define kpi_compat_mc6_loop(sk)		inet6_test_bit(MC6_LOOP, sk)
#define kpi_compat_cmsg_flags(sk)	inet_cmsg_flags(inet_sk(sk))
#else
#define kpi_compat_hdrincl(sk)		(inet_sk(sk)->hdrincl)
#define kpi_compat_mc_loop(sk)		(inet_sk(sk)->mc_loop)
#define kpi_compat_mc6_loop(sk)		(inet6_sk(sk)->mc_loop)
#define kpi_compat_cmsg_flags(sk)	(inet_sk(sk)->cmsg_flags)
#endif

/* Queues of one CPU have to say so since 6.18; drop this when 6.12 goes. */
#ifdef KPI_HAVE_WQ_PERCPU
#define KPI_COMPAT_WQ_PERCPU	WQ_PERCPU
#else
#define KPI_COMPAT_WQ_PERCPU	0
#endif

/*
 * Sending pages by reference. MSG_SPLICE_PAGES is defined in 6.1 and does
 * nothing there, so the version decides; 6.1 has a call per page instead.
 * Drop the second half when 6.1 goes.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)

#define KPI_COMPAT_SPLICE_DATAGRAMS	1

static inline ssize_t kpi_compat_send_pages_locked(struct socket *sock, struct msghdr *msg)
{
	msg->msg_flags |= MSG_SPLICE_PAGES;
	return tcp_sendmsg_locked(sock->sk, msg, msg_data_left(msg));
}

#else

#define KPI_COMPAT_SPLICE_DATAGRAMS	0

/* The compound page that the next bytes are in, and how many of them it has. */
static inline struct page *kpi_compat_next_page(const struct iov_iter *iter, size_t *off,
						size_t *len)
{
	const struct bio_vec *bv = iter->bvec;
	struct page *page = bv->bv_page + ((bv->bv_offset + iter->iov_offset) >> PAGE_SHIFT);
	struct page *head = compound_head(page);

	*off = page_address(page) - page_address(head) +
	       offset_in_page(bv->bv_offset + iter->iov_offset);
	*len = min3(bv->bv_len - iter->iov_offset, page_size(head) - *off, iov_iter_count(iter));
	return head;
}

static inline ssize_t kpi_compat_send_pages_locked(struct socket *sock, struct msghdr *msg)
{
	ssize_t sent = 0;

	while (msg_data_left(msg)) {
		int flags = msg->msg_flags;
		size_t off, len;
		struct page *page = kpi_compat_next_page(&msg->msg_iter, &off, &len);
		ssize_t n;

		if (len < msg_data_left(msg))
			flags |= MSG_MORE | MSG_SENDPAGE_NOTLAST;
		n = kernel_sendpage_locked(sock->sk, page, off, len, flags);
		if (n <= 0)
			return sent ?: n;
		iov_iter_advance(&msg->msg_iter, n);
		sent += n;
		if (n < len)
			break;
	}
	return sent;
}

#endif

#endif /* _KPI_COMPAT_SOCKET_H */
