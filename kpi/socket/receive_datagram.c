// SPDX-License-Identifier: GPL-2.0
/*
 * Taking datagrams.
 *
 * UDP's packet is taken whole and looked at where it is. RAW, AF_UNIX and
 * whatever is wanted with control messages go through Linux's own receive.
 */

#include <linux/bpf-cgroup.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "../compat/socket.h"
#include "../control/system.h"
#include "../filter/socket/ask.h"
#include "../mbuf/reshape.h"
#include "address.h"
#include "others.h"
#include "receive.h"
#include "state.h"
#include "transport.h"

/* More than all control messages that can be asked for. */
#define CONTROL_ROOM	256

static struct sk_buff *first_of(struct sk_buff_head *queue)
{
	lockdep_assert_held(&queue->lock);
	return skb_peek(queue);
}

/* An empty datagram counts as one byte: it is something. */
size_t kpi_datagram_queued(struct __socket *so)
{
	struct sk_buff_head *queue = &so->sk->sk_receive_queue;
	struct sk_buff *skb;
	size_t len = 0;

	if (skb_queue_empty_lockless(queue))
		return 0;

	spin_lock_bh(&queue->lock);
	skb = first_of(queue);
	if (skb)
		len = max_t(size_t, skb->len, 1);
	spin_unlock_bh(&queue->lock);
	return len;
}

bool kpi_datagram_has_data(struct __socket *so)
{
	return !skb_queue_empty_lockless(&so->sk->sk_receive_queue);
}

size_t kpi_system_queued(struct __socket *so)
{
	return kpi_system_unread(so->sk);
}

bool kpi_system_has_data(struct __socket *so)
{
	return kpi_system_is_readable(so->sk);
}

/* UDP has a second queue, of packets that readers have to themselves; they are older. */
size_t kpi_udp_queued(struct __socket *so)
{
	struct sk_buff_head *queue = &udp_sk(so->sk)->reader_queue;
	struct sk_buff *skb;
	size_t len = 0;

	if (unlikely(kpi_sflt_so_has_passed(so)))
		return max_t(size_t, kpi_sflt_so_unread(so), 1);
	if (READ_ONCE(so->in->held_skb))
		return 1;	/* its length is the receiver's to look at */

	if (!skb_queue_empty_lockless(queue)) {
		spin_lock_bh(&queue->lock);
		skb = first_of(queue);
		if (skb)
			len = max_t(size_t, skb->len, 1);
		spin_unlock_bh(&queue->lock);
	}
	return len ?: kpi_datagram_queued(so);
}

bool kpi_udp_has_data(struct __socket *so)
{
	return kpi_sflt_so_has_passed(so) ||
	       !skb_queue_empty_lockless(&udp_sk(so->sk)->reader_queue) ||
	       kpi_datagram_has_data(so);
}

/* Linux reports an error before it looks for a datagram; macOS delivers datagrams first. */
static void set_error_aside(struct __socket *so)
{
	int err;

	if (likely(!READ_ONCE(so->sk->sk_err)))
		return;
	err = sock_error(so->sk);
	if (err)
		kpi_so_set_error(so, err);
}

static struct sk_buff *udp_dequeue(struct __socket *so, int flags)
{
	struct sk_buff *skb;
	int off = 0, err = 0;

	do {
		set_error_aside(so);
		skb = __skb_recv_udp(so->sk, flags | MSG_DONTWAIT, &off, &err);
		if (!skb && err != -EAGAIN)
			kpi_so_set_error(so, err);
	} while (!skb && err != -EAGAIN && kpi_udp_has_data(so));
	return skb;
}

/* One with a bad checksum is dropped where it stands. */
static void drop_bad(struct __socket *so, struct sk_buff *skb, int flags)
{
	kpi_compat_count_drop(so->sk);
	kfree_skb(skb);
	if (flags & MSG_PEEK)
		kfree_skb(udp_dequeue(so, 0));
}

