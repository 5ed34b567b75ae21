// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that others begin with a listening socket: sf_connect_in.
 *
 * While a filter wants to be asked, the socket has our copy of what TCP does
 * differently for IPv4 and IPv6. A SYN is kept, a thread asks the filters, and what
 * they let pass TCP has then, as if it had just come. Who is refused hears nothing, and
 * tries again by himself. Who tries again while the first SYN waits has it dropped: with
 * both TCP would begin two connections, and the second hide the first.
 *
 * A connection inherits its listener's copy; that is taken from it before anybody sees
 * it, as SMC does. So ours is only on sockets that keep the layer loaded.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/inet_connection_sock.h>
#include <net/ipv6.h>
#include <net/tcp_states.h>

#include "../../compat/socket.h"
#include "attach.h"
#include "calls.h"
#include "filtered.h"
#include "syn.h"
#include "walk.h"

typedef struct inet_connection_sock_af_ops tcp_ops;

/* So many SYNs of a socket wait for an answer; more are dropped. */
#define SYNS_MAX	128

/* One of ours for each of Linux's. They stay until the layer goes. */
struct copied_ops {
	tcp_ops ops;
	const tcp_ops *linux_ops;
	struct copied_ops *next;
};

static struct copied_ops *copies;	/* W: copies_lock; only grows */
static DEFINE_MUTEX(copies_lock);
static struct workqueue_struct *queue;

struct kpi_syns {
	struct list_head list;		/* W: the filters' lock */
	unsigned int count;
};

struct syn {
	struct work_struct work;
	struct list_head node;		/* of f->syns */
	struct kpi_filtered *f;		/* held */
	struct sk_buff *skb;
};

static int filtered_conn_request(struct sock *sk, struct sk_buff *skb);

static bool is_ours(const tcp_ops *ops)
{
	return ops->conn_request == filtered_conn_request;
}

static const tcp_ops *linux_ops_of(const tcp_ops *ops)
{
	return is_ours(ops) ? container_of(ops, struct copied_ops, ops)->linux_ops : ops;
}

static const tcp_ops *linux_ops(const struct sock *sk)
{
	return linux_ops_of(READ_ONCE(inet_csk(sk)->icsk_af_ops));
}

/* Where it is from, as accept() would say. */
static int name_of(const struct sock *sk, const struct sk_buff *skb, struct sockaddr_storage *name)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)name;
	struct sockaddr_in *in = (struct sockaddr_in *)name;

	name->ss_family = sk->sk_family;
	in->sin_port = tcp_hdr(skb)->source;
	if (sk->sk_family == AF_INET) {
		in->sin_addr.s_addr = ip_hdr(skb)->saddr;
		return sizeof(*in);
	}
	if (skb->protocol == htons(ETH_P_IP))
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &in6->sin6_addr);
	else
		in6->sin6_addr = ipv6_hdr(skb)->saddr;
	return sizeof(*in6);
}

static int ask(struct kpi_filtered *f, const struct sk_buff *skb)
{
	struct sockaddr_storage linux_name = {};
	struct kpi_sflt_name name;

	kpi_sflt_name_begin(&name, &linux_name, name_of(f->sk, skb, &linux_name));
	return kpi_sflt_ask(f, sf_connect_in, (const struct bsd_sockaddr *)&name.name);
}

/* What TCP would have done at once. */
static void go_on(struct sock *sk, struct sk_buff *skb)
{
	rcu_read_lock();
	local_bh_disable();
	if (READ_ONCE(sk->sk_state) == TCP_LISTEN)
		linux_ops(sk)->conn_request(sk, skb);
	local_bh_enable();
	rcu_read_unlock();
}

static void work(struct work_struct *work)
{
	struct syn *syn = container_of(work, struct syn, work);
	struct kpi_filtered *f = syn->f;

	if (!READ_ONCE(f->ended) && !ask(f, syn->skb))
		go_on(f->sk, syn->skb);
	spin_lock_bh(&f->list.lock);
	list_del(&syn->node);
	f->syns->count--;
	spin_unlock_bh(&f->list.lock);
	consume_skb(syn->skb);
	kfree(syn);
	kpi_filtered_put(f);
}

/* Whether the two would begin the same connection. */
static bool is_same(const struct sk_buff *a, const struct sk_buff *b)
{
	const struct tcphdr *ta = tcp_hdr(a), *tb = tcp_hdr(b);

	if (a->protocol != b->protocol || ta->source != tb->source || ta->dest != tb->dest)
		return false;
	if (a->protocol == htons(ETH_P_IP))
		return !memcmp(&ip_hdr(a)->addrs, &ip_hdr(b)->addrs, sizeof(ip_hdr(a)->addrs));
	return !memcmp(&ipv6_hdr(a)->addrs, &ipv6_hdr(b)->addrs, sizeof(ipv6_hdr(a)->addrs));
}

static bool add(struct kpi_filtered *f, struct syn *new)
{
	const struct syn *syn;
	bool added = false;

	spin_lock_bh(&f->list.lock);
	if (!f->syns || f->syns->count >= SYNS_MAX)
		goto out;
	list_for_each_entry(syn, &f->syns->list, node)
		if (is_same(syn->skb, new->skb))
			goto out;
	list_add_tail(&new->node, &f->syns->list);
	f->syns->count++;
	added = true;
out:
	spin_unlock_bh(&f->list.lock);
	return added;
}