/* The next good datagram. When peeking it stays in the queue; a reference is returned. */
static struct sk_buff *next_datagram(struct __socket *so, int flags)
{
	struct sk_buff *skb;

	if (unlikely(so->in->held_skb)) {
		skb = so->in->held_skb;
		if (flags & MSG_PEEK)
			return skb_get(skb);
		so->in->held_skb = NULL;
		return skb;
	}

	while ((skb = udp_dequeue(so, flags)) && unlikely(udp_lib_checksum_complete(skb)))
		drop_bad(so, skb, flags);
	if (skb && !(flags & MSG_PEEK))
		skb->dev = NULL;	/* UDP kept something else there */
	return skb;
}

static void set_source4(struct bsd_sockaddr_storage *name, const struct sk_buff *skb)
{
	struct bsd_sockaddr_in *in = (struct bsd_sockaddr_in *)name;

	in->sin_len = sizeof(*in);
	in->sin_family = AF_INET;
	in->sin_port = (__force u16)udp_hdr(skb)->source;
	in->sin_addr.s_addr = (__force u32)ip_hdr(skb)->saddr;
}

static void set_source6(struct bsd_sockaddr_storage *name, const struct sk_buff *skb)
{
	struct bsd_sockaddr_in6 *in6 = (struct bsd_sockaddr_in6 *)name;
	struct in6_addr *addr = (struct in6_addr *)&in6->sin6_addr;

	in6->sin6_len = sizeof(*in6);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = (__force u16)udp_hdr(skb)->source;
	if (skb->protocol == htons(ETH_P_IP)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, addr);
		return;
	}
	*addr = ipv6_hdr(skb)->saddr;
	in6->sin6_scope_id = ipv6_iface_scope_id(addr, inet6_iif(skb));
}

/* From the packet's headers; only if somebody wants to know. */
static void set_source(struct kpi_rx *rx, const struct sk_buff *skb)
{
	if (!rx->msg || !rx->msg->msg_name)
		return;

	memset(rx->name, 0, sizeof(*rx->name));
	if (rx->so->sk->sk_family == AF_INET)
		set_source4(rx->name, skb);
	else
		set_source6(rx->name, skb);
	rx->named = true;
}

/* All of @len bytes, or nothing. */
static int view(struct __socket *so, struct kpi_chain *chain, struct sk_buff *skb,
		unsigned int len)
{
	int n = kpi_chain_view_given(chain, skb, len, true, so->sk->sk_allocation, so->owner);

	if (n == len)
		return 0;
	kpi_mbuf_freem(chain->head);
	*chain = (struct kpi_chain){};
	return -ENOBUFS;
}

static mbuf_t empty_packet(void)
{
	mbuf_t m;

	return kpi_mbuf_gethdr(MBUF_WAITOK, MBUF_TYPE_DATA, &m) ? NULL : m;
}

/* Consumes the packet, unless there is no memory. */
static mbuf_t packet_of(struct __socket *so, struct sk_buff *skb, unsigned int len)
{
	mbuf_t m = kpi_mbuf_adopt(skb, len, so->sk->sk_allocation, so->owner);
	struct kpi_chain chain = {};

	if (m)
		return m;
	if (!len)
		m = empty_packet();
	else if (!view(so, &chain, skb, len))
		m = kpi_chain_finish(&chain);
	if (m)
		kpi_view_done(skb);
	return m;
}

/* The same. */
static int to_packet(struct kpi_rx *rx, struct sk_buff *skb, unsigned int len)
{
	rx->packet = packet_of(rx->so, skb, len);
	return rx->packet ? 0 : -ENOBUFS;
}

/* The same. */
static int to_memory(struct kpi_rx *rx, struct sk_buff *skb, unsigned int len)
{
	int err = skb_copy_datagram_iter(skb, 0, &rx->iter, len);

	if (!err)
		consume_skb(skb);
	return err;
}

/* With SO_DONTTRUNC the whole datagram goes through the stash. The same. */
static int stash_datagram(struct __socket *so, struct sk_buff *skb)
{
	struct bsd_sockaddr_storage *name;
	int err;

	name = kzalloc(sizeof(*name), GFP_KERNEL);
	if (!name)
		return -ENOBUFS;
	err = view(so, &so->in->stash, skb, skb->len);
	if (err) {
		kfree(name);
		return err;
	}

	if (so->sk->sk_family == AF_INET)
		set_source4(name, skb);
	else
		set_source6(name, skb);
	so->in->stash_name = name;
	kpi_view_done(skb);
	return 0;
}

/* The rest of a datagram, or its beginning when all of it was stashed. */
static int receive_stashed(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	int err;

	*rx->name = *so->in->stash_name;
	rx->named = true;
	err = kpi_stash_deliver(rx);
	if (err)
		return err;
	if (so->in->stash.len && (!kpi_rx_peeks(rx) || rx->got < so->in->stash.len))
		rx->result |= KPI_MSG_RCVMORE;
	if (!so->in->stash.len) {
		kfree(so->in->stash_name);
		so->in->stash_name = NULL;
	}
	if (rx->to_mbuf && !kpi_rx_peeks(rx))
		rx->packet = kpi_chain_finish(&rx->chain);
	return 0;
}

static int receive_whole(struct kpi_rx *rx, struct sk_buff *skb)
{
	unsigned int len = min_t(size_t, skb->len, rx->want);
	bool cut = skb->len > len;
	int err;

	err = rx->to_mbuf ? to_packet(rx, skb, len) : to_memory(rx, skb, len);
	if (err)
		return err;
	rx->got = len;
	if (cut)
		rx->result |= KPI_MSG_TRUNC;
	return 0;
}

/* The packet is ours. If it finds no memory it is not lost: it comes first next time. */
static int receive_taken(struct kpi_rx *rx, struct sk_buff *skb)
{
	struct __socket *so = rx->so;
	bool stash = skb->len > rx->want && so->dont_trunc;
	int err = stash ? stash_datagram(so, skb) : receive_whole(rx, skb);

	if (err) {
		so->in->held_skb = skb;
		return err;
	}
	return stash ? receive_stashed(rx) : 0;
}

static int receive_peeked(struct kpi_rx *rx, struct sk_buff *skb)
{
	unsigned int len = min_t(size_t, skb->len, rx->want);
	int err = 0;

	if (!rx->to_mbuf)
		err = skb_copy_datagram_iter(skb, 0, &rx->iter, len);
	if (!err) {
		rx->got = len;
		if (skb->len > len)
			rx->result |= rx->so->dont_trunc ? KPI_MSG_RCVMORE : KPI_MSG_TRUNC;
	}
	consume_skb(skb);
	return err;
}

static int receive_udp(struct kpi_rx *rx)
{
	int flags = kpi_rx_peeks(rx) ? MSG_PEEK : 0;
	struct sk_buff *skb;

	skb = next_datagram(rx->so, flags);
	if (!skb)
		return KPI_RX_NOTHING;

	set_source(rx, skb);
	return flags ? receive_peeked(rx, skb) : receive_taken(rx, skb);
}

/* Whether UDP itself is read, and a reader told nothing but the bytes and whom they are from. */
bool kpi_udp_is_bare(const struct sock *sk)
{
	bool inet6 = sk->sk_family == AF_INET6;

	return READ_ONCE(sk->sk_prot) == sk->sk_prot_creator &&
	       !(sk->sk_flags & (FLAGS_RECV_CMSGS | 1UL << SOCK_TIMESTAMP)) &&
	       !READ_ONCE(sk->sk_tsflags) && !kpi_compat_cmsg_flags(sk) &&
	       !(inet6 && inet6_sk(sk)->rxopt.all) && !udp_test_bit(GRO_ENABLED, sk) &&
	       !cgroup_bpf_enabled(CGROUP_UDP4_RECVMSG) && !cgroup_bpf_enabled(CGROUP_UDP6_RECVMSG);
}

static struct sk_buff *next_bare(struct __socket *so, int *err)
{
	struct sk_buff *skb;
	int off = 0;