/* The caller's reference of @f is consumed on success. */
static bool ask_later(struct kpi_filtered *f, struct sk_buff *skb)
{
	struct syn *syn;

	if (!skb_dst_force(skb))
		return false;
	syn = kmalloc(sizeof(*syn), GFP_ATOMIC | __GFP_NOWARN);
	if (!syn)
		return false;
	INIT_WORK(&syn->work, work);
	syn->f = f;
	syn->skb = skb;
	if (!add(f, syn)) {
		kfree(syn);
		return false;
	}
	skb_get(skb);
	queue_work(queue, &syn->work);
	return true;
}

/* In softirq, without the listener's lock. */
static int filtered_conn_request(struct sock *sk, struct sk_buff *skb)
{
	struct kpi_filtered *f = kpi_filtered_of(READ_ONCE(sk->sk_socket));
	int err = 0;

	if (f && READ_ONCE(f->wants) & KPI_SFLT_SYNS) {
		if (ask_later(f, skb))
			return 0;
		kpi_compat_count_drop(sk);
	} else {
		err = linux_ops(sk)->conn_request(sk, skb);
	}
	if (f)
		kpi_filtered_put(f);
	return err;
}

/* A connection is made, and locked: it is Linux's. */
static struct sock *filtered_syn_recv_sock(KPI_COMPAT_SYN_RECV_ARGS)
{
	struct sock *child = linux_ops(sk)->syn_recv_sock(KPI_COMPAT_SYN_RECV_VALUES);

	if (child)
		inet_csk(child)->icsk_af_ops = linux_ops(child);
	return child;
}

static const tcp_ops *find_copy(const tcp_ops *ops)
{
	const struct copied_ops *c;

	lockdep_assert_held(&copies_lock);

	for (c = copies; c; c = c->next)
		if (c->linux_ops == ops)
			return &c->ops;
	return NULL;
}

static const tcp_ops *make_copy(const tcp_ops *ops)
{
	struct copied_ops *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	c->ops = *ops;
	c->ops.conn_request = filtered_conn_request;
	c->ops.syn_recv_sock = filtered_syn_recv_sock;
	c->linux_ops = ops;
	c->next = copies;
	copies = c;
	return &c->ops;
}

/* Ours for those of Linux's, or NULL without memory. */
static const tcp_ops *copy_for(const tcp_ops *ops)
{
	const tcp_ops *copy;

	mutex_lock(&copies_lock);
	copy = find_copy(ops) ?: make_copy(ops);
	mutex_unlock(&copies_lock);
	return copy;
}

static int syns_alloc(struct kpi_filtered *f)
{
	struct kpi_syns *syns = kzalloc(sizeof(*syns), GFP_KERNEL);

	if (!syns)
		return -ENOMEM;
	INIT_LIST_HEAD(&syns->list);
	spin_lock_bh(&f->list.lock);
	if (!f->syns)
		swap(f->syns, syns);
	spin_unlock_bh(&f->list.lock);
	kfree(syns);
	return 0;
}

/* With the last reference: each SYN has one. */
void kpi_syns_free(struct kpi_filtered *f)
{
	kfree(f->syns);
}

/**
 * kpi_sflt_meet_syns() - have the filters asked before connections are
 * @f: a socket that listens, or is about to; in process context
 *
 * The exchange is undone if the socket does something else meanwhile: what differs
 * between the two is nothing that it could use then.
 *
 * Return: 0, also if none of them wants to be; -ENOMEM.
 */
int kpi_sflt_meet_syns(struct kpi_filtered *f)
{
	const tcp_ops *ops, *copy;

	if (!f->stream || !(READ_ONCE(f->wants) & KPI_SFLT_SYNS))
		return 0;
	if (!READ_ONCE(f->syns) && syns_alloc(f))
		return -ENOMEM;
	ops = READ_ONCE(inet_csk(f->sk)->icsk_af_ops);
	if (is_ours(ops))
		return 0;
	copy = copy_for(ops);
	if (!copy)
		return -ENOMEM;
	cmpxchg(&inet_csk(f->sk)->icsk_af_ops, ops, copy);
	return 0;
}

/* The socket goes, or into other hands. */
void kpi_sflt_meet_no_syns(struct kpi_filtered *f)
{
	const tcp_ops *ops;

	if (!f->stream)
		return;
	ops = READ_ONCE(inet_csk(f->sk)->icsk_af_ops);
	if (is_ours(ops))
		cmpxchg(&inet_csk(f->sk)->icsk_af_ops, ops, linux_ops_of(ops));
}

int kpi_syn_init(void)
{
	queue = alloc_workqueue("netkpi_syn", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/* No socket has a copy; somebody may be about to leave our text. */
void kpi_syn_exit(void)
{
	struct copied_ops *c;

	synchronize_rcu();
	destroy_workqueue(queue);
	while ((c = copies)) {
		copies = c->next;
		kfree(c);
	}
}