	while ((skb = __skb_recv_udp(so->sk, MSG_DONTWAIT, &off, err)) &&
	       unlikely(udp_lib_checksum_complete(skb))) {
		kpi_udp_count(so->sk, UDP_MIB_CSUMERRORS);
		kpi_udp_count(so->sk, UDP_MIB_INERRORS);
		drop_bad(so, skb, 0);
	}
	if (skb)
		skb->dev = NULL;	/* UDP kept something else there */
	return skb;
}

/* What Linux's receive leaves behind of a datagram. */
static void note_received(struct sock *sk)
{
	kpi_udp_count(sk, UDP_MIB_INDATAGRAMS);
	if (unlikely(sock_read_timestamp(sk) == SK_DEFAULT_STAMP))
		sock_write_timestamp(sk, 0);
}

/**
 * kpi_udp_take() - a process's next datagram, for its filters
 * @so:   its handle; the socket is kpi_udp_is_bare()
 * @from: whom it is from
 * @err:  why there is none: -EAGAIN, the socket's error as Linux would tell it, -ENOMEM
 *
 * As Linux's receive, but by reference. Without memory it is dropped, and counted.
 *
 * Return: the datagram, or NULL.
 */
mbuf_t kpi_udp_take(struct __socket *so, struct bsd_sockaddr_storage *from, int *err)
{
	struct sk_buff *skb = next_bare(so, err);
	mbuf_t m;

	if (!skb)
		return NULL;
	*from = (struct bsd_sockaddr_storage){};
	if (so->sk->sk_family == AF_INET)
		set_source4(from, skb);
	else
		set_source6(from, skb);
	m = packet_of(so, skb, skb->len);
	if (m) {
		note_received(so->sk);
		return m;
	}
	kpi_compat_count_drop(so->sk);
	kfree_skb(skb);
	*err = -ENOMEM;
	return NULL;
}

/* The length of the next good datagram; -EAGAIN if there is none. */
static ssize_t next_length(struct __socket *so)
{
	struct msghdr msg = {};
	ssize_t len;

	set_error_aside(so);
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, NULL, 0, 0);
	len = sock_recvmsg(so->sock, &msg, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
	if (len < 0 && len != -EAGAIN)
		kpi_so_set_error(so, len);
	return len < 0 ? -EAGAIN : len;
}

/*
 * Linux's receive, with name and control messages, to where msg_iter says. AF_UNIX
 * has descriptors and credentials only: without room for them Linux drops them, but
 * room in kernel memory it has no use for.
 */
static ssize_t receive_message(struct kpi_rx *rx, struct msghdr *msg)
{
	bool wants_control = rx->msg && rx->msg->msg_control && rx->so->wants_control &&
			     kpi_so_is_inet(rx->so);
	char control[CONTROL_ROOM] __aligned(sizeof(size_t));
	struct sockaddr_storage name = {};
	ssize_t n;

	msg->msg_name = &name;
	if (wants_control) {
		msg->msg_control = control;
		msg->msg_controllen = sizeof(control);
	}
	n = kpi_recvmsg(rx->so, msg, rx->flags & KPI_MSG_PEEK);
	if (n < 0)
		return n;

	if (!kpi_so_is_system(rx->so)) {
		kpi_addr_from_linux(&name, msg->msg_namelen, rx->name);
		rx->named = true;
	}
	if (wants_control)
		kpi_control_from_linux(rx, control, sizeof(control) - msg->msg_controllen);
	return n;
}

static int copy_to_kext(struct kpi_rx *rx)
{
	struct msghdr msg = { .msg_iter = rx->iter };
	ssize_t n = receive_message(rx, &msg);

	if (n < 0)
		return n;
	rx->got = n;
	return 0;
}

static int copy_to_chain(struct kpi_rx *rx, struct kpi_chain *chain, size_t room)
{
	struct msghdr msg = {};
	struct kpi_rx_copy copy;
	ssize_t n;

	if (kpi_rx_copy_begin(&copy, &msg, room, rx->so))
		return -ENOBUFS;
	n = receive_message(rx, &msg);
	kpi_rx_copy_end(&copy, max_t(ssize_t, n, 0), chain);
	if (n < 0)
		return n;
	rx->got = n;
	return 0;
}

/* Where a packet has a checksum that was left to a device, and no device was there. */
struct unfilled {
	unsigned int start;
	unsigned int field;
	bool is;
};

/* Raw sockets show what is behind the header: of the next packet that is next to come. */
static struct unfilled next_unfilled(struct __socket *so)
{
	struct sk_buff_head *queue = &so->sk->sk_receive_queue;
	struct unfilled unfilled = {};
	const struct sk_buff *skb;

	if (so->sk->sk_type != SOCK_RAW || !kpi_so_is_inet(so))
		return unfilled;
	spin_lock_bh(&queue->lock);
	skb = skb_peek(queue);
	if (skb && skb->ip_summed == CHECKSUM_PARTIAL)
		unfilled = (struct unfilled) {
			.start = skb_checksum_start_offset(skb),
			.field = skb->csum_offset,
			.is = true,
		};
	spin_unlock_bh(&queue->lock);
	return unfilled;
}

static int copy_to_packet(struct kpi_rx *rx, size_t room)
{
	struct unfilled unfilled = next_unfilled(rx->so);
	struct msghdr msg = {};
	int err;

	if (kpi_rx_peeks(rx)) {
		rx->got = room;
		return 0;
	}
	if (room) {
		err = copy_to_chain(rx, &rx->chain, room);
		if (!err)
			rx->packet = kpi_chain_finish(&rx->chain);
		if (!err && unfilled.is && rx->packet && !(rx->result & KPI_MSG_TRUNC))
			kpi_chain_complete_sum(rx->packet, unfilled.start, unfilled.field,
					       rx->so->owner);
		return err;
	}

	rx->packet = empty_packet();
	if (!rx->packet)
		return -ENOBUFS;
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, NULL, 0, 0);
	return min_t(ssize_t, receive_message(rx, &msg), 0);
}

static int copy_to_stash(struct kpi_rx *rx, size_t len)
{
	struct __socket *so = rx->so;
	int err;

	so->in->stash_name = kzalloc(sizeof(*so->in->stash_name), GFP_KERNEL);
	if (!so->in->stash_name)
		return -ENOBUFS;
	err = copy_to_chain(rx, &so->in->stash, len);
	if (err) {
		kfree(so->in->stash_name);
		so->in->stash_name = NULL;
		return err;
	}
	*so->in->stash_name = *rx->name;
	rx->got = 0;
	return receive_stashed(rx);
}

static int receive_copied(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	ssize_t len = next_length(so);
	int err;

	if (len < 0)
		return KPI_RX_NOTHING;
	if (len > rx->want && so->dont_trunc && !kpi_rx_peeks(rx))
		return copy_to_stash(rx, len);

	if (rx->to_mbuf)
		err = copy_to_packet(rx, min_t(size_t, len, rx->want));
	else
		err = copy_to_kext(rx);
	if (err)
		return err == -EAGAIN ? KPI_RX_NOTHING : err;
	if (len > rx->want)
		rx->result |= so->dont_trunc ? KPI_MSG_RCVMORE : KPI_MSG_TRUNC;
	return 0;
}

/**
 * kpi_rx_datagram() - take a datagram
 * @rx: the receive call; it was decided that there is something
 *
 * Return: 0; KPI_RX_NOTHING; or -errno with nothing lost.
 */
int kpi_rx_datagram(struct kpi_rx *rx)
{
	struct __socket *so = rx->so;
	bool wants_control = so->wants_control && rx->msg && rx->msg->msg_control;

	if (unlikely(so->in->stash_name))
		return receive_stashed(rx);
	if (so->transport == &kpi_udp_transport && (!wants_control || so->in->held_skb) &&
	    likely(!READ_ONCE(so->filtered)))
		return receive_udp(rx);
	return receive_copied(rx);
}
